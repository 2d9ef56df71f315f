-- Dead letters in the hands of the staff: listed by message, counted by kind.
CREATE INDEX dead_letters_kind_idx ON dead_letters (message, code, failed_at);
CREATE INDEX dead_letters_of_message_idx ON dead_letters (message, id);

-- Sent again: a command goes out under the identity it had, for whom and with what it came then.
ALTER TABLE outbox ADD COLUMN identity uuid;          -- null: message_id
ALTER TABLE outbox ADD COLUMN user_id bigint;
ALTER TABLE outbox ADD COLUMN client_address text;
ALTER TABLE outbox ADD COLUMN idempotency_key text;   -- digest in hex, as it is sent

-- When somebody had a periodic message sent by hand the last time, and who.
ALTER TABLE schedule ADD COLUMN run_at timestamptz;
ALTER TABLE schedule ADD COLUMN run_by text;
