import { decode, encode, findNode, setProperty, cells64, property } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { Target } from "../ir/target.ts";
import { checkSystem } from "../testing/system.ts";

const path = "/intc@8000000";

/** What is said of qemu-virt when its GICv2 has other registers. */
async function said(reg: readonly number[], target?: Target): Promise<readonly string[]> {
  const board = qemuVirt({ gic: 2, cpus: 1, memory: "1GiB" });
  const decoded = decode(board.deviceTree);
  if (!decoded.ok || findNode(decoded.value, path) === undefined) throw new Error("qemu-virt has a GIC");
  const deviceTree = encode(setProperty(decoded.value, path, property("reg", cells64(...reg))));
  const domains = { ui: { kernel: "Image", memory: MiB(32) } };
  const { diagnostics } = await checkSystem({ board: { ...board, deviceTree }, domains }, target && { target });
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}

describe("a GICv2 for the core", () => {
  const [gicd, gicc, gich, gicv] = [0x800_0000, 0x801_0000, 0x803_0000, 0x804_0000];
  const flaw = (words: string) => [`XI4511 the core cannot use the board's GICv2: ${words}`];

  it("has both CPU interfaces, of two pages, or of two that are repeated", async () => {
    expect(await said([gicd, 0x1000, gicc, 0x2000, gich, 0x1000, gicv, 0x2000])).toEqual([]);
    expect(await said([gicd, 0x1000, gicc, 0x2_0000, gich, 0x1000, gicv, 0x2_0000])).toEqual([]);
  });

  it("is refused otherwise", async () => {
    expect(await said([gicd, 0x1000, gicc, 0x2000])).toEqual(flaw("it has no virtual CPU interface"));
    expect(await said([gicd, 0x1000, gicc, 0x1000, gich, 0x1000, gicv, 0x2000])).toEqual(
      flaw("a CPU interface has less than 8 KiB"),
    );
    expect(await said([gicd, 0x1000, gicc, 0x2000, gich, 0x1000, gicv + 0x800, 0x2000])).toEqual(
      flaw("its virtual CPU interface begins within a page"),
    );
    expect(await said([gicd, 0x1000, gicc, 0x2_0000, gich, 0x1000, gicv, 0x2000])).toEqual(
      flaw("one CPU interface has aliases, 128 KiB, and the other has not"),
    );
  });

  it("is upstream's to judge for upstream, which wants it named", async () => {
    const xen: Target = { hypervisor: "xen", version: "4.17" };
    expect(await said([gicd, 0x1000, gicc, 0x1000, gich, 0x1000, gicv, 0x1000], xen)).toEqual([]);
    expect(await said([gicd, 0x1000, gicc, 0x2000], xen)).toEqual([
      "XI4622 the GICv2 of qemu-virt has no interface for a hypervisor and its guests",
    ]);
  });
});
