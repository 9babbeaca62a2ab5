/** Redshift: defaults and checks. Texts: decision 0430. */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { RedshiftDestinationConfiguration } from '../shapes/redshift.ts';
import type { RedshiftSettings } from './destination-settings.ts';
import { lambdaRoles } from './extended-s3.ts';
import { checkRoles, type Place } from './place.ts';
import { LAMBDA_BUFFER_MB_DEFAULT, settleProcessing } from './processors.ts';
import { optionTokens } from '../destinations/redshift/copy-options.ts';
import { columnNames, quotedTable } from '../destinations/redshift/identifiers.ts';
import { invalidArgument, notServed } from './refusals.ts';
import { settleLogging, settleS3 } from './s3.ts';
import { checkSecrets } from './secrets.ts';

const RETRY_S = 3600;

export function settleRedshift(
  given: TypeOf<typeof RedshiftDestinationConfiguration>,
  place: Place,
): RedshiftSettings {
  const S3Configuration = settleS3(given.S3Configuration, false);
  if (!['UNCOMPRESSED', 'GZIP'].includes(S3Configuration.CompressionFormat)) {
    throw invalidArgument(
      'Only the following compression formats are allowed when using Redshift: [UNCOMPRESSED, GZIP]',
    );
  }
  const S3BackupMode = given.S3BackupMode ?? 'Disabled';
  const backup = given.S3BackupConfiguration;
  if (S3BackupMode === 'Enabled' && backup === undefined) {
    throw invalidArgument('S3 backup destination configuration is required when enabling S3 backup.');
  }
  const processing = settleProcessing(given.ProcessingConfiguration, {
    roleArn: given.RoleARN,
    lambdaBufferMB: LAMBDA_BUFFER_MB_DEFAULT,
    partitioned: false,
  });
  checkCopyCommand(given.CopyCommand);
  checkSecrets(given.SecretsManagerConfiguration, 'RedshiftDestinationConfiguration', place);
  const { Username, Password } = given;
  if (!Username) throw credentialMissing('Username');
  if (!Password) throw credentialMissing('Password');
  checkRoles(
    [given.RoleARN, given.S3Configuration.RoleARN, backup?.RoleARN, ...lambdaRoles(processing)],
    place,
  );
  return {
    RoleARN: given.RoleARN,
    ClusterJDBCURL: given.ClusterJDBCURL,
    CopyCommand: given.CopyCommand,
    Username,
    Password,
    RetryOptions: { DurationInSeconds: given.RetryOptions?.DurationInSeconds ?? RETRY_S },
    S3Configuration,
    ProcessingConfiguration: processing,
    S3BackupMode,
    S3BackupConfiguration: backup === undefined ? undefined : settleS3(backup, true),
    CloudWatchLoggingOptions: settleLogging(given.CloudWatchLoggingOptions),
    SecretsManagerConfiguration: given.SecretsManagerConfiguration,
  };
}

/** What would only be found out when it is delivered, over and over (decision 0475 says what is understood). */
function checkCopyCommand(copy: RedshiftSettings['CopyCommand']): void {
  if (quotedTable(copy.DataTableName) === undefined) {
    throw notServed('CopyCommand.DataTableName', 'it has to be a name, at most database.schema.table.');
  }
  if (copy.DataTableColumns && columnNames(copy.DataTableColumns) === undefined) {
    throw notServed('CopyCommand.DataTableColumns', 'they have to be names with commas between them.');
  }
  if (copy.CopyOptions !== undefined && optionTokens(copy.CopyOptions) === undefined) {
    throw notServed(
      'CopyCommand.CopyOptions',
      'they have to be words, numbers and texts in single quotes with white space between them.',
    );
  }
}

function credentialMissing(member: 'Username' | 'Password'): Error {
  return invalidArgument(`Redshift Database ${member} is required for Redshift Destination`);
}
