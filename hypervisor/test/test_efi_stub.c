/* SPDX-License-Identifier: Apache-2.0 */
/* The stub against firmware of our own: what it allocates, gives back, says, and in which order it leaves. */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../efi/machine.h"
#include "../efi/stub.h"
#include "efi_image.h"
#include "test.h"

#define MEMORY_BYTES 0x100000u

static struct efi_image image;
static uint8_t *memory; /* where files go: the machine's, for the stub */

static struct {
    unsigned level;
    struct efi_memory_descriptor map[4];
    uint64_t descriptors;
    uint64_t key;
    unsigned stale;    /* ExitBootServices fails that often */
    unsigned fails_at; /* AllocatePages fails at the nth call, from 1 */
    unsigned allocations, held, pools, exits;
    bool left, masked, started;
    uint64_t flushed, entry, tree;
    void *pool; /* the only one */
    char said[512];
} firmware;
static jmp_buf over;

static efi_status output_string(struct efi_text_output *this, const uint16_t *text)
{
    size_t length = strlen(firmware.said);

    (void)this;
    EXPECT(!firmware.left);
    for (; *text != 0 && length + 1 < sizeof(firmware.said); text++) {
        firmware.said[length++] = (char)*text;
    }
    firmware.said[length] = 0;
    return EFI_SUCCESS;
}

static efi_status allocate_pages(uint32_t how, uint32_t type, uint64_t pages, uint64_t *address)
{
    uint64_t start = (uint64_t)(uintptr_t)memory;

    EXPECT(how == EFI_ALLOCATE_ADDRESS && type == EFI_LOADER_DATA && firmware.exits == 0);
    EXPECT(*address >= start && *address + pages * 4096 <= start + MEMORY_BYTES);
    firmware.allocations++;
    if (firmware.allocations == firmware.fails_at) {
        return EFI_ERROR_BIT | 14; /* EFI_NOT_FOUND */
    }
    firmware.held++;
    return EFI_SUCCESS;
}

static efi_status free_pages(uint64_t address, uint64_t pages)
{
    (void)address;
    (void)pages;
    firmware.held--;
    return EFI_SUCCESS;
}

static efi_status get_memory_map(uint64_t *size, void *map, uint64_t *key, uint64_t *descriptor_size,
                                 uint32_t *version)
{
    uint64_t needed = firmware.descriptors * sizeof(firmware.map[0]);
    bool fits = *size >= needed;

    *descriptor_size = sizeof(firmware.map[0]);
    *version = 1;
    *size = needed;
    if (!fits) {
        return EFI_BUFFER_TOO_SMALL;
    }
    memcpy(map, firmware.map, needed);
    *key = ++firmware.key;
    return EFI_SUCCESS;
}

static efi_status allocate_pool(uint32_t type, uint64_t size, void **buffer)
{
    EXPECT(type == EFI_LOADER_DATA && firmware.exits == 0);
    firmware.pools++;
    *buffer = firmware.pool = malloc(size);
    return EFI_SUCCESS;
}

static efi_status free_pool(void *buffer)
{
    firmware.pools--;
    free(buffer);
    return EFI_SUCCESS;
}

static efi_status exit_boot_services(efi_handle handle, uint64_t key)
{
    EXPECT(handle == &firmware && key == firmware.key);
    firmware.exits++;
    if (firmware.exits <= firmware.stale) {
        firmware.key++;
        return EFI_INVALID_PARAMETER;
    }
    firmware.left = true;
    return EFI_SUCCESS;
}

unsigned machine_exception_level(void)
{
    return firmware.level;
}

void machine_mask(void)
{
    EXPECT(firmware.left);
    firmware.masked = true;
}

void machine_flush(uint64_t start, uint64_t size)
{
    (void)start;
    EXPECT(firmware.masked);
    firmware.flushed += size;
}

_Noreturn void machine_start(uint64_t entry, uint64_t tree)
{
    firmware.started = true;
    firmware.entry = entry;
    firmware.tree = tree;
    longjmp(over, 1);
}

static struct efi_text_output console = {.output_string = output_string};
static struct efi_boot_services services = {.allocate_pages = allocate_pages,
                                            .free_pages = free_pages,
                                            .get_memory_map = get_memory_map,
                                            .allocate_pool = allocate_pool,
                                            .free_pool = free_pool,
                                            .exit_boot_services = exit_boot_services};

static void prepare(void)
{
    if (memory == NULL) {
        memory = mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    memset(memory, 0xee, MEMORY_BYTES);
    memset(&firmware, 0, sizeof(firmware));
    firmware.level = 2;
    firmware.descriptors = 1;
    firmware.map[0] = (struct efi_memory_descriptor){
        .type = EFI_CONVENTIONAL, .start = (uint64_t)(uintptr_t)memory, .pages = MEMORY_BYTES / 4096};
    efi_image_make(&image, (uint64_t)(uintptr_t)memory);
}

/* Whether the hypervisor was started; else the stub has refused, and holds nothing. */
static bool boots(void)
{
    struct efi_system_table table = {.console_out = &console, .boot_services = &services};

    if (setjmp(over) != 0) {
        free(firmware.pool); /* the hypervisor's now */
        return true;
    }
    EXPECT(stub_main(&firmware, &table, &image.header) == EFI_LOAD_ERROR);
    EXPECT(firmware.held == 0 && firmware.pools == 0 && !firmware.masked);
    return false;
}

static bool untouched(void)
{
    for (size_t i = 0; i < MEMORY_BYTES; i++) {
        if (memory[i] != 0xee) {
            return false;
        }
    }
    return true;
}

TEST(brings_each_file_to_its_place_and_starts_the_hypervisor)
{
    prepare();
    EXPECT(boots() && firmware.started && firmware.held == 3 && firmware.exits == 1);
    EXPECT(firmware.entry == (uint64_t)(uintptr_t)memory && firmware.tree == firmware.entry + 0x10000);
    EXPECT(memcmp(memory, (uint8_t *)&image + 0x1000, 0x2001) == 0);
    EXPECT(memcmp(memory + 0x10000, (uint8_t *)&image + 0x4000, 0x100) == 0);
    EXPECT(memcmp(memory + 0x20000, (uint8_t *)&image + 0x5000, 0xfff) == 0);
    EXPECT(memory[0x2001] == 0 && memory[0xffff] == 0 && memory[0x10100] == 0 && memory[0x20fff] == 0);
    EXPECT(memory[0x21000] == 0xee && memory[0x30000] == 0xee);
    EXPECT(firmware.flushed == 0x10000 + 0x10000 + 0x1000 + 64);
    EXPECT(strstr(firmware.said, "xenimg: starting the hypervisor at 0x") == firmware.said);
}

TEST(asks_again_when_the_memory_map_has_changed)
{
    prepare();
    firmware.stale = 7;
    EXPECT(boots() && firmware.exits == 8 && firmware.pools == 1);
}

TEST(gives_up_when_the_memory_map_never_rests)
{
    prepare();
    firmware.stale = 1000;
    EXPECT(!boots() && firmware.exits == 8);
}

TEST(touches_nothing_where_the_plan_is_damaged)
{
    prepare();
    image.entries[2].source = UINT64_MAX;
    EXPECT(!boots() && untouched() && firmware.allocations == 0 && firmware.exits == 0);
    EXPECT(strcmp(firmware.said, "xenimg: the load plan is damaged, entry 3: its bytes lie outside of the image\r\n") == 0);
}

TEST(touches_nothing_at_another_exception_level)
{
    prepare();
    firmware.level = 1;
    EXPECT(!boots() && untouched() && firmware.allocations == 0);
    EXPECT(strcmp(firmware.said, "xenimg: a hypervisor starts at EL2, and the firmware runs at EL1\r\n") == 0);
}

TEST(touches_nothing_where_the_firmware_is_in_the_way)
{
    prepare();
    firmware.map[0].pages = 0x20;
    firmware.map[1] = firmware.map[0];
    firmware.map[1].type = EFI_BOOT_SERVICES_DATA;
    firmware.map[1].start += 0x20000;
    firmware.map[1].pages = 0xe0;
    firmware.descriptors = 2;
    EXPECT(!boots() && untouched() && firmware.allocations == 0);
    EXPECT(strstr(firmware.said, "xenimg: ui/kernel goes to 0x") == firmware.said);
    EXPECT(strstr(firmware.said, " is boot services'\r\n") != NULL);
}

TEST(names_the_owner_of_memory_that_the_firmware_keeps)
{
    prepare();
    firmware.map[0].pages = 0x30;
    firmware.map[1] = firmware.map[0];
    firmware.map[1].type = EFI_RUNTIME_SERVICES_DATA;
    firmware.map[1].start += 0x30000;
    firmware.map[1].pages = 0xd0;
    firmware.descriptors = 2;
    EXPECT(!boots() && untouched() && firmware.allocations == 0);
    EXPECT(strstr(firmware.said, "xenimg: domain ui owns 0x") == firmware.said);
    EXPECT(strstr(firmware.said, " is runtime services'\r\n") != NULL);
}

TEST(misses_ram_that_is_not_there)
{
    prepare();
    firmware.map[0].pages--;
    EXPECT(!boots() && untouched() && firmware.allocations == 0);
    EXPECT(strstr(firmware.said, "xenimg: RAM is 0x") == firmware.said);
    EXPECT(strstr(firmware.said, " is no memory\r\n") != NULL);
}

TEST(gives_back_what_it_has_when_the_next_is_refused)
{
    prepare();
    firmware.fails_at = 3;
    EXPECT(!boots() && untouched() && firmware.allocations == 3);
    EXPECT(strstr(firmware.said, "xenimg: ui/kernel goes to 0x") == firmware.said);
    EXPECT(strstr(firmware.said, "and the firmware does not give it\r\n") != NULL);
}
