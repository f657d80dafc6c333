//! What a release file asks for before and around its run.

use std::collections::BTreeSet;

use gantry_model::{
    id::{EnvironmentName, NodeId, ReleaseId, ServiceName, StepId},
    plan::{Assessment, Plan, Undo},
    release::{
        Release,
        check::Check,
        people::{
            AFTERWARDS, Checklist, GoNoGo, Item, OnSilence, PollStage, Position, StandardList,
        },
    },
    unit::Span,
};
use serde::{Deserialize, Serialize};

use crate::stage::Stage;

/// The list whose items are asked after a rollback and never block anything.
pub const ROLLBACK: &str = "rollback";
/// The list that the criteria of the poll are kept in.
pub const CRITERIA: &str = "criteria";
/// The list that conditions of votes are kept in.
pub const CONDITIONS: &str = "conditions";

/// Everything that is asked of people for one plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agenda {
    /// The release.
    pub release: ReleaseId,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where it goes.
    pub environment: EnvironmentName,
    /// What it changes; freezes may be for some services alone.
    pub services: BTreeSet<ServiceName>,
    /// The ticket or change request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The checklists, criteria of the poll included.
    pub lists: Vec<List>,
    /// The poll, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// Who may go ahead without lists and polls, with a reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_override: Vec<String>,
    /// Whether who presented the plan may vote on it and approve waivers.
    pub author: AuthorRule,
    /// The steps that cannot be undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crossings: Vec<StepId>,
    /// The four questions, answered from facts, node by node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<(NodeId, Assessment)>,
}

/// One checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// Its name.
    pub name: String,
    /// Its items, in order.
    pub items: Vec<Item>,
}

/// The poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// The positions, in the order in which they are asked.
    pub positions: Vec<Position>,
    /// Before what it is taken.
    pub at: Vec<PollStage>,
    /// How many different people must say go; everybody who does not only advise where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<u32>,
    /// How long it may stay open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Span>,
    /// What its deadline means while a vote is missing.
    #[serde(default)]
    pub on_deadline: OnSilence,
}

/// What who presented a plan may do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorRule {
    /// May vote like anybody.
    MayVote,
    /// May neither vote nor approve.
    MayNot,
}

impl Agenda {
    /// Gathers what a release file asks for.
    pub fn of(release: &Release, plan: &Plan) -> Self {
        let asked = &release.go_no_go;
        let inherited = release.policy.approvals.not_the_author;
        let crossings = plan.steps.iter().filter(|step| step.undo == Undo::Never);
        let nodes = plan.nodes.iter();
        Self {
            release: release.release.clone(),
            title: release.title.clone(),
            environment: release.environment.clone(),
            services: plan.nodes.iter().map(|node| node.service.clone()).collect(),
            link: asked.link.clone(),
            lists: lists(release),
            poll: Poll::of(asked),
            may_override: asked.may_override.clone(),
            author: if asked.not_the_author.unwrap_or(inherited) {
                AuthorRule::MayNot
            } else {
                AuthorRule::MayVote
            },
            crossings: crossings.map(|step| step.id.clone()).collect(),
            assessments: nodes
                .map(|node| (node.id.clone(), node.assessment.clone()))
                .collect(),
        }
    }

    /// Whether people are asked for anything at all.
    pub fn asks(&self) -> bool {
        self.poll.is_some() || self.lists.iter().any(|list| list.name != ROLLBACK)
    }

    /// Finds an item by `list/item`, or by its id alone where only one list has it.
    pub fn item(&self, name: &str) -> Option<(String, &Item)> {
        let mut found = self
            .items()
            .filter(|(place, item)| place == name || item.id == name);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Walks all items with their places, `list/item`.
    pub fn items(&self) -> impl Iterator<Item = (String, &Item)> {
        self.lists.iter().flat_map(|list| {
            let name = &list.name;
            list.items
                .iter()
                .map(move |item| (format!("{name}/{}", item.id), item))
        })
    }

    /// Whether the poll is taken at this stage.
    pub fn polls_at(&self, stage: &Stage) -> Option<&Poll> {
        let kind = match stage {
            Stage::Readiness => PollStage::Readiness,
            Stage::Start => PollStage::Start,
            Stage::Crossing(_) => PollStage::PointOfNoReturn,
            Stage::Success => PollStage::Success,
        };
        self.poll.as_ref().filter(|poll| poll.at.contains(&kind))
    }

    /// Tells before what a list's required items must be answered.
    pub fn stage_of_list(name: &str) -> Option<Stage> {
        match name {
            ROLLBACK => None,
            AFTERWARDS => Some(Stage::Success),
            _ => Some(Stage::Start),
        }
    }

    /// Gives the checks that run by themselves, which a person must have confirmed.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        let items = self.lists.iter().flat_map(|list| &list.items);
        items.filter_map(|item| item.check.as_ref())
    }
}

impl Poll {
    fn of(asked: &GoNoGo) -> Option<Self> {
        let at = match asked.at.as_slice() {
            [] => vec![PollStage::Start],
            named => named.to_vec(),
        };
        (!asked.poll.is_empty()).then(|| Self {
            positions: asked.poll.clone(),
            at,
            quorum: asked.quorum,
            deadline: asked.deadline,
            on_deadline: asked.on_deadline,
        })
    }

    /// Finds a position, whatever the case of its role.
    pub fn position(&self, role: &str) -> Option<&Position> {
        let mut positions = self.positions.iter();
        positions.find(|position| position.role.eq_ignore_ascii_case(role))
    }
}

fn lists(release: &Release) -> Vec<List> {
    let declared = release.checklists.0.iter().map(|(name, list)| List {
        name: name.clone(),
        items: match list {
            Checklist::Items(items) => {
                let asked = items.iter().filter(|item| is_asked(release, item));
                asked.cloned().collect()
            }
            Checklist::Named(StandardList::Standard) => standard(),
        },
    });
    let criteria = release.go_no_go.criteria.iter().map(|criterion| Item {
        required: true,
        check: criterion.check.clone(),
        ..manual(&criterion.id, &criterion.item)
    });
    let criteria = List {
        name: CRITERIA.into(),
        items: criteria.collect(),
    };
    declared
        .chain([criteria])
        .filter(|list| !list.items.is_empty())
        .collect()
}

/// Whether an item of a list that several releases have in common is for this one.
fn is_asked(release: &Release, item: &Item) -> bool {
    let kinds: Vec<_> = release.nodes.values().map(|node| node.kind).collect();
    item.only
        .as_ref()
        .is_none_or(|only| only.concerns(&release.environment, &kinds))
}

/// The five steps of a rollback.
fn standard() -> Vec<Item> {
    [
        (
            "identify",
            "Identify the issue and confirm that a rollback is needed",
        ),
        ("notify", "Notify the stakeholders"),
        ("execute", "Execute the rollback"),
        ("verify", "Verify that the system is healthy"),
        ("document", "Document the incident"),
    ]
    .map(|(id, item)| manual(id, item))
    .into()
}

/// Builds an item that a person answers.
pub(crate) fn manual(id: &str, item: &str) -> Item {
    Item {
        id: id.into(),
        item: item.into(),
        owner: None,
        required: false,
        check: None,
        fresh: None,
        assignee: None,
        link: None,
        only: None,
    }
}
