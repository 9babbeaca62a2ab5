/** What the protocols of the listener have in common: what they are made of, and how the port hands them connections. */
import type { Duplex } from 'node:stream';
import type { HandleRequest } from '../message.ts';
import type { BodyParts } from './body.ts';
import type { ListenerLog, Peer } from './incoming.ts';

export type ProtocolParts = BodyParts & {
  readonly handle: HandleRequest;
  readonly log: ListenerLog;
  /** The value of the `date` header, now. */
  readonly date: () => string;
  readonly timer: (delayMs: number, callback: () => void) => { cancel(): void };
};

/** What a connection speaks, once that is known. */
export interface Protocol {
  accept(socket: Duplex, peer: Peer): void;
  /** Lets requests in flight finish, then closes their connections; closes the idle ones now. */
  drain(): void;
}
