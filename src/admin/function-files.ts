/** The modules of local functions in a backup: a folder an account, in it a folder a region, in it files of a few megabytes at most. */
import type { Disk } from '../host/host.ts';

export async function copyFunctions(disk: Disk, from: string, to: string): Promise<void> {
  for (const account of await disk.list(from)) {
    for (const region of await disk.list(`${from}/${account}`)) {
      await disk.makeDirectory(`${to}/${account}/${region}`);
      for (const file of await disk.list(`${from}/${account}/${region}`)) {
        const content = await disk.readFile(`${from}/${account}/${region}/${file}`);
        await disk.replaceFile(`${to}/${account}/${region}/${file}`, content);
      }
    }
  }
}
