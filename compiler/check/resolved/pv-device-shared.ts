import { deviceNumbers } from "../../codecs/xenstore.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4924: one disk behind two links, at least one of which writes: two file systems on it destroy each other. */
export const pvDeviceShared: Rule<ResolvedSystem> = {
  name: "pv-device-shared",
  *check({ pv }) {
    const users = new Map<string, { readonly index: number; readonly writes: boolean }>();
    for (const [index, link] of pv.entries()) {
      if (link.kind !== "block") continue;
      const key = JSON.stringify([link.backend, deviceNumbers(link.device) ?? link.device]);
      const before = users.get(key);
      const writes = link.mode === "w";
      if (before === undefined) users.set(key, { index, writes });
      else if (writes || before.writes)
        yield diagnose(
          "XI4924",
          { device: link.device, backend: link.backend },
          {
            primary: { path: ["pv", index, "device"] },
            labels: [{ path: ["pv", before.index, "device"], text: "the first" }],
          },
        );
    }
  },
};
