import { baseName, childPath } from "../find.ts";
import { readCell } from "../read.ts";
import type { Node, Property } from "../tree.ts";

/**
 * A node to which an overlay adds. As libfdt has it, what is new stands before everything that was there. Names are
 * found at once and nothing is copied before the end, however much is added.
 */
export class GrowingNode {
  readonly name: string;
  readonly path: string;
  readonly #from: Node;
  /** Newest last; they come out the other way round. */
  readonly #newProperties: Property[] = [];
  readonly #newChildren: GrowingNode[] = [];
  #properties: Property[] | undefined;
  readonly #children = new Map<number, GrowingNode>();
  #propertyAt: Map<string, number> | undefined;
  #childAt: Names | undefined;

  constructor(from: Node, path: string) {
    this.#from = from;
    this.name = from.name;
    this.path = path;
  }

  property(name: string): Property | undefined {
    const index = this.#propertyNames().get(name);
    if (index === undefined) return undefined;
    return index < 0 ? this.#newProperties[-1 - index] : (this.#properties ?? this.#from.properties)[index];
  }

  phandle(): number | undefined {
    const property = this.property("phandle") ?? this.property("linux,phandle");
    return property && readCell(property.value);
  }

  set(property: Property): void {
    const names = this.#propertyNames();
    const index = names.get(property.name);
    if (index === undefined) {
      names.set(property.name, -1 - this.#newProperties.length);
      this.#newProperties.push(property);
    } else if (index < 0) this.#newProperties[-1 - index] = property;
    else (this.#properties ??= [...this.#from.properties])[index] = property;
  }

  /** A name without unit address also finds the first child that has one. */
  child(name: string): GrowingNode | undefined {
    const { exact, bare } = this.#names();
    return this.#at(exact.get(name) ?? (name.includes("@") ? undefined : bare.get(name)));
  }

  exactChild(name: string): GrowingNode | undefined {
    return this.#at(this.#names().exact.get(name));
  }

  add(name: string): GrowingNode {
    const added = new GrowingNode({ name, labels: [], properties: [], children: [] }, childPath(this.path, name));
    const index = -1 - this.#newChildren.length;
    this.#newChildren.push(added);
    const { exact, bare } = this.#names();
    exact.set(name, index);
    bare.set(baseName(name), index);
    return added;
  }

  /** The node as it is now; the one that it was if nothing changed. */
  finish(): Node {
    const from = this.#from;
    const properties = this.#properties ?? from.properties;
    let children: readonly Node[] = from.children;
    let changed: Node[] | undefined;
    for (const [index, child] of this.#children) {
      const node = child.finish();
      if (node !== from.children[index]) (changed ??= [...from.children])[index] = node;
    }
    children = changed ?? children;
    if (this.#newChildren.length > 0) {
      children = [...this.#newChildren.toReversed().map((child) => child.finish()), ...children];
    }
    if (this.#newProperties.length === 0 && properties === from.properties && children === from.children) return from;
    return { ...from, properties: [...this.#newProperties.toReversed(), ...properties], children };
  }

  #at(index: number | undefined): GrowingNode | undefined {
    if (index === undefined) return undefined;
    if (index < 0) return this.#newChildren[-1 - index];
    const known = this.#children.get(index);
    const node = this.#from.children[index];
    if (known || !node) return known;
    const child = new GrowingNode(node, childPath(this.path, node.name));
    this.#children.set(index, child);
    return child;
  }

  #propertyNames(): Map<string, number> {
    if (!this.#propertyAt) {
      this.#propertyAt = new Map();
      for (const [index, { name }] of this.#from.properties.entries()) {
        if (!this.#propertyAt.has(name)) this.#propertyAt.set(name, index);
      }
    }
    return this.#propertyAt;
  }

  #names(): Names {
    if (!this.#childAt) {
      const [exact, bare] = [new Map<string, number>(), new Map<string, number>()];
      for (const [index, { name }] of this.#from.children.entries()) {
        if (!exact.has(name)) exact.set(name, index);
        if (!bare.has(baseName(name))) bare.set(baseName(name), index);
      }
      this.#childAt = { exact, bare };
    }
    return this.#childAt;
  }
}

/** Where a child is, by its name and by its name without unit address. What is new counts from -1 downwards. */
interface Names {
  readonly exact: Map<string, number>;
  readonly bare: Map<string, number>;
}

/** Goes down by a full path. */
export function descend(root: GrowingNode, path: string): GrowingNode | undefined {
  let node: GrowingNode | undefined = root;
  for (const name of path.split("/")) if (name !== "") node = node?.child(name);
  return node;
}
