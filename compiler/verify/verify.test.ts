import { cells, encode, property, removeNode, setProperty } from "dtc-js";
import { describe, expect, it } from "vitest";
import { emit } from "../emit/emit.ts";
import type { Artifact } from "../ir/artifact.ts";
import { lower } from "../lower/lower.ts";
import { packRaw } from "../pack/raw/raw.ts";
import { placedSystem } from "../testing/system.ts";
import { verify } from "./verify.ts";

const plan = lower(await placedSystem());
const { systemTree, artifacts } = emit(plan, "");
const image: Artifact = { path: "image.bin", pieces: packRaw(plan.placed, systemTree), executable: false };
const outputs = [image, ...artifacts];

/** The outputs with one of them replaced. */
const withOutput = (path: string, pieces: Artifact["pieces"]): readonly Artifact[] =>
  outputs.map((output) => (output.path === path ? { ...output, pieces } : output));

const attempt = (changed: readonly Artifact[]) => () => {
  verify(plan, changed);
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
});
