import { describe, expect, it } from "vitest";
import { parse } from "../parse/parse.ts";
import { dtc } from "../testing/dtc.ts";
import { bare } from "../testing/trees.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import { versions } from "./format.ts";

const source = `/dts-v1/; /memreserve/ 1 2; / { a = "long enough to be aligned"; b = <1>;
  cpus { cpu@7 { reg = <7>; c = <1 2>; }; }; averylongname@1 { name = "averylongname"; }; };`;
const { value: tree } = parse(source);
if (!tree) throw new Error("there is no tree");

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const variants = versions.flatMap((version) => [
  { version },
  { version, reserve: 2, pad: 7 },
  { version, space: 4096 },
  { version, pad: 100, align: 64 },
]);

describe.each(variants)("a blob of %j", (options) => {
  const args = [
    ...["-V", `${options.version}`],
    ...("reserve" in options ? ["-R", `${options.reserve}`] : []),
    ...("pad" in options ? ["-p", `${options.pad}`] : []),
    ...("space" in options ? ["-S", `${options.space}`] : []),
    ...("align" in options ? ["-a", `${options.align}`] : []),
  ];

  it("is dtc's", () => {
    expect(hex(encode(tree, options))).toBe(hex(dtc(["-O", "dtb", ...args], source).stdout));
  });

  it("is read as the tree that it was", () => {
    const decoded = decode(encode(tree, options));
    // Version 1 has no place for the boot CPU.
    const expected = { ...bare(tree), bootCpuid: options.version === 1 ? 0 : 7 };
    expect(decoded).toEqual({ ok: true, value: expected, diagnostics: [] });
  });
});

describe("a blob of version 3", () => {
  const blob = encode(tree, { version: 3 });
  const at = (text: string): number => Buffer.from(blob).indexOf(text);
  it.each([
    ["a path that leaves its parent", "/cpus/cpu@7", "/cpuz/cpu@7"],
    ["a path that is no child's", "/cpus/cpu@7", "/cpus//pu@7"],
    ["a root with a name", "/\0\0\0", "/x\0\0"],
  ])("is refused for %s", (_, from, to) => {
    const bad = Uint8Array.from(blob);
    bad.set(Buffer.from(to), at(from));
    const decoded = decode(bad);
    expect(decoded.ok ? "accepted" : decoded.diagnostics[0].code).toBe("bad-structure");
  });
});
