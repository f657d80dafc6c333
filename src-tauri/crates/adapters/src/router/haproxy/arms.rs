//! The arms as servers that shall be there, each with its weight.

use std::net::SocketAddr;

use gantry_model::{platform::Arm, unit::Weight};
use gantry_port::fault::Fault;

use super::weights::{Slice, split};

/// A server that shall be there, in which arm, and with which weight.
pub(super) struct Wanted {
    pub(super) address: SocketAddr,
    pub(super) arm: usize,
    pub(super) weight: u32,
}

/// Reads the arms: every address once, the shares together all or nothing.
pub(super) fn wanted(arms: &[Arm]) -> Result<Vec<Wanted>, Fault> {
    let sum: u32 = arms
        .iter()
        .map(|arm| u32::from(arm.share.basis_points()))
        .sum();
    if sum != 0 && sum != u32::from(Weight::FULL.basis_points()) {
        let percent = f64::from(sum) / 100.0;
        return Err(Fault::refused(format!(
            "the shares add up to {percent} %, not to 100 %"
        )));
    }
    if let Some(arm) = arms
        .iter()
        .find(|arm| arm.addresses.is_empty() && arm.share > Weight::ZERO)
    {
        return Err(Fault::refused(format!(
            "version {} shall take {} and has no instance with an address",
            arm.version, arm.share
        )));
    }
    let weights = split(&arms.iter().map(slice).collect::<Vec<_>>());
    let mut wanted: Vec<Wanted> = Vec::new();
    for (at, (arm, weights)) in arms.iter().zip(weights).enumerate() {
        for (address, weight) in arm.addresses.iter().zip(weights) {
            let address = address.parse().map_err(|_| {
                Fault::refused(format!(
                    "`{address}` is no address with a port that HAProxy could use"
                ))
            })?;
            if wanted.iter().any(|one| one.address == address) {
                return Err(Fault::refused(format!(
                    "`{address}` is in the arms more than once"
                )));
            }
            wanted.push(Wanted {
                address,
                arm: at,
                weight,
            });
        }
    }
    Ok(wanted)
}

fn slice(arm: &Arm) -> Slice {
    Slice {
        share: arm.share,
        servers: u32::try_from(arm.addresses.len()).unwrap_or(u32::MAX),
    }
}
