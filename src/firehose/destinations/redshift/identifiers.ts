/**
 * Names of tables and columns as users write them, and as they are sent: always quoted, so that a name is never anything else. Names that are
 * written without quotes fold to lower case, as Redshift and PostgreSQL fold them.
 */

/** A name and what stands behind it; `"` within a quoted name is written twice. */
const BEFORE_DOT = /(?:"((?:[^"\0]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))(\.|$)/uy;
const BEFORE_COMMA = /\s*(?:"((?:[^"\0]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*(,|$)/uy;

/** `table`, `schema.table` or `database.schema.table`; undefined when it is none of them. */
export function quotedTable(text: string): string | undefined {
  const names = namesOf(text.trim(), BEFORE_DOT);
  return names === undefined || names.length > 3 ? undefined : names.map(quote).join('.');
}

/** Names between commas; undefined when it is no such list. */
export function columnNames(text: string): readonly string[] | undefined {
  return namesOf(text.trim(), BEFORE_COMMA);
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Text in single quotes, for servers with standard_conforming_strings and for those without. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function namesOf(text: string, pattern: RegExp): readonly string[] | undefined {
  const names: string[] = [];
  for (let at = 0; ; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    names.push(match[1]?.replaceAll('""', '"') ?? match[2]!.toLowerCase());
    if (match[3] === '') return names;
  }
}
