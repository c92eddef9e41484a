//! How well labels agree with those a person gave: precision, recall, F1, for each theme and over all.

use std::collections::BTreeSet;

use super::Theme;

/// Labels found and given, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quality {
    /// Labels found that were given.
    pub true_positives: u64,
    /// Labels found that were not given.
    pub false_positives: u64,
    /// Labels given that were not found.
    pub false_negatives: u64,
}

/// A quotient of counts, kept exact: part and whole.
pub type Share = (u64, u64);

impl Quality {
    /// True positives / labels found. Nothing when none was found.
    pub fn precision(&self) -> Option<Share> {
        share(self.true_positives, self.true_positives + self.false_positives)
    }

    /// True positives / labels given. Nothing when none was given.
    pub fn recall(&self) -> Option<Share> {
        share(self.true_positives, self.given())
    }

    /// 2 · tp / (2 · tp + fp + fn). Nothing when there is no label at all.
    pub fn f1(&self) -> Option<Share> {
        share(2 * self.true_positives, 2 * self.true_positives + self.wrong())
    }

    /// Labels given.
    pub fn given(&self) -> u64 {
        self.true_positives + self.false_negatives
    }

    /// Labels found or given that are not both.
    pub fn wrong(&self) -> u64 {
        self.false_positives + self.false_negatives
    }

    fn merge(&mut self, other: &Self) {
        self.true_positives += other.true_positives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
    }
}

fn share(part: u64, whole: u64) -> Option<Share> {
    (whole > 0).then_some((part, whole))
}

/// Which themes an average is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// Themes without parts.
    Leaves,
    /// Main themes.
    Mains,
}

impl Average {
    fn takes(self, theme: &Theme) -> bool {
        match self {
            Self::Leaves => theme.is_leaf,
            Self::Mains => theme.level == 1,
        }
    }
}

/// The quality of every theme of a taxonomy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityReport {
    /// By theme, in taxonomy order.
    pub themes: Vec<Quality>,
}

/// A label: number of the sentence, number of the leaf.
pub type Label = (u32, usize);

impl QualityReport {
    /// Compares the leaves given with those found. A theme with parts is present where one of its leaves is.
    pub fn new(themes: &[Theme], given: &BTreeSet<Label>, found: &BTreeSet<Label>) -> Self {
        let (given, found) = (with_parents(themes, given), with_parents(themes, found));
        let mut report = Self { themes: vec![Quality::default(); themes.len()] };
        given.intersection(&found).for_each(|(_, theme)| report.themes[*theme].true_positives += 1);
        found.difference(&given).for_each(|(_, theme)| report.themes[*theme].false_positives += 1);
        given.difference(&found).for_each(|(_, theme)| report.themes[*theme].false_negatives += 1);
        report
    }

    /// All labels of these themes together.
    pub fn micro(&self, themes: &[Theme], average: Average) -> Quality {
        let mut sum = Quality::default();
        self.of(themes, average).for_each(|quality| sum.merge(quality));
        sum
    }

    /// The mean of a measure over the themes for which it is defined. Nothing when it is for none.
    pub fn macro_mean(&self, themes: &[Theme], average: Average, measure: fn(&Quality) -> Option<Share>) -> Option<f64> {
        let defined: Vec<f64> = self.of(themes, average).filter_map(measure).map(|(part, whole)| part as f64 / whole as f64).collect();
        (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / defined.len() as f64)
    }

    fn of<'s>(&'s self, themes: &'s [Theme], average: Average) -> impl Iterator<Item = &'s Quality> {
        self.themes.iter().zip(themes).filter(move |(_, theme)| average.takes(theme)).map(|(quality, _)| quality)
    }
}

fn with_parents(themes: &[Theme], labels: &BTreeSet<Label>) -> BTreeSet<Label> {
    let mut all = BTreeSet::new();
    for (sentence, leaf) in labels {
        let mut at = Some(*leaf);
        while let Some(theme) = at {
            all.insert((*sentence, theme));
            at = themes[theme].parent;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::Taxonomy;
    use super::*;

    const TAXONOMY: &str = "taxonomy = { id = \"t\" }
theme = [ { id = \"a\", kind = \"policy\" }, { id = \"a.x\", terms = [\"改革\"] }, { id = \"a.y\", terms = [\"开放\"] },
  { id = \"b\", kind = \"framing\" }, { id = \"b.z\", terms = [\"成效\"] } ]";

    #[test]
    fn counts_what_agrees_and_what_does_not() {
        let tagger = Taxonomy::parse("t.toml", TAXONOMY).map_err(|p| format!("{p:?}")).unwrap().tagger;
        let themes = tagger.themes();
        // Sentence 0: given x, found y. Sentence 1: both x and z given and found. Sentence 2: z found only.
        let given: BTreeSet<Label> = [(0, 1), (1, 1), (1, 4)].into();
        let found: BTreeSet<Label> = [(0, 2), (1, 1), (1, 4), (2, 4)].into();
        let report = QualityReport::new(themes, &given, &found);
        let counts = |q: &Quality| [q.true_positives, q.false_positives, q.false_negatives];
        // a is present in sentences 0 and 1 on both sides.
        assert_eq!(report.themes.iter().map(counts).collect::<Vec<_>>(), [[2, 0, 0], [1, 0, 1], [0, 1, 0], [1, 1, 0], [1, 1, 0]]);
        assert_eq!(counts(&report.micro(themes, Average::Leaves)), [2, 2, 1]);
        assert_eq!(counts(&report.micro(themes, Average::Mains)), [3, 1, 0]);
        // Precision of the leaves: 1, 0, 1/2. Recall: 1/2, not defined, 1.
        assert_eq!(report.macro_mean(themes, Average::Leaves, Quality::precision), Some(0.5));
        assert_eq!(report.macro_mean(themes, Average::Leaves, Quality::recall), Some(0.75));
        let none = QualityReport::new(themes, &BTreeSet::new(), &BTreeSet::new());
        assert_eq!((none.micro(themes, Average::Leaves).f1(), none.macro_mean(themes, Average::Mains, Quality::f1)), (None, None));
    }
}
