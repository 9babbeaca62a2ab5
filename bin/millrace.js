#!/usr/bin/env node
// The `millrace` command in a checkout. Plain JavaScript, so that the compile cache is on before the first TypeScript is loaded:
// that saves the type stripper, which is a third of the start. The published package runs dist/main.js.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('../src/main.ts');
