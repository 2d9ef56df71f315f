-- What the staff has changed: who, when, by which message, what of which object. Never deleted with any of them, so
-- without references.
CREATE TABLE admin_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    changed_at timestamptz NOT NULL DEFAULT now(),
    user_id bigint NOT NULL,   -- who …
    user_email text NOT NULL,  -- … and the address of then
    message text NOT NULL,     -- name
    object text NOT NULL CHECK (object IN ('user', 'post')),
    object_id bigint NOT NULL,
    label text NOT NULL,       -- the user's address or the post's title of then
    fields jsonb NOT NULL      -- contracts/models/field_changes.json; no secrets
);

CREATE INDEX admin_changes_order_idx ON admin_changes (changed_at DESC, id DESC);

-- The staff's lists. Users by their latest login, which is before all others for those who never logged in.
CREATE INDEX users_last_login_idx ON users (coalesce(last_login, '1970-01-01 00:00:00+00') DESC, id DESC);
CREATE INDEX posts_all_idx ON posts (created_at DESC, id DESC);
