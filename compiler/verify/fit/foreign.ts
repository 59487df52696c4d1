import type { DeviceTree, Node } from "dtc-js";
import { findNode, getProperty, readCell } from "dtc-js";
import { toHex } from "../../base/hex.ts";
import { printable } from "../../base/printable.ts";
import { hashNodes, textOf } from "../../codecs/fit/signed.ts";

/** What is in a FIT that is not in our form, and why it is not: names, sizes and hashes, no data. Nothing is proven. */
export function describeForeignFit(tree: DeviceTree, reason: string): string {
  const images = findNode(tree, "/images")?.children ?? [];
  const configurations = findNode(tree, "/configurations")?.children ?? [];
  return [
    `FIT ${shown(tree.root, "description", "without a description")}, ${images.length} images`,
    `not in the form that xenimg writes: ${reason}`,
    ...images.map(imageLine),
    ...configurations.map(configurationLine),
    "",
  ].join("\n");
}

const shown = (node: Node, name: string, otherwise: string): string => printable(textOf(node, name) ?? otherwise);

function imageLine(image: Node): string {
  const hashes = hashNodes(image).map((hash) => `${shown(hash, "algo", "unknown hash")} ${valueOf(hash)}`);
  const details = [shown(image, "type", "no type"), ...(hashes.length > 0 ? hashes : ["no hash"])].join(", ");
  return `  ${String(sizeOf(image)).padStart(12)} bytes  ${printable(image.name)} (${details})`;
}

/** In the file itself, or behind it: U-Boot's "external data". */
function sizeOf(image: Node): number | string {
  const data = getProperty(image, "data")?.value.bytes.length;
  const external = getProperty(image, "data-size");
  return data ?? (external && readCell(external.value)) ?? "?";
}

const valueOf = (hash: Node): string => toHex(getProperty(hash, "value")?.value.bytes ?? new Uint8Array());

function configurationLine(configuration: Node): string {
  const signatures = configuration.children
    .filter(({ name }) => name.startsWith("signature"))
    .map((node) => `${shown(node, "algo", "unknown algorithm")}, ${shown(node, "key-name-hint", "no key name")}`);
  const signed = signatures.length === 0 ? "not signed" : `signed: ${signatures.join("; ")}`;
  return `  configuration ${printable(configuration.name)}: ${signed}`;
}
