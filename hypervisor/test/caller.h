/* SPDX-License-Identifier: Apache-2.0 */
/* A guest that makes hypercalls: numbers, and argument records at an address of its own, laid out by hand; offsets are
 * those of Xen's public headers. */
#pragma once

#include <stdint.h>

#include <xi/config.h>

#include "fake_guest.h"

enum { MEMORY = 12, VERSION = 17, CONSOLE = 18, GRANT = 20, ASSIST = 21, VCPU = 24, SCHED = 29, EVENT = 32, HVM = 34 };
enum { EPERM = 1, ENOENT = 2, ESRCH = 3, ENXIO = 6, EFAULT = 14, EEXIST = 17, EINVAL = 22, ENOSPC = 28, ENOSYS = 38 };

#define SELF 0x7ff0u
#define ARGUMENT (FAKE_RAM + 0x3000u) /* where the guest keeps its argument records */
#define SHARED (FAKE_RAM + 0x8000u)   /* and maps the shared page */
#define NOWHERE 0x8000000000000000ull

extern struct domain_config config;
/* The shared page, as the guest sees it at SHARED. */
extern uint8_t *shared;

enum { PENDING = 48, MASK = 48 + 512 };

/* A domain that has its shared page mapped, and the upcall's interrupt on. */
void begin(uint32_t vcpus);
int64_t call(uint32_t vcpu, uint64_t number, uint64_t a, uint64_t b, uint64_t c);
/* Into the argument record, and out of it. */
void put(uint32_t offset, uint64_t value, uint32_t size);
uint32_t get(uint32_t offset);
int64_t map(uint32_t space, uint64_t index, uint64_t address);
int64_t event(uint32_t vcpu, uint32_t command);
uint32_t new_ipi(uint32_t vcpu);
int64_t on_port(uint32_t command, uint32_t port);
/* Eight bytes of the shared page. */
uint64_t word(uint32_t offset);
