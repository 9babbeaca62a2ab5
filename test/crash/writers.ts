/** Clients that put records, one request after another, each in its own way. */
import type { Output } from '../../conformance/client.ts';
import type { Dice } from '../../src/host/host.ts';
import { EXPLICIT, isRefusal } from './answers.ts';
import { Fault } from './fault.ts';
import { HASH_KEYS, type Ledger, type StreamModel, type Written } from './ledger.ts';
import type { LoadParts } from './load-parts.ts';

const PARTITION_KEYS = 40;

export async function write(
  parts: LoadParts,
  writer: string,
  count: () => number,
  bytesMax: number,
  protocol: 'json' | 'cbor' = 'json',
): Promise<void> {
  const { client, ledger, clock, dice, life, stopped } = parts;
  for (let written = 0; !stopped();) {
    const models = ledger.streams();
    const model = models[dice.integer(models.length)];
    if (model === undefined) return;
    const entries = Array.from({ length: count() }, () => {
      const id = `${model.incarnation}/${writer}-${life}/${written++}`;
      const record = {
        Data: Buffer.from(`${id}:${'x'.repeat(dice.integer(bytesMax))}`),
        ...(dice.integer(8) === 0
          ? { PartitionKey: EXPLICIT, ExplicitHashKey: randomHashKey(dice) }
          : { PartitionKey: `key-${dice.integer(PARTITION_KEYS)}` }),
      };
      return { written: ledger.sent(model, id, clock.nowMs()), record };
    });
    try {
      if (entries.length === 1 && dice.integer(4) > 0) {
        const { written: only, record } = entries[0]!;
        const answer = await client.call('PutRecord', { StreamName: model.name, ...record }, protocol);
        acknowledge(ledger, model, only, answer);
      } else {
        const records = entries.map(({ record }) => record);
        const input = { StreamName: model.name, Records: records };
        const answer = await client.call('PutRecords', input, protocol);
        entries.forEach((entry, i) => acknowledge(ledger, model, entry.written, answer['Records'][i]));
      }
    } catch (error) {
      const refused = isRefusal(error);
      for (const entry of entries) entry.written.refused = refused;
      ledger.counts[refused ? 'refused' : 'unanswered'] += entries.length;
      if (!refused) throw error;
    }
  }
}

function acknowledge(ledger: Ledger, model: StreamModel, written: Written, result: Output): void {
  if (result['ErrorCode'] !== undefined) throw new Fault(`${written.id} was answered ${result['ErrorCode']}`);
  ledger.place(model, written, result['SequenceNumber'], result['ShardId']);
  ledger.counts.acknowledged++;
}

function randomHashKey(dice: Dice): string {
  return String(BigInt(`0x${Buffer.from(dice.bytes(16)).toString('hex')}`) % HASH_KEYS);
}
