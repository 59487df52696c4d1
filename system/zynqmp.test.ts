import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Node } from "dtc-js";
import { cells, cells64, deviceTree, encode, node, property, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import { guest, temporaryFolder } from "./testing/paths.ts";
import { xenimg } from "./testing/systems.ts";

const gicPhandle = 1;
const numbers = [0, 1, 2, 3];

const cpu = (index: number): Node =>
  node(`cpu@${index}`, {
    properties: [
      property("device_type", strings("cpu")),
      property("compatible", strings("arm,cortex-a53")),
      property("enable-method", strings("psci")),
      property("reg", cells(index)),
    ],
  });

/** Zynq UltraScale+ TRM (UG1085), system addresses: a page of the CPU interfaces is seen throughout 64 KiB. */
const gic = node("interrupt-controller@f9010000", {
  properties: [
    property("phandle", cells(gicPhandle)),
    property("compatible", strings("arm,gic-400")),
    property("interrupt-controller"),
    property("#interrupt-cells", cells(3)),
    property(
      "reg",
      cells64(0xf901_0000, 0x1_0000, 0xf902_0000, 0x2_0000, 0xf904_0000, 0x2_0000, 0xf906_0000, 0x2_0000),
    ),
  ],
});

/** What the core looks at of QEMU's `xlnx-zcu102`. Its UART is not one that the core drives. */
const tree = deviceTree({
  properties: [
    property("#address-cells", cells(2)),
    property("#size-cells", cells(2)),
    property("interrupt-parent", cells(gicPhandle)),
  ],
  children: [
    node("memory@0", {
      properties: [property("device_type", strings("memory")), property("reg", cells64(0, 0x7ff0_0000))],
    }),
    node("psci", { properties: [property("compatible", strings("arm,psci-0.2")), property("method", strings("smc"))] }),
    node("cpus", {
      properties: [property("#address-cells", cells(1)), property("#size-cells", cells(0))],
      children: numbers.map(cpu),
    }),
    gic,
  ],
});

async function buildImage(folder: string): Promise<string> {
  writeFileSync(join(folder, "zcu102.dtb"), encode(tree));
  const domain = (name: string, cpus: number) => ({
    kernel: guest("probe"),
    bootargs: `name=${name} strict`,
    cpus,
    memory: "32MiB",
  });
  const system = {
    board: {
      name: "zcu102",
      parameters: {},
      cpus: numbers.map((index) => `cpu${index}`),
      deviceTree: "zcu102.dtb",
      loadAddress: 0x20_0000,
    },
    domains: { four: domain("four", 4), one: domain("one", 1) },
  };
  const config = join(folder, "board.ts");
  writeFileSync(
    config,
    `import { defineSystem } from "xenimg";\n\nexport default defineSystem(${JSON.stringify(system)});\n`,
  );
  const { code, stderr } = await xenimg("build", config, "-o", join(folder, "out"));
  expect(code, stderr).toBe(0);
  return join(folder, "out", "image.bin");
}

describe("a GIC-400 that repeats its pages throughout 64 KiB", () => {
  it("serves two domains, who end the machine because nothing is missing", async () => {
    const image = await buildImage(temporaryFolder("zynqmp"));
    const args = [
      ...["-machine", "xlnx-zcu102,virtualization=on", "-smp", "4", "-m", "2048M", "-kernel", image],
      ...["-net", "none", "-display", "none", "-monitor", "none", "-serial", "null"],
    ];
    await promisify(execFile)("qemu-system-aarch64", args, { timeout: 120_000, killSignal: "SIGKILL" });
  });
});
