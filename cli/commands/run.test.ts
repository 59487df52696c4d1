import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-run-test-"));
const files = join(packageRoot, "fixtures", "files");
const path = process.env["PATH"] ?? "";

function system(board: string): void {
  writeFileSync(
    join(folder, "board.ts"),
    `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
const { emulator, ...bare } = qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) });
export default defineSystem({ board: ${board}, domains: { ui: { kernel: "Image", memory: MiB(64) } } });
`,
  );
}

/** Puts a shell script in QEMU's place. */
function qemu(script: string): void {
  const program = join(folder, "qemu-system-aarch64");
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
}

beforeAll(() => {
  copyFileSync(join(files, "Image"), join(folder, "Image"));
  system("{ ...bare, emulator }");
});
afterEach(() => {
  process.env["PATH"] = path;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: readonly string[]): Promise<Finished> {
  process.env["PATH"] = `${folder}${delimiter}${path}`;
  const hypervisor = args.includes("--hypervisor") ? [] : ["--hypervisor", join(files, "core.img")];
  return xenimg(folder, "run", "board.ts", ...hypervisor, ...args);
}

describe("run", () => {
  it("boots the image that it built, with the board's own arguments, and leaves nothing behind", async () => {
    qemu(`while [ "$1" != -kernel ]; do shift; done; test -s "$2" && echo "(d1 ui) $2"`);
    const before = readdirSync(folder);
    const { exitCode, stdout } = await run("--expect", "[ui] /");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\[ui\] .*\/image.bin\n$/);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("loads the separate files of a foreign hypervisor, which has no image.bin, and starts it as a loader would", async () => {
    qemu(`for word; do
  file="\${word#loader,file=}"
  if [ "$file" != "$word" ]; then
    test -s "\${file%%,*}" || exit 1
    word="\${file##*/}"
  fi
  echo "(d1 ui) $word"
done`);
    const target = ["--target", "xen@4.17", "--hypervisor", join(files, "Image")];
    const { exitCode, stdout, stderr } = await run(...target, "--expect", "loader,addr=0x405fffe0,cpu-num=0");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const words = stdout.split("\n").map((line) => line.replace("[ui] ", ""));
    expect(words.slice(0, 2)).toEqual(["-machine", "virt,gic-version=3,virtualization=on"]);
    expect(words.filter((word) => word.endsWith(",force-raw=on"))).toEqual([
      "hypervisor.img,addr=0x40200000,force-raw=on",
      "system.dtb,addr=0x40400000,force-raw=on",
      "ui-kernel,addr=0x40600000,force-raw=on",
    ]);
    expect(words).not.toContain("-kernel");
  });

  it("XI7301: refuses at once what nobody can say, and takes brackets that are no speaker's for text", async () => {
    qemu(`: > ${join(folder, "ran")}; echo '[    1.0] [x]y'`);
    const { exitCode, stderr } = await run("--expect", "[    1.0] [x]", "--expect", "[iu] ready");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'error XI7301: "iu" is no console, only ui and hypervisor are, and no console had shown "[iu] ready"',
    );
    expect(readdirSync(folder)).not.toContain("ran");
    expect((await run("--expect", "[    1.0] [x]")).exitCode).toBe(0);
    rmSync(join(folder, "ran"));
  });

  it("XI7301: exits with 1 where an expected text does not come, and names it", async () => {
    qemu(`echo "(d1 ui) one"`);
    const { exitCode, stderr } = await run("--expect", "one", "--expect", "two");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error XI7301: qemu-system-aarch64 ended, and no console had shown "two"');
  });

  it("XI7301: exits with 1 when the time is over", async () => {
    qemu("exec sleep 60");
    const { exitCode, stderr } = await run("--timeout", "1");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error XI7301: the time of 1 s was over\n");
  });

  it("XI7201: exits with 3 where QEMU is missing, and says how to get it", async () => {
    const pending = run("--expect", "one");
    process.env["PATH"] = "/nonexistent";
    const { exitCode, stderr } = await pending;
    expect(exitCode).toBe(3);
    expect(stderr).toContain("error XI7201: qemu-system-aarch64 is not installed");
    expect(stderr).toContain("apt-get install qemu-system-arm");
  });

  it("XI7202: exits with 3 where QEMU fails", async () => {
    qemu("echo 'unsupported machine' >&2; exit 1");
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(3);
    expect(stderr).toContain("unsupported machine\n");
    expect(stderr).toContain("error XI7202: qemu-system-aarch64 failed: exit code 1");
  });

  it("XI7302: exits with 1 for a board that nothing emulates", async () => {
    system("bare");
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error XI7302: the board "qemu-virt" has no emulator');
  });
});
