//! Integer weights that come as near as they can to the shares that were asked for.
//!
//! HAProxy takes 0 to 256 per server, so a share is never exact. All servers of an arm get the
//! same weight where that is near enough; where it is not (1 % over eight servers beside one old
//! one), the arm's servers may differ, because the share is what people asked for.
//!
//! Large weights are better than small ones of the same proportion. `balance random` draws a place
//! on a ring on which a server has sixteen points for each unit of weight, and a few points divide
//! a ring unevenly: with weights 2, 1 and 1 the halves were measured as 56 and 44 %.

use gantry_model::unit::Weight;

/// The largest weight that HAProxy takes.
const LARGEST: u32 = 256;

/// Up to this many basis points off, equal weights inside an arm are preferred.
const NEAR_ENOUGH: f64 = 10.0;

/// One arm as far as its weights go: its share and how many servers it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) share: Weight,
    pub(super) servers: u32,
}

/// Gives each server of each arm its weight, in the order of the arms.
pub(super) fn split(slices: &[Slice]) -> Vec<Vec<u32>> {
    let equal = best(slices, equal_totals);
    let totals = match equal {
        (totals, error) if error <= NEAR_ENOUGH => totals,
        (totals, error) => match best(slices, free_totals) {
            (better, smaller) if smaller < error => better,
            _ => totals,
        },
    };
    slices.iter().zip(totals).map(spread).collect()
}

/// Tries every scale and takes the largest that is near enough, else the nearest.
fn best(slices: &[Slice], totals_at: fn(&[Slice], f64) -> Vec<u32>) -> (Vec<u32>, f64) {
    let heaviest = slices.iter().map(per_server).fold(0.0, f64::max);
    let mut found = (vec![0; slices.len()], f64::INFINITY);
    if heaviest == 0.0 {
        return (found.0, 0.0);
    }
    for top in 1..=LARGEST {
        let totals = totals_at(slices, f64::from(top) / heaviest);
        let error = error(slices, &totals);
        if error <= found.1.max(NEAR_ENOUGH) {
            found = (totals, error);
        }
    }
    found
}

fn per_server(slice: &Slice) -> f64 {
    f64::from(slice.share.basis_points()) / f64::from(slice.servers.max(1))
}

fn equal_totals(slices: &[Slice], scale: f64) -> Vec<u32> {
    slices
        .iter()
        .map(|slice| at_least_one(slice, per_server(slice) * scale) * slice.servers)
        .collect()
}

fn free_totals(slices: &[Slice], scale: f64) -> Vec<u32> {
    slices
        .iter()
        .map(|slice| at_least_one(slice, f64::from(slice.share.basis_points()) * scale))
        .collect()
}

/// Rounds; an arm that shall have traffic gets some.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "weights are between 0 and 256 per server"
)]
fn at_least_one(slice: &Slice, weight: f64) -> u32 {
    match slice.share {
        Weight::ZERO => 0,
        _ => (weight.round() as u32).max(1),
    }
}

/// Gives the largest error of an arm's share, in basis points.
fn error(slices: &[Slice], totals: &[u32]) -> f64 {
    let sum = f64::from(totals.iter().sum::<u32>());
    slices
        .iter()
        .zip(totals)
        .map(|(slice, total)| {
            let given = f64::from(*total) / sum * 10_000.0;
            (given - f64::from(slice.share.basis_points())).abs()
        })
        .fold(0.0, f64::max)
}

fn spread((slice, total): (&Slice, u32)) -> Vec<u32> {
    let servers = slice.servers.max(1);
    let (each, rest) = (total / servers, total % servers);
    (0..slice.servers)
        .map(|at| (each + u32::from(at < rest)).min(LARGEST))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(basis_points: u16, servers: u32) -> Slice {
        Slice {
            share: Weight::from_basis_points(basis_points).unwrap(),
            servers,
        }
    }

    fn error_of(slices: &[Slice]) -> f64 {
        let weights = split(slices);
        assert!(weights.iter().flatten().all(|weight| *weight <= LARGEST));
        let totals: Vec<u32> = weights.iter().map(|arm| arm.iter().sum()).collect();
        error(slices, &totals)
    }

    #[test]
    fn usual_steps_are_within_two_fifths_of_a_point_for_one_to_eight_servers_an_arm() {
        for share in [500, 1000, 2500, 5000, 10_000] {
            for (new, old) in (1..=8).flat_map(|new| (1..=8).map(move |old| (new, old))) {
                let off = error_of(&[slice(share, new), slice(10_000 - share, old)]);
                assert!(off <= 40.0, "{share} over {new} and {old}: {off} off");
            }
        }
    }

    #[test]
    fn one_per_cent_over_many_servers_is_not_rounded_up_to_three() {
        assert!(error_of(&[slice(100, 8), slice(9900, 1)]) <= 40.0);
        assert!(error_of(&[slice(100, 1), slice(9900, 8)]) <= 40.0);
    }

    #[test]
    fn weights_are_large_so_that_the_ring_is_even() {
        let halves = split(&[slice(5000, 2), slice(5000, 1)]);
        assert_eq!(halves, [vec![128, 128], vec![256]]);
        let all = split(&[slice(10_000, 2), slice(0, 1)]);
        assert_eq!(all, [vec![256, 256], vec![0]]);
    }

    #[test]
    fn an_arm_without_share_weighs_nothing() {
        assert_eq!(split(&[slice(0, 2)]), [[0, 0]]);
        assert!(split(&[]).is_empty());
    }

    #[test]
    fn three_arms_share_too() {
        assert!(error_of(&[slice(3333, 3), slice(3333, 2), slice(3334, 1)]) <= 40.0);
    }
}
