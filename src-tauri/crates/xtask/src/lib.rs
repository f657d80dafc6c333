//! The repository's few chores, and what the tests of real platforms share with the demo.
//!
//! Start at [`sandbox`]: a network, process and mount namespace with a Docker daemon of its own, in
//! which everything that talks to a real platform runs. [`fixture`] makes container images of the
//! static fixture service, [`docker`] speaks to the daemon, [`haproxy`] starts a router, and
//! [`real_platform`] lets a test skip loudly where there is no platform, [`shop`] sets the stage for
//! the sample release. The rest are the commands of `cargo xtask`: [`setup`], [`test_run`],
//! [`tidy`], [`licences`], [`window`], [`package`], [`bench`], [`bindings`] and [`demo`].

pub mod bench;
pub mod bindings;
pub mod cargo;
pub mod demo;
pub mod docker;
pub mod fixture;
pub mod haproxy;
mod http;
pub mod licences;
pub mod package;
pub mod page;
pub mod prometheus;
pub mod real_platform;
pub mod sandbox;
pub mod say;
pub mod setup;
pub mod shop;
pub mod test_run;
pub mod tidy;
pub mod window;
