//! `gantry journal RELEASE` and `gantry journal verify RELEASE|FILE|BUNDLE`.

use gantry_api::{
    command::Command as _,
    commands::{
        journal::{ReadJournal, Recorded},
        verify::{Kind, ReleaseFile, Verified, Verify},
    },
};
use gantry_model::{event::RunEvent, journal::Entry};

use super::Door;
use crate::{
    arguments::{JournalArguments, JournalCommand},
    error::Failure,
    output::Form,
    text::story,
};

pub(super) async fn run(door: &Door<'_>, typed: &JournalArguments) -> Result<u8, Failure> {
    let record = match typed.preparation {
        true => Recorded::Preparation,
        false => Recorded::Run,
    };
    match (&typed.command, &typed.release) {
        (Some(JournalCommand::Verify { target, head, key }), _) => {
            let asked = Verify {
                target: target.clone(),
                head: head.clone(),
                key: key.clone(),
            };
            verify(door, asked).await
        }
        (None, Some(release)) => print(door, release, record).await,
        (None, None) => Err(Failure::bad_call(
            "no release is named",
            "gantry journal RELEASE",
        )),
    }
}

async fn print(door: &Door<'_>, release: &str, record: Recorded) -> Result<u8, Failure> {
    let entries = ReadJournal {
        release: release.into(),
        record,
        after: 0,
    }
    .entries(&door.app, &door.caller)
    .await?;
    for entry in &entries {
        let line = match (door.output.form(), record) {
            (Form::Json, _) => entry.to_line(),
            (Form::Text, Recorded::Run) => match RunEvent::from_body(&entry.event.body) {
                Ok(event) => story::record_line(&event),
                Err(_) => entry.event.body.clone(),
            },
            (Form::Text, Recorded::Preparation) => preparation(entry),
        };
        door.output.line(&line);
    }
    Ok(0)
}

/// Tells an entry of a preparation: number, time, who, and what it says.
fn preparation(entry: &Entry) -> String {
    let said: serde_json::Value =
        serde_json::from_str(&entry.event.body).unwrap_or(serde_json::Value::Null);
    let by = said.get("by").and_then(serde_json::Value::as_str);
    let mut what = said.get("what").cloned().unwrap_or_default();
    if let Some(facts) = what.as_object_mut() {
        facts.remove("kind");
        // The whole of what is asked stands in the plan; here it would hide everything else.
        facts.remove("agenda");
    }
    let at = entry.event.at.format("%Y-%m-%d %H:%M:%SZ");
    let (seq, kind) = (entry.event.seq, &entry.event.kind);
    format!(
        "{seq:>4}  {at}  {by:<12}  {kind:<16}  {what}",
        by = by.unwrap_or("?")
    )
}

async fn verify(door: &Door<'_>, asked: Verify) -> Result<u8, Failure> {
    let verified = asked.execute(&door.app, &door.caller).await?;
    door.output.answer(&verified, told);
    Ok(0)
}

fn told(verified: &Verified) -> String {
    let Verified { entries, head, .. } = verified;
    let what = match verified.kind {
        Kind::Journal => String::new(),
        Kind::Preparation => " in the record of a preparation, each signed".into(),
        Kind::Bundle => " in a bundle of which every byte is accounted for".into(),
    };
    let mut text = format!("whole: {entries} entries{what}, head {entries}:{head}\n");
    if let Some(noted) = verified.noted {
        text += &format!("the head that was noted is entry {noted}\n");
    }
    for signed in &verified.heads {
        let at = signed.at.format("%Y-%m-%d %H:%M:%SZ");
        let (seq, by) = (signed.head.seq, &signed.by);
        text += &format!("entry {seq} was signed by {} at {at}\n", by.name);
    }
    for person in &verified.people {
        text += &format!("{} signs with {}\n", person.name, person.key.as_str());
    }
    if let Some(by) = &verified.by {
        text += &format!(
            "the bundle is signed by {} with {}\n",
            by.name,
            by.key.as_str()
        );
    }
    text + verified.release_file.map_or("", release_file)
}

/// Says what is with the release file; nothing where it is the one that was signed.
fn release_file(found: ReleaseFile) -> &'static str {
    match found {
        ReleaseFile::AsSigned => "",
        ReleaseFile::NotSigned => "nobody signed which release file the run was started with\n",
        ReleaseFile::Lost => {
            "the release file is not in it, although its hash was signed when the run began\n"
        }
        ReleaseFile::NotKept => {
            "the release file is not in it: it was not kept when this run began; the plan is\n"
        }
    }
}
