import { describe, expect, it } from "vitest";
import type { QemuVirtParameters } from "../boards/index.ts";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";

const tebi = 2 ** 40;

/** What the boot of two guests costs: instructions from the machine's start to the first one of a guest. */
async function boot(name: string, board: Omit<QemuVirtParameters, "gic" | "cpus">, bankAt: number): Promise<number> {
  const built = await build(name, {
    // One CPU: QEMU would count what others wait.
    board: { cpus: 1, ...board },
    system: {
      domains: {
        high: { kernel: guest("bench"), bootargs: "name=high", memory: [{ at: bankAt, size: "32MiB" }] },
        sized: { kernel: guest("hello"), bootargs: "name=sized", memory: "32MiB" },
      },
    },
  });
  const options = ["-icount", "shift=0,sleep=off"];
  return withMachine(fromImage(built, undefined, options), async (machine) => {
    const { text } = await machine.waitFor("high", /^bench: start \d+$/, 120);
    await machine.waitFor("sized", "ready: sized", 120);
    await machine.waitFor("hypervisor", `at 0x${bankAt.toString(16).padStart(12, "0")}`, 10);
    return Number(/\d+/.exec(text)?.[0]);
  });
}

describe("the boot does not grow with the machine", () => {
  it("takes 12 TiB of RAM, a guest above 8 TiB, within a tenth of what 2 GiB take", async () => {
    const cpu = "neoverse-n1";
    const small = await boot("small", { memory: "2GiB", cpu }, 0x6000_0000);
    const large = await boot("large", { memory: 12 * tebi, cpu }, 9 * tebi);
    expect(small).toBeGreaterThan(1e5);
    expect(large / small).toBeLessThan(1.1);
  });
});
