import { describe, expect, it } from "vitest";
import { domain, fields, imported } from "../testing/xl.ts";

describe("a domain", () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['cmdline = "console=ttyAMA0"', { bootargs: "console=ttyAMA0" }],
    ['root = "/dev/xvda1"\nextra = "ro quiet"', { bootargs: "root=/dev/xvda1 ro quiet" }],
    ['ramdisk = "boot/initrd"', { ramdisk: "../boot/initrd" }],
    ["vcpus = '2'\nmaxvcpus = 2", { cpus: 2 }],
    [
      "vcpus = 0x2\ncpus = '1-3,^2'",
      { cpus: 2, vcpus: [{ affinity: ["cpu1", "cpu3"] }, { affinity: ["cpu1", "cpu3"] }] },
    ],
    [
      "vcpus = 3\ncpus = ['all', 'all, ^0', 2]",
      { cpus: 3, vcpus: [{}, { affinity: ["cpu1", "cpu2", "cpu3"] }, { affinity: ["cpu2"] }] },
    ],
    ["vcpus = 2\ncpus = ['3']", { cpus: 2, vcpus: [{ affinity: ["cpu3"] }] }],
    ["cpus = 'all'", {}],
    ["cpus = '0-3'", {}],
    ["pool = 'Pool-0'", {}],
    ["maxmem = 64", {}],
    ["cpu_weight = 512\ncap = 150", { weight: 512, cap: 150 }],
    ["cpu_weight = 256\ncap = 0", {}],
    [
      "on_poweroff = 'preserve'\non_reboot = 'destroy'\non_crash='restart'\non_watchdog='restart'",
      { onPoweroff: "preserve", onReboot: "destroy", onWatchdog: "restart", onCrash: "restart" },
    ],
    ["on_poweroff = 'destroy'\non_reboot = 'restart'", {}],
    [
      "max_grant_frames = 32\nmax_maptrack_frames = 0\nmax_grant_version = 1",
      { enhanced: "no-xenstore", grants: { version: 1, frames: 32, maptrackFrames: 0 } },
    ],
    ["passthrough = 'share_pt'", { passthroughPolicy: "enabled" }],
    ["passthrough = 'disabled'", { passthroughPolicy: "disabled" }],
    ["passthrough = 'default'", {}],
    ["sve = '256'", { sve: 256 }],
    ["sve = 512", { sve: 512 }],
    ["sve = 'hw'", { sve: true }],
    ["sve = 'disabled'", {}],
    ["tee = 'none'", {}],
    ["arm_sci = 'type=scmi_smc'", { sci: "scmi_smc" }],
    ["arm_sci = 'type=none'", {}],
    ["gic_version = 'default'", {}],
    ["gic_version = 'v2'", {}],
    ["vuart = 'sbsa_uart'", {}],
    ["type = 'pvh'", {}],
    ["nr_spis = 96\ntrap_unmapped_accesses = 0", { nrSpis: 96, trapUnmappedAccesses: false }],
    ["llc_colors = ['0-3', '8', 9]", { llcColors: "0-3,8,9" }],
    ["device_tree = 'part.dtb'", { passthrough: "../part.dtb" }],
    ["dtdev = ['/soc/dma@1', '/uart@2']", { passthrough: ["/soc/dma@1", "/uart@2"] }],
    ["disk = []\nvif = []", {}],
  ])("says %j in the language's words", async (lines, expected) => {
    expect(await fields(lines)).toEqual(expected);
  });

  it("has maxmem where memory is left out", async () => {
    const { text } = await imported('name="web"; kernel="Image"; maxmem=96');
    expect(text).toContain("memory: MiB(96)");
  });

  it.each([
    ["name = 'web 1'", '1:8 XI2207 "web 1" is not taken over: as a name in board.ts it is "web-1"', '    "web-1": {'],
    ["name = '1'", '1:8 XI2207 "1" is not taken over: as a name in board.ts it is "d1"', "    d1: {"],
    ["name = 'hypervisor'", '1:8 XI2207 "hypervisor" is not taken over: as a name', "    dhypervisor: {"],
    ["name = '__proto__'", '1:8 XI2207 "__proto__" is not taken over: as a name', "    d__proto__: {"],
  ])("is called as board.ts can: %j", async (name, finding, key) => {
    const { text, findings: told } = await imported(domain.replace('name = "web"', name));
    expect(told).toEqual([expect.stringContaining(finding)]);
    expect(text).toContain(key);
  });
});
