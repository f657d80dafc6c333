//! The adapters against real processes and servers.
#![cfg(test)]

mod canary;
mod conformance;
mod containers;
mod docker;
mod docker_faults;
mod docker_identity;
mod fake_daemon;
mod haproxy;
mod haproxy_faults;
mod platform;
mod probe;
mod secret;
mod task_crash;
mod task_exec;
mod task_harness;
mod task_http;
