-- The state of every command can be asked for. A failure that is not for good (expired, given up, …) is kept
-- for those who ask, and gives way when the same identity comes again: is_final is false.
ALTER TABLE inbox ADD COLUMN is_final boolean NOT NULL DEFAULT true;
ALTER TABLE inbox ALTER COLUMN fingerprint DROP NOT NULL; -- of a dead letter whose fields could not be read

-- Keyed digest of an Idempotency-Key: the same user's other messages with it are the same command.
ALTER TABLE inbox ADD COLUMN idempotency_key bytea;
CREATE UNIQUE INDEX inbox_idempotency_key ON inbox (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Messages sent on are to be done by then (Unix time in ms); null: events, which are no work.
ALTER TABLE outbox ADD COLUMN deadline bigint;

-- Who acted, as far as it was known: a replayed letter acts for the same user.
ALTER TABLE dead_letters ADD COLUMN user_id bigint;

-- What was done with dead letters, and by whom. Never deleted with them.
CREATE TABLE dead_letter_actions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    done_at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,     -- the account that ran the command
    action text NOT NULL,    -- 'retry', 'drop', 'edit'
    letter_id bigint NOT NULL,
    message_id uuid,
    message text NOT NULL,
    code text NOT NULL,
    detail text NOT NULL     -- what was changed, secrets removed
);
