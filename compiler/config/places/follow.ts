import type { Scope } from "./scope.ts";
import { resultOf } from "./scope.ts";
import type { Syntax } from "./syntax.ts";

/** Where a part of a value is written. */
export interface Place {
  readonly value: Syntax;
  /** The name before the colon, for parts of objects. */
  readonly key?: Syntax;
}

/** Names may be defined by each other in circles; no configuration is this deep. */
const maxDepth = 64;

/** The part `name` of the value that `node` gives, best effort: undefined where the text does not say it plainly. */
export function part(scope: Scope, node: Syntax, name: string | number, depth = 0): Place | undefined {
  for (const source of sources(scope, node, depth)) {
    const found =
      source.type === "ObjectExpression"
        ? property(scope, source.properties, String(name), depth + 1)
        : source.type === "ArrayExpression" && typeof name === "number"
          ? element(scope, source.elements, name, depth + 1)
          : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The literals that an expression may stand for: through names, wrappers, calls and conditions. */
function sources(scope: Scope, node: Syntax, depth: number): readonly Syntax[] {
  if (depth > maxDepth) return [];
  const on = (...next: readonly (Syntax | undefined)[]): readonly Syntax[] =>
    next.flatMap((each) => (each ? sources(scope, each, depth + 1) : []));
  switch (node.type) {
    case "ObjectExpression":
    case "ArrayExpression":
      return [node];
    case "Identifier":
      return on(scope.variables.get(node.name));
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "ParenthesizedExpression":
      return on(node.expression);
    case "AwaitExpression":
      return on(node.argument);
    case "ConditionalExpression":
      return on(node.consequent, node.alternate);
    case "LogicalExpression":
      return on(node.left, node.right);
    case "MemberExpression": {
      const name = nameOf(scope, node.property, node.computed);
      return name === undefined ? [] : on(part(scope, node.object, name, depth + 1)?.value);
    }
    case "CallExpression":
      // A function of this file, or one that gives back what it got or was told to make: defineSystem, Object.freeze.
      return node.callee.type === "Identifier" && scope.results.has(node.callee.name)
        ? on(scope.results.get(node.callee.name))
        : on(node.arguments.find((each) => resultOf(each)) ?? node.arguments[0]);
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
      return on(resultOf(node));
    case "StringLiteral":
    case "NumericLiteral":
    case "ObjectProperty":
    case "SpreadElement":
    case "VariableDeclarator":
    case "ReturnStatement":
    case "ExportSpecifier":
    case "ExportDefaultDeclaration":
      break;
  }
  // Kinds that no configuration is followed through are not in the type, but in the text.
  return [];
}

/** The last mention wins, as it does when the object is made. */
function property(scope: Scope, properties: readonly Syntax[], name: string, depth: number): Place | undefined {
  for (const each of properties.toReversed()) {
    if (each.type === "SpreadElement") {
      const found = part(scope, each.argument, name, depth);
      if (found) return found;
    }
    if (each.type === "ObjectProperty" && nameOf(scope, each.key, each.computed) === name)
      return { value: each.value, key: each.key };
  }
  return undefined;
}

function element(scope: Scope, elements: readonly (Syntax | null)[], index: number, depth: number): Place | undefined {
  let left = index;
  for (const each of elements) {
    if (each?.type === "SpreadElement") {
      const inner = sources(scope, each.argument, depth)[0];
      if (inner?.type !== "ArrayExpression") return undefined;
      if (left < inner.elements.length) return element(scope, inner.elements, left, depth + 1);
      left -= inner.elements.length;
    } else if (left === 0) {
      return each ? { value: each } : undefined;
    } else {
      left -= 1;
    }
  }
  return undefined;
}

function nameOf(scope: Scope, key: Syntax, computed: boolean): string | undefined {
  if (key.type === "StringLiteral" || key.type === "NumericLiteral") return String(key.value);
  if (key.type !== "Identifier") return undefined;
  if (!computed) return key.name;
  const value = scope.variables.get(key.name);
  return value && nameOf(scope, value, false);
}
