import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem, ShutdownReason } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

const fields: Readonly<Record<ShutdownReason, string>> = {
  poweroff: "onPoweroff",
  reboot: "onReboot",
  crash: "onCrash",
  watchdog: "onWatchdog",
};

/** XI4701: what follows a shutdown is a toolstack's business upstream, and a dom0less system has none. */
export const shutdownActionIgnored: Rule<ResolvedSystem> = {
  name: "shutdown-action-ignored",
  *check({ target, domains }) {
    if (target.hypervisor === "core") return;
    for (const domain of domains)
      for (const reason of Object.keys(domain.onShutdown) as ShutdownReason[])
        yield diagnose(
          "XI4701",
          { field: fields[reason], target: formatTarget(target) },
          { primary: { path: domainPath(domain, fields[reason]) } },
        );
  },
};
