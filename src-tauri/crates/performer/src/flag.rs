//! Setting a flag's share, and putting back what it was.

use gantry_model::{
    operation::{Evidence, Sighting},
    platform::FlagState,
    release::node::{Flag, Kind},
    unit::Weight,
};
use gantry_port::fault::Fault;

use crate::{database, scene::Scene};

const OFF: FlagState = FlagState {
    on: false,
    share: Weight::ZERO,
};

/// Gives the flag its share and reads it back.
pub(crate) async fn perform(scene: &Scene<'_>, weight: Weight) -> Result<Evidence, Fault> {
    set(scene, on(weight)).await
}

/// Says whether the flag has this share.
pub(crate) async fn observe(scene: &Scene<'_>, weight: Weight) -> Result<Sighting, Fault> {
    is(scene, on(weight)).await
}

/// Puts back what was observed before; a flag that was not there is turned off, not deleted.
/// A schema change turns its double writes and new reads off instead.
pub(crate) async fn restore(scene: &Scene<'_>) -> Result<Evidence, Fault> {
    match scene.node.kind {
        Kind::Database => database::switch_back(scene).await,
        Kind::App | Kind::Config | Kind::Flag | Kind::Task => set(scene, before(scene)?).await,
    }
}

/// Says whether the flag is as it was before.
pub(crate) async fn observe_restored(scene: &Scene<'_>) -> Result<Sighting, Fault> {
    match scene.node.kind {
        Kind::Database => database::observe_switched_back(scene).await,
        Kind::App | Kind::Config | Kind::Flag | Kind::Task => is(scene, before(scene)?).await,
    }
}

/// Gives the node's flag.
pub(crate) fn flag<'a>(scene: &Scene<'a>) -> Result<&'a Flag, Fault> {
    let missing = || Fault::refused(format!("`{}` names no flag", scene.node.id));
    scene.node.flag.as_ref().ok_or_else(missing)
}

/// Gives the state of a flag that has a share.
pub(crate) fn on(share: Weight) -> FlagState {
    FlagState {
        on: share > Weight::ZERO,
        share,
    }
}

/// Whether a flag is as it was before.
pub(crate) fn is_before(scene: &Scene<'_>, is: Option<FlagState>) -> Result<bool, Fault> {
    Ok(agree(is, before(scene)?))
}

fn before(scene: &Scene<'_>) -> Result<FlagState, Fault> {
    Ok(scene.baseline()?.flag.unwrap_or(OFF))
}

async fn set(scene: &Scene<'_>, wanted: FlagState) -> Result<Evidence, Fault> {
    let flag = flag(scene)?;
    let flags = scene.flags()?;
    flags.set(&scene.call, flag, wanted).await?;
    let is = flags.observe(flag).await?;
    if !agree(is, wanted) {
        let name = &flag.name;
        let message = format!(
            "flag `{name}` is {} after it was set to {}",
            words(is),
            words(Some(wanted))
        );
        return Err(Fault::refused(message));
    }
    Ok(evidence(flag, wanted))
}

async fn is(scene: &Scene<'_>, wanted: FlagState) -> Result<Sighting, Fault> {
    let flag = flag(scene)?;
    let is = scene.flags()?.observe(flag).await?;
    if !agree(is, wanted) {
        return Ok(Sighting::NotApplied);
    }
    let evidence = evidence(flag, wanted);
    Ok(Sighting::Applied { evidence })
}

/// Whether a flag is as wanted; one that is not there is off.
fn agree(is: Option<FlagState>, wanted: FlagState) -> bool {
    is == Some(wanted) || (is.is_none() && !wanted.on)
}

fn evidence(flag: &Flag, state: FlagState) -> Evidence {
    let mut evidence =
        Evidence::sentence(format!("flag `{}` is {}", flag.name, words(Some(state))));
    evidence
        .facts
        .insert("commanded_bp".into(), state.share.basis_points().into());
    evidence
}

/// Says in words how a flag is.
pub(crate) fn words(state: Option<FlagState>) -> String {
    match state {
        Some(FlagState { on: true, share }) => format!("on for {share}"),
        Some(FlagState { on: false, .. }) => "off".into(),
        None => "not there".into(),
    }
}
