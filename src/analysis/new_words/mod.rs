//! new_words.csv: strings of Han characters that behave like a word and stand in no dictionary.
//!
//! Every string of the text is looked at, whatever the segmenter made of it: all frequent strings of up to `max_length` characters are
//! counted exactly by prefix extension ([`super::sequences`]), with all their parts and neighbours. A string is a candidate if
//! its weakest joint holds (`pmi_min`) and both sides of it are free (branching entropy); see `stats::new_words`.

mod candidates;
mod characters;
mod effect;
mod rules;
mod table;
#[cfg(test)]
mod tests;

pub(super) use table::{DEFINITION, build};

use serde::{Deserialize, Deserializer, Serialize, de};

/// What is proposed as a word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewWordOptions {
    /// Fewest occurrences. Default 5: below it neighbours are too few to say anything of freedom.
    pub min_tf: u32,
    /// Fewest documents. Default 3: a name of one story is no word of the corpus yet.
    pub min_df: u32,
    /// Least `pmi_min`, in bits. Default 3: its parts meet eight times as often as by chance at every joint.
    #[serde(deserialize_with = "finite")]
    pub min_pmi: f64,
    /// Least `left_entropy` and `right_entropy`, in bits. Default 1: as free as with two equally frequent neighbours.
    #[serde(deserialize_with = "finite")]
    pub min_entropy: f64,
    /// Characters of the longest candidate, 2 to 8. Default 6.
    pub max_length: Length,
    /// Most rows, the highest score; 0 = all. Default 1,000: more than anyone adds at a time.
    pub top: usize,
}

impl Default for NewWordOptions {
    fn default() -> Self {
        Self { min_tf: 5, min_df: 3, min_pmi: 3.0, min_entropy: 1.0, max_length: Length(6), top: 1_000 }
    }
}

/// TOML knows nan and inf: with them no string is a candidate, or every one.
fn finite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let number = f64::deserialize(deserializer)?;
    if number.is_finite() { Ok(number) } else { Err(de::Error::custom(format!("expected a finite number, found {number}"))) }
}

/// Characters of the longest word that can be looked for.
const LONGEST: usize = 8;

/// A number of characters, from 2 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "usize", into = "usize")]
pub struct Length(usize);

impl TryFrom<usize> for Length {
    type Error = String;

    fn try_from(characters: usize) -> Result<Self, String> {
        let possible = (2..=LONGEST).contains(&characters);
        possible
            .then_some(Self(characters))
            .ok_or_else(|| format!("expected a number of characters from 2 to {LONGEST}, found {characters}"))
    }
}

impl From<Length> for usize {
    fn from(length: Length) -> Self {
        length.0
    }
}
