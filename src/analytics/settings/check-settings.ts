/**
 * What must hold of settings before they are kept: what names what, how much there may be, that the resources are there, and that the program's
 * text is right. Sources: "Limits" and the pages of the API in the SQL developer guide.
 */
import type { Call } from '../../wire/shape/operation.ts';
import { codeInvalid, invalidArgument } from '../directory/application-errors.ts';
import { isSql, streamNames, type Resource, type Schema, type Settings } from './settings.ts';

/** "Each application can have one streaming source and up to one reference data source", and "up to three destinations". */
const INPUTS_MAX = 1;
const REFERENCES_MAX = 1;
const OUTPUTS_MAX = 3;

export type Place = Pick<Call, 'region'> & { readonly account: string };

export type SettingsChecks = {
  /** Undefined when the stream, the delivery stream or the function can be used from there, else why not. */
  readonly unusable: (
    kind: 'stream' | 'delivery-stream' | 'function',
    arn: string,
    place: Place,
  ) => string | undefined;
  /** Undefined when the program is right, else what is wrong and where. What is `open` need not be declared yet. */
  readonly programFault: (settings: Settings, open: boolean) => Promise<string | undefined>;
  /** Undefined when rows can be made of records by this schema, else why not. */
  readonly schemaFault: (schema: Schema) => Promise<string | undefined>;
};

/** Throws InvalidArgumentException, CodeValidationException. */
export async function checkSettings(checks: SettingsChecks, settings: Settings, place: Place): Promise<void> {
  if (!isSql(settings)) return checkFlink(settings);
  for (const [what, given] of [
    ['FlinkApplicationConfiguration', settings.flink],
    ['ZeppelinApplicationConfiguration', settings.zeppelin],
    ['EnvironmentProperties', settings.properties[0]],
    ['VpcConfigurations', settings.vpcs[0]],
    ['ApplicationSnapshotConfiguration', settings.snapshotsEnabled],
  ] as const) {
    if (given !== undefined)
      throw invalidArgument(`${what} is not supported for runtime environment SQL-1_0.`);
  }
  if (settings.mode === 'INTERACTIVE') {
    throw invalidArgument('ApplicationMode INTERACTIVE is not supported for runtime environment SQL-1_0.');
  }
  checkCounts(settings);
  checkResources(checks, settings, place);
  for (const { schema } of [...settings.inputs, ...settings.references]) await checkSchema(checks, schema);
  if (settings.code.kind === 'zip' || settings.code.kind === 'object') {
    throw invalidArgument('The code of an application of SQL is given as TextContent.');
  }
  // What the code names may still be added by other calls; a start asks again.
  const open = settings.inputs.length === 0 || settings.references.length === 0;
  const fault = await checks.programFault(settings, open);
  if (fault !== undefined) throw codeInvalid(fault);
}

function checkCounts({ inputs, outputs, references }: Settings): void {
  for (const [what, list, max] of [
    ['inputs', inputs, INPUTS_MAX],
    ['outputs', outputs, OUTPUTS_MAX],
    ['reference data sources', references, REFERENCES_MAX],
  ] as const) {
    if (list.length > max) {
      throw invalidArgument(
        `An application may have ${max} ${what} at most, and this one would have ${list.length}.`,
      );
    }
  }
  const names = new Set(inputs.flatMap(streamNames));
  for (const { tableName } of references) {
    if (names.has(tableName))
      throw invalidArgument(`${tableName} is the name of an in-application stream too.`);
  }
}

function checkResources(checks: SettingsChecks, settings: Settings, place: Place): void {
  const named: readonly (Resource & { readonly kind: 'stream' | 'delivery-stream' | 'function' })[] = [
    ...settings.inputs.flatMap(({ source, processor }) => [
      source,
      ...(processor === undefined ? [] : [{ ...processor, kind: 'function' as const }]),
    ]),
    ...settings.outputs.map(({ destination }) => destination),
  ];
  for (const { kind, arn } of named) {
    const reason = checks.unusable(kind, arn, place);
    if (reason !== undefined) throw invalidArgument(reason);
  }
}

async function checkSchema(checks: SettingsChecks, schema: Schema): Promise<void> {
  const { RecordFormatType: type, MappingParameters: parameters } = schema.RecordFormat;
  if (type === 'JSON' && parameters?.CSVMappingParameters !== undefined) {
    throw invalidArgument('CSVMappingParameters are not of RecordFormatType JSON.');
  }
  if (type === 'CSV' && parameters?.JSONMappingParameters !== undefined) {
    throw invalidArgument('JSONMappingParameters are not of RecordFormatType CSV.');
  }
  const names = new Set<string>();
  for (const { Name: name } of schema.RecordColumns) {
    if (names.has(name)) throw invalidArgument(`The column ${name} is there more than once.`);
    names.add(name);
  }
  const fault = await checks.schemaFault(schema);
  if (fault !== undefined) throw invalidArgument(fault);
}

function checkFlink(settings: Settings): void {
  const { runtime, mode, inputs, outputs, references, code } = settings;
  if (inputs.length + outputs.length + references.length > 0) {
    throw invalidArgument(`SqlApplicationConfiguration is not supported for runtime environment ${runtime}.`);
  }
  if (runtime.startsWith('ZEPPELIN') !== (mode === 'INTERACTIVE')) {
    throw invalidArgument(
      `ApplicationMode ${mode ?? 'STREAMING'} is not supported for runtime environment ${runtime}.`,
    );
  }
  if (runtime.startsWith('FLINK') && (code.kind === 'none' || code.kind === 'text')) {
    throw invalidArgument(
      'ApplicationCodeConfiguration must give ZipFileContent or an S3ContentLocation for a Flink application.',
    );
  }
}
