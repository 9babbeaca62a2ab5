import assert from 'node:assert/strict';
import test from 'node:test';
import { ACCOUNT, call, openControlPlane, serviceError, STATE_MS } from './control-plane.testing.ts';

test('a consumer is CREATING, ACTIVE, DELETING and gone; its ARN ends with its creation second', async () => {
  await using plane = await openControlPlane();
  const { arn } = await plane.create();
  const seconds = Math.floor(plane.clock.now() / 1000);
  const { Consumer } = await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  assert.deepEqual(Consumer, {
    ConsumerName: 'reader',
    ConsumerARN: `${arn}/consumer/reader:${seconds}`,
    ConsumerStatus: 'CREATING',
    ConsumerCreationTimestamp: seconds * 1000,
  });
  await plane.settle();
  const described = await plane.client.DescribeStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  assert.deepEqual(described.ConsumerDescription, { ...Consumer, ConsumerStatus: 'ACTIVE', StreamARN: arn });
  assert.deepEqual(
    await plane.client.DescribeStreamConsumer({ ConsumerARN: Consumer.ConsumerARN }),
    described,
  );
  await plane.client.DeregisterStreamConsumer({ ConsumerARN: Consumer.ConsumerARN });
  assert.equal(plane.stream().consumers[0]!.status, 'DELETING');
  await plane.settle();
  await assert.rejects(
    plane.client.DescribeStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' }),
    serviceError('ResourceNotFoundException', `Consumer reader, account ${ACCOUNT} not found.`),
  );
  const again = await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  assert.notEqual(again.Consumer.ConsumerARN, Consumer.ConsumerARN);
});

test('consumers are deleted with their stream, as they say meanwhile', async () => {
  await using plane = await openControlPlane();
  const { arn } = await plane.create();
  await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' });
  await plane.settle();
  await plane.client.DeleteStream({ StreamARN: arn, EnforceConsumerDeletion: true });
  await plane.restart();
  const { Consumers } = await plane.client.ListStreamConsumers({ StreamARN: arn });
  assert.deepEqual(
    Consumers!.map((consumer) => consumer.ConsumerStatus),
    ['DELETING'],
  );
  await plane.settle();
  await assert.rejects(plane.client.ListStreamConsumers({ StreamARN: arn }), {
    name: 'ResourceNotFoundException',
  });
  assert.deepEqual(plane.failures, []);
});

test('consumers settle each at its own time', async () => {
  await using plane = await openControlPlane();
  const { arn } = await plane.create();
  await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'a' });
  await plane.clock.advance(STATE_MS / 2);
  await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'b' });
  await plane.clock.advance(STATE_MS / 2);
  await plane.turn();
  assert.deepEqual(
    plane.stream().consumers.map((consumer) => consumer.status),
    ['ACTIVE', 'CREATING'],
  );
  await plane.settle();
  assert.equal(plane.stream().consumers[1]!.status, 'ACTIVE');
});

test('names, counts and missing parameters are refused', async () => {
  await using plane = await openControlPlane({
    limits: { consumersPerStream: 2, consumersCreatingPerStream: 1 },
  });
  const { arn } = await plane.create();
  const register = (ConsumerName: string) =>
    plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName });
  await register('a');
  await assert.rejects(register('a'), serviceError('ResourceInUseException', /Consumer a .* already exists/));
  await assert.rejects(register('b'), serviceError('LimitExceededException', /in the CREATING state/));
  await plane.settle();
  await register('b');
  await plane.settle();
  await assert.rejects(register('c'), serviceError('LimitExceededException', /already has 2 registered/));
  await assert.rejects(
    plane.client.DescribeStreamConsumer({ ConsumerName: 'a' }),
    serviceError('InvalidArgumentException', /Either ConsumerARN or both/),
  );
  await assert.rejects(
    plane.client.DescribeStreamConsumer({ StreamARN: arn }),
    serviceError('InvalidArgumentException', /Either ConsumerARN or both/),
  );
  const { arn: consumerArn } = plane.stream().consumers[0]!;
  await assert.rejects(
    plane.client.DescribeStreamConsumer({ ConsumerARN: consumerArn, ConsumerName: 'b' }),
    serviceError('InvalidArgumentException', /conflict/),
  );
  await plane.client.DescribeStreamConsumer({ ConsumerARN: consumerArn, ConsumerName: 'a', StreamARN: arn });
  await assert.rejects(
    plane.client.DescribeStreamConsumer({ ConsumerARN: `${consumerArn}0` }),
    serviceError('ResourceNotFoundException', `Consumer ${consumerArn}0, account ${ACCOUNT} not found.`),
  );
  await assert.rejects(
    plane.client.RegisterStreamConsumer({ StreamARN: `${arn}x`, ConsumerName: 'a' }),
    serviceError('ResourceNotFoundException', `Stream ordersx under account ${ACCOUNT} not found.`),
  );
});

test('consumers are listed by name, page by page', async () => {
  await using plane = await openControlPlane();
  const { arn } = await plane.create();
  for (const name of ['c', 'a', 'b'])
    await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: name });
  const first = await plane.client.ListStreamConsumers({ StreamARN: arn, MaxResults: 2 });
  const rest = await plane.client.ListStreamConsumers({ StreamARN: arn, NextToken: first.NextToken });
  assert.deepEqual(
    [...first.Consumers!, ...rest.Consumers!].map((consumer) => consumer.ConsumerName),
    ['a', 'b', 'c'],
  );
  assert.equal(rest.NextToken, undefined);
  await assert.rejects(
    plane.client.ListStreamConsumers({
      StreamARN: arn,
      NextToken: first.NextToken,
      StreamCreationTimestamp: 0,
    }),
    { name: 'InvalidArgumentException' },
  );
  await assert.rejects(plane.client.ListStreamConsumers({ StreamARN: arn, NextToken: 'x' }), {
    name: 'InvalidArgumentException',
  });
  await plane.clock.advance(300_001);
  await assert.rejects(plane.client.ListStreamConsumers({ StreamARN: arn, NextToken: first.NextToken }), {
    name: 'ExpiredNextTokenException',
  });
});

test('on-demand streams of accounts with a commitment may have 50 consumers', async () => {
  await using plane = await openControlPlane({
    limits: { consumersPerStream: 20, consumersPerAdvantageStream: 50 },
  });
  await plane.client.CreateStream({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await plane.client.UpdateAccountSettings({ MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
  await plane.settle();
  const { arn } = plane.stream();
  for (let at = 0; at < 50; at++)
    await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: `c${at}` });
  await assert.rejects(plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'x' }), {
    name: 'LimitExceededException',
  });
});

test('tags of a consumer are its own and go with it', async () => {
  await using plane = await openControlPlane();
  const { arn } = await plane.create();
  const { Consumer } = await plane.client.RegisterStreamConsumer({
    StreamARN: arn,
    ConsumerName: 'reader',
    Tags: new Map([['team', 'a']]),
  });
  await plane.client.TagResource({ ResourceARN: Consumer.ConsumerARN, Tags: new Map([['cost', '1']]) });
  assert.deepEqual((await plane.client.ListTagsForResource({ ResourceARN: Consumer.ConsumerARN })).Tags, [
    { Key: 'cost', Value: '1' },
    { Key: 'team', Value: 'a' },
  ]);
  assert.deepEqual((await plane.client.ListTagsForResource({ ResourceARN: arn })).Tags, []);
  await plane.client.UntagResource({ ResourceARN: Consumer.ConsumerARN, TagKeys: ['cost', 'none'] });
  await plane.client.DeregisterStreamConsumer({ ConsumerARN: Consumer.ConsumerARN });
  await plane.settle();
  await assert.rejects(plane.client.ListTagsForResource({ ResourceARN: Consumer.ConsumerARN }), {
    name: 'ResourceNotFoundException',
  });
  const rows = await plane.catalog.read((transaction) =>
    transaction.selectFrom('tags').selectAll().execute(),
  );
  assert.deepEqual(rows, []);
});

test('an ARN of another account finds that account; authorization has been before', async () => {
  await using plane = await openControlPlane();
  const { arn } = await plane.create();
  const { StreamDescriptionSummary } = await plane.client.DescribeStreamSummary(
    { StreamARN: arn },
    call('111111111111'),
  );
  assert.equal(StreamDescriptionSummary.StreamARN, arn);
});

test('a consumer that was hardly there leaves its name after the second of its ARN', async () => {
  await using plane = await openControlPlane();
  await plane.clock.advance(STATE_MS);
  const { arn } = await plane.create();
  const register = async () =>
    (await plane.client.RegisterStreamConsumer({ StreamARN: arn, ConsumerName: 'reader' })).Consumer
      .ConsumerARN;
  const first = await register();
  await plane.client.DeregisterStreamConsumer({ ConsumerARN: first });
  await plane.settle();
  assert.equal(plane.stream().consumers[0]!.status, 'DELETING');
  await plane.settle();
  assert.notEqual(await register(), first);
});
