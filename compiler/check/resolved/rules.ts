import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";
import { affinityIgnored } from "./affinity-ignored.ts";
import { affinityOutsidePool } from "./affinity-outside-pool.ts";
import { assignedTreeTooLarge } from "./assigned-tree-too-large.ts";
import { bankAcrossRam0 } from "./bank-across-ram0.ts";
import { beyondACpu } from "./beyond-a-cpu.ts";
import { budgetBeyondPeriod } from "./budget-beyond-period.ts";
import { builtWithout } from "./built-without.ts";
import { capBeyondVcpus } from "./cap-beyond-vcpus.ts";
import { capabilityTwice } from "./capability-twice.ts";
import { channelsWithoutEnhanced } from "./channels-without-enhanced.ts";
import { coloringOff } from "./coloring-off.ts";
import { colorsBeyondCache } from "./colors-beyond-cache.ts";
import { colorsInherited } from "./colors-inherited.ts";
import { colorsMemory } from "./colors-memory.ts";
import { colorsStaticMemory } from "./colors-static-memory.ts";
import { colorsUnordered } from "./colors-unordered.ts";
import { commandLineTooLong } from "./command-line-too-long.ts";
import { consoleNamedInVain } from "./console-named-in-vain.ts";
import { consoleNotVpl011 } from "./console-not-vpl011.ts";
import { consoleWithoutVpl011 } from "./console-without-vpl011.ts";
import { controllerWithoutPhandle } from "./controller-without-phandle.ts";
import { coreNeedsPpis } from "./core-needs-ppis.ts";
import { coreNeedsPsci } from "./core-needs-psci.ts";
import { coreNeedsUart } from "./core-needs-uart.ts";
import { coreNeedsVirtualGic } from "./core-needs-virtual-gic.ts";
import { corePrintsElsewhere } from "./core-prints-elsewhere.ts";
import { cpuBeyondMaximum } from "./cpu-beyond-maximum.ts";
import { cpuInTwoPools } from "./cpu-in-two-pools.ts";
import { cpuLeftOff } from "./cpu-left-off.ts";
import { deviceAssignedTwice } from "./device-assigned-twice.ts";
import { deviceDma } from "./device-dma.ts";
import { deviceInterrupt } from "./device-interrupt.ts";
import { deviceOfHypervisor } from "./device-of-hypervisor.ts";
import { devicePageShared } from "./device-page-shared.ts";
import { deviceStreamShared } from "./device-stream-shared.ts";
import { deviceWithoutRegisters } from "./device-without-registers.ts";
import { directMapBaseUnaligned } from "./direct-map-base-unaligned.ts";
import { directMapRedistributors } from "./direct-map-redistributors.ts";
import { directMapRegions } from "./direct-map-regions.ts";
import { directMapUart } from "./direct-map-uart.ts";
import { directMapWithoutBanks } from "./direct-map-without-banks.ts";
import { domainNameTooLong } from "./domain-name-too-long.ts";
import { enhancedNeedsXenstore } from "./enhanced-needs-xenstore.ts";
import { enhancedStaticMemory } from "./enhanced-static-memory.ts";
import { grantsBeyondCore } from "./grants-beyond-core.ts";
import { grantsWithoutEnhanced } from "./grants-without-enhanced.ts";
import { guestRamExceeded } from "./guest-ram-exceeded.ts";
import { guestTreeTooLarge } from "./guest-tree-too-large.ts";
import { gzipContent } from "./gzip-content.ts";
import { hardwareDomainIommu } from "./hardware-domain-iommu.ts";
import { hardwareDomain } from "./hardware-domain.ts";
import { heapBudget } from "./heap-budget.ts";
import { heapUnaligned } from "./heap-unaligned.ts";
import { kernel32Bit } from "./kernel-32-bit.ts";
import { kernelBigEndian } from "./kernel-big-endian.ts";
import { kernelIsHypervisor } from "./kernel-is-hypervisor.ts";
import { kernelTextOffset } from "./kernel-text-offset.ts";
import { kernelUnrecognised } from "./kernel-unrecognised.ts";
import { legacyStaticMemory } from "./legacy-static-memory.ts";
import { loadAddressUnusable } from "./load-address-unusable.ts";
import { memoryNotPages } from "./memory-not-pages.ts";
import { notArmv8r } from "./not-armv8r.ts";
import { nullAffinity } from "./null-affinity.ts";
import { nullOversubscribed } from "./null-oversubscribed.ts";
import { optionBeyondCore } from "./option-beyond-core.ts";
import { optionUnknown } from "./option-unknown.ts";
import { p2mMemorySmall } from "./p2m-memory-small.ts";
import { parameterOfAnotherScheduler } from "./parameter-of-another-scheduler.ts";
import { passthroughDisabled } from "./passthrough-disabled.ts";
import { phandleReserved } from "./phandle-reserved.ts";
import { policyBeyondCore } from "./policy-beyond-core.ts";
import { policyUnrecognised } from "./policy-unrecognised.ts";
import { poolMisnumbered } from "./pool-misnumbered.ts";
import { poolMixesModels } from "./pool-mixes-models.ts";
import { poolRenumbered } from "./pool-renumbered.ts";
import { portUsedTwice } from "./port-used-twice.ts";
import { pvBothEnds } from "./pv-both-ends.ts";
import { pvConsoleUnattached } from "./pv-console-unattached.ts";
import { pvDeviceShared } from "./pv-device-shared.ts";
import { pvDiskDevice } from "./pv-disk-device.ts";
import { pvDiskName } from "./pv-disk-name.ts";
import { pvMacTwice } from "./pv-mac-twice.ts";
import { pvNameTwice } from "./pv-name-twice.ts";
import { pvNeedsToolstack } from "./pv-needs-toolstack.ts";
import { pvNotEnhanced } from "./pv-not-enhanced.ts";
import { pvRefusedByPolicy } from "./pv-refused-by-policy.ts";
import { pvUnserved } from "./pv-unserved.ts";
import { queuesBeyondLimits } from "./queues-beyond-limits.ts";
import { ramdiskUnrecognised } from "./ramdisk-unrecognised.ts";
import { regionOnDevice } from "./region-on-device.ts";
import { regionOutsideRam } from "./region-outside-ram.ts";
import { regionOverlap } from "./region-overlap.ts";
import { reservedNamedMemory } from "./reserved-named-memory.ts";
import { rtdsAffinityMixed } from "./rtds-affinity-mixed.ts";
import { rtdsOvercommitted } from "./rtds-overcommitted.ts";
import { scheduleBeyondFrame } from "./schedule-beyond-frame.ts";
import { scheduleCpus } from "./schedule-cpus.ts";
import { scheduleMissing } from "./schedule-missing.ts";
import { schedulerMissing } from "./scheduler-missing.ts";
import { schedulingIgnored } from "./scheduling-ignored.ts";
import { sciTwice } from "./sci-twice.ts";
import { sharedMemoryNameTooLong } from "./shared-memory-name-too-long.ts";
import { sharedMemoryNotPages } from "./shared-memory-not-pages.ts";
import { sharedMemoryOffTheMap } from "./shared-memory-off-the-map.ts";
import { sharedMemoryTwice } from "./shared-memory-twice.ts";
import { sharedMemoryViewOfNobody } from "./shared-memory-view-of-nobody.ts";
import { shutdownActionIgnored } from "./shutdown-action-ignored.ts";
import { spisTooFew } from "./spis-too-few.ts";
import { staticBankTooLarge } from "./static-bank-too-large.ts";
import { staticBankUnaligned } from "./static-bank-unaligned.ts";
import { storeDirectMap } from "./store-direct-map.ts";
import { tooManyAssigned } from "./too-many-assigned.ts";
import { tooManyBanks } from "./too-many-banks.ts";
import { tooManyLinks } from "./too-many-links.ts";
import { tooManyModules } from "./too-many-modules.ts";
import { tooManyVcpus } from "./too-many-vcpus.ts";
import { treeTooDeep } from "./tree-too-deep.ts";
import { uimageLoadIgnored } from "./uimage-load-ignored.ts";
import { vcpuWithoutWindow } from "./vcpu-without-window.ts";
import { vcpusBeyondCpus } from "./vcpus-beyond-cpus.ts";
import { vcpusExceedPool } from "./vcpus-exceed-pool.ts";
import { windowOfNobody } from "./window-of-nobody.ts";
import { xenNeedsTimer } from "./xen-needs-timer.ts";
import { xenNeedsVirtualGic } from "./xen-needs-virtual-gic.ts";

/** Every rule that needs no addresses beyond those the user wrote, in the order of their names. */
export const resolvedRules: readonly Rule<ResolvedSystem>[] = [
  affinityIgnored,
  affinityOutsidePool,
  assignedTreeTooLarge,
  bankAcrossRam0,
  beyondACpu,
  budgetBeyondPeriod,
  builtWithout,
  capBeyondVcpus,
  capabilityTwice,
  channelsWithoutEnhanced,
  coloringOff,
  colorsBeyondCache,
  colorsInherited,
  colorsMemory,
  colorsStaticMemory,
  colorsUnordered,
  commandLineTooLong,
  consoleNamedInVain,
  consoleNotVpl011,
  consoleWithoutVpl011,
  controllerWithoutPhandle,
  coreNeedsPpis,
  coreNeedsPsci,
  coreNeedsUart,
  coreNeedsVirtualGic,
  corePrintsElsewhere,
  cpuBeyondMaximum,
  cpuInTwoPools,
  cpuLeftOff,
  deviceAssignedTwice,
  deviceDma,
  deviceInterrupt,
  deviceOfHypervisor,
  devicePageShared,
  deviceStreamShared,
  deviceWithoutRegisters,
  directMapBaseUnaligned,
  directMapRedistributors,
  directMapRegions,
  directMapUart,
  directMapWithoutBanks,
  domainNameTooLong,
  enhancedNeedsXenstore,
  enhancedStaticMemory,
  grantsBeyondCore,
  grantsWithoutEnhanced,
  guestRamExceeded,
  guestTreeTooLarge,
  gzipContent,
  hardwareDomain,
  hardwareDomainIommu,
  heapBudget,
  heapUnaligned,
  kernel32Bit,
  kernelBigEndian,
  kernelIsHypervisor,
  kernelTextOffset,
  kernelUnrecognised,
  legacyStaticMemory,
  loadAddressUnusable,
  memoryNotPages,
  notArmv8r,
  nullAffinity,
  nullOversubscribed,
  optionBeyondCore,
  optionUnknown,
  p2mMemorySmall,
  parameterOfAnotherScheduler,
  passthroughDisabled,
  phandleReserved,
  policyBeyondCore,
  policyUnrecognised,
  poolMisnumbered,
  poolMixesModels,
  poolRenumbered,
  portUsedTwice,
  pvBothEnds,
  pvConsoleUnattached,
  pvDeviceShared,
  pvDiskDevice,
  pvDiskName,
  pvMacTwice,
  pvNameTwice,
  pvNeedsToolstack,
  pvNotEnhanced,
  pvRefusedByPolicy,
  pvUnserved,
  queuesBeyondLimits,
  ramdiskUnrecognised,
  regionOnDevice,
  regionOutsideRam,
  regionOverlap,
  reservedNamedMemory,
  rtdsAffinityMixed,
  rtdsOvercommitted,
  scheduleBeyondFrame,
  scheduleCpus,
  scheduleMissing,
  schedulerMissing,
  schedulingIgnored,
  sciTwice,
  sharedMemoryNameTooLong,
  sharedMemoryNotPages,
  sharedMemoryOffTheMap,
  sharedMemoryTwice,
  sharedMemoryViewOfNobody,
  shutdownActionIgnored,
  spisTooFew,
  staticBankTooLarge,
  staticBankUnaligned,
  storeDirectMap,
  tooManyAssigned,
  tooManyBanks,
  tooManyLinks,
  tooManyModules,
  tooManyVcpus,
  treeTooDeep,
  uimageLoadIgnored,
  vcpuWithoutWindow,
  vcpusBeyondCpus,
  vcpusExceedPool,
  windowOfNobody,
  xenNeedsTimer,
  xenNeedsVirtualGic,
];
