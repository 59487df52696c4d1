import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** The number that a compiled policy begins with, least significant byte first; as `checkpolicy` writes it, as Xen wants it. */
const magic = [0x8c, 0xff, 0x7c, 0xf9];

/** XI4126: no compiled policy; observed of 4.17: "Invalid magic for XSM blob", and it reboots, again and again. */
export const policyUnrecognised: Rule<ResolvedSystem> = {
  name: "policy-unrecognised",
  *check({ target, hypervisor: { xsmPolicy } }) {
    if (target.hypervisor !== "xen" || xsmPolicy === undefined) return;
    if (magic.every((byte, index) => xsmPolicy.bytes[index] === byte)) return;
    yield diagnose("XI4126", { file: xsmPolicy.path }, { primary: { path: ["hypervisor", "xsmPolicy"] } });
  },
};
