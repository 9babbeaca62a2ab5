/** Whole requests of both APIs of Analytics down the road of a real server, and time for what they set going: applications that start, run and stop. */
import type { Dice } from '../../src/host/host.ts';
import { operationsV1, operationsV2 } from '../../src/analytics/operations.ts';
import type { StructureShape } from '../../src/wire/shape/shape.ts';
import { populateAnalytics } from '../analytics-dictionary.ts';
import { analyticsTree } from '../make/analytics-tree.ts';
import type { Dictionary, Tree } from '../make/tree.ts';
import type { Target } from '../target.ts';
import { ANALYTICS_V1, ANALYTICS_V2, type Api } from '../world.ts';
import { openRoad } from './road.ts';

/** More often than what only looks. */
const CHANGES = ['CreateApplication', 'UpdateApplication', 'StartApplication', 'DiscoverInputSchema'];
const OFTEN = [...CHANGES, ...CHANGES, ...CHANGES, 'StopApplication', 'CreateApplication'];

function targetOf(
  name: string,
  api: Api,
  operations: Readonly<Record<string, { readonly input: unknown }>>,
): Target {
  return {
    name,
    about: `requests of Analytics (${api.targetPrefix}), in JSON and CBOR, to the parts of a real server that runs applications`,
    weight: 8,
    open: () =>
      openRoad({
        ...{ operations, api },
        often: OFTEN,
        ends: 'DeleteApplication',
        populate: populateAnalytics,
        inputOf: (dice: Dice, operation: string, shape: StructureShape, dictionary: Dictionary): Tree =>
          analyticsTree(dice, operation, shape, dictionary),
        pauseMs: 300,
      }),
  };
}

export const analytics = targetOf('analytics', ANALYTICS_V2, operationsV2);
export const analyticsV1 = targetOf('analytics-v1', ANALYTICS_V1, operationsV1);
