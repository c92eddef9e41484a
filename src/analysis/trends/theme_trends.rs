//! theme_trends.csv: how often every theme occurs in each period.

use std::sync::Arc;

use rayon::prelude::*;

use crate::analysis::examples::NO_EXAMPLE;
use crate::analysis::theme_totals::add_up;
use crate::analysis::{Inputs, Shared};
use crate::corpus::Parts;
use crate::stats;
use crate::table::{Cells, Column, Decimal, Definition, Table};
use crate::theme::{Kind, Tagger};

use super::write_interval;

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "theme_trends",
    title_zh: "主题趋势表",
    title_en: "Theme trends",
    description: "One row a theme and period: every theme of the taxonomy, parents included, in every period from the first dated document to the last. A period without documents has zeros and no shares. Documents without a date are in no row; run.json says how many. document_share is over all documents of the period; sentence_share is over the sentences that themes.csv takes for the kind of the theme, see sentence_base.",
    key: "theme_id, period_start",
    columns: &[
        Column::text("theme_id", "主题编号", "Theme id", "Id in the taxonomy; rows are in code-point order of it."),
        Column::date("period_start", "起始日期", "Period start", "First day of the period, as in term_trends."),
        Column::integer("year", "year", "年", "Year", "Calendar year; of a week the year of ISO 8601."),
        Column::integer("quarter", "1 to 4", "季度", "Quarter", "Calendar quarter; empty for years and weeks."),
        Column::integer("month", "1 to 12", "月", "Month", "Calendar month; empty for years, quarters and weeks."),
        Column::integer("week", "1 to 53", "周", "Week", "Week of ISO 8601; only for periods of weeks."),
        Column::integer(
            "tf",
            "hits",
            "命中数",
            "Hits",
            "Hits that count in documents of the period: rows of theme_evidence with an empty blocked_by. Of a theme with parts those of all of them.",
        ),
        Column::integer(
            "df",
            "documents",
            "主题文档数",
            "Documents with the theme",
            "Documents of the period with a coded sentence of the theme.",
        ),
        Column::integer("documents", "documents", "时段文档数", "Documents", "All documents of the period."),
        Column::integer("tokens", "tokens", "时段词数", "Tokens", "All tokens of the period, stop words included, punctuation not."),
        Column::decimal(
            "per_million",
            "per million tokens",
            "每百万词命中数",
            "Hits per million",
            "tf / tokens · 10^6; empty without tokens.",
        ),
        Column::share(
            "document_share",
            "文档占比",
            "Document share",
            "df / documents, all documents of the period; themes.csv divides by documents with a policy theme for policy themes. Empty without documents.",
        ),
        Column::share(
            "document_share_low",
            "文档占比下限",
            "Document share, low",
            "Lower end of the 95 % interval of document_share by Wilson 1927 (Brown, Cai & DasGupta 2001); empty without documents.",
        ),
        Column::share("document_share_high", "文档占比上限", "Document share, high", "Upper end of the same interval."),
        Column::integer(
            "sentences",
            "sentences",
            "句数",
            "Sentences",
            "Coded sentences of the period; a theme with parts counts a sentence once.",
        ),
        Column::share("sentence_share", "句子占比", "Sentence share", "sentences / sentence_base; empty if that is 0."),
        Column::decimal(
            "score",
            "sum of weights",
            "得分",
            "Score",
            "Sum of contribution in theme_evidence over documents of the period; sentences below the threshold are included.",
        ),
        Column::integer(
            "sentence_base",
            "sentences",
            "句数基数",
            "Sentence base",
            "As in themes.csv: for themes of kind policy the sentences of the period with a policy theme, for the other kinds all sentences of the period.",
        ),
        Column::text("name", "主题", "Name", "Name in the taxonomy."),
        Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example; empty if no sentence is coded."),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "例句句号",
            "Example sentence",
            "Sentence number of the example in its document.",
        ),
        Column::text(
            "example",
            "例句",
            "Example",
            "Shortest coded sentence of the theme in the period; ties by doc_id, then sentence number. Empty if there is none.",
        ),
    ],
    optional: &[],
};

/// What is counted of a theme in a period.
#[derive(Debug, Clone, Copy)]
struct Count {
    hits: u64,
    documents: u64,
    sentences: u64,
    /// In millionths.
    score: i64,
    example: u32,
}

/// What the sentences of a period are divided by.
#[derive(Debug, Clone, Copy, Default)]
struct Base {
    sentences: u64,
    policy_sentences: u64,
}

struct ThemeTrends<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    /// Theme numbers in the order of their ids.
    order: Vec<usize>,
    /// For each period, and in it for each theme by number.
    counts: Vec<Count>,
    bases: Vec<Base>,
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let themes = inputs.tagger().map_or(&[][..], Tagger::themes);
    let mut order: Vec<usize> = (0..themes.len()).collect();
    order.sort_unstable_by(|a, b| themes[*a].id.cmp(&themes[*b].id));
    let (mut counts, bases) = count(inputs, shared, themes.len());
    if let Some(tagger) = inputs.tagger() {
        find_examples(inputs, shared, tagger, &mut counts);
    }
    Box::new(ThemeTrends { inputs: *inputs, shared: Arc::clone(shared), order, counts, bases })
}

fn count(inputs: &Inputs<'_>, shared: &Shared, themes: usize) -> (Vec<Count>, Vec<Base>) {
    let periods = shared.timeline.len();
    let mut counts = vec![Count { hits: 0, documents: 0, sentences: 0, score: 0, example: NO_EXAMPLE }; periods * themes];
    let mut bases = vec![Base::default(); periods];
    for document in 0..inputs.corpus.document_count() {
        let Some(place) = shared.timeline.of_document(document) else { continue };
        let of_document = shared.themes.document(document);
        bases[place].sentences += of_document.sentences;
        bases[place].policy_sentences += of_document.policy_sentences;
        for theme in of_document.ranked.iter() {
            let count = &mut counts[place * themes + theme.theme as usize];
            count.hits += theme.hits;
            count.documents += u64::from(theme.sentences > 0);
            count.sentences += theme.sentences;
            count.score += theme.score;
        }
    }
    (counts, bases)
}

/// The best example of every theme in every period. The least rank counts, so no order matters.
fn find_examples(inputs: &Inputs<'_>, shared: &Shared, tagger: &Tagger, counts: &mut [Count]) {
    let none = || vec![NO_EXAMPLE; counts.len()];
    let add = |mut best: Vec<u32>, number: usize| {
        examples_of_shard(inputs, number, shared, tagger, &mut best);
        best
    };
    let merge = |mut one: Vec<u32>, other: Vec<u32>| {
        one.iter_mut().zip(other).for_each(|(a, b)| *a = (*a).min(b));
        one
    };
    let best = (0..inputs.corpus.shards().len()).into_par_iter().fold(none, add).reduce(none, merge);
    counts.iter_mut().zip(best).for_each(|(count, example)| count.example = example);
}

fn examples_of_shard(inputs: &Inputs<'_>, number: usize, shared: &Shared, tagger: &Tagger, best: &mut [u32]) {
    let corpus = inputs.corpus;
    let shard = corpus.shards()[number].read(Parts::CODED);
    let (first_document, first_sentence) = (corpus.document_offset(number), corpus.sentence_offset(number));
    for coded in &shard.themes(inputs.taxonomy).coded {
        let sentence = coded.sentence as usize;
        let Some(place) = shared.timeline.of_document(first_document + shard.sentences[sentence].document as usize) else { continue };
        let rank = shared.examples.rank(first_sentence + sentence);
        for (leaf, _) in &coded.themes {
            add_up(tagger, *leaf as usize, &mut |theme| {
                let example = &mut best[place * tagger.themes().len() + theme];
                *example = (*example).min(rank);
            });
        }
    }
}

impl Table for ThemeTrends<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.counts.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let Some(tagger) = self.inputs.tagger() else { return };
        let timeline = &self.shared.timeline;
        let (number, place) = (self.order[row / timeline.len()], row % timeline.len());
        let theme = &tagger.themes()[number];
        let count = self.counts[place * self.order.len() + number];
        let (size, base) = (timeline.sizes()[place], self.bases[place]);
        let base = if theme.kind == Kind::Policy { base.policy_sentences } else { base.sentences };
        cells.code(&theme.id);
        timeline.write_period(place, cells);
        cells.integer(count.hits);
        cells.integer(count.documents);
        cells.integer(size.documents);
        cells.integer(size.tokens);
        cells.ratio(stats::per_million(count.hits, size.tokens));
        cells.share(stats::share(count.documents, size.documents));
        write_interval(stats::wilson(count.documents, size.documents), 4, cells);
        cells.integer(count.sentences);
        cells.share(stats::share(count.sentences, base));
        cells.decimal(Some(Decimal::from_millionths(count.score)));
        cells.integer(base);
        cells.text(&theme.name);
        self.shared.examples.write(self.inputs.corpus, count.example, cells);
    }

    fn note(&self) -> Option<String> {
        match self.inputs.tagger() {
            Some(_) => Some(self.shared.timeline.note()),
            None => Some("there is no taxonomy, so there are no themes".to_string()),
        }
    }
}
