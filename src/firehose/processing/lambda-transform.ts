/**
 * The transforming function: what is gathered goes to it in payloads of at most 6 MB, a few at once; an invocation that fails is repeated, an answer
 * is final. Sources: "Data transformation", Data Firehose developer guide, and decision 0462.
 */
import type { Functions } from '../../functions/functions.ts';
import { FunctionFailure } from '../../functions/functions.ts';
import type { Clock, Dice } from '../../host/host.ts';
import { readLambdaAnswer, type LambdaError, type Verdict } from './lambda-answer.ts';
import { eventBytesOf, lambdaEvent, recordIdOf, type LambdaSource } from './lambda-event.ts';
import { slicesOf } from './packed-records.ts';
import { PROCESSING_LIMITS } from './processing-limits.ts';
import { fail, type Item, type ProcessingRun, type ProcessingStep } from './processing-run.ts';

export type LambdaSettings = {
  readonly arn: string;
  readonly retries: number;
  /** Of data in one invocation. */
  readonly bufferBytes: number;
};

type Parts = {
  readonly functions: Functions;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly deliveryStream: { readonly arn: string; readonly region: string };
  readonly source: LambdaSource;
};

export function createLambdaTransform(settings: LambdaSettings, parts: Parts): ProcessingStep {
  const { functions, clock, dice, deliveryStream, source } = parts;

  return async (items, run) => {
    const batches = slicesOf(
      items,
      ({ data }) => data.length,
      Number.MAX_SAFE_INTEGER,
      settings.bufferBytes,
    ).flatMap((batch) =>
      slicesOf(batch, eventBytesOf, Number.MAX_SAFE_INTEGER, PROCESSING_LIMITS.payloadBytesMax),
    );
    const kept: (readonly Item[])[] = Array.from({ length: batches.length }, () => []);
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < batches.length) {
        const index = next++;
        kept[index] = await transform(batches[index]!, run);
      }
    };
    const workers = Math.min(batches.length, PROCESSING_LIMITS.invocationsAtOnce);
    await Promise.all(Array.from({ length: workers }, work));
    return kept.flat();
  };

  async function transform(items: readonly Item[], run: ProcessingRun): Promise<readonly Item[]> {
    const ids = items.map((item) => recordIdOf(item, source));
    const { verdicts, attemptsMade } = await invoke(items, ids, run.signal);
    const nowMs = clock.now();
    return items.filter((item, index) => {
      const verdict = verdicts[index]!;
      if (verdict.kind === 'ok') {
        item.data = verdict.data;
        item.keysFromLambda = verdict.keys;
        return true;
      }
      if (verdict.kind === 'dropped') run.dropped.push(item.identity);
      else {
        const type = 'processing-failed';
        fail(item, { type, ...verdict.error, attemptsMade, lambdaArn: settings.arn }, run, nowMs);
      }
      return false;
    });
  }

  async function invoke(
    items: readonly Item[],
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly verdicts: readonly Verdict[]; readonly attemptsMade: number }> {
    let pauseMs: number = PROCESSING_LIMITS.lambdaPauseMs;
    for (let attempt = 1; ; attempt++) {
      // Each attempt is an invocation of its own, of the same records.
      const payload = lambdaEvent(guid(dice), items, deliveryStream, source);
      const outcome = await attemptOnce(payload, signal);
      if ('answer' in outcome)
        return { verdicts: readLambdaAnswer(outcome.answer, ids), attemptsMade: attempt };
      if (!outcome.retryable || attempt > settings.retries) {
        const { error } = outcome;
        return { verdicts: ids.map(() => ({ kind: 'failed', error })), attemptsMade: attempt };
      }
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, PROCESSING_LIMITS.lambdaPauseMsMax);
    }
  }

  async function attemptOnce(
    payload: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ readonly answer: Uint8Array } | { readonly error: LambdaError; readonly retryable: boolean }> {
    try {
      const answer = await functions.invoke(settings.arn, payload, signal);
      if (answer.kind === 'ok') return { answer: answer.payload };
      return { error: FUNCTION_ERROR, retryable: true };
    } catch (error) {
      if (!(error instanceof FunctionFailure)) throw error;
      const { code, retryable, message } = error;
      return { error: KNOWN_FAILURES[code] ?? { code: `Lambda.${code}`, message }, retryable };
    }
  }
}

const FUNCTION_ERROR: LambdaError = {
  code: 'Lambda.FunctionError',
  message: 'The Lambda function was successfully invoked but it returned an error result.',
};

/** "Lambda invocation errors", Data Firehose developer guide; the code of the timeout is in no list, its text is. */
const KNOWN_FAILURES: Readonly<Record<string, LambdaError>> = {
  AccessDeniedException: {
    code: 'Lambda.InvokeAccessDenied',
    message: 'Access was denied. Ensure that the access policy allows access to the Lambda function.',
  },
  TooManyRequestsException: {
    code: 'Lambda.InvokeLimitExceeded',
    message: 'The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.',
  },
  ResourceNotFoundException: {
    code: 'Lambda.ResourceNotFound',
    message: 'The specified Lambda function does not exist. Use a different function that does exist.',
  },
  Timeout: {
    code: 'Lambda.FunctionTimedOut',
    message:
      'Firehose encountered timeout errors when calling AWS Lambda. The maximum supported function timeout is 5 minutes.',
  },
};

/** A random UUID, version 4. */
function guid(dice: Dice): string {
  const bytes = Buffer.from(dice.bytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
