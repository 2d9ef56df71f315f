/* Options, help, and settings that are checked. */

#include "common/service/runner_arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/bus/amqp_bus.h"
#include "common/contract/contract.h"

static void print_help(const struct runner_service *service)
{
    printf("usage: %s [--handlers GLOBS]\n%s\n\n"
           "  --handlers GLOBS   messages to serve, such as 'users.*,posts.create' (HANDLERS)\n\n"
           "messages:\n",
           service->name, service->summary);
    for (size_t i = 0; i < service->handler_count; i++) {
        printf("  %s\n", service->handlers[i].contract->name);
    }
    printf("\nsettings (environment variables):\n");
    settings_print(stdout, service->reader);
}

const char *runner_read_arguments(int argc, char **argv, const struct runner_service *service)
{
    static const struct option options[] = {
        {"handlers", required_argument, NULL, 'h'},
        {"help", no_argument, NULL, '?' + 1},
        {NULL, 0, NULL, 0},
    };
    const char *patterns = NULL;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h') {
            patterns = optarg;
        } else if (option == '?' + 1) {
            print_help(service);
            exit(EXIT_SUCCESS);
        } else {
            exit(EXIT_USAGE);
        }
    }
    if (optind != argc) {
        (void)fprintf(stderr, "%s: unexpected argument: %s\n", service->name, argv[optind]);
        exit(EXIT_USAGE);
    }
    return patterns;
}

void runner_load_settings(const struct runner_service *service, struct settings *ret)
{
    settings_load(ret, service->reader);
    if (!amqp_url_is_valid(ret->amqp_url)) {
        (void)fprintf(stderr, "AMQP_URL must look like amqp://user:password@host:port/vhost\n");
        exit(EXIT_CONFIGURATION);
    }
    const char *wrong = service->check == NULL ? NULL : service->check(ret);
    if (wrong != NULL) {
        (void)fprintf(stderr, "%s\n", wrong);
        exit(EXIT_CONFIGURATION);
    }
}
