import { setTimeout as sleep } from 'node:timers/promises';
import { CLIENT_FLAGS, JSON_FLAG, createAdminClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { count, printable, size, table } from '../terminal/table.ts';

const EVERY_MS = 1_000;
const ROWS_MAX = 15;
/** To the first line and column, and nothing below. */
const CLEAR = '\u001B[H\u001B[J';

type Amount = { readonly Records: number; readonly Bytes: number };

export type Delivering = {
  readonly DeliveryStreamStatus: string;
  readonly KeptBytes: number;
  readonly RecordsRead: number;
  readonly BytesRead: number;
  readonly RecordsDropped: number;
  readonly RecordsFailed: number;
  readonly RecordsLost: number;
  readonly Retries: number;
  readonly ActivePartitions: number;
  readonly BufferCount: number;
  readonly DeliveryCount: number;
  readonly Lanes: readonly (Amount & { readonly Lane: string; readonly Deliveries: number })[];
  readonly Buffers: readonly (Amount & { readonly Lane: string; readonly Partition?: string })[];
  readonly Deliveries: readonly (Amount & {
    readonly DeliveryId: string;
    readonly Lane: string;
    readonly ObjectKey?: string;
    readonly Phase: string;
    readonly Attempts: number;
  })[];
  readonly Errors: readonly {
    readonly Time: number;
    readonly Lane: string;
    readonly Code: string;
    readonly Message: string;
    readonly Records: number;
  }[];
};

export const watch: Command = {
  usage: 'NAME',
  positionals: { min: 1, max: 1 },
  details:
    'Shows what a delivery stream gathers, delivers and could not deliver, every second until Ctrl-C; what does not go to a terminal is shown once. ' +
    'With --json it prints a line of JSON every second. Counts begin at 0 with each start of the server.',
  flags: [{ name: 'once', help: 'Show it once.' }, JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const name = flags.positionals[0]!;
    const json = flags.values.has('json');
    const isOnce = flags.values.has('once') || (!json && !terminal.outputIsTerminal);
    const client = createAdminClient(flags, environment);
    try {
      for (;;) {
        const found = await client.call<Delivering>('DescribeDelivery', { DeliveryStreamName: name }, signal);
        if (json) await terminal.print(`${JSON.stringify(found)}\n`);
        else await terminal.print(`${isOnce ? '' : CLEAR}${pageOf(name, found)}`);
        if (isOnce) return EXIT.ok;
        await sleep(EVERY_MS, undefined, { signal });
      }
    } finally {
      client.close();
    }
  },
};

function pageOf(name: string, found: Delivering): string {
  const partitions = found.ActivePartitions > 0 ? `, ${count(found.ActivePartitions)} partitions` : '';
  const parts = [
    `${name}: ${found.DeliveryStreamStatus}${partitions}, ${size(found.KeptBytes)} kept until delivered\n` +
      `read ${count(found.RecordsRead)} records, ${size(found.BytesRead)}; ` +
      `dropped ${count(found.RecordsDropped)}, failed ${count(found.RecordsFailed)}, ` +
      `lost ${count(found.RecordsLost)}; ${count(found.Retries)} retries\n`,
    section(
      ['DELIVERED', 'DELIVERIES', 'RECORDS', 'BYTES'],
      found.Lanes.map(({ Lane, Deliveries, Records, Bytes }) => [
        ...[Lane, count(Deliveries), count(Records), size(Bytes)],
      ]),
      found.Lanes.length,
    ),
    section(
      ['GATHERING', 'PARTITION', 'RECORDS', 'BYTES'],
      found.Buffers.map(({ Lane, Partition = '', Records, Bytes }) => [
        ...[Lane, printable(Partition), count(Records), size(Bytes)],
      ]),
      found.BufferCount,
    ),
    section(
      ['DELIVERING', 'PHASE', 'ATTEMPTS', 'RECORDS', 'BYTES', 'WHAT'],
      found.Deliveries.map(({ Lane, Phase, Attempts, Records, Bytes, ObjectKey, DeliveryId }) => [
        ...[Lane, Phase, Attempts, count(Records), size(Bytes), printable(ObjectKey ?? DeliveryId)],
      ]),
      found.DeliveryCount,
    ),
    section(
      ['ERRORS', 'LANE', 'RECORDS', 'CODE', 'MESSAGE'],
      found.Errors.toReversed().map(({ Time, Lane, Code, Message, Records }) => [
        ...[new Date(Time * 1000).toISOString(), Lane, count(Records), Code, printable(Message)],
      ]),
      found.Errors.length,
    ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function section(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  total: number,
): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, ROWS_MAX);
  const more = total > shown.length ? `and ${count(total - shown.length)} more\n` : '';
  return `${table(headings, shown)}${more}`;
}
