/* traceparent: `00-<32 hex>-<16 hex>-<2 hex>`. */

#include "common/http/trace_context.h"

#include <stddef.h>
#include <string.h>

#include "common/http/characters.h"

bool traceparent_is_valid(const char *text)
{
    static const char shape[] = "00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
    if (text == NULL || strlen(text) != sizeof(shape) - 1) {
        return false;
    }
    for (size_t i = 0; shape[i] != '\0'; i++) {
        bool fits = shape[i] == 'x' ? is_http_lower_hex(text[i]) : text[i] == shape[i];
        if (!fits) {
            return false;
        }
    }
    bool has_trace_id = strspn(text + 3, "0") < 32;
    bool has_parent_id = strspn(text + 36, "0") < 16;
    return has_trace_id && has_parent_id;
}
