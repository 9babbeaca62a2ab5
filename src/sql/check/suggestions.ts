/** What the writer may have meant, for the end of a message: `; did you mean "ticker"?`. */
import { nearest } from '../nearest.ts';

const PLAIN = /^[A-Z_][A-Z0-9_]*$/;
/** As it has to be written so that it is found: quoted, unless it stands in capitals. */
export const writtenName = (name: string): string =>
  PLAIN.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** Empty where nothing is near. */
export const didYouMean = (wanted: string, names: Iterable<string>): string => {
  const found = nearest(wanted, names);
  return found === undefined || found === wanted ? '' : `; did you mean ${writtenName(found)}?`;
};
