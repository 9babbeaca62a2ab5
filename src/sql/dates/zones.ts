/** Time zones in texts of times: an offset in its several spellings, or one of the names that Americans use. Minutes east of Greenwich. */

const NAMES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  UT: 0,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

export type FoundZone = { readonly offsetMinutes: number; readonly length: number };

/** The zone that begins at `at`; undefined where there is none. */
export const zoneAt = (text: string, at: number): FoundZone | undefined => {
  const rest = text.slice(at, at + 12);
  const offset = /^(?:GMT|UTC)?([+-])([0-9]{1,2}):?([0-9]{2})?/i.exec(rest);
  if (offset !== null) {
    const hours = Number(offset[2]);
    const minutes = Number(offset[3] ?? 0);
    if (hours > 23 || minutes > 59) return undefined;
    return { offsetMinutes: (offset[1] === '-' ? -1 : 1) * (hours * 60 + minutes), length: offset[0].length };
  }
  const name = /^[A-Za-z]+/.exec(rest)?.[0].toUpperCase();
  if (name === undefined) return undefined;
  if (Object.hasOwn(NAMES, name)) return { offsetMinutes: NAMES[name]!, length: name.length };
  return name === 'Z' ? { offsetMinutes: 0, length: 1 } : undefined;
};
