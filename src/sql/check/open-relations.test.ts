import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { typeText } from '../values/type-text.ts';
import { errorOf, OPEN, planOf } from './check.testing.ts';

/** Undeclared streams and tables as `NAME(COLUMN TYPE, …)`. */
const opened = (program: string): readonly string[] => {
  const { streams, tables } = planOf(program, OPEN);
  return [
    ...streams.filter(({ origin }) => origin === 'open'),
    ...(program.includes('CREATE STREAM') ? [] : streams.filter(({ origin }) => origin === 'program')),
    ...tables.map((table) => ({ ...table, name: `table ${table.name}` })),
  ].map(
    ({ name, columns }) =>
      `${name}(${columns.map((column) => `${column.name} ${typeText(column.type).replace('(65535)', '')}`).join(', ')})`,
  );
};

describe('columns that nobody declared', () => {
  it('are what they are used as', () => {
    assert.deepEqual(
      opened(
        `SELECT STREAM a * 2, UPPER(b), c - INTERVAL '5' MINUTE, FLOOR(d TO HOUR), e FROM s WHERE f AND g LIKE 'x%' AND STEP(h BY INTERVAL '1' MINUTE) IS NULL`,
      ),
      ['S(F BOOLEAN, G VARCHAR, H TIMESTAMP, A DOUBLE, B VARCHAR, C TIMESTAMP, D TIMESTAMP, E VARCHAR)'],
    );
  });

  it('are what they are compared with', () => {
    assert.deepEqual(
      opened(
        `SELECT STREAM 1 FROM s WHERE a = 1 AND b > 40 AND c = 'x' AND d < TIMESTAMP '2020-01-01 00:00:00' AND e IN (1.5, 2) AND f BETWEEN 1 AND 2`,
      ),
      ['S(A INTEGER, B DOUBLE, C VARCHAR, D TIMESTAMP, E DOUBLE, F DOUBLE)'],
    );
    assert.deepEqual(
      opened(
        'CREATE STREAM t (k BIGINT); SELECT STREAM s.x FROM s OVER (ROWS 3 PRECEDING) JOIN t ON s.k = t.k',
      ),
      ['S(K BIGINT, X VARCHAR)'],
    );
  });

  it('are, above all, what they are written to', () => {
    assert.deepEqual(
      opened(
        `CREATE STREAM t (a REAL, b DECIMAL(4, 1), c CHAR(4), d TIMESTAMP, e BIGINT);
         CREATE PUMP p AS INSERT INTO t SELECT STREAM a, MAX(b) OVER (ROWS 3 PRECEDING), c, COALESCE(d, e), 1 FROM s WHERE a > 3`,
      ),
      ['S(A REAL, B DECIMAL(4, 1), C VARCHAR, D TIMESTAMP, E TIMESTAMP)'],
    );
    assert.deepEqual(
      opened(
        `CREATE STREAM t (b INTEGER, a VARCHAR(9)); CREATE PUMP p AS INSERT INTO t (a, b) SELECT STREAM x, y FROM s`,
      ),
      ['S(X VARCHAR, Y INTEGER)'],
    );
  });

  it('are typed through subqueries, later uses and other open columns', () => {
    assert.deepEqual(
      opened(
        `CREATE STREAM t (n INTEGER); CREATE PUMP p AS INSERT INTO t SELECT STREAM z FROM (SELECT STREAM x AS z, y FROM s) AS q WHERE q.y > 2`,
      ),
      ['S(X INTEGER, Y DOUBLE)'],
    );
    assert.deepEqual(
      opened('SELECT STREAM a FROM s; SELECT STREAM b FROM s WHERE a = b; SELECT STREAM b + 1 FROM s'),
      ['S(A DOUBLE, B DOUBLE)'],
    );
  });

  it('stand behind the * of a query too', () => {
    assert.deepEqual(
      opened(
        `CREATE STREAM t (a DOUBLE, score DOUBLE);
         CREATE PUMP p AS INSERT INTO t SELECT STREAM "x", ANOMALY_SCORE FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM * FROM s)))`,
      ),
      ['S(x DOUBLE)'],
    );
    assert.deepEqual(
      opened(
        `CREATE STREAM t (a DOUBLE, b INTEGER); CREATE PUMP p AS INSERT INTO t SELECT STREAM * FROM s WHERE c = 'x'`,
      ),
      ['S(C VARCHAR, A DOUBLE, B INTEGER)'],
    );
    assert.deepEqual(
      opened(
        `SELECT STREAM * FROM TABLE(TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM s), 'item', 3, 60))`,
      ),
      ['S(item VARCHAR)'],
    );
  });

  it('are the same on both sides of a UNION ALL of stars, and of one type in any', () => {
    assert.deepEqual(
      opened(
        `CREATE STREAM t (a INTEGER, b VARCHAR(4));
         CREATE PUMP p AS INSERT INTO t SELECT STREAM * FROM s1 WHERE c > 3 UNION ALL SELECT STREAM * FROM s2`,
      ),
      ['S1(C DOUBLE, A INTEGER, B VARCHAR)', 'S2(C DOUBLE, A INTEGER, B VARCHAR)'],
    );
    assert.deepEqual(
      opened(
        `SELECT STREAM x FROM (SELECT STREAM * FROM s1 UNION ALL SELECT STREAM * FROM s2 WHERE y = 'a') WHERE x > 1.5`,
      ),
      ['S1(Y VARCHAR, X DOUBLE)', 'S2(Y VARCHAR, X DOUBLE)'],
    );
    assert.deepEqual(opened('SELECT STREAM a FROM s UNION ALL SELECT STREAM b + 1 FROM t'), [
      'S(A DOUBLE)',
      'T(B DOUBLE)',
    ]);
  });

  it('of metadata are known', () => {
    assert.deepEqual(opened('SELECT STREAM APPROXIMATE_ARRIVAL_TIME, SHARD_ID, x FROM s'), [
      'S(APPROXIMATE_ARRIVAL_TIME TIMESTAMP, SHARD_ID VARCHAR(64), X VARCHAR)',
    ]);
    assert.deepEqual(
      planOf('SELECT STREAM APPROXIMATE_ARRIVAL_TIME FROM s; SELECT STREAM * FROM s', OPEN).selects.map(
        ({ query }) => query.columns.length,
      ),
      [1, 0],
    );
  });

  it('cannot be two things at once', () => {
    assert.match(errorOf(`SELECT STREAM UPPER(a), a + 1 FROM s`, OPEN), /Cannot apply/);
  });
});

describe('relations that nobody declared', () => {
  it('are tables where they stand beside a stream without a window', () => {
    assert.deepEqual(
      opened(`SELECT STREAM s.a, "c"."City" FROM s LEFT JOIN "Customers" AS "c" ON s.name = "c"."Name"`),
      ['S(NAME VARCHAR, A VARCHAR)', 'table Customers(Name VARCHAR, City VARCHAR)'],
    );
    assert.deepEqual(opened('SELECT STREAM a FROM s WHERE a IN (SELECT b FROM t)'), [
      'S(A VARCHAR)',
      'table T(B VARCHAR)',
    ]);
  });

  it('are streams where a window is about', () => {
    assert.deepEqual(
      opened(`SELECT STREAM o.id FROM o JOIN t OVER (RANGE INTERVAL '1' MINUTE PRECEDING) ON o.id = t.id`),
      ['O(ID VARCHAR)', 'T(ID VARCHAR)'],
    );
    assert.deepEqual(
      opened(`SELECT STREAM o.id FROM o OVER (RANGE INTERVAL '1' MINUTE PRECEDING) JOIN t ON o.id = t.id`),
      ['O(ID VARCHAR)', 'T(ID VARCHAR)'],
    );
  });

  it('may be targets of pumps', () => {
    assert.deepEqual(opened('CREATE PUMP p AS INSERT INTO t SELECT STREAM a * 2 AS twice, b FROM s'), [
      'S(A DOUBLE, B VARCHAR)',
      'T(TWICE DOUBLE, B VARCHAR)',
    ]);
    assert.deepEqual(
      opened(
        'CREATE PUMP p AS INSERT INTO t (x, y) SELECT STREAM COUNT(*), FLOOR(s.ROWTIME TO HOUR) FROM s GROUP BY FLOOR(s.ROWTIME TO HOUR)',
      ),
      ['S()', 'T(X BIGINT, Y TIMESTAMP)'],
    );
  });

  it('may be called by the window that they are seen through', () => {
    assert.deepEqual(
      opened(
        `SELECT STREAM o.id, w.x FROM o JOIN t OVER w ON o.id = w.id WINDOW w AS (RANGE INTERVAL '1' MINUTE PRECEDING)`,
      ),
      ['O(ID VARCHAR)', 'T(ID VARCHAR, X VARCHAR)'],
    );
  });
});
