import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { GiB, MiB } from "../../compiler/index.ts";
import { dumpTree, expectSameTree } from "../testing/qemu-tree.ts";
import { factsOf } from "../testing/facts.ts";
import { xlnxVersalVirt } from "./profile.ts";

/** Without something to boot, QEMU's tree has one CPU and no way to start it. */
const kernel = ["-kernel", fileURLToPath(new URL("../../fixtures/files/Image", import.meta.url))];

describe("xlnxVersalVirt", () => {
  it.each([MiB(1000), GiB(2), GiB(2) + MiB(1), GiB(8), GiB(34)])(
    "has QEMU's own tree for %i bytes of memory",
    (memory) => {
      const { deviceTree, emulator } = xlnxVersalVirt({ memory });
      expectSameTree(deviceTree, dumpTree([...(emulator?.args ?? []), ...kernel]));
    },
    30_000,
  );

  it("has what the core needs", () => {
    const facts = factsOf(xlnxVersalVirt({ memory: "4GiB" }));
    expect(facts.ram).toEqual([
      { start: 0, size: GiB(2) },
      { start: GiB(32), size: GiB(2) },
    ]);
    expect(facts.cpus.map(({ label, mpidr }) => [label, mpidr])).toEqual([
      ["cpu0", 0],
      ["cpu1", 1],
    ]);
    expect(facts.console).toEqual({ path: "/uart@ff000000", mmio: { start: 0xff00_0000, size: 0x1000 }, spi: 18 });
    expect(facts.uarts).toEqual(["/uart@ff000000", "/uart@ff010000"]);
  });

  it.each([
    [{ memory: 4096 }, "memory is whole MiB, such as GiB(2), not 4096"],
    [{ memory: "1GB" }, "not 1GB"],
    [{}, "not undefined"],
    [{ memory: "35GiB" }, "memory is 34 GiB at most, not 35 GiB"],
  ])("refuses %o", (parameters, words) => {
    expect(() => xlnxVersalVirt(parameters as never)).toThrow(words);
  });
});
