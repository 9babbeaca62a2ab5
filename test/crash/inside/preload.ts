/**
 * Loaded before `millrace start` (node --import). The product has no failpoints in it: three of its modules, at the seams where a
 * server is put together, are replaced by ones that wrap the real one.
 */
import { registerHooks } from 'node:module';

const REPLACED = [
  { importer: '/src/commands/start.ts', specifier: '/host/real/host.ts', by: './host.ts' },
  { importer: '/src/assemble.ts', specifier: '/catalog/sqlite/open.ts', by: './catalog.ts' },
  { importer: '/src/assemble.ts', specifier: '/log/segments/open-segment-log.ts', by: './log.ts' },
];

registerHooks({
  resolve(specifier, context, next) {
    const replaced = REPLACED.find(
      (each) => context.parentURL?.endsWith(each.importer) === true && specifier.endsWith(each.specifier),
    );
    return replaced === undefined
      ? next(specifier, context)
      : next(replaced.by, { ...context, parentURL: import.meta.url });
  },
});
