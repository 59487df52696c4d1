import { expect, it } from "vitest";
import type { PvInput } from "../config/input-pv.ts";
import { checkSystem, twoDomains } from "../testing/system.ts";

const end = { kernel: "Image", memory: "16MiB", enhanced: true };

/** Where and of what XI4955 tells. */
async function told(pv: readonly PvInput[], domains: number): Promise<readonly string[]> {
  const names = Array.from({ length: domains }, (_, index) => `d${index}`);
  const { diagnostics } = await checkSystem({
    board: twoDomains.board,
    domains: Object.fromEntries(names.map((name) => [name, end])),
    pv,
  });
  return diagnostics.flatMap(({ code, message, primary }) =>
    code === "XI4955"
      ? [`${primary?.path?.join(".") ?? ""} ${/need (\d+ .*), and/.exec(message)?.[1] ?? message}`]
      : [],
  );
}
const disk = (backend: number, frontend: number, device: string): PvInput => ({
  kind: "block",
  backend: `d${backend}`,
  frontend: `d${frontend}`,
  device,
});

it("tells of each domain at the first link that has no room in the store, and of what all of them need", async () => {
  const links = Array.from({ length: 16 }, (_, index) => disk(0, index < 2 ? 1 : 2, `254:${index}`));
  const all = await told(links, 3);
  expect(all).toEqual([expect.stringMatching(/^pv\.\d+ \d+ nodes of "d0"$/)]);
  const [, first = "", count = ""] = /^pv\.(\d+) (\d+)/.exec(all[0] ?? "") ?? [];
  expect(Number(count)).toBeGreaterThan(256);
  expect(await told(links.slice(0, Number(first)), 3)).toEqual([]);
  expect(await told(links.slice(0, Number(first) + 1), 3)).toHaveLength(1);
  // The other end's own nodes run out elsewhere.
  const more = await told(
    Array.from({ length: 30 }, (_, index) => disk(0, 1, `254:${index}`)),
    2,
  );
  const places = ["d0", "d1"].map((name) => more.filter((each) => each.endsWith(`nodes of "${name}"`)));
  expect(places.map(({ length }) => length)).toEqual([1, 1]);
  expect(places.flat().map((each) => each.startsWith(`pv.${first} `))).toEqual([true, false]);
});

it("tells of bytes at the first link whose entries are too many", async () => {
  const long = `/${"x".repeat(240)}`;
  const links = Array.from({ length: 40 }, (_, index) => disk(index % 4, 4 + (index % 4), `${long}${index}`));
  const all = await told(links, 8);
  expect(all).toEqual([expect.stringMatching(/^pv\.\d+ \d+ bytes of entries$/)]);
  const first = Number(/^pv\.(\d+)/.exec(all[0] ?? "")?.[1]);
  expect(first).toBeGreaterThan(20);
  const [more = ""] = await told(links.slice(0, first + 1), 8);
  expect(Number(/ (\d+) /.exec(more)?.[1])).toBeGreaterThan(32 * 1024);
  expect(await told(links.slice(0, first), 8)).toEqual([]);
});

it("counts each of many links once, however many domains there are", { timeout: 60_000 }, async () => {
  const links = Array.from({ length: 2000 }, (_, index) => disk(index % 15, 15 + (index % 15), `254:${index}`));
  const all = await told(links, 30);
  expect(all).toHaveLength(1 + 30);
  expect(new Set(all.map((each) => each.split(" ").slice(2).join(" "))).size).toBe(all.length);
});
