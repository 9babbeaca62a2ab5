/** The machine, in words: a figure without it says nothing. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';

export function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} cores`,
    `${memory} GiB`,
    `${type()} ${release()}`,
    `data on ${fileSystem()}`,
    `Node.js ${process.versions.node}`,
  ].join(' · ');
}

/** What else ran: more than two or three in this means that the rates are too low. */
export function describeLoad(): string {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(' ');
}

function fileSystem(): string {
  try {
    const kind = execFileSync('stat', ['-f', '-c', '%T', tmpdir()], { encoding: 'utf8' }).trim();
    return kind === 'ext2/ext3' ? 'ext4' : kind;
  } catch {
    return 'an unknown file system';
  }
}
