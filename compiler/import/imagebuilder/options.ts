import { MiB } from "../../base/units.ts";
import type { DomainInput } from "../../config/input.ts";
import { capabilities } from "../../ir/domain-options.ts";
import type { Configuration } from "./configuration.ts";
import { wholeNumber } from "./configuration.ts";

type Options = Pick<
  DomainInput,
  "p2mMemory" | "grants" | "trapUnmappedAccesses" | "capabilities" | "passthroughPolicy" | "llcColors"
>;

/** What later patches of ImageBuilder know of a domain. */
export function domainOptions(config: Configuration, index: number): Options {
  const p2m = config.number("DOMU_P2M_MEM_MB", [index], [1, 2 ** 20]);
  const trap = config.flag("DOMU_TRAP_UNMAP", index);
  const colors = readColors(config, "DOMU_COLORS", index);
  return {
    ...(p2m !== undefined && { p2mMemory: MiB(p2m) }),
    ...grants(config, index),
    ...(trap !== undefined && { trapUnmappedAccesses: trap }),
    ...domainCapabilities(config, index),
    ...passthroughPolicy(config, index),
    ...(colors !== undefined && { llcColors: colors }),
  };
}

function grants(config: Configuration, index: number): Pick<Options, "grants"> {
  const version = config.number("DOMU_GRANT_VER", [index], [1, 2]);
  const frames = config.number("DOMU_GRANT_FRAMES", [index], [1, 4096]);
  const maptrackFrames = config.number("DOMU_MAPTRACK_FRAMES", [index], [0, 2 ** 32 - 1]);
  const limits = {
    ...(version !== undefined && { version: version === 1 ? (1 as const) : (2 as const) }),
    ...(frames !== undefined && { frames }),
    ...(maptrackFrames !== undefined && { maptrackFrames }),
  };
  return Object.keys(limits).length === 0 ? {} : { grants: limits };
}

/** Names, "dom0" for all of them, "none", or a mask with a bit each. */
function domainCapabilities(config: Configuration, index: number): Pick<Options, "capabilities"> {
  const setting = config.get("DOMU_CAPS", index);
  if (setting === undefined) return {};
  const words = setting.value.trim().split(/[\s|,]+/);
  const masks = words.map((word) => maskOf(word)).filter((mask) => mask !== undefined);
  if (masks.length !== words.length) config.refuse(setting, `${capabilities.join(", ")}, dom0, none or a mask below 8`);
  const held = capabilities.filter((_, bit) => masks.some((mask) => (mask & (1 << bit)) !== 0));
  return held.length === 0 ? {} : { capabilities: held };
}

const everything = 2 ** capabilities.length - 1;

function maskOf(word: string): number | undefined {
  if (word === "none") return 0;
  if (word === "dom0") return everything;
  const bit = capabilities.findIndex((name) => name === word);
  if (bit >= 0) return 1 << bit;
  const mask = wholeNumber(word);
  return mask !== undefined && mask <= everything ? mask : undefined;
}

function passthroughPolicy(config: Configuration, index: number): Pick<Options, "passthroughPolicy"> {
  const setting = config.get("DOMU_PASSTHROUGH_PROP", index);
  if (setting?.value === "enabled" || setting?.value === "disabled") return { passthroughPolicy: setting.value };
  if (setting) config.refuse(setting, '"enabled" or "disabled"');
  return {};
}

/** "0-3": colours of the last-level cache, from one to another, or a list of such. */
export function readColors(config: Configuration, name: string, ...index: readonly number[]): string | undefined {
  const setting = config.get(name, ...index);
  if (setting === undefined) return undefined;
  const colors = setting.value.trim();
  if (/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(colors)) return colors;
  config.refuse(setting, 'a range of colours such as "0-3"');
  return undefined;
}
