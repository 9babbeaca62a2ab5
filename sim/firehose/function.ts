/** A transforming function: it gives records back as they came, drops some and fails some, always the same. */
import { FunctionFailure, type FunctionAnswer } from '../../src/functions/functions.ts';
import type { Around } from './around.ts';
import { isDropped, isUnfit, nameOf } from './sent-records.ts';

export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:transform';

export const FUNCTION_TROUBLES = [
  'gone',
  'throttled',
  'fails',
  'nonsense',
  'forgets',
  'slow',
  'hangs',
] as const;

const SLOW_MS_MAX = 5_000;
const TIMEOUT_MS = 300_000;

type Event = { readonly records: readonly { readonly recordId: string; readonly data: string }[] };

export async function invokeFunction(
  around: Around<(typeof FUNCTION_TROUBLES)[number]>,
  payload: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<FunctionAnswer> {
  const { clock, dice, latency } = around;
  const trouble = dice.integer(4) === 0 ? undefined : around.trouble();
  const { records } = JSON.parse(Buffer.from(payload).toString()) as Event;
  await latency();
  signal?.throwIfAborted();
  const answer = (kind: FunctionAnswer['kind'], json: unknown): FunctionAnswer => ({
    kind,
    payload: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)),
  });
  switch (trouble) {
    case 'gone':
      throw new FunctionFailure('ResourceNotFoundException', 'There is none.', false);
    case 'throttled':
      throw new FunctionFailure('TooManyRequestsException', 'Too many.', true);
    case 'fails':
      return answer('function-error', { errorMessage: 'it failed' });
    case 'nonsense':
      return answer('ok', '<html>welcome</html>');
    case 'hangs':
      // As whoever asks a function does.
      await clock.sleep(TIMEOUT_MS, signal);
      throw new FunctionFailure('Timeout', 'It takes too long.', true);
    case 'slow':
      await clock.sleep(dice.integer(SLOW_MS_MAX), signal);
      break;
    default:
  }
  const answered = records.map(({ recordId, data }) => {
    const name = nameOf(Buffer.from(data, 'base64').toString());
    if (isDropped(name)) return { recordId, result: 'Dropped' };
    if (isUnfit(name)) return { recordId, result: 'ProcessingFailed', data };
    return { recordId, result: 'Ok', data };
  });
  return answer('ok', { records: trouble === 'forgets' ? answered.slice(1) : answered });
}
