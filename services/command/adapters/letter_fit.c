/* Letters that can be sent again, and others. */

#include "letter_fit.h"

#include <string.h>

#include "common/contract/contract.h"
#include "common/json/json.h"

static bool has_secrets(const struct json_object *object, const char *body)
{
    for (size_t i = 0; i < object->field_count; i++) {
        const struct json_field *field = &object->fields[i];
        struct json_slice value;
        bool is_expected = (field->flags & JSON_REQUIRED) != 0 ||
                           json_find_member(body, strlen(body), field->name, &value);
        if ((field->flags & JSON_SECRET) != 0 && is_expected) {
            return true;
        }
    }
    return false;
}

enum letter_obstacle letter_fit(const char *message, const char *body, struct arena *arena)
{
    const struct contract *contract = contract_find(message, strlen(message));
    if (contract == NULL || contract->kind != MESSAGE_COMMAND) {
        return LETTER_OBSTACLE_UNKNOWN_MESSAGE;
    }
    if (body[0] != '{') {
        return LETTER_OBSTACLE_UNREADABLE;
    }
    if (has_secrets(contract->input, body)) {
        return LETTER_OBSTACLE_HAS_SECRETS;
    }
    struct problem problem = {0};
    void *input = arena_alloc(arena, contract->input->size);
    enum err err = json_decode(contract->input, body, strlen(body), arena, &problem, input);
    return err == OK ? LETTER_HAS_LEFT : LETTER_OBSTACLE_UNREADABLE;
}
