import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceTree, Node } from "dtc-js";
import { decode } from "dtc-js";
import { afterAll, describe, expect, it } from "vitest";
import { GiB, MiB } from "../../compiler/index.ts";
import type { CpuCount, CpuModel } from "./profile.ts";
import { qemuVirt } from "./profile.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-virt-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Memory in a sparse file, so that a machine with more RAM than this one can be asked for its tree. */
function dump(args: readonly string[]): Uint8Array {
  const blob = join(folder, "dump.dtb");
  const size = args[args.indexOf("-m") + 1] ?? "";
  const backend = `memory-backend-file,id=ram,size=${size},mem-path=${join(folder, "ram")},share=on`;
  const sparse = args.includes("-object");
  const more = sparse ? "" : ",memory-backend=ram";
  const all = args.map((arg) => (arg.startsWith("virt,") ? `${arg}${more},dumpdtb=${blob}` : arg));
  execFileSync("qemu-system-aarch64", [...(sparse ? [] : ["-object", backend]), ...all], {
    timeout: 20_000,
    stdio: "pipe",
  });
  rmSync(join(folder, "ram"), { force: true });
  return readFileSync(blob);
}

function treeOf(blob: Uint8Array): DeviceTree {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.tree;
}

/** Each node as lines of its own, in order, properties with their bytes. */
function lines(node: Node, path = ""): readonly string[] {
  return [
    `${path}/ {`,
    ...node.properties
      .filter(({ name }) => name !== "rng-seed" && name !== "kaslr-seed")
      .map(({ name, value }) => `${path}/${name} = ${Buffer.from(value.bytes).toString("hex")}`),
    ...node.children.flatMap((child) => lines(child, `${path}/${child.name}`)),
  ];
}

describe("the tree of qemuVirt", () => {
  it.each<[2 | 3, CpuCount, number, CpuModel | undefined]>([
    [3, 1, MiB(512), undefined],
    [3, 2, MiB(300), "cortex-a53"],
    [3, 3, GiB(2), "cortex-a72"],
    [3, 4, GiB(4), "cortex-a57"],
    [3, 5, GiB(3) + MiB(1), "cortex-a76"],
    [3, 6, GiB(255), "neoverse-n1"],
    [3, 7, GiB(300), "cortex-a35"],
    [3, 8, GiB(8), "max"],
    [3, 2, GiB(600), "cortex-a53"],
    [3, 2, GiB(2048), "max"],
    [3, 2, GiB(12_288), "neoverse-n1"],
    [2, 1, MiB(512), undefined],
    [2, 5, GiB(4), "cortex-a53"],
    [2, 8, GiB(300), "cortex-a72"],
  ])(
    "is QEMU's own for a GICv%i, %i CPUs and %i bytes of %s",
    (gic, cpus, memory, cpu) => {
      const board = qemuVirt({ gic, cpus, memory, ...(cpu && { cpu }) });
      const expected = treeOf(dump(board.emulator?.args ?? []));
      const actual = treeOf(board.deviceTree);
      expect(lines(actual.root)).toEqual(lines(expected.root));
      expect(actual.reservations).toEqual(expected.reservations);
      expect(actual.bootCpuid).toBe(expected.bootCpuid);
    },
    30_000,
  );
});

describe("qemuVirt", () => {
  it("labels its CPUs in the types, too", () => {
    const labels: readonly ("cpu0" | "cpu1")[] = qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" }).cpus;
    // @ts-expect-error a third label can come from no board of two CPUs
    const third: (typeof labels)[number] = "cpu2";
    expect(labels).not.toContain(third);
    expect(labels).toEqual(["cpu0", "cpu1"]);
  });

  it.each([
    [{ gic: 4, cpus: 1, memory: GiB(1) }, "gic is 2 or 3, not 4"],
    [{ gic: 3, cpus: 9, memory: GiB(1) }, "cpus is 1 to 8, not 9"],
    [{ gic: 3, cpus: 1.5, memory: GiB(1) }, "cpus is 1 to 8, not 1.5"],
    [{ gic: 3, cpus: 1, memory: GiB(1), cpu: "cortex-m4" }, 'not "cortex-m4"'],
    [{ gic: 3, cpus: 1, memory: GiB(1), cpu: "toString" }, 'not "toString"'],
    [{ gic: 3, cpus: 1, memory: 4096 }, "memory is whole MiB, such as GiB(2), not 4096"],
    [{ gic: 3, cpus: 1, memory: "1GB" }, "not 1GB"],
    [{ gic: 3, cpus: 1, memory: undefined }, "not undefined"],
    [{ gic: 3, cpus: 1, memory: "1TiB", cpu: "cortex-a53" }, "cortex-a53 cannot address 1 TiB"],
  ])("refuses %o", (parameters, words) => {
    expect(() => qemuVirt(parameters as never)).toThrow(words);
  });
});
