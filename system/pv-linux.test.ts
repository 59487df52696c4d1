import { createHash } from "node:crypto";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Entry } from "./testing/cpio.ts";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { Machine, MachineRequest } from "./testing/machine.ts";
import { debian, drivers, pvDrivers, temporaryFolder } from "./testing/paths.ts";
import { run } from "./testing/shell.ts";
import { storePaths, storeTools } from "./testing/store-tools.ts";
import { build, fromImage } from "./testing/systems.ts";

const MiB = 1024 * 1024;
/** The machine's last virtio-mmio slot. */
const slot = 31;
const addresses = { io: "10.9.0.1", app: "10.9.0.2" } as const;
/** Of the interface that each end has. */
const interfaces = { io: "vif2.0", app: "eth0" } as const;

/** A megabyte that goes over the network and to the disk: its period fits no page and no packet. */
const lines = Array.from({ length: 160_000 }, (_, index) => `${index + 1}\n`).join("");
const md5 = (times: number): string => createHash("md5").update(lines.repeat(times)).digest("hex");

/** Two Debian kernels: one has the machine's disk, and offers it to the other, and a network. */
async function boot(): Promise<MachineRequest> {
  const folder = temporaryFolder("pv-linux");
  const ramdisk = writeInitramfs(
    join(folder, "initramfs.cpio.gz"),
    [...drivers, ...pvDrivers],
    [...storeTools(), ...files],
  );
  const linux = {
    kernel: debian("kernel"),
    ramdisk,
    bootargs: "console=ttyAMA0 quiet panic=1",
    cpus: 2,
    enhanced: true,
  };
  const built = await build("pv-linux", {
    board: { cpus: 2, memory: "1GiB" },
    system: {
      domains: {
        io: {
          ...linux,
          memory: [{ at: 0x5000_0000, size: 160 * MiB }],
          directMap: true,
          passthrough: [`virtio_mmio@${(0xa00_0000 + slot * 0x200).toString(16)}`],
        },
        app: { ...linux, memory: "160MiB" },
      },
      pv: [
        { kind: "net", backend: "io", frontend: "app" },
        { kind: "block", backend: "io", frontend: "app", device: "254:0" },
      ],
    },
  });
  const disk = join(folder, "disk.raw");
  writeFileSync(disk, "");
  truncateSync(disk, 64 * MiB);
  // The backend hands pages of the other domain to the disk: its driver must ask Linux for their addresses in the machine.
  return fromImage(built, undefined, [
    ...["-global", "virtio-mmio.force-legacy=false"],
    ...["-drive", `if=none,id=disk,format=raw,file=${disk}`],
    ...["-device", `virtio-blk-device,drive=disk,bus=virtio-mmio-bus.${slot},iommu_platform=on`],
  ]);
}

const script = (path: string, text: string): Entry => ({
  kind: "file",
  path,
  bytes: Buffer.from(`#!/bin/sh\n${text}\n`),
  mode: 0o755,
});
/** What each domain's web server has. */
const files: readonly Entry[] = [
  { kind: "folder", path: "web" },
  { kind: "folder", path: "web/cgi-bin" },
  { kind: "file", path: "web/lines", bytes: Buffer.from(lines), mode: 0o644 },
  script(
    "web/cgi-bin/lines",
    'echo "Content-Type: text/plain"; echo; for i in $(seq "$QUERY_STRING"); do cat /web/lines; done',
  ),
];

type Name = keyof typeof addresses;

/** Until the domain's devices are connected, its interface up. Where they do not come, that is said. */
async function connect(machine: Machine, name: Name): Promise<void> {
  const disk = name === "app" ? " && test -b /dev/xvda" : "";
  const up = `ifconfig ${interfaces[name]} ${addresses[name]} up 2>/dev/null${disk}`;
  const said = await run(machine, name, `for i in $(seq 90); do ${up} && echo is there && break; sleep 1; done`);
  expect(said.includes("is there"), `${name} has its devices`).toBe(true);
}

async function ping(machine: Machine): Promise<void> {
  const said = await run(machine, "app", `until ping -c 1 -w 5 ${addresses.io}; do :; done; ping -c 3 ${addresses.io}`);
  expect(said).toContainEqual(expect.stringContaining("3 packets received"));
}

const fetchLines = (from: Name, megabytes: number): string =>
  `wget -q -O - http://${addresses[from]}/cgi-bin/lines?${megabytes}`;

/** So many megabytes by TCP in each of so many streams: what arrives has to have the checksum of what was sent. */
async function transfer(machine: Machine, from: Name, megabytes: number, streams: number): Promise<void> {
  const to = from === "io" ? "app" : "io";
  const each = `${fetchLines(from, megabytes)} | md5sum`;
  const said = await run(machine, to, `for i in $(seq ${streams}); do ${each} & done; wait`, 600);
  const sums = said.filter((line) => line.endsWith("  -"));
  expect(sums).toEqual(Array.from({ length: streams }, () => `${md5(megabytes)}  -`));
}

async function bothReady(machine: Machine): Promise<void> {
  for (const name of ["io", "app"] as const) await ready(machine, name);
}

/** Once the domain has booted, since that line. */
async function ready(machine: Machine, name: Name, from = 0): Promise<void> {
  await machine.waitFor(name, "ready: shell on 2 CPUs", 240, from);
  await run(machine, name, "httpd -h /web");
  await connect(machine, name);
}

const file = "/disk/file";
const fileSum = `${md5(4)}  ${file}`;

/** The backend makes a file system; the frontend writes a file, and reads it again; so does the backend. */
async function useDisk(machine: Machine): Promise<void> {
  await run(machine, "io", "mke2fs -q /dev/vda && sync && echo 3 >/proc/sys/vm/drop_caches");
  await run(machine, "app", "mkdir /disk; mount -t ext4 /dev/xvda /disk");
  await run(machine, "app", `for i in 1 2 3 4; do cat /web/lines; done >${file}`);
  await run(machine, "app", "sync; umount /disk; mount -t ext4 /dev/xvda /disk");
  expect(await run(machine, "app", `md5sum ${file} && umount /disk`)).toContain(fileSum);
  expect(await run(machine, "io", `mkdir /disk; mount -t ext4 -o ro /dev/vda /disk && md5sum ${file}`)).toContain(
    fileSum,
  );
  await run(machine, "io", "umount /disk");
}

/** What goes on while a domain ends: app has some of what io sends. */
async function beginTransfer(machine: Machine): Promise<void> {
  await run(machine, "app", `killall wget 2>/dev/null; ${fetchLines("io", 10_000)} >/dev/null & true`);
  const sent = `$(cat /sys/class/net/${interfaces.io}/statistics/tx_bytes)`;
  await run(machine, "io", `before=${sent}; until [ ${sent} -gt $((before + ${MiB})) ]; do sleep 1; done`);
}

/** Both kinds have as many queues as either end has CPUs. */
const inEachQueue = (keys: string): string =>
  ["queue-0", "queue-1"].flatMap((queue) => [queue, ...keys.split(" ").map((key) => `${queue}/${key}`)]).join(" ");

/** What is in the store once both ends of both links are connected; names of the keys in each directory. */
const kept = {
  control: "feature-poweroff feature-reboot feature-suspend",
  "/local/domain/2/device/vif/0":
    "backend backend-id handle mac state feature-gso-tcpv4 feature-gso-tcpv6 feature-ipv6-csum-offload " +
    "feature-rx-notify feature-sg multi-queue-num-queues request-rx-copy xdp-headroom " +
    inEachQueue("event-channel-rx event-channel-tx rx-ring-ref tx-ring-ref"),
  "/local/domain/2/device/vbd/51712":
    "backend backend-id device-type state virtual-device feature-persistent multi-queue-num-queues protocol " +
    inEachQueue("event-channel ring-ref"),
  "/local/domain/1/backend/vif/2/0":
    "frontend frontend-id handle hotplug-status mac online script state feature-ctrl-ring " +
    "feature-dynamic-multicast-control feature-gso-tcpv4 feature-gso-tcpv6 feature-ipv6-csum-offload " +
    "feature-multicast-control feature-rx-copy feature-rx-flip feature-sg feature-split-event-channels " +
    "feature-xdp-headroom multi-queue-max-queues",
  "/local/domain/1/backend/vbd/2/51712":
    "dev frontend frontend-id mode online physical-device state discard-alignment discard-granularity discard-secure " +
    "feature-barrier feature-discard feature-flush-cache feature-max-indirect-segments feature-persistent info " +
    "max-ring-page-order multi-queue-max-queues physical-sector-size sector-size sectors",
} as const;
const keysOf = (directory: string, names: string): readonly string[] =>
  names.split(" ").map((name) => `${directory}/${name}`);

/** Of a domain's home: what every domain has, and the ends of its links with the directories on the way there. */
function homeOf(id: number, ways: readonly string[], ends: readonly (keyof typeof kept)[]): readonly string[] {
  const home = `/local/domain/${id}`;
  const all = ["backend", "control", "device", "memory", ...ways].map((way) => `${home}/${way}`);
  return [
    ...all,
    ...keysOf(`${home}/control`, kept.control),
    ...ends.flatMap((end) => [end, ...keysOf(end, kept[end])]),
  ];
}

/** Each domain sees its own home, of the other the ends of their links, and nothing else. */
async function seeTheStore(machine: Machine): Promise<void> {
  const vif = { front: "/local/domain/2/device/vif/0", back: "/local/domain/1/backend/vif/2/0" } as const;
  const vbd = { front: "/local/domain/2/device/vbd/51712", back: "/local/domain/1/backend/vbd/2/51712" } as const;
  const backWays = ["backend/vif", "backend/vif/2", "backend/vbd", "backend/vbd/2"];
  const sees = async (name: Name, path: string, paths: readonly string[]): Promise<void> => {
    const seen = await storePaths(machine, name, path);
    expect([name, path, seen]).toEqual([name, path, [...paths].sort()]);
  };
  await sees("io", "/local/domain/1", homeOf(1, backWays, [vif.back, vbd.back]));
  await sees("app", "/local/domain/2", homeOf(2, ["device/vif", "device/vbd"], [vif.front, vbd.front]));
  for (const { front, back } of [vif, vbd]) {
    await sees("io", front, keysOf(front, kept[front]));
    await sees("app", back, keysOf(back, kept[back]));
  }
  for (const [name, other] of [
    ["io", "/local/domain/2"],
    ["app", "/local/domain/1"],
  ] as const)
    for (const path of [
      "/",
      "/local",
      "/local/domain",
      other,
      `${other}/backend`,
      `${other}/device`,
      `${other}/control`,
    ])
      expect(await run(machine, name, `xenstore-ls ${path} 2>&1 || true`)).toContain(
        `xenstore-ls: xs_directory (${path}): Permission denied`,
      );
}

/** Events of the queues, by each end's own words for them. */
const queueEvents = {
  io: ["blkif-backend", "blkif-backend", "vif2.0-q0-rx", "vif2.0-q0-tx", "vif2.0-q1-rx", "vif2.0-q1-tx"],
  app: ["blkif", "blkif", "vif0-q0-rx", "vif0-q0-tx", "vif0-q1-rx", "vif0-q1-tx"],
} as const;

/** Of the domain's queues, those for which no event has come yet. */
async function idleQueues(machine: Machine, name: Name): Promise<readonly string[]> {
  const events = (await run(machine, name, "cat /proc/interrupts")).flatMap((line) => {
    const [, counts, event] = /^ *\d+:((?: +\d+)+) +xen-dyn.* ((?:vif|blkif)\S*)$/.exec(line) ?? [];
    return counts === undefined || event === undefined ? [] : [{ event, idle: !/[1-9]/.test(counts) }];
  });
  expect([name, events.map(({ event }) => event).sort()]).toEqual([name, queueEvents[name]]);
  return events.flatMap(({ event, idle }) => (idle ? [`${name}: ${event}`] : []));
}

/** Both ends have both queues of either link, and events come for each: TCP streams fall to queues by their ports. */
async function useAllQueues(machine: Machine): Promise<void> {
  const read = "echo 3 >/proc/sys/vm/drop_caches; taskset $cpu dd if=/dev/xvda of=/dev/null bs=64k count=4";
  await run(machine, "app", `for cpu in 1 2; do ${read}; done 2>/dev/null`);
  let idle: readonly string[] = [];
  for (let tries = 0; tries < 20; tries++) {
    idle = [...(await idleQueues(machine, "io")), ...(await idleQueues(machine, "app"))];
    if (idle.length === 0) break;
    await transfer(machine, "io", 1, 4);
  }
  expect(idle).toEqual([]);
}

describe("two Debian Linux domains, a network and a disk between them, and nobody else", () => {
  it(
    "carry pings, 100 MB and a file system, see what is theirs of the store, and connect again when either starts anew",
    { timeout: 900_000 },
    async () => {
      await withMachine(await boot(), async (machine) => {
        await bothReady(machine);
        await ping(machine);
        await useDisk(machine);
        await seeTheStore(machine);
        await transfer(machine, "io", 25, 4);
        await useAllQueues(machine);

        await beginTransfer(machine);
        let from = machine.lines.length;
        await machine.focus("io");
        machine.type("reboot -f\n");
        await machine.waitFor("hypervisor", "d1 (io) restarts", 60, from);
        await ready(machine, "io", from);
        await connect(machine, "app");
        await ping(machine);
        expect(await run(machine, "app", `mount -t ext4 /dev/xvda /disk && md5sum ${file}`)).toContain(fileSum);
        await useAllQueues(machine);

        await beginTransfer(machine);
        from = machine.lines.length;
        await machine.focus("app");
        machine.type("echo c >/proc/sysrq-trigger\n");
        await machine.waitFor(
          "hypervisor",
          /d2 \(app\) gave back 0 mappings of grants, and took back [1-9]\d* of its own/,
          60,
          from,
        );
        await ready(machine, "app", from);
        await connect(machine, "io");
        await ping(machine);
        await useAllQueues(machine);
        await transfer(machine, "app", 10, 1);
      });
    },
  );
});
