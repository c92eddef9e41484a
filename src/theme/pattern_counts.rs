//! What each pattern did in a document: how often it was found, why it did not count, and what would be lost without it.

use super::match_text::{MatchText, is_border};
use super::model::Unit;
use super::tagger::{Blocked, Hit, Tagger};

/// Whole numbers of one pattern; those of two sets of documents add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PatternCount {
    /// All hits: `counted`, `masked`, `hidden`, `negated`, `capped` and `gated` together.
    pub hits: u64,
    /// Hits with a contribution.
    pub counted: u64,
    /// Hits inside a mask.
    pub masked: u64,
    /// Hits inside a longer hit, or over one of their own theme.
    pub hidden: u64,
    /// Hits behind a word that says "not about".
    pub negated: u64,
    /// Hits beyond the cap.
    pub capped: u64,
    /// Hits whose theme has a condition that is not met.
    pub gated: u64,
    /// Sentences with a counted hit.
    pub sentences: u64,
    /// Documents with a counted hit.
    pub documents: u64,
    /// Sentences coded with the theme that would not be if the contributions of this pattern were taken away.
    pub sole: u64,
    /// Sentences in which another pattern of the theme counts too.
    pub overlaps: u64,
    /// Counted hits that overlap a counted hit of another theme.
    pub conflicts: u64,
}

impl PatternCount {
    /// Adds what the pattern did elsewhere.
    pub fn merge(&mut self, other: &Self) {
        let Self { hits, counted, masked, hidden, negated, capped, gated, sentences, documents, sole, overlaps, conflicts } = other;
        self.hits += hits;
        self.counted += counted;
        self.masked += masked;
        self.hidden += hidden;
        self.negated += negated;
        self.capped += capped;
        self.gated += gated;
        self.sentences += sentences;
        self.documents += documents;
        self.sole += sole;
        self.overlaps += overlaps;
        self.conflicts += conflicts;
    }

    fn add(&mut self, blocked: Option<Blocked>) {
        self.hits += 1;
        let reason = match blocked {
            None => &mut self.counted,
            Some(Blocked::Mask(_)) => &mut self.masked,
            Some(Blocked::Longer(_) | Blocked::Overlap(_)) => &mut self.hidden,
            Some(Blocked::Negation) => &mut self.negated,
            Some(Blocked::Cap) => &mut self.capped,
            Some(Blocked::Gate(_)) => &mut self.gated,
        };
        *reason += 1;
    }
}

/// A counted hit in the unit that its theme is judged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Counted {
    theme: usize,
    /// Sentence and clause, sentence, paragraph, or nothing.
    unit: (u32, u32),
    sentence: u32,
    pattern: u32,
    contribution: i64,
}

impl Tagger {
    /// How many patterns that count there are.
    pub fn pattern_count(&self) -> usize {
        self.themes().iter().map(|theme| theme.patterns.len()).sum()
    }

    /// Adds what the hits of one document say of each pattern. `hits` are all of the document, in evidence order;
    /// `paragraph` and `text` tell of a sentence by the number that the hits have.
    pub fn count_patterns<'t>(
        &self,
        hits: &[Hit],
        paragraph: &dyn Fn(u32) -> u32,
        text: &dyn Fn(u32) -> std::borrow::Cow<'t, str>,
        counts: &mut [PatternCount],
    ) {
        hits.iter().for_each(|hit| counts[hit.pattern.0 as usize].add(hit.blocked));
        for of_sentence in hits.chunk_by(|a, b| a.sentence == b.sentence) {
            self.count_sentence(of_sentence, counts);
        }
        let mut clauses = Clauses::default();
        let mut counted: Vec<Counted> = hits
            .iter()
            .filter(|hit| hit.blocked.is_none())
            .map(|hit| {
                let theme = self.pattern_theme(hit.pattern);
                let unit = match self.themes()[theme].unit {
                    Unit::Clause => (hit.sentence, clauses.of(hit, text)),
                    Unit::Sentence => (hit.sentence, 0),
                    Unit::Paragraph => (paragraph(hit.sentence), 0),
                    Unit::Document => (0, 0),
                };
                Counted { theme, unit, sentence: hit.sentence, pattern: hit.pattern.0, contribution: hit.contribution_micro }
            })
            .collect();
        let mut patterns: Vec<u32> = counted.iter().map(|c| c.pattern).collect();
        patterns.sort_unstable();
        patterns.dedup();
        patterns.iter().for_each(|pattern| counts[*pattern as usize].documents += 1);
        counted.sort_unstable();
        counted.chunk_by(|a, b| a.theme == b.theme).for_each(|of_theme| self.count_sole(of_theme, counts));
    }

    fn count_sentence(&self, hits: &[Hit], counts: &mut [PatternCount]) {
        let counted: Vec<(usize, &Hit)> =
            hits.iter().filter(|hit| hit.blocked.is_none()).map(|hit| (self.pattern_theme(hit.pattern), hit)).collect();
        let mut patterns: Vec<(usize, u32)> = counted.iter().map(|(theme, hit)| (*theme, hit.pattern.0)).collect();
        patterns.sort_unstable();
        patterns.dedup();
        for of_theme in patterns.chunk_by(|a, b| a.0 == b.0) {
            for (_, pattern) in of_theme {
                counts[*pattern as usize].sentences += 1;
                counts[*pattern as usize].overlaps += u64::from(of_theme.len() > 1);
            }
        }
        for (hit, is_conflict) in counted.iter().zip(conflicts(&counted)) {
            counts[hit.1.pattern.0 as usize].conflicts += u64::from(is_conflict);
        }
    }

    /// For one theme of a document: in which sentences a pattern alone makes the label.
    fn count_sole(&self, counted: &[Counted], counts: &mut [PatternCount]) {
        let threshold = self.themes()[counted[0].theme].threshold_micro;
        // Sentence once for each unit that codes it; and sentence and pattern once for each such unit that would not.
        let (mut coded, mut lost): (Vec<u32>, Vec<(u32, u32)>) = (Vec::new(), Vec::new());
        for unit in counted.chunk_by(|a, b| a.unit == b.unit) {
            let sum: i64 = unit.iter().map(|c| c.contribution).sum();
            if sum < threshold {
                continue;
            }
            let sentences: Vec<&[Counted]> = unit.chunk_by(|a, b| a.sentence == b.sentence).collect();
            coded.extend(sentences.iter().map(|s| s[0].sentence));
            let mut patterns: Vec<u32> = unit.iter().map(|c| c.pattern).collect();
            patterns.sort_unstable();
            patterns.dedup();
            for pattern in patterns {
                let without: i64 = unit.iter().filter(|c| c.pattern != pattern).map(|c| c.contribution).sum();
                let falls = |s: &&&[Counted]| without < threshold || s.iter().all(|c| c.pattern == pattern);
                lost.extend(sentences.iter().filter(falls).map(|s| (s[0].sentence, pattern)));
            }
        }
        coded.sort_unstable();
        lost.sort_unstable();
        for group in lost.chunk_by(|a, b| a == b) {
            let (sentence, pattern) = group[0];
            let units = coded.partition_point(|s| *s <= sentence) - coded.partition_point(|s| *s < sentence);
            counts[pattern as usize].sole += u64::from(group.len() == units);
        }
    }
}

/// For each hit of a sentence, in the order of their starts, whether one of another theme overlaps it.
fn conflicts(hits: &[(usize, &Hit)]) -> Vec<bool> {
    let mut found = vec![false; hits.len()];
    // The hit that ends last among those before, and the one that does so of other themes than its.
    let mut last: Option<(usize, u32)> = None;
    let mut other: Option<(usize, u32)> = None;
    for (at, (theme, hit)) in hits.iter().enumerate() {
        let rival = if last.is_some_and(|(of, _)| of != *theme) { last } else { other };
        found[at] = rival.is_some_and(|(_, end)| end > hit.start);
        match last {
            Some((of, end)) if hit.end <= end && of != *theme => {
                if other.is_none_or(|(_, end)| end < hit.end) {
                    other = Some((*theme, hit.end));
                }
            }
            Some((of, end)) if of != *theme => (last, other) = (Some((*theme, hit.end)), Some((of, end))),
            Some((_, end)) => last = Some((*theme, end.max(hit.end))),
            None => last = Some((*theme, hit.end)),
        }
    }
    // The next of another theme begins the earliest of all that follow.
    let mut next: Option<(usize, u32)> = None;
    let mut beyond: Option<(usize, u32)> = None;
    for (at, (theme, hit)) in hits.iter().enumerate().rev() {
        if next.is_some_and(|(of, _)| of != *theme) {
            beyond = next;
        }
        found[at] |= beyond.is_some_and(|(_, start)| start < hit.end);
        next = Some((*theme, hit.start));
    }
    found
}

/// The clause borders of the sentence looked at last.
#[derive(Default)]
struct Clauses {
    sentence: Option<u32>,
    text: MatchText,
    /// Written places of the borders, ascending.
    borders: Vec<u32>,
}

impl Clauses {
    /// The clause that a hit begins in.
    fn of<'t>(&mut self, hit: &Hit, text: &dyn Fn(u32) -> std::borrow::Cow<'t, str>) -> u32 {
        if self.sentence != Some(hit.sentence) {
            self.sentence = Some(hit.sentence);
            self.text.read(&text(hit.sentence));
            let border = |(at, c): (u32, &char)| is_border(*c).then(|| self.text.written_span(at, at + 1).0);
            self.borders = (0u32..).zip(self.text.characters()).filter_map(border).collect();
        }
        u32::try_from(self.borders.partition_point(|border| *border < hit.start)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Coding, PatternId, Scratch, Sentence, Taxonomy};
    use super::*;

    fn counted(taxonomy: &str, sentences: &[(u32, &str)]) -> Vec<(String, PatternCount)> {
        let tagger = Taxonomy::parse("t.toml", taxonomy).map_err(|p| format!("{p:?}")).unwrap().tagger;
        let written: Vec<Sentence<'_>> = (1u32..)
            .zip(sentences)
            .map(|(sentence_no, (paragraph_no, text))| Sentence {
                text,
                paragraph_no: *paragraph_no,
                sentence_no,
                is_title: false,
                token_edges: None,
            })
            .collect();
        let Coding { hits, .. } = tagger.code(&written, &mut Scratch::default());
        let mut counts = vec![PatternCount::default(); tagger.pattern_count()];
        let paragraph = |at: u32| sentences[at as usize].0;
        tagger.count_patterns(&hits, &paragraph, &|at| sentences[at as usize].1.into(), &mut counts);
        (0u32..).zip(counts).map(|(id, count)| (tagger.pattern(PatternId(id)).text.clone(), count)).collect()
    }

    fn head(more: &str, themes: &str) -> String {
        format!(
            "taxonomy = {{ id = \"t\" {more} }}\nmask = {{ terms = [\"改革办\"] }}\nnegation = {{ topic = [\"不涉及\"] }}\n[[theme]]\nid = \"a\"\nkind = \"policy\"\n{themes}"
        )
    }

    #[test]
    fn every_hit_falls_under_one_reason() {
        let themes =
            "[[theme]]\nid = \"a.x\"\nterms = [\"改革\", \"改革开放\"]\n[[theme]]\nid = \"a.y\"\nterms = [\"开放\"]\nnone = [\"外国\"]\n";
        let counts = counted(
            &head("", themes),
            &[(1, "改革办谈改革开放。"), (1, "不涉及改革。"), (2, "改革、改革、改革。"), (2, "外国开放。"), (2, "开放。")],
        );
        // 改革: inside 改革办 (masked), inside 改革开放 (hidden), behind 不涉及 (negated), three times in one sentence (two
        // count, one is capped).
        let reform = PatternCount {
            hits: 6,
            masked: 1,
            hidden: 1,
            negated: 1,
            capped: 1,
            counted: 2,
            sentences: 1,
            documents: 1,
            sole: 1,
            ..PatternCount::default()
        };
        assert_eq!(counts[0], ("改革".into(), reform));
        let longer = PatternCount { hits: 1, counted: 1, sentences: 1, documents: 1, sole: 1, ..PatternCount::default() };
        assert_eq!(counts[1], ("改革开放".into(), longer));
        // 开放: inside 改革开放 (hidden), beside 外国 (gated), alone (counts).
        let open =
            PatternCount { hits: 3, hidden: 1, gated: 1, counted: 1, sentences: 1, documents: 1, sole: 1, ..PatternCount::default() };
        assert_eq!(counts[2], ("开放".into(), open));
    }

    #[test]
    fn a_pattern_is_alone_where_the_label_falls_without_it() {
        let half = "[[theme]]\nid = \"a.x\"\nterms = [{ t = \"降碳\", w = 0.5 }, { t = \"增汇\", w = 0.5 }, \"储能\"]\n";
        let sole = |counts: &[(String, PatternCount)]| counts.iter().map(|(_, c)| (c.sole, c.overlaps)).collect::<Vec<_>>();
        // Sentence 1 needs both halves; in sentence 2 储能 is enough, but 降碳 alone is not; in sentence 3 it is below the threshold.
        let counts = counted(&head("", half), &[(1, "降碳和增汇。"), (1, "降碳和储能。"), (1, "降碳。")]);
        assert_eq!(sole(&counts), [(1, 2), (1, 1), (1, 1)]);
        // Over a paragraph the halves make a label of two sentences, each lost without either.
        let wide = format!("{half}unit = \"paragraph\"\n");
        let counts = counted(&head("", &wide), &[(1, "降碳。"), (1, "增汇。"), (2, "降碳。")]);
        assert_eq!(sole(&counts), [(2, 0), (2, 0), (0, 0)]);
        // Two clauses of one sentence, each with one of two patterns: neither is missed.
        let clause = "[[theme]]\nid = \"a.x\"\nunit = \"clause\"\nterms = [\"降碳\", \"增汇\"]\n";
        let counts = counted(&head("", clause), &[(1, "先降碳，再增汇。"), (1, "只有降碳，没有别的。")]);
        assert_eq!(sole(&counts), [(1, 1), (0, 1)]);
    }

    #[test]
    fn hits_of_two_themes_over_the_same_words_are_conflicts() {
        let themes =
            "[[theme]]\nid = \"a.x\"\nterms = [\"超大城市\", \"储能\"]\n[[theme]]\nid = \"a.y\"\nterms = [\"城市治理\", \"储能\"]\n";
        let counts = counted(&head("", themes), &[(1, "超大城市治理和储能。"), (1, "超大城市，城市治理。")]);
        let conflicts: Vec<u64> = counts.iter().map(|(_, c)| c.conflicts).collect();
        assert_eq!(conflicts, [1, 1, 1, 1]);
    }

    proptest! {
        #[test]
        fn conflicts_are_those_of_the_plain_definition(spans in prop::collection::vec((0usize..3, 0u32..12, 1u32..6), 0..10)) {
            let mut hits: Vec<(usize, Hit)> = spans
                .iter()
                .map(|(theme, start, length)| {
                    let hit = Hit { sentence: 0, start: *start, end: start + length, pattern: PatternId(0), contribution_micro: 1, negation: None, blocked: None };
                    (*theme, hit)
                })
                .collect();
            hits.sort_by_key(|(_, hit)| hit.start);
            let hits: Vec<(usize, &Hit)> = hits.iter().map(|(theme, hit)| (*theme, hit)).collect();
            let plain: Vec<bool> = hits
                .iter()
                .map(|(theme, hit)| hits.iter().any(|(other, rival)| other != theme && rival.start < hit.end && hit.start < rival.end))
                .collect();
            prop_assert_eq!(conflicts(&hits), plain);
        }
    }
}
