import { createHash, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { testKey } from "../testing/keys.ts";
import { sbomProblems, schemaProblems } from "../testing/evidence.ts";
import { build, outputs } from "../testing/outputs.ts";
import { files, kernelImage, twoDomains } from "../testing/system.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const found = await outputs(twoDomains, files, { formats: ["raw", "fit"] });
type Found = ReadonlyMap<string, Buffer>;
const textOf = (path: string, of: Found = found): string => String(of.get(path));

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version?: string;
  readonly licenses?: unknown;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}
interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string };
  readonly components: readonly Component[];
}
const bomOf = (of: Found): Bom => JSON.parse(textOf("sbom.cdx.json", of)) as Bom;
const component = (name: string, of: Found = found): Component | undefined =>
  bomOf(of).components.find((each) => each["bom-ref"] === name);

describe("the bill of materials", () => {
  it("has each input with its SHA-256, and the board's device tree", () => {
    expect(bomOf(found).components.map((each) => each["bom-ref"])).toEqual([
      "configuration",
      "hypervisor",
      "ui/kernel",
      "ui/ramdisk",
      "control/kernel",
      "board/device tree",
    ]);
    expect(component("ui/kernel")).toMatchObject({
      type: "operating-system",
      name: "Image",
      hashes: [{ alg: "SHA-256", content: sha256(files.Image) }],
    });
  });

  it("is as CycloneDX's own schema says, which knows a mistake", async () => {
    const text = textOf("sbom.cdx.json");
    expect(await sbomProblems(text)).toEqual([]);
    for (const [right, wrong] of [
      ['"SHA-256"', '"SHA-255"'],
      ['"operating-system"', '"kernel"'],
      ["urn:uuid:", "uuid:"],
      ['"Apache-2.0"', '"Apache 2"'],
    ] as const)
      expect([wrong, (await sbomProblems(text.replace(right, wrong))).length]).toEqual([wrong, 1]);
  });

  it("has a serial number of its content, and a time only where one was given", async () => {
    const changed = await outputs(twoDomains, { ...files, Image: kernelImage(8192) });
    const dated = await outputs(twoDomains, files, { epoch: 1_700_000_000 });
    expect(new Set([found, changed, dated].map((each) => bomOf(each).serialNumber)).size).toBe(3);
    expect([found, dated].map((each) => bomOf(each).metadata.timestamp)).toEqual([
      undefined,
      "2023-11-14T22:13:20.000Z",
    ]);
    expect(bomOf(found).serialNumber).toBe(bomOf(await outputs(twoDomains, files)).serialNumber);
  });

  it("tells a licence of what is ours alone, and the version that a Linux kernel says", async () => {
    const banner = Buffer.from(
      "Linux version %s\0Linux version 6.1.0-18-arm64 (debian-kernel@lists.debian.org) (gcc-12)\0",
    );
    const linux = Buffer.concat([kernelImage(8192).subarray(0, 8192 - banner.length), banner]);
    const of = await outputs(twoDomains, { ...files, Image: linux });
    expect(
      bomOf(of)
        .components.filter(({ licenses }) => licenses)
        .map((each) => each["bom-ref"]),
    ).toEqual(["hypervisor"]);
    expect([component("ui/kernel", of)?.version, component("ui/kernel")?.version]).toEqual([
      "6.1.0-18-arm64",
      undefined,
    ]);
  });
});

interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicate: {
    readonly buildDefinition: {
      readonly externalParameters: unknown;
      readonly resolvedDependencies: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
    };
  };
}
const statementOf = (of: Found): Statement => JSON.parse(textOf("provenance.intoto.json", of)) as Statement;

describe("the provenance", () => {
  it("is of every output but itself and the manifest, which counts it", () => {
    const { subject } = statementOf(found);
    const names = [...found.keys()].filter((path) => !/^(manifest|provenance)/.test(path));
    expect(subject.map(({ name }) => name)).toEqual(names);
    for (const { name, digest } of subject) expect(digest).toEqual({ sha256: sha256(found.get(name) ?? Buffer.of()) });
    const { outputs: listed } = JSON.parse(textOf("manifest.json")) as {
      readonly outputs: { readonly path: string }[];
    };
    expect(listed.map(({ path }) => path)).toEqual([...names, "provenance.intoto.json"]);
  });

  it("names each input by its digest, and what was asked for", async () => {
    const { externalParameters, resolvedDependencies } = statementOf(found).predicate.buildDefinition;
    expect(externalParameters).toEqual({
      configuration: "board.ts",
      set: {},
      target: "core",
      formats: ["raw", "fit"],
      hash: "sha256",
    });
    expect(resolvedDependencies.map(({ name, digest }) => [name, digest.sha256])).toEqual(
      bomOf(found).components.map((each) => [each["bom-ref"], each.hashes[0]?.content]),
    );
    const signed = await outputs(twoDomains, files, {
      signer: testKey("board"),
      padding: "pss",
      epoch: 5,
      formats: ["script"],
      load: "sd",
    });
    expect(statementOf(signed).predicate.buildDefinition.externalParameters).toMatchObject({
      padding: "pss",
      sourceDateEpoch: 5,
      load: "sd",
    });
  });

  it("is as the specifications say, by a schema that knows a mistake", () => {
    const text = textOf("provenance.intoto.json");
    expect(schemaProblems("provenance.intoto.json", JSON.parse(text))).toEqual([]);
    for (const name of ["subject", "builder", "buildType", "externalParameters", "digest", "_type"])
      expect(
        schemaProblems("provenance.intoto.json", JSON.parse(text.replace(`"${name}"`, `"x-${name}"`))),
      ).not.toEqual([]);
  });

  it.each([
    ["RSA", testKey("board")],
    ["ECDSA", testKey("curve", "p256")],
  ] as const)("is in a signed envelope, too: %s over its type and its bytes", async (_, signer) => {
    const of = await outputs(twoDomains, files, { signer });
    const line = textOf("provenance.intoto.jsonl", of);
    const envelope = JSON.parse(line) as {
      readonly payloadType: string;
      readonly payload: string;
      readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
    };
    const payload = Buffer.from(envelope.payload, "base64");
    expect([payload.equals(of.get("provenance.intoto.json") ?? Buffer.of()), line.indexOf("\n")]).toEqual([
      true,
      line.length - 1,
    ]);
    // DSSE's pre-authentication encoding, by hand.
    const signed = Buffer.concat([Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${payload.length} `), payload]);
    const [{ keyid, sig } = { keyid: "", sig: "" }] = envelope.signatures;
    expect(keyid).toBe(signer.name);
    expect(verify("sha256", signed, signer.privateKey, Buffer.from(sig, "base64"))).toBe(true);
  });
});

it("is missing, and so is every output, where whoever signs fails at any of the signatures", async () => {
  const signer = testKey("board");
  for (const last of [0, 1]) {
    let calls = 0;
    const sign: typeof signer.sign = (...args) =>
      calls++ === last ? Promise.resolve({ diagnostics: [] }) : signer.sign(...args);
    expect(
      (await build(twoDomains, files, { formats: ["raw"], signer: { ...signer, sign } })).artifacts,
    ).toBeUndefined();
  }
});
