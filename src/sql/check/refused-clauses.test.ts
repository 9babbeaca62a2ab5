/** What is refused of the clauses of a query, and in which words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf } from './check.testing.ts';

const CASES: readonly (readonly [
  section: string,
  cases: readonly (readonly [program: string, error: string])[],
])[] = [
  [
    'GROUP BY',
    [
      [
        `SELECT STREAM customer, COUNT(*) FROM orders GROUP BY customer`,
        `From line 1, column 1 to line 1, column 62: Streaming aggregation requires at least one monotonic expression in GROUP BY clause, or no group would ever end; add a window, as in GROUP BY STEP("ORDERS".ROWTIME BY INTERVAL '1' MINUTE), …, or use WINDOWED BY STAGGER`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders`,
        `From line 1, column 1 to line 1, column 34: Streaming aggregation requires at least one monotonic expression in GROUP BY clause, or no group would ever end; add a window, as in GROUP BY STEP("ORDERS".ROWTIME BY INTERVAL '1' MINUTE), or use WINDOWED BY STAGGER`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders AS o GROUP BY EXTRACT(HOUR FROM o.ROWTIME), CAST(o.ROWTIME AS TIME)`,
        `From line 1, column 1 to line 1, column 102: Streaming aggregation requires at least one monotonic expression in GROUP BY clause, or no group would ever end; add a window, as in GROUP BY STEP("O".ROWTIME BY INTERVAL '1' MINUTE), …, or use WINDOWED BY STAGGER`,
      ],
      [
        `SELECT STREAM customer, COUNT(*) FROM orders GROUP BY customer, STEP(placed BY INTERVAL '1' MINUTE)`,
        `From line 1, column 1 to line 1, column 99: Streaming aggregation requires at least one monotonic expression in GROUP BY clause, or no group would ever end; add a window, as in GROUP BY STEP("ORDERS".ROWTIME BY INTERVAL '1' MINUTE), …, or use WINDOWED BY STAGGER`,
      ],
      [
        `SELECT STREAM customer, amount, COUNT(*) FROM orders GROUP BY customer, FLOOR(ROWTIME TO MINUTE)`,
        `From line 1, column 25 to line 1, column 30: Expression 'AMOUNT' is not being grouped; put it into GROUP BY, or into an aggregate function`,
      ],
      [
        `SELECT STREAM customer FROM orders HAVING amount > 3`,
        `From line 1, column 15 to line 1, column 22: Expression 'CUSTOMER' is not being grouped; put it into GROUP BY, or into an aggregate function`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders GROUP BY FLOOR(ROWTIME TO HOUR), FLOOR(ROWTIME TO MINUTE)`,
        `From line 1, column 1 to line 1, column 92: GROUP BY uses several expressions of ROWTIME; only one can be a window: leave the others out, or compute them from the one in the select list`,
      ],
      [
        `SELECT STREAM COUNT(DISTINCT id) FROM orders GROUP BY FLOOR(ROWTIME TO MINUTE)`,
        `From line 1, column 15 to line 1, column 32: COUNT(DISTINCT …) is not supported on a stream; count the rows of a subquery instead: FROM (SELECT STREAM DISTINCT ROWTIME AS t, …, STEP(s.ROWTIME BY INTERVAL …) FROM s) GROUP BY …, STEP(t BY INTERVAL …); or use COUNT_DISTINCT_ITEMS_TUMBLING`,
      ],
      [
        `SELECT STREAM SUM(COUNT(*)) FROM orders GROUP BY FLOOR(ROWTIME TO HOUR)`,
        `From line 1, column 19 to line 1, column 26: Aggregate expressions cannot be nested`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders GROUP BY FLOOR(ROWTIME TO HOUR), COUNT(*)`,
        `From line 1, column 69 to line 1, column 76: Aggregate expression is illegal in GROUP BY clause`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders GROUP BY 3, FLOOR(ROWTIME TO HOUR)`,
        `From line 1, column 45 to line 1, column 45: Ordinal out of range: the select list has 1 items`,
      ],
      [
        `SELECT STREAM COUNT(*), SUM(id) OVER (ROWS 3 PRECEDING) FROM orders GROUP BY FLOOR(ROWTIME TO HOUR)`,
        `From line 1, column 25 to line 1, column 55: An analytic function cannot stand in a query with GROUP BY; group in a subquery in FROM, and put SUM OVER around it`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders GROUP BY FLOOR(ROWTIME TO HOUR) HAVING COUNT(*)`,
        `From line 1, column 75 to line 1, column 82: HAVING clause must be a condition`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders WINDOWED BY STAGGER (PARTITION BY customer RANGE INTERVAL '1' MONTH)`,
        `From line 1, column 85 to line 1, column 102: RANGE takes an INTERVAL above zero, as in RANGE INTERVAL '1' MINUTE`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders WINDOWED BY STAGGER (PARTITION BY customer RANGE 5)`,
        `From line 1, column 85 to line 1, column 85: RANGE takes an INTERVAL above zero, as in RANGE INTERVAL '1' MINUTE`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE COUNT(*) > 1`,
        `From line 1, column 36 to line 1, column 43: Aggregate expression is illegal in WHERE clause`,
      ],
    ],
  ],
  [
    'windows',
    [
      [
        `SELECT STREAM id FROM orders WHERE SUM(amount) OVER (ROWS 3 PRECEDING) > 1`,
        `From line 1, column 36 to line 1, column 70: Windowed aggregate expression is illegal in WHERE clause; compute it in a subquery in FROM, and refer to it by its alias`,
      ],
      [
        `SELECT STREAM LAG(amount) FROM orders`,
        `From line 1, column 15 to line 1, column 25: 'LAG' needs a window: write OVER (…) behind it`,
      ],
      [
        `SELECT STREAM UPPER(customer) OVER (ROWS 3 PRECEDING) FROM orders`,
        `From line 1, column 15 to line 1, column 53: No match found for function signature UPPER(<CHARACTER>)`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER w FROM orders WINDOW w1 AS (ROWS 3 PRECEDING)`,
        `From line 1, column 32 to line 1, column 32: Window 'W' not found`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER w FROM orders WINDOW w AS (ROWS 3 PRECEDING), w AS (ROWS 4 PRECEDING)`,
        `From line 1, column 78 to line 1, column 78: Duplicate window names not allowed: 'W'`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (w ROWS 2 PRECEDING) FROM orders WINDOW w AS (ROWS 3 PRECEDING)`,
        `From line 1, column 32 to line 1, column 51: ROWS or RANGE cannot be given here: window 'W' has it already`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (PARTITION BY id RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND INTERVAL '1' MINUTE PRECEDING) FROM orders`,
        `From line 1, column 49 to line 1, column 123: Window does not end with the current row: windows offset from it are not supported; write … PRECEDING, or BETWEEN … PRECEDING AND CURRENT ROW`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (ROWS BETWEEN 4 PRECEDING AND 4 FOLLOWING) FROM orders`,
        `From line 1, column 33 to line 1, column 72: Window does not end with the current row: windows offset from it are not supported; write … PRECEDING, or BETWEEN … PRECEDING AND CURRENT ROW`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (ROWS BETWEEN 0 PRECEDING AND 4 PRECEDING) FROM orders`,
        `From line 1, column 33 to line 1, column 72: Window may not be of negative size`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (ROWS BETWEEN 4 PRECEDING AND 0 PRECEDING) FROM orders`,
        `From line 1, column 62 to line 1, column 62: 0 PRECEDING cannot end a window; write CURRENT ROW`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (ORDER BY id ROWS 2 PRECEDING) FROM orders`,
        `From line 1, column 42 to line 1, column 43: ORDER BY must not be present in the window of an aggregate function: its rows are in the order of ROWTIME`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM orders`,
        `From line 1, column 33 to line 1, column 80: UNBOUNDED FOLLOWING is not supported: a stream has no end`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (ROWS 0 PRECEDING) FROM orders`,
        `From line 1, column 38 to line 1, column 38: 0 PRECEDING cannot begin a window; write CURRENT ROW`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (ROWS -4 PRECEDING) FROM orders`,
        `From line 1, column 38 to line 1, column 39: Window may not be of negative size`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (ROWS amount PRECEDING) FROM orders`,
        `From line 1, column 38 to line 1, column 43: ROWS takes a whole number, as in ROWS 10 PRECEDING`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (RANGE 4 PRECEDING) FROM orders`,
        `From line 1, column 39 to line 1, column 39: RANGE takes an INTERVAL of days, hours, minutes or seconds, as in RANGE INTERVAL '1' MINUTE PRECEDING; for a number of rows write ROWS`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (RANGE INTERVAL '1' YEAR PRECEDING) FROM orders`,
        `From line 1, column 39 to line 1, column 55: RANGE takes an INTERVAL of days, hours, minutes or seconds, as in RANGE INTERVAL '1' MINUTE PRECEDING; for a number of rows write ROWS`,
      ],
      [
        `SELECT STREAM COUNT(DISTINCT id) OVER (ROWS 3 PRECEDING) FROM orders`,
        `From line 1, column 15 to line 1, column 56: DISTINCT is not supported in a window of a stream; remove duplicates with SELECT STREAM DISTINCT in a subquery in FROM`,
      ],
      [
        `SELECT COUNT(*) OVER (ROWS 3 PRECEDING) FROM customers`,
        `From line 1, column 22 to line 1, column 39: OVER needs a stream: rows of a table have no order`,
      ],
    ],
  ],
  [
    'joins',
    [
      [
        `SELECT STREAM o.id FROM orders o JOIN payments p ON o.id = p.id`,
        `From line 1, column 25 to line 1, column 63: A join of two streams needs a window on one side at least, as in JOIN s OVER (RANGE INTERVAL '1' MINUTE PRECEDING) AS t`,
      ],
      [
        `SELECT STREAM o.id FROM orders OVER (PARTITION BY id RANGE INTERVAL '1' MINUTE PRECEDING) o JOIN payments p ON o.id = p.id`,
        `From line 1, column 51 to line 1, column 52: PARTITION BY is not allowed in the window of a join; put the equality into ON`,
      ],
      [
        `SELECT STREAM o.id FROM orders OVER (ORDER BY id RANGE INTERVAL '1' MINUTE PRECEDING) o JOIN payments p ON o.id = p.id`,
        `From line 1, column 47 to line 1, column 48: The window of a join can be ordered by ROWTIME only`,
      ],
      [
        `SELECT STREAM o.id FROM orders OVER (RANGE INTERVAL '1' MINUTE PRECEDING) o`,
        `From line 1, column 25 to line 1, column 75: OVER in FROM belongs to a join of streams; for aggregates write it behind the function, as in AVG(x) OVER (…)`,
      ],
      [
        `SELECT STREAM o.id FROM orders o JOIN customers OVER (RANGE INTERVAL '1' MINUTE PRECEDING) c ON o.customer = c.name`,
        `From line 1, column 39 to line 1, column 92: 'CUSTOMERS' is a reference table: it has no window`,
      ],
      [
        `SELECT STREAM c.city FROM customers c LEFT JOIN orders o ON c.name = o.customer`,
        `From line 1, column 27 to line 1, column 79: Rows of a reference table cannot be kept without a partner: a stream has no end at which one could be known to have none. Put the stream on the left: stream LEFT JOIN table`,
      ],
      [
        `SELECT STREAM c.city FROM orders o RIGHT JOIN customers c ON c.name = o.customer`,
        `From line 1, column 27 to line 1, column 80: Rows of a reference table cannot be kept without a partner: a stream is joined to a reference table with JOIN or LEFT JOIN`,
      ],
      [
        `SELECT STREAM c.city FROM orders o FULL JOIN customers c ON c.name = o.customer`,
        `From line 1, column 27 to line 1, column 79: Rows of a reference table cannot be kept without a partner: a stream is joined to a reference table with JOIN or LEFT JOIN`,
      ],
      [
        `SELECT STREAM c.city FROM orders o JOIN customers c ON c.name`,
        `From line 1, column 56 to line 1, column 61: ON clause must be a condition`,
      ],
      [
        `SELECT STREAM id FROM orders JOIN customers USING (name)`,
        `From line 1, column 52 to line 1, column 55: Column 'NAME' not found in any table`,
      ],
      [
        `SELECT STREAM name FROM customers`,
        `From line 1, column 1 to line 1, column 33: Cannot stream results of a query with no streaming inputs: at least one relation in FROM has to be a stream`,
      ],
    ],
  ],
  [
    'DISTINCT, UNION ALL, ORDER BY',
    [
      [
        `SELECT STREAM DISTINCT customer FROM orders`,
        `From line 1, column 1 to line 1, column 43: SELECT STREAM DISTINCT requires at least one monotonic expression in the select list, or its rows would have to be kept for ever; add a window, as in STEP(s.ROWTIME BY INTERVAL '1' MINUTE)`,
      ],
      [
        `SELECT STREAM DISTINCT ROWTIME, customer FROM orders ORDER BY ROWTIME, amount`,
        `From line 1, column 72 to line 1, column 77: Expression of ORDER BY is not in the select list, as it has to be with DISTINCT`,
      ],
      [
        `SELECT STREAM id FROM orders UNION SELECT STREAM id FROM payments`,
        `From line 1, column 1 to line 1, column 65: UNION cannot be applied to streams, which have no end: UNION ALL is the only set operator that can`,
      ],
      [
        `SELECT STREAM id FROM orders EXCEPT SELECT STREAM id FROM payments`,
        `From line 1, column 1 to line 1, column 66: EXCEPT cannot be applied to streams, which have no end: UNION ALL is the only set operator that can`,
      ],
      [
        `SELECT STREAM id FROM orders UNION ALL SELECT STREAM paid, id FROM payments`,
        `From line 1, column 1 to line 1, column 75: Column count mismatch in UNION ALL: 1 on the left, 2 on the right`,
      ],
      [
        `SELECT STREAM id FROM orders UNION ALL SELECT name FROM customers`,
        `From line 1, column 1 to line 1, column 65: Set operator cannot combine streaming and non-streaming inputs`,
      ],
      [
        `SELECT STREAM id FROM orders UNION ALL SELECT STREAM customer FROM orders`,
        `From line 1, column 1 to line 1, column 73: Type mismatch in column 1 of UNION ALL: INTEGER on the left, VARCHAR(16) on the right`,
      ],
      [
        `SELECT city FROM customers INTERSECT ALL SELECT city FROM cities`,
        `From line 1, column 1 to line 1, column 64: INTERSECT ALL is not supported; write INTERSECT`,
      ],
      [
        `SELECT STREAM id FROM orders ORDER BY id`,
        `From line 1, column 39 to line 1, column 40: Streaming ORDER BY must start with monotonic expression of time, as in ORDER BY FLOOR(s.ROWTIME TO MINUTE), …`,
      ],
      [
        `SELECT STREAM id FROM orders ORDER BY ROWTIME DESC`,
        `From line 1, column 39 to line 1, column 45: A stream can be sorted by time in its own direction only; leave the DESC of the leading expression out`,
      ],
      [
        `SELECT STREAM id FROM orders ORDER BY FLOOR(ROWTIME TO SECOND), 7`,
        `From line 1, column 65 to line 1, column 65: Ordinal out of range: the select list has 1 items`,
      ],
      [
        `SELECT STREAM id FROM orders ORDER BY placed WITHIN INTERVAL '10' SECOND`,
        `From line 1, column 39 to line 1, column 44: The expression of ORDER BY … WITHIN has to be in the select list AS ROWTIME`,
      ],
      [
        `SELECT STREAM placed AS ROWTIME FROM orders ORDER BY placed DESC WITHIN INTERVAL '10' SECOND`,
        `From line 1, column 54 to line 1, column 59: ORDER BY … WITHIN cannot be DESC`,
      ],
      [
        `SELECT STREAM placed AS ROWTIME FROM orders ORDER BY ROWTIME WITHIN INTERVAL '10' SECOND`,
        `From line 1, column 54 to line 1, column 60: ORDER BY … WITHIN sorts by a time of the rows, which ROWTIME is already`,
      ],
      [
        `SELECT STREAM placed AS ROWTIME FROM orders ORDER BY placed, id WITHIN INTERVAL '10' SECOND`,
        `From line 1, column 45 to line 1, column 91: ORDER BY … WITHIN takes one expression`,
      ],
      [
        `SELECT STREAM placed AS ROWTIME FROM orders ORDER BY placed WITHIN 10`,
        `From line 1, column 68 to line 1, column 69: WITHIN takes an INTERVAL, as in WITHIN INTERVAL '10' SECOND`,
      ],
      [
        `SELECT STREAM id AS ROWTIME FROM orders`,
        `From line 1, column 15 to line 1, column 27: ROWTIME must be a TIMESTAMP, and this is INTEGER`,
      ],
      [
        `SELECT STREAM placed AS ROWTIME, placed AS ROWTIME FROM orders`,
        `From line 1, column 15 to line 1, column 31: Only one item of the select list may be ROWTIME`,
      ],
    ],
  ],
  [
    'subqueries and VALUES',
    [
      [
        `SELECT STREAM id FROM orders WHERE id IN (SELECT id FROM payments)`,
        `From line 1, column 36 to line 1, column 66: A subquery in an expression must be over a reference table: a stream has no end at which its rows would be known; join the stream in FROM instead`,
      ],
      [
        `SELECT STREAM (SELECT name, city FROM customers) FROM orders`,
        `From line 1, column 15 to line 1, column 48: A subquery that stands for a value must have one column; it has 2`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE id IN (SELECT name FROM customers)`,
        `From line 1, column 36 to line 1, column 69: Values passed to IN operator must have compatible types; they are INTEGER, VARCHAR(16)`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE (id, id) IN (SELECT name FROM customers)`,
        `From line 1, column 36 to line 1, column 75: Values passed to IN operator must have compatible types: 2 on the left, 1 columns on the right`,
      ],
      [
        `VALUES (1, 2), (3)`,
        `From line 1, column 1 to line 1, column 18: Unequal number of entries in rows of VALUES`,
      ],
      [
        `VALUES (1), ('x')`,
        `From line 1, column 1 to line 1, column 17: Values of column 1 must have compatible types; they are INTEGER, VARCHAR(1)`,
      ],
      [`SELECT *`, `From line 1, column 8 to line 1, column 8: SELECT * needs a FROM clause`],
    ],
  ],
  [
    'table functions',
    [
      [
        `SELECT STREAM * FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM amount FROM orders), 0))`,
        `From line 1, column 88 to line 1, column 88: RANDOM_CUT_FOREST: numberOfTrees must be a whole number from 1 to 1000`,
      ],
      [
        `SELECT STREAM * FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM amount FROM orders), 100, 300, 200))`,
        `From line 1, column 28 to line 1, column 101: RANDOM_CUT_FOREST: subSampleSize must be less than timeDecay`,
      ],
      [
        `SELECT STREAM * FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM customer FROM orders)))`,
        `From line 1, column 28 to line 1, column 88: RANDOM_CUT_FOREST: the cursor has no numeric column to score (DECIMAL is not taken: CAST it to DOUBLE)`,
      ],
      [
        `SELECT STREAM * FROM TABLE(RANDOM_CUT_FOREST(orders))`,
        `From line 1, column 28 to line 1, column 52: The first argument of RANDOM_CUT_FOREST is a query: CURSOR(SELECT STREAM … FROM …)`,
      ],
      [
        `SELECT STREAM * FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM amount FROM orders), 100, 256, 1000, 1, TRUE))`,
        `From line 1, column 28 to line 1, column 111: Invalid number of arguments to function 'RANDOM_CUT_FOREST'. Was expecting 0 to 4 behind CURSOR: numberOfTrees, subSampleSize, timeDecay, shingleSize`,
      ],
      [
        `SELECT STREAM * FROM TABLE(RANDOM_CUT_FORREST(CURSOR(SELECT STREAM amount FROM orders)))`,
        `From line 1, column 28 to line 1, column 45: No match found for function signature RANDOM_CUT_FORREST; did you mean RANDOM_CUT_FOREST?`,
      ],
      [
        `SELECT STREAM * FROM TABLE(HOTSPOTS(CURSOR(SELECT STREAM amount FROM orders), 1000, 0, 17))`,
        `From line 1, column 85 to line 1, column 85: HOTSPOTS: scanRadius must be a number above 0`,
      ],
      [
        `SELECT STREAM * FROM TABLE(HOTSPOTS(CURSOR(SELECT STREAM amount FROM orders), 100, 0.5, 101))`,
        `From line 1, column 28 to line 1, column 92: HOTSPOTS: minimumNumberOfPointsInAHotspot must not be above windowSize`,
      ],
      [
        `SELECT STREAM * FROM TABLE(TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM orders), 'CUSTMER', 10, 60))`,
        `From line 1, column 86 to line 1, column 94: TOP_K_ITEMS_TUMBLING: column must be a column of the cursor, and it has no 'CUSTMER'; did you mean CUSTOMER?`,
      ],
      [
        `SELECT STREAM * FROM TABLE(TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM orders), 'CUSTOMER', 10, 3601))`,
        `From line 1, column 102 to line 1, column 105: TOP_K_ITEMS_TUMBLING: windowSize in seconds must be a whole number from 1 to 3600`,
      ],
      [
        `SELECT STREAM * FROM TABLE(GROUP_RANK(CURSOR(SELECT STREAM * FROM orders), 'AMOUNT', 'r', 'down', 'asc', 5, 0))`,
        `From line 1, column 91 to line 1, column 96: GROUP_RANK: sortOrder must be 'asc' or 'desc'`,
      ],
      [
        `SELECT STREAM * FROM TABLE(COUNT_DISTINCT_ITEMS_TUMBLING(CURSOR(SELECT * FROM customers), 'NAME', 60))`,
        `From line 1, column 58 to line 1, column 88: The query in CURSOR must be over a stream`,
      ],
    ],
  ],
];

for (const [section, cases] of CASES)
  describe(section, () => {
    for (const [program, expected] of cases) it(program, () => assert.equal(errorOf(program), expected));
  });
