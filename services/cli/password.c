/* Where a password comes from. */

#include "password.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>

#include "input.h"
#include "verb.h"

enum { LINE_SIZE_MAX = 8192 };

static void drop_newline(struct buffer *text)
{
    if (text->size > 0 && text->data[text->size - 1] == '\n') {
        text->data[--text->size] = '\0';
    }
}

int password_read_stdin(struct buffer *ret)
{
    if (!input_read_stdin(ret)) {
        return EXIT_USAGE;
    }
    buffer_append(ret, "", 0);
    drop_newline(ret);
    return EXIT_DONE;
}

static bool ask_once(FILE *terminal, const char *question, struct buffer *ret)
{
    char line[LINE_SIZE_MAX];
    (void)fputs(question, terminal);
    (void)fflush(terminal);
    bool is_read = fgets(line, sizeof(line), terminal) != NULL;
    (void)fseek(terminal, 0, SEEK_CUR); /* between reading and writing, says the standard */
    (void)fputc('\n', terminal);
    if (is_read) {
        buffer_append_text(ret, line);
        drop_newline(ret);
    }
    explicit_bzero(line, sizeof(line));
    return is_read;
}

static int ask_twice(FILE *terminal, struct buffer *ret)
{
    struct buffer again;
    buffer_init(&again, ret->arena);
    if (!ask_once(terminal, "Password: ", ret) || !ask_once(terminal, "The same again: ", &again)) {
        return cli_fail(EXIT_USAGE, "no password");
    }
    return strcmp(ret->data, again.data) == 0
               ? EXIT_DONE
               : cli_fail(EXIT_USAGE, "the two passwords are not the same");
}

/* The signals of the keyboard wait meanwhile: leaving with the echo off would spoil the terminal.
 */
int password_ask(struct buffer *ret)
{
    FILE *terminal = fopen("/dev/tty", "r+e");
    struct termios before;
    if (terminal == NULL || tcgetattr(fileno(terminal), &before) != 0) {
        return cli_fail(EXIT_USAGE, "no terminal to ask at: use --password-stdin");
    }
    sigset_t keyboard;
    sigset_t mask;
    (void)sigemptyset(&keyboard);
    (void)sigaddset(&keyboard, SIGINT);
    (void)sigaddset(&keyboard, SIGQUIT);
    (void)sigaddset(&keyboard, SIGTSTP);
    (void)sigprocmask(SIG_BLOCK, &keyboard, &mask);
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(fileno(terminal), TCSAFLUSH, &silent);

    int status = ask_twice(terminal, ret);

    (void)tcsetattr(fileno(terminal), TCSAFLUSH, &before);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    (void)fclose(terminal);
    return status;
}
