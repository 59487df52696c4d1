import { entry } from "../entry.ts";

/** What to do without XenStore, by who could serve it. */
const storeRemedies = {
  upstream:
    'write enhanced: "no-xenstore", or build for xen@4.21 or later, where a domain with capabilities: ["xenstore"] may serve it: ' +
    'before, upstream stops with "Xenstore support requires dom0"',
  capability: 'give the domain that runs xenstored capabilities: ["xenstore"], or write enhanced: "no-xenstore"',
  upstreamLinked:
    'build for xen@4.21 or later, where a domain with capabilities: ["control", "xenstore"] may serve it, or leave the PV links ' +
    'of this domain out: before, upstream stops with "Xenstore support requires dom0"',
  capabilityLinked:
    'give the domain that runs xenstored and xl capabilities: ["control", "xenstore"]: the PV links of this domain go through XenStore',
  core: 'write enhanced: "no-xenstore": the core has a XenStore only where there are PV links',
  links: "write enhanced: true: the core knows no other XenStore",
} as const;

/** What to do where nobody serves the XenStore that a domain asks for. */
export type StoreRemedy = keyof typeof storeRemedies;

/** CHECK: contradictions and limits. XI40 across regions, 41 modules, 42 domains, 43 memory, 44 CPUs and pools, 45 board. */
export const checkEntries = {
  XI4001: entry({
    severity: "error",
    message: (p: { a: string; b: string; overlap: string }) => `${p.a} and ${p.b} overlap at ${p.overlap}`,
    help: (p) => `move or shrink ${p.b}; upstream Xen 4.17 would boot and let the two corrupt each other`,
  }),
  XI4101: entry({
    severity: "error",
    message: (p: { count: number; limit: number }) => `${p.count} boot modules, but the hypervisor keeps ${p.limit}`,
    help: (p) =>
      `drop ${p.count - p.limit} kernels or ramdisks (the hypervisor and the device tree take one place each); ` +
      `what does not fit is ignored and its domain fails with "Missing kernel boot module?"`,
  }),
  XI4102: entry({
    severity: "error",
    message: (p: { length: number; limit: number }) => `command line of ${p.length} bytes, at most ${p.limit} fit`,
    help: () => "shorten it: at 1024 bytes it is cut without a word, beyond that the hypervisor stops",
  }),
  XI4103: entry({
    severity: "error",
    message: (p: { name: string; length: number; limit: number }) =>
      `domain name "${p.name}" has ${p.length} characters, at most ${p.limit} are kept`,
    help: () => "shorten the name: under a cut name the hypervisor does not find the kernel's command line",
  }),
  XI4104: entry({
    severity: "error",
    message: (p: { file: string; found: string }) =>
      `"${p.file}" is no kernel that the hypervisor can load: ${p.found}`,
    help: (p) =>
      p.found === "an ELF file"
        ? "convert it: objcopy -O binary, with an arm64 Image header at its start"
        : 'name an arm64 Image ("ARM\\x64" at byte 56), a gzip-compressed one, or a uImage',
  }),
  XI4105: entry({
    severity: "error",
    message: (p: { file: string }) => `"${p.file}" is a 32-bit zImage; guests here are 64-bit`,
    help: () => "build the kernel for arm64",
  }),
  XI4106: entry({
    severity: "error",
    message: (p: { file: string }) => `"${p.file}" is a big-endian Image; vCPUs start little-endian`,
    help: () => "build the kernel little-endian (CONFIG_CPU_LITTLE_ENDIAN)",
  }),
  XI4107: entry({
    severity: "warning",
    message: (p: { file: string }) => `Xen 4.17 ignores the load and entry addresses of the uImage "${p.file}"`,
    help: () => "use the plain Image, or Xen 4.18 and later",
  }),
  XI4108: entry({
    severity: "warning",
    message: (p: { file: string }) => `"${p.file}" is no ramdisk that Linux unpacks`,
    help: () => "name a cpio archive (newc), plain or compressed with gzip, bzip2, lzma, xz, lzo, lz4 or zstd",
  }),
  XI4109: entry({
    severity: "error",
    message: (p: { file: string }) => `"${p.file}" is gzip, but not around an arm64 Image`,
    help: () => "compress the Image itself: gzip -9 Image",
  }),
  XI4110: entry({
    severity: "error",
    message: (p: { kernel: string; what: string; range: string }) =>
      `the running kernel's memory ${p.kernel} covers its own ${p.what} at ${p.range}`,
    help: () => "give the first bank more memory: a kernel clears its BSS before it reads what lies there",
  }),
  XI4111: entry({
    severity: "error",
    message: (p: { kernel: string; bank: string }) =>
      `the running kernel's memory ${p.kernel} reaches beyond the guest's first bank ${p.bank}`,
    help: () => "give the first bank more memory: a kernel that clears its BSS faults at the bank's end",
  }),
  XI4112: entry({
    severity: "error",
    message: (p: { file: string; offset: string }) =>
      `"${p.file}" wants to begin ${p.offset} bytes from a 2 MiB boundary (text_offset)`,
    help: () => "build it with a text_offset below 2 MiB, in whole pages of 4 KiB; new kernels have 0",
  }),
  XI4113: entry({
    severity: "error",
    message: (p: { file: string }) => `"${p.file}" is a hypervisor: it runs at EL2, and a guest starts at EL1`,
    help: () => "name the guest's own kernel; the hypervisor comes by itself, or by --hypervisor",
  }),
  XI4201: entry({
    severity: "error",
    message: (p: { size: string }) => `memory of ${p.size} is no whole number of 4 KiB pages`,
    help: (p: { size: string }) =>
      /^\d{1,5} bytes$/.test(p.size)
        ? 'a number alone is bytes: write MiB(64) or "64MiB"'
        : "round it up to a multiple of 4 KiB",
  }),
  XI4202: entry({
    severity: "error",
    message: (p: { size: string; limit: string }) => `${p.size} of memory, but a guest's address map holds ${p.limit}`,
    help: () => "give the domain less, or direct-map it",
  }),
  XI4203: entry({
    severity: "error",
    message: (p: { cpus: number; limit: number; gic: number }) =>
      `${p.cpus} vCPUs, but a GICv${p.gic} guest has at most ${p.limit}`,
    help: (p) => `use at most ${p.limit}`,
    fix: (p) => String(p.limit),
  }),
  XI4204: entry({
    severity: "error",
    message: (p: { cpus: number; limit: number; target: string }) =>
      `${p.target} cannot describe ${p.cpus} vCPUs: a guest's device tree has 4096 bytes there`,
    help: (p) => `use at most ${p.limit} vCPUs, or Xen 4.22; the board would only say "Device tree generation failed"`,
  }),
  XI4205: entry({
    severity: "error",
    message: (p: { cpus: number; limit: number }) =>
      `${p.cpus} vCPUs of a direct-mapped domain need as many host redistributors, the board has ${p.limit}`,
    help: (p) => `use at most ${p.limit} vCPUs: the rest would be listed for the guest but never exist`,
    fix: (p) => String(p.limit),
  }),
  XI4206: entry({
    severity: "warning",
    message: (p: { target: string; regions: number }) =>
      `${p.target} does not tell a direct-mapped guest of the board's ${p.regions} redistributor regions`,
    help: () => "use one vCPU or Xen 4.20: secondary vCPUs would fail to start without a message",
  }),
  XI4207: entry({
    severity: "error",
    message: (p: { name: string; remedy: StoreRemedy }) =>
      `"${p.name}" asks for XenStore, but nothing in this system serves it`,
    help: (p) => storeRemedies[p.remedy],
  }),
  XI4208: entry({
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is direct-mapped, but its memory has no addresses`,
    help: () => "give static banks: memory: [{ at: 0x…, size: MiB(…) }]",
  }),
  XI4209: entry({
    severity: "error",
    message: (p: { found: string }) =>
      `a direct-mapped vPL011 takes the address of the host's console UART: ${p.found}`,
    help: () => 'write console: "none", or use a board whose /chosen/stdout-path names a UART with a page of registers',
  }),
  XI4210: entry({
    severity: "error",
    message: (p: { pool: string; vcpus: number; pcpus: number }) =>
      `${p.vcpus} vCPUs in pool "${p.pool}", whose null scheduler runs one on each of ${p.pcpus} CPUs`,
    help: () => "take a CPU more into the pool, a vCPU less, or another scheduler: the surplus would never run",
  }),
  XI4211: entry({
    severity: "warning",
    message: (p: { cpus: number; pool: string; pcpus: number }) =>
      `${p.cpus} vCPUs of one domain share the ${p.pcpus === 1 ? "one CPU" : `${p.pcpus} CPUs`} of pool "${p.pool}"`,
    help: (p) => `use ${p.pcpus}: vCPUs that wait for each other's locks cannot all run`,
  }),
  XI4212: entry({
    severity: "warning",
    message: (p: { console: string }) => `the domain's UART is ttyAMA0, but its console is ${p.console}`,
    help: () => 'add "console=ttyAMA0": otherwise the guest runs and prints nothing',
  }),
  XI4213: entry({
    severity: "warning",
    message: (p: { name: string }) => `the command line of "${p.name}" names a PL011, but the domain has none`,
    help: () => 'write console: "vpl011", or drop the console= argument',
  }),
  XI4301: entry({
    severity: "error",
    message: (p: { what: string; range: string; align: string }) => `${p.what} ${p.range} is not aligned to ${p.align}`,
    help: (p) => `make start and size multiples of ${p.align}: release builds round without a word`,
  }),
  XI4302: entry({
    severity: "error",
    message: (p: { what: string; size: string; limit: string }) =>
      `${p.what} has ${p.size}, a bank must stay below ${p.limit}`,
    help: () => "split it into smaller banks",
  }),
  XI4303: entry({
    severity: "error",
    message: (p: { what: string; range: string; ram: string }) => `${p.what} ${p.range} is outside the board's RAM`,
    help: (p) => `valid ranges are ${p.ram}`,
  }),
  XI4304: entry({
    severity: "error",
    message: (p: { what: string; range: string; target: string }) =>
      `${p.target} panics on ${p.what} ${p.range}: it crosses the guest's first 3 GiB`,
    help: () => "split the bank where the domain's memory reaches 3 GiB",
  }),
  XI4305: entry({
    severity: "error",
    message: (p: { what: string; count: number; limit: number }) =>
      `${p.what} has ${p.count} banks, at most ${p.limit} fit`,
    help: () => "use fewer and larger banks",
  }),
  XI4306: entry({
    severity: "error",
    message: (p: { base: string; align: string }) =>
      `a direct-mapped kernel starts at ${p.base}, off the ${p.align} grid`,
    help: (p) => `begin the first bank at a multiple of ${p.align}: Linux hangs without a message otherwise`,
  }),
  XI4307: entry({
    severity: "error",
    message: (p: { name: string; target: string }) =>
      `${p.target} cannot give "${p.name}" its PV pages while its memory is static`,
    help: () => 'use memory by size, enhanced: "no-xenstore", or Xen 4.21',
  }),
  XI4308: entry({
    severity: "error",
    message: (p: { range: string; align: string }) => `the static heap ${p.range} is not aligned to ${p.align}`,
    help: (p) => `make start and size multiples of ${p.align}`,
  }),
  XI4309: entry({
    severity: "error",
    message: (p: { what: string; device: string; registers: string }) =>
      `${p.what} lies over the registers of ${p.device} at ${p.registers}`,
    help: (p) => `move ${p.what}`,
  }),
  XI4310: entry({
    severity: "error",
    message: (p: { heap: string; need: string }) => `the static heap of ${p.heap} must hold ${p.need}`,
    help: () => "enlarge it: with a static heap, domains sized without banks and all stage-2 tables come from it",
  }),
  XI4311: entry({
    severity: "error",
    message: (p: { need: string; left: string }) =>
      `${p.left} of RAM are left over, of which the hypervisor cannot make the ${p.need} that it needs itself`,
    help: (p: { need: string; left: string; ranges: string }) =>
      `give a domain less: stage-2 tables and the like come from what is left, ${p.ranges}`,
  }),
  XI4320: entry({
    severity: "error",
    message: (p: { what: string; range: string; cpu: string; bits: number }) =>
      `${p.what} ${p.range} lies above the ${p.bits} address bits of ${p.cpu}`,
    help: (p: { what: string; range: string; cpu: string; bits: number; reach: string }) =>
      `move it into ${p.reach}: guests and the hypervisor run on all CPUs`,
  }),
  XI4401: entry({
    severity: "error",
    message: (p: { cpu: string; first: string; second: string }) =>
      `${p.cpu} is in pool "${p.first}" and in pool "${p.second}"`,
    help: (p) => `take ${p.cpu} out of one: upstream stops with "Logical cpu already added to a cpupool!"`,
  }),
  XI4402: entry({
    severity: "warning",
    message: (p: { pool: string; cpu: string; domains: string }) =>
      `pool "${p.pool}" holds the boot CPU ${p.cpu}, so it is Pool-0 and takes the domains that name no pool: ${p.domains}`,
    help: () => "name a pool for each domain, or declare this pool first",
  }),
  XI4403: entry({
    severity: "error",
    message: (p: { hypervisor: string; scheduler: string; known: string }) =>
      `${p.hypervisor} has no scheduler "${p.scheduler}"`,
    help: (p) => `use one of ${p.known}`,
  }),
  XI4404: entry({
    severity: "warning",
    message: (p: { name: string; becomes: string }) => `the pool "${p.name}" is ${p.becomes} on the board`,
    help: () => "name it by what it is for: the hypervisor counts pools in this order, from the boot CPU's on",
  }),
  XI4501: entry({
    severity: "error",
    message: (p: { node: string; target: string }) => `${p.target} takes the reserved memory "${p.node}" for RAM`,
    help: () => 'rename the node in the board\'s device tree: anything but "memory@…"',
  }),
  XI4510: entry({
    severity: "error",
    message: (p: { at: string; align: string; ram: string }) => `no image can be loaded at the board's address ${p.at}`,
    help: (p) => `name a multiple of ${p.align} in RAM: ${p.ram}`,
  }),
  XI4511: entry({
    severity: "error",
    message: (p: { flaw: string }) => `the core cannot use the board's GICv2: ${p.flaw}`,
    help: () =>
      "correct the node's reg (distributor, CPU interface, hypervisor's interface, virtual CPU interface), or take a board with a GICv3",
  }),
  XI4512: entry({
    severity: "warning",
    message: (p: { board: string }) =>
      `the board ${p.board} has no UART that the core drives, PL011 or Cadence: nothing will be printed`,
    help: () => "expect silent consoles, or build for upstream Xen: --target xen@4.17 --hypervisor PATH",
  }),
  XI4513: entry({
    severity: "error",
    message: (p: { board: string; cpus: number }) =>
      `the core starts CPUs by PSCI, of which the tree of ${p.board} knows nothing: ${p.cpus} of them would stay off`,
    help: () => 'where the firmware has PSCI, say firmware: { psci: "smc" }; else disable all cpu nodes but the first',
  }),
  XI4514: entry({
    severity: "error",
    message: (p: { what: string; number: number; expected: number }) =>
      `the core takes the ${p.what} interrupt as PPI ${p.expected}, the board's device tree has PPI ${p.number}`,
    help: () => "correct the tree if it is wrong; a machine wired so is not one that the core runs on",
  }),
  XI4515: entry({
    severity: "warning",
    message: (p: { console: string; uart: string }) =>
      `the core has no driver for the console ${p.console}: it prints at ${p.uart}`,
    help: (p: { console: string; uart: string }) =>
      `connect the terminal there, and say so: hypervisor: { bootargs: "console=dtuart dtuart=${p.uart}" }`,
  }),
  XI4520: entry({
    severity: "warning",
    message: (p: { image: string; loader: string }) =>
      `the image at ${p.image} reaches into ${p.loader}, where U-Boot runs while it loads`,
    help: () => "choose a loadAddress further down, unless another loader boots this board",
  }),
  XI4530: entry({
    severity: "error",
    message: (p: { path: string; at: string; reason: string }) =>
      `U-Boot's booti would move "${p.path}" away from ${p.at}: ${p.reason}`,
    help: () => "what is loaded beside it would be overwritten: put a FIT on the disk, or build it to run anywhere",
  }),
  XI4531: entry({
    severity: "warning",
    message: (p: { path: string; size: string; most: string }) =>
      `"${p.path}" has ${p.size}, and U-Boot's bootm takes no more than ${p.most} before 2026.07`,
    help: () => "raise CONFIG_SYS_BOOTM_LEN in the board's U-Boot",
  }),
  XI4601: entry({
    severity: "error",
    message: (p: { domain: string; port: number }) => `port ${p.port} of "${p.domain}" has two event channels`,
    help: () => "give each channel a port of its own at both ends",
  }),
  XI4602: entry({
    severity: "error",
    message: (p: { name: string; length: number; limit: number }) =>
      `the shared memory's name "${p.name}" has ${p.length} characters, at most ${p.limit} fit`,
    help: () => "shorten it: guests find the memory by this name",
  }),
  XI4603: entry({
    severity: "error",
    message: (p: { name: string; domain: string; range: string; what: string; taken: string }) =>
      `"${p.domain}" would see the shared memory "${p.name}" at ${p.range}, over ${p.what} ${p.taken}`,
    help: () => "choose another guestAt, or leave it out",
  }),
  XI4604: entry({
    severity: "error",
    message: (p: { name: string; field: string; value: string; page: string }) =>
      `${p.field} ${p.value} of the shared memory "${p.name}" is no multiple of ${p.page}`,
    help: (p) => `shared memory is mapped by pages of ${p.page}`,
  }),
  XI4605: entry({
    severity: "error",
    message: (p: { name: string; domain: string }) => `"${p.domain}" has the shared memory "${p.name}" twice`,
    help: () => "name each domain once, as the owner or as a borrower",
  }),
  XI4606: entry({
    severity: "error",
    message: (p: { what: string; count: number; limit: number }) =>
      `there are ${p.count} ${p.what}, the core takes ${p.limit}`,
    help: () => "use fewer: one stretch of memory can hold several queues, one channel can wake for several reasons",
  }),
  XI4607: entry({
    severity: "error",
    message: (p: { name: string; domain: string; range: string; bits: number; reach: string }) =>
      `"${p.domain}" cannot reach the shared memory "${p.name}" at ${p.range}`,
    help: (p) => `guest addresses have ${p.bits} bits here: ${p.reach}`,
  }),
  XI4701: entry({
    severity: "warning",
    message: (p: { field: string; target: string }) => `${p.target} does not know ${p.field}`,
    help: () => "without a toolstack it leaves a domain that has shut down as it is; the core obeys",
  }),
  XI4760: entry({
    severity: "info",
    message: (p: { code: string; limit: number }) =>
      `${p.code} comes up more often than ${p.limit} times; no more are shown`,
    help: () => "mend what is shown, and check again",
  }),
} as const;
