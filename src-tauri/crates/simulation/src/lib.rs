//! A simulated world behind the capability ports, with faults and virtual time: for rehearsals and tests.
