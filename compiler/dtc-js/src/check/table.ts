import type { Check } from "./check.ts";
import { addrSizeCells } from "./rules/addr-size-cells.ts";
import { addressCellsIsCell } from "./rules/address-cells-is-cell.ts";
import { aliasPaths } from "./rules/alias-paths.ts";
import { alwaysFail } from "./rules/always-fail.ts";
import { avoidDefaultAddrSize } from "./rules/avoid-default-addr-size.ts";
import { avoidUnnecessaryAddrSize } from "./rules/avoid-unnecessary-addr-size.ts";
import { chosenNodeBootargs } from "./rules/chosen-node-bootargs.ts";
import { chosenNodeIsRoot } from "./rules/chosen-node-is-root.ts";
import { chosenNodeStdoutPath } from "./rules/chosen-node-stdout-path.ts";
import { clocksIsCell } from "./rules/clocks-is-cell.ts";
import { clocksProperty } from "./rules/clocks-property.ts";
import { compatibleIsStringList } from "./rules/compatible-is-string-list.ts";
import { coolingDeviceIsCell } from "./rules/cooling-device-is-cell.ts";
import { coolingDeviceProperty } from "./rules/cooling-device-property.ts";
import { deprecatedGpioProperty } from "./rules/deprecated-gpio-property.ts";
import { deviceTypeIsString } from "./rules/device-type-is-string.ts";
import { dmaRangesFormat } from "./rules/dma-ranges-format.ts";
import { dmasIsCell } from "./rules/dmas-is-cell.ts";
import { dmasProperty } from "./rules/dmas-property.ts";
import { duplicateLabel } from "./rules/duplicate-label.ts";
import { duplicateNodeNames } from "./rules/duplicate-node-names.ts";
import { duplicatePropertyNames } from "./rules/duplicate-property-names.ts";
import { explicitPhandles } from "./rules/explicit-phandles.ts";
import { gpiosProperty } from "./rules/gpios-property.ts";
import { graphEndpoint } from "./rules/graph-endpoint.ts";
import { graphNodes } from "./rules/graph-nodes.ts";
import { graphPort } from "./rules/graph-port.ts";
import { hwlocksIsCell } from "./rules/hwlocks-is-cell.ts";
import { hwlocksProperty } from "./rules/hwlocks-property.ts";
import { i2cBusBridge } from "./rules/i2c-bus-bridge.ts";
import { i2cBusReg } from "./rules/i2c-bus-reg.ts";
import { interruptMap } from "./rules/interrupt-map.ts";
import { interruptProvider } from "./rules/interrupt-provider.ts";
import { interruptsExtendedIsCell } from "./rules/interrupts-extended-is-cell.ts";
import { interruptsExtendedProperty } from "./rules/interrupts-extended-property.ts";
import { interruptsProperty } from "./rules/interrupts-property.ts";
import { ioChannelsIsCell } from "./rules/io-channels-is-cell.ts";
import { ioChannelsProperty } from "./rules/io-channels-property.ts";
import { iommusIsCell } from "./rules/iommus-is-cell.ts";
import { iommusProperty } from "./rules/iommus-property.ts";
import { labelIsString } from "./rules/label-is-string.ts";
import { mboxesIsCell } from "./rules/mboxes-is-cell.ts";
import { mboxesProperty } from "./rules/mboxes-property.ts";
import { modelIsString } from "./rules/model-is-string.ts";
import { msiParentIsCell } from "./rules/msi-parent-is-cell.ts";
import { msiParentProperty } from "./rules/msi-parent-property.ts";
import { muxControlsIsCell } from "./rules/mux-controls-is-cell.ts";
import { muxControlsProperty } from "./rules/mux-controls-property.ts";
import { nameIsString } from "./rules/name-is-string.ts";
import { nameProperties } from "./rules/name-properties.ts";
import { namesIsStringList } from "./rules/names-is-string-list.ts";
import { nodeNameChars } from "./rules/node-name-chars.ts";
import { nodeNameCharsStrict } from "./rules/node-name-chars-strict.ts";
import { nodeNameFormat } from "./rules/node-name-format.ts";
import { nodeNameNotEmpty } from "./rules/node-name-not-empty.ts";
import { nodeNameVsPropertyName } from "./rules/node-name-vs-property-name.ts";
import { obsoleteChosenInterruptController } from "./rules/obsolete-chosen-interrupt-controller.ts";
import { omitUnusedNodes } from "./rules/omit-unused-nodes.ts";
import { pathReferences } from "./rules/path-references.ts";
import { pciBridge } from "./rules/pci-bridge.ts";
import { pciDeviceBusNum } from "./rules/pci-device-bus-num.ts";
import { pciDeviceReg } from "./rules/pci-device-reg.ts";
import { phandleReferences } from "./rules/phandle-references.ts";
import { physIsCell } from "./rules/phys-is-cell.ts";
import { physProperty } from "./rules/phys-property.ts";
import { powerDomainsIsCell } from "./rules/power-domains-is-cell.ts";
import { powerDomainsProperty } from "./rules/power-domains-property.ts";
import { propertyNameChars } from "./rules/property-name-chars.ts";
import { propertyNameCharsStrict } from "./rules/property-name-chars-strict.ts";
import { pwmsIsCell } from "./rules/pwms-is-cell.ts";
import { pwmsProperty } from "./rules/pwms-property.ts";
import { rangesFormat } from "./rules/ranges-format.ts";
import { regFormat } from "./rules/reg-format.ts";
import { resetsIsCell } from "./rules/resets-is-cell.ts";
import { resetsProperty } from "./rules/resets-property.ts";
import { simpleBusBridge } from "./rules/simple-bus-bridge.ts";
import { simpleBusReg } from "./rules/simple-bus-reg.ts";
import { sizeCellsIsCell } from "./rules/size-cells-is-cell.ts";
import { soundDaiIsCell } from "./rules/sound-dai-is-cell.ts";
import { soundDaiProperty } from "./rules/sound-dai-property.ts";
import { spiBusBridge } from "./rules/spi-bus-bridge.ts";
import { spiBusReg } from "./rules/spi-bus-reg.ts";
import { statusIsString } from "./rules/status-is-string.ts";
import { thermalSensorsIsCell } from "./rules/thermal-sensors-is-cell.ts";
import { thermalSensorsProperty } from "./rules/thermal-sensors-property.ts";
import { uniqueUnitAddress } from "./rules/unique-unit-address.ts";
import { uniqueUnitAddressIfEnabled } from "./rules/unique-unit-address-if-enabled.ts";
import { unitAddressFormat } from "./rules/unit-address-format.ts";
import { unitAddressVsReg } from "./rules/unit-address-vs-reg.ts";

/** References: the checks that change the tree. */
export const referenceChecks: readonly Check[] = [explicitPhandles, phandleReferences, pathReferences, omitUnusedNodes];

/** All of dtc's checks in the order in which it runs them. */
export const checks: readonly Check[] = [
  duplicateNodeNames,
  duplicatePropertyNames,
  nodeNameChars,
  nodeNameFormat,
  nodeNameNotEmpty,
  propertyNameChars,
  nameIsString,
  nameProperties,
  nodeNameVsPropertyName,
  duplicateLabel,
  ...referenceChecks,
  addressCellsIsCell,
  sizeCellsIsCell,
  deviceTypeIsString,
  modelIsString,
  statusIsString,
  labelIsString,
  compatibleIsStringList,
  namesIsStringList,
  propertyNameCharsStrict,
  nodeNameCharsStrict,
  addrSizeCells,
  regFormat,
  rangesFormat,
  dmaRangesFormat,
  unitAddressVsReg,
  unitAddressFormat,
  pciBridge,
  pciDeviceReg,
  pciDeviceBusNum,
  simpleBusBridge,
  simpleBusReg,
  i2cBusBridge,
  i2cBusReg,
  spiBusBridge,
  spiBusReg,
  avoidDefaultAddrSize,
  avoidUnnecessaryAddrSize,
  uniqueUnitAddress,
  uniqueUnitAddressIfEnabled,
  obsoleteChosenInterruptController,
  chosenNodeIsRoot,
  chosenNodeBootargs,
  chosenNodeStdoutPath,
  clocksIsCell,
  clocksProperty,
  coolingDeviceIsCell,
  coolingDeviceProperty,
  dmasIsCell,
  dmasProperty,
  hwlocksIsCell,
  hwlocksProperty,
  interruptsExtendedIsCell,
  interruptsExtendedProperty,
  ioChannelsIsCell,
  ioChannelsProperty,
  iommusIsCell,
  iommusProperty,
  mboxesIsCell,
  mboxesProperty,
  msiParentIsCell,
  msiParentProperty,
  muxControlsIsCell,
  muxControlsProperty,
  physIsCell,
  physProperty,
  powerDomainsIsCell,
  powerDomainsProperty,
  pwmsIsCell,
  pwmsProperty,
  resetsIsCell,
  resetsProperty,
  soundDaiIsCell,
  soundDaiProperty,
  thermalSensorsIsCell,
  thermalSensorsProperty,
  deprecatedGpioProperty,
  gpiosProperty,
  interruptsProperty,
  interruptProvider,
  interruptMap,
  aliasPaths,
  graphNodes,
  graphPort,
  graphEndpoint,
  alwaysFail,
];
