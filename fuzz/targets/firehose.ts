/** Whole requests of Firehose's operations down the road of a real server, and time for what they set going: buffers, deliveries, retries. */
import { operations } from '../../src/firehose/operations.ts';
import { populateFirehose } from '../firehose-dictionary.ts';
import { firehoseTree } from '../make/firehose-tree.ts';
import type { Target } from '../target.ts';
import { FIREHOSE } from '../world.ts';
import { openRoad } from './road.ts';

/** More often than what only looks. */
const CHANGES = ['CreateDeliveryStream', 'UpdateDestination', 'PutRecord', 'PutRecordBatch'];
const OFTEN = [...CHANGES, ...CHANGES, ...CHANGES, 'CreateDeliveryStream', 'PutRecordBatch'];

export const firehose: Target = {
  name: 'firehose',
  about:
    "requests of Firehose's operations, in JSON and CBOR, to the parts of a real server that delivers what is put",
  weight: 10,
  open: () =>
    openRoad({
      operations,
      often: OFTEN,
      ends: 'DeleteDeliveryStream',
      api: FIREHOSE,
      populate: populateFirehose,
      inputOf: firehoseTree,
      pauseMs: 300,
    }),
};
