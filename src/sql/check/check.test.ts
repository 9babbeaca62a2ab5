import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf, planOf, TICKERS } from './check.testing.ts';

describe('a program of streams and pumps', () => {
  it('becomes scans, filters, projections and pumps', () => {
    const plan = planOf(
      `CREATE STREAM highs (symbol VARCHAR(8), price DOUBLE NOT NULL);
       CREATE OR REPLACE PUMP p AS INSERT INTO highs (price, symbol)
         SELECT STREAM price, "ticker" FROM tickers WHERE price > 5;`,
      TICKERS,
    );
    assert.deepEqual(
      plan.streams.map(({ name, origin, isUsed }) => ({ name, origin, isUsed })),
      [
        { name: 'TICKERS', origin: 'input', isUsed: [true, true, false] },
        { name: 'HIGHS', origin: 'program', isUsed: [true, true] },
      ],
    );
    const [pump] = plan.pumps;
    assert.equal(pump?.target, 'HIGHS');
    assert.equal(pump?.query.op, 'project');
    assert.equal(pump?.query.op === 'project' && pump.query.input.op, 'filter');
  });

  it('says what the writer may have meant', () => {
    assert.match(
      errorOf('SELECT STREAM ticker FROM tickers', TICKERS),
      /Column 'TICKER' not found in any table; did you mean "ticker"\?/,
    );
  });
});
