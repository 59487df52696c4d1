import type { PlacedLink } from "../ir/pv.ts";
import type { Statement } from "./fact.ts";

/** A link is something that both ends can reach each other by: known by what the frontend calls its device. */
export const linkStatements = (name: string, links: readonly PlacedLink[]): readonly Statement[] =>
  links.flatMap((link) => {
    const { backend, frontend } = link;
    const { device, facts } = describe(link);
    return [
      ...(backend === name ? [{ what: `PV ${device} of ${frontend}`, value: ["offered", ...facts].join(", ") }] : []),
      ...(frontend === name ? [{ what: `PV ${device}`, value: [`from ${backend}`, ...facts].join(", ") }] : []),
    ].map((each) => ({ ...each, right: true }) as const);
  });

function describe(link: PlacedLink): { readonly device: string; readonly facts: readonly string[] } {
  switch (link.kind) {
    case "net": {
      const { handle, mac, bridge } = link;
      return { device: `interface ${handle}`, facts: [mac, ...(bridge === undefined ? [] : [`bridge ${bridge}`])] };
    }
    case "block":
      return { device: `disk ${link.name}`, facts: [link.device, link.mode === "r" ? "read only" : "read and write"] };
    case "console":
      return { device: `console ${link.number}`, facts: [] };
  }
}
