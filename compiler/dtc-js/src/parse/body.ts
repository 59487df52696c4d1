import { MAX_DEPTH } from "../limits.ts";
import type { Label } from "../tree.ts";
import { empty } from "../value.ts";
import { Char, END } from "./chars.ts";
import type { ParseContext } from "./context.ts";
import { addChild, addProperty, draftNode, type DraftNode } from "./draft.ts";
import { draftProperty, type DraftProperty } from "./draft-property.ts";
import { FatalFault, StatementFault } from "./fault.ts";
import type { Mark } from "./scanner.ts";
import { expect, takeKeyword, takeLabels, takeName, unexpected, type Keyword } from "./tokens.ts";

/** `{ … };` into `node`. `mark` is where the node's statement began. */
export function readBody(context: ParseContext, node: DraftNode, mark: Mark, depth: number): void {
  const { scanner } = context;
  expect(scanner, Char.openBrace);
  if (depth > MAX_DEPTH) {
    throw new FatalFault("unsupported", `nodes nest deeper than ${MAX_DEPTH} levels`, scanner.spanHere());
  }
  for (let code = scanner.peek(); code !== Char.closeBrace; code = scanner.peek()) {
    if (code === END)
      throw new FatalFault("syntax", `"${node.name || "/"}" has no closing "}"`, scanner.spanFrom(mark));
    context.statement(() => {
      readStatement(context, node, depth);
    });
  }
  scanner.advance(1);
  endStatement(context);
  node.spans = [scanner.spanFrom(mark)];
  // An array that grew has room for a dozen more, a copy for what it holds; most bodies are never added to.
  node.properties = node.properties.slice();
  node.children = node.children.slice();
}

/** A missing `;` is reported where it belongs, and reading goes on as if it stood there. */
export function endStatement(context: ParseContext): void {
  const { scanner } = context;
  const { source, offset } = scanner.lastEnd;
  if (scanner.eat(Char.semicolon)) return;
  const between = scanner.source === source ? scanner.text.slice(offset, scanner.offset) : "\n";
  const code = scanner.peek();
  if (!between.includes("\n") && code !== Char.closeBrace && code !== END) throw unexpected(scanner, '";"');
  context.report("syntax", 'expected ";"', { source, start: offset, end: offset });
}

interface Head {
  readonly mark: Mark;
  readonly labels: readonly Label[];
  readonly omitIfNoRef: boolean;
  readonly keyword: Keyword | undefined;
}

/** Labels and `/omit-if-no-ref/` stand in front of what they apply to, in any order. */
function readHead({ scanner }: ParseContext): Head {
  const mark = scanner.mark();
  const first = takeLabels(scanner);
  let keyword = takeKeyword(scanner);
  if (keyword !== "/omit-if-no-ref/") return { mark, labels: first, omitIfNoRef: false, keyword };
  const labels: Label[] = [...first];
  for (; keyword === "/omit-if-no-ref/"; keyword = takeKeyword(scanner)) {
    for (const label of takeLabels(scanner)) labels.push(label);
  }
  return { mark, labels, omitIfNoRef: true, keyword };
}

function readStatement(context: ParseContext, node: DraftNode, depth: number): void {
  const { scanner } = context;
  const head = readHead(context);
  const { keyword } = head;
  if (keyword === "/delete-node/") {
    const name = readName(context, "the name of a node");
    addChild(node, { ...draftNode(name), deleted: true });
    endStatement(context);
  } else if (keyword === "/delete-property/") {
    const name = readName(context, "the name of a property");
    const property = draftProperty(name, empty, scanner.spanFrom(head.mark));
    context.notes.delete(property);
    addToBody(context, node, property, head.mark);
  } else if (keyword) {
    throw new StatementFault("syntax", `${keyword} cannot stand here`, scanner.spanFrom(head.mark));
  } else readNamed(context, node, head, depth);
}

function readNamed(context: ParseContext, node: DraftNode, head: Head, depth: number): void {
  const { scanner } = context;
  const name = readName(context, 'a property, a node or "}"');
  if (scanner.peek() === Char.openBrace) {
    const child = draftNode(name);
    // Merging the labels one by one drops doubles and orders them, last first, as dtc does.
    for (const label of head.labels.toReversed()) child.labels.add(label);
    for (const label of head.labels) context.labels.add(label.name, child);
    child.omitIfNoRef = head.omitIfNoRef;
    addChild(node, child);
    readBody(context, child, head.mark, depth + 1);
    return;
  }
  const value = scanner.eat(Char.equals) ? context.values.read() : empty;
  const span = scanner.spanFrom(head.mark);
  if (head.omitIfNoRef) context.report("syntax", "/omit-if-no-ref/ is for nodes", span);
  const property = draftProperty(context.oneOf(name), value, span);
  context.notes.addLabels(property, head.labels.toReversed());
  addToBody(context, node, property, head.mark);
}

/** A property, or its deletion, up to its semicolon. */
function addToBody(context: ParseContext, node: DraftNode, property: DraftProperty, mark: Mark): void {
  addProperty(node, property);
  endStatement(context);
  if (node.children.length > 0) {
    context.report("property_order", "Properties must precede subnodes", context.scanner.spanFrom(mark));
  }
}

function readName({ scanner }: ParseContext, expected: string): string {
  const name = takeName(scanner);
  if (name === undefined) throw unexpected(scanner, expected);
  return name;
}
