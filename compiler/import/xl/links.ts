import type { PvInput } from "../../config/input-pv.ts";
import { stationAddress } from "../../ir/pv.ts";
import type { Configuration, TextItem } from "./configuration.ts";
import { readDisk } from "./disk.ts";
import { Specification } from "./specification.ts";

/** A domain of the system, and the names of all of them in `board.ts` by those that xl knows them by. */
export interface LinkContext {
  readonly config: Configuration;
  readonly frontend: string;
  readonly names: ReadonlyMap<string, string>;
}

/** `vif`, `disk` and `p9`: what another domain offers to this one. */
export function readLinks(context: LinkContext): readonly PvInput[] {
  const each = (option: string, read: (item: TextItem, context: LinkContext) => PvInput | undefined) =>
    context.config.texts(option).flatMap((item) => read(item, context) ?? []);
  return [...each("vif", readNetwork), ...each("disk", readBlock), ...each("p9", readFolder)];
}

/** xl-network-configuration(5): the language's check of the address, and what a toolstack's scripts do besides. */
function readNetwork(item: TextItem, context: LinkContext): PvInput | undefined {
  const spec = new Specification(context.config, item);
  const backend = backendOf(spec, context);
  const mac = spec.take("mac");
  const bridge = spec.take("bridge");
  if (backend === undefined) return undefined;
  if (mac !== undefined && !stationAddress.test(mac))
    spec.refuse('an interface with the MAC address of one station, such as "mac=00:16:3e:00:00:01"');
  spec.take("trusted");
  spec.tellTheRest((key) =>
    ["type", "model"].includes(key)
      ? "nothing emulates an interface"
      : "a link has its backend, a MAC address and a bridge",
  );
  return {
    kind: "net",
    backend,
    frontend: context.frontend,
    ...(mac !== undefined && { mac }),
    ...(bridge !== undefined && { bridge }),
  };
}

function readBlock(item: TextItem, context: LinkContext): PvInput | undefined {
  const { spec, target, name, mode } = readDisk(context.config, item);
  if (target === undefined || name === undefined) return undefined;
  const backend = backendOf(spec, context);
  if (backend === undefined) return undefined;
  spec.tellTheRest(() => "a link has its backend, a device, a name and a mode");
  return {
    kind: "block",
    backend,
    frontend: context.frontend,
    device: target.startsWith("/") ? target : `/dev/${target}`,
    name,
    ...(mode === "r" && { mode }),
  };
}

/** xl.cfg(5), p9. Files keep their owners: "none" is the only model. */
function readFolder(item: TextItem, context: LinkContext): PvInput | undefined {
  const spec = new Specification(context.config, item);
  const backend = backendOf(spec, context);
  const [path, tag] = [spec.take("path"), spec.take("tag")];
  if (backend === undefined) return undefined;
  if (path === undefined || tag === undefined) {
    spec.refuse('a folder with "path=" and "tag="');
    return undefined;
  }
  for (const usual of ["security_model", "type"]) spec.take(usual);
  spec.tellTheRest(() => "a link has its backend, a path and a tag");
  return { kind: "9pfs", backend, frontend: context.frontend, path, tag };
}

/** Domain-0 where nothing is said: the reason why most links of a toolstack's domains have no counterpart. */
function backendOf(spec: Specification, { names }: LinkContext): string | undefined {
  const said = spec.take("backend") ?? "Domain-0";
  const known = names.get(said);
  if (known !== undefined) return known;
  const why = ["0", "Domain-0", "dom0"].includes(said)
    ? "its backend is Domain-0, which no system here has: name the domain that has the device (backend=)"
    : /^\d+$/.test(said)
      ? `its backend is the domain number ${said.slice(0, 10)}, which a toolstack gives: name the domain`
      : "its backend is none of the domains that are imported together";
  spec.passOverAll(why);
  return undefined;
}
