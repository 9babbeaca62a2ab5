/**
 * The queries: those of Nexmark, and those over clicks and bids that were run with Flink before. Each is a program of the dialect over one source, the
 * same for Flink, and what any right engine counts.
 */

export type Dataset = 'clicks' | 'bids' | 'nexmark';

export type Query = {
  readonly name: string;
  readonly what: string;
  readonly dataset: Dataset;
  /** Of the first so many events only. */
  readonly eventsMax?: number;
  /** Writes into the stream RESULTS. */
  readonly program: string;
  /** In Flink's dialect, into a sink that throws everything away. */
  readonly flink: { readonly columns: string; readonly query: string };
  /** For 5,000,000 events of clicks and bids (of Nexmark they are counted by a program of its own): rows, and sums of result columns, from the first on. */
  readonly expected?: {
    readonly rows: number;
    readonly sum?: { readonly column: number; readonly value: string };
  };
};

const clicks: readonly Query[] = [
  {
    name: 'c0',
    what: 'pass-through, 7 columns',
    dataset: 'clicks',
    program: `CREATE STREAM RESULTS (TS TIMESTAMP, USER_ID VARCHAR(16), PAGE VARCHAR(32), MS INTEGER, PRICE DECIMAL(10,2), OK BOOLEAN, REFERRER VARCHAR(16));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM TS, USER_ID, PAGE, MS, PRICE, OK, REFERRER FROM CLICKS;`,
    flink: {
      columns:
        'ts TIMESTAMP(3), `user` STRING, page STRING, ms INT, price DECIMAL(10,2), ok BOOLEAN, `ref` STRING',
      query: 'SELECT ts, `user`, page, ms, price, ok, `ref` FROM clicks',
    },
    expected: { rows: 5_000_000, sum: { column: 5, value: '63986659547' } },
  },
  {
    name: 'c1',
    what: 'filter and projection',
    dataset: 'clicks',
    program: `CREATE STREAM RESULTS (USER_ID VARCHAR(16), PAGE VARCHAR(32), COST DECIMAL(14,4));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM USER_ID, PAGE, CAST(PRICE * 1.10 AS DECIMAL(14,4)) FROM CLICKS WHERE OK AND MS > 2048;`,
    flink: {
      columns: '`user` STRING, page STRING, cost DECIMAL(14,4)',
      query: 'SELECT `user`, page, CAST(price * 1.10 AS DECIMAL(14,4)) FROM clicks WHERE ok AND ms > 2048',
    },
    expected: { rows: 1_248_438, sum: { column: 3, value: '1758703119800' } },
  },
  {
    name: 'c2',
    what: 'tumbling, 10 s, COUNT and SUM by page (1,029 keys)',
    dataset: 'clicks',
    program: `CREATE STREAM RESULTS (W TIMESTAMP, PAGE VARCHAR(32), N BIGINT, TOTAL DECIMAL(18,2));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM ROWTIME, PAGE, COUNT(*), SUM(PRICE) FROM CLICKS AS C GROUP BY PAGE, STEP(C.ROWTIME BY INTERVAL '10' SECOND);`,
    flink: {
      columns: 'w TIMESTAMP(3), page STRING, n BIGINT, total DECIMAL(38,2)',
      query:
        "SELECT window_end, page, COUNT(*), SUM(price) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, page",
    },
    expected: { rows: 247_203, sum: { column: 4, value: '63986659547' } },
  },
  {
    name: 'c2u',
    what: 'tumbling, 10 s, COUNT and SUM by user (10,000 keys)',
    dataset: 'clicks',
    program: `CREATE STREAM RESULTS (W TIMESTAMP, USER_ID VARCHAR(16), N BIGINT, TOTAL DECIMAL(18,2));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM ROWTIME, USER_ID, COUNT(*), SUM(PRICE) FROM CLICKS AS C GROUP BY USER_ID, STEP(C.ROWTIME BY INTERVAL '10' SECOND);`,
    flink: {
      columns: 'w TIMESTAMP(3), `user` STRING, n BIGINT, total DECIMAL(38,2)',
      query:
        "SELECT window_end, `user`, COUNT(*), SUM(price) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, `user`",
    },
    expected: { rows: 2_162_004, sum: { column: 3, value: '5000000' } },
  },
  {
    name: 'c3',
    what: 'sliding, 60 s, COUNT and SUM by user',
    dataset: 'clicks',
    eventsMax: 1_000_000,
    program: `CREATE STREAM RESULTS (TS TIMESTAMP, USER_ID VARCHAR(16), N BIGINT, TOTAL DECIMAL(18,2));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM TS, USER_ID, COUNT(*) OVER W, SUM(PRICE) OVER W FROM CLICKS WINDOW W AS (PARTITION BY USER_ID RANGE INTERVAL '60' SECOND PRECEDING);`,
    flink: {
      columns: 'ts TIMESTAMP(3), `user` STRING, n BIGINT, total DECIMAL(38,2)',
      query:
        "SELECT ts, `user`, COUNT(*) OVER w, SUM(price) OVER w FROM clicks WINDOW w AS (PARTITION BY `user` ORDER BY ts RANGE BETWEEN INTERVAL '60' SECOND PRECEDING AND CURRENT ROW)",
    },
    // In Flink rows of one time all see each other; here each sees those before it.
    expected: { rows: 1_000_000, sum: { column: 3, value: '12284168' } },
  },
  {
    name: 'c4',
    what: 'regular expression filter',
    dataset: 'clicks',
    program: `CREATE STREAM RESULTS (TS TIMESTAMP, USER_ID VARCHAR(16), PAGE VARCHAR(32));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM TS, USER_ID, PAGE FROM CLICKS WHERE SUBSTRING(PAGE FROM '^/item/[0-9]*7$') IS NOT NULL;`,
    flink: {
      columns: 'ts TIMESTAMP(3), `user` STRING, page STRING',
      query: "SELECT ts, `user`, page FROM clicks WHERE REGEXP(page, '^/item/[0-9]*7$')",
    },
    expected: { rows: 82_816 },
  },
];

const bids: readonly Query[] = [
  {
    name: 'b0',
    what: 'pass-through of bids',
    dataset: 'bids',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, BIDDER BIGINT, PRICE BIGINT, DATE_TIME TIMESTAMP, EXTRA VARCHAR(64));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM AUCTION, BIDDER, PRICE, DATE_TIME, EXTRA FROM BIDS;`,
    flink: {
      columns: 'auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3), extra STRING',
      query: 'SELECT auction, bidder, price, `dateTime`, extra FROM bids',
    },
    expected: { rows: 5_000_000 },
  },
  {
    name: 'b1',
    what: 'currency conversion of bids',
    dataset: 'bids',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, BIDDER BIGINT, PRICE DECIMAL(18,3), DATE_TIME TIMESTAMP, EXTRA VARCHAR(64));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM AUCTION, BIDDER, 0.908 * PRICE, DATE_TIME, EXTRA FROM BIDS;`,
    flink: {
      columns: 'auction BIGINT, bidder BIGINT, price DECIMAL(23,3), `dateTime` TIMESTAMP(3), extra STRING',
      query: 'SELECT auction, bidder, 0.908 * price, `dateTime`, extra FROM bids',
    },
    expected: { rows: 5_000_000 },
  },
  {
    name: 'b2',
    what: 'filter of bids',
    dataset: 'bids',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, PRICE BIGINT);
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM AUCTION, PRICE FROM BIDS WHERE MOD(AUCTION, 123) = 0;`,
    flink: {
      columns: 'auction BIGINT, price BIGINT',
      query: 'SELECT auction, price FROM bids WHERE MOD(auction, 123) = 0',
    },
    expected: { rows: 10_254 },
  },
];

const BID_COLUMNS = 'auction BIGINT, bidder BIGINT, price BIGINT, `dateTime` TIMESTAMP(3), extra STRING';

const nexmark: readonly Query[] = [
  {
    name: 'q0',
    what: 'pass-through',
    dataset: 'nexmark',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, BIDDER BIGINT, PRICE BIGINT, DATE_TIME TIMESTAMP, EXTRA VARCHAR(200));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM AUCTION, BIDDER, PRICE, DATE_TIME, EXTRA FROM EVENTS WHERE TYPE = 2;`,
    flink: { columns: BID_COLUMNS, query: 'SELECT auction, bidder, price, `dateTime`, extra FROM bid' },
  },
  {
    name: 'q1',
    what: 'currency conversion',
    dataset: 'nexmark',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, BIDDER BIGINT, PRICE DECIMAL(18,3), DATE_TIME TIMESTAMP, EXTRA VARCHAR(200));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM AUCTION, BIDDER, 0.908 * PRICE, DATE_TIME, EXTRA FROM EVENTS WHERE TYPE = 2;`,
    flink: {
      columns: BID_COLUMNS.replace('price BIGINT', 'price DECIMAL(23,3)'),
      query: 'SELECT auction, bidder, 0.908 * price, `dateTime`, extra FROM bid',
    },
  },
  {
    name: 'q2',
    what: 'selection',
    dataset: 'nexmark',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, PRICE BIGINT);
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM AUCTION, PRICE FROM EVENTS WHERE TYPE = 2 AND MOD(AUCTION, 123) = 0;`,
    flink: {
      columns: 'auction BIGINT, price BIGINT',
      query: 'SELECT auction, price FROM bid WHERE MOD(auction, 123) = 0',
    },
  },
  {
    name: 'q7',
    what: 'highest bids of every 10 s',
    dataset: 'nexmark',
    program: `CREATE STREAM BID (AUCTION BIGINT, BIDDER BIGINT, PRICE BIGINT, EXTRA VARCHAR(200));
CREATE PUMP B AS INSERT INTO BID SELECT STREAM AUCTION, BIDDER, PRICE, EXTRA FROM EVENTS WHERE TYPE = 2;
CREATE STREAM HIGHEST (PRICE BIGINT);
CREATE PUMP H AS INSERT INTO HIGHEST SELECT STREAM MAX(PRICE) FROM BID AS B GROUP BY STEP(B.ROWTIME BY INTERVAL '10' SECOND);
CREATE STREAM RESULTS (AUCTION BIGINT, BIDDER BIGINT, PRICE BIGINT, DATE_TIME TIMESTAMP, EXTRA VARCHAR(200));
CREATE PUMP R AS INSERT INTO RESULTS SELECT STREAM B.AUCTION, B.BIDDER, B.PRICE, B.ROWTIME, B.EXTRA
  FROM BID OVER (RANGE INTERVAL '10' SECOND PRECEDING) AS B JOIN HIGHEST AS H ON B.PRICE = H.PRICE;`,
    flink: {
      columns: BID_COLUMNS,
      query: `SELECT B.auction, B.bidder, B.price, B.\`dateTime\`, B.extra FROM bid B JOIN (
  SELECT MAX(price) AS maxprice, window_end AS ended FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(\`dateTime\`), INTERVAL '10' SECOND)) GROUP BY window_start, window_end
) B1 ON B.price = B1.maxprice WHERE B.\`dateTime\` BETWEEN B1.ended - INTERVAL '10' SECOND AND B1.ended`,
    },
  },
  {
    name: 'q8',
    what: 'new users who open auctions within 10 s',
    dataset: 'nexmark',
    program: `CREATE STREAM PEOPLE (ID BIGINT, NAME VARCHAR(64), STARTED TIMESTAMP);
CREATE PUMP P AS INSERT INTO PEOPLE SELECT STREAM PERSON_ID, PERSON_NAME, STEP(E.ROWTIME BY INTERVAL '10' SECOND) FROM EVENTS AS E WHERE TYPE = 0
  GROUP BY PERSON_ID, PERSON_NAME, STEP(E.ROWTIME BY INTERVAL '10' SECOND);
CREATE STREAM SELLERS (SELLER BIGINT, STARTED TIMESTAMP);
CREATE PUMP S AS INSERT INTO SELLERS SELECT STREAM SELLER, STEP(E.ROWTIME BY INTERVAL '10' SECOND) FROM EVENTS AS E WHERE TYPE = 1
  GROUP BY SELLER, STEP(E.ROWTIME BY INTERVAL '10' SECOND);
CREATE STREAM RESULTS (ID BIGINT, NAME VARCHAR(64), STARTED TIMESTAMP);
CREATE PUMP R AS INSERT INTO RESULTS SELECT STREAM P.ID, P.NAME, P.STARTED FROM PEOPLE OVER (RANGE INTERVAL '1' SECOND PRECEDING) AS P
  JOIN SELLERS OVER (RANGE INTERVAL '1' SECOND PRECEDING) AS S ON P.ID = S.SELLER AND P.STARTED = S.STARTED;`,
    flink: {
      columns: 'id BIGINT, name STRING, stime TIMESTAMP(3)',
      query: `SELECT P.id, P.name, P.starttime FROM (
  SELECT id, name, window_start AS starttime, window_end AS endtime FROM TABLE(TUMBLE(TABLE person, DESCRIPTOR(\`dateTime\`), INTERVAL '10' SECOND)) GROUP BY id, name, window_start, window_end
) P JOIN (
  SELECT seller, window_start AS starttime, window_end AS endtime FROM TABLE(TUMBLE(TABLE auction, DESCRIPTOR(\`dateTime\`), INTERVAL '10' SECOND)) GROUP BY seller, window_start, window_end
) A ON P.id = A.seller AND P.starttime = A.starttime AND P.endtime = A.endtime`,
    },
  },
  {
    name: 'q12',
    what: 'bids of a bidder in every 10 s',
    dataset: 'nexmark',
    program: `CREATE STREAM RESULTS (BIDDER BIGINT, N BIGINT, STARTED TIMESTAMP, ENDED TIMESTAMP);
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM BIDDER, COUNT(*), STEP(E.ROWTIME BY INTERVAL '10' SECOND), ROWTIME FROM EVENTS AS E WHERE TYPE = 2
  GROUP BY BIDDER, STEP(E.ROWTIME BY INTERVAL '10' SECOND);`,
    flink: {
      columns: 'bidder BIGINT, bid_count BIGINT, starttime TIMESTAMP(3), endtime TIMESTAMP(3)',
      query:
        "SELECT bidder, COUNT(*), window_start, window_end FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND)) GROUP BY bidder, window_start, window_end",
    },
  },
  {
    name: 'q14',
    what: 'calculation',
    dataset: 'nexmark',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, BIDDER BIGINT, PRICE DECIMAL(18,3), BID_TIME_TYPE VARCHAR(16), DATE_TIME TIMESTAMP, EXTRA VARCHAR(200), C_COUNTS BIGINT);
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM AUCTION, BIDDER, 0.908 * PRICE,
  CASE WHEN EXTRACT(HOUR FROM DATE_TIME) >= 8 AND EXTRACT(HOUR FROM DATE_TIME) <= 18 THEN 'dayTime'
       WHEN EXTRACT(HOUR FROM DATE_TIME) <= 6 OR EXTRACT(HOUR FROM DATE_TIME) >= 20 THEN 'nightTime' ELSE 'otherTime' END,
  DATE_TIME, EXTRA, CHAR_LENGTH(EXTRA) - CHAR_LENGTH(REGEX_REPLACE(EXTRA, 'c', '', 1, 0))
  FROM EVENTS WHERE TYPE = 2 AND 0.908 * PRICE > 1000000 AND 0.908 * PRICE < 50000000;`,
    flink: {
      columns:
        'auction BIGINT, bidder BIGINT, price DECIMAL(23,3), bidTimeType STRING, `dateTime` TIMESTAMP(3), extra STRING, c_counts BIGINT',
      query: `SELECT auction, bidder, 0.908 * price, CASE WHEN HOUR(\`dateTime\`) >= 8 AND HOUR(\`dateTime\`) <= 18 THEN 'dayTime'
  WHEN HOUR(\`dateTime\`) <= 6 OR HOUR(\`dateTime\`) >= 20 THEN 'nightTime' ELSE 'otherTime' END, \`dateTime\`, extra,
  CAST(CHAR_LENGTH(extra) - CHAR_LENGTH(REPLACE(extra, 'c', '')) AS BIGINT) FROM bid WHERE 0.908 * price > 1000000 AND 0.908 * price < 50000000`,
    },
  },
  {
    name: 'q21',
    what: 'channel ids',
    dataset: 'nexmark',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, BIDDER BIGINT, PRICE BIGINT, CHANNEL VARCHAR(32), CHANNEL_ID VARCHAR(32));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM AUCTION, BIDDER, PRICE, CHANNEL,
  CASE LOWER(CHANNEL) WHEN 'apple' THEN '0' WHEN 'google' THEN '1' WHEN 'facebook' THEN '2' WHEN 'baidu' THEN '3'
    ELSE SUBSTRING(SUBSTRING(URL FROM 'channel_id=[^&]*') FROM 12) END
  FROM EVENTS WHERE TYPE = 2 AND (SUBSTRING(URL FROM 'channel_id=[^&]*') IS NOT NULL OR LOWER(CHANNEL) IN ('apple', 'google', 'facebook', 'baidu'));`,
    flink: {
      columns: 'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, channel_id STRING',
      query: `SELECT auction, bidder, price, channel, CASE WHEN LOWER(channel) = 'apple' THEN '0' WHEN LOWER(channel) = 'google' THEN '1'
  WHEN LOWER(channel) = 'facebook' THEN '2' WHEN LOWER(channel) = 'baidu' THEN '3' ELSE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) END
  FROM bid WHERE REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2) IS NOT NULL OR LOWER(channel) IN ('apple', 'google', 'facebook', 'baidu')`,
    },
  },
  {
    name: 'q22',
    what: 'parts of an address',
    dataset: 'nexmark',
    program: `CREATE STREAM RESULTS (AUCTION BIGINT, BIDDER BIGINT, PRICE BIGINT, CHANNEL VARCHAR(32), DIR1 VARCHAR(64), DIR2 VARCHAR(64), DIR3 VARCHAR(64));
CREATE PUMP P AS INSERT INTO RESULTS SELECT STREAM T.AUCTION, T.BIDDER, T.PRICE, T.CHANNEL, T.URL.COLUMN4, T.URL.COLUMN5, T.URL.COLUMN6
  FROM (SELECT STREAM AUCTION, BIDDER, PRICE, CHANNEL, VARIABLE_COLUMN_LOG_PARSE(URL, 7, '/') AS URL FROM EVENTS WHERE TYPE = 2) AS T;`,
    flink: {
      columns:
        'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, dir1 STRING, dir2 STRING, dir3 STRING',
      query:
        "SELECT auction, bidder, price, channel, SPLIT_INDEX(url, '/', 3), SPLIT_INDEX(url, '/', 4), SPLIT_INDEX(url, '/', 5) FROM bid",
    },
  },
];

export const QUERIES: readonly Query[] = [...clicks, ...bids, ...nexmark];
