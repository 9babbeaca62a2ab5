/**
 * Queries in the dialect beside what means the same in DuckDB, over the same rows. Both give the ROWTIME first, in milliseconds; the dialect's query is
 * what a pump inserts, with the columns of `columns`. S has rows of unlike ROWTIMEs; E has many of one ROWTIME, numbered by `n` as they came.
 */
export type DuckdbCase = {
  readonly columns: string;
  readonly ours: string;
  readonly theirs: string;
};

/** For each of these expressions: what it is in the dialect, and in DuckDB where that differs. */
const EXPRESSIONS: readonly (readonly [type: string, ours: string, theirs?: string])[] = [
  ['BIGINT', 'v + 1'],
  ['BIGINT', 'v - w * 2'],
  ['INTEGER', 'v / 7', 'v // 7'],
  ['INTEGER', 'MOD(v, 7)', 'v % 7'],
  ['INTEGER', 'ABS(v)'],
  ['INTEGER', '-v'],
  ['DECIMAL(18,2)', 'p + 1'],
  ['DECIMAL(18,4)', 'p * p'],
  ['DECIMAL(18,2)', 'p - v'],
  ['DOUBLE', 'd * 2'],
  ['DOUBLE', 'd / 3'],
  ['DOUBLE', 'd + v'],
  ['DOUBLE', 'EXP(d / 100)'],
  ['DOUBLE', 'LN(d * d + 1)'],
  ['DOUBLE', 'LOG10(d * d + 1)'],
  ['DOUBLE', 'POWER(d, 2)'],
  ['DOUBLE', 'FLOOR(d)'],
  ['DOUBLE', 'CEIL(d)'],
  ['BOOLEAN', 'v > w'],
  ['BOOLEAN', 'v = w'],
  ['BOOLEAN', 'v <> w'],
  ['BOOLEAN', 'b AND v > 0'],
  ['BOOLEAN', 'b OR v > 0'],
  ['BOOLEAN', 'NOT b'],
  ['BOOLEAN', 'v IS NULL'],
  ['BOOLEAN', 'b IS NOT TRUE'],
  ['BOOLEAN', 'b IS FALSE'],
  ['BOOLEAN', 'v IS DISTINCT FROM w'],
  ['BOOLEAN', 'v BETWEEN w AND 50'],
  ['BOOLEAN', 'v NOT BETWEEN -10 AND 10'],
  ['BOOLEAN', 'v IN (1, 2, 3, w)'],
  ['BOOLEAN', "k NOT IN ('a', 'b')"],
  ['BOOLEAN', "s LIKE 'a%'"],
  ['BOOLEAN', "s LIKE '_b%c'"],
  ['BOOLEAN', "s NOT LIKE '%b%'"],
  ['BOOLEAN', "s SIMILAR TO '[a-b]+c*'"],
  ['INTEGER', 'CASE WHEN v > 50 THEN 2 WHEN v > 0 THEN 1 ELSE 0 END'],
  ['VARCHAR(8)', "CASE k WHEN 'a' THEN 'first' WHEN 'b' THEN 'second' END"],
  ['INTEGER', 'COALESCE(v, w, -1)'],
  ['INTEGER', 'NULLIF(v, w)'],
  ['VARCHAR(32)', 'UPPER(s)'],
  ['VARCHAR(32)', 'LOWER(UPPER(s))'],
  ['VARCHAR(64)', "s || '-' || k"],
  ['INTEGER', 'CHAR_LENGTH(s)', 'LENGTH(s)'],
  ['INTEGER', "POSITION('b' IN s)"],
  ['VARCHAR(32)', 'SUBSTRING(s FROM 2 FOR 3)'],
  ['VARCHAR(32)', "TRIM(BOTH 'a' FROM s)"],
  ['VARCHAR(32)', "TRIM(LEADING 'a' FROM s)"],
  ['VARCHAR(32)', "TRIM(TRAILING 'c' FROM s)"],
  ['VARCHAR(32)', 'CAST(v AS VARCHAR(32))'],
  ['VARCHAR(32)', 'CAST(p AS VARCHAR(32))'],
  ['DOUBLE', 'CAST(v AS DOUBLE)'],
  ['DECIMAL(10,1)', 'CAST(v AS DECIMAL(10,1))'],
  ['BIGINT', 'EXTRACT(HOUR FROM t)'],
  ['BIGINT', 'EXTRACT(MINUTE FROM t)'],
  ['BIGINT', 'EXTRACT(DAY FROM t)'],
  ['TIMESTAMP', 'FLOOR(t TO MINUTE)', "date_trunc('minute', t)"],
  ['TIMESTAMP', 'FLOOR(t TO HOUR)', "date_trunc('hour', t)"],
  [
    'TIMESTAMP',
    "STEP(t BY INTERVAL '15' SECOND)",
    "time_bucket(INTERVAL 15 SECOND, t, TIMESTAMP '1970-01-01')",
  ],
  ['TIMESTAMP', "t + INTERVAL '90' SECOND(2)", 't + INTERVAL 90 SECOND'],
  ['TIMESTAMP', "t - INTERVAL '1' DAY", 't - INTERVAL 1 DAY'],
  ['BIGINT', 'UNIX_TIMESTAMP(t)', 'epoch_ms(t)'],
  ['DATE', 'CAST(t AS DATE)'],
];

const MINUTE = "time_bucket(INTERVAL 1 MINUTE, t, TIMESTAMP '1970-01-01')";
const ENDS = `epoch_ms(${MINUTE} + INTERVAL 1 MINUTE)`;

/** Aggregates of a group, in both languages. */
const AGGREGATES: readonly (readonly [type: string, ours: string, theirs?: string])[] = [
  ['BIGINT', 'COUNT(*)'],
  ['BIGINT', 'COUNT(v)'],
  ['BIGINT', 'SUM(v)'],
  ['DECIMAL(18,2)', 'SUM(p)'],
  ['DOUBLE', 'SUM(d)'],
  ['DOUBLE', 'AVG(d)'],
  ['INTEGER', 'AVG(v)', 'CAST(TRUNC(AVG(v)) AS INTEGER)'],
  ['INTEGER', 'MIN(v)'],
  ['INTEGER', 'MAX(v)'],
  ['VARCHAR(32)', 'MIN(s)'],
  ['VARCHAR(32)', 'MAX(s)'],
  ['TIMESTAMP', 'MAX(t)'],
  ['DECIMAL(10,2)', 'MIN(p)'],
  ['DOUBLE', 'STDDEV_POP(d)'],
  ['DOUBLE', 'STDDEV_SAMP(d)'],
  ['DOUBLE', 'VAR_POP(d)'],
  ['DOUBLE', 'VAR_SAMP(d)'],
  ['BOOLEAN', 'EVERY(b)', 'bool_and(b)'],
  ['BOOLEAN', 'ANY(b)', 'bool_or(b)'],
];

/** Window functions over the last rows of a partition. */
const ANALYTICS: readonly (readonly [type: string, ours: string, theirs?: string])[] = [
  ...AGGREGATES.filter(([, ours]) => !ours.startsWith('ANY') && !ours.startsWith('EVERY')),
  ['INTEGER', 'FIRST_VALUE(v)'],
  ['INTEGER', 'LAST_VALUE(v)'],
  ['INTEGER', 'NTH_VALUE(v, 2)'],
  ['INTEGER', 'FIRST_VALUE(v) IGNORE NULLS', 'FIRST_VALUE(v IGNORE NULLS)'],
  ['INTEGER', 'LAST_VALUE(v) IGNORE NULLS', 'LAST_VALUE(v IGNORE NULLS)'],
];

const over = (theirs: string, frame: string): string =>
  theirs.startsWith('CAST(TRUNC(AVG(v))')
    ? `CAST(TRUNC(AVG(v) OVER (${frame})) AS INTEGER)`
    : `${theirs} OVER (${frame})`;

const FRAMES: readonly (readonly [ours: string, theirs: string, stream: string])[] = [
  [
    "PARTITION BY k RANGE INTERVAL '30' SECOND PRECEDING",
    'PARTITION BY k ORDER BY t RANGE BETWEEN INTERVAL 30 SECOND PRECEDING AND CURRENT ROW',
    'S',
  ],
  [
    "RANGE INTERVAL '2' MINUTE PRECEDING",
    'ORDER BY t RANGE BETWEEN INTERVAL 2 MINUTE PRECEDING AND CURRENT ROW',
    'S',
  ],
  [
    'PARTITION BY k ROWS 4 PRECEDING',
    'PARTITION BY k ORDER BY n ROWS BETWEEN 4 PRECEDING AND CURRENT ROW',
    'E',
  ],
  ['ROWS 20 PRECEDING', 'ORDER BY n ROWS BETWEEN 20 PRECEDING AND CURRENT ROW', 'E'],
];

export const CASES: readonly DuckdbCase[] = [
  ...EXPRESSIONS.map(([type, ours, theirs = ours]) => ({
    columns: `x ${type}`,
    ours: `SELECT STREAM ${ours} FROM S`,
    theirs: `SELECT epoch_ms(t), CAST(${theirs} AS ${type}) FROM S`,
  })),
  ...EXPRESSIONS.filter(([type]) => type === 'BOOLEAN').map(([, ours, theirs = ours]) => ({
    columns: 'n INTEGER',
    ours: `SELECT STREAM n FROM E WHERE ${ours}`,
    theirs: `SELECT epoch_ms(t), n FROM E WHERE ${theirs}`,
  })),
  ...['S', 'E'].flatMap((stream) =>
    AGGREGATES.map(([type, ours, theirs = ours]) => ({
      columns: `k VARCHAR(4), x ${type}`,
      ours: `SELECT STREAM k, ${ours} FROM ${stream} GROUP BY k, STEP(${stream}.ROWTIME BY INTERVAL '1' MINUTE)`,
      theirs: `SELECT ${ENDS}, k, CAST(${theirs} AS ${type}) FROM ${stream} GROUP BY k, ${MINUTE}`,
    })),
  ),
  ...FRAMES.flatMap(([frame, theirFrame, stream]) =>
    ANALYTICS.map(([type, ours, theirs = ours]) => ({
      columns: `n INTEGER, x ${type}`,
      ours: `SELECT STREAM n, ${ours} OVER W FROM ${stream} WINDOW W AS (${frame})`,
      theirs: `SELECT epoch_ms(t), n, CAST(${over(theirs, theirFrame)} AS ${type}) FROM ${stream}`,
    })),
  ),
  {
    columns: 'k VARCHAR(4), h BIGINT, x BIGINT',
    ours: `SELECT STREAM k, EXTRACT(MINUTE FROM FLOOR(S.ROWTIME TO MINUTE)), SUM(v) FROM S GROUP BY FLOOR(S.ROWTIME TO MINUTE), k HAVING COUNT(*) > 3 AND SUM(v) > 0`,
    theirs: `SELECT ${ENDS}, k, EXTRACT(MINUTE FROM ${MINUTE}), SUM(v) FROM S GROUP BY ${MINUTE}, k HAVING COUNT(*) > 3 AND SUM(v) > 0`,
  },
  {
    columns: 'k VARCHAR(4), x BIGINT',
    ours: `SELECT STREAM k, MAX(total) FROM (SELECT STREAM k, SUM(v) AS total FROM S GROUP BY k, STEP(S.ROWTIME BY INTERVAL '10' SECOND)) AS inside GROUP BY k, FLOOR(inside.ROWTIME TO MINUTE)`,
    theirs: `SELECT epoch_ms(date_trunc('minute', e) + INTERVAL 1 MINUTE), k, MAX(total) FROM (SELECT time_bucket(INTERVAL 10 SECOND, t, TIMESTAMP '1970-01-01') + INTERVAL 10 SECOND AS e, k, SUM(v) AS total FROM S GROUP BY ALL) GROUP BY k, date_trunc('minute', e)`,
  },
  {
    columns: 'n INTEGER, m INTEGER',
    ours: `SELECT STREAM a.n, b.n FROM S OVER (RANGE INTERVAL '20' SECOND PRECEDING) AS a JOIN E AS b ON a.k = b.k AND a.v < b.v`,
    theirs: `SELECT epoch_ms(b.t), a.n, b.n FROM S a JOIN E b ON a.k = b.k AND a.v < b.v AND a.t BETWEEN b.t - INTERVAL 20 SECOND AND b.t`,
  },
  {
    columns: 'n INTEGER, m INTEGER',
    ours: `SELECT STREAM a.n, b.n FROM S OVER (RANGE INTERVAL '20' SECOND PRECEDING) AS a JOIN E OVER (RANGE INTERVAL '5' SECOND PRECEDING) AS b ON a.k = b.k`,
    theirs: `SELECT epoch_ms(greatest(a.t, b.t)), a.n, b.n FROM S a JOIN E b ON a.k = b.k AND a.t BETWEEN b.t - INTERVAL 20 SECOND AND b.t + INTERVAL 5 SECOND`,
  },
  {
    columns: 'n INTEGER, m INTEGER',
    ours: `SELECT STREAM a.n, b.n FROM S OVER (RANGE INTERVAL '10' SECOND PRECEDING) AS a FULL JOIN E OVER (RANGE INTERVAL '5' SECOND PRECEDING) AS b ON a.k = b.k AND a.v = b.v`,
    theirs: `SELECT epoch_ms(CASE WHEN b.t IS NULL THEN a.t + INTERVAL 10 SECOND WHEN a.t IS NULL THEN b.t + INTERVAL 5 SECOND ELSE greatest(a.t, b.t) END), a.n, b.n FROM S a FULL JOIN E b ON a.k = b.k AND a.v = b.v AND a.t BETWEEN b.t - INTERVAL 10 SECOND AND b.t + INTERVAL 5 SECOND`,
  },
  {
    columns: 'n INTEGER, m INTEGER',
    ours: `SELECT STREAM a.n, b.n FROM S AS a LEFT JOIN E OVER (RANGE INTERVAL '10' SECOND PRECEDING) AS b ON a.v = b.v`,
    theirs: `SELECT epoch_ms(a.t), a.n, b.n FROM S a LEFT JOIN E b ON a.v = b.v AND b.t BETWEEN a.t - INTERVAL 10 SECOND AND a.t`,
  },
  {
    columns: 'n INTEGER, name VARCHAR(8)',
    ours: 'SELECT STREAM s.n, r.name FROM S AS s JOIN R AS r ON s.k = r.k',
    theirs: 'SELECT epoch_ms(s.t), s.n, r.name FROM S s JOIN R r ON s.k = r.k',
  },
  {
    columns: 'n INTEGER, name VARCHAR(8)',
    ours: 'SELECT STREAM s.n, r.name FROM S AS s LEFT JOIN R AS r ON s.k = r.k AND s.v > r.low',
    theirs: 'SELECT epoch_ms(s.t), s.n, r.name FROM S s LEFT JOIN R r ON s.k = r.k AND s.v > r.low',
  },
  {
    columns: 'n INTEGER, x BOOLEAN, y BOOLEAN, z INTEGER',
    ours: 'SELECT STREAM n, v IN (SELECT low FROM R), k NOT IN (SELECT k FROM R WHERE k IS NOT NULL), (SELECT MAX(low) FROM R) FROM S',
    theirs:
      'SELECT epoch_ms(t), n, v IN (SELECT low FROM R), k NOT IN (SELECT k FROM R WHERE k IS NOT NULL), (SELECT MAX(low) FROM R) FROM S',
  },
  {
    columns: 'k VARCHAR(4), v INTEGER',
    ours: 'SELECT STREAM k, v FROM S WHERE v > 50 UNION ALL SELECT STREAM k, w FROM E WHERE w < -50',
    theirs:
      'SELECT epoch_ms(t), k, v FROM S WHERE v > 50 UNION ALL SELECT epoch_ms(t), k, w FROM E WHERE w < -50',
  },
  {
    columns: 'm TIMESTAMP, k VARCHAR(4)',
    ours: 'SELECT STREAM DISTINCT FLOOR(E.ROWTIME TO MINUTE), k FROM E',
    theirs: `SELECT epoch_ms(MIN(t)), ${MINUTE}, k FROM E GROUP BY ${MINUTE}, k`,
  },
  {
    columns: 'x BIGINT',
    ours: `SELECT STREAM COUNT(k) FROM (SELECT STREAM DISTINCT STEP(E.ROWTIME BY INTERVAL '1' MINUTE), k FROM E) AS d GROUP BY STEP(d.ROWTIME BY INTERVAL '1' MINUTE)`,
    theirs: `SELECT ${ENDS}, COUNT(DISTINCT k) FROM E GROUP BY ${MINUTE}`,
  },
];
