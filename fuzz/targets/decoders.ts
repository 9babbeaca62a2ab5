/** JSON and CBOR bodies of every operation, each read by the server's decoder and by an independent one. */
import type { Dice } from '../../src/host/host.ts';
import { operations as firehose } from '../../src/firehose/operations.ts';
import { operations } from '../../src/streams/operations.ts';
import { compileCborDecoder } from '../../src/wire/shape/cbor-decoder.ts';
import { compileJsonDecoder, type Decode } from '../../src/wire/shape/json-decoder.ts';
import type { StructureShape } from '../../src/wire/shape/shape.ts';
import { randomStructure } from '../../src/wire/shape/testing/random-shapes.ts';
import { createSimulatedDice } from '../../src/host/simulated/dice.ts';
import { compareOutcomes } from '../compare.ts';
import { asCbor } from '../make/as-cbor.ts';
import { asJson } from '../make/as-json.ts';
import { inputTree, type Tree } from '../make/tree.ts';
import { mutate, once, pick } from '../mutate.ts';
import { expectedOfCbor, expectedOfJson, outcomeOf, type Expected } from '../oracle.ts';
import type { OpenTarget, Target } from '../target.ts';

const RANDOM_SHAPES = 40;
/** What begins an input: the name of the shape that its body is read with. */
const NAME_END = '\n';

function shapes(): ReadonlyMap<string, StructureShape> {
  const dice = createSimulatedDice(1);
  const random = Array.from(
    { length: RANDOM_SHAPES },
    (_, index) => [`shape ${index}`, randomStructure(dice, 3)] as const,
  );
  const declared = Object.entries(operations).map(
    ([name, { input }]) => [name, input as StructureShape] as const,
  );
  const ofFirehose = Object.entries(firehose).map(
    ([name, { input }]) => [`firehose ${name}`, input as StructureShape] as const,
  );
  return new Map([...declared, ...random, ...ofFirehose]);
}

function openDecoder(
  compile: (shape: StructureShape) => Decode,
  write: (dice: Dice, tree: Tree) => Buffer,
  expect: (shape: StructureShape, body: Uint8Array) => Expected,
): OpenTarget {
  const all = [...shapes()].map(([name, shape]) => ({ name, shape, decode: compile(shape) }));
  const byName = new Map(all.map((each) => [each.name, each]));
  return {
    generate(dice) {
      const { name, shape } = pick(dice, all);
      const body = write(dice, inputTree(dice, shape, {}));
      return Buffer.concat([Buffer.from(name + NAME_END), once(dice, 2) ? body : mutate(dice, body)]);
    },
    check(input) {
      const bytes = Buffer.from(input);
      const end = bytes.indexOf(NAME_END);
      const { shape, decode } = byName.get(bytes.toString('utf8', 0, end))!;
      const body = bytes.subarray(end + 1);
      return compareOutcomes(
        outcomeOf(() => decode(body)),
        expect(shape, body),
      );
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Reads the body of an operation, whose input is of this shape, with the server's decoder and the independent one; throws a `Fault` when they differ. */
export function compareBody(shape: StructureShape, isJson: boolean, body: Uint8Array): void {
  const decode = isJson ? compileJsonDecoder(shape) : compileCborDecoder(shape);
  const expected = (isJson ? expectedOfJson : expectedOfCbor)(shape, body);
  compareOutcomes(
    outcomeOf(() => decode(body)),
    expected,
  );
}

export const json: Target = {
  name: 'json',
  about:
    'JSON bodies of all operations and of random shapes; the decoder against JSON.parse and a walk along the shape',
  weight: 30,
  open: async () => openDecoder(compileJsonDecoder, asJson, expectedOfJson),
};

export const cbor: Target = {
  name: 'cbor',
  about:
    'CBOR bodies of all operations and of random shapes; the decoder against cborg and a walk along the shape',
  weight: 30,
  open: async () => openDecoder(compileCborDecoder, asCbor, expectedOfCbor),
};
