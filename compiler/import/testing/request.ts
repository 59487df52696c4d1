import type { DeviceTree, Node } from "dtc-js";
import { cells, cells64, deviceTree, encode, node, property, strings } from "dtc-js";
import type { FileAnswer } from "../../ir/host.ts";
import { importSystem } from "../import.ts";
import type { ImportedFile } from "../request.ts";

/** A board that no profile is: four CPUs, 1 GiB of RAM at 1 GiB, a UART with INTID 33. */
export const boardOf = (chosen: Node): DeviceTree =>
  deviceTree({
    properties: [
      property("compatible", strings("example,board")),
      property("#address-cells", cells(2)),
      property("#size-cells", cells(2)),
    ],
    children: [
      node("memory@40000000", { properties: [property("reg", cells64(2 ** 30, 2 ** 30))] }),
      node("cpus", {
        children: [0, 1, 2, 3].map((cpu) =>
          node(`cpu@${cpu}`, { properties: [property("device_type", strings("cpu")), property("reg", cells(cpu))] }),
        ),
      }),
      node("uart@a0000000", {
        properties: [property("reg", cells64(0xa000_0000, 4096)), property("interrupts", cells(0, 1, 4))],
      }),
      chosen,
    ],
  });

const files: Readonly<Record<string, Uint8Array>> = {
  "board.dtb": encode(boardOf(node("chosen"))),
  "text.dtb": new Uint8Array(64),
};

export interface Imported {
  readonly text: string | undefined;
  /** `2:6 XI2208 message`; without the place where a finding has none. */
  readonly findings: readonly string[];
}

/** Imports a file whose folder has "board.dtb", and "text.dtb", which is no blob. */
export const imported = (file: string, content: string | Uint8Array): Promise<Imported> =>
  importedTogether({ [file]: content });

/** Imports several as one system, for the board of the device tree that is given. */
export async function importedTogether(
  contents: Readonly<Record<string, string | Uint8Array>>,
  deviceTree?: string,
): Promise<Imported> {
  const [first, ...rest] = Object.entries(contents).map(([file, content]) => importedFile(file, content));
  if (first === undefined) throw new Error("nothing to import");
  const tree = deviceTree === undefined ? undefined : files[deviceTree];
  const { value, diagnostics } = await importSystem({
    files: [first, ...rest],
    ...(tree &&
      deviceTree !== undefined && { deviceTree: { name: deviceTree, bytes: tree, path: `../${deviceTree}` } }),
    recognise: () => undefined,
  });
  const findings = diagnostics.map(({ code, message, primary }) => {
    const start = primary?.span?.start;
    return `${start ? `${start.line}:${start.column} ` : ""}${code} ${message}`;
  });
  return { text: value, findings };
}

const importedFile = (file: string, content: string | Uint8Array): ImportedFile => ({
  file,
  name: file,
  bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
  readFile: (path): Promise<FileAnswer> => {
    const bytes = Object.hasOwn(files, path) ? files[path] : undefined;
    return Promise.resolve(bytes ? { kind: "ok", bytes } : { kind: "missing" });
  },
  pathFor: (path) => `../${path}`,
});
