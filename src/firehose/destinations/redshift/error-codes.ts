/** AWS's codes for what a database answers. Sources: "Amazon Redshift Data Delivery Errors", Firehose developer guide; "PostgreSQL Error Codes", PostgreSQL's manual. */
import type { SqlError } from '../../../host/sql.ts';
import type { DeliveryError } from '../../delivery/destination.ts';

const MESSAGES = {
  TableNotFound: 'The table to which to load data was not found. Ensure that the specified table exists.',
  SyntaxError: 'The COPY command contains a syntax error. Retry the command.',
  AuthenticationFailed:
    'The provided user name and password failed authentication. Provide a valid user name and password.',
  AccessDenied:
    'Access was denied. Ensure that the trust policy for the provided IAM role allows Kinesis Data Firehose to assume the role.',
  S3BucketAccessDenied:
    'The COPY command was unable to access the S3 bucket. Ensure that the access policy for the provided IAM role allows access to the S3 bucket.',
  DataLoadFailed: 'Loading data into the table failed. Check STL_LOAD_ERRORS system table for details.',
  ColumnNotFound: 'A column in the COPY command does not exist in the table. Specify a valid column name.',
  DatabaseNotFound:
    'The database specified in the Amazon Redshift destination configuration or JDBC URL was not found. Specify a valid database name.',
  IncorrectCopyOptions:
    'Conflicting or redundant COPY options were provided. Some options are not compatible in certain combinations. Check the COPY command reference for more info.',
  MissingColumn:
    'There is a column defined in the table schema as NOT NULL without a DEFAULT value and not included in the column list. Exclude this column, ensure that the loaded data always provides a value for this column, or add a default value to the Amazon Redshift schema for this table.',
  ConnectionFailed:
    'The connection to the specified Amazon Redshift cluster failed. Ensure that security settings allow Kinesis Data Firehose connections, that the cluster or database specified in the Amazon Redshift destination configuration or JDBC URL is correct, and that the cluster is available.',
  ColumnMismatch:
    'The number of jsonpaths in the COPY command and the number of columns in the destination table should match. Retry the command.',
  IncorrectOrMissingRegion:
    'Amazon Redshift attempted to use the wrong region endpoint for accessing the S3 bucket. Either specify a correct region value in the COPY command options or ensure that the S3 bucket is in the same region as the Amazon Redshift database.',
  IncorrectJsonPathsFile: 'The provided jsonpaths file is not in a supported JSON format. Retry the command.',
  MissingS3File:
    'One or more S3 files required by Amazon Redshift have been removed from the S3 bucket. Check the S3 bucket policies to remove any automatic deletion of S3 files.',
  InsufficientPrivilege:
    'The user does not have permissions to load data into the table. Check the Amazon Redshift user permissions for the INSERT privilege.',
  ReadOnlyCluster:
    'The query cannot be executed because the system is in resize mode. Try the query again later.',
  DiskFull:
    'Data could not be loaded because the disk is full. Increase the capacity of the Amazon Redshift cluster or delete unused data to free disk space.',
} as const;

type Code = keyof typeof MESSAGES;

const TEXT_CHARACTERS_MAX = 1_024;

/** `detail` is added to AWS's message. It must hold nothing of a record. */
export function redshiftError(code: Code, detail?: string): DeliveryError {
  const message = MESSAGES[code];
  return { code: `Redshift.${code}`, message: detail ? `${message} (${detail})` : message };
}

const CODES_BY_STATE: Readonly<Record<string, Code>> = {
  '22': 'DataLoadFailed',
  '23': 'DataLoadFailed',
  '23502': 'MissingColumn',
  '25006': 'ReadOnlyCluster',
  '28': 'AuthenticationFailed',
  '3D000': 'DatabaseNotFound',
  '3F000': 'TableNotFound',
  '42501': 'InsufficientPrivilege',
  '42601': 'SyntaxError',
  '42703': 'ColumnNotFound',
  '42P01': 'TableNotFound',
  '53100': 'DiskFull',
};

/** Redshift tells most of its own failures by their text, in state XX000. */
const CODES_BY_TEXT: readonly (readonly [RegExp, Code])[] = [
  [/stl_load_errors|sys_load_error/i, 'DataLoadFailed'],
  [/assume (iam )?role/i, 'AccessDenied'],
  [/PermanentRedirect|specified endpoint|region/i, 'IncorrectOrMissingRegion'],
  [/access denied|forbidden/i, 'S3BucketAccessDenied'],
  [/number of jsonpaths/i, 'ColumnMismatch'],
  [/jsonpath/i, 'IncorrectJsonPathsFile'],
  [/does not exist|no such (key|bucket)|NoSuchKey|manifest/i, 'MissingS3File'],
  [/conflicting or redundant|incompatible|not compatible|invalid (copy )?option/i, 'IncorrectCopyOptions'],
  [/resize|read-?only/i, 'ReadOnlyCluster'],
  [/disk full/i, 'DiskFull'],
];

export function errorOfSql({ failure, sqlState, message }: SqlError, password: string): DeliveryError {
  const said = message.replaceAll(password, '***').slice(0, TEXT_CHARACTERS_MAX);
  if (failure !== 'refused') return redshiftError('ConnectionFailed', said);
  const code =
    CODES_BY_STATE[sqlState] ??
    CODES_BY_STATE[sqlState.slice(0, 2)] ??
    CODES_BY_TEXT.find(([pattern]) => pattern.test(message))?.[1];
  if (code === undefined) {
    const text =
      'An internal error occurred while attempting to deliver data. Delivery will be retried; if the error persists, then it will be reported to AWS for resolution.';
    return { code: 'InternalError', message: `${text} (${sqlState}: ${said})` };
  }
  // Those of data quote them.
  const quotesData = sqlState.startsWith('22') || sqlState.startsWith('23');
  return redshiftError(code, quotesData ? undefined : said);
}
