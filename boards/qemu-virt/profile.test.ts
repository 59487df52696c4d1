import { baseName, decode, walk } from "dtc-js";
import { describe, expect, it } from "vitest";
import { GiB, MiB } from "../../compiler/index.ts";
import { dumpTree, expectSameTree } from "../testing/qemu-tree.ts";
import type { CpuCount, CpuModel } from "./profile.ts";
import { qemuVirt } from "./profile.ts";

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
      expectSameTree(board.deviceTree, dumpTree(board.emulator?.args ?? []));
    },
    30_000,
  );
});

describe("qemuVirt", () => {
  it("names devices that it has, each once", () => {
    const { devices = [], deviceTree } = qemuVirt({ gic: 2, cpus: 1, memory: "1GiB" });
    const decoded = decode(deviceTree);
    const names = decoded.ok ? [...walk(decoded.value)].map(({ node }) => node.name) : [];
    const missing = devices.filter((device) => !names.some((name) => name === device || baseName(name) === device));
    expect(missing).toEqual([]);
    expect(new Set(devices).size).toBe(36);
  });

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
