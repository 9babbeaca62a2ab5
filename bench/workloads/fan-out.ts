/** From a put to its arrival at subscribers of SubscribeToShard, one record at a time. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../load/connection.ts';
import { Histogram } from '../load/histogram.ts';
import { signedRequest } from '../load/signed-request.ts';
import { Subscriber } from '../load/subscriber.ts';
import { call, createStream, shardId } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { atMost, short, type Outcome, type Settings, type Workload } from './workload.ts';

const STREAM = 'bench';
const SUBSCRIBERS = 50;
const PUTS_PER_SECOND = 100;

export const FAN_OUT: Workload = {
  name: 'fan-out',
  title: 'Put to SubscribeToShard',
  async run({ rounds, seconds }: Settings): Promise<Outcome> {
    await using directory = await makeDataDirectory();
    await using server = await startMillrace(directory);
    const { port } = server;
    await createStream(port, STREAM, 1);
    const subscribers = await subscribe(port, 0, 1);
    const puts = Math.ceil(rounds * seconds * PUTS_PER_SECOND);
    await measure(port, subscribers, PUTS_PER_SECOND);
    const one = (await measure(port, subscribers, puts)).first;
    subscribers.push(...(await subscribe(port, 1, SUBSCRIBERS)));
    const all = await measure(port, subscribers, puts);
    for (const subscriber of subscribers) subscriber.close();
    return {
      lines: [
        atMost('put to SubscribeToShard, one client: p50', one.percentile(0.5) / 1000, 2, 1, 'ms'),
        atMost('put to SubscribeToShard, one client: p99', one.percentile(0.99) / 1000, 10, 3, 'ms'),
        atMost(
          `put to the last of ${SUBSCRIBERS} subscribers: p99`,
          all.last.percentile(0.99) / 1000,
          20,
          20,
          'ms',
        ),
      ],
      tables: [
        {
          title: `${puts} records of 100 B, ${PUTS_PER_SECOND} a second; from the request's first byte to the event's`,
          header: ['', 'p50 ms', 'p99 ms', 'max ms'],
          rows: [
            ['one subscriber', ...cells(one)],
            [`the last of ${SUBSCRIBERS} subscribers`, ...cells(all.last)],
          ],
        },
      ],
    };
  },
};

function cells(latency: Histogram): string[] {
  return [0.5, 0.99, 1].map((share) => short(latency.percentile(share) / 1000));
}

async function subscribe(port: number, from: number, to: number): Promise<Subscriber[]> {
  const { StreamDescriptionSummary } = await call(port, 'DescribeStreamSummary', { StreamName: STREAM });
  const { StreamARN } = StreamDescriptionSummary as { StreamARN: string };
  const consumers: string[] = [];
  for (let index = from; index < to; index++) {
    const name = { StreamARN, ConsumerName: `consumer-${index}` };
    const { Consumer } = await call(port, 'RegisterStreamConsumer', name);
    consumers.push((Consumer as { ConsumerARN: string }).ConsumerARN);
  }
  await sleep(500);
  const subscribers = consumers.map((ConsumerARN) => {
    const input = { ConsumerARN, ShardId: shardId(0), StartingPosition: { Type: 'LATEST' } };
    return new Subscriber(port, signedRequest(port, 'SubscribeToShard', input));
  });
  for (const subscriber of subscribers) await subscriber.started;
  return subscribers;
}

async function measure(
  port: number,
  subscribers: readonly Subscriber[],
  puts: number,
): Promise<{ first: Histogram; last: Histogram }> {
  const connection = await Connection.open(port);
  const first = new Histogram();
  const last = new Histogram();
  for (let put = 0; put < puts; put++) {
    // Twelve bytes are sixteen letters of base64.
    const mark = randomBytes(12);
    const data = Buffer.concat([mark, Buffer.alloc(88)]);
    const request = signedRequest(port, 'PutRecord', { StreamName: STREAM, PartitionKey: 'key', Data: data });
    const text = mark.toString('base64');
    const seen = subscribers.map((subscriber) => subscriber.sees(text));
    const startedAt = performance.now();
    const answered = connection.ask(request);
    await Promise.any(seen);
    first.add((performance.now() - startedAt) * 1000);
    await Promise.all(seen);
    last.add((performance.now() - startedAt) * 1000);
    await answered;
    await sleep(1000 / PUTS_PER_SECOND);
  }
  connection.close();
  return { first, last };
}
