import type { DeviceTree, Node } from "dtc-js";
import { cells, cells64, deviceTree, encode, node, property, strings } from "dtc-js";
import type { FileAnswer } from "../../ir/host.ts";
import { importSystem } from "../import.ts";

/** A board that no profile is: four CPUs, 1 GiB of RAM at 1 GiB. */
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
export async function imported(file: string, content: string | Uint8Array): Promise<Imported> {
  const { value, diagnostics } = await importSystem({
    file,
    name: file,
    bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
    readFile: (path): Promise<FileAnswer> => {
      const bytes = Object.hasOwn(files, path) ? files[path] : undefined;
      return Promise.resolve(bytes ? { kind: "ok", bytes } : { kind: "missing" });
    },
    pathFor: (path) => `../${path}`,
    recognise: () => undefined,
  });
  const findings = diagnostics.map(({ code, message, primary }) => {
    const start = primary?.span?.start;
    return `${start ? `${start.line}:${start.column} ` : ""}${code} ${message}`;
  });
  return { text: value, findings };
}
