/** A listener in a process of its own, so that its memory can be measured: takes bodies and answers their length. */
import { readFileSync } from 'node:fs';
import { ByteBudget } from '../src/base/byte-budget.ts';
import { createRealHost } from '../src/host/real/host.ts';
import { listen } from '../src/wire/listener/listen.ts';

const { clock, network } = createRealHost();
const listener = await listen({
  network,
  clock,
  host: '127.0.0.1',
  port: 0,
  budget: new ByteBudget({
    bytesMax: 128 * 1024 * 1024,
    timer: (delayMs, callback) => clock.timer(delayMs, callback),
  }),
  handle: async (request) => {
    await clock.sleep(2);
    return { status: 200, headers: {}, body: Buffer.from(String(request.body.length)) };
  },
  log: { warn() {}, error() {} },
});
/** Linux counts into a process's greatest resident size that of the process it was forked from, which here is the one of all tests. */
function rssMaxBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
}

process.on('message', () => process.send?.({ rssMaxBytes: rssMaxBytes() }));
process.send?.({ port: listener.port });
