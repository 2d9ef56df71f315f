/* An SMTP server for tests. */

#include "tests/adapters/mailer_smtp_server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

void smtp_server_init(struct smtp_server *server)
{
    *server = (struct smtp_server){
        .answers =
            {
                .greeting = "220 test ready",
                .ehlo = "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                .credentials = "235 welcome",
                .sender = "250 sender ok",
                .recipient = "250 recipient ok",
                .data = "354 go on",
                .message = "250 taken",
                .quit = "221 bye",
            },
    };
}

/* Say it; with nothing to say, wait until the client gives up. */
static bool answer(FILE *peer, const char *text)
{
    if (text == NULL) {
        while (fgetc(peer) != EOF) {
        }
        return false;
    }
    return fprintf(peer, "%s\r\n", text) > 0 && fflush(peer) == 0;
}

static void keep_line(char *place, const char *line)
{
    (void)snprintf(place, SMTP_SERVER_TEXT_SIZE, "%s", line);
    place[strcspn(place, "\r\n")] = '\0';
}

static bool read_credentials(struct smtp_server *server, FILE *peer)
{
    char line[SMTP_SERVER_TEXT_SIZE];
    if (!answer(peer, "334 ") || fgets(line, sizeof(line), peer) == NULL) {
        return false;
    }
    keep_line(server->credentials, line);
    return answer(peer, server->answers.credentials);
}

static bool read_message(struct smtp_server *server, FILE *peer)
{
    char line[SMTP_SERVER_TEXT_SIZE];
    const char *go_on = server->answers.data;
    if (!answer(peer, go_on) || go_on[0] != '3') {
        return go_on != NULL;
    }
    server->message_size = 0;
    while (fgets(line, sizeof(line), peer) != NULL) {
        if (strcmp(line, ".\r\n") == 0) {
            return answer(peer, server->answers.message);
        }
        const char *kept = line[0] == '.' ? line + 1 : line;
        size_t size = strlen(kept);
        assert(server->message_size + size < SMTP_SERVER_MESSAGE_SIZE);
        memcpy(server->message + server->message_size, kept, size + 1);
        server->message_size += size;
    }
    return false;
}

static bool converse(struct smtp_server *server, FILE *peer, const char *line)
{
    if (strncasecmp(line, "EHLO", 4) == 0) {
        return answer(peer, server->answers.ehlo);
    }
    if (strncasecmp(line, "AUTH PLAIN", 10) == 0) {
        return read_credentials(server, peer);
    }
    if (strncasecmp(line, "MAIL", 4) == 0) {
        keep_line(server->sender, line);
        return answer(peer, server->answers.sender);
    }
    if (strncasecmp(line, "RCPT", 4) == 0) {
        keep_line(server->recipient, line);
        return answer(peer, server->answers.recipient);
    }
    if (strncasecmp(line, "DATA", 4) == 0) {
        return read_message(server, peer);
    }
    (void)answer(peer, server->answers.quit);
    return false;
}

static void *serve(void *context)
{
    struct smtp_server *server = context;
    int connection;
    while ((connection = accept(server->listener, NULL, NULL)) >= 0) {
        server->connections++;
        FILE *peer = fdopen(connection, "r+");
        assert(peer != NULL);
        char line[SMTP_SERVER_TEXT_SIZE];
        bool goes_on = answer(peer, server->answers.greeting);
        while (goes_on && fgets(line, sizeof(line), peer) != NULL) {
            goes_on = converse(server, peer, line);
        }
        (void)fclose(peer);
    }
    return NULL;
}

void smtp_server_start(struct smtp_server *server)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof(address);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int failed = bind(server->listener, (struct sockaddr *)&address, size) ||
                 listen(server->listener, 8) ||
                 getsockname(server->listener, (struct sockaddr *)&address, &size) ||
                 pthread_create(&server->thread, NULL, serve, server);
    assert(!failed);
    server->port = ntohs(address.sin_port);
}

void smtp_server_stop(struct smtp_server *server)
{
    (void)shutdown(server->listener, SHUT_RDWR);
    (void)pthread_join(server->thread, NULL);
    (void)close(server->listener);
}
