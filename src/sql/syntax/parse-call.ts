/** Calls: with commas between the arguments, and the forms that have words between them. */
import { expectUnit } from './parse-interval.ts';
import { window } from './parse-window.ts';
import type { Reader } from './reader.ts';
import type { Call, CursorArgument, Expression, Name } from './tree.ts';

type Arguments = Pick<Call, 'args' | 'form' | 'isStar' | 'isDistinct' | 'nulls'>;

/** Of FLOOR, EXTRACT and TRIM what cannot be a plain call; `undefined` where it is one. The name was taken and `(` follows. */
export function specialCall(reader: Reader, name: Name): Expression | undefined {
  const { start } = name.span;
  if (name.text === 'EXTRACT') {
    reader.expect('(');
    const unit = expectUnit(reader);
    reader.expect('FROM');
    const operand = reader.expression();
    reader.expect(')');
    return reader.node<Expression>({ kind: 'extract', unit, operand, span: reader.spanFrom(start) });
  }
  if (name.text !== 'FLOOR' && name.text !== 'CEIL' && name.text !== 'CEILING') return undefined;
  reader.expect('(');
  const operand = reader.expression();
  const unit = reader.take('TO') ? expectUnit(reader) : undefined;
  reader.expect(')');
  if (unit !== undefined) {
    const direction = name.text === 'FLOOR' ? 'FLOOR' : 'CEIL';
    return reader.node<Expression>({
      kind: 'round to',
      direction,
      operand,
      unit,
      span: reader.spanFrom(start),
    });
  }
  return finish(reader, name, start, plain([operand]));
}

export function call(reader: Reader, name: Name, start: number): Call {
  reader.expect('(');
  const args = argumentsOf(reader, name);
  reader.expect(')');
  return finish(reader, name, start, args);
}

/** What may stand behind the brackets. */
function finish(reader: Reader, name: Name, start: number, args: Arguments): Call {
  let from: Call['from'];
  if (name.text === 'NTH_VALUE' && (reader.atAll('FROM', 'FIRST') || reader.atAll('FROM', 'LAST'))) {
    reader.advance();
    from = reader.expectAny(['FIRST', 'LAST'] as const);
  }
  const nulls = args.nulls ?? nullsOf(reader);
  const over = reader.take('OVER') ? window(reader) : undefined;
  return reader.node({ kind: 'call', name, ...args, from, nulls, over, span: reader.spanFrom(start) });
}

const plain = (args: Call['args'], form?: string): Arguments => ({
  args,
  form,
  isStar: false,
  isDistinct: false,
  nulls: undefined,
});

function nullsOf(reader: Reader): Call['nulls'] {
  const nulls = reader.atAll('IGNORE', 'NULLS')
    ? 'IGNORE'
    : reader.atAll('RESPECT', 'NULLS')
      ? 'RESPECT'
      : undefined;
  if (nulls !== undefined) {
    reader.advance();
    reader.advance();
  }
  return nulls;
}

function argumentsOf(reader: Reader, name: Name): Arguments {
  if (reader.at(')')) return plain([]);
  if (!name.isQuoted && name.text === 'TRIM') return trim(reader);
  if (reader.take('*')) return { ...plain([]), isStar: true };
  const isDistinct = reader.take('DISTINCT');
  if (!isDistinct) reader.take('ALL');
  // IN and SIMILAR are operators elsewhere.
  const isOperand = !name.isQuoted && (name.text === 'POSITION' || name.text === 'SUBSTRING');
  const first = isOperand ? reader.operand() : argument(reader);
  const formed = name.isQuoted ? undefined : form(reader, name.text, first);
  if (formed !== undefined) return formed;
  const args = [first];
  while (reader.take(',')) args.push(argument(reader));
  return { ...plain(args), isDistinct, nulls: nullsOf(reader) };
}

function argument(reader: Reader): Expression | CursorArgument {
  const { start } = reader.next;
  if (!reader.atAll('CURSOR', '(')) return reader.expression();
  reader.advance();
  reader.expect('(');
  const query = reader.query();
  reader.expect(')');
  return reader.node({ kind: 'cursor', query, span: reader.spanFrom(start) });
}

/** Behind the first argument: the words by which such a form goes on. */
function form(reader: Reader, name: string, first: Call['args'][number]): Arguments | undefined {
  switch (name) {
    case 'STEP':
      if (!reader.take('BY')) return undefined;
      return plain([first, reader.expression()], 'BY');
    case 'POSITION':
      if (!reader.take('IN')) return undefined;
      return plain([first, reader.operand()], 'IN');
    case 'OVERLAY': {
      if (!reader.take('PLACING')) return undefined;
      const args = [first, reader.expression()];
      reader.expect('FROM');
      args.push(reader.expression());
      if (reader.take('FOR')) args.push(reader.expression());
      return plain(args, 'PLACING');
    }
    case 'SUBSTRING': {
      if (reader.take('SIMILAR')) {
        const args = [first, reader.operand()];
        reader.expect('ESCAPE');
        args.push(reader.operand());
        return plain(args, 'SIMILAR');
      }
      if (!reader.take('FROM')) return undefined;
      const args = [first, reader.expression()];
      if (reader.take('FOR')) args.push(reader.expression());
      return plain(args, 'FROM');
    }
    default:
      return undefined;
  }
}

/** `TRIM(x)`, `TRIM(c FROM x)`, `TRIM(LEADING FROM x)`, `TRIM(LEADING c FROM x)`: always what is cut off, then the text. */
function trim(reader: Reader): Arguments {
  const side = ['LEADING', 'TRAILING', 'BOTH'].find((side) => reader.take(side));
  const { start } = reader.next;
  const space = (): Expression => reader.node({ kind: 'string', value: ' ', span: { start, end: start } });
  if (side !== undefined && reader.take('FROM')) return plain([space(), reader.expression()], side);
  const first = reader.expression();
  if (reader.take('FROM')) return plain([first, reader.expression()], side ?? 'BOTH');
  if (side !== undefined) throw reader.unexpected();
  return plain([space(), first], 'BOTH');
}
