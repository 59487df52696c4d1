import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-rollback-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const core = ["--hypervisor", join(packageRoot, "fixtures", "files", "core.img")];
const call = (...args: readonly string[]): Promise<Finished> => xenimg(folder, ...args);

beforeAll(async () => {
  copyFileSync(join(packageRoot, "fixtures", "files", "Image"), join(folder, "Image"));
  writeFileSync(
    join(folder, "board.ts"),
    `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({ index: 0 }, ({ index }) => ({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }),
  rollbackIndex: index,
  domains: { ui: { kernel: "Image", memory: MiB(64) } },
}));
`,
  );
  expect(await call("keygen", "dev", "--type", "rsa2048")).toMatchObject({ exitCode: 0 });
  const formats = ["--format", "fit,uefi,disk", "--sign", "dev.key", "--cert", "dev.crt"];
  for (const index of ["5", "0"]) {
    const args = ["build", "board.ts", ...core, "-o", index, "--set", `index=${index}`, ...formats];
    expect(await call(...args)).toMatchObject({ exitCode: 0 });
  }
}, 120_000);

describe("verify --min-rollback", () => {
  const images = ["image.itb", "image.efi", "disk.img", "manifest.json"];
  const verify = (file: string, least: string, ...more: readonly string[]): Promise<Finished> =>
    call("verify", file, "--key", "dev.pub", "--min-rollback", least, ...more);

  it.each(images)("takes %s with that index or a higher one, and tells it", async (file) => {
    for (const least of ["0", "4", "5"])
      expect(await verify(`5/${file}`, least)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("rollback index: 5, which no boot loader looks at") as string,
      });
    expect(await verify(`0/${file}`, "0")).toMatchObject({
      exitCode: 0,
      stdout: expect.not.stringContaining("rollback index") as string,
    });
  });

  it.each(images)("XI6066: refuses %s with a lower one, and where there is none", async (file) => {
    for (const [index, least] of [
      ["5", "6"],
      ["5", "4294967295"],
      ["0", "1"],
    ] as const) {
      const { exitCode, stdout, stderr } = await verify(`${index}/${file}`, least);
      const words = `error XI6066: the rollback index of "${index}/${file}" is ${index}, and ${least} is the least`;
      expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining(words)]);
    }
  });

  it("XI6066: refuses a disk on which nothing was proven, whatever its manifest says", async () => {
    const { exitCode, stderr } = await call(
      "verify",
      "5/disk.img",
      "--manifest",
      "5/manifest.json",
      "--min-rollback",
      "0",
    );
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('index of "5/disk.img" is none')]);
  });

  it.each(["-1", "1.5", "many", "4294967296", ""])("takes no index %s", async (least) => {
    expect(await verify("5/image.itb", least)).toMatchObject({ exitCode: 2 });
  });
});

it("XI1004: a rollback index that has no place in a cell is refused", async () => {
  for (const index of ["-1", "4294967296"]) {
    const { exitCode, stderr } = await call("check", "board.ts", ...core, "--set", `index=${index}`);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("error XI1004: rollbackIndex is")]);
  }
});

it("is a difference between two systems, alone in what its rise changes", async () => {
  const varied = (index: number): void => {
    writeFileSync(
      join(folder, `r${index}.ts`),
      `import { one } from "./one.ts";\nexport default { ...one, rollbackIndex: ${index} };\n`,
    );
  };
  writeFileSync(
    join(folder, "one.ts"),
    `import { GiB, MiB } from "xenimg";
import { qemuVirt } from "xenimg/boards";
export const one = { board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }), domains: { ui: { kernel: "Image", memory: MiB(64) } } };
`,
  );
  varied(1);
  varied(2);
  const { stdout } = await call("diff", "r1.ts", "r2.ts", ...core);
  expect(stdout).toMatch(/rollback index.*1.*2/);
});
