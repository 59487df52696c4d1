import Handlebars from "handlebars";
import { printable } from "../base/printable.ts";
import { deviceNumbers } from "../codecs/xenstore.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { PlacedLink } from "../ir/pv.ts";
import { shellWord } from "./run-script.ts";
import { textArtifact } from "./text.ts";

/** `dom0/pv.sh` from templates/pv.sh.hbs, where upstream's toolstack is to set up what the core does by itself. */
export function pvScript({ resolved, domains, pv }: PlacedSystem, template: string): readonly Artifact[] {
  if (resolved.target.hypervisor === "core" || pv.length === 0) return [];
  const render = Handlebars.create().compile(template, { noEscape: true, strict: true, knownHelpersOnly: true });
  const view = {
    // Stand in comments, which no character may end.
    name: printable(resolved.name),
    domains: domains.map(({ domid, resolved: { name } }) => `${domid}: ${printable(name)}`),
    links: pv.map((link) => command(link).map(shellWord).join(" ")),
  };
  return [textArtifact("dom0/pv.sh", render(view), true)];
}

/** xl(1) with what it takes: xl-network-configuration(5), xl-disk-configuration(5). */
function command(link: PlacedLink): readonly string[] {
  const { frontendId, backendId } = link;
  if (link.kind === "net") {
    const bridge = link.bridge === undefined ? [] : [`bridge=${link.bridge}`];
    return ["xl", "network-attach", String(frontendId), [`mac=${link.mac}`, ...bridge, `backend=${backendId}`].join()];
  }
  const access = link.mode === "r" ? "ro" : "rw";
  // The target comes last: it may hold commas.
  const disk = [
    "format=raw",
    `vdev=${link.name}`,
    `access=${access}`,
    `backend=${backendId}`,
    `target=${pathOf(link)}`,
  ];
  return ["xl", "block-attach", String(frontendId), disk.join()];
}

/** udev has a path for each block device by its numbers. */
function pathOf({ device }: { readonly device: string }): string {
  const numbers = deviceNumbers(device);
  return numbers === undefined ? device : `/dev/block/${numbers.major}:${numbers.minor}`;
}
