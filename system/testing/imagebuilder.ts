import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode, property, setProperty, strings } from "dtc-js";
import { qemuVirt, xlnxVersalVirt } from "../../boards/index.ts";
import { writeInitramfs } from "./initramfs.ts";
import { debian, guest, root, temporaryFolder } from "./paths.ts";

const GiB = 2 ** 30;
/** Configurations of different shapes; their comments say what is seen when they are built and booted. */
export const fixtures = join(root, "fixtures", "imagebuilder");
export const virt = (gic: 2 | 3) => qemuVirt({ gic, cpus: 4, memory: 2 * GiB });

/** The device trees that the configurations name; one is of a board that no profile is. */
const trees: Readonly<Record<string, () => Uint8Array>> = {
  "virt-gicv3.dtb": () => virt(3).deviceTree,
  "virt-gicv2.dtb": () => virt(2).deviceTree,
  "versal.dtb": () => xlnxVersalVirt({ memory: 2 * GiB }).deviceTree,
  "zynqmp-zcu102.dtb": () => readFileSync(debian("zynqmp-zcu102")),
  "own.dtb": () => {
    const decoded = decode(virt(3).deviceTree);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    return encode(setProperty(decoded.value, "/", property("model", strings("Own"))));
  },
};

/** Other files that the configurations name. */
const files: Readonly<Record<string, (path: string) => void>> = {
  "hello.bin": (path) => {
    copyFileSync(guest("hello"), path);
  },
  "clock.bin": (path) => {
    copyFileSync(guest("clock"), path);
  },
  "messages.bin": (path) => {
    copyFileSync(guest("messages"), path);
  },
  Image: (path) => {
    copyFileSync(debian("kernel"), path);
  },
  "initramfs.cpio.gz": (path) => {
    writeInitramfs(path);
  },
};

/** A folder with what a configuration names beside it, as a user has it. */
export function folderFor(config: string): string {
  const folder = temporaryFolder("imagebuilder");
  const named = (name: string): boolean => config.includes(name);
  for (const [name, tree] of Object.entries(trees)) if (named(name)) writeFileSync(join(folder, name), tree());
  for (const [name, make] of Object.entries(files)) if (named(name)) make(join(folder, name));
  return folder;
}

/** What a configuration's comments say of the test: lines that its consoles show, or whose rules it is built by. */
export const comments = (text: string, key: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^# ${key}: (.*)$`, "gm"))].map(([, value = ""]) => value);

/** Their file names. */
export const configurations = readdirSync(fixtures).filter((name) => name.endsWith(".cfg"));
