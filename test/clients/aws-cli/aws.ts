/** `aws kinesis …`, as typed in a shell, its JSON parsed. */
import { pythonAws } from '../boto3/suite.ts';
import type { SuiteRun } from '../suite.ts';

/** `Answer` is what the command prints; the SDK's types of the same operation say so. */
export type Aws = <Answer>(command: string, ...args: readonly string[]) => Promise<Answer>;

/** One attempt a call, over TLS: what fails is seen, and what was retried is known. */
export function awsCli(run: SuiteRun): Aws {
  return async (command, ...args) => {
    const output = await run.output({
      name: 'aws',
      command: pythonAws.program('aws'),
      args: ['kinesis', command, ...args, '--endpoint-url', run.endpoint.tlsUrl, '--output', 'json'],
      environment: run.environment({ AWS_CA_BUNDLE: run.endpoint.caFile, AWS_MAX_ATTEMPTS: '1' }),
    });
    return output.trim() === '' ? undefined : JSON.parse(output);
  };
}
