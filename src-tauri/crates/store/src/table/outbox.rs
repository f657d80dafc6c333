//! The outbox of the first schema, which nothing ever wrote to. [`super::parcels`] took its place.

pub(crate) const CREATE: &str = "
CREATE TABLE outbox (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    run       INTEGER NOT NULL REFERENCES runs (id),
    key       TEXT NOT NULL UNIQUE,
    body      TEXT NOT NULL,
    delivered INTEGER
) STRICT";

pub(crate) const CREATE_PENDING: &str =
    "CREATE INDEX outbox_pending ON outbox (id) WHERE delivered IS NULL";
