import path from 'node:path';
import type { EngineSuite } from '../engine.ts';
import { javaStreams, pythonSnappy } from './readers.ts';

export const compression: EngineSuite = {
  name: 'compression',
  what: "python-snappy 0.7.3, Hadoop's SnappyCodec 3.4.1, snappy-java 1.1.10.7, Java's and Python's gzip and zip, gzip and unzip: every format read back",
  engines: [],
  installations: [pythonSnappy, javaStreams],
  needs: ['unzip'],
  file: path.join(import.meta.dirname, 'main.ts'),
  timeoutMs: 180_000,
};
