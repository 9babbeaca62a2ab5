import path from 'node:path';
import type { Engine, EngineSuite } from '../engine.ts';
import { elasticsearch, opensearch } from './engines.ts';

const suite = (engine: Engine, server: string): EngineSuite => ({
  name: engine.name,
  what: `${server}: bulk requests, document ids, failed documents, blocks, index rotation, signatures`,
  engines: [engine],
  installations: [],
  needs: [],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 300_000,
});

export const SEARCH_SUITES: readonly EngineSuite[] = [
  suite(opensearch, 'OpenSearch 2.19.1'),
  suite(elasticsearch, 'Elasticsearch 7.10.2'),
];
