/** What joins, set operators, ORDER BY, subqueries and table functions become. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { described } from './check.testing.ts';

const CASES: readonly (readonly [
  section: string,
  cases: readonly (readonly [program: string, plan: string])[],
])[] = [
  [
    'joins',
    [
      [
        `SELECT STREAM o.id, p.paid, ROWTIME, o.ROWTIME AS ot FROM orders OVER (RANGE INTERVAL '1' MINUTE PRECEDING) AS o JOIN payments AS p ON o.id = p.id AND p.paid > o.amount`,
        `project ID = $2, PAID = $8, ROWTIME = $0, OT = $1
  join INNER range 60000/0 with current on ($1 = $1) if ($8 > $4)
    scan ORDERS
    scan PAYMENTS`,
      ],
      [
        `SELECT STREAM o.id, c.city FROM orders o LEFT JOIN customers c ON o.customer = c.name`,
        `project ID = $2, CITY = $8
  lookup LEFT on ($2 = $1)
    scan ORDERS
    table CUSTOMERS`,
      ],
      [
        `SELECT STREAM a.id, b.amount, c.city FROM orders OVER (RANGE INTERVAL '15' SECOND PRECEDING) AS a JOIN orders OVER (RANGE INTERVAL '20' SECOND PRECEDING) AS b ON a.id = b.id JOIN customers c ON a.customer = c.name WHERE b.customer IS NOT NULL`,
        `project ID = $3, AMOUNT = $10, CITY = $14
  filter NOT(IS NULL($9))
    lookup INNER on ($3 = $1)
      join INNER range 15000/0 with range 20000/0 on ($1 = $1)
        scan ORDERS
        scan ORDERS
      table CUSTOMERS`,
      ],
      [
        `SELECT STREAM a.id FROM orders OVER (RANGE INTERVAL '15' SECOND PRECEDING) AS a JOIN orders OVER (RANGE INTERVAL '20' SECOND PRECEDING) AS b ON a.id = b.id JOIN payments OVER (RANGE INTERVAL '10' SECOND PRECEDING) AS c ON a.id = c.id`,
        `project ID = $3
  join INNER range 15000/0 with range 10000/0 on ($2 = $1) if ((($0 <= ($2 + interval 15000)) OR IS NULL($2)) AND (($0 <= ($7 + interval 20000)) OR IS NULL($7)))
    join INNER range 15000/0 with range 20000/0 on ($1 = $1)
      scan ORDERS
      scan ORDERS
    scan PAYMENTS`,
      ],
      [
        `SELECT STREAM rcf.ANOMALY_SCORE, SOURCE.customer FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM amount FROM orders))) AS rcf, orders AS SOURCE`,
        `project ANOMALY_SCORE = $3, CUSTOMER = $6
  join INNER range 0/0 with range 0/0 on ()
    RANDOM_CUT_FOREST [100,256,100000,1]
      project AMOUNT = $3
        scan ORDERS
    scan ORDERS`,
      ],
      [
        `SELECT STREAM * FROM orders OVER (ROWS 10 PRECEDING) o, payments p WHERE o.id = p.id AND p.paid > 3`,
        `project ID = $2, CUSTOMER = $3, AMOUNT = $4, PLACED = $5, ID = $7, PAID = $8
  filter ($8 > 3)
    join INNER rows 10/0 with current on ($1 = $1)
      scan ORDERS
      scan PAYMENTS`,
      ],
      [
        `SELECT STREAM * FROM orders OVER (RANGE INTERVAL '1' HOUR FOLLOWING) o JOIN payments p USING (id)`,
        `project ID = $2, CUSTOMER = $3, AMOUNT = $4, PLACED = $5, PAID = $8
  join INNER range 0/3600000 with current on ($1 = $1)
    scan ORDERS
    scan PAYMENTS`,
      ],
      [
        `SELECT STREAM id, paid, amount FROM orders OVER w AS o NATURAL LEFT JOIN payments WINDOW w AS (RANGE INTERVAL '1' HOUR PRECEDING)`,
        `project ID = $2, PAID = $8, AMOUNT = $4
  join LEFT range 3600000/0 with current on ($1 = $1)
    scan ORDERS
    scan PAYMENTS`,
      ],
      [
        `SELECT STREAM o.id FROM orders OVER (RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND INTERVAL '2' MINUTE FOLLOWING) o FULL OUTER JOIN payments OVER (RANGE INTERVAL '1' MINUTE PRECEDING) p ON o.id = p.id + 1`,
        `project ID = $2
  join FULL range 60000/120000 with range 60000/0 on ($1 = ($1 + 1))
    scan ORDERS
    scan PAYMENTS`,
      ],
      [
        `SELECT STREAM c.city, o.id FROM customers c JOIN orders o ON c.name = o.customer`,
        `project CITY = $8, ID = $2
  lookup INNER on ($2 = $1)
    scan ORDERS
    table CUSTOMERS`,
      ],
      [
        `SELECT STREAM c.city, o.id FROM customers c RIGHT JOIN orders o ON c.name = o.customer`,
        `project CITY = $8, ID = $2
  lookup LEFT on ($2 = $1)
    scan ORDERS
    table CUSTOMERS`,
      ],
      [
        `SELECT STREAM o.*, c.* FROM orders o, customers c WHERE o.customer = c.name AND c.city <> 'x'`,
        `project ID = $2, CUSTOMER = $3, AMOUNT = $4, PLACED = $5, NAME = $7, CITY = $8
  filter ($8 <> "x")
    lookup INNER on ($2 = $1)
      scan ORDERS
      table CUSTOMERS`,
      ],
      [
        `SELECT STREAM o.id, c.city, d.people FROM orders o JOIN customers c ON o.customer = c.name JOIN cities d USING (city)`,
        `project ID = $3, CITY = $9, PEOPLE = $12
  lookup INNER on ($8 = $1)
    lookup INNER on ($2 = $1)
      scan ORDERS
      table CUSTOMERS
    table CITIES`,
      ],
    ],
  ],
  [
    'UNION ALL and other set operators',
    [
      [
        `SELECT STREAM id, amount FROM orders UNION ALL SELECT STREAM id, paid FROM payments ORDER BY ROWTIME, MOD(id, 5)`,
        `sort $0, MOD($1, 5) until $0 changes by rowtime
  merge
    project ID = $1, AMOUNT = $3
      scan ORDERS
    scan PAYMENTS`,
      ],
      [
        `SELECT STREAM id, customer FROM orders UNION ALL SELECT STREAM paid, 'none' FROM payments`,
        `merge
  project ID = $1 as DOUBLE, CUSTOMER = $2
    scan ORDERS
  project PAID = $2, EXPR$1 = "none"
    scan PAYMENTS`,
      ],
      [
        `SELECT STREAM id FROM orders UNION ALL SELECT STREAM id FROM payments UNION ALL SELECT STREAM id FROM orders`,
        `merge
  project ID = $1
    scan ORDERS
  project ID = $1
    scan PAYMENTS
  project ID = $1
    scan ORDERS`,
      ],
      [
        `SELECT STREAM w, COUNT(*) FROM (SELECT STREAM STEP(o.ROWTIME BY INTERVAL '1' MINUTE) AS w FROM orders o UNION ALL SELECT STREAM STEP(p.ROWTIME BY INTERVAL '1' MINUTE) FROM payments p) GROUP BY w`,
        `project W = $1, EXPR$1 = $2
  aggregate COUNT(*) by (STEP($0, interval 60000)) until 0 changes by rowtime
    merge
      project W = STEP($0, interval 60000)
        scan ORDERS
      project EXPR$0 = STEP($0, interval 60000)
        scan PAYMENTS`,
      ],
      [
        `SELECT city FROM customers EXCEPT SELECT city FROM cities`,
        `set EXCEPT
  project CITY = $2
    table CUSTOMERS
  project CITY = $1
    table CITIES`,
      ],
    ],
  ],
  [
    'ORDER BY',
    [
      [
        `SELECT STREAM id, amount FROM orders ORDER BY FLOOR(orders.ROWTIME TO SECOND), amount DESC, customer`,
        `project ID = $1, AMOUNT = $3
  sort FLOOR TO($0, "SECOND"), $3 desc, $2 until FLOOR TO($0, "SECOND") changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM FLOOR(ROWTIME TO SECOND) AS s, id FROM orders ORDER BY 1, 2`,
        `project S = FLOOR TO($0, "SECOND"), ID = $1
  sort FLOOR TO($0, "SECOND"), $1 until FLOOR TO($0, "SECOND") changes by rowtime
    scan ORDERS`,
      ],
      [
        `SELECT STREAM placed AS ROWTIME, id FROM orders ORDER BY placed WITHIN INTERVAL '10' SECOND`,
        `project ROWTIME = $0, ID = $1
  time sort $4 within 10000
    scan ORDERS`,
      ],
      [
        `SELECT STREAM p AS ROWTIME, p + INTERVAL '1' HOUR AS later FROM (SELECT STREAM placed AS p FROM orders) ORDER BY p WITHIN INTERVAL '1' MINUTE`,
        `project ROWTIME = $0, LATER = ($0 + interval 3600000)
  time sort $1 within 60000
    project P = $4
      scan ORDERS`,
      ],
    ],
  ],
  [
    'VALUES and subqueries',
    [
      [`VALUES (1, 'a'), (2, 'bc')`, `values (1, "a"), (2, "bc")`],
      [
        `SELECT * FROM (VALUES (1, 'a'), (2.5, 'bc')) AS t(x, y) WHERE x > 1`,
        `project X = $1, Y = $2
  filter ($1 > 10e-1)
    values (10e-1, "a"), (25e-1, "bc")`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE customer IN (SELECT name FROM customers WHERE city = 'Bern') AND EXISTS (SELECT 1 FROM cities)`,
        `project ID = $1
  filter (in($2)[project NAME = $1 < filter ($2 = "Bern") < table CUSTOMERS] AND exists()[project EXPR$0 = 1 < table CITIES])
    scan ORDERS`,
      ],
      [
        `SELECT STREAM id FROM orders o WHERE NOT EXISTS (SELECT * FROM customers c WHERE c.name = o.customer AND c.city = 'Bern')`,
        `project ID = $1
  filter NOT(IS TRUE(in($2)[project NAME = $1 < filter ($2 = "Bern") < table CUSTOMERS]))
    scan ORDERS`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE (customer, 'Bern') IN (SELECT name, city FROM customers)`,
        `project ID = $1
  filter in($2, "Bern")[table CUSTOMERS]
    scan ORDERS`,
      ],
      [
        `SELECT STREAM (SELECT MAX(people) FROM cities) FROM orders`,
        `project EXPR$0 = scalar()[project EXPR$0 = $1 < aggregate MAX($2) by () until -1 changes by row < table CITIES]
  scan ORDERS`,
      ],
      [
        `SELECT STREAM o.id, t.y FROM orders o JOIN (VALUES (1, 'one'), (2, 'two')) AS t(x, y) ON o.id = t.x`,
        `project ID = $2, Y = $8
  lookup INNER on ($1 = $1)
    scan ORDERS
    values (1, "one"), (2, "two")`,
      ],
    ],
  ],
  [
    'table functions',
    [
      [
        `SELECT STREAM id, ANOMALY_SCORE FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM id, amount FROM orders), 10)) WHERE ANOMALY_SCORE > 1`,
        `project ID = $1, ANOMALY_SCORE = $3
  filter ($3 > 1)
    RANDOM_CUT_FOREST [10,256,100000,1]
      project ID = $1, AMOUNT = $3
        scan ORDERS`,
      ],
      [
        `SELECT STREAM * FROM TABLE(RANDOM_CUT_FOREST_WITH_EXPLANATION(CURSOR(SELECT STREAM amount FROM orders), 100, 256, 100000, 1, true))`,
        `RANDOM_CUT_FOREST_WITH_EXPLANATION [100,256,100000,1,true]
  project AMOUNT = $3
    scan ORDERS`,
      ],
      [
        `SELECT STREAM customer, HOTSPOTS_RESULT FROM TABLE(HOTSPOTS(CURSOR(SELECT STREAM customer, amount FROM orders), 1000, 0.2, 17))`,
        `project CUSTOMER = $1, HOTSPOTS_RESULT = $3
  HOTSPOTS [1000,0.2,17]
    project CUSTOMER = $2, AMOUNT = $3
      scan ORDERS`,
      ],
      [
        `SELECT STREAM ITEM, ITEM_COUNT FROM TABLE(TOP_K_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM orders), 'customer', 5, 60))`,
        `TOP_K_ITEMS_TUMBLING ["CUSTOMER",5,60]
  scan ORDERS`,
      ],
      [
        `SELECT STREAM * FROM TABLE(COUNT_DISTINCT_ITEMS_TUMBLING(CURSOR(SELECT STREAM * FROM orders), 'CUSTOMER', 60))`,
        `COUNT_DISTINCT_ITEMS_TUMBLING ["CUSTOMER",60]
  scan ORDERS`,
      ],
      [
        `SELECT STREAM id, "groupRank" FROM TABLE(GROUP_RANK(CURSOR(SELECT STREAM * FROM orders), 'AMOUNT', 'groupRank', 'DESC', 'asc', 5, 0))`,
        `project ID = $1, groupRank = $5
  GROUP_RANK ["AMOUNT","groupRank","desc","asc",5,0]
    scan ORDERS`,
      ],
      [
        `SELECT STREAM COUNT(*) FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM amount, FLOOR(ROWTIME TO MINUTE) AS m FROM orders))) GROUP BY m`,
        `project EXPR$0 = $2
  aggregate COUNT(*) by (FLOOR TO($0, "MINUTE")) until 0 changes by rowtime
    RANDOM_CUT_FOREST [100,256,100000,1]
      project AMOUNT = $3, M = FLOOR TO($0, "MINUTE")
        scan ORDERS`,
      ],
    ],
  ],
];

for (const [section, cases] of CASES)
  describe(section, () => {
    for (const [program, expected] of cases) it(program, () => assert.equal(described(program), expected));
  });
