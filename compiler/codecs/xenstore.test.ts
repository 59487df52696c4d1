import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { StoreEntry, StoreLink } from "./xenstore.ts";
import { deviceNumbers, storeEntries, storeNodes, virtualDevice } from "./xenstore.ts";

const entry = (rights: string, path: string): StoreEntry => ({ rights, path, value: "" });

/** The same by the definition: each node of each path, and whose entry had it first. */
function slowNodes(entries: readonly StoreEntry[]): ReadonlyMap<number, number> {
  const owners = new Map<string, number>();
  for (const { rights, path } of entries) {
    const names = path.split("/").slice(1);
    for (const index of names.keys()) {
      const node = names.slice(0, index + 1).join("/");
      if (!owners.has(node)) owners.set(node, Number(rights.slice(1).split("r")[0]));
    }
  }
  const counts = new Map<number, number>();
  for (const owner of owners.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return counts;
}

describe("nodes of the store", () => {
  it("counts those on the way to an entry once, for whoever came first", () => {
    const entries = [
      entry("n0r1", "/local/domain/1"),
      entry("n1", "/local/domain/1/device"),
      entry("n1", "/local/x/y"),
    ];
    expect([...storeNodes(entries)]).toEqual([
      [0, 3],
      [1, 3],
    ]);
  });

  const ends = { backendId: fc.integer({ min: 1, max: 4 }), frontendId: fc.integer({ min: 1, max: 4 }) };
  const link = fc.oneof(
    fc.record({
      ...ends,
      kind: fc.constant("net" as const),
      handle: fc.nat({ max: 12 }),
      mac: fc.constant("02:00:00:00:00:01"),
    }),
    fc.record({ ...ends, kind: fc.constant("console" as const), number: fc.integer({ min: 1, max: 12 }) }),
  );
  test.prop([fc.array(link, { maxLength: 20 })])(
    "are as many as the paths of all entries have",
    (links: StoreLink[]) => {
      const entries = storeEntries([1, 2, 3], links);
      expect(new Map(storeNodes(entries))).toEqual(slowNodes(entries));
    },
  );
});

// The examples of xen-vbd-interface(7), and both sides of the border between its two forms.
it.each([
  ["xvda", 202 << 8],
  ["xvdb", (202 << 8) | (1 << 4)],
  ["xvdp", (202 << 8) | (15 << 4)],
  ["xvdq", (1 << 28) | (16 << 8)],
  ["xvdtq", (1 << 28) | (536 << 8)],
  ["xvdzz", (1 << 28) | (701 << 8)],
  ["xvdb2", undefined],
  ["xvdaaa", undefined],
  ["sda", undefined],
])("knows %s by its number", (name, number) => {
  expect(virtualDevice(name)).toBe(number);
});

it.each([
  ["254:0", { major: 254, minor: 0 }],
  ["4095:1048575", { major: 4095, minor: 1048575 }],
  ["4096:0", undefined],
  ["0:1048576", undefined],
  ["/dev/vda", undefined],
])("reads %s as the numbers of a device, or not", (device, numbers) => {
  expect(deviceNumbers(device)).toEqual(numbers);
});
