import type { DomainInput } from "../../config/input.ts";
import { sciTypes } from "../../ir/domain-options.ts";
import type { Configuration } from "./configuration.ts";
import { Specification } from "./specification.ts";

/** Options of Arm's domains that stand for one field each. */
export function domainOptions(config: Configuration): Partial<DomainInput> {
  const nrSpis = config.number("nr_spis", [0, 988]);
  const trap = config.flag("trap_unmapped_accesses");
  tellUart(config);
  tellTee(config);
  return {
    ...(nrSpis !== undefined && { nrSpis }),
    ...grants(config),
    ...(trap !== undefined && { trapUnmappedAccesses: trap }),
    ...passthroughPolicy(config),
    ...sve(config),
    ...llcColors(config),
    ...sci(config),
  };
}

/** A domain has the UART unless it says otherwise. Its own console, hvc0, is a toolstack's to show. */
function tellUart(config: Configuration): void {
  config.word("vuart", ["sbsa_uart"]);
}

function tellTee(config: Configuration): void {
  const tee = config.word("tee", ["none", "optee", "ffa"]);
  if (tee !== undefined && tee !== "none")
    config.passOverOption("tee", "nothing here mediates between guests and a trusted execution environment");
}

/** A domain has no limits in its file that it is not told of: its grants are an interface of Xen's. */
function grants(config: Configuration): Pick<DomainInput, "grants" | "enhanced"> {
  const version = config.number("max_grant_version", [1, 2]);
  const frames = config.number("max_grant_frames", [1, 4096]);
  const maptrackFrames = config.number("max_maptrack_frames", [0, 2 ** 31 - 1]);
  const limits = {
    ...(version !== undefined && { version: version === 1 ? (1 as const) : (2 as const) }),
    ...(frames !== undefined && { frames }),
    ...(maptrackFrames !== undefined && { maptrackFrames }),
  };
  return Object.keys(limits).length === 0 ? {} : { enhanced: "no-xenstore", grants: limits };
}

/** "default" is what is left out in the language. */
function passthroughPolicy(config: Configuration): Pick<DomainInput, "passthroughPolicy"> {
  const policy = config.word("passthrough", ["default", "disabled", "enabled", "share_pt", "sync_pt"]);
  if (policy === undefined || policy === "default") return {};
  if (policy === "sync_pt") config.passOverOption("passthrough", 'Arm shares the page tables: "sync_pt" is "enabled"');
  return { passthroughPolicy: policy === "disabled" ? "disabled" : "enabled" };
}

const sveLengths = ["disabled", "hw", ...Array.from({ length: 16 }, (_, index) => String(128 * (index + 1)))] as const;

function sve(config: Configuration): Pick<DomainInput, "sve"> {
  const value = config.value("sve");
  if (value === undefined) return {};
  const length = value.kind === "list" ? undefined : sveLengths.find((each) => each === value.text);
  if (length === undefined) config.refuse("sve", value, '"disabled", "hw" or a multiple of 128 to 2048');
  if (length === undefined || length === "disabled") return {};
  return { sve: length === "hw" ? true : Number(length) };
}

/** ["0-3", "8"]: ranges of colours. */
function llcColors(config: Configuration): Pick<DomainInput, "llcColors"> {
  const ranges = config.list("llc_colors").map(({ name, value }) => {
    const text = value.kind === "list" ? "" : value.text.trim();
    if (/^\d{1,5}(-\d{1,5})?$/.test(text)) return text;
    config.refuse(name, value, 'a colour or a range of colours such as "0-3"');
    return "";
  });
  return ranges.length === 0 ? {} : { llcColors: ranges.join(",") };
}

/** "type=scmi_smc". */
function sci(config: Configuration): Pick<DomainInput, "sci"> {
  const value = config.value("arm_sci");
  const text = config.text("arm_sci");
  if (value?.kind !== "text" || text === undefined) return {};
  const spec = new Specification(config, { name: "arm_sci", value });
  const type = spec.take("type");
  const found = sciTypes.find((each) => each === type);
  spec.tellTheRest(() => "it is no key of arm_sci");
  if (found === undefined) config.refuse("arm_sci", value, `"type=" and one of ${sciTypes.join(", ")}`);
  return found === undefined || found === "none" ? {} : { sci: found };
}
