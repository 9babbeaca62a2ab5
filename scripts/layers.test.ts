import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLayers } from './layers.ts';

const faultsOf = (file: string, text: string) => checkLayers(new Map([[file, text]])).faults;

test('what is listed is allowed, and counted', () => {
  const layering = checkLayers(
    new Map([
      [
        'streams/service.ts',
        "import { a } from '../log/log.ts';\nimport type { B } from '../wire/shape/shape.ts';\nexport * from './stream.ts';",
      ],
      [
        'log/segments/journal.ts',
        "import type { Sealer } from '../../keys/sealing.ts';\nimport { createHash } from 'node:crypto';",
      ],
      ['host/real/disk.ts', "import fs from 'node:fs';\nconst now = Date.now();"],
    ]),
  );
  assert.deepEqual(layering, { imports: 6, faults: [] });
});

test('planted faults are found, in every way of writing an import', () => {
  assert.deepEqual(faultsOf('wire/road.ts', "import { a } from\n  '../streams/stream.ts';"), [
    'src/wire/road.ts:1: wire may not import streams/stream.ts',
  ]);
  assert.deepEqual(faultsOf('log/log.ts', "\nconst ring = await import('../keys/key-ring.ts');"), [
    'src/log/log.ts:2: log may not import keys/key-ring.ts',
  ]);
  assert.deepEqual(faultsOf('wire/shape/shape.ts', "type M = import('../message.ts').M;"), [
    'src/wire/shape/shape.ts:1: wire/shape may not import wire/message.ts',
  ]);
  assert.deepEqual(faultsOf('streams/a.ts', "export * from '../wire/handle-request.ts';"), [
    'src/streams/a.ts:1: streams may not import wire/handle-request.ts',
  ]);
  assert.deepEqual(faultsOf('cli/put.ts', "import '../assemble.ts';"), [
    'src/cli/put.ts:1: cli may not import assemble.ts',
  ]);
  assert.deepEqual(faultsOf('base/a.ts', "import '../../scripts/layers.ts';"), [
    'src/base/a.ts:1: imports ../../scripts/layers.ts, outside src/',
  ]);
});

test('only host touches the machine', () => {
  assert.equal(faultsOf('log/a.ts', "import fs from 'node:fs';").length, 1);
  assert.equal(faultsOf('streams/a.ts', "import '../base/a.ts';\nconst t = Date.now();\n").length, 1);
  assert.equal(faultsOf('access/a.ts', "import '../base/a.ts';\nsetTimeout(() => {}, 1);").length, 1);
  assert.equal(
    faultsOf('access/a.ts', "import '../base/a.ts';\n// Date.now() is the host's\nclock.timer(1);").length,
    0,
  );
});

test('a file outside every room is a fault, and so is seeing no imports', () => {
  assert.deepEqual(faultsOf('utils/a.ts', "import '../base/a.ts';"), [
    'src/utils/a.ts: stands in no room that scripts/layers.ts knows',
    'saw no imports at all: nothing was checked',
  ]);
  assert.deepEqual(checkLayers(new Map()).faults, ['saw no imports at all: nothing was checked']);
});
