/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/conring.h>
#include <xi/print.h>
#include <xi/string.h>

#define PREFIX (CONRING_NAME + 16u)

static void put(struct conring *ring, uint8_t byte)
{
    if (ring->head - ring->tail == CONRING_BYTES) {
        ring->lost++;
        return;
    }
    ring->bytes[ring->head++ % CONRING_BYTES] = byte;
    ring->mid_line = byte != '\n' && (byte != '\r' || ring->mid_line);
}

static void put_text(struct conring *ring, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        put(ring, (uint8_t)text[i]);
    }
}

/* Back to the line's begin, and erase what stands there (ECMA-48: EL). */
#define ERASE_LINE "\r\x1b[K"

static void end_line(struct conring *ring)
{
    put_text(ring, "\r\n", 2);
    ring->blank = true;
}

static void put_prefix(struct conring *ring, uint32_t id)
{
    char prefix[PREFIX];

    (void)xi_snprintf(prefix, sizeof(prefix), "(d%u %s) ", id, ring->domains[id - 1].name);
    put_text(ring, prefix, strlen(prefix));
}

/* 0x80 to 0x9f, alone or as UTF-8 has them behind 0xc2, are control characters, too; behind others they are text. */
static bool is_c1(const struct conring_domain *from, uint8_t byte)
{
    return byte >= 0x80 && byte <= 0x9f && (from->previous < 0x80 || from->previous == 0xc2);
}

/* Whether a terminal shows the byte: not a control character, nor part of an escape sequence. None goes on in the
 * next line, so that it cannot hide how that one begins. */
static bool is_text(struct conring_domain *from, uint8_t byte)
{
    bool c1 = is_c1(from, byte);
    bool final = byte >= 0x40 && byte <= 0x7e;

    from->previous = byte;
    if (byte == 0x1b) {
        from->escape = CONRING_ESCAPED;
    } else if (c1) {
        from->escape = byte == 0x9b ? CONRING_CONTROL : CONRING_TEXT;
    } else if (byte == '\n') {
        from->escape = CONRING_TEXT;
    } else if (byte < ' ' || byte == 0x7f) {
        return byte == '\t';
    } else if (from->escape == CONRING_TEXT) {
        return true;
    } else if (from->escape == CONRING_ESCAPED && byte == '[') {
        from->escape = CONRING_CONTROL;
    } else if (from->escape == CONRING_ESCAPED ? byte >= 0x30 : final) {
        from->escape = CONRING_TEXT;
    }
    return false;
}

/* What ends a control sequence that leaves the cursor where it is: colours, modes, reports, erasing. */
#define LEAVES_CURSOR "mhlnJK"

/* Lets a byte of the focus through. What begins like the prefix of somebody, where a line may begin for whoever
 * reads, gets the right one in front. */
static void put_focused(struct conring *ring, uint8_t byte)
{
    struct conring_domain *focus = &ring->domains[ring->focus - 1];
    bool escaped = focus->escape != CONRING_TEXT;
    bool text = is_text(focus, byte);
    bool moved = escaped && focus->escape == CONRING_TEXT && memchr(LEAVES_CURSOR, byte, strlen(LEAVES_CURSOR)) == NULL;

    if (text && byte == '(' && ring->blank) {
        put_prefix(ring, ring->focus);
    }
    put(ring, byte);
    ring->blank = byte == '\n' || byte == '\r' || byte == '\b' || moved || (ring->blank && !text);
}

static struct conring_domain *domain_in_focus(struct conring *ring)
{
    return ring->focus == CONRING_HYPERVISOR ? NULL : &ring->domains[ring->focus - 1];
}

/* Clears the way for a line of somebody else. Returns whose unfinished line was taken away, if anyone's. */
static struct conring_domain *put_aside(struct conring *ring)
{
    struct conring_domain *focus = domain_in_focus(ring);

    if (!ring->mid_line) {
        return NULL;
    }
    if (focus == NULL || focus->length == CONRING_LINE) {
        end_line(ring); /* not known in full */
        return NULL;
    }
    put_text(ring, ERASE_LINE, strlen(ERASE_LINE));
    ring->mid_line = false;
    return focus;
}

/* Writes the unfinished line of the focus. */
static void put_unfinished(struct conring *ring, struct conring_domain *focus)
{
    focus->escape = CONRING_TEXT;
    for (uint32_t i = 0; i < focus->length; i++) {
        put_focused(ring, (uint8_t)focus->line[i]);
    }
    if (focus->returned) {
        put_focused(ring, '\r');
    }
}

/* One whole line of its own, whatever the cursor is in the middle of. `speaker`: a domain, or the hypervisor. */
static void put_line(struct conring *ring, uint32_t speaker, const char *text, size_t size)
{
    struct conring_domain *unfinished = put_aside(ring);

    if (speaker == CONRING_HYPERVISOR) {
        put_text(ring, "(XI) ", 5);
    } else {
        put_prefix(ring, speaker);
    }
    put_text(ring, text, size);
    end_line(ring);
    if (unfinished != NULL) {
        put_unfinished(ring, unfinished);
    }
}

void conring_init(struct conring *ring)
{
    *ring = (struct conring){.focus = CONRING_HYPERVISOR, .blank = true};
}

xi_err conring_add_domain(struct conring *ring, const char *name)
{
    if (ring->domain_count == CONRING_DOMAINS) {
        return XI_ERR_NO_SPACE;
    }
    struct conring_domain *domain = &ring->domains[ring->domain_count++];
    memcpy(domain->name, name, strnlen(name, CONRING_NAME - 1));
    return XI_OK;
}

void conring_log(struct conring *ring, const char *text)
{
    for (;;) {
        const char *end = memchr(text, '\n', strlen(text));
        put_line(ring, CONRING_HYPERVISOR, text, end == NULL ? strlen(text) : (size_t)(end - text));
        if (end == NULL) {
            return;
        }
        text = end + 1;
    }
}

static void show_line(struct conring *ring, uint32_t id)
{
    struct conring_domain *domain = &ring->domains[id - 1];

    put_line(ring, id, domain->line, domain->length);
    domain->length = 0;
}

/* Keeps the focus's unfinished line, to be written again after an interruption. */
static void record(struct conring_domain *focus, uint8_t byte)
{
    if (byte == '\n' || (focus->returned && byte != '\r')) {
        focus->length = 0;
    }
    focus->returned = byte == '\r';
    if (byte != '\n' && byte != '\r' && focus->length < CONRING_LINE) {
        focus->line[focus->length++] = (char)byte;
    }
}

void conring_guest(struct conring *ring, uint32_t domain, uint8_t byte)
{
    if (domain == CONRING_HYPERVISOR || domain > ring->domain_count) {
        return;
    }
    struct conring_domain *from = &ring->domains[domain - 1];
    if (domain == ring->focus) {
        put_focused(ring, byte);
        record(from, byte);
        return;
    }
    if (byte == '\n') {
        show_line(ring, domain);
    } else if (is_text(from, byte)) {
        from->line[from->length++] = (char)byte;
        if (from->length == CONRING_LINE) {
            show_line(ring, domain);
        }
    }
}

/* Of a line that was written through, what may stand in a line with a prefix. */
static void keep_text(struct conring_domain *domain)
{
    uint32_t kept = 0;

    domain->escape = CONRING_TEXT;
    for (uint32_t i = 0; i < domain->length; i++) {
        if (is_text(domain, (uint8_t)domain->line[i])) {
            domain->line[kept++] = domain->line[i];
        }
    }
    domain->length = kept;
}

/* The next that input can go to, in the order hypervisor, first domain, second, and so on. */
static uint32_t next_focus(const struct conring *ring)
{
    for (uint32_t id = ring->focus + 1; id <= ring->domain_count; id++) {
        if (!ring->domains[id - 1].gone) {
            return id;
        }
    }
    return CONRING_HYPERVISOR;
}

void conring_set_focus(struct conring *ring, uint32_t focus)
{
    char line[128];
    struct conring_domain *before = domain_in_focus(ring);

    /* What cannot be erased stays, and is not shown a second time. The rest will come with its prefix. */
    if (put_aside(ring) == NULL && before != NULL) {
        before->length = 0;
    }
    if (before != NULL) {
        keep_text(before);
    }
    ring->focus = focus <= ring->domain_count ? focus : CONRING_HYPERVISOR;
    ring->switches = 0;
    if (ring->focus == CONRING_HYPERVISOR) {
        (void)xi_snprintf(line, sizeof(line), "*** Serial input to XI (type 'CTRL-a' three times to switch input)");
    } else {
        (void)xi_snprintf(line, sizeof(line), "*** Serial input to DOM%u (type 'CTRL-a' three times to switch input)",
                          ring->focus);
    }
    conring_log(ring, line);
    if (ring->focus != CONRING_HYPERVISOR) {
        /* What it has said so far of its line now stands on the console. */
        struct conring_domain *domain = &ring->domains[ring->focus - 1];
        domain->returned = false;
        put_unfinished(ring, domain);
    }
}

void conring_end(struct conring *ring, uint32_t domain)
{
    if (domain == CONRING_HYPERVISOR || domain > ring->domain_count) {
        return;
    }
    if (ring->focus == domain) {
        if (ring->mid_line) {
            end_line(ring);
        }
        ring->domains[domain - 1].length = 0;
    } else if (ring->domains[domain - 1].length != 0) {
        show_line(ring, domain);
    }
    ring->domains[domain - 1].gone = true;
    if (ring->focus == domain) {
        uint32_t next = next_focus(ring);
        if (next == CONRING_HYPERVISOR) {
            /* From the start again, before it falls to the hypervisor. */
            ring->focus = CONRING_HYPERVISOR;
            next = next_focus(ring);
        }
        conring_set_focus(ring, next);
    }
}

void conring_begin(struct conring *ring, uint32_t domain)
{
    if (domain != CONRING_HYPERVISOR && domain <= ring->domain_count) {
        struct conring_domain *begun = &ring->domains[domain - 1];
        begun->gone = false;
        begun->length = 0;
        begun->returned = false;
        begun->escape = CONRING_TEXT;
        if (domain == ring->focus && ring->mid_line) {
            end_line(ring);
        }
    }
}

struct conring_input conring_receive(struct conring *ring, uint8_t byte)
{
    struct conring_input input = {.to = ring->focus};

    if (byte == CONRING_SWITCH) {
        if (++ring->switches == CONRING_SWITCH_TIMES) {
            conring_set_focus(ring, next_focus(ring));
        }
        return input;
    }
    /* Fewer than it takes were meant for the receiver. */
    while (ring->switches != 0) {
        ring->switches--;
        input.bytes[input.count++] = CONRING_SWITCH;
    }
    input.bytes[input.count++] = byte;
    return input;
}

bool conring_take(struct conring *ring, uint8_t *byte)
{
    if (ring->head == ring->tail) {
        return false;
    }
    *byte = ring->bytes[ring->tail++ % CONRING_BYTES];
    return true;
}
