import { MiB } from "../../base/units.ts";
import type { ImportedDomain } from "../system.ts";
import type { Configuration, Setting } from "./configuration.ts";
import { wholeNumber } from "./configuration.ts";

export interface Bank {
  readonly at: number;
  readonly size: number;
}

/** "base size base size …"; a value that is no such list is told. */
export function readBanks(config: Configuration, setting: Setting): readonly Bank[] | undefined {
  const numbers = setting.value.trim().split(/\s+/).map(wholeNumber);
  const banks: Bank[] = [];
  for (let index = 0; index < numbers.length; index += 2) {
    const [at, size] = numbers.slice(index, index + 2);
    if (at === undefined || size === undefined || size === 0) {
      config.refuse(setting, 'pairs of an address and a size, such as "0x40000000 0x4000000"');
      return undefined;
    }
    banks.push({ at, size });
  }
  return banks;
}

/** Of a domain without DOMU_MEM. */
const usualMiB = 512;

/** DOMU_STATIC_MEM, which decides over DOMU_MEM; ImageBuilder maps it directly unless DOMU_DIRECT_MAP says otherwise. */
export function domainMemory(config: Configuration, domain: number): Pick<ImportedDomain, "memory" | "directMap"> {
  const size = config.number("DOMU_MEM", [domain], [1, 2 ** 32]) ?? usualMiB;
  const setting = config.get("DOMU_STATIC_MEM", domain);
  const direct = config.flag("DOMU_DIRECT_MAP", domain);
  const banks = setting && readBanks(config, setting);
  if (banks === undefined) return { memory: MiB(size), ...(direct === true && { directMap: true }) };
  return { memory: banks, ...(direct !== false && { directMap: true }) };
}
