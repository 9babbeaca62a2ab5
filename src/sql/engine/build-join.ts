import type { Relation } from '../plan/plan.ts';
import { conditionOf, valueOf } from './expressions.ts';
import { rememberedRows } from './finite.ts';
import { Join } from './join.ts';
import { Lookup } from './lookup.ts';
import type { Receiver } from './operator.ts';
import type { Site } from './site.ts';

type RelationOf<Op extends Relation['op']> = Extract<Relation, { op: Op }>;

export const buildJoin = (relation: RelationOf<'join'>, out: Receiver, site: Site): Join => {
  const { kind, left, right, keys } = relation;
  const join = new Join(
    {
      kind,
      left: {
        keys: keys.map((key) => valueOf(key.left, site)),
        window: relation.leftWindow,
        width: left.columns.length + 1,
      },
      right: {
        keys: keys.map((key) => valueOf(key.right, site)),
        window: relation.rightWindow,
        width: right.columns.length + 1,
      },
      condition: relation.condition === undefined ? undefined : conditionOf(relation.condition, site),
    },
    [site.errors(left), site.errors(right), site.errors(relation)],
    out,
  );
  return site.register(join);
};

export const buildLookup = (relation: RelationOf<'lookup'>, out: Receiver, site: Site): Lookup => {
  const { kind, left, right, keys } = relation;
  return new Lookup(
    {
      kind,
      leftKeys: keys.map((key) => valueOf(key.left, site)),
      rightKeys: keys.map((key) => valueOf(key.right, site)),
      condition: relation.condition === undefined ? undefined : conditionOf(relation.condition, site),
      rows: rememberedRows(right, site),
      rightWidth: right.columns.length + 1,
    },
    [site.errors(left), site.errors(right), site.errors(relation)],
    out,
  );
};
