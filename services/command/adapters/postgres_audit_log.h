/* The audit log in PostgreSQL: table admin_changes (migrations/0009). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/audit_log.h"

/* On the worker's connection, which is borrowed. Owned. */
struct audit_log *postgres_audit_log_new(struct postgres *db);
void postgres_audit_log_free(struct audit_log *log);
