#!/usr/bin/env node
// The `millrace` command in a checkout. Plain JavaScript, so that the compile cache is on before the first TypeScript is loaded:
// that saves the type stripper, which is a third of the start. The published package runs dist/main.js.
import module from 'node:module';

if (module.enableCompileCache === undefined || module.stripTypeScriptTypes === undefined) {
  console.error(
    `Millrace needs Node.js 24 or newer; this is ${process.version}. \`npm run millrace\` brings its own.`,
  );
  process.exit(1);
}
module.enableCompileCache();
await import('../src/main.ts');
