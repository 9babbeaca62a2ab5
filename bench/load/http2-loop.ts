/** The closed loop over HTTP/2: as many streams at once, on a few sessions, as the SDKs do it. */
import { connect, type ClientHttp2Session } from 'node:http2';
import { once } from 'node:events';
import { cpuMicroseconds } from '../process-usage.ts';
import { Histogram } from './histogram.ts';
import type { Measured } from './closed-loop.ts';
import type { PlainRequest } from './signed-request.ts';

const SESSIONS = 4;

export async function runHttp2Load(load: {
  readonly port: number;
  readonly pid: number;
  readonly tls: boolean;
  readonly streams: number;
  readonly requests: readonly PlainRequest[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
}): Promise<Measured> {
  const { port, pid, tls, streams, seconds, warmUpSeconds } = load;
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const sessions = Array.from({ length: SESSIONS }, () => connect(url, { rejectUnauthorized: false }));
  await Promise.all(sessions.map((session) => once(session, 'connect')));
  // The host is `:authority` here, which is signed as `host`.
  const requests = load.requests.map(({ headers, body }) => {
    const { host, ...rest } = headers;
    return { headers: { ':method': 'POST', ':path': '/', ':authority': host!, ...rest }, body };
  });
  let latency = new Histogram();
  let answered = 0;
  let next = 0;
  const startsAt = performance.now() + warmUpSeconds * 1000;
  const endsAt = startsAt + seconds * 1000;
  let begun: { at: number; server: number; client: NodeJS.CpuUsage } | undefined;
  const run = async (session: ClientHttp2Session): Promise<void> => {
    while (performance.now() < endsAt) {
      if (begun === undefined && performance.now() >= startsAt) {
        begun = { at: performance.now(), server: cpuMicroseconds(pid), client: process.cpuUsage() };
        latency = new Histogram();
        answered = 0;
      }
      const { headers, body } = requests[next++ % requests.length]!;
      const sentAt = performance.now();
      await ask(session, headers, body);
      latency.add((performance.now() - sentAt) * 1000);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: streams }, (_, index) => run(sessions[index % SESSIONS]!)));
  for (const session of sessions) session.destroy();
  const elapsed = (performance.now() - begun!.at) / 1000;
  const client = process.cpuUsage(begun!.client);
  return {
    requests: answered,
    seconds: elapsed,
    perSecond: answered / elapsed,
    latency,
    serverMicrosecondsPerRequest: (cpuMicroseconds(pid) - begun!.server) / Math.max(1, answered),
    clientCores: (client.user + client.system) / 1e6 / elapsed,
  };
}

function ask(session: ClientHttp2Session, headers: Record<string, string>, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers);
    let status = 0;
    stream.on('response', (answer) => (status = answer[':status'] ?? 0));
    stream.on('data', () => {});
    stream.on('error', reject);
    stream.on('end', () => (status === 200 ? resolve() : reject(new Error(`status ${status}`))));
    stream.end(body);
  });
}
