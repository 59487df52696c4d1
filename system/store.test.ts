import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { corePv, guest } from "./testing/paths.ts";
import { withStore } from "./testing/store.ts";
import { build, fromFiles } from "./testing/systems.ts";

const end = (role: "writer" | "reader") => ({
  kernel: guest("store"),
  bootargs: `name=${role} role=${role} count=300`,
  memory: "32MiB",
  enhanced: "no-xenstore" as const,
});
const system = { domains: { writer: end("writer"), reader: end("reader") } };

/** Rights, path and value of each entry; the domains are 1 and 2. */
const entries = [
  ["n0r1", "/local/domain/1", ""],
  ["n1r2", "/local/domain/1/data", ""],
  ["n1r2", "/local/domain/1/data/word", "0"],
  ["n1", "/local/domain/1/secret", "x"],
  ["n0r2", "/local/domain/2", ""],
  ["n2r1", "/local/domain/2/data", ""],
  ["n2r1", "/local/domain/2/data/seen", "0"],
] as const;

describe("the XenStore of the core with devices between domains", () => {
  it("carries what two domains write for each other, and over the restart of one", async () => {
    const built = withStore(await build("store", { board: { cpus: 2, memory: "1GiB" }, system }), {
      entries,
      enabled: ["writer", "reader"],
    });
    await withMachine(fromFiles(built, corePv), async (machine) => {
      await machine.waitFor("writer", "store: writer wrote 300, all fine", 180);
      await machine.waitFor("writer", "ready: writer, from 300", 60);
      await machine.waitFor("writer", "store: writer wrote 600, all fine", 180);
      await machine.waitFor("reader", "store: reader saw the last word, all fine", 60);
      expect(machine.raw).not.toContain("crashed");
    });
  });
});
