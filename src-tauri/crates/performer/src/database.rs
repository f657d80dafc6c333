//! The phases of a schema change.

use gantry_model::{
    operation::{Evidence, Sighting},
    plan::Action,
    unit::Span,
};
use gantry_port::fault::{Fault, FaultKind};

use crate::scene::Scene;

/// A comparison is repeated at least this often while its window lasts, and this many times.
const COMPARISONS: u64 = 10;
const SHORTEST_PAUSE: Span = Span::from_secs(1);

/// Runs a phase in full.
pub(crate) async fn perform(scene: &Scene<'_>, action: &Action) -> Result<Evidence, Fault> {
    let said = scene
        .database()?
        .apply(&scene.call, scene.node, action)
        .await?;
    Ok(Evidence::sentence(said))
}

/// Says whether a phase was applied, as the database itself records it.
pub(crate) async fn observe(scene: &Scene<'_>, action: &Action) -> Result<Sighting, Fault> {
    if !is_applied(scene, action).await? {
        return Ok(Sighting::NotApplied);
    }
    let evidence = Evidence::sentence(format!("`{}` is recorded in the database", action.word()));
    Ok(Sighting::Applied { evidence })
}

/// Compares old and new again and again until they have agreed for the whole window.
pub(crate) async fn compare(
    scene: &Scene<'_>,
    action: &Action,
    window: Span,
) -> Result<Evidence, Fault> {
    let database = scene.database()?;
    let pause = Span::from_millis(window.as_millis() / COMPARISONS).max(SHORTEST_PAUSE);
    let mut since = None;
    loop {
        let now = scene.clock.elapsed();
        match database.apply(&scene.call, scene.node, action).await {
            Ok(said) => {
                let begun = *since.get_or_insert(now);
                let lasted = scene
                    .clock
                    .elapsed()
                    .as_millis()
                    .saturating_sub(begun.as_millis());
                if lasted >= window.as_millis() {
                    return Ok(Evidence::sentence(format!("{said}, for {window}")));
                }
            }
            // A mismatch starts the window anew, as long as there is time for a whole one.
            Err(fault)
                if fault.kind == FaultKind::Refused && scene.time_left() > window + pause =>
            {
                since = None;
            }
            Err(fault) => return Err(fault),
        }
        scene.clock.wait(pause).await;
    }
}

/// Takes the expansion back.
pub(crate) async fn revert(scene: &Scene<'_>) -> Result<Evidence, Fault> {
    scene.database()?.revert(&scene.call, scene.node).await?;
    Ok(Evidence::sentence("the expansion was taken back"))
}

/// Says whether the expansion was taken back.
pub(crate) async fn observe_reverted(scene: &Scene<'_>) -> Result<Sighting, Fault> {
    gone(scene, &[Action::Expand]).await
}

/// Turns double writes and reads of the new shape off.
pub(crate) async fn switch_back(scene: &Scene<'_>) -> Result<Evidence, Fault> {
    scene
        .database()?
        .switch_back(&scene.call, scene.node)
        .await?;
    Ok(Evidence::sentence(
        "writes and reads use the old shape alone",
    ))
}

/// Says whether writes and reads use the old shape alone.
pub(crate) async fn observe_switched_back(scene: &Scene<'_>) -> Result<Sighting, Fault> {
    gone(scene, &[Action::DualWrite, Action::ReadNew]).await
}

async fn gone(scene: &Scene<'_>, phases: &[Action]) -> Result<Sighting, Fault> {
    for phase in phases {
        if is_applied(scene, phase).await? {
            return Ok(Sighting::NotApplied);
        }
    }
    let evidence = Evidence::sentence("the database has no record of it any more");
    Ok(Sighting::Applied { evidence })
}

async fn is_applied(scene: &Scene<'_>, action: &Action) -> Result<bool, Fault> {
    let applied = scene.database()?.applied(scene.node).await?;
    Ok(applied.iter().any(|phase| phase == action.word()))
}
