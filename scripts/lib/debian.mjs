import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { thisMachine } from "./machine.mjs";
import { OutsideError, root, run } from "./shell.mjs";

/**
 * Debian's arm64 packages that the system tests boot. They come through an apt of our own inside .cache/apt, so that
 * the machine's package architectures and sources stay as they are, and lie unpacked in .cache/debian.
 */
const cache = join(root, ".cache");
const aptRoot = join(cache, "apt");
const unpacked = join(cache, "debian");
const manifest = join(unpacked, "manifest.json");
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * What the tests ask for by name. `folder` is the part of the package that they use: the kernel's modules are half a
 * gigabyte that nobody loads.
 * @type {readonly { key: string, package: string, folder: string, file: RegExp }[]}
 */
const wanted = [
  { key: "kernel", package: "linux-image-arm64", folder: "./boot", file: /^vmlinuz-.*-arm64$/ },
  { key: "busybox", package: "busybox-static", folder: "./bin", file: /^busybox$/ },
  { key: "xen", package: "xen-hypervisor-4.17-arm64", folder: "./boot", file: /^xen-4\.17-arm64/ },
];

/** Fetches and unpacks the packages, unless a complete earlier fetch is there. */
export async function ensureDebianPackages() {
  if (isComplete()) return;
  console.log("set-up: Debian's arm64 kernel, BusyBox and Xen");
  prepareApt();
  await apt("apt-get", ["update", "-o", "APT::Update::Error-Mode=any"]);
  rmSync(unpacked, { recursive: true, force: true });
  const partial = mkdtempSync(join(cache, "debian-"));
  /** @type {Record<string, { package: string, path: string }>} */
  const entries = {};
  for (const want of wanted) entries[want.key] = await fetchPackage(want, partial);
  writeFileSync(join(partial, "manifest.json"), `${JSON.stringify(entries, undefined, 2)}\n`);
  renameSync(partial, unpacked);
}

function isComplete() {
  try {
    const entries = /** @type {Record<string, { path: string }>} */ (JSON.parse(readFileSync(manifest, "utf8")));
    return wanted.every(({ key }) => existsSync(join(unpacked, entries[key]?.path ?? "missing")));
  } catch {
    return false;
  }
}

function prepareApt() {
  for (const folder of ["state/lists/partial", "cache/archives/partial", "parts"]) {
    mkdirSync(join(aptRoot, folder), { recursive: true });
  }
  writeFileSync(join(aptRoot, "status"), "");
  const lines = ["debian bookworm", "debian-security bookworm-security"].map((suite) => {
    const [path, name] = suite.split(" ");
    return `deb [signed-by=${keyring}] http://deb.debian.org/${path} ${name} main\n`;
  });
  writeFileSync(join(aptRoot, "sources.list"), lines.join(""));
}

/** @param {string} program @param {readonly string[]} args */
async function apt(program, args) {
  /** @type {Record<string, string>} */
  const settings = {
    "Dir::State": join(aptRoot, "state"),
    "Dir::State::status": join(aptRoot, "status"),
    "Dir::Cache": join(aptRoot, "cache"),
    "APT::Architecture": "arm64",
    "APT::Architectures": "arm64",
    "Acquire::Retries": "3",
  };
  // As root, apt would otherwise fetch as a user who may not be able to enter the clone's folder.
  if (process.getuid?.() === 0) settings["APT::Sandbox::User"] = "root";
  const { id, version } = thisMachine();
  if (id !== "debian" || version !== "12") {
    settings["Dir::Etc::sourcelist"] = join(aptRoot, "sources.list");
    settings["Dir::Etc::sourceparts"] = join(aptRoot, "parts");
  }
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const { code, output } = await run(program, ["-q", ...options, ...args], {
    quiet: true,
    cwd: join(aptRoot, "cache"),
  });
  if (code !== 0) {
    throw new OutsideError(
      `${output.trim()}\nthe tests' Linux guests are Debian's: the set-up needs the network to reach deb.debian.org`,
    );
  }
  return output;
}

/**
 * @param {(typeof wanted)[number]} want
 * @param {string} into
 */
async function fetchPackage(want, into) {
  const name = await currentName(want.package);
  const archives = join(aptRoot, "cache");
  for (const old of readdirSync(archives)) if (old.endsWith(".deb")) rmSync(join(archives, old));
  await apt("apt-get", ["download", name]);
  const deb = readdirSync(archives).find((file) => file.endsWith(".deb"));
  if (deb === undefined) throw new OutsideError(`apt-get download ${name} gave no package`);
  await unpack(join(archives, deb), want.folder, into);
  const folder = want.folder.slice(2);
  const file = readdirSync(join(into, folder)).find((entry) => want.file.test(entry));
  if (file === undefined)
    throw new OutsideError(`Debian's package ${name} holds no ${want.folder}/${want.file.source}`);
  return { package: deb.replace(/\.deb$/, "").replaceAll("%3a", ":"), path: `${folder}/${file}` };
}

/**
 * linux-image-arm64 is an empty package that depends on the current kernel's.
 * @param {string} name
 */
async function currentName(name) {
  const depends = await apt("apt-cache", ["depends", name]);
  return /Depends: (linux-image-\S+)/.exec(depends)?.[1] ?? name;
}

/** @param {string} deb @param {string} folder @param {string} into */
async function unpack(deb, folder, into) {
  const { code, output } = await run(
    "sh",
    ["-c", 'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" "$2"', deb, into, folder],
    { quiet: true },
  );
  if (code !== 0) throw new OutsideError(`${output.trim()}\nunpacking ${deb} failed`);
}
