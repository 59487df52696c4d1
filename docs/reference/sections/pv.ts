import type { Section } from "../section.ts";

export const pv: Section = {
  title: "pv",
  level: 2,
  paths: [],
  intro: `Paravirtual devices that one domain offers to another. The core sets links up from boot: with any, \`build\` takes
\`core-pv.img\`, which has a XenStore, and \`system.dtb\` carries what is in it at first, below \`/chosen/xenstore\` (ours; upstream
passes over it). The directory of each end is its domain's own, and the other end can list and read it; a domain sees nothing
else of another, and no other domain's pages or events. Upstream, a toolstack sets links up (XI4926): \`build\` writes \`dom0/pv.sh\` for it.

Linux needs its modules: \`xen-netback\` or \`xen-blkback\` in the backend, \`xen-netfront\` or \`xen-blkfront\` in the frontend.
There are four kinds; folders (\`"9pfs"\`) have no backend without a toolstack (XI4950).`,
  fields: {},
};

/** What every kind has: who offers, and who uses. */
const ends = {
  backend: {
    type: "name of the domain that offers the device; with `enhanced`",
    becomes: "its home in the store; `xenimg,pairs`",
    guards: "XI3003, XI4920, XI4921, XI4951",
  },
  frontend: {
    type: "name of the domain that uses it; with `enhanced`",
    becomes: "its home in the store; `xenimg,pairs`",
    guards: "XI3003, XI4920, XI4921, XI4951",
  },
} as const;

export const net: Section = {
  title: "net",
  level: 3,
  where: "`pv.net`, an element of this kind.",
  paths: ["pv.net"],
  intro: `A network interface of the frontend, whose other end the backend has.`,
  fields: {
    kind: {
      type: '`"net"`',
      becomes: "`vif` with a number, from 0 in each frontend; kept in the lock file",
      guards: "XI1005",
    },
    ...ends,
    mac: {
      type: "text: the address of the frontend's interface, six octets",
      otherwise:
        "a locally administered one that follows from the names of system and frontend and from the interface's number there",
      becomes: "`mac` of both ends",
      guards: "XI1022, XI4922",
    },
    bridge: {
      type: "text: a bridge of the backend that its end joins",
      otherwise: "none",
      becomes: "`bridge` of the backend's end, for a program there: Linux's kernel does not join it",
    },
  },
};

export const block: Section = {
  title: "block",
  level: 3,
  where: "`pv.block`, an element of this kind.",
  paths: ["pv.block"],
  intro: `A disk of the frontend, which the backend reads and writes.`,
  fields: {
    kind: { type: '`"block"`', becomes: "`vbd` with the number of its name", guards: "XI1005" },
    ...ends,
    device: {
      type: 'text: a block device of the backend, by its numbers as `lsblk` shows them, `"254:0"`; or a device or an image file by its path there',
      becomes: "`physical-device`; for a path `params`, and a program there has to write `physical-device`",
      guards: "XI4924, XI4953, XI4954, XI4966",
    },
    name: {
      type: 'text: what the frontend calls it, `"xvda"`',
      otherwise: "the first that is free; kept in the lock file",
      becomes: "`dev`, `virtual-device`",
      guards: "XI4923, XI4952",
    },
    mode: { type: '`"r"` for reading alone, or `"w"`', becomes: "`mode`", guards: "XI4924" },
  },
};

export const console: Section = {
  title: "console",
  level: 3,
  where: "`pv.console`, an element of this kind.",
  paths: ["pv.console"],
  intro: `A console of the frontend, which the backend reads and writes: a program of its own that speaks the console protocol
of Xen's public headers, such as a monitor. Linux has the frontend in its kernel, and no backend.`,
  fields: {
    kind: {
      type: '`"console"`',
      becomes: "`console` with a number, from 1 in each frontend",
      guards: "XI1005, XI4959",
    },
    ...ends,
  },
};

export const ninep: Section = {
  title: "9pfs",
  level: 3,
  where: "`pv.9pfs`, an element of this kind.",
  paths: ["pv.9pfs"],
  intro: `A folder of the backend, which the frontend mounts.`,
  fields: {
    kind: { type: '`"9pfs"`', becomes: "an error", guards: "XI1005, XI4950" },
    ...ends,
    path: { type: "text: the folder, by its path in the backend", becomes: "nothing" },
    tag: { type: "text: by which the frontend mounts it", becomes: "nothing", guards: "XI4923" },
  },
};
