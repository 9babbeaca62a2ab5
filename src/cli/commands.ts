/** Every command that is a client of a server. */
import type { CommandEntry } from './command.ts';

export const CLIENT_COMMANDS: readonly CommandEntry[] = [
  {
    words: ['stop'],
    summary: 'Stop the server of a data directory and wait until it has ended.',
    load: async () => (await import('./server/stop.ts')).stop,
  },
  {
    words: ['status'],
    summary: 'Say whether a server runs, and where.',
    load: async () => (await import('./server/status.ts')).status,
  },
  {
    words: ['trust'],
    summary: 'Say where the certificate of the own authority is, and how clients come to trust it.',
    load: async () => (await import('./server/trust.ts')).trust,
  },
  {
    words: ['backup'],
    summary: 'Copy everything a running server keeps into a new directory.',
    load: async () => (await import('./server/backup.ts')).backup,
  },
  {
    words: ['demo'],
    summary: 'Start a server, put records into it and watch them arrive.',
    load: async () => (await import('./demo/demo.ts')).demo,
  },
  {
    words: ['stream', 'create'],
    summary: 'Create a stream.',
    load: async () => (await import('./stream/create.ts')).create,
  },
  {
    words: ['stream', 'list'],
    summary: 'List the streams.',
    load: async () => (await import('./stream/list.ts')).list,
  },
  {
    words: ['stream', 'describe'],
    summary: 'Show a stream and its shards.',
    load: async () => (await import('./stream/describe.ts')).describe,
  },
  {
    words: ['stream', 'put'],
    summary: 'Put records from files or a pipe into a stream.',
    load: async () => (await import('./stream/put.ts')).put,
  },
  {
    words: ['stream', 'tail'],
    summary: 'Print the records of a stream as they come.',
    load: async () => (await import('./stream/tail.ts')).tail,
  },
  {
    words: ['stream', 'split'],
    summary: 'Split a shard.',
    load: async () => (await import('./stream/split.ts')).split,
  },
  {
    words: ['stream', 'merge'],
    summary: 'Merge two shards.',
    load: async () => (await import('./stream/merge.ts')).merge,
  },
  {
    words: ['stream', 'scale'],
    summary: 'Change the number of shards.',
    load: async () => (await import('./stream/scale.ts')).scale,
  },
  {
    words: ['stream', 'delete'],
    summary: 'Delete a stream.',
    load: async () => (await import('./stream/delete.ts')).deleteStream,
  },
];
