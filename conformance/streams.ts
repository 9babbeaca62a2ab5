/** Streams for cases: one shared by all that only read or write records, fresh ones for those that change a stream. */
import { randomBytes } from 'node:crypto';
import { UnexpectedFailure, type Client, type Input, type Output } from './client.ts';

const ACTIVE_WITHIN_MS = 120_000;

export class Streams {
  readonly #client: Client;
  readonly #prefix = `conformance-${randomBytes(4).toString('hex')}`;
  readonly #made = new Map<string, Client>();
  #next = 0;
  #shared: Promise<string> | undefined;
  #account: Promise<string> | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** A name that no stream has. */
  freshName(): string {
    return `${this.#prefix}-${this.#next++}`;
  }

  /** An ACTIVE provisioned stream of two shards that no case reshards, deletes or reconfigures. */
  shared(): Promise<string> {
    this.#shared ??= this.make({ ShardCount: 2 });
    return this.#shared;
  }

  /** The caller's account, as the endpoint shows it in a stream's ARN. */
  account(): Promise<string> {
    this.#account ??= this.shared()
      .then((name) => this.#client.call('DescribeStreamSummary', { StreamName: name }))
      .then((output) => String(output['StreamDescriptionSummary'].StreamARN.split(':')[4]));
    return this.#account;
  }

  async arn(name: string): Promise<string> {
    return `arn:aws:kinesis:${this.#client.options.region}:${await this.account()}:stream/${name}`;
  }

  /** Creates a stream of the case's own, waits until it is ACTIVE, and returns its name. */
  async make(input: Input = { ShardCount: 1 }, client: Client = this.#client): Promise<string> {
    const name = this.freshName();
    await this.create({ ...input, StreamName: name }, client);
    await this.active(name, client);
    return name;
  }

  /** Calls CreateStream, waiting while too many streams are being created; the stream is removed after the run. */
  async create(input: Input, client: Client = this.#client): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await client.call('CreateStream', input);
        this.adopt(String(input['StreamName']), client);
        return;
      } catch (error) {
        // Only so many streams may be CREATING at once: wait for others to settle.
        const busy = error instanceof UnexpectedFailure && error.failure.code === 'LimitExceededException';
        if (!busy || attempt === 120) throw error;
        await pause(250);
      }
    }
  }

  /** Notes a stream that the case created itself, so that it is removed after the run. */
  adopt(name: string, client: Client = this.#client): void {
    this.#made.set(name, client);
  }

  /** Waits until the stream is ACTIVE and returns its summary. */
  async active(name: string, client: Client = this.#client): Promise<Output> {
    const until = Date.now() + ACTIVE_WITHIN_MS;
    for (let waitMs = 5; ; waitMs = Math.min(waitMs * 2, 500)) {
      const output = await client.call('DescribeStreamSummary', { StreamName: name });
      const summary = output['StreamDescriptionSummary'] as Output;
      if (summary['StreamStatus'] === 'ACTIVE') return summary;
      if (Date.now() > until) throw new Error(`${name} is still ${summary['StreamStatus']}`);
      await pause(waitMs);
    }
  }

  /** Waits until the stream does not exist any more. */
  async gone(name: string, client: Client = this.#client): Promise<void> {
    const until = Date.now() + ACTIVE_WITHIN_MS;
    for (;;) {
      const failure = await client.outcome('DescribeStreamSummary', { StreamName: name });
      if (failure?.code === 'ResourceNotFoundException') return;
      if (Date.now() > until) throw new Error(`${name} is still there`);
      await pause(20);
    }
  }

  /** Registers a consumer, waits until it is ACTIVE, and returns its ARN. */
  async consumer(streamName: string, consumerName = 'consumer'): Promise<string> {
    const arn = await this.arn(streamName);
    const { Consumer } = await this.#client.call('RegisterStreamConsumer', {
      StreamARN: arn,
      ConsumerName: consumerName,
    });
    const until = Date.now() + ACTIVE_WITHIN_MS;
    for (;;) {
      const output = await this.#client.call('DescribeStreamConsumer', { ConsumerARN: Consumer.ConsumerARN });
      if (output['ConsumerDescription'].ConsumerStatus === 'ACTIVE') return Consumer.ConsumerARN as string;
      if (Date.now() > until)
        throw new Error(`${consumerName} is still ${output['ConsumerDescription'].ConsumerStatus}`);
      await pause(10);
    }
  }

  /** A shard iterator from the oldest record, or as told. */
  async iterator(streamName: string, shardId: string, changes: Input = {}): Promise<string> {
    const output = await this.#client.patient('GetShardIterator', {
      StreamName: streamName,
      ShardId: shardId,
      ShardIteratorType: 'TRIM_HORIZON',
      ...changes,
    });
    return output['ShardIterator'] as string;
  }

  /** Deletes what the run made. */
  async removeAll(): Promise<void> {
    for (const [name, client] of this.#made) {
      try {
        await client.call('DeleteStream', { StreamName: name, EnforceConsumerDeletion: true });
      } catch (error) {
        const code = error instanceof UnexpectedFailure ? error.failure.code : undefined;
        if (code !== 'ResourceNotFoundException' && code !== 'ResourceInUseException') throw error;
      }
    }
    this.#made.clear();
  }
}

export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
