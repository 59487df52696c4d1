import type { Node } from "dtc-js";
import { getProperty, readCells, readString, readStrings } from "dtc-js";
import type { StoreLink } from "../../codecs/xenstore.ts";
import {
  consoleNumber,
  deviceNumbers,
  storeEntries,
  storePairs,
  storeStrings,
  virtualDevice,
} from "../../codecs/xenstore.ts";
import type { PvInput } from "../../config/input-pv.ts";
import { bridgeName, stationAddress } from "../../ir/pv.ts";
import type { Blob } from "./blob.ts";
import { nameOf } from "./blob.ts";

/**
 * The links of our own store node, where it is what a `pv` of the language becomes, and nothing else: what somebody has
 * changed by hand is told and left out.
 */
export function readStore(blob: Blob, store: Node, domains: readonly Node[]): readonly PvInput[] {
  const found = linksOf(store, domains);
  const what = `"${store.name}" of /chosen`;
  if ("reason" in found) {
    blob.passOver(what, `${found.reason}: write pv anew`);
    return [];
  }
  const names = domains.map(nameOf);
  const counts = new Map<string, number>();
  for (const link of found.links) {
    // A disk's name is in the text.
    if (link.kind === "block") continue;
    const frontend = names[link.frontendId - 1] ?? "";
    const key = `${link.kind} ${frontend}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const [device, number, without] =
      link.kind === "net" ? ["an interface", link.handle, count] : ["a console", link.number, consoleNumber(count)];
    if (number !== without)
      blob.passOver(
        `the number ${number} of ${device} of "${frontend}"`,
        `a lock file kept it, and without one it is ${without}`,
      );
  }
  return found.links.map((link) => inputOf(link, names));
}

type Found = { readonly links: readonly StoreLink[] } | { readonly reason: string };

function linksOf(store: Node, domains: readonly Node[]): Found {
  const strings = valueOf(store, "xenimg,entries", readStrings) ?? [];
  const values = new Map<string, string>();
  for (let index = 0; index + 2 < strings.length; index += 3)
    values.set(strings[index + 1] ?? "", strings[index + 2] ?? "");
  const links: StoreLink[] = [];
  for (const path of values.keys()) {
    if (!backendShape.test(path)) continue;
    const link = linkAt(path, (key) => values.get(`${path}/${key}`));
    if (link === undefined) return { reason: `${shortened(path)} is the backend of no link that board.ts can say` };
    links.push(link);
  }
  if (links.length === 0) return { reason: "it has no links" };
  const ids = domains.flatMap((node, index) => (isEnhanced(node) ? [index + 1] : []));
  const known = new Set(ids);
  if (!links.every(({ backendId, frontendId }) => known.has(backendId) && known.has(frontendId)))
    return { reason: "it has links of domains that are not there, or have no XenStore" };
  const expected = storeStrings(storeEntries(ids, links));
  const odd = expected.findIndex((text, index) => strings[index] !== text);
  if (odd !== -1 || strings.length !== expected.length) {
    const entry = odd === -1 ? expected.length : odd - (odd % 3);
    return { reason: `its entries are not those of links, from ${shortened(strings[entry + 1] ?? "their end")} on` };
  }
  if (valueOf(store, "xenimg,pairs", readCells)?.join() !== storePairs(links).flat().join())
    return { reason: "its pairs are not those of its links" };
  if (store.properties.length !== 3 || store.children.length > 0)
    return { reason: "it has more than entries and pairs" };
  return { links };
}

/** "/local/domain/1/backend/vif/2/0" */
const backendShape = /^\/local\/domain\/(\d{1,5})\/backend\/(\w+)\/(\d{1,5})\/(\d{1,10})$/;

/** The link whose backend's end is there; undefined where the language has no words for it. */
function linkAt(path: string, value: (key: string) => string | undefined): StoreLink | undefined {
  const [, backend, type, frontend, number] = backendShape.exec(path) ?? [];
  const ends = { backendId: Number(backend), frontendId: Number(frontend) };
  if (backend === frontend) return undefined;
  if (type === "vif") {
    const [mac = "", bridge] = [value("mac"), value("bridge")];
    if (!stationAddress.test(mac) || mac !== mac.toLowerCase()) return undefined;
    if (bridge !== undefined && !bridgeName.test(bridge)) return undefined;
    return { ...ends, kind: "net", handle: Number(number), mac, ...(bridge !== undefined && { bridge }) };
  }
  if (type === "console")
    return Number(number) < consoleNumber(0) ? undefined : { ...ends, kind: "console", number: Number(number) };
  if (type !== "vbd") return undefined;
  const [name = "", mode] = [value("dev"), value("mode")];
  const [, major = "", minor = ""] = /^([0-9a-f]{1,3}):([0-9a-f]{1,5})$/.exec(value("physical-device") ?? "") ?? [];
  const device = major === "" ? (value("params") ?? "") : `${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}`;
  if (deviceNumbers(device) === undefined && !/^\/[^\p{Cc}]*$/u.test(device)) return undefined;
  if ((mode !== "r" && mode !== "w") || virtualDevice(name) !== Number(number)) return undefined;
  return { ...ends, kind: "block", virtualDevice: Number(number), name, device, mode };
}

function inputOf(link: StoreLink, names: readonly string[]): PvInput {
  const [backend = "", frontend = ""] = [names[link.backendId - 1], names[link.frontendId - 1]];
  if (link.kind === "net") {
    const { mac, bridge } = link;
    return { kind: "net", backend, frontend, mac, ...(bridge !== undefined && { bridge }) };
  }
  if (link.kind === "console") return { kind: "console", backend, frontend };
  const { device, name, mode } = link;
  return { kind: "block", backend, frontend, device, name, ...(mode === "r" && { mode }) };
}

/** Of the domains that have a store; without a value it is "enabled" (docs/misc/arm/device-tree/booting.txt). */
function isEnhanced(node: Node): boolean {
  const value = getProperty(node, "xen,enhanced")?.value;
  return value !== undefined && (value.bytes.length === 0 || readString(value) === "enabled");
}

type Value = Node["properties"][number]["value"];

function valueOf<T>(node: Node, name: string, read: (value: Value) => T | undefined): T | undefined {
  const property = getProperty(node, name);
  return property && read(property.value);
}

const shortened = (path: string): string => (path.length > 60 ? `${path.slice(0, 60)}…` : path);
