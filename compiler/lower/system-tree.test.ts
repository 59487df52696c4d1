import {
  addNode,
  cells,
  decode,
  encode,
  findNode,
  getProperty,
  node,
  phandleOf,
  print,
  property,
  readCells,
  readStrings,
  readU64s,
  strings,
  walk,
} from "dtc-js";
import type { DeviceTree } from "dtc-js";
import { describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import { placedSystem, twoDomains } from "../testing/system.ts";
import { systemTree } from "./system-tree.ts";

const placed = await placedSystem();
const tree = systemTree(placed);

const chosenText = (of: DeviceTree): string => {
  const chosen = findNode(of, "/chosen");
  if (!chosen) throw new Error("no /chosen");
  return print({ ...of, reservations: [], root: { ...of.root, properties: [], children: [chosen] } });
};

describe("the hypervisor's device tree", () => {
  it("has the rollback index, but for 0", async () => {
    const indexOf = (of: DeviceTree) => {
      const chosen = findNode(of, "/chosen");
      const found = chosen && getProperty(chosen, "xenimg,rollback-index");
      return found && readCells(found.value);
    };
    const raised = systemTree(await placedSystem({ ...twoDomains, rollbackIndex: 0xffff_ffff }));
    expect([indexOf(tree), indexOf(raised)]).toEqual([undefined, [0xffff_ffff]]);
  });

  it("keeps every node and property of the board's own", () => {
    const decoded = decode(placed.resolved.board.profile.deviceTree);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    for (const { path, node } of walk(decoded.value)) {
      const found = findNode(tree, path);
      for (const { name, value } of node.properties)
        expect([path, name, found && getProperty(found, name)?.value.bytes]).toEqual([path, name, value.bytes]);
    }
  });

  it("says in Xen's bindings what the configuration says", () => {
    expect(chosenText(tree)).toMatchInlineSnapshot(`
      "/dts-v1/;

      / {

      	chosen {
      		stdout-path = "/pl011@9000000";
      		#address-cells = <0x02>;
      		#size-cells = <0x02>;
      		xen,xen-bootargs = "console=dtuart";

      		cpupool-realtime {
      			compatible = "xen,cpupool";
      			cpupool-cpus = <0x8002 0x8001>;
      			cpupool-sched = "null";
      			phandle = <0xfffffffe>;
      		};

      		ui {
      			compatible = "xen,domain";
      			#address-cells = <0x02>;
      			#size-cells = <0x02>;
      			memory = <0x00 0x10000>;
      			cpus = <0x02>;
      			vpl011;

      			module@40600000 {
      				compatible = "multiboot,kernel", "multiboot,module";
      				reg = <0x00 0x40600000 0x00 0x1388>;
      				bootargs = "console=ttyAMA0";
      			};

      			module@40800000 {
      				compatible = "multiboot,ramdisk", "multiboot,module";
      				reg = <0x00 0x40800000 0x00 0x1f>;
      			};
      		};

      		control {
      			compatible = "xen,domain";
      			#address-cells = <0x02>;
      			#size-cells = <0x02>;
      			memory = <0x00 0x8000>;
      			cpus = <0x01>;
      			vpl011;
      			xen,static-mem = <0x00 0x60000000 0x00 0x2000000>;
      			domain-cpupool = <0xfffffffe>;

      			module@40a00000 {
      				compatible = "multiboot,kernel", "multiboot,module";
      				reg = <0x00 0x40a00000 0x00 0x1770>;
      			};
      		};
      	};
      };
      "
    `);
  });

  it("has one phandle for each thing", () => {
    const phandles = [...walk(tree)].flatMap(({ node }) => phandleOf(node) ?? []);
    expect(new Set(phandles).size).toBe(phandles.length);
  });

  it("leads from a domain to its pool and from there to its CPUs", () => {
    const byPhandle = new Map([...walk(tree)].map(({ node, path }) => [phandleOf(node), { node, path }]));
    const cellsOf = (path: string, name: string): readonly number[] => {
      const node = findNode(tree, path);
      const property = node && getProperty(node, name);
      return (property && readCells(property.value)) ?? [];
    };
    const pool = byPhandle.get(cellsOf("/chosen/control", "domain-cpupool")[0]);
    const compatible = pool && getProperty(pool.node, "compatible");
    expect(compatible && readStrings(compatible.value)).toEqual(["xen,cpupool"]);
    const cpus = cellsOf(pool?.path ?? "", "cpupool-cpus").map((phandle) => byPhandle.get(phandle)?.path);
    expect(cpus).toEqual(["/cpus/cpu@2", "/cpus/cpu@3"]);
  });

  it("names a static heap, direct map and PV where they are asked for", async () => {
    const [first] = Object.values(twoDomains.domains);
    if (!first) throw new Error("no domain");
    const more = await placedSystem({
      ...twoDomains,
      hypervisor: { heap: { at: 0x7000_0000, size: "256MiB" } },
      domains: {
        one: { ...first, memory: [{ at: 0x5000_0000, size: "64MiB" }], directMap: true, enhanced: "no-xenstore" },
      },
    });
    const text = chosenText(systemTree(more));
    expect(text).toContain("xen,static-heap = <0x00 0x70000000 0x00 0x10000000>;");
    expect(text).toContain("direct-map;");
    expect(text).toContain('xen,enhanced = "no-xenstore";');
  });

  it("names the hypervisor's own policy before all domains, in Xen's binding", async () => {
    const hypervisor = { xsmPolicy: "xenpolicy" };
    const more = await placedSystem({ ...twoDomains, hypervisor }, { hypervisor: "xen", version: "4.17" });
    const [policy] = more.modules;
    expect(policy).toMatchObject({
      domain: "hypervisor",
      kind: "xsm-policy",
      at: { start: more.image.start + MiB(4) },
    });
    const [first] = findNode(systemTree(more), "/chosen")?.children ?? [];
    const compatible = first && getProperty(first, "compatible");
    expect(compatible && readStrings(compatible.value)).toEqual(["xen,xsm-policy", "multiboot,module"]);
    const reg = first && getProperty(first, "reg");
    expect(reg && readU64s(reg.value)).toEqual([policy?.at.start, policy?.at.size].map((each) => BigInt(each ?? 0)));
  });

  it("says what follows a shutdown where the configuration does", async () => {
    const [first] = Object.values(twoDomains.domains);
    if (!first) throw new Error("no domain");
    const plain = await placedSystem({ ...twoDomains, domains: { one: first } });
    expect(chosenText(systemTree(plain))).not.toContain("xenimg,");
    const text = chosenText(
      systemTree(
        await placedSystem({ ...twoDomains, domains: { one: { ...first, onCrash: "restart", onReboot: "preserve" } } }),
      ),
    );
    expect(text).toContain('xenimg,on-crash = "restart";');
    expect(text).toContain('xenimg,on-reboot = "preserve";');
    expect(text).not.toContain("xenimg,on-poweroff");
  });

  it("tells the core how domains share their CPUs", async () => {
    const { ui } = twoDomains.domains;
    if (!ui) throw new Error("no such domain");
    const text = chosenText(
      systemTree(await placedSystem({ ...twoDomains, domains: { ui: { ...ui, weight: 512, cap: 150 } } })),
    );
    expect(text).toContain("xenimg,weight = <0x200>;");
    expect(text).toContain("xenimg,cap = <0x96>;");
  });

  it("tells of affinities in Xen's words, of reservations and windows in ours", async () => {
    const { ui, control } = twoDomains.domains;
    if (!ui || !control) throw new Error("no such domain");
    const text = chosenText(
      systemTree(
        await placedSystem({
          ...twoDomains,
          cpupools: {
            rt: { cpus: ["cpu1", "cpu2"], scheduler: "rtds" },
            table: {
              cpus: ["cpu3"],
              scheduler: "arinc653",
              schedule: { majorFrame: 9000, windows: [{ domain: "control", duration: 5000 }, { duration: 2000 }] },
            },
          },
          domains: {
            ui: {
              ...ui,
              pool: "rt",
              rtds: { budget: 3000 },
              vcpus: [{ affinity: ["cpu2"] }, { affinity: ["cpu1"], rtds: { budget: 500, period: 1000 } }],
            },
            control: { ...control, pool: "table" },
          },
        }),
      ),
    );
    expect(text).toContain("xenimg,rtds-budget = <0xbb8>;\n\t\t\txenimg,rtds-period = <0x2710>;");
    expect(text).toContain('compatible = "xen,vcpu";\n\t\t\t\tid = <0x01>;\n\t\t\t\thard-affinity = "1";');
    expect(text).toContain("xenimg,rtds-budget = <0x1f4>;\n\t\t\t\txenimg,rtds-period = <0x3e8>;");
    expect(text).toContain("xenimg,arinc653-frame = <0x2328>;");
    expect(text).toContain('xenimg,arinc653-domains = "control", "";');
    expect(text).toContain("xenimg,arinc653-windows = <0x00 0x1388 0x00 0x7d0>;");
  });

  it("takes from the board's /chosen the console and the seeds alone", () => {
    const { board } = placed.resolved;
    const decoded = decode(board.profile.deviceTree);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const vendors = node("chosen", {
      properties: [
        property("stdout-path", strings("/pl011@9000000")),
        property("rng-seed", cells(1, 2)),
        property("bootargs", strings("root=/dev/mmcblk0")),
        property("linux,initrd-start", cells(0x4800_0000)),
      ],
      children: [node("ui", { properties: [property("compatible", strings("xen,domain"))] }), node("module@1")],
    });
    const deviceTree = encode(addNode(decoded.value, "/", vendors));
    const resolved = {
      ...placed.resolved,
      board: { ...board, deviceTree },
      hypervisor: { ...placed.resolved.hypervisor, bootargs: "" },
    };
    const chosen = findNode(systemTree({ ...placed, resolved }), "/chosen");
    expect(chosen?.properties.map(({ name }) => name)).toEqual([
      "stdout-path",
      "rng-seed",
      "#address-cells",
      "#size-cells",
      "xen,xen-bootargs",
    ]);
    expect(chosen?.children.map(({ name }) => name)).toEqual(["cpupool-realtime", "ui", "control"]);
  });

  it("is the same bytes every time", async () => {
    expect(encode(systemTree(await placedSystem()))).toEqual(encode(tree));
  });
});
