import { describe, expect, it } from "vitest";
import { importedTogether } from "../testing/request.ts";
import { domain } from "../testing/xl.ts";

describe("pools of CPUs", () => {
  const fast = { "fast.cfg": "name = 'fast'\nsched = 'credit2'\ncpus = ['2', '3']\n" };

  it("are files of their own, which domains name", async () => {
    const { text, findings: told } = await importedTogether(
      { "web.cfg": `${domain}pool = 'fast'`, ...fast },
      "board.dtb",
    );
    expect(told).toEqual([]);
    expect(text).toContain('cpupools: { fast: { cpus: ["cpu2", "cpu3"], scheduler: "credit2" } },');
    expect(text).toContain('pool: "fast"');
  });

  it.each(["credit", "credit2", "null", "rtds"])("may have the scheduler %s", async (scheduler) => {
    const pool = `name = 'fast'\nsched = '${scheduler}'\ncpus = '2'\n`;
    const { text } = await importedTogether({ "web.cfg": `${domain}pool = 'fast'`, "fast.cfg": pool }, "board.dtb");
    expect(text).toContain(`cpupools: { fast: { cpus: ["cpu2"], scheduler: "${scheduler}" } },`);
  });

  it("leave Pool-0 the other CPUs, which a domain of no pool has even if the boot CPU is in another", async () => {
    const { text } = await importedTogether(
      { "web.cfg": domain, "boot.cfg": "name = 'boot'\ncpus = '0-1'" },
      "board.dtb",
    );
    expect(text).toContain('pool0: { cpus: ["cpu2", "cpu3"] }');
    expect(text).toContain('pool: "pool0"');
  });

  it("have no name that looks like a number of the hypervisor's, which is told, nor one twice", async () => {
    const files = {
      "web.cfg": domain,
      "one.cfg": "name = 'Pool-1'\ncpus = '0'",
      "other.cfg": "name = 'pool0'\ncpus = '1'",
    };
    const { text, findings: told } = await importedTogether(files, "board.dtb");
    expect(told).toEqual([expect.stringContaining('"Pool-1" is not taken over: as a name in board.ts it is "pool1"')]);
    expect(text).toContain('pool1: { cpus: ["cpu0"] }');
    expect(text).toContain('"pool0-rest": { cpus: ["cpu2", "cpu3"] }');
    expect(text).toContain('pool: "pool0-rest"');
  });

  it("leave a domain of no pool where the boot CPU is, without a word", async () => {
    const { text, findings: told } = await importedTogether({ "web.cfg": domain, ...fast }, "board.dtb");
    expect(told).toEqual([]);
    expect(text).not.toContain("Pool-0");
    expect(text).not.toContain("pool:");
  });

  it.each([
    ["name = 'fast'\ncpus = '9'", '2:8 XI2208 cpus is "9", which is not a list of CPUs from 0 to 3'],
    ["name = 'fast'\nnodes = 0", "1:1 XI2209 cpus has no value: a pool has CPUs"],
    ["name = 'fast'\ncpus = 'node:0'", "1:1 XI2209 cpus has no value: a pool has CPUs"],
    [
      "name = 'fast'\nsched = 'fifo'\ncpus = '1'",
      '2:9 XI2208 sched is "fifo", which is not one of "credit", "credit2", "null", "rtds"',
    ],
  ])("are refused without CPUs that are known: %j", async (pool, expected) => {
    const { text, findings: told } = await importedTogether({ "web.cfg": domain, "pool.cfg": pool }, "board.dtb");
    expect(told.join("\n")).toContain(expected);
    expect(text).toBeUndefined();
  });

  it("alone are no system", async () => {
    const { text, findings: told } = await importedTogether(fast, "board.dtb");
    expect(told).toEqual([expect.stringContaining("XI2209 kernel has no value: a system has one domain at least")]);
    expect(text).toBeUndefined();
  });
});
