import type { Check } from "./check.ts";
import { addrSizeCells, addressCellsIsCell, sizeCellsIsCell } from "./rules/cell-properties.ts";
import { avoidDefaultAddrSize, avoidUnnecessaryAddrSize } from "./rules/addr-size.ts";
import { aliasPaths } from "./rules/alias-paths.ts";
import { alwaysFail } from "./rules/always-fail.ts";
import {
  chosenNodeBootargs,
  chosenNodeIsRoot,
  chosenNodeStdoutPath,
  obsoleteChosenInterruptController,
} from "./rules/chosen.ts";
import { compatibleIsStringList, namesIsStringList } from "./rules/string-lists.ts";
import { deprecatedGpioProperty, gpiosProperty } from "./rules/gpios.ts";
import { deviceTypeIsString, labelIsString, modelIsString, statusIsString } from "./rules/string-properties.ts";
import { duplicateLabel } from "./rules/duplicate-label.ts";
import { duplicateNodeNames, duplicatePropertyNames } from "./rules/duplicate-names.ts";
import { explicitPhandles } from "./rules/explicit-phandles.ts";
import { graphEndpoint, graphNodes, graphPort } from "./rules/graph.ts";
import { i2cBusBridge, i2cBusReg } from "./rules/i2c.ts";
import { interruptMap } from "./rules/interrupt-map.ts";
import { interruptProvider, interruptsProperty } from "./rules/interrupts.ts";
import { nameIsString, nameProperties } from "./rules/name-property.ts";
import {
  nodeNameChars,
  nodeNameCharsStrict,
  nodeNameFormat,
  nodeNameNotEmpty,
  nodeNameVsPropertyName,
  propertyNameChars,
  propertyNameCharsStrict,
} from "./rules/name-characters.ts";
import { omitUnusedNodes, pathReferences, phandleReferences } from "./rules/references.ts";
import { pciBridge, pciDeviceBusNum, pciDeviceReg } from "./rules/pci.ts";
import { bindings } from "./rules/phandle-args.ts";
import { dmaRangesFormat, rangesFormat } from "./rules/ranges-format.ts";
import { regFormat } from "./rules/reg-format.ts";
import { simpleBusBridge, simpleBusReg } from "./rules/simple-bus.ts";
import { spiBusBridge, spiBusReg } from "./rules/spi.ts";
import {
  uniqueUnitAddresses,
  uniqueUnitAddressesIfEnabled,
  unitAddressFormat,
  unitAddressVsReg,
} from "./rules/unit-address.ts";

/** References: the checks that change the tree. */
export const referenceChecks: readonly Check[] = [explicitPhandles, phandleReferences, pathReferences, omitUnusedNodes];

/** All of dtc's checks in the order in which it runs them. */
export const checks: readonly Check[] = [
  duplicateNodeNames,
  duplicatePropertyNames,
  nodeNameChars,
  nodeNameFormat,
  nodeNameNotEmpty,
  nodeNameVsPropertyName,
  propertyNameChars,
  nameIsString,
  nameProperties,
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
  uniqueUnitAddresses,
  uniqueUnitAddressesIfEnabled,
  obsoleteChosenInterruptController,
  chosenNodeIsRoot,
  chosenNodeBootargs,
  chosenNodeStdoutPath,
  ...bindings,
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
