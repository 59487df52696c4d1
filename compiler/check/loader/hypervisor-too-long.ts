import { MiB, formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Rule } from "../rule.ts";
import type { LoadedSystem } from "./loaded.ts";

/** CONFIG_SYS_BOOTM_LEN of an arm64 U-Boot of 2023.01, as it was seen to refuse; 2026.07 takes twice that. */
const bootmLength = MiB(64);

/** XI4531: `bootm` takes a kernel, which the hypervisor is to it, up to a length; guests have no such bound. */
export const hypervisorTooLong: Rule<LoadedSystem> = {
  name: "hypervisor-too-long",
  *check({ placed, formats }) {
    const { path, bytes } = placed.resolved.hypervisor.image.file;
    if (!formats.includes("fit") || bytes.length <= bootmLength) return;
    yield diagnose("XI4531", { path, size: formatSize(bytes.length), most: formatSize(bootmLength) });
  },
};
