import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DeviceTree } from "dtc-js";
import { addNode, encode, findNode, getProperty, node, property, readStrings, strings } from "dtc-js";
import { invariant } from "../compiler/base/invariant.ts";
import type { Entry } from "./testing/cpio.ts";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { MachineRequest } from "./testing/machine.ts";
import { debian, temporaryFolder, toolstackDrivers } from "./testing/paths.ts";
import type { Driver } from "./testing/paths.ts";
import { build, readTree } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";
import { toolstack, toolstackPath } from "./testing/toolstack.ts";
import { onUpstreamXen, watchableLines } from "./testing/upstream.ts";

/** What each domain does once it has booted. */
const programs = {
  // Both ends wait for each other's drivers, and for the toolstack.
  io: `echo "of the backend" >/dev/ram0
until ifconfig vif2.0 10.9.0.1 up 2>/dev/null; do sleep 1; done`,
  app: `until ifconfig eth0 10.9.0.2 up 2>/dev/null; do sleep 1; done
until ping -c 1 -w 5 10.9.0.1 >/dev/null; do :; done
ping -c 3 10.9.0.1
until test -b /dev/xvda; do sleep 1; done
echo "disk: $(head -n 1 /dev/xvda)"
echo "of the frontend" >/dev/xvda && sync && echo 3 >/proc/sys/vm/drop_caches
echo "disk: $(head -n 1 /dev/xvda)"`,
  tools: `mount -t xenfs xenfs /proc/xen
${toolstackPath}/xenstored --pid-file /run/xenstored.pid
${toolstackPath}/xen-init-dom0
for run in first second; do
  /pv.sh
  echo "$run run: $?, interfaces $(xenstore-list /local/domain/2/device/vif), disks $(xenstore-list /local/domain/2/device/vbd)"
done
sed 's/^left=.*/left=2/; s/^net 2 1 [^ ]*/net 1 2 02:00:00:00:00:01/; s/^block .*//' /pv.sh >/wrong.sh
sh /wrong.sh 2>&1
echo "wrong run: $?"`,
} as const;

const script = (path: string, text: string): Entry => ({
  kind: "file",
  path,
  bytes: Buffer.from(`#!/bin/sh\n${text}\n`),
  mode: 0o755,
});

/** Both domains of Linux, and the one that has the toolstack: from 4.21 on that is a domain like others, by its capabilities. */
async function buildSystem(pvScript?: Uint8Array): Promise<BuiltSystem> {
  const folder = temporaryFolder("pv-upstream");
  const linux = (name: keyof typeof programs, modules: readonly Driver[], more: readonly Entry[] = []) => ({
    kernel: debian("kernel"),
    ramdisk: writeInitramfs(join(folder, `${name}.cpio.gz`), modules, [script("bin/rc", programs[name]), ...more]),
    bootargs: "console=ttyAMA0 quiet",
    memory: "128MiB",
    enhanced: true as const,
  });
  const pv: readonly Entry[] =
    pvScript === undefined ? [] : [{ kind: "file", path: "pv.sh", bytes: pvScript, mode: 0o755 }];
  return build(
    "pv-upstream",
    {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        hypervisor: { bootargs: `${watchableLines} bootscrub=0 xsm=dummy` },
        domains: {
          io: linux("io", ["brd", "xen-netback", "xen-blkback"]),
          app: linux("app", ["xen-netfront", "xen-blkfront"]),
          tools: {
            ...linux("tools", toolstackDrivers, [...toolstack(), ...pv]),
            capabilities: ["control", "xenstore"],
          },
        },
        pv: [
          { kind: "net", backend: "io", frontend: "app", mac: "00:16:3e:00:00:01" },
          { kind: "block", backend: "io", frontend: "app", device: "1:0" },
        ],
      },
    },
    ...["--target", "xen@4.21", "--hypervisor", debian("xen")],
  );
}

/**
 * The same tree for a release before 4.21, and it boots no other toolstack that Debian has: what the domain `tools` has goes
 * to dom0, whose kernel and ramdisk lie in /chosen itself (docs/misc/arm/device-tree/booting.txt). The others keep their numbers.
 */
function withDom0(tree: DeviceTree): DeviceTree {
  const chosen = findNode(tree, "/chosen");
  const tools = findNode(tree, "/chosen/tools");
  const bootargs = chosen && getProperty(chosen, "xen,xen-bootargs");
  invariant(chosen !== undefined && tools !== undefined && bootargs !== undefined, "the nodes that build writes");
  const [words = ""] = readStrings(bootargs.value) ?? [];
  return addNode(
    tree,
    "/",
    node("chosen", {
      properties: [
        ...chosen.properties.filter(({ name }) => name !== "xen,xen-bootargs"),
        property("xen,xen-bootargs", strings(`${words} dom0_mem=192M dom0_max_vcpus=1`)),
        property("xen,dom0-bootargs", strings("console=hvc0 quiet")),
      ],
      children: [...chosen.children.filter(({ name }) => name !== "tools"), ...tools.children],
    }),
  );
}

async function boot(): Promise<MachineRequest> {
  const { output } = await buildSystem();
  const built = await buildSystem(readFileSync(join(output, "dom0", "pv.sh")));
  const request = onUpstreamXen(built);
  const tree = join(built.output, "system.dtb");
  const changed = join(temporaryFolder("dom0"), "system.dtb");
  writeFileSync(changed, encode(withDom0(readTree(tree))));
  return { ...request, args: request.args.map((word) => (word === tree ? changed : word)) };
}

describe("two Debian Linux domains on upstream Xen 4.17, its toolstack in dom0", () => {
  it("have the network and the disk that dom0/pv.sh attaches, once however often it runs, and hear what is wrong", async () => {
    await withMachine(await boot(), async (machine) => {
      await machine.waitFor("hypervisor", /^wrong run: \d/, 600);
      // dom0's console is the machine's own.
      const said = machine.saidBy("hypervisor").filter((line) => /^(net|block|pv\.sh:|\w+ run:)/.test(line));
      const net = "net 00:16:3e:00:00:01 of domain 2 with backend 1: connected";
      const block = "block 51712 of domain 2 with backend 1: connected";
      expect(said).toEqual([
        ...[net, block, "first run: 0, interfaces 0, disks 51712"],
        ...[net, block, "second run: 0, interfaces 0, disks 51712"],
        "pv.sh: net 02:00:00:00:00:01 of domain 1 with backend 2: the backend did not begin: is xen-netback loaded in domain 2?",
        "wrong run: 1",
      ]);
      await machine.waitFor("app", "3 packets received", 120);
      await machine.waitFor("app", "disk: of the backend", 120);
      await machine.waitFor("app", "disk: of the frontend", 120);
    });
  }, 900_000);
});
