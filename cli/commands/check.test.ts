import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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

  it("writes into the file that a link leads to, and leaves its permissions", async () => {
    const real = join(folder, "real.ts");
    writeFileSync(real, text("cpus: 9"));
    chmodSync(real, 0o600);
    symlinkSync("real.ts", join(folder, "link.ts"));
    await xenimg(folder, "check", "link.ts", "--fix", "--hypervisor", join(files, "core.img"));
    expect(readFileSync(real, "utf8")).toBe(text("cpus: 8"));
    expect(lstatSync(join(folder, "link.ts")).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o600);
  });

  it("writes over nothing that is no UTF-8", async () => {
    const latin = Buffer.from(`// caf\u00e9\n${text("cpus: 9")}`, "latin1");
    writeFileSync(join(folder, "latin.ts"), latin);
    const { exitCode, stderr } = await xenimg(folder, "check", "latin.ts", "--fix");
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("or is no UTF-8") as string });
    expect(readFileSync(join(folder, "latin.ts")).equals(latin)).toBe(true);
  });

  it("writes over nothing that the user has changed meanwhile", async () => {
    const changed = text("cpus: 7", "// mine\n");
    const board = JSON.stringify(join(folder, "board.ts"));
    writeFileSync(
      join(folder, "edit.mjs"),
      `import { writeFileSync } from "node:fs"; writeFileSync(${board}, ${JSON.stringify(changed)});`,
    );
    const { exitCode, stderr, after } = await fix(text("cpus: 9", 'import "./edit.mjs";\n'));
    expect({ exitCode, after }).toEqual({ exitCode: 1, after: changed });
    expect(stderr).toContain("it has changed since it was read");
  });
});
