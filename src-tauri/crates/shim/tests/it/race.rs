//! Several shims on one key.

use std::{fs, io::Write};

use gantry_shim::serve;

use crate::harness::{Place, Shim};

#[test]
fn of_shims_that_race_for_a_key_one_starts_the_program() {
    for round in 0..100 {
        let place = Place::new();
        let bytes = place.script("echo started >> ledger").to_bytes();
        let shims = [Shim::waiting(), Shim::waiting(), Shim::waiting()];
        for shim in &shims {
            (&shim.driver).write_all(&bytes).unwrap();
        }
        let mut codes: Vec<_> = shims.into_iter().map(|shim| shim.finish().0).collect();
        codes.sort_unstable();
        let late = Some(i32::from(serve::ALREADY_CLAIMED));
        assert_eq!(codes, [Some(0), late, late], "round {round}");
        assert_eq!(place.record().status, Some(0));
        let ledger = fs::read_to_string(place.path("ledger")).unwrap();
        assert_eq!(ledger, "started\n", "round {round}");
    }
}
