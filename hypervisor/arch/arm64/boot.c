/* SPDX-License-Identifier: Apache-2.0 */
/* From the first mapped instruction to the portable code, on the boot CPU and on the others. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/boot.h>
#include <xi/check.h>
#include <xi/cpu.h>
#include <xi/device.h>
#include <xi/firmware.h>
#include <xi/stage2.h>

#include <arch/cpu.h>
#include <arch/layout.h>
#include <arch/mmu.h>
#include <arch/sysreg.h>

#define MPIDR_AFFINITY 0xff00ffffffULL
#define START_LIMIT_SECONDS 2u

extern char _start[], _end[], boot_secondary[];
extern const struct xi_boot_header boot_header;

struct cpu cpus[XI_MAX_CPUS];
uint32_t cpu_count = 1;

/* Read by boot_secondary with the MMU off: two words in memory, past the caches. Each CPU has its own, because one
 * that was given up may still come. */
static struct {
    uint64_t table;
    struct cpu *cpu;
} __attribute__((aligned(64))) boot_cpus[XI_MAX_CPUS];

static uint8_t stacks[XI_MAX_CPUS][STACK_STRIDE] __attribute__((section(".stacks"), aligned(PAGE_BYTES), used));

uintptr_t __stack_chk_guard = 0x78656e696d670a00;
_Noreturn void __stack_chk_fail(void);
_Noreturn void arch_boot(uint64_t dtb, uint64_t load);
_Noreturn void arch_boot_secondary(struct cpu *cpu);

void __stack_chk_fail(void)
{
    xi_panic("stack smashed");
}

uint64_t arch_mpidr(void)
{
    return sysreg_read(mpidr_el1) & MPIDR_AFFINITY;
}

const struct xi_boot_header *arch_boot_header(void)
{
    return &boot_header;
}

xi_err arch_map_ram(pa_t start, uint64_t size)
{
    return mmu_map_ram(start, size);
}

mmio_t mmio_map(pa_t start, uint64_t size)
{
    return (mmio_t){(volatile uint8_t *)mmu_map_device(start, size)};
}

void arch_init_traps(void)
{
    cpu_init_traps(stage2_vtcr());
}

__attribute__((no_stack_protector)) void arch_boot(uint64_t dtb, uint64_t load)
{
    __stack_chk_guard ^= sysreg_read(cntpct_el0) << 8; /* the low byte stays zero: it ends strings */
    sysreg_write(tpidr_el2, &cpus[0]);
    mmu_init(load);
    cpus[0].stack_top = stacks[0] + STACK_STRIDE;
    cpus[0].mpidr = arch_mpidr();
    cpus[0].online = true;

    struct boot_info boot = {
        .load = {load},
        .core_size = (uint64_t)(_end - _start),
        .loader_dtb = {dtb},
    };
    core_main(&boot);
}

void arch_boot_secondary(struct cpu *cpu)
{
    sysreg_write(tpidr_el2, cpu);
    core_main_secondary();
}

xi_err arch_start_cpu(uint32_t index)
{
    struct cpu *cpu = &cpus[index];

    cpu->index = index;
    cpu->stack_top = stacks[index] + STACK_STRIDE;
    boot_cpus[index].table = mmu_root();
    boot_cpus[index].cpu = cpu;
    arch_cache_flush(&boot_cpus[index], sizeof(boot_cpus[index]));
    xi_err err = firmware_cpu_on(cpu->mpidr, arch_va_to_pa(boot_secondary), arch_va_to_pa(&boot_cpus[index]).pa);
    if (err != XI_OK) {
        return err;
    }
    uint64_t limit = arch_counter() + (uint64_t)START_LIMIT_SECONDS * arch_counter_frequency();
    while (!__atomic_load_n(&cpu->online, __ATOMIC_ACQUIRE)) {
        if (arch_counter() > limit) {
            return XI_ERR_TIMEOUT;
        }
        arch_relax();
    }
    return XI_OK;
}

void arch_all_cpus_up(void)
{
    mmu_drop_identity();
}
