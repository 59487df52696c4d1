import { decode } from "../../blob/decode.ts";
import { Output } from "../../print/output.ts";
import { die, type CommandSpec } from "../command.ts";
import type { Host } from "../host.ts";
import { readBytes } from "./blob-file.ts";
import { dumpTokens } from "./dump-tokens.ts";

const advice = `
**** fdtdump is a low-level debugging tool, not meant for general use.
**** If you want to decompile a dtb, you probably want
****     dtc -I dtb -O dts <filename>

`;

export const fdtdump: CommandSpec = {
  name: "fdtdump",
  synopsis: "fdtdump [options] <file>",
  greeting: advice,
  options: [
    { short: "d", long: "debug", help: "Dump debug information while decoding the file" },
    { short: "s", long: "scan", help: "Scan for an embedded fdt in file" },
    { short: "h", long: "help", help: "Print this help and exit" },
    { short: "V", long: "version", help: "Print version and exit" },
  ],
  run(host, { options, operands }, fail) {
    const [file] = operands;
    if (file === undefined || operands.length > 1) return fail("missing input filename");
    const bytes = readBytes(host, file, `FATAL ERROR: could not read: ${file}\n`);
    const given = (option: string): boolean => options.some(({ short }) => short === option);
    if (given("s")) dumpFound(host, file, bytes, given("d"));
    else dump(host, file, bytes, given("d"));
    return 0;
  },
};

/** The first place where a blob stands whose header is sound. */
function dumpFound(host: Host, file: string, bytes: Uint8Array, debug: boolean): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = buffer.indexOf("d00dfeed", 0, "hex"); at >= 0; at = buffer.indexOf("d00dfeed", at + 1, "hex")) {
    if (!decode(bytes.subarray(at)).ok) {
      if (debug) host.print(`${file}: skipping fdt magic at offset ${hex(at)}\n`);
      continue;
    }
    host.print(`${file}: found fdt at offset ${hex(at)}\n`);
    dump(host, file, bytes.subarray(at), debug);
    return;
  }
  die(`${file}: could not locate fdt magic`);
}

function dump(host: Host, file: string, bytes: Uint8Array, debug: boolean): void {
  const decoded = decode(bytes);
  if (!decoded.ok) {
    const { code, offset, message } = decoded.diagnostics[0];
    const header = ["bad-magic", "truncated", "unsupported-version", "bad-header", "out-of-bounds"].includes(code);
    die(header && offset < 40 ? `${file}: header is not valid` : `${message} (at offset ${offset})`);
  }
  const out = new Output();
  for (const line of ["/dts-v1/;", ...headerLines(bytes), ""]) out.line(line);
  for (const { address, size } of decoded.value.reservations) {
    out.line(`/memreserve/ ${hex(address)} ${hex(size)};`);
  }
  dumpTokens(out, bytes, debug);
  host.print(out.finish());
}

/** As C's %#x. */
const hex = (value: number | bigint): string => (Number(value) === 0 ? "0" : `0x${value.toString(16)}`);

/** Fields of the header by the version that brought them. */
function headerLines(bytes: Uint8Array): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const field = (index: number): number => view.getUint32(index * 4);
  const version = field(5);
  return [
    `// magic:\t\t${hex(field(0))}`,
    `// totalsize:\t\t${hex(field(1))} (${field(1)})`,
    `// off_dt_struct:\t${hex(field(2))}`,
    `// off_dt_strings:\t${hex(field(3))}`,
    `// off_mem_rsvmap:\t${hex(field(4))}`,
    `// version:\t\t${version}`,
    `// last_comp_version:\t${field(6)}`,
    ...(version >= 2 ? [`// boot_cpuid_phys:\t0x${field(7).toString(16)}`] : []),
    ...(version >= 3 ? [`// size_dt_strings:\t${hex(field(8))}`] : []),
    ...(version >= 17 ? [`// size_dt_struct:\t${hex(field(9))}`] : []),
  ];
}
