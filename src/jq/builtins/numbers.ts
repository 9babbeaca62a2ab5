/** Builtins about numbers: the functions of C's math.h, as far as JavaScript has them or they are exact. */
import { raise } from '../machine.ts';
import { oneNode } from '../node.ts';
import { described } from '../operators.ts';
import type { Json } from '../value.ts';
import { native, type Builtin, type Builtins } from './builtin.ts';

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  exp10: (x) => 10 ** x,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  fabs: Math.abs,
  floor: Math.floor,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  logb: (x) => (x === 0 ? -Infinity : Number.isFinite(x) ? exponentOf(x) : Math.abs(x)),
  nearbyint: roundToEven,
  rint: roundToEven,
  round: (x) =>
    Math.abs(x) < 2 ** 52 ? Math.sign(x) * Math.floor(Math.abs(x) + 0.5) || (isNegative(x) ? -0 : 0) : x,
  significand: (x) => (x === 0 || !Number.isFinite(x) ? x : x / 2 ** exponentOf(x)),
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
};

const BINARY: Readonly<Record<string, (x: number, y: number) => number>> = {
  atan2: Math.atan2,
  copysign: (x, y) => (isNegative(y) ? -Math.abs(x) : Math.abs(x)),
  drem: remainder,
  fdim: (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? NaN : x > y ? x - y : 0),
  fmax: (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y)),
  fmin: (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y)),
  fmod: (x, y) => x % y,
  hypot: (x, y) => hypotenuse(x, y),
  ldexp: scaled,
  nextafter: nextAfter,
  nexttoward: nextAfter,
  pow: (x, y) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y),
  remainder,
  scalb: scaled,
  scalbln: scaled,
};

export const NUMBERS: Builtins = {
  ...Object.fromEntries(Object.entries(UNARY).map(([name, of]) => [`${name}/0`, unary(of)])),
  ...Object.fromEntries(Object.entries(BINARY).map(([name, of]) => [`${name}/2`, binary(of)])),
  'fma/3': native((_, _input, x, y, z) => number(x!) * number(y!) + number(z!)),
  'frexp/0': native((_, input) => {
    const x = number(input);
    if (x === 0 || !Number.isFinite(x)) return [x, 0];
    const exponent = exponentOf(x) + 1;
    return [scaled(x, -exponent), exponent];
  }),
  'modf/0': native((_, input) => {
    const x = number(input);
    const fraction = Number.isFinite(x) ? x % 1 : Number.isNaN(x) ? x : isNegative(x) ? -0 : 0;
    return [fraction, Math.trunc(x)];
  }),
  'infinite/0': () => oneNode(() => Infinity),
  'nan/0': () => oneNode(() => NaN),
  'isinfinite/0': native((_, input) => typeof input === 'number' && Math.abs(input) === Infinity),
  'isnan/0': native((_, input) => Number.isNaN(input)),
  'isnormal/0': native(
    (_, input) => typeof input === 'number' && Number.isFinite(input) && Math.abs(input) >= 2 ** -1022,
  ),
};

function unary(of: (x: number) => number): Builtin {
  return native((_, input) => of(number(input)));
}

function binary(of: (x: number, y: number) => number): Builtin {
  return native((_, _input, x, y) => of(number(x!), number(y!)));
}

function number(value: Json): number {
  if (typeof value === 'number') return value;
  raise(`${described(value)} number required`);
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

function roundToEven(x: number): number {
  if (!(Math.abs(x) < 2 ** 52)) return x;
  const floor = Math.floor(x);
  const rest = x - floor;
  const even = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return even === 0 && isNegative(x) ? -0 : even;
}

/** The whole number `e` with `2 ** e <= |x| < 2 ** (e + 1)`, from the bits. */
function exponentOf(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = (view.getUint16(0) >> 4) & 0x7ff;
  return bits === 0 ? exponentOf(x * 2 ** 54) - 54 : bits - 1023;
}

/** `x * 2 ** y` without going over or under on the way. */
function scaled(x: number, y: number): number {
  if (!Number.isFinite(y)) return x * 2 ** y;
  let power = Math.trunc(Math.min(Math.max(y, -2200), 2200));
  let value = x;
  for (; power > 1000; power -= 1000) value *= 2 ** 1000;
  for (; power < -1000; power += 1000) value *= 2 ** -1000;
  return value * 2 ** power;
}

/** From the nearest whole quotient, the even one of two. */
function remainder(x: number, y: number): number {
  if (!Number.isFinite(x) || Number.isNaN(y) || y === 0) return NaN;
  if (!Number.isFinite(y)) return x;
  const divisor = Math.abs(y);
  let rest = Math.abs(x) % divisor;
  const isOdd = Math.abs(x) % (2 * divisor) >= divisor;
  if (rest * 2 > divisor || (rest * 2 === divisor && isOdd)) rest -= divisor;
  return isNegative(x) ? -rest : rest;
}

/** Rounded once more than needed only where the squares would not fit. */
function hypotenuse(x: number, y: number): number {
  const squares = x * x + y * y;
  return squares > 1e-280 && squares < 1e280 ? Math.sqrt(squares) : Math.hypot(x, y);
}

function nextAfter(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (x === y) return y;
  if (x === 0) return y > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + (y > x === x > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
