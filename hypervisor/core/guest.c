/* SPDX-License-Identifier: Apache-2.0 */
/* Guest memory, page by page through stage-2: what the guest cannot reach, we do not reach for it. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/stage2.h>
#include <xi/string.h>

#define PAGE 4096u

/* The bytes at `ipa` that lie in one page: their number, and where the hypervisor sees them. */
static xi_err window(struct domain *domain, ipa_t ipa, size_t size, void **at, size_t *length)
{
    pa_t pa;
    xi_err err = stage2_translate(&domain->stage2, ipa, &pa);

    if (err != XI_OK) {
        return err;
    }
    size_t room = PAGE - (size_t)(ipa.ipa % PAGE);
    *at = arch_pa_to_va(pa);
    *length = size < room ? size : room;
    return XI_OK;
}

xi_err guest_copy_from(struct domain *domain, void *to, ipa_t from, size_t size)
{
    uint8_t *out = to;

    while (size > 0) {
        void *at;
        size_t length;
        xi_err err = window(domain, from, size, &at, &length);
        if (err != XI_OK) {
            return err;
        }
        memcpy(out, at, length);
        out += length;
        from.ipa += length;
        size -= length;
    }
    return XI_OK;
}

xi_err guest_copy_to(struct domain *domain, ipa_t to, const void *from, size_t size)
{
    const uint8_t *in = from;

    while (size > 0) {
        void *at;
        size_t length;
        xi_err err = window(domain, to, size, &at, &length);
        if (err != XI_OK) {
            return err;
        }
        memcpy(at, in, length);
        in += length;
        to.ipa += length;
        size -= length;
    }
    return XI_OK;
}
