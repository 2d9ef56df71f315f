/* A form that was sent: checked, turned into its command, and what comes of it. */
#pragma once

#include "services/gateway/pages/visit.h"

enum form_end {
    FORM_SENT,     /* the command has been called */
    FORM_ANSWERED, /* the response is there */
    FORM_AGAIN,    /* to be shown again, with visit->form_problem or visit->form_result */
    FORM_DENIED,   /* the command was not allowed, and there is no page to say so: who visits? */
};

/* The body is there. */
enum form_end form_begin(struct visit *visit);
/* The outcome of the command. */
enum form_end form_take(struct visit *visit, enum call_outcome outcome,
                        const struct bus_message *reply);
