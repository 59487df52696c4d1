import { bodyOf, statementOf } from "../place.ts";
import type { SourceFile, Span } from "../span.ts";
import type { Comments, DeviceTree, Node, Property, Reservation } from "../tree.ts";
import { onOneLine } from "./form.ts";
import { sweep, type Item, type Kept } from "./sweep.ts";

/**
 * The tree with the comments of its source. Comments inside of a value stand behind the statement, those of values
 * that were overridden in the node around them: none is lost in a file that says something of the tree.
 */
export function keepComments(tree: DeviceTree, file: SourceFile): DeviceTree {
  const keeper = new Keeper(file);
  tree.reservations.forEach((each) => {
    keeper.statement(each, each.span);
  });
  keeper.node(tree.root);
  const whole = keeper.sweep();
  return {
    ...tree,
    ...commented(whole),
    reservations: tree.reservations.map((each) => ({ ...each, ...keeper.commentsOf(each) })),
    root: rebuild(tree.root, keeper),
  };
}

function rebuild(node: Node, keeper: Keeper): Node {
  return {
    ...node,
    ...keeper.commentsOf(node),
    properties: node.properties.map((each) => ({ ...each, ...keeper.commentsOf(each) })),
    children: node.children.map((child) => rebuild(child, keeper)),
  };
}

type Part = Node | Property | Reservation;

class Keeper {
  readonly #kept = new Map<Part, Kept>();
  readonly #items: Map<SourceFile, Item[]>;

  constructor(file: SourceFile) {
    // What the source itself says stands before what its includes say.
    this.#items = new Map([[file, []]]);
  }

  node(node: Node): void {
    for (const span of node.spans ?? []) this.#add(node, span, span.end, bodyOf(span).start);
    for (const property of node.properties) this.statement(property, property.span);
    for (const child of node.children) this.node(child);
  }

  statement(part: Property | Reservation, span: Span | undefined): void {
    if (span) this.#add(part, span, statementOf(span).end, undefined);
  }

  sweep(): Kept {
    const whole = none();
    for (const [source, items] of this.#items) sweep(source, items, whole);
    return whole;
  }

  commentsOf(part: Part): { readonly comments?: Comments } {
    const kept = this.#kept.get(part);
    return kept ? commented(kept) : {};
  }

  #add(part: Part, { source, start }: Span, end: number, open: number | undefined): void {
    let kept = this.#kept.get(part);
    if (!kept) this.#kept.set(part, (kept = none()));
    const item = { start, end, open, kept };
    const items = this.#items.get(source);
    if (items) items.push(item);
    else this.#items.set(source, [item]);
  }
}

const none = (): Kept => ({ leading: [], inner: [], trailing: [] });

function commented({ leading, inner, trailing }: Kept): { readonly comments?: Comments } {
  if (leading.length + inner.length + trailing.length === 0) return {};
  return { comments: { leading, inner, trailing: onOneLine(trailing) } };
}
