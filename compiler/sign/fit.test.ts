import {
  decode,
  encode,
  deviceTree,
  findNode,
  getProperty,
  node,
  property,
  readStrings,
  removeProperty,
  setProperty,
  strings,
} from "dtc-js";
import type { DeviceTree } from "dtc-js";
import { describe, expect, it } from "vitest";
import { signedBytes } from "../codecs/fit/signed.ts";
import type { HashAlgorithm } from "../ir/host.ts";
import { hashAlgorithms } from "../ir/host.ts";
import type { RsaPadding } from "../ir/signer.ts";
import { rsaSizes } from "../ir/signer.ts";
import { signedFit } from "../testing/fit.ts";
import type { TestKey } from "../testing/keys.ts";
import { testKey } from "../testing/keys.ts";
import { mkimageSign } from "../testing/mkimage.ts";
import { requiredKeys, withUbootKey } from "./uboot-key.ts";

function treeOf(blob: Uint8Array): DeviceTree {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return decoded.value;
}

/** Properties of a node by name. */
const propertiesOf = (blob: Uint8Array, path: string): Record<string, string> =>
  Object.fromEntries(
    (findNode(treeOf(blob), path)?.properties ?? []).map(({ name, value }) => [
      name,
      Buffer.from(value.bytes).toString("hex"),
    ]),
  );

describe.each(rsaSizes)("RSA-%i", (bits) => {
  const key = testKey("dev", bits);
  const control = encode(deviceTree());

  it.each(hashAlgorithms)("signs with %s what mkimage signs", async (hash) => {
    const ours = await signedFit(key, hash);
    const path = "/configurations/conf-1/signature-1";
    const theirs = propertiesOf(mkimageSign(ours, key, control).fit, path);
    const { value, "hashed-nodes": nodes, "hashed-strings": strings } = propertiesOf(ours, path);
    expect(value).toMatch(new RegExp(`^[0-9a-f]{${bits / 4}}$`));
    expect({ value, "hashed-nodes": nodes, "hashed-strings": strings }).toEqual({
      value: theirs["value"],
      "hashed-nodes": theirs["hashed-nodes"],
      "hashed-strings": theirs["hashed-strings"],
    });
  });

  it.each(hashAlgorithms)(
    "with %s is required by the node that mkimage writes into U-Boot's device tree",
    async (hash) => {
      const theirs = mkimageSign(await signedFit(key, hash), key, control).control;
      const ours = encode(withUbootKey(treeOf(control), { ...key, hash }));
      expect(propertiesOf(ours, "/signature/key-dev")).toEqual(propertiesOf(theirs, "/signature/key-dev"));
    },
  );
});

describe("what mkimage signs", () => {
  interface Both {
    readonly ours: Uint8Array;
    readonly theirs: Uint8Array;
  }
  /** Signed by mkimage over what we signed. */
  const both = async (key: TestKey, hash: HashAlgorithm, padding?: RsaPadding): Promise<Both> => {
    const ours = await signedFit(key, hash, padding);
    return { ours, theirs: mkimageSign(ours, key, withSignatures).fit };
  };
  const path = "/configurations/conf-1/signature-1";
  /** mkimage 2023.01 puts ECDSA keys only into a node that is there. */
  const withSignatures = encode(deviceTree({ children: [node("signature")] }));
  /** Whether a key verifies the values of both over the bytes of ours: what mkimage adds, it adds behind them. */
  function verified(files: Both, key: TestKey, hash: HashAlgorithm, padding?: RsaPadding): readonly boolean[] {
    const tree = treeOf(files.ours);
    const nodes = getProperty(findNode(tree, path) ?? tree.root, "hashed-nodes");
    const { bytes } = signedBytes(tree, (nodes && readStrings(nodes.value)) ?? []);
    return [files.ours, files.theirs].map((fit) => {
      const value = Buffer.from(propertiesOf(fit, path)["value"] ?? "", "hex");
      return key.verify(hash, bytes, value, padding);
    });
  }

  it.each(hashAlgorithms)("with PSS and %s our key verifies", async (hash) => {
    const key = testKey("dev");
    const { ours, theirs } = await both(key, hash, "pss");
    expect(propertiesOf(ours, path)).toHaveProperty("padding", Buffer.from("pss\0").toString("hex"));
    expect(verified({ ours, theirs }, key, hash, "pss")).toEqual([true, true]);
    expect(propertiesOf(ours, path)["value"]).not.toBe(propertiesOf(theirs, path)["value"]);
  });

  it.each(["sha256", "sha384", "sha512"] as const)("with ECDSA P-256 and %s our key verifies", async (hash) => {
    const key = testKey("dev", "p256");
    const { ours, theirs } = await both(key, hash);
    expect(propertiesOf(ours, path)["algo"]).toBe(Buffer.from(`${hash},ecdsa256\0`).toString("hex"));
    expect([ours, theirs].map((fit) => propertiesOf(fit, path)["value"]?.length)).toEqual([128, 128]);
    expect(verified({ ours, theirs }, key, hash)).toEqual([true, true]);
  });

  it("has the point of an ECDSA key as our node for U-Boot has", async () => {
    const key = testKey("dev", "p256");
    const { control } = mkimageSign(await signedFit(key), key, withSignatures);
    const theirs = propertiesOf(control, "/signature/dev");
    expect(Object.keys(theirs).sort()).toEqual(["ecdsa,curve", "ecdsa,x-point", "ecdsa,y-point"]);
    const tree = encode(withUbootKey(treeOf(encode(deviceTree())), { ...key, hash: "sha256" }));
    expect(propertiesOf(tree, "/signature/key-dev")).toMatchObject(theirs);
  });

  it("knows no P-384, whose curve has OpenSSL's name in our node", () => {
    const key = testKey("dev", "p384");
    const tree = encode(withUbootKey(treeOf(encode(deviceTree())), { ...key, hash: "sha384" }));
    const made = propertiesOf(tree, "/signature/key-dev");
    expect(made["ecdsa,curve"]).toBe(Buffer.from("secp384r1\0").toString("hex"));
    expect([made["ecdsa,x-point"], made["ecdsa,y-point"]].map((point) => point?.length)).toEqual([96, 96]);
  });
});

describe("U-Boot's device tree", () => {
  it("keeps the keys and everything else that it had", () => {
    const [one, other] = [testKey("one"), testKey("other")];
    const first = withUbootKey(treeOf(encode(deviceTree())), { ...one, hash: "sha256" });
    const both = withUbootKey(first, { ...other, hash: "sha256" });
    expect(findNode(both, "/signature")?.children.map(({ name }) => name)).toEqual(["key-one", "key-other"]);
    const again = withUbootKey(both, { ...other, name: "one", hash: "sha256" });
    const modulus = getProperty(findNode(again, "/signature/key-one") ?? again.root, "rsa,modulus")?.value.bytes;
    expect(modulus).toEqual(other.key.kind === "rsa" && Uint8Array.from(other.key.modulus));
  });

  it("requires any of two keys, not both: an image has one signature", () => {
    const [one, other] = [testKey("one"), testKey("other")];
    const first = withUbootKey(treeOf(encode(deviceTree())), { ...one, hash: "sha256" });
    expect(requiredKeys(first)).toEqual({ names: ["key-one"] });
    expect(requiredKeys(withUbootKey(first, { ...one, hash: "sha512" }))).toEqual({ names: ["key-one"] });
    const both = withUbootKey(first, { ...other, hash: "sha256" });
    expect(requiredKeys(both)).toEqual({ names: ["key-one", "key-other"], mode: "any" });
  });

  it("keeps a mode that stands there, and does not count keys that are not required", () => {
    const [one, other] = [testKey("one"), testKey("other")];
    const first = withUbootKey(treeOf(encode(deviceTree())), { ...one, hash: "sha256" });
    const all = setProperty(first, "/signature", property("required-mode", strings("all")));
    expect(requiredKeys(withUbootKey(all, { ...other, hash: "sha256" }))).toHaveProperty("mode", "all");
    const free = removeProperty(first, "/signature/key-one", "required");
    expect(requiredKeys(withUbootKey(free, { ...other, hash: "sha256" }))).toEqual({ names: ["key-other"] });
  });
});

describe("a signed FIT", () => {
  it("names its key, and says where that is for development only, in what is signed", async () => {
    const key = testKey("dev");
    expect(Object.keys(propertiesOf(await signedFit(key), "/"))).toContain("xenimg,key");
    const marked = propertiesOf(await signedFit({ ...key, development: true }), "/");
    expect(marked).toHaveProperty(["xenimg,development-key"], "");
  });
});
