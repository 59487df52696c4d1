/**
 * `npm run bench -w hypervisor`: instructions of what a hypervisor does often, on the core and on upstream Xen 4.17, with
 * the same guest image. QEMU counts: with `-icount shift=0` an instruction takes a nanosecond, on any machine.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OutsideError, root, start } from "./lib/shell.mjs";

/** One CPU, which all vCPUs share: QEMU runs the CPUs of such a machine in turns, and waiting would be counted, too. */
const board = `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
const guest = (name: string) => ${JSON.stringify(join(root, "fixtures/guests/build"))} + \`/\${name}.bin\`;
const domain = { memory: MiB(32), enhanced: "no-xenstore" } as const;
export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 1, memory: GiB(1) }),
  hypervisor: { bootargs: "console=dtuart guest_loglvl=all loglvl=all" },
  domains: {
    bench: { ...domain, kernel: guest("bench"), bootargs: "name=bench port=10", cpus: 2 },
    peer: { ...domain, kernel: guest("hello"), bootargs: "name=peer" },
  },
  eventChannels: [{ from: ["bench", 10], to: ["peer", 10] }],
});
`;

/** Debian's Xen, which `npm test` sets up. */
function upstream() {
  const folder = join(root, ".cache", "debian");
  try {
    return join(folder, JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")).xen.path);
  } catch {
    throw new OutsideError("upstream Xen is not here: npm test sets it up");
  }
}

/**
 * What the machine says until the guest is done. Its peer never is.
 * @param {string} folder
 * @returns {Promise<string>}
 */
function boot(folder) {
  const args = ["120", "sh", "run.sh", "-icount", "shift=0,sleep=off"];
  const machine = spawn("timeout", args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  machine.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
    if (said.includes("bench: done")) machine.kill();
  });
  return new Promise((resolve) => machine.on("close", () => resolve(said)));
}

/**
 * What the guest has counted, by name.
 * @param {string} folder
 * @param {string} name
 * @param {readonly string[]} options
 */
async function measure(folder, name, options) {
  const output = join(folder, name);
  const config = join(folder, "board.ts");
  const build = spawnSync(
    process.execPath,
    [join(root, "dist/cli/bin.js"), "build", config, "--relock", "-o", output, ...options],
    { encoding: "utf8" },
  );
  if (build.status !== 0) throw new OutsideError(`${name}: xenimg build failed:\n${build.stderr}`);
  const stdout = await boot(output);
  const counts = [...stdout.matchAll(/bench: ([\w-]+) (\d+)/g)];
  if (!stdout.includes("bench: done")) throw new OutsideError(`${name}: the guest has not come to its end`);
  return new Map(counts.map(([, what = "", count]) => [what, Number(count)]));
}

await start(async () => {
  const folder = mkdtempSync(join(tmpdir(), "xenimg-bench-"));
  try {
    writeFileSync(join(folder, "board.ts"), board);
    const xen = await measure(folder, "upstream", ["--target", "xen@4.17", "--hypervisor", upstream()]);
    const core = await measure(folder, "core", []);
    console.log("instructions".padEnd(22), "core".padStart(10), "Xen 4.17".padStart(10));
    for (const [what, count] of core) {
      const theirs = xen.get(what) ?? Number.NaN;
      const verdict = count < theirs ? "lower" : "HIGHER";
      console.log(what.padEnd(22), String(count).padStart(10), String(theirs).padStart(10), verdict);
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
