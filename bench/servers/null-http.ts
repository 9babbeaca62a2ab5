/**
 * The null server: reads whole requests and answers each with the same bytes. Run as a process: `null-http.ts PORT BYTES`.
 * What it can do, nothing built on the same HTTP server can do better.
 */
import { createServer } from 'node:http';

const [port, bytes] = process.argv.slice(2).map(Number);
const body = Buffer.alloc(bytes ?? 0, 'x');
const headers = { 'content-type': 'application/x-amz-json-1.1', 'content-length': body.length };

createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    response.writeHead(200, headers);
    response.end(body);
  });
}).listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
