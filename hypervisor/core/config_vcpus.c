/* SPDX-License-Identifier: Apache-2.0 */
/* xen,vcpu nodes of a domain (Xen docs/misc/arm/device-tree/booting.txt, from 4.21 on), and what is ours in them. */
#include <stddef.h>
#include <stdint.h>

#include "config_reader.h"

#define NO_NUMBER UINT32_MAX

/* A decimal number at *at, which moves behind it; NO_NUMBER where there is none below `limit`. */
static uint32_t number(const char **at, uint32_t limit)
{
    uint32_t value = NO_NUMBER;

    for (; **at >= '0' && **at <= '9'; ++*at) {
        value = (value == NO_NUMBER ? 0 : value) * 10 + (uint32_t)(**at - '0');
        if (value >= limit) {
            return NO_NUMBER;
        }
    }
    return value;
}

/* "0-3,5": numbers of CPUs and ranges of them, both ends included, separated by commas. 0: it is none. */
static uint32_t cpu_list(const char *text, uint32_t cpu_count)
{
    uint32_t mask = 0;

    for (;;) {
        uint32_t first = number(&text, cpu_count), last = first;
        if (*text == '-') {
            text++;
            last = number(&text, cpu_count);
        }
        if (first == NO_NUMBER || last == NO_NUMBER || last < first) {
            return 0;
        }
        for (uint32_t cpu = first; cpu <= last; cpu++) {
            mask |= 1u << cpu;
        }
        if (*text != ',') {
            return *text == '\0' ? mask : 0;
        }
        text++;
    }
}

static xi_err read_affinity(const struct config_reader *reader, fdt_node node, const struct domain_config *domain,
                            struct config_vcpu *vcpu)
{
    static const char name[] = "hard-affinity";
    const struct config_machine *machine = &reader->config->machine;
    const char *text = fdt_string(&reader->fdt, node, name);

    if (!fdt_has(&reader->fdt, node, name)) {
        return XI_OK;
    }
    vcpu->affinity = text == NULL ? 0 : cpu_list(text, machine->cpu_count);
    if (vcpu->affinity == 0) {
        return config_refuse(reader, node, name, "not a list of CPUs from 0 to %u", machine->cpu_count - 1);
    }
    for (uint32_t cpu = 0; cpu < machine->cpu_count; cpu++) {
        if ((vcpu->affinity & 1u << cpu) != 0 && machine->cpus[cpu].pool != domain->pool) {
            return config_refuse(reader, node, name, "CPU %u is not in the domain's pool", cpu);
        }
    }
    return XI_OK;
}

xi_err config_read_vcpu(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    uint32_t id;

    if (!fdt_u32(&reader->fdt, node, "id", &id) || id >= domain->cpus) {
        return config_refuse(reader, node, "id", "missing, or not 0 to %u", domain->cpus - 1);
    }
    struct config_vcpu *vcpu = &domain->vcpus[id];
    if (vcpu->described) {
        return config_refuse(reader, node, "id", "another node describes vCPU %u", id);
    }
    vcpu->described = true;
    xi_err err = read_affinity(reader, node, domain, vcpu);
    return err == XI_OK ? config_read_reservation(reader, node, domain, vcpu) : err;
}
