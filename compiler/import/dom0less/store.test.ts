import { fc, it as property } from "@fast-check/vitest";
import type { DeviceTree, Node } from "dtc-js";
import { cells, encode, getProperty, node, property as prop, readStrings, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import type { PvInput } from "../../config/input-pv.ts";
import type { SystemInput } from "../../config/input.ts";
import { lower } from "../../lower/lower.ts";
import { checkSystem, files, twoDomains } from "../../testing/system.ts";
import { importDom0less } from "./translate.ts";

const end = { kernel: "Image", memory: "16MiB", enhanced: true as const };
const modules = Object.fromEntries(["a", "b", "c"].map((name) => [`modules/${name}-kernel`, files.Image]));

/** What `build` writes for a machine of four CPUs; `lock` is of an earlier one. */
async function built(input: Pick<SystemInput, "domains" | "pv">, lock?: string): Promise<DeviceTree> {
  const { placed, diagnostics } = await checkSystem(
    { board: twoDomains.board, ...input },
    { table: { ...files, ...modules }, ...(lock !== undefined && { lock }) },
  );
  if (placed === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return lower(placed).systemTree;
}

async function imported(tree: DeviceTree) {
  const { value, diagnostics } = await importDom0less({
    file: "system.dtb",
    name: "system.dtb",
    bytes: encode(tree),
    readFile: () => Promise.resolve({ kind: "ok", bytes: new Uint8Array() }),
    pathFor: (path) => path,
    recognise: () => undefined,
  });
  return { value, told: diagnostics.map(({ code, message }) => `${code} ${message}`) };
}

const names = ["a", "b", "c"];
const domains = Object.fromEntries(names.map((name) => [name, end]));
const ends = fc
  .constantFrom(["a", "b"], ["b", "a"], ["a", "c"], ["c", "b"])
  .map(([backend = "", frontend = ""]) => ({ backend, frontend }));
const nets = fc.record(
  { both: ends, mac: fc.boolean(), bridge: fc.constantFrom("br0", "br-lan.2") },
  { requiredKeys: ["both", "mac"] },
);
const blocks = fc.record(
  { both: ends, named: fc.boolean(), mode: fc.constantFrom("r" as const, "w" as const), path: fc.boolean() },
  { requiredKeys: ["both", "named", "path"] },
);
const consoles = fc.record({ both: ends, console: fc.constant(true) });
const links: fc.Arbitrary<readonly PvInput[]> = fc
  .array(fc.oneof(nets, blocks, consoles), { minLength: 1, maxLength: 6 })
  .map((drawn) =>
    drawn.map((each, index): PvInput => {
      if ("console" in each) return { kind: "console", ...each.both };
      if ("named" in each) {
        const { both, named, mode, path } = each;
        const device = path ? `/dev/vg/lv ${index}` : `254:${index * 16}`;
        const name = `xvd${"pqrstu"[index] ?? ""}`;
        return { kind: "block", ...both, device, ...(named && { name }), ...(mode !== undefined && { mode }) };
      }
      const { both, mac, bridge } = each;
      const address = { mac: `06:00:00:00:0a:0${index}` };
      return { kind: "net", ...both, ...(mac && address), ...(bridge !== undefined && { bridge }) };
    }),
  );

describe("the store of any system of ours", () => {
  property.prop([links], { numRuns: 60 })("imported and built again is the same device tree", async (pv) => {
    const tree = await built({ domains, pv });
    const { value, told } = await imported(tree);
    expect(told).toEqual([]);
    expect(value?.pv).toHaveLength(pv.length);
    const again = await built({ domains: value?.domains ?? {}, pv: value?.pv ?? [] });
    expect(Buffer.from(encode(again)).equals(encode(tree))).toBe(true);
  });
});

/** A tree whose store somebody has changed. */
function changed(tree: DeviceTree, change: (store: Node) => Node): DeviceTree {
  const walk = (each: Node): Node =>
    each.name === "xenstore" ? change(each) : { ...each, children: each.children.map(walk) };
  return { ...tree, root: walk(tree.root) };
}
const withEntries = (change: (texts: readonly string[]) => readonly string[]) => (store: Node) =>
  withProperty("xenimg,entries", (old) => strings(...change(readStrings(old) ?? [])))(store);
const withProperty =
  (name: string, change: (old: Node["properties"][number]["value"]) => Node["properties"][number]["value"]) =>
  (store: Node): Node => ({
    ...store,
    properties: store.properties.map((each) => (each.name === name ? prop(name, change(each.value)) : each)),
  });
const replaced = (from: string, to: string) => withEntries((texts) => texts.map((text) => text.replaceAll(from, to)));

describe("a store that is not what a pv becomes", () => {
  const pv: readonly PvInput[] = [
    { kind: "net", backend: "a", frontend: "b", bridge: "br0", mac: "06:00:00:00:00:01" },
    { kind: "block", backend: "a", frontend: "b", device: "254:16", mode: "r" },
  ];

  it("is taken over as it is, with what was chosen", async () => {
    expect((await imported(await built({ domains, pv }))).value?.pv).toEqual([
      { kind: "net", backend: "a", frontend: "b", mac: "06:00:00:00:00:01", bridge: "br0" },
      { kind: "block", backend: "a", frontend: "b", device: "254:16", name: "xvda", mode: "r" },
    ]);
  });

  const backend = "/local/domain/1/backend";
  it.each<[string, (store: Node) => Node, string]>([
    [
      "an entry more",
      withEntries((texts) => [...texts, "n1", "/local/domain/1/x", ""]),
      "its entries are not those of links, from /local/domain/1/x on",
    ],
    ...[44, 45].map((length): [string, (store: Node) => Node, string] => [
      `an entry more, of a path of ${16 + length} characters`,
      withEntries((texts) => [...texts, "n1", `/local/domain/1/${"x".repeat(length)}`, ""]),
      `its entries are not those of links, from /local/domain/1/${"x".repeat(44)}${length > 44 ? "…" : ""} on`,
    ]),
    [
      "an entry less",
      withEntries((texts) => texts.slice(0, -3)),
      "its entries are not those of links, from their end on",
    ],
    [
      "half an entry",
      withEntries((texts) => [...texts, "n1"]),
      "its entries are not those of links, from their end on",
    ],
    [
      "another right",
      withEntries((texts) => texts.map((text) => (text === "n1r2" ? "n1b2" : text))),
      `its entries are not those of links, from ${backend}/vif/2/0 on`,
    ],
    [
      "another value",
      replaced("connected", "lost"),
      `its entries are not those of links, from ${backend}/vif/2/0/hotplug-status on`,
    ],
    ["no links", withEntries((texts) => texts.slice(0, 45)), "it has no links"],
    ["no entries", withProperty("xenimg,entries", () => cells(1)), "it has no links"],
    ["other pairs", withProperty("xenimg,pairs", () => cells(2, 1)), "its pairs are not those of its links"],
    ["no pairs", withProperty("xenimg,pairs", () => strings("a")), "its pairs are not those of its links"],
    [
      "a property more",
      (store) => ({ ...store, properties: [...store.properties, prop("x", cells(1))] }),
      "it has more than entries and pairs",
    ],
    ["a child", (store) => ({ ...store, children: [node("x")] }), "it has more than entries and pairs"],
    ...(
      [
        ["a group's address", "06:00", "07:00", "vif/2/0"],
        ["an address in capitals", "06:00:00:00:00:01", "0A:00:00:00:00:01", "vif/2/0"],
        ["a bridge of options", "br0", "br0,script=x", "vif/2/0"],
        ["a disk of another name", "xvda", "xvdb", "vbd/2/51712"],
        ["a disk of no mode", "r", "x", "vbd/2/51712"],
        ["a device that is none", "fe:10", "fe", "vbd/2/51712"],
        ["a backend of another kind", "/vif/2/0", "/vkbd/2/0", "vkbd/2/0"],
      ] as const
    ).map(([what, from, to, at]): [string, (store: Node) => Node, string] => [
      what,
      withEntries((texts) =>
        texts.map((text) => (text === from || !/^.$/.test(from) ? text.replaceAll(from, to) : text)),
      ),
      `${backend}/${at} is the backend of no link that board.ts can say`,
    ]),
    [
      "a link to itself",
      replaced("/backend/vif/2/", "/backend/vif/1/"),
      `${backend}/vif/1/0 is the backend of no link that board.ts can say`,
    ],
    [
      "a domain that is not there",
      replaced("/backend/vif/2/", "/backend/vif/4/"),
      "it has links of domains that are not there, or have no XenStore",
    ],
  ])("is told and left out: %s", async (_, change, reason) => {
    const { value, told } = await imported(changed(await built({ domains, pv }), change));
    expect(told).toEqual([`XI2207 "xenstore" of /chosen is not taken over: ${reason}: write pv anew`]);
    expect(value?.pv).toEqual([]);
  });

  it("is told where a domain at an end has no XenStore", async () => {
    const tree = await built({ domains, pv });
    const plain = (each: Node): Node => ({
      ...each,
      properties: each.properties.filter(({ name }) => each.name !== "b" || name !== "xen,enhanced"),
      children: each.children.map(plain),
    });
    expect(getProperty(tree.root, "xen,enhanced")).toBeUndefined();
    expect((await imported({ ...tree, root: plain(tree.root) })).told).toEqual([
      expect.stringContaining("it has links of domains that are not there, or have no XenStore"),
    ]);
  });

  it("is taken over where domains have a XenStore because of a property without a value", async () => {
    const short = (each: Node): Node => ({
      ...each,
      properties: each.properties.map((old) => (old.name === "xen,enhanced" ? prop(old.name) : old)),
      children: each.children.map(short),
    });
    const tree = await built({ domains, pv });
    const { value, told } = await imported({ ...tree, root: short(tree.root) });
    expect(told).toEqual([]);
    expect(value?.pv).toHaveLength(2);
  });

  it("is taken over without the numbers that a lock file kept, which is told", async () => {
    const lock = JSON.stringify({
      version: 2,
      systems: { board: { modules: {}, interfaces: { "a>b": 1, "a>b#2": 0 } } },
    });
    const net: PvInput = { kind: "net", backend: "a", frontend: "b" };
    const { value, told } = await imported(await built({ domains, pv: [net, net] }, lock));
    expect(value?.pv).toHaveLength(2);
    expect(told).toEqual([
      'XI2207 the number 1 of an interface of "b" is not taken over: a lock file kept it, and without one it is 0',
      'XI2207 the number 0 of an interface of "b" is not taken over: a lock file kept it, and without one it is 1',
    ]);
  });

  it("is told of consoles, too, which are counted from 1 beside the interfaces", async () => {
    const lock = JSON.stringify({
      version: 2,
      systems: { board: { modules: {}, consoles: { "a>b": 2, "a>b#2": 1 } } },
    });
    const both: readonly PvInput[] = (["console", "net"] as const).map((kind) => ({
      kind,
      backend: "a",
      frontend: "b",
    }));
    const { value, told } = await imported(await built({ domains, pv: [...both, ...both] }, lock));
    expect(value?.pv?.map(({ kind }) => kind)).toEqual(["console", "net", "console", "net"]);
    expect(told).toEqual([
      'XI2207 the number 2 of a console of "b" is not taken over: a lock file kept it, and without one it is 1',
      'XI2207 the number 1 of a console of "b" is not taken over: a lock file kept it, and without one it is 2',
    ]);
  });

  it("is told and left out where a console has the number of the one that a toolstack gives", async () => {
    const tree = await built({ domains, pv: [{ kind: "console", backend: "a", frontend: "b" }] });
    expect((await imported(changed(tree, replaced("console/2/1", "console/2/0")))).told).toEqual([
      expect.stringContaining(`${backend}/console/2/0 is the backend of no link that board.ts can say`),
    ]);
  });
});
