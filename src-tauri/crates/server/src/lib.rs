//! Door: commands, feed and the page for a browser on this machine.
//!
//! [`door::Door`] listens on 127.0.0.1 alone and hands out one address with a token in it. The
//! first browser that opens the address gets a cookie; everything else is refused: another host
//! name (a rebound name server), another origin (a page of somebody else), a second use of the
//! token. The only thing behind the door is [`gantry_api::command::call`] and the feed, beside the
//! files of the page.

mod call;
pub mod door;
mod feed;
mod guard;
pub mod page;
mod refusal;
mod token;
