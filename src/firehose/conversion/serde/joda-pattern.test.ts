import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnsupportedConversion } from '../unsupported-conversion.ts';
import { compileTimestampFormat } from './joda-pattern.ts';

function parse(pattern: string, text: string): string | undefined {
  const moment = { epochDay: 0, nanosOfDay: 0 };
  if (!compileTimestampFormat(pattern)(text, moment)) return undefined;
  return new Date(moment.epochDay * 86_400_000 + moment.nanosOfDay / 1e6).toISOString();
}

for (const [pattern, text, expected] of [
  ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", '2017-02-07T15:13:01.392+0130', '2017-02-07T13:43:01.392Z'],
  ['yyyy-MM-dd HH:mm:ssZZ', '2017-02-07 15:13:01-08:00', '2017-02-07T23:13:01.000Z'],
  ['dd/MMM/yyyy:HH:mm:ss Z', '07/Feb/2017:15:13:01 +0000', '2017-02-07T15:13:01.000Z'],
  ['EEE, d MMMM yy h:mm a', 'Tue, 7 February 17 12:05 AM', '2017-02-07T00:05:00.000Z'],
  ['yyyyMMddHHmmss', '20170207151301', '2017-02-07T15:13:01.000Z'],
  ["yyyy.MM.dd 'o''clock' KK a", "2017.02.07 o'clock 03 PM", '2017-02-07T15:00:00.000Z'],
  ['yyyy-DDD', '2016-366', '2016-12-31T00:00:00.000Z'],
  ['yyyy-DDD', '2017-366', undefined],
  ['kk:mm', '24:10', '1970-01-01T00:10:00.000Z'],
  ['yyyy-MM-dd', '2017-02-30', undefined],
  ['yyyy-MM-dd', '2017-02-07 ', undefined],
  ['HH', '24', undefined],
  ['millis', '1518033528123', '2018-02-07T19:58:48.123Z'],
  ['millis', '-1', '1969-12-31T23:59:59.999Z'],
  ['millis', '1.5', undefined],
] as const) {
  test(`${pattern} reads ${text} as ${expected ?? 'nothing'}`, () => {
    assert.equal(parse(pattern, text), expected);
  });
}

test('what is not supported is refused when the pattern is made', () => {
  for (const pattern of ['yyyy GG', 'xxxx-ww', 'yyyy z', "yyyy 'T", '']) {
    assert.throws(() => compileTimestampFormat(pattern), UnsupportedConversion, pattern);
  }
});
