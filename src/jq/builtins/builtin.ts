/** How a builtin that is written in TypeScript becomes a node. */
import { charge, type Machine } from '../machine.ts';
import { combine, oneNode, valueNode, type Node } from '../node.ts';
import type { Json } from '../value.ts';

/** Makes the node of one call. `args` are the filters that were given. */
export type Builtin = (args: readonly Node[], machine: Machine) => Node;

/** By name and number of parameters, `split/1`. */
export type Builtins = Readonly<Record<string, Builtin>>;

type Compute = (machine: Machine, input: Json, ...values: Json[]) => Json;

/** One output from the input and one value of each argument; of several, those of the last argument change slowest. */
export function native(compute: Compute): Builtin {
  return (args, machine) => {
    const reversed = args.toReversed();
    return computed(
      reversed,
      machine,
      (input, values) => compute(machine, input, ...values.toReversed()),
      () => fast(args, machine, compute),
    );
  };
}

function computed(
  args: readonly Node[],
  machine: Machine,
  compute: (input: Json, values: readonly Json[]) => Json,
  ifAllAreOne: () => Node,
): Node {
  if (args.every(({ one }) => one !== undefined)) return ifAllAreOne();
  return valueNode((env, input, emit) =>
    combine(args, env, input, (values) => {
      charge(machine, 1);
      return emit(compute(input, values));
    }),
  );
}

function fast(args: readonly Node[], machine: Machine, compute: Compute): Node {
  const [first, second, third] = args.map(({ one }) => one!);
  if (first === undefined)
    return oneNode((_, input) => {
      charge(machine, 1);
      return compute(machine, input);
    });
  return oneNode((env, input) => {
    charge(machine, 1);
    if (second === undefined) return compute(machine, input, first(env, input));
    const other = second(env, input);
    if (third === undefined) return compute(machine, input, first(env, input), other);
    return compute(machine, input, first(env, input), other, third(env, input));
  });
}
