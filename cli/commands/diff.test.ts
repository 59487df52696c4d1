import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-diff-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const files = join(packageRoot, "fixtures", "files");
const core = ["--hypervisor", join(files, "core.img")];

const write = (name: string, domain: string): void => {
  writeFileSync(
    join(folder, name),
    `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }),
  domains: { ui: { kernel: "Image", ${domain} } },
});
`,
  );
};

beforeAll(() => {
  copyFileSync(join(files, "Image"), join(folder, "Image"));
  write("old.ts", "memory: MiB(64)");
  write("new.ts", 'memory: MiB(64), passthrough: ["pl031"]');
  write("broken.ts", 'memory: MiB(64), passthrough: ["nothing"]');
});

describe("diff", () => {
  it("shows what changed between two configurations, and writes nothing", async () => {
    const before = readdirSync(folder);
    const { exitCode, stdout, stderr } = await xenimg(folder, "diff", "old.ts", "new.ts", ...core);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("+ device /pl031@9010000: registers");
    expect(readdirSync(folder)).toEqual(before);
  });

  it("has JSON for programs, and nothing to say of a system and itself", async () => {
    const { stdout } = await xenimg(folder, "diff", "old.ts", "old.ts", "--format", "json", ...core);
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it.each([
    ["old.ts", "broken.ts"],
    ["broken.ts", "old.ts"],
  ])("compares sound systems only: %s and %s", async (...pair) => {
    const { exitCode, stdout, stderr } = await xenimg(folder, "diff", ...pair, ...core);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("broken.ts:5");
    expect(stderr).toContain("error XI3301");
  });
});
