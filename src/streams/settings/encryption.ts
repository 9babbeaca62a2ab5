/** Start- and StopStreamEncryption: a new data key either way, under another name for it. */
import type { Limits } from '../../config/limits.ts';
import type { Clock } from '../../host/host.ts';
import type { Call } from '../../wire/shape/operation.ts';
import {
  changeStream,
  recentChanges,
  updating,
  withChange,
  type ChangeParts,
} from '../directory/change-stream.ts';
import { resolveStream } from '../directory/resolve-stream.ts';
import { invalidArgument, limitExceeded, requireActive } from '../directory/stream-errors.ts';

export type EncryptionParts = ChangeParts & {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly stateDurationMs: number;
};
type Input = {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
  readonly StreamId?: string | undefined;
  readonly EncryptionType: 'NONE' | 'KMS';
  readonly KeyId: string;
};

/** A key's id (a GUID, or a multi-Region one), an alias's name, or the ARN of either. */
const KEY_ID =
  /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key\/[a-zA-Z0-9-]+|alias\/[a-zA-Z0-9/_-]+)|alias\/[a-zA-Z0-9/_-]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-f]{32})$/;

export async function changeEncryption(
  parts: EncryptionParts,
  input: Input,
  call: Call,
  change: 'start-encryption' | 'stop-encryption',
): Promise<Record<string, never>> {
  const stream = resolveStream(parts.directory, input, call);
  if (input.EncryptionType !== 'KMS') {
    throw invalidArgument(
      `EncryptionType ${input.EncryptionType} is not valid: the only valid value is KMS.`,
    );
  }
  if (!KEY_ID.test(input.KeyId)) throw invalidArgument(`KeyId ${input.KeyId} is not valid.`);
  const nowMs = parts.clock.now();
  await changeStream(parts, stream, (row) => {
    requireActive(row);
    if (recentChanges(row, change, nowMs).length >= parts.limits.keyChangesPerDay) {
      throw limitExceeded(
        `Server-side encryption of stream ${row.name} under account ${row.account} cannot be changed more than ` +
          `${parts.limits.keyChangesPerDay} times in a rolling 24 hour period.`,
      );
    }
    return {
      ...updating({
        kind: 'encrypt',
        dueMs: nowMs + parts.stateDurationMs,
        keyId: change === 'start-encryption' ? input.KeyId : null,
      }),
      changes_json: withChange(row, change, nowMs),
    };
  });
  return {};
}
