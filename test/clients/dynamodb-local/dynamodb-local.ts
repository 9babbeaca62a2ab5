/** DynamoDB Local, where the KCL keeps its leases: one for all suites, in memory, each suite with tables of its own. */
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientEnvironment } from '../environment.ts';
import { javaInstallation } from '../installations.ts';
import { lastLines, startProgram, type Program } from '../program.ts';

export const dynamoDbLocal = javaInstallation(import.meta.dirname);

const START_TIMEOUT_MS = 120_000;
const KEYS = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function startDynamoDbLocal(logFile: string): Promise<{ url: string; program: Program }> {
  const port = await freePort();
  const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
  const program = startProgram({
    command: 'java',
    // No telemetry: there is no network to send it to.
    args: [
      ...dynamoDbLocal.javaArgs(),
      main,
      '-inMemory',
      '-sharedDb',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    environment: clientEnvironment(KEYS),
    folder: path.dirname(logFile),
    logFile,
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    // It binds every address; we only ever ask loopback.
    const answer = await dynamoDb(url, 'ListTables', {}).catch(() => undefined);
    if (answer !== undefined) return { url, program };
    await sleep(250);
  }
  program.kill();
  throw new Error(`DynamoDB Local did not answer; its last lines:\n${await lastLines(logFile)}`);
}

/** One call of DynamoDB's API. DynamoDB Local reads of a signature only who signed it. */
export async function dynamoDb(url: string, operation: string, input: object): Promise<unknown> {
  const scope = 'Credential=local/20260101/us-east-1/dynamodb/aws4_request';
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=00`,
    },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`DynamoDB ${operation} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
