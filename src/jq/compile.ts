/**
 * From the tree to closures: names are looked up here, once, so that a run only walks a known number of steps outward.
 */
import type { Ast, Definition } from './ast.ts';
import { BUILTINS } from './builtins/builtins.ts';
import { DEFINITIONS } from './builtins/definitions.ts';
import { assignNode, modifyNode, updateNode } from './compile-assign.ts';
import { bindNode, foreachNode, reduceNode, type Loop } from './compile-bind.ts';
import * as control from './compile-control.ts';
import * as data from './compile-data.ts';
import type { JqSyntaxError } from './errors.ts';
import type { Machine } from './machine.ts';
import { withoutPaths, type Node } from './node.ts';
import { OPERATIONS } from './operators.ts';
import { parse } from './parse.ts';
import { REFUSED, REFUSED_IN_PATHS } from './refused.ts';

/** What a name means, from the inside out. `depth` is how many cells a run has made up to here. */
type Scope = { readonly outer: Scope | null; readonly depth: number; readonly entry: Entry };
type Entry =
  | { readonly kind: 'variable' | 'label' | 'filter'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string; readonly arity: number; readonly made: control.Made };

/** Makes the error of a place in the text. */
export type ErrorAt = (offset: number, message: string, reason: JqSyntaxError['reason']) => JqSyntaxError;

/** Definitions in definitions are compiled twice each time the outer one is: not more of them than this. */
const DEFINITIONS_TAKEN_AS_ONE_MAX = 500;

export function compile(ast: Ast, machine: Machine, errorAt: ErrorAt): Node {
  return new Compiler(machine, errorAt).node(ast, null);
}

class Compiler {
  readonly #machine: Machine;
  readonly #errorAt: ErrorAt;
  #definitions = 0;
  readonly #defined = new Map<string, control.Made>();

  constructor(machine: Machine, errorAt: ErrorAt) {
    this.#machine = machine;
    this.#errorAt = errorAt;
  }

  node(ast: Ast, scope: Scope | null): Node {
    const node = (inner: Ast): Node => this.node(inner, scope);
    switch (ast.kind) {
      case 'identity':
        return control.IDENTITY;
      case 'literal':
        return data.literalNode(ast.value);
      case 'string':
        return data.stringNode(
          this.#machine,
          this.#format(ast.format ?? 'text'),
          ast.parts.map((part) => (typeof part === 'string' ? part : node(part))),
        );
      case 'format':
        return this.#format(ast.name);
      case 'index':
        return data.indexNode(node(ast.target), node(ast.key), ast.isOptional);
      case 'slice':
        return data.indexNode(
          node(ast.target),
          data.sliceKeyNode(node(ast.from), node(ast.to)),
          ast.isOptional,
        );
      case 'each':
        return data.eachNode(this.#machine, node(ast.target), ast.isOptional);
      case 'array':
        return data.arrayNode(this.#machine, ast.body === null ? null : node(ast.body));
      case 'object':
        for (const { key } of ast.entries)
          if (key.kind === 'literal' && typeof key.value !== 'string')
            throw this.#errorAt(ast.offset, 'Object keys must be strings', 'syntax');
        return data.objectNode(ast.entries.map(({ key, value }) => ({ key: node(key), value: node(value) })));
      case 'pipe':
        return control.pipeNode(node(ast.left), node(ast.right));
      case 'comma':
        return control.commaNode(this.#machine, node(ast.left), node(ast.right));
      case 'and':
      case 'or':
        return control.logicNode(ast.kind === 'or', node(ast.left), node(ast.right));
      case 'alternative':
        return control.alternativeNode(node(ast.left), node(ast.right));
      case 'binary':
        return this.#binary(ast, scope);
      case 'negate':
        return data.negateNode(node(ast.body));
      case 'assign':
        return this.#assign(ast.operator, node(ast.left), node(ast.right));
      case 'if':
        return control.ifNode(node(ast.condition), node(ast.yes), node(ast.no));
      case 'try':
        return control.tryNode(
          this.#machine,
          node(ast.body),
          ast.handler === null ? null : node(ast.handler),
        );
      case 'reduce':
        return reduceNode(this.#machine, this.#loop(ast, scope), node(ast.init));
      case 'foreach':
        return foreachNode(this.#machine, this.#loop(ast, scope), node(ast.init));
      case 'label':
        return control.labelNode(this.node(ast.body, cell(scope, { kind: 'label', name: ast.name })));
      case 'break':
        return control.breakNode(
          this.#steps(scope, 'label', ast.name, () =>
            this.#errorAt(ast.offset, `$*label-${ast.name} is not defined`, 'undefined'),
          ),
        );
      case 'bind':
        return bindNode(this.#machine, node(ast.source), ast.patterns, node, (names) =>
          this.node(ast.body, variables(scope, names)),
        );
      case 'def':
        return this.node(ast.body, this.#define(ast.definition, scope));
      case 'call':
        return this.#call(ast, scope);
      case 'variable':
        return control.variableNode(
          this.#steps(scope, 'variable', ast.name, () => this.#unknownVariable(ast)),
        );
    }
  }

  #loop(ast: Extract<Ast, { kind: 'reduce' | 'foreach' }>, scope: Scope | null): Loop {
    const extract = ast.kind === 'foreach' ? ast.extract : null;
    return {
      source: this.node(ast.source, scope),
      patterns: ast.patterns,
      key: (inner) => this.node(inner, scope),
      body: (names) => {
        const inside = variables(scope, names);
        return {
          update: this.node(ast.update, inside),
          extract: extract === null ? null : this.node(extract, inside),
        };
      },
    };
  }

  #binary(ast: Extract<Ast, { kind: 'binary' }>, scope: Scope | null): Node {
    if (
      ast.operator === '/' &&
      ast.left.kind === 'literal' &&
      ast.right.kind === 'literal' &&
      ast.right.value === 0 &&
      typeof ast.left.value === 'number'
    )
      throw this.#errorAt(ast.offset, 'Division by zero?', 'syntax');
    return data.binaryNode(
      this.#machine,
      OPERATIONS[ast.operator],
      this.node(ast.left, scope),
      this.node(ast.right, scope),
    );
  }

  #assign(operator: string, left: Node, right: Node): Node {
    if (operator === '') return assignNode(this.#machine, left, right);
    if (operator === '|') return modifyNode(this.#machine, left, right);
    return updateNode(this.#machine, operator, left, right);
  }

  /** A format that does not exist is an error when it is used, as in jq. */
  #format(name: string): Node {
    const format = BUILTINS[`@${name}`] ?? BUILTINS['format/1']!;
    return format([data.literalNode(name)], this.#machine);
  }

  /** How many steps outward the cell of a name is. */
  #steps(
    scope: Scope | null,
    kind: 'variable' | 'label' | 'filter',
    name: string,
    missing: () => Error,
  ): number {
    for (let place = scope; place !== null; place = place.outer) {
      if (place.entry.kind === kind && place.entry.name === name) return scope!.depth - place.depth;
    }
    throw missing();
  }

  #unknownVariable({ name, offset }: { name: string; offset: number }): JqSyntaxError {
    if (name === 'ENV') return this.#errorAt(offset, `$ENV is refused: ${REFUSED['env/0']}`, 'refused');
    return this.#errorAt(offset, `$${name} is not defined`, 'undefined');
  }

  #define(definition: Definition, scope: Scope | null): Scope {
    const { name, params } = definition;
    const made: control.Made = {
      node: undefined,
      isTakenAsOne: ++this.#definitions < DEFINITIONS_TAKEN_AS_ONE_MAX,
      isRecursive: false,
    };
    const inside: Scope = {
      outer: scope,
      depth: scope?.depth ?? 0,
      entry: { kind: 'function', name, arity: params.length, made },
    };
    let body = inside;
    for (const param of params) body = cell(body, { kind: 'filter', name: param.name });
    // `def f($a)` is `def f(a): a as $a | …`, the first parameter changing slowest.
    const bound = params
      .filter(({ isValue }) => isValue)
      .reduceRight<Ast>(
        (rest, param) => ({
          kind: 'bind',
          source: { kind: 'call', name: param.name, args: [], offset: 0 },
          patterns: [{ kind: 'variable', name: param.name }],
          body: rest,
        }),
        definition.body,
      );
    let compiled = this.node(bound, body);
    if (made.isRecursive && made.isTakenAsOne && compiled.one === undefined) {
      // It was taken to have one output, and then it has not.
      made.isTakenAsOne = false;
      compiled = this.node(bound, body);
    }
    made.node = compiled;
    return inside;
  }

  #call(ast: Extract<Ast, { kind: 'call' }>, scope: Scope | null): Node {
    const { name } = ast;
    const arity = ast.args.length;
    for (let place = scope; place !== null; place = place.outer) {
      const { entry } = place;
      if (entry.kind === 'filter' && arity === 0 && entry.name === name)
        return control.filterNode(this.#machine, scope!.depth - place.depth);
      if (entry.kind === 'function' && entry.arity === arity && entry.name === name)
        return control.callNode(
          this.#machine,
          entry.made,
          scope!.depth - place.depth,
          ast.args.map((arg) => this.node(arg, scope)),
        );
    }
    const args = ast.args.map((arg) => this.node(arg, scope));
    const signature = `${name}/${arity}`;
    const node = this.#builtinNode(signature, scope, args);
    if (node !== undefined) return REFUSED_IN_PATHS.has(signature) ? withoutPaths(node, signature) : node;
    if (Object.hasOwn(REFUSED, signature))
      throw this.#errorAt(ast.offset, `${signature} is refused: ${REFUSED[signature]}`, 'refused');
    throw this.#errorAt(ast.offset, `${signature} is not defined`, 'undefined');
  }

  #builtinNode(signature: string, scope: Scope | null, args: readonly Node[]): Node | undefined {
    if (Object.hasOwn(BUILTINS, signature)) return BUILTINS[signature]!(args, this.#machine);
    if (Object.hasOwn(DEFINITIONS, signature))
      return control.callNode(this.#machine, this.#builtin(signature), scope?.depth ?? 0, args);
    return undefined;
  }

  /** A builtin that is written in jq, compiled when a program first calls it. */
  #builtin(signature: string): control.Made {
    const known = this.#defined.get(signature);
    if (known !== undefined) return known;
    const made: control.Made = { node: undefined, isTakenAsOne: false, isRecursive: false };
    this.#defined.set(signature, made);
    const { definition } = parse(`def ${DEFINITIONS[signature]}; .`) as Extract<Ast, { kind: 'def' }>;
    const scope = this.#define(definition, null);
    made.node = (scope.entry as Extract<Entry, { kind: 'function' }>).made.node;
    return made;
  }
}

function cell(outer: Scope | null, entry: Entry): Scope {
  return { outer, depth: (outer?.depth ?? 0) + 1, entry };
}

function variables(outer: Scope | null, names: readonly string[]): Scope | null {
  return names.reduce<Scope | null>((scope, name) => cell(scope, { kind: 'variable', name }), outer);
}
