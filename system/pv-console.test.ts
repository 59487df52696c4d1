import { join } from "node:path";
import { expect, it } from "vitest";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { Machine, MachineRequest } from "./testing/machine.ts";
import { debian, guest, temporaryFolder } from "./testing/paths.ts";
import { run } from "./testing/shell.ts";
import { storePaths, storeTools } from "./testing/store-tools.ts";
import { build, fromImage } from "./testing/systems.ts";

/** A Debian kernel, and a bare-metal monitor that has two consoles of it. */
async function boot(): Promise<MachineRequest> {
  const ramdisk = writeInitramfs(join(temporaryFolder("pv-console"), "initramfs.cpio.gz"), [], storeTools());
  const console = { kind: "console", backend: "monitor", frontend: "app" } as const;
  return fromImage(
    await build("pv-console", {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        domains: {
          monitor: { kernel: guest("link"), bootargs: "name=monitor count=0", memory: "8MiB", enhanced: true },
          app: {
            kernel: debian("kernel"),
            ramdisk,
            bootargs: "console=ttyAMA0 panic=1",
            memory: "160MiB",
            enhanced: true,
          },
        },
        pv: [console, console],
      },
    }),
  );
}

const end = { front: "/local/domain/2/device/console", back: "/local/domain/1/backend/console/2" } as const;
const keysOf = (directory: string, names: string): readonly string[] =>
  names.split(" ").map((name) => `${directory}/${name}`);
const keys = { front: "backend backend-id port ring-ref state", back: "frontend frontend-id online state" } as const;

/** All of its own home, the backend's ends of its links, and nothing else. */
async function seeTheStore(machine: Machine): Promise<void> {
  const home = "/local/domain/2";
  expect(await storePaths(machine, "app", home)).toEqual(
    [
      ...keysOf(home, "backend control device memory device/console device/console/1 device/console/2"),
      ...keysOf(`${home}/control`, "feature-poweroff feature-reboot feature-suspend"),
      ...["1", "2"].flatMap((number) => keysOf(`${end.front}/${number}`, keys.front)),
    ].sort(),
  );
  for (const number of ["1", "2"])
    expect(await storePaths(machine, "app", `${end.back}/${number}`)).toEqual(
      keysOf(`${end.back}/${number}`, keys.back),
    );
  for (const path of [end.back, "/local/domain/1", "/local/domain"])
    expect(await run(machine, "app", `xenstore-ls ${path} 2>&1 || true`)).toContain(
      `xenstore-ls: xs_directory (${path}): Permission denied`,
    );
}

/** Linux writes a line on its console of that number, which the monitor shows. */
async function tell(machine: Machine, number: 1 | 2, line: string): Promise<void> {
  const from = machine.lines.length;
  await run(machine, "app", `echo ${line} >/dev/hvc${number - 1}`);
  await heard(machine, number, line, from);
}

const heard = (machine: Machine, number: 1 | 2, line: string, from: number): Promise<unknown> =>
  machine.waitFor("monitor", new RegExp(`^console: monitor backend/console/2/${number} \\d+: ${line}$`), 60, from);

/** Linux asks, and reads the monitor's answer; no terminal's echo of it goes back. */
async function ask(machine: Machine, number: 1 | 2): Promise<void> {
  const device = `/dev/hvc${number - 1}`;
  const conversation = `exec 3<>${device}; stty -F ${device} -echo; echo "all well?" >&3; read -r answer <&3`;
  expect(await run(machine, "app", `${conversation}; echo "read: $answer"`)).toContainEqual(
    expect.stringMatching(/^read: all well\?: line \d+$/),
  );
}

/** More than the page holds, many times over: all lines, and in order. */
async function tellMuch(machine: Machine): Promise<void> {
  const from = machine.lines.length;
  await run(machine, "app", "seq 1000 1999 >/dev/hvc1");
  await heard(machine, 2, "1999", from);
  const said = machine.lines.slice(from).filter(({ speaker, complete }) => speaker === "monitor" && complete);
  const numbers = said.flatMap(
    ({ text }) => /^console: monitor backend\/console\/2\/2 \d+: (\d+)$/.exec(text)?.[1] ?? [],
  );
  expect(numbers).toEqual(Array.from({ length: 1000 }, (_, index) => String(1000 + index)));
}

const bothConnected = `[ $(xenstore-ls device/console | grep -c 'state = "4"') -eq 2 ]`;

it(
  "a Debian Linux has two consoles, which a monitor shows and answers, over the restart of either",
  { timeout: 600_000 },
  async () => {
    await withMachine(await boot(), async (machine) => {
      await machine.waitFor("app", "ready: shell on 1 CPUs", 240);
      // Of the kernel, which takes the first for its words as soon as it is there.
      await machine.waitFor("monitor", /backend\/console\/2\/1 \d+: .*Run \/init as init process/, 60);
      await tell(machine, 1, "to-the-first");
      await tell(machine, 2, "to-the-second");
      await ask(machine, 2);
      await tellMuch(machine);
      await seeTheStore(machine);

      // One that reads is told of its end.
      await run(machine, "app", "(cat </dev/hvc0 >/dev/null; touch /tmp/over) & true");
      let from = machine.lines.length;
      await tell(machine, 2, "anew");
      await machine.waitFor("hypervisor", "d1 (monitor) restarts", 60, from);
      // Links come anew one by one: it may not see both yet.
      await machine.waitFor("monitor", /^ready: monitor, 0 frontends, \d backends/, 60, from);
      await run(machine, "app", `until [ -e /tmp/over ] && ${bothConnected}; do sleep 1; done`);
      await tell(machine, 1, "to-the-first-again");
      await ask(machine, 2);
      expect(await run(machine, "app", "dmesg | grep -c 'WARNING\\|BUG\\|Oops' || true")).toContain("0");

      from = machine.lines.length;
      machine.type("echo c >/proc/sysrq-trigger\n");
      await machine.waitFor("monitor", /backend\/console\/2\/1 \d+: .*Kernel panic - not syncing/, 60, from);
      await machine.waitFor(
        "hypervisor",
        "d2 (app) gave back 0 mappings of grants, and took back 2 of its own",
        60,
        from,
      );
      await machine.waitFor("app", "ready: shell on 1 CPUs", 240, from);
      await tell(machine, 1, "of-a-second-life");
      await ask(machine, 2);
    });
  },
);
