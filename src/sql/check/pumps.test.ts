/** What pumps and functions of the program become. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { described } from './check.testing.ts';

const CASES: readonly (readonly [
  section: string,
  cases: readonly (readonly [program: string, plan: string])[],
])[] = [
  [
    'pumps',
    [
      [
        `CREATE STREAM out1 (a SMALLINT, b VARCHAR(4)); CREATE PUMP p AS INSERT INTO out1 SELECT STREAM amount, customer FROM orders`,
        `OUT1 <- $3 as SMALLINT, $2 as VARCHAR(4)
  scan ORDERS`,
      ],
      [
        `CREATE STREAM out1 (a SMALLINT, b VARCHAR(4)); CREATE PUMP p AS INSERT INTO out1 SELECT STREAM placed AS ROWTIME, id, customer FROM orders`,
        `OUT1 <- $2 as SMALLINT, $3 as VARCHAR(4)
  project ROWTIME = $4, ID = $1, CUSTOMER = $2 at $4
    scan ORDERS`,
      ],
      [
        `CREATE STREAM out1 (a SMALLINT, b VARCHAR(4)); CREATE PUMP p STOPPED AS INSERT INTO out1 (ROWTIME, b) SELECT STREAM placed, customer FROM orders`,
        `OUT1 <- null, $2 as VARCHAR(4) at $4 stopped
  scan ORDERS`,
      ],
      [
        `CREATE STREAM out1 (a INTEGER); CREATE PUMP p AS INSERT INTO out1 SELECT STREAM id FROM orders; CREATE PUMP q AS INSERT INTO out1 SELECT STREAM id FROM payments`,
        `OUT1 <- $1
  scan ORDERS
OUT1 <- $1
  scan PAYMENTS`,
      ],
      [
        `CREATE STREAM out1 (a INTEGER); CREATE PUMP p AS INSERT INTO out1 SELECT STREAM id FROM orders; CREATE OR REPLACE PUMP p AS INSERT INTO out1 SELECT STREAM id FROM payments`,
        `OUT1 <- $1
  scan PAYMENTS`,
      ],
      [
        `CREATE STREAM out1 (a INTEGER); CREATE OR REPLACE STREAM out1 (b INTEGER); CREATE PUMP p AS INSERT INTO out1 SELECT STREAM id FROM orders`,
        `OUT1 <- $1
  scan ORDERS`,
      ],
      [
        `CREATE STREAM out1 (a INTEGER); CREATE PUMP p STOPPED AS INSERT INTO out1 SELECT STREAM id FROM orders; ALTER PUMP p START; DROP STREAM IF EXISTS nothing`,
        `OUT1 <- $1
  scan ORDERS`,
      ],
    ],
  ],
  [
    'functions of the program',
    [
      [
        `CREATE FUNCTION half(a DOUBLE) RETURNS DOUBLE CONTAINS SQL RETURNS NULL ON NULL INPUT RETURN a / 2; SELECT STREAM half(amount) FROM orders WHERE half(id) > 1`,
        `project EXPR$0 = CASE(IS NULL($3), null, ($3 / 2))
  filter (CASE(IS NULL($1 as DOUBLE), null, ($1 as DOUBLE / 2)) > 1)
    scan ORDERS`,
      ],
      [
        `CREATE FUNCTION plain(a INTEGER, b INTEGER) RETURNS INTEGER CONTAINS SQL RETURN a * b + a; SELECT STREAM plain(id, 3) + 1 FROM orders`,
        `project EXPR$0 = ((($1 * 3) + $1) + 1)
  scan ORDERS`,
      ],
      [
        `CREATE FUNCTION f(a INTEGER) RETURNS INTEGER CONTAINS SQL RETURN a; CREATE FUNCTION f(a VARCHAR(9)) RETURNS INTEGER CONTAINS SQL RETURN CHAR_LENGTH(a); SELECT STREAM f(id), f(customer) FROM orders`,
        `project EXPR$0 = $1, EXPR$1 = CHAR_LENGTH($2)
  scan ORDERS`,
      ],
      [
        `CREATE FUNCTION half_hour(t TIMESTAMP) RETURNS TIMESTAMP CONTAINS SQL RETURN STEP(t BY INTERVAL '30' MINUTE); SELECT STREAM half_hour(o.ROWTIME), COUNT(*) FROM orders o GROUP BY half_hour(o.ROWTIME)`,
        `project EXPR$0 = $1, EXPR$1 = $2
  aggregate COUNT(*) by (STEP($0, interval 1800000)) until 0 changes by rowtime
    scan ORDERS`,
      ],
    ],
  ],
];

for (const [section, cases] of CASES)
  describe(section, () => {
    for (const [program, expected] of cases) it(program, () => assert.equal(described(program), expected));
  });
