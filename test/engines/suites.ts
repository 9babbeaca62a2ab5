/** Every suite, in the order in which they start: those that take long first. */
import { compression } from './compression/suite.ts';
import { datePatterns } from './date-patterns/suite.ts';
import type { EngineSuite } from './engine.ts';
import { jq } from './jq/suite.ts';
import { lambda } from './lambda/suite.ts';
import { parquetReaders } from './parquet-readers/suite.ts';
import { redshift } from './postgres/suite.ts';
import { s3 } from './s3/suite.ts';
import { s3Delivery } from './s3-delivery/suite.ts';
import { s3Encryption } from './s3-encryption/suite.ts';
import { SEARCH_SUITES } from './search/suites.ts';
import { splunkClients } from './splunk-clients/suite.ts';
import { sqlDuckdb } from './sql-duckdb/suite.ts';
import { httpEndpoint } from './telegraf/suite.ts';

export const SUITES: readonly EngineSuite[] = [
  jq,
  parquetReaders,
  compression,
  ...SEARCH_SUITES,
  s3,
  s3Delivery,
  s3Encryption,
  lambda,
  httpEndpoint,
  redshift,
  splunkClients,
  datePatterns,
  sqlDuckdb,
];
