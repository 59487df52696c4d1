/** `npm run bench`: how long the compiler takes, compared with something measured in the same run. */
import { spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportGrowth } from "./lib/growth.mjs";
import { root, start } from "./lib/shell.mjs";

const kernelBytes = 35 * 2 ** 20;
/** Of one process, in MiB. */
const mostMemory = 300;

/**
 * The median of five runs, in seconds.
 * @param {() => void} work
 */
function median(work) {
  const times = Array.from({ length: 5 }, () => {
    const begin = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - begin) / 1e9;
  });
  return times.sort((a, b) => a - b)[2] ?? 0;
}

/** @param {readonly string[]} args */
function xenimg(...args) {
  const result = spawnSync(process.execPath, [join(root, "dist/cli/bin.js"), ...args], { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`xenimg ${args.join(" ")} failed:\n${result.stderr}`);
}

/**
 * Two kernels of random bytes behind an arm64 Image header (Documentation/arch/arm64/booting.rst), and their system.
 * @param {string} folder
 */
function writeSystem(folder) {
  const kernel = randomFillSync(Buffer.alloc(kernelBytes));
  kernel.fill(0, 0, 64);
  kernel.writeBigUInt64LE(BigInt(kernelBytes), 16);
  kernel.writeBigUInt64LE(0x0an, 24);
  kernel.write("ARM\x64", 56, "latin1");
  const domains = ["a", "b"].map((name) => {
    writeFileSync(join(folder, `${name}.Image`), kernel);
    return `${name}: { kernel: "${name}.Image", cpus: 1, memory: MiB(256) },`;
  });
  writeFileSync(
    join(folder, "board.ts"),
    `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(2) }),
  domains: { ${domains.join(" ")} },
});
`,
  );
}

/**
 * Peak memory of `xenimg`, in MiB.
 * @param {readonly string[]} args
 */
function memoryOf(...args) {
  const script = 'process.on("exit", () => console.error(`\\npeak ${process.resourceUsage().maxRSS} KiB`))';
  const preload = `data:text/javascript,${encodeURIComponent(script)}`;
  const command = ["--import", preload, join(root, "dist/cli/bin.js"), ...args];
  const { stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  const [, peak] = /^peak (\d+) KiB$/m.exec(stderr) ?? [];
  if (peak === undefined) throw new Error(`xenimg ${args.join(" ")} failed:\n${stderr}`);
  return Number(peak) / 1024;
}

/**
 * FIT and EFI image of that system, against `sha256sum` over its kernels.
 * @param {string} folder
 */
function reportImages(folder) {
  const kernels = ["a", "b"].map((name) => join(folder, `${name}.Image`));
  const hashing = median(() => spawnSync("sha256sum", kernels));
  console.log(`sha256sum of two kernels of ${kernelBytes / 2 ** 20} MiB: ${hashing.toFixed(2)} s`);
  for (const formats of ["fit,uefi", "raw,fit,uefi", "fit,uefi,disk"]) {
    const args = ["build", join(folder, "board.ts"), "-o", join(folder, "out"), "--format", formats];
    const seconds = median(() => xenimg(...args));
    report(`build --format ${formats} (${(seconds / hashing).toFixed(1)} times)`, seconds, 2 * hashing + 1.5);
    const memory = memoryOf(...args);
    console.log(
      `  peak memory ${memory.toFixed(0)} MiB, limit ${mostMemory}: ${memory <= mostMemory ? "within" : "OVER"}`,
    );
  }
}

/** @param {string} what @param {number} seconds @param {number} limit */
function report(what, seconds, limit) {
  console.log(`${what}: ${seconds.toFixed(2)} s, limit ${limit.toFixed(2)} s: ${seconds <= limit ? "within" : "OVER"}`);
}

await start(async () => {
  const folder = mkdtempSync(join(tmpdir(), "xenimg-bench-"));
  try {
    writeSystem(folder);
    const config = join(folder, "board.ts");
    report(
      "check, whole process",
      median(() => xenimg("check", config)),
      1,
    );
    const copy = median(() => {
      for (const name of ["a", "b"]) writeFileSync(join(folder, "copy"), readFileSync(join(folder, `${name}.Image`)));
    });
    const build = median(() => xenimg("build", config, "-o", join(folder, "out")));
    console.log(`copying two kernels of ${kernelBytes / 2 ** 20} MiB: ${copy.toFixed(2)} s`);
    report(`build with them (${(build / copy).toFixed(1)} times the copying)`, build, 2 * copy + 1);
    reportImages(folder);
    reportGrowth(folder);
    return spawnSync(process.execPath, [join(root, "scripts/bench-dtc.mjs")], { stdio: "inherit" }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
