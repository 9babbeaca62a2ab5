/**
 * `npm run conformance -- URL`: runs the cases against any Kinesis and Firehose endpoint (Millrace, a peer, AWS) and says what it does
 * differently. It creates streams of its own (named `conformance-…`) and deletes them.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { allCases } from './cases.ts';
import { Client } from './client.ts';
import { firehoseCases } from './firehose/cases.ts';
import { MILLRACE, start } from './endpoint.ts';
import { runCases, type Outcome } from './run.ts';

const HELP = `usage: npm run conformance -- [options] [URL]

Runs black-box cases against the Kinesis endpoint at URL, or, without one, against a Millrace started from this checkout.

  --only TEXT          only cases whose name or coverage contains TEXT (may be repeated)
  --region REGION      region to sign for (default: AWS_REGION, else us-east-1)
  --concurrency N      cases at once (default 8)
  --slow               also cases that wait for over five minutes (expiry)
  --insecure           do not check the endpoint's certificate
  --json               print the outcomes as JSON
  --list               print the cases and what they cover; run nothing
  --expect FILE        fail only where FILE (a list of names that may fail) does not name the case
Credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (default: a key of the account 000000000000).
Exit code: 0 when every case passed, 1 when one failed, 2 on a usage error.`;

async function main(): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true },
        region: { type: 'string' },
        concurrency: { type: 'string', default: '8' },
        insecure: { type: 'boolean', default: false },
        slow: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        expect: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  const { values, positionals } = parsed;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const wanted = values.only ?? [];
  const cases = [...allCases(), ...firehoseCases()].filter(
    (one) =>
      wanted.length === 0 ||
      wanted.some((text) => [one.name, ...one.covers].some((name) => name.includes(text))),
  );
  if (values.list) {
    for (const one of cases) console.log(`${one.name}  [${one.covers.join(', ')}]`);
    return 0;
  }
  const [address] = positionals;
  const concurrency = Number(values.concurrency);
  if (positionals.length > 1 || (address !== undefined && !URL.canParse(address)) || !(concurrency >= 1)) {
    console.error(HELP);
    return 2;
  }
  if (cases.length === 0) {
    console.error(`no case matches ${wanted.join(', ')}`);
    return 2;
  }
  const endpoint = address === undefined ? await start(MILLRACE) : undefined;
  const client =
    endpoint?.client ??
    new Client({
      url: new URL(address ?? ''),
      region: values.region ?? process.env['AWS_REGION'] ?? 'us-east-1',
      credentials: {
        accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '000000000000',
        secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? 'conformance',
        sessionToken: process.env['AWS_SESSION_TOKEN'],
      },
      insecure: values.insecure,
    });
  const allowed = new Set(
    values.expect === undefined ? [] : (await readFile(values.expect, 'utf8')).split('\n').filter(Boolean),
  );
  const outcomes = await runCases(cases, client, {
    concurrency,
    slow: values.slow,
    onOutcome: values.json ? () => {} : report,
  });
  client.close();
  await endpoint?.[Symbol.asyncDispose]();
  const failed = outcomes.filter((outcome) => outcome.result === 'failed');
  if (values.json) console.log(JSON.stringify(outcomes, null, 2));
  else summarize(outcomes);
  return failed.every((outcome) => allowed.has(outcome.name)) ? 0 : 1;
}

function report(outcome: Outcome): void {
  if (outcome.result === 'passed') return;
  console.log(`${outcome.result === 'failed' ? 'FAILED ' : 'skipped'} ${outcome.name}`);
  console.log(outcome.detail.replace(/^/gm, '          '));
}

function summarize(outcomes: readonly Outcome[]): void {
  const count = (result: Outcome['result']): number =>
    outcomes.filter((outcome) => outcome.result === result).length;
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
}

process.exitCode = await main();
