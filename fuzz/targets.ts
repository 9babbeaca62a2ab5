/** All fuzz targets. */
import type { Target } from './target.ts';
import { analytics, analyticsV1 } from './targets/analytics.ts';
import { dataDirectory } from './targets/data-directory.ts';
import { cbor, json } from './targets/decoders.ts';
import { eventStream } from './targets/event-stream.ts';
import { firehose } from './targets/firehose.ts';
import { headers } from './targets/headers.ts';
import { http1 } from './targets/http1.ts';
import { http2 } from './targets/http2.ts';
import { logFiles } from './targets/log-files.ts';
import { processing } from './targets/processing.ts';
import { road } from './targets/road.ts';
import { sqlPlan } from './targets/sql-plan.ts';
import { sql } from './targets/sql.ts';
import { tokens } from './targets/tokens.ts';

export const targets: readonly Target[] = [
  json,
  cbor,
  road,
  firehose,
  analytics,
  analyticsV1,
  headers,
  tokens,
  eventStream,
  http1,
  http2,
  logFiles,
  processing,
  sql,
  sqlPlan,
  dataDirectory,
];
