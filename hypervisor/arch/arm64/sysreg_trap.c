/* SPDX-License-Identifier: Apache-2.0 */
/* System registers that a guest may not touch itself: identification (id_registers.c), the physical timer, SGI
 * generation, and what is there but does nothing. All others are undefined to the guest. Arm ARM
 * (DDI 0487), under the names of the registers. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/vtimer.h>

#include <arch/id_registers.h>
#include <arch/sysreg.h>
#include <arch/trap.h>

#define KEY(op0, op1, crn, crm, op2) \
    (((op0) << 16) | ((op1) << 12) | ((crn) << 8) | ((crm) << 4) | (op2))

#define OSLSR_OSLM (1ULL << 3)

/* Raw value of an ID register; the whole space reads, as zero where nothing is allocated. */
#define ID_CASE(m, n)                                    \
    case ((m) << 4) | (n):                               \
        return sysreg_read(S3_0_C0_C##m##_##n)
#define ID_CASES(m)   \
    ID_CASE(m, 0);    \
    ID_CASE(m, 1);    \
    ID_CASE(m, 2);    \
    ID_CASE(m, 3);    \
    ID_CASE(m, 4);    \
    ID_CASE(m, 5);    \
    ID_CASE(m, 6);    \
    ID_CASE(m, 7)

static uint64_t id_raw(uint32_t crm, uint32_t op2)
{
    switch ((crm << 4) | op2) {
        ID_CASES(1);
        ID_CASES(2);
        ID_CASES(3);
        ID_CASES(4);
        ID_CASES(5);
        ID_CASES(6);
        ID_CASES(7);
    default:
        return 0;
    }
}

struct access {
    uint32_t key;
    bool read;
    bool user;       /* from EL0 */
    uint64_t *value; /* register to read from or write to; writes to XZR come with a zero */
};

/* Registers of the space Op0 = 3, Op1 = 0, CRn = 0 that HCR_EL2.TID3 traps. Read only. */
static bool id_access(const struct vcpu *vcpu, const struct access *a)
{
    if (!a->read) {
        return false;
    }
    uint32_t crm = (a->key >> 4) & 0xf, op2 = a->key & 7;
    *a->value = id_register_for_guest(crm, op2, id_raw(crm, op2), vcpu->domain->vgic.version == 3);
    return true;
}

static bool sgi_access(struct vcpu *vcpu, const struct access *a, bool group1)
{
    if (a->read || a->user || vcpu->domain->vgic.version != 3) {
        return false;
    }
    if (group1) {
        vgic_v3_sgi1r(vcpu, *a->value);
    } else {
        vgic_v3_sgi0r(vcpu, *a->value);
    }
    return true;
}

/* Registers that can be read and written, and do nothing. A guest is told of a debug architecture, which is not optional,
 * with two breakpoints and two watchpoints, the fewest that there can be. */
static const struct {
    uint32_t first, last; /* keys that differ in Op2 alone, or in CRm and Op2 */
    uint64_t value;       /* that is read */
    bool read_only;
} idle[] = {
    {KEY(3, 0, 1, 0, 1), KEY(3, 0, 1, 0, 1), 0, false},      /* ACTLR_EL1 */
    {KEY(2, 0, 0, 0, 2), KEY(2, 0, 0, 0, 2), 0, false},      /* OSDTRRX_EL1 */
    {KEY(2, 0, 0, 0, 4), KEY(2, 0, 0, 15, 7), 0, false},     /* MDCCINT_EL1, MDSCR_EL1, OSDTRTX_EL1, OSECCR_EL1, and
                                                                DBGBVR, DBGBCR, DBGWVR, DBGWCR 0 to 15 */
    {KEY(2, 0, 1, 0, 0), KEY(2, 0, 1, 0, 0), 0, true},       /* MDRAR_EL1 */
    {KEY(2, 0, 1, 0, 4), KEY(2, 0, 1, 0, 4), 0, false},      /* OSLAR_EL1 */
    {KEY(2, 0, 1, 1, 4), KEY(2, 0, 1, 1, 4), OSLSR_OSLM, true}, /* OSLSR_EL1: the lock is there, and open */
    {KEY(2, 0, 1, 3, 4), KEY(2, 0, 1, 3, 4), 0, false},      /* OSDLR_EL1 */
    {KEY(2, 0, 1, 4, 4), KEY(2, 0, 1, 4, 4), 0, false},      /* DBGPRCR_EL1 */
    {KEY(2, 0, 7, 8, 6), KEY(2, 0, 7, 8, 6), 0, false},      /* DBGCLAIMSET_EL1 */
    {KEY(2, 0, 7, 9, 6), KEY(2, 0, 7, 9, 6), 0, false},      /* DBGCLAIMCLR_EL1 */
    {KEY(2, 0, 7, 14, 6), KEY(2, 0, 7, 14, 6), 0, true},     /* DBGAUTHSTATUS_EL1 */
    {KEY(2, 3, 0, 1, 0), KEY(2, 3, 0, 1, 0), 0, true},       /* MDCCSR_EL0 */
    {KEY(2, 3, 0, 4, 0), KEY(2, 3, 0, 5, 0), 0, false},      /* DBGDTR_EL0, DBGDTRRX_EL0, DBGDTRTX_EL0 */
    /* Performance monitors: not told of, but kernels of old clear them unasked. */
    {KEY(3, 0, 9, 14, 1), KEY(3, 0, 9, 14, 2), 0, false},    /* PMINTENSET_EL1, PMINTENCLR_EL1 */
    {KEY(3, 3, 9, 12, 0), KEY(3, 3, 9, 14, 3), 0, false},    /* PMCR_EL0 to PMOVSSET_EL0 */
    {KEY(3, 3, 14, 8, 0), KEY(3, 3, 14, 15, 7), 0, false},   /* PMEVCNTR, PMEVTYPER, PMCCFILTR_EL0 */
};

/* Not for a guest's programs: its kernel never let them. */
static bool idle_access(const struct access *a)
{
    for (uint32_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++) {
        if (a->key >= idle[i].first && a->key <= idle[i].last) {
            if (a->user || (!a->read && idle[i].read_only)) {
                return false;
            }
            if (a->read) {
                *a->value = idle[i].value;
            }
            return true;
        }
    }
    return false;
}

static bool sysreg_access(struct vcpu *vcpu, const struct access *a)
{
    switch (a->key) {
    case KEY(3, 0, 12, 11, 5): /* ICC_SGI1R_EL1 */
        return sgi_access(vcpu, a, true);
    case KEY(3, 0, 12, 11, 6): /* ICC_ASGI1R_EL1 */
    case KEY(3, 0, 12, 11, 7): /* ICC_SGI0R_EL1 */
        return sgi_access(vcpu, a, false);
    case KEY(3, 3, 14, 2, 0): /* CNTP_TVAL_EL0, */
        return vtimer_tval(vcpu, a->read, a->value);
    case KEY(3, 3, 14, 2, 1): /* _CTL_, */
        return vtimer_ctl(vcpu, a->read, a->value);
    case KEY(3, 3, 14, 2, 2): /* _CVAL_ */
        return vtimer_cval(vcpu, a->read, a->value);
    default:
        break;
    }
    if (a->key >> 8 == KEY(3, 0, 0, 0, 0) >> 8 && (a->key & 0xf0) != 0) {
        return id_access(vcpu, a);
    }
    return idle_access(a);
}

bool trap_sysreg(struct vcpu *vcpu, uint64_t esr)
{
    uint32_t iss = (uint32_t)ESR_ISS(esr);
    uint32_t rt = (iss >> 5) & 31;
    uint64_t zero = 0;
    struct access a = {
        .key = KEY((iss >> 20) & 3, (iss >> 14) & 7, (iss >> 10) & 15, (iss >> 1) & 15, (iss >> 17) & 7),
        .read = (iss & 1) != 0,
        .user = (vcpu->regs.pstate & SPSR_MODE) == SPSR_EL0T,
        .value = rt == 31 ? &zero : &vcpu->regs.x[rt],
    };

    return sysreg_access(vcpu, &a);
}
