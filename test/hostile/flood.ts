/** A process of many connections, each of which sends an unsigned PutRecord again as soon as it is refused. */
import { connect } from 'node:net';

const [port, connections] = process.argv.slice(2).map(Number);
const body = JSON.stringify({ StreamName: 'target', PartitionKey: 'k', Data: 'eA=='.padStart(136, 'eHh4') });
const request = Buffer.from(
  `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-amz-json-1.1\r\nx-amz-target: Kinesis_20131202.PutRecord\r\n` +
    `content-length: ${body.length}\r\n\r\n${body}`,
);
let answers = 0;

for (let count = 0; count < connections!; count++) flood();

function flood(): void {
  const socket = connect({ port: port!, host: '127.0.0.1', noDelay: true });
  socket.on('connect', () => socket.write(request));
  // An answer is small and comes in one piece.
  socket.on('data', () => {
    answers++;
    socket.write(request);
  });
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(flood, 10));
}

process.on('message', () => process.send?.({ answers }));
process.send?.({ started: true });
