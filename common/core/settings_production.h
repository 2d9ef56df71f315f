/*
 * What production is refused: keys and passwords that everybody knows, cookies that travel in plain
 * text. Safe values are no opinion of a service, so each checks them at its start.
 */
#pragma once

#include <stdbool.h>

#include "common/core/settings.h"

/* What begins so is a secret for development and tests only: config/development.env. */
#define SETTINGS_INSECURE_PREFIX "insecure-"

/* One sentence on the first setting that production may not have; NULL: none. static */
const char *settings_production_complaint(const struct settings *settings);

/* Was the key made by a random generator? For those who type one. */
bool settings_is_weak_key(const char *key);
/* Is the password of a URL (or of a connection string of PostgreSQL) one that everybody knows? */
bool settings_has_known_password(const char *url);
