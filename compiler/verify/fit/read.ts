import type { DeviceTree, Node } from "dtc-js";
import { decode, findChild, getProperty, readCells, readStrings, readU64s } from "dtc-js";
import { printable, quoted } from "../../base/printable.ts";
import { sameItems } from "../../base/same-items.ts";
import { hashNodes, mostImages, textOf } from "../../codecs/fit/signed.ts";
import type { DataPlacement } from "../../codecs/fit/external.ts";
import type { HashAlgorithm } from "../../ir/host.ts";
import { hashAlgorithms } from "../../ir/host.ts";
import { rollbackProperty } from "../../ir/plan.ts";
import { rollbackIndexIn } from "../system-facts.ts";
import { dataForm, dataProperties, placementOf, stretchOf, totalSizeOf } from "./data.ts";

/** What a FIT of ours holds. */
export interface Fit {
  readonly tree: DeviceTree;
  /** Where the images' bytes lie behind the tree; absent: they are inside. */
  readonly external?: DataPlacement;
  readonly description: string;
  /** Who signed it, as it says itself; absent in an unsigned one. */
  readonly key?: string;
  readonly development: boolean;
  readonly images: readonly FitImage[];
  readonly configurations: readonly FitConfiguration[];
}

export interface FitImage {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly load: number;
  readonly data: Uint8Array;
  readonly hash: { readonly algorithm: HashAlgorithm; readonly value: Uint8Array };
}

export interface FitConfiguration {
  readonly node: Node;
  readonly kernel: string;
  readonly fdt: string;
  readonly loadables: readonly string[];
  /** 0 where none is said. */
  readonly rollbackIndex: number;
  readonly signature?: Signature;
}

export interface Signature {
  readonly algorithm: string;
  readonly hint: string;
  /** Of RSA: absent is PKCS #1 v1.5. */
  readonly padding?: "pss";
  readonly images: readonly string[];
  readonly nodes: readonly string[];
  readonly strings: readonly number[];
  readonly value: Uint8Array;
}

export type FitRead =
  | { readonly kind: "not-a-fit" }
  /** With the tree of a FIT that is not as ours are, where it can be read at all. */
  | { readonly kind: "broken"; readonly reason: string; readonly tree?: DeviceTree }
  | { readonly kind: "fit"; readonly fit: Fit };

/** A FIT that is not as ours are. */
class Fault extends Error {}

/**
 * Reads a FIT, trusting nothing in it: each node has the properties that ours have, in their order, and no others. What is
 * found are views of `bytes`: nothing large is copied.
 */
export function readFit(bytes: Uint8Array): FitRead {
  const decoded = decode(bytes, { share: true });
  if (!decoded.ok)
    return decoded.diagnostics[0].code === "bad-magic" || bytes.length < 4
      ? { kind: "not-a-fit" }
      : { kind: "broken", reason: printable(decoded.diagnostics[0].message) };
  const { root } = decoded.value;
  if (findChild(root, "images") === undefined) return { kind: "not-a-fit" };
  try {
    return { kind: "fit", fit: fitOf(decoded.value, bytes) };
  } catch (error) {
    if (error instanceof Fault) return { kind: "broken", reason: error.message, tree: decoded.value };
    throw error;
  }
}

function fitOf(tree: DeviceTree, bytes: Uint8Array): Fit {
  const { root, reservations, bootCpuid } = tree;
  if (reservations.length > 0 || bootCpuid !== 0) throw new Fault("its header says more than a FIT's does");
  const marks = ["xenimg,key", "xenimg,development-key"].filter((name) => getProperty(root, name));
  expectProperties(root, "the root", ["timestamp", "description", "#address-cells", ...marks]);
  if (!sameItems(cellsOf(root, "timestamp"), [0])) throw new Fault("its timestamp is not 0");
  if (!sameItems(cellsOf(root, "#address-cells"), [2])) throw new Fault("its #address-cells is not 2");
  if (getProperty(root, "xenimg,development-key")?.value.bytes.length) throw new Fault("an odd xenimg,development-key");
  const [images, configurations] = childrenOf(root, "the root", ["images", "configurations"]) as [Node, Node];
  expectProperties(images, "/images", []);
  expectProperties(configurations, "/configurations", ["default"]);
  const { datas, external } = dataOf(tree, images.children, bytes);
  const fit = {
    tree,
    ...(external && { external }),
    description: text(root, "description"),
    ...(marks.includes("xenimg,key") && { key: text(root, "xenimg,key") }),
    development: marks.includes("xenimg,development-key"),
    images: images.children.map((image, index) => imageOf(image, datas[index])),
    configurations: configurations.children.map(configurationOf),
  };
  expectWhole(fit, text(configurations, "default"));
  return fit;
}

/** Names are unique, and each image belongs to some configuration: no signature covers others. */
function expectWhole({ images, configurations }: Fit, preset: string): void {
  if (configurations.length > mostImages || images.length > mostImages * Math.max(configurations.length, 1))
    throw new Fault(`it has more than ${mostImages} configurations, or more images than they can name`);
  const full = configurations.find(({ loadables }) => loadables.length > mostImages - 2);
  if (full !== undefined) throw new Fault(`${quoted(full.node.name)} names more than ${mostImages} images`);
  const unique = (names: readonly string[], what: string): void => {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Fault(`there are two ${what} ${quoted(twice)}`);
  };
  unique(
    images.map(({ name }) => name),
    "images",
  );
  unique(
    configurations.map(({ node }) => node.name),
    "configurations",
  );
  // No signature covers which one is the default: it has no choice.
  if (preset !== configurations[0]?.node.name) throw new Fault("its first configuration is not the default");
  const used = configurations.flatMap(({ kernel, fdt, loadables }) => [kernel, fdt, ...loadables]);
  const stranger = used.find((name) => !images.some((image) => image.name === name));
  if (stranger !== undefined) throw new Fault(`a configuration names an image ${quoted(stranger)} that is not there`);
  const left = images.find(({ name }) => !used.includes(name));
  if (left !== undefined) throw new Fault(`no configuration names the image ${quoted(left.name)}`);
}

/** The images' bytes where they lie behind the tree, each within the file; all are, or none. */
function dataOf(
  tree: DeviceTree,
  images: readonly Node[],
  bytes: Uint8Array,
): { readonly datas: readonly Uint8Array[]; readonly external?: DataPlacement } {
  const [first] = images;
  const form = first ? dataForm(first) : "data";
  if (form === "data") return { datas: [] };
  const stretches = images.map((image) => {
    const where = `the image ${quoted(image.name)}`;
    expectProperties({ ...image, properties: image.properties.slice(1, 3) }, where, dataProperties(form));
    const stretch = stretchOf(image, form, totalSizeOf(bytes));
    if (stretch === undefined) throw new Fault(`${where} does not say where its data are`);
    if (stretch.start > bytes.length || stretch.size > bytes.length - stretch.start)
      throw new Fault(`the data of ${where} reach beyond the end of the file`);
    return stretch;
  });
  const external = placementOf(tree, bytes, form, stretches);
  if (external === undefined) throw new Fault("its data do not lie one behind the other to the end of the file");
  return { datas: stretches.map(({ start, size }) => bytes.subarray(start, start + size)), external };
}

function imageOf(image: Node, external: Uint8Array | undefined): FitImage {
  const where = `the image ${quoted(image.name)}`;
  const type = text(image, "type");
  const isKernel = type === "kernel";
  const place = dataProperties(external === undefined ? "data" : dataForm(image));
  const names = ["description", ...place, "type", ...(isKernel ? ["os"] : []), "arch", "compression", "load"];
  expectProperties(image, where, [...names, ...(isKernel ? ["entry"] : [])]);
  const [hash] = childrenOf(image, where, ["hash-1"]) as [Node];
  if (hashNodes(image).length !== 1) throw new Fault(`${where} has not one hash`);
  expectProperties(hash, `the hash of ${where}`, ["algo", "value"]);
  const algo = text(hash, "algo");
  const algorithm = hashAlgorithms.find((known) => known === algo);
  if (algorithm === undefined) throw new Fault(`${where} has a hash of an unknown kind, ${quoted(algo)}`);
  const [load, ...more] = addresses(image, "load");
  if (load === undefined || more.length > 0) throw new Fault(`${where} has not one load address`);
  if (isKernel && !sameItems(addresses(image, "entry"), [load])) throw new Fault(`${where} starts elsewhere`);
  return {
    name: image.name,
    description: text(image, "description"),
    type,
    load,
    data: external ?? valueOf(image, "data"),
    hash: { algorithm, value: valueOf(hash, "value") },
  };
}

function configurationOf(configuration: Node): FitConfiguration {
  const where = `the configuration ${quoted(configuration.name)}`;
  const indexed = getProperty(configuration, rollbackProperty) ? [rollbackProperty] : [];
  expectProperties(configuration, where, ["description", "kernel", "fdt", "loadables", ...indexed]);
  const rollbackIndex = rollbackIndexIn(configuration);
  if (rollbackIndex === undefined) throw new Fault(`the rollback index of ${where} is no single cell`);
  const [signature] = childrenOf(configuration, where, configuration.children.length > 0 ? ["signature-1"] : []);
  return {
    node: configuration,
    kernel: text(configuration, "kernel"),
    fdt: text(configuration, "fdt"),
    loadables: texts(configuration, "loadables"),
    rollbackIndex,
    ...(signature && { signature: signatureOf(signature, where) }),
  };
}

function signatureOf(signature: Node, where: string): Signature {
  const of = `the signature of ${where}`;
  const padded = getProperty(signature, "padding") !== undefined;
  const names = ["algo", "key-name-hint", ...(padded ? ["padding"] : [])];
  expectProperties(signature, of, [...names, "sign-images", "hashed-nodes", "hashed-strings", "value"]);
  if (padded && text(signature, "padding") !== "pss") throw new Fault(`${of} has an unknown padding`);
  childrenOf(signature, of, []);
  return {
    algorithm: text(signature, "algo"),
    hint: text(signature, "key-name-hint"),
    ...(padded && { padding: "pss" as const }),
    images: texts(signature, "sign-images"),
    nodes: texts(signature, "hashed-nodes"),
    strings: cellsOf(signature, "hashed-strings"),
    value: valueOf(signature, "value"),
  };
}

function expectProperties({ properties }: Node, where: string, names: readonly string[]): void {
  const found = properties.map(({ name }) => name);
  if (!sameItems(found, names)) throw new Fault(`${where} has the properties ${list(found)}, not ${list(names)}`);
}

function childrenOf({ children }: Node, where: string, names: readonly string[]): readonly Node[] {
  const found = children.map(({ name }) => name);
  if (!sameItems(found, names)) throw new Fault(`${where} has the nodes ${list(found)}, not ${list(names)}`);
  return children;
}

const list = (names: readonly string[]): string => names.map(quoted).join(", ") || "none";

function valueOf(node: Node, name: string): Uint8Array {
  const property = getProperty(node, name);
  if (property === undefined) throw new Fault(`${name} is missing in ${quoted(node.name)}`);
  return property.value.bytes;
}

function text(node: Node, name: string): string {
  const found = textOf(node, name);
  if (found === undefined) throw new Fault(`${name} in ${quoted(node.name)} is no text`);
  return found;
}

function texts(node: Node, name: string): readonly string[] {
  const property = getProperty(node, name);
  const found = property && readStrings(property.value);
  if (found === undefined) throw new Fault(`${name} in ${quoted(node.name)} is no list of texts`);
  return found;
}

function cellsOf(node: Node, name: string): readonly number[] {
  const property = getProperty(node, name);
  const found = property && readCells(property.value);
  if (found === undefined) throw new Fault(`${name} in ${quoted(node.name)} is no list of cells`);
  return found;
}

function addresses(node: Node, name: string): readonly number[] {
  const property = getProperty(node, name);
  const found = property && readU64s(property.value)?.map(Number);
  if (found === undefined) throw new Fault(`${name} in ${quoted(node.name)} is no address of two cells`);
  return found;
}
