/**
 * The modules of local functions, in `functions/` of the data directory: for each account and region a folder, in it for each function a file
 * `NAME.SHA256.mjs`. A changed module is another file, so that a process never finds another module than the one it began with. Persisted: names and
 * layout are never changed.
 */
import { createHash } from 'node:crypto';
import type { Disk } from '../../host/host.ts';

export type LocalFunction = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** SHA-256 of the module, in hexadecimal. */
  readonly hash: string;
  readonly file: string;
};

export type FunctionName = Pick<LocalFunction, 'account' | 'region' | 'name'>;

export type FunctionStore = {
  find(name: FunctionName): LocalFunction | undefined;
  /** By name. */
  list(account: string, region: string): readonly LocalFunction[];
  /** Durable when it resolves. Replaces the function of that name. */
  add(name: FunctionName, code: Uint8Array): Promise<LocalFunction>;
  /** False when there is none. */
  remove(name: FunctionName): Promise<boolean>;
};

const FILE = /^([\w-]{1,64})\.([0-9a-f]{64})\.mjs$/;

/** What an interrupted `add` left is taken away. */
export async function openFunctionStore(disk: Disk, directory: string): Promise<FunctionStore> {
  const functions = new Map<string, LocalFunction>();
  const key = ({ account, region, name }: FunctionName): string => `${account}/${region}/${name}`;
  const place = ({ account, region }: FunctionName): string => `${directory}/${account}/${region}`;

  for (const account of await disk.list(directory)) {
    for (const region of await disk.list(`${directory}/${account}`)) {
      const files = await disk.list(`${directory}/${account}/${region}`);
      for (const file of files) {
        const [, name, hash] = FILE.exec(file) ?? [];
        if (name === undefined || hash === undefined) continue;
        const found = { account, region, name, hash, file: `${directory}/${account}/${region}/${file}` };
        const content = await disk.readFile(found.file);
        if (sha256(content) === hash && !functions.has(key(found))) functions.set(key(found), found);
        else await disk.remove(found.file);
      }
    }
  }

  return {
    find: (name) => functions.get(key(name)),
    list: (account, region) =>
      [...functions.values()]
        .filter((each) => each.account === account && each.region === region)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    async add(name, code) {
      const hash = sha256(code);
      const file = `${place(name)}/${name.name}.${hash}.mjs`;
      const before = functions.get(key(name));
      await disk.makeDirectory(place(name));
      // The old one goes first: two after a crash would leave open which of them was meant.
      if (before !== undefined && before.hash !== hash) await disk.remove(before.file);
      await disk.replaceFile(file, code);
      const { account, region } = name;
      const added = { account, region, name: name.name, hash, file };
      functions.set(key(name), added);
      return added;
    },
    async remove(name) {
      const found = functions.get(key(name));
      if (found === undefined) return false;
      functions.delete(key(name));
      await disk.remove(found.file);
      await disk.syncDirectory(place(name));
      return true;
    },
  };
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
