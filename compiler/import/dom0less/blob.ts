import type { DeviceTree, Node } from "dtc-js";
import { getProperty, phandleOf, readCell, readCells, readString, readStrings, walk } from "dtc-js";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";

/** A device tree that is read: values by their form, and what was found wrong or left over. */
export class Blob {
  readonly diagnostics: Diagnostic[] = [];
  readonly tree: DeviceTree;
  readonly #byPhandle: ReadonlyMap<number | undefined, Node>;

  constructor(tree: DeviceTree) {
    this.tree = tree;
    this.#byPhandle = new Map([...walk(tree)].map(({ node }) => [phandleOf(node), node]));
  }

  byPhandle(phandle: number | undefined): Node | undefined {
    return phandle === undefined ? undefined : this.#byPhandle.get(phandle);
  }

  has(node: Node, name: string): boolean {
    return getProperty(node, name) !== undefined;
  }

  text(node: Node, name: string): string | undefined {
    return this.#value(node, name, readString, "text");
  }

  number(node: Node, name: string): number | undefined {
    return this.#value(node, name, readCell, "one number of 32 bits");
  }

  cells(node: Node, name: string): readonly number[] | undefined {
    return this.#value(node, name, readCells, "numbers of 32 bits");
  }

  /** Pairs of an address and a size, in so many cells each. */
  pairs(node: Node, name: string, widths: readonly [number, number]): readonly (readonly [number, number])[] {
    const cells = this.cells(node, name) ?? [];
    const step = widths[0] + widths[1];
    if (step === 0 || cells.length % step !== 0) {
      this.refuse(node, name, "pairs of an address and a size");
      return [];
    }
    return Array.from({ length: cells.length / step }, (_, index) => {
      const pair = cells.slice(index * step, (index + 1) * step);
      return [joined(pair.slice(0, widths[0])), joined(pair.slice(widths[0]))] as const;
    });
  }

  refuse(node: Node, name: string, expected: string): void {
    const size = getProperty(node, name)?.value.bytes.length ?? 0;
    this.diagnostics.push(diagnose("XI2208", { name: `${name} in ${node.name}`, value: `${size} bytes`, expected }));
  }

  passOver(name: string, why: string): void {
    this.diagnostics.push(diagnose("XI2207", { name, why }));
  }

  #value<T>(
    node: Node,
    name: string,
    read: (value: Node["properties"][number]["value"]) => T | undefined,
    form: string,
  ): T | undefined {
    const property = getProperty(node, name);
    if (property === undefined) return undefined;
    const value = read(property.value);
    if (value === undefined) this.refuse(node, name, form);
    return value;
  }
}

/** Cells as one number, the most significant first; exact up to 2^53. */
export const joined = (cells: readonly number[]): number => cells.reduce((sum, cell) => sum * 2 ** 32 + cell, 0);

export function isCompatible(node: Node, name: string): boolean {
  const property = getProperty(node, "compatible");
  return property !== undefined && (readStrings(property.value) ?? []).includes(name);
}

/** Devicetree Specification 0.4, 2.3.5: how many cells addresses and sizes of a node's children have. */
export function widthsOf(blob: Blob, node: Node): readonly [number, number] {
  return [blob.number(node, "#address-cells") ?? 2, blob.number(node, "#size-cells") ?? 1];
}

/** A node's name as one of `board.ts`. */
export const nameOf = ({ name }: Node): string => {
  const plain = name.replaceAll(/[^\w.+-]/g, "-");
  return /^[A-Za-z]/.test(plain) ? plain : `d${plain}`;
};
