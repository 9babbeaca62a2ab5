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
  {
    words: ['function', 'add'],
    summary: 'Give the server a module that transforms records.',
    load: async () => (await import('./function/add.ts')).add,
  },
  {
    words: ['function', 'list'],
    summary: 'List the functions.',
    load: async () => (await import('./function/list.ts')).list,
  },
  {
    words: ['function', 'remove'],
    summary: 'Remove a function.',
    load: async () => (await import('./function/remove.ts')).remove,
  },
  {
    words: ['firehose', 'create'],
    summary: 'Create a delivery stream.',
    load: async () => (await import('./firehose/create.ts')).create,
  },
  {
    words: ['firehose', 'list'],
    summary: 'List the delivery streams.',
    load: async () => (await import('./firehose/list.ts')).list,
  },
  {
    words: ['firehose', 'describe'],
    summary: 'Show a delivery stream and its destination.',
    load: async () => (await import('./firehose/describe.ts')).describe,
  },
  {
    words: ['firehose', 'put'],
    summary: 'Put records from files or a pipe into a delivery stream.',
    load: async () => (await import('./firehose/put.ts')).put,
  },
  {
    words: ['firehose', 'watch'],
    summary: 'Show what a delivery stream gathers, delivers and could not deliver.',
    load: async () => (await import('./firehose/watch.ts')).watch,
  },
  {
    words: ['firehose', 'retry'],
    summary: 'Put once more what failed.',
    load: async () => (await import('./firehose/retry.ts')).retry,
  },
  {
    words: ['firehose', 'delete'],
    summary: 'Delete a delivery stream.',
    load: async () => (await import('./firehose/delete.ts')).deleteDeliveryStream,
  },
  {
    words: ['app', 'create'],
    summary: 'Create an SQL application on a stream.',
    load: async () => (await import('./app/create.ts')).create,
  },
  {
    words: ['app', 'list'],
    summary: 'List the applications.',
    load: async () => (await import('./app/list.ts')).list,
  },
  {
    words: ['app', 'describe'],
    summary: 'Show an application, and how it does.',
    load: async () => (await import('./app/describe.ts')).describe,
  },
  {
    words: ['app', 'start'],
    summary: 'Start an application.',
    load: async () => (await import('./app/start.ts')).start,
  },
  {
    words: ['app', 'stop'],
    summary: 'Stop an application.',
    load: async () => (await import('./app/stop.ts')).stop,
  },
  {
    words: ['app', 'tail'],
    summary: 'Print live rows of a running application.',
    load: async () => (await import('./app/tail.ts')).tail,
  },
  {
    words: ['app', 'discover'],
    summary: 'Say what columns the records of a source have.',
    load: async () => (await import('./app/discover.ts')).discover,
  },
  {
    words: ['app', 'delete'],
    summary: 'Delete an application.',
    load: async () => (await import('./app/delete.ts')).deleteApplication,
  },
  {
    words: ['sql'],
    summary: 'Run an SQL application over files or a pipe, or check some.',
    load: async () => (await import('./sql/sql.ts')).sql,
  },
  {
    words: ['bucket', 'create'],
    summary: 'Create a bucket.',
    load: async () => (await import('./bucket/create.ts')).create,
  },
  {
    words: ['bucket', 'list'],
    summary: 'List the buckets, or the objects of one.',
    load: async () => (await import('./bucket/list.ts')).list,
  },
  {
    words: ['bucket', 'get'],
    summary: 'Print an object.',
    load: async () => (await import('./bucket/get.ts')).get,
  },
];
