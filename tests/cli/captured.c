/* Standard streams in temporary files. */

#include "tests/cli/captured.h"

#include <check.h>
#include <unistd.h>

struct captured {
    FILE *file;
    char text[CAPTURED_MAX];
};

static struct captured output;
static struct captured errors;

void captured_feed(const char *text, size_t size)
{
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, size, file), size);
    rewind(file);
    ck_assert_int_ge(dup2(fileno(file), STDIN_FILENO), 0);
    (void)fclose(file);
    clearerr(stdin);
}

static void redirect(struct captured *captured, FILE *stream)
{
    (void)fflush(stream);
    captured->file = tmpfile();
    ck_assert_ptr_nonnull(captured->file);
    ck_assert_int_ge(dup2(fileno(captured->file), fileno(stream)), 0);
}

void captured_begin(void)
{
    redirect(&output, stdout);
    redirect(&errors, stderr);
}

static const char *text_of(struct captured *captured, FILE *stream)
{
    (void)fflush(stream);
    rewind(captured->file);
    size_t size = fread(captured->text, 1, CAPTURED_MAX - 1, captured->file);
    captured->text[size] = '\0';
    return captured->text;
}

const char *captured_output(void)
{
    return text_of(&output, stdout);
}

const char *captured_errors(void)
{
    return text_of(&errors, stderr);
}
