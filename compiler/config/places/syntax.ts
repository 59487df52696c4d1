/** The few kinds of syntax nodes that configurations are followed through, as @babel/parser's AST spells them. */
export type Syntax =
  | (Node<"Identifier"> & { readonly name: string })
  | (Node<"StringLiteral"> & { readonly value: string })
  | (Node<"NumericLiteral"> & { readonly value: number })
  | (Node<"ObjectExpression"> & { readonly properties: readonly Syntax[] })
  | (Node<"ObjectProperty"> & { readonly key: Syntax; readonly value: Syntax; readonly computed: boolean })
  | (Node<"ArrayExpression"> & { readonly elements: readonly (Syntax | null)[] })
  | (Node<"SpreadElement" | "AwaitExpression"> & { readonly argument: Syntax })
  | (Node<Wrapper> & { readonly expression: Syntax })
  | (Node<"ConditionalExpression"> & { readonly consequent: Syntax; readonly alternate: Syntax })
  | (Node<"LogicalExpression"> & { readonly left: Syntax; readonly right: Syntax })
  | (Node<"MemberExpression"> & { readonly object: Syntax; readonly property: Syntax; readonly computed: boolean })
  | (Node<"CallExpression"> & { readonly callee: Syntax; readonly arguments: readonly Syntax[] })
  | (Node<FunctionKind> & { readonly id?: Syntax | null; readonly body: Syntax })
  | (Node<"VariableDeclarator"> & { readonly id: Syntax; readonly init?: Syntax | null })
  | (Node<"ReturnStatement"> & { readonly argument?: Syntax | null })
  | (Node<"ExportSpecifier"> & { readonly local: Syntax; readonly exported: Syntax })
  | (Node<"ExportDefaultDeclaration"> & { readonly declaration: Syntax });

export type Wrapper =
  "TSAsExpression" | "TSSatisfiesExpression" | "TSNonNullExpression" | "TSTypeAssertion" | "ParenthesizedExpression";
export type FunctionKind = "ArrowFunctionExpression" | "FunctionExpression" | "FunctionDeclaration";

interface Node<Type extends string> {
  readonly type: Type;
  readonly start: number;
  readonly end: number;
}

/** A node and all below it, in source order. */
export function* nodesOf(root: Syntax): Generator<Syntax> {
  const stack: Syntax[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    const below = Object.values(node).flat().filter(isSyntax);
    stack.push(...below.reverse());
  }
}

const isSyntax = (value: unknown): value is Syntax =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;
