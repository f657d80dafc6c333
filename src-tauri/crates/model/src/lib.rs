//! The words of the domain: ids, names, release, graph, strategy, plan, run, events. No I/O, no async, no clock.
