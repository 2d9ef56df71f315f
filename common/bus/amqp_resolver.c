/* getaddrinfo in a detached thread; the two sides share one counted object. */

#include "common/bus/amqp_resolver.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/core/memory.h"

struct amqp_resolver {
    atomic_int references;
    atomic_bool is_done;
    int fd;
    int error;
    struct addrinfo *addresses;
    char port[8];
    char host[]; /* NUL-terminated */
};

static void resolver_unref(struct amqp_resolver *resolver)
{
    if (atomic_fetch_sub(&resolver->references, 1) > 1) {
        return;
    }
    if (resolver->addresses != NULL) {
        freeaddrinfo(resolver->addresses);
    }
    if (resolver->fd >= 0) {
        close(resolver->fd);
    }
    free(resolver);
}

static void resolver_finish(struct amqp_resolver *resolver)
{
    atomic_store(&resolver->is_done, true);
    if (resolver->fd >= 0) {
        uint64_t one = 1;
        ssize_t written = write(resolver->fd, &one, sizeof(one));
        (void)written; /* an eventfd at 0 takes a 1 */
    }
}

static void *resolver_run(void *argument)
{
    struct amqp_resolver *resolver = argument;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    resolver->error = getaddrinfo(resolver->host, resolver->port, &hints, &resolver->addresses);
    resolver_finish(resolver);
    resolver_unref(resolver);
    return NULL;
}

static bool resolver_start_thread(struct amqp_resolver *resolver)
{
    /* signals are for the threads that wait for them */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    atomic_fetch_add(&resolver->references, 1);
    bool is_started = pthread_create(&thread, NULL, resolver_run, resolver) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!is_started) {
        atomic_fetch_sub(&resolver->references, 1);
        return false;
    }
    pthread_detach(thread);
    return true;
}

struct amqp_resolver *amqp_resolver_new(const char *host, int port)
{
    size_t host_size = strlen(host) + 1;
    struct amqp_resolver *resolver = memory_grow(NULL, sizeof(*resolver) + host_size);
    memset(resolver, 0, sizeof(*resolver));
    memcpy(resolver->host, host, host_size);
    snprintf(resolver->port, sizeof(resolver->port), "%d", port);
    atomic_init(&resolver->references, 1);
    atomic_init(&resolver->is_done, false);
    resolver->fd = -1;

    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    resolver->error = getaddrinfo(host, resolver->port, &hints, &resolver->addresses);
    if (resolver->error == 0) {
        resolver_finish(resolver);
        return resolver;
    }
    resolver->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (resolver->fd < 0 || !resolver_start_thread(resolver)) {
        resolver->error = EAI_AGAIN;
        resolver_finish(resolver);
    }
    return resolver;
}

void amqp_resolver_free(struct amqp_resolver *resolver)
{
    if (resolver != NULL) {
        resolver_unref(resolver);
    }
}

int amqp_resolver_fd(const struct amqp_resolver *resolver)
{
    return resolver->fd;
}

bool amqp_resolver_is_done(const struct amqp_resolver *resolver)
{
    return atomic_load(&resolver->is_done);
}

const struct addrinfo *amqp_resolver_addresses(const struct amqp_resolver *resolver,
                                               const char **ret_error)
{
    if (resolver->error != 0) {
        *ret_error = gai_strerror(resolver->error);
        return NULL;
    }
    return resolver->addresses;
}
