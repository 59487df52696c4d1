import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diskImage } from "../../compiler/index.ts";
import { certificate, pemOf } from "../../compiler/testing/certificates.ts";
import { stubFile } from "../../compiler/testing/efi.ts";
import { realDigest } from "../../compiler/testing/keys.ts";
import { joinPieces, outputs } from "../../compiler/testing/outputs.ts";
import { files, twoDomains } from "../../compiler/testing/system.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimgWith } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-verify-disk-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The certificates of the tests are valid then. */
const inTime = { SOURCE_DATE_EPOCH: String(Date.UTC(2026, 0, 1) / 1000) };
const verify = (disk: string, ...args: readonly string[]): Promise<Finished> =>
  xenimgWith(inTime, folder, ["verify", disk, ...args]);

const authority = await certificate({ name: "authority", constraints: { cA: true } });
const signer = await certificate({ name: "signer", issuer: authority });
const other = await certificate({ name: "other" });

const write = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return name;
};

const efi = "EFI/BOOT/BOOTAA64.EFI";
const fit = "image.itb";
const built = await outputs(twoDomains, files, {
  formats: ["fit", "uefi", "disk"],
  signer: signer.key,
  certificates: [signer.der, authority.der],
  efiStub: { path: "stub.efi", bytes: stubFile() },
});
const unsigned = await outputs(twoDomains, files, {
  formats: ["fit", "uefi", "disk"],
  efiStub: { path: "stub.efi", bytes: stubFile() },
});
const output = (path: string, from = built): Buffer => {
  const bytes = from.get(path);
  if (bytes === undefined) throw new Error(`no output ${path}`);
  return Buffer.from(bytes);
};

/** The disk that xenimg makes of these files: whoever alters one can make its tables and GUIDs anew. */
function diskOf(contents: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const list = Object.entries(contents).map(([path, bytes]) => ({ path, pieces: [bytes] }));
  return joinPieces(diskImage(list, { name: "board", time: 0, sha256: (pieces) => realDigest("sha256", pieces) }));
}
const good = { [efi]: output("image.efi"), [fit]: output("image.itb"), "boot.scr": Buffer.from("a script") };

const flipped = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at);
  return changed;
};

beforeAll(() => {
  for (const { name, der, key } of [authority, signer, other]) {
    write(`${name}.crt`, pemOf(der));
    const jwk = key.privateKey.export({ format: "jwk" });
    write(`${name}.pub`, createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }));
  }
  write("disk.img", output("disk.img"));
});

describe("verify of a disk with a signed FIT and a signed image.efi", () => {
  it("proves both by the one key that signed them, and says who does at boot", async () => {
    const { exitCode, stdout, stderr } = await verify("disk.img", "--key", "signer.pub");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n")).toEqual([
      `${efi}, which is verified at boot by UEFI firmware with Secure Boot on:`,
      expect.stringMatching(/^ {2}signed by CN=signer: \d+ sections, .* with their headers$/),
      "  whose certificate is issued by CN=authority",
      "  nothing else is in the file",
      "  the device tree inside describes the modules inside, and no others",
      "image.itb, which is verified at boot by a U-Boot whose own device tree requires the key:",
      expect.stringMatching(/^ {2}signed by signer \(RSA-2048\): conf-1 with hypervisor, device tree and modules/),
      expect.stringMatching(/^ {2}hashed: 5 images/),
      "  the device tree inside describes the modules inside, and no others",
      "  nothing else is in the file",
      "disk: two partition tables, one volume, 3 files; nothing else is on it",
      "verified by nobody at boot: boot.scr",
      "",
    ]);
  });

  it("takes the certificate of who issued the signer's by --cert", async () => {
    const { exitCode, stdout } = await verify("disk.img", "--key", "signer.pub", "--cert", "authority.crt");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("  whose certificate is issued by CN=authority\n");
  });

  it.each([
    ["other.pub", [], ["XI6245", "XI6040", "XI6105", "XI6040"]],
    ["other.pub", ["--cert", "authority.crt"], ["XI6105", "XI6040"]],
    ["signer.pub", ["--cert", "other.crt"], ["XI6245", "XI6040"]],
  ])("refuses it by %s %j", async (key, more, codes) => {
    const { exitCode, stdout, stderr } = await verify("disk.img", "--key", key, ...more);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect([...stderr.matchAll(/error (XI\d+)/g)].map(([, code]) => code)).toEqual(codes);
  });

  it("XI6041: does not pass over the FIT where only a certificate is given", async () => {
    const { exitCode, stderr } = await verify("disk.img", "--cert", "authority.crt");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('XI6041: "disk.img: image.itb" is signed')]);
    write("alone.itb", output("image.itb"));
    expect((await verify("alone.itb", "--cert", "authority.crt")).stderr).toContain("XI6041");
    write("alone.efi", output("image.efi"));
    expect((await verify("alone.efi", "--cert", "authority.crt")).exitCode).toBe(0);
  });

  it("XI6040: refuses one that nobody signed beside one that is", async () => {
    for (const [path, image, code] of [
      [efi, "image.efi", "XI6241"],
      [fit, "image.itb", "XI6104"],
    ] as const) {
      write("mixed.img", diskOf({ ...good, [path]: output(image, unsigned) }));
      const { exitCode, stdout, stderr } = await verify("mixed.img", "--key", "signer.pub");
      expect([path, exitCode, stdout]).toEqual([path, 1, ""]);
      expect(stderr).toContain(`error ${code}`);
      expect(stderr).toContain(`error XI6040: "${path}" on "mixed.img" is not proven`);
    }
  });

  it("XI6040: refuses what is no image of its name", async () => {
    for (const [path, code] of [
      [efi, "XI6101"],
      [fit, "XI6101"],
    ] as const) {
      write("none.img", diskOf({ ...good, [path]: Buffer.from("nothing of the kind") }));
      const { exitCode, stderr } = await verify("none.img", "--key", "signer.pub");
      expect([path, exitCode, stderr]).toEqual([path, 1, expect.stringContaining(code)]);
      expect(stderr).toContain("XI6040");
    }
  });

  it("proves nothing of a file by its name alone, whatever name that is", async () => {
    for (const path of ["constructor", "__proto__", "toString"]) {
      write("odd.img", diskOf({ ...good, [path]: Buffer.from("x") }));
      const { exitCode, stdout } = await verify("odd.img", "--key", "signer.pub");
      expect([exitCode, stdout]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^verified by nobody at boot: .*${path}`, "m")),
      ]);
    }
  });

  it("proves image.efi alone on a disk, too", async () => {
    write("uefi.img", diskOf({ [efi]: good[efi] }));
    const { exitCode, stdout } = await verify("uefi.img", "--cert", "authority.crt");
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("disk: two partition tables, one volume, 1 files")]);
    expect(stdout).not.toContain("verified by nobody");
  });

  it.each([efi, fit])(
    "refuses every flipped bit of %s, also where the disk around it is made anew",
    async (path) => {
      const whole = good[path as keyof typeof good];
      // All over the file, and the last bytes, which are the signature's and its padding's.
      const places = [
        ...Array.from({ length: 10 }, (_, index) => Math.floor((whole.length * index) / 10) + index),
        whole.length - 1,
      ];
      for (const at of places) {
        write("flipped.img", diskOf({ ...good, [path]: flipped(whole, at) }));
        const { exitCode, stdout, stderr } = await verify("flipped.img", "--key", "signer.pub");
        expect([at, exitCode, stdout]).toEqual([at, 1, ""]);
        expect(stderr).toContain(`error XI6040: "${path}"`);
      }
    },
    120_000,
  );

  it("XI6107: refuses a bit of theirs that is flipped where it lies", async () => {
    const disk = output("disk.img");
    for (const image of ["image.efi", "image.itb"]) {
      const at = disk.indexOf(output(image).subarray(0, 4096)) + 5000;
      write("flipped.img", flipped(disk, at));
      expect((await verify("flipped.img", "--key", "signer.pub")).stderr).toContain("error XI6107");
    }
  });
});

describe("verify does what was asked for, or refuses", () => {
  it("XI6101: a file that no key can sign is not proven by a key, whatever its name", async () => {
    write("image.itb", (await outputs(twoDomains, files)).get("image.bin") ?? "");
    expect(await verify("image.itb")).toMatchObject({ exitCode: 0 });
    for (const args of [
      ["--key", "signer.pub"],
      ["--key", "nowhere.pub"],
      ["--cert", "authority.crt"],
    ] as const) {
      const { exitCode, stdout, stderr } = await verify("image.itb", ...args);
      expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining("error XI6101")]);
      expect(stderr).toContain("which no key signs");
    }
  });

  it.each(["image.itb", "image.efi", "image.bin", "manifest.json"])(
    "XI6101: %s is no disk, whose files a manifest lists",
    async (path) => {
      const raw = await outputs(twoDomains, files);
      write(path, built.get(path) ?? raw.get(path) ?? "");
      const { exitCode, stdout, stderr } = await verify(path, "--key", "signer.pub", "--manifest", "manifest.json");
      expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining("error XI6101")]);
      expect(stderr).toContain("whose files --manifest compares");
    },
  );

  it("XI6313: a manifest is a file with an end", async () => {
    const { exitCode, stderr } = await verify("disk.img", "--manifest", "/dev/zero");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('XI6313: "/dev/zero" lists no files')]);
    expect(stderr).toContain("it is no regular file");
  });
});
