import type { Binding } from "../../diagnostic.ts";
import { getProperty } from "../../find.ts";
import type { Entry } from "../../resolve/index-tree.ts";
import type { Property } from "../../tree.ts";
import { nodeCheck, type Check, type Judge } from "../check.ts";
import { cellAt, cellOf } from "../cells.ts";
import { cellCheck } from "./cell-properties.ts";

/** No phandle (Devicetree Specification 0.4, 2.3.3), or an entry that is left out. */
export const isPhandle = (cell: number): boolean => cell !== 0 && cell !== 0xffff_ffff;

/** Whether the source wrote a number where a reference belongs. A blob says nothing of it. */
const lacksReference = ({ value }: Property, index: number): boolean =>
  value.markers.length > 0 && !value.markers.some(({ kind, offset }) => kind === "phandle" && offset === index * 4);

/** `<&target arguments …>` again and again: as many cells of arguments as the target's `cells` says. */
export function checkPhandleArgs(judge: Judge, entry: Entry, property: Property, cells: string): void {
  const { length } = property.value.bytes;
  if (length % 4 !== 0) {
    judge.fail(entry, `property size (${length}) is invalid, expected multiple of 4`, property);
    return;
  }
  for (let index = 0; index * 4 < length;) {
    const phandle = cellAt(property, index);
    if (!isPhandle(phandle)) {
      // What a fixup fills in later has arguments that only its target knows.
      if (judge.tree.plugin && phandle !== 0) return;
      index++;
      continue;
    }
    if (lacksReference(property, index)) judge.fail(entry, `cell ${index} is not a phandle reference`, property);
    const target = judge.index.byPhandle(phandle);
    if (!target) {
      judge.fail(entry, `Could not get phandle node for (cell ${index})`, property);
      return;
    }
    const size = cellOf(target.node, cells);
    if (size === undefined) {
      const place = `(referred from ${property.name}[${index}])`;
      judge.fail(entry, `Missing property '${cells}' in node ${target.path} or bad phandle ${place}`);
      return;
    }
    if (length / 4 < index + size + 1) {
      judge.fail(entry, `property size (${length}) too small for cell size ${size}`, property);
    }
    index += size + 1;
  }
}

/** Two checks of a binding: of the property that consumers have, and of the cells that providers have. */
const binding = (name: Binding, property: string, cells: string): readonly [Check, Check] => [
  cellCheck(`${name}_is_cell`, cells),
  nodeCheck(
    `${name}_property`,
    (entry, judge) => {
      const found = getProperty(entry.node, property);
      if (found) checkPhandleArgs(judge, entry, found, cells);
    },
    { property, needs: [`${name}_is_cell`] },
  ),
];

/** Bindings of which dtc knows the cells. */
export const bindings: readonly Check[] = [
  binding("clocks", "clocks", "#clock-cells"),
  binding("cooling_device", "cooling-device", "#cooling-cells"),
  binding("dmas", "dmas", "#dma-cells"),
  binding("hwlocks", "hwlocks", "#hwlock-cells"),
  binding("interrupts_extended", "interrupts-extended", "#interrupt-cells"),
  binding("io_channels", "io-channels", "#io-channel-cells"),
  binding("iommus", "iommus", "#iommu-cells"),
  binding("mboxes", "mboxes", "#mbox-cells"),
  binding("msi_parent", "msi-parent", "#msi-cells"),
  binding("mux_controls", "mux-controls", "#mux-control-cells"),
  binding("phys", "phys", "#phy-cells"),
  binding("power_domains", "power-domains", "#power-domain-cells"),
  binding("pwms", "pwms", "#pwm-cells"),
  binding("resets", "resets", "#reset-cells"),
  binding("sound_dai", "sound-dai", "#sound-dai-cells"),
  binding("thermal_sensors", "thermal-sensors", "#thermal-sensor-cells"),
].flat();
