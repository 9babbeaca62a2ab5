/** All fuzz targets. */
import type { Target } from './target.ts';
import { cbor, json } from './targets/decoders.ts';
import { eventStream } from './targets/event-stream.ts';
import { headers } from './targets/headers.ts';
import { road } from './targets/road.ts';
import { tokens } from './targets/tokens.ts';

export const targets: readonly Target[] = [json, cbor, road, headers, tokens, eventStream];
