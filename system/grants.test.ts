import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { corePv, guest } from "./testing/paths.ts";
import { withStore } from "./testing/store.ts";
import { build, fromFiles } from "./testing/systems.ts";

const end = (role: "owner" | "user", peer: number) => ({
  kernel: guest("grants"),
  bootargs: `name=${role} role=${role} peer=${peer}`,
  memory: "32MiB",
  enhanced: "no-xenstore" as const,
});

const system = { domains: { owner: end("owner", 2), user: end("user", 1) } };

describe("two domains that grant pages to each other", () => {
  it("map, copy and give back, and outlive each other's end with mappings open", async () => {
    const built = withStore(await build("grants", { board: { cpus: 2, memory: "1GiB" }, system }), {
      entries: [["n0", "/local", ""]],
      pairs: [[2, 1]],
    });
    await withMachine(fromFiles(built, corePv), async (machine) => {
      await machine.waitFor("owner", "grants: owner first life, 5 of 5", 120);
      await machine.waitFor("user", "grants: user passed 21 of 21", 120);
      expect(machine.raw).toContain("d1 (owner) gave back 0 mappings of grants, and took back 2 of its own");
      await machine.waitFor("owner", "grants: owner second life, 1 of 1, nothing in use", 60);
      expect(machine.raw).not.toContain("FAIL");
      expect(machine.raw).not.toContain("crashed");
    });
  });
});
