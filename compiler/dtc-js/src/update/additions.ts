import { findNode } from "../find.ts";
import type { SourceFile } from "../span.ts";
import type { DeviceTree } from "../tree.ts";
import type { TextEdit } from "./text.ts";

/** What is said at the end of a file, of nodes that have no body in it. */
export class Additions {
  readonly #file: SourceFile;
  readonly #tree: DeviceTree;
  readonly #bodies = new Map<string, { readonly properties: string[]; readonly nodes: (readonly string[])[] }>();
  readonly #statements: string[] = [];

  constructor(file: SourceFile, tree: DeviceTree) {
    this.#file = file;
    this.#tree = tree;
  }

  property(path: string, text: string): void {
    this.#body(path).properties.push(text);
  }

  node(parent: string, lines: readonly string[]): void {
    this.#body(parent).nodes.push(lines);
  }

  statement(text: string): void {
    this.#statements.push(text);
  }

  /** The node by a label, if it has one. */
  reference(path: string): string {
    const label = findNode(this.#tree, path)?.labels[0]?.name;
    return label === undefined ? `&{${path}}` : `&${label}`;
  }

  /** Undefined where nothing was added. */
  finish(): TextEdit | undefined {
    const { text } = this.#file;
    const eol = text.includes("\r\n") ? "\r\n" : "\n";
    const blocks = [
      ...Array.from(this.#bodies.keys(), (path) => this.#block(path)),
      ...this.#statements.map((each) => [each]),
    ];
    if (blocks.length === 0) return undefined;
    const added = blocks.map((lines) => lines.join(eol)).join(eol + eol);
    const gap = text === "" || text.endsWith("\n") ? eol : eol + eol;
    return { start: text.length, end: text.length, text: `${gap}${added}${eol}` };
  }

  #body(path: string): { readonly properties: string[]; readonly nodes: (readonly string[])[] } {
    let body = this.#bodies.get(path);
    if (!body) this.#bodies.set(path, (body = { properties: [], nodes: [] }));
    return body;
  }

  #block(path: string): readonly string[] {
    const { properties, nodes } = this.#body(path);
    const lines = [...properties];
    for (const node of nodes) {
      if (lines.length > 0) lines.push("");
      lines.push(...node);
    }
    const named = (name: string, inner: readonly string[]): readonly string[] => [
      `${name} {`,
      ...inner.map((line) => (line === "" ? "" : `\t${line}`)),
      "};",
    ];
    if (path === "/") return named("/", lines);
    // In an overlay, a reference by path would lead to the tree that it changes.
    const labelled = (findNode(this.#tree, path)?.labels.length ?? 0) > 0;
    if (labelled || !this.#tree.plugin) return named(this.reference(path), lines);
    const names = path.split("/").filter((name) => name !== "");
    return named(
      "/",
      names.reduceRight<readonly string[]>((inner, name) => named(name, inner), lines),
    );
  }
}
