/**
 * `npm run bench -w dtc-js`: dtc-js beside the dtc of this machine, in turns, in the same run. One compile is judged by
 * processor time (user and system), which other work on the machine changes least; many by the clock, because starting
 * a process for each, what dtc-batch saves, is also the work of whoever starts it. Both are printed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { boardSource, treeOfProperties } from "./lib/dtc-sources.mjs";
import { exponentOf } from "./lib/growth.mjs";
import { OutsideError, root, start } from "./lib/shell.mjs";

const rounds = 3;
/** The least of so many counts: what the collector of garbage does at 10⁶ varies more than the rest. */
const growthRounds = 6;
const limits = { source: 3, batch: 1, exponent: 1.1 };
const packageFolder = join(root, "compiler", "dtc-js");
const bin = (/** @type {string} */ name) => join(packageFolder, "dist", "bin", `${name}.js`);

/** PATH without what npm puts in front: the `dtc` in there is ours. */
const path = (process.env["PATH"] ?? "")
  .split(":")
  .filter((folder) => !folder.includes("node_modules"))
  .join(":");

/** @typedef {{ readonly cpu: number, readonly wall: number }} Times in seconds */

/** Processor time of all children that have ended, in seconds: cutime and cstime of proc(5), in hundredths. */
function childTime() {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** @param {() => void} work @returns {Times} */
function timed(work) {
  const [cpu, begin] = [childTime(), process.hrtime.bigint()];
  work();
  return { wall: Number(process.hrtime.bigint() - begin) / 1e9, cpu: childTime() - cpu };
}

/** @param {string} program @param {readonly string[]} args */
function run(program, args, input = "") {
  const result = spawnSync(program, args, { input, env: { ...process.env, PATH: path }, maxBuffer: 2 ** 28 });
  if (result.status !== 0) throw new OutsideError(`${program} ${args.join(" ")} failed:\n${result.stderr}`);
  return result;
}

/** @param {readonly number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

let missed = 0;

/** @param {string} what @param {number} value @param {number} limit */
function judge(what, value, limit) {
  const within = value <= limit;
  if (!within) missed++;
  console.log(`  ${what} ${value.toFixed(2)}, limit ${limit}: ${within ? "within" : "OVER"}`);
}

/**
 * Both in turns, and what the medians say.
 * @param {string} what @param {() => void} theirs @param {() => void} ours
 * @param {{ readonly by: "cpu" | "wall", readonly limit: number }} bound
 */
function compare(what, theirs, ours, bound) {
  const pairs = Array.from({ length: rounds }, () => ({ theirs: timed(theirs), ours: timed(ours) }));
  console.log(what);
  const [dtc, dtcJs] = /** @type {const} */ (["theirs", "ours"]).map((side) => {
    const cpu = median(pairs.map((pair) => pair[side].cpu));
    const wall = median(pairs.map((pair) => pair[side].wall));
    console.log(
      `  ${side === "ours" ? "dtc-js" : "dtc   "}  ${cpu.toFixed(2)} s of processor, ${wall.toFixed(2)} s by the clock`,
    );
    return { cpu, wall };
  });
  const ratio = (/** @type {"cpu" | "wall"} */ by) => (dtcJs?.[by] ?? 0) / (dtc?.[by] ?? 1);
  const names = { cpu: "of the processor", wall: "by the clock" };
  const other = bound.by === "cpu" ? "wall" : "cpu";
  console.log(`  ${names[other]} ${ratio(other).toFixed(2)} times`);
  judge(`${names[bound.by]}, times`, ratio(bound.by), bound.limit);
}

/** @param {string} folder */
function compareSource(folder) {
  const source = join(folder, "board.dts");
  const text = boardSource(1e7);
  writeFileSync(source, text);
  const outputs = { theirs: join(folder, "theirs.dtb"), ours: join(folder, "ours.dtb") };
  compare(
    `${(text.length / 1e6).toFixed(1)} MB of source to a blob, all checks, whole process`,
    () => run("dtc", ["-o", outputs.theirs, source]),
    () => run(process.execPath, [bin("dtc"), "-o", outputs.ours, source]),
    { by: "cpu", limit: limits.source },
  );
  if (!readFileSync(outputs.theirs).equals(readFileSync(outputs.ours))) throw new Error("the blobs differ");
  const script = 'process.on("exit", () => console.error(`peak ${process.resourceUsage().maxRSS} KiB`))';
  const preload = `data:text/javascript,${encodeURIComponent(script)}`;
  const { stderr } = run(process.execPath, ["--import", preload, bin("dtc"), "-o", outputs.ours, source]);
  console.log(`  peak memory of dtc-js ${(Number(/peak (\d+)/.exec(String(stderr))?.[1]) / 1024).toFixed(0)} MiB`);
}

/** The folder of Debian's kernel package that holds its device trees, which `npm test` sets up. */
function vendorFolder() {
  const debian = join(root, ".cache", "debian");
  const manifest = join(debian, "manifest.json");
  const tree = existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8"))["vendor-trees"]?.path;
  if (!tree) throw new OutsideError("the device trees of Debian's kernel are not here: npm test sets them up");
  return join(debian, dirname(dirname(tree)));
}

/** @param {string} folder */
function compareBatch(folder) {
  const vendors = vendorFolder();
  const trees = readdirSync(vendors, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".dtb"));
  for (const tree of trees) mkdirSync(dirname(join(folder, tree)), { recursive: true });
  for (const [from, to] of [
    ["dtb", "dts"],
    ["dts", "dtb"],
  ]) {
    const options = ["-q", "-I", from ?? "", "-O", to ?? ""];
    const pairs = trees.map((tree) => {
      const source = join(folder, `${tree}.dts`);
      return from === "dtb" ? [join(vendors, tree), source] : [source, join(folder, `${tree}.out`)];
    });
    compare(
      `${trees.length} vendor trees, ${from} to ${to}: dtc-batch, and dtc spawned once a file, one after the other`,
      () => pairs.forEach(([input = "", output = ""]) => run("dtc", [...options, "-o", `${output}`, input])),
      () => run(process.execPath, [bin("dtc-batch"), ...options], pairs.map((pair) => pair.join(" ")).join("\n")),
      { by: "wall", limit: limits.batch },
    );
  }
}

/**
 * Source to blob in this process, so that its start does not flatten the curve. Small trees are many whose results are
 * kept: they fill the memory as the large one does.
 */
async function reportGrowth() {
  const { encode, parse } = await import(new URL("../compiler/dtc-js/dist/index.js", import.meta.url).href);
  const compile = (/** @type {string} */ text) => {
    const { value } = parse(text);
    if (!value) throw new Error("the source of the growth measurement is not sound");
    return { value, blob: encode(value) };
  };
  const warm = treeOfProperties(1000);
  for (let count = 0; count < 100; count++) compile(warm);
  console.log("source to blob by properties, processor time");
  const points = [1e3, 1e4, 1e5, 1e6].map((properties) => {
    const text = treeOfProperties(properties);
    const count = Math.max(1, 1e5 / properties);
    const times = Array.from({ length: growthRounds }, () => {
      const begin = process.cpuUsage();
      const kept = Array.from({ length: count }, () => compile(text));
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1e6 / kept.length;
    });
    const seconds = Math.min(...times);
    const each = ((seconds / properties) * 1e6).toFixed(2);
    console.log(`  ${String(properties).padStart(7)}: ${seconds.toFixed(4)} s, ${each} µs each`);
    return /** @type {const} */ ([properties, seconds]);
  });
  judge("exponent", exponentOf(points), limits.exponent);
}

await start(async () => {
  const folder = mkdtempSync(join(tmpdir(), "dtc-js-bench-"));
  try {
    console.log(
      `${String(run("dtc", ["--version"]).stdout).trim()}, Node ${process.version}, ${rounds} rounds, medians`,
    );
    compareSource(folder);
    compareBatch(folder);
    await reportGrowth();
    return missed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
