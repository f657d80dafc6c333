//! `ui/src/api/generated.ts`: what the page may call, what that takes and answers.
//!
//! Commands whose arguments and answers are made of this crate's own types are written out; of the
//! others the page has the name and the access, and types of its own that real answers are held to.

use std::{collections::BTreeMap, fmt::Write as _};

use ts_rs::TS;

use crate::{
    command::{self, Access, Command, Listed},
    commands::{
        draft::{Draft, DraftProblem, Drafted},
        new_release::{NewRelease, Origin},
        open_release::{CloseRelease, ClosedRelease, OpenRelease},
        release_text::{ReadRelease, ReleaseText, SaveRelease, SavedRelease},
        start::{Driving, Reach, Reaches, Resume, Start},
    },
    error::ErrorCode,
    feed::{Change, Topic},
    workspace::row::{ReleaseRow, ReleaseState, Target, WindowRow},
};

const HEAD: &str =
    "// Written by `cargo xtask bindings` from the list of commands; do not edit.\n\n";

/// Writes the whole file.
pub fn page() -> String {
    let types: String = declarations()
        .iter()
        .fold(String::new(), |all, one| all + "export " + one + "\n\n");
    format!("{HEAD}{types}{}{}", map(), access())
}

fn declarations() -> Vec<String> {
    vec![
        ErrorCode::decl(),
        Topic::decl(),
        Change::decl(),
        ReleaseState::decl(),
        Target::decl(),
        WindowRow::decl(),
        ReleaseRow::decl(),
        OpenRelease::decl(),
        CloseRelease::decl(),
        ClosedRelease::decl(),
        Origin::decl(),
        NewRelease::decl(),
        ReadRelease::decl(),
        ReleaseText::decl(),
        SaveRelease::decl(),
        SavedRelease::decl(),
        Reach::decl(),
        Reaches::decl(),
        Start::decl(),
        Driving::decl(),
        Resume::decl(),
        DraftProblem::decl(),
        Draft::decl(),
        Drafted::decl(),
    ]
}

type Typed = BTreeMap<&'static str, (String, String)>;

/// Adds a command whose types are known.
fn typed<C>(all: &mut Typed)
where
    C: Command + TS,
    C::Answer: TS,
{
    all.insert(C::NAME, (C::name(), C::Answer::name()));
}

fn known() -> Typed {
    let mut all = Typed::new();
    let rows = Vec::<ReleaseRow>::name();
    all.insert("releases", ("Record<string, never>".into(), rows));
    typed::<OpenRelease>(&mut all);
    typed::<CloseRelease>(&mut all);
    typed::<NewRelease>(&mut all);
    typed::<ReadRelease>(&mut all);
    typed::<SaveRelease>(&mut all);
    typed::<Reach>(&mut all);
    typed::<Start>(&mut all);
    typed::<Resume>(&mut all);
    typed::<Draft>(&mut all);
    all
}

fn map() -> String {
    let known = known();
    let mut page = String::from(
        "/** Every command with what it takes and answers. */\nexport interface CommandMap {\n",
    );
    for Listed { name, about, .. } in command::list() {
        let (takes, answers) = known.get(name).map_or(
            ("Record<string, unknown>", "unknown"),
            |(takes, answers)| (takes, answers),
        );
        // Writing into a string does not fail.
        _ = writeln!(
            page,
            "  /** {about} */\n  {name:?}: {{ takes: {takes}; answers: {answers} }};"
        );
    }
    page + "}\n\nexport type CommandName = keyof CommandMap;\n\n"
}

fn access() -> String {
    let mut page = String::from(
        "/** What a caller must be allowed to do. */\n\
         export const ACCESS: Record<CommandName, \"read\" | \"operate\"> = {\n",
    );
    for Listed { name, access, .. } in command::list() {
        let word = match access {
            Access::Read => "read",
            Access::Operate => "operate",
        };
        _ = writeln!(page, "  {name:?}: {word:?},");
    }
    page + "};\n"
}
