import { Buffer } from "node:buffer";
import type { Artifact } from "../ir/artifact.ts";
import type { Sha256 } from "../ir/host.ts";
import type { TargetPlan } from "../ir/plan.ts";
import type { Input, OtherInputs } from "./inputs.ts";
import { inputsOf } from "./inputs.ts";
import { textArtifact } from "./text.ts";

export interface SbomFacts extends OtherInputs {
  /** Of xenimg itself. */
  readonly version: string;
  /** The moment that outputs are said to be of, in seconds from 1970; left out: none is told. */
  readonly epoch?: number;
  readonly sha256: Sha256;
}

/**
 * The bill of materials: what the images are made of, as CycloneDX 1.6 in JSON. Its serial number is made of its content,
 * so that the same inputs have the same bill. Licences and versions are told only where they are known.
 */
export function emitSbom(plan: TargetPlan, facts: SbomFacts): Artifact {
  const { version, epoch, sha256 } = facts;
  const { resolved } = plan.placed;
  const { profile } = resolved.board;
  const tree = { owner: "board/device tree", file: { path: `${profile.name}.dtb`, bytes: profile.deviceTree } };
  const components = [...inputsOf(plan, facts), tree].map((input) => componentOf(input, plan, sha256));
  const content = {
    version: 1,
    metadata: {
      ...(epoch !== undefined && { timestamp: new Date(epoch * 1000).toISOString() }),
      tools: {
        components: [
          { type: "application", name: "xenimg", version, licenses: apache, purl: `pkg:npm/xenimg@${version}` },
        ],
      },
      component: { type: "firmware", "bom-ref": systemRef, name: resolved.name },
    },
    components,
    dependencies: [{ ref: systemRef, dependsOn: components.map((component) => component["bom-ref"]) }],
  };
  const bom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(sha256([Buffer.from(JSON.stringify(content))]))}`,
    ...content,
  };
  return textArtifact("sbom.cdx.json", `${JSON.stringify(bom, undefined, 2)}\n`);
}

/** No owner is called so: all others but the command line's have a slash. */
const systemRef = "system";

const apache = [{ license: { id: "Apache-2.0" } }];

interface Component {
  readonly "bom-ref": string;
  readonly [field: string]: unknown;
}

function componentOf({ owner, file: { path, bytes } }: Input, plan: TargetPlan, sha256: Sha256): Component {
  const kind = kindOf(owner);
  const linux = kind === "kernel" ? linuxVersion(bytes) : undefined;
  return {
    type: types[kind],
    "bom-ref": owner,
    name: path,
    ...(linux !== undefined && { version: linux, description: `Linux ${linux}` }),
    hashes: [{ alg: "SHA-256", content: sha256([bytes]) }],
    ...(isOurs(owner, plan) && { licenses: apache }),
    properties: [
      { name: "xenimg:owner", value: owner },
      { name: "xenimg:size", value: String(bytes.length) },
    ],
  };
}

/** The component types of CycloneDX. */
const types = { hypervisor: "platform", kernel: "operating-system", firmware: "firmware", data: "data", file: "file" };

function kindOf(owner: string): keyof typeof types {
  if (owner === "hypervisor") return "hypervisor";
  if (owner === "EFI stub") return "firmware";
  if (owner.endsWith("/kernel")) return "kernel";
  return owner.endsWith("/ramdisk") ? "file" : "data";
}

/** What this package ships; of everything else nobody here knows the licence. */
const isOurs = (owner: string, { placed }: TargetPlan): boolean =>
  owner === "EFI stub" || (owner === "hypervisor" && placed.resolved.hypervisor.image.kind === "core");

/** The release that an uncompressed kernel says of itself: its banner begins "Linux version 6.1.0-18-arm64 (". */
function linuxVersion(kernel: Uint8Array): string | undefined {
  const text = Buffer.from(kernel.buffer, kernel.byteOffset, kernel.length);
  const words = "Linux version ";
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
    const [, release] = /^Linux version (\d[\w.+~-]{0,63}) \(/.exec(text.toString("latin1", at, at + 96)) ?? [];
    if (release !== undefined) return release;
  }
  return undefined;
}

/** A UUID of version 8 (RFC 9562, 5.8), made of a hash. */
function uuidOf(hash: string): string {
  const variant = ((parseInt(hash.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join("-");
}
