-- Periodic messages: the latest slot of each that was fired (or had passed when it was first seen). Whoever moves
-- it on writes the message to the outbox in the same transaction, so that any number of schedulers fire a slot once.
CREATE TABLE schedule (
    job text PRIMARY KEY,
    last_slot timestamptz NOT NULL,
    fired_at timestamptz -- null: not fired yet
);
