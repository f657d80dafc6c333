//! One value of a database beside what it must be.

use gantry_model::release::check::question::{SqlQuestion, Value};
use gantry_port::{fault::Fault, probe::ProbeAnswer};

use crate::wording::shown;

/// Compares the value that a query answered.
///
/// # Errors
/// Where there is nothing to compare: no value is neither a yes nor a no.
pub(super) fn compare(question: &SqlQuestion, seen: Option<&str>) -> Result<ProbeAnswer, Fault> {
    let whom = &question.connection;
    let Some(seen) = seen else {
        return Err(Fault::refused(format!(
            "{whom} answered NULL, which is no value"
        )));
    };
    let value = shown(seen);
    let missed = match wrong(question, seen) {
        Ok(missed) => missed,
        Err(reason) => return Err(Fault::refused(format!("{whom} answered {value}, {reason}"))),
    };
    Ok(ProbeAnswer {
        healthy: missed.is_none(),
        detail: match missed {
            None => format!("{whom} answered {value}"),
            Some(missed) => format!("{whom} answered {value}, {missed}"),
        },
    })
}

/// Says what the value should have been, if it is something else.
fn wrong(question: &SqlQuestion, seen: &str) -> Result<Option<String>, String> {
    if let Some(wanted) = &question.equals
        && !equal(wanted, seen)
    {
        return Ok(Some(format!("not {wanted}")));
    }
    if let Some(limit) = &question.below
        && number(seen)? >= bound(limit)?
    {
        return Ok(Some(format!("not below {limit}")));
    }
    if let Some(limit) = &question.above
        && number(seen)? <= bound(limit)?
    {
        return Ok(Some(format!("not above {limit}")));
    }
    Ok(None)
}

fn equal(wanted: &Value, seen: &str) -> bool {
    let seen_truth = match seen {
        "t" | "true" | "1" => Some(true),
        "f" | "false" | "0" => Some(false),
        _ => None,
    };
    match wanted {
        Value::Truth(truth) => seen_truth == Some(*truth),
        // As a number a large one would equal its neighbours.
        Value::Whole(number) => match seen.parse::<i64>() {
            Ok(seen) => seen == *number,
            Err(_) => seen.parse::<f64>() == Ok(*number as f64),
        },
        Value::Text(text) => text == seen,
    }
}

fn number(seen: &str) -> Result<f64, String> {
    let number = seen.trim().parse::<f64>();
    number.map_err(|_| "which is no number".to_owned())
}

fn bound(limit: &Value) -> Result<f64, String> {
    limit
        .number()
        .ok_or_else(|| format!("and {limit} is no number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(equals: Option<Value>, below: Option<Value>, above: Option<Value>) -> SqlQuestion {
        SqlQuestion {
            connection: "orders".parse().unwrap(),
            query: "select 1".into(),
            equals,
            below,
            above,
        }
    }

    #[test]
    fn a_value_is_compared_as_what_it_is() {
        let zero = asked(Some(Value::Whole(0)), None, None);
        assert!(compare(&zero, Some("0")).unwrap().healthy);
        assert!(compare(&zero, Some("0.0")).unwrap().healthy);
        assert_eq!(
            compare(&zero, Some("3")).unwrap().detail,
            "orders answered 3, not 0"
        );
        let word = asked(Some(Value::Text("done".into())), None, None);
        assert!(compare(&word, Some("done")).unwrap().healthy);
        let truth = asked(Some(Value::Truth(true)), None, None);
        assert!(compare(&truth, Some("t")).unwrap().healthy);
        assert!(!compare(&truth, Some("f")).unwrap().healthy);
        let between = asked(
            None,
            Some(Value::Whole(10)),
            Some(Value::Text("1.5".into())),
        );
        assert!(compare(&between, Some("9.9")).unwrap().healthy);
        assert!(!compare(&between, Some("10")).unwrap().healthy);
        assert!(!compare(&between, Some("1.5")).unwrap().healthy);
    }

    #[test]
    fn nothing_to_compare_is_neither_a_yes_nor_a_no() {
        let zero = asked(Some(Value::Whole(0)), None, None);
        assert!(compare(&zero, None).is_err());
        let below = asked(None, Some(Value::Whole(10)), None);
        assert!(compare(&below, Some("many")).is_err());
        let large = asked(Some(Value::Whole(9_007_199_254_740_993)), None, None);
        assert!(!compare(&large, Some("9007199254740992")).unwrap().healthy);
    }
}
