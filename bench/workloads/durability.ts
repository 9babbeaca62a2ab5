/** What the sync before each answer costs: the same writes with durability `os` and `memory`. */
import { createStream } from '../servers/api.ts';
import { makeDataDirectory, startMillrace } from '../servers/millrace.ts';
import { compare, standingsTable } from './compare.ts';
import { SHARDS } from './put.ts';
import { checkPut, putRequests, type PutShape } from './records.ts';
import type { Outcome, Settings, Workload } from './workload.ts';

const SHAPES: readonly (PutShape & { readonly title: string })[] = [
  { title: 'PutRecord 100 B', records: 1, bytes: 100, format: 'json' },
  { title: 'PutRecords 500 x 100 B', records: 500, bytes: 100, format: 'json' },
];

export const DURABILITY: Workload = {
  name: 'durability',
  title: 'Durability fsync, os and memory',
  async run(settings: Settings): Promise<Outcome> {
    await using first = await makeDataDirectory();
    await using second = await makeDataDirectory();
    await using third = await makeDataDirectory();
    await using fsync = await startMillrace(first);
    await using os = await startMillrace(second, { durability: 'os' });
    await using memory = await startMillrace(third, { durability: 'memory' });
    const servers = [fsync, os, memory];
    for (const { port } of servers) await createStream(port, 'bench', SHARDS);
    const tables = [];
    for (const { title, ...shape } of SHAPES) {
      const contestants = servers.map((server) => ({
        name: server.name,
        server,
        requests: putRequests(server.port, 'bench', shape),
        check: checkPut(shape),
      }));
      tables.push(standingsTable(title, shape.records, await compare(contestants, settings)));
    }
    return { lines: [], tables };
  },
};
