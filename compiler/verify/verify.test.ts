import { createHash } from "node:crypto";
import { cells, encode, property, removeNode, setProperty } from "dtc-js";
import { describe, expect, it } from "vitest";
import { emit } from "../emit/emit.ts";
import { emitManifest } from "../emit/manifest.ts";
import type { Artifact } from "../ir/artifact.ts";
import { lower } from "../lower/lower.ts";
import { packRaw } from "../pack/raw/raw.ts";
import { placedSystem } from "../testing/system.ts";
import { verifyManifest } from "./manifest/planned.ts";
import { verify } from "./verify.ts";

const plan = lower(await placedSystem());
const { systemTree, artifacts } = emit(plan, { runTemplate: "", hasImage: true });
const image: Artifact = { path: "image.bin", pieces: packRaw(plan.placed, systemTree), executable: false };
const outputs = [image, ...artifacts];

/** The outputs with one of them replaced. */
const withOutput = (path: string, pieces: Artifact["pieces"]): readonly Artifact[] =>
  outputs.map((output) => (output.path === path ? { ...output, pieces } : output));

const attempt = (changed: readonly Artifact[]) => () => {
  verify(plan, changed, () => "");
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
    const swapped = image.pieces.map((piece, index) => (index === 4 ? new Uint8Array(5000) : piece));
    expect(attempt(withOutput("image.bin", swapped))).toThrow("inside image.bin");
  });

  const coreWith = (offset: number) => {
    const [core, ...rest] = image.pieces;
    const altered = (core as Uint8Array).slice();
    altered[offset] = (altered[offset] ?? 0) ^ 1;
    return attempt(withOutput("image.bin", [altered, ...rest]));
  };

  it.each([16, 80, 88, 96, 104])("sees a header of the image that is wrong at byte %i", (offset) => {
    expect(coreWith(offset)).toThrow("headers of image.bin");
  });

  it.each([0, 56, 200])("sees a core that is not the one given, at byte %i", (offset) => {
    expect(coreWith(offset)).toThrow("the core as it was");
  });
});

describe("verifying the manifest", () => {
  const sha256 = (pieces: Artifact["pieces"]): string =>
    createHash("sha256")
      .update(
        pieces.map((piece) => (piece instanceof Uint8Array ? Buffer.from(piece).toString("hex") : piece.zeros)).join(),
      )
      .digest("hex");
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
