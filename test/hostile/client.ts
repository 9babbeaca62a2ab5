/** A process with one signed client that puts records one after the other for a while, and tells their latencies. */
import { put, signedClient } from './parts.ts';

const [url, seconds] = process.argv.slice(2);
const client = signedClient(url!);
const latenciesMs: number[] = [];
for (let count = 0; count < 100; count++) await put(client);
const endMs = performance.now() + Number(seconds) * 1000;
while (performance.now() < endMs) {
  const startedMs = performance.now();
  await put(client);
  latenciesMs.push(performance.now() - startedMs);
}
client.close();
process.send?.(latenciesMs.sort((a, b) => a - b));
process.disconnect?.();
