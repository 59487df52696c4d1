/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which the system starts. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/boot.h>
#include <xi/build.h>
#include <xi/check.h>
#include <xi/config.h>
#include <xi/console.h>
#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/fdt.h>
#include <xi/firmware.h>
#include <xi/gic.h>
#include <xi/image.h>
#include <xi/irq.h>
#include <xi/pages.h>
#include <xi/print.h>
#include <xi/sched.h>
#include <xi/stage2.h>
#include <xi/uart.h>

#define VERSION "0.1.0"

const struct gic_ops *gic = &gicv3;

static struct image image;
static struct system_config config;
static struct page_heap heap;
static struct guest_map maps[CONFIG_MAX_DOMAINS];
static struct cpupool pools[CONFIG_MAX_CPUS];
static bool pools_ready; /* the other CPUs may run vCPUs */

static _Noreturn void stop(const char *why)
{
    xi_log("error: %s", why);
    console_drain();
    arch_park();
}

/* Maps the device tree; its machine range. Outside RAM too: a loader may keep it in flash. */
static struct pa_range find_tree(const struct boot_info *boot)
{
    struct pa_range tree;

    if (image_open(arch_boot_header(), boot->load, boot->core_size, &image) != XI_OK) {
        arch_park(); /* nobody to tell: there is no console without a tree */
    }
    tree = image.dtb;
    if (!image.linked) {
        const uint64_t first = xi_align_down(boot->loader_dtb.pa, XI_PAGE);
        if (boot->loader_dtb.pa == 0 || boot->loader_dtb.pa % 8 != 0 ||
            arch_map_ram((pa_t){first}, XI_PAGE) != XI_OK) {
            arch_park();
        }
        /* totalsize: the second word of the header, in the same page because of the alignment */
        uint32_t size = xi_read_be32((const uint8_t *)arch_pa_to_va(boot->loader_dtb) + 4);
        tree = (struct pa_range){boot->loader_dtb, size < FDT_MAX_SIZE ? size : FDT_MAX_SIZE};
    }
    uint64_t first = xi_align_down(tree.start.pa, XI_PAGE);
    if (arch_map_ram((pa_t){first}, xi_align_up(tree.start.pa + tree.size, XI_PAGE) - first) != XI_OK) {
        arch_park();
    }
    return tree;
}

static xi_err map_memory(const void *blob, size_t size, struct config_error *why)
{
    xi_err err = config_read_memory(blob, size, &config.machine, why);

    for (uint32_t i = 0; err == XI_OK && i < config.machine.memory_count; i++) {
        const struct pa_range *m = &config.machine.memory[i];
        uint64_t first = xi_align_up(m->start.pa, XI_PAGE);
        uint64_t end = xi_align_down(m->start.pa + m->size, XI_PAGE);
        if (end > first && arch_map_ram((pa_t){first}, end - first) != XI_OK) {
            (void)xi_snprintf(why->line, sizeof(why->line), "/memory: reg: more than the core can map");
            err = XI_ERR_NO_SPACE;
        }
    }
    return err;
}

static void attach_console(void)
{
    const struct pa_range *registers = &config.machine.uart.registers;

    if (registers->size != 0 && pl011.init(registers->start, registers->size) == XI_OK) {
        console_attach(&pl011);
    }
}

/* What is wrong is said once it is known where the console is. */
static void read_config(struct pa_range tree)
{
    const void *blob = arch_pa_to_va(tree.start);
    struct config_error memory, rest;
    xi_err mapped = map_memory(blob, tree.size, &memory);
    xi_err read = config_read(blob, tree.size, &image, tree.start, arch_mpidr(), &config, &rest);

    attach_console();
    if (mapped != XI_OK) {
        stop(memory.line);
    }
    if (read != XI_OK) {
        stop(rest.line);
    }
}

static void log_range(const char *what, uint32_t index, const struct pa_range *range)
{
    xi_log("%s[%u] 0x%012llx-0x%012llx (%lluKB)", what, index, (unsigned long long)range->start.pa,
           (unsigned long long)(range->start.pa + range->size), (unsigned long long)(range->size >> 10));
}

static void log_machine(void)
{
    const struct config_machine *m = &config.machine;

    xi_log("xenimg core " VERSION ", arm64");
    xi_log("image 0x%012llx-0x%012llx, device tree %s", (unsigned long long)image.range.start.pa,
           (unsigned long long)(image.range.start.pa + image.range.size), image.linked ? "inside" : "from the loader");
    for (uint32_t i = 0; i < m->memory_count; i++) {
        log_range("RAM", i, &m->memory[i]);
    }
    for (uint32_t i = 0; i < m->reserved_count; i++) {
        log_range("RESERVED", i, &m->reserved[i]);
    }
    for (uint32_t i = 0; i < config.heap_count; i++) {
        log_range("HEAP", i, &config.heap[i]);
    }
}

static void init_gic(void)
{
    const struct config_gic *g = &config.machine.gic;
    struct gic_region regions[CONFIG_MAX_REDISTRIBUTORS];

    if (g->version != 3) {
        stop("/interrupt-controller: compatible: must be arm,gic-v3");
    }
    for (uint32_t i = 0; i < g->redistributor_count; i++) {
        regions[i] = (struct gic_region){g->redistributors[i].start, g->redistributors[i].size};
    }
    if (gic->init((struct gic_region){g->distributor.start, g->distributor.size}, regions, g->redistributor_count) !=
        XI_OK) {
        stop("/interrupt-controller: reg: no GICv3 answers there");
    }
}

static xi_err init_this_cpu(void)
{
    xi_err err = gic->init_cpu(this_cpu());

    if (err != XI_OK) {
        return err;
    }
    if (arch_address_bits() < stage2_address_bits()) {
        return XI_ERR_UNSUPPORTED;
    }
    arch_init_traps();
    gic->enable(IRQ_SGI_KICK, true);
    gic->enable(IRQ_PPI_MAINTENANCE, true);
    gic->enable(IRQ_PPI_HYP_TIMER, true);
    gic->enable(IRQ_PPI_VIRTUAL_TIMER, true);
    return XI_OK;
}

static void start_cpus(void)
{
    stage2_set_address_bits(arch_address_bits());
    init_gic();
    if (init_this_cpu() != XI_OK) {
        stop("/interrupt-controller: reg: no redistributor for the boot CPU");
    }
    firmware_init(config.machine.psci_hvc);
    cpu_count = config.machine.cpu_count;
    uint32_t online = 1;
    for (uint32_t i = 1; i < cpu_count; i++) {
        cpus[i].mpidr = config.machine.cpus[i].mpidr;
        xi_err err = config.machine.psci ? arch_start_cpu(i) : XI_ERR_UNSUPPORTED;
        if (err == XI_OK) {
            online++;
        } else {
            xi_log("CPU%u (MPIDR 0x%llx) does not start: %s", i, (unsigned long long)cpus[i].mpidr, xi_err_text(err));
        }
    }
    arch_all_cpus_up();
    xi_log("Brought up %u CPUs", online);
}

static void make_pools(void)
{
    for (uint32_t i = 0; i < config.pool_count; i++) {
        const struct config_pool *from = &config.pools[i];
        struct cpupool *pool = &pools[i];
        pool->id = i;
        for (uint32_t c = 0; c < from->cpu_count; c++) {
            if (cpus[from->cpus[c]].online) {
                pool->cpus[pool->cpu_count++] = &cpus[from->cpus[c]];
            }
        }
        for (uint32_t d = 0; d < config.domain_count; d++) {
            pool->vcpu_limit += config.domains[d].pool == i ? config.domains[d].cpus : 0;
        }
        if (pool->cpu_count == 0 && pool->vcpu_limit != 0) {
            stop("cpupool: cpupool-cpus: none of them is online");
        }
        if (pool->vcpu_limit != 0) {
            pool->vcpus = pages_alloc(&heap, pool->vcpu_limit * sizeof(struct vcpu *), XI_PAGE);
            XI_CHECK(pool->vcpus != NULL);
        }
    }
}

/* Every domain's share, before the core takes anything from the heap's top. */
static void divide_memory(void)
{
    for (uint32_t i = 0; i < config.domain_count; i++) {
        xi_err err = build_memory(&config, &config.domains[i], &heap, &maps[i]);
        if (err != XI_OK) {
            xi_log("error: %s: memory: %s", config.domains[i].name, xi_err_text(err));
            stop("not every domain gets its memory");
        }
    }
}

static void log_domain(const struct domain *d)
{
    xi_log("d%u (%s): %u vCPUs, %lluKB, Pool-%u", d->id, d->name, d->vcpu_count,
           (unsigned long long)(d->config->memory >> 10), d->config->pool);
    for (uint32_t i = 0; i < d->map->bank_count; i++) {
        const struct guest_bank *b = &d->map->banks[i];
        xi_log("d%u BANK[%u] 0x%012llx-0x%012llx (%lluMB) at 0x%012llx", d->id, i, (unsigned long long)b->guest.ipa,
               (unsigned long long)(b->guest.ipa + b->size), (unsigned long long)(b->size >> 20),
               (unsigned long long)b->machine.pa);
    }
}

static void build_domains(void)
{
    for (uint32_t i = 0; i < config.domain_count; i++) {
        struct domain *d = build_domain(&config, &config.domains[i], &maps[i], &heap);
        console_add_domain(d);
        for (uint32_t v = 0; v < d->vcpu_count; v++) {
            sched_add_vcpu(&pools[config.domains[i].pool], d->vcpus[v]);
        }
    }
    for (uint32_t i = 0; i < config.pool_count; i++) {
        if (pools[i].vcpu_count == 0) {
            continue;
        }
        sched_seal(&pools[i]);
        xi_log("Pool-%u: %u CPUs, %u vCPUs%s", i, pools[i].cpu_count, pools[i].vcpu_count,
               pools[i].vcpu_count <= pools[i].cpu_count ? ", pinned" : "");
    }
}

static void start_domains(void)
{
    for (uint32_t i = 1; i <= domain_count(); i++) {
        log_domain(domain_by_id(i));
        if (domain_start(domain_by_id(i)) != XI_OK) {
            stop("not every domain can start");
        }
    }
}

/* From here on every CPU runs what its pool has for it. */
static _Noreturn void run(void)
{
    for (uint32_t i = 0; i < config.pool_count; i++) {
        for (uint32_t c = 0; c < pools[i].cpu_count; c++) {
            pools[i].cpus[c]->pool = &pools[i];
        }
    }
    __atomic_store_n(&pools_ready, true, __ATOMIC_RELEASE);
    for (uint32_t i = 1; i < cpu_count; i++) {
        if (cpus[i].online) {
            gic->send_kick(&cpus[i]);
        }
    }
    sched_run();
    arch_enter_guest();
}

void core_main(const struct boot_info *boot)
{
    console_init();
    struct pa_range tree = find_tree(boot);
    read_config(tree);
    log_machine();
    start_cpus();
    if (config_fill_heap(&config, &image, &heap) != XI_OK) {
        stop("/memory: reg: too many pieces");
    }
    divide_memory();
    make_pools();
    build_domains();
    start_domains();
    console_start_input(config.machine.uart.intid);
    run();
}

void core_main_secondary(void)
{
    if (init_this_cpu() != XI_OK) {
        arch_park(); /* the boot CPU stops waiting for it and says so */
    }
    __atomic_store_n(&this_cpu()->online, true, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&pools_ready, __ATOMIC_ACQUIRE)) {
        arch_idle();
        irq_dispatch();
    }
    sched_run();
    arch_enter_guest();
}
