import { imageHeader } from "../../codecs/arm64-image.ts";
import { hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Rule } from "../rule.ts";
import type { LoadedSystem } from "./loaded.ts";
import { usesBooti } from "./loaded.ts";

/** Bit 3 of an Image's flags: it may lie anywhere in RAM (Linux, Documentation/arch/arm64/booting.rst). */
const anywhere = 8;

/** XI4530: `booti` moves an Image that does not say that it may stay, over whatever was loaded there. */
export const hypervisorMoved: Rule<LoadedSystem> = {
  name: "hypervisor-moved",
  *check(system) {
    if (!usesBooti(system)) return;
    const { hypervisor } = system.placed.resolved;
    const header = imageHeader.decode(hypervisor.image.file.bytes, 0);
    if (header === undefined) return;
    const reason = reasonToMove(header);
    if (reason === undefined) return;
    yield diagnose("XI4530", { path: hypervisor.image.file.path, at: hex(system.placed.hypervisor.start), reason });
  },
};

function reasonToMove(header: { readonly image_size: number; readonly text_offset: number; readonly flags: number }) {
  if (header.image_size === 0) return "its header has no image_size, and 16 MiB at an offset of 512 KiB are assumed";
  if (header.text_offset !== 0) return `its text_offset is ${hex(header.text_offset)}`;
  return (header.flags & anywhere) === 0 ? "bit 3 of its flags is clear: it wants the bottom of RAM" : undefined;
}
