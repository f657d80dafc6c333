//! The tables, one file each: its SQL beside its row type.

pub(crate) mod audit;
pub(crate) mod claims;
pub(crate) mod connections;
pub(crate) mod inbox;
pub(crate) mod journal;
pub(crate) mod meta;
pub(crate) mod outbox;
pub(crate) mod parcels;
pub(crate) mod plans;
pub(crate) mod quarantine;
pub(crate) mod releases;
pub(crate) mod rooms;
pub(crate) mod runs;
pub(crate) mod services;
pub(crate) mod snapshots;

use gantry_model::{digest::Digest, time::Timestamp};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// A domain value on its way into or out of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column<T>(pub(crate) T);

/// A digest is a blob of 32 bytes.
impl ToSql for Column<Digest> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_bytes().as_slice().into())
    }
}

impl FromSql for Column<Digest> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = format!("sha256:{}", hex::encode(value.as_blob()?));
        text.parse().map(Self).map_err(FromSqlError::other)
    }
}

/// An instant is the number of milliseconds since 1970.
impl ToSql for Column<Timestamp> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.timestamp_millis().into())
    }
}

impl FromSql for Column<Timestamp> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let milliseconds = value.as_i64()?;
        Timestamp::from_timestamp_millis(milliseconds)
            .map(Self)
            .ok_or(FromSqlError::OutOfRange(milliseconds))
    }
}

/// A count is an integer; SQLite has none above `i64::MAX`.
impl ToSql for Column<u64> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        i64::try_from(self.0)
            .map(Into::into)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl FromSql for Column<u64> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        u64::try_from(number)
            .map(Self)
            .map_err(|_| FromSqlError::OutOfRange(number))
    }
}

/// A name is text that goes through its parser on the way out.
#[derive(Clone, Debug)]
pub(crate) struct Name<T>(pub(crate) T);

impl<T> FromSql for Name<T>
where
    T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value
            .as_str()?
            .parse()
            .map(Self)
            .map_err(FromSqlError::other)
    }
}
