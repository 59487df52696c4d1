import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceTree, Node } from "dtc-js";
import { decode } from "dtc-js";
import { expect } from "vitest";

/**
 * The blob that QEMU makes for a machine with these arguments. Its memory is a sparse file where the arguments do not say
 * otherwise, so that a machine with more RAM than this one can be asked, too.
 */
export function dumpTree(args: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "xenimg-dump-"));
  try {
    const blob = join(folder, "dump.dtb");
    const sparse = args.includes("-object");
    const size = args[args.indexOf("-m") + 1] ?? "";
    const backend = `memory-backend-file,id=ram,size=${size},mem-path=${join(folder, "ram")},share=on`;
    const more = `${sparse ? "" : ",memory-backend=ram"},dumpdtb=${blob}`;
    const machine = args.indexOf("-machine") + 1;
    const all = args.map((arg, index) => (index === machine ? `${arg}${more}` : arg));
    const object = sparse ? [] : ["-object", backend];
    execFileSync("qemu-system-aarch64", [...object, ...all], { timeout: 20_000, stdio: "pipe" });
    return readFileSync(blob);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Compares two blobs node by node and property by property, in order, without the seeds that QEMU draws anew. */
export function expectSameTree(actual: Uint8Array, expected: Uint8Array): void {
  const [ours, theirs] = [treeOf(actual), treeOf(expected)];
  expect(lines(ours.root)).toEqual(lines(theirs.root));
  expect(ours.reservations).toEqual(theirs.reservations);
  expect(ours.bootCpuid).toBe(theirs.bootCpuid);
}

function treeOf(blob: Uint8Array): DeviceTree {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return decoded.value;
}

/** Each node as lines of its own, properties with their bytes. */
function lines(node: Node, path = ""): readonly string[] {
  return [
    `${path}/ {`,
    ...node.properties
      .filter(({ name }) => name !== "rng-seed" && name !== "kaslr-seed")
      .map(({ name, value }) => `${path}/${name} = ${Buffer.from(value.bytes).toString("hex")}`),
    ...node.children.flatMap((child) => lines(child, `${path}/${child.name}`)),
  ];
}
