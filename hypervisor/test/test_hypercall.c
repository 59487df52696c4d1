/* SPDX-License-Identifier: Apache-2.0 */
/* Xen's hypercalls, with the records laid out by hand: offsets are those of the public headers. */
#include <stdlib.h>
#include <string.h>

#include <xi/config.h>
#include <xi/hypercall.h>

#include "../xen/state.h"
#include "fake_guest.h"
#include "test.h"

enum { MEMORY = 12, VERSION = 17, CONSOLE = 18, GRANT = 20, ASSIST = 21, VCPU = 24, SCHED = 29, EVENT = 32, HVM = 34 };
enum { EPERM = 1, ENOENT = 2, ESRCH = 3, EFAULT = 14, EEXIST = 17, EINVAL = 22, ENOSPC = 28, ENOSYS = 38 };

#define SELF 0x7ff0u
#define ARGUMENT (FAKE_RAM + 0x3000u) /* where the guest keeps its argument records */
#define SHARED (FAKE_RAM + 0x8000u)   /* and maps the shared page */
#define NOWHERE 0x8000000000000000ull

static struct domain_config config;

static int64_t call(uint32_t vcpu, uint64_t number, uint64_t a, uint64_t b, uint64_t c)
{
    struct vcpu *v = &guest.vcpus[vcpu];

    fake_set_current(v);
    v->regs.x[0] = a;
    v->regs.x[1] = b;
    v->regs.x[2] = c;
    v->regs.x[16] = number;
    hypercall(v);
    return (int64_t)v->regs.x[0];
}

static void put(uint32_t offset, uint64_t value, uint32_t size)
{
    memcpy(guest.ram + ARGUMENT - FAKE_RAM + offset, &value, size);
}

static uint32_t get(uint32_t offset)
{
    uint32_t value;

    memcpy(&value, guest.ram + ARGUMENT - FAKE_RAM + offset, sizeof(value));
    return value;
}

static int64_t map(uint32_t space, uint64_t index, uint64_t address)
{
    put(0, SELF, 4);
    put(4, space, 4);
    put(8, index, 8);
    put(16, address / 4096, 8);
    return call(0, MEMORY, 7, ARGUMENT, 0);
}

/* The shared page, as the guest sees it at SHARED. */
static uint8_t *shared;

static void begin(uint32_t vcpus)
{
    fake_guest_new(vcpus);
    guest.domain.config = &config;
    void *memory = fake_guest_xen_memory();
    memset(memory, 0, xen_domain_size(vcpus));
    xen_domain_init(&guest.domain, memory);
    xen_domain_open(&guest.domain);
    for (uint32_t i = 0; i < vcpus; i++) {
        guest_write(i, GICR_SGI(i) + 0x100, 4, 1u << 31);
    }
    EXPECT(map(0, 0, SHARED) == 0);
    shared = memory;
}

static int64_t event(uint32_t vcpu, uint32_t command)
{
    return call(vcpu, EVENT, command, ARGUMENT, 0);
}

static uint32_t new_ipi(uint32_t vcpu)
{
    put(0, vcpu, 4);
    EXPECT(event(0, 7) == 0);
    return get(4);
}

static int64_t on_port(uint32_t command, uint32_t port)
{
    put(0, port, 4);
    return event(0, command);
}

static uint64_t word(uint32_t offset)
{
    uint64_t value;

    memcpy(&value, shared + offset, sizeof(value));
    return value;
}

enum { PENDING = 48, MASK = 48 + 512 };

TEST(is_a_xen_4_17)
{
    begin(1);
    EXPECT(call(0, VERSION, 0, 0, 0) == (4 << 16 | 17));
    put(0, 0, 8);
    EXPECT(call(0, VERSION, 6, ARGUMENT, 0) == 0);
    EXPECT((get(4) & 1u << 2) != 0); /* auto-translated */
    EXPECT((get(4) & 1u << 16) != 0);
    config.direct_map = true;
    EXPECT(call(0, VERSION, 6, ARGUMENT, 0) == 0);
    EXPECT((get(4) & 3u << 16) == 2u << 16);
    config.direct_map = false;
    put(0, 1, 4);
    EXPECT(call(0, VERSION, 6, ARGUMENT, 0) == 0);
    EXPECT(get(4) == 0);
    EXPECT(call(0, VERSION, 7, 0, 0) == 4096);
}

TEST(knows_no_other_call)
{
    begin(1);
    for (uint64_t number = 0; number < 64; number++) {
        bool known = number == MEMORY || number == VERSION || number == CONSOLE || number == GRANT ||
                     number == ASSIST || number == VCPU || number == SCHED || number == EVENT || number == HVM;
        if (!known) {
            EXPECT(call(0, number, 0, ARGUMENT, 1) == -ENOSYS);
        }
    }
    EXPECT(call(0, ~0ull, 0, 0, 0) == -ENOSYS);
}

TEST(refuses_arguments_that_lead_nowhere)
{
    static const struct {
        uint32_t number, command;
    } calls[] = {{MEMORY, 7}, {VERSION, 6}, {VERSION, 1}, {GRANT, 6}, {GRANT, 8}, {GRANT, 10}, {SCHED, 2}, {HVM, 0},
                 {HVM, 1},    {EVENT, 0},   {EVENT, 1},   {EVENT, 3}, {EVENT, 4}, {EVENT, 5},  {EVENT, 6}, {EVENT, 7},
                 {EVENT, 8},  {EVENT, 9},   {EVENT, 10},  {EVENT, 11}, {EVENT, 12}, {EVENT, 13}};

    begin(1);
    for (uint32_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        EXPECT(call(0, calls[i].number, calls[i].command, NOWHERE, 1) == -EFAULT);
        EXPECT(call(0, calls[i].number, calls[i].command, FAKE_RAM + FAKE_RAM_BYTES, 1) == -EFAULT);
        EXPECT(call(0, calls[i].number, calls[i].command, FAKE_RAM + FAKE_RAM_BYTES - 1, 1) == -EFAULT);
    }
    EXPECT(call(0, VCPU, 10, 0, NOWHERE) == -EFAULT);
    EXPECT(call(0, VCPU, 5, 0, NOWHERE) == -EFAULT);
}

TEST(maps_the_shared_page_and_grant_frames)
{
    uint8_t byte = 0x5a;

    begin(1);
    EXPECT(guest_copy_to(&guest.domain, (ipa_t){SHARED + 100}, &byte, 1) == XI_OK);
    EXPECT(shared[100] == byte);
    put(0, SELF, 4);
    EXPECT(call(0, GRANT, 6, ARGUMENT, 1) == 0);
    EXPECT(get(4) == 1 && get(8) == 64 && get(12) == 0);
    EXPECT(map(1, 3, 0x38003000) == 0);
    EXPECT(guest_copy_to(&guest.domain, (ipa_t){0x38003000}, &byte, 1) == XI_OK);
    EXPECT(shared[4 * 4096] == byte);
    put(0, SELF, 4);
    EXPECT(call(0, GRANT, 6, ARGUMENT, 1) == 0);
    EXPECT(get(4) == 4);
    EXPECT(map(1, 64, 0x38004000) == -EINVAL);
    EXPECT(map(1, 1u << 31, 0x38004000) == -EINVAL); /* version 2's status frames */
    EXPECT(map(0, 1, SHARED) == -EINVAL);
    EXPECT(map(4, 0, SHARED) == -EINVAL);
    EXPECT(map(0, 0, ~0ull) == -EINVAL);
    put(0, 7, 4);
    EXPECT(call(0, MEMORY, 7, ARGUMENT, 0) == -EPERM);
}

TEST(grants_are_of_version_1)
{
    begin(1);
    put(0, 2, 4);
    EXPECT(call(0, GRANT, 8, ARGUMENT, 1) == -EINVAL);
    put(0, 1, 4);
    EXPECT(call(0, GRANT, 8, ARGUMENT, 1) == 0);
    put(0, SELF, 4);
    EXPECT(call(0, GRANT, 10, ARGUMENT, 1) == 0 && get(4) == 1);
    EXPECT(call(0, GRANT, 0, ARGUMENT, 1) == -ENOSYS);
}

TEST(keeps_parameters)
{
    begin(1);
    put(0, SELF, 4);
    put(4, 1, 4);
    put(8, 99, 8);
    EXPECT(call(0, HVM, 1, ARGUMENT, 0) == 0 && get(8) == 0); /* no store */
    EXPECT(call(0, HVM, 0, ARGUMENT, 0) == -EPERM);
    put(4, 0, 4);
    put(8, 99, 8);
    EXPECT(call(0, HVM, 0, ARGUMENT, 0) == 0);
    put(8, 0, 8);
    EXPECT(call(0, HVM, 1, ARGUMENT, 0) == 0 && get(8) == 99);
    put(4, 39, 4);
    EXPECT(call(0, HVM, 1, ARGUMENT, 0) == -EINVAL);
    put(4, 0xffffffff, 4);
    EXPECT(call(0, HVM, 0, ARGUMENT, 0) == -EINVAL);
    put(0, 0, 4);
    EXPECT(call(0, HVM, 1, ARGUMENT, 0) == -EPERM);
    EXPECT(call(0, HVM, 9, ARGUMENT, 0) == -ENOSYS);
}

TEST(an_event_sets_bit_word_flag_and_interrupt)
{
    begin(1);
    uint32_t port = new_ipi(0);
    EXPECT(port == 1);
    EXPECT(word(MASK) == ~0ull);
    EXPECT(on_port(4, port) == 0);
    EXPECT(word(PENDING) == 2 && shared[0] == 0); /* masked: nobody is told */
    EXPECT(guest_acknowledge(0) == 1023);
    EXPECT(on_port(9, port) == 0);
    EXPECT(shared[0] == 1 && word(8) == 1);
    EXPECT(guest_acknowledge(0) == 31);
    guest_end(0, 31);
    EXPECT(on_port(4, port) == 0);
    EXPECT(guest_acknowledge(0) == 1023); /* flag and bit are still up */
    memset(shared, 0, PENDING + 8);
    EXPECT(on_port(4, port) == 0);
    EXPECT(guest_acknowledge(0) == 31);
}

TEST(events_go_to_the_vcpu_that_registered)
{
    static const uint32_t info = 0x5000 + 0x100;

    begin(2);
    uint32_t port = new_ipi(1);
    EXPECT(on_port(9, port) == 0);
    put(0, (FAKE_RAM + info) / 4096, 8);
    put(8, info % 4096, 8);
    EXPECT(call(1, VCPU, 10, 1, ARGUMENT) == 0);
    EXPECT(guest.ram[info] == 1); /* all may be pending */
    EXPECT(guest_acknowledge(1) == 31);
    guest_end(1, 31);
    memset(guest.ram + info, 0, 48);
    EXPECT(on_port(4, port) == 0);
    EXPECT(guest.ram[info] == 1 && guest.ram[info + 8] == 1);
    EXPECT(shared[0] == 0);
    EXPECT(guest_acknowledge(1) == 31);
    EXPECT(guest_acknowledge(0) == 1023);
    put(0, (FAKE_RAM + info) / 4096, 8);
    put(8, info % 4096, 8);
    EXPECT(call(1, VCPU, 10, 1, ARGUMENT) == -EINVAL); /* once */
}

TEST(refuses_vcpu_info_that_does_not_fit)
{
    begin(2);
    put(0, FAKE_RAM / 4096, 8);
    put(8, 4096 - 40, 8);
    EXPECT(call(0, VCPU, 10, 0, ARGUMENT) == -EINVAL);
    put(8, 4, 8);
    EXPECT(call(0, VCPU, 10, 0, ARGUMENT) == -EINVAL);
    put(8, 0, 8);
    put(0, 0x1000, 8);
    EXPECT(call(0, VCPU, 10, 0, ARGUMENT) == -EINVAL);
    put(0, ~0ull, 8);
    EXPECT(call(0, VCPU, 10, 0, ARGUMENT) == -EINVAL);
    put(0, FAKE_RAM / 4096, 8);
    EXPECT(call(0, VCPU, 10, 2, ARGUMENT) == -ENOENT);
    EXPECT(call(0, VCPU, 0, 0, ARGUMENT) == -EINVAL);
}

TEST(runstate_says_running)
{
    begin(1);
    memset(guest.ram + 0x5fe8, 0xff, 48);
    put(0, FAKE_RAM + 0x5fe8, 8); /* crosses a page */
    EXPECT(call(0, VCPU, 5, 0, ARGUMENT) == 0);
    EXPECT(guest.ram[0x5fe8] == 0);
    uint64_t entry;
    memcpy(&entry, guest.ram + 0x5ff0, sizeof(entry));
    EXPECT(entry == 1000000000);
    put(0, NOWHERE, 8);
    EXPECT(call(0, VCPU, 5, 0, ARGUMENT) == -EFAULT);
}

static uint32_t new_unbound(uint16_t remote)
{
    put(0, SELF | (uint32_t)remote << 16, 4);
    EXPECT(event(0, 6) == 0);
    return get(4);
}

TEST(connects_two_ports_of_one_domain)
{
    begin(1);
    uint32_t first = new_unbound(SELF);
    EXPECT(on_port(4, first) == 0); /* nobody there yet */
    put(0, SELF, 4);
    put(4, first, 4);
    EXPECT(event(0, 0) == 0);
    uint32_t second = get(8);
    EXPECT(second != first);
    EXPECT(word(PENDING) == 1ull << second); /* what may have been sent before */
    EXPECT(on_port(4, second) == 0);
    EXPECT((word(PENDING) & 1ull << first) != 0);
    put(0, SELF, 4);
    put(4, second, 4);
    EXPECT(event(0, 5) == 0);
    EXPECT(get(8) == 2 && (get(16) & 0xffff) == 1 && get(20) == first);
    EXPECT(on_port(3, second) == 0);
    EXPECT(word(PENDING) == 1ull << first);
    put(0, SELF, 4);
    put(4, first, 4);
    EXPECT(event(0, 5) == 0);
    EXPECT(get(8) == 1); /* the other end waits again */
}

TEST(connects_no_strangers)
{
    begin(1);
    uint32_t port = new_unbound(7);
    put(0, 7, 4);
    put(4, port, 4);
    EXPECT(event(0, 0) == -ESRCH);
    put(0, SELF, 4);
    put(4, port, 4); /* not reserved for ourselves */
    EXPECT(event(0, 0) == -EINVAL);
    put(4, 0xffffffff, 4);
    EXPECT(event(0, 0) == -EINVAL);
    put(0, 7 | SELF << 16, 4);
    EXPECT(event(0, 6) == -EPERM);
}

TEST(binds_each_virq_once)
{
    begin(2);
    put(0, 1, 4);
    put(4, 1, 4);
    EXPECT(event(0, 1) == 0);
    EXPECT(event(0, 1) == -EEXIST);
    EXPECT(on_port(4, get(8)) == -EINVAL);
    put(0, 24, 4);
    put(4, 0, 4);
    EXPECT(event(0, 1) == -EINVAL);
    put(0, 2, 4); /* the domain's, not a vCPU's */
    put(4, 1, 4);
    EXPECT(event(0, 1) == -EINVAL);
    put(0, 1, 4);
    put(4, 2, 4);
    EXPECT(event(0, 1) == -ENOENT);
}

TEST(moves_ports_between_vcpus)
{
    begin(2);
    uint32_t port = new_unbound(SELF);
    put(0, port, 4);
    put(4, 1, 4);
    EXPECT(event(0, 8) == 0);
    put(4, 2, 4);
    EXPECT(event(0, 8) == -ENOENT);
    uint32_t ipi = new_ipi(0);
    put(0, ipi, 4);
    put(4, 1, 4);
    EXPECT(event(0, 8) == -EINVAL);
}

TEST(ports_run_out_and_come_back)
{
    begin(1);
    for (uint32_t i = 1; i < 1024; i++) {
        EXPECT(new_ipi(0) == i);
    }
    put(0, 0, 4);
    EXPECT(event(0, 7) == -ENOSPC);
    put(0, SELF, 4);
    EXPECT(event(0, 10) == 0);
    EXPECT(new_ipi(0) == 1);
}

TEST(refuses_ports_that_are_not_open)
{
    static const uint32_t ports[] = {0, 5, 1023, 1024, 0xffffffff};
    static const uint32_t commands[] = {3, 4, 9};

    begin(1);
    for (uint32_t p = 0; p < 5; p++) {
        for (uint32_t c = 0; c < 3; c++) {
            EXPECT(on_port(commands[c], ports[p]) == -EINVAL);
        }
        put(0, SELF, 4);
        put(4, ports[p], 4);
        EXPECT(event(0, 5) == (ports[p] < 1024 ? 0 : -EINVAL));
    }
}

/* A second domain of one vCPU, in the same machine; it calls through the guest's memory. */
static struct domain peer;
static struct vcpu peer_vcpu, *peer_list[1] = {&peer_vcpu};
static struct vgic_irq peer_spis[32];

static void begin_two(void)
{
    begin(1);
    free(peer.xen);
    peer = (struct domain){.id = 2, .config = &config, .vcpus = peer_list, .vcpu_count = 1, .stage2 = guest.domain.stage2};
    peer_vcpu = (struct vcpu){.domain = &peer, .state = VCPU_RUNNING};
    vgic_vcpu_init(&peer_vcpu);
    memset(peer_spis, 0, sizeof(peer_spis));
    EXPECT(vgic_v3_init(&peer, (ipa_t){GICD}, (ipa_t){GICR}, peer_spis, 32) == XI_OK);
    xen_domain_init(&peer, calloc(1, xen_domain_size(1)));
    xen_domain_open(&peer);
    guest.peer = &peer;
}

static int64_t peer_event(uint32_t command)
{
    fake_set_current(&peer_vcpu);
    peer_vcpu.regs.x[0] = command;
    peer_vcpu.regs.x[1] = ARGUMENT;
    peer_vcpu.regs.x[16] = EVENT;
    hypercall(&peer_vcpu);
    return (int64_t)peer_vcpu.regs.x[0];
}

TEST(sends_between_two_domains)
{
    begin_two();
    xen_connect(&guest.domain, 10, &peer, 11);
    put(0, 11, 4);
    EXPECT(peer_event(4) == 0);
    EXPECT(word(PENDING) == 1u << 10);
    EXPECT(on_port(9, 10) == 0);
    EXPECT(guest_acknowledge(0) == 31);
    EXPECT(on_port(4, 10) == 0);
    put(0, SELF, 4);
    put(4, 11, 4);
    EXPECT(peer_event(5) == 0);
    EXPECT(get(8) == 2 && (get(16) & 0xffff) == 1 && get(20) == 10);
}

TEST(keeps_fixed_channels)
{
    begin_two();
    xen_connect(&guest.domain, 10, &peer, 11);
    EXPECT(on_port(3, 10) == -EINVAL);
    put(0, SELF, 4);
    EXPECT(event(0, 10) == 0);
    EXPECT(on_port(4, 10) == 0);
    /* One of the two starts again: what is sent meanwhile is lost, what is sent then arrives. */
    xen_domain_close(&guest.domain);
    put(0, 11, 4);
    EXPECT(peer_event(4) == 0);
    xen_domain_open(&guest.domain);
    EXPECT(word(PENDING) == 0);
    put(0, 11, 4);
    EXPECT(peer_event(4) == 0);
    EXPECT(word(PENDING) == 1u << 10);
    for (uint32_t i = 1; i < 1023; i++) {
        EXPECT(new_ipi(0) != 10);
    }
}

TEST(binds_between_two_domains_where_both_agree)
{
    begin_two();
    uint32_t port = new_unbound(2);
    put(0, 1, 4);
    put(4, port, 4);
    EXPECT(peer_event(0) == 0);
    uint32_t end = get(8);
    put(0, end, 4);
    EXPECT(peer_event(4) == 0);
    EXPECT(word(PENDING) == 1ull << port);
    put(0, 1, 4);
    put(4, port, 4);
    EXPECT(peer_event(0) == -EINVAL); /* taken */
    put(0, end, 4);
    EXPECT(peer_event(3) == 0);
    EXPECT(on_port(4, port) == 0); /* waits again */
    xen_domain_close(&guest.domain);
    put(0, 1, 4);
    put(4, port, 4);
    EXPECT(peer_event(0) == -EINVAL);
}

/* The FIFO interface: words at WORDS, a control block for each vCPU at CONTROL. */
#define WORDS (FAKE_RAM + 0x10000u)
#define CONTROL (FAKE_RAM + 0x11000u)
#define WORD_PENDING (1u << 31)
#define WORD_MASKED (1u << 30)
#define WORD_LINKED (1u << 29)

static uint32_t *fifo_word(uint32_t port)
{
    return (uint32_t *)(void *)(guest.ram + WORDS - FAKE_RAM) + port;
}

static uint32_t *control(uint32_t vcpu)
{
    return (uint32_t *)(void *)(guest.ram + CONTROL - FAKE_RAM + 128 * vcpu);
}

static int64_t init_control(uint32_t vcpu, uint64_t address)
{
    put(0, address / 4096, 8);
    put(8, address % 4096, 4);
    put(12, vcpu, 4);
    return event(0, 11);
}

static int64_t expand_array(uint64_t address)
{
    put(0, address / 4096, 8);
    return event(0, 12);
}

static void begin_fifo(uint32_t vcpus)
{
    begin(vcpus);
    for (uint32_t i = 0; i < vcpus; i++) {
        EXPECT(init_control(i, CONTROL + 128 * i) == 0);
        EXPECT((get(16) & 0xff) == 17);
    }
    EXPECT(expand_array(WORDS) == 0);
}

/* What a guest does when it is told: takes the head of each queue until all are empty. */
static uint32_t fifo_take(uint32_t vcpu, uint32_t *ports, uint32_t room)
{
    uint32_t count = 0;

    shared[0] = 0;
    for (uint32_t q = 0; q < 16; q++) {
        uint32_t head = control(vcpu)[2 + q];
        if ((control(vcpu)[0] & 1u << q) == 0) {
            continue;
        }
        control(vcpu)[0] &= ~(1u << q);
        while (head != 0 && count < room) {
            uint32_t link = *fifo_word(head) & 0x1ffff;
            *fifo_word(head) &= ~(WORD_LINKED | 0x1ffff);
            if ((*fifo_word(head) & (WORD_PENDING | WORD_MASKED)) == WORD_PENDING) {
                *fifo_word(head) &= ~WORD_PENDING;
                ports[count++] = head;
            }
            head = link;
        }
    }
    return count;
}

TEST(fifo_events_come_in_the_order_in_which_they_were_sent)
{
    static const uint32_t order[] = {3, 1, 4, 2};
    uint32_t seen[8];

    begin_fifo(1);
    for (uint32_t i = 0; i < 4; i++) {
        EXPECT(new_ipi(0) == i + 1);
    }
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 4; i++) {
            EXPECT(on_port(4, order[i]) == 0);
            EXPECT(on_port(4, order[0]) == 0); /* once pending is enough */
        }
        EXPECT(guest_acknowledge(0) == 31);
        guest_end(0, 31);
        EXPECT(fifo_take(0, seen, 8) == 4 && memcmp(seen, order, sizeof(order)) == 0);
        EXPECT(guest_acknowledge(0) == 1023);
    }
}

TEST(fifo_priorities_have_queues_of_their_own)
{
    uint32_t seen[8];

    begin_fifo(1);
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT(new_ipi(0) == i + 1);
        EXPECT(on_port(4, i + 1) == 0);
    }
    put(0, 2, 4);
    put(4, 16, 4);
    EXPECT(event(0, 13) == -EINVAL);
    put(4, 0, 4);
    EXPECT(event(0, 13) == 0);
    EXPECT(fifo_take(0, seen, 8) == 3); /* it was in a queue already, and moves when it is sent again */
    EXPECT(on_port(4, 1) == 0 && on_port(4, 2) == 0 && on_port(4, 3) == 0);
    EXPECT(control(0)[0] == (1u << 0 | 1u << 7));
    EXPECT(fifo_take(0, seen, 8) == 3 && seen[0] == 2 && seen[1] == 1 && seen[2] == 3);
}

TEST(fifo_masked_events_wait)
{
    uint32_t seen[8];

    begin_fifo(1);
    uint32_t port = new_ipi(0);
    *fifo_word(port) = WORD_MASKED;
    EXPECT(on_port(4, port) == 0);
    EXPECT(*fifo_word(port) == (WORD_MASKED | WORD_PENDING));
    EXPECT(fifo_take(0, seen, 8) == 0);
    EXPECT(on_port(9, port) == 0);
    EXPECT(fifo_take(0, seen, 8) == 1 && seen[0] == port);
}

TEST(fifo_takes_over_what_came_before)
{
    uint32_t seen[8];

    begin(2);
    uint32_t first = new_ipi(0), second = new_ipi(1);
    EXPECT(on_port(4, first) == 0);
    EXPECT(expand_array(WORDS) == -ENOSYS); /* not chosen yet */
    EXPECT(init_control(0, CONTROL) == 0);
    EXPECT(on_port(4, second) == 0); /* its vCPU has no block yet */
    EXPECT(expand_array(WORDS) == 0);
    EXPECT(fifo_take(0, seen, 8) == 1 && seen[0] == first);
    EXPECT(init_control(1, CONTROL + 128) == 0);
    EXPECT(fifo_take(1, seen, 8) == 1 && seen[0] == second);
    put(0, SELF, 4);
    EXPECT(event(0, 10) == 0); /* a reset goes back to 2-level */
    EXPECT(new_ipi(0) == 1);
    EXPECT(on_port(4, 1) == 0 && word(PENDING) == 2);
}

TEST(fifo_refuses_memory_that_is_not_the_guests)
{
    begin(1);
    EXPECT(init_control(1, CONTROL) == -ENOENT);
    EXPECT(init_control(0, CONTROL + 4) == -EINVAL);
    EXPECT(init_control(0, CONTROL + 4096 - 64) == -EINVAL);
    EXPECT(init_control(0, 0x1000) == -EINVAL);
    EXPECT(init_control(0, CONTROL) == 0);
    EXPECT(init_control(0, CONTROL) == -EINVAL);
    EXPECT(expand_array(0x1000) == -EINVAL);
    EXPECT(expand_array(WORDS) == 0);
    EXPECT(expand_array(WORDS) == -ENOSPC);
}

/* Sends, moves, masks and takes at random: each event that is sent is seen, and no other. */
TEST(fifo_loses_nothing)
{
    enum { PORTS = 12 };
    bool sent[PORTS + 1] = {false};
    uint32_t seen[64];

    begin_fifo(2);
    for (uint32_t i = 1; i <= PORTS; i++) {
        put(0, SELF | SELF << 16, 4);
        EXPECT(event(0, 6) == 0 && get(4) == i);
        guest.domain.xen->ports[i].state = EVTCHNSTAT_ipi; /* a channel to itself that may move */
    }
    for (uint32_t step = 0; step < 100000; step++) {
        uint32_t port = 1 + (uint32_t)test_random(PORTS);
        switch (test_random(6)) {
        case 0:
        case 1:
            EXPECT(on_port(4, port) == 0);
            sent[port] = true;
            break;
        case 2:
            guest.domain.xen->ports[port].vcpu = (uint32_t)test_random(2);
            break;
        case 3:
            put(0, port, 4);
            put(4, test_random(16), 4);
            EXPECT(event(0, 13) == 0);
            break;
        case 4:
            *fifo_word(port) |= WORD_MASKED;
            break;
        default:
            EXPECT(on_port(9, port) == 0);
            break;
        }
        if (test_random(4) == 0) {
            uint32_t vcpu = (uint32_t)test_random(2);
            uint32_t count = fifo_take(vcpu, seen, 64);
            for (uint32_t i = 0; i < count; i++) {
                EXPECT(sent[seen[i]]);
                sent[seen[i]] = false;
            }
        }
    }
    for (uint32_t i = 1; i <= PORTS; i++) {
        EXPECT(on_port(9, i) == 0);
    }
    for (uint32_t vcpu = 0; vcpu < 2; vcpu++) {
        uint32_t count = fifo_take(vcpu, seen, 64);
        for (uint32_t i = 0; i < count; i++) {
            sent[seen[i]] = false;
        }
    }
    for (uint32_t i = 1; i <= PORTS; i++) {
        EXPECT(!sent[i]);
    }
}

TEST(writes_to_the_console_in_pieces)
{
    begin(1);
    memset(guest.ram, 'x', 1000);
    guest.vcpus[0].regs.pc = 0x1004;
    EXPECT(call(0, CONSOLE, 0, 1000, FAKE_RAM) == 0);
    EXPECT(guest.vcpus[0].regs.pc == 0x1000); /* again, for the rest */
    EXPECT(guest.vcpus[0].regs.x[1] == 744 && guest.vcpus[0].regs.x[2] == FAKE_RAM + 256);
    EXPECT(guest.console_length == 256);
    guest.vcpus[0].regs.pc = 0x1004;
    EXPECT(call(0, CONSOLE, 0, 5, FAKE_RAM) == 0);
    EXPECT(guest.vcpus[0].regs.pc == 0x1004);
    EXPECT(call(0, CONSOLE, 0, ~0ull, FAKE_RAM) == -EINVAL);
    EXPECT(call(0, CONSOLE, 0, 5, NOWHERE) == -EFAULT);
    EXPECT(call(0, CONSOLE, 1, 5, FAKE_RAM) == -ENOSYS);
}

TEST(schedules_and_shuts_down)
{
    static const struct {
        uint32_t reason;
        int shutdown;
    } ends[] = {{0, SHUTDOWN_POWEROFF}, {1, SHUTDOWN_RESET}, {3, SHUTDOWN_CRASH}};

    begin(1);
    EXPECT(call(0, SCHED, 0, 0, 0) == 0);
    EXPECT(call(0, SCHED, 1, 0, 0) == 0);
    EXPECT(guest.blocks == 1);
    put(0, 2, 4);
    EXPECT(call(0, SCHED, 2, ARGUMENT, 0) == -EINVAL); /* nobody would resume it */
    EXPECT(guest.shutdown == -1);
    for (uint32_t i = 0; i < 3; i++) {
        begin(1);
        put(0, ends[i].reason, 4);
        EXPECT(call(0, SCHED, 2, ARGUMENT, 0) == 0);
        EXPECT(guest.shutdown == ends[i].shutdown);
    }
}

TEST(assists_with_runstate_only)
{
    begin(1);
    EXPECT(call(0, ASSIST, 0, 5, 0) == 0);
    EXPECT(call(0, ASSIST, 1, 5, 0) == 0);
    EXPECT(call(0, ASSIST, 0, 0, 0) == -EINVAL);
    EXPECT(call(0, ASSIST, 2, 5, 0) == -EINVAL);
}

/* Whatever a guest calls with, it gets an answer and the core lives; numbers near the edges come often. */
static uint64_t any_number(void)
{
    static const uint64_t edges[] = {0, 1, 2, SELF, 63, 64, 1023, 1024, 4095, 4096, 0x7fffffff, 0xffffffff, NOWHERE, ~0ull,
                                     ARGUMENT, SHARED, FAKE_RAM + FAKE_RAM_BYTES - 4};
    uint64_t pick = test_random(24);

    return pick < sizeof(edges) / sizeof(edges[0]) ? edges[pick] : test_random(~0ull);
}

TEST(survives_random_calls)
{
    begin(2);
    for (uint32_t i = 0; i < 200000; i++) {
        for (uint32_t offset = 0; offset < 32; offset += 4) {
            put(offset, any_number(), 4);
        }
        uint64_t number = test_random(8) == 0 ? any_number() : test_random(40);
        uint64_t argument = test_random(4) == 0 ? any_number() : ARGUMENT;
        call((uint32_t)test_random(2), number, test_random(2) == 0 ? test_random(14) : any_number(), argument,
             test_random(2) == 0 ? ARGUMENT : any_number());
        guest_enter(0);
        guest_enter(1);
        for (uint32_t v = 0; v < 2; v++) {
            memset(guest.lrs[v], 0, sizeof(guest.lrs[v]));
            vgic_set_stale(&guest.vcpus[v]);
        }
    }
    EXPECT(guest.domain.vcpu_count == 2);
}
