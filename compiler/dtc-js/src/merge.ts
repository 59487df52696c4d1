import { guessBootCpuid } from "./boot-cpuid.ts";
import { onOneLine } from "./comments/form.ts";
import type { Comments, DeviceTree, Label, Node, Property } from "./tree.ts";

/**
 * What a source gives in which the second tree stands behind the first: nodes of the same path become one, properties
 * of the same name take the later value in their old place, and what is new comes last. Phandles that are numbers
 * already stay what they are, so that trees of two sources are best merged as `readSource` gives them; then
 * `resolveReferences` numbers both together.
 */
export function mergeTrees(earlier: DeviceTree, later: DeviceTree): DeviceTree {
  const root = mergeNodes(earlier.root, later.root);
  const guessed = earlier.bootCpuid === guessBootCpuid(earlier.root);
  return {
    ...earlier,
    ...mergeComments(earlier.comments, later.comments),
    reservations: [...earlier.reservations, ...later.reservations],
    bootCpuid: guessed ? guessBootCpuid(root) : earlier.bootCpuid,
    root,
  };
}

function mergeNodes(earlier: Node, later: Node): Node {
  const spans = [...(earlier.spans ?? []), ...(later.spans ?? [])];
  return {
    ...earlier,
    labels: mergeLabels(earlier.labels, later.labels),
    properties: mergeNamed(earlier.properties, later.properties, mergeProperties),
    children: mergeNamed(earlier.children, later.children, mergeNodes),
    ...(spans.length > 0 ? { spans } : {}),
    ...mergeComments(earlier.comments, later.comments),
  };
}

function mergeComments(earlier?: Comments, later?: Comments): { readonly comments?: Comments } {
  const comments = earlier && later ? joined(earlier, later) : (earlier ?? later);
  return comments ? { comments } : {};
}

const joined = (earlier: Comments, later: Comments): Comments => ({
  leading: [...earlier.leading, ...later.leading],
  inner: [...earlier.inner, ...later.inner],
  trailing: onOneLine([...earlier.trailing, ...later.trailing]),
});

const mergeProperties = (earlier: Property, later: Property): Property => ({
  ...later,
  labels: mergeLabels(earlier.labels, later.labels),
});

/** As dtc: each goes to the front, unless it is there already. */
function mergeLabels(earlier: readonly Label[], later: readonly Label[]): readonly Label[] {
  const known = new Set(earlier.map(({ name }) => name));
  const added = later.filter(({ name }) => !known.has(name));
  return added.length > 0 ? [...added.toReversed(), ...earlier] : earlier;
}

function mergeNamed<T extends { readonly name: string }>(
  earlier: readonly T[],
  later: readonly T[],
  merge: (earlier: T, later: T) => T,
): readonly T[] {
  if (later.length === 0) return earlier;
  const merged = [...earlier];
  const indices = new Map<string, number>();
  earlier.forEach(({ name }, index) => {
    if (!indices.has(name)) indices.set(name, index);
  });
  for (const item of later) {
    const index = indices.get(item.name);
    const known = index === undefined ? undefined : merged[index];
    if (index !== undefined && known !== undefined) merged[index] = merge(known, item);
    else {
      indices.set(item.name, merged.length);
      merged.push(item);
    }
  }
  return merged;
}
