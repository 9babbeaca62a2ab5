/** The binary operators on values. */
import type { BinaryOperator } from './ast.ts';
import { chargeArray, chargeString, charge, raise, type Machine } from './machine.ts';
import { quoted } from './print.ts';
import { compare, isEqual, isObject, typeOf, type Json, type JsonObject } from './value.ts';

export type Operation = (machine: Machine, left: Json, right: Json) => Json;

export const OPERATIONS: Readonly<Record<BinaryOperator, Operation>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
  '==': (_, left, right) => isEqual(left, right),
  '!=': (_, left, right) => !isEqual(left, right),
  '<': (_, left, right) => compare(left, right) < 0,
  '<=': (_, left, right) => compare(left, right) <= 0,
  '>': (_, left, right) => compare(left, right) > 0,
  '>=': (_, left, right) => compare(left, right) >= 0,
};

/** Raises `number (1) and string ("a") cannot be added` and the like. */
export function raiseTwo(left: Json, right: Json, problem: string): never {
  raise(`${described(left)} and ${described(right)} ${problem}`);
}

/** `number (1)` */
export function described(value: Json): string {
  return `${typeOf(value)} (${quoted(value)})`;
}

export function add(machine: Machine, left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === 'string' && typeof right === 'string') {
    chargeString(machine, left.length + right.length);
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    if (right.length === 0) return left;
    chargeArray(machine, left.length + right.length);
    return [...left, ...right];
  }
  if (isObject(left) && isObject(right)) {
    const sum = { ...left, ...right };
    charge(machine, 2);
    return sum;
  }
  raiseTwo(left, right, 'cannot be added');
}

function subtract(machine: Machine, left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (Array.isArray(left) && Array.isArray(right)) {
    charge(machine, left.length * right.length);
    return left.filter((item) => !right.some((other) => isEqual(item, other)));
  }
  raiseTwo(left, right, 'cannot be subtracted');
}

function multiply(machine: Machine, left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  if (typeof left === 'string' && typeof right === 'number') return repeated(machine, left, right);
  if (typeof left === 'number' && typeof right === 'string') return repeated(machine, right, left);
  if (isObject(left) && isObject(right)) return merged(machine, left, right);
  raiseTwo(left, right, 'cannot be multiplied');
}

/** Once and then as often as one more fits below `times`; nothing at all, which is null, for 0 and less. */
function repeated(machine: Machine, text: string, times: number): Json {
  if (!(times > 0)) return null;
  const count = Math.max(1, Math.floor(times));
  chargeString(machine, text.length * count);
  return text.repeat(count);
}

function merged(machine: Machine, left: JsonObject, right: JsonObject): JsonObject {
  const result = { ...left };
  for (const kept of Object.keys(right)) {
    charge(machine, 1);
    const mine = Object.hasOwn(result, kept) ? result[kept]! : null;
    const theirs = right[kept]!;
    result[kept] = isObject(mine) && isObject(theirs) ? merged(machine, mine, theirs) : theirs;
  }
  return result;
}

function divide(machine: Machine, left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') {
    if (right === 0) raiseTwo(left, right, 'cannot be divided because the divisor is zero');
    return left / right;
  }
  if (typeof left === 'string' && typeof right === 'string') return splitText(machine, left, right);
  raiseTwo(left, right, 'cannot be divided');
}

/** `"a,b" / ","` and `split(",")`; by code points when the separator is empty. */
export function splitText(machine: Machine, text: string, separator: string): Json[] {
  chargeString(machine, text.length * 8);
  if (text === '') return [];
  return separator === '' ? [...text] : text.split(separator);
}

/** Whole numbers of 64 bits: what lies beyond is the smallest of them, as it is on the machines jq 1.6 runs on. */
function wholeNumber(value: number): number {
  return Number.isNaN(value) || Math.abs(value) >= 2 ** 63 ? -(2 ** 63) : Math.trunc(value);
}

function modulo(_: Machine, left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') {
    const divisor = wholeNumber(right);
    if (divisor === 0) raiseTwo(left, right, 'cannot be divided (remainder) because the divisor is zero');
    const dividend = wholeNumber(left);
    const rest = Math.abs(dividend) % Math.abs(divisor);
    return dividend < 0 && rest !== 0 ? -rest : rest;
  }
  raiseTwo(left, right, 'cannot be divided (remainder)');
}
