/** The declared structures against the installed AWS SDK: every member with its kind and whether it is required. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-firehose';
import type { StructureShape } from '../../wire/shape/shape.ts';
import { linesOfSchema, linesOfShape, type Schema } from '../../wire/shape/testing/sdk-lines.ts';
import { compileValidator } from '../../wire/shape/validator.ts';
import * as conversion from './conversion.ts';
import * as descriptions from './descriptions.ts';
import * as encryption from './encryption.ts';
import * as httpEndpoint from './http-endpoint.ts';
import * as iceberg from './iceberg.ts';
import * as names from './names.ts';
import * as processing from './processing.ts';
import * as put from './put.ts';
import * as redshift from './redshift.ts';
import * as s3 from './s3.ts';
import * as search from './search.ts';
import * as snowflake from './snowflake.ts';
import * as sources from './sources.ts';
import * as splunk from './splunk.ts';
import * as tags from './tags.ts';

const files = [
  ...[conversion, descriptions, encryption, httpEndpoint, iceberg, names, processing, put, redshift],
  ...[s3, search, snowflake, sources, splunk, tags],
];
const structures = files
  .flatMap((file) => Object.values(file))
  .filter((shape): shape is StructureShape => shape.kind === 'structure');

test('every structure is declared as the SDK knows it', () => {
  const declared = new Set<string>();
  for (const shape of structures) linesOfShape(shape, declared);
  const known = new Set<string>();
  // The inputs and outputs of operations are declared with the operations, and compared there.
  for (const [name, schema] of Object.entries(sdk)) {
    if (/(In|Out)put\$$/.test(name) && !name.startsWith('DeliveryStreamEncryption')) continue;
    if (Array.isArray(schema) && schema[0] === 3) linesOfSchema(schema as Schema, known);
  }
  assert.ok(known.size > 400, `${known.size} members of the SDK were read`);
  assert.deepEqual([...declared.difference(known)], []);
  assert.deepEqual([...known.difference(declared)], []);
});

test('the constraints of every structure can be checked', () => {
  for (const shape of structures) assert.ok(compileValidator(shape, 'com.amazonaws.firehose'));
});
