import { decode, encode, findNode, getProperty, readCells, readStrings } from "dtc-js";
import { describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import type { PvInput } from "../config/input-pv.ts";
import type { SystemInput } from "../config/input.ts";
import { placedSystem, twoDomains } from "../testing/system.ts";
import { lower } from "./lower.ts";

const end = { kernel: "Image", memory: MiB(64), enhanced: true };
const domains = { io: end, app: end, other: { ...end, enhanced: "no-xenstore" as const } };

/** The strings and numbers of the store's node, read back from the blob. */
async function store(pv: readonly PvInput[], names: SystemInput["domains"] = domains) {
  const placed = await placedSystem({ board: twoDomains.board, domains: names, pv: pv });
  const decoded = decode(encode(lower(placed).systemTree));
  const chosen = decoded.ok ? findNode(decoded.value, "/chosen") : undefined;
  const node = chosen?.children.find((each) => {
    const compatible = getProperty(each, "compatible");
    return compatible && readStrings(compatible.value)?.includes("xenimg,xenstore");
  });
  const entries = node && getProperty(node, "xenimg,entries");
  const pairs = node && getProperty(node, "xenimg,pairs");
  const texts = (entries && readStrings(entries.value)) ?? [];
  const lines = texts.flatMap((rights, index) =>
    index % 3 === 0 ? [`${rights} ${texts[index + 1]} = ${texts[index + 2]}`] : [],
  );
  return { name: node?.name, lines, pairs: pairs && readCells(pairs.value) };
}

describe("the store's node", () => {
  it("is not there where there are no links", async () => {
    const none = { io: { kernel: "Image", memory: MiB(64) } };
    expect(await store([], none)).toEqual({ name: undefined, lines: [], pairs: undefined });
  });

  it("has a home for each domain with XenStore, and what both halves of a network driver look for", async () => {
    const { lines } = await store([{ kind: "net", backend: "io", frontend: "app", mac: "00:16:3e:00:00:01" }]);
    expect(lines).toEqual([
      ...[1, 2].flatMap((id) => [
        `n0r${id} /local/domain/${id} = `,
        ...["backend", "control", "device", "memory"].map((name) => `n${id} /local/domain/${id}/${name} = `),
      ]),
      "n1r2 /local/domain/1/backend/vif/2/0 = ",
      "n1r2 /local/domain/1/backend/vif/2/0/frontend-id = 2",
      "n1r2 /local/domain/1/backend/vif/2/0/frontend = /local/domain/2/device/vif/0",
      "n1r2 /local/domain/1/backend/vif/2/0/handle = 0",
      "n1r2 /local/domain/1/backend/vif/2/0/mac = 00:16:3e:00:00:01",
      "n1r2 /local/domain/1/backend/vif/2/0/script = none",
      "n1r2 /local/domain/1/backend/vif/2/0/hotplug-status = connected",
      "n1r2 /local/domain/1/backend/vif/2/0/online = 1",
      "n1r2 /local/domain/1/backend/vif/2/0/state = 1",
      "n2r1 /local/domain/2/device/vif/0 = ",
      "n2r1 /local/domain/2/device/vif/0/backend-id = 1",
      "n2r1 /local/domain/2/device/vif/0/backend = /local/domain/1/backend/vif/2/0",
      "n2r1 /local/domain/2/device/vif/0/handle = 0",
      "n2r1 /local/domain/2/device/vif/0/mac = 00:16:3e:00:00:01",
      "n2r1 /local/domain/2/device/vif/0/state = 1",
    ]);
  });

  it("gives a disk by the numbers of the backend's device, in hexadecimal", async () => {
    const { lines } = await store([{ kind: "block", backend: "app", frontend: "io", device: "254:16", mode: "r" }]);
    expect(lines.filter((line) => line.includes("vbd"))).toEqual([
      "n2r1 /local/domain/2/backend/vbd/1/51712 = ",
      "n2r1 /local/domain/2/backend/vbd/1/51712/frontend-id = 1",
      "n2r1 /local/domain/2/backend/vbd/1/51712/frontend = /local/domain/1/device/vbd/51712",
      "n2r1 /local/domain/2/backend/vbd/1/51712/physical-device = fe:10",
      "n2r1 /local/domain/2/backend/vbd/1/51712/mode = r",
      "n2r1 /local/domain/2/backend/vbd/1/51712/dev = xvda",
      "n2r1 /local/domain/2/backend/vbd/1/51712/online = 1",
      "n2r1 /local/domain/2/backend/vbd/1/51712/state = 1",
      "n1r2 /local/domain/1/device/vbd/51712 = ",
      "n1r2 /local/domain/1/device/vbd/51712/backend-id = 2",
      "n1r2 /local/domain/1/device/vbd/51712/backend = /local/domain/2/backend/vbd/1/51712",
      "n1r2 /local/domain/1/device/vbd/51712/virtual-device = 51712",
      "n1r2 /local/domain/1/device/vbd/51712/device-type = disk",
      "n1r2 /local/domain/1/device/vbd/51712/state = 1",
    ]);
  });

  it("numbers the consoles of each frontend from 1, with no more than both ends need to find each other", async () => {
    const console = { kind: "console", backend: "io", frontend: "app" } as const;
    const { lines, pairs } = await store([console, console, { ...console, backend: "app", frontend: "io" }]);
    const ends = (backend: number, frontend: number, number: number) => {
      const back = `/local/domain/${backend}/backend/console/${frontend}/${number}`;
      const front = `/local/domain/${frontend}/device/console/${number}`;
      return [
        `n${backend}r${frontend} ${back} = `,
        `n${backend}r${frontend} ${back}/frontend-id = ${frontend}`,
        `n${backend}r${frontend} ${back}/frontend = ${front}`,
        `n${backend}r${frontend} ${back}/online = 1`,
        `n${backend}r${frontend} ${back}/state = 1`,
        `n${frontend}r${backend} ${front} = `,
        `n${frontend}r${backend} ${front}/backend-id = ${backend}`,
        `n${frontend}r${backend} ${front}/backend = ${back}`,
        `n${frontend}r${backend} ${front}/state = 1`,
      ];
    };
    expect(lines.filter((line) => line.includes("console"))).toEqual([
      ...ends(1, 2, 1),
      ...ends(1, 2, 2),
      ...ends(2, 1, 1),
    ]);
    expect(pairs).toEqual([1, 2, 2, 1]);
  });

  it("names each pair of domains once, the backend first", async () => {
    const { pairs } = await store([
      { kind: "net", backend: "io", frontend: "app" },
      { kind: "block", backend: "io", frontend: "app", device: "254:0" },
      { kind: "net", backend: "app", frontend: "io" },
    ]);
    expect(pairs).toEqual([1, 2, 2, 1]);
  });

  it("has a name that no domain has", async () => {
    const { name } = await store([{ kind: "net", backend: "io", frontend: "xenstore" }], { io: end, xenstore: end });
    expect(name).toBe("xenstore-");
  });
});
