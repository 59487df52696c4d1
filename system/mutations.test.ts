import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { Machine } from "./testing/machine.ts";
import { withMachine } from "./testing/machine.ts";
import { guest, root, temporaryFolder } from "./testing/paths.ts";
import { build, fromImageWithTree } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";

const batches = 10;
const batchSize = 20;
const atATime = 2;

interface Mutation {
  readonly seed: string;
  /** What is wrong with the tree, in words. */
  readonly what: string;
}

/** The core's last word, or a guest's first. */
const ending = async (machine: Machine): Promise<void> => {
  await machine.waitForLine(({ speaker, text }) => speaker !== "hypervisor" || /^(error|PANIC): /.test(text), 120);
};

describe("each mutation of a system's device tree ends in one line of the core, or in guests that run", () => {
  let built: BuiltSystem;
  let folder: string;
  let mutations: readonly Mutation[];
  const ended = { refused: 0, running: 0 };

  beforeAll(async () => {
    folder = temporaryFolder("mutations");
    const packed = join(folder, "hello.gz");
    writeFileSync(packed, gzipSync(readFileSync(guest("hello"))));
    built = await build("mutated", {
      board: { cpus: 4, memory: "1GiB" },
      system: {
        hypervisor: { heap: { at: 0x7000_0000, size: "128MiB" } },
        cpupools: { alone: { cpus: ["cpu3"], scheduler: "null" }, rest: { cpus: ["cpu1", "cpu2"] } },
        domains: {
          direct: {
            kernel: guest("hello"),
            bootargs: "name=direct",
            memory: [{ at: 0x5000_0000, size: "32MiB" }],
            directMap: true,
            pool: "alone",
          },
          banks: {
            kernel: packed,
            bootargs: "name=banks",
            cpus: 2,
            memory: [
              { at: 0x5800_0000, size: "32MiB" },
              { at: 0x6000_0000, size: "16MiB" },
            ],
            pool: "rest",
            onCrash: "restart",
          },
          sized: { kernel: packed, bootargs: "name=sized", memory: "32MiB", enhanced: "no-xenstore" },
        },
        sharedMemory: {
          frames: { size: "2MiB", owner: "direct", borrowers: ["banks", "sized"] },
          events: { size: 4096, at: 0x6a00_0000, borrowers: ["banks", "sized"] },
        },
        eventChannels: [
          { from: ["direct", 10], to: ["banks", 10] },
          { from: ["banks", 11], to: ["sized", 11] },
        ],
      },
    });
    const run = promisify(execFile);
    await run("make", ["-C", join(root, "hypervisor", "fuzz"), `O=${folder}`, "mutations"]);
    const count = `${batches * batchSize}`;
    const { stdout } = await run(join(folder, "mutations"), [join(built.output, "system.dtb"), count], { cwd: folder });
    mutations = stdout
      .trimEnd()
      .split("\n")
      .map((line) => ({ seed: line.slice(0, line.indexOf(" ")), what: line.slice(line.indexOf(" ") + 1) }));
  });

  /** What is wrong with how it ended; undefined: nothing. */
  async function fault({ seed, what }: Mutation): Promise<string | undefined> {
    return withMachine(fromImageWithTree(built, readFileSync(join(folder, `${seed}.dtb`))), async (machine) => {
      try {
        await ending(machine);
      } catch (error) {
        return `${seed} (${what}): ${String(error)}`;
      }
      const said = machine.saidBy("hypervisor");
      const errors = said.filter((text) => /^(error|PANIC): /.test(text));
      const runs = machine.lines.some(({ speaker }) => speaker !== "hypervisor");
      const named = /^error: (\/[^:]*|device tree): [^:]+: ./.test(errors[0] ?? "");
      const panicked = errors.find((text) => text.startsWith("PANIC"));
      if (panicked !== undefined) return `${seed} (${what}): ${panicked}`;
      ended[runs ? "running" : "refused"]++;
      return runs ? undefined : named && errors.length === 1 ? undefined : `${seed} (${what}): ${errors.join("; ")}`;
    });
  }

  it.each(Array.from({ length: batches }, (_, batch) => batch))("batch %i", async (batch) => {
    const waiting = mutations.slice(batch * batchSize, (batch + 1) * batchSize);
    expect(waiting.length).toBe(batchSize);
    const faults: string[] = [];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const found = await fault(next);
        if (found !== undefined) faults.push(found);
      }
    };
    await Promise.all(Array.from({ length: atATime }, worker));
    expect(faults).toEqual([]);
  });

  it("comes to both ends often", () => {
    expect(Math.min(ended.refused, ended.running)).toBeGreaterThan((batches * batchSize) / 8);
  });
});
