//! The adapters against real processes and servers.
#![cfg(test)]

mod alertmanager;
mod canary;
mod channel_faults;
mod channels;
mod cloudwatch;
mod conformance;
mod containers;
mod datadog;
mod docker;
mod docker_faults;
mod docker_identity;
mod fake_daemon;
mod haproxy;
mod haproxy_faults;
mod inquiry;
mod inquiry_postgres;
mod json_http;
mod mail;
mod mail_server;
mod mail_tls;
mod metric_faults;
mod metric_server;
mod metric_sources;
mod monitoring;
mod monitoring_live;
mod platform;
mod probe;
mod prometheus;
mod secret;
mod task_crash;
mod task_exec;
mod task_harness;
mod task_http;
