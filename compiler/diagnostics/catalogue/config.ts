import { entry } from "../entry.ts";

/** PARSE: shape and units of the configuration. */
export const configEntries = {
  XI1001: entry({
    severity: "error",
    message: (p: { field: string; expected: string; found: string }) => `${p.field} is ${p.found}, not ${p.expected}`,
    help: (p) => `give ${p.expected}`,
  }),
  XI1002: entry({
    severity: "error",
    message: (p: { key: string; where: string }) => `${p.where} has no field "${p.key}"`,
    help: (p: { key: string; where: string; known: readonly string[]; nearest: string | undefined }) =>
      p.nearest === undefined ? `it has ${p.known.join(", ")}` : `did you mean "${p.nearest}"?`,
    fix: (p) => p.nearest,
  }),
  XI1003: entry({
    severity: "error",
    message: (p: { where: string; key: string }) => `${p.where} needs "${p.key}"`,
    help: (p: { where: string; key: string; expected: string }) => `add ${p.key}: ${p.expected}`,
  }),
  XI1004: entry({
    severity: "error",
    message: (p: { field: string; found: string; range: string }) => `${p.field} is ${p.found}, outside ${p.range}`,
    help: (p) => `choose a value in ${p.range}`,
  }),
  XI1005: entry({
    severity: "error",
    message: (p: { field: string; found: string }) => `${p.field} cannot be ${p.found}`,
    help: (p: { field: string; found: string; choices: readonly string[]; nearest: string | undefined }) =>
      p.nearest === undefined ? `choose one of ${p.choices.join(", ")}` : `did you mean ${p.nearest}?`,
    fix: (p) => p.nearest,
  }),
  XI1006: entry({
    severity: "error",
    message: (p: { what: string; name: string }) => `"${p.name}" cannot name a ${p.what}`,
    help: (p) =>
      p.name === "hypervisor"
        ? "choose another name: this one stands on the console for the hypervisor itself"
        : "begin with a letter and go on with letters, digits, and - _ . + (it becomes a device tree node and a folder)",
  }),
  XI1007: entry({
    severity: "error",
    message: (p: { field: string; found: string; unit: "size" | "address" }) =>
      `${p.field}: ${p.found} is no ${p.unit}`,
    help: (p) =>
      p.unit === "size"
        ? 'write MiB(512), "512MiB" or a whole number of bytes; units are KiB, MiB, GiB, TiB'
        : "write 0x4000_0000, a whole number up to 2^52",
  }),
  XI1008: entry({
    severity: "error",
    message: (p: { field: string; what: string }) => `${p.field} has no ${p.what}`,
    help: (p) => `give at least one ${p.what}`,
  }),
  XI1009: entry({
    severity: "error",
    message: (p: { field: string; character: string }) => `${p.field} contains the control character ${p.character}`,
    help: () => "remove it: a device tree string ends at NUL, and a command line is one line",
  }),
  XI1010: entry({
    severity: "error",
    message: (p: { field: string; label: string; what: string }) =>
      `${p.field}: ${p.label} is the label of another ${p.what} already`,
    help: (p) => `give each ${p.what} a label of its own`,
  }),
  XI1013: entry({
    severity: "error",
    message: (p: { most: number }) => `the configuration holds more than ${p.most} values`,
    help: () => "look for a loop or a list that has no end: no system has as many parts",
  }),
  XI1020: entry({
    severity: "error",
    message: (p: { field: string; found: string; step: string }) =>
      `${p.field} is ${p.found}, no multiple of ${p.step}`,
    help: (p) => `choose a multiple of ${p.step}`,
  }),
  XI1021: entry({
    severity: "error",
    message: (p: { field: string; found: string }) => `${p.field}: ${p.found} is no list of colours`,
    help: () => 'write numbers and ranges without blanks: "0-3,8"',
  }),
  XI1022: entry({
    severity: "error",
    message: (p: { field: string; found: string }) => `${p.field}: ${p.found} is no MAC address of an interface`,
    help: () => 'write six octets, such as "00:16:3e:00:00:01"; the first is even',
  }),
  XI1023: entry({
    severity: "error",
    message: (p: { variant: string }) => `the configuration has no variant "${p.variant}"`,
    help: (p: { variant: string; known: readonly string[]; nearest: string | undefined }) =>
      p.known.length === 0
        ? `write: export const ${p.variant} = defineSystem({ … })`
        : p.nearest === undefined
          ? `choose one of ${p.known.join(", ")}`
          : `did you mean "${p.nearest}"?`,
  }),
  XI1024: entry({
    severity: "error",
    message: (p: { name: string }) => `the configuration has no parameter "${p.name}"`,
    help: (p: { name: string; known: readonly string[]; nearest: string | undefined }) =>
      p.nearest !== undefined
        ? `did you mean "${p.nearest}"?`
        : p.known.length === 0
          ? "it has none"
          : `it has ${p.known.join(", ")}`,
  }),
  XI1025: entry({
    severity: "error",
    message: (p: { name: string; found: string; expected: string }) =>
      `the parameter ${p.name} is ${JSON.stringify(p.found)}, not ${p.expected}`,
    help: (p) => `give ${p.expected}: its default has that type`,
  }),
  XI1040: entry({
    severity: "error",
    message: (p: { name: string }) => `the default of the parameter ${p.name} is no text, number, true or false`,
    help: () => "parameters have no other types: make the rest of them in the function",
  }),
  XI1041: entry({
    severity: "error",
    message: (p: { board: string }) => `"xenimg/boards" has no board "${p.board}"`,
    help: (p: { board: string; known: readonly string[]; nearest: string | undefined }) =>
      p.nearest !== undefined ? `did you mean "${p.nearest}"?` : `it has ${p.known.join(", ")}`,
  }),
} as const;
