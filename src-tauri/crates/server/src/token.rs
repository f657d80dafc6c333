//! Secrets that open the door: long, random, compared in constant time.

use ring::rand::{SecureRandom, SystemRandom};

/// How many random bytes a token has.
const LENGTH: usize = 32;

/// A secret in hexadecimal; it is printed once, by who made it.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// Draws a token; none where the system gives no randomness.
    pub(crate) fn draw() -> Option<Self> {
        let mut bytes = [0; LENGTH];
        SystemRandom::new().fill(&mut bytes).ok()?;
        Some(Self(hex::encode(bytes)))
    }

    /// Gives the secret, for the one address and the one cookie that carry it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Says whether this is the secret; how long it takes tells nothing about it.
    pub(crate) fn is(&self, said: &str) -> bool {
        let (mine, said) = (self.0.as_bytes(), said.as_bytes());
        let different = mine.iter().zip(said).fold(0, |all, (a, b)| all | (a ^ b));
        mine.len() == said.len() && different == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let (token, other) = (Token::draw().unwrap(), Token::draw().unwrap());
        assert!(token.is(token.reveal()));
        assert!(!token.is(other.reveal()));
        assert!(!token.is(""));
        assert!(!token.is(&token.reveal()[1..]));
        assert_eq!(token.reveal().len(), 2 * LENGTH);
    }
}
