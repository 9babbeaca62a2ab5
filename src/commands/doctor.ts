import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { CATALOG_FILE, LOCK_FILE, LOG_DIRECTORY, MASTER_KEY_FILE } from '../admin/data-directory.ts';
import { refuseHalfDirectory } from '../admin/restore.ts';
import { checkSqliteCatalog } from '../catalog/sqlite/check.ts';
import { UsageError } from '../base/flags.ts';
import { EXIT, type Command, type Invocation } from '../cli/command.ts';
import { confirmed } from '../cli/terminal/confirmed.ts';
import { DATA_FLAG, dataDirectoryOf, findRunningServer } from '../cli/server/running-server.ts';
import { size } from '../cli/terminal/table.ts';
import { createRealDice } from '../host/real/dice.ts';
import { realDisk } from '../host/real/disk.ts';
import { realNetwork } from '../host/real/network.ts';
import { repairLog, verifyLog, type Finding as LogFinding } from '../log/segments/verify.ts';

const NODE_MAJOR_MIN = 24;
const FREE_BYTES_MIN = 32 * 1024 * 1024;
const FREE_BYTES_FEW = 1024 * 1024 * 1024;

/** One thing that was looked at. */
type Finding = {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly found: string;
};

export const doctor: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details:
    'Looks at the machine and at a data directory and says what is wrong. The files are only looked at while no server runs on ' +
    'them, every byte of them, so it takes as long as the disk needs. It changes nothing; --repair does what can be done ' +
    'about a damaged log, and says before what is lost by it. The exit status is 1 when something is wrong.',
  flags: [
    DATA_FLAG,
    { name: 'port', value: 'N', default: '4567', help: 'The port that the server is to have.' },
    { name: 'repair', help: 'Repair a damaged log as far as it can be. Keep a copy of the directory first.' },
    { name: 'yes', short: 'y', help: 'Repair without asking.' },
    { name: 'json', help: 'Print JSON, for programs.' },
  ],
  async run(invocation) {
    const { flags, environment, terminal } = invocation;
    const directory = dataDirectoryOf(flags, environment);
    if (flags.values.get('repair') === 'true') return await repair(directory, invocation);
    const findings = [nodeVersion(), ...(await examine(directory, Number(flags.values.get('port') ?? 4567)))];
    if (flags.values.has('json')) await terminal.print(`${JSON.stringify(findings, undefined, 2)}\n`);
    else {
      const width = Math.max(...findings.map(({ subject }) => subject.length));
      for (const { subject, state, found } of findings) {
        await terminal.print(`${state.padEnd(7)}  ${subject.padEnd(width)}  ${found}\n`);
      }
    }
    return findings.some(({ state }) => state === 'fault') ? EXIT.failed : EXIT.ok;
  },
};

/** Says what is wrong with the log, what would be lost, and does it when it may. */
async function repair(directory: string, { flags, terminal, signal }: Invocation): Promise<number> {
  await using _lock = await lockOf(directory);
  const log = { disk: realDisk, dice: createRealDice(), directory: path.join(directory, LOG_DIRECTORY) };
  const faults = await verifyLog(log);
  if (faults.length === 0) {
    terminal.say(`The log in ${directory} is whole.\n`);
    return EXIT.ok;
  }
  for (const fault of faults) await terminal.print(`${faultText(fault)}\n`);
  if (!flags.values.has('yes')) {
    if (!terminal.inputIsTerminal) {
      terminal.say('Nothing was changed. To go on: --repair --yes\n');
      return EXIT.failed;
    }
    if (!(await confirmed('Type repair to go on: ', 'repair', terminal, signal))) {
      terminal.say('Nothing was changed.\n');
      return EXIT.failed;
    }
  }
  const { repaired, left } = await repairLog(log);
  terminal.say(`Repaired ${repaired.length}; ${left.length} left.\n`);
  for (const fault of left) await terminal.print(`${faultText(fault)}\n`);
  return left.length === 0 ? EXIT.ok : EXIT.failed;
}

async function lockOf(directory: string): Promise<AsyncDisposable> {
  try {
    return await realDisk.lock(path.join(directory, LOCK_FILE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    throw new UsageError(`A server runs on ${directory}. Stop it first: millrace stop --data ${directory}`);
  }
}

function faultText({ file, found, lost, remedy }: LogFinding): string {
  const outlook = remedy === undefined ? 'Only a backup helps.' : `Repair: ${remedy}.`;
  return `${file}: ${found}. ${outlook} Lost: ${lost.replace(/,$/, '')}.`;
}

function nodeVersion(): Finding {
  const [major] = process.versions.node.split('.').map(Number);
  const state = major! >= NODE_MAJOR_MIN ? 'ok' : 'fault';
  return {
    subject: 'Node.js',
    state,
    found: `${process.version}${state === 'ok' ? '' : `: at least ${NODE_MAJOR_MIN} is needed`}`,
  };
}

async function examine(directory: string, port: number): Promise<readonly Finding[]> {
  const running = await findRunningServer(directory);
  if (running !== undefined) {
    const found = `runs at ${running.server.url} (${running.health.status}); stop it to have its files looked at`;
    return [...placeOf(directory), { subject: 'server', state: 'ok', found }];
  }
  const findings = [...placeOf(directory), await portFinding(port)];
  if (!existsSync(path.join(directory, CATALOG_FILE)) && !existsSync(path.join(directory, LOG_DIRECTORY))) {
    return [...findings, { subject: 'data', state: 'ok', found: 'none yet' }];
  }
  try {
    await using _lock = await realDisk.lock(path.join(directory, LOCK_FILE));
    return [...findings, ...(await filesOf(directory))];
  } catch (error) {
    return [...findings, { subject: 'lock', state: 'fault', found: (error as Error).message }];
  }
}

/** Where the data lies: may it be written, is it private, is there room? */
function placeOf(directory: string): readonly Finding[] {
  // A directory that is still to be made: what counts is the one that it will be made in.
  let place = directory;
  while (!existsSync(place) && path.dirname(place) !== place) place = path.dirname(place);
  const findings: Finding[] = [];
  try {
    accessSync(place, constants.W_OK);
    const isPrivate =
      place !== directory || process.platform === 'win32' || (statSync(place).mode & 0o077) === 0;
    findings.push({
      subject: 'directory',
      state: isPrivate ? 'ok' : 'warning',
      found: `${directory}${isPrivate ? '' : ' may be looked into by other users: chmod 700'}`,
    });
  } catch {
    findings.push({
      subject: 'directory',
      state: 'fault',
      found: `${place} may not be written by this user`,
    });
  }
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const state = free < FREE_BYTES_MIN ? 'fault' : free < FREE_BYTES_FEW ? 'warning' : 'ok';
  return [...findings, { subject: 'disk', state, found: `${size(free)} free` }];
}

async function portFinding(port: number): Promise<Finding> {
  try {
    const server = await realNetwork.listen({ host: '127.0.0.1', port }, (socket) => socket.destroy());
    await server.close();
    return { subject: 'port', state: 'ok', found: `${port} is free` };
  } catch (error) {
    return {
      subject: 'port',
      state: 'warning',
      found: `${port} is not to be had (${(error as NodeJS.ErrnoException).code})`,
    };
  }
}

async function filesOf(directory: string): Promise<readonly Finding[]> {
  try {
    await refuseHalfDirectory(realDisk, directory);
  } catch (error) {
    return [{ subject: 'data', state: 'fault', found: (error as Error).message }];
  }
  const faults = checkSqliteCatalog(path.join(directory, CATALOG_FILE));
  const disk = realDisk;
  const log = await verifyLog({
    disk,
    dice: createRealDice(),
    directory: path.join(directory, LOG_DIRECTORY),
  });
  const hasKey = existsSync(path.join(directory, MASTER_KEY_FILE));
  return [
    {
      subject: 'catalog',
      state: faults.length === 0 ? 'ok' : 'fault',
      found: faults.length === 0 ? 'whole' : faults.join('; '),
    },
    ...(log.length === 0
      ? [{ subject: 'log', state: 'ok', found: 'whole' } as const]
      : log.map((fault): Finding => ({ subject: 'log', state: 'fault', found: faultText(fault) }))),
    {
      subject: 'master key',
      state: 'ok',
      found: hasKey
        ? `in the data directory (${MASTER_KEY_FILE})`
        : 'not in the data directory: it is given at the start',
    },
  ];
}
