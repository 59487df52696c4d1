import fc from "fast-check";
import { expect, it } from "vitest";
import { deviceTree, node, property } from "../build.ts";
import { findByPath, type Located } from "../find.ts";
import type { DeviceTree, Node } from "../tree.ts";
import { cells, concat, empty } from "../value.ts";
import { readInterrupts } from "./interrupts.ts";
import { routeInterrupt } from "./route.ts";
import { translate } from "./translate.ts";

/** A bus as numbers: what a tree with these windows means is told without reading any bytes. */
interface Bus {
  readonly address: number;
  readonly size: number;
  /** Undefined: no `ranges`; empty: the same addresses. */
  readonly windows: readonly (readonly [child: bigint, parent: bigint, size: bigint])[] | undefined;
}

const small = fc.bigInt({ min: 0n, max: 60n });
const bus: fc.Arbitrary<Bus> = fc.record({
  address: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 2 }),
  windows: fc.option(fc.array(fc.tuple(small, small, small), { maxLength: 4 }), { nil: undefined, freq: 10 }),
});

const number = (value: bigint, count: number) =>
  cells(...Array.from({ length: count }, (_, at) => Number((value >> BigInt(32 * (count - 1 - at))) & 0xffff_ffffn)));

/** From the outermost bus to the device. */
function treeOf(buses: readonly Bus[], shift: bigint): DeviceTree {
  let inner: Node = node("dev");
  for (const [index, each] of [...buses.entries()].reverse()) {
    const above = buses[index - 1]?.address ?? 2;
    const ranges = each.windows?.map(([child, parent, size]) =>
      concat(number(child, each.address), number(parent + shift, above), number(size, each.size)),
    );
    inner = node("bus", {
      properties: [
        property("#address-cells", cells(each.address)),
        property("#size-cells", cells(each.size)),
        ...(ranges ? [property("ranges", ranges.length === 0 ? empty : concat(...ranges))] : []),
      ],
      children: [inner],
    });
  }
  return deviceTree({ properties: [property("#address-cells", cells(2))], children: [inner] });
}

/** Byte by byte: the first window that holds the first byte and all others. */
function expected(buses: readonly Bus[], address: bigint, size: bigint, shift: bigint): bigint | undefined {
  let at: bigint | undefined = address;
  for (const { windows } of buses.toReversed()) {
    if (at === undefined || !windows) return undefined;
    if (windows.length === 0) continue;
    const from: bigint = at;
    const window = windows.find(([child, , length]) => {
      for (let byte = from; byte < from + size; byte++) if (byte < child || byte >= child + length) return false;
      return true;
    });
    at = window && window[1] + shift + (from - window[0]);
  }
  return at;
}

it("addresses are translated as a model translates them byte by byte", () => {
  let translated = 0;
  fc.assert(
    fc.property(
      fc.array(bus, { minLength: 1, maxLength: 3 }),
      fc.bigInt({ min: 0n, max: 50n }),
      fc.bigInt({ min: 1n, max: 9n }),
      (buses, address, size) => {
        const tree = treeOf(buses, 0n);
        const path = `${"/bus".repeat(buses.length)}/dev`;
        const answer = translate(findByPath(tree, path) as Located, { address, size });
        const wanted = expected(buses, address, size, 0n);
        expect(answer.ok ? answer.value : undefined).toBe(wanted);
        if (wanted !== undefined) translated++;
      },
    ),
    { numRuns: 1000 },
  );
  expect(translated).toBeGreaterThan(50);
});

it("addresses above 2^53 are translated to the byte", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), fc.bigInt({ min: 0n, max: 59n }), (shift, address) => {
      const tree = treeOf([{ address: 1, size: 1, windows: [[0n, 0n, 60n]] }], shift);
      const answer = translate(findByPath(tree, "/bus/dev") as Located, { address, size: 1n });
      expect(answer).toEqual({ ok: true, value: address + shift, diagnostics: [] });
    }),
  );
});

/** Each nexus is a list of rows: interrupt and who takes it next, a nexus or one of the two controllers. */
interface Row {
  readonly interrupt: number;
  readonly to: number;
  readonly becomes: number;
}

const CONTROLLERS = 2;
const nexuses = fc.array(
  fc.record({
    mask: fc.constantFrom(0, 1, 3, 0xffff_ffff),
    rows: fc.array(fc.record({ interrupt: fc.nat(4), to: fc.nat(5), becomes: fc.nat(4) }), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
  { minLength: 4, maxLength: 4 },
);

it("interrupts are routed as a model routes them", () => {
  let routed = 0;
  fc.assert(
    fc.property(nexuses, fc.nat(5), fc.nat(4), (maps, first, interrupt) => {
      const children = [
        ...Array.from({ length: CONTROLLERS }, (_, index) =>
          node(`n${index}`, {
            properties: [
              property("phandle", cells(index + 1)),
              property("interrupt-controller"),
              property("#interrupt-cells", cells(1)),
            ],
          }),
        ),
        ...maps.map(({ mask, rows }, index) =>
          node(`n${index + CONTROLLERS}`, {
            properties: [
              property("phandle", cells(index + CONTROLLERS + 1)),
              property("#interrupt-cells", cells(1)),
              property("#address-cells", cells(0)),
              property("interrupt-map-mask", cells(mask)),
              property("interrupt-map", cells(...rows.flatMap((row) => [row.interrupt, row.to + 1, row.becomes]))),
            ],
          }),
        ),
        node("dev", {
          properties: [property("interrupt-parent", cells(first + 1)), property("interrupts", cells(interrupt))],
        }),
      ];
      const at = findByPath(deviceTree({ children }), "/dev") as Located;
      const list = readInterrupts(at);
      if (!list.ok || !list.value[0]) throw new Error("no interrupt");
      const answer = routeInterrupt(at, list.value[0]);
      const wanted = route(maps, first, interrupt);
      expect(answer.ok ? `${answer.value.target.node.name} ${answer.value.cells.join()}` : undefined).toBe(wanted);
      if (wanted !== undefined) routed++;
    }),
    { numRuns: 1000 },
  );
  expect(routed).toBeGreaterThan(150);
});

function route(
  maps: readonly { readonly mask: number; readonly rows: readonly Row[] }[],
  first: number,
  interrupt: number,
): string | undefined {
  const seen = new Set<string>();
  let [at, line] = [first, interrupt];
  while (!seen.has(`${at} ${line}`)) {
    seen.add(`${at} ${line}`);
    const map = maps[at - CONTROLLERS];
    if (!map) return `n${at} ${line}`;
    // Only masks of low bits: those bits are a remainder.
    const low = (value: number) => value % (map.mask + 1);
    const row = map.rows.find((each) => low(each.interrupt) === low(line));
    if (!row) return undefined;
    [at, line] = [row.to, row.becomes];
  }
  return undefined;
}
