/* SPDX-License-Identifier: Apache-2.0 */
/* Event channels: ports and where they lead, and both ways in which they are shown to the guest. */
#include <stdlib.h>
#include <string.h>

#include <xi/hypercall.h>

#include "../xen/state.h"
#include "caller.h"
#include "test.h"

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
    config.peers = 1u << (7 - 1);
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
    EXPECT(event(0, 6) == -ESRCH);
    put(0, SELF | 6u << 16, 4);
    EXPECT(event(0, 6) == -ESRCH);
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

/* As the guest does: the call again until it is done. How often. */
static uint32_t reset(void)
{
    uint32_t pieces = 1;

    put(0, SELF, 4);
    for (guest.vcpus[0].regs.pc = 0x1004; pieces < 1000 && event(0, 10) != 0; guest.vcpus[0].regs.pc = 0x1004) {
        EXPECT(guest.vcpus[0].regs.pc == 0x1000 && guest.vcpus[0].regs.x[0] == 10);
        pieces++;
    }
    EXPECT(guest.vcpus[0].regs.pc == 0x1004);
    return pieces;
}

TEST(ports_run_out_and_come_back)
{
    begin(1);
    for (uint32_t i = 1; i < 1024; i++) {
        EXPECT(new_ipi(0) == i);
    }
    put(0, 0, 4);
    EXPECT(event(0, 7) == -ENOSPC);
    EXPECT(reset() == (XEN_PORTS + 30) / 32); /* in pieces, so that interrupts are taken in between */
    EXPECT(new_ipi(0) == 1);
    EXPECT(reset() == 1);
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
    config.peers = 3;
    free(peer.xen);
    peer = (struct domain){.id = 2, .config = &config, .vcpus = peer_list, .vcpu_count = 1, .stage2 = guest.domain.stage2};
    peer_vcpu = (struct vcpu){.domain = &peer, .state = VCPU_RUNNING};
    vgic_vcpu_init(&peer_vcpu);
    memset(peer_spis, 0, sizeof(peer_spis));
    EXPECT(vgic_v3_init(&peer, (ipa_t){GICD}, (ipa_t){GICR}, peer_spis, 32) == XI_OK);
    xen_domain_init(&peer, calloc(1, xen_domain_size(1, config.grant_frames)));
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
    EXPECT(word(PENDING) == 0);
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
    EXPECT(expand_array(WORDS) == -95); /* not chosen yet */
    EXPECT(init_control(0, CONTROL) == 0);
    EXPECT(on_port(4, second) == 0); /* its vCPU has no block yet */
    EXPECT(expand_array(WORDS) == 0);
    EXPECT(fifo_take(0, seen, 8) == 1 && seen[0] == first);
    EXPECT(init_control(1, CONTROL + 128) == 0);
    EXPECT(fifo_take(1, seen, 8) == 1 && seen[0] == second);
    EXPECT(fifo_take(0, seen, 8) == 0); /* what was held is shown once */
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
