import type { DeviceTree, Located, Node } from "dtc-js";
import { decode, encode, parse } from "dtc-js";
import { KiB, formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ConfigPath, Diagnostic, Outcome } from "../../diagnostics/diagnostic.ts";
import type { CheckedDomain } from "../../ir/checked.ts";
import type { AssignedDevices } from "../../ir/devices.ts";
import type { InputFile } from "../../ir/input-file.ts";
import type { FileReader } from "../files.ts";
import { deviceNames } from "./find.ts";
import { partialTree } from "./partial.ts";
import { readPartialTree } from "./read.ts";
import { phandlesOf } from "./references.ts";

/** What the core reads of a partial tree (hypervisor/include/xi/config.h, CONFIG_MAX_FRAGMENT). */
const longestPartialTree = KiB(32);
/** Of properties that a partial tree is made from: far more than come into one, and little enough to compare with each other. */
const mostProperties = KiB(64);

/** The devices of a domain, by names of the board's or by a partial tree of the user's own. */
export async function resolvePassthrough(
  { name, passthrough }: Pick<CheckedDomain, "name" | "passthrough">,
  board: DeviceTree,
  files: FileReader,
): Promise<Outcome<AssignedDevices>> {
  const place: ConfigPath = ["domains", name, "passthrough"];
  if (passthrough === undefined) return { diagnostics: [] };
  if (typeof passthrough !== "string") return fromNames(name, passthrough, board, place);
  const meant = /\.dtbo?$|\.dts$/.test(passthrough) ? undefined : "devices";
  const source = await files.read("the partial device tree", passthrough, { path: place }, meant);
  if (source === undefined) return { diagnostics: [] };
  const tree = readTree(source);
  return typeof tree === "string"
    ? { diagnostics: [diagnose("XI3302", { what: `"${source.path}"`, reason: tree }, { primary: { path: place } })] }
    : assigned(name, tree, board, () => place, `"${source.path}"`, source);
}

function readTree({ path, bytes }: InputFile): DeviceTree | string {
  if (!path.endsWith(".dts")) {
    const decoded = decode(bytes);
    return decoded.ok ? decoded.value : `it cannot be decoded: ${decoded.diagnostics[0].message}`;
  }
  const parsed = parse(new TextDecoder().decode(bytes));
  if (parsed.ok) return parsed.value;
  const [{ span, message }] = parsed.diagnostics;
  return `${span ? `line ${span.start.line}: ` : ""}${message}`;
}

function fromNames(
  domain: string,
  wanted: readonly string[],
  board: DeviceTree,
  place: ConfigPath,
): Outcome<AssignedDevices> {
  const names = deviceNames(board);
  const found = wanted.map((name, index) => ({ name, place: [...place, index], device: names.find(name) }));
  const unknown = found.flatMap((each) =>
    each.device === undefined
      ? [diagnose("XI3301", { device: each.name, nearest: names.likely(each.name) }, { primary: { path: each.place } })]
      : [],
  );
  if (unknown.length > 0) return { diagnostics: unknown };
  const devices = [...new Set(found.flatMap(({ device }) => device ?? []))];
  const heavy = found.find(({ device }) => device && sourceBytes(device) > mostProperties);
  if (heavy) {
    const reason = `it comes from properties of ${formatSize(mostProperties)} at most, and "${heavy.name}" has more`;
    const params = { what: "the partial tree", reason };
    return { diagnostics: [diagnose("XI3302", params, { primary: { path: heavy.place } })] };
  }
  const { tree, leftOut, missing } = partialTree(devices, board);
  const placeOf = (path?: string): ConfigPath =>
    found.find(({ device }) => device && path !== undefined && isAtOrBelow(path, device.path))?.place ?? place;
  const outcome = assigned(domain, tree, board, placeOf, "the partial tree");
  const left = [...leftOut].flatMap(([{ path }, properties]) =>
    properties.length === 0
      ? []
      : [diagnose("XI3304", { device: path, properties }, { primary: { path: placeOf(path) } })],
  );
  const behind = [...missing].flatMap(([{ path }, each]) =>
    each.length === 0
      ? []
      : [diagnose("XI3310", { device: path, missing: each }, { primary: { path: placeOf(path) } })],
  );
  return { ...outcome, diagnostics: [...twice(found), ...outcome.diagnostics, ...left, ...behind] };
}

/** Bytes of all that a device's nodes are written anew from: their own properties, and what the buses above translate by. */
function sourceBytes({ node, parent }: Located): number {
  let bytes = bytesBelow(node);
  for (let bus = parent; bus; bus = bus.parent)
    for (const { name, value } of bus.node.properties)
      if (name === "ranges" || name === "dma-ranges") bytes += value.bytes.length;
  return bytes;
}

const bytesBelow = ({ properties, children }: Node): number =>
  properties.reduce((sum, { value }) => sum + value.bytes.length, 0) +
  children.reduce((sum, child) => sum + bytesBelow(child), 0);

const isAtOrBelow = (path: string, above: string): boolean => `${path}/`.startsWith(`${above}/`);

/** The same device by two names or by the same one, or a part of another: of two that are the same, the later one. */
function twice(
  found: readonly { readonly place: ConfigPath; readonly device: { readonly path: string } | undefined }[],
): readonly Diagnostic[] {
  const all = new Set(found.flatMap(({ device }) => device?.path ?? []));
  const before = new Set<string>();
  return found.flatMap(({ place, device }) => {
    if (device === undefined) return [];
    const isTwice = before.has(device.path) || above(device.path).some((path) => all.has(path));
    before.add(device.path);
    return isTwice ? [diagnose("XI3303", { device: device.path }, { primary: { path: place } })] : [];
  });
}

/** "/a/b/c" is below "/a/b" and "/a". */
const above = (path: string): readonly string[] => {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
};

function assigned(
  domain: string,
  tree: DeviceTree,
  board: DeviceTree,
  placeOf: (path?: string) => ConfigPath,
  what: string,
  source?: InputFile,
): Outcome<AssignedDevices> {
  const primary = { path: placeOf() };
  const bytes = encode(tree);
  if (bytes.length > longestPartialTree) {
    const reason = `it has ${formatSize(bytes.length)}, more than ${formatSize(longestPartialTree)}`;
    return { diagnostics: [diagnose("XI3302", { what, reason }, { primary })] };
  }
  const names = deviceNames(board);
  const reading = readPartialTree(tree, { tree: board, phandles: phandlesOf(board), find: names.find }, placeOf);
  switch (reading.kind) {
    case "ok": {
      const file = { path: `domains/${domain}/passthrough.dtb`, bytes };
      return { value: { tree, file, ...(source && { source }), devices: reading.devices }, diagnostics: [] };
    }
    case "malformed":
      return {
        diagnostics: [diagnose("XI3302", { what, reason: `at ${reading.node}, ${reading.reason}` }, { primary })],
      };
    case "stranger":
      return { diagnostics: [diagnose("XI3301", { device: reading.path, nearest: undefined }, { primary })] };
  }
}
