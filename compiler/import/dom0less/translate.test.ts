import { fc, it as property } from "@fast-check/vitest";
import type { Node, Property } from "dtc-js";
import { cells, cells64, empty, encode, node, property as prop, strings } from "dtc-js";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import { storeEntries, storeStrings } from "../../codecs/xenstore.ts";
import { boardOf, imported as importFile } from "../testing/request.ts";

const kernel = node("module@48000000", {
  properties: [
    prop("compatible", strings("multiboot,kernel", "multiboot,module")),
    prop("reg", cells64(0x4800_0000, 0x10_0000)),
    prop("bootargs", strings("quiet")),
  ],
});
const domain = (name: string, properties: readonly Property[] = [], children: readonly Node[] = [kernel]): Node =>
  node(name, {
    properties: [
      prop("compatible", strings("xen,domain")),
      prop("#address-cells", cells(2)),
      prop("#size-cells", cells(2)),
      ...(properties.some(({ name }) => name === "memory") ? [] : [prop("memory", cells64(0x2_0000))]),
      prop("cpus", cells(1)),
      ...properties,
    ],
    children,
  });
const blobOf = (children: readonly Node[], properties: readonly Property[] = []): Uint8Array =>
  encode(boardOf(node("chosen", { properties, children })));
const imported = (children: readonly Node[], properties: readonly Property[] = []) =>
  importFile("boot/system.dtb", blobOf(children, properties));

describe("a dom0less device tree", () => {
  it("becomes what a person would have written, its modules named as xenimg build names them", async () => {
    const heap = prop("xen,static-heap", cells64(0x6000_0000, 0x100_0000));
    const bootargs = prop("xen,xen-bootargs", strings("console=dtuart"));
    const { text, findings } = await imported([domain("domU1", [prop("vpl011", empty)])], [bootargs, heap]);
    expect(text).toBe(`import { MiB, defineSystem } from "xenimg";

export default defineSystem({
  board: {
    name: "example,board",
    parameters: {},
    cpus: ["cpu0", "cpu1", "cpu2", "cpu3"],
    deviceTree: "../system.dtb",
    loadAddress: 0x4020_0000,
  },
  hypervisor: {
    bootargs: "console=dtuart",
    heap: { at: 0x6000_0000, size: MiB(16) },
  },
  domains: {
    domU1: {
      kernel: "../modules/domU1-kernel",
      bootargs: "quiet",
      memory: MiB(128),
    },
  },
});
`);
    expect(findings).toEqual([
      'XI2221 the kernel of "domU1" is not part of the device tree; board.ts names "../modules/domU1-kernel"',
    ]);
  });

  it.each<[Property, string]>([
    [prop("cpus", cells(3)), "cpus: 3"],
    [prop("direct-map", empty), "directMap: true"],
    [prop("xen,static-mem", cells64(0x5000_0000, 0x100_0000)), "memory: [{ at: 0x5000_0000, size: MiB(16) }]"],
    [prop("memory", cells(2048)), "memory: MiB(2)"],
    [prop("xen,enhanced", empty), "enhanced: true"],
    [prop("xen,enhanced", strings("no-xenstore")), 'enhanced: "no-xenstore"'],
    [prop("nr_spis", cells(64)), "nrSpis: 64"],
    [prop("xen,domain-p2m-mem-mb", cells(4)), "p2mMemory: MiB(4)"],
    [prop("trap-unmapped-accesses", cells(0)), "trapUnmappedAccesses: false"],
    [prop("capabilities", cells(5)), 'capabilities: ["control", "xenstore"]'],
    [prop("passthrough", strings("disabled")), 'passthroughPolicy: "disabled"'],
    [prop("sve", empty), "sve: true"],
    [prop("sve", cells(256)), "sve: 256"],
    [prop("llc-colors", strings("0-3")), 'llcColors: "0-3"'],
    [prop("xen,sci_type", strings("scmi_smc")), 'sci: "scmi_smc"'],
    [prop("v8r_el1_msa", strings("mmu")), 'v8rMsa: "mmu"'],
    [prop("max_grant_frames", cells(8)), "grants: { frames: 8 }"],
    [prop("xenimg,weight", cells(512)), "weight: 512"],
    [prop("xenimg,on-crash", strings("preserve")), 'onCrash: "preserve"'],
  ])("has each property of a domain taken over: %#", async (extra, expected) => {
    const properties = extra.name === "cpus" ? [] : [extra];
    const whole = domain("a", properties);
    const node = extra.name === "cpus" ? { ...whole, properties: [...whole.properties.slice(0, -1), extra] } : whole;
    const { text, findings } = await imported([node]);
    expect(findings.filter((finding) => !finding.includes("XI2221"))).toEqual([]);
    expect(text).toContain(expected);
  });

  it.each<[string, readonly Node[], string]>([
    ["no domain", [], "XI2209 /chosen has no value: it has no node xen,domain"],
    [
      "a domain without a kernel",
      [domain("a", [], [])],
      'XI2208 multiboot,kernel in a is "0 bytes", which is not a module',
    ],
    ["odd memory", [domain("a", [prop("memory", strings("x"))])], 'XI2208 memory in a is "2 bytes"'],
    ["odd banks", [domain("a", [prop("xen,static-mem", cells(1))])], 'XI2208 xen,static-mem in a is "4 bytes"'],
    ["an unknown word", [domain("a", [prop("passthrough", strings("x"))])], "XI2208 passthrough in a"],
  ])("is refused with %s", async (_, children, expected) => {
    const { text, findings } = await imported(children);
    expect(findings.join("\n")).toContain(expected);
    expect(text).toBeUndefined();
  });

  const view = (...guests: readonly number[]) =>
    guests.map((guest, index) =>
      domain(
        `d${index}`,
        [],
        [
          kernel,
          node(`shared-mem@${guest.toString(16)}`, {
            properties: [
              prop("compatible", strings("xen,domain-shared-memory-v1")),
              prop("xen,shm-id", strings("frames")),
              prop("xen,shared-mem", cells64(0x7000_0000, guest, 0x1000)),
              ...(index === 0 ? [prop("role", strings("owner"))] : []),
            ],
          }),
        ],
      ),
    );

  it.each<[readonly number[], string, readonly string[]]>([
    [[0x3300_0000, 0x3300_0000], "0x3300_0000", ["d1"]],
    [[0x7000_0000, 0x3300_0000], "{ d0: 0x7000_0000, d1: 0x3300_0000 }", ["d1"]],
    [[0x3300_0000, 0x3310_0000, 0x3310_0000], "{ d0: 0x3300_0000, d1: 0x3310_0000, d2: 0x3310_0000 }", ["d1", "d2"]],
  ])("has shared memory where each domain sees it: %j", async (guests, guestAt, borrowers) => {
    const { text = "", findings } = await imported(view(...guests));
    const names = borrowers.map((name) => `"${name}"`).join(", ");
    expect(text.replaceAll(/\s+/g, " ").replaceAll(", }", " }")).toContain(
      `{ size: KiB(4), at: 0x7000_0000, guestAt: ${guestAt}, owner: "d0", borrowers: [${names}] }`,
    );
    expect(findings.filter((finding) => !finding.includes("XI2221"))).toEqual([]);
  });

  it.each([
    ["size", 0x7000_0000, 0x2000],
    ["place", 0x7100_0000, 0x1000],
  ])("is refused where two domains see memory of another %s by one name", async (_, at, size) => {
    const share = (name: string, ...numbers: readonly number[]) => {
      const properties = [
        prop("compatible", strings("xen,domain-shared-memory-v1")),
        prop("xen,shm-id", strings("frames")),
        prop("xen,shared-mem", cells64(...numbers)),
      ];
      return domain(name, [], [kernel, node("shared-mem@1", { properties })]);
    };
    const { text, findings } = await imported([
      share("d0", 0x7000_0000, 0x3300_0000, 0x1000),
      share("d1", at, 0x3300_0000, size),
    ]);
    expect(findings.join("\n")).toContain("XI2208 xen,shared-mem in shared-mem@");
    expect(text).toBeUndefined();
  });

  it("keeps the rollback index", async () => {
    const { text } = await imported([domain("domU1")], [prop("xenimg,rollback-index", cells(7))]);
    expect(text).toContain("  rollbackIndex: 7,\n");
    expect((await imported([domain("domU1")])).text).not.toContain("rollbackIndex");
  });

  it("keeps the hypervisor's policy", async () => {
    const policy = node("module@49000000", {
      properties: [prop("compatible", strings("xen,xsm-policy", "multiboot,module")), prop("reg", cells64(1, 2))],
    });
    const { text, findings } = await imported([policy, domain("a", [])]);
    expect(text).toContain('xsmPolicy: "../modules/hypervisor-xsm-policy"');
    expect(findings).toContain(
      'XI2221 the XSM policy is not part of the device tree; board.ts names "../modules/hypervisor-xsm-policy"',
    );
    expect(findings.filter((finding) => finding.includes("XI2207"))).toEqual([]);
  });

  it("has told what is left out: dom0's modules, and what import does not know", async () => {
    const { findings } = await imported([kernel, domain("a", [prop("x", empty)], [kernel, node("y")])]);
    expect(findings.filter((finding) => finding.includes("XI2207"))).toEqual([
      'XI2207 "module@48000000" of /chosen is not taken over: a system has domains of its own, and no dom0 or other modules',
      'XI2207 "x" of a is not taken over: import does not know the property',
      'XI2207 "y" of a is not taken over: import does not know the node',
    ]);
  });
});

const link = { kind: "net", backendId: 1, frontendId: 2, handle: 0, mac: "02:00:00:00:00:01" } as const;
const sound = blobOf([
  node("cpupool-fast", { properties: [prop("compatible", strings("xen,cpupool")), prop("phandle", cells(9))] }),
  domain("a", [prop("domain-cpupool", cells(9)), prop("xen,enhanced", empty)]),
  domain("b", [prop("xen,static-mem", cells64(1, 2)), prop("sve", cells(128)), prop("xen,enhanced", empty)]),
  node("xenstore", {
    properties: [
      prop("compatible", strings("xenimg,xenstore")),
      prop("xenimg,entries", strings(...storeStrings(storeEntries([1, 2], [link])))),
      prop("xenimg,pairs", cells(1, 2)),
    ],
  }),
]);

describe("any bytes whatever in a blob", () => {
  property.prop(
    [fc.array(fc.tuple(fc.nat({ max: sound.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 })],
    { numRuns: 500 },
  )("are imported as text that can be read, or told", async (edits) => {
    const bytes = Uint8Array.from(sound);
    for (const [at, value] of edits) if (at > 3) bytes[at] = value;
    const { text, findings } = await importFile("system.dtb", bytes);
    if (text === undefined) expect(findings.join("\n")).toMatch(/XI2(201|208|209)/);
    else await prettier.format(text, { parser: "typescript" });
  });
});
