/** The line of a record that could not be converted. Members and their order: "Record format conversion error handling", Firehose developer guide. */
import type { TableName } from '../../../tables/tables.ts';
import type { FailedRecord } from '../../delivery/destination.ts';

/** Without a table when it is not converted any more what failed in conversion, or at another destination, before a restart. */
export function conversionErrorRecord(
  failed: FailedRecord,
  table: TableName | undefined,
  roleArn: string | undefined,
): Readonly<Record<string, unknown>> {
  const { record, error } = failed;
  const { rawData, identity, arrivalMs } = record;
  return {
    attemptsMade: failed.attemptsMade,
    arrivalTimestamp: arrivalMs,
    lastErrorCode: error.code,
    lastErrorMessage: error.message,
    attemptEndingTimestamp: failed.attemptEndingMs,
    rawData: Buffer.from(rawData.buffer, rawData.byteOffset, rawData.length).toString('base64'),
    sequenceNumber: failed.sequenceNumber,
    subSequenceNumber: identity.sub,
    dataCatalogTable: table && {
      catalogId: table.catalogId,
      databaseName: table.database,
      tableName: table.table,
      region: table.region,
      versionId: table.version,
      roleArn,
    },
  };
}
