-- Sessions that their users can see and end, and that end when nobody uses them. `expires_at` is the earlier of the
-- two ends: the absolute one, and the idle one, which moves on with what the user does.
ALTER TABLE sessions ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE; -- for people: digests are keys
ALTER TABLE sessions ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE sessions ADD COLUMN ends_at timestamptz NOT NULL DEFAULT 'infinity';
ALTER TABLE sessions ADD COLUMN client_address text; -- where it was seen last
UPDATE sessions SET last_seen_at = created_at, ends_at = expires_at;

-- For e-mails: as Accept-Language had it at registration.
ALTER TABLE users ADD COLUMN language text;

-- All sessions of a user were ended then; a login from before that is repeated starts none.
ALTER TABLE users ADD COLUMN sessions_ended_at timestamptz;
ALTER TABLE inbox ADD COLUMN session_started_at timestamptz;

-- Logins that have failed, by keyed digests of account and address. What is counted drains away with time.
CREATE TABLE login_attempts (
    key bytea PRIMARY KEY CHECK (length(key) = 32),
    level bigint NOT NULL, -- thousandths of a failure, as of failed_at
    failed_at timestamptz NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX login_attempts_failed_idx ON login_attempts USING brin (failed_at);
