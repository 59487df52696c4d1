import { hasErrors } from "../../diagnostics/collection.ts";
import type { Outcome } from "../../diagnostics/diagnostic.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import type { Exported, ExportRequest } from "../request.ts";
import { writeDomain } from "./domain.ts";
import { writeHypervisor, writePools } from "./hypervisor.ts";
import { tellUnsharable } from "./links.ts";
import { printVariables } from "./print.ts";
import { Sheet } from "./sheet.ts";

const heading = `# ImageBuilder's configuration, by xenimg export. With files on a TFTP server, for one:
# uboot-script-gen -c <this file> -d <its folder> -t tftp
`;

/** A system as an ImageBuilder configuration; no text where that would be another system. */
export function exportImageBuilder(request: ExportRequest): Outcome<Exported> {
  const { placed } = request;
  const sheet = new Sheet();
  writeHypervisor(sheet, request);
  writePools(sheet, placed.resolved);
  sheet.paragraph();
  sheet.set("NUM_DOMUS", placed.domains.length);
  for (const [index, domain] of placed.domains.entries()) writeDomain(sheet, domain, index, request);
  sheet.paragraph();
  sheet.set("UBOOT_SOURCE", "boot.source");
  sheet.set("UBOOT_SCRIPT", "boot.scr");
  tellUnsharable(sheet, placed);
  tellNumbers(sheet, placed);
  const { diagnostics, files, paragraphs } = sheet;
  if (hasErrors(diagnostics)) return { diagnostics };
  return { value: { text: `${heading}\n${printVariables(paragraphs)}`, files }, diagnostics };
}

/** Its script adds domains to the tree in an order of its own, and Xen numbers them as they stand there. */
function tellNumbers(sheet: Sheet, { domains }: PlacedSystem): void {
  const calling = domains.find(({ resolved }) => resolved.enhanced !== undefined)?.resolved.name;
  if (domains.length > 1 && calling !== undefined)
    sheet.tell("XI2254", { domain: calling }, ["domains", calling, "enhanced"]);
}
