import { printable } from "../../base/printable.ts";
import { formatSize, hex } from "../../base/units.ts";
import type { PublicKey } from "../../ir/signer.ts";
import { keyKind } from "../../ir/signer.ts";
import { rollbackLines } from "../rollback.ts";
import type { Fit, FitConfiguration, FitImage } from "./read.ts";

/** What is in a FIT, a line a part. Nothing is proven. */
export function describeFit({ description, images, configurations, key, development }: Fit): string {
  const signer =
    key === undefined ? "" : `, says that ${printable(key)} signed it${development ? " for development" : ""}`;
  return (
    `FIT ${printable(description)}, ${images.length} images${signer}\n` +
    images.map(imageLine).join("") +
    configurations.map(configurationLine).join("")
  );
}

const imageLine = ({ name, type, load, data, hash }: FitImage): string =>
  `  ${hex(load).padEnd(12)} ${String(data.length).padStart(12)} bytes  ${printable(name)} (${printable(type)}, ${hash.algorithm})\n`;

const configurationLine = ({ node, kernel, fdt, loadables, signature }: FitConfiguration): string =>
  `  configuration ${printable(node.name)}: ${[kernel, fdt, ...loadables].map(printable).join(", ")}\n` +
  `    ${signature === undefined ? "not signed" : `signed: ${printable(signature.algorithm)}${signature.padding === "pss" ? " with PSS" : ""}, ${printable(signature.hint)}`}\n`;

/** The lowest: a loader boots whichever configuration it is told. */
export const rollbackIndexOf = (configurations: readonly FitConfiguration[]): number =>
  Math.min(...configurations.map(({ rollbackIndex }) => rollbackIndex));

/** What a verified FIT's parts rest on, a line a step. */
export function describeTrust({ images, configurations, key = "" }: Fit, publicKey: PublicKey): string {
  const total = images.reduce((sum, { data }) => sum + data.length, 0);
  const names = configurations.map(({ node }) => printable(node.name)).join(", ");
  return [
    `signed by ${printable(key)} (${keyKind(publicKey)}): ${names} with hypervisor, device tree and modules, their addresses and hashes`,
    `hashed: ${images.length} images, ${formatSize(total)}`,
    "the device tree inside describes the modules inside, and no others",
    ...rollbackLines(rollbackIndexOf(configurations)),
    "nothing else is in the file",
    ...(configurations.length > 1
      ? ["not covered: which of the configurations is the default, and whether others were taken out"]
      : []),
    "",
  ].join("\n");
}
