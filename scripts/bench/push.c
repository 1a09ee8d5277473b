/* The least that a program with libxml2 must do to get at the data: a push parser whose handlers collect the text of every
   leaf and every attribute of a sample, and forget them at its end. It types, checks and stores nothing.
   push FILE SAMPLE ITEM: prints how many elements of these two names there were, and how many bytes were collected. */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FIELDS 4096

struct field {
    const xmlChar *name; /* interned by the parser: comparing pointers is enough */
    size_t start, length;
};

struct collector {
    const char *sample_name, *item_name;
    struct field fields[MOST_FIELDS];
    size_t field_count;
    char *bytes;
    size_t used, room, leaf_start;
    unsigned long samples, items, collected;
};

static void append(struct collector *c, const xmlChar *text, size_t length) {
    if (c->used + length > c->room) {
        c->room = (c->used + length) * 2;
        c->bytes = realloc(c->bytes, c->room);
        if (c->bytes == NULL) exit(70);
    }
    memcpy(c->bytes + c->used, text, length);
    c->used += length;
}

static void keep(struct collector *c, const xmlChar *name, size_t start) {
    if (c->field_count == MOST_FIELDS) exit(65);
    c->fields[c->field_count++] = (struct field){name, start, c->used - start};
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
                          const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes) {
    struct collector *c = context;
    (void)prefix, (void)uri, (void)namespace_count, (void)namespaces, (void)defaulted, (void)name;
    for (int i = 0; i < attribute_count; i++) {
        const xmlChar **a = attributes + 5 * i;
        size_t start = c->used;
        append(c, a[3], (size_t)(a[4] - a[3]));
        keep(c, a[0], start);
    }
    c->leaf_start = c->used;
}

static void characters(void *context, const xmlChar *text, int length) { append(context, text, (size_t)length); }

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct collector *c = context;
    (void)prefix, (void)uri;
    keep(c, name, c->leaf_start);
    c->leaf_start = c->used;
    if (strcmp((const char *)name, c->item_name) == 0) {
        c->items++;
    } else if (strcmp((const char *)name, c->sample_name) == 0) {
        c->samples++;
        c->collected += c->used;
        c->used = c->leaf_start = c->field_count = 0;
    }
}

int main(int count, char **arguments) {
    if (count != 4) return 64;
    FILE *file = fopen(arguments[1], "rb");
    if (file == NULL) return 74;
    static struct collector collector;
    collector.sample_name = arguments[2];
    collector.item_name = arguments[3];
    xmlSAXHandler handler;
    memset(&handler, 0, sizeof handler);
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = start_element;
    handler.endElementNs = end_element;
    handler.characters = characters;
    static char block[1 << 16];
    size_t length = fread(block, 1, 4, file);
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, &collector, block, (int)length, NULL);
    while ((length = fread(block, 1, sizeof block, file)) > 0)
        if (xmlParseChunk(parser, block, (int)length, 0) != 0) return 65;
    if (xmlParseChunk(parser, block, 0, 1) != 0) return 65;
    printf("%lu %lu %lu\n", collector.samples, collector.items, collector.collected);
    return 0;
}
