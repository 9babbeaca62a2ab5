/**
 * Bodies of the operations of Analytics. What is made along a shape names several sources and destinations or none, and is refused at once. Here most
 * inputs and outputs name one, and most new applications are of SQL.
 */
import type { Dice } from '../../src/host/host.ts';
import type { StructureShape } from '../../src/wire/shape/shape.ts';
import { once, pick } from '../mutate.ts';
import { Entries, inputTree, type Dictionary, type Tree } from './tree.ts';

const EITHER = [
  ['KinesisStreamsInput', 'KinesisFirehoseInput'],
  ['KinesisStreamsOutput', 'KinesisFirehoseOutput', 'LambdaOutput'],
  ['KinesisStreamsInputUpdate', 'KinesisFirehoseInputUpdate'],
  ['KinesisStreamsOutputUpdate', 'KinesisFirehoseOutputUpdate', 'LambdaOutputUpdate'],
  ['JSONMappingParameters', 'CSVMappingParameters'],
  ['TextContent', 'ZipFileContent', 'S3ContentLocation'],
  ['ResourceARN', 'S3Configuration'],
];
/** Of Flink; an application of SQL cannot have them. */
const FLINK =
  /^(Flink|Zeppelin|Environment|Vpc|ApplicationSnapshot|ApplicationSystemRollback|ApplicationEncryption)/;

export function analyticsTree(dice: Dice, name: string, shape: StructureShape, dictionary: Dictionary): Tree {
  const tree = inputTree(dice, shape, dictionary);
  return once(dice, 8) ? tree : sound(dice, tree, name === 'CreateApplication' && !once(dice, 6));
}

function sound(dice: Dice, tree: Tree, isSql: boolean): Tree {
  if (Array.isArray(tree)) {
    const list = tree as readonly Tree[];
    // One input and one reference are all that there may be.
    return list.slice(0, once(dice, 4) ? 3 : 1).map((each) => sound(dice, each, isSql));
  }
  if (!(tree instanceof Entries)) return tree;
  let list = tree.list;
  for (const names of EITHER) {
    const there = list.filter(([key]) => names.includes(key));
    if (there.length < 2) continue;
    const [kept] = pick(dice, there);
    list = list.filter(([key]) => key === kept || !names.includes(key));
  }
  if (isSql) list = list.filter(([key]) => !FLINK.test(key));
  return new Entries(
    list.map(([key, value]) => {
      if (isSql && key === 'RuntimeEnvironment') return [key, 'SQL-1_0'];
      if (isSql && key === 'CodeContentType') return [key, 'PLAINTEXT'];
      if (isSql && key === 'ApplicationMode') return [key, 'STREAMING'];
      return [key, key === 'RecordColumns' ? value : sound(dice, value, isSql)];
    }),
  );
}
