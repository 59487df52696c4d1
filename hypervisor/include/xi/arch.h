/* SPDX-License-Identifier: Apache-2.0 */
/* What the portable code asks of the machine. arch/arm64 answers on the board, arch/fake on the host. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/types.h>

struct vcpu;

/* Direct map: where the hypervisor sees machine memory, and the way back. All RAM banks are mapped. */
void *arch_pa_to_va(pa_t pa);
pa_t arch_va_to_pa(const void *va);

/* Cleans and invalidates data to the point of coherency: guests start with caches off. */
void arch_cache_flush(const void *va, size_t size);
/* Makes instructions that were written through the direct map visible to every CPU. */
void arch_icache_sync(void);

/* Stage-2 hooks. `vttbr` is the value of stage2_vttbr(): table address and VMID.
 * arch_stage2_publish orders table writes before whatever walks them;
 * the flushes act on all CPUs and return when they are complete. */
void arch_stage2_publish(void);
void arch_stage2_flush_page(uint64_t vttbr, ipa_t ipa);
void arch_stage2_flush_all(uint64_t vttbr);

/* Index of this CPU: 0 is the boot CPU. */
uint32_t arch_cpu_index(void);
/* The vCPU whose registers are loaded here, or NULL while idle and at boot. */
struct vcpu *arch_current_vcpu(void);

/* System counter, and its frequency in Hz. */
uint64_t arch_counter(void);
uint32_t arch_counter_frequency(void);

/* The hypervisor's own timer interrupts at that counter value; UINT64_MAX: never. */
void arch_set_deadline(uint64_t counter);
/* Waits for an interrupt, which stays pending; interrupts are masked. */
void arch_idle(void);
/* Whether an interrupt of the machine is pending on this CPU: long work stops where it can be gone on with. */
bool arch_interrupt_waits(void);

/* Bytes of struct arch_vcpu. */
size_t arch_vcpu_size(void);
/* The guest's virtual counter is the machine's minus this. */
void arch_vcpu_set_counter_offset(struct vcpu *vcpu, uint64_t offset);
/* Registers of a vCPU: as after reset, from the machine to memory and back. */
void arch_vcpu_reset(struct vcpu *vcpu, uint64_t entry, uint64_t context);
/* For the current vCPU, whose registers are in the machine: as after reset, but for its timers and its part of the
 * interrupt controller, which can wake it. */
void arch_vcpu_restart(struct vcpu *vcpu, uint64_t entry, uint64_t context);
void arch_vcpu_save(struct vcpu *vcpu);
void arch_vcpu_load(struct vcpu *vcpu);
/* Counter at which the virtual timer of a saved vCPU fires; false when it is off. */
bool arch_vcpu_wake_deadline(const struct vcpu *vcpu, uint64_t *deadline);
/* What the guest reads as MPIDR_EL1. */
uint64_t arch_vcpu_mpidr(uint32_t id);

/* Where a virtual address of the current vCPU leads by its own tables, with its EL1 rights. What is mapped
 * there is stage 2's to say. XI_ERR_RANGE where its own access would fault. */
XI_MUST_CHECK xi_err arch_guest_address(uint64_t va, bool write, ipa_t *ipa);

/* Takes `count` whole blocks of 64 bytes into a SHA-256 state, by this CPU's instructions where it has them. Boot only: it
 * changes FP and SIMD registers. */
void arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count);

/* A hint for waiting loops. */
void arch_relax(void);
