//! pattern_stats.csv: what every pattern of the taxonomy did, those that were never found too.

use std::sync::Arc;

use rayon::prelude::*;

use crate::corpus::Parts;
use crate::stats;
use crate::table::{Cells, Column, Decimal, Definition, Table};
use crate::theme::{Op, PatternCount, PatternId, Tagger};

use super::examples::NO_EXAMPLE;
use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "pattern_stats",
    title_zh: "主题词效果表",
    title_en: "What each pattern did",
    description: "One row a counting pattern of the taxonomy, those never found too: how often it was found, why hits did not count, and how many labels hang on it alone. Sort by hits for patterns that do nothing, by conflicts for words that two themes claim, by sole for those the result rests on.",
    key: "order of the taxonomy, op (term, token, gap, near, regex), pattern",
    columns: &[
        Column::text("theme_id", "主题编号", "Theme id", "The leaf that the pattern belongs to; see themes."),
        Column::text("op", "匹配方式", "Operator", "term, token, gap, near or regex."),
        Column::text("pattern", "主题词", "Pattern", "As it stands in the taxonomy."),
        Column::decimal("weight", "weight", "权重", "Weight", "What a hit contributes."),
        Column::integer(
            "hits",
            "hits",
            "命中数",
            "Hits",
            "All hits, blocked ones too: counted + masked + hidden + negated + capped + gated. Hits of one pattern beyond the cap by more than 100 in one unit are not among them.",
        ),
        Column::integer("counted", "hits", "计入数", "Counted", "Hits with a contribution."),
        Column::integer("masked", "hits", "被屏蔽", "Masked", "Hits inside a mask."),
        Column::integer("hidden", "hits", "被长词覆盖", "Hidden", "Hits inside a longer hit, or over another hit of the theme."),
        Column::integer("negated", "hits", "被否定", "Negated", "Hits behind a word that says \"not about\"."),
        Column::integer("capped", "hits", "超出上限", "Capped", "Hits beyond the cap in their unit."),
        Column::integer("gated", "hits", "条件不满足", "Gated", "Hits whose theme has a condition (all, any, none, use) that is not met."),
        Column::integer("sentences", "sentences", "句数", "Sentences", "Sentences with a counted hit."),
        Column::integer("documents", "documents", "文档数", "Documents", "Documents with a counted hit."),
        Column::share("coverage", "覆盖率", "Coverage", "sentences / all sentences; empty if there are none."),
        Column::integer(
            "sole",
            "sentences",
            "独自成立句数",
            "Sole",
            "Sentences coded with the theme that would not be if the contributions of this pattern were taken away; words that it hides are not set free for this.",
        ),
        Column::integer(
            "overlaps",
            "sentences",
            "同主题重叠句数",
            "Overlaps",
            "Sentences in which another pattern of the theme counts too.",
        ),
        Column::integer("conflicts", "hits", "跨主题冲突", "Conflicts", "Counted hits that overlap a counted hit of another theme."),
        Column::integer(
            "gold_sentences",
            "sentences",
            "标准句数",
            "Gold sentences",
            "With a gold file: its sentences in which the pattern counts; else empty.",
        ),
        Column::integer(
            "gold_right",
            "sentences",
            "标准句中正确",
            "Gold right",
            "Those of them that are labelled with the theme; empty without a gold file.",
        ),
        Column::share("precision", "精确率", "Precision", "gold_right / gold_sentences; empty without a gold file, or if there are none."),
        Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example; empty if no hit counts."),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "例句句号",
            "Example sentence",
            "Sentence number of the example in its document.",
        ),
        Column::text("example", "例句", "Example", "Shortest sentence with a counted hit; ties by doc_id, then sentence number."),
    ],
    optional: &[],
};

/// What the patterns did, by pattern number.
struct Counts {
    counts: Vec<PatternCount>,
    /// Rank of the best example.
    examples: Vec<u32>,
}

struct Rows<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    counts: Counts,
    /// Pattern numbers in row order.
    order: Vec<u32>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let patterns = inputs.tagger().map_or(0, Tagger::pattern_count);
    let none = || Counts { counts: vec![PatternCount::default(); patterns], examples: vec![NO_EXAMPLE; patterns] };
    let counts = match inputs.tagger() {
        Some(tagger) => (0..inputs.corpus.shards().len())
            .into_par_iter()
            .fold(none, |mut counts, shard| {
                counts.add_shard(inputs, shared, tagger, shard);
                counts
            })
            .reduce(none, Counts::merged),
        None => none(),
    };
    let mut order: Vec<u32> = (0u32..).take(patterns).collect();
    if let Some(tagger) = inputs.tagger() {
        let key = |number: &u32| {
            let pattern = tagger.pattern(PatternId(*number));
            (tagger.pattern_theme(PatternId(*number)), pattern.op, &pattern.text)
        };
        order.sort_by(|a, b| key(a).cmp(&key(b)));
    }
    Box::new(Rows { inputs: *inputs, shared: Arc::clone(shared), counts, order })
}

impl Counts {
    fn merged(mut self, other: Self) -> Self {
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| a.merge(b));
        self.examples.iter_mut().zip(&other.examples).for_each(|(a, b)| *a = (*a).min(*b));
        self
    }

    fn add_shard(&mut self, inputs: &Inputs<'_>, shared: &Shared, tagger: &Tagger, number: usize) {
        let shard = inputs.corpus.shards()[number].read(Parts::TEXT | Parts::HITS);
        let first = inputs.corpus.sentence_offset(number);
        let hits = &shard.themes(inputs.taxonomy).hits;
        let paragraph = |sentence: u32| shard.sentences[sentence as usize].paragraph;
        let text = |sentence: u32| shard.counted_text(sentence as usize);
        let document = |sentence: u32| shard.sentences[sentence as usize].document;
        for of_document in hits.chunk_by(|a, b| document(a.sentence) == document(b.sentence)) {
            tagger.count_patterns(of_document, &paragraph, &text, &mut self.counts);
        }
        for hit in hits.iter().filter(|hit| hit.blocked.is_none()) {
            let best = &mut self.examples[hit.pattern.0 as usize];
            *best = (*best).min(shared.examples.rank(first + hit.sentence as usize));
        }
    }
}

impl Table for Rows<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.order.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Some(tagger) = self.inputs.tagger() else { return };
        let number = self.order[row];
        let pattern = tagger.pattern(PatternId(number));
        let count = &self.counts.counts[number as usize];
        cells.code(&tagger.themes()[tagger.pattern_theme(PatternId(number))].id);
        cells.code(Op::as_str(pattern.op));
        cells.text(&pattern.text);
        cells.decimal(Some(Decimal::from_millionths(pattern.weight_micro)));
        let of_hits = [count.hits, count.counted, count.masked, count.hidden, count.negated, count.capped, count.gated];
        of_hits.into_iter().for_each(|hits| cells.integer(hits));
        cells.integer(count.sentences);
        cells.integer(count.documents);
        cells.share(stats::share(count.sentences, self.shared.themes.coverage().sentences));
        [count.sole, count.overlaps, count.conflicts].into_iter().for_each(|count| cells.integer(count));
        match self.inputs.gold_patterns.get(number as usize).filter(|_| self.inputs.taxonomy == 0) {
            Some((sentences, right)) => {
                cells.integer(*sentences);
                cells.integer(*right);
                cells.share(stats::share(*right, *sentences));
            }
            None => (0..3).for_each(|_| cells.empty()),
        }
        self.shared.examples.write(self.inputs.corpus, self.counts.examples[number as usize], cells);
    }
}
