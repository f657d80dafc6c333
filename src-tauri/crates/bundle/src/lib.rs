//! The record of a run with all that proves it, as one file that a stranger can verify. Pure.
//!
//! [`part`] names what stands in a bundle; [`archive`] puts parts into one file and takes them out
//! again; [`manifest`] lists them with their hashes, and is signed; [`pack`] makes a bundle;
//! [`verify`] looks at one that came from anywhere, and says the first thing that is [`broken`].
//!
//! The same parts give the same bytes, and every byte of a bundle is accounted for: what does not
//! come out the same when it is packed again is refused. Nothing is compressed, so that no bundle
//! is larger inside than outside, and nothing is ever written to a path that a bundle names.

pub mod archive;
pub mod broken;
pub mod manifest;
pub mod pack;
pub mod part;
pub mod verify;
