import { cells, encode, property, removeNode, setProperty } from "dtc-js";
import { describe, expect, it } from "vitest";
import { fromHex } from "../base/hex.ts";
import { emit } from "../emit/emit.ts";
import { emitManifest } from "../emit/manifest.ts";
import type { Artifact, Piece } from "../ir/artifact.ts";
import { lower } from "../lower/lower.ts";
import { packRaw } from "../pack/raw/raw.ts";
import { realDigest } from "../testing/keys.ts";
import { placedSystem } from "../testing/system.ts";
import { verifyManifest } from "./manifest/planned.ts";
import { verify } from "./verify.ts";

const sha256 = (pieces: readonly Piece[]): string => realDigest("sha256", pieces);
const plan = lower(await placedSystem());
const { systemTree, artifacts } = emit(plan, { runTemplate: "", pvTemplate: "", hasImage: true });
const image: Artifact = { path: "image.bin", pieces: packRaw(plan.placed, systemTree, sha256), executable: false };
const outputs = [image, ...artifacts];

/** The outputs with one of them replaced. */
const withOutput = (path: string, pieces: Artifact["pieces"]): readonly Artifact[] =>
  outputs.map((output) => (output.path === path ? { ...output, pieces } : output));

const attempt = (changed: readonly Artifact[]) => () => {
  verify(plan, changed, realDigest);
};

describe("verify", () => {
  it("accepts what was made of the plan", () => {
    expect(attempt(outputs)).not.toThrow();
  });

  it("misses a file", () => {
    expect(attempt(outputs.filter(({ path }) => path !== "modules/ui-ramdisk"))).toThrow("modules/ui-ramdisk");
  });

  it("sees a file that is cut short", () => {
    expect(attempt(withOutput("modules/ui-kernel", [new Uint8Array(1)]))).toThrow("modules/ui-kernel");
  });

  it("sees a device tree that says something else", () => {
    const fewer = encode(removeNode(plan.systemTree, "/chosen/ui"));
    expect(attempt(withOutput("system.dtb", [fewer]))).toThrow("number of domains");
    const more = encode(setProperty(plan.systemTree, "/chosen/ui", property("cpus", cells(3))));
    expect(attempt(withOutput("system.dtb", [more]))).toThrow("ui");
  });

  it("sees a module that is elsewhere in the image", () => {
    const moved = [{ zeros: 4096 }, ...image.pieces.slice(0, -1), { zeros: 0 }];
    expect(attempt(withOutput("image.bin", moved))).toThrow("image.bin");
    const swapped = image.pieces.map((piece) =>
      piece instanceof Uint8Array && piece.length === 5000 ? new Uint8Array(5000) : piece,
    );
    expect(attempt(withOutput("image.bin", swapped))).toThrow("inside image.bin");
  });

  const coreWith = (offset: number) => {
    const [core, ...rest] = image.pieces;
    const altered = (core as Uint8Array).slice();
    altered[offset] = (altered[offset] ?? 0) ^ 1;
    return attempt(withOutput("image.bin", [altered, ...rest]));
  };

  it.each([16, 80, 88, 96, 104, 112])("sees a header of the image that is wrong at byte %i", (offset) => {
    expect(coreWith(offset)).toThrow("headers of image.bin");
  });

  it("sees a table of parts that is not the core's, or not the image's", () => {
    expect(coreWith(120)).toThrow("the table of parts that the core's header names");
    const at = image.pieces.findIndex((piece) => piece instanceof Uint8Array && piece.length === 4 * 48);
    const table = Uint8Array.from(image.pieces[at] as Uint8Array);
    table[16] = (table[16] ?? 0) ^ 1;
    expect(attempt(withOutput("image.bin", image.pieces.with(at, table)))).toThrow("the core's header names");
    const core = Uint8Array.from(image.pieces[0] as Uint8Array);
    core.set(fromHex(sha256([table])), 120);
    const both = image.pieces.with(at, table).with(0, core);
    expect(attempt(withOutput("image.bin", both))).toThrow("the modules in the table of parts");
  });

  it.each([0, 56, 200])("sees a core that is not the one given, at byte %i", (offset) => {
    expect(coreWith(offset)).toThrow("the core as it was");
  });
});

describe("verifying the manifest", () => {
  const configuration = { path: "board.ts", bytes: new Uint8Array() };
  const manifest = emitManifest(plan, outputs, { version: "0", configuration, sha256 });
  const text = new TextDecoder().decode(manifest.pieces[0] as Uint8Array);
  const attemptManifest =
    (changed: string, of: readonly Artifact[] = outputs) =>
    () => {
      const pieces = [new TextEncoder().encode(changed)];
      verifyManifest(plan, of, { ...manifest, pieces }, sha256);
    };

  it("accepts the one that was made", () => {
    expect(attemptManifest(text)).not.toThrow();
  });

  it("misses and notices outputs", () => {
    expect(attemptManifest(text, outputs.slice(1))).toThrow("one entry for each output");
    expect(attemptManifest(text.replace('"system.dts"', '"other.dts"'))).toThrow("system.dts");
  });

  it("sees a wrong size, digest or address", () => {
    const after = text.indexOf('"outputs"');
    const alter = (from: string | RegExp, to: string): string =>
      text.slice(0, after) + text.slice(after).replace(from, to);
    expect(attemptManifest(alter(/"size": \d+/, '"size": 1'))).toThrow("size and digest of image.bin");
    expect(attemptManifest(alter(/[0-9a-f]{64}/, "0".repeat(64)))).toThrow("size and digest of image.bin");
    expect(attemptManifest(alter('"0x40600000"', '"0x40600001"'))).toThrow("the address of modules/ui-kernel");
  });
});
