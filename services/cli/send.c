/* postroom send: a command and its result. */

#include "request.h"
#include "verb.h"

int send_run(int count, char **arguments)
{
    return request_run(MESSAGE_COMMAND, count, arguments);
}
