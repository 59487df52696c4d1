import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sbomProblems, schemaProblems } from "../../compiler/testing/evidence.ts";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-manifest-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const core = ["--hypervisor", join(packageRoot, "fixtures", "files", "core.img")];
const call = (...args: readonly string[]): Promise<Finished> => xenimg(folder, ...args);
const build = (output: string, ...args: readonly string[]): Promise<Finished> =>
  call("build", "board.ts", ...core, "-o", output, ...args);
const read = (path: string): Buffer => readFileSync(join(folder, path));
const verify = (output: string, key = "dev"): Promise<Finished> =>
  call("verify", `${output}/manifest.json`, "--key", `${key}.pub`);

/** A copy of the signed build, with something done to it. */
function altered(change: (path: (file: string) => string) => void): string {
  rmSync(join(folder, "altered"), { recursive: true, force: true });
  cpSync(join(folder, "signed"), join(folder, "altered"), { recursive: true });
  change((file) => join(folder, "altered", file));
  return "altered";
}

beforeAll(async () => {
  copyFileSync(join(packageRoot, "fixtures", "files", "Image"), join(folder, "Image"));
  writeFileSync(
    join(folder, "board.ts"),
    `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }),
  domains: { ui: { kernel: "Image", memory: MiB(64) } },
});
`,
  );
  for (const [name, type] of [
    ["dev", "rsa2048"],
    ["other", "rsa2048"],
    ["curve", "p384"],
  ] as const)
    expect(await call("keygen", name, "--type", type)).toMatchObject({ exitCode: 0 });
  expect(await build("signed", "--format", "raw,fit,script,disk", "--sign", "dev.key")).toMatchObject({ exitCode: 0 });
}, 120_000);

describe("a build's manifest", () => {
  it("is as its schema says, with every format and without a signature", async () => {
    const sign = ["--format", "raw,fit,uefi,script,disk", "--sign", "dev.key", "--cert", "dev.crt"];
    expect(await build("all", ...sign)).toMatchObject({ exitCode: 0 });
    expect(await build("unsigned")).toMatchObject({ exitCode: 0 });
    for (const output of ["all", "signed", "unsigned"]) {
      for (const file of ["manifest.json", "provenance.intoto.json"])
        expect(schemaProblems(file, JSON.parse(String(read(`${output}/${file}`))))).toEqual([]);
      expect(await sbomProblems(String(read(`${output}/sbom.cdx.json`)))).toEqual([]);
    }
  });

  it("is beside a provenance that knows the variant and what was set", async () => {
    const text = String(read("board.ts")).replace(
      /export default defineSystem\((.*)\);/s,
      "export const debug = defineSystem((set) => ($1));",
    );
    writeFileSync(join(folder, "varied.ts"), text.replace('"Image"', 'set.kernel ?? "Image"'));
    const args = ["varied.ts#debug", ...core, "-o", "varied", "--set", "kernel=./Image"];
    expect(await call("build", ...args)).toMatchObject({ exitCode: 0, stderr: "" });
    const statement = JSON.parse(String(read("varied/provenance.intoto.json"))) as {
      readonly predicate: { readonly buildDefinition: { readonly externalParameters: unknown } };
    };
    expect(statement.predicate.buildDefinition.externalParameters).toMatchObject({
      configuration: "varied.ts",
      variant: "debug",
      set: { kernel: "./Image" },
    });
  });

  it.each([
    ["rsa2048", "dev", [], []],
    ["rsa2048 with PSS", "dev", ["--padding", "pss"], ["-sigopt", "rsa_padding_mode:pss"]],
    ["p384", "curve", [], []],
  ])("is signed by %s as openssl verifies it", async (_, key, options, forms) => {
    expect(await build("by", "--sign", `${key}.key`, ...options)).toMatchObject({ exitCode: 0, stderr: "" });
    const args = ["dgst", "-sha256", ...forms, "-verify", `${key}.pub`, "-signature", "by/manifest.sig"];
    const openssl = spawnSync("openssl", [...args, "by/manifest.json"], { cwd: folder, encoding: "utf8" });
    expect([openssl.status, openssl.stdout]).toEqual([0, "Verified OK\n"]);
    const { exitCode, stdout } = await verify("by", key);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`signed by ${key} (`)]);
  });

  it("is made anew in the same folder, by who signs and by who does not", async () => {
    for (const sign of [["--sign", "dev.key"], ["--sign", "dev.key"], []])
      expect(await build("again", ...sign)).toMatchObject({ exitCode: 0 });
    expect(await verify("again")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("XI6060") as string });
  });

  it("has the same bytes each time, and so has an RSA signature", async () => {
    expect(await build("twice", "--format", "raw,fit,script,disk", "--sign", "dev.key")).toMatchObject({ exitCode: 0 });
    for (const file of ["manifest.json", "manifest.sig"])
      expect(read(`twice/${file}`).equals(read(`signed/${file}`))).toBe(true);
  });
});

describe("verify manifest.json", () => {
  it("says what each file rests on, and that the key is for development", async () => {
    const { exitCode, stdout, stderr } = await verify("signed");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("warning XI6109")]);
    expect(stdout).toMatch(
      /^signed by dev \(RSA-2048, PKCS #1 v1\.5, SHA-256\): every byte of the manifest\nhashed: \d+ files, .* each as the manifest lists it\nnothing else lies beside it\n/,
    );
  });

  it.each<[string, (path: (file: string) => string) => void, string]>([
    [
      "a file that is missing",
      (path) => {
        rmSync(path("image.bin"));
      },
      "XI6063",
    ],
    [
      "a folder in a file's place",
      (path) => {
        rmSync(path("image.bin"));
        mkdirSync(path("image.bin"));
      },
      "XI6063",
    ],
    [
      "a byte more",
      (path) => {
        appendFileSync(path("system.dtb"), "x");
      },
      "XI6064",
    ],
    [
      "another byte",
      (path) => {
        writeFileSync(
          path("run.sh"),
          read("signed/run.sh").map((byte, at) => (at === 9 ? 0 : byte)),
        );
      },
      "XI6064",
    ],
    [
      "one file more",
      (path) => {
        writeFileSync(path("domains/more"), "");
      },
      "XI6065",
    ],
    [
      "a link more",
      (path) => {
        symlinkSync("/nowhere", path("link"));
      },
      "XI6065",
    ],
    [
      "a link in a file's place, whatever it leads to",
      (path) => {
        rmSync(path("image.bin"));
        symlinkSync(join(folder, "signed", "image.bin"), path("image.bin"));
      },
      "XI6063",
    ],
    [
      "a pipe in a file's place",
      (path) => {
        rmSync(path("image.bin"));
        expect(spawnSync("mkfifo", [path("image.bin")]).status).toBe(0);
      },
      "XI6063",
    ],
    [
      "no signature",
      (path) => {
        rmSync(path("manifest.sig"));
      },
      "XI6060",
    ],
    [
      "a folder for a signature",
      (path) => {
        rmSync(path("manifest.sig"));
        mkdirSync(path("manifest.sig"));
      },
      "XI6060",
    ],
    [
      "an empty signature",
      (path) => {
        writeFileSync(path("manifest.sig"), "");
      },
      "XI6061",
    ],
    [
      "an altered manifest",
      (path) => {
        appendFileSync(path("manifest.json"), "\n");
      },
      "XI6061",
    ],
    [
      "a manifest that begins otherwise",
      (path) => {
        writeFileSync(path("manifest.json"), "MZ");
      },
      "XI6061",
    ],
    [
      "an empty manifest",
      (path) => {
        writeFileSync(path("manifest.json"), "");
      },
      "XI6061",
    ],
  ])("refuses %s", async (_, change, code) => {
    const { exitCode, stdout, stderr } = await verify(altered(change));
    expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining(`error ${code}`)]);
    expect(stderr.match(/error XI/g)).toHaveLength(1);
  });

  it("XI6061: refuses another key, XI6011: a private one", async () => {
    expect((await verify("signed", "other")).stderr).toContain('error XI6061: the signature of "signed/manifest.json"');
    expect((await verify("signed", "curve")).stderr).toContain("error XI6061");
    const { stderr } = await call("verify", "signed/manifest.json", "--key", "dev.key");
    expect(stderr).toContain("error XI6011");
  });

  it("XI6062: refuses a manifest without a key, and signed text that is none", async () => {
    const { exitCode, stderr } = await call("verify", "signed/manifest.json");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("error XI6062")]);
    mkdirSync(join(folder, "text"));
    writeFileSync(join(folder, "text", "manifest.json"), "{}");
    const args = ["dgst", "-sha256", "-sign", "dev.key", "-out", "text/manifest.sig", "text/manifest.json"];
    expect(spawnSync("openssl", args, { cwd: folder }).status).toBe(0);
    expect((await verify("text")).stderr).toContain("error XI6062");
  });

  it("XI6062: refuses a folder of which something cannot be looked at", async () => {
    // Deeper than a path may be long.
    const half = Array.from({ length: 12 }, () => "d".repeat(200)).join("/");
    const output = altered((path) => {
      for (const each of ["a", "b"]) mkdirSync(path(`${each}/${half}`), { recursive: true });
      renameSync(path("b"), path(`a/${half}/b`));
    });
    const { exitCode, stdout, stderr } = await verify(output);
    // Node's own removal stumbles over such a path.
    expect(spawnSync("rm", ["-rf", output], { cwd: folder }).status).toBe(0);
    expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining("error XI6062")]);
    expect(stderr).toContain("what lies beside it: the name is too long");
  });
});
