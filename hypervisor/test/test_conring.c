/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <xi/conring.h>

#include "test.h"

static struct conring ring;
static char shown[CONRING_BYTES + 1];

static void fresh(void)
{
    conring_init(&ring);
    EXPECT(conring_add_domain(&ring, "ui") == XI_OK && conring_add_domain(&ring, "io") == XI_OK);
}

static void say(uint32_t domain, const char *text)
{
    while (*text != '\0') {
        conring_guest(&ring, domain, (uint8_t)*text++);
    }
}

static const char *take(void)
{
    uint32_t length = 0;
    uint8_t byte;

    while (conring_take(&ring, &byte)) {
        shown[length++] = (char)byte;
    }
    shown[length] = '\0';
    return shown;
}

static bool shows(const char *text)
{
    return strcmp(take(), text) == 0;
}

TEST(prefixes_whole_lines_of_those_without_focus)
{
    fresh();
    say(1, "hel");
    EXPECT(shows(""));
    say(1, "lo\r\n");
    EXPECT(shows("(d1 ui) hello\r\n"));
    conring_log(&ring, "two\nlines");
    EXPECT(shows("(XI) two\r\n(XI) lines\r\n"));
}

TEST(lets_the_focus_write_through_byte_by_byte)
{
    fresh();
    conring_set_focus(&ring, 1);
    (void)take();
    say(1, "login: ");
    EXPECT(shows("login: "));
    say(2, "news\n");
    EXPECT(shows("\r\x1b[K(d2 io) news\r\nlogin: "));
    say(1, "root\r\n");
    say(2, "more\n");
    EXPECT(shows("root\r\n(d2 io) more\r\n"));
}

TEST(writes_again_only_what_still_stands)
{
    fresh();
    conring_set_focus(&ring, 1);
    say(1, "10 %\r20 %");
    (void)take();
    conring_log(&ring, "news");
    EXPECT(shows("\r\x1b[K(XI) news\r\n20 %"));
    say(1, "\r");
    conring_log(&ring, "news");
    EXPECT(shows("\r\r\x1b[K(XI) news\r\n20 %\r"));
    say(1, "\nnext");
    conring_log(&ring, "news");
    EXPECT(shows("\nnext\r\x1b[K(XI) news\r\nnext"));
}

TEST(ends_a_line_that_is_too_long_to_write_again)
{
    fresh();
    conring_set_focus(&ring, 1);
    for (uint32_t i = 0; i <= CONRING_LINE; i++) {
        conring_guest(&ring, 1, 'x');
    }
    (void)take();
    conring_log(&ring, "news");
    EXPECT(shows("\r\n(XI) news\r\n"));
}

TEST(names_the_speaker_of_a_line_of_the_focus_that_begins_like_a_prefix)
{
    fresh();
    conring_set_focus(&ring, 1);
    (void)take();
    say(1, "(d2 io) forged\r\n");
    EXPECT(shows("(d1 ui) (d2 io) forged\r\n"));
    say(1, "f(x)\n\t(y)\n");
    EXPECT(shows("f(x)\n\t(y)\n"));
    say(1, "\x1b[2K\x1b""7\b(XI) forged\n");
    EXPECT(shows("\x1b[2K\x1b""7\b(d1 ui) (XI) forged\n"));
    say(1, "x\b(XI)\x1b[1G(XI)\xc2\x9b""1G(XI)\x1b[32m(a)\x1b[K(b)\n");
    EXPECT(shows("x\b(d1 ui) (XI)\x1b[1G(d1 ui) (XI)\xc2\x9b""1G(d1 ui) (XI)\x1b[32m(a)\x1b[K(b)\n"));
    say(1, "\x1b..\n(XI) forged\n");
    EXPECT(shows("\x1b..\n(d1 ui) (XI) forged\n"));
    say(1, "x\r\x1b[K(XI) forged");
    EXPECT(shows("x\r\x1b[K(d1 ui) (XI) forged"));
    conring_log(&ring, "news");
    EXPECT(shows("\r\x1b[K(XI) news\r\n\x1b[K(d1 ui) (XI) forged"));
}

/* The line as who takes the console apart sees it: behind the last CR ESC [ K, without CR. */
static void normalise(char *line)
{
    char *erased, *to = line;

    while ((erased = strstr(line, "\r\x1b[K")) != NULL) {
        memmove(line, erased + 4, strlen(erased + 4) + 1);
    }
    for (const char *from = line; *from != '\0'; from++) {
        if (*from != '\r') {
            *to++ = *from;
        }
    }
    *to = '\0';
}

TEST(lets_no_bytes_of_the_focus_pass_for_another_speaker)
{
    static const char bytes[] = "\x1b[KH0;?\r\r\n\n\b\a((((XI) d2io)xyz";

    fresh();
    conring_set_focus(&ring, 1);
    (void)take();
    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t logs = 0;
        for (uint32_t i = 0; i < 40; i++) {
            if (test_random(20) == 0) {
                conring_log(&ring, "news");
                logs++;
            } else if (test_random(20) == 0) {
                say(1, test_random(2) == 0 ? "(XI) forged" : "(d2 io) forged");
            } else {
                conring_guest(&ring, 1, (uint8_t)bytes[test_random(sizeof(bytes) - 1)]);
            }
        }
        say(1, "\n");
        for (char *line = strtok((char *)(uintptr_t)take(), "\n"); line != NULL; line = strtok(NULL, "\n")) {
            normalise(line);
            EXPECT(strncmp(line, "(d2 ", 4) != 0);
            if (strncmp(line, "(XI) ", 5) == 0) {
                EXPECT(strcmp(line, "(XI) news") == 0 && logs-- > 0);
            }
        }
        EXPECT(logs == 0);
    }
}

TEST(knows_that_a_line_too_long_to_write_again_goes_on_in_a_new_one)
{
    fresh();
    conring_set_focus(&ring, 1);
    for (uint32_t i = 0; i <= CONRING_LINE; i++) {
        conring_guest(&ring, 1, 'x');
    }
    conring_log(&ring, "news");
    (void)take();
    say(1, "(XI) forged\n");
    EXPECT(shows("(d1 ui) (XI) forged\n"));
}

TEST(lets_nobody_without_focus_move_the_cursor)
{
    fresh();
    say(1, "\x1b[32mgreen\x1b[0m\x1b[1G\b\x1b[K\x1b(0\tx\n");
    EXPECT(shows("(d1 ui) green\tx\r\n"));
    say(1, "\xc2\x9b""1A\x9b""2K\xe2\x80\x9c\xc3\xa9\n");
    EXPECT(shows("(d1 ui) \xc2\xe2\x80\x9c\xc3\xa9\r\n"));
    conring_set_focus(&ring, 1);
    say(1, "\x1b[1Glogin");
    conring_set_focus(&ring, 2);
    (void)take();
    say(1, "\n");
    EXPECT(shows("(d1 ui) login\r\n"));
}

TEST(takes_an_unfinished_line_away_with_the_focus)
{
    fresh();
    conring_set_focus(&ring, 1);
    say(1, "login: ");
    (void)take();
    conring_set_focus(&ring, 2);
    EXPECT(strncmp(take(), "\r\x1b[K(XI) ***", 12) == 0);
    say(1, "root\n");
    EXPECT(shows("(d1 ui) login: root\r\n"));
}

TEST(moves_the_focus_with_three_ctrl_a_round_and_round)
{
    fresh();
    conring_set_focus(&ring, 1);
    for (uint32_t expected = 2;; expected = (expected + 1) % 3) {
        for (int i = 0; i < 3; i++) {
            EXPECT(conring_receive(&ring, CONRING_SWITCH).count == 0);
        }
        EXPECT(ring.focus == expected);
        if (expected == 1) {
            break;
        }
    }
    EXPECT(strstr(take(), "*** Serial input to DOM2") != NULL);
}

TEST(gives_fewer_ctrl_a_to_the_receiver)
{
    fresh();
    conring_set_focus(&ring, 2);
    (void)conring_receive(&ring, CONRING_SWITCH);
    (void)conring_receive(&ring, CONRING_SWITCH);
    struct conring_input input = conring_receive(&ring, 'x');
    EXPECT(input.to == 2 && input.count == 3);
    EXPECT(input.bytes[0] == CONRING_SWITCH && input.bytes[1] == CONRING_SWITCH && input.bytes[2] == 'x');
}

TEST(leaves_a_domain_that_has_gone)
{
    fresh();
    conring_set_focus(&ring, 1);
    say(2, "last words");
    (void)take();
    conring_end(&ring, 2);
    EXPECT(shows("(d2 io) last words\r\n") && ring.focus == 1);
    conring_begin(&ring, 2);
    conring_end(&ring, 1);
    EXPECT(ring.focus == 2);
    conring_end(&ring, 2);
    EXPECT(ring.focus == CONRING_HYPERVISOR);
}

TEST(goes_on_with_nothing_of_a_domains_former_life)
{
    fresh();
    say(2, "old\x1b");
    conring_begin(&ring, 2);
    say(2, "new\n");
    EXPECT(shows("(d2 io) new\r\n"));
    conring_set_focus(&ring, 1);
    say(1, "old\x1b");
    (void)take();
    conring_begin(&ring, 1);
    say(1, "(new)\n");
    EXPECT(shows("\r\n(d1 ui) (new)\n"));
}

TEST(shows_what_a_line_has_so_far_when_its_domain_gets_the_focus)
{
    fresh();
    say(2, "login: ");
    conring_set_focus(&ring, 2);
    EXPECT(strcmp(strrchr(take(), '\n') + 1, "login: ") == 0);
}

TEST(cuts_lines_without_end_and_loses_only_its_own_overflow)
{
    fresh();
    for (uint32_t i = 0; i < CONRING_LINE; i++) {
        conring_guest(&ring, 1, 'x');
    }
    EXPECT(strlen(take()) == CONRING_LINE + strlen("(d1 ui) \r\n"));
    for (uint32_t i = 0; i < 2 * CONRING_BYTES; i++) {
        say(1, "0123456789\n");
    }
    EXPECT(ring.head - ring.tail == CONRING_BYTES && ring.lost > 0);
    conring_guest(&ring, 0, 'x');
    conring_guest(&ring, 3, 'x');
    EXPECT(strlen(take()) == CONRING_BYTES);
}

TEST(has_room_for_so_many_domains_and_no_more)
{
    conring_init(&ring);
    for (uint32_t i = 0; i < CONRING_DOMAINS; i++) {
        EXPECT(conring_add_domain(&ring, "a-name-that-is-much-longer-than-the-space-that-there-is-for-it") == XI_OK);
    }
    EXPECT(conring_add_domain(&ring, "one more") == XI_ERR_NO_SPACE);
}
