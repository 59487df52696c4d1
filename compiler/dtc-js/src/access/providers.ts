/** How many cells follow a phandle: those that its node says in a property, or a fixed number. */
export interface Arguments {
  /** "#clock-cells"; undefined where no cells ever follow. */
  readonly cells?: string;
  /** What holds where the node does not say; it has to say where this is undefined. */
  readonly absent?: number;
}

const plain: Arguments = { absent: 0 };

/** Properties that list phandles, as the bindings have them. */
const byName: ReadonlyMap<string, Arguments> = new Map<string, Arguments>([
  ...Object.entries({
    "assigned-clock-parents": "#clock-cells",
    "assigned-clocks": "#clock-cells",
    clocks: "#clock-cells",
    "cooling-device": "#cooling-cells",
    dmas: "#dma-cells",
    gpio: "#gpio-cells",
    gpios: "#gpio-cells",
    hwlocks: "#hwlock-cells",
    interconnects: "#interconnect-cells",
    "interrupts-extended": "#interrupt-cells",
    "io-channels": "#io-channel-cells",
    iommus: "#iommu-cells",
    mboxes: "#mbox-cells",
    "mux-controls": "#mux-control-cells",
    phys: "#phy-cells",
    "power-domains": "#power-domain-cells",
    pwms: "#pwm-cells",
    resets: "#reset-cells",
    "sound-dai": "#sound-dai-cells",
    "thermal-sensors": "#thermal-sensor-cells",
  }).map(([name, cells]): [string, Arguments] => [name, { cells }]),
  ["msi-parent", { cells: "#msi-cells", absent: 0 }],
  ["nvmem-cells", { cells: "#nvmem-cell-cells", absent: 0 }],
  ...["cpu", "cpus", "interrupt-parent", "memory-region", "next-level-cache", "operating-points-v2", "phy-handle"].map(
    (name): [string, Arguments] => [name, plain],
  ),
  ...["remote-endpoint", "target"].map((name): [string, Arguments] => [name, plain]),
]);

/** What is known of a property by its name. */
export function argumentsOf(property: string): Arguments | undefined {
  const known = byName.get(property);
  if (known) return known;
  // "nr-gpios" is a number, in many old bindings.
  if (/-gpios?$/.test(property) && !/(^|,)nr-gpios$/.test(property)) return { cells: "#gpio-cells" };
  if (/^pinctrl-[0-9]+$/.test(property) || property.endsWith("-supply")) return plain;
  return undefined;
}
