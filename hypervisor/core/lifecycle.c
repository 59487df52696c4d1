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
#include <xi/hypercall.h>
#include <xi/load.h>
#include <xi/print.h>
#include <xi/pv.h>
#include <xi/sched.h>

static struct domain *domains[CONFIG_MAX_DOMAINS];
static uint32_t registered;
static uint32_t alive; /* neither destroyed nor given up */

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

static const char *reason_name(const struct domain *domain)
{
    switch (domain->reason) {
    case SHUTDOWN_POWEROFF:
        return "poweroff";
    case SHUTDOWN_RESET:
        return domain->warm ? "reset (warm)" : "reset";
    case SHUTDOWN_CRASH:
        return "crash";
    case SHUTDOWN_WATCHDOG:
        return "watchdog";
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

static bool restarts(const struct domain *domain)
{
    return domain->config->on[domain->reason] == CONFIG_RESTART;
}

/* It counts as alive: the machine stays on, and peers write nothing more into its memory. */
static bool is_preserved(const struct domain *domain)
{
    return domain->config->on[domain->reason] == CONFIG_PRESERVE;
}

void domain_shutdown(struct domain *domain, enum shutdown_reason reason)
{
    if (__atomic_exchange_n(&domain->dying, true, __ATOMIC_ACQ_REL)) {
        return;
    }
    domain->reason = reason;
    vgic_close(domain);
    stop_all(domain);
    xi_log("d%u (%s) shut down: %s", domain->id, domain->name, reason_name(domain));
    if (!restarts(domain)) {
        console_domain_ended(domain);
    }
    if (is_preserved(domain)) {
        xen_domain_close(domain);
    } else if (!restarts(domain)) {
        one_less();
    }
    sched_restart(domain);
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

static xi_err start_first_vcpu(struct domain *domain, const struct guest_places *places)
{
    console_domain_began(domain);
    domain->warm = false;
    return vcpu_on(domain->vcpus[0], places->entry.ipa, places->dtb.start.ipa);
}

xi_err domain_start(struct domain *domain)
{
    struct domain_load *load = domain->load;
    xi_err err = load_begin(load, domain);

    while (err == XI_OK && load->stage != LOAD_DONE) {
        err = load_step(load);
    }
    load->domain = NULL;
    return err == XI_OK ? start_first_vcpu(domain, &load->places) : err;
}

void domain_restart_step(struct domain *domain)
{
    struct domain_load *load = domain->load;
    xi_err err;

    if (is_preserved(domain)) {
        if (!pv_release(domain)) {
            sched_restarted(domain);
        }
        return;
    }
    if (load->domain == NULL) {
        if (restarts(domain)) {
            xi_log("d%u (%s) restarts", domain->id, domain->name);
        }
        err = load_begin(load, domain);
    } else {
        err = load_step(load);
    }
    if (err == XI_OK && load->stage != (restarts(domain) ? LOAD_DONE : LOAD_MAP)) {
        return;
    }
    load->domain = NULL;
    sched_restarted(domain);
    if (!restarts(domain)) {
        return; /* scrubbed */
    }
    if (err == XI_OK) {
        __atomic_store_n(&domain->dying, false, __ATOMIC_RELEASE);
        err = start_first_vcpu(domain, &load->places);
    }
    if (err != XI_OK) {
        /* What cannot be made now cannot be made the next time either. */
        console_domain_ended(domain);
        one_less();
    }
}

uint64_t domain_restart_needs(const struct domain *domain)
{
    const struct domain_load *load = domain->load;

    return load->domain == NULL ? load->longest[LOAD_SCRUB] : load->longest[load->stage];
}
