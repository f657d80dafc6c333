//! Performs, undoes and observes one step over the capability ports.
