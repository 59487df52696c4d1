/** What a device's guest does without a provider, and what whoever sets the board up before it must have done instead. */
const provisions: readonly (readonly [RegExp, string])[] = [
  [
    /clock/,
    "clocks: its driver may not probe, so have the firmware leave them running, and describe each as a fixed-clock",
  ],
  [/^resets$/, "resets: let the firmware take it out of reset"],
  [/^power-domains$/, "power-domains: let the firmware leave it powered"],
  [/^pinctrl-/, "pinctrl: let the firmware set its pins"],
  [/-supply$/, "supplies: let the firmware leave them on"],
  [/^iommus$|^iommu-map$/, "iommus: let the firmware have the IOMMU pass its accesses unchanged"],
  [/^msi-|^interrupt-map$/, "PCI interrupts: its driver has to poll"],
  [/^dmas$/, "dmas: its driver has to do without DMA channels"],
  [
    /^phys$|^phy-|^usb-phy$/,
    "phys: its driver may not probe, so let the firmware set the PHY up, and describe it as one that needs nothing",
  ],
];

const others = "its driver may not probe without";

/** By properties, each kind once, in the order in which they are met. */
export function provisionFor(properties: readonly string[]): string {
  const kinds = properties.map((name) => {
    const found = provisions.find(([pattern]) => pattern.test(name));
    return found ? found[1] : `${name}: ${others}`;
  });
  return [...new Set(kinds)].join("; ");
}
