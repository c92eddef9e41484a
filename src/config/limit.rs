//! How many of something a run may have before it is a failed run.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use super::number_or_text;

/// A number of inputs (`"10"`) or a share of them (`"5%"`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Limit {
    /// At most this many.
    Count(u64),
    /// At most this many of a hundred.
    Percent(u8),
}

impl Limit {
    /// Whether `bad` of `all` are too many: more than the limit, where a share never means fewer than one.
    pub fn is_exceeded(self, bad: u64, all: u64) -> bool {
        match self {
            Self::Count(limit) => bad > limit,
            Self::Percent(percent) => bad > 1 && u128::from(bad) * 100 > u128::from(percent) * u128::from(all),
        }
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = match text.strip_suffix('%') {
            Some(percent) => percent.parse().ok().filter(|p| *p <= 100).map(Self::Percent),
            None => text.parse().ok().map(Self::Count),
        };
        parsed.ok_or_else(|| format!("expected a number such as \"10\" or a share such as \"5%\", found \"{text}\""))
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number_or_text::deserialize(deserializer, "a number such as 10 or a share such as \"5%\"")
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_never_means_fewer_than_one() {
        let five = Limit::Percent(5);
        assert!(!five.is_exceeded(1, 3) && !five.is_exceeded(5, 100) && five.is_exceeded(6, 100) && five.is_exceeded(2, 3));
        assert!(Limit::Count(0).is_exceeded(1, 100) && !Limit::Count(0).is_exceeded(0, 100));
        assert!("101%".parse::<Limit>().is_err() && "x".parse::<Limit>().is_err() && "-1".parse::<Limit>().is_err());
    }
}
