import { describe, expect, it } from "vitest";
import { importedTogether } from "../testing/request.ts";
import { domain, store, system } from "../testing/xl.ts";

describe("memory that domains share", () => {
  const view = (begin: string, role: string, more = "") =>
    `static_shm = ["id=frames, begin=${begin}, size=0x10000, role=${role}${more}"]\n`;
  const shared = (web: string, other: string) =>
    importedTogether({ "web.cfg": domain + web, "store.cfg": store + other }, "board.dtb");

  it("has an owner, and borrowers, at one address", async () => {
    const other = { "store.cfg": store + view("0x33000000", "borrower", ", prot=rw") };
    expect((await system(view("0x33000000", "owner"), other)).sharedMemory).toEqual({
      frames: { size: 0x1_0000, guestAt: 0x3300_0000, owner: "web", borrowers: ["store"] },
    });
  });

  it("is seen where each has it", async () => {
    const { text, findings: told } = await shared(view("0x48000000", "owner"), view("0x33000000", "borrower"));
    expect(text).toContain("guestAt: { web: 0x4800_0000, store: 0x3300_0000 }");
    expect(told).toEqual([]);
  });

  it("is seen once by a domain: what it says of another address is told", async () => {
    const twice = view("0x33000000", 'borrower", "id=frames, begin=0x34000000, size=0x10000, role=borrower');
    const { text, findings: told } = await shared(view("0x33000000", "owner"), twice);
    expect(text).toContain("guestAt: 0x3300_0000");
    expect(told).toEqual([
      expect.stringContaining(
        'XI2207 begin of static_shm[1] is not taken over: "store" sees the memory elsewhere already',
      ),
    ]);
  });

  it.each([
    ["borrower, offset=0x1000", "XI2207 offset of static_shm[0] is not taken over"],
    ["borrower, prot=ro", "XI2207 prot of static_shm[0] is not taken over: who sees shared memory may write to it"],
    ["borrower, cow=1", "XI2207 cow of static_shm[0] is not taken over: it is no key of static_shm"],
  ])("is told of where a borrower's view is another: %s", async (role, expected) => {
    const { text, findings: told } = await shared(view("0x33000000", "owner"), view("0x33000000", role));
    expect(told).toEqual([expect.stringContaining(expected)]);
    expect(text).toBeDefined();
  });

  it.each([
    [
      view("0x33000000", 'owner", "id=frames, begin=0x33000000, size=0x10000, role=borrower'),
      "XI2208 static_shm[0] is",
      "memory of one owner",
    ],
    [view("0x33000000", "borrower").replace("0x10000", "0x20000"), "XI2208 static_shm[0] is", "all have the same size"],
    [view("0x33000000", "guest"), "XI2208 static_shm[0] is", "the role owner or borrower"],
    [view("x", "borrower"), "XI2208 static_shm[0] is", '"begin="'],
    [view("0", "borrower").replace("frames", "0"), "XI2208 static_shm[0] is", '"id="'],
  ])("stops the import where the views contradict each other: %j", async (other, ...expected) => {
    const { text, findings: told } = await shared(view("0x33000000", "owner"), other);
    for (const part of expected) expect(told.join("\n")).toContain(part);
    expect(text).toBeUndefined();
  });

  it("without a borrower is told of", async () => {
    const { findings: told } = await shared(view("0x33000000", "owner"), "");
    expect(told).toEqual([
      expect.stringContaining("4:15 XI2207 static_shm[0] is not taken over: no domain that is imported"),
    ]);
  });
});
