//! From a notice to what waits in the outbox.

use gantry_notify::notice::Notice;
use gantry_port::outbox::NewParcel;

/// Makes what is put into the outbox; a notice that cannot be written as JSON cannot be built.
pub(crate) fn of(notice: &Notice) -> Option<NewParcel> {
    let body = serde_json::to_string(notice).ok()?;
    Some(NewParcel {
        key: notice.key.clone(),
        reader: notice.stakeholder.clone(),
        body,
    })
}
