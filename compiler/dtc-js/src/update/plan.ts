import type { Change } from "../diff/change.ts";
import { sameLabels } from "../diff/same.ts";
import { findNode } from "../find.ts";
import { statementOf } from "../place.ts";
import { nodeText, propertyText, valueText } from "../print/print.ts";
import type { Span } from "../span.ts";
import type { DeviceTree, Node, Property } from "../tree.ts";
import { lastBody, partsOf, type Body } from "./body.ts";
import { Additions } from "./additions.ts";
import type { Here } from "./here.ts";
import { indentAt, lineStart } from "../indent.ts";
import { behindComments, beginsLine, endsLine, removal, type TextEdit } from "./text.ts";

/** What a removal is known by. */
export const keyOf = (path: string, property = ""): string => `${path}:${property}`;

/** Says where a file's text has to change; each kind of change in the way that touches the least. */
export class Plan {
  readonly edits: TextEdit[] = [];
  readonly #here: Here;
  readonly #text: string;
  readonly #tree: DeviceTree;
  /** Removals of which it is not enough to take the text away: something else says the same. */
  readonly #stubborn: (key: string) => boolean;
  readonly #additions: Additions;

  constructor(here: Here, tree: DeviceTree, stubborn: (key: string) => boolean) {
    this.#here = here;
    this.#text = here.file.text;
    this.#tree = tree;
    this.#stubborn = stubborn;
    this.#additions = new Additions(here.file, tree);
  }

  add(change: Change): void {
    switch (change.kind) {
      case "property-changed":
        this.#changeProperty(change.path, change.before, change.after);
        break;
      case "property-removed":
        this.#removeProperty(change.path, change.property);
        break;
      case "property-added":
        this.#addProperty(change.path, change.property);
        break;
      case "node-added":
        this.#addNode(change.path, change.node);
        break;
      case "node-removed":
        this.#removeNode(change.path, change.node);
        break;
      case "node-changed":
        this.#addLabels(change.path, change.before, change.after);
        break;
      case "order-changed":
      case "tree-changed":
    }
  }

  finish(): readonly TextEdit[] {
    const added = this.#additions.finish();
    return added ? [...this.edits, added] : this.edits;
  }

  #changeProperty(path: string, before: Property, after: Property): void {
    const span = this.#statement(before);
    if (!span) {
      this.#additions.property(path, propertyText(after));
      return;
    }
    if (!sameLabels(before.labels, after.labels)) {
      this.edits.push({ start: span.start, end: span.end, text: propertyText(after).slice(0, -1) });
      return;
    }
    const { nameEnd, value } = partsOf(span);
    const text = valueText(after);
    if (text === "") this.edits.push({ start: nameEnd, end: span.end, text });
    else if (value === undefined) this.edits.push({ start: nameEnd, end: nameEnd, text: ` = ${text}` });
    else this.edits.push({ start: value, end: span.end, text });
  }

  #removeProperty(path: string, property: Property): void {
    const { name } = property;
    const deletion = `/delete-property/ ${name};`;
    const span = this.#statement(property);
    if (!span) {
      this.#additions.property(path, deletion);
      return;
    }
    const { end } = statementOf(span);
    const stubborn = this.#stubborn(keyOf(path, name));
    this.edits.push(stubborn ? { start: span.start, end, text: deletion } : removal(this.#text, span.start, end));
  }

  #addProperty(path: string, property: Property): void {
    const node = findExact(this.#tree, path);
    const body = node && lastBody(this.#here, node);
    if (!node || !body) {
      this.#additions.property(path, propertyText(property));
      return;
    }
    const text = this.#text;
    const beside = node.properties
      .flatMap(({ span }) => this.#here.span(span) ?? [])
      .filter(({ start, end }) => body.open < start && end < body.close)
      .filter(({ start, end }) => [start, end].every((at) => this.#here.together(body.open, at)))
      .toSorted((a, b) => a.start - b.start)
      .at(-1);
    const behind = behindComments(text, beside ? statementOf(beside).end : body.open + 1);
    const statement = propertyText(property);
    const indent = beside && beginsLine(text, beside.start) ? indentAt(text, beside.start) : this.#inner(body);
    const inserted = endsLine(text, behind) ? `${this.#eol()}${indent}${statement}` : ` ${statement}`;
    this.edits.push({ start: behind, end: behind, text: inserted });
  }

  #addNode(path: string, node: Node): void {
    const parent = parentOf(path);
    const above = findExact(this.#tree, parent);
    const body = above && lastBody(this.#here, above);
    if (!body) {
      this.#additions.node(parent, nodeText(node));
      return;
    }
    const text = this.#text;
    const eol = this.#eol();
    const indent = this.#inner(body);
    const lines = nodeText(node).map((line) => (line === "" ? "" : indent + line));
    const statement = lines.join(eol);
    if (beginsLine(text, body.close)) {
      const at = lineStart(text, body.close);
      const empty = text.slice(body.open + 1, at).trim() === "";
      this.edits.push({ start: at, end: at, text: `${empty ? "" : eol}${statement}${eol}` });
      return;
    }
    let from = body.close;
    while (from > body.open + 1 && /[ \t]/.test(text[from - 1] ?? "")) from--;
    this.edits.push({ start: from, end: body.close, text: `${eol}${statement}${eol}${indentAt(text, body.start)}` });
  }

  #removeNode(path: string, node: Node): void {
    const places = Array.from(placesOf(node), (span) => this.#here.span(span));
    if (places.includes(undefined) || this.#stubborn(keyOf(path))) {
      this.#additions.statement(`/delete-node/ ${this.#additions.reference(path)};`);
      return;
    }
    for (const place of places) if (place) this.edits.push(removal(this.#text, place.start, place.end));
  }

  #addLabels(path: string, before: Node, after: Node): void {
    const known = new Set(before.labels.map(({ name }) => name));
    const labels = after.labels.flatMap(({ name }) => (known.has(name) ? [] : [`${name}: `])).join("");
    if (labels === "") return;
    const span = before.spans?.flatMap((each) => this.#here.span(each) ?? []).at(-1);
    if (span) this.edits.push({ start: span.start, end: span.start, text: labels });
    else this.#additions.statement(`${labels}${this.#additions.reference(path)} {${this.#eol()}};`);
  }

  /** The place of a property, where the text says all of it. A value of which a part is included has no end in it. */
  #statement({ span }: Property): Span | undefined {
    const own = this.#here.span(span);
    return own && own.end > own.start && this.#here.plain(own) ? own : undefined;
  }

  #inner(body: Body): string {
    return `${indentAt(this.#text, body.start)}\t`;
  }

  #eol(): string {
    return this.#text.includes("\r\n") ? "\r\n" : "\n";
  }
}

/** Each place that says something of a node or of one below it. */
function* placesOf(node: Node): Generator<NonNullable<Node["spans"]>[number] | undefined, void> {
  if (!node.spans || node.spans.length === 0) yield undefined;
  else yield* node.spans;
  for (const child of node.children) yield* placesOf(child);
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

/** A path of a change has each name whole. */
function findExact(tree: DeviceTree, path: string): Node | undefined {
  const node = findNode(tree, path);
  return node && (path === "/" || path.endsWith(`/${node.name}`)) ? node : undefined;
}
