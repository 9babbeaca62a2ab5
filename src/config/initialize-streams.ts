import { UsageError } from '../base/flags.ts';
import { SIZES } from './limits.ts';

const SHARDS_MAX = 10_000;

/** `name[:shards[:region]],…`, as other stand-ins read INITIALIZE_STREAMS too. */
export function parseInitializeStreams(
  text: string,
  origin: string,
  region: string,
): readonly { readonly name: string; readonly shards: number; readonly region: string }[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return Object.freeze(
    entries
      .filter((entry) => entry !== '')
      .map((entry) => {
        const [name = '', shards = '', ownRegion = '', ...rest] = entry.split(':');
        const count = shards === '' ? SIZES.onDemandShardsInitial : Number(shards);
        const wellFormed =
          /^[a-zA-Z0-9_.-]{1,128}$/.test(name) &&
          Number.isInteger(count) &&
          count >= 1 &&
          count <= SHARDS_MAX &&
          /^[a-z0-9-]{0,32}$/.test(ownRegion) &&
          rest.length === 0;
        if (!wellFormed)
          throw new UsageError(`${origin} must look like name:shards:region,…: '${entry}' does not.`);
        return Object.freeze({ name, shards: count, region: ownRegion || region });
      }),
  );
}
