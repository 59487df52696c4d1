/* SPDX-License-Identifier: Apache-2.0 */
/* Schedulers of the pools (Xen docs/misc/arm/device-tree/cpupools.txt, and sched= of xen-command-line.pandoc), and what
 * they promise to domains. */
#include <stddef.h>
#include <stdint.h>

#include <xi/reserve.h>
#include <xi/string.h>

#include "config_reader.h"

static const struct {
    const char *name;
    enum config_scheduler scheduler;
} known[] = {
    {"null", CONFIG_SCHED_NULL},
    {"credit2", CONFIG_SCHED_CREDIT2},
    {"rtds", CONFIG_SCHED_RTDS},
    {"arinc653", CONFIG_SCHED_ARINC653},
    {"credit", CONFIG_SCHED_CREDIT2}, /* it promises nothing that credit2 does not keep */
};

static bool find(const char *name, size_t length, enum config_scheduler *scheduler)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i].name) == length && strncmp(name, known[i].name, length) == 0) {
            *scheduler = known[i].scheduler;
            return true;
        }
    }
    return false;
}

xi_err config_read_default_scheduler(struct config_reader *reader, fdt_node chosen)
{
    size_t length;
    const char *name = config_option(reader->config->bootargs, "sched=", &length);

    reader->scheduler = CONFIG_SCHED_CREDIT2;
    if (name == NULL || find(name, length, &reader->scheduler)) {
        return XI_OK;
    }
    return config_refuse(reader, chosen, "xen,xen-bootargs", "no scheduler \"%.*s\"", (int)length, name);
}

xi_err config_read_scheduler(const struct config_reader *reader, fdt_node pool, enum config_scheduler *scheduler)
{
    const char *name = fdt_string(&reader->fdt, pool, "cpupool-sched");

    *scheduler = reader->scheduler;
    if (!fdt_has(&reader->fdt, pool, "cpupool-sched") ||
        (name != NULL && find(name, strlen(name), scheduler))) {
        return XI_OK;
    }
    return config_refuse(reader, pool, "cpupool-sched", "no scheduler \"%s\"", name == NULL ? "" : name);
}

/* Ours: no binding of Xen says what follows, because its toolstack does. The words and ranges are xl's (xl.1). */
static xi_err read_number(const struct config_reader *reader, fdt_node node, const char *name, uint32_t least,
                          uint32_t most, uint32_t *value)
{
    if (!fdt_has(&reader->fdt, node, name) ||
        (fdt_u32(&reader->fdt, node, name, value) && *value >= least && *value <= most)) {
        return XI_OK;
    }
    return config_refuse(reader, node, name, "not %u to %u", least, most);
}

/* A property for a scheduler that the domain's pool does not have. */
static xi_err check_listener(const struct config_reader *reader, fdt_node node, const struct domain_config *domain,
                             const char *name, enum config_scheduler scheduler)
{
    if (!fdt_has(&reader->fdt, node, name) || reader->config->pools[domain->pool].scheduler == scheduler) {
        return XI_OK;
    }
    return config_refuse(reader, node, name, "the scheduler of its pool is not %s", known[scheduler].name);
}

xi_err config_read_reservation(const struct config_reader *reader, fdt_node node, const struct domain_config *domain,
                               struct config_vcpu *vcpu)
{
    static const char budget[] = "xenimg,rtds-budget", period[] = "xenimg,rtds-period";
    xi_err err = check_listener(reader, node, domain, budget, CONFIG_SCHED_RTDS);

    if (err == XI_OK) {
        err = check_listener(reader, node, domain, period, CONFIG_SCHED_RTDS);
    }
    if (err == XI_OK) {
        err = read_number(reader, node, period, CONFIG_RTDS_MIN_PERIOD, CONFIG_RTDS_MAX_PERIOD, &vcpu->period);
    }
    return err == XI_OK ? read_number(reader, node, budget, CONFIG_RTDS_MIN_BUDGET, vcpu->period, &vcpu->budget) : err;
}

xi_err config_read_shares_of_time(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    struct config_vcpu vcpu = {.budget = CONFIG_RTDS_BUDGET, .period = CONFIG_RTDS_PERIOD};
    xi_err err = check_listener(reader, node, domain, "xenimg,weight", CONFIG_SCHED_CREDIT2);

    domain->weight = CONFIG_WEIGHT_DEFAULT;
    if (err == XI_OK) {
        err = check_listener(reader, node, domain, "xenimg,cap", CONFIG_SCHED_CREDIT2);
    }
    if (err == XI_OK) {
        err = read_number(reader, node, "xenimg,weight", 1, CONFIG_MAX_WEIGHT, &domain->weight);
    }
    if (err == XI_OK) {
        err = read_number(reader, node, "xenimg,cap", 1, CONFIG_MAX_CAP, &domain->cap);
    }
    if (err == XI_OK) {
        err = config_read_reservation(reader, node, domain, &vcpu);
    }
    for (uint32_t i = 0; i < domain->cpus; i++) {
        domain->vcpus[i] = vcpu;
    }
    return err;
}

static uint32_t vcpus_of(const struct system_config *config, uint32_t pool)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < config->domain_count; i++) {
        sum += config->domains[i].pool == pool ? config->domains[i].cpus : 0;
    }
    return sum;
}

static uint32_t cpus_of(const struct config_pool *pool)
{
    uint32_t mask = 0;

    for (uint32_t i = 0; i < pool->cpu_count; i++) {
        mask |= 1u << pool->cpus[i];
    }
    return mask;
}

static uint64_t thousandths(uint64_t share)
{
    return (share * 1000 + RESERVE_ONE / 2) / RESERVE_ONE;
}

/* What rtds must keep. */
static xi_err check_reservations(const struct config_reader *reader, uint32_t pool)
{
    const struct system_config *config = reader->config;
    const uint32_t cpus = cpus_of(&config->pools[pool]);
    struct reserve reserve = {.sum = 0};

    for (uint32_t i = 0; i < config->domain_count; i++) {
        const struct domain_config *d = &config->domains[i];
        for (uint32_t v = 0; v < d->cpus && d->pool == pool; v++) {
            const uint32_t affinity = d->vcpus[v].affinity;
            reserve_add(&reserve, d->vcpus[v].budget, d->vcpus[v].period, affinity == 0 ? cpus : affinity, cpus);
        }
    }
    const enum reserve_verdict verdict = reserve_judge(&reserve, cpus);
    if (verdict == RESERVE_FITS) {
        return XI_OK;
    }
    if (verdict == RESERVE_MIXED) {
        return config_refuse(reader, reader->pool_nodes[pool], "cpupool-sched",
                             "rtds needs each vCPU of the pool bound to one CPU, or none to any");
    }
    const uint64_t sum = thousandths(reserve.sum), largest = thousandths(reserve.largest);
    return config_refuse(reader, reader->pool_nodes[pool], "cpupool-sched",
                         "rtds cannot keep budgets of %u.%03u CPUs at most and %u.%03u together on %u",
                         (uint32_t)(largest / 1000), (uint32_t)(largest % 1000), (uint32_t)(sum / 1000), (uint32_t)(sum % 1000),
                         config->pools[pool].cpu_count);
}

xi_err config_check_schedulers(const struct config_reader *reader)
{
    const struct system_config *config = reader->config;

    for (uint32_t i = 0; i < config->pool_count; i++) {
        const struct config_pool *pool = &config->pools[i];
        uint32_t vcpus = vcpus_of(config, i);
        if (pool->scheduler == CONFIG_SCHED_NULL && vcpus > pool->cpu_count) {
            return config_refuse(reader, reader->pool_nodes[i], "cpupool-sched",
                                 "null has a CPU for each vCPU: %u vCPUs, %u CPUs", vcpus, pool->cpu_count);
        }
        xi_err err = pool->scheduler == CONFIG_SCHED_RTDS ? check_reservations(reader, i) : XI_OK;
        if (err != XI_OK) {
            return err;
        }
    }
    return XI_OK;
}
