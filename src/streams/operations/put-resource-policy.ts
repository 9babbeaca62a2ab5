import { changeStream, type ChangeParts } from '../directory/change-stream.ts';
import { resolveResource } from '../directory/resolve-stream.ts';
import { invalidArgument, requireUsable } from '../directory/stream-errors.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { arnResource } from '../directory/resources.ts';
import { Policy, ResourceARN, StreamId } from '../shapes.ts';

export const PutResourcePolicy = operation({
  name: 'PutResourcePolicy',
  action: 'kinesis:PutResourcePolicy',
  resources: arnResource,
  input: structure('PutResourcePolicyInput', {
    ResourceARN: required(ResourceARN),
    StreamId: optional(StreamId),
    Policy: required(Policy),
  }),
  output: structure('PutResourcePolicyOutput', {}),
  errors: [
    'AccessDeniedException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'InvalidArgumentException',
    'ResourceInUseException',
  ],
});

const POLICY_BYTES_MAX = 20 * 1024;

export function putResourcePolicy(parts: ChangeParts): Handler<typeof PutResourcePolicy> {
  return async (input, call) => {
    const { stream, arn } = resolveResource(parts.directory, input, call);
    checkPolicy(input.Policy);
    await changeStream(parts, stream, async (row, transaction) => {
      requireUsable(row);
      await transaction
        .insertInto('resource_policies')
        .values({ resource_arn: arn, policy: input.Policy })
        .onConflict((conflict) => conflict.column('resource_arn').doUpdateSet({ policy: input.Policy }))
        .execute();
      return {};
    });
    return {};
  };
}

/** A policy document is a JSON object with statements; what they say is checked where policies are evaluated. */
function checkPolicy(policy: string): void {
  if (Buffer.byteLength(policy) > POLICY_BYTES_MAX) {
    throw invalidArgument(`The resource policy exceeds the maximum size of ${POLICY_BYTES_MAX} bytes.`);
  }
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    throw invalidArgument('The resource policy is not valid JSON.');
  }
  const statements =
    typeof document === 'object' && document !== null && 'Statement' in document
      ? [document.Statement].flat()
      : [];
  const whole = statements.every(
    (statement) =>
      typeof statement === 'object' &&
      statement !== null &&
      'Effect' in statement &&
      ('Principal' in statement || 'NotPrincipal' in statement) &&
      ('Action' in statement || 'NotAction' in statement),
  );
  if (statements.length === 0 || !whole) {
    throw invalidArgument(
      'The resource policy must have a Statement, and each statement an Effect, a Principal and an Action.',
    );
  }
}
