/** Random programs in the SQL dialect, most of which mean nothing but are written as its grammar says. */
import type { Dice } from '../../src/host/host.ts';
import { once, pick } from '../mutate.ts';

const NAMES = ['s', 't', '"SOURCE_SQL_STREAM_001"', '"a b"', 'rowtime', '"ROWTIME"', 'price', '"x""y"', 'w1'];
const STREAMS = ['"SOURCE_SQL_STREAM_001"', 's', 't', 'reference', 'a.b'];
const TYPES = [
  'INTEGER',
  'VARCHAR(16)',
  'DECIMAL(10, 2)',
  'DOUBLE PRECISION',
  'timestamp',
  'BOOLEAN',
  'CHAR',
];
const UNITS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND', 'DAY TO SECOND(3)', 'SECOND(10, 3)'];
const LITERALS = [
  '0',
  '12.50',
  '1e2',
  '9223372036854775808',
  "'it''s'",
  "u&'\\0041'",
  "u&'!0041' uescape '!'",
  'NULL',
  'TRUE',
  'UNKNOWN',
  "DATE '2020-01-01'",
  "TIMESTAMP '2020-01-01 00:00:00.123'",
  "{ts '2020-01-01 00:00:00'}",
];
const OPERATORS = ['+', '-', '*', '/', '||', '=', '<>', '!=', '<', '<=', '>', '>=', 'AND', 'OR'];
const FUNCTIONS = ['ABS', 'UPPER', 'COALESCE', 'MOD', 'TSDIFF', 'f', 'CHAR_LENGTH', 'UNIX_TIMESTAMP', 'LN'];
const AGGREGATES = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'FIRST_VALUE', 'LAG', 'STDDEV_POP'];
const TABLE_FUNCTIONS = ['RANDOM_CUT_FOREST', 'HOTSPOTS', 'TOP_K_ITEMS_TUMBLING', 'GROUP_RANK'];
const TEMPORAL = ['OVERLAPS', 'CONTAINS', 'STRICTLY PRECEDES', 'IMMEDIATELY LAGS', 'EQUALS'];

export function randomSql(dice: Dice): string {
  const maker = new Maker(dice);
  return maker.some(3, () => maker.statement()).join(pick(dice, [';', ';\n', ' ;; ', '; -- then\n']));
}

class Maker {
  readonly #dice: Dice;
  /** How many more may be one inside another. */
  #room = 6;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** One to `max`. */
  some<Item>(max: number, item: () => Item): Item[] {
    return Array.from({ length: 1 + this.#dice.integer(max) }, item);
  }

  statement(): string {
    switch (this.#dice.integer(8)) {
      case 0:
      case 1:
        return `CREATE ${this.#maybe('OR REPLACE ')}STREAM ${this.#of(STREAMS)} (${this.#list(4, () => `${this.#of(NAMES)} ${this.#of(TYPES)}${this.#maybe(' NOT NULL')}`)})${this.#maybe(" DESCRIPTION 'd'")}`;
      case 2:
      case 3:
      case 4:
        return `CREATE OR REPLACE PUMP p ${this.#maybe('STOPPED ')}AS INSERT INTO ${this.#of(STREAMS)} ${this.#maybe(`(${this.#list(3, () => this.#of(NAMES))}) `)}${this.query()}`;
      case 5:
        return `CREATE FUNCTION f(x ${this.#of(TYPES)}) RETURNS ${this.#of(TYPES)} CONTAINS SQL ${this.#maybe('RETURNS NULL ON NULL INPUT ')}RETURN ${this.expression()}`;
      default:
        return this.query();
    }
  }

  query(): string {
    if (this.#isTight()) return 'SELECT STREAM * FROM s';
    const select = (): string =>
      [
        `SELECT ${this.#maybe('STREAM ')}${this.#maybe('DISTINCT ')}${this.#list(3, () => this.#item())}`,
        `FROM ${this.from()}`,
        this.#maybe(`WHERE ${this.expression()}`),
        this.#of([
          '',
          `GROUP BY ${this.#list(2, () => this.expression())}, STEP(s.ROWTIME BY INTERVAL '1' MINUTE)`,
          `WINDOWED BY STAGGER (PARTITION BY ${this.expression()} RANGE INTERVAL '1' MINUTE)`,
        ]),
        this.#maybe(`HAVING ${this.expression()}`),
        this.#maybe(`WINDOW w1 AS ${this.#window()}`),
      ].join(' ');
    const queries = once(this.#dice, 4) ? [select(), select()] : [select()];
    const text = queries.join(this.#of([' UNION ALL ', ' UNION ', ' EXCEPT ', ' INTERSECT ']));
    const order = `ORDER BY FLOOR(s.ROWTIME TO SECOND), ${this.expression()} DESC`;
    return `${text} ${this.#of(['', '', order, "ORDER BY x WITHIN INTERVAL '5' SECOND"])}`;
  }

  from(): string {
    if (this.#isTight()) return 's';
    switch (this.#dice.integer(8)) {
      case 0:
        return `(${this.query()}) AS x`;
      case 1:
        return `TABLE(${this.#of(TABLE_FUNCTIONS)}(CURSOR(${this.query()}), ${this.#list(3, () => this.#of(LITERALS))}))`;
      case 2:
        return `${this.from()} ${this.#of(['LEFT ', 'RIGHT OUTER ', 'FULL ', 'INNER ', ''])}JOIN ${this.#of(STREAMS)} OVER ${this.#window()} AS y ON ${this.expression()}`;
      case 3:
        return `${this.from()} JOIN t USING (a, b)`;
      case 4:
        return `${this.from()}, ${this.#of(STREAMS)}`;
      case 5:
        return `(VALUES (${this.expression()}, 1), (2, ${this.expression()})) AS v (a, b)`;
      default:
        return `${this.#of(STREAMS)}${this.#maybe(` OVER ${this.#window()}`)}${this.#maybe(' AS s')}`;
    }
  }

  #item(): string {
    return this.#of(['*', 's.*', `${this.expression()} AS ${this.#of(NAMES)}`, `${this.expression()} y`]);
  }

  #window(): string {
    const frame = [
      'ROWS 2 PRECEDING',
      "RANGE INTERVAL '1' MINUTE PRECEDING",
      'RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
      "RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND INTERVAL '1' MINUTE PRECEDING",
    ];
    return `(${this.#maybe(`PARTITION BY ${this.#of(NAMES)} `)}${this.#of(frame)})`;
  }

  expression(): string {
    if (this.#isTight()) return this.#of([this.#of(LITERALS), this.#of(NAMES), `s.${this.#of(NAMES)}`]);
    const one = (): string => this.expression();
    switch (this.#dice.integer(20)) {
      case 0:
      case 1:
      case 2:
        return `${one()} ${this.#of(OPERATORS)} ${one()}`;
      case 3:
        return `(${one()})`;
      case 4:
        return `${this.#of(['NOT ', '- ', '+'])}${one()}`;
      case 5:
        return `${this.#of(FUNCTIONS)}(${this.#list(3, one)})`;
      case 6:
        return `${this.#of(AGGREGATES)}(${this.#of(['*', one(), `DISTINCT ${one()}`])})${this.#of(['', ' OVER w1', ` OVER ${this.#window()}`, ` IGNORE NULLS OVER ${this.#window()}`])}`;
      case 7:
        return `CASE ${this.#maybe(one())} WHEN ${one()} THEN ${one()} ${this.#maybe(`ELSE ${one()}`)} END`;
      case 8:
        return `CAST(${one()} AS ${this.#of(TYPES)})`;
      case 9:
        return `INTERVAL ${this.#maybe('-')}'${this.#of(['1', '60', '1:30', '1 02:03:04.5', ''])}' ${this.#of(UNITS)}`;
      case 10:
        return `(${one()} - ${one()}) ${this.#of(UNITS)}`;
      case 11:
        return `${this.#of(['FLOOR', 'CEIL'])}(${one()} TO ${this.#of(UNITS)})`;
      case 12:
        return `EXTRACT(${this.#of(UNITS)} FROM ${one()})`;
      case 13:
        return this.#of([
          `SUBSTRING(${one()} FROM ${one()} FOR 2)`,
          `POSITION('x' IN ${one()})`,
          `TRIM(BOTH ' ' FROM ${one()})`,
          `OVERLAY(${one()} PLACING 'x' FROM 1)`,
          `STEP(${one()} BY INTERVAL '10' SECOND)`,
        ]);
      case 14:
        return `${one()} ${this.#maybe('NOT ')}${this.#of(['BETWEEN 1 AND 2', 'IN (1, 2)', "LIKE '%a%' ESCAPE '!'", "SIMILAR TO '(a|b)*'"])}`;
      case 15:
        return `${one()} IS ${this.#maybe('NOT ')}${this.#of(['NULL', 'TRUE', `DISTINCT FROM ${one()}`])}`;
      case 16:
        return `(${one()}, ${one()}) ${this.#of(TEMPORAL)} ${this.#maybe('PERIOD ')}(${one()}, ${one()})`;
      case 17:
        return this.#of([`EXISTS (${this.query()})`, `${one()} IN (${this.query()})`, `(${this.query()})`]);
      case 18:
        return this.#of(['CURRENT_TIMESTAMP', 'LOCALTIME', 'CURRENT_ROW_TIMESTAMP', 't.r.column1']);
      default:
        return this.#of(LITERALS);
    }
  }

  #isTight(): boolean {
    this.#room--;
    return this.#room < 0 && !once(this.#dice, 6);
  }

  #of<Item>(items: readonly Item[]): Item {
    return pick(this.#dice, items);
  }

  #maybe(text: string): string {
    return once(this.#dice, 2) ? text : '';
  }

  #list(max: number, item: () => string): string {
    return this.some(max, item).join(', ');
  }
}
