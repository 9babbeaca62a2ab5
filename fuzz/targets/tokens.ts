/** Iterators, NextTokens, sequence numbers and hash keys: made by the server, changed, and read again by it and by plain arithmetic. */
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import type { Dice } from '../../src/host/host.ts';
import type { Position } from '../../src/log/log.ts';
import { parseSequenceNumber, sequenceNumber } from '../../src/streams/records/sequence-number.ts';
import { openIterator, sealIterator } from '../../src/streams/reading/shard-iterator.ts';
import { createTokens, type TokenKind } from '../../src/streams/reading/tokens.ts';
import { ServiceError } from '../../src/wire/shape/service-error.ts';
import { mutate, once, pick } from '../mutate.ts';
import { Fault, type OpenTarget, type Target } from '../target.ts';

const KINDS: readonly TokenKind[] = [
  'shard-iterator',
  'list-shards',
  'list-streams',
  'list-stream-consumers',
];
const NOW_MS = 1_795_521_600_000;

async function open(): Promise<OpenTarget> {
  const dice = createSimulatedDice(3);
  const key = dice.bytes(32);
  const mine = createTokens({ key, dice });
  const otherStart = createTokens({ key, dice });
  const stranger = createTokens({ key: dice.bytes(32), dice });
  const genuine = new Map<string, { readonly kind: TokenKind; readonly payload: string }>();
  for (const tokens of [mine, otherStart]) {
    for (const kind of KINDS) {
      for (const payload of ['', 'a/0/1/2/name', '["0","r",1]'])
        genuine.set(tokens.seal(kind, payload), { kind, payload });
    }
    const iterator = sealIterator(tokens, {
      streamId: 'id',
      streamName: 'base',
      shardIndex: 1,
      after: 5 as Position,
      issuedMs: NOW_MS,
    });
    genuine.set(iterator, { kind: 'shard-iterator', payload: `id/1/5/${NOW_MS}/base` });
  }
  const foreign = [stranger.seal('shard-iterator', 'id/1/5/0/base'), stranger.seal('list-streams', '')];
  const known = [...genuine.keys()];

  function generate(dice: Dice): Uint8Array {
    switch (dice.integer(4)) {
      case 0: {
        const token = once(dice, 4) ? pick(dice, foreign) : pick(dice, known);
        return Buffer.concat([
          Buffer.from('t'),
          once(dice, 6) ? Buffer.from(token) : mutate(dice, Buffer.from(token)),
        ]);
      }
      case 1: {
        const raw = mutate(dice, Buffer.from(pick(dice, known), 'base64'));
        return Buffer.from(`t${raw.toString(once(dice, 4) ? 'base64url' : 'base64')}`);
      }
      case 2: {
        const shard = { index: dice.integer(2 ** 20), createdSeconds: 1_700_000_000 + dice.integer(1e8) };
        const number = sequenceNumber(
          shard,
          (1 + dice.integer(2 ** 31)) as Position,
          NOW_MS + dice.integer(1e9),
        );
        const text = once(dice, 3) ? number : digitsOnly(mutate(dice, Buffer.from(number)));
        return Buffer.from(`s${text}`);
      }
      default: {
        const length = 1 + dice.integer(129);
        return Buffer.from(`s${digitsOnly(dice.bytes(length))}`);
      }
    }
  }

  function check(input: Uint8Array): string {
    const text = Buffer.from(input).toString('latin1');
    return text.startsWith('t') ? checkToken(text.slice(1)) : checkSequenceNumber(text.slice(1));
  }

  function checkToken(token: string): string {
    const real = genuine.get(token);
    for (const tokens of [mine, otherStart]) {
      for (const kind of KINDS) {
        const payload = tokens.open(kind, token);
        const expected = real?.kind === kind ? real.payload : undefined;
        if (payload !== expected)
          throw new Fault(`token of kind ${kind} opens as ${payload}, not as ${expected}`);
      }
    }
    try {
      openIterator(mine, token, NOW_MS);
      return 'iterator';
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return error.code;
    }
  }

  return { generate, check, async [Symbol.asyncDispose]() {} };
}

/** Against the layout in words: fields cut out of the number by division. */
function checkSequenceNumber(text: string): string {
  const parsed = parseSequenceNumber(text);
  if (parsed === undefined) return 'no number';
  if (parsed.version !== 2) return `version ${parsed.version}`;
  const number = BigInt(text);
  const field = (from: number, bits: number): bigint =>
    (number >> BigInt(from)) & ((1n << BigInt(bits)) - 1n);
  const position = field(80, 64);
  const index = Number(field(4, 32));
  const expected = {
    version: 2,
    createdSeconds: Number(field(148, 36)),
    shardIndex: index > 0x7fffffff ? -(index - 0x80000000) : index,
    position: position > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(position),
    after: field(72, 8) === 1n,
    seconds: Number(field(36, 36)),
  };
  for (const [name, value] of Object.entries(expected)) {
    const found = parsed[name as keyof typeof parsed];
    if (found !== value && !(found === 0 && value === 0))
      throw new Fault(`${name} of ${text} is read as ${found}, not ${value}`);
  }
  return 'sequence number';
}

/** As the model's pattern lets numbers through: 0, or 1 to 129 digits without a leading zero. */
function digitsOnly(bytes: Uint8Array): string {
  const digits = Array.from(bytes.subarray(0, 129), (byte) =>
    byte >= 48 && byte <= 57 ? byte - 48 : byte % 10,
  ).join('');
  return digits.replace(/^0+(?=\d)/, '') || '0';
}

export const tokens: Target = {
  name: 'tokens',
  about:
    'iterators, NextTokens and sequence numbers, changed: only what the server gave is taken for its own',
  weight: 8,
  open,
};
