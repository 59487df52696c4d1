import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest, temporaryFolder } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";

const size = 0x200_0000;
const banks = { again: 0x7000_0000, gone: 0x7400_0000, kept: 0x7800_0000, bitten: 0x7c00_0000 };
const hello = (name: keyof typeof banks) => ({
  kernel: guest("hello"),
  bootargs: `name=${name}`,
  memory: [{ at: banks[name], size }],
});

/** A page of the machine's memory, by QEMU's monitor. */
async function pageAt(monitor: string, address: number): Promise<Buffer> {
  const file = `${monitor}.${address.toString(16)}`;
  const socket = connect(monitor);
  const answers: string[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.setEncoding("utf8").on("error", reject);
    socket.on("data", (text: string) => {
      answers.push(text);
      // A prompt at first, and one when it is done.
      if (answers.join("").split("(qemu) ").length > 2) resolve();
    });
    socket.write(`pmemsave ${address} 4096 "${file}"\n`);
  });
  socket.destroy();
  return readFileSync(file);
}

describe("a domain that has shut down", () => {
  it("is made again, scrubbed or preserved, as the configuration says", async () => {
    const built = await build("lifecycle", {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        domains: {
          again: { ...hello("again"), onCrash: "restart" },
          gone: { ...hello("gone"), onReboot: "destroy" },
          kept: { ...hello("kept"), onCrash: "preserve" },
          bitten: { ...hello("bitten"), onWatchdog: "restart" },
        },
      },
    });
    const monitor = join(temporaryFolder("monitor"), "monitor");
    const options = ["-monitor", `unix:${monitor},server=on,wait=off`];
    await withMachine(fromImage(built, undefined, options), async (machine) => {
      for (const name of built.domains) await machine.waitFor(name, `ready: ${name}`, 60);
      const zero = Buffer.alloc(4096);
      for (const page of [banks.gone, banks.gone + size - 0x20_0000])
        expect(await pageAt(monitor, page)).not.toEqual(zero);
      for (const [name, command, speaker, sign] of [
        ["again", "crash", "again", "ready: again"],
        ["bitten", "watchdog", "bitten", "ready: bitten"],
        // Of those that do not come again the input moves on by itself.
        ["kept", "crash", "hypervisor", "*** Serial input to"],
        ["gone", "reset", "hypervisor", "*** Serial input to"],
      ] as const) {
        await machine.focus(name);
        const from = machine.lines.length;
        machine.type(`${command}\n`);
        await machine.waitFor("hypervisor", `(${name}) shut down: ${command}`, 60, from);
        await machine.waitFor(speaker, sign, 60, from);
      }
      await machine.ask("again", "still here", "again: echo still here");
      const from = machine.lines.length;
      machine.type("warm\n");
      await machine.waitFor("hypervisor", /\(again\) shut down: reset \(warm\)$/, 60, from);
      await machine.waitFor("again", "ready: again", 60, from);
      // From the kernel to the device tree at the other end.
      for (const page of [banks.gone, banks.gone + size - 0x20_0000])
        await expect.poll(() => pageAt(monitor, page), { timeout: 30_000, interval: 500 }).toEqual(zero);
      expect(await pageAt(monitor, banks.kept)).not.toEqual(zero);
      for (const name of ["gone", "kept"])
        expect(machine.saidBy(name).filter((line) => line.startsWith("ready:"))).toHaveLength(1);
    });
  });
});
