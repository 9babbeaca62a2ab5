import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';

test('the benchmarks run, and say what they measured', () => {
  const script = path.join(import.meta.dirname, 'main.ts');
  const args = ['--only', 'put-record', '--rounds', '1', '--seconds', '0.2', '--json', '--no-write'];
  const text = execFileSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  const { workload, lines, tables } = JSON.parse(text);
  assert.equal(workload, 'put-record');
  assert.equal(lines.length, 3);
  assert.deepEqual(
    tables[0].rows.map(([server]: string[]) => server),
    ['Millrace', 'null', 'kinesalite'],
  );
});
