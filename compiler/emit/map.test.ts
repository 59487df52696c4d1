import { expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import type { DomainInput } from "../config/input.ts";
import { files, placedSystem, twoDomains } from "../testing/system.ts";
import { mapText } from "./map.ts";

it("shows every range of the machine's memory with its owner, and what each guest sees", async () => {
  expect(mapText(await placedSystem())).toMatchInlineSnapshot(`
    "Memory map of board for core on qemu-virt

    Machine memory
      start           end             size        kind           owner
      0x000040000000  0x000040200000  2 MiB       free           -
      0x000040200000  0x000040300000  1 MiB       hypervisor     hypervisor
      0x000040400000  0x000040600000  2 MiB       device-tree    device tree
      0x000040600000  0x000040601388  5000 bytes  module         ui/kernel
      0x000040800000  0x00004080001f  31 bytes    module         ui/ramdisk
      0x000040a00000  0x000040a01770  6000 bytes  module         control/kernel
      0x000040a02000  0x000040c00000  2040 KiB    free           -
      0x000040c00000  0x000044c00000  64 MiB      domain-memory  domain ui
      0x000044c00000  0x000060000000  436 MiB     free           -
      0x000060000000  0x000062000000  32 MiB      domain-memory  domain control
      0x000062000000  0x0000c0000000  1504 MiB    free           -

    Domain 1: ui
      2 vCPUs, Pool-0, memory by size: placed by the core's rules
      guest start     guest end       size    machine start
      0x000040000000  0x000044000000  64 MiB  0x000040c00000
      kernel at [0x40000000, 0x40020000)
      ramdisk at [0x43e00000, 0x43e0001f)
      device tree at [0x43c00000, 0x43e00000)

    Domain 2: control
      1 vCPU, pool realtime, static banks
      guest start     guest end       size    machine start
      0x000040000000  0x000042000000  32 MiB  0x000060000000
      kernel at [0x40000000, 0x40020000)
      device tree at [0x41e00000, 0x42000000)
    "
  `);
});

it("says which port leads where, written or not", async () => {
  const eventChannels = [
    { from: "ui", to: ["control", 1] },
    { from: "ui", to: "control" },
  ] as const;
  expect(mapText(await placedSystem({ ...twoDomains, eventChannels })).match(/^ {2}port .*$/gm)).toEqual([
    "  port 1 to control, port 1",
    "  port 2 to control, port 2",
    "  port 1 to ui, port 1",
    "  port 2 to ui, port 2",
  ]);
});

it("names the devices between domains as Linux does at each end", async () => {
  const domain = { kernel: "Image", memory: MiB(64), enhanced: true };
  const pv = [
    { kind: "net", backend: "io", frontend: "a", mac: "02:00:00:00:00:01" },
    { kind: "net", backend: "io", frontend: "b", mac: "02:00:00:00:00:02", bridge: "br0" },
    { kind: "block", backend: "io", frontend: "a", device: "254:0", mode: "r" },
    { kind: "console", backend: "io", frontend: "b" },
  ] as const;
  const placed = await placedSystem({ board: twoDomains.board, domains: { io: domain, a: domain, b: domain }, pv });
  expect(mapText(placed).match(/^(Domain| {2}PV) .*$/gm)).toEqual([
    "Domain 1: io",
    "  PV interface vif2.0, 02:00:00:00:00:01, for a",
    "  PV interface vif3.0, 02:00:00:00:00:02, bridge br0, for b",
    "  PV disk xvda, 254:0, read only, for a",
    "  PV console 1, for b",
    "Domain 2: a",
    "  PV interface 0, 02:00:00:00:00:01, from io",
    "  PV disk xvda, 254:0, read only, from io",
    "Domain 3: b",
    "  PV interface 0, 02:00:00:00:00:02, bridge br0, from io",
    "  PV console 1, from io",
  ]);
});

it("names the devices that a domain has, with their registers and interrupts", async () => {
  const { ui, control } = twoDomains.domains as Record<"ui" | "control", DomainInput>;
  const domains = { ui: { ...ui, passthrough: ["pl031"] }, control };
  expect(mapText(await placedSystem({ ...twoDomains, domains })).match(/^(Domain| {2}device \/).*$/gm)).toEqual([
    "Domain 1: ui",
    "  device /pl031@9010000, at [0x9010000, 0x9011000), SPI 2",
    "Domain 2: control",
  ]);
});

it("says where in the guest a device is, where that is elsewhere", async () => {
  const text = `/dts-v1/;
    / { #address-cells = <2>; #size-cells = <2>; passthrough { compatible = "simple-bus"; #address-cells = <2>; #size-cells = <2>; ranges;
      rtc@10000000 { xen,reg = <0 0x9010000 0 0x1000 0 0x10000000>; xen,path = "/pl031@9010000";
        xen,force-assign-without-iommu; }; }; };`;
  const { ui, control } = twoDomains.domains as Record<"ui" | "control", DomainInput>;
  const domains = { ui: { ...ui, passthrough: "rtc.dts" }, control };
  const table = { ...files, "rtc.dts": new TextEncoder().encode(text) };
  expect(mapText(await placedSystem({ ...twoDomains, domains }, undefined, table))).toContain(
    "  device /pl031@9010000, at [0x10000000, 0x10001000), in the machine at [0x9010000, 0x9011000), SPI 2\n",
  );
});
