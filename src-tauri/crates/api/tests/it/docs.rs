//! The pages that are promised are there and say what the code says.

use std::{fs, path::PathBuf};

use gantry_api::{command, error::ErrorCode};

fn docs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../docs")
}

#[test]
fn every_error_code_has_a_page_with_its_exit_status() {
    let overview = fs::read_to_string(docs().join("errors/README.md")).unwrap();
    for code in ErrorCode::ALL {
        let page = fs::read_to_string(docs().join(format!("errors/{code}.md")))
            .unwrap_or_else(|_| panic!("docs/errors/{code}.md is missing"));
        let status = code.exit_status();
        assert!(
            page.starts_with(&format!("# {code}\n")),
            "the title of {code}.md"
        );
        assert!(
            page.contains(&format!("Exit status {status}.")),
            "the exit status in {code}.md"
        );
        assert!(
            overview.contains(&format!("| [{code}]({code}.md) | {status} |")),
            "{code} in the overview"
        );
    }
}

#[test]
fn the_page_of_commands_is_the_list_of_commands() {
    let file = docs().join("commands.md");
    if std::env::var_os("GANTRY_WRITE").is_some() {
        fs::write(&file, command::page()).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(written, command::page(), "run `cargo xtask bindings`");
}
