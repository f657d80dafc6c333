//! Lists against their items.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Spot, Walk, offer::Offer};
use crate::{schema::Rule, yaml::Value};

impl Walk {
    pub(super) fn list(
        &mut self,
        spot: Spot<'_>,
        items: &[Arc<Value>],
        offer: &Offer<'_>,
    ) -> Option<Json> {
        let Some(rule) = offer.list else {
            return self.mismatch(spot, "a list", offer);
        };
        let least = rule.schema.get("minItems").and_then(Json::as_u64);
        if items.is_empty() && least.is_some_and(|least| least > 0) {
            let message = format!("{} is empty", spot.called());
            return self.fault(
                "empty-list",
                message,
                "expected at least one",
                spot.extent(),
            );
        }
        let item_rule = rule.schema.get("items").map(Rule::of);
        let checked: Vec<Option<Json>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.item(spot, index, item, item_rule))
            .collect();
        checked
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .map(Json::Array)
    }

    fn item(
        &mut self,
        list: Spot<'_>,
        index: usize,
        item: &Value,
        rule: Option<Rule<'_>>,
    ) -> Option<Json> {
        let rule = rule?;
        let name = format!("{} of {}", ordinal(index), list.called());
        let spot = Spot {
            value: item,
            name: &name,
            key: None,
        };
        self.inside(&index.to_string(), |walk| walk.value(spot, rule))
    }
}

/// Names a place of a list as people do.
fn ordinal(index: usize) -> String {
    match index {
        0 => "the first".to_owned(),
        1 => "the second".to_owned(),
        2 => "the third".to_owned(),
        _ => format!("number {}", index + 1),
    }
}
