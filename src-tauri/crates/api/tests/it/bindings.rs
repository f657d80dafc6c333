//! The types of the page say what the commands say. `GANTRY_WRITE=1` writes them anew.

use std::{fs, path::PathBuf};

use gantry_api::bindings;

#[test]
fn the_types_of_the_page_are_those_of_the_commands() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/api/generated.ts");
    let page = bindings::page();
    if std::env::var_os("GANTRY_WRITE").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(written, page, "run `cargo xtask bindings`");
}
