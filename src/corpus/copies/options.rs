//! What counts as a copy, and what becomes of copies.

use serde::{Deserialize, Serialize};

use crate::stats::Ratio;

/// How one document repeats another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CopyKind {
    /// The same characters in the same order, white space aside.
    Exact,
    /// Nearly the same text.
    Near,
    /// Nearly all of it stands in a longer document.
    Contained,
}

impl CopyKind {
    /// As it stands in the table and in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Near => "near",
            Self::Contained => "contained",
        }
    }
}

/// A least similarity, from 0.5 to 1, in millionths: as exact as the cells that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Threshold(u32);

const MILLION: u32 = 1_000_000;

impl Threshold {
    /// Whether a similarity reaches it, as it is printed: with six digits.
    pub(super) fn is_reached(self, similarity: Option<Ratio>) -> bool {
        similarity.and_then(|ratio| ratio.scaled(6)).is_some_and(|millionths| millionths >= i128::from(self.0))
    }
}

impl TryFrom<f64> for Threshold {
    type Error = String;

    fn try_from(share: f64) -> Result<Self, String> {
        // Below a half two texts differ in more than they share, and fingerprints could not promise to find them.
        if (0.5..=1.0).contains(&share) {
            Ok(Self((share * f64::from(MILLION)).round() as u32))
        } else {
            Err(format!("expected a share from 0.5 to 1, found {share}"))
        }
    }
}

impl From<Threshold> for f64 {
    fn from(threshold: Threshold) -> Self {
        Self::from(threshold.0) / Self::from(MILLION)
    }
}

/// Fewest shingles for which a text can be compared: two texts are sure to be found only by an unbroken stretch of 25 characters
/// that they share, which are 21 shingles.
const FEWEST_SHINGLES: u32 = 21;

/// What counts as a copy, and what becomes of copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CopyOptions {
    /// Least share of common 5-grams, of those of both together, that makes a near copy. Default 0.8: see the configuration.
    pub near: Threshold,
    /// Least share of the 5-grams of the shorter text that stand in the longer one. Default 0.9.
    pub contained: Threshold,
    /// Fewest 5-grams of a text that is compared as near or contained. Default 50.
    #[serde(deserialize_with = "enough_shingles")]
    pub min_shingles: u32,
    /// The kinds that are looked for. Default all three.
    pub kinds: Vec<CopyKind>,
    /// Whether copies are left out before anything is counted. Default false: what was published twice was read twice.
    pub collapse: bool,
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self {
            near: Threshold(800_000),
            contained: Threshold(900_000),
            min_shingles: 50,
            kinds: vec![CopyKind::Exact, CopyKind::Near, CopyKind::Contained],
            collapse: false,
        }
    }
}

impl CopyOptions {
    /// Whether this kind is looked for.
    pub(super) fn finds(&self, kind: CopyKind) -> bool {
        self.kinds.contains(&kind)
    }
}

fn enough_shingles<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = u32::deserialize(deserializer)?;
    match number >= FEWEST_SHINGLES {
        true => Ok(number),
        false => Err(serde::de::Error::custom(format!("expected {FEWEST_SHINGLES} or more, found {number}"))),
    }
}
