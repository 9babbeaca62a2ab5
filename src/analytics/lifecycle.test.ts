import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ServiceError } from '../wire/shape/service-error.ts';
import {
  ACCOUNT,
  CODE,
  DELIVERY,
  FUNCTION,
  inputV1,
  openTestAnalytics,
  OTHER_STREAM,
  ROLE,
  SCHEMA,
  STREAM,
} from './analytics.testing.ts';
import { StartFailed } from './running/runner.ts';

function refused(code: string, message?: RegExp) {
  return (error: unknown): true => {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.code, code);
    if (message !== undefined) assert.match(error.message, message);
    return true;
  };
}

type Test = Awaited<ReturnType<typeof openTestAnalytics>>;

async function create({ v1 }: Test, name = 'app'): Promise<void> {
  await v1.CreateApplication({
    ApplicationName: name,
    ApplicationDescription: 'of a test',
    Inputs: [inputV1()],
    Outputs: [
      {
        Name: 'OUT',
        KinesisStreamsOutput: { ResourceARN: OTHER_STREAM, RoleARN: ROLE },
        DestinationSchema: { RecordFormatType: 'JSON' },
      },
    ],
    ApplicationCode: CODE,
    Tags: [{ Key: 'team', Value: 'mill' }],
  });
}

const NAMED = { ApplicationName: 'app' };

test('an application is created, described by both APIs, listed and deleted', async () => {
  await using t = await openTestAnalytics();
  await create(t);
  const { ApplicationDetail: one } = await t.v1.DescribeApplication(NAMED);
  assert.equal(one.ApplicationStatus, 'READY');
  assert.equal(one.ApplicationVersionId, 1);
  assert.equal(one.ApplicationCode, CODE);
  assert.equal(one.ApplicationARN, `arn:aws:kinesisanalytics:us-east-1:${ACCOUNT}:application/app`);
  assert.deepEqual(one.InputDescriptions?.[0]?.InAppStreamNames, ['SOURCE_SQL_STREAM_001']);
  assert.deepEqual(one.InputDescriptions?.[0]?.KinesisStreamsInputDescription, {
    ResourceARN: STREAM,
    RoleARN: ROLE,
  });
  assert.equal(one.OutputDescriptions?.[0]?.OutputId, '1.1');
  const { ApplicationDetail: two } = await t.v2.DescribeApplication(NAMED);
  assert.equal(two.RuntimeEnvironment, 'SQL-1_0');
  const configured = two.ApplicationConfigurationDescription;
  assert.equal(
    configured?.ApplicationCodeConfigurationDescription?.CodeContentDescription?.TextContent,
    CODE,
  );
  assert.deepEqual(
    configured?.SqlApplicationConfigurationDescription?.InputDescriptions?.[0]?.InputSchema,
    SCHEMA,
  );
  assert.deepEqual(await t.v1.ListApplications({}), {
    ApplicationSummaries: [
      { ApplicationName: 'app', ApplicationARN: one.ApplicationARN, ApplicationStatus: 'READY' },
    ],
    HasMoreApplications: false,
  });
  assert.deepEqual(await t.v2.ListTagsForResource({ ResourceARN: one.ApplicationARN }), {
    Tags: [{ Key: 'team', Value: 'mill' }],
  });
  await t.v1.DeleteApplication({ ...NAMED, CreateTimestamp: one.CreateTimestamp! });
  assert.equal((await t.v1.DescribeApplication(NAMED)).ApplicationDetail.ApplicationStatus, 'DELETING');
  await t.settle();
  await assert.rejects(t.v1.DescribeApplication(NAMED), refused('ResourceNotFoundException', /not found/));
  assert.deepEqual(await t.v2.ListApplications({}), { ApplicationSummaries: [], NextToken: undefined });
});

test('it starts, is updated while it runs, stops, and its history is told', async () => {
  await using t = await openTestAnalytics();
  await create(t);
  const status = async () => (await t.v1.DescribeApplication(NAMED)).ApplicationDetail.ApplicationStatus;
  const { OperationId } = await t.v2.StartApplication({
    ...NAMED,
    RunConfiguration: {
      SqlRunConfigurations: [
        { InputId: '1.1', InputStartingPositionConfiguration: { InputStartingPosition: 'TRIM_HORIZON' } },
      ],
    },
  });
  assert.equal(await status(), 'STARTING');
  await assert.rejects(t.v1.StopApplication(NAMED), refused('ResourceInUseException'));
  await t.settle();
  assert.equal(await status(), 'RUNNING');
  const { ApplicationDetail: running } = await t.v1.DescribeApplication(NAMED);
  assert.deepEqual(running.InputDescriptions?.[0]?.InputStartingPositionConfiguration, {
    InputStartingPosition: 'TRIM_HORIZON',
  });
  await assert.rejects(
    t.v1.StartApplication({ ...NAMED, InputConfigurations: [] }),
    refused('ResourceInUseException', /RUNNING/),
  );
  await t.v1.UpdateApplication({
    ...NAMED,
    CurrentApplicationVersionId: 1,
    ApplicationUpdate: { ApplicationCodeUpdate: `${CODE} -- newer` },
  });
  assert.equal(await status(), 'UPDATING');
  await t.settle();
  assert.equal(await status(), 'RUNNING');
  await t.restart();
  await t.settle();
  await t.v2.StopApplication(NAMED);
  await t.settle();
  assert.equal(await status(), 'READY');
  assert.deepEqual(t.runner.told, [
    'start app 1',
    'stop with a checkpoint',
    'start app 2',
    'start app 2',
    'stop with a checkpoint',
  ]);
  const { ApplicationOperationInfoList: history } = await t.v2.ListApplicationOperations(NAMED);
  assert.deepEqual(
    history?.map(({ Operation, OperationStatus }) => [Operation, OperationStatus]),
    [
      ['StopApplication', 'SUCCESSFUL'],
      ['UpdateApplication', 'SUCCESSFUL'],
      ['StartApplication', 'SUCCESSFUL'],
    ],
  );
  const told = await t.v2.DescribeApplicationOperation({ ...NAMED, OperationId: OperationId! });
  assert.equal(told.ApplicationOperationInfoDetails?.Operation, 'StartApplication');
  const runs = await t.catalog.read((transaction) =>
    transaction.selectFrom('application_runs').selectAll().execute(),
  );
  assert.equal(runs.length, 1);
  assert.ok(runs[0]!.stopped_ms! - runs[0]!.started_ms >= 2 * 500);
});

test('what cannot start is READY again, and the history says why', async () => {
  await using t = await openTestAnalytics();
  await create(t);
  t.runner.failure = new StartFailed('the reference data are gone');
  await t.v1.StartApplication({ ...NAMED, InputConfigurations: [] });
  await t.settle();
  assert.equal((await t.v1.DescribeApplication(NAMED)).ApplicationDetail.ApplicationStatus, 'READY');
  const { ApplicationOperationInfoList: history } = await t.v2.ListApplicationOperations(NAMED);
  assert.equal(history?.[0]?.OperationStatus, 'FAILED');
});

test('inputs, outputs, processors, reference data and logging come and go, each with a version', async () => {
  await using t = await openTestAnalytics();
  await t.v1.CreateApplication({ ...NAMED, ApplicationCode: CODE });
  await t.v1.AddApplicationInput({ ...NAMED, CurrentApplicationVersionId: 1, Input: inputV1() });
  await t.v2.AddApplicationInputProcessingConfiguration({
    ...NAMED,
    CurrentApplicationVersionId: 2,
    InputId: '2.1',
    InputProcessingConfiguration: { InputLambdaProcessor: { ResourceARN: FUNCTION } },
  });
  const added = await t.v2.AddApplicationOutput({
    ...NAMED,
    CurrentApplicationVersionId: 3,
    Output: {
      Name: 'OUT',
      KinesisFirehoseOutput: { ResourceARN: DELIVERY },
      DestinationSchema: { RecordFormatType: 'CSV' },
    },
  });
  assert.deepEqual(
    added.OutputDescriptions?.map(({ OutputId }) => OutputId),
    ['4.1'],
  );
  await t.v1.AddApplicationReferenceDataSource({
    ...NAMED,
    CurrentApplicationVersionId: 4,
    ReferenceDataSource: {
      TableName: 'companies',
      S3ReferenceDataSource: { BucketARN: 'arn:aws:s3:::b', FileKey: 'k', ReferenceRoleARN: ROLE },
      ReferenceSchema: SCHEMA,
    },
  });
  const logged = await t.v2.AddApplicationCloudWatchLoggingOption({
    ...NAMED,
    ConditionalToken: (await t.v2.DescribeApplication(NAMED)).ApplicationDetail.ConditionalToken!,
    CloudWatchLoggingOption: {
      LogStreamARN: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g:log-stream:s`,
    },
  });
  assert.equal(logged.ApplicationVersionId, 6);
  await t.v1.UpdateApplication({
    ...NAMED,
    CurrentApplicationVersionId: 6,
    ApplicationUpdate: {
      InputUpdates: [{ InputId: '2.1', InputParallelismUpdate: { CountUpdate: 3 }, NamePrefixUpdate: 'IN' }],
      OutputUpdates: [{ OutputId: '4.1', KinesisStreamsOutputUpdate: { ResourceARNUpdate: OTHER_STREAM } }],
    },
  });
  const { ApplicationDetail: full } = await t.v1.DescribeApplication(NAMED);
  assert.deepEqual(full.InputDescriptions?.[0]?.InAppStreamNames, ['IN_001', 'IN_002', 'IN_003']);
  assert.equal(full.OutputDescriptions?.[0]?.KinesisFirehoseOutputDescription, undefined);
  assert.equal(full.OutputDescriptions?.[0]?.KinesisStreamsOutputDescription?.ResourceARN, OTHER_STREAM);
  assert.equal(full.ReferenceDataSourceDescriptions?.[0]?.ReferenceId, '5.1');
  await t.v1.DeleteApplicationOutput({ ...NAMED, CurrentApplicationVersionId: 7, OutputId: '4.1' });
  await t.v1.DeleteApplicationReferenceDataSource({
    ...NAMED,
    CurrentApplicationVersionId: 8,
    ReferenceId: '5.1',
  });
  await t.v1.DeleteApplicationInputProcessingConfiguration({
    ...NAMED,
    CurrentApplicationVersionId: 9,
    InputId: '2.1',
  });
  await t.v1.DeleteApplicationCloudWatchLoggingOption({
    ...NAMED,
    CurrentApplicationVersionId: 10,
    CloudWatchLoggingOptionId: '6.1',
  });
  const { ApplicationDetail: bare } = await t.v1.DescribeApplication(NAMED);
  assert.equal(bare.ApplicationVersionId, 11);
  assert.deepEqual(bare.OutputDescriptions, []);
  assert.equal(bare.InputDescriptions?.[0]?.InputProcessingConfigurationDescription, undefined);
  await t.restart();
  assert.deepEqual((await t.v1.DescribeApplication(NAMED)).ApplicationDetail, bare);
});

describe('refused is', () => {
  test('a change of another version, of what is not there, of a third kind', async () => {
    await using t = await openTestAnalytics();
    await create(t);
    const version = { ...NAMED, CurrentApplicationVersionId: 2 };
    await assert.rejects(
      t.v1.DeleteApplicationOutput({ ...version, OutputId: '1.1' }),
      refused('ConcurrentModificationException'),
    );
    const now = { ...NAMED, CurrentApplicationVersionId: 1 };
    await assert.rejects(
      t.v1.DeleteApplicationOutput({ ...now, OutputId: '9.1' }),
      refused('ResourceNotFoundException', /9\.1/),
    );
    await assert.rejects(
      t.v1.AddApplicationInput({ ...now, Input: inputV1() }),
      refused('InvalidArgumentException', /inputs/),
    );
    await assert.rejects(
      t.v2.UpdateApplication({ ...NAMED, ApplicationConfigurationUpdate: {} }),
      refused('InvalidArgumentException', /ConditionalToken/),
    );
    await assert.rejects(create(t), refused('ResourceInUseException', /already exists/));
    await assert.rejects(
      t.v1.DeleteApplication({ ...NAMED, CreateTimestamp: 0 }),
      refused('InvalidArgumentException', /CreateTimestamp/),
    );
  });

  test('code with a fault, with the place', async () => {
    await using t = await openTestAnalytics();
    await assert.rejects(
      t.v1.CreateApplication({ ...NAMED, ApplicationCode: 'wrong' }),
      refused('CodeValidationException', /line 1, column 1/),
    );
  });

  test('a source that is not there, or two, or none', async () => {
    await using t = await openTestAnalytics();
    const attempt = (input: object) =>
      t.v1.CreateApplication({ ...NAMED, Inputs: [{ ...inputV1(), ...input }] });
    const invalid = refused('InvalidArgumentException');
    await assert.rejects(attempt(inputV1(STREAM.replace('clicks', 'absent'))), invalid);
    await assert.rejects(attempt(inputV1(DELIVERY)), invalid);
    await assert.rejects(attempt({ KinesisStreamsInput: undefined }), invalid);
    await assert.rejects(
      attempt({ KinesisFirehoseInput: { ResourceARN: DELIVERY, RoleARN: ROLE } }),
      invalid,
    );
  });

  test('more applications and tags than AWS allows', async () => {
    await using t = await openTestAnalytics({ limits: { applicationsPerAccount: 1, tagsPerApplication: 1 } });
    await create(t);
    await assert.rejects(create(t, 'other'), refused('LimitExceededException'));
    const ResourceARN = `arn:aws:kinesisanalytics:us-east-1:${ACCOUNT}:application/app`;
    await assert.rejects(
      t.v1.TagResource({ ResourceARN, Tags: [{ Key: 'b' }] }),
      refused('TooManyTagsException'),
    );
    await t.v1.UntagResource({ ResourceARN, TagKeys: ['team'] });
    await t.v1.TagResource({ ResourceARN, Tags: [{ Key: 'b' }] });
  });
});

describe('Flink applications', () => {
  const FLINK = {
    ApplicationName: 'flink',
    RuntimeEnvironment: 'FLINK-1_20',
    ServiceExecutionRole: ROLE,
    ApplicationConfiguration: {
      ApplicationCodeConfiguration: {
        CodeContentType: 'ZIPFILE',
        CodeContent: { S3ContentLocation: { BucketARN: 'arn:aws:s3:::code', FileKey: 'app.jar' } },
      },
      FlinkApplicationConfiguration: {
        ParallelismConfiguration: { ConfigurationType: 'CUSTOM', Parallelism: 4 },
      },
      EnvironmentProperties: {
        PropertyGroups: [{ PropertyGroupId: 'g', PropertyMap: new Map([['k', 'v']]) }],
      },
    },
  } as const;
  const named = { ApplicationName: 'flink' };

  test('are kept, described and updated, and say that a cluster is needed', async () => {
    await using t = await openTestAnalytics();
    await t.v2.CreateApplication(FLINK);
    await t.v2.UpdateApplication({
      ...named,
      CurrentApplicationVersionId: 1,
      RuntimeEnvironmentUpdate: 'FLINK-2_2',
      ApplicationConfigurationUpdate: {
        FlinkApplicationConfigurationUpdate: {
          ParallelismConfigurationUpdate: { ParallelismPerKPUUpdate: 2 },
        },
      },
    });
    const { ApplicationDetail } = await t.v2.DescribeApplication(named);
    assert.equal(ApplicationDetail.RuntimeEnvironment, 'FLINK-2_2');
    const { FlinkApplicationConfigurationDescription: flink, EnvironmentPropertyDescriptions: environment } =
      ApplicationDetail.ApplicationConfigurationDescription!;
    assert.deepEqual(flink?.ParallelismConfigurationDescription, {
      ConfigurationType: 'CUSTOM',
      Parallelism: 4,
      ParallelismPerKPU: 2,
      AutoScalingEnabled: true,
      CurrentParallelism: 4,
    });
    assert.equal(flink?.CheckpointConfigurationDescription?.CheckpointInterval, 60_000);
    assert.equal(environment?.PropertyGroupDescriptions?.[0]?.PropertyMap.get('k'), 'v');
    await assert.rejects(
      t.v2.StartApplication(named),
      refused('InvalidApplicationConfigurationException', /Flink cluster must be configured/),
    );
    await assert.rejects(t.v1.DescribeApplication(named), refused('UnsupportedOperationException'));
    assert.deepEqual((await t.v1.ListApplications({})).ApplicationSummaries, []);
    const { ApplicationVersionSummaries: versions } = await t.v2.ListApplicationVersions(named);
    assert.deepEqual(
      versions?.map(({ ApplicationVersionId }) => ApplicationVersionId),
      [2, 1],
    );
    const old = await t.v2.DescribeApplicationVersion({ ...named, ApplicationVersionId: 1 });
    assert.equal(old.ApplicationVersionDetail?.RuntimeEnvironment, 'FLINK-1_20');
    assert.deepEqual(await t.v2.ListApplicationSnapshots(named), { SnapshotSummaries: [] });
  });

  test('have operations that one of SQL has not', async () => {
    await using t = await openTestAnalytics();
    await create(t);
    const unsupported = refused('UnsupportedOperationException');
    await assert.rejects(t.v2.CreateApplicationSnapshot({ ...NAMED, SnapshotName: 's' }), unsupported);
    await assert.rejects(t.v2.ListApplicationSnapshots(NAMED), unsupported);
    await assert.rejects(t.v2.ListApplicationVersions(NAMED), unsupported);
    await assert.rejects(t.v2.RollbackApplication({ ...NAMED, CurrentApplicationVersionId: 1 }), unsupported);
    await assert.rejects(
      t.v2.AddApplicationVpcConfiguration({
        ...NAMED,
        CurrentApplicationVersionId: 1,
        VpcConfiguration: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      }),
      refused('InvalidApplicationConfigurationException'),
    );
    await assert.rejects(
      t.v2.CreateApplicationPresignedUrl({ ...NAMED, UrlType: 'FLINK_DASHBOARD_URL' }),
      refused('InvalidArgumentException'),
    );
    await assert.rejects(
      t.v2.UpdateApplicationMaintenanceConfiguration({
        ...NAMED,
        ApplicationMaintenanceConfigurationUpdate: { ApplicationMaintenanceWindowStartTimeUpdate: '01:00' },
      }),
      unsupported,
    );
  });
});
