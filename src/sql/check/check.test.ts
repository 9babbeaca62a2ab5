import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planOf, SHOP } from './check.testing.ts';

const usedOf = (program: string): Record<string, string> =>
  Object.fromEntries(
    planOf(program).streams.map(({ name, columns, isUsed }) => [
      name,
      columns
        .filter((_, index) => isUsed[index])
        .map((column) => column.name)
        .join(' '),
    ]),
  );

describe('the streams of a plan', () => {
  it('are the given ones and those that the program creates, in that order', () => {
    const { streams } = planOf('CREATE STREAM b (x INTEGER NOT NULL); CREATE STREAM a (y VARCHAR(3));');
    assert.deepEqual(
      streams.map(({ name, origin }) => [name, origin]),
      [
        ['ORDERS', 'input'],
        ['PAYMENTS', 'input'],
        ['TICKERS', 'input'],
        ['B', 'program'],
        ['A', 'program'],
      ],
    );
    assert.deepEqual(streams[3]?.columns, [{ name: 'X', type: { name: 'INTEGER' }, isNotNull: true }]);
    assert.deepEqual(streams[0]?.columns, SHOP.streams[0]?.columns);
  });

  it('are used by all who read them', () => {
    assert.deepEqual(
      usedOf(`CREATE STREAM big (id INTEGER, amount DOUBLE);
        CREATE PUMP p AS INSERT INTO big SELECT STREAM id, amount FROM orders WHERE customer = 'a';
        CREATE STREAM sums (n BIGINT);
        CREATE PUMP q AS INSERT INTO sums SELECT STREAM COUNT(amount) FROM big GROUP BY FLOOR(big.ROWTIME TO MINUTE);`),
      {
        ORDERS: 'ID CUSTOMER AMOUNT',
        PAYMENTS: '',
        TICKERS: '',
        BIG: 'AMOUNT',
        SUMS: 'N',
      },
    );
  });

  it('are used by keys, conditions, windows and orders, and not by what nobody reads of a subquery', () => {
    const orders = (query: string): string | undefined => usedOf(query)['ORDERS'];
    assert.equal(orders('SELECT STREAM * FROM orders'), 'ID CUSTOMER AMOUNT PLACED');
    assert.equal(orders('SELECT STREAM ROWTIME FROM orders'), '');
    assert.equal(orders('SELECT STREAM a FROM (SELECT STREAM id AS a, amount FROM orders)'), 'ID');
    assert.equal(
      orders('SELECT STREAM COUNT(*) OVER (PARTITION BY customer ROWS 3 PRECEDING) FROM orders'),
      'CUSTOMER',
    );
    assert.equal(
      orders('SELECT STREAM id FROM orders ORDER BY FLOOR(ROWTIME TO SECOND), amount'),
      'ID AMOUNT',
    );
    assert.equal(
      orders("SELECT STREAM placed AS ROWTIME FROM orders ORDER BY placed WITHIN INTERVAL '1' SECOND"),
      'PLACED',
    );
    assert.equal(
      orders('SELECT STREAM c.city FROM orders o JOIN customers c ON o.customer = c.name AND o.id > 3'),
      'ID CUSTOMER',
    );
    assert.equal(orders('SELECT STREAM DISTINCT customer, FLOOR(ROWTIME TO HOUR) FROM orders'), 'CUSTOMER');
    assert.equal(orders('SELECT STREAM id FROM orders UNION ALL SELECT STREAM id FROM payments'), 'ID');
  });

  it('are used by table functions: what they score, rank or count, and what is read beside it', () => {
    const orders = (query: string): string | undefined => usedOf(query)['ORDERS'];
    assert.equal(
      orders(
        'SELECT STREAM ANOMALY_SCORE FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM * FROM orders)))',
      ),
      'ID AMOUNT',
    );
    assert.equal(
      orders(
        `SELECT STREAM * FROM TABLE(TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM orders), 'CUSTOMER', 5, 60))`,
      ),
      'CUSTOMER',
    );
    assert.equal(
      orders(
        `SELECT STREAM id FROM TABLE(GROUP_RANK(CURSOR(SELECT STREAM * FROM orders), 'AMOUNT', 'r', 'asc', 'asc', 5, 0))`,
      ),
      'ID AMOUNT',
    );
  });
});

describe('the tables of a plan', () => {
  it('are those that are read, in the order of their first use', () => {
    const { tables } = planOf(
      `SELECT STREAM id FROM orders WHERE customer IN (SELECT city FROM cities);
       SELECT STREAM id FROM orders JOIN customers ON customer = name;`,
    );
    assert.deepEqual(
      tables.map(({ name, origin }) => [name, origin]),
      [
        ['CITIES', 'input'],
        ['CUSTOMERS', 'input'],
      ],
    );
  });
});

describe('a plan', () => {
  it('is plain data', () => {
    const plan = planOf(
      `SELECT STREAM o.id, COUNT(*) OVER (ROWS UNBOUNDED PRECEDING) FROM orders o WHERE o.customer IN (SELECT name FROM customers)`,
    );
    assert.deepEqual(structuredClone(plan), plan);
  });
});

describe('hidden columns', () => {
  it('can be named, and are not among those of *, of NATURAL joins, and of aliases', () => {
    const names = (query: string): string =>
      planOf(query)
        .selects[0]!.query.columns.map(({ name }) => name)
        .join(' ');
    assert.equal(names('SELECT STREAM * FROM tickers'), 'ticker PRICE');
    assert.equal(names('SELECT STREAM t.*, SHARD_ID FROM tickers t'), 'ticker PRICE SHARD_ID');
    assert.equal(names('SELECT STREAM t.shard_id, a FROM tickers AS t(a, b)'), 'SHARD_ID A');
    assert.equal(
      names('SELECT STREAM * FROM tickers OVER (ROWS 1 PRECEDING) a NATURAL JOIN tickers b'),
      'ticker PRICE',
    );
    assert.equal(
      names(
        `SELECT STREAM * FROM TABLE(GROUP_RANK(CURSOR(SELECT STREAM * FROM tickers), 'PRICE', 'r', 'asc', 'asc', 0, 0))`,
      ),
      'ticker PRICE r',
    );
  });
});
