import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { Machine, MachineRequest } from "./testing/machine.ts";
import { debian, drivers, guest, pvDrivers, temporaryFolder } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";

const MiB = 1024 * 1024;
/** Of the machine's virtio-mmio devices: that of the liar's disk, and that of the other frontend's. */
const slots = { liar: 30, app: 31 } as const;
const content = Buffer.from(Array.from({ length: MiB / 8 }, (_, index) => `${10_000_000 + index}`).join(""));
const sum = createHash("md5").update(content).digest("hex");

/** How many there are (fixtures/guests/pretender), each told by a letter. */
const lies = 28;
/** Of what Linux's backends said when they saw through some of them. */
const seenThrough = [
  /vif3\.0: Impossible number of requests/,
  /vif3\.0: Cross page boundary/,
  /vif3\.0: Malicious frontend/,
  /vif3\.0: fatal error; disabling device/,
  /blkback: Frontend provided bogus ring requests/,
];

async function boot(): Promise<MachineRequest> {
  const folder = temporaryFolder("pv-lies");
  const ramdisk = writeInitramfs(join(folder, "initramfs.cpio.gz"), [...drivers, ...pvDrivers]);
  const linux = { kernel: debian("kernel"), ramdisk, bootargs: "console=ttyAMA0 quiet panic=1", enhanced: true };
  const built = await build("pv-lies", {
    board: { cpus: 2, memory: "1GiB" },
    system: {
      domains: {
        io: {
          ...linux,
          memory: [{ at: 0x5000_0000, size: 160 * MiB }],
          directMap: true,
          passthrough: Object.values(slots).map((slot) => `virtio_mmio@${(0xa00_0000 + slot * 0x200).toString(16)}`),
        },
        app: { ...linux, memory: "160MiB" },
        liar: { kernel: guest("pretender"), bootargs: "name=liar", memory: "8MiB", enhanced: true },
      },
      pv: [
        { kind: "net", backend: "io", frontend: "app" },
        { kind: "block", backend: "io", frontend: "app", device: "254:16" },
        { kind: "net", backend: "io", frontend: "liar" },
        { kind: "block", backend: "io", frontend: "liar", device: "254:0" },
      ],
    },
  });
  const disk = (name: keyof typeof slots, bytes: Buffer): readonly string[] => {
    const file = join(folder, `${name}.raw`);
    writeFileSync(file, bytes);
    return [
      ...["-drive", `if=none,id=${name},format=raw,file=${file}`],
      ...["-device", `virtio-blk-device,drive=${name},bus=virtio-mmio-bus.${slots[name]},iommu_platform=on`],
    ];
  };
  return fromImage(built, undefined, [
    ...["-global", "virtio-mmio.force-legacy=false"],
    ...disk("liar", Buffer.alloc(2 * MiB)),
    ...disk("app", content),
  ]);
}

/** Types a line that must come to its end; what it printed. */
async function run(machine: Machine, name: "io" | "app", command: string): Promise<readonly string[]> {
  await machine.focus(name);
  const from = machine.lines.length;
  const mark = `end-of-it-${from}`;
  machine.type(`(${command}); echo end''-of-it-${from} $?\n`);
  await machine.waitForLine(({ speaker, text }) => speaker === name && text.startsWith(`${mark} `), 180);
  return machine.lines.slice(from).flatMap((line) => (line.speaker === name && line.complete ? [line.text] : []));
}

/** The honest frontend says again and again what it has of its backend: answers to pings, and what its disk holds. */
async function beats(machine: Machine, count: number): Promise<void> {
  let from = machine.lines.length;
  for (let each = 0; each < count; each++) {
    const { text } = await machine.waitFor("app", /^beat \d/, 120, from);
    expect(text).toBe(`beat 0 ${sum}  -`);
    from = machine.lines.length;
  }
}

describe("a frontend that lies to Linux's backends, beside an honest one", () => {
  it("is believed in nothing that would harm either", { timeout: 900_000 }, async () => {
    await withMachine(await boot(), async (machine) => {
      for (const name of ["io", "app"] as const) await machine.waitFor(name, "ready: shell on 1 CPUs", 240);
      await run(machine, "io", "until ifconfig vif2.0 10.9.0.1 up; do sleep 1; done");
      // There is always something to send to the liar.
      const send = "ifconfig vif3.0 10.9.1.1 up; ping -c 1 -W 1 10.9.1.2";
      await run(machine, "io", `while :; do ${send}; sleep 0.2; done >/dev/null 2>&1 & true`);
      await run(machine, "app", "until ifconfig eth0 10.9.0.2 up; do sleep 1; done");
      const read = "echo 3 >/proc/sys/vm/drop_caches; md5sum </dev/xvda";
      const beat = `ping -c 1 -w 60 10.9.0.1 >/dev/null; echo "beat $? $(${read})"; sleep 0.2`;
      await run(machine, "app", `while :; do ${beat}; done & true`);
      await beats(machine, 1);
      await machine.focus("liar");
      let from = 0;
      for (let lie = 0; lie < lies; lie++) {
        await machine.waitFor("liar", `ready: liar, ${lies} lies`, 120, from);
        from = machine.lines.length;
        machine.type(String.fromCharCode("A".charCodeAt(0) + lie));
        const { text } = await machine.waitFor("liar", "pretender: ", 240, from);
        expect(text).toMatch(/: told, then the backend is [1-6]$/);
        // The first of them may have begun before.
        await beats(machine, 2);
        from = machine.lines.length;
        machine.type("-");
      }
      const log = await run(machine, "io", "dmesg");
      for (const words of seenThrough) expect(log).toContainEqual(expect.stringMatching(words));
      expect(log.filter((line) => /Oops|BUG|Internal error|Unable to handle|hung task|stall/.test(line))).toEqual([]);
      expect(machine.raw).not.toMatch(/FAIL|crashed|PANIC|unexpected|d[12] \(\w+\) restarts/);
    });
  });
});
