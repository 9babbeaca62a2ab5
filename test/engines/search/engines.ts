/** OpenSearch and Elasticsearch, the real servers, started by codelibs' runners (Apache-2.0). Neither looks at credentials. */
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { javaInstallation } from '../../clients/installations.ts';
import type { Engine } from '../engine.ts';
import { startServer } from '../start-server.ts';

/** The runners go no higher than 9299. */
async function freeRunnerPort(): Promise<number> {
  for (;;) {
    const port = 7_000 + Math.floor(Math.random() * 2_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}

/** SEARCH_URL, and SEARCH_NAME: opensearch or elasticsearch. */
function searchEngine(name: string, main: string, javaArgs: readonly string[]): Engine {
  const installation = javaInstallation(path.join(import.meta.dirname, name));
  return {
    name,
    installations: [installation],
    needs: [],
    start: async (work) => {
      const port = await freeRunnerPort();
      const url = `http://127.0.0.1:${port}`;
      const base = path.join(work, 'node');
      await mkdir(base);
      const stop = await startServer({
        name,
        command: 'java',
        args: [
          ...javaArgs,
          ...installation.javaArgs(),
          main,
          // It adds the number of the node.
          ...['-basePath', base, '-numOfNode', '1', '-baseHttpPort', String(port - 1), '-clusterName', name],
        ],
        folder: work,
        answers: async () => (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`)).ok,
        timeoutMs: 180_000,
      });
      return { environment: { SEARCH_URL: url, SEARCH_NAME: name }, stop };
    },
  };
}

export const opensearch = searchEngine('opensearch', 'org.codelibs.opensearch.runner.OpenSearchRunner', []);

export const elasticsearch = searchEngine(
  'elasticsearch',
  'org.codelibs.elasticsearch.runner.ElasticsearchClusterRunner',
  [
    '-Djava.security.manager=allow',
    ...[
      '--add-opens',
      'java.base/java.lang=ALL-UNNAMED',
      '--add-opens',
      'java.base/java.nio.file=ALL-UNNAMED',
    ],
  ],
);
