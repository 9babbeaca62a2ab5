/**
 * DataFormatConversionConfiguration. Texts and their order were measured at AWS (decision 0430). An omitted Enabled is true; a disabled
 * conversion is kept unchecked; no defaults are filled in, as descriptions have none.
 */
import type { TypeOf } from '../../wire/shape/shape.ts';
import { conversionOptions, type ConversionConfiguration } from '../conversion/conversion-options.ts';
import { UnsupportedConversion } from '../conversion/unsupported-conversion.ts';
import type { DataFormatConversionConfiguration, SchemaConfiguration } from '../shapes/conversion.ts';
import type { BufferingSettings, ConversionSettings, DeserializerSettings } from './destination-settings.ts';
import { invalidArgument, notServed } from './refusals.ts';

const CONVERSION_SIZE_MB_MIN = 64;

/** Of a destination that converts or partitions and has none of its own. */
export const LARGE_HINTS: BufferingSettings = { SizeInMBs: 128, IntervalInSeconds: 300 };

type Given = TypeOf<typeof DataFormatConversionConfiguration>;

/** What was given, or what was settled before: then its mappings are an object already. */
export type GivenConversion = Given | ConversionSettings;

export function settleConversion(given: GivenConversion | undefined): ConversionSettings | undefined {
  if (given === undefined) return undefined;
  const { InputFormatConfiguration: input, ...others } = given;
  return {
    ...others,
    Enabled: given.Enabled ?? true,
    ...(input === undefined
      ? {}
      : { InputFormatConfiguration: { Deserializer: settleDeserializer(input.Deserializer) } }),
  };
}

type GivenDeserializer = NonNullable<GivenConversion['InputFormatConfiguration']>['Deserializer'];

function settleDeserializer(given: GivenDeserializer): DeserializerSettings | undefined {
  if (given?.OpenXJsonSerDe === undefined) return given as DeserializerSettings | undefined;
  const { ColumnToJsonKeyMappings: mappings, ...others } = given.OpenXJsonSerDe;
  return {
    ...given,
    OpenXJsonSerDe: {
      ...others,
      ...(mappings === undefined
        ? {}
        : {
            ColumnToJsonKeyMappings:
              mappings instanceof Map
                ? Object.fromEntries(mappings)
                : (mappings as Readonly<Record<string, string>>),
          }),
    },
  };
}

/** Only of a conversion that is enabled. */
export function checkConversion(
  conversion: ConversionSettings,
  destination: { readonly CompressionFormat: string; readonly BufferingHints: BufferingSettings },
): void {
  if (destination.CompressionFormat !== 'UNCOMPRESSED') {
    throw invalidArgument(
      "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled. To enable compression within the converted output format, set the appropriate serialization option in the output format configuration.",
    );
  }
  if (destination.BufferingHints.SizeInMBs < CONVERSION_SIZE_MB_MIN) {
    throw invalidArgument(
      `BufferingHints.SizeInMBs must be at least ${CONVERSION_SIZE_MB_MIN} when data format conversion is enabled.`,
    );
  }
  const { Deserializer, Serializer } = formatsOf(conversion);
  checkSchema(conversion.SchemaConfiguration!);
  try {
    conversionOptions({ Deserializer, Serializer } as ConversionConfiguration, []);
  } catch (error) {
    if (error instanceof UnsupportedConversion)
      throw notServed('DataFormatConversionConfiguration', error.message);
    throw error;
  }
}

function formatsOf(conversion: ConversionSettings): {
  readonly Deserializer: DeserializerSettings;
  readonly Serializer: unknown;
} {
  const { InputFormatConfiguration: input, OutputFormatConfiguration: output } = conversion;
  if (input === undefined) throw invalidArgument('InputFormatConfiguration must not be null');
  if (output === undefined) throw invalidArgument('OutputFormatConfiguration must not be null');
  if (conversion.SchemaConfiguration === undefined) {
    throw invalidArgument('SchemaConfiguration must not be null');
  }
  return {
    Deserializer: onlyOne(input.Deserializer, 'Deserializer'),
    Serializer: onlyOne(output.Serializer, 'Serializer'),
  };
}

function onlyOne<U extends object>(union: U | undefined, name: 'Deserializer' | 'Serializer'): U {
  const members = Object.values(union ?? {}).filter((member) => member !== undefined);
  if (union === undefined || members.length === 0) throw invalidArgument(`${name} must not be null`);
  if (members.length > 1) {
    throw invalidArgument(`More than one ${name.toLowerCase()} specified. Only one may be chosen.`);
  }
  return union;
}

function checkSchema(schema: TypeOf<typeof SchemaConfiguration>): void {
  const needed = { RoleArn: schema.RoleARN, DatabaseName: schema.DatabaseName, TableName: schema.TableName };
  for (const [name, value] of Object.entries(needed)) {
    if (!value) throw invalidArgument(`SchemaConfiguration.${name} must not be null or empty`);
  }
}
