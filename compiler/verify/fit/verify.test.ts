import type { DeviceTree, Node, Value } from "dtc-js";
import {
  addNode,
  cells,
  cells64,
  decode,
  encode,
  findNode,
  getProperty,
  property,
  readStrings,
  removeNode,
  removeProperty,
  setProperty,
  strings,
  updateNode,
} from "dtc-js";
import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { externalFit, signedFit, signedTree, unsignedFit } from "../../testing/fit.ts";
import { realDigest, testKey } from "../../testing/keys.ts";
import { lower } from "../../lower/lower.ts";
import { fitTree } from "../../pack/fit/fit.ts";
import { placedSystem, twoDomains } from "../../testing/system.ts";
import { sizeOf } from "../../ir/artifact.ts";
import { joiner } from "../joiner.ts";
import { verifyPlannedFit } from "./planned.ts";
import { describeFit } from "./describe.ts";
import { describeTrust } from "./describe.ts";
import { readFit } from "./read.ts";
import { verifyFit } from "./verify.ts";

const key = testKey("dev");
const good = await signedFit(key);

/** What `verify` refuses a file for; empty for a good one. */
function refusals(bytes: Uint8Array, by = key): readonly string[] {
  const read = readFit(bytes);
  if (read.kind !== "fit") return [read.kind === "broken" ? `XI6102: ${read.reason}` : "XI6101"];
  return verifyFit(bytes, read.fit, realDigest, by).map(({ code, message }) => `${code}: ${message}`);
}

function treeOf(blob: Uint8Array): DeviceTree {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return decoded.value;
}

const altered = (change: (tree: DeviceTree) => DeviceTree): readonly string[] => refusals(encode(change(treeOf(good))));
/** Altered, and signed again by who holds the key: what only the compiler's own mistakes would make. */
const resigned = async (change: (tree: DeviceTree) => DeviceTree): Promise<readonly string[]> =>
  refusals(encode(await signedTree(change(unsignedFit()), key)));

const signature = "/configurations/conf-1/signature-1";

/** A list of the good FIT's signature. */
function signedNow(name: string): readonly string[] {
  const value = getProperty(findNode(treeOf(good), signature) ?? treeOf(good).root, name)?.value;
  return (value && readStrings(value)) ?? [];
}

/** The list with one of its items and the next made one. */
const joinedAt = (items: readonly string[], at: number): readonly string[] => [
  ...items.slice(0, at),
  items.slice(at, at + 2).join(","),
  ...items.slice(at + 2),
];

describe("a FIT that was signed", () => {
  it("is proven by its key", () => {
    expect(refusals(good)).toEqual([]);
  });

  it.each(["sha384", "sha512"] as const)("is proven by its key with %s", async (hash) => {
    expect(refusals(await signedFit(key, hash))).toEqual([]);
  });

  it.each([
    ["RSA with PSS", 2048, "sha256", "pss"],
    ["ECDSA P-256", "p256", "sha256", undefined],
    ["ECDSA P-384", "p384", "sha384", undefined],
  ] as const)("with %s is proven by its key, and by no other", async (_, kind, hash, padding) => {
    const own = testKey("dev", kind);
    const fit = await signedFit(own, hash, padding);
    expect(refusals(fit, own)).toEqual([]);
    expect(refusals(fit, testKey("dev", kind))).toEqual([expect.stringContaining("XI6105")]);
    expect(refusals(fit, testKey("dev", 3072))).toEqual([expect.stringContaining("the key is for rsa3072")]);
    const missed = sampledBits(fit, 100).filter((bit) => refusals(withFlipped(fit, bit), own).length === 0);
    expect(missed).toEqual([]);
  });

  it("is refused with another padding than it says (XI6106), and with one that nobody knows (XI6102)", async () => {
    const pss = treeOf(await signedFit(key, "sha256", "pss"));
    expect(refusals(encode(removeProperty(pss, signature, "padding")))).toEqual([expect.stringContaining("XI6106")]);
    const odd = encode(setProperty(pss, signature, property("padding", strings("oaep"))));
    expect(refusals(odd)).toEqual([expect.stringContaining("unknown padding")]);
    const ec = testKey("dev", "p256");
    const signed = treeOf(await signedFit(ec));
    const properties = findNode(signed, signature)?.properties ?? [];
    const padded = updateNode(signed, signature, (node) => ({
      ...node,
      properties: [...properties.slice(0, 2), property("padding", strings("pss")), ...properties.slice(2)],
    }));
    expect(refusals(encode(padded), ec)).not.toEqual([]);
  });

  it("XI6109: is told from a release where the key is for development", async () => {
    const marked = await signedFit({ ...key, development: true });
    expect(refusals(marked)).toEqual([expect.stringContaining("XI6109")]);
  });

  it("XI6105: is refused by another key, of this size and of another", () => {
    expect(refusals(good, testKey("dev"))).toEqual([expect.stringContaining("not this key's")]);
    expect(refusals(good, testKey("dev", 3072))).toEqual([expect.stringContaining("the key is for rsa3072")]);
  });
});

describe("a FIT that was altered", () => {
  it("XI6103: in an image's data", () => {
    const change = (tree: DeviceTree): DeviceTree =>
      updateNode(tree, "/images/ui-kernel", (node) => flipped(node, "data"));
    expect(altered(change)).toEqual([expect.stringContaining('XI6103: the image "ui-kernel"')]);
  });

  it("XI6105: in an image's data and its hash", () => {
    const donor = findNode(treeOf(good), "/images/control-kernel");
    const data = donor?.properties.find(({ name }) => name === "data");
    const hash = donor?.children[0];
    if (data === undefined || hash === undefined) throw new Error("no image control-kernel");
    const swapped = altered((tree) => addNode(setProperty(tree, "/images/ui-kernel", data), "/images/ui-kernel", hash));
    expect(swapped).toEqual([expect.stringContaining("XI6105"), expect.stringContaining("XI6108")]);
  });

  it("XI6105: in a load address, which XI6108 sees also where it is signed", async () => {
    const move = (tree: DeviceTree): DeviceTree =>
      setProperty(tree, "/images/ui-kernel", property("load", cells64(0x7000_0000)));
    expect(altered(move)).toEqual([expect.stringContaining("XI6105"), expect.stringContaining("XI6108")]);
    expect(await resigned(move)).toEqual([expect.stringContaining("XI6108")]);
  });

  it("XI6104: by taking the signature off", () => {
    expect(altered((tree) => removeNode(tree, signature))).toEqual([expect.stringContaining("XI6104")]);
    expect(refusals(encode(unsignedFit()))).toEqual([expect.stringContaining("XI6104")]);
  });

  it.each([
    ["hashed-nodes", strings("/", "/configurations/conf-1")],
    ["sign-images", strings("kernel", "fdt")],
    ["hashed-strings", cells64(0)],
    // A NUL less: one name where three were.
    ["sign-images", strings("kernel,fdt,loadables")],
    ["hashed-nodes", strings(signedNow("hashed-nodes").join(","))],
    ["hashed-nodes", strings(...joinedAt(signedNow("hashed-nodes"), 2))],
    ["key-name-hint", strings("other")],
  ])("XI6106: in %s, which no signature covers", (name, value) => {
    expect(altered((tree) => setProperty(tree, signature, property(name, value)))).toEqual([
      expect.stringContaining("XI6106"),
    ]);
  });

  it("XI6105: by another algorithm", () => {
    const weaker = altered((tree) => setProperty(tree, signature, property("algo", strings("sha1,rsa2048"))));
    expect(weaker).toEqual([expect.stringContaining('"sha1,rsa2048"')]);
  });

  it("XI6107: by bytes behind it, in its padding and in its header", () => {
    const longer = new Uint8Array(good.length + 1);
    longer.set(good);
    expect(refusals(longer)).toEqual([expect.stringContaining(`XI6107: the byte at 0x${good.length.toString(16)}`)]);
    // Version 16 is read like 17.
    const older = good.slice();
    older[23] = 16;
    expect(refusals(older)).toEqual([expect.stringContaining("XI6107: the byte at 0x17")]);
  });

  it("XI6102: by images, nodes and properties that ours do not have", () => {
    const image = findNode(treeOf(good), "/images/ui-kernel");
    if (image === undefined) throw new Error("no image ui-kernel");
    const added: readonly (readonly [(tree: DeviceTree) => DeviceTree, string])[] = [
      [(tree) => addNode(tree, "/images", { ...image, name: "more" }), 'no configuration names the image "more"'],
      [(tree) => twice(tree, image), 'two images "ui-kernel"'],
      [(tree) => setProperty(tree, "/images", property("x")), "/images has the properties"],
      [(tree) => removeNode(tree, "/images/ui-kernel/hash-1"), "has the nodes none"],
      [(tree) => updateNode(tree, "/configurations/conf-1", signedTwice), 'the nodes "signature-1", "signature-1"'],
      [(tree) => renamed(tree, "timestamp", "timestamp,description", "description"), "the root has the properties"],
      [(tree) => removeProperty(tree, "/images/ui-kernel", "load"), "has the properties"],
      [(tree) => setProperty(tree, "/configurations", property("default", strings("conf-2"))), "not the default"],
      [(tree) => removeNode(tree, "/images/ui-kernel"), '"ui-kernel" that is not there'],
      [(tree) => ({ ...tree, bootCpuid: 1 }), "its header"],
    ];
    for (const [change, reason] of added) {
      expect(altered(change)).toEqual([expect.stringMatching(/^XI6102: /)]);
      expect(altered(change)[0]).toContain(reason);
    }
  });

  it("XI6108: by a configuration whose parts are none of their kind, even a signed one", async () => {
    const mixed = await resigned((tree) => {
      const kernel = setProperty(tree, "/configurations/conf-1", property("kernel", strings("ui-kernel")));
      const modules = strings("hypervisor", "ui-ramdisk", "control-kernel");
      return setProperty(kernel, "/configurations/conf-1", property("loadables", modules));
    });
    expect(mixed).toEqual([
      expect.stringContaining('XI6108: "conf-1" is not one system: "ui-kernel" is no hypervisor'),
    ]);
  });
});

function flipped(node: Node, name: string): Node {
  const properties = node.properties.map((each) => {
    if (each.name !== name) return each;
    const bytes = each.value.bytes.slice();
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    return { ...each, value: { bytes, markers: [] } };
  });
  return { ...node, properties };
}

const signedTwice = (node: Node): Node => ({ ...node, children: [...node.children, ...node.children] });

/** The root with a property renamed and another left out. */
const renamed = (tree: DeviceTree, name: string, to: string, without: string): DeviceTree => ({
  ...tree,
  root: {
    ...tree.root,
    properties: tree.root.properties
      .filter((each) => each.name !== without)
      .map((each) => (each.name === name ? { ...each, name: to } : each)),
  },
});

const twice = (tree: DeviceTree, image: Node): DeviceTree =>
  updateNode(tree, "/images", (images) => ({ ...images, children: [...images.children, image] }));

/** The same file with one bit another. */
function withFlipped(file: Uint8Array, bit: number): Uint8Array {
  const bytes = file.slice();
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bytes;
}

/** Numbers of bits of a file, the same each time: mulberry32. */
function sampledBits(file: Uint8Array, count: number): readonly number[] {
  let state = 5;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * file.length * 8);
  });
}

describe("any single bit", () => {
  const flip = (bit: number): Uint8Array => withFlipped(good, bit);

  it("XI6108: that makes a configuration's rollback index another than its device tree's is seen, though signed", async () => {
    const index = (value: Value) => (tree: DeviceTree) =>
      setProperty(tree, "/configurations/conf-1", property("xenimg,rollback-index", value));
    expect(await resigned(index(cells(3)))).toEqual([
      expect.stringMatching(/^XI6108: .*its rollback index is 3, its device tree's 0$/),
    ]);
    expect(await resigned(index(cells(0, 3)))).toEqual([
      expect.stringContaining('XI6102: the rollback index of the configuration "conf-1" is no single cell'),
    ]);
    expect(altered(index(cells(3)))).toContainEqual(expect.stringMatching(/^XI610[56]/));
  });

  it("that is flipped is seen, in each byte that is no image's data", () => {
    const contents = ["hypervisor", "device-tree", "ui-kernel", "ui-ramdisk", "control-kernel"].map((name) => {
      const image = findNode(treeOf(good), `/images/${name}`);
      const data = image?.properties.find((each) => each.name === "data")?.value.bytes ?? new Uint8Array();
      const start = Buffer.from(good).indexOf(data);
      return { start, end: start + data.length };
    });
    const structure = [...good.keys()].filter((at) => !contents.some(({ start, end }) => at >= start && at < end));
    expect(structure.length).toBeGreaterThan(2000);
    const missed = structure.filter((at) => refusals(flip(at * 8 + ((at * 5) % 8))).length === 0);
    expect(missed).toEqual([]);
  });

  test.prop([fc.nat({ max: good.length * 8 - 1 })], { numRuns: 1000 })("that is flipped is seen", (bit) => {
    expect(refusals(flip(bit))).not.toEqual([]);
  });
});

describe.each([
  ["-E", { align: 4 }],
  ["-E -B 0x800", { align: 0x800 }],
  ["-E -p 0x4000", { align: 4, position: 0x4000 }],
] as const)("a FIT with external data, as mkimage %s makes it,", (_, placement) => {
  it("is proven by its key", async () => {
    expect(refusals(await externalFit(key, placement))).toEqual([]);
  });

  it("is refused with any single bit flipped, in tree, data and padding", async () => {
    const fit = await externalFit(key, placement);
    const bits = sampledBits(fit, 1000);
    expect(bits.filter((bit) => refusals(withFlipped(fit, bit)).length === 0)).toEqual([]);
  });

  it("is refused if it is longer or shorter, or if its files lie elsewhere", async () => {
    const fit = await externalFit(key, placement);
    expect(refusals(fit.subarray(0, -placement.align))).toEqual([expect.stringContaining("XI6102")]);
    expect(refusals(Buffer.concat([fit, new Uint8Array(placement.align)]))).toEqual([
      expect.stringContaining("XI6102"),
    ]);
    for (const form of ["data-offset", "data-position"]) {
      const moved = treeOf(fit);
      const found = getProperty(findNode(moved, "/images/ui-kernel") ?? moved.root, form);
      if (found === undefined) continue;
      for (const at of [0, 0x7fff_ffff, 0xffff_ffff]) {
        const header = encode(setProperty(moved, "/images/ui-kernel", property(form, cells(at))));
        const altered = fit.slice();
        altered.set(header.subarray(8), 8);
        expect(refusals(altered)).not.toEqual([]);
      }
    }
  });
});

const placed = [
  await placedSystem(),
  await placedSystem({ ...twoDomains, hypervisor: { bootargs: "console=dtuart sync_console" } }),
];
const systems = placed.map((system) => {
  const plan = lower(system);
  return { plan, systemTree: encode(plan.systemTree) };
});
const twoSystems = await signedTree(fitTree(systems, { hash: "sha256", digest: realDigest }).tree, key);

describe("a FIT of two systems", () => {
  const tree = twoSystems;
  const second = "/configurations/conf-2";

  it("has a configuration of each, and once what both load to one place", () => {
    const names = findNode(tree, "/images")?.children.map(({ name }) => name);
    expect(names).toEqual(["hypervisor", "device-tree", "ui-kernel", "ui-ramdisk", "control-kernel", "device-tree-2"]);
    expect(refusals(encode(tree))).toEqual([]);
    const planned = systems.map(({ plan, systemTree }) => ({ plan, tree: systemTree }));
    const artifact = { path: "image.itb", pieces: [encode(tree)], executable: false };
    verifyPlannedFit(planned, artifact, realDigest, joiner(sizeOf(artifact)));
    expect(() => {
      verifyPlannedFit(planned.toReversed(), artifact, realDigest, joiner(sizeOf(artifact)));
    }).toThrow("the bytes of device tree in image.itb");
  });

  it("XI6105: is refused where a configuration names the other's part, and XI6102 where they change places", () => {
    const mixed = setProperty(tree, second, property("fdt", strings("device-tree")));
    expect(refusals(encode(mixed))[0]).toContain("XI6102");
    const used = setProperty(mixed, "/configurations/conf-1", property("fdt", strings("device-tree-2")));
    expect(refusals(encode(used)).map((text) => text.slice(0, 6))).toEqual(["XI6106", "XI6106"]);
    const preset = setProperty(tree, "/configurations", property("default", strings("conf-2")));
    expect(refusals(encode(preset))[0]).toContain("XI6102");
  });

  it("does not tell which comes first, nor what was taken out: no signature covers that, and describeTrust says so", () => {
    const preset = setProperty(tree, "/configurations", property("default", strings("conf-2")));
    const turned = updateNode(preset, "/configurations", (node) => ({ ...node, children: node.children.toReversed() }));
    const alone = removeNode(removeNode(preset, "/configurations/conf-1"), "/images/device-tree");
    const trustIn = (each: DeviceTree): string => {
      const read = readFit(encode(each));
      if (read.kind !== "fit") throw new Error(read.kind);
      expect(verifyFit(encode(each), read.fit, realDigest, key)).toEqual([]);
      return describeTrust(read.fit, key.key);
    };
    for (const each of [tree, turned]) expect(trustIn(each)).toContain("not covered: which of the configurations");
    expect(trustIn(alone)).not.toContain("not covered");
  });

  it("XI6104: is refused if one of them is not signed, and with any single bit flipped", () => {
    expect(refusals(encode(removeNode(tree, `${second}/signature-1`)))).toEqual([expect.stringContaining("XI6104")]);
    const fit = encode(tree);
    expect(sampledBits(fit, 300).filter((bit) => refusals(withFlipped(fit, bit)).length === 0)).toEqual([]);
  });
});

describe("the reader", () => {
  test.prop(
    [
      fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }),
      fc.option(fc.nat({ max: good.length }), { nil: undefined }),
    ],
    { numRuns: 1000 },
  )("never throws, whatever the bytes are, and shows no control characters", (changes, length) => {
    const bytes = good.slice(0, length);
    for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
    const read = readFit(bytes);
    const text = read.kind === "fit" ? describeFit(read.fit) : read.kind === "broken" ? read.reason : "";
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    refusals(bytes);
  });
});
