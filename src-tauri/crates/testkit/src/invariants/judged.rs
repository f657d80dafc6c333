//! The judge: no bake passes without its word, and its word follows from what was measured.

use std::collections::BTreeMap;

use gantry_model::{
    event::{Happened, JudgedStanding, Place, RunEvent},
    id::{NodeId, StepId},
    measure::{Beside, Bucket, judged},
    plan::{Action, PlannedNode},
    release::check::OnInconclusive,
    time::Timestamp,
};

use super::{Case, Findings};

/// What is known of the judged bakes at some event.
#[derive(Default)]
struct Bakes<'e> {
    /// What the judge said last, bake by bake.
    said: BTreeMap<&'e StepId, JudgedStanding>,
    /// Where the last bucket of a bake ended.
    ends: BTreeMap<&'e StepId, Timestamp>,
    /// How many buckets of a node had both versions in all metrics that decide, and how many did not.
    buckets: BTreeMap<&'e NodeId, (u32, u32)>,
}

/// Walks the events and looks at every bake that is judged.
pub(super) fn check(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    let mut bakes = Bakes::default();
    for event in events {
        match &event.what {
            Happened::StepStarted { place, .. } => {
                bakes.ends.remove(&place.step);
            }
            Happened::BakeMeasured { place, bucket } => {
                bakes.measured(case, place, bucket, findings)
            }
            Happened::BakeJudged(verdict) => {
                bakes.judged(&verdict.place, verdict.standing, findings);
            }
            Happened::StepSucceeded {
                place, by: None, ..
            } => bakes.succeeded(case, place, findings),
            _ => {}
        }
    }
}

impl<'e> Bakes<'e> {
    fn measured(
        &mut self,
        case: &Case<'_>,
        place: &'e Place,
        bucket: &Bucket,
        findings: &mut Findings,
    ) {
        const RULE: &str = "the buckets of a bake follow each other and are whole pieces of time";
        let end = self.ends.insert(&place.step, bucket.until);
        let follows = end.is_none_or(|end| bucket.from >= end);
        findings.expect(
            follows && bucket.from < bucket.until,
            RULE,
            format!("{}: {} to {}", place.step, bucket.from, bucket.until),
        );
        if bucket.beside != Beside::Nobody {
            let (whole, torn) = self.buckets.entry(&place.node).or_default();
            match is_whole(case, place, bucket) {
                true => *whole += 1,
                false => *torn += 1,
            }
        }
    }

    fn judged(&mut self, place: &'e Place, standing: JudgedStanding, findings: &mut Findings) {
        let before = self.said.insert(&place.step, standing);
        let stands = before != Some(JudgedStanding::Fail) || standing == JudgedStanding::Fail;
        findings.expect(
            stands,
            "what the judge failed it never passes later",
            &place.step,
        );
        let (whole, torn) = self.buckets.get(&place.node).copied().unwrap_or_default();
        let enough = whole * 10 >= (whole + torn) * 8;
        findings.expect(
            standing != JudgedStanding::Pass || enough,
            "what was not measured is never a pass",
            format!("{}: {whole} buckets are whole, {torn} are not", place.step),
        );
    }

    fn succeeded(&mut self, case: &Case<'_>, place: &'e Place, findings: &mut Findings) {
        const RULE: &str = "a judged bake is over by the word of the judge or of a person";
        let Some(node) = node_of(case, place) else {
            return;
        };
        let Some(judge) = node.judge.as_ref().filter(|_| is_bake(case, place)) else {
            return;
        };
        let proceeds = judge.on_inconclusive == OnInconclusive::Proceed;
        let said = self.said.get(&place.step);
        let good = match said {
            Some(JudgedStanding::Pass) => true,
            Some(JudgedStanding::Hold | JudgedStanding::Open) => proceeds,
            Some(JudgedStanding::Fail) => false,
            None => judged(case.plan, node).is_empty(),
        };
        findings.expect(good, RULE, format!("{}: {said:?}", place.step));
    }
}

fn node_of<'a>(case: &Case<'a>, place: &Place) -> Option<&'a PlannedNode> {
    case.plan.nodes.iter().find(|node| node.id == place.node)
}

fn is_bake(case: &Case<'_>, place: &Place) -> bool {
    let step = case.plan.steps.iter().find(|step| step.id == place.step);
    step.is_some_and(|step| matches!(step.action, Action::Bake { .. }))
}

/// Whether both versions are known in every metric that decides.
fn is_whole(case: &Case<'_>, place: &Place, bucket: &Bucket) -> bool {
    let Some(node) = node_of(case, place) else {
        return false;
    };
    let deciding = judged(case.plan, node).into_iter();
    deciding
        .filter(|(_, metric)| !metric.observe)
        .all(|(name, _)| {
            let reading = bucket.reading(name);
            reading.is_some_and(|one| one.canary.is_known() && one.baseline.is_known())
        })
}
