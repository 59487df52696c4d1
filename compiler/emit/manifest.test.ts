import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Artifact, Piece } from "../ir/artifact.ts";
import { lower } from "../lower/lower.ts";
import { files, placedSystem, twoDomains } from "../testing/system.ts";
import { emitManifest } from "./manifest.ts";

const sha256 = (pieces: readonly Piece[]): string => {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece instanceof Uint8Array ? piece : new Uint8Array(piece.zeros));
  return hash.digest("hex");
};

interface Entry {
  readonly path: string;
  readonly owner?: string;
  readonly address?: string;
  readonly size: number;
  readonly sha256: string;
}

const image: Artifact = { path: "image.bin", pieces: [files.Image, { zeros: 3 }], executable: false };
const plan = lower(await placedSystem());
const configuration = { path: "board.ts", bytes: new TextEncoder().encode("export default …") };
const emitted = emitManifest(plan, [image], { version: "1.2.3", configuration, sha256 });
const manifest = JSON.parse(new TextDecoder().decode(emitted.pieces[0] as Uint8Array)) as Record<string, unknown> & {
  readonly inputs: readonly Entry[];
  readonly outputs: readonly Entry[];
};

describe("the manifest", () => {
  it("names its format, the tool, the target and the board", () => {
    expect(manifest).toMatchObject({ format: 1, xenimg: "1.2.3", target: "core", board: { name: "qemu-virt" } });
    const { deviceTree } = plan.placed.resolved.board.profile;
    expect(manifest).toMatchObject({
      board: { deviceTree: { size: deviceTree.length, sha256: sha256([deviceTree]) } },
    });
  });

  it("has each input with its digest and the address it is loaded to", () => {
    const ui = manifest.inputs.find(({ owner }) => owner === "ui/kernel");
    expect(ui).toEqual({
      path: "Image",
      owner: "ui/kernel",
      address: "0x40600000",
      size: files.Image.length,
      sha256: sha256([files.Image]),
    });
    expect(manifest.inputs.map(({ owner }) => owner)).toEqual([
      "configuration",
      "hypervisor",
      "ui/kernel",
      "ui/ramdisk",
      "control/kernel",
    ]);
  });

  it("counts runs of zeros into sizes and digests", () => {
    const [output] = manifest.outputs;
    expect(output).toMatchObject({ size: files.Image.length + 3, sha256: sha256(image.pieces), address: "0x40200000" });
  });

  it("keeps of a whole path only the file's name", async () => {
    const far = { kernel: "/home/somebody/Image", memory: "64MiB" };
    const table = { ...files, [far.kernel]: files.Image };
    const elsewhere = lower(await placedSystem({ ...twoDomains, domains: { far } }, undefined, table));
    const [bytes] = emitManifest(elsewhere, [], { version: "0", configuration, sha256 }).pieces;
    const text = new TextDecoder().decode(bytes as Uint8Array);
    expect(text).toContain('"path": "Image"');
    expect(text).not.toContain("somebody");
  });
});
