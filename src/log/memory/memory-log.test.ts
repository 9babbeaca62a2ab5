import { describeRecordLog } from '../contract.ts';
import { openMemoryLog } from './memory-log.ts';

describeRecordLog('The memory engine', async () => ({ log: openMemoryLog() }));
