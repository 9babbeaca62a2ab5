/** LIKE and SIMILAR TO, and the matcher of LIKE, which needs no regular expression: texts between `%`, of which the first and the last are anchored. */
import { parseSimilarPattern } from '../regex/parse-similar.ts';
import { regexOf } from '../regex/regex.ts';
import type { SqlType } from '../types.ts';
import { call, expectCount, type ScalarDefinition, strict } from './definition.ts';
import { checkPattern, type Compile, compiling, escapeChar } from './patterns.ts';
import { textOf } from './strings.ts';

type Matcher = (text: string) => boolean;

/** A character, or null for any one. */
type Piece = readonly (string | null)[];

const piecesOf = (pattern: string, escape: string | undefined): readonly Piece[] => {
  const pieces: (string | null)[][] = [[]];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    // An escape character at the end stands for itself, and before any character it makes that one plain.
    if (char === escape && i + 1 < pattern.length) pieces.at(-1)!.push(pattern[++i]!);
    else if (char === '%') pieces.push([]);
    else pieces.at(-1)!.push(char === '_' ? null : char);
  }
  return pieces;
};

const isAt = (text: string, piece: Piece, at: number): boolean => {
  if (at < 0 || at + piece.length > text.length) return false;
  for (let i = 0; i < piece.length; i++) if (piece[i] !== null && piece[i] !== text[at + i]) return false;
  return true;
};

const finder = (piece: Piece): ((text: string, from: number) => number) => {
  if (!piece.includes(null)) {
    const wanted = piece.join('');
    return (text, from) => text.indexOf(wanted, from);
  }
  return (text, from) => {
    for (let at = from; at + piece.length <= text.length; at++) if (isAt(text, piece, at)) return at;
    return -1;
  };
};

const compileLike: Compile<Matcher> = (pattern, escape) => {
  const pieces = piecesOf(pattern, escapeChar(escape));
  const plain = pieces.every((piece) => !piece.includes(null))
    ? pieces.map((piece) => piece.join(''))
    : undefined;
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  if (pieces.length === 1)
    return plain === undefined
      ? (text) => text.length === first.length && isAt(text, first, 0)
      : (text) => text === plain[0];
  const middles = pieces.slice(1, -1).filter((piece) => piece.length > 0);
  if (plain !== undefined && middles.length === 0) {
    const [begin, end] = [plain[0]!, plain.at(-1)!];
    if (end === '') return (text) => text.startsWith(begin);
    if (begin === '') return (text) => text.endsWith(end);
    return (text) => text.length >= begin.length + end.length && text.startsWith(begin) && text.endsWith(end);
  }
  if (plain !== undefined && middles.length === 1 && first.length === 0 && last.length === 0) {
    const wanted = middles[0]!.join('');
    return (text) => text.includes(wanted);
  }
  const finders = middles.map((piece) => [finder(piece), piece.length] as const);
  return (text) => {
    if (!isAt(text, first, 0) || !isAt(text, last, text.length - last.length)) return false;
    let at = first.length;
    for (const [find, length] of finders) {
      const found = find(text, at);
      if (found < 0) return false;
      at = found + length;
    }
    return at + last.length <= text.length;
  };
};

const compileSimilar: Compile<Matcher> = (pattern, escape) =>
  regexOf(parseSimilarPattern(pattern, escapeChar(escape))).test;

const matching = (name: 'LIKE' | 'SIMILAR TO', compile: Compile<Matcher>): ScalarDefinition => {
  const signature = `<text> ${name} <text> [ESCAPE <text>]`;
  const BOOLEAN: SqlType = { name: 'BOOLEAN' };
  return strict({
    name,
    signature,
    kinds: ['text'],
    resolve: (args, { span }) => {
      expectCount(args, 2, 3, { name, signature }, span);
      const texts = args.map((arg) => textOf(name, args, arg, `<STRING> ${name} <STRING>`, span));
      checkPattern(compile, texts[1], texts[2], span);
      return call(name, texts, BOOLEAN, span);
    },
    bind: ({ constants, types }) => {
      const compiled = compiling(
        compile,
        constants[1],
        types.length > 2 ? (constants[2] ?? null) : undefined,
      );
      return (text: string, pattern: string, escape?: string) => compiled(pattern, escape)(text);
    },
    inline: ([text], { constants, types }, code) => {
      const [, pattern, escape] = constants;
      if (typeof pattern !== 'string' || (types.length > 2 && typeof escape !== 'string')) return undefined;
      try {
        return `${code.constant(compile(pattern, escape as string | undefined))}(${text})`;
      } catch {
        // The fault is the row's, as it is on the plain road.
        return undefined;
      }
    },
  });
};

export const LIKES: readonly ScalarDefinition[] = [
  matching('LIKE', compileLike),
  matching('SIMILAR TO', compileSimilar),
];
