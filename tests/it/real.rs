//! Releases of real containers behind a real HAProxy, run by the program as people call it.
//!
//! Every test has services of its own, so that all may share the daemon of the sandbox.

mod blue_green;
mod canary;
mod going_back;
mod killed;
mod one_service;
mod story;

use one_service::OneService;
