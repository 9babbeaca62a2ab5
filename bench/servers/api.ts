/** The few calls that prepare a stream. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../load/connection.ts';
import { signedRequest } from '../load/signed-request.ts';

/** Calls an operation and gives its output. Throws what the server refused. */
export async function call(
  port: number,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  service: 'kinesis' | 'firehose' | 'kinesisanalytics' = 'kinesis',
): Promise<Record<string, unknown>> {
  const connection = await Connection.open(port);
  try {
    const { status, body } = await connection.ask(signedRequest(port, operation, input, 'json', service));
    if (status !== 200)
      throw new Error(`${operation} was answered ${status}: ${body.toString('latin1', 0, 300)}`);
    return body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
  } finally {
    connection.close();
  }
}

/** Creates a stream and waits until it is there. */
export async function createStream(port: number, name: string, shards: number): Promise<void> {
  await call(port, 'CreateStream', { StreamName: name, ShardCount: shards });
  for (;;) {
    const { StreamDescriptionSummary } = await call(port, 'DescribeStreamSummary', { StreamName: name });
    if ((StreamDescriptionSummary as { StreamStatus: string }).StreamStatus === 'ACTIVE') return;
    await sleep(20);
  }
}

export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

export async function shardIterator(
  port: number,
  stream: string,
  shard: number,
  type: string,
): Promise<string> {
  const input = { StreamName: stream, ShardId: shardId(shard), ShardIteratorType: type };
  return (await call(port, 'GetShardIterator', input))['ShardIterator'] as string;
}
