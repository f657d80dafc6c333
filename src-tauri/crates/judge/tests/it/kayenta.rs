//! The compatibility mode against numeric facts from Kayenta's unit tests.
//!
//! The cases are from spinnaker/kayenta (Apache-2.0, Copyright 2017-2018 Netflix, Inc.); only
//! numeric inputs and expected outputs were taken.

use std::collections::BTreeMap;

use gantry_judge::{
    config::Direction,
    kayenta::{
        Absent, Class, Classifier, Grouped, Measure, Repairs, Sides, by_mean, classify,
        normal_quantile, score, shift, standardised, statistics,
    },
};
use serde_json::Value;

const DATA: &str = include_str!("data/kayenta_cases.json");

fn cases() -> Value {
    serde_json::from_str(DATA).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    value.as_array().unwrap().iter().map(number).collect()
}

fn bounds(value: &Value) -> (f64, f64) {
    let both = numbers(value);
    (both[0], both[1])
}

fn classifier(case: &Value) -> Classifier {
    Classifier {
        confidence: case["confLevel"].as_f64().unwrap(),
        tolerance: case["tolerance"].as_f64().unwrap(),
        direction: match case["direction"].as_str().unwrap() {
            "increase" => Direction::Increase,
            "decrease" => Direction::Decrease,
            _ => Direction::Either,
        },
        measure: match case["effectSizeMeasure"].as_str().unwrap() {
            "cles" => Measure::CommonLanguage,
            _ => Measure::MeanRatio,
        },
        effect: bounds(&case["effectSizeThresholds"]),
        critical: (case["isCriticalMetric"] == true).then(|| bounds(&case["criticalThresholds"])),
        absent: match case["nanStrategy"].as_str().unwrap() {
            "replace" => Absent::Passes,
            _ => Absent::NoData,
        },
        repairs: Repairs::None,
    }
}

fn class(name: &str) -> Class {
    match name {
        "Pass" => Class::Pass,
        "High" => Class::High,
        "Low" => Class::Low,
        _ => Class::NoData,
    }
}

#[test]
fn every_metric_is_classified_as_kayenta_does() {
    for case in list(&cases(), "classifier_cases") {
        let name = case["name"].as_str().unwrap();
        let (canary, baseline) = (numbers(&case["experiment"]), numbers(&case["control"]));
        let expected = &case["expected"];
        if case["classifier"] == "MeanInequality" {
            let expected = class(expected["classification"].as_str().unwrap());
            assert_eq!(by_mean(&canary, &baseline), expected, "{name}");
            continue;
        }
        let found = classify(&canary, &baseline, &classifier(case));
        if let Some(expected) = expected["classification"].as_str() {
            assert_eq!(found.class, class(expected), "{name}");
        }
        if let Some(critical) = expected["critical"].as_bool() {
            assert_eq!(found.critical, critical, "{name}");
        }
        if let Some(deviation) = expected["deviation"].as_f64() {
            assert!((found.deviation - deviation).abs() < 1e-9, "{name}");
        }
        if expected["deviation"] == "NaN" {
            assert!(found.deviation.is_nan(), "{name}");
        }
        assert!(!found.reason.is_empty(), "{name}");
    }
}

fn sides(inputs: &Value, canary: &str, baseline: &str) -> Sides {
    Sides {
        canary: numbers(&inputs[canary]),
        baseline: numbers(&inputs[baseline]),
    }
}

fn near(found: f64, expected: f64, name: &str) {
    assert!(
        (found - expected).abs() <= 1e-6,
        "{name}: {found} instead of {expected}"
    );
}

#[test]
fn the_rank_test_gives_the_same_numbers() {
    for case in list(&cases(), "mannwhitney_cases") {
        let name = case["name"].as_str().unwrap();
        let (inputs, expected) = (&case["inputs"], list(case, "assertions"));
        let values: Vec<f64> = expected.iter().map(|e| e[0].as_f64().unwrap()).collect();
        match (name, values.as_slice()) {
            ("Wilcoxon Diff Function", [at_zero, at_five]) => {
                let sides = sides(inputs, "x", "y");
                near(standardised(&sides, 0.0, 0.0).unwrap(), *at_zero, name);
                near(standardised(&sides, 5.0, 0.0).unwrap(), *at_five, name);
            }
            ("Test zQuant", [quantile]) => near(normal_quantile(0.01), *quantile, name),
            (_, [low, high, middle]) => {
                let (canary, baseline) = match inputs.get("experimentData") {
                    Some(_) => ("experimentData", "controlData"),
                    None => ("experiment", "control"),
                };
                let sides = sides(inputs, canary, baseline);
                let found = shift(&sides, case["confLevel"].as_f64().unwrap(), false).unwrap();
                near(found.low, *low, name);
                near(found.high, *high, name);
                near(found.shift, *middle, name);
            }
            _ => tie_out(name, case),
        }
    }
}

/// Compares with R, whose roots may lie elsewhere on a step within its own tolerance.
fn tie_out(name: &str, case: &Value) {
    let (inputs, expected) = (&case["inputs"], &case["named_expected"]);
    let (canary, baseline, keys) = match expected.get("rCil") {
        Some(_) => ("x", "y", ["rCil", "rCiu", "rEst"]),
        None => ("experiment", "control", ["rCiLow", "rCiHigh", "rEst"]),
    };
    let sides = sides(inputs, canary, baseline);
    let found = shift(&sides, case["confLevel"].as_f64().unwrap(), false).unwrap();
    for (found, key) in [found.low, found.high, found.shift].iter().zip(keys) {
        let expected = expected[key].as_f64().unwrap();
        assert!(
            (found - expected).abs() <= 1e-4,
            "{name} {key}: {found} instead of {expected}"
        );
    }
}

#[test]
fn the_statistics_give_the_same_numbers() {
    let all = cases();
    let facts = &all["statistics"];
    for case in list(facts, "percentile_R7") {
        let found = statistics::percentile(&numbers(&case["data"]), case["p"].as_f64().unwrap());
        near(found, case["v"].as_f64().unwrap(), "percentile");
    }
    for case in list(facts, "meanRatio") {
        let found = statistics::mean_ratio(&numbers(&case["exp"]), &numbers(&case["ctl"]));
        match case["v"].as_f64() {
            Some(expected) => near(found, expected, "mean ratio"),
            None => assert!(found.is_nan()),
        }
    }
    for case in list(facts, "cohenD") {
        let found = statistics::cohen_d(&numbers(&case["a"]), &numbers(&case["b"]));
        assert!((found - case["v"].as_f64().unwrap()).abs() <= 1e-5);
    }
    for case in list(facts, "std_sample") {
        let found = statistics::deviation(&numbers(&case["data"]));
        assert!((found - case["v"].as_f64().unwrap()).abs() <= 1e-4);
    }
    for case in list(facts, "cles") {
        let found = statistics::common_language(&numbers(&case["exp"]), &numbers(&case["ctl"]));
        let tolerance = case["tol"].as_f64().unwrap();
        assert!(
            (found - case["v"].as_f64().unwrap()).abs() <= tolerance,
            "{}",
            case["name"]
        );
    }
}

#[test]
fn outliers_are_found_by_the_quartiles() {
    for case in list(&cases(), "iqr_outliers") {
        let found = statistics::outliers(&numbers(&case["data"]), case["factor"].as_f64().unwrap());
        let places: Vec<f64> = found
            .iter()
            .zip(0_u32..)
            .filter(|(outlier, _)| **outlier)
            .map(|(_, place)| f64::from(place))
            .collect();
        assert_eq!(places, numbers(&case["outlier_index"]));
    }
}

#[test]
fn the_score_weighs_groups_the_same() {
    for case in list(&cases(), "scorer_cases") {
        let metric = |metric: &Value| Grouped {
            group: metric[1].as_str().unwrap().to_owned(),
            class: class(metric[0].as_str().unwrap()),
            critical: metric[2] == 1,
        };
        let metrics: Vec<Grouped> = list(case, "metrics").iter().map(metric).collect();
        let weights: BTreeMap<String, f64> = case["weights"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(group, weight)| (group.clone(), weight.as_f64().unwrap()))
            .collect();
        let expected = case["score"].as_f64().unwrap();
        assert!(
            (score(&metrics, &weights) - expected).abs() < 0.01,
            "{case}"
        );
    }
}

#[test]
fn few_points_are_no_data_where_that_is_mended() {
    let mended = Classifier {
        repairs: Repairs::FewPointsAndSmallUnits,
        ..Classifier::PRODUCTION
    };
    let (canary, baseline) = ([9.0, 9.5, 9.1, 9.2], [1.0, 1.5, 1.1, 1.2]);
    assert_eq!(classify(&canary, &baseline, &mended).class, Class::NoData);
    let small = |values: [f64; 6]| values.map(|value| value * 1e-6);
    let canary = small([9.0, 9.5, 9.1, 9.2, 9.3, 9.4]);
    let baseline = small([1.0, 1.5, 1.1, 1.2, 1.3, 1.4]);
    assert_eq!(classify(&canary, &baseline, &mended).class, Class::High);
}
