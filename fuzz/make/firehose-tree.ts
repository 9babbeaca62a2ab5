/**
 * Bodies of Firehose's operations. What is made along a shape names several destinations or none, and processors that do not go together: it is refused
 * at once. Here most bodies that are to make or change a delivery stream name one destination, and some of them a pipeline that works.
 */
import { gzipSync } from 'node:zlib';
import type { Dice } from '../../src/host/host.ts';
import type { StructureShape } from '../../src/wire/shape/shape.ts';
import { once, pick } from '../mutate.ts';
import { Entries, inputTree, type Dictionary, type Tree } from './tree.ts';

const DESTINATION = /Destination(Configuration|Update)$/;
const SOURCE = /SourceConfiguration$|^DeliveryStreamType$/;
const STREAM_SOURCE = 'KinesisStreamSourceConfiguration';
const NEW_NAMES = ['new1', 'new2', 'new3', 'new4', 'new5', 'new6'];

export function firehoseTree(dice: Dice, name: string, shape: StructureShape, dictionary: Dictionary): Tree {
  const tree = inputTree(dice, shape, dictionary);
  const destinations = Object.keys(shape.members).filter((member) => DESTINATION.test(member));
  if (name.startsWith('PutRecord')) return withMeaning(dice, tree);
  if (destinations.length === 0 || !(tree instanceof Entries) || once(dice, 8)) return tree;
  const make = (member: string): Tree =>
    inputTree(dice, shape.members[member]!.shape as StructureShape, dictionary);
  // S3 is where processing, partitioning and conversion are.
  const s3 = destinations.find((member) => member.startsWith('ExtendedS3'))!;
  const chosen = once(dice, 2) ? s3 : pick(dice, destinations);
  const destination = make(chosen);
  const others = tree.list
    .filter(([member]) => !DESTINATION.test(member) && !SOURCE.test(member))
    .filter(([member]) => member !== 'DeliveryStreamEncryptionConfigurationInput' || once(dice, 3));
  if (name !== 'CreateDeliveryStream') return new Entries([...others, [chosen, destination]]);
  const isNamed = once(dice, 8);
  const named: (readonly [string, Tree])[] = isNamed
    ? others
    : [
        ['DeliveryStreamName', pick(dice, NEW_NAMES)],
        ...others.filter(([key]) => key !== 'DeliveryStreamName'),
      ];
  const source: (readonly [string, Tree])[] = once(dice, 6)
    ? [
        ['DeliveryStreamType', 'KinesisStreamAsSource'],
        [STREAM_SOURCE, make(STREAM_SOURCE)],
      ]
    : [];
  return new Entries([...named, ...source, [chosen, withPipeline(dice, destination)]]);
}

/** Data that a pipeline can do something with, in place of some. */
function withMeaning(dice: Dice, tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map((each: Tree) => withMeaning(dice, each));
  if (!(tree instanceof Entries)) return tree;
  return new Entries(
    tree.list.map(([member, value]) =>
      member === 'Data' && value instanceof Uint8Array && once(dice, 2)
        ? [member, Buffer.from(pick(dice, DATA))]
        : [member, withMeaning(dice, value)],
    ),
  );
}

const LOGS = JSON.stringify({
  messageType: 'DATA_MESSAGE',
  owner: '000000000000',
  logGroup: 'g',
  logStream: 's',
  subscriptionFilters: ['f'],
  logEvents: [{ id: '1', timestamp: 1, message: '{"k":"a"}' }],
});

const DATA: readonly (string | Uint8Array)[] = [
  '{"k":"a"}',
  '{"k":"b","a":1}\n{"k":"c"}',
  '{"k":{"deep":[1,2,{"a":null}]}}',
  '{"k":"../../x"}',
  '{"k":""}',
  '{"k":1e400}',
  '{"k":"a"',
  '[]',
  'null',
  'a\nb\n\nc',
  gzipSync(LOGS),
  gzipSync('not logs'),
  gzipSync(LOGS).subarray(0, 40),
];

function withPipeline(dice: Dice, destination: Tree): Tree {
  if (!(destination instanceof Entries) || !once(dice, 3)) return destination;
  const { processors, more } = pick(dice, PIPELINES);
  const given = [...more, ['ProcessingConfiguration', processing(processors)] as const];
  const members = new Set(given.map(([member]) => member));
  return new Entries([...destination.list.filter(([member]) => !members.has(member)), ...given]);
}

type Processor = readonly [type: string, parameters: readonly (readonly [name: string, value: string])[]];

const BIG: readonly [string, Tree] = [
  'BufferingHints',
  new Entries([
    ['SizeInMBs', 64],
    ['IntervalInSeconds', 1],
  ]),
];
const PARTITIONED: readonly (readonly [string, Tree])[] = [
  BIG,
  ['DynamicPartitioningConfiguration', new Entries([['Enabled', true]])],
  ['Prefix', '!{partitionKeyFromQuery:k}/'],
  ['ErrorOutputPrefix', 'e/!{firehose:error-output-type}/'],
];
const query = (text: string): Processor => [
  'MetadataExtraction',
  [
    ['MetadataExtractionQuery', text],
    ['JsonParsingEngine', 'JQ-1.6'],
  ],
];

const PIPELINES: readonly {
  readonly processors: readonly Processor[];
  readonly more: readonly (readonly [string, Tree])[];
}[] = [
  { processors: [['AppendDelimiterToRecord', []]], more: [] },
  { processors: [['Decompression', [['CompressionFormat', 'GZIP']]]], more: [] },
  {
    processors: [
      ['Decompression', [['CompressionFormat', 'GZIP']]],
      ['CloudWatchLogProcessing', [['DataMessageExtraction', 'true']]],
    ],
    more: [],
  },
  {
    processors: [['Lambda', [['LambdaArn', 'arn:aws:lambda:us-east-1:000000000000:function:f']]]],
    more: [],
  },
  { processors: [query('{k: .k}')], more: PARTITIONED },
  { processors: [query('{k: (.a // "x" | tostring)}')], more: PARTITIONED },
  { processors: [query('{k: [limit(3; repeat(1))] | tostring}')], more: PARTITIONED },
  {
    processors: [['RecordDeAggregation', [['SubRecordType', 'JSON']]], query('{k: .k}')],
    more: PARTITIONED,
  },
  {
    processors: [
      [
        'RecordDeAggregation',
        [
          ['SubRecordType', 'DELIMITED'],
          ['Delimiter', 'Cg=='],
        ],
      ],
      query('{k: .k}'),
    ],
    more: PARTITIONED,
  },
];

function processing(processors: readonly Processor[]): Tree {
  const list = processors.map(
    ([Type, parameters]) =>
      new Entries([
        ['Type', Type],
        [
          'Parameters',
          parameters.map(
            ([name, value]) =>
              new Entries([
                ['ParameterName', name],
                ['ParameterValue', value],
              ]),
          ),
        ],
      ]),
  );
  return new Entries([
    ['Enabled', true],
    ['Processors', list],
  ]);
}
