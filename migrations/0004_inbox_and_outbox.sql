-- Exactly once: each command's identity with what became of it, in the transaction of its effect. A row
-- that others can see has its outcome: `error` null and a result, or the error's code and a problem.
CREATE TABLE inbox (
    message_id uuid PRIMARY KEY,
    user_id bigint,           -- who sent it, or null: nobody
    session bytea,            -- digest of the session it came with
    session_user_id bigint,   -- whose session it started
    created_at timestamptz NOT NULL DEFAULT now(),
    name text NOT NULL,
    fingerprint bytea NOT NULL,
    error text,
    body text
) WITH (fillfactor = 80); -- each row is written twice: its second version finds room on the page
ALTER TABLE inbox ALTER COLUMN body SET STORAGE EXTERNAL; -- short-lived: not worth compressing

-- For expiry. Rows come in the order of time, so this costs an insert nothing.
CREATE INDEX inbox_created_idx ON inbox USING brin (created_at) WITH (pages_per_range = 16);

-- Messages that are to be published once the transaction that wrote them has committed; deleted when the broker
-- has confirmed them.
CREATE TABLE outbox (
    message_id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    name text NOT NULL,
    body text NOT NULL,
    traceparent text,
    language text
);
ALTER TABLE outbox ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE INDEX outbox_created_idx ON outbox (created_at);

-- Messages whose delivery has ended a worker, perhaps: how often each was delivered again.
CREATE TABLE attempts (
    message_id uuid PRIMARY KEY,
    count bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
