/** The clicks of the demo analysed by SQL while they come: windows and anomalies into a second stream, every score into compressed objects. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../client/api-client.ts';
import { waitUntilCreated } from '../firehose/firehose-api.ts';
import { describeSummary } from '../stream/stream-api.ts';
import { BUCKET, INTERVAL_SECONDS, unlessThere, type Clients } from './delivered-clicks.ts';

export const INSIGHT_STREAM = 'click-insights';
const APPLICATION = 'click-analysis';
const SCORE_DELIVERY = 'click-scores-to-lake';
const POLL_MS = 200;

/** Scores come after the first 32 clicks of the forest; what is far from the others has a score of 3 and more. */
const PROGRAM = `-- Clicks of every page, five seconds at a time
CREATE OR REPLACE STREAM "PAGES" ("window_end" TIMESTAMP, "page" VARCHAR(32), "clicks" INTEGER, "slowest_ms" INTEGER);
CREATE OR REPLACE PUMP "PAGES_PUMP" AS INSERT INTO "PAGES"
  SELECT STREAM ROWTIME, "page", COUNT(*), MAX("ms")
  FROM "CLICKS_001"
  GROUP BY "page", STEP("CLICKS_001".ROWTIME BY INTERVAL '5' SECOND);

-- How unusual each click is
CREATE OR REPLACE STREAM "SCORES" ("visitor" VARCHAR(16), "page" VARCHAR(32), "ms" INTEGER, "score" DOUBLE);
CREATE OR REPLACE PUMP "SCORES_PUMP" AS INSERT INTO "SCORES"
  SELECT STREAM "visitor", "page", "ms", ANOMALY_SCORE
  FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM "visitor", "page", "ms" FROM "CLICKS_001"), 50, 32, 1000, 1));

CREATE OR REPLACE STREAM "UNUSUAL" ("unusual_page" VARCHAR(32), "visitor" VARCHAR(16), "ms" INTEGER, "score" DOUBLE);
CREATE OR REPLACE PUMP "UNUSUAL_PUMP" AS INSERT INTO "UNUSUAL"
  SELECT STREAM "page", "visitor", "ms", "score" FROM "SCORES" WHERE "score" > 2.5;
`;

const column = (name: string, type: string): object => ({ Name: name, Mapping: `$.${name}`, SqlType: type });
const json = { RecordFormatType: 'JSON' };

/** Makes what is missing, and has the application run. */
export async function analyseStream(
  clients: Clients & { readonly analytics: ApiClient },
  stream: string,
  signal: AbortSignal,
): Promise<void> {
  const { kinesis, firehose, analytics } = clients;
  const { StreamARN } = await describeSummary(kinesis, stream, signal);
  const { StreamARN: insightsArn } = await describeSummary(kinesis, INSIGHT_STREAM, signal);
  const [, , , region = '', account = ''] = StreamARN.split(':');
  const RoleARN = `arn:aws:iam::${account}:role/demo`;
  await unlessThere(
    firehose.call(
      'CreateDeliveryStream',
      {
        DeliveryStreamName: SCORE_DELIVERY,
        ExtendedS3DestinationConfiguration: {
          RoleARN,
          BucketARN: `arn:aws:s3:::${BUCKET}`,
          Prefix: 'scores/',
          ErrorOutputPrefix: 'errors/',
          CompressionFormat: 'GZIP',
          BufferingHints: { SizeInMBs: 1, IntervalInSeconds: INTERVAL_SECONDS },
        },
      },
      signal,
    ),
  );
  await waitUntilCreated(firehose, SCORE_DELIVERY, signal);
  const scoresArn = `arn:aws:firehose:${region}:${account}:deliverystream/${SCORE_DELIVERY}`;
  await unlessThere(
    analytics.call(
      'CreateApplication',
      {
        ApplicationName: APPLICATION,
        RuntimeEnvironment: 'SQL-1_0',
        ServiceExecutionRole: RoleARN,
        ApplicationConfiguration: {
          ApplicationCodeConfiguration: {
            CodeContentType: 'PLAINTEXT',
            CodeContent: { TextContent: PROGRAM },
          },
          SqlApplicationConfiguration: {
            Inputs: [
              {
                NamePrefix: 'CLICKS',
                KinesisStreamsInput: { ResourceARN: StreamARN },
                InputSchema: {
                  RecordFormat: {
                    ...json,
                    MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
                  },
                  RecordColumns: [
                    column('visitor', 'VARCHAR(16)'),
                    column('page', 'VARCHAR(32)'),
                    column('ms', 'INTEGER'),
                  ],
                },
              },
            ],
            Outputs: [
              { Name: 'PAGES', KinesisStreamsOutput: { ResourceARN: insightsArn }, DestinationSchema: json },
              {
                Name: 'UNUSUAL',
                KinesisStreamsOutput: { ResourceARN: insightsArn },
                DestinationSchema: json,
              },
              { Name: 'SCORES', KinesisFirehoseOutput: { ResourceARN: scoresArn }, DestinationSchema: json },
            ],
          },
        },
      },
      signal,
    ),
  );
  await run(analytics, signal);
}

type Described = {
  readonly ApplicationDetail: {
    readonly ApplicationStatus: string;
    readonly ApplicationConfigurationDescription: {
      readonly SqlApplicationConfigurationDescription: {
        readonly InputDescriptions: readonly { readonly InputId: string }[];
      };
    };
  };
};

async function run(analytics: ApiClient, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { ApplicationDetail: detail } = await analytics.call<Described>(
      'DescribeApplication',
      { ApplicationName: APPLICATION },
      signal,
    );
    if (detail.ApplicationStatus === 'RUNNING') return;
    if (detail.ApplicationStatus === 'READY') {
      const [input] =
        detail.ApplicationConfigurationDescription.SqlApplicationConfigurationDescription.InputDescriptions;
      await analytics.call(
        'StartApplication',
        {
          ApplicationName: APPLICATION,
          RunConfiguration: {
            SqlRunConfigurations: [
              {
                InputId: input?.InputId ?? '',
                InputStartingPositionConfiguration: { InputStartingPosition: 'NOW' },
              },
            ],
          },
        },
        signal,
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}
