import { nearest } from "../base/suggest.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { ConfigPath, Diagnostic } from "../diagnostics/diagnostic.ts";
import type { CheckedConfig } from "../ir/checked.ts";

/** Domains that channels, shared memory and PV links name and that do not exist. */
export function strangers(config: CheckedConfig): readonly Diagnostic[] {
  const known = config.domains.map(({ name }) => name);
  return namedDomains(config)
    .filter(({ domain }) => !known.includes(domain))
    .map(({ domain, path }) =>
      diagnose("XI3003", { domain, known, nearest: nearest(domain, known) }, { primary: { path } }),
    );
}

function namedDomains({ eventChannels, sharedMemory, pv }: CheckedConfig): { domain: string; path: ConfigPath }[] {
  return [
    ...sharedMemory.flatMap(({ name, owner, borrowers, guestAt }) => [
      ...(owner === undefined ? [] : [{ domain: owner, path: ["sharedMemory", name, "owner"] }]),
      ...borrowers.map((domain, index) => ({ domain, path: ["sharedMemory", name, "borrowers", index] })),
      ...(typeof guestAt === "object" ? [...guestAt.keys()] : []).map((domain) => ({
        domain,
        path: ["sharedMemory", name, "guestAt", domain],
      })),
    ]),
    ...eventChannels.flatMap((ends, index) =>
      ends.map(({ domain, port }, end) => ({
        domain,
        // Without a port, the end is the name itself.
        path: ["eventChannels", index, end === 0 ? "from" : "to", ...(port === undefined ? [] : [0])],
      })),
    ),
    ...pv.flatMap((link, index) =>
      (["backend", "frontend"] as const).map((end) => ({ domain: link[end], path: ["pv", index, end] })),
    ),
  ];
}
