import { parse, walk } from "dtc-js";
import { describe, expect, it } from "vitest";
import type { Target } from "../ir/target.ts";
import { hypervisorConsole } from "./console.ts";

function consoleOf(bootargs: string, stdout: string, hypervisor: Target["hypervisor"] = "core"): string | undefined {
  const { value } = parse(`/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;
    aliases { other = "/uart@b0000000"; odd = "/uart@c0000000"; };
    chosen { stdout-path = "${stdout}"; };
    uart@a0000000 { compatible = "arm,pl011"; reg = <0xa0000000 0x1000>; };
    uart@b0000000 { compatible = "arm,pl011"; reg = <0xb0000000 0x1000>; interrupts = <0 9 4>; };
    uart@c0000000 { compatible = "ns16550a"; reg = <0xc0000000 0x1000>; }; };`);
  const target: Target = hypervisor === "core" ? { hypervisor } : { hypervisor, version: "4.17" };
  return value && hypervisorConsole([...walk(value)], bootargs, target)?.path;
}

describe("the hypervisor's console", () => {
  it.each([
    ["what its command line names", "console=dtuart dtuart=/uart@b0000000", "/uart@a0000000", "/uart@b0000000"],
    ["what its command line calls by an alias", "dtuart=other", "/uart@a0000000", "/uart@b0000000"],
    ["the last argument of several", "dtuart=/uart@a0000000 dtuart=other", "", "/uart@b0000000"],
    ["not the one before the last", "dtuart=other dtuart=odd", "", "/uart@a0000000"],
    ["an argument in a line of its own", "console=dtuart\n\tdtuart=other\r\nnoreboot", "", "/uart@b0000000"],
    ["stdout-path without better advice", "console=dtuart", "other:115200", "/uart@b0000000"],
    ["stdout-path where it does not drive what it is told", "dtuart=odd", "other", "/uart@b0000000"],
    ["the first that it drives where it drives neither", "dtuart=odd", "odd", "/uart@a0000000"],
  ])("is, with the core, %s", (_, bootargs, stdout, path) => {
    expect(consoleOf(bootargs, stdout)).toBe(path);
  });

  it.each([
    ["the last argument", "dtuart=other dtuart=odd", "/uart@a0000000", "/uart@c0000000"],
    ["none where the last argument names nothing", "dtuart=other dtuart=/none", "other", undefined],
    ["stdout-path", "", "odd", "/uart@c0000000"],
    ["none", "", "", undefined],
  ])("is, with upstream Xen, %s", (_, bootargs, stdout, path) => {
    expect(consoleOf(bootargs, stdout, "xen")).toBe(path);
  });
});
