import assert from 'node:assert/strict';
import test from 'node:test';
import { ACCOUNT, call, openControlPlane, serviceError } from '../control-plane.testing.ts';

test('a stream is named by name, ARN, id, or several of them that agree', async () => {
  await using plane = await openControlPlane();
  const { arn, id } = await plane.create();
  await plane.create('others');
  const describe = (input: object, by = call()) => plane.client.DescribeStreamSummary(input, by);
  for (const input of [
    { StreamName: 'orders' },
    { StreamARN: arn },
    { StreamId: id },
    { StreamName: 'orders', StreamARN: arn },
    { StreamName: 'orders', StreamARN: arn, StreamId: id },
  ]) {
    assert.equal((await describe(input)).StreamDescriptionSummary.StreamARN, arn);
  }
  const refused = (input: object, code: string, message: string | RegExp, by = call()) =>
    assert.rejects(describe(input, by), serviceError(code, message));
  await refused({}, 'InvalidArgumentException', 'Either StreamName or StreamARN should be provided.');
  await refused(
    { StreamName: 'others', StreamARN: arn },
    'InvalidArgumentException',
    /do not identify the same/,
  );
  await refused({ StreamName: 'others', StreamId: id }, 'InvalidArgumentException', /does not identify/);
  await refused(
    { StreamARN: `${arn}/consumer/a:1` },
    'InvalidArgumentException',
    /is not the ARN of a stream/,
  );
  await refused({ StreamARN: 'arn:aws:kinesis::stream/x' }, 'InvalidArgumentException', /not the ARN/);
  const notFound = `Stream orders under account ${ACCOUNT} not found.`;
  await refused({ StreamARN: arn }, 'ResourceNotFoundException', notFound, call(ACCOUNT, 'eu-west-1'));
  await refused({ StreamARN: arn.replace('us-east-1', 'eu-west-1') }, 'ResourceNotFoundException', notFound);
  await refused({ StreamId: id }, 'ResourceNotFoundException', /not found/, call('111111111111'));
  await refused(
    { StreamName: 'orders' },
    'ResourceNotFoundException',
    'Stream orders under account 111111111111 not found.',
    call('111111111111'),
  );
});

test("an ARN has its region's partition", async () => {
  await using plane = await openControlPlane();
  for (const [region, partition] of [
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eusc-de-east-1', 'aws-eusc'],
  ]) {
    const by = call(ACCOUNT, region);
    await plane.client.CreateStream({ StreamName: 'orders', ShardCount: 1 }, by);
    const arn = `arn:${partition}:kinesis:${region}:${ACCOUNT}:stream/orders`;
    const { StreamDescriptionSummary } = await plane.client.DescribeStreamSummary({ StreamARN: arn }, by);
    assert.equal(StreamDescriptionSummary.StreamARN, arn);
  }
});
