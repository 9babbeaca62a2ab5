import path from 'node:path';
import { DataDirectoryError, restoreBackup } from '../admin/restore.ts';
import { UsageError } from '../base/flags.ts';
import { EXIT, type Command } from '../cli/command.ts';
import { realDisk } from '../host/real/disk.ts';

export const restore: Command = {
  usage: 'BACKUP --data DIR',
  positionals: { min: 1, max: 1 },
  details:
    'Makes a new data directory of a backup, without a running server. The backup stays as it is. If the master key is not ' +
    'in it, give it at the start as before: --master-key FILE or MILLRACE_MASTER_KEY.',
  flags: [{ name: 'data', value: 'DIR', help: 'The data directory to make; absent or empty.' }],
  async run({ flags, terminal }) {
    const data = flags.values.get('data');
    if (data === undefined) throw new UsageError('Say where: --data DIR');
    const [backup, directory] = [path.resolve(flags.positionals[0]!), path.resolve(data)];
    try {
      const { masterKeyIncluded } = await restoreBackup(realDisk, backup, directory);
      terminal.say(
        `Restored ${backup} to ${directory}.\n${masterKeyIncluded ? '' : 'The master key was not in it: give it at the start.\n'}` +
          `Start it with: millrace start --data ${directory}\n`,
      );
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof DataDirectoryError)) throw error;
      terminal.say(`${error.message}\n`);
      return EXIT.failed;
    }
  },
};
