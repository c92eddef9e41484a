//! theme_evidence.csv: the words behind every label, and why other words did not count.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::table::{Cells, Column, Decimal, Definition, Dropped, Table};
use crate::theme::{Hit, Tagger};

use super::document_rows::{self, DocumentRows, RowsOfDocument};
use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "theme_evidence",
    title_zh: "主题证据表",
    title_en: "Theme evidence",
    description: "One row a hit of a pattern, blocked ones too, so that \"why not\" has an answer. The sum of contribution over a sentence and theme is its score.",
    key: "doc_id, sentence_no, start, theme_id, pattern",
    columns: &[
        Column::text("doc_id", "文档编号", "Document id", "See documents."),
        Column::integer("paragraph_no", "1 = first", "段号", "Paragraph", "Paragraph number in the document."),
        Column::integer("sentence_no", "1 = first", "句号", "Sentence", "Sentence number in the document."),
        Column::text("theme_id", "主题编号", "Theme id", "The leaf theme of the pattern."),
        Column::text("op", "规则类型", "Operator", "term, token, gap, near or regex."),
        Column::text("pattern", "规则", "Pattern", "The pattern as written in the taxonomy."),
        Column::integer(
            "start",
            "characters from 0",
            "起点",
            "Start",
            "Unicode characters of the sentence as written before the match: MID(sentence, start+1, end-start) = matched, unless the cell differs from it: a ' before a formula, control characters that are left out, the end of a cell of 32,000 characters; and Excel counts a character beyond U+FFFF as two.",
        ),
        Column::integer("end", "characters from 0", "终点", "End", "One past the last character of the match."),
        Column::text("matched", "匹配文字", "Matched", "What was matched, as written."),
        Column::text("left", "左侧文字", "Left", "Up to 15 characters of the sentence before it."),
        Column::text("right", "右侧文字", "Right", "Up to 15 characters of the sentence after it."),
        Column::decimal("weight", "weight", "权重", "Weight", "Weight of the pattern."),
        Column::decimal("contribution", "weight", "贡献", "Contribution", "The weight if the hit counts, else 0."),
        Column::text("negation", "否定词", "Negation", "topic:WORD (does not count) or stance:WORD (counts) before the match; else empty."),
        Column::text(
            "blocked_by",
            "未计原因",
            "Blocked by",
            "Why the hit does not count: mask, longer, overlap, negation, cap, all, any, none, use, most with what does it behind a colon (longer:opening.diplomacy:双边关系); empty if it counts.",
        ),
    ],
    optional: &[],
};

/// Characters of the sentence shown on each side of a match.
const CONTEXT: usize = 15;

/// What theme_evidence.csv holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// Every hit.
    #[default]
    All,
    /// Hits that count.
    Counted,
    /// A header only.
    Off,
}

struct Rows<'a> {
    inputs: Inputs<'a>,
    left_out: u64,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, _: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let corpus = inputs.corpus;
    let hits = |document: usize| corpus.theme_rows(inputs.taxonomy, document).0;
    let counted = |document: usize| {
        let document = corpus.document_text(document);
        document.hits(inputs.taxonomy).iter().filter(|hit| hit.blocked.is_none()).count()
    };
    let rows = match inputs.options.themes.evidence {
        Evidence::All => DocumentRows::new(corpus, hits),
        Evidence::Counted => DocumentRows::new(corpus, counted),
        Evidence::Off => DocumentRows::new(corpus, |_| 0),
    };
    let left_out = (0..corpus.document_count()).map(hits).sum::<usize>() - rows.len();
    document_rows::table(corpus, rows, Rows { inputs: *inputs, left_out: left_out as u64 })
}

impl RowsOfDocument for Rows<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn write(&self, document: usize, own: Range<usize>, cells: &mut dyn Cells) {
        let Some(tagger) = self.inputs.tagger() else { return };
        let wants_all = self.inputs.options.themes.evidence == Evidence::All;
        let document = self.inputs.corpus.document_text(document);
        let shard = document.shard();
        let id = shard.documents[document.number()].id;
        let hits = document.hits(self.inputs.taxonomy).iter().filter(|hit| wants_all || hit.blocked.is_none());
        for hit in hits.skip(own.start).take(own.len()) {
            let sentence = &shard.sentences[hit.sentence as usize];
            cells.code(id.write(&mut [0; 13]));
            cells.integer(u64::from(sentence.paragraph));
            cells.integer(u64::from(sentence.number));
            write_hit(tagger, hit, shard.sentence_text(hit.sentence as usize), cells);
            cells.end_row();
        }
    }

    fn dropped(&self) -> Vec<Dropped> {
        if self.left_out == 0 { Vec::new() } else { vec![Dropped { option: "themes.evidence", rows: self.left_out }] }
    }
}

/// The cells of a hit behind those that say where its sentence is.
fn write_hit(tagger: &Tagger, hit: &Hit, sentence: &str, cells: &mut dyn Cells) {
    let pattern = tagger.pattern(hit.pattern);
    let [left, matched, right] = around(sentence, hit.start as usize, hit.end as usize);
    cells.code(&tagger.themes()[tagger.pattern_theme(hit.pattern)].id);
    cells.code(pattern.op.as_str());
    cells.text(&pattern.text);
    cells.integer(u64::from(hit.start));
    cells.integer(u64::from(hit.end));
    cells.text(matched);
    cells.text(left);
    cells.text(right);
    cells.decimal(Some(Decimal::from_millionths(pattern.weight_micro)));
    cells.decimal(Some(Decimal::from_millionths(hit.contribution_micro)));
    cells.text(hit.negation.map(|n| tagger.negation_text(n)).unwrap_or_default());
    cells.text(hit.blocked.as_ref().map(|b| tagger.blocked_text(b)).unwrap_or_default());
}

/// A hit in a sentence that is not of the corpus.
pub struct LooseHit<'a> {
    /// Its document, as a person named it.
    pub doc_id: &'a str,
    /// 1-based paragraph number.
    pub paragraph_no: u32,
    /// 1-based sentence number.
    pub sentence_no: u32,
    /// The sentence as written.
    pub sentence: &'a str,
    /// The hit itself.
    pub hit: Hit,
}

/// Hits in sentences that are not of the corpus, as a table of evidence.
pub struct LooseEvidence<'a> {
    /// What found them.
    pub tagger: &'a Tagger,
    /// In row order.
    pub hits: Vec<LooseHit<'a>>,
}

impl Table for LooseEvidence<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.hits.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let LooseHit { doc_id, paragraph_no, sentence_no, sentence, hit } = &self.hits[row];
        cells.text(doc_id);
        cells.integer(u64::from(*paragraph_no));
        cells.integer(u64::from(*sentence_no));
        write_hit(self.tagger, hit, sentence, cells);
    }
}

/// The text before, in and after a range of characters, the outer two at most [`CONTEXT`] long.
fn around(sentence: &str, start: usize, end: usize) -> [&str; 3] {
    let (before, rest) = sentence.split_at(bytes_of(sentence, start));
    let (matched, after) = rest.split_at(bytes_of(rest, end - start));
    let left = before.char_indices().rev().take(CONTEXT).last().map_or(before.len(), |(at, _)| at);
    [&before[left..], matched, &after[..bytes_of(after, CONTEXT)]]
}

/// Bytes of the first characters of a text.
fn bytes_of(text: &str, characters: usize) -> usize {
    let mut rest = text.chars();
    if let Some(last) = characters.checked_sub(1) {
        rest.nth(last);
    }
    text.len() - rest.as_str().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_is_cut_at_the_sentence_and_at_fifteen_characters() {
        assert_eq!(around("推进碳达峰。", 2, 5), ["推进", "碳达峰", "。"]);
        let long = format!("{}碳{}", "左".repeat(20), "右".repeat(20));
        let [left, matched, right] = around(&long, 20, 21);
        assert_eq!((left.chars().count(), matched, right.chars().count()), (15, "碳", 15));
        assert_eq!(around("碳", 0, 1), ["", "碳", ""]);
    }
}
