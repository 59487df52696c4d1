/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a domain into its memory, piece by piece: at boot one domain after the other, at a restart in the time of
 * the domain itself, so that its neighbours owe nothing to it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/domain.h>
#include <xi/err.h>
#include <xi/guest_dt.h>
#include <xi/gunzip.h>
#include <xi/loader.h>

#define LOAD_PIECE 0x8000u /* bytes: whoever wants the CPU waits for one piece at most */

enum load_stage { LOAD_SCRUB, LOAD_MAP, LOAD_KERNEL, LOAD_RAMDISK, LOAD_TREE, LOAD_DONE };

struct domain_load {
    const struct config_machine *machine;
    struct domain *domain; /* NULL: none is under way */
    enum load_stage stage;
    uint32_t bank; /* LOAD_SCRUB, LOAD_MAP: which; views of shared memory follow the banks, devices those */
    uint64_t done; /* bytes of the bank, the kernel or the ramdisk */
    uint64_t longest[LOAD_DONE + 1]; /* counter ticks that a piece of each stage took of late; outlasts a load */
    struct kernel kernel;
    struct guest_places places;
    struct gunzip unpacker;
    uint8_t tree[GUEST_DT_MAX_BYTES] __attribute__((aligned(8)));
};

/* The domain's vCPUs are all off. What guest and peers still had in it is gone from here on. Prints one line and
 * returns an error where the domain cannot be. */
XI_MUST_CHECK xi_err load_begin(struct domain_load *load, struct domain *domain);
/* One piece more. At LOAD_DONE the devices are as after reset, too, and the first vCPU may go on at
 * places.entry with places.dtb. Errors as above. */
XI_MUST_CHECK xi_err load_step(struct domain_load *load);
