-- Commands that failed for good with nobody to tell. Texts from outside: nothing here may refuse one.
CREATE TABLE dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid,
    message text NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    body text NOT NULL,    -- JSON, secrets removed
    headers text NOT NULL, -- JSON object
    failed_at timestamptz NOT NULL DEFAULT now()
);

-- The same message failing the same way is one letter.
CREATE UNIQUE INDEX dead_letters_message_key ON dead_letters (message_id, code);
