/** Prefix and ErrorOutputPrefix as AWS writes them, `text!{namespace:value}text`, taken apart. */
import { DatePatternError, parseDatePattern, type DatePattern } from './date-pattern.ts';

/** The prefix is refused with InvalidArgumentException; the message is AWS's where AWS's is known. */
export class PrefixError extends Error {
  override readonly name = 'PrefixError';
}

export type PrefixMember = 'Prefix' | 'ErrorOutputPrefix';

export type PrefixPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'timestamp'; readonly pattern: DatePattern }
  | { readonly kind: 'random-string' }
  | { readonly kind: 'error-output-type' }
  | { readonly kind: 'partitionKeyFromQuery' | 'partitionKeyFromLambda'; readonly key: string };

/** Without any expression there is one literal part, or none. */
export type PrefixExpression = readonly PrefixPart[];

const EXPRESSION = /^!\{([^{}:]*):([^{}]+)\}/;

/** Throws `PrefixError`. `member` is for its messages. */
export function parsePrefix(text: string, member: PrefixMember): PrefixExpression {
  const parts: PrefixPart[] = [];
  for (let at = 0; at < text.length;) {
    const start = text.indexOf('!{', at);
    const literal = text.slice(at, start === -1 ? text.length : start);
    if (literal !== '') parts.push({ kind: 'literal', text: literal });
    if (start === -1) break;
    const expression = EXPRESSION.exec(text.slice(start));
    if (expression === null) throw new PrefixError('Invalid expression usage');
    parts.push(partOf(expression[1]!, expression[2]!, member));
    at = start + expression[0].length;
  }
  return Object.freeze(parts);
}

function partOf(namespace: string, value: string, member: PrefixMember): PrefixPart {
  switch (namespace) {
    case 'partitionKeyFromQuery':
    case 'partitionKeyFromLambda':
      return { kind: namespace, key: value };
    case 'firehose':
      if (value === 'random-string' || value === 'error-output-type') return { kind: value };
      throw invalidValue(member);
    case 'timestamp':
      return { kind: 'timestamp', pattern: patternOf(value, member) };
    default:
      throw new PrefixError(`Namespace to the left of colon (${namespace}) is an invalid keyword!`);
  }
}

function patternOf(value: string, member: PrefixMember): DatePattern {
  try {
    return parseDatePattern(value);
  } catch (error) {
    if (error instanceof DatePatternError) throw invalidValue(member, error.message);
    throw error;
  }
}

function invalidValue(member: PrefixMember, why?: string): PrefixError {
  const text = `Invalid conversion character used in the value of the expression in ${member}`;
  return new PrefixError(why === undefined ? text : `${text}. ${why}`);
}
