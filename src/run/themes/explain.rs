//! Why a text has the themes it has: every hit in plain words.

use crate::corpus::{Shard, build_shard};
use crate::source::{ContentHash, DocId, Document, Quarantined};
use crate::theme::{Blocked, Hit, NegatorId, Tagger, short_decimal};

use super::super::Prepared;

/// The themes of one sentence under one taxonomy, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Path of its document, with the record number where it is one; empty for a text that was typed.
    pub place: String,
    /// 1-based sentence number in the document; the title is sentence 1.
    pub sentence_no: u32,
    /// The sentence as written.
    pub sentence: String,
    /// Id of the taxonomy.
    pub taxonomy: String,
    /// Every hit, in text order.
    pub hits: Vec<ExplainedHit>,
    /// The themes that were hit, those that the sentence is coded with first and in their order.
    pub themes: Vec<ExplainedTheme>,
}

/// A hit and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedHit {
    /// The words of the sentence.
    pub matched: String,
    /// Operator and pattern: ``term `改革` ``.
    pub pattern: String,
    /// Id of its theme.
    pub theme: String,
    /// Whether it counts, and with what weight, or why it does not.
    pub outcome: String,
}

/// A theme with its score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedTheme {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Σ contribution in the sentence, in millionths.
    pub score_micro: i64,
    /// What the score is held against: `coded`, or what is missing.
    pub outcome: String,
    /// Whether the sentence is coded with it.
    pub is_coded: bool,
}

impl Prepared {
    /// Explains a text as if it were a document without a title.
    pub fn explain_text(&self, text: &str) -> Vec<Explanation> {
        self.explain_documents(&[typed(text)])
    }

    /// Explains every sentence of the inputs; and what could not be read.
    pub fn explain_inputs(&self) -> (Vec<Explanation>, Vec<Quarantined>) {
        let mut quarantined = self.listing.quarantined.clone();
        let mut explained = Vec::new();
        for read in self.all_documents(1).flatten() {
            explained.extend(self.explain_documents(&read.documents));
            quarantined.extend(read.quarantined);
        }
        (explained, quarantined)
    }

    fn explain_documents(&self, documents: &[Document]) -> Vec<Explanation> {
        let shard = build_shard(documents, self.tools());
        let mut explained = Vec::new();
        for sentence in 0..shard.sentences.len() {
            explained.extend(self.taggers.iter().enumerate().map(|(number, tagger)| explain(&shard, sentence, number, tagger)));
        }
        explained
    }
}

fn typed(text: &str) -> Document {
    Document {
        id: DocId::of("", None),
        path: "".into(),
        record: None,
        title: String::new(),
        date: None,
        source: String::new(),
        document_number: String::new(),
        issuing_body: String::new(),
        place: String::new(),
        format: "text",
        encoding: "utf-8",
        confidence: None,
        replaced: 0,
        content_hash: ContentHash::of("", text),
        bytes: text.len() as u64,
        body: text.to_string(),
    }
}

fn explain(shard: &Shard, number: usize, taxonomy: usize, tagger: &Tagger) -> Explanation {
    let found = shard.themes(taxonomy);
    let sentence = &shard.sentences[number];
    let text = shard.counted_text(number);
    let hits: Vec<&Hit> = found.hits.iter().filter(|hit| hit.sentence as usize == number).collect();
    let coded = found.coded.iter().find(|coded| coded.sentence as usize == number).map_or(&[][..], |coded| &coded.themes);
    let mut themes: Vec<ExplainedTheme> = coded.iter().map(|(theme, score)| explain_theme(tagger, *theme as usize, *score, true)).collect();
    let mut others: Vec<usize> = hits.iter().map(|hit| tagger.pattern_theme(hit.pattern)).collect();
    others.sort_unstable();
    others.dedup();
    for theme in others.into_iter().filter(|theme| coded.iter().all(|(known, _)| *known as usize != *theme)) {
        let of_theme = hits.iter().filter(|hit| tagger.pattern_theme(hit.pattern) == theme);
        themes.push(explain_theme(tagger, theme, of_theme.map(|hit| hit.contribution_micro).sum(), false));
    }
    Explanation {
        place: shard.documents[sentence.document as usize].place(),
        sentence_no: sentence.number,
        sentence: shard.sentence_text(number).to_string(),
        taxonomy: tagger.taxonomy().id().to_string(),
        hits: hits.into_iter().map(|hit| explain_hit(tagger, hit, &text)).collect(),
        themes,
    }
}

fn explain_hit(tagger: &Tagger, hit: &Hit, text: &str) -> ExplainedHit {
    let pattern = tagger.pattern(hit.pattern);
    let theme = &tagger.themes()[tagger.pattern_theme(hit.pattern)];
    let counts = || format!("counts {}", short_decimal(hit.contribution_micro));
    let outcome = match (hit.blocked, hit.negation) {
        (None, None) => counts(),
        (None, Some(negator)) => {
            format!("{}; it stands behind `{}`, which is noted and changes nothing", counts(), negator_word(tagger, negator))
        }
        (Some(blocked), negator) => format!("does not count: {}", reason(tagger, blocked, negator)),
    };
    let matched = text.chars().skip(hit.start as usize).take((hit.end - hit.start) as usize).collect();
    ExplainedHit { matched, pattern: format!("{} `{}`", pattern.op.as_str(), pattern.text), theme: theme.id.clone(), outcome }
}

/// The negator's word, without its kind.
fn negator_word(tagger: &Tagger, negator: NegatorId) -> &str {
    let text = tagger.negation_text(negator);
    text.split_once(':').map_or(text, |(_, word)| word)
}

fn reason(tagger: &Tagger, blocked: Blocked, negator: Option<NegatorId>) -> String {
    let text = tagger.blocked_text(&blocked);
    let detail = text.split_once(':').map_or("", |(_, detail)| detail);
    match blocked {
        Blocked::Mask(_) => format!("it lies inside the mask `{detail}`"),
        Blocked::Longer(pattern) => {
            let theme = &tagger.themes()[tagger.pattern_theme(pattern)].id;
            format!("it lies inside the longer `{}` of {theme}", tagger.pattern(pattern).text)
        }
        Blocked::Overlap(pattern) => format!("it overlaps `{}` of its own theme, which goes first", tagger.pattern(pattern).text),
        Blocked::Negation => {
            let word = negator.map_or("", |negator| negator_word(tagger, negator));
            format!("it stands behind `{word}`, which says that the text is not about it")
        }
        Blocked::Cap => format!("one pattern counts at most {} times", tagger.taxonomy().cap()),
        Blocked::Gate(_) => match text.split_once(':') {
            Some(("all", word)) => format!("its theme asks for `{word}` too"),
            Some(("none", word)) => format!("its theme is not meant where `{word}` stands"),
            Some((_, condition)) => format!("its theme asks for {condition}"),
            None => "its theme asks for one of the words of its list `any`".to_string(),
        },
    }
}

fn explain_theme(tagger: &Tagger, number: usize, score_micro: i64, is_coded: bool) -> ExplainedTheme {
    let theme = &tagger.themes()[number];
    let unit = theme.unit.as_str();
    let threshold = short_decimal(theme.threshold_micro);
    let outcome = match (is_coded, score_micro) {
        (true, score) if score >= theme.threshold_micro => format!("coded: {} reaches the threshold {threshold}", short_decimal(score)),
        (true, score) => format!("coded: {} here, and the {unit} as a whole reaches the threshold {threshold}", short_decimal(score)),
        (false, 0) => "not coded: no hit counts".to_string(),
        (false, score) if score >= theme.threshold_micro => {
            format!("not coded: {} in all, but no {unit} of it reaches the threshold {threshold}", short_decimal(score))
        }
        (false, score) => format!("not coded: {} stays below the threshold {threshold}", short_decimal(score)),
    };
    ExplainedTheme { id: theme.id.clone(), name: theme.name.clone(), score_micro, outcome, is_coded }
}
