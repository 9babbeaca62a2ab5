/** The thread of a fuzz target: see `work.ts`. */
import { targets } from './targets.ts';
import { work } from './work.ts';

await work(targets);
