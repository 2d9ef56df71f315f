/* Tables for people. */

#include "table.h"

#include <string.h>

#include "common/json/text.h"

enum { GAP = 2 };

void table_init(struct table *table, struct arena *arena, const char *const *headings,
                size_t column_count)
{
    *table = (struct table){.arena = arena, .headings = headings, .column_count = column_count};
}

void table_add(struct table *table, const char *const *texts)
{
    size_t row_size = table->column_count * sizeof(*table->cells);
    table->cells = arena_grow(table->arena, table->cells, table->row_count * row_size,
                              (table->row_count + 1) * row_size);
    for (size_t i = 0; i < table->column_count; i++) {
        table->cells[table->row_count * table->column_count + i] =
            arena_strdup(table->arena, texts[i] == NULL ? "-" : texts[i]);
    }
    table->row_count++;
}

/* C0, DEL and C1 (0xC2 0x80 to 0xC2 0x9F). */
static bool is_control(const char *text, size_t size)
{
    unsigned char first = (unsigned char)text[0];
    return first < ' ' || first == 0x7F ||
           (size == 2 && first == 0xC2 && (unsigned char)text[1] < 0xA0);
}

void table_print_text(const char *text, FILE *stream)
{
    const char *end = text + strlen(text);
    while (text < end) {
        size_t size = text_sequence(text, end);
        if (size == 0 || is_control(text, size)) {
            (void)fputc('?', stream);
        } else {
            (void)fwrite(text, 1, size, stream);
        }
        text += size == 0 ? 1 : size;
    }
}

static size_t width_of(const char *text)
{
    size_t characters;
    return text_measure(text, strlen(text), &characters) == TEXT_FINE ? characters : strlen(text);
}

static void print_row(const struct table *table, const size_t *widths, const char *const *texts,
                      FILE *stream)
{
    for (size_t i = 0; i < table->column_count; i++) {
        table_print_text(texts[i], stream);
        bool is_last = i + 1 == table->column_count;
        size_t width = width_of(texts[i]);
        (void)fprintf(stream, "%*s", is_last ? 0 : (int)(widths[i] - width + GAP), "");
    }
    (void)fputc('\n', stream);
}

void table_print(const struct table *table, FILE *stream)
{
    size_t *widths = arena_alloc(table->arena, table->column_count * sizeof(*widths));
    for (size_t i = 0; i < table->column_count; i++) {
        widths[i] = width_of(table->headings[i]);
        for (size_t row = 0; row < table->row_count; row++) {
            size_t width = width_of(table->cells[row * table->column_count + i]);
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    print_row(table, widths, table->headings, stream);
    for (size_t row = 0; row < table->row_count; row++) {
        print_row(table, widths, table->cells + row * table->column_count, stream);
    }
}
