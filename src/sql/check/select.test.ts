/** What the clauses of one SELECT become. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { described } from './check.testing.ts';

const CASES: readonly (readonly [
  section: string,
  cases: readonly (readonly [program: string, plan: string])[],
])[] = [
  [
    'the select list',
    [
      [`SELECT STREAM * FROM orders`, `scan ORDERS`],
      [
        `SELECT STREAM id, amount * 2 AS twice, 'x' FROM orders AS o WHERE o.amount > 5 AND customer = 'a'`,
        `project ID = $1, TWICE = ($3 * 2), EXPR$2 = "x"
  filter (($3 > 5) AND ($2 = "a"))
    scan ORDERS`,
      ],
      [
        `SELECT STREAM ROWTIME, o.* FROM orders o`,
        `project ROWTIME = $0, ID = $1, CUSTOMER = $2, AMOUNT = $3, PLACED = $4
  scan ORDERS`,
      ],
      [
        `SELECT STREAM o."ROWTIME" AS t, "ROWTIME" AS u FROM orders o`,
        `project T = $0, U = $0
  scan ORDERS`,
      ],
      [
        `SELECT STREAM placed AS ROWTIME, id, ROWTIME AS t FROM orders`,
        `project ROWTIME = $4, ID = $1, T = $4 at $4
  scan ORDERS`,
      ],
      [
        `SELECT STREAM * FROM tickers WHERE "ticker" = 'x'`,
        `project ticker = $1, PRICE = $2
  filter ($1 = "x")
    scan TICKERS`,
      ],
      [
        `SELECT STREAM "ticker", SHARD_ID FROM tickers WHERE price BETWEEN 1 AND 3`,
        `project ticker = $1, SHARD_ID = $3
  filter (($2 >= 100e-2) AND ($2 <= 300e-2))
    scan TICKERS`,
      ],
      [
        `SELECT STREAM SALES.orders.id, orders.amount FROM SALES.orders`,
        `project ID = $1, AMOUNT = $3
  scan ORDERS`,
      ],
      [
        `SELECT id FROM orders`,
        `project ID = $1
  scan ORDERS`,
      ],
      [
        `SELECT STREAM a, b FROM (SELECT STREAM id, amount FROM orders) AS t(a, b)`,
        `project A = $1, B = $3
  scan ORDERS`,
      ],
      [
        `SELECT STREAM CASE customer WHEN 'a' THEN 1 WHEN 'b' THEN 2 END, CASE WHEN id > 1 THEN amount ELSE 0 END FROM orders`,
        `project EXPR$0 = CASE(($2 = "a"), 1, ($2 = "b"), 2, null), EXPR$1 = CASE(($1 > 1), $3, 0)
  scan ORDERS`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE (id, customer) IN ((1, 'a'), (2, 'b')) OR NOT (id, amount) = (3, 4)`,
        `project ID = $1
  filter (((($1 = 1) AND ($2 = "a")) OR (($1 = 2) AND ($2 = "b"))) OR NOT((($1 = 3) AND ($3 = 4))))
    scan ORDERS`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE id NOT BETWEEN SYMMETRIC 5 AND 3 AND customer IS NOT DISTINCT FROM 'a' AND customer NOT LIKE 'a%'`,
        `project ID = $1
  filter ((NOT(((($1 >= 5) AND ($1 <= 3)) OR (($1 >= 3) AND ($1 <= 5)))) AND NOT(IS DISTINCT FROM($2, "a"))) AND NOT(LIKE($2, "a%")))
    scan ORDERS`,
      ],
    ],
  ],
  [
    'GROUP BY',
    [
      [
        `SELECT STREAM customer, COUNT(*), SUM(amount) AS total FROM orders GROUP BY customer, STEP(orders.ROWTIME BY INTERVAL '60' SECOND)`,
        `project CUSTOMER = $1, EXPR$1 = $3, TOTAL = $4
  aggregate COUNT(*), SUM($3) by ($2, STEP($0, interval 60000)) until 1 changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM FLOOR(ROWTIME TO HOUR) AS h, ROWTIME AS t, customer, COUNT(*) c FROM orders GROUP BY FLOOR(ROWTIME TO HOUR), customer HAVING COUNT(*) > 3 ORDER BY FLOOR(ROWTIME TO HOUR), COUNT(*) DESC`,
        `project H = $1, T = $0, CUSTOMER = $2, C = $3
  sort $1, $3 desc until FLOOR TO(($0 - interval 1), "HOUR") changes by rowtime
    filter ($3 > 3)
      aggregate COUNT(*) by (FLOOR TO($0, "HOUR"), $2) until 0 changes by rowtime
        scan ORDERS`,
      ],
      [
        `SELECT STREAM STEP(ROWTIME BY INTERVAL '1' MINUTE) AS w, customer, MAX(amount) - MIN(amount) AS spread FROM orders GROUP BY 1, customer`,
        `project W = $1, CUSTOMER = $2, SPREAD = ($3 - $4)
  aggregate MAX($3), MIN($3) by (STEP($0, interval 60000), $2) until 0 changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM COUNT(*) AS n, STEP(ROWTIME BY INTERVAL '1' MINUTE) AS w FROM orders GROUP BY w HAVING n > 3`,
        `project N = $2, W = $1
  filter ($2 > 3)
    aggregate COUNT(*) by (STEP($0, interval 60000)) until 0 changes by rowtime
      scan ORDERS`,
      ],
      [
        `SELECT STREAM w, SUM(c) FROM (SELECT STREAM STEP(ROWTIME BY INTERVAL '1' MINUTE) AS w, customer, COUNT(*) AS c FROM orders GROUP BY STEP(ROWTIME BY INTERVAL '1' MINUTE), customer) GROUP BY w`,
        `project W = $1, EXPR$1 = $2
  aggregate SUM($3) by (STEP(($0 - interval 1), interval 60000)) until 0 changes by rowtime
    aggregate COUNT(*) by (STEP($0, interval 60000), $2) until 0 changes by rowtime
      scan ORDERS`,
      ],
      [
        `SELECT STREAM w, COUNT(*) FROM (SELECT STREAM STEP(ROWTIME BY INTERVAL '1' MINUTE) AS w, id FROM orders) GROUP BY w`,
        `project W = $1, EXPR$1 = $2
  aggregate COUNT(*) by (STEP($0, interval 60000)) until 0 changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM customer, STEP(placed BY INTERVAL '1' MINUTE), COUNT(*), COUNT(*) + 1 FROM orders GROUP BY FLOOR(ROWTIME TO MINUTE), customer, STEP(placed BY INTERVAL '1' MINUTE)`,
        `project CUSTOMER = $2, EXPR$1 = $3, EXPR$2 = $4, EXPR$3 = ($4 + 1)
  aggregate COUNT(*) by (FLOOR TO($0, "MINUTE"), $2, STEP($4, interval 60000)) until 0 changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM MIN(o.ROWTIME) AS rowtime, FLOOR(o.ROWTIME TO HOUR), id FROM orders o GROUP BY FLOOR(o.ROWTIME TO HOUR), id`,
        `project ROWTIME = $3, EXPR$1 = $1, ID = $2 at $3
  aggregate MIN($0) by (FLOOR TO($0, "HOUR"), $1) until 0 changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders GROUP BY CEIL(ROWTIME TO DAY) - INTERVAL '1' DAY`,
        `project EXPR$0 = $2
  aggregate COUNT(*) by ((CEIL TO($0, "DAY") - interval 86400000)) until 0 changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM orders GROUP BY CAST(ROWTIME AS DATE)`,
        `project EXPR$0 = $2
  aggregate COUNT(*) by ($0 as DATE) until 0 changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM o.customer, COUNT(*) FROM orders o JOIN payments OVER (RANGE INTERVAL '1' MINUTE PRECEDING) p ON o.id = p.id GROUP BY o.customer, FLOOR(o.ROWTIME TO MINUTE)`,
        `project CUSTOMER = $1, EXPR$1 = $3
  aggregate COUNT(*) by ($3, FLOOR TO($0, "MINUTE")) until 1 changes by rowtime
    join INNER current with range 60000/0 on ($1 = $1)
      scan ORDERS
      scan PAYMENTS`,
      ],
      [
        `SELECT STREAM c.city, COUNT(*) FROM orders o JOIN customers c ON o.customer = c.name GROUP BY c.city, FLOOR(o.ROWTIME TO MINUTE)`,
        `project CITY = $1, EXPR$1 = $3
  aggregate COUNT(*) by ($8, FLOOR TO($0, "MINUTE")) until 1 changes by rowtime
    lookup INNER on ($2 = $1)
      scan ORDERS
      table CUSTOMERS`,
      ],
      [
        `SELECT city, COUNT(*) FROM customers GROUP BY city ORDER BY city`,
        `project CITY = $1, EXPR$1 = $2
  sort $1 until true changes by row
    aggregate COUNT(*) by ($2) until -1 changes by row
      table CUSTOMERS`,
      ],
    ],
  ],
  [
    'WINDOWED BY STAGGER',
    [
      [
        `SELECT STREAM customer, FLOOR(placed TO MINUTE), COUNT(*) FROM orders WINDOWED BY STAGGER (PARTITION BY customer, FLOOR(placed TO MINUTE) RANGE INTERVAL '1' MINUTE)`,
        `project CUSTOMER = $1, EXPR$1 = $2, EXPR$2 = $3
  stagger COUNT(*) by ($2, FLOOR TO($4, "MINUTE")) for 60000
    scan ORDERS`,
      ],
      [
        `SELECT STREAM customer, ROWTIME AS t, FIRST_VALUE(amount) AS f FROM orders WHERE id > 1 WINDOWED BY STAGGER (PARTITION BY customer RANGE INTERVAL '90' SECOND) HAVING COUNT(*) > 1`,
        `project CUSTOMER = $1, T = $0, F = $2
  filter ($3 > 1)
    stagger FIRST_VALUE($3), COUNT(*) by ($2) for 90000
      filter ($1 > 1)
        scan ORDERS`,
      ],
    ],
  ],
  [
    'OVER',
    [
      [
        `SELECT STREAM customer, COUNT(*) OVER w1, SUM(amount) OVER w1, AVG(amount) OVER (PARTITION BY id ROWS 10 PRECEDING) a FROM orders WINDOW w1 AS (PARTITION BY customer RANGE INTERVAL '1' MINUTE PRECEDING)`,
        `project CUSTOMER = $2, EXPR$1 = $5, EXPR$2 = $6, A = $7
  over [COUNT(*), SUM($3) by ($2) range 60000] [AVG($3) by ($1) rows 10]
    scan ORDERS`,
      ],
      [
        `SELECT STREAM SUM(amount) OVER (w RANGE INTERVAL '59:59.999' MINUTE TO SECOND(3) PRECEDING) - amount AS x FROM orders WINDOW w AS (PARTITION BY STEP(placed BY INTERVAL '10' SECOND))`,
        `project X = ($5 - $3)
  over [SUM($3) by (STEP($4, interval 10000)) range 3599999]
    scan ORDERS`,
      ],
      [
        `SELECT STREAM n FROM (SELECT STREAM COUNT(*) OVER (PARTITION BY id ROWS UNBOUNDED PRECEDING) AS n FROM orders) WHERE n >= 2`,
        `project N = $5
  filter ($5 >= 2)
    over [COUNT(*) by ($1) rows Infinity]
      scan ORDERS`,
      ],
      [
        `SELECT STREAM COUNT(*) OVER (RANGE BETWEEN INTERVAL '5' SECOND PRECEDING AND CURRENT ROW), COUNT(*) OVER (RANGE CURRENT ROW) FROM orders`,
        `project EXPR$0 = $5, EXPR$1 = $6
  over [COUNT(*) by () range 5000] [COUNT(*) by () range 0]
    scan ORDERS`,
      ],
    ],
  ],
  [
    'DISTINCT',
    [
      [
        `SELECT STREAM DISTINCT ROWTIME AS t, customer, STEP(orders.ROWTIME BY INTERVAL '5' SECOND) FROM orders`,
        `distinct ($2, STEP($0, interval 5000)) until 1 changes by rowtime
  project T = $0, CUSTOMER = $2, EXPR$2 = STEP($0, interval 5000)
    scan ORDERS`,
      ],
      [
        `SELECT STREAM DISTINCT ROWTIME, customer FROM orders ORDER BY ROWTIME, customer`,
        `sort $0, $2 until $0 changes by rowtime
  distinct ($0, $2) until 0 changes by rowtime
    project ROWTIME = $0, CUSTOMER = $2
      scan ORDERS`,
      ],
      [
        `SELECT STREAM customer, COUNT(d.amount) FROM (SELECT STREAM DISTINCT ROWTIME AS t, customer, amount, STEP((orders.ROWTIME) BY INTERVAL '5' SECOND) FROM orders) AS d GROUP BY customer, STEP((d.t) BY INTERVAL '5' SECOND)`,
        `project CUSTOMER = $1, EXPR$1 = $3
  aggregate COUNT($3) by ($2, STEP($0, interval 5000)) until 1 changes by rowtime
    distinct ($2, $3, STEP($0, interval 5000)) until 2 changes by rowtime
      project T = $0, CUSTOMER = $2, AMOUNT = $3, EXPR$3 = STEP($0, interval 5000)
        scan ORDERS`,
      ],
      [
        `SELECT DISTINCT city FROM customers`,
        `distinct ($1) until -1 changes by row
  project CITY = $2
    table CUSTOMERS`,
      ],
    ],
  ],
];

for (const [section, cases] of CASES)
  describe(section, () => {
    for (const [program, expected] of cases) it(program, () => assert.equal(described(program), expected));
  });
