/**
 * Telegraf's `inputs.firehose` (MIT): a receiver of AWS's delivery protocol that checks headers, ids and Base64. Built with nothing else in it. What
 * it takes is written to a file, a line of JSON a record.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installationFolder, type Installation } from '../../clients/installation.ts';
import type { Engine } from '../engine.ts';
import { makeServerCertificate } from '../server-certificate.ts';
import { freePort, startServer } from '../start-server.ts';

const MODULE = 'github.com/influxdata/telegraf/cmd/telegraf@v1.37.2';
const TAGS = [
  'custom',
  'inputs.firehose',
  'outputs.file',
  'parsers.json',
  'parsers.value',
  'serializers.json',
].join();
const folder = installationFolder('telegraf', [MODULE, TAGS]);
const program = path.join(folder, 'telegraf');

const installation: Installation = {
  name: 'Telegraf 1.37.2',
  needs: ['go'],
  folder,
  isWhole: () => existsSync(program),
  install: (run) =>
    run({ command: 'go', args: ['install', '-tags', TAGS, MODULE], folder, environment: { GOBIN: folder } }),
};

const ACCESS_KEY = 'sekret-of-telegraf';

/** TELEGRAF_URL, TELEGRAF_TLS_URL with TELEGRAF_AUTHORITY (a file), TELEGRAF_ACCESS_KEY, and TELEGRAF_OUTPUT, the file of what was taken. */
export const telegraf: Engine = {
  name: 'telegraf',
  installations: [installation],
  needs: [],
  start: async (work) => {
    const [port, tlsPort] = [await freePort(), await freePort()];
    const place = (name: string): string => path.join(work, name);
    const { authority, certificate, key } = makeServerCertificate();
    await writeFile(place('authority.pem'), authority);
    await writeFile(place('certificate.pem'), certificate);
    await writeFile(place('key.pem'), key, { mode: 0o600 });
    const input = (at: number, more: string): string => `
[[inputs.firehose]]
  service_address = "127.0.0.1:${at}"
  paths = ["/fh"]
  access_key = "${ACCESS_KEY}"
  parameter_tags = ["env"]
  data_format = "value"
  data_type = "string"
${more}`;
    await writeFile(
      place('telegraf.toml'),
      `[agent]
  flush_interval = "200ms"
  metric_buffer_limit = 2000000
  metric_batch_size = 10000
  omit_hostname = true
${input(port, '')}
${input(tlsPort, `  tls_cert = "${place('certificate.pem')}"\n  tls_key = "${place('key.pem')}"`)}
[[outputs.file]]
  files = ["${place('taken.jsonl')}"]
  data_format = "json"
`,
    );
    const url = `http://127.0.0.1:${port}`;
    const stop = await startServer({
      name: 'telegraf',
      command: program,
      args: ['--config', place('telegraf.toml')],
      folder: work,
      answers: async () => (await fetch(`${url}/fh`)).status > 0,
      timeoutMs: 30_000,
    });
    return {
      environment: {
        TELEGRAF_URL: url,
        TELEGRAF_TLS_URL: `https://127.0.0.1:${tlsPort}`,
        TELEGRAF_AUTHORITY: place('authority.pem'),
        TELEGRAF_ACCESS_KEY: ACCESS_KEY,
        TELEGRAF_OUTPUT: place('taken.jsonl'),
      },
      stop,
    };
  },
};
