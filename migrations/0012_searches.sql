-- The staff's searches. A part of a text is found by its trigrams: pg_trgm comes with PostgreSQL, and the owner of a
-- database may create it there. Where it is not to be had, searches read all rows, and find the same: docs/operations.md.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX posts_title_parts_idx ON posts USING gin (lower(title COLLATE "und-x-icu") gin_trgm_ops);
    CREATE INDEX users_email_parts_idx ON users USING gin (lower(email COLLATE "C") gin_trgm_ops);
EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
        RAISE WARNING 'searches will read all rows: %', SQLERRM;
END
$$;

-- The few among many: members of the staff, and who was deactivated.
CREATE INDEX users_staff_idx ON users (coalesce(last_login, '1970-01-01 00:00:00+00') DESC, id DESC) WHERE is_staff;
CREATE INDEX users_inactive_idx ON users (coalesce(last_login, '1970-01-01 00:00:00+00') DESC, id DESC)
    WHERE NOT is_active;

-- What was done with the letters of one message.
CREATE INDEX dead_letter_actions_message_idx ON dead_letter_actions (message, id);
