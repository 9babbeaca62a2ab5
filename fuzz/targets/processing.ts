/**
 * Records of strangers, and answers of functions, on the way through Firehose's processing. Aggregates are held against a slow reader that tries every
 * prefix; of the whole way it is asked that no record is lost, doubled or answered by anything but a refusal.
 */
import { gzipSync } from 'node:zlib';
import type { Dice } from '../../src/host/host.ts';
import { createSimulatedClock } from '../../src/host/simulated/clock.ts';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import { workHere } from '../../src/host/workers.ts';
import { parsePrefix } from '../../src/firehose/object-keys/prefix-expression.ts';
import { createProcessing } from '../../src/firehose/processing/create-processing.ts';
import { jsonObjectsOf, piecesOf } from '../../src/firehose/processing/de-aggregation.ts';
import { readLambdaAnswer } from '../../src/firehose/processing/lambda-answer.ts';
import type { Processing } from '../../src/firehose/processing/processing.ts';
import type { ProcessingSettings } from '../../src/firehose/settings/destination-settings.ts';
import { mutate, once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';

const KINDS = ['objects', 'pieces', 'answer', 'logs', 'keys'] as const;
type Kind = (typeof KINDS)[number];

const OBJECTS = [
  '{}',
  '{"a":1}',
  '{"a":{"b":[{}]}}',
  '{"k":"}{"}',
  '{"k":"\\"}"}',
  '{"k":"\\\\"}',
  '{"é":"\u{1F600}"}',
  '{"k":null}',
];
const BETWEEN = ['', '', '\n', ' ', '\r\n\t', ',', '[', ']'];
const IDS = ['one', 'two', 'three'];
const RESULTS = ['Ok', 'Ok', 'Dropped', 'ProcessingFailed', 'ok', 1, null];
const DATA = ['', 'eA==', 'eA=', '%%', 7, null, '{}'];
const KEYS = [undefined, null, {}, { k: 'v' }, { k: '' }, { k: 1 }, { k: [] }, 'text', []];
const MESSAGES = ['DATA_MESSAGE', 'DATA_MESSAGE', 'CONTROL_MESSAGE', 'OTHER', 1];
const DELIMITER = Buffer.from('|#');

function open(): OpenTarget {
  const logs = processingOf(['Decompression', 'CloudWatchLogProcessing']);
  const keys = processingOf(['RecordDeAggregation', 'MetadataExtraction', 'AppendDelimiterToRecord']);
  return {
    generate(dice) {
      const kind = pick(dice, KINDS);
      const made = make(dice, kind);
      const body = once(dice, 2) ? made : mutate(dice, made, ['{', '}', '"', '\\', '|#', '{"k":']);
      return Buffer.concat([Buffer.from([KINDS.indexOf(kind)]), body]);
    },
    async check(input) {
      const kind = KINDS[(input[0] ?? 0) % KINDS.length]!;
      const body = Buffer.from(input.subarray(1));
      switch (kind) {
        case 'objects':
          return checkObjects(body);
        case 'pieces':
          return checkPieces(body);
        case 'answer':
          return checkAnswer(body);
        case 'logs':
          return checkWay(logs, body);
        case 'keys':
          return checkWay(keys, body);
      }
    },
    // zlib gives its memory back at a turn of the event loop, and checks that wait for nothing never come to one.
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    async [Symbol.asyncDispose]() {},
  };
}

function make(dice: Dice, kind: Kind): Buffer {
  const many = <T>(values: readonly T[]): readonly T[] =>
    Array.from({ length: dice.integer(6) }, () => pick(dice, values));
  switch (kind) {
    case 'objects':
    case 'keys':
      return Buffer.from(
        many(OBJECTS)
          .map((text) => pick(dice, BETWEEN) + text)
          .join(''),
      );
    case 'pieces':
      return Buffer.from(many(['a', '|', '#', '|#', '|#|#', 'é']).join(''));
    case 'answer': {
      const records = many([...IDS, 'other', 1]).map((recordId) => ({
        recordId,
        result: pick(dice, RESULTS),
        data: pick(dice, DATA),
        metadata: once(dice, 2) ? pick(dice, KEYS) : { partitionKeys: pick(dice, KEYS) },
      }));
      return Buffer.from(JSON.stringify(once(dice, 8) ? pick(dice, [null, [], 'x', {}]) : { records }));
    }
    case 'logs': {
      const logEvents = many<unknown>([{ message: 'm' }, { message: '' }, {}, null, 'x']);
      return gzipSync(JSON.stringify({ messageType: pick(dice, MESSAGES), logEvents }), { level: 1 });
    }
  }
}

function processingOf(types: readonly ProcessingSettings['Processors'][number]['Type'][]): Processing {
  const parameters = {
    DataMessageExtraction: 'true',
    SubRecordType: 'JSON',
    MetadataExtractionQuery: '{k: .k}',
  } as const;
  const Parameters = Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
    ParameterName: ParameterName as keyof typeof parameters,
    ParameterValue,
  }));
  return createProcessing(
    {
      processing: { Enabled: true, Processors: types.map((Type) => ({ Type, Parameters })) },
      partitionedBy: types.includes('MetadataExtraction')
        ? parsePrefix('!{partitionKeyFromQuery:k}/', 'Prefix')
        : undefined,
    },
    {
      functions: {
        invoke: () => Promise.reject(new Fault('asked a function')),
        unavailable: () => undefined,
      },
      clock: createSimulatedClock(),
      dice: createSimulatedDice(1),
      workers: workHere,
      deliveryStream: { arn: 'arn', region: 'us-east-1' },
      source: { kinesisStreamArn: undefined, sequenceNumber: () => '0' },
    },
  );
}

/** The objects that stand one after another, found by trying where each may end. */
function slowObjects(text: string): readonly string[] | undefined {
  const parts: string[] = [];
  let rest = text.replace(/^[ \n\r\t]+/, '');
  while (rest !== '') {
    let end = 0;
    if (rest.startsWith('{'))
      do end = rest.indexOf('}', end) + 1;
      while (end > 0 && !isJson(rest.slice(0, end)));
    if (end === 0) return undefined;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^[ \n\r\t]+/, '');
  }
  return parts.length === 0 ? undefined : parts;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function checkObjects(body: Buffer): string {
  // As bytes, one letter each: what is no UTF-8 must survive.
  const found = jsonObjectsOf(body)?.map((part) => Buffer.from(part).toString('latin1'));
  const expected = slowObjects(body.toString('latin1'));
  const areJson = found === undefined || found.every(isJson);
  // Braces are counted there: what is no JSON inside of them may be told apart otherwise, or not.
  if (areJson && found === undefined && expected !== undefined) throw new Fault('an aggregate is not seen');
  if (areJson && found !== undefined && JSON.stringify(found) !== JSON.stringify(expected))
    throw new Fault(`took apart ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
  return found === undefined ? 'whole' : areJson ? 'objects' : 'braces';
}

function checkPieces(body: Buffer): string {
  const found = piecesOf(body, DELIMITER)!.map((part) => Buffer.from(part).toString('latin1'));
  const expected = body
    .toString('latin1')
    .split('|#')
    .filter((piece) => piece !== '');
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Fault(`took apart ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
  return `${Math.min(found.length, 3)} pieces`;
}

function checkAnswer(body: Buffer): string {
  const verdicts = readLambdaAnswer(body, IDS);
  if (verdicts.length !== IDS.length) throw new Fault(`${verdicts.length} verdicts`);
  return verdicts.map(({ kind }) => kind).join(' ');
}

async function checkWay(processing: Processing, body: Buffer): Promise<string> {
  const records = [1, 2].map((position) => ({ unit: 'u', position, sub: 0, data: body, arrivalMs: 0 }));
  const { signal } = new AbortController();
  const processed = await processing.process(records, () => false, signal);
  const identities = [
    ...processed.records.map(({ identity }) => identity),
    ...processed.failed.map(({ identity }) => identity),
    ...processed.dropped,
  ].map(({ position, sub }) => `${position}/${sub}`);
  if (new Set(identities).size !== identities.length) throw new Fault('a record is there twice');
  for (const { position } of records)
    if (!identities.some((identity) => identity.startsWith(`${position}/`)))
      throw new Fault('a record is lost');
  if (processed.sources.length !== records.length) throw new Fault('a source is lost');
  const [first] = processed.failed;
  return first === undefined ? 'processed' : first.code;
}

export const processing: Target = {
  name: 'processing',
  about:
    "records and functions' answers through Firehose's processing; aggregates against a reader that tries every end",
  weight: 10,
  open: async () => open(),
};
