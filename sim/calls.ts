/** What may come of a call that was sent: when it may fail, and when it may be refused. */
import type { Outcome } from './client.ts';
import { Violation } from './history.ts';
import type { World } from './world.ts';

/** What is called about: a stream, or a delivery stream. */
type Resource = { readonly name: string; readonly exists: boolean };

/** What was so when a call was sent. */
export type Beginning = {
  readonly at: number;
  readonly jumps: number;
  readonly troubled: boolean;
  readonly existed: boolean;
};

export function beginning(world: World, stream: Resource): Beginning {
  const { history, faults } = world;
  return { at: history.length, jumps: world.jumps(), troubled: faults.recent, existed: stream.exists };
}

/** The server may say that it failed only when something failed it. False: try again. */
export function checkUnknown(
  world: World,
  { code }: { readonly kind: 'unknown'; readonly code?: string },
  sent: Beginning,
): false {
  const mayFail = sent.troubled || world.faults.recent || world.faults.mayDamage;
  if (code !== undefined && code !== 'ServiceUnavailable' && !mayFail)
    throw new Violation(`an answer is ${code} for no reason`);
  return false;
}

/** A sound call is refused only when its stream may be gone, or the clock jumped under its signature. True: do not try again. */
export function checkRefused(
  world: World,
  stream: Resource,
  { code, message }: Extract<Outcome, { kind: 'refused' }>,
  sent: Beginning,
): true {
  const excused = world.jumps() !== sent.jumps || !sent.existed || !stream.exists;
  if (!excused) throw new Violation(`${stream.name}: refused with ${code}: ${message}`);
  return true;
}

export function textOf(outcome: Outcome): string {
  if (outcome.kind === 'refused') return `${outcome.code}: ${outcome.message}`;
  return outcome.kind === 'unknown' ? `unknown ${outcome.code ?? ''}` : 'done';
}
