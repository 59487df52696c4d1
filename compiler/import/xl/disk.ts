import type { Configuration, TextItem } from "./configuration.ts";
import { Specification, keyAndValue } from "./specification.ts";

export interface Disk {
  readonly spec: Specification;
  readonly target?: string | undefined;
  /** What the guest calls it. */
  readonly name?: string | undefined;
  readonly mode: "r" | "w";
}

const formats = ["raw", "qcow", "qcow2", "vhd", "qed"];
/** Prefixes of the deprecated syntax; all but the formats are ignored, as xl does. */
const prefix = /^(raw|qcow2|vhd|tapdisk|tap2?|aio|ioemu|file|phy|iscsi|nbd|enbd|drbd):/;
const deviceName = /^(?:xvd|hd|sd|d)[a-z\d]+$/;
const flags = ["cdrom", "direct-io-safe", "discard", "no-discard", "trusted", "untrusted", "colo"];

/** xl-disk-configuration(5), the deprecated syntax too; `target` and `name` are undefined where that was told. */
export function readDisk(config: Configuration, item: TextItem): Disk {
  const parts = partsOf(item.value.text);
  const spec = new Specification(config, item, parts);
  const cdrom = spec.take("devtype") === "cdrom" || parts.has("cdrom");
  const [target, format, name] = [spec.take("target"), spec.take("format") ?? "raw", spec.take("vdev")];
  const access = spec.take("access") ?? (cdrom ? "r" : "w");
  for (const usual of ["cdrom", "discard", "trusted"]) spec.take(usual);
  const virtio = spec.take("specification") === "virtio";
  if (!["ro", "r", "rw", "w"].includes(access)) spec.refuse("a disk with the access ro, r, rw or w");
  else if (!formats.includes(format)) spec.refuse(`a disk with one of the formats ${formats.join(", ")}`);
  else if (name === undefined) spec.refuse('a disk with a name for the guest, such as "vdev=xvda"');
  else if (virtio) spec.passOverAll('links are Xen\'s own: "specification=virtio" needs a device model');
  else if (target === undefined) spec.passOverAll("it has no medium");
  else {
    if (format !== "raw") spec.passOver("format", `a backend shows a device or image as it is: convert it to raw`);
    return { spec, target, name, mode: access.startsWith("r") && access !== "rw" ? "r" : "w" };
  }
  return { spec, mode: "r" };
}

/** Keys with their values; what has no key is the next of target, format, vdev and access that is not said yet. */
function partsOf(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const { positions, rest } = positional(text);
  const words = rest.split(",");
  let offset = 0;
  for (const word of words) {
    const [key, value] = keyAndValue(word);
    if (key === "target" && word.includes("=")) {
      // It takes all that is left, commas and blanks too.
      parts.set("target", rest.slice(offset + word.indexOf("=") + 1));
      break;
    }
    offset += word.length + 1;
    if (word.includes("=")) parts.set(key, value);
    else if (flags.includes(key)) parts.set(key, "");
    else {
      const position = positions.shift();
      if (position !== undefined) setPosition(parts, position, key);
      // A comma at the end says nothing.
      else if (key !== "") parts.set(key, "");
    }
  }
  return parts;
}

/** Which positions the words without a key have, and the text without a deprecated prefix. */
function positional(text: string): { readonly positions: string[]; readonly rest: string } {
  let rest = text.trimStart();
  let format: string | undefined;
  for (let found = prefix.exec(rest); found; found = prefix.exec(rest)) {
    format = found[1];
    rest = rest.slice(found[0].length);
  }
  const second = rest.split(",", 2)[1]?.trim() ?? "";
  const isOld = format !== undefined || deviceName.test(second.replace(/:.*/, ""));
  const positions = isOld ? ["target", "vdev", "access"] : ["target", "format", "vdev", "access"];
  const isFormat = format !== undefined && formats.includes(format);
  return { positions, rest: isFormat ? `format=${format},${rest}` : rest };
}

/** An empty word is a position that is left out; "hdc:cdrom" is a name and a type. */
function setPosition(parts: Map<string, string>, position: string, value: string): void {
  const [, name = value, type] = position === "vdev" ? (/^([^:]*):(\w+)$/.exec(value) ?? []) : [];
  if (type !== undefined) parts.set("devtype", type);
  if (name !== "") parts.set(position, name);
}
