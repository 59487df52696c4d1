/* SPDX-License-Identifier: Apache-2.0 */
/* Xen's hypercalls, as far as a guest needs them that has no toolstack (public headers of Xen 4.17). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/types.h>

struct domain;
struct vcpu;
struct xen_domain;

/* What a domain needs, in memory of its own; the caller has set it to zero. */
size_t xen_domain_size(uint32_t vcpu_count, uint32_t grant_frames);
/* Makes domain->xen of that memory. */
void xen_domain_init(struct domain *domain, void *memory);
/* Boot: the two ports are one channel for ever, 1 to 1023 (booting.txt, "Static Event Channel"). Before either runs. */
void xen_connect(struct domain *a, uint32_t port_a, struct domain *b, uint32_t port_b);
/* Ends what the domain had with others, and no event reaches it: before its interrupts are made again. */
void xen_domain_close(struct domain *domain);
/* All as new but for fixed ports; events arrive from here on. While no vCPU of it runs. */
void xen_domain_open(struct domain *domain);

/* HVC #0xEA1 of a vCPU whose domain has xen: number in x16, arguments in x0 to x4, answer in x0. The
 * program counter is already past the instruction. */
void hypercall(struct vcpu *vcpu);
