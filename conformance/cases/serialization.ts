/** Type errors, in the words of the service; the key is `Message`, and they come before any constraint. */
import type { Case } from '../case.ts';
import { JSON_TYPE } from '../client.ts';

type Wrong = readonly [operation: string, body: string, message: string];

const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber';
const STRUCTURE = 'Start of structure or map found where not expected.';
const LIST = 'Start of list found where not expected';

const WRONG: readonly Wrong[] = [
  ['DescribeStream', '{"StreamName":true}', 'class java.lang.Boolean can not be converted to an String'],
  ['DescribeStream', '{"StreamName":23}', `${NUMBER} can not be converted to an String`],
  ['DescribeStream', '{"StreamName":[]}', LIST],
  ['DescribeStream', '{"StreamName":{}}', STRUCTURE],
  ['DescribeStream', '{"Limit":true}', 'class java.lang.Boolean can not be converted to an Integer'],
  ['DescribeStream', '{"Limit":"23"}', 'class java.lang.String can not be converted to an Integer'],
  ['DescribeStream', '{"Limit":[]}', LIST],
  ['DescribeStream', '{"Limit":{}}', STRUCTURE],
  ['DeleteStream', '{"EnforceConsumerDeletion":23}', `${NUMBER} can not be converted to an Boolean`],
  ['DeleteStream', '{"EnforceConsumerDeletion":"hm"}', "'HM' can not be converted to an Boolean"],
  ['PutRecord', '{"Data":true}', 'class java.lang.Boolean can not be converted to a Blob'],
  ['PutRecord', '{"Data":23}', `${NUMBER} can not be converted to a Blob`],
  [
    'PutRecord',
    '{"Data":"hello"}',
    "'hello' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
  ],
  ['PutRecord', '{"Data":"=+/="}', "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
  [
    'PutRecord',
    '{"Data":"+/+="}',
    "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
  ],
  ['PutRecords', '{"Records":"hello"}', 'Expected list or null'],
  ['PutRecords', '{"Records":{}}', STRUCTURE],
  ['PutRecords', '{"Records":["hello"]}', 'Expected null'],
  ['PutRecords', '{"Records":[[]]}', LIST],
  ['AddTagsToStream', '{"Tags":"hello"}', 'Expected map or null'],
  ['AddTagsToStream', '{"Tags":[]}', LIST],
  ['AddTagsToStream', '{"Tags":{"a":23}}', `${NUMBER} can not be converted to an String`],
  [
    'GetShardIterator',
    '{"Timestamp":true}',
    'class java.lang.Boolean can not be converted to milliseconds since epoch',
  ],
  [
    'GetShardIterator',
    '{"Timestamp":"hello"}',
    'class java.lang.String can not be converted to milliseconds since epoch',
  ],
  ['GetShardIterator', '{"Timestamp":[]}', LIST],
  ['GetShardIterator', '{"Timestamp":{}}', STRUCTURE],
];

export function serializationCases(): Case[] {
  return WRONG.map(([operation, body, message]) => ({
    name: `serialization: ${operation} ${body}`,
    covers: [`op:${operation}`, 'behaviour:7'],
    run: async ({ client }) => {
      const answer = await client.send({
        headers: { 'content-type': JSON_TYPE, 'x-amz-target': `Kinesis_20131202.${operation}` },
        body,
      });
      const wanted = JSON.stringify({ __type: 'SerializationException', Message: message });
      const got = answer.body.toString();
      if (answer.status !== 400 || got !== wanted)
        throw new Error(`expected 400\n  ${wanted}\ngot ${answer.status}\n  ${got}`);
    },
  }));
}
