/** `node test/jq/record.ts`: asks the real jq 1.6 what our programs give, and keeps it for the tests that run without jq. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SECTIONS } from './programs.ts';
import { jqVersion, runJq } from './real-jq.ts';

if (jqVersion() === undefined) throw new Error('There is no jq 1.6 here: apt-get install jq on Debian 12.');
const recorded: Record<string, unknown> = {};
for (const { section, inputs, programs } of SECTIONS) {
  recorded[section] = Object.fromEntries(programs.map((program) => [program, runJq(program, inputs)]));
}
writeFileSync(path.join(import.meta.dirname, 'recorded.json'), `${JSON.stringify(recorded, null, 1)}\n`);
