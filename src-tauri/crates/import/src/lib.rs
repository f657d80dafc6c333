//! A first release file from what people already have. Pure.
//!
//! [`compose::compose`] turns Docker Compose files into the text of a release file that
//! `gantry_release_file::read` takes. The result is a beginning for people to go on from: what could
//! not be carried over is said in notes, at the top of the file and to the caller.

pub mod compose;
