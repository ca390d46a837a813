/* Debian's static unwinder asks glibc where the unwind table of an address is. The same for musl, which has no such
 * function: by the program headers of what is loaded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>

struct search {
    ElfW(Addr) address;
    struct dl_find_object *found;
};

static int look(struct dl_phdr_info *object, size_t size, void *data)
{
    const struct search *search = data;
    bool inside = false;
    void *table = NULL;
    for (ElfW(Half) i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        ElfW(Addr) start = object->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && search->address - start < segment->p_memsz) {
            inside = true;
            search->found->dlfo_map_start = (void *) start;
            search->found->dlfo_map_end = (void *) (start + segment->p_memsz);
        } else if (segment->p_type == PT_GNU_EH_FRAME) {
            table = (void *) start;
        }
    }
    search->found->dlfo_eh_frame = table;
    return inside && table;
}

int _dl_find_object(void *address, struct dl_find_object *found)
{
    struct search search = {(ElfW(Addr)) address, found};
    return dl_iterate_phdr(look, &search) ? 0 : -1;
}
