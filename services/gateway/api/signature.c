/* MACs of ids. */

#include "services/gateway/api/signature.h"

#include <sodium.h>

#include "common/core/digest.h"
#include "services/gateway/gateway.h"

static void sign(const struct gateway *gateway, const char *id, char ret[SIGNATURE_LENGTH + 1])
{
    unsigned char mac[DIGEST_SIZE];
    digest_hmac(gateway->secret_key, id, UUID_LENGTH, mac);
    sodium_bin2base64(ret, SIGNATURE_LENGTH + 1, mac, sizeof(mac),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *signature_add(const struct gateway *gateway, const char id[UUID_TEXT_SIZE],
                          struct arena *arena)
{
    char signature[SIGNATURE_LENGTH + 1];
    sign(gateway, id, signature);
    return arena_printf(arena, "%s.%s", id, signature);
}

bool signature_is_right(const struct gateway *gateway, const char *text, size_t size)
{
    char signature[SIGNATURE_LENGTH + 1];
    if (size != SIGNED_ID_LENGTH || text[UUID_LENGTH] != '.') {
        return false;
    }
    sign(gateway, text, signature);
    return sodium_memcmp(signature, text + UUID_LENGTH + 1, SIGNATURE_LENGTH) == 0;
}
