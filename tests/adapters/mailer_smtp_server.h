/*
 * An SMTP server (RFC 5321) of one thread for tests, on a free port of the loopback. It keeps what
 * it was told; look at it after smtp_server_stop.
 */
#pragma once

#include <pthread.h>
#include <stddef.h>

enum { SMTP_SERVER_TEXT_SIZE = 1024, SMTP_SERVER_MESSAGE_SIZE = 128 * 1024 };

/* What it answers, without CRLF; NULL: nothing, it falls silent. */
struct smtp_answers {
    const char *greeting;
    const char *ehlo;
    const char *credentials;
    const char *sender;
    const char *recipient;
    const char *data;
    const char *message;
    const char *quit;
};

struct smtp_server {
    struct smtp_answers answers;
    int port;
    int listener;
    pthread_t thread;

    size_t connections;
    char credentials[SMTP_SERVER_TEXT_SIZE]; /* base64, as they came */
    char sender[SMTP_SERVER_TEXT_SIZE];      /* the line MAIL FROM */
    char recipient[SMTP_SERVER_TEXT_SIZE];   /* the line RCPT TO */
    char message[SMTP_SERVER_MESSAGE_SIZE];  /* dots unstuffed, without the last one */
    size_t message_size;
};

/* A server that takes every mail; change its answers before it is started. */
void smtp_server_init(struct smtp_server *server);
void smtp_server_start(struct smtp_server *server);
void smtp_server_stop(struct smtp_server *server);
