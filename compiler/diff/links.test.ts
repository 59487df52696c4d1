import { describe, expect, it } from "vitest";
import type { PvLink } from "../ir/pv.ts";
import { linkStatements } from "./links.ts";

describe("facts about PV links", () => {
  it("name what a domain offers and what it uses, each of several apart", () => {
    const disk = (device: string): PvLink => ({ kind: "block", backend: "a", frontend: "b", device, mode: "r" });
    const links = [disk("/dev/vda"), disk("/dev/vdb")];
    expect(linkStatements("a", links).map(({ what }) => what)).toEqual(["PV block to b", "PV block to b, 2"]);
    expect(linkStatements("b", links)[1]).toEqual({
      what: "PV block from a, 2",
      value: "linked, device /dev/vdb, mode r",
      right: true,
    });
    expect(linkStatements("c", links)).toEqual([]);
  });
});
