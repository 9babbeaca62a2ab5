/** Telegraf's `inputs.firehose` with gzip files as its output. It answers before anything is on disk. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installationFolder, type Installation } from '../../test/clients/installation.ts';
import { freePort, startProcess } from '../servers/server.ts';
import { FILE_SECONDS, type Peer } from './peer.ts';
import { plainRequest } from './plain-request.ts';

const MODULE = 'github.com/influxdata/telegraf/cmd/telegraf@v1.37.2';
const TAGS = ['custom', 'inputs.firehose', 'outputs.file', 'parsers.value', 'serializers.template'].join();
const folder = installationFolder('telegraf', [MODULE, TAGS]);
const program = path.join(folder, 'telegraf');

export const TELEGRAF_INSTALLATION: Installation = {
  name: 'Telegraf 1.37.2',
  needs: ['go'],
  folder,
  isWhole: () => existsSync(program),
  install: (run) =>
    run({ command: 'go', args: ['install', '-tags', TAGS, MODULE], folder, environment: { GOBIN: folder } }),
};

export const TELEGRAF: Peer = {
  name: 'Telegraf 1.37.2',
  promise: 'in memory',
  share: 1,
  async start() {
    await using opened = new AsyncDisposableStack();
    const work = await mkdtemp(path.join(tmpdir(), 'millrace-bench-telegraf-'));
    opened.defer(() => rm(work, { recursive: true, force: true }));
    const output = path.join(work, 'out');
    await mkdir(output);
    const port = await freePort();
    const configuration = path.join(work, 'telegraf.toml');
    // Rotation by size more than once a second overwrites archives, so it goes by time alone.
    await writeFile(
      configuration,
      `[agent]
  flush_interval = "1s"
  metric_buffer_limit = 2000000
  metric_batch_size = 10000
  omit_hostname = true
[[inputs.firehose]]
  service_address = "127.0.0.1:${port}"
  paths = ["/"]
  data_format = "value"
  data_type = "string"
[[outputs.file]]
  files = ["${path.join(output, 'out.gz')}"]
  compression_algorithm = "gzip"
  use_batch_format = true
  data_format = "template"
  batch_template = '''{{range .}}{{.Field "value"}}{{"\\n"}}{{end}}'''
  rotation_interval = "${FILE_SECONDS * 5}s"
  rotation_max_archives = -1
`,
    );
    const server = opened.use(await startProcess('Telegraf', port, ['--config', configuration], program));
    const life = opened.move();
    return {
      port,
      pid: server.pid,
      output,
      isWhole: () => true,
      request: (records) => {
        const requestId = crypto.randomUUID();
        const data = records.map((record) => ({ data: Buffer.from(record).toString('base64') }));
        const body = JSON.stringify({ requestId, timestamp: Math.floor(Date.now() / 1000), records: data });
        return plainRequest(port, body, { 'X-Amz-Firehose-Request-Id': requestId });
      },
      check: () => undefined,
      [Symbol.asyncDispose]: () => life.disposeAsync(),
    };
  },
};
