import { describe, expect, it } from "vitest";
import type { PlacedLink } from "../ir/pv.ts";
import { linkStatements } from "./links.ts";

const ends = { backend: "a", frontend: "b", backendId: 1, frontendId: 2 };

describe("facts about PV links", () => {
  it("name what a domain offers and what it uses by what the frontend calls it", () => {
    const links: readonly PlacedLink[] = [
      { ...ends, kind: "block", device: "254:0", name: "xvdb", virtualDevice: 51728, mode: "r" },
      { ...ends, kind: "net", handle: 3, mac: "02:00:00:00:00:01", bridge: "br0" },
      { ...ends, kind: "net", handle: 4, mac: "02:00:00:00:00:02" },
    ];
    expect(linkStatements("a", links)).toEqual([
      { what: "PV disk xvdb of b", value: "offered, 254:0, read only", right: true },
      { what: "PV interface 3 of b", value: "offered, 02:00:00:00:00:01, bridge br0", right: true },
      { what: "PV interface 4 of b", value: "offered, 02:00:00:00:00:02", right: true },
    ]);
    expect(linkStatements("b", links)).toEqual([
      { what: "PV disk xvdb", value: "from a, 254:0, read only", right: true },
      { what: "PV interface 3", value: "from a, 02:00:00:00:00:01, bridge br0", right: true },
      { what: "PV interface 4", value: "from a, 02:00:00:00:00:02", right: true },
    ]);
    expect(linkStatements("c", links)).toEqual([]);
  });
});
