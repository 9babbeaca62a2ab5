import type { Shape } from './shape.ts';

/** Compiles each shape when it is first asked for, and once: shapes are shared by many operations. */
export function compiledOnce<T>(compile: (shape: Shape) => T): (shape: Shape) => T {
  const compiled = new WeakMap<Shape, T>();
  return (shape) => {
    let made = compiled.get(shape);
    if (made === undefined) {
      made = compile(shape);
      compiled.set(shape, made);
    }
    return made;
  };
}
