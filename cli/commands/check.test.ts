import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-check-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const files = join(packageRoot, "fixtures", "files");
copyFileSync(join(files, "Image"), join(folder, "Image"));

const text = (domain: string, before = ""): string => `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
${before}export default defineSystem({
  board: qemuVirt({ gic: 2, cpus: 4, memory: GiB(1) }),
  cpupools: { realtime: { cpus: ["cpu0", "cpu1", "cpu2", "cpu3"] } },
  domains: { ui: { kernel: "Image", memory: MiB(64), ${domain} } },
});
`;

async function fix(source: string): Promise<Finished & { readonly after: string }> {
  const file = join(folder, "board.ts");
  writeFileSync(file, source);
  const finished = await xenimg(folder, "check", "board.ts", "--fix", "--hypervisor", join(files, "core.img"));
  return { ...finished, after: readFileSync(file, "utf8") };
}

describe("check --fix", () => {
  it("writes the names that were meant, of fields, choices and things, and checks again", async () => {
    const fields = await fix(text('bootarg: "quiet", enhanced: "no-xenstor", pool: "realtime"'));
    expect(fields.after).toBe(text('bootargs: "quiet", enhanced: "no-xenstore", pool: "realtime"'));
    expect(fields).toMatchObject({ exitCode: 0, stderr: "board.ts: fixed 2 places\n" });
    const things = await fix(text('pool: "realtme", passthrough: ["pl03l@9010000"]'));
    expect(things.after).toBe(text('pool: "realtime", passthrough: ["pl031@9010000"]'));
  });

  it("writes a limit that was passed", async () => {
    expect((await fix(text("cpus: 9"))).after).toBe(text("cpus: 8"));
  });

  it.each([
    ["a value that has a name, which may stand elsewhere, too", text("pool", 'const pool = "realtme";\n')],
    ["a name that is computed", text('pool: "real" + "tme"')],
    ["a field whose name is its value's", text("bootarg", 'const bootarg = "quiet";\n')],
    ["what nobody can guess", text('pool: "xyz"')],
  ])("leaves %s, and says what is wrong", async (_what, source) => {
    const { exitCode, stderr, after } = await fix(source);
    expect({ exitCode, after }).toEqual({ exitCode: 1, after: source });
    expect(stderr).toMatch(/^error XI/);
  });

  it("leaves a sound configuration as it is", async () => {
    const sound = text('pool: "realtime"');
    expect(await fix(sound)).toMatchObject({ exitCode: 0, stderr: "", after: sound });
  });
});
