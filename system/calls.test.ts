import { beforeAll, describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import type { MachineRequest } from "./testing/machine.ts";
import { corePv, guest } from "./testing/paths.ts";
import { build, fromFiles } from "./testing/systems.ts";
import { onUpstreamXen, watchable } from "./testing/upstream.ts";

/** What the core answers where it is not what upstream Xen 4.17 answers. */
const otherwise: Readonly<Record<string, string>> = {
  // It offers what AArch64 guests use, has no address of its own to tell, and knows no NUMA nodes.
  "xen_version capabilities": "0 2d6e6578 2d302e33 63726161 20343668 0",
  "xen_version platform_parameters": "0 0 0",
  "xen_version get_features 0": "0 0 14005",
  // A port that nobody has opened is closed, wherever the others are.
  "event_channel_op status of a closed port": "0 7ff0 384 0 0",
  // A shared page may be mapped again: whoever starts a guest inside of the domain does so.
  "memory_op add_to_physmap shared_info again": "0",
  "memory_op add_to_physmap_batch with one that fails, errors": "0 -22 0",
  "memory_op add_to_physmap_batch shared_info, errors": "0 99 99",
  // It looks at the count before the text, and polls without a look at the ports.
  "console_io write of 2^32 - 1": "-22",
  "sched_op poll of 1000 ports": "0",
  "vm_assist 2": "-22",
  // Not there at all: a toolstack's, a dom0's, and what no driver on Arm uses.
  ...Object.fromEntries(
    [
      "xen_version build_id, nowhere",
      "event_channel_op bind_pirq",
      "event_channel_op 14",
      "hvm_op guest_request_vm_event",
      "hvm_op guest_request_vm_event with an argument",
      "sched_op remote_shutdown",
      "sched_op remote_shutdown of nobody",
      "sched_op pin_override",
      "platform_op",
      "sysctl",
      "domctl",
      "hypfs_op",
      "memory_op add_to_physmap gmfn_range",
      "memory_op add_to_physmap dev_mmio",
      "memory_op maximum_ram_page",
      "memory_op exchange",
      "memory_op maximum_gpfn of another",
      "memory_op get_sharing_freed_pages",
      "memory_op claim_pages",
      "memory_op get_vnumainfo",
      "memory_op increase_reservation of nothing",
      "grant_table_op transfer of nothing",
      "grant_table_op transfer",
      "grant_table_op unmap_and_replace of nothing",
      "grant_table_op get_status_frames",
    ].map((what) => [what, "-38"]),
  ),
  "grant_table_op swap_grant_ref": "-38 8 9 0",
};

/** What each call answers, by what it is. */
const answersOn = (request: MachineRequest): Promise<Readonly<Record<string, string>>> =>
  withMachine(request, async (machine) => {
    await machine.waitFor("caller", /ready: caller, \d+ calls/, 180);
    const answers = machine.saidBy("caller").flatMap((line) => {
      const [, what, answer] = /call: (.*?): (.*)$/.exec(line) ?? [];
      return what === undefined || answer === undefined ? [] : [[what, answer.trim()] as const];
    });
    return Object.fromEntries(answers);
  });

describe("a guest that makes every call it may, and many it may not", () => {
  let onXen: Readonly<Record<string, string>>;
  let onCore: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const memory = "32MiB";
    const enhanced = "no-xenstore";
    const built = await build(
      "calls",
      watchable({
        board: { cpus: 3, memory: "1GiB" },
        system: {
          domains: {
            caller: { kernel: guest("calls"), bootargs: "name=caller", cpus: 2, memory, enhanced },
            other: { kernel: guest("hello"), bootargs: "name=other", memory, enhanced },
          },
        },
      }),
    );
    onXen = await answersOn(onUpstreamXen(built));
    onCore = await answersOn(fromFiles(built, corePv));
  });

  it("is answered by the core as by upstream Xen 4.17, but for what is listed", () => {
    expect(Object.keys(onXen).length).toBeGreaterThan(230);
    expect(onCore).toEqual({ ...onXen, ...otherwise });
  });

  it("finds each listed answer to be another one", () => {
    expect(Object.entries(otherwise).filter(([what, answer]) => onXen[what] === answer)).toEqual([]);
  });
});
