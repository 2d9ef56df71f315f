/*
 * The HTTP library alone: every request is answered at once with a body of the size of a post.
 * Listens on a free port of the loopback, prints it, and runs until its standard input ends.
 */

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BODY_SIZE = 1200 };
static char body[BODY_SIZE];

static enum MHD_Result answer(void *owner, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    (void)owner;
    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    *upload_size = 0;
    if (*request == NULL) {
        *request = body; /* the first call comes with the head alone */
        return MHD_YES;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof(body), body, MHD_RESPMEM_PERSISTENT);
    (void)MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    memset(body, 'x', sizeof(body));
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL,
                         MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
    if (daemon == NULL) {
        return 1;
    }
    printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    (void)fflush(stdout);
    char end;
    while (read(STDIN_FILENO, &end, 1) > 0) {
    }
    MHD_stop_daemon(daemon);
    return 0;
}
