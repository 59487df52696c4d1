import type { z } from "zod";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { CheckedBoard, CheckedConfig, CheckedDomain } from "../ir/checked.ts";
import type { PvLink } from "../ir/pv.ts";
import type { Schedule, SharedMemory } from "../ir/resolved.ts";
import { beyondExtent, mostValues } from "./extent.ts";
import { explainIssue, unnameable } from "./issues.ts";
import type { domain, pool } from "./schema.ts";
import { system } from "./schema.ts";
import { ranges } from "./ranges.ts";

/** PARSE: shape and units of an evaluated configuration; any value whatever gives an answer. */
export function parseConfig(value: unknown): Outcome<CheckedConfig> {
  const large = beyondExtent(value);
  if (large) return { diagnostics: [diagnose("XI1013", { most: mostValues }, { primary: { path: large } })] };
  const result = system.safeParse(value);
  const issues = result.success ? [] : result.error.issues.flatMap((issue) => explainIssue(issue, value));
  const diagnostics = [...unnameable(value), ...issues];
  if (!result.success || diagnostics.length > 0) return { diagnostics };
  const { board, rollbackIndex, hypervisor, cpupools, domains, sharedMemory, eventChannels, pv } = result.data;
  const checked: CheckedConfig = {
    board: withoutUndefined({ ...board, firmware: board.firmware && withoutUndefined(board.firmware) }) as CheckedBoard,
    rollbackIndex,
    hypervisor: withoutUndefined(hypervisor) as CheckedConfig["hypervisor"],
    cpupools: Object.entries(cpupools).map(([name, { cpus, scheduler, schedule }]) => ({
      name,
      cpus,
      scheduler,
      schedule: schedule && checkedSchedule(schedule),
    })),
    domains: Object.entries(domains).map(([name, each]) => checkedDomain(name, each)),
    sharedMemory: Object.entries(sharedMemory).map(
      ([name, each]) => withoutUndefined({ name, ...each }) as SharedMemory,
    ),
    eventChannels,
    pv: pv.map((link) => withoutUndefined(link) as PvLink),
  };
  return { value: checked, diagnostics: [] };
}

/** What the windows leave of a frame, nobody has; where no frame is written, they leave nothing, up to the longest frame. */
function checkedSchedule({ majorFrame, windows }: NonNullable<z.output<typeof pool>["schedule"]>): Schedule {
  const sum = windows.reduce((before, { duration }) => before + duration, 0);
  return { windows, majorFrame: majorFrame ?? Math.min(sum, ranges.majorFrame[1]) };
}

function checkedDomain(name: string, parsed: z.output<typeof domain>): CheckedDomain {
  const { memory, console, enhanced, onPoweroff, onReboot, onCrash, onWatchdog, ...rest } = parsed;
  return withoutUndefined({
    name,
    ...rest,
    memory: Array.isArray(memory) ? { kind: "static", banks: memory } : { kind: "sized", size: memory },
    vpl011: console === "vpl011",
    onShutdown: withoutUndefined({ poweroff: onPoweroff, reboot: onReboot, crash: onCrash, watchdog: onWatchdog }),
    enhanced: enhanced === true ? "enabled" : enhanced === false ? undefined : enhanced,
  }) as CheckedDomain;
}

/** An optional field that is written as `undefined` is a field that is left out. */
const withoutUndefined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
