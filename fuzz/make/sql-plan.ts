/**
 * Random programs that mean something: over two streams and a table whose columns are known, with expressions of the types that stand where they
 * stand. Most of them are accepted and run.
 */
import type { Dice } from '../../src/host/host.ts';
import { once, pick } from '../mutate.ts';

/** What the programs are over. */
export const FUZZED = `CREATE STREAM S (I INTEGER, B BIGINT, D DOUBLE, X DECIMAL(8, 2), V VARCHAR(8), T TIMESTAMP, F BOOLEAN);
CREATE STREAM R (K INTEGER, W VARCHAR(8), N DOUBLE);
CREATE STREAM Q (K INTEGER, NAME VARCHAR(8))`;

const UNITS = ['HOUR', 'MINUTE', 'SECOND'] as const;
const INTERVALS = ["INTERVAL '10' SECOND", "INTERVAL '1' MINUTE", "INTERVAL '2:30' MINUTE TO SECOND"];

export function randomPlan(dice: Dice): string {
  const maker = new Maker(dice);
  return maker.program();
}

class Maker {
  readonly #dice: Dice;
  #room = 5;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  program(): string {
    const statements: string[] = [];
    for (let count = this.#dice.integer(3); count > 0; count--) {
      const name = `O${count}`;
      statements.push(
        `CREATE STREAM ${name} (A DOUBLE, C VARCHAR(6), E TIMESTAMP)`,
        `CREATE PUMP P${count} AS INSERT INTO ${name} SELECT STREAM ${this.number()}, ${this.text()}, ${this.time()} FROM S AS s${this.#where()}`,
        `SELECT STREAM ${this.#of(['A', 'C, A', '*', 'E AS ROWTIME, A'])} FROM ${name}`,
      );
    }
    for (let count = 1 + this.#dice.integer(2); count > 0; count--) statements.push(this.query());
    return statements.join(';\n');
  }

  query(): string {
    switch (this.#dice.integer(9)) {
      case 0:
        return this.#grouped();
      case 1:
        return this.#over();
      case 2:
        return this.#joined();
      case 3:
        return `SELECT STREAM ${this.text()} AS a, ${this.time()} AS b, COUNT(*), MAX(${this.number()}) FROM S AS s${this.#where()} WINDOWED BY STAGGER (PARTITION BY ${this.text()}, I RANGE ${this.#interval()})`.replace(
          /SELECT STREAM .* AS a, .* AS b/,
          'SELECT STREAM I',
        );
      case 4:
        return `SELECT STREAM DISTINCT ${this.#of(['ROWTIME, ', ''])}V, STEP(s.ROWTIME BY ${this.#interval()}) FROM S AS s${this.#where()}`;
      case 5:
        return `SELECT STREAM I, D FROM S AS s${this.#where()} UNION ALL SELECT STREAM ${this.#of(['K', 'N', 'K + 1'])}, N FROM R ORDER BY FLOOR(ROWTIME TO ${this.#of(UNITS)}), 2 DESC`;
      case 6:
        return `SELECT STREAM ${this.#of(['V', 'I', 'V, I'])}, ANOMALY_SCORE FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM ${this.#of(['*', 'I, V, D', 'D, I, V'])} FROM S AS s), 5, 10, 100))`;
      case 7:
        return `SELECT STREAM ${this.text()} AS a, ${this.number()} AS b FROM S AS s${this.#where()} ORDER BY FLOOR(s.ROWTIME TO ${this.#of(UNITS)}), ${this.#of(['b DESC', 'V', 'a, I'])}`;
      default:
        return `SELECT STREAM ${this.number()} AS a, ${this.text()}, ${this.condition()} FROM S AS s${this.#where()}`;
    }
  }

  #grouped(): string {
    const key = this.#of([this.text(), this.number(), 'V', 'I']);
    const window = this.#of([
      `STEP(s.ROWTIME BY ${this.#interval()})`,
      `FLOOR(s.ROWTIME TO ${this.#of(UNITS)})`,
    ]);
    const inner = `SELECT STREAM ${key} AS k, ${window} AS w, ${this.#aggregate()} AS n, ${this.#aggregate()} AS m FROM S AS s${this.#where()} GROUP BY ${key}, ${window}`;
    const having = this.#of(['', ' HAVING COUNT(*) > 1', ` HAVING ${this.#aggregate()} IS NOT NULL`]);
    if (once(this.#dice, 3)) return `SELECT STREAM w, COUNT(*), MAX(n) FROM (${inner}${having}) GROUP BY w`;
    return `${inner}${having}${this.#of(['', ` ORDER BY ${window}, n`])}`;
  }

  #aggregate(): string {
    return this.#of([
      'COUNT(*)',
      `COUNT(${this.text()})`,
      `SUM(${this.number()})`,
      `AVG(${this.number()})`,
      `MIN(${this.text()})`,
      `MAX(${this.time()})`,
      `STDDEV_POP(${this.number()})`,
    ]);
  }

  #over(): string {
    const frame = this.#of(['ROWS 2 PRECEDING', `RANGE ${this.#interval()} PRECEDING`, 'RANGE CURRENT ROW']);
    const window = `(${this.#of(['', 'PARTITION BY V ', `PARTITION BY ${this.number()}, V `])}${frame})`;
    const call = this.#of([
      this.#aggregate(),
      `LAG(${this.number()})`,
      `FIRST_VALUE(${this.text()})`,
      'LAST_VALUE(D) IGNORE NULLS',
    ]);
    const query = `SELECT STREAM V, ${call} OVER w AS x, COUNT(*) OVER w AS c FROM S AS s${this.#where()} WINDOW w AS ${window}`;
    return once(this.#dice, 2) ? `SELECT STREAM x FROM (${query}) WHERE c > 1` : query;
  }

  #joined(): string {
    const window = `OVER (${this.#of([`RANGE ${this.#interval()} PRECEDING`, 'ROWS 3 PRECEDING'])})`;
    const kind = this.#of(['', 'LEFT ', 'RIGHT ', 'FULL ']);
    const streams = `S ${window} AS s ${kind}JOIN R ${this.#of([window, ''])} AS r ON s.I = r.K${this.#of(['', ` AND ${this.condition()}`, ' AND r.N > s.D'])}`;
    const from = this.#of([
      streams,
      `S AS s ${this.#of(['', 'LEFT '])}JOIN Q AS q ON s.I = q.K`,
      `S AS s, Q AS q`,
      `${streams} JOIN Q AS q ON r.K = q.K`,
    ]);
    const more = from.includes('AS q') ? ', q.NAME' : '';
    return `SELECT STREAM s.V, s.ROWTIME AS a, ROWTIME AS b, ${this.number('s.')}${more} FROM ${from}${this.#of(['', ' WHERE s.V IS NOT NULL'])}`;
  }

  #where(): string {
    return once(this.#dice, 2) ? ` WHERE ${this.condition()}` : '';
  }

  #interval(): string {
    return this.#of(INTERVALS);
  }

  #within<T>(deep: () => T, flat: () => T): T {
    if (this.#room <= 0 || once(this.#dice, 3)) return flat();
    this.#room--;
    const made = deep();
    this.#room++;
    return made;
  }

  number(prefix = 's.'): string {
    const p = prefix;
    return this.#within(
      () => {
        const n = (): string => this.number(p);
        switch (this.#dice.integer(10)) {
          case 0:
            return `CASE WHEN ${this.condition()} THEN ${n()} ELSE ${n()} END`;
          case 1:
            return `ABS(${n()})`;
          case 2:
            return `COALESCE(${n()}, ${n()})`;
          case 3:
            return `CHAR_LENGTH(${this.text()})`;
          case 4:
            return `EXTRACT(${this.#of(UNITS)} FROM ${this.time()})`;
          case 5:
            return `CAST(${n()} AS ${this.#of(['INTEGER', 'DOUBLE', 'DECIMAL(9, 3)', 'BIGINT', 'SMALLINT'])})`;
          case 6:
            return `MOD(${p}I, ${this.#of(['3', '7', `${p}I`])})`;
          default:
            return `(${n()} ${this.#of(['+', '-', '*', '/'])} ${n()})`;
        }
      },
      () => this.#of([`${p}I`, `${p}B`, `${p}D`, `${p}X`, '0', '7', '2.50', '1e1', 'NULL + 1', `-${p}I`]),
    );
  }

  text(): string {
    return this.#within(
      () => {
        switch (this.#dice.integer(6)) {
          case 0:
            return `UPPER(${this.text()})`;
          case 1:
            return `SUBSTRING(${this.text()} FROM ${this.#of(['1', '2', 's.I'])} FOR 3)`;
          case 2:
            return `CAST(${this.#of([this.number(), this.time()])} AS VARCHAR(${this.#of(['4', '40'])}))`;
          case 3:
            return `CASE WHEN ${this.condition()} THEN ${this.text()} END`;
          case 4:
            return `COALESCE(${this.text()}, ${this.text()})`;
          default:
            return `${this.text()} || ${this.text()}`;
        }
      },
      () => this.#of(['s.V', "'a'", "''", "'%x_'", 's.V']),
    );
  }

  time(): string {
    return this.#within(
      () => {
        switch (this.#dice.integer(4)) {
          case 0:
            return `STEP(${this.time()} BY ${this.#interval()})`;
          case 1:
            return `FLOOR(${this.time()} TO ${this.#of(UNITS)})`;
          case 2:
            return `${this.time()} ${this.#of(['+', '-'])} ${this.#interval()}`;
          default:
            return `COALESCE(${this.time()}, ${this.time()})`;
        }
      },
      () => this.#of(['s.T', 's.ROWTIME', "TIMESTAMP '2024-01-01 00:00:10'"]),
    );
  }

  condition(): string {
    return this.#within(
      () => {
        switch (this.#dice.integer(10)) {
          case 0:
            return `(${this.condition()} AND ${this.condition()})`;
          case 1:
            return `(${this.condition()} OR ${this.condition()})`;
          case 2:
            return `NOT ${this.condition()}`;
          case 3:
            return `${this.text()} LIKE '%a%'`;
          case 4:
            return `(${this.number()} BETWEEN ${this.number()} AND ${this.number()})`;
          case 5:
            return `(${this.number()} IN (1, 2, ${this.number()}))`;
          case 6:
            return `(s.I IN (SELECT K FROM Q))`;
          case 7:
            return `EXISTS (SELECT * FROM Q WHERE Q.K = s.I)`;
          default:
            return `(${this.number()} ${this.#of(['=', '<>', '<', '>='])} ${this.number()})`;
        }
      },
      () => this.#of(['s.F', '(s.V IS NULL)', '(s.I > 2)', "(s.V = 'a')", '(s.T < s.ROWTIME)', 'TRUE']),
    );
  }

  #of<T>(items: readonly T[]): T {
    return pick(this.#dice, items);
  }
}
