/** INITIALIZE_STREAMS: streams that are there when the server is ready. Existing ones are kept as they are. */
import type { Config } from '../../config/config.ts';
import type { Call } from '../../wire/shape/operation.ts';
import { ServiceError } from '../../wire/shape/service-error.ts';
import type { Stream, StreamDirectory } from '../directory/stream.ts';

/** Resolves when all of them are ACTIVE; the account's limits do not count. Each goes the way of CreateStream. */
export async function initializeStreams(parts: {
  readonly directory: StreamDirectory;
  readonly config: Pick<Config, 'account' | 'initializeStreams'>;
  readonly createStream: (input: { StreamName: string; ShardCount: number }, call: Call) => Promise<unknown>;
}): Promise<void> {
  const { directory, config } = parts;
  for (const { name, shards, region } of config.initializeStreams) {
    const input = { StreamName: name, ShardCount: shards };
    await parts.createStream(input, ownCall(config.account, region)).catch((error: unknown) => {
      const exists = error instanceof ServiceError && error.code === 'ResourceInUseException';
      if (!exists) throw error;
    });
  }
  await Promise.all(
    config.initializeStreams.map(({ name, region }) => active(directory, config.account, region, name)),
  );
}

function active(directory: StreamDirectory, account: string, region: string, name: string): Promise<void> {
  const isSettled = (stream: Stream | undefined) => stream?.status !== 'CREATING';
  return new Promise((resolve) => {
    if (isSettled(directory.byName(account, region, name))) {
      resolve();
      return;
    }
    const watching = directory.watch(() => {
      if (!isSettled(directory.byName(account, region, name))) return;
      watching[Symbol.dispose]();
      resolve();
    });
  });
}

function ownCall(account: string, region: string): Call {
  return {
    caller: { account, arn: `arn:aws:iam::${account}:root`, accessKeyId: account },
    region,
    requestId: 'initialize-streams',
    signal: new AbortController().signal,
  };
}
