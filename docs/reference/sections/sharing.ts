import type { Section } from "../section.ts";

export const sharedMemory: Section = {
  title: "sharedMemory",
  level: 2,
  where: "`sharedMemory.*`.",
  paths: ["sharedMemory.*"],
  intro: `Memory that several domains see; it is zero at boot. The name is at most 15 characters. Guests
find it by \`xen,id\` of a node \`xen,shared-memory-v1\`. Sizes and addresses are multiples of 4 KiB.`,
  fields: {
    size: { type: "size", becomes: "`xen,shared-mem`, third number", guards: "XI4604, XI5010" },
    at: {
      type: "machine address",
      otherwise: "placed for you",
      becomes: "`xen,shared-mem`, first number",
      guards: "XI4001, XI4303, XI4305, XI4309, XI4320, XI4604",
    },
    guestAt: {
      type: "where every domain sees it, or an object of addresses by the names of domains",
      otherwise: "the machine address where direct-mapped, else from 0x33000000 on; kept in the lock file",
      becomes: "`xen,shared-mem`, second number",
      guards: "XI3003, XI4127, XI4603, XI4604, XI4607, XI4625",
    },
    owner: {
      type: "name of the domain that it belongs to",
      otherwise: "none of them",
      becomes: "`role`, in each domain that sees it",
      guards: "XI3003, XI4605",
    },
    borrowers: {
      type: "a list of names of domains, at least one",
      becomes: "`role`, where there is an owner",
      guards: "XI3003, XI4605",
    },
  },
};

export const eventChannels: Section = {
  title: "eventChannels",
  level: 2,
  where: "`eventChannels`, each element.",
  paths: ["eventChannels"],
  intro: `The two ends are alike: either may send.`,
  fields: {
    from: { type: "a [port](#port)", becomes: "`xen,evtchn` in its domain", guards: "XI4123, XI4601, XI5011" },
    to: { type: "a [port](#port)", becomes: "`xen,evtchn` in its domain", guards: "XI4123, XI4601, XI5011" },
  },
};

export const port: Section = {
  title: "port",
  level: 3,
  where: "`eventChannels.from`, `eventChannels.to`.",
  paths: ["eventChannels.from", "eventChannels.to"],
  intro: `A pair: \`["ui", 10]\`. Or the name of the domain alone, \`"ui"\`: then the port is the lowest that nobody has there;
\`map.txt\` says which, and the lock file keeps it.`,
  fields: {
    0: { type: "name of a domain", becomes: "the node's parent", guards: "XI3003" },
    1: {
      type: "a number from {range}, one channel each",
      becomes: "`xen,evtchn`, first number",
      guards: "XI1004, XI4601",
    },
  },
};
