import type { DeviceTree, Node } from "dtc-js";
import { encode, findChild, findNode, getProperty, readString, readStrings, updateNode } from "dtc-js";
import { joinBytes } from "../../base/join-bytes.ts";

/**
 * What a configuration's signature of a FIT covers (U-Boot, doc/usage/fit/signature.rst, "Signed Configurations"):
 * the device tree's tokens of some nodes, without the data, whose hashes are among those nodes, and the names of all
 * properties. Which tokens exactly was found by comparing with the signatures that mkimage 2023.01 makes.
 */

/** U-Boot checks at most 100 nodes of a configuration: its own, the root, and two of each image. */
export const mostImages = 49;

/** Properties of a configuration that name images, in the order in which `sign-images` lists them. */
export const signedKinds = ["kernel", "fdt", "loadables"] as const;

/** Images that a configuration names, one after the other; undefined where it names none of a kind. */
function imagesOf(configuration: Node): readonly string[] | undefined {
  const names: string[] = [];
  for (const kind of signedKinds) {
    const property = getProperty(configuration, kind);
    if (property === undefined) continue;
    const listed = readStrings(property.value);
    if (listed === undefined) return undefined;
    names.push(...listed);
  }
  return names;
}

/** Paths of the nodes that a configuration's signature covers, in mkimage's order: `hashed-nodes`. */
export function signedNodes(tree: DeviceTree, configuration: Node): readonly string[] | undefined {
  const images = findNode(tree, "/images");
  const names = imagesOf(configuration);
  if (images === undefined || names === undefined) return undefined;
  const paths = ["/", `/configurations/${configuration.name}`];
  for (const name of names) {
    const image = findChild(images, name);
    if (image === undefined) return undefined;
    paths.push(`/images/${name}`, ...hashNodes(image).map((hash) => `/images/${name}/${hash.name}`));
  }
  return paths;
}

/** Hash nodes of an image: those whose names begin so. */
export const hashNodes = (image: Node): readonly Node[] => image.children.filter(({ name }) => name.startsWith("hash"));

/** A property's text; undefined where it is missing or no text. */
export function textOf(node: Node, name: string): string | undefined {
  const property = getProperty(node, name);
  return property && readString(property.value);
}

/** The same FIT with nothing in its images: as much as signatures look at, and small. */
const withoutData = (tree: DeviceTree): DeviceTree =>
  findNode(tree, "/images") === undefined
    ? tree
    : updateNode(tree, "/images", (images) => ({ ...images, children: images.children.map(emptied) }));

const emptied = (image: Node): Node => ({
  ...image,
  properties: image.properties.map((property) =>
    property.name === "data" ? { ...property, value: { bytes: new Uint8Array(0), markers: [] } } : property,
  ),
});

/** Bytes that are signed, and the length of the strings block at their end, for `hashed-strings`. */
export interface SignedBytes {
  readonly bytes: Uint8Array;
  readonly stringsSize: number;
}

/** What a signature over these nodes covers. */
export function signedBytes(tree: DeviceTree, paths: readonly string[]): SignedBytes {
  const blob = encode(withoutData(tree));
  const view = new DataView(blob.buffer);
  const [structureAt, stringsAt, stringsSize] = [8, 12, 32].map((at) => view.getUint32(at)) as [number, number, number];
  const strings = blob.subarray(stringsAt, stringsAt + stringsSize);
  const pieces = [...tokens(blob, structureAt, strings)].filter(covering(new Set(paths))).map(({ bytes }) => bytes);
  return { bytes: joinBytes([...pieces, strings]), stringsSize };
}

/** Structure block tokens (Devicetree Specification 0.4, 5.4.1). */
const beginNode = 1;
const endNode = 2;
const property = 3;
const end = 9;

interface TokenBytes {
  readonly token: number;
  /** Of the node or the property. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The tokens of a blob that `encode` made: sound, without NOPs. */
function* tokens(blob: Uint8Array, structureAt: number, strings: Uint8Array): Generator<TokenBytes, void> {
  const view = new DataView(blob.buffer, blob.byteOffset);
  for (let at = structureAt; ;) {
    const start = at;
    const token = view.getUint32(at);
    let name = "";
    at += 4;
    if (token === beginNode) {
      name = nameAt(blob, at);
      at += name.length + 1;
    } else if (token === property) {
      name = nameAt(strings, view.getUint32(at + 4));
      at += 8 + view.getUint32(at);
    }
    at = Math.ceil(at / 4) * 4;
    yield { token, name, bytes: blob.subarray(start, at) };
    if (token === end) return;
  }
}

function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, bytes.indexOf(0, at)));
}

/** Properties that no signature covers: hash nodes do. */
const unsigned = new Set(["data", "data-size", "data-position", "data-offset"]);

/**
 * Of a listed node everything but its children's content, of which begin and end count; of the whole the end. A
 * signature's own node is a child of the configuration's.
 */
function covering(paths: ReadonlySet<string>): (token: TokenBytes) => boolean {
  const names: string[] = [];
  const listed: boolean[] = [];
  const within = (depth: number): boolean => listed[depth] === true || listed[depth - 1] === true;
  return ({ token, name }) => {
    if (token === beginNode) {
      names.push(name);
      listed.push(paths.has(names.length === 1 ? "/" : names.join("/")));
      return within(listed.length - 1);
    }
    if (token === endNode) {
      const covered = within(listed.length - 1);
      names.pop();
      listed.pop();
      return covered;
    }
    return token === property ? listed.at(-1) === true && !unsigned.has(name) : token === end;
  };
}
