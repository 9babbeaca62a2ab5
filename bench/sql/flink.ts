/**
 * Flink on one core: a job manager, a task manager whose whole CPU is counted, and the SQL gateway that takes the queries. Without its own scripts the
 * memory of the task manager has to be told in every part.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds, residentMegabytes } from '../process-usage.ts';
import { freePort, startProcess } from '../servers/server.ts';
import { FLINK_CLIENT, FLINK_GATEWAY, FLINK_LIBRARIES } from './flink-installation.ts';
import type { Dataset, Query } from './queries.ts';

const CORE = '1';
const OPENED = [
  ...[
    'lang',
    'lang.reflect',
    'net',
    'io',
    'nio',
    'text',
    'time',
    'util',
    'util.concurrent',
    'util.concurrent.atomic',
    'util.concurrent.locks',
  ].map((name) => `java.base/java.${name}`),
  'java.base/sun.nio.ch',
].map((name) => `--add-opens=${name}=ALL-UNNAMED`);
const MEMORY = [
  'task.heap.size=2560mb',
  'managed.size=512mb',
  'network.min=128mb',
  'network.max=128mb',
  'framework.heap.size=128mb',
  'framework.off-heap.size=128mb',
  'task.off-heap.size=0b',
  'jvm-metaspace.size=384mb',
  'jvm-overhead.min=192mb',
  'jvm-overhead.max=192mb',
].flatMap((option) => ['-D', `taskmanager.memory.${option}`]);
const POLL_MS = 200;

const TABLES: Readonly<Record<Dataset, (file: string) => readonly string[]>> = {
  clicks: (file) => [
    table(
      'clicks',
      file,
      'ts TIMESTAMP(3), `user` STRING, page STRING, ms INT, price DECIMAL(10,2), ok BOOLEAN, `ref` STRING',
      'ts',
    ),
  ],
  bids: (file) => [
    table(
      'bids',
      file,
      'auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, `dateTime` TIMESTAMP(3), extra STRING',
      '`dateTime`',
    ),
  ],
  nexmark: (file) => [
    table(
      'nexmark',
      file,
      '`type` INT, `dateTime` TIMESTAMP(3), person ROW<id BIGINT, name STRING>, auction ROW<seller BIGINT>, ' +
        'bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, extra STRING>',
      '`dateTime`',
    ),
    'CREATE TEMPORARY VIEW person AS SELECT person.id, person.name, `dateTime` FROM nexmark WHERE `type` = 0',
    'CREATE TEMPORARY VIEW auction AS SELECT auction.seller, `dateTime` FROM nexmark WHERE `type` = 1',
    'CREATE TEMPORARY VIEW bid AS SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, `dateTime`, bid.extra FROM nexmark WHERE `type` = 2',
  ],
};

function table(name: string, file: string, columns: string, time: string): string {
  return `CREATE TEMPORARY TABLE ${name} (${columns}, WATERMARK FOR ${time} AS ${time} - INTERVAL '1' SECOND) WITH ('connector'='filesystem','path'='file://${file}','format'='json')`;
}

export type FlinkRun = {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly megabytes: number;
};

export type Flink = AsyncDisposable & { run(query: Query, file: string): Promise<FlinkRun> };

export async function startFlink(): Promise<Flink> {
  const opened = new AsyncDisposableStack();
  try {
    const work = await mkdtemp(path.join(tmpdir(), 'millrace-bench-flink-'));
    opened.defer(() => rm(work, { recursive: true, force: true }));
    const [rpc, rest, tasks, data, blobs, gateway] = (await Promise.all(
      Array.from({ length: 6 }, freePort),
    )) as [number, number, number, number, number, number];
    const configuration = path.join(work, 'conf');
    await mkdir(configuration);
    await writeFile(
      path.join(configuration, 'config.yaml'),
      `jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: ${rpc}
jobmanager.bind-host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
taskmanager.host: 127.0.0.1
taskmanager.rpc.port: ${tasks}
taskmanager.data.port: ${data}
taskmanager.numberOfTaskSlots: 4
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.port: ${rest}
blob.server.port: ${blobs}
io.tmp.dirs: ${work}
sql-gateway.endpoint.rest.address: 127.0.0.1
sql-gateway.endpoint.rest.bind-address: 127.0.0.1
sql-gateway.endpoint.rest.port: ${gateway}
`,
    );
    const libraries = path.join(FLINK_LIBRARIES, '*');
    const entry = 'org.apache.flink.runtime';
    opened.use(
      await startProcess(
        'the job manager',
        rest,
        [
          '-Xmx512m',
          ...OPENED,
          '-cp',
          libraries,
          `${entry}.entrypoint.StandaloneSessionClusterEntrypoint`,
          '--configDir',
          configuration,
        ],
        'java',
      ),
    );
    const taskManager = opened.use(
      await startProcess(
        'the task manager',
        data,
        [
          ...[
            '-c',
            CORE,
            'java',
            '-Xmx2688m',
            ...OPENED,
            '-cp',
            libraries,
            `${entry}.taskexecutor.TaskManagerRunner`,
          ],
          ...['--configDir', configuration, '-D', 'taskmanager.cpu.cores=1.0', ...MEMORY],
        ],
        'taskset',
      ),
    );
    opened.use(
      await startProcess(
        'the SQL gateway',
        gateway,
        [
          ...[`FLINK_CONF_DIR=${configuration}`, 'java', '-Xmx512m', ...OPENED],
          ...[
            '-cp',
            [libraries, FLINK_GATEWAY, FLINK_CLIENT].join(':'),
            'org.apache.flink.table.gateway.SqlGateway',
          ],
        ],
        'env',
      ),
    );
    const ended = opened.move();
    return {
      run: (query, file) => runQuery({ gateway, rest, pid: taskManager.pid }, query, file),
      [Symbol.asyncDispose]: () => ended.disposeAsync(),
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

type Cluster = { readonly gateway: number; readonly rest: number; readonly pid: number };

async function runQuery({ gateway, rest, pid }: Cluster, query: Query, file: string): Promise<FlinkRun> {
  const session = new Session(`http://127.0.0.1:${gateway}/v2`);
  await session.open();
  try {
    const settings = {
      'parallelism.default': '1',
      'pipeline.object-reuse': 'true',
      'pipeline.name': query.name,
    };
    for (const [key, value] of Object.entries(settings)) await session.execute(`SET '${key}'='${value}'`);
    for (const statement of TABLES[query.dataset](file)) await session.execute(statement);
    await session.execute(
      `CREATE TEMPORARY TABLE results (${query.flink.columns}) WITH ('connector'='blackhole')`,
    );
    const before = cpuMicroseconds(pid);
    const job = await session.execute(`INSERT INTO results ${query.flink.query}`);
    for (;;) {
      await sleep(POLL_MS);
      const { state, duration } = (await json(`http://127.0.0.1:${rest}/jobs/${job}`)) as {
        state: string;
        duration: number;
      };
      if (state === 'FAILED' || state === 'CANCELED')
        throw new Error(`Flink's job of ${query.name} ended as ${state}`);
      if (state !== 'FINISHED') continue;
      const cpuSeconds = (cpuMicroseconds(pid) - before) / 1e6;
      return { cpuSeconds, wallSeconds: duration / 1000, megabytes: residentMegabytes(pid) };
    }
  } finally {
    await session.close();
  }
}

class Session {
  readonly #url: string;
  #handle = '';

  constructor(url: string) {
    this.#url = url;
  }

  async open(): Promise<void> {
    const { sessionHandle } = (await json(`${this.#url}/sessions`, {})) as { sessionHandle: string };
    this.#handle = sessionHandle;
  }

  /** Gives the id of the job, where there is one. */
  async execute(statement: string): Promise<string | undefined> {
    const place = `${this.#url}/sessions/${this.#handle}`;
    const { operationHandle } = (await json(`${place}/statements`, { statement })) as {
      operationHandle: string;
    };
    for (;;) {
      const result = (await json(`${place}/operations/${operationHandle}/result/0?rowFormat=JSON`)) as {
        resultType: string;
        jobID?: string;
      };
      if (result.resultType !== 'NOT_READY') return result.jobID;
      await sleep(POLL_MS / 2);
    }
  }

  async close(): Promise<void> {
    await fetch(`${this.#url}/sessions/${this.#handle}`, { method: 'DELETE' });
  }
}

async function json(url: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  // A statement's error comes as a trace of Java; its cause stands at the end.
  if (!answer.ok) throw new Error(text.slice(-800));
  return JSON.parse(text) as unknown;
}
