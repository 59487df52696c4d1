import { decode, encode, property, setProperty, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import * as boards from "./index.ts";
import { recognise } from "./recognise.ts";
import { dumpTree } from "./testing/qemu-tree.ts";

const GiB = 2 ** 30;

describe("a device tree", () => {
  it.each([
    { gic: 3, cpus: 4, memory: 2 * GiB },
    { gic: 2, cpus: 1, memory: GiB / 2 },
    { gic: 3, cpus: 8, memory: 8 * GiB, cpu: "cortex-a72" },
  ] as const)("of QEMU's virt is known as the profile with its parameters: %o", (parameters) => {
    const { deviceTree, cpus } = boards.qemuVirt(parameters);
    expect(recognise(deviceTree, "virt.dtb")).toEqual({ profile: "qemuVirt", parameters, cpus });
  });

  it("of QEMU's virt is known as QEMU itself makes it", () => {
    const parameters = { gic: 3, cpus: 2, memory: GiB } as const;
    const { emulator } = boards.qemuVirt(parameters);
    expect(recognise(dumpTree(emulator?.args ?? []), "virt.dtb")).toMatchObject({ profile: "qemuVirt", parameters });
  });

  it("of QEMU's Versal is known", () => {
    const { deviceTree } = boards.xlnxVersalVirt({ memory: 4 * GiB });
    expect(recognise(deviceTree, "versal.dtb")).toMatchObject({
      profile: "xlnxVersalVirt",
      parameters: { memory: 4 * GiB },
    });
  });

  it.each([
    ["xlnxZcu102", "xlnx,zynqmp-zcu102"],
    ["imx8mpEvk", "fsl,imx8mp-evk"],
    ["am62xSk", "ti,am625-sk"],
    ["rcarH3Salvator", "renesas,r8a7795"],
  ] as const)("of a vendor is known by what its root is compatible with: %s", (profile, compatible) => {
    const { deviceTree } = boards.qemuVirt({ gic: 3, cpus: 4, memory: GiB });
    const decoded = decode(deviceTree);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const tree = setProperty(decoded.value, "/", property("compatible", strings(compatible, "other")));
    expect(recognise(encode(tree), "some/vendor.dtb")).toMatchObject({
      profile,
      parameters: { deviceTree: "some/vendor.dtb" },
    });
  });

  it("that differs from the profile's in anything is a board of its own", () => {
    const { deviceTree } = boards.qemuVirt({ gic: 3, cpus: 4, memory: GiB });
    const decoded = decode(deviceTree);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const changed = setProperty(decoded.value, "/psci", property("method", strings("hvc")));
    expect(recognise(encode(changed), "virt.dtb")).toBeUndefined();
  });

  it("that is none is no board", () => {
    expect(recognise(new Uint8Array(100), "x.dtb")).toBeUndefined();
  });
});
