/* The arena and the buffer that grows in it. */

#include <stdint.h>
#include <string.h>

#include "common/core/arena.h"
#include "common/core/buffer.h"
#include "tests/support/check_main.h"

static struct arena *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

START_TEST(gives_zeroed_memory_aligned_for_any_type)
{
    for (size_t size = 0; size < 100; size++) {
        unsigned char *memory = arena_alloc(arena, size);

        ck_assert_uint_eq((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++) {
            ck_assert_uint_eq(memory[i], 0);
            memory[i] = 0xff;
        }
    }
}
END_TEST

START_TEST(keeps_what_was_written_when_it_takes_a_new_chunk)
{
    char *first = arena_strdup(arena, "first");

    for (int i = 0; i < 1000; i++) {
        memset(arena_alloc_raw(arena, 1000), 'x', 1000);
    }

    ck_assert_str_eq(first, "first");
}
END_TEST

START_TEST(serves_more_than_a_chunk_at_once)
{
    char *large = arena_alloc(arena, 1 << 20);
    char *small = arena_strdup(arena, "small");

    memset(large, 'x', 1 << 20);

    ck_assert_str_eq(small, "small");
}
END_TEST

START_TEST(zeroes_memory_again_after_a_reset)
{
    memset(arena_alloc(arena, 100), 'x', 100);

    arena_reset(arena);
    const char *memory = arena_alloc(arena, 100);

    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(memory[i], 0);
    }
}
END_TEST

START_TEST(grows_the_last_piece_in_place)
{
    char *piece = arena_copy(arena, "abc", 3);

    char *grown = arena_grow(arena, piece, 4, 400);

    ck_assert_ptr_eq(grown, piece);
    ck_assert_str_eq(grown, "abc");
}
END_TEST

START_TEST(moves_a_piece_that_is_not_the_last)
{
    char *piece = arena_copy(arena, "abc", 3);
    char *other = arena_strdup(arena, "other");

    char *grown = arena_grow(arena, piece, 4, 400);
    memset(grown + 4, 'x', 396);

    ck_assert_ptr_ne(grown, piece);
    ck_assert_str_eq(grown, "abc");
    ck_assert_str_eq(other, "other");
}
END_TEST

START_TEST(prints_and_copies_text)
{
    ck_assert_str_eq(arena_printf(arena, "%s-%d", "post", 7), "post-7");
    ck_assert_ptr_null(arena_strdup(arena, NULL));
    ck_assert_str_eq(arena_copy(arena, "ab\0c", 2), "ab");
}
END_TEST

START_TEST(a_buffer_grows_and_stays_terminated)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);

    for (int i = 0; i < 10000; i++) {
        buffer_append_char(&buffer, 'x');
        ck_assert_int_eq(buffer.data[buffer.size], '\0');
    }
    buffer_append_text(&buffer, "end");
    buffer_printf(&buffer, "%d", 5);

    ck_assert_uint_eq(buffer.size, 10004);
    ck_assert_str_eq(buffer.data + 10000, "end5");
}
END_TEST

START_TEST(goes_back_to_a_mark_and_keeps_what_came_before_it)
{
    const char *kept = arena_strdup(arena, "kept");
    struct arena_mark mark = arena_mark(arena);
    const char *forgotten = arena_alloc_raw(arena, 8);

    for (int i = 0; i < 3; i++) {
        arena_rewind(arena, mark);
        ck_assert_ptr_eq(arena_alloc_raw(arena, 8), forgotten);
        memset(arena_alloc_raw(arena, 100000), 'x', 100000);
        ck_assert_str_eq(kept, "kept");
    }
}
END_TEST

START_TEST(two_buffers_grow_side_by_side)
{
    struct buffer first;
    struct buffer second;
    buffer_init(&first, arena);
    buffer_init(&second, arena);

    for (int i = 0; i < 1000; i++) {
        buffer_append_char(&first, 'a');
        buffer_append_char(&second, 'b');
    }

    ck_assert_uint_eq(strspn(first.data, "a"), 1000);
    ck_assert_uint_eq(strspn(second.data, "b"), 1000);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, gives_zeroed_memory_aligned_for_any_type);
    tcase_add_test(tests, keeps_what_was_written_when_it_takes_a_new_chunk);
    tcase_add_test(tests, serves_more_than_a_chunk_at_once);
    tcase_add_test(tests, zeroes_memory_again_after_a_reset);
    tcase_add_test(tests, grows_the_last_piece_in_place);
    tcase_add_test(tests, moves_a_piece_that_is_not_the_last);
    tcase_add_test(tests, prints_and_copies_text);
    tcase_add_test(tests, a_buffer_grows_and_stays_terminated);
    tcase_add_test(tests, goes_back_to_a_mark_and_keeps_what_came_before_it);
    tcase_add_test(tests, two_buffers_grow_side_by_side);
}
CHECK_MAIN("core.arena", add_tests)
