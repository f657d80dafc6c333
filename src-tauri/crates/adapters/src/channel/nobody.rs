//! The channel of a simulated world, in which nobody is.

use async_trait::async_trait;
use gantry_model::unit::Span;
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats},
    fault::Fault,
};

/// Takes everything and tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

#[async_trait]
impl Channel for Nobody {
    fn repeats(&self) -> Repeats {
        Repeats::Told
    }

    async fn send(&self, _message: &Message, _timeout: Span) -> Result<Receipt, Fault> {
        Ok(Receipt {
            thread: None,
            reference: Some("simulated: nobody was told".to_owned()),
        })
    }

    async fn greet(&self, _timeout: Span) -> Result<String, Fault> {
        Ok("simulated: nobody is there".to_owned())
    }
}
