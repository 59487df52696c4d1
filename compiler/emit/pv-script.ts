import Handlebars from "handlebars";
import { printable } from "../base/printable.ts";
import { deviceNumbers, physicalDevice } from "../codecs/xenstore.ts";
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
    ends: domains
      .filter(({ domid }) => pv.some(({ backendId, frontendId }) => domid === backendId || domid === frontendId))
      .map(({ domid, resolved: { name } }) => words([String(domid), name])),
    links: pv.flatMap((link) => (link.kind === "console" ? [] : [words(call(link))])),
  };
  return [textArtifact("dom0/pv.sh", render(view), true)];
}

const words = (each: readonly string[]): string => each.map(shellWord).join(" ");

/**
 * One of the script's functions with what xl(1) takes (xl-network-configuration(5), xl-disk-configuration(5)) and what the
 * backend's hotplug script would write, had it one. xl attaches no consoles (XI4959).
 */
function call(link: Exclude<PlacedLink, { readonly kind: "console" }>): readonly string[] {
  const ends = [String(link.frontendId), String(link.backendId)];
  // xl's own script takes an interface to xenbr0 where no bridge is named: another one leaves it alone.
  if (link.kind === "net")
    return ["net", ...ends, link.mac, link.bridge === undefined ? "script=/bin/true" : `bridge=${link.bridge}`];
  const numbers = deviceNumbers(link.device);
  const disk = [
    "format=raw",
    `vdev=${link.name}`,
    `access=${link.mode === "r" ? "ro" : "rw"}`,
    `backend=${link.backendId}`,
    // The target comes last: it may hold commas. udev has a path for each block device by its numbers.
    `target=${numbers === undefined ? link.device : `/dev/block/${numbers.major}:${numbers.minor}`}`,
  ];
  const physical = numbers === undefined ? "" : physicalDevice(numbers);
  return ["block", ...ends, String(link.virtualDevice), physical, disk.join()];
}
