/** What a program's text says. `offset` is where it stands in the text, for messages. */
import type { Json } from './value.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Ast =
  | { readonly kind: 'identity' }
  | { readonly kind: 'literal'; readonly value: Json }
  | {
      readonly kind: 'string';
      readonly format: string | null;
      readonly parts: readonly (string | Ast)[];
      readonly offset: number;
    }
  | { readonly kind: 'format'; readonly name: string; readonly offset: number }
  | { readonly kind: 'index'; readonly target: Ast; readonly key: Ast; readonly isOptional: boolean }
  | {
      readonly kind: 'slice';
      readonly target: Ast;
      readonly from: Ast;
      readonly to: Ast;
      readonly isOptional: boolean;
    }
  | { readonly kind: 'each'; readonly target: Ast; readonly isOptional: boolean }
  | { readonly kind: 'array'; readonly body: Ast | null }
  | {
      readonly kind: 'object';
      readonly entries: readonly { readonly key: Ast; readonly value: Ast }[];
      readonly offset: number;
    }
  | {
      readonly kind: 'pipe' | 'comma' | 'and' | 'or' | 'alternative';
      readonly left: Ast;
      readonly right: Ast;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Ast;
      readonly right: Ast;
      readonly offset: number;
    }
  | { readonly kind: 'negate'; readonly body: Ast }
  /** `operator` is that before the `=`: empty for `=`, `|`, `//` or an arithmetic one. */
  | { readonly kind: 'assign'; readonly operator: string; readonly left: Ast; readonly right: Ast }
  | { readonly kind: 'if'; readonly condition: Ast; readonly yes: Ast; readonly no: Ast }
  | { readonly kind: 'try'; readonly body: Ast; readonly handler: Ast | null }
  | {
      readonly kind: 'reduce';
      readonly source: Ast;
      readonly patterns: readonly Pattern[];
      readonly init: Ast;
      readonly update: Ast;
    }
  | {
      readonly kind: 'foreach';
      readonly source: Ast;
      readonly patterns: readonly Pattern[];
      readonly init: Ast;
      readonly update: Ast;
      readonly extract: Ast | null;
    }
  | { readonly kind: 'label'; readonly name: string; readonly body: Ast }
  | { readonly kind: 'break'; readonly name: string; readonly offset: number }
  | { readonly kind: 'bind'; readonly source: Ast; readonly patterns: readonly Pattern[]; readonly body: Ast }
  | { readonly kind: 'def'; readonly definition: Definition; readonly body: Ast }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Ast[]; readonly offset: number }
  | { readonly kind: 'variable'; readonly name: string; readonly offset: number };

/** A parameter that is written `$name` is a value; one without is a filter. */
export type Definition = {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly isValue: boolean }[];
  readonly body: Ast;
};

/** What stands after `as`. More than one of them are alternatives (`?//`). */
export type Pattern =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'array'; readonly items: readonly Pattern[] }
  | { readonly kind: 'object'; readonly entries: readonly PatternEntry[] };

export type PatternEntry = {
  readonly key: Ast;
  readonly variable: string | null;
  readonly pattern: Pattern | null;
};
