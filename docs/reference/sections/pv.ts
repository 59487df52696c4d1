import type { Section } from "../section.ts";

export const pv: Section = {
  title: "pv",
  level: 2,
  paths: [],
  intro: `Paravirtual devices that one domain offers to another. A link is checked, and nobody sets it up yet: the core has no XenStore
(XI4925), and upstream a toolstack does it (XI4926). There are four kinds.`,
  fields: {},
};

/** What every kind has: who offers, and who uses. */
const ends = {
  backend: {
    type: "name of the domain that offers the device; with `enhanced`",
    becomes: "nothing yet",
    guards: "XI3003, XI4920, XI4921",
  },
  frontend: {
    type: "name of the domain that uses it; with `enhanced`",
    becomes: "nothing yet",
    guards: "XI3003, XI4920, XI4921",
  },
} as const;

export const net: Section = {
  title: "net",
  level: 3,
  where: "`pv.net`, an element of this kind.",
  paths: ["pv.net"],
  intro: `A network interface of the frontend, whose other end the backend has.`,
  fields: {
    kind: { type: '`"net"`', becomes: "nothing yet", guards: "XI1005" },
    ...ends,
    mac: {
      type: "text: the address of the frontend's interface, six octets",
      otherwise: "made for you",
      becomes: "nothing yet",
      guards: "XI1022, XI4922",
    },
    bridge: { type: "text: a bridge of the backend that its end joins", otherwise: "none", becomes: "nothing yet" },
  },
};

export const block: Section = {
  title: "block",
  level: 3,
  where: "`pv.block`, an element of this kind.",
  paths: ["pv.block"],
  intro: `A disk of the frontend, which the backend reads and writes.`,
  fields: {
    kind: { type: '`"block"`', becomes: "nothing yet", guards: "XI1005" },
    ...ends,
    device: {
      type: "text: a block device or an image file of the backend, by its path there",
      becomes: "nothing yet",
      guards: "XI4924",
    },
    name: {
      type: 'text: what the frontend calls it, `"xvda"`',
      otherwise: "the first that is free",
      becomes: "nothing yet",
      guards: "XI4923",
    },
    mode: { type: '`"r"` for reading alone, or `"w"`', becomes: "nothing yet", guards: "XI4924" },
  },
};

export const console: Section = {
  title: "console",
  level: 3,
  where: "`pv.console`, an element of this kind.",
  paths: ["pv.console"],
  intro: `A console of the frontend, which the backend reads and writes.`,
  fields: { kind: { type: '`"console"`', becomes: "nothing yet", guards: "XI1005" }, ...ends },
};

export const ninep: Section = {
  title: "9pfs",
  level: 3,
  where: "`pv.9pfs`, an element of this kind.",
  paths: ["pv.9pfs"],
  intro: `A folder of the backend, which the frontend mounts.`,
  fields: {
    kind: { type: '`"9pfs"`', becomes: "nothing yet", guards: "XI1005" },
    ...ends,
    path: { type: "text: the folder, by its path in the backend", becomes: "nothing yet" },
    tag: { type: "text: by which the frontend mounts it", becomes: "nothing yet", guards: "XI4923" },
  },
};
