/**
 * One case for every constraint of the model: a well-formed input with that one constraint broken must be refused with
 * ValidationException, in AWS's words. (A value may break a second constraint too, as the empty string does: the message then names both.)
 */
import { expectFailure, type Case } from './case.ts';
import type { Input } from './client.ts';
import { INPUTS } from './inputs.ts';
import { MODEL, type Constraint } from './model.ts';

/** Constraints on the plain values of a list are told of the list. */
const IN_A_LIST = 'Member must satisfy constraint: [';

type Broken = { readonly value: unknown; readonly says: string };

export function constraintCases(): Case[] {
  return Object.entries(MODEL).flatMap(([operation, { constraints }]) =>
    constraints.map((constraint) => {
      const [path, rule] = constraint;
      return {
        name: `${operation}: ${path} ${rule}`,
        covers: [
          `op:${operation}`,
          `constraint:${operation}/${path}/${rule}`,
          `error:${operation}/ValidationException`,
        ] as const,
        run: async ({ client }) => {
          const { value, says } = broken(constraint);
          const failure = await client.failure(operation, withValue(INPUTS[operation] ?? {}, path, value));
          expectFailure(failure, 'ValidationException', /^[1-9]\d* validation errors? detected: /);
          const inside = path.endsWith('[]') ? IN_A_LIST : '';
          const at = `at '${wirePath(path)}' failed to satisfy constraint: ${inside}`;
          if (!failure.message.includes(at) || !failure.message.includes(says))
            throw new Error(`expected a message with\n  ${at}… ${says}\ngot\n  ${failure.message}`);
        },
      } satisfies Case;
    }),
  );
}

/** A value that breaks the constraint, and the words that AWS has for it. */
function broken(constraint: Constraint): Broken {
  const [path, rule, bound] = constraint;
  switch (rule) {
    case 'required':
      return { value: undefined, says: 'Member must not be null' };
    case 'min':
      return { value: bound - 1, says: `Member must have value greater than or equal to ${bound}` };
    case 'max':
      return { value: bound + 1, says: `Member must have value less than or equal to ${bound}` };
    case 'lengthMin':
      return {
        value: ofLength(path, bound - 1),
        says: `Member must have length greater than or equal to ${bound}`,
      };
    case 'lengthMax':
      return {
        value: ofLength(path, bound + 1),
        says: `Member must have length less than or equal to ${bound}`,
      };
    case 'pattern':
      return { value: '!', says: `Member must satisfy regular expression pattern: ${bound}` };
    case 'values':
      return { value: 'neverAValue', says: 'Member must satisfy enum value set: [' };
    case 'keyLength':
      return {
        value: { ['k'.repeat(bound[1] + 1)]: 'v' },
        says: `Map keys must satisfy constraint: [Member must have length less than or equal to ${bound[1]}, Member must have length greater than or equal to ${bound[0]}`,
      };
    case 'valueLength':
      return {
        value: { k: 'v'.repeat(bound[1] + 1) },
        says: `Map value must satisfy constraint: [Member must have length less than or equal to ${bound[1]}, Member must have length greater than or equal to ${bound[0]}`,
      };
  }
}

/** A value of the kind that the path's last member has, of the given length. */
function ofLength(path: string, length: number): unknown {
  const member = path.split('.').at(-1) ?? '';
  if (member === 'Records')
    return Array.from({ length }, () => ({ PartitionKey: 'k', Data: Buffer.from('d') }));
  if (member === 'Data') return Buffer.alloc(length);
  if (member === 'Tags') return Object.fromEntries(Array.from({ length }, (_, n) => [`k${n}`, 'v']));
  if (member === 'TagKeys') return Array.from({ length }, (_, n) => `k${n}`);
  if (member === 'ShardLevelMetrics') return Array.from({ length }, () => 'ALL');
  return 'a'.repeat(length);
}

/** `input` with the member at `path` replaced (or left out, for undefined); `[]` is a list's first element. */
function withValue(input: Input, path: string, value: unknown): Input {
  const [head = '', ...rest] = path.split('.');
  const isElement = head.endsWith('[]');
  const name = isElement ? head.slice(0, -2) : head;
  const nested = (input[name] ?? {}) as Input;
  if (isElement) {
    const [first] = nested as unknown as readonly Input[];
    return { ...input, [name]: [rest.length === 0 ? value : withValue(first ?? {}, rest.join('.'), value)] };
  }
  return { ...input, [name]: rest.length === 0 ? value : withValue(nested, rest.join('.'), value) };
}

/** `Records[].PartitionKey` is `records.1.member.partitionKey` in AWS's messages; `TagKeys[]`, plain values, is `tagKeys`. */
function wirePath(path: string): string {
  return path
    .replace(/\[\]$/, '')
    .split('.')
    .map((part) => part[0]?.toLowerCase() + part.slice(1))
    .map((part) => (part.endsWith('[]') ? `${part.slice(0, -2)}.1.member` : part))
    .join('.');
}
