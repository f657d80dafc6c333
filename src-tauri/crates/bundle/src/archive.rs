//! Parts as one file: a plain tar archive in which nothing is left to choose.

use std::{
    collections::BTreeMap,
    io::{self, Read as _},
};

use tar::{Archive, Builder, Entry, EntryType, Header};

use crate::{
    broken::{Broken, Reason},
    part::Part,
};

/// The files of a bundle.
pub type Parts = BTreeMap<Part, Vec<u8>>;

/// Puts parts into one file; the same parts give the same bytes.
///
/// # Errors
/// Where a part is larger than an archive can say, which is 8 GiB.
pub fn write(parts: &Parts) -> io::Result<Vec<u8>> {
    let mut builder = Builder::new(Vec::new());
    for (part, bytes) in parts {
        let mut header = Header::new_ustar();
        header.set_path(part.name())?;
        header.set_entry_type(EntryType::Regular);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_cksum();
        builder.append(&header, bytes.as_slice())?;
    }
    builder.into_inner()
}

/// Whether bytes should be looked at as a bundle; a spoilt one still looks like one.
pub fn is_like_one(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar") || bytes.starts_with(Part::Manifest.name().as_bytes())
}

/// Takes the parts out of a file that came from anywhere.
///
/// # Errors
/// Where anything is not exactly as [`write`] puts it.
pub fn read(bytes: &[u8]) -> Result<Parts, Broken> {
    let mut parts = Parts::new();
    let mut archive = Archive::new(bytes);
    let entries = archive.entries().map_err(|_| nothing())?;
    // Raw: names and sizes in extra headers are not followed, and no such header is of ours.
    for entry in entries.raw(true) {
        let entry = entry.map_err(|_| torn(&parts))?;
        take(entry, bytes.len(), &mut parts)?;
    }
    if parts.is_empty() {
        return Err(nothing());
    }
    compare(bytes, &parts)?;
    Ok(parts)
}

fn take(mut entry: Entry<'_, &[u8]>, limit: usize, parts: &mut Parts) -> Result<(), Broken> {
    let name = entry.path_bytes().into_owned();
    let shown = shown(&name);
    if leads_outside(&name) {
        return Err(Reason::Outside.at(shown));
    }
    if entry.header().entry_type() != EntryType::Regular {
        return Err(Reason::NotPlain.at(shown));
    }
    let Some(part) = Part::named(&name) else {
        return Err(Reason::Stranger.at(shown));
    };
    if parts.keys().next_back().is_some_and(|last| *last >= part) {
        return Err(Reason::Misplaced.at(shown));
    }
    // What an archive claims costs nothing until it is there.
    if entry.size() > limit as u64 {
        return Err(Reason::Cut.at(shown));
    }
    let mut content = Vec::new();
    let read = entry.read_to_end(&mut content);
    if read.is_err() || content.len() as u64 != entry.size() {
        return Err(Reason::Cut.at(shown));
    }
    parts.insert(part, content);
    Ok(())
}

/// Packs again and compares, so that nothing can hide between the files.
fn compare(bytes: &[u8], parts: &Parts) -> Result<(), Broken> {
    let again = write(parts).map_err(|_| nothing())?;
    let differs = bytes
        .iter()
        .zip(&again)
        .position(|(one, other)| one != other);
    let reason = match differs {
        Some(_) => Reason::Between,
        None if bytes.len() < again.len() => Reason::Cut,
        None if bytes.len() > again.len() => Reason::Longer,
        None => return Ok(()),
    };
    let place = differs.unwrap_or(bytes.len().min(again.len()));
    Err(reason.at(format!("byte {place}")))
}

/// Whether unpacking this name somewhere could write anywhere else.
fn leads_outside(name: &[u8]) -> bool {
    let absolute = name.starts_with(b"/") || name.contains(&b'\\') || name.contains(&b':');
    let up = name.split(|byte| *byte == b'/').any(|piece| piece == b"..");
    absolute || up || name.contains(&0)
}

/// Shows a name from anywhere: letters as they are, the rest escaped, and not too long.
fn shown(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    let short: String = text.chars().take(80).collect();
    short.escape_debug().to_string()
}

fn nothing() -> Broken {
    Reason::NotABundle.at("byte 0")
}

/// Says where an archive cannot be read on.
fn torn(parts: &Parts) -> Broken {
    match parts.keys().next_back() {
        None => nothing(),
        Some(last) => Reason::Cut.at(format!("behind {}", last.name())),
    }
}
