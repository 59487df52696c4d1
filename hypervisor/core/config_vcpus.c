/* SPDX-License-Identifier: Apache-2.0 */
/* xen,vcpu nodes of a domain (Xen docs/misc/arm/device-tree/booting.txt, from 4.21 on), and what is ours in them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config_reader.h"

#define NOTHING UINT32_MAX /* no number has begun */

_Static_assert(CONFIG_MAX_CPUS <= 32, "struct config_vcpu has a bit for each CPU");

static uint32_t bits_between(uint32_t first, uint32_t last)
{
    return (2u << last) - (1u << first); /* for bit 31 the minuend wraps to 0, as it must */
}

/* hard-affinity: numbers of CPUs and ranges of them ("4-6", both ends included), separated by commas; nothing else.
 * False, and *cpus as it was, where it is none, or names a CPU that is not below `cpu_count`. */
static bool read_cpus(const char *list, uint32_t cpu_count, uint32_t *cpus)
{
    uint32_t found = 0, first = NOTHING, number = NOTHING;

    for (;; list++) {
        if (*list >= '0' && *list <= '9') {
            number = (number == NOTHING ? 0 : number * 10) + (uint32_t)(*list - '0');
            if (number >= cpu_count) {
                return false; /* at the first digit too many: nothing overflows */
            }
        } else if (number == NOTHING) {
            return false;
        } else if (*list == '-' && first == NOTHING) {
            first = number, number = NOTHING;
        } else if (*list == ',' || *list == '\0') {
            first = first == NOTHING ? number : first;
            if (first > number) {
                return false;
            }
            found |= bits_between(first, number);
            if (*list == '\0') {
                *cpus = found;
                return true;
            }
            first = number = NOTHING;
        } else {
            return false;
        }
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
    if (text == NULL || !read_cpus(text, machine->cpu_count, &vcpu->affinity)) {
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
