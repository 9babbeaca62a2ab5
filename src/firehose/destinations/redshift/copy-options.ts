/**
 * CopyOptions: words, numbers and texts in quotes, as the COPY command of Redshift takes them behind its source. Anything else, a semicolon or a comment
 * above all, is refused, so that options cannot become statements. Source: "COPY", Amazon Redshift database developer guide.
 */

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

/** A quote within is written twice; a backslash before a quote would end the text for some servers and not for others. */
const TOKEN = /\s*(?:([A-Za-z_][\w]*|\d+(?:\.\d+)?)|'((?:[^'\\\0]|''|\\[^'\0])*)')(?=\s|$)/y;

/** Words in capitals. Undefined when it is no list of options. It may end in a semicolon, as the API reference's example does. */
export function optionTokens(options: string): readonly Token[] | undefined {
  const text = options.trim().replace(/\s*;$/, '');
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    tokens.push(
      match[1] === undefined
        ? { kind: 'text', text: match[2]!.replaceAll("''", "'") }
        : { kind: 'word', text: match[1].toUpperCase() },
    );
  }
  return tokens;
}

/** How records are written, where PostgreSQL loads them. */
export type LoadFormat =
  | { readonly kind: 'csv'; readonly delimiter: string; readonly quote: string; readonly nullText: string }
  | {
      readonly kind: 'delimited';
      readonly delimiter: string;
      readonly nullText: string;
      readonly escapes: boolean;
    }
  | { readonly kind: 'json'; readonly ignoresCase: boolean };

/** The format, or why PostgreSQL cannot be asked for it. */
export function loadFormatOf(tokens: readonly Token[]): LoadFormat | { readonly refusal: string } {
  const given: {
    format?: 'csv' | 'json';
    delimiter?: string;
    quote?: string;
    nullText?: string;
    escapes?: true;
    ignoresCase?: boolean;
  } = {};
  let at = 0;
  const value = (): string | undefined => {
    if (tokens[at]?.kind === 'word' && tokens[at]!.text === 'AS') at++;
    return tokens[at++]?.text;
  };
  while (at < tokens.length) {
    const token = tokens[at++]!;
    const refusal = { refusal: `the option ${token.text}` };
    if (token.kind === 'text') return refusal;
    switch (token.text) {
      case 'FORMAT':
      case 'AS':
      // The rows are sent as they were before they became an object.
      case 'GZIP':
      case 'MANIFEST':
        break;
      case 'CSV':
        given.format = 'csv';
        break;
      case 'JSON': {
        const how = value();
        if (how !== 'auto' && how !== 'auto ignorecase') return { refusal: `JSON other than 'auto'` };
        given.format = 'json';
        given.ignoresCase = how !== 'auto';
        break;
      }
      case 'DELIMITER':
        given.delimiter = unescaped(value() ?? '');
        break;
      case 'QUOTE':
        given.quote = value() ?? '';
        break;
      case 'NULL':
        given.nullText = value() ?? '';
        break;
      case 'ESCAPE':
        given.escapes = true;
        break;
      case 'EMPTYASNULL':
        // What PostgreSQL does with CSV by itself.
        if (given.format !== 'csv') return refusal;
        break;
      case 'STATUPDATE':
      case 'COMPUPDATE':
        if (/^(ON|OFF|TRUE|FALSE|PRESET)$/.test(tokens[at]?.text ?? '')) at++;
        break;
      case 'REGION':
        value();
        break;
      case 'TIMEFORMAT':
      case 'DATEFORMAT':
        if (value() !== 'auto') return { refusal: `${token.text} other than 'auto'` };
        break;
      case 'ENCODING':
        if (value() !== 'UTF8') return { refusal: 'ENCODING other than UTF8' };
        break;
      case 'MAXERROR':
      case 'IGNOREHEADER':
        if (value() !== '0') return { refusal: `${token.text} other than 0` };
        break;
      default:
        return refusal;
    }
  }
  const { format, delimiter, quote, nullText, escapes } = given;
  if (format === 'json') {
    if (delimiter ?? quote ?? nullText ?? escapes) return { refusal: 'JSON with options of other formats' };
    return { kind: 'json', ignoresCase: given.ignoresCase === true };
  }
  if (format === 'csv') {
    if (escapes) return { refusal: 'CSV with ESCAPE' };
    return { kind: 'csv', delimiter: delimiter ?? ',', quote: quote ?? '"', nullText: nullText ?? '' };
  }
  if (quote !== undefined) return { refusal: 'QUOTE without CSV' };
  return {
    kind: 'delimited',
    delimiter: delimiter ?? '|',
    nullText: nullText ?? String.raw`\N`,
    escapes: escapes === true,
  };
}

function unescaped(text: string): string {
  return text === String.raw`\t` ? '\t' : text;
}
