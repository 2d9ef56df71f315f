/* The log of a connection to the broker. */

#include "link.h"

#include "common/core/log.h"

void link_up(struct link *link)
{
    link->is_up = true;
    link->is_trouble_told = false;
    log_event(LOG_INFO, "broker_connected", "connection=%s", link->name);
}

/* Attempts that fail one after another are one piece of news. */
void link_down(struct link *link, const char *reason)
{
    if (link->is_up || !link->is_trouble_told) {
        log_event(LOG_WARNING, link->is_up ? "broker_lost" : "waiting_for_broker",
                  "connection=%s reason=\"%s\"", link->name, reason);
    }
    link->is_up = false;
    link->is_trouble_told = true;
}
