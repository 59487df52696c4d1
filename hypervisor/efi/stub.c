/* SPDX-License-Identifier: Apache-2.0 */
/* LoadOptions, variables and files are never looked at: what the signature covers decides alone. */
#include <stdarg.h>

#include <xi/print.h>
#include <xi/string.h>

#include "machine.h"
#include "memory_map.h"
#include "stub.h"

struct stub {
    efi_handle image;
    struct efi_text_output *console;
    struct efi_boot_services *services;
    struct plan plan;
    void *buffer;      /* of the memory map; NULL: none */
    uint64_t capacity; /* its bytes */
};

static void say(struct stub *stub, const char *format, ...) XI_PRINTF(2, 3);

static void say(struct stub *stub, const char *format, ...)
{
    char text[240];
    uint16_t wide[sizeof(text) + 3];
    va_list arguments;
    size_t i;

    va_start(arguments, format);
    (void)xi_vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    for (i = 0; text[i] != 0; i++) {
        wide[i] = (uint16_t)(unsigned char)text[i];
    }
    wide[i++] = '\r';
    wide[i++] = '\n';
    wide[i] = 0;
    if (stub->console != NULL) {
        (void)stub->console->output_string(stub->console, wide);
    }
}

/* Room for that many more descriptors than there are: each allocation makes the map longer. */
#define SPARE_DESCRIPTORS 64u

/* The map as it is now, and its key. The buffer is made once: after a first ExitBootServices nothing else is allowed. */
static bool read_map(struct stub *stub, struct memory_map *map, uint64_t *key)
{
    uint64_t size = 0;
    uint64_t descriptor_size = sizeof(struct efi_memory_descriptor);
    uint32_t version;

    if (stub->buffer == NULL) {
        if (stub->services->get_memory_map(&size, NULL, key, &descriptor_size, &version) != EFI_BUFFER_TOO_SMALL ||
            descriptor_size > EFI_PAGE || size > XI_MIB(16)) {
            return false;
        }
        stub->capacity = size + SPARE_DESCRIPTORS * descriptor_size;
        if (stub->services->allocate_pool(EFI_LOADER_DATA, stub->capacity, &stub->buffer) != EFI_SUCCESS) {
            stub->buffer = NULL;
            return false;
        }
    }
    size = stub->capacity;
    if (stub->services->get_memory_map(&size, stub->buffer, key, &descriptor_size, &version) != EFI_SUCCESS ||
        size > stub->capacity) {
        return false;
    }
    *map = (struct memory_map){.descriptors = stub->buffer, .size = size, .descriptor_size = descriptor_size};
    return true;
}

static void say_obstacle(struct stub *stub, const struct plan_entry *entry, const char *what,
                         const struct memory_obstacle *obstacle)
{
    say(stub, "xenimg: %s %s 0x%llx to 0x%llx, and 0x%llx is %s", entry->name, what,
        (unsigned long long)entry->destination, (unsigned long long)(entry->destination + entry->memory),
        (unsigned long long)obstacle->at, memory_type_text(obstacle->type));
}

/* All of the plan against the map as it is before anything is allocated: every refusal costs nothing. */
static bool memory_is_there(struct stub *stub)
{
    struct memory_map map;
    struct memory_obstacle obstacle;
    uint64_t key;

    if (!read_map(stub, &map, &key)) {
        say(stub, "xenimg: the firmware gives no memory map");
        return false;
    }
    for (uint32_t i = 0; i < stub->plan.count; i++) {
        const struct plan_entry *entry = &stub->plan.entries[i];
        uint64_t size = plan_pages(entry) * XI_PAGE;
        if (plan_is_file(entry)) {
            if (!memory_is(&map, entry->destination, size, MEMORY_NOW, &obstacle)) {
                say_obstacle(stub, entry, "goes to", &obstacle);
                return false;
            }
        } else {
            bool owned = entry->kind == PLAN_CLAIM;
            if (!memory_is(&map, entry->destination, size, owned ? MEMORY_OURS : MEMORY_THERE, &obstacle)) {
                say_obstacle(stub, entry, owned ? "owns" : "is", &obstacle);
                return false;
            }
        }
    }
    return true;
}

/* Gives back what the first `count` entries have. */
static void give_back(struct stub *stub, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct plan_entry *entry = &stub->plan.entries[i];
        if (plan_is_file(entry)) {
            (void)stub->services->free_pages(entry->destination, plan_pages(entry));
        }
    }
}

static bool allocate(struct stub *stub)
{
    for (uint32_t i = 0; i < stub->plan.count; i++) {
        const struct plan_entry *entry = &stub->plan.entries[i];
        uint64_t address = entry->destination;
        if (plan_is_file(entry) && stub->services->allocate_pages(EFI_ALLOCATE_ADDRESS, EFI_LOADER_DATA,
                                                                  plan_pages(entry), &address) != EFI_SUCCESS) {
            say(stub, "xenimg: %s goes to 0x%llx to 0x%llx, and the firmware does not give it", entry->name,
                (unsigned long long)entry->destination, (unsigned long long)(entry->destination + entry->memory));
            give_back(stub, i);
            return false;
        }
    }
    return true;
}

static void copy(const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct plan_entry *entry = &plan->entries[i];
        if (plan_is_file(entry)) {
            uint8_t *to = (uint8_t *)(uintptr_t)entry->destination;
            memcpy(to, plan->image + entry->source, entry->size);
            memset(to + entry->size, 0, plan_pages(entry) * XI_PAGE - entry->size);
        }
    }
}

/* A timer or an event may change the map between the two calls. */
#define EXIT_ATTEMPTS 8

static bool exit_boot_services(struct stub *stub)
{
    struct memory_map map;
    uint64_t key;

    for (unsigned i = 0; i < EXIT_ATTEMPTS; i++) {
        if (!read_map(stub, &map, &key)) {
            return false;
        }
        efi_status status = stub->services->exit_boot_services(stub->image, key);
        if (status != EFI_INVALID_PARAMETER) {
            return status == EFI_SUCCESS;
        }
    }
    return false;
}

static _Noreturn void start(const struct plan *plan, const struct efi_stub_header *header)
{
    machine_mask();
    for (uint32_t i = 0; i < plan->count; i++) {
        if (plan_is_file(&plan->entries[i])) {
            machine_flush(plan->entries[i].destination, plan_pages(&plan->entries[i]) * XI_PAGE);
        }
    }
    machine_flush((uint64_t)(uintptr_t)header, header->text_size);
    machine_start(plan->hypervisor->destination, plan->tree->destination);
}

static bool ready(struct stub *stub, const struct efi_stub_header *header)
{
    struct plan_fault fault;

    if (!plan_open(header, &stub->plan, &fault)) {
        say(stub, "xenimg: the load plan is damaged, entry %u: %s", fault.entry, fault.rule);
        return false;
    }
    if (machine_exception_level() != 2) {
        say(stub, "xenimg: a hypervisor starts at EL2, and the firmware runs at EL%u", machine_exception_level());
        return false;
    }
    return memory_is_there(stub);
}

efi_status stub_main(efi_handle image, struct efi_system_table *system, const struct efi_stub_header *header)
{
    struct stub stub = {.image = image, .console = system->console_out, .services = system->boot_services};

    if (ready(&stub, header) && allocate(&stub)) {
        copy(&stub.plan);
        say(&stub, "xenimg: starting the hypervisor at 0x%llx, device tree at 0x%llx",
            (unsigned long long)stub.plan.hypervisor->destination, (unsigned long long)stub.plan.tree->destination);
        if (exit_boot_services(&stub)) {
            start(&stub.plan, header);
        }
        /* Few services are left after an attempt; the console is none that can be relied on, memory is. */
        give_back(&stub, stub.plan.count);
    }
    if (stub.buffer != NULL) {
        (void)stub.services->free_pool(stub.buffer);
    }
    return EFI_LOAD_ERROR;
}
