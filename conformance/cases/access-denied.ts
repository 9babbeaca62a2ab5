/** Another account's resource: the ARN is understood, and access to it denied. */
import { expectFailure, type Case } from '../case.ts';
import type { Input } from '../client.ts';
import { INPUTS } from '../inputs.ts';
import { MODEL } from '../model.ts';
import { inAccount } from './not-found.ts';

const OTHER_ACCOUNT = '999999999999';

export function accessDeniedCases(): Case[] {
  return Object.keys(INPUTS)
    .filter((operation) => MODEL[operation]?.errors.includes('AccessDeniedException'))
    .map((operation) => ({
      name: `${operation}: of another account's stream`,
      covers: [`op:${operation}`, `error:${operation}/AccessDeniedException`],
      run: async ({ client, streams }) => {
        const { region } = client.options;
        const { StreamName, ...rest } = INPUTS[operation] ?? {};
        const named: Input =
          'ResourceARN' in rest || 'ConsumerARN' in rest
            ? rest
            : {
                ...rest,
                StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${String(StreamName ?? 'none')}`,
              };
        const input = inAccount(named, OTHER_ACCOUNT, region);
        const failure = await client.failure(operation, input);
        const account = await streams.account();
        expectFailure(
          failure,
          'AccessDeniedException',
          new RegExp(
            `^User: arn:aws:.*${account}.* is not authorized to perform: kinesis:${operation} on resource: `,
          ),
        );
      },
    }));
}
