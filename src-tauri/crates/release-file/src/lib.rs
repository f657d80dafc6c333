//! The release file: text to release, with every problem and its place; JSON Schema. Pure.
