import Handlebars from "handlebars";
import { hex } from "../base/units.ts";
import { printable } from "../base/printable.ts";

/** What a boot script does, in U-Boot's words. */
export interface BootScript {
  /** Of the system. */
  readonly name: string;
  /** Brings a file from where the script is, in U-Boot's words: address and path are put behind it. */
  readonly load: LoadCommand;
  /** In this order. Sizes in bytes. */
  readonly loads: readonly { readonly path: string; readonly at: number; readonly size: number }[];
  /** "booti 0x40400000 - 0x40600000" */
  readonly start: string;
}

/** One line of U-Boot's shell without an address and a path; a path may want something before it. */
export interface LoadCommand {
  readonly command: string;
  readonly prefix: string;
}

/** From the device where U-Boot's autoboot found the script: it leaves these variables behind. */
const fromItsDevice: LoadCommand = { command: "load ${devtype} ${devnum}:${distro_bootpart}", prefix: "${prefix}" };

/** ImageBuilder's names for the same. */
const known: Readonly<Record<string, string>> = {
  sd: "load mmc 0:1",
  scsi: "load scsi 0:1",
  usb: "fatload usb 0:1",
  tftp: "tftpb",
};

/** `asked` is a name, or a command as it is; left out: from where the script comes. */
export const loadCommand = (asked: string | undefined): LoadCommand =>
  asked === undefined ? fromItsDevice : { command: known[asked] ?? asked, prefix: "" };

/**
 * The two addresses above which U-Boot moves nothing: all 64 bits, for the device tree and everything else stay where
 * they were put. 0xffffffff would mean "below 4 GiB" to an arm64 U-Boot.
 */
const variables = [
  { name: "fdt_high", value: "0xffffffffffffffff" },
  { name: "initrd_high", value: "0xffffffffffffffff" },
];

/** `boot.cmd` from templates/boot.cmd.hbs. */
export function bootScript({ name, load, loads, start }: BootScript, template: string): string {
  const render = Handlebars.create().compile(template, { noEscape: true, strict: true, knownHelpersOnly: true });
  return render({
    // Stands in a comment, which no character may end.
    name: printable(name),
    variables,
    loads: loads.map(({ path, at, size }) => ({
      command: `${load.command} ${hex(at)} ${load.prefix}${path}`,
      path,
      bytes: size,
      // As U-Boot writes it: hexadecimal, without 0x.
      size: size.toString(16),
    })),
    start,
  });
}
