/* SPDX-License-Identifier: Apache-2.0 */
/* How domains end, and begin again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/console.h>
#include <xi/domain.h>
#include <xi/firmware.h>
#include <xi/print.h>
#include <xi/sched.h>

static struct domain *domains[CONFIG_MAX_DOMAINS];
static uint32_t registered;
static uint32_t alive;        /* neither shut down nor crashed */
static bool restarts_waiting;
static bool restarting; /* one at a time: they share buffers */

void domain_register(struct domain *domain)
{
    XI_CHECK(registered < CONFIG_MAX_DOMAINS);
    domains[registered++] = domain;
    domain->id = (uint16_t)registered;
    alive++;
}

uint32_t domain_count(void)
{
    return registered;
}

struct domain *domain_by_id(uint32_t id)
{
    return id >= 1 && id <= registered ? domains[id - 1] : NULL;
}

static const char *reason_name(enum shutdown_reason reason)
{
    switch (reason) {
    case SHUTDOWN_POWEROFF:
        return "poweroff";
    case SHUTDOWN_RESET:
        return "reset";
    case SHUTDOWN_SUSPEND:
        return "suspend";
    case SHUTDOWN_CRASH:
        return "crash";
    }
    return "?";
}

static void stop_all(struct domain *domain)
{
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        sched_stop(domain->vcpus[i]);
    }
}

static void one_less(void)
{
    if (__atomic_sub_fetch(&alive, 1, __ATOMIC_ACQ_REL) == 0) {
        xi_log("all domains have shut down");
        console_drain();
        firmware_system_off();
    }
}

void domain_shutdown(struct domain *domain, enum shutdown_reason reason)
{
    if (__atomic_exchange_n(&domain->dying, true, __ATOMIC_ACQ_REL)) {
        return;
    }
    domain->reason = reason;
    stop_all(domain);
    xi_log("d%u (%s) shut down: %s", domain->id, domain->name, reason_name(reason));
    if (reason == SHUTDOWN_RESET) {
        __atomic_store_n(&domain->restart, true, __ATOMIC_RELEASE);
        __atomic_store_n(&restarts_waiting, true, __ATOMIC_RELEASE);
    } else {
        console_domain_ended(domain);
        one_less();
    }
}

void domain_crash(struct domain *domain, const char *why, ...)
{
    va_list arguments;
    char text[128];

    va_start(arguments, why);
    xi_vsnprintf(text, sizeof(text), why, arguments);
    va_end(arguments);
    xi_log("d%u (%s) crashed: %s", domain->id, domain->name, text);
    domain_shutdown(domain, SHUTDOWN_CRASH);
}

static void restart(struct domain *domain)
{
    __atomic_store_n(&domain->restart, false, __ATOMIC_RELEASE);
    __atomic_store_n(&domain->dying, false, __ATOMIC_RELEASE);
    xi_log("d%u (%s) restarts", domain->id, domain->name);
    if (domain_start(domain) != XI_OK) {
        domain_shutdown(domain, SHUTDOWN_CRASH);
    }
}

/* A CPU makes domains of its own pool only: the work is long, and other pools owe nothing to it. */
void domain_restart_waiting(void)
{
    const struct cpupool *pool = this_cpu()->pool;


    if (!__atomic_load_n(&restarts_waiting, __ATOMIC_ACQUIRE) ||
        __atomic_exchange_n(&restarting, true, __ATOMIC_ACQUIRE)) {
        return;
    }
    bool restarted = false;
    __atomic_store_n(&restarts_waiting, false, __ATOMIC_RELEASE);
    for (uint32_t i = 0; i < registered; i++) {
        struct domain *d = domains[i];
        if (!__atomic_load_n(&d->restart, __ATOMIC_ACQUIRE)) {
            continue;
        }
        if (d->pool == pool && sched_at_rest(d)) {
            restart(d);
            restarted = true;
        } else {
            __atomic_store_n(&restarts_waiting, true, __ATOMIC_RELEASE);
        }
    }
    __atomic_store_n(&restarting, false, __ATOMIC_RELEASE);
    if (restarted) {
        sched_wake_all(); /* who came meanwhile found this taken */
    }
}
