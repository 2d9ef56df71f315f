/* postroom query: a query and its result. */

#include "request.h"
#include "verb.h"

int query_run(int count, char **arguments)
{
    return request_run(MESSAGE_QUERY, count, arguments);
}
