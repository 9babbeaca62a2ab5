import { operation, type Handler } from '../../wire/shape/operation.ts';
import { applicationResource } from '../directory/resolve-application.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { ApplicationDescription, ApplicationName, Tags } from '../shapes/both.ts';
import { ApplicationSummary as ApplicationSummaryV1 } from '../shapes/v1/application.ts';
import { Inputs as InputsV1 } from '../shapes/v1/inputs.ts';
import { CloudWatchLoggingOptions as CloudWatchLoggingOptionsV1 } from '../shapes/v1/logging.ts';
import { ApplicationCode as ApplicationCodeV1 } from '../shapes/v1/names.ts';
import { Outputs as OutputsV1 } from '../shapes/v1/outputs.ts';
import {
  ApplicationConfiguration as ApplicationConfigurationV2,
  ApplicationDetail as ApplicationDetailV2,
} from '../shapes/v2/application.ts';
import { CloudWatchLoggingOptions as CloudWatchLoggingOptionsV2 } from '../shapes/v2/logging.ts';
import {
  ApplicationMode as ApplicationModeV2,
  RoleARN as RoleARNV2,
  RuntimeEnvironment as RuntimeEnvironmentV2,
} from '../shapes/v2/names.ts';
import { APPLICATION_ID_PREFIX } from '../../base/log-owner.ts';
import type { Call } from '../../wire/shape/operation.ts';
import type { CatalogTransaction } from '../../catalog/catalog.ts';
import type { ApplicationRow } from '../../catalog/tables.ts';
import type { Dice } from '../../host/host.ts';
import { applicationExists, limitExceeded } from '../directory/application-errors.ts';
import { applicationArn, type ApplicationState } from '../directory/application-state.ts';
import { insertVersion } from '../directory/change-application.ts';
import { putTags } from '../directory/tags.ts';
import { checkSettings } from '../settings/check-settings.ts';
import { detailV2, summaryV1 } from '../settings/describe.ts';
import { initialSettings } from '../settings/initial-settings.ts';
import { readInput } from '../settings/inputs.ts';
import { readLogging } from '../settings/logging.ts';
import { readOutput } from '../settings/outputs.ts';
import { SQL_RUNTIME, type Settings } from '../settings/settings.ts';
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { OperationParts } from './parts.ts';

export const CreateApplicationV1 = operation({
  name: 'CreateApplication',
  action: 'kinesisanalytics:CreateApplication',
  resources: applicationResource,
  input: structure('CreateApplicationRequest', {
    ApplicationName: required(ApplicationName),
    ApplicationDescription: optional(ApplicationDescription),
    Inputs: optional(InputsV1),
    Outputs: optional(OutputsV1),
    CloudWatchLoggingOptions: optional(CloudWatchLoggingOptionsV1),
    ApplicationCode: optional(ApplicationCodeV1),
    Tags: optional(Tags),
  }),
  output: structure('CreateApplicationResponse', { ApplicationSummary: required(ApplicationSummaryV1) }),
  errors: [
    'CodeValidationException',
    'ResourceInUseException',
    'LimitExceededException',
    'InvalidArgumentException',
    'TooManyTagsException',
    'ConcurrentModificationException',
  ],
});

export const CreateApplicationV2 = operation({
  name: 'CreateApplication',
  action: 'kinesisanalytics:CreateApplication',
  resources: applicationResource,
  input: structure('CreateApplicationRequest', {
    ApplicationName: required(ApplicationName),
    ApplicationDescription: optional(ApplicationDescription),
    RuntimeEnvironment: required(RuntimeEnvironmentV2),
    ServiceExecutionRole: required(RoleARNV2),
    ApplicationConfiguration: optional(ApplicationConfigurationV2),
    CloudWatchLoggingOptions: optional(CloudWatchLoggingOptionsV2),
    Tags: optional(Tags),
    ApplicationMode: optional(ApplicationModeV2),
  }),
  output: structure('CreateApplicationResponse', { ApplicationDetail: required(ApplicationDetailV2) }),
  errors: [
    'CodeValidationException',
    'ResourceInUseException',
    'LimitExceededException',
    'InvalidArgumentException',
    'InvalidRequestException',
    'TooManyTagsException',
    'ConcurrentModificationException',
    'UnsupportedOperationException',
  ],
});

export function createApplicationV1(parts: OperationParts): Handler<typeof CreateApplicationV1> {
  return async (input, call) => {
    const code = input.ApplicationCode;
    const settings: Settings = {
      runtime: SQL_RUNTIME,
      description: input.ApplicationDescription,
      code: code === undefined ? { kind: 'none' } : { kind: 'text', text: code },
      inputs: (input.Inputs ?? []).map((one, at) => readInput(`1.${at + 1}`, one)),
      outputs: (input.Outputs ?? []).map((one, at) => readOutput(`1.${at + 1}`, one)),
      references: [],
      logging: (input.CloudWatchLoggingOptions ?? []).map((one, at) => readLogging(`1.${at + 1}`, one)),
      vpcs: [],
      properties: [],
    };
    return { ApplicationSummary: summaryV1(await create(parts, input, settings, call)) };
  };
}

export function createApplicationV2(parts: OperationParts): Handler<typeof CreateApplicationV2> {
  return async (input, call) => ({
    ApplicationDetail: detailV2(await create(parts, input, initialSettings(input), call)),
  });
}

type Named = Pick<TypeOf<typeof CreateApplicationV1.input>, 'ApplicationName' | 'Tags'>;

async function create(
  parts: OperationParts,
  { ApplicationName: name, Tags }: Named,
  settings: Settings,
  { caller: { account }, region }: Call,
): Promise<ApplicationState> {
  const { catalog, directory, keys, clock } = parts;
  if (directory.byName(account, region, name) !== undefined) throw applicationExists(name, account);
  await checkSettings(parts.checks, settings, { account, region });
  const id = newApplicationId(parts.dice);
  const nowMs = clock.now();
  const row: ApplicationRow = {
    application_id: id,
    ...{ account, region, name },
    status: 'READY',
    created_ms: nowMs,
    updated_ms: nowMs,
    version_id: 1,
    maintenance_start: `${String(parts.dice.integer(24)).padStart(2, '0')}:00`,
    run_json: null,
    pending_json: null,
    change: 1,
  };
  // Before the version, which is sealed under it. One that no row follows is forgotten, at the latest at the next start.
  await keys.begin(id);
  try {
    await catalog.transact(async (transaction) => {
      await insert(transaction, row, parts.limits.applicationsPerAccount);
      await insertVersion(parts, transaction, id, 1, settings, { createdMs: nowMs });
      await putTags(
        transaction,
        applicationArn(region, account, name),
        Tags ?? [],
        parts.limits.tagsPerApplication,
      );
    });
  } catch (error) {
    await keys.forget(id).catch(() => undefined);
    throw error;
  }
  await directory.refresh(id);
  return directory.byId(id)!;
}

async function insert(transaction: CatalogTransaction, row: ApplicationRow, countMax: number): Promise<void> {
  const { account, region, name } = row;
  const others = await transaction
    .selectFrom('applications')
    .select('name')
    .where('account', '=', account)
    .where('region', '=', region)
    .execute();
  if (others.some((other) => other.name === name)) throw applicationExists(name, account);
  if (others.length >= countMax) {
    throw limitExceeded(`Account ${account} has ${countMax} applications in ${region}, which is the limit.`);
  }
  await transaction.insertInto('applications').values(row).execute();
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const RANDOM_LETTERS = 24;

/** Random, so that it is never given twice; it begins as its owner's (base/log-owner.ts). */
function newApplicationId(dice: Dice): string {
  const letters = Array.from({ length: RANDOM_LETTERS }, () => ALPHABET[dice.integer(ALPHABET.length)]);
  return APPLICATION_ID_PREFIX + letters.join('');
}
