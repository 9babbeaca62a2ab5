/** Where a query's operators are being built: the pump it belongs to, and what all queries of the program share. */
import type { Surroundings } from '../compile/surroundings.ts';
import type { Times } from '../compile/times.ts';
import type { Relation } from '../plan/plan.ts';
import type { Row } from '../value.ts';
import type { Operator, Receiver } from './operator.ts';
import type { RowErrors } from './row-errors.ts';

export type Site = {
  readonly times: Times;
  readonly surroundings: Surroundings;
  /** For table functions that throw dice. */
  readonly seed: number;
  /** Reads a stream of the program from the first row on. */
  readonly read: (stream: string, consumer: Receiver) => void;
  readonly rowsOf: (table: string) => readonly Row[];
  /** Is told every time bound of the program, whatever its streams do. */
  readonly tell: (receiver: Receiver) => void;
  /** Row errors of an operator whose input this is. */
  readonly errors: (relation: Relation) => RowErrors;
  /** Keeps the operator's state from now on. */
  readonly register: <T extends Pick<Operator, 'save' | 'restore'>>(operator: T) => T;
};
