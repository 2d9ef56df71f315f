/* The rules of FAILPOINTS and BREAKAGE. In builds with -Dfaults=true only. */

#include "common/core/failpoint.h"

#ifdef POSTROOM_FAULTS

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/core/clock.h"
#include "common/core/log.h"
#include "common/core/settings.h"

enum { RULES_MAX = 16, RULE_SIZE = 128 };

struct rule {
    char text[RULE_SIZE]; /* cut into the three below */
    const char *point;
    const char *action;
    const char *condition; /* or NULL: each time */
    atomic_long count;
};

static struct rule rules[RULES_MAX];
static size_t rule_count;
static const char *broken; /* the word of BREAKAGE, or NULL */

static _Noreturn void refuse(const char *text)
{
    (void)fprintf(stderr, "FAILPOINTS: \"%s\" is no rule\n", text);
    exit(EXIT_CONFIGURATION);
}

static void add_rule(const char *text, size_t size)
{
    struct rule *rule = &rules[rule_count];
    if (rule_count == RULES_MAX || size == 0 || size >= RULE_SIZE) {
        refuse(text);
    }
    memcpy(rule->text, text, size);
    char *equals = strchr(rule->text, '=');
    if (equals == NULL) {
        refuse(text);
    }
    *equals = '\0';
    rule->point = rule->text;
    rule->action = equals + 1;
    char *at = strchr(equals + 1, '@');
    if (at != NULL) {
        *at = '\0';
        rule->condition = at + 1;
    }
    rule_count++;
}

static void read_rules(void)
{
    const char *text = getenv("FAILPOINTS");
    broken = getenv("BREAKAGE");
    while (text != NULL && *text != '\0') {
        size_t size = strcspn(text, ";");
        add_rule(text, size);
        text += size;
        text += *text == ';' ? 1 : 0;
    }
}

static void read_once(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, read_rules);
}

static bool begins(const char *text, const char *with, const char **ret_rest)
{
    size_t size = strlen(with);
    *ret_rest = text + size;
    return strncmp(text, with, size) == 0;
}

static bool is_met(struct rule *rule, const char *text, size_t size)
{
    const char *rest;
    if (rule->condition == NULL) {
        return true;
    }
    if (begins(rule->condition, "text:", &rest)) {
        return text != NULL && memmem(text, size, rest, strlen(rest)) != NULL;
    }
    long count = atomic_fetch_add(&rule->count, 1) + 1;
    if (begins(rule->condition, "nth:", &rest)) {
        return count == strtol(rest, NULL, 10);
    }
    if (begins(rule->condition, "every:", &rest)) {
        return count % strtol(rest, NULL, 10) == 0;
    }
    refuse(rule->condition);
}

static void act(const struct rule *rule)
{
    const char *rest;
    log_event(LOG_WARNING, "failpoint", "point=%s action=%s", rule->point, rule->action);
    if (strcmp(rule->action, "kill") == 0) {
        (void)raise(SIGKILL);
    } else if (strcmp(rule->action, "crash") == 0) {
        abort();
    } else if (strcmp(rule->action, "hang") == 0) {
        for (;;) {
            (void)pause();
        }
    } else if (begins(rule->action, "wait:", &rest)) {
        (void)usleep((useconds_t)strtol(rest, NULL, 10) * 1000);
    } else {
        refuse(rule->action);
    }
}

void failpoint_reach(const char *point, const char *text, size_t size)
{
    read_once();
    for (size_t i = 0; i < rule_count; i++) {
        if (strcmp(rules[i].point, point) == 0 && is_met(&rules[i], text, size)) {
            act(&rules[i]);
        }
    }
}

bool failpoint_is_broken(enum breakage breakage)
{
    static const char *const names[] = {
        [BREAKAGE_IDENTITY] = "identity", [BREAKAGE_OUTBOX] = "outbox", [BREAKAGE_ACK] = "ack"};
    read_once();
    return broken != NULL && strcmp(broken, names[breakage]) == 0;
}

#endif
