import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { DatePatternError, parseDatePattern } from './date-pattern.ts';
import { localTimeOf } from './local-time.ts';
import { UTC, timeZoneOf } from './time-zone.ts';

/** What Java 17 prints, or null where it refuses the pattern: made by test/engines/date-patterns. */
const GOLDEN = JSON.parse(
  readFileSync(new URL('date-pattern.golden.json', import.meta.url), 'utf8'),
) as readonly (readonly [timeMs: number, zone: string, pattern: string, text: string | null])[];

describe('Date patterns', () => {
  it('print what Java prints and refuse what Java refuses', () => {
    assert.ok(GOLDEN.length > 500);
    for (const [timeMs, zone, pattern, text] of GOLDEN) {
      if (text === null) assert.throws(() => parseDatePattern(pattern), DatePatternError, pattern);
      else
        assert.equal(parseDatePattern(pattern).format(localTimeOf(timeMs, timeZoneOf(zone)!)), text, pattern);
    }
  });

  it('know the names of UTC and of no other zone', () => {
    assert.equal(
      parseDatePattern('yyyy z, zzzz').format(localTimeOf(0, UTC)),
      '1970 UTC, Coordinated Universal Time',
    );
    assert.equal(parseDatePattern('z').namesZone, true);
    assert.throws(() => parseDatePattern('v'), /Unknown pattern letter: v/);
  });

  it('say what is wrong', () => {
    assert.throws(() => parseDatePattern("yyyy'open"), /incomplete string literal/);
    assert.throws(() => parseDatePattern('HHH'), /letter H cannot stand 3 times/);
    assert.throws(() => parseDatePattern('a]'), /\] without previous \[/);
    assert.throws(() => parseDatePattern('HHp'), /Pad letter/);
    assert.throws(() => parseDatePattern('constructor'), DatePatternError);
  });
});
