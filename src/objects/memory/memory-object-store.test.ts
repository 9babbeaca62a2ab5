import { createSimulatedClock } from '../../host/simulated/clock.ts';
import { describeObjectStore } from '../contract.ts';
import { createMemoryObjectStore } from './memory-object-store.ts';

const store = createMemoryObjectStore(createSimulatedClock());
describeObjectStore('The memory store', async () => store);
