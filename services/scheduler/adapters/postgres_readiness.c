/* Is PostgreSQL there, and migrated? */

#include "adapters/postgres_readiness.h"

#include "common/postgres/migrations.h"

static enum err check(struct readiness *base)
{
    return migrations_are_current(((struct postgres_readiness *)base)->db);
}

static const char *trouble(const struct readiness *base)
{
    return postgres_trouble(((const struct postgres_readiness *)base)->db);
}

void postgres_readiness_init(struct postgres_readiness *self, struct postgres *db)
{
    static const struct readiness_ops ops = {.check = check, .trouble = trouble};
    *self = (struct postgres_readiness){.readiness.ops = &ops, .db = db};
}
