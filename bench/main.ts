/** `npm run bench`: runs workloads and keeps what they gave. Never part of a test: what a busy machine measures proves nothing. */
import { HELP, readArguments, type Arguments } from './arguments.ts';
import { describeLoad } from './machine.ts';
import { keepResult, outcomeText } from './results.ts';
import { WORKLOADS } from './workloads.ts';

async function main(args: readonly string[]): Promise<number> {
  let given: Arguments;
  try {
    given = readArguments(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (given.help || given.list) {
    console.log(given.help ? HELP : WORKLOADS.map(({ name, title }) => `${name}: ${title}`).join('\n'));
    return 0;
  }
  const unknown = given.only.filter((name) => WORKLOADS.every((workload) => workload.name !== name));
  if (unknown.length > 0) {
    console.error(`There is no workload ${unknown.join(', ')}. --list names them.`);
    return 2;
  }
  let failed = 0;
  for (const workload of WORKLOADS) {
    if (given.only.length > 0 && !given.only.includes(workload.name)) continue;
    const loadBefore = describeLoad();
    try {
      const outcome = await workload.run(given.settings);
      if (given.json) console.log(JSON.stringify({ workload: workload.name, ...outcome }));
      else console.log(outcomeText(workload, outcome));
      if (given.write) await keepResult(workload, outcome, given.settings, loadBefore);
    } catch (error) {
      failed++;
      console.error(`${workload.name} failed: ${(error as Error).stack}`);
    }
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
