-- What is kept for a time only is found by its age without looking at the rest. A summary of page ranges does not
-- do for rows that are deleted: new rows fill old pages, and ranges only widen.
DROP INDEX inbox_created_idx;
CREATE INDEX inbox_created_idx ON inbox (created_at);

DROP INDEX login_attempts_failed_idx;
CREATE INDEX login_attempts_failed_idx ON login_attempts (failed_at);

CREATE INDEX attempts_updated_idx ON attempts (updated_at);
