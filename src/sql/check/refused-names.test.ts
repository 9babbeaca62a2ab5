/** What is refused of names, functions, literals, streams and pumps, and in which words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf } from './check.testing.ts';

const CASES: readonly (readonly [
  section: string,
  cases: readonly (readonly [program: string, error: string])[],
])[] = [
  [
    'names',
    [
      [
        `SELECT STREAM ticker FROM tickers`,
        `From line 1, column 15 to line 1, column 20: Column 'TICKER' not found in any table; did you mean "ticker"?`,
      ],
      [
        `SELECT STREAM id FROM oders`,
        `From line 1, column 23 to line 1, column 27: Object 'ODERS' not found; did you mean ORDERS?`,
      ],
      [
        `SELECT STREAM nothing FROM orders`,
        `From line 1, column 15 to line 1, column 21: Column 'NOTHING' not found in any table; there are ID, CUSTOMER, AMOUNT, PLACED`,
      ],
      [
        `SELECT STREAM o.amont FROM orders o`,
        `From line 1, column 17 to line 1, column 21: Column 'AMONT' not found in table 'O'; did you mean AMOUNT?`,
      ],
      [
        `SELECT STREAM x.id FROM orders o`,
        `From line 1, column 15 to line 1, column 15: Table 'X' not found`,
      ],
      [
        `SELECT STREAM orders.id FROM orders o`,
        `From line 1, column 15 to line 1, column 20: Table 'ORDERS' not found`,
      ],
      [
        `SELECT STREAM id FROM orders OVER (RANGE INTERVAL '1' HOUR FOLLOWING) o JOIN payments p ON o.id = p.id`,
        `From line 1, column 15 to line 1, column 16: Column 'ID' is ambiguous; write the name or alias of its relation in front of it`,
      ],
      [
        `SELECT STREAM price FROM (SELECT STREAM MIN(amount) OVER (ROWS 2 PRECEDING) AS price, MAX(amount) OVER (ROWS 2 PRECEDING) AS price FROM orders)`,
        `From line 1, column 15 to line 1, column 19: Column 'PRICE' is ambiguous; write the name or alias of its relation in front of it`,
      ],
      [
        `SELECT STREAM o.id FROM orders OVER (ROWS 1 PRECEDING) AS o JOIN payments AS o ON o.id = o.id`,
        `From line 1, column 83 to line 1, column 83: Table 'O' is ambiguous; give each an alias`,
      ],
      [
        `SELECT STREAM orders.id FROM orders OVER (ROWS 1 PRECEDING) JOIN orders ON TRUE`,
        `From line 1, column 30 to line 1, column 79: Duplicate relation name 'ORDERS' in FROM clause; give each an alias with AS`,
      ],
      [
        `SELECT STREAM x.* FROM orders o`,
        `From line 1, column 15 to line 1, column 17: Unknown identifier 'X'`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE twice > 2`,
        `From line 1, column 36 to line 1, column 40: Column 'TWICE' not found in any table; there are ID, CUSTOMER, AMOUNT, PLACED`,
      ],
      [
        `SELECT STREAM amount * 2 AS twice FROM orders WHERE twice > 2`,
        `From line 1, column 53 to line 1, column 57: Column 'TWICE' not found in any table: an alias of the select list is not known in WHERE; repeat the expression, or put the query into FROM`,
      ],
      [
        `SELECT STREAM * FROM error_stream`,
        `From line 1, column 22 to line 1, column 33: Object 'ERROR_STREAM' cannot be read: the error stream is the service's; give it to an output of the application instead`,
      ],
      [
        `SELECT STREAM customer.x FROM orders`,
        `From line 1, column 24 to line 1, column 24: Column 'X' not found: what stands before it is not a record`,
      ],
      [
        `SELECT STREAM o.customer.x FROM orders o`,
        `From line 1, column 26 to line 1, column 26: Column 'X' not found: what stands before it is not a record`,
      ],
      [
        `CREATE PUMP p AS INSERT INTO later SELECT STREAM id FROM orders; CREATE STREAM later (id INTEGER)`,
        `From line 1, column 30 to line 1, column 34: Object 'LATER' not found: its CREATE STREAM stands further down; statements are run in their order`,
      ],
      [
        `SELECT STREAM a FROM (SELECT STREAM id, amount FROM orders) AS t(a)`,
        `From line 1, column 64 to line 1, column 64: List of column aliases must have same degree as table; table has 2 columns ('ID', 'AMOUNT'), whereas alias list has 1 columns`,
      ],
      [
        `SELECT STREAM a FROM (SELECT STREAM id, amount FROM orders) AS t(a, ROWTIME)`,
        `From line 1, column 69 to line 1, column 75: A column cannot be renamed ROWTIME, which every stream has already`,
      ],
    ],
  ],
  [
    'functions',
    [
      [
        `SELECT STREAM FOO(id) FROM orders`,
        `From line 1, column 15 to line 1, column 21: No match found for function signature FOO(<NUMERIC>)`,
      ],
      [
        `SELECT STREAM FOO(nothing) FROM orders`,
        `From line 1, column 19 to line 1, column 25: Column 'NOTHING' not found in any table; there are ID, CUSTOMER, AMOUNT, PLACED`,
      ],
      [
        `SELECT STREAM id + customer FROM orders`,
        `From line 1, column 15 to line 1, column 27: Cannot apply '+' to arguments of type '<INTEGER> + <VARCHAR(16)>'. Supported form(s): '<NUMERIC> + <NUMERIC>' '<DATETIME_INTERVAL> + <DATETIME_INTERVAL>' '<DATETIME> + <DATETIME_INTERVAL>' '<DATETIME_INTERVAL> + <DATETIME>'`,
      ],
      [
        `SELECT STREAM UPPER(id, id) FROM orders`,
        `From line 1, column 15 to line 1, column 27: Invalid number of arguments to function 'UPPER'. Was expecting 1 arguments: UPPER(<text>)`,
      ],
      [
        `SELECT STREAM UPPER(*) FROM orders`,
        `From line 1, column 15 to line 1, column 22: '*' may not stand in a call of 'UPPER'`,
      ],
      [
        `SELECT STREAM RANDOM_CUT_FOREST(id) FROM orders`,
        `From line 1, column 15 to line 1, column 35: 'RANDOM_CUT_FOREST' gives rows: write FROM TABLE(RANDOM_CUT_FOREST(CURSOR(SELECT STREAM …), …))`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE id`,
        `From line 1, column 36 to line 1, column 37: WHERE clause must be a condition`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE id IN ('a', 'b')`,
        `From line 1, column 36 to line 1, column 51: Values passed to IN operator must have compatible types; they are INTEGER, VARCHAR(1)`,
      ],
      [
        `SELECT STREAM id FROM orders WHERE (id, amount) = (1, 2, 3)`,
        `From line 1, column 36 to line 1, column 59: Unequal number of entries in row expressions`,
      ],
      [
        `SELECT STREAM (id, amount) FROM orders`,
        `From line 1, column 15 to line 1, column 26: A row of several values may only be compared, or stand before IN`,
      ],
      [
        `SELECT STREAM CAST(placed AS INTEGER) FROM orders`,
        `From line 1, column 15 to line 1, column 37: Cast function cannot convert value of type TIMESTAMP to type INTEGER`,
      ],
      [
        `CREATE FUNCTION f(a INTEGER) RETURNS INTEGER CONTAINS SQL RETURN b`,
        `From line 1, column 66 to line 1, column 66: Column 'B' not found in any table; there are A`,
      ],
      [
        `CREATE FUNCTION f(a INTEGER, a INTEGER) RETURNS INTEGER CONTAINS SQL RETURN a`,
        `From line 1, column 30 to line 1, column 30: Duplicate parameter name 'A'`,
      ],
      [
        `CREATE FUNCTION f(a INTEGER) RETURNS VARCHAR(5) CONTAINS SQL RETURN a`,
        `From line 1, column 69 to line 1, column 69: The function returns VARCHAR(5), and its expression is INTEGER; use CAST`,
      ],
      [
        `CREATE FUNCTION upper(a INTEGER) RETURNS INTEGER CONTAINS SQL RETURN a`,
        `From line 1, column 17 to line 1, column 21: Encountered "upper" at line 1, column 17. Was expecting: a name`,
      ],
      [
        `CREATE FUNCTION f(a INTEGER) RETURNS INTEGER CONTAINS SQL RETURN a; SELECT STREAM f(1, 2) FROM orders`,
        `From line 1, column 83 to line 1, column 89: Invalid number of arguments to function 'F'. Was expecting 1 arguments`,
      ],
      [
        `CREATE FUNCTION f(a INTEGER) RETURNS INTEGER CONTAINS SQL RETURN a; SELECT STREAM f('x') FROM orders`,
        `From line 1, column 83 to line 1, column 88: No match found for function signature F(<CHARACTER>); parameters are INTEGER`,
      ],
      [
        `CREATE FUNCTION f(a INTEGER) RETURNS INTEGER CONTAINS SQL RETURN a; CREATE FUNCTION f(b INTEGER) RETURNS INTEGER CONTAINS SQL RETURN b`,
        `From line 1, column 85 to line 1, column 85: Object 'F' already exists; write CREATE OR REPLACE FUNCTION`,
      ],
    ],
  ],
  [
    'literals',
    [
      [
        `SELECT STREAM INTERVAL '120' SECOND FROM orders`,
        `From line 1, column 15 to line 1, column 35: Interval field value 120 exceeds precision of SECOND(2) field; write SECOND(3)`,
      ],
      [
        `SELECT STREAM INTERVAL '1:61' MINUTE TO SECOND FROM orders`,
        `From line 1, column 15 to line 1, column 46: Illegal interval literal format '1:61' for INTERVAL MINUTE TO SECOND`,
      ],
      [
        `SELECT STREAM DATE '2004-13-01' FROM orders`,
        `From line 1, column 15 to line 1, column 31: Illegal DATE literal '2004-13-01': not in format 'yyyy-MM-dd'`,
      ],
      [
        `SELECT STREAM TIMESTAMP '2004-01-01' FROM orders`,
        `From line 1, column 15 to line 1, column 36: Illegal TIMESTAMP literal '2004-01-01': not in format 'yyyy-MM-dd HH:mm:ss'`,
      ],
      [
        `SELECT STREAM 99999999999999999999 FROM orders`,
        `From line 1, column 15 to line 1, column 34: Numeric literal '99999999999999999999' out of range`,
      ],
      [
        `SELECT STREAM 1.2345678901234567890 FROM orders`,
        `From line 1, column 15 to line 1, column 35: Numeric literal '1.2345678901234567890' out of range`,
      ],
    ],
  ],
  [
    'streams and pumps',
    [
      [
        `CREATE STREAM error_stream (x INTEGER)`,
        `From line 1, column 15 to line 1, column 26: 'ERROR_STREAM' is reserved: it is the name of the service's own error stream`,
      ],
      [
        `CREATE STREAM "error_stream" (x INTEGER)`,
        `From line 1, column 15 to line 1, column 28: 'error_stream' is reserved: it is the name of the service's own error stream`,
      ],
      [
        `CREATE STREAM orders (x INTEGER)`,
        `From line 1, column 15 to line 1, column 20: Object 'ORDERS' already exists: it is an input of the application`,
      ],
      [
        `CREATE STREAM a (x INTEGER); CREATE STREAM a (x INTEGER)`,
        `From line 1, column 44 to line 1, column 44: Object 'A' already exists; write CREATE OR REPLACE STREAM, or another name`,
      ],
      [
        `CREATE STREAM a (x INTEGER, x INTEGER)`,
        `From line 1, column 29 to line 1, column 29: Duplicate column name 'X' in stream 'A'`,
      ],
      [
        `CREATE STREAM a (x INTEGER, ROWTIME TIMESTAMP)`,
        `From line 1, column 29 to line 1, column 35: Every stream has a column ROWTIME already; choose another name`,
      ],
      [
        `CREATE STREAM a (x INTEGER); CREATE PUMP p AS INSERT INTO a SELECT STREAM id FROM orders; CREATE OR REPLACE STREAM a (x INTEGER)`,
        `From line 1, column 116 to line 1, column 116: Stream 'A' is defined again, and a pump has used it already: a stream can be defined once in the code`,
      ],
      [
        `CREATE STREAM a (x INTEGER); CREATE PUMP p AS INSERT INTO a SELECT STREAM id FROM orders; CREATE PUMP p AS INSERT INTO a SELECT STREAM id FROM orders`,
        `From line 1, column 103 to line 1, column 103: Object 'P' already exists; write CREATE OR REPLACE PUMP, or another name`,
      ],
      [
        `CREATE STREAM a (x INTEGER); CREATE STREAM b (x INTEGER); CREATE PUMP p AS INSERT INTO a SELECT STREAM x FROM b; CREATE PUMP q AS INSERT INTO b SELECT STREAM x FROM a`,
        `From line 1, column 114 to line 1, column 166: Pump 'Q' feeds stream 'B' with its own rows, without an end`,
      ],
      [
        `CREATE STREAM a (x INTEGER); CREATE PUMP p AS INSERT INTO a SELECT STREAM x FROM a`,
        `From line 1, column 30 to line 1, column 82: Pump 'P' feeds stream 'A' with its own rows, without an end`,
      ],
      [
        `CREATE STREAM a (x INTEGER); CREATE PUMP p AS INSERT INTO a SELECT STREAM id FROM orders; DROP STREAM a`,
        `From line 1, column 103 to line 1, column 103: Stream 'A' cannot be dropped: pump 'P' uses it`,
      ],
      [
        `CREATE STREAM a (x INTEGER, y VARCHAR(4) NOT NULL); CREATE PUMP p AS INSERT INTO a (x) SELECT STREAM id FROM orders`,
        `From line 1, column 70 to line 1, column 115: Column 'Y' has no default value and does not allow NULLs`,
      ],
      [
        `CREATE STREAM a (x SMALLINT, y VARCHAR(4)); CREATE PUMP p AS INSERT INTO a SELECT STREAM customer, amount FROM orders`,
        `From line 1, column 76 to line 1, column 117: Cannot assign to target field 'X' of type SMALLINT from source field 'CUSTOMER' of type VARCHAR(16); use CAST`,
      ],
      [
        `CREATE STREAM a (x SMALLINT, y VARCHAR(4)); CREATE PUMP p AS INSERT INTO a SELECT STREAM id FROM orders`,
        `From line 1, column 62 to line 1, column 103: Number of INSERT target columns (2) does not equal number of source items (1)`,
      ],
      [
        `CREATE STREAM a (x SMALLINT, y VARCHAR(4)); CREATE PUMP p AS INSERT INTO a (x, y, x) SELECT STREAM id, customer, id FROM orders`,
        `From line 1, column 83 to line 1, column 83: Target column 'X' is assigned more than once`,
      ],
      [
        `CREATE STREAM a (amount DOUBLE); CREATE PUMP p AS INSERT INTO a (amuont) SELECT STREAM amount FROM orders`,
        `From line 1, column 66 to line 1, column 71: Unknown target column 'AMUONT'; did you mean AMOUNT?`,
      ],
      [
        `CREATE STREAM a (x TIMESTAMP); CREATE PUMP p AS INSERT INTO a SELECT STREAM id FROM orders`,
        `From line 1, column 63 to line 1, column 90: Cannot assign to target field 'X' of type TIMESTAMP from source field 'ID' of type INTEGER; use CAST`,
      ],
      [
        `CREATE STREAM a (x BIGINT); CREATE PUMP p AS INSERT INTO a SELECT STREAM placed FROM orders`,
        `From line 1, column 60 to line 1, column 91: Cannot assign to target field 'X' of type BIGINT from source field 'PLACED' of type TIMESTAMP; use CAST`,
      ],
      [
        `CREATE STREAM a (x VARCHAR(20)); CREATE PUMP p AS INSERT INTO a SELECT name FROM customers`,
        `From line 1, column 65 to line 1, column 90: A pump needs a stream to read from: its query has none in FROM`,
      ],
      [
        `CREATE PUMP p AS INSERT INTO nowhere SELECT STREAM x FROM orders`,
        `From line 1, column 30 to line 1, column 36: Object 'NOWHERE' not found`,
      ],
      [
        `CREATE PUMP p AS INSERT INTO orders SELECT STREAM * FROM orders`,
        `From line 1, column 30 to line 1, column 35: 'ORDERS' is an input of the application: no pump can write to it; create a stream with CREATE STREAM`,
      ],
      [
        `CREATE PUMP p AS INSERT INTO customers SELECT STREAM customer, customer FROM orders`,
        `From line 1, column 30 to line 1, column 38: 'CUSTOMERS' is a reference table: no pump can write to it`,
      ],
      [
        `CREATE PUMP p AS INSERT INTO error_stream SELECT STREAM * FROM orders`,
        `From line 1, column 30 to line 1, column 41: 'ERROR_STREAM' is the name of the service's own error stream: no pump can write to it`,
      ],
      [
        `INSERT INTO orders SELECT * FROM orders`,
        `From line 1, column 1 to line 1, column 39: INSERT stands in a pump: CREATE OR REPLACE PUMP "…" AS INSERT INTO …`,
      ],
      [`DROP PUMP p`, `From line 1, column 11 to line 1, column 11: Object 'P' not found`],
      [`ALTER PUMP p START`, `From line 1, column 12 to line 1, column 12: Object 'P' not found`],
    ],
  ],
];

for (const [section, cases] of CASES)
  describe(section, () => {
    for (const [program, expected] of cases) it(program, () => assert.equal(errorOf(program), expected));
  });
