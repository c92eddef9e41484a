//! The examples of a taxonomy, run as tests, and its token patterns, held against a segmenter.

use std::borrow::Cow;

use crate::diagnostic::Level;
use crate::text::{SentenceOptions, Simplify, simplified, split_sentences};
use crate::theme::form::Problems;
use crate::theme::model::{Language, Op, Parts, short_decimal};
use crate::theme::tagger::{Coding, Scratch, Sentence, Tagger};
use crate::theme::{Cutter, Theme};

/// Examples that are not coded with their theme, counterexamples that are. Without a segmenter those of themes that ask for
/// tokens are left out, with one they alone are run; and only those of the themes that `is_wanted` names by number.
pub(in crate::theme) fn check_examples(
    tagger: &Tagger,
    cutter: Option<&dyn Cutter>,
    problems: &mut Problems,
    is_wanted: impl Fn(usize) -> bool,
) {
    // As a run reads a text of one paragraph. A taxonomy in traditional characters is for runs that take text as it is written.
    let is_traditional = tagger.taxonomy().language == Some(Language::Traditional);
    let simplify = if is_traditional { Simplify::Never } else { Simplify::Auto };
    let mut scratch = Scratch::default();
    let is_checked = |(number, theme): &(usize, &Theme)| is_wanted(*number) && asks_for_tokens(tagger, theme) == cutter.is_some();
    for (number, theme) in tagger.themes().iter().enumerate().filter(is_checked) {
        let examples = theme.examples.iter().map(|e| (e, true)).chain(theme.counterexamples.iter().map(|e| (e, false)));
        for ((text, place), expected) in examples {
            let counted = if simplify.applies("", text) { simplified(text) } else { Cow::Borrowed(&**text) };
            // Whether ； ends a sentence is a matter of the configuration: an example is wrong if it is so either way.
            let codings = [true, false].map(|semicolon_ends| {
                let options = SentenceOptions { semicolon_ends, ..SentenceOptions::default() };
                code(tagger, cutter, &sentences_of(&counted, &options), &mut scratch)
            });
            let is_coded = |coding: &Coding| coding.coded.iter().any(|c| c.themes.iter().any(|(theme, _)| *theme as usize == number));
            if codings.iter().all(|coding| is_coded(coding) != expected) {
                let evidence = evidence_of(tagger, &codings[0], number, &sentences_of(text, &SentenceOptions::default()));
                let verb = if expected { "is not coded with" } else { "is coded with" };
                problems.add(*place, "T014", format!("the example `{text}` {verb} `{}`; {evidence}", theme.id));
            }
        }
    }
}

/// The sentences of one paragraph, coded.
fn code(tagger: &Tagger, cutter: Option<&dyn Cutter>, texts: &[&str], scratch: &mut Scratch) -> Coding {
    let edges: Vec<_> = texts.iter().map(|text| cutter.map(|cutter| cutter.edges(text))).collect();
    let sentence = |(sentence_no, (text, edges))| {
        let edges: &Option<Vec<(u32, u32)>> = edges;
        Sentence { text, paragraph_no: 1, sentence_no, is_title: false, token_edges: edges.as_deref() }
    };
    let sentences: Vec<Sentence<'_>> = (1..).zip(texts.iter().copied().zip(&edges)).map(sentence).collect();
    tagger.code(&sentences, scratch)
}

/// Whether a theme, or one that it uses, has a token pattern, so that its examples need a segmenter.
fn asks_for_tokens(tagger: &Tagger, theme: &Theme) -> bool {
    let has_token = |theme: &Theme| theme.patterns.iter().any(|p| p.op == Op::Token);
    has_token(theme) || tagger.needs_tokens() && !theme.uses.is_empty()
}

/// The sentences of an example.
fn sentences_of<'t>(text: &'t str, options: &SentenceOptions) -> Vec<&'t str> {
    let mut found = Vec::new();
    split_sentences(text, options, |span| found.push(&text[span.byte_start..span.byte_end]));
    found
}

/// The hits of a theme, each with what it adds, and what they must reach.
fn evidence_of(tagger: &Tagger, coding: &Coding, theme: usize, sentences: &[&str]) -> String {
    let rows: Vec<String> = coding
        .hits
        .iter()
        .filter(|hit| tagger.pattern_theme(hit.pattern) == theme)
        .map(|hit| {
            let text = sentences.get(hit.sentence as usize).copied().unwrap_or_default();
            let matched: String = text.chars().skip(hit.start as usize).take((hit.end - hit.start) as usize).collect();
            match hit.blocked {
                Some(blocked) => format!("{matched} ({})", tagger.blocked_text(&blocked)),
                None => format!("{matched} (counts {})", short_decimal(hit.contribution_micro)),
            }
        })
        .collect();
    if rows.is_empty() {
        return "no pattern matches".to_string();
    }
    let theme = &tagger.themes()[theme];
    format!("hits: {}; the threshold is {} in a {}", rows.join(", "), short_decimal(theme.threshold_micro), theme.unit.as_str())
}

/// Token patterns that the segmenter cuts: they are seldom or never found.
pub(in crate::theme) fn check_token_patterns(tagger: &Tagger, cutter: &dyn Cutter, problems: &mut Problems) {
    for pattern in tagger.themes().iter().flat_map(|theme| &theme.patterns).filter(|pattern| pattern.op == Op::Token) {
        let Parts::Literal(normal) = &pattern.parts else { continue };
        let edges = cutter.edges(normal);
        if edges.len() > 1 {
            let piece = |(start, end): &(u32, u32)| normal.chars().skip(*start as usize).take((end - start) as usize).collect::<String>();
            let pieces: Vec<String> = edges.iter().map(piece).collect();
            let message = format!("`{}` is cut {}", pattern.text, pieces.join("/"));
            problems.add_at(Level::Warning, pattern.place, "T020", message, Some("add it to the user dictionary".to_string()));
        }
    }
}
