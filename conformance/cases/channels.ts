/** The five Channel operations, newer than the model: an endpoint that has none says so with a typed error. */
import * as assert from 'node:assert/strict';
import type { Case } from '../case.ts';
import type { Input } from '../client.ts';

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:channel/none';

const INPUTS: { readonly [operation: string]: Input } = {
  CreateChannel: {
    ChannelName: 'none',
    ServiceExecutionRoleARN: 'arn:aws:iam::000000000000:role/none',
    StreamConfigurationList: [],
  },
  DeleteChannel: { ChannelARN: ARN },
  DescribeChannel: { ChannelARN: ARN },
  ListChannels: {},
  UpdateChannel: { ChannelARN: ARN },
};

export function channelCases(): Case[] {
  return Object.entries(INPUTS).map(([operation, input]) => ({
    name: `${operation}: known, or refused with a typed error`,
    covers: [`op:${operation}`],
    run: async ({ client }) => {
      const failure = await client.outcome(operation, input);
      if (failure === undefined) return;
      assert.equal(failure.status, 400);
      assert.match(failure.code, /Exception$/);
      assert.notEqual(failure.code, 'UnknownOperationException');
      assert.ok(failure.message.length > 0);
    },
  }));
}
