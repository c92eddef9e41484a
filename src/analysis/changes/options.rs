//! What the user may choose about changes.csv.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// With what a run is compared, and which rows the table has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeOptions {
    /// Which earlier run is the baseline: `previous`, the one published before, or `Nd`, the newest that is at least N days old. Default
    /// `previous`: what has come since the report that one has read.
    pub baseline: BaselineChoice,
    /// What a run does when it would count otherwise than its baseline did, with another dictionary or taxonomy: `recount` or
    /// `stop`. Default `recount`.
    pub on_series_break: OnSeriesBreak,
    /// Fewest occurrences on both sides together for a test. Default 3: a thing seen twice may be a title and its repetition, and
    /// each one tested makes the q-values of all others larger.
    pub min_count: u64,
    /// Fewest documents on both sides together for a test. Default 2: what a single text says is no change of the corpus.
    pub min_documents: u64,
    /// Most rows of a comparison, kind and status, the highest |g2|; 0 = all. Default 200: what a person can leaf through. Documents
    /// all have a row.
    pub top: usize,
}

impl Default for ChangeOptions {
    fn default() -> Self {
        Self { baseline: BaselineChoice::Previous, on_series_break: OnSeriesBreak::Recount, min_count: 3, min_documents: 2, top: 200 }
    }
}

/// Which earlier run is the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum BaselineChoice {
    /// The run published before.
    Previous,
    /// The newest run that is at least so many days old.
    Days(u16),
}

/// Most days a baseline may be asked to be old: ten years.
const MOST_DAYS: u16 = 3650;

impl FromStr for BaselineChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "previous" {
            return Ok(Self::Previous);
        }
        // A sign is no digit, though a number may be read with one.
        let digits = text.strip_suffix('d').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let days = digits.and_then(|digits| digits.parse().ok()).filter(|days| (1..=MOST_DAYS).contains(days));
        days.map(Self::Days)
            .ok_or_else(|| format!("expected `previous` or a number of days from `1d` to `{MOST_DAYS}d`, such as `7d`, found `{text}`"))
    }
}

impl TryFrom<String> for BaselineChoice {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<BaselineChoice> for String {
    fn from(choice: BaselineChoice) -> Self {
        choice.to_string()
    }
}

impl fmt::Display for BaselineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Previous => f.write_str("previous"),
            Self::Days(days) => write!(f, "{days}d"),
        }
    }
}

/// What happens when a run counts otherwise than its baseline did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum OnSeriesBreak {
    /// The documents of the baseline are counted again with the settings of today.
    #[default]
    Recount,
    /// The run stops until a person has agreed.
    Stop,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints_and_refuses_the_rest() {
        for (text, choice) in
            [("previous", BaselineChoice::Previous), ("1d", BaselineChoice::Days(1)), ("3650d", BaselineChoice::Days(3650))]
        {
            assert_eq!((text.parse(), choice.to_string().as_str()), (Ok(choice), text));
        }
        for text in ["", "d", "0d", "3651d", "-1d", "+7d", "7", "7 d", "7D", "last", "99999999999d"] {
            let message = text.parse::<BaselineChoice>().unwrap_err();
            assert_eq!(message, format!("expected `previous` or a number of days from `1d` to `3650d`, such as `7d`, found `{text}`"));
        }
    }

    #[test]
    fn a_misspelt_key_or_value_is_refused() {
        let read = |text: &str| toml::from_str::<ChangeOptions>(text).map_err(|e| e.message().to_string());
        assert_eq!(read(""), Ok(ChangeOptions::default()));
        let weekly = ChangeOptions { baseline: BaselineChoice::Days(7), on_series_break: OnSeriesBreak::Stop, ..ChangeOptions::default() };
        assert_eq!(read("baseline = \"7d\"\non_series_break = \"stop\""), Ok(weekly));
        assert!(read("min_counts = 3").unwrap_err().contains("unknown field `min_counts`"));
        assert!(read("on_series_break = \"halt\"").unwrap_err().contains("unknown variant `halt`, expected `recount` or `stop`"));
        assert!(read("baseline = \"week\"").unwrap_err().contains("such as `7d`, found `week`"));
    }
}
