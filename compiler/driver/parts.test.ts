import { verify } from "node:crypto";
import { isAbsolute, normalize } from "node:path";
import { cells64, decode, encode, property, setProperty, walk } from "dtc-js";
import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootHeader, bootHeaderOffset } from "../codecs/boot-header.ts";
import { pieceLength } from "../ir/artifact.ts";
import { certificate } from "../testing/certificates.ts";
import { stubFile } from "../testing/efi.ts";
import { joinPieces, outputs } from "../testing/outputs.ts";
import { files, twoDomains } from "../testing/system.ts";
import { partsOf, unwritableName } from "./parts.ts";

const signer = await certificate({ name: "signer" });
const built = await outputs(twoDomains, files, {
  formats: ["raw", "fit", "uefi", "disk"],
  signer: signer.key,
  certificates: [signer.der],
  efiStub: { path: "stub.efi", bytes: stubFile() },
});
const output = (path: string): Buffer => {
  const bytes = built.get(path);
  if (bytes === undefined) throw new Error(`no output ${path}`);
  return bytes;
};

/** What comes out of an image, by name; the reason where nothing does. */
async function taken(bytes: Uint8Array): Promise<ReadonlyMap<string, Buffer> | string> {
  const read = await partsOf(bytes);
  return read.kind === "refused"
    ? read.reason
    : new Map(read.parts.map(({ path, pieces }) => [path, joinPieces(pieces)]));
}

async function partsFrom(path: string): Promise<ReadonlyMap<string, Buffer>> {
  const found = await taken(output(path));
  if (typeof found === "string") throw new Error(found);
  return found;
}

const modules = { "ui-kernel": files.Image, "ui-ramdisk": files["rootfs.cpio"], "control-kernel": files.Image2 };

const images = ["image.bin", "image.itb", "image.efi"] as const;

describe("the parts of an image", () => {
  it.each(images)("%s gives back the device tree and each module as they were packed", async (path) => {
    const parts = await partsFrom(path);
    for (const [name, bytes] of Object.entries({ "device-tree": output("system.dtb"), ...modules }))
      expect([name, parts.get(name)?.equals(bytes)]).toEqual([name, true]);
  });

  it("are these, and no others", async () => {
    const ours = ["hypervisor", "device-tree", "ui-kernel", "ui-ramdisk", "control-kernel"];
    const names = await Promise.all([...images, "disk.img"].map(async (path) => [...(await partsFrom(path)).keys()]));
    expect(names).toEqual([
      ours,
      [...ours, "conf-1.sig", "conf-1.signed"],
      [...ours, "signature.p7s", "certificate-1.cer"],
      ["EFI/BOOT/BOOTAA64.EFI", "boot.scr", "image.itb"],
    ]);
  });

  it("have the hypervisor as it was, but for the headers that the link writes into image.bin", async () => {
    for (const path of ["image.itb", "image.efi"])
      expect((await partsFrom(path)).get("hypervisor")?.equals(files["core.img"])).toBe(true);
    const raw = (await partsFrom("image.bin")).get("hypervisor") ?? Buffer.alloc(0);
    const core = files["core.img"];
    const headers = bootHeaderOffset + bootHeader.size;
    expect(raw.subarray(headers, core.length).equals(core.subarray(headers))).toBe(true);
    expect(raw.subarray(core.length).every((byte) => byte === 0)).toBe(true);
  });

  it("have what a signature of a FIT is, and what it is over", async () => {
    const parts = await partsFrom("image.itb");
    const [message, signature] = [parts.get("conf-1.signed"), parts.get("conf-1.sig")];
    if (message === undefined || signature === undefined) throw new Error("no signature");
    expect(verify("sha256", message, signer.key.privateKey, signature)).toBe(true);
  });

  it("have the certificate of who signed a PE, and the signature around it", async () => {
    const parts = await partsFrom("image.efi");
    expect(parts.get("certificate-1.cer")?.equals(signer.der)).toBe(true);
    expect(parts.get("signature.p7s")?.includes(Buffer.from(signer.der))).toBe(true);
  });

  it("of a disk are its files", async () => {
    const parts = await partsFrom("disk.img");
    expect(parts.get("image.itb")?.equals(output("image.itb"))).toBe(true);
    expect(parts.get("EFI/BOOT/BOOTAA64.EFI")?.equals(output("image.efi"))).toBe(true);
  });
});

describe("an image that somebody changed", () => {
  const changed = (path: string, from: string, to: string): Buffer => {
    const bytes = Buffer.from(output(path));
    const at = bytes.indexOf(from);
    if (at < 0 || from.length !== to.length) throw new Error(`no ${from} to change`);
    bytes.write(to, at, "latin1");
    return bytes;
  };
  const unwritable = async (bytes: Uint8Array): Promise<string | undefined> => {
    const read = await partsOf(bytes);
    return read.kind === "refused" ? read.reason : unwritableName(read.parts)?.name;
  };

  it("has no part that leads out of the folder", async () => {
    expect(await unwritable(changed("image.bin", "multiboot,kernel", "multiboot,../../"))).toBe("ui-../../");
    expect(await unwritable(changed("image.bin", "multiboot,kernel", "multiboot,ker\x1b[l"))).toBe("ui-ker\x1b[l");
    expect(await unwritable(changed("image.bin", "multiboot,ramdisk\0", "multiboot,valueOf\0"))).toBe(undefined);
    expect(await unwritable(changed("image.efi", "ui/ramdisk", "../ramdisk"))).toBe(undefined);
    expect(await unwritable(changed("image.efi", "ui/ramdisk", "ui\\ramdisk"))).toBe("ui\\ramdisk");
  });

  it("has no two parts of one name", async () => {
    expect(await unwritable(changed("image.efi", "ui/ramdisk\0", "ui/kernel\0\0"))).toBe("ui-kernel");
  });

  it("gives no more than it has: modules that lie on each other are refused", async () => {
    const bytes = Buffer.from(output("image.bin"));
    const decoded = decode(output("system.dtb"));
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const modules = [...walk(decoded.value)].filter(({ node }) => node.name.startsWith("module@"));
    // Each of them is the whole image from where it begins.
    const tree = modules.reduce((changing, { path, node }) => {
      const at = Number(`0x${node.name.slice("module@".length)}`);
      const start = Number(bytes.readBigUInt64LE(80));
      return setProperty(changing, path, property("reg", cells64(at, bytes.length - (at - start))));
    }, decoded.value);
    Buffer.from(encode(tree)).copy(bytes, bytes.indexOf(output("system.dtb")));
    expect(modules.length).toBe(3);
    expect(await taken(bytes)).toBe("its parts lie on each other");
  });

  it.each([...images, "disk.img"])(
    "is taken apart into safe names or refused, whatever bits of %s are others",
    async (path) => {
      const whole = output(path);
      const total = whole.length + 65_536;
      // Where its structure is: at the beginning, around its tree, and at the end.
      const tree = Math.max(whole.indexOf("multiboot,kernel"), 0);
      const somewhere = fc.oneof(
        fc.integer({ min: 0, max: Math.min(8192, whole.length - 1) }),
        fc.integer({ min: Math.max(0, tree - 2048), max: Math.min(tree + 2048, whole.length - 1) }),
        fc.integer({ min: 0, max: whole.length - 1 }),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(somewhere, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
          async (flips) => {
            const flip = (): void => {
              for (const [at, bits] of flips) whole.writeUInt8(whole.readUInt8(at) ^ bits, at);
            };
            flip();
            const read = await partsOf(whole);
            flip();
            const pieces = read.kind === "refused" ? [] : read.parts.flatMap((part) => part.pieces);
            expect(pieces.reduce((sum, piece) => sum + pieceLength(piece), 0)).toBeLessThanOrEqual(total);
            if (read.kind === "parts") unwritableName(read.parts);
          },
        ),
        { numRuns: 100 },
      );
    },
  );
});

describe("a part's name", () => {
  const part = (path: string): { readonly path: string; readonly pieces: [] } => ({ path, pieces: [] });

  it.each([
    "",
    ".",
    "..",
    "../x",
    "a/../../x",
    "a//b",
    "/etc/passwd",
    "a/",
    "C:\\x",
    "c:x",
    "a\0",
    "a\n",
    "-\u202e",
    "é",
    "a.",
    "a ",
    "x".repeat(201),
  ])("%j is never a file's", (path) => {
    expect(unwritableName([part(path)])?.name).toBe(path);
  });

  it.each([
    [["a", "a"], "a"],
    [["a", "A"], "A"],
    [["a", "a/b"], "a/b"],
    [["a/b", "A"], "A"],
    [["a/b", "a/c", "b"], undefined],
  ])("%j: of two that take one place the second is told", (paths, name) => {
    expect(unwritableName(paths.map(part))?.name).toBe(name);
  });

  it("may differ from another's by capitals alone in an image of ours", () => {
    expect(unwritableName(["ui-kernel", "UI-kernel"].map(part))?.capitals).toBe(true);
    for (const paths of [["a", "a"], ["a/b", "A"], ["../a"]])
      expect(unwritableName(paths.map(part))?.capitals).toBe(false);
  });

  test.prop([fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[./a-b\\]{0,6}$/)), { maxLength: 4 })])(
    "is within the folder, or refused",
    (paths) => {
      if (unwritableName(paths.map(part)) !== undefined) return;
      for (const path of paths) {
        const clean = normalize(path);
        expect([path, isAbsolute(path), clean.split("/").includes(".."), clean]).toEqual([path, false, false, path]);
      }
      expect(new Set(paths).size).toBe(paths.length);
    },
  );
});
