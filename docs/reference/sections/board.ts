import type { Section } from "../section.ts";

export const board: Section = {
  title: "board",
  level: 2,
  where: "`board`.",
  paths: ["board"],
  intro: `A profile of \`xenimg/boards\` gives all of it: \`qemuVirt({ gic: 3, cpus: 4, memory: GiB(2) })\`. A board
of your own is written out, or made from a profile: \`{ ...qemuVirt({ … }), loadAddress: 0x4800_0000 }\`. Facts about the
machine come from its device tree alone: RAM, reserved memory, CPUs, interrupt controller, console.`,
  fields: {
    name: { type: "text", becomes: "`manifest.json`" },
    parameters: { type: "text, numbers and booleans by name; `{}` for none", becomes: "`manifest.json`" },
    cpus: {
      type: "a list of labels, one for each enabled node in `/cpus`, in the tree's order; the first is the boot CPU; no label stands there twice",
      becomes: "nothing; `cpupools` use the labels",
      guards: "XI1010, XI3103",
    },
    devices: {
      type: "a list of names by which `passthrough` may call the board's devices: the editor refuses others. A path is never refused",
      otherwise: "the editor takes any name",
      becomes: "nothing",
    },
    deviceTree: {
      type: "path of a blob (`.dtb`), or its bytes",
      becomes: "the tree itself",
      guards:
        "XI2004, XI3101, XI3102, XI3104, XI3210, XI3212, XI4305, XI4501, XI4511, XI4512, XI4513, XI4514, XI4515, XI4620, XI4622, XI4623",
    },
    compatible: {
      type: "a list of texts, one of which the tree's root must be compatible with",
      otherwise: "any tree will do",
      becomes: "nothing",
      guards: "XI3211",
    },
    firmware: {
      type: "what the board's [firmware](#firmware) changes in a vendor's tree before it hands it on",
      otherwise: "nothing",
      becomes: "the tree: an image brings its own, which no firmware changes",
      guards: "XI3210, XI4513",
    },
    loadAddress: {
      type: "address: where the board's loader puts an image if nobody tells it otherwise. A multiple of 2 MiB in RAM",
      becomes: "the place of the image, where it is free and the lock file keeps no other",
      guards: "XI4510, XI4520, XI4530, XI4531, XI5001, XI5101, XI5103, XI5104",
    },
    signatures: {
      type: 'a list of `"rsa-pkcs1"`, `"rsa-pss"`, `"ecdsa"`: the signatures that the board\'s loader verifies',
      otherwise: '`["rsa-pkcs1"]`, what every U-Boot with signatures does',
      becomes: "nothing",
      guards: "XI6021",
    },
    uefiHolds: {
      type: "a list of [regions](#region) that the board's UEFI firmware has in use while it loads an `image.efi`",
      otherwise: "nothing is known of it",
      becomes: "nothing",
      guards: "XI6204",
    },
    emulator: {
      type: "an [emulator](#emulator)",
      otherwise: "none: `xenimg run` does not know the board",
      becomes: "`run.sh`",
    },
  },
};

export const firmware: Section = {
  title: "firmware",
  level: 3,
  where: "`board.firmware`.",
  paths: ["board.firmware"],
  fields: {
    memory: {
      type: "a list of [regions](#region): all of the RAM, where the vendor's tree leaves it to the firmware",
      otherwise: "none: the tree's own memory nodes",
      becomes: "one memory node in place of them",
      guards: "XI3104, XI3210",
    },
    reserved: {
      type: "a list of [regions](#region) that the firmware keeps",
      otherwise: "none",
      becomes: "`/memreserve/` entries",
    },
    psci: {
      type: '`"smc"` or `"hvc"`: the firmware has PSCI, whatever the tree says of the CPUs\' start',
      otherwise: "none: what the tree says",
      becomes: "a node `psci`, and `enable-method` of each CPU",
      guards: "XI4513",
    },
  },
};

export const emulator: Section = {
  title: "emulator",
  level: 3,
  where: "`board.emulator`.",
  paths: ["board.emulator"],
  fields: {
    program: { type: '`"qemu-system-aarch64"`', becomes: "`run.sh`", guards: "XI7201, XI7202" },
    args: {
      type: "a list of text: machine, CPU, memory and console, without kernel and device tree",
      becomes: "`run.sh`",
    },
    kernelAddress: { type: "address: where this QEMU puts a `-kernel` whose `text_offset` is 0", becomes: "`run.sh`" },
  },
};
