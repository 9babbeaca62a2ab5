/**
 * Reads a request's body within the byte budget. Nothing is read before its bytes are reserved: a declared length wholly
 * (twice, for the body and for what will be decoded from it); a body of unknown length first a small piece, then, if more
 * comes, the greatest length allowed. While it waits the source is not read, so the client feels the pressure, and it
 * holds nothing itself, so that requests cannot wait for each other in a circle.
 */
import type { Readable } from 'node:stream';
import { Arenas, roomIn, type Arena } from '../../base/arena.ts';
import type { ByteBudget, Hold } from '../../base/byte-budget.ts';
import type { ListenerLimits } from './listener-limits.ts';
import type { Sweep, Watched } from './sweep.ts';
import { BODY_TOO_LARGE, BUSY, MALFORMED, TOO_SLOW, type TransportError } from './transport-error.ts';

const HOLD_PER_BODY_BYTE = 2;
/** Of a body of unknown length: what is read before all it might be is reserved. */
const FIRST_PIECE_BYTES = 32 * 1024;

const NOTHING = Buffer.alloc(0);

const arenas = new Arenas(12 * 1024 * 1024);

export type BodyOutcome =
  /** `release` gives back the budget and the bytes themselves: nothing may look at them any more. */
  | { readonly kind: 'whole'; readonly bytes: Uint8Array; readonly release: () => void }
  | { readonly kind: 'refused'; readonly error: TransportError }
  | { readonly kind: 'gone' };

/** Paused while memory is waited for. */
export type BodySource = { pause(): unknown; resume(): unknown };

export type BodyParts = {
  readonly budget: ByteBudget;
  readonly limits: ListenerLimits;
  readonly sweep: Sweep;
};

/** `accepted` is called before anything is read: the place to send `100 Continue`. A refused source is left paused. */
export function readBody(
  source: Readable,
  declared: number | undefined,
  parts: BodyParts,
  accepted: () => void,
): Promise<BodyOutcome> {
  if (declared !== undefined && declared > parts.limits.bodyBytesMax) {
    return Promise.resolve({ kind: 'refused', error: BODY_TOO_LARGE });
  }
  return new Promise((resolve) => {
    const onData = (chunk: Buffer): void => void reader.take(chunk);
    const onEnd = (): void => reader.end();
    const onClose = (): void => reader.close();
    const reader = new BodyReader(source, declared, parts, (outcome) => {
      source.off('data', onData);
      source.off('end', onEnd);
      source.off('close', onClose);
      resolve(outcome);
    });
    source.on('close', onClose);
    reader.start(() => {
      accepted();
      source.on('end', onEnd);
      source.on('data', onData);
    });
  });
}

/** Of a body that lies whole in memory already; undefined when its bytes are not free. */
export function holdBody(bytes: number, budget: ByteBudget): Hold | undefined {
  return budget.take(bytes * HOLD_PER_BODY_BYTE);
}

/** Whoever owns the source gives its bytes to `take`, then calls `end`, or `close` when no more can come. */
export class BodyReader implements Watched {
  readonly #source: BodySource;
  readonly #declared: number | undefined;
  readonly #parts: BodyParts;
  readonly #resolve: (outcome: BodyOutcome) => void;
  #hold: Hold | undefined;
  /** Present while the reader waits for the budget. */
  #waiting: AbortController | undefined;
  #receivedSinceMs = 0;
  #received = 0;
  /** What has come of the body; one of more than one chunk is copied together as it comes. */
  #target: Buffer | undefined;
  #arena: Arena | undefined;
  #ended = false;
  #settled = false;

  constructor(
    source: BodySource,
    declared: number | undefined,
    parts: BodyParts,
    resolve: (outcome: BodyOutcome) => void,
  ) {
    this.#source = source;
    this.#declared = declared;
    this.#parts = parts;
    this.#resolve = resolve;
  }

  /** `accepted` is called when bytes may be given, at once or later; the declared length is no more than is allowed. */
  start(accepted: () => void): void {
    const bytes = (this.#declared ?? FIRST_PIECE_BYTES) * HOLD_PER_BODY_BYTE;
    const hold = this.#parts.budget.take(bytes);
    if (hold === undefined) void this.#wait(bytes, () => this.#read(accepted));
    else {
      this.#hold = hold;
      this.#read(accepted);
    }
  }

  /** A body must come at the least rate, after a grace; time spent waiting for memory does not count. */
  check(nowMs: number): void {
    if (this.#waiting !== undefined) return;
    const { limits, budget } = this.#parts;
    const elapsedMs = nowMs - this.#receivedSinceMs;
    if (elapsedMs <= limits.transferGraceMs) return;
    const rate = budget.waiting > 0 ? limits.contendedBytesPerSecondMin : limits.transferBytesPerSecondMin;
    if (this.#received < (rate * elapsedMs) / 1000) this.#refuse(TOO_SLOW);
  }

  #read(accepted: () => void): void {
    this.#receivedSinceMs = this.#parts.sweep.now();
    this.#parts.sweep.watch(this);
    accepted();
  }

  async #wait(bytes: number, then: () => void): Promise<void> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const beganMs = this.#parts.sweep.now();
    try {
      const hold = await this.#parts.budget.reserve(bytes, waiting.signal);
      this.#waiting = undefined;
      if (this.#settled) {
        hold.release();
        return;
      }
      this.#hold = hold;
      this.#receivedSinceMs += this.#parts.sweep.now() - beganMs;
      then();
    } catch {
      this.#refuse(BUSY);
    }
  }

  /** Tells whether the chunk itself goes on being needed. */
  take(chunk: Buffer): 'kept' | 'copied' {
    if (this.#settled) return 'copied';
    this.#received += chunk.length;
    const declared = this.#declared;
    if (declared === undefined) {
      if (this.#received > this.#parts.limits.bodyBytesMax) {
        this.#refuse(BODY_TOO_LARGE);
        return 'copied';
      }
      this.#append(chunk);
      if (this.#received > FIRST_PIECE_BYTES && this.#waiting === undefined) this.#reserveWhole();
    } else if (this.#received > declared) {
      this.#refuse(MALFORMED);
    } else if (chunk.length === declared) {
      this.#target = chunk;
      return 'kept';
    } else {
      this.#target ??= roomIn((this.#arena = arenas.take()), declared).subarray(0, declared);
      chunk.copy(this.#target, this.#received - chunk.length);
    }
    return 'copied';
  }

  /** Copied together at once too: views of a body that comes byte by byte would take many times its memory. */
  #append(chunk: Buffer): void {
    const before = this.#received - chunk.length;
    const arena = (this.#arena ??= arenas.take());
    if (arena.bytes.length < this.#received) {
      const doubled = Math.min(2 * before, this.#parts.limits.bodyBytesMax);
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#received, doubled));
      arena.bytes.copy(larger, 0, 0, before);
      arena.bytes = larger;
    }
    chunk.copy(arena.bytes, before);
    this.#target = arena.bytes.subarray(0, this.#received);
  }

  /** What came of a body of unknown length is more than the first piece: give that back and reserve the most it may become. */
  #reserveWhole(): void {
    const bytes = this.#parts.limits.bodyBytesMax * HOLD_PER_BODY_BYTE;
    const held = this.#hold;
    if (held === undefined || held.bytes > FIRST_PIECE_BYTES * HOLD_PER_BODY_BYTE) return;
    held.release();
    this.#hold = this.#parts.budget.take(bytes);
    if (this.#hold !== undefined) return;
    this.#source.pause();
    void this.#wait(bytes, () => {
      if (this.#ended) this.end();
      else this.#source.resume();
    });
  }

  end(): void {
    const hold = this.#hold;
    this.#ended = true;
    if (hold === undefined || this.#waiting !== undefined) return;
    if (this.#declared !== undefined && this.#received < this.#declared) {
      this.#refuse(MALFORMED);
      return;
    }
    const bytes = this.#target ?? NOTHING;
    hold.shrink(bytes.length * HOLD_PER_BODY_BYTE);
    const arena = this.#arena;
    this.#settle({
      kind: 'whole',
      bytes,
      release: () => {
        hold.release();
        if (arena !== undefined) arenas.give(arena);
      },
    });
  }

  close(): void {
    if (this.#settled) return;
    this.#hold?.release();
    this.#settle({ kind: 'gone' });
  }

  #refuse(error: TransportError): void {
    this.#hold?.release();
    this.#source.pause();
    this.#settle({ kind: 'refused', error });
  }

  #settle(outcome: BodyOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#parts.sweep.forget(this);
    if (outcome.kind !== 'whole' && this.#arena !== undefined) arenas.give(this.#arena);
    this.#target = undefined;
    this.#waiting?.abort(new Error('the request is over'));
    this.#waiting = undefined;
    this.#resolve(outcome);
  }
}
