//! The preparation of one release, as its record makes it.

pub mod fact;

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::{
    digest::Digest,
    id::{NodeId, ReleaseId, RunId},
    release::people::Item,
    time::Timestamp,
};

use crate::{
    agenda::{Agenda, CONDITIONS, ROLLBACK, manual},
    entry::Signed,
    event::{Happened, Question, Vote},
    stage::Stage,
};
use fact::{
    Answer, Cast, Change, Correction, Override, PreparedRun, Presented, VoidVote, Voided, Waiver,
};

/// Gives the room in which the events of a release are kept.
pub fn room(release: &ReleaseId) -> String {
    format!("release/{release}")
}

/// Where the preparation of a release stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preparation {
    /// What was put before people last.
    pub presented: Option<Presented>,
    /// Answers by `list/item`.
    pub answers: BTreeMap<String, Answer>,
    /// Who sees to an item.
    pub assigned: BTreeMap<String, String>,
    /// Tickets of items.
    pub links: BTreeMap<String, String>,
    /// Waivers by `list/item`.
    pub waivers: BTreeMap<String, Waiver>,
    /// Corrected answers to the four questions.
    pub corrections: BTreeMap<(NodeId, Question), Correction>,
    /// When polls were opened.
    pub opened: BTreeMap<Stage, Timestamp>,
    /// Votes that count, by stage and role.
    pub votes: BTreeMap<(Stage, String), Cast>,
    /// Why the last votes that were voided were.
    pub voided: Option<Voided>,
    /// The votes that were voided and that nobody has given anew.
    pub void_votes: BTreeMap<(Stage, String), VoidVote>,
    /// What changed since the plan was first put before people, oldest first.
    pub changes: Vec<Change>,
    /// When each person last did something here, which they did with this before them.
    pub last_seen: BTreeMap<String, Timestamp>,
    /// Stages at which lists and polls are overridden.
    pub overrides: BTreeMap<Stage, Override>,
    /// Freezes that are overridden.
    pub freeze_overrides: BTreeMap<String, Override>,
    /// The last run.
    pub run: Option<PreparedRun>,
    reaches: BTreeSet<Digest>,
}

impl Preparation {
    /// Folds the events of a release's room.
    pub fn fold(events: &[Signed]) -> Self {
        let mut preparation = Self::default();
        for signed in events {
            preparation.apply(signed);
        }
        preparation
    }

    /// Takes one more event in; the only place at which anything changes.
    pub fn apply(&mut self, signed: &Signed) {
        self.last_seen.insert(signed.by.name.clone(), signed.at);
        match &signed.happened {
            Happened::Presented {
                plan,
                agenda,
                changes,
            } => {
                self.present(signed, *plan, agenda, changes);
            }
            Happened::ReachConfirmed { reach } => {
                self.reaches.insert(*reach);
            }
            Happened::ItemAssigned { item, to } => {
                self.assigned.insert(item.clone(), to.clone());
            }
            Happened::ItemLinked { item, link } => {
                self.links.insert(item.clone(), link.clone());
            }
            Happened::ItemAnswered { .. } => self.answer(signed),
            Happened::WaiverAsked { .. } => self.ask_waiver(signed),
            Happened::WaiverApproved { item } => {
                if let Some(waiver) = self.waivers.get_mut(item) {
                    waiver.approver = Some(signed.by.clone());
                }
            }
            Happened::AssessmentCorrected {
                node,
                question,
                answer,
                reason,
            } => {
                let correction = Correction {
                    answer: answer.clone(),
                    reason: reason.clone(),
                    by: signed.by.name.clone(),
                    at: signed.at,
                };
                self.corrections
                    .insert((node.clone(), *question), correction);
            }
            Happened::PollOpened { stage } => {
                self.opened.entry(stage.clone()).or_insert(signed.at);
            }
            Happened::Voted { .. } => self.vote(signed),
            Happened::Recycled { stage, reason } => {
                let because = vec![format!("the poll was begun anew: {reason}")];
                self.take_votes(signed.at, &because, |voted| voted == stage);
                self.overrides.remove(stage);
                self.opened.insert(stage.clone(), signed.at);
            }
            Happened::Overridden { stage, reason, .. } => {
                self.overrides
                    .insert(stage.clone(), Override::of(signed, reason));
            }
            Happened::FreezeOverridden { freeze, reason, .. } => {
                self.freeze_overrides
                    .insert(freeze.clone(), Override::of(signed, reason));
            }
            Happened::RunStarted { run, plan, .. } => self.start(run, *plan),
            Happened::RunEnded { run, outcome, .. } => self.end(run, outcome),
            // The record of an approval or a head changes nothing that is asked here.
            Happened::Approved { .. } | Happened::HeadSigned { .. } => {}
            // These are of the whole workspace and stand in its own room.
            Happened::KeyBound { .. }
            | Happened::ClaimedNamesSettled { .. }
            | Happened::FreezeDeclared { .. }
            | Happened::FreezeEnded { .. } => {}
        }
    }

    /// Whether a person confirmed that the file may reach this.
    pub fn is_confirmed(&self, reach: Digest) -> bool {
        self.reaches.contains(&reach)
    }

    /// Whether somebody said go under a condition.
    pub fn has_conditions(&self) -> bool {
        let mut cast = self.votes.values().map(|cast| &cast.vote);
        cast.any(|vote| matches!(vote, Vote::Condition { .. }))
    }

    /// Gives the run that is under way.
    pub fn under_way(&self) -> Option<&PreparedRun> {
        self.run.as_ref().filter(|run| run.outcome.is_none())
    }

    /// Lists the stages at which people can be asked now, in order.
    pub fn stages_now(&self, agenda: &Agenda) -> Vec<Stage> {
        match self.under_way() {
            None => vec![Stage::Readiness, Stage::Start],
            Some(_) => {
                let crossings = agenda.crossings.iter().cloned().map(Stage::Crossing);
                crossings.chain([Stage::Success]).collect()
            }
        }
    }

    /// Gives all items: those of the lists, and the conditions of votes.
    pub fn items(&self) -> Vec<(String, Item)> {
        let Some(presented) = &self.presented else {
            return Vec::new();
        };
        let asked = presented.agenda.items();
        let mut items: Vec<(String, Item)> =
            asked.map(|(place, item)| (place, item.clone())).collect();
        items.extend(self.conditions(&presented.agenda));
        items
    }

    fn conditions(&self, agenda: &Agenda) -> BTreeMap<String, Item> {
        let given = self
            .votes
            .iter()
            .filter_map(|((_, role), cast)| match &cast.vote {
                Vote::Condition { item, check } => Some((role, item, check)),
                Vote::Go | Vote::NoGo | Vote::Absent | Vote::Delegated { .. } => None,
            });
        let items = given.map(|(role, item, check)| {
            let position = agenda.poll.as_ref().and_then(|poll| poll.position(role));
            let condition = Item {
                owner: Some(role.clone()),
                required: position.is_none_or(|position| !position.advisory),
                check: check.as_deref().cloned(),
                ..manual(role, item)
            };
            (condition_place(role), condition)
        });
        items.collect()
    }

    fn present(&mut self, signed: &Signed, plan: Digest, agenda: &Agenda, changes: &[String]) {
        let before = self.presented.as_ref();
        let same_plan = before.is_none_or(|before| before.plan == plan);
        let same_poll = before.is_none_or(|before| before.agenda.poll == agenda.poll);
        if !same_plan || !same_poll {
            self.void(signed.at, changes.to_vec());
        }
        if !changes.is_empty() {
            self.changes.push(Change {
                at: signed.at,
                sentences: changes.to_vec(),
            });
        }
        let before: BTreeMap<String, Item> = self.items().into_iter().collect();
        let kept: BTreeSet<String> = agenda
            .items()
            .filter(|(place, item)| before.get(place) == Some(item))
            .map(|(place, _)| place)
            .collect();
        self.answers.retain(|place, _| kept.contains(place));
        self.waivers.retain(|place, _| kept.contains(place));
        // Who presents the same plan once more does not become its author.
        let by = self.presented.take().filter(|before| before.plan == plan);
        self.presented = Some(Presented {
            plan,
            agenda: agenda.clone(),
            by: by.map_or_else(|| signed.by.clone(), |before| before.by),
            at: signed.at,
        });
    }

    fn void(&mut self, at: Timestamp, because: Vec<String>) {
        let votes = self.votes.len();
        self.take_votes(at, &because, |_| true);
        self.opened.clear();
        self.overrides.clear();
        self.freeze_overrides.clear();
        let conditions = format!("{CONDITIONS}/");
        self.answers
            .retain(|place, _| !place.starts_with(&conditions));
        if votes > 0 {
            self.voided = Some(Voided { votes, because });
        }
    }

    /// Takes votes away and remembers which they were.
    fn take_votes(&mut self, at: Timestamp, because: &[String], of: impl Fn(&Stage) -> bool) {
        let votes = std::mem::take(&mut self.votes);
        let (void, kept) = votes.into_iter().partition(|((stage, _), _)| of(stage));
        self.votes = kept;
        let void: BTreeMap<(Stage, String), Cast> = void;
        for (place, cast) in void {
            let because = because.to_vec();
            self.void_votes
                .insert(place, VoidVote { cast, at, because });
        }
    }

    fn answer(&mut self, signed: &Signed) {
        if let Happened::ItemAnswered {
            item,
            result,
            source,
            comment,
            evidence,
        } = &signed.happened
        {
            let answer = Answer {
                result: *result,
                source: *source,
                by: signed.by.name.clone(),
                at: signed.at,
                comment: comment.clone(),
                evidence: evidence.clone(),
            };
            self.answers.insert(item.clone(), answer);
        }
    }

    fn ask_waiver(&mut self, signed: &Signed) {
        if let Happened::WaiverAsked {
            item,
            reason,
            risk,
            expires,
        } = &signed.happened
        {
            let waiver = Waiver {
                owner: signed.by.clone(),
                reason: reason.clone(),
                risk: risk.clone(),
                expires: *expires,
                approver: None,
            };
            self.waivers.insert(item.clone(), waiver);
        }
    }

    fn vote(&mut self, signed: &Signed) {
        let Happened::Voted {
            stage,
            role,
            vote,
            plan,
            comment,
        } = &signed.happened
        else {
            return;
        };
        // A vote on another plan than the one before people counts for nothing.
        if self
            .presented
            .as_ref()
            .is_none_or(|presented| presented.plan != *plan)
        {
            return;
        }
        self.answers.remove(&condition_place(role));
        let cast = Cast {
            vote: vote.clone(),
            by: signed.by.clone(),
            at: signed.at,
            comment: comment.clone(),
        };
        let place = (stage.clone(), role.clone());
        self.void_votes.remove(&place);
        self.votes.insert(place, cast);
    }

    fn start(&mut self, run: &RunId, plan: Digest) {
        let rollback = format!("{ROLLBACK}/");
        self.answers
            .retain(|place, _| !place.starts_with(&rollback));
        self.run = Some(PreparedRun {
            run: run.clone(),
            plan,
            outcome: None,
        });
    }

    /// What was ticked and voted was for that run; only the list of the rollback is still open.
    fn end(&mut self, run: &RunId, outcome: &str) {
        let Some(ended) = self.run.as_mut().filter(|known| known.run == *run) else {
            return;
        };
        ended.outcome = Some(outcome.to_owned());
        let rollback = format!("{ROLLBACK}/");
        self.answers.retain(|place, _| place.starts_with(&rollback));
        self.votes.clear();
        self.opened.clear();
        self.overrides.clear();
        self.freeze_overrides.clear();
        self.waivers.clear();
        self.voided = None;
        self.void_votes.clear();
        self.changes.clear();
    }
}

/// Gives the place of the condition that a position set.
pub(crate) fn condition_place(role: &str) -> String {
    format!("{CONDITIONS}/{role}")
}
