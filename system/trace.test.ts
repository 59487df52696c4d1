import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import type { MachineRequest } from "./testing/machine.ts";
import { debian, guest, root, temporaryFolder } from "./testing/paths.ts";
import { build, fromImage, xenimg } from "./testing/systems.ts";
import type { BuiltSystem, SystemRequest } from "./testing/systems.ts";
import { watchable } from "./testing/upstream.ts";

const MiB = 1024 * 1024;
const hello = { kernel: guest("hello") };
const ramdisk = join(root, "fixtures", "files", "ramdisk.cpio");

const plain: SystemRequest = {
  board: { cpus: 4, memory: "1GiB" },
  system: {
    domains: {
      ui: { ...hello, ramdisk, bootargs: "name=ui console=ttyAMA0", cpus: 2, memory: "256MiB", passthrough: ["pl031"] },
      control: { ...hello, bootargs: "name=control", memory: "64MiB", enhanced: "no-xenstore" },
      silent: { ...hello, memory: "200MiB" },
    },
  },
};

/** What Debian's upstream Xen cannot do. */
const rich: SystemRequest = {
  board: { gic: 2, cpus: 4, memory: "4GiB" },
  system: {
    hypervisor: { heap: { at: 0xc000_0000, size: 256 * MiB } },
    cpupools: { realtime: { cpus: ["cpu2"], scheduler: "null" }, general: { cpus: ["cpu0", "cpu1"] } },
    domains: {
      rt: { ...hello, memory: [{ at: 0x7000_0000, size: 32 * MiB }], directMap: true, pool: "realtime" },
      banks: {
        ...hello,
        memory: [
          { at: 0x8000_0000, size: 64 * MiB },
          { at: 0x9000_0000, size: 32 * MiB },
        ],
      },
      ui: { ...hello, ramdisk, cpus: 3, memory: "128MiB", passthrough: ["pl031"] },
    },
  },
};

async function buildFor(name: string, request: SystemRequest, options: readonly string[]): Promise<BuiltSystem> {
  const built = await build(name, request);
  const output = `${built.output}-foreign`;
  const { code, stderr } = await xenimg("build", join(built.output, "..", "board.ts"), "-o", output, ...options);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return { ...built, output };
}

async function traceOf(built: BuiltSystem, ...options: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await xenimg("check", join(built.output, "..", "board.ts"), "--trace", ...options);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout.trimEnd().split("\n").slice(0, -1);
}

/** The lines of the trace that no line of the log begins with, each looked for after the one before. */
function missing(trace: readonly string[], log: readonly string[]): readonly string[] {
  let from = 0;
  return trace.filter((line) => {
    const found = log.findIndex((said, index) => index >= from && said.startsWith(line));
    if (found >= 0) from = found + 1;
    return found < 0;
  });
}

/** Lines of the hypervisor on its serial port, with its prefix. */
const booted = (request: MachineRequest): Promise<readonly string[]> =>
  withMachine(request, async (machine) => {
    await machine.waitFor("hypervisor", "*** Serial input to", 60);
    return machine.raw.split(/\r?\n/).map((line) => line.trimEnd());
  });

describe("check --trace", () => {
  it.each([
    ["domains by size", plain],
    ["pools, static banks, a static heap", rich],
  ] as const)("says what the core's boot log says, of %s", async (name, request) => {
    const built = await build(`trace-${name.replaceAll(/\W+/g, "-")}`, request);
    const trace = await traceOf(built);
    expect(trace.length).toBeGreaterThan(12);
    expect(missing(trace, await booted(fromImage(built)))).toEqual([]);
  });

  it("says what upstream Xen's boot log says, with what only its console ring has", async () => {
    const target = ["--target", "xen@4.17", "--hypervisor", debian("xen")];
    const built = await buildFor("trace-upstream", watchable(plain), target);
    const memory = join(temporaryFolder("trace-memory"), "memory");
    // By its own script, which leaves the device tree where LAYOUT has put it.
    const machine = ["-object", `memory-backend-file,id=ram,size=1G,share=on,mem-path=${memory}`];
    const args = [join(built.output, "run.sh"), ...machine, "-machine", "memory-backend=ram"];
    const log = await booted({ program: "sh", args, domains: built.domains });
    const trace = await traceOf(built, ...target);
    const ring = linesOfRing(readFileSync(memory));
    const early = trace.findIndex((line) => line.includes("Brought up"));
    expect(early).toBeGreaterThan(8);
    expect(missing(trace.slice(0, early), ring)).toEqual([]);
    expect(missing(trace.slice(early), log)).toEqual([]);
  });
});

function linesOfRing(memory: Buffer): readonly string[] {
  const begin = memory.indexOf("(XEN) RAM: ");
  expect(begin).toBeGreaterThan(0);
  return memory
    .subarray(begin, begin + 16_384)
    .toString("latin1")
    .split("\n")
    .map((line) => line.trimEnd());
}
