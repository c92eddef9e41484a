//! A gold file held against a taxonomy: its sentences coded as a run would code them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::text::{Simplify, simplified};
use crate::theme::{Coding, Cutter, Label, PatternId, QualityReport, Scratch, Sentence, Tagger};

use super::super::prepare::Prepared;
use super::gold::Gold;

/// A gold file held against a taxonomy.
#[derive(Debug)]
pub struct Scored {
    /// The quality of every theme.
    pub report: QualityReport,
    /// Every hit, by the number of its sentence in the file.
    pub coding: Coding,
    /// Labels that the person gave.
    pub given: BTreeSet<Label>,
    /// Labels that the taxonomy found.
    pub found: BTreeSet<Label>,
    /// For each pattern the sentences in which it counts, and those of them that are labelled with its theme.
    pub patterns: Vec<(u64, u64)>,
}

impl Scored {
    /// Codes the sentences of a gold file, whose texts are all there, and compares.
    ///
    /// # Errors
    /// As [`Gold::labels`].
    pub fn new(gold: &Gold, tagger: &Tagger, prepared: &Prepared) -> Result<Self, Vec<Diagnostic>> {
        let given = gold.labels(tagger)?;
        let coding = gold.code(tagger, (&prepared.segmenter, prepared.config.text.simplify));
        let found: BTreeSet<Label> =
            coding.coded.iter().flat_map(|coded| coded.themes.iter().map(|(theme, _)| (coded.sentence, *theme as usize))).collect();
        let report = QualityReport::new(tagger.themes(), &given, &found);
        let counting: BTreeSet<(u32, u32)> =
            coding.hits.iter().filter(|hit| hit.blocked.is_none()).map(|hit| (hit.pattern.0, hit.sentence)).collect();
        let mut patterns = vec![(0, 0); tagger.pattern_count()];
        for (pattern, sentence) in counting {
            let theme = tagger.pattern_theme(PatternId(pattern));
            let (sentences, right) = &mut patterns[pattern as usize];
            *sentences += 1;
            *right += u64::from(given.contains(&(sentence, theme)));
        }
        Ok(Self { report, coding, given, found, patterns })
    }
}

impl Gold {
    /// Codes the sentences, those of one document together and in its order. Hits and sentences are known by their number in the file.
    pub fn code(&self, tagger: &Tagger, (cutter, simplify): (&dyn Cutter, Simplify)) -> Coding {
        let mut documents: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (number, sentence) in (0u32..).zip(&self.sentences) {
            documents.entry(&sentence.doc_id).or_default().push(number);
        }
        let texts = self.counted(&documents, simplify);
        let mut all = Coding::default();
        let mut scratch = Scratch::default();
        for numbers in documents.values_mut() {
            let of = |number: &u32| &self.sentences[*number as usize];
            numbers.sort_by_key(|number| (of(number).paragraph_no, of(number).number()));
            let text = |number: &u32| &*texts[*number as usize];
            let edges: Vec<Vec<(u32, u32)>> = match tagger.needs_tokens() {
                true => numbers.iter().map(|number| cutter.edges(text(number))).collect(),
                false => Vec::new(),
            };
            let sentences: Vec<Sentence<'_>> = numbers
                .iter()
                .enumerate()
                .map(|(at, number)| Sentence {
                    text: text(number),
                    paragraph_no: of(number).paragraph_no,
                    sentence_no: of(number).number(),
                    is_title: of(number).is_title,
                    token_edges: edges.get(at).map(Vec::as_slice),
                })
                .collect();
            let mut coding = tagger.code(&sentences, &mut scratch);
            coding.hits.iter_mut().for_each(|hit| hit.sentence = numbers[hit.sentence as usize]);
            coding.coded.iter_mut().for_each(|coded| coded.sentence = numbers[coded.sentence as usize]);
            all.hits.extend(coding.hits);
            all.coded.extend(coding.coded);
        }
        all
    }

    /// The texts as a run counts them: of documents in traditional characters in simplified ones. Where the document is not at hand, its
    /// sentences in the file tell how it is written; sentences of no document are told by themselves.
    fn counted(&self, documents: &BTreeMap<&str, Vec<u32>>, simplify: Simplify) -> Vec<Cow<'_, str>> {
        let text = |number: &u32| self.sentences[*number as usize].text.as_deref().unwrap_or_default();
        let mut texts = vec![Cow::Borrowed(""); self.sentences.len()];
        for (id, numbers) in documents {
            let all: Option<String> = (!id.is_empty()).then(|| numbers.iter().map(text).collect());
            for number in numbers {
                let written = text(number);
                let stated = self.sentences[*number as usize].in_simplified;
                let in_simplified = stated.unwrap_or_else(|| simplify.applies("", all.as_deref().unwrap_or(written)));
                texts[*number as usize] = if in_simplified { simplified(written) } else { Cow::Borrowed(written) };
            }
        }
        texts
    }
}
