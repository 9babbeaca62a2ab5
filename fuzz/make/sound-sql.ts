/** Random programs in the SQL dialect whose types fit, so that most of them run: one stream with a column of each type, and queries over it. */
import type { Dice } from '../../src/host/host.ts';
import { once, pick } from '../mutate.ts';

const COLUMNS =
  'i INTEGER, l BIGINT, si SMALLINT, d DECIMAL(10, 2), r REAL, x DOUBLE, t VARCHAR(20), b BOOLEAN, ts TIMESTAMP, dt DATE, tm TIME';
const HEAD = `CREATE STREAM typed (${COLUMNS});
CREATE PUMP fill AS INSERT INTO typed SELECT STREAM i, l, si, d, r, x, t, b, ts, dt, tm FROM s;
`;

type Kind = 'number' | 'whole' | 'text' | 'boolean' | 'time' | 'interval';
const KINDS: readonly Kind[] = ['number', 'whole', 'text', 'boolean', 'time', 'number', 'text'];
const UNITS = ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'MONTH', 'YEAR'];
const STEPS = ["INTERVAL '1' MINUTE", "INTERVAL '10' SECOND", "INTERVAL '2' HOUR", "INTERVAL '1' DAY"];
const AGGREGATES = [
  'SUM',
  'AVG',
  'MIN',
  'MAX',
  'COUNT',
  'STDDEV_POP',
  'VAR_SAMP',
  'FIRST_VALUE',
  'LAST_VALUE',
];

export function soundSql(dice: Dice): string {
  const maker = new SoundMaker(dice);
  const queries = Array.from({ length: 1 + dice.integer(2) }, () => maker.query());
  return HEAD + queries.join(';\n');
}

class SoundMaker {
  readonly #dice: Dice;
  #room = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  query(): string {
    this.#room = 12;
    const key = this.#of(['t', 'i', 'b', 'UPPER(t)', 'l', 'd']);
    const step = this.#of(STEPS);
    const where = once(this.#dice, 2) ? ` WHERE ${this.#any('boolean')}` : '';
    const items = (): string => this.#list(3, () => this.#any(this.#of(KINDS)));
    const group = this.#of([`STEP(typed.ROWTIME BY ${step})`, 'FLOOR(typed.ROWTIME TO MINUTE)']);
    switch (this.#dice.integer(11)) {
      case 0:
      case 1:
        return `SELECT STREAM ${items()} FROM typed${where}`;
      case 2:
        return `SELECT STREAM ${key}, ${this.#list(3, () => this.#aggregate())}, COUNT(*) FROM typed${where} GROUP BY ${key}, ${group}${this.#maybe(' HAVING COUNT(*) > 1')}`;
      case 3: {
        const frame = this.#of(['ROWS 2 PRECEDING', `RANGE ${step} PRECEDING`, 'ROWS UNBOUNDED PRECEDING']);
        const over = `OVER (PARTITION BY ${key} ${frame})`;
        return `SELECT STREAM ${this.#list(3, () => `${this.#aggregate()} ${over}`)}, LAG(${this.#any('number')}, 1) ${over}, NTH_VALUE(x, 2) FROM LAST ${over}, EXP_AVG(x, ${step}) ${over} FROM typed${where}`;
      }
      case 4:
        return `SELECT STREAM ${key}, ${this.#list(2, () => this.#aggregate())} FROM typed${where} WINDOWED BY STAGGER (PARTITION BY ${key} RANGE ${step})`;
      case 5: {
        const side = this.#of(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN']);
        const on = this.#of(['a.i = c.i', 'a.t = c.t AND a.x < c.x', 'UPPER(a.t) = c.t OR a.b', 'a.i = c.l']);
        const other = this.#of([`OVER (RANGE ${step} PRECEDING)`, 'OVER (ROWS 2 PRECEDING)', '']);
        return `SELECT STREAM a.i, c.t, a.x + c.x, a.ROWTIME FROM typed OVER (RANGE ${step} PRECEDING) AS a ${side} typed ${other} AS c ON ${on}`;
      }
      case 6:
        return `SELECT STREAM * FROM TABLE(${this.#of([
          'RANDOM_CUT_FOREST(CURSOR(SELECT STREAM i, x FROM typed), 10, 16)',
          'HOTSPOTS(CURSOR(SELECT STREAM i, x FROM typed), 100, 1.5, 3)',
          "TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM typed), 'T', 3, 60)",
          "COUNT_DISTINCT_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM typed), 'T', 60)",
          "GROUP_RANK(CURSOR(SELECT STREAM * FROM typed), 'X', 'RANKED', 'desc', 'asc', 5, 0)",
        ])})`;
      case 9:
        return `SELECT STREAM i, ref.v, ${this.#any('text')} FROM typed ${this.#of(['JOIN', 'LEFT JOIN'])} ref ON ${this.#of(['ref.k = typed.i', 'ref.k = typed.t AND ref.v > 1', 'ref.k > typed.x'])}${this.#of(['', ' WHERE typed.i IN (SELECT k2 FROM ref2)', ' WHERE EXISTS (SELECT k2 FROM ref2 WHERE k2 > 3)'])}`;
      case 10: {
        const parse = this.#of([
          "REGEX_LOG_PARSE(t, '(\\w+) (.*)')",
          "FAST_REGEX_LOG_PARSE(t, '(.*) (.*)')",
          "VARIABLE_COLUMN_LOG_PARSE(t, 2, ' ')",
          "VARIABLE_COLUMN_LOG_PARSE(t, 'COLUMN1 TYPE VARCHAR(8), COLUMN2 TYPE INTEGER', ',')",
          "FIXED_COLUMN_LOG_PARSE(t, 'COLUMN1 TYPE VARCHAR(4) START 0 FOR 2, COLUMN2 TYPE INTEGER START 2')",
          "W3C_LOG_PARSE(t, 'COMMON')",
          'SYS_LOG_PARSE(t)',
        ]);
        return `SELECT STREAM q.r.COLUMN1, q.r.COLUMN2 FROM (SELECT STREAM ${parse} AS r FROM typed) AS q`;
      }
      case 7:
        return `SELECT STREAM i, t FROM typed${where} UNION ALL SELECT STREAM i, t FROM typed ORDER BY ROWTIME, i DESC`;
      default:
        return this.#of([
          `SELECT STREAM DISTINCT ${group}, ${key} FROM typed`,
          `SELECT STREAM i, t FROM typed ORDER BY FLOOR(typed.ROWTIME TO MINUTE), x DESC`,
          `SELECT STREAM ts AS ROWTIME, t FROM typed ORDER BY ts WITHIN ${step}`,
          `SELECT STREAM n, m FROM (SELECT STREAM ${this.#any('whole')} AS n, ${this.#any('text')} AS m FROM typed) WHERE n > 1`,
        ]);
    }
  }

  #aggregate(): string {
    if (once(this.#dice, 8)) return `${this.#of(['ANY', 'EVERY'])}(${this.#any('boolean')})`;
    const name = this.#of(AGGREGATES);
    return `${name}(${this.#any(name === 'COUNT' || name.endsWith('VALUE') ? this.#of(KINDS) : 'number')})`;
  }

  #any(kind: Kind): string {
    if (this.#room-- <= 0) return this.#leaf(kind);
    const one = (of: Kind): string => this.#any(of);
    if (once(this.#dice, 3)) return this.#leaf(kind);
    if (kind !== 'interval' && once(this.#dice, 10))
      return `CASE WHEN ${one('boolean')} THEN ${one(kind)} ELSE ${this.#of([one(kind), 'NULL'])} END`;
    switch (kind) {
      case 'number':
        return this.#of([
          () => `(${one('number')} ${this.#of(['+', '-', '*', '/'])} ${one('number')})`,
          () => `${this.#of(['ABS', 'FLOOR', 'CEIL', 'LN', 'EXP', 'SQRT', 'LOG10'])}(${one('number')})`,
          () => `POWER(${one('number')}, ${one('number')})`,
          () =>
            `CAST(${one('number')} AS ${this.#of(['INTEGER', 'DECIMAL(6, 2)', 'DOUBLE', 'REAL', 'BIGINT', 'TINYINT'])})`,
          () => `CAST(${one('text')} AS ${this.#of(['INTEGER', 'DOUBLE', 'DECIMAL(8, 3)'])})`,
          () => `COALESCE(${one('number')}, ${one('number')})`,
          () => `- ${one('number')}`,
          () => one('whole'),
        ])();
      case 'whole':
        return this.#of([
          () => `CHAR_LENGTH(${one('text')})`,
          () => `EXTRACT(${this.#of(UNITS)} FROM ${one('time')})`,
          () => `MOD(${one('whole')}, ${one('whole')})`,
          () => `POSITION(${one('text')} IN ${one('text')})`,
          () => `TSDIFF(${one('time')}, ${one('time')})`,
          () => `UNIX_TIMESTAMP(${one('time')})`,
          () => `(${one('whole')} ${this.#of(['+', '-', '*', '/'])} ${one('whole')})`,
          () => `NULLIF(${one('whole')}, 0)`,
        ])();
      case 'text':
        return this.#of([
          () => `${this.#of(['UPPER', 'LOWER', 'INITCAP', 'TRIM'])}(${one('text')})`,
          () => `(${one('text')} || ${one('text')})`,
          () => `SUBSTRING(${one('text')} FROM ${one('whole')} FOR ${this.#dice.integer(4)})`,
          () => `SUBSTRING(${one('text')}, ${1 + this.#dice.integer(3)})`,
          () => `OVERLAY(${one('text')} PLACING ${one('text')} FROM 1)`,
          () => `REGEX_REPLACE(${one('text')}, '[a-m]+', 'x', 1, 0)`,
          () => `TIMESTAMP_TO_CHAR('yyyy-MM-dd HH:mm', ${one('time')})`,
          () => `CAST(${one(this.#of(KINDS))} AS VARCHAR(${10 + this.#dice.integer(30)}))`,
          () =>
            `${this.#of(['DATE', 'TIME'])}_TO_CHAR('${this.#of(['yyyy', 'HH:mm', "d''x"])}', ${this.#of(['dt', 'tm'])})`,
          () => `TRIM(BOTH 'a' FROM ${one('text')})`,
        ])();
      case 'boolean':
        return this.#of([
          () => `${one('number')} ${this.#of(['=', '<>', '<', '>=', '>', '<='])} ${one('number')}`,
          () => `${one('text')} ${this.#of(['=', '<>', '<', '>'])} ${one('text')}`,
          () => `${one('time')} ${this.#of(['=', '<', '>='])} ${one('time')}`,
          () => `${one('text')} LIKE '${this.#of(['%a%', '_', '!%%', 'A%'])}' ESCAPE '!'`,
          () => `${one('text')} SIMILAR TO '${this.#of(['(a|b)*', '[a-z]+', '%x_', 'A{2,3}'])}'`,
          () => `(${one('boolean')} ${this.#of(['AND', 'OR'])} ${one('boolean')})`,
          () => `(NOT ${one('boolean')})`,
          () => `(${one(this.#of(KINDS))}) IS ${this.#maybe('NOT ')}NULL`,
          () => `${one('number')} ${this.#maybe('NOT ')}BETWEEN ${one('number')} AND ${one('number')}`,
          () => `${one('whole')} IN (1, ${one('whole')}, 3)`,
          () => `${one('text')} IS ${this.#maybe('NOT ')}DISTINCT FROM ${one('text')}`,
          () =>
            `(${one('time')}, ${one('time')}) ${this.#of(['OVERLAPS', 'CONTAINS', 'PRECEDES', 'STRICTLY LAGS'])} (${one('time')}, ${one('time')})`,
        ])();
      case 'time':
        return this.#of([
          () => `(${one('time')} ${this.#of(['+', '-'])} ${one('interval')})`,
          () => `${this.#of(['FLOOR', 'CEIL'])}(${one('time')} TO ${this.#of(UNITS)})`,
          () => `STEP(${one('time')} BY ${this.#of(STEPS)})`,
          () => `CHAR_TO_TIMESTAMP('yyyy-MM-dd HH:mm:ss', ${one('text')})`,
          () => `TO_TIMESTAMP(CAST(${one('whole')} AS BIGINT))`,
          () => 'CAST(dt AS TIMESTAMP)',
        ])();
      default:
        return `${this.#of(STEPS)} * ${this.#dice.integer(5)}`;
    }
  }

  #leaf(kind: Kind): string {
    switch (kind) {
      case 'number':
        return this.#of(['i', 'l', 'd', 'r', 'x', '0', '1.5', '2e3', 'si']);
      case 'whole':
        return this.#of(['i', 'l', 'si', '0', '7', '2147483647']);
      case 'text':
        return this.#of(['t', 't', "'a'", "''", "'12'", "'2020-01-01 10:00:00'"]);
      case 'boolean':
        return this.#of(['b', 'b', 'TRUE', 'i > 0', 't IS NULL']);
      case 'time':
        return this.#of([
          'ts',
          'ts',
          'typed.ROWTIME',
          "TIMESTAMP '2020-02-29 23:59:59.999'",
          'CURRENT_ROW_TIMESTAMP',
        ]);
      default:
        return this.#of([...STEPS, '(ts - typed.ROWTIME) SECOND']);
    }
  }

  #of<Item>(items: readonly Item[]): Item {
    return pick(this.#dice, items);
  }

  #maybe(text: string): string {
    return once(this.#dice, 2) ? text : '';
  }

  #list(max: number, item: () => string): string {
    return Array.from({ length: 1 + this.#dice.integer(max) }, item).join(', ');
  }
}
