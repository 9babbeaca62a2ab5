import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CONFIGURATION_PAGE, configurationPage } from './configuration-page.ts';

test('the page about the configuration says what the flags are', () => {
  assert.equal(
    readFileSync(CONFIGURATION_PAGE, 'utf8'),
    configurationPage(),
    'run: node scripts/configuration-page.ts',
  );
});
