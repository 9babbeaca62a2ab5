/** Apache Flume with its HTTP source, a durable or a fast channel, and gzip files by its HDFS sink. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installationFolder, type Installation } from '../../test/clients/installation.ts';
import { freePort, startProcess } from '../servers/server.ts';
import { FILE_MEGABYTES, FILE_SECONDS, type Peer, type RunningPeer } from './peer.ts';
import { plainRequest } from './plain-request.ts';

const POM = path.join(import.meta.dirname, 'flume-pom.xml');
const folder = installationFolder('flume', [POM]);
const libraries = path.join(folder, 'lib');

export const FLUME_INSTALLATION: Installation = {
  name: 'Apache Flume 1.11.0',
  needs: ['java', 'maven'],
  folder,
  isWhole: () => existsSync(path.join(libraries, 'flume-ng-node-1.11.0.jar')),
  install: (run) =>
    run({
      command: 'mvn',
      args: ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`],
      folder,
    }),
};

export const FLUME_FILE: Peer = {
  name: 'Flume, file channel',
  promise: 'durable',
  share: 0.25,
  start: () =>
    start(
      (work) => `a.channels.c.type = file
a.channels.c.checkpointDir = ${path.join(work, 'checkpoint')}
a.channels.c.dataDirs = ${path.join(work, 'data')}`,
    ),
};

export const FLUME_MEMORY: Peer = {
  name: 'Flume, memory channel',
  promise: 'in memory',
  share: 0.5,
  start: () => start(() => 'a.channels.c.type = memory'),
};

/** What its file channel reaches for inside the JDK. */
const OPENED = ['java.lang', 'java.nio', 'sun.nio.ch', 'jdk.internal.ref'];

async function start(channel: (work: string) => string): Promise<RunningPeer> {
  await using opened = new AsyncDisposableStack();
  const work = await mkdtemp(path.join(tmpdir(), 'millrace-bench-flume-'));
  opened.defer(() => rm(work, { recursive: true, force: true }));
  const output = path.join(work, 'out');
  await mkdir(output);
  const port = await freePort();
  const properties = path.join(work, 'flume.properties');
  await writeFile(
    properties,
    `a.sources = r
a.channels = c
a.sinks = k
a.sources.r.type = http
a.sources.r.bind = 127.0.0.1
a.sources.r.port = ${port}
a.sources.r.channels = c
${channel(work)}
a.channels.c.capacity = 1000000
a.channels.c.transactionCapacity = 10000
a.sinks.k.type = hdfs
a.sinks.k.channel = c
a.sinks.k.hdfs.path = file://${output}
a.sinks.k.hdfs.fileType = CompressedStream
a.sinks.k.hdfs.codeC = gzip
a.sinks.k.hdfs.rollSize = ${FILE_MEGABYTES * 2 ** 20}
a.sinks.k.hdfs.rollCount = 0
a.sinks.k.hdfs.rollInterval = ${FILE_SECONDS}
a.sinks.k.hdfs.batchSize = 1000
`,
  );
  const server = opened.use(
    await startProcess(
      'Flume',
      port,
      [
        '-Xmx512m',
        ...OPENED.flatMap((name) => ['--add-opens', `java.base/${name}=ALL-UNNAMED`]),
        ...['-cp', `${libraries}/*`, 'org.apache.flume.node.Application'],
        ...['-n', 'a', '-f', properties, '--no-reload-conf'],
      ],
      'java',
    ),
  );
  const life = opened.move();
  return {
    port,
    pid: server.pid,
    output,
    isWhole: (name) => name.endsWith('.gz'),
    request: (records) =>
      plainRequest(port, JSON.stringify(records.map((body) => ({ headers: {}, body }))), {}),
    check: ({ body }) => (body.toString('latin1') === '0\r\n\r\n' ? undefined : body.toString('latin1')),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}
