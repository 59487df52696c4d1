import type { ResolvedDomain } from "../ir/resolved.ts";
import type { firstRelease } from "./versions.ts";

/** A field of a domain that not every target knows. */
export interface NewerOption {
  /** As messages call it, where the field's name alone does not say it. */
  readonly called?: string;
  /** Asks for something that a target without the property does not do by itself. */
  readonly asks: (domain: ResolvedDomain) => boolean;
  /** What an older release does. */
  readonly before: string;
  /** A domain without it is as well isolated, and runs. */
  readonly harmless?: true;
  /** What the core does; absent where another rule says it. */
  readonly core?: {
    readonly does: string;
    readonly harmless?: (domain: ResolvedDomain) => boolean;
    /** The core with devices between domains reads it. */
    readonly withStore?: true;
  };
}

const disabled = ({ passthroughPolicy }: ResolvedDomain): boolean => passthroughPolicy === "disabled";

export const newerOptions: Readonly<Record<keyof typeof firstRelease, NewerOption>> = {
  grants: {
    asks: ({ grants }) => grants !== undefined && Object.values(grants).some((limit) => limit !== undefined),
    before: "the limits of its command line hold: gnttab, gnttab_max_frames, gnttab_max_maptrack_frames",
    harmless: true,
    core: {
      does: "it has 64 frames of version 1 for each domain, and without PV links maps nothing of others",
      harmless: () => true,
      withStore: true,
    },
  },
  sve: {
    asks: ({ sve }) => sve !== undefined && sve !== 0,
    before: "its guests have no SVE",
    core: { does: "its guests are not told of SVE, and its instructions are undefined" },
  },
  passthroughPolicy: {
    asks: ({ passthroughPolicy }) => passthroughPolicy !== undefined,
    before: "a domain with assigned devices has IOMMU mappings, and no other",
    harmless: true,
    core: { does: "it programs no IOMMU", harmless: disabled },
  },
  llcColors: {
    asks: ({ llcColors }) => llcColors !== undefined,
    before: "all domains share the whole cache",
    core: { does: "it has no colours, and stops at the domain" },
  },
  capabilities: {
    asks: ({ capabilities = [] }) => capabilities.length > 0,
    before: "the domain is an ordinary one",
    core: { does: "all its domains are ordinary ones: nobody controls others, or serves XenStore" },
  },
  trapUnmappedAccesses: {
    asks: ({ trapUnmappedAccesses }) => trapUnmappedAccesses === false,
    before: "the guest gets an abort",
    core: { does: "its guests get an abort" },
  },
  sci: {
    asks: ({ sci }) => sci === "scmi_smc",
    before: "the guest's calls to the firmware's SCMI fail",
    core: { does: "no call of a guest reaches the firmware" },
  },
  enhanced: {
    called: 'enhanced: "legacy"',
    asks: ({ enhanced }) => enhanced === "legacy",
    before: 'it takes the unknown word for "disabled", and the guest finds no Xen',
  },
  v8rMsa: {
    asks: ({ v8rMsa }) => v8rMsa !== undefined,
    before: "it does not run on Armv8-R",
    core: { does: "it runs on Armv8-A" },
  },
};

export const optionNames = Object.keys(newerOptions) as readonly (keyof typeof newerOptions)[];
