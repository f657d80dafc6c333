//! A Compose document without places: what is left to merge once variables are put in.

/// A value of a Compose document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    /// Nothing was written.
    Null,
    /// Any scalar; Compose takes `80` and `"80"` alike in nearly all places.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// A map in the order of the file.
    Map(Vec<(String, Self)>),
    /// `!override`: replaces what earlier files say.
    Override(Box<Self>),
    /// `!reset`: takes away what earlier files say.
    Reset,
}

impl Tree {
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v)
    }

    pub(super) fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Map(entries) => entries,
            Self::Override(inner) => inner.entries(),
            Self::Null | Self::Text(_) | Self::List(_) | Self::Reset => &[],
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Override(inner) => inner.items(),
            Self::Null | Self::Text(_) | Self::Map(_) | Self::Reset => &[],
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Override(inner) => inner.text(),
            Self::Null | Self::List(_) | Self::Map(_) | Self::Reset => None,
        }
    }

    /// Gives a text, or the text of a key of a map.
    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::text)
    }

    /// Gives the texts of a list, or one text alone.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self.text() {
            Some(text) => vec![text],
            None => self.items().iter().filter_map(Self::text).collect(),
        }
    }
}
