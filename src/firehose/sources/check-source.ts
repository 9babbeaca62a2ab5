/** The source of a new delivery stream: records put directly, or a Kinesis stream. AWS's other sources are refused in words of their own. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { DeliveryStreamSource } from '../delivery-stream.ts';
import { invalidArgument } from '../directory/delivery-stream-errors.ts';
import { checkRoles, type Place } from '../settings/place.ts';
import { notServed } from '../settings/refusals.ts';
import type { DeliveryStreamType } from '../shapes/descriptions.ts';
import type {
  DatabaseSourceConfiguration,
  DirectPutSourceConfiguration,
  KinesisStreamSourceConfiguration,
  MSKSourceConfiguration,
} from '../shapes/sources.ts';

/** Whether there is such a stream, which can be read from: the account's, in the region. */
export type StreamExists = (account: string, region: string, name: string) => boolean;

type Given = {
  readonly DeliveryStreamType?: TypeOf<typeof DeliveryStreamType> | undefined;
  readonly DirectPutSourceConfiguration?: TypeOf<typeof DirectPutSourceConfiguration> | undefined;
  readonly KinesisStreamSourceConfiguration?: TypeOf<typeof KinesisStreamSourceConfiguration> | undefined;
  readonly MSKSourceConfiguration?: TypeOf<typeof MSKSourceConfiguration> | undefined;
  readonly DatabaseSourceConfiguration?: TypeOf<typeof DatabaseSourceConfiguration> | undefined;
  readonly IcebergDestinationConfiguration?: unknown;
};

const CONFIGURATION_OF = {
  DirectPut: 'DirectPutSourceConfiguration',
  KinesisStreamAsSource: 'KinesisStreamSourceConfiguration',
  MSKAsSource: 'MSKSourceConfiguration',
  DatabaseAsSource: 'DatabaseSourceConfiguration',
} as const;

/** Throws InvalidArgumentException, or AccessDeniedException for a role of another account. Texts of what is mandatory were seen at AWS (decision 0430); the others are ours. */
export function checkSource(
  input: Given,
  place: Place,
  nowMs: number,
  streamExists: StreamExists,
): DeliveryStreamSource {
  const type = input.DeliveryStreamType ?? 'DirectPut';
  const own = CONFIGURATION_OF[type];
  const other = Object.values(CONFIGURATION_OF).find((name) => name !== own && input[name] !== undefined);
  if (other !== undefined)
    throw invalidArgument(`${other} must not be provided for DeliveryStreamType ${type}.`);
  if (type === 'DirectPut') {
    const hint = input.DirectPutSourceConfiguration?.ThroughputHintInMBs;
    return { kind: type, ...(hint === undefined ? {} : { throughputHintMBs: hint }) };
  }
  if (type === 'MSKAsSource' && input[own] === undefined)
    throw invalidArgument('MSKSourceConfig is mandatory for MSK as Source stream type.');
  if (type === 'DatabaseAsSource' && input.IcebergDestinationConfiguration === undefined)
    throw invalidArgument('IcebergDestinationConfiguration must be specified for Database as Source.');
  if (type !== 'KinesisStreamAsSource') throw notServed(own, 'it does not read from there yet.');
  const given = input.KinesisStreamSourceConfiguration;
  if (given === undefined) {
    throw invalidArgument(`KinesisSourceStreamConfig is mandatory for ${type} stream type.`);
  }
  const { KinesisStreamARN: streamArn, RoleARN: roleArn } = given;
  const [, , , region = '', account = '', resource = ''] = streamArn.split(':');
  if (region !== place.region || account !== place.account) {
    throw invalidArgument(
      `KinesisStreamARN ${streamArn} is not of account ${place.account} in ${place.region}.`,
    );
  }
  checkRoles([roleArn], place);
  const name = resource.slice('stream/'.length);
  if (!streamExists(account, region, name)) {
    throw invalidArgument(`Stream ${name} under account ${account} not found.`);
  }
  return { kind: type, streamArn, roleArn, startMs: nowMs };
}
