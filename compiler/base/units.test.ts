import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { nearest } from "./suggest.ts";
import { alignUp, formatSize, parseSize } from "./units.ts";

describe("sizes as text", () => {
  property.prop([fc.nat({ max: 2 ** 31 }).map((value) => value * 512)])("are read as they are written", (size) => {
    const text = formatSize(size);
    expect(parseSize(text.replace(" bytes", ""))).toBe(size);
  });

  it.each(["", "MiB", "1MB", "1k", "-1", "1e3", "0x", "1.5", "9007199254740993", "1 2", "0x1MiB"])(
    "are refused where they are no whole number of bytes: %j",
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );

  it("align upwards only where needed", () => {
    expect([0, 1, 4, 5].map((value) => alignUp(value, 4))).toEqual([0, 4, 4, 8]);
  });
});

describe("the nearest known name", () => {
  const known = ["kernel", "memory", "cpus", "pool", "pool1"];
  it.each([
    ["memroy", "memory"],
    ["Kernel", "kernel"],
    ["cpu", "cpus"],
    ["polo", "pool"],
    ["kernl", "kernel"],
    ["passthrough", undefined],
    ["x", undefined],
    ["pool7", undefined],
  ])("of %s is %s", (word, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });

  it("is looked for among the first of very many, which bounds the work", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `name${index}of${index}`);
    expect(nearest("kernl", ["kernel", ...many])).toBe("kernel");
    let read = 0;
    const counted = new Proxy(many, {
      get: (target, key) => {
        read += 1;
        return Reflect.get(target, key) as unknown;
      },
    });
    expect(nearest("nome99999of99999", counted)).toBeUndefined();
    expect(read).toBeLessThan(2000);
  });
});
