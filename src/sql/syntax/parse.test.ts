import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SqlError } from '../sql-error.ts';
import { parseExpression, parseProgram, parseType } from './parse.ts';
import type { Expression, From, Query, Select, Statement } from './tree.ts';

/** The statements of a program as their kinds, which says that it was read to its end. */
const kinds = (text: string): string[] => parseProgram(text).statements.map(({ kind }) => kind);

function only(text: string): Statement {
  const { statements } = parseProgram(text);
  assert.equal(statements.length, 1);
  return statements[0]!;
}

function queryOf(text: string): Query {
  const statement = only(text);
  assert.ok(statement.kind === 'query');
  return statement.query;
}

function selectOf(text: string): Select {
  const query = queryOf(text);
  assert.ok(query.kind === 'select');
  return query;
}

/** An expression with every operator in brackets, so that a test shows how it was read. */
function shown(expression: Expression): string {
  switch (expression.kind) {
    case 'path':
      return expression.path.map(({ text, isQuoted }) => (isQuoted ? `"${text}"` : text)).join('.');
    case 'number':
      return expression.text;
    case 'string':
      return `'${expression.value}'`;
    case 'binary':
      return `(${shown(expression.left)} ${expression.operator} ${shown(expression.right)})`;
    case 'unary':
      return `(${expression.operator} ${shown(expression.operand)})`;
    case 'is':
      return `(${shown(expression.operand)} IS${expression.isNegated ? ' NOT' : ''} ${expression.what})`;
    case 'between':
      return `(${shown(expression.operand)} BETWEEN ${shown(expression.low)} AND ${shown(expression.high)})`;
    case 'like':
      return `(${shown(expression.operand)} ${expression.operator} ${shown(expression.pattern)})`;
    case 'row':
      return `[${expression.items.map(shown).join(', ')}]`;
    case 'call':
      return `${expression.name.text}(${expression.args.map((arg) => (arg.kind === 'cursor' ? 'CURSOR' : shown(arg))).join(', ')})`;
    case 'difference':
      return `<${shown(expression.left)} - ${shown(expression.right)} ${expression.qualifier.from} ${expression.qualifier.to}>`;
    case 'temporal':
      return `(${expression.operator} ${[expression.left, expression.right].map(({ from, to }) => `${shown(from)}~${to === undefined ? '' : shown(to)}`).join(' ')})`;
    case 'interval':
      return `INTERVAL ${expression.isNegative ? '-' : ''}${expression.text} ${expression.qualifier.from}`;
    case 'round to':
      return `${expression.direction}(${shown(expression.operand)} TO ${expression.unit})`;
    default:
      return expression.kind;
  }
}

test('a program of streams, pumps and queries', () => {
  assert.deepEqual(
    kinds(`
      create or replace stream "OUT" ("name" varchar(16) not null, visits INTEGER) description 'what goes out';
      CREATE OR REPLACE PUMP "PUMP" AS INSERT INTO "OUT" ("name", VISITS)
        SELECT STREAM "name", COUNT(*) AS visits FROM "IN_001"
        GROUP BY "name", STEP("IN_001".ROWTIME BY INTERVAL '60' SECOND);
      ;; SELECT STREAM * FROM "OUT"`),
    ['create stream', 'create pump', 'query'],
  );
  assert.deepEqual(kinds(' -- nothing but a comment'), []);
});

test('operators bind as in Calcite', () => {
  const examples: Record<string, string> = {
    'a + b * c - d': '((A + (B * C)) - D)',
    'a OR b AND NOT c = d': '(A OR (B AND (NOT (C = D))))',
    'a = b IS TRUE': '((A = B) IS TRUE)',
    'a BETWEEN 1 AND 2 AND b': '((A BETWEEN 1 AND 2) AND B)',
    "a || 'x' || b LIKE '%' AND c": "((((A || 'x') || B) LIKE '%') AND C)",
    '- a * b': '((- A) * B)',
    'a != -1': '(A <> (- 1))',
    'NOT a IS NULL': '(NOT (A IS NULL))',
    'a < b = c': '((A < B) = C)',
  };
  for (const [text, expected] of Object.entries(examples))
    assert.equal(shown(parseExpression(text)), expected, text);
});

test('names are capitals unless they are quoted', () => {
  assert.equal(shown(parseExpression('s . "Price"\n.x')), 'S."Price".X');
  assert.equal(shown(parseExpression('"a ""b"" c"')), '"a "b" c"');
  assert.equal(shown(parseExpression('größe_1$')), 'GRÖSSE_1$');
  assert.equal(shown(parseExpression('t.rowtime')), 'T.ROWTIME');
});

test('literals', () => {
  assert.equal(shown(parseExpression("'it''s'")), "'it's'");
  assert.equal(shown(parseExpression(String.raw`u&'\0041\\'`)), String.raw`'A\'`);
  assert.equal(shown(parseExpression("U&'!0041!!' uescape '!'")), "'A!'");
  assert.equal(shown(parseExpression("'one '\n  'two'")), "'one two'");
  assert.equal(shown(parseExpression("INTERVAL -'1:30' HOUR TO MINUTE")), 'INTERVAL -1:30 HOUR');
  assert.deepEqual(
    ['12', '12.50', '.5', '1e2', '1.5E-6'].map((text) => shown(parseExpression(text))),
    ['12', '12.50', '.5', '1e2', '1.5E-6'],
  );
  assert.equal(parseExpression("TIMESTAMP '2020-01-01 00:00:00'").kind, 'datetime');
  assert.equal(parseExpression("{ts '2020-01-01 00:00:00'}").kind, 'datetime');
});

test('the difference of two times has a qualifier, and TO goes to whom it belongs', () => {
  assert.equal(shown(parseExpression('(a - b) SECOND / 10')), '(<A - B SECOND SECOND> / 10)');
  assert.equal(shown(parseExpression('(a - b) DAY TO SECOND(3)')), '<A - B DAY SECOND>');
  assert.equal(
    shown(parseExpression("FLOOR((ROWTIME - TIMESTAMP '1970-01-01 00:00:00') SECOND / 10 TO SECOND)")),
    'FLOOR((<ROWTIME - datetime SECOND SECOND> / 10) TO SECOND)',
  );
  assert.equal(
    shown(parseExpression('CEILING((a - b) SECOND TO MINUTE)')),
    'CEIL(<A - B SECOND SECOND> TO MINUTE)',
  );
});

test('forms with words between the arguments', () => {
  const examples: Record<string, [string, string | undefined]> = {
    'SUBSTRING(a FROM 2 FOR 3)': ['SUBSTRING(A, 2, 3)', 'FROM'],
    'substring(a, 2, 3)': ['SUBSTRING(A, 2, 3)', undefined],
    "SUBSTRING(a SIMILAR 'x#\"y#\"' ESCAPE '#')": ["SUBSTRING(A, 'x#\"y#\"', '#')", 'SIMILAR'],
    "POSITION('x' || b IN c)": ["POSITION(('x' || B), C)", 'IN'],
    "OVERLAY(a PLACING 'z' FROM 2)": ["OVERLAY(A, 'z', 2)", 'PLACING'],
    'TRIM(a)': ["TRIM(' ', A)", 'BOTH'],
    "TRIM(LEADING 'x' FROM a)": ["TRIM('x', A)", 'LEADING'],
    'TRIM(TRAILING FROM a)': ["TRIM(' ', A)", 'TRAILING'],
    "STEP(a.ROWTIME BY INTERVAL '1' MINUTE)": ['STEP(A.ROWTIME, INTERVAL 1 MINUTE)', 'BY'],
    'FLOOR(a)': ['FLOOR(A)', undefined],
    CURRENT_TIMESTAMP: ['CURRENT_TIMESTAMP()', undefined],
    'sys.f(a)': ['F(A)', undefined],
  };
  for (const [text, [expected, form]] of Object.entries(examples)) {
    const expression = parseExpression(text);
    assert.equal(shown(expression), expected, text);
    assert.ok(expression.kind === 'call');
    assert.equal(expression.form, form, text);
  }
});

test('aggregates have DISTINCT, nulls and a window', () => {
  const lag = parseExpression('LAG(x, 2, 0) IGNORE NULLS OVER (w PARTITION BY a, b ROWS 2 PRECEDING)');
  assert.ok(lag.kind === 'call');
  assert.equal(lag.nulls, 'IGNORE');
  assert.equal(lag.over?.base?.text, 'W');
  assert.equal(lag.over?.partitionBy.length, 2);
  assert.equal(lag.over?.frame?.from.kind, 'offset');
  const nth = parseExpression('NTH_VALUE(x, 2) FROM LAST RESPECT NULLS OVER w');
  assert.ok(nth.kind === 'call');
  assert.deepEqual([nth.from, nth.nulls, nth.over?.base?.text], ['LAST', 'RESPECT', 'W']);
  const count = parseExpression('COUNT(DISTINCT x)');
  assert.ok(count.kind === 'call' && count.isDistinct && !count.isStar);
  const star = parseExpression('count(*)');
  assert.ok(star.kind === 'call' && star.isStar);
});

test('temporal predicates chain, and only between periods', () => {
  assert.equal(
    shown(parseExpression('(a, b) PRECEDES PERIOD (c, d) IMMEDIATELY LAGS (e, f)')),
    '((PRECEDES A~B C~D) AND (IMMEDIATELY LAGS C~D E~F))',
  );
  assert.equal(shown(parseExpression('PERIOD(a, b) STRICTLY CONTAINS c')), '(STRICTLY CONTAINS A~B C~)');
  assert.throws(() => parseExpression('(a, b) OVERLAPS c'), /period has two times/);
  const [item] = selectOf('SELECT a contains FROM b').items;
  assert.ok(item?.kind === 'expression' && item.alias?.text === 'CONTAINS');
});

test('conditions', () => {
  for (const text of [
    'a IN (1, 2)',
    'a NOT IN (SELECT b FROM c)',
    '(a, b) IN ((1, 2), (3, 4))',
    'EXISTS (SELECT 1 FROM t)',
    "a NOT SIMILAR TO '%x%' ESCAPE '!'",
    'a IS NOT DISTINCT FROM b',
    'a NOT BETWEEN SYMMETRIC 1 AND 2',
    'CASE a WHEN 1, 2 THEN 3 ELSE 4 END',
    'CASE WHEN a THEN b END',
    'CAST(a AS VARCHAR(3))',
    'EXTRACT ( MINUTE FROM a )',
    'a = (SELECT MAX(b) FROM c)',
  ])
    assert.ok(parseExpression(text).span.end === text.length, text);
});

test('joins', () => {
  const from = (text: string): From => selectOf(`SELECT STREAM * FROM ${text}`).from!;
  const left = from("a OVER (RANGE INTERVAL '1' MINUTE PRECEDING) AS x LEFT OUTER JOIN b AS y ON x.k = y.k");
  assert.ok(left.kind === 'join' && left.join === 'LEFT' && left.left.kind === 'relation');
  assert.equal(left.left.alias?.name.text, 'X');
  assert.equal(left.left.window?.frame?.unit, 'RANGE');
  const aliasFirst = from('a x OVER w JOIN b USING (k, l)');
  assert.ok(aliasFirst.kind === 'join' && aliasFirst.left.kind === 'relation');
  assert.equal(aliasFirst.left.window?.base?.text, 'W');
  assert.equal(aliasFirst.using?.length, 2);
  const comma = from('TABLE(f(CURSOR(SELECT STREAM * FROM s), 1, true)) AS r, s CROSS JOIN t');
  assert.ok(comma.kind === 'join' && comma.join === 'CROSS' && comma.left.kind === 'table function');
  assert.ok(comma.right.kind === 'join');
  const natural = from('a NATURAL FULL JOIN (b JOIN c ON TRUE)');
  assert.ok(natural.kind === 'join' && natural.isNatural && natural.join === 'FULL');
  const sub = from('((SELECT a FROM b) UNION ALL (SELECT c FROM d)) AS t (e)');
  assert.ok(sub.kind === 'subquery' && sub.alias?.columns?.length === 1);
  const bracketed = from('((SELECT a FROM b) AS x JOIN c ON TRUE)');
  assert.ok(bracketed.kind === 'join' && bracketed.left.kind === 'subquery');
  assert.throws(() => from('a JOIN b'), /requires a condition/);
  assert.throws(() => from('a OUTER JOIN b ON TRUE'), /LEFT, RIGHT or FULL/);
});

test('INTERSECT binds tighter than UNION, and ORDER BY sorts the whole', () => {
  const query = queryOf(
    'SELECT a FROM b UNION ALL SELECT c FROM d INTERSECT SELECT e FROM f ORDER BY ROWTIME DESC',
  );
  assert.ok(query.kind === 'set operation' && query.operator === 'UNION' && query.isAll);
  assert.equal(query.orderBy?.items[0]?.isDescending, true);
  assert.ok(query.right.kind === 'set operation' && query.right.operator === 'INTERSECT');
});

test('the clauses of a SELECT', () => {
  const select = selectOf(`
    SELECT STREAM DISTINCT t.*, a.b.c AS "x", SUM(y) OVER HOUR z FROM s AS t WHERE a > 1
    GROUP BY FLOOR(t.ROWTIME TO HOUR), a HAVING COUNT(*) > 1
    WINDOW HOUR AS (RANGE INTERVAL '1' HOUR PRECEDING), w AS (HOUR)
    ORDER BY FLOOR(t.ROWTIME TO HOUR), 2 DESC WITHIN INTERVAL '10' SECOND`);
  assert.deepEqual(
    [select.isStream, select.isDistinct, select.items.length, select.groupBy?.length, select.windows.length],
    [true, true, 3, 2, 2],
  );
  assert.ok(select.having !== undefined && select.orderBy?.within !== undefined);
  const stagger = selectOf(
    "SELECT a FROM s WINDOWED BY STAGGER (PARTITION BY a, b RANGE INTERVAL '1' MINUTE) HAVING a > 1",
  );
  assert.equal(stagger.stagger?.partitionBy.length, 2);
  assert.ok(stagger.from?.kind === 'relation' && stagger.from.alias === undefined);
});

test('windows with both edges', () => {
  const frame = (text: string) => {
    const call = parseExpression(`SUM(a) OVER (${text})`);
    assert.ok(call.kind === 'call');
    const { from, to } = call.over!.frame!;
    return [from, to].map((edge) =>
      edge.kind === 'current row' ? edge.kind : `${edge.kind} ${edge.direction}`,
    );
  };
  assert.deepEqual(frame('ROWS 3 PRECEDING'), ['offset PRECEDING', 'current row']);
  assert.deepEqual(frame('RANGE CURRENT ROW'), ['current row', 'current row']);
  assert.deepEqual(frame("RANGE INTERVAL '1' DAY FOLLOWING"), ['current row', 'offset FOLLOWING']);
  assert.deepEqual(frame("RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '1' SECOND PRECEDING"), [
    'unbounded PRECEDING',
    'offset PRECEDING',
  ]);
});

test('functions, and what is mentioned in passing', () => {
  const create = only(`CREATE FUNCTION half(p_time TIMESTAMP) RETURNS TIMESTAMP LANGUAGE SQL NOT DETERMINISTIC
    CONTAINS SQL RETURNS NULL ON NULL INPUT RETURN FLOOR(p_time TO HOUR)`);
  assert.ok(create.kind === 'create function' && create.isStrict && create.parameters.length === 1);
  assert.deepEqual(
    kinds(`CREATE SCHEMA "Test"; SET SCHEMA '"Test"'; DROP STREAM IF EXISTS a.b CASCADE; ALTER PUMP p START;
      CREATE PUMP p STOPPED AS INSERT EXPEDITED INTO s (SELECT STREAM a FROM b); VALUES (1, 'a'), (2, 'b');
      CREATE STREAM s (a INT OPTIONS (x 'y'), b VARCHAR NULL) OPTIONS (k 'v', "l" 2)`),
    ['create schema', 'set schema', 'drop', 'alter pump', 'create pump', 'query', 'create stream'],
  );
});

test('types', () => {
  assert.deepEqual(
    [
      'int',
      'DOUBLE PRECISION',
      'FLOAT(24)',
      'VARCHAR(12)',
      'CHARACTER VARYING (3)',
      'CHAR',
      'TIMESTAMP(3)',
    ].map((text) => parseType(text)),
    [
      { name: 'INTEGER' },
      { name: 'DOUBLE' },
      { name: 'DOUBLE' },
      { name: 'VARCHAR', length: 12 },
      { name: 'VARCHAR', length: 3 },
      { name: 'CHAR', length: 1 },
      { name: 'TIMESTAMP' },
    ],
  );
  assert.deepEqual(parseType('NUMERIC(19, 5)'), { name: 'DECIMAL', precision: 18, scale: 5 });
  assert.deepEqual(parseType('DECIMAL'), { name: 'DECIMAL', precision: 18, scale: 0 });
  for (const [text, message] of [
    ['DECIMAL(30,2)', /1 to 18/],
    ['VARCHAR(70000)', /1 to 65535/],
    ['STRING', /did you mean VARCHAR\(n\)/],
    ['INTGER', /did you mean INTEGER/],
  ] as const)
    assert.throws(() => parseType(text), message, text);
});

test('what editors and pages leave behind is white space', () => {
  assert.deepEqual(
    kinds(
      '\ufeffSELECT\u00a0STREAM\u200b "a"\t, 1 FROM\r\n"s"// a comment\r\n/* – another */--– and “another”',
    ),
    ['query'],
  );
  assert.deepEqual(kinds('SELECT STREAM"a",t . b FROM"s"WHERE"a">1').length, 1);
});

test('errors say where and what was expected', () => {
  const failed = (text: string): SqlError => {
    try {
      parseProgram(text);
    } catch (error) {
      if (error instanceof SqlError) return error;
      throw error;
    }
    throw new Error(`was read: ${text}`);
  };
  const error = failed('SELECT STREAM a,\n  b\n  FORM s');
  assert.match(
    error.message,
    /^Encountered "FORM" at line 3, column 3\. Was expecting one of: .*Did you mean FROM\?$/,
  );
  assert.deepEqual(error.span, { start: 23, end: 27 });
  for (const [text, message] of [
    ['SELECT STREAM time FROM s', /TIME is a reserved word: quote it/],
    ['SELECT a AS value FROM s', /VALUE is a reserved word/],
    ['CREATE STREAM s (a INT, b INT,)', /a comma too many/i],
    ['SELECT a, FROM s', /a comma too many/i],
    ['SELECT a FROM s WHRE a = 1', /did you mean WHERE/i],
    ['SELECT a FROM s ORDER BT a', /did you mean BY/i],
    ['CRATE STREAM s (a INT)', /did you mean CREATE/i],
    ['SELECT b columnFROM s', /space missing before the FROM/],
    ['SELECT SUM(a) OVER (PARTITION BY b, ROWS 2 PRECEDING) FROM s', /a comma too many/i],
    ["SELECT a FROM 's'", /a name is quoted with "/i],
    ['SELECT a FROM f(CURSOR(SELECT STREAM a FROM s))', /inside of TABLE/],
    ['SELECT a FROM TABLE(f(SELECT STREAM a FROM s))', /CURSOR\(SELECT/],
    ["SELECT SUM(a) OVER (RANGE '1' MINUTE PRECEDING) FROM s", /INTERVAL '1' MINUTE/],
    ['CREATE PUMP p AS SELECT STREAM a FROM s', /INSERT INTO stream/],
    ['CREATE TABLE t (a INT)', /Reference tables come with/],
    ['CREATE OR REPLACE VIEW v AS SELECT a FROM s', /no views/],
    ["SELECT STEP(a BY INTERVAL '60' SECONDS) FROM s", /did you mean SECOND\?/i],
    ['SELECT a FROM s LIMIT 5', /no LIMIT/],
    ['SELECT a FROM s GROUP BY a WHERE b', /WHERE stands too late/],
    ['SELECT a FROM s CREATE STREAM t (a INT)', /the ; behind the statement before it missing/i],
    ["SELECT a FROM s WHERE a == 'x'", /Equality is written with one =/],
    ['SELECT a FROM s WHERE a = “x”', /straight quotes/],
    ['– a comment\nSELECT a FROM s', /two hyphens/],
    ['SELECT a FROM `s`', /quoted with "/],
    ["SELECT 'a FROM s", /This string has no end/],
    ['SELECT a FROM s /* x', /This comment has no end/],
    ['SELECT a FROM "s', /quoted name has no end/],
    ['SELECT 4xx FROM s', /begins with a digit/],
    ['SELECT INTERVAL 1 MINUTE FROM s', /INTERVAL '1'/],
    ['SELECT a::int FROM s', /CAST\(x AS type\)/],
    ['SELECT STEP(a, b BY c) FROM s', /Encountered "BY"/],
    ['INSERT INTO t SELCT a FROM s', /did you mean SELECT/i],
    ['SELECT a FROM s; WITH x AS (SELECT 1) SELECT 2', /no WITH/],
  ] as const)
    assert.match(failed(text).message, message, text);
});

test('what is nested too deep is refused, not run out of stack on', () => {
  const deep = 50_000;
  for (const text of [
    `SELECT ${'('.repeat(deep)}a${')'.repeat(deep)} FROM s`,
    `SELECT a FROM ${'('.repeat(deep)}SELECT`,
    `SELECT ${'- '.repeat(deep)}a FROM s`,
    `SELECT a ${'+ a '.repeat(20_000)} FROM s`,
    `SELECT ${'NOT '.repeat(20_000)} a FROM s`,
    `${'SELECT a FROM b UNION '.repeat(4_000)} SELECT a FROM b`,
    `SELECT ${'CASE WHEN '.repeat(9_000)}`,
    `SELECT ${'f('.repeat(9_000)}`,
    `SELECT a FROM b ${'CROSS JOIN c '.repeat(5_000)}`,
    `SELECT ${'EXISTS(SELECT '.repeat(5_000)}`,
  ])
    assert.throws(() => parseProgram(text), SqlError, text.slice(0, 40));
  assert.throws(() => parseProgram(' '.repeat(102_401)), /102400 are allowed/);
  const nested = `SELECT ${'('.repeat(190)}a${')'.repeat(190)} FROM s`;
  assert.deepEqual(kinds(nested), ['query']);
  const many = `SELECT a FROM s WHERE ${'a = 1 OR '.repeat(5_000)} b = 2`;
  assert.deepEqual(kinds(many), ['query']);
});
