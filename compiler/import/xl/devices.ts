import type { DomainInput } from "../../config/input.ts";
import type { BoardDevice } from "./board-devices.ts";
import type { Configuration, TextItem } from "./configuration.ts";
import { shown, wholeNumber } from "./value.ts";

const page = 4096;

/**
 * `dtdev`, `iomem`, `irqs` and `device_tree` are sides of one thing: a device of the machine. In the language it is the
 * path of its node, of which registers and interrupts follow; or a partial device tree that says all of it.
 */
export function readDevices(
  config: Configuration,
  board: readonly BoardDevice[],
  pathFor: (path: string) => string,
): Pick<DomainInput, "passthrough"> {
  const partial = config.text("device_tree");
  const named = config.texts("dtdev").flatMap(({ name, value }) => {
    if (value.text.startsWith("/")) return [value.text];
    config.refuse(name, value, "the absolute path of a node");
    return [];
  });
  if (partial !== undefined && named.length === 0) {
    tellOfPartial(config, partial);
    return { passthrough: pathFor(partial) };
  }
  if (partial !== undefined)
    config.passOverOption("device_tree", "`xenimg build` makes the partial device tree of what dtdev names");
  const owned = new Set([...named, ...config.texts("iomem").flatMap((item) => atPages(config, item, board))]);
  tellInterrupts(config, board, owned);
  return owned.size === 0 ? {} : { passthrough: [...owned] };
}

/** Without a toolstack a partial device tree itself says what a domain gets (xen,reg, xen,path). */
function tellOfPartial(config: Configuration, partial: string): void {
  for (const { name, value } of config.list("iomem"))
    config.passOver(name, `xen,reg of a node in "${partial}" is to say so: see to it that it does`, value.at);
  for (const { name, value } of config.list("irqs"))
    config.passOver(name, `xen,path of a node in "${partial}" is to say whose it is: see to it that it does`, value.at);
}

/** "START,COUNT[@GUEST]", numbers of pages in hexadecimal: the devices whose registers are there. */
function atPages(config: Configuration, { name, value }: TextItem, board: readonly BoardDevice[]): readonly string[] {
  const [, first, count, guest] =
    /^\s*(?:0x)?([\da-f]{1,10}),(?:0x)?([\da-f]{1,10})(?:@(?:0x)?([\da-f]{1,10}))?\s*$/i.exec(value.text) ?? [];
  if (first === undefined || count === undefined) {
    config.refuse(name, value, 'pages of the machine in hexadecimal, such as "9000,1"');
    return [];
  }
  if (guest !== undefined && BigInt(`0x${guest}`) !== BigInt(`0x${first}`))
    config.passOver(`@${guest} of ${name}`, "a domain sees a device at the machine's address", value.at);
  const start = Number(`0x${first}`) * page;
  const end = start + Number(`0x${count}`) * page;
  const found = board.filter(({ regions }) => regions.some((region) => start <= region.start && region.end <= end));
  if (found.length === 0)
    config.passOver(name, "no device of the board's tree has its registers there, and a domain gets devices", value.at);
  return found.map(({ path }) => path);
}

/** Interrupts come with their devices. */
function tellInterrupts(config: Configuration, board: readonly BoardDevice[], owned: ReadonlySet<string>): void {
  for (const { name, value } of config.list("irqs")) {
    const number = value.kind === "list" ? undefined : wholeNumber(value.text);
    if (number === undefined || number > 1019) {
      config.refuse(name, value, "the number of an interrupt");
      continue;
    }
    const devices = board.filter(({ interrupts }) => interrupts.includes(number)).map(({ path }) => path);
    if (devices.some((path) => owned.has(path))) continue;
    const [device] = devices;
    const whose =
      device === undefined ? "no device of the board's tree has it" : `it is that of ${device}: name it in dtdev`;
    config.passOver(`${name}, ${shown(value)},`, `interrupts come with their devices, and ${whose}`, value.at);
  }
}
