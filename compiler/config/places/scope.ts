import { parse } from "@babel/parser";
import type { Syntax } from "./syntax.ts";
import { nodesOf } from "./syntax.ts";

/** What names stand for in one file, whatever block they are declared in: the first declaration of a name counts. */
export interface Scope {
  /** The default export, or the one that was asked for by name. */
  readonly exported: Syntax | undefined;
  readonly variables: ReadonlyMap<string, Syntax>;
  /** The expression that a function gives back: its body, or that of its first return statement. */
  readonly results: ReadonlyMap<string, Syntax>;
}

/** Undefined for text that is no TypeScript: evaluation has then reported it already. */
export function readScope(text: string, variant?: string): Scope | undefined {
  const program = readProgram(text);
  if (program === undefined) return undefined;
  const variables = new Map<string, Syntax>();
  const results = new Map<string, Syntax>();
  const functions = new Map<string, Syntax>();
  /** What an export is called in this file. */
  const locals = new Map<string, string>();
  let exported: Syntax | undefined;
  for (const node of nodesOf(program)) {
    if (node.type === "ExportDefaultDeclaration") exported = node.declaration;
    if (node.type === "VariableDeclarator" && node.init) {
      declare(variables, node.id, node.init);
      declare(results, node.id, resultOf(node.init));
    }
    if (node.type === "FunctionDeclaration") {
      declare(results, node.id, resultOf(node));
      declare(functions, node.id, node);
    }
    if (node.type === "ExportSpecifier") locals.set(wordOf(node.exported), wordOf(node.local));
  }
  const named = (name: string): Syntax | undefined => {
    const local = locals.get(name) ?? name;
    return variables.get(local) ?? functions.get(local);
  };
  return { exported: variant === undefined ? (exported ?? named("default")) : named(variant), variables, results };
}

/** `export { a as "b" }` is allowed too. */
const wordOf = (name: Syntax): string =>
  name.type === "Identifier" ? name.name : name.type === "StringLiteral" ? name.value : "";

function readProgram(text: string): Syntax | undefined {
  try {
    return parse(text, { sourceType: "module", plugins: ["typescript"], errorRecovery: true })
      .program as unknown as Syntax;
  } catch {
    return undefined;
  }
}

function declare(map: Map<string, Syntax>, id: Syntax | null | undefined, value: Syntax | undefined): void {
  if (id?.type === "Identifier" && value && !map.has(id.name)) map.set(id.name, value);
}

/** What a call of the function gives, as far as one expression says it. */
export function resultOf(node: Syntax): Syntax | undefined {
  if (
    node.type !== "ArrowFunctionExpression" &&
    node.type !== "FunctionExpression" &&
    node.type !== "FunctionDeclaration"
  )
    return undefined;
  if ((node.body.type as string) !== "BlockStatement") return node.body;
  for (const inner of nodesOf(node.body)) if (inner.type === "ReturnStatement" && inner.argument) return inner.argument;
  return undefined;
}
