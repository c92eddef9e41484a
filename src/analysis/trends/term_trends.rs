//! term_trends.csv: how often the chosen terms occur in each period.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::analysis::group_counts::{self, GroupCount, NO_SLOT};
use crate::analysis::{Inputs, Shared};
use crate::stats::{self, RateSums};
use crate::table::{Cells, Column, Definition, Dropped, Table, TableWarning};

use super::write_interval;

pub(in crate::analysis) static DEFINITION: Definition = Definition {
    name: "term_trends",
    title_zh: "词语趋势表",
    title_en: "Term trends",
    description: "One row a term and period: the most frequent terms and those of trends.terms, in every period from the first dated document to the last. A period without documents has zeros and no rates; a zero beside documents is a true zero. Documents without a date are in no row; run.json says how many. Compare rates, not counts, and look at documents and tokens before reading a jump.",
    key: "term, period_start",
    columns: &[
        Column::text("term", "词语", "Term", "A term, or a word of trends.terms; normalised, Latin letters in lower case."),
        Column::date(
            "period_start",
            "起始日期",
            "Period start",
            "First day of the period. Which periods there are, trends.period says; \"auto\" takes the finest of day, week, month, quarter and year with at most 36 of them.",
        ),
        Column::integer(
            "year",
            "year",
            "年",
            "Year",
            "Calendar year; of a week the year of ISO 8601, which is that of its Thursday: the week from 2024-12-30 is week 1 of 2025.",
        ),
        Column::integer("quarter", "1 to 4", "季度", "Quarter", "Calendar quarter; empty for years and for weeks, which may lie in two."),
        Column::integer("month", "1 to 12", "月", "Month", "Calendar month; empty for years, quarters and weeks."),
        Column::integer(
            "week",
            "1 to 53",
            "周",
            "Week",
            "Week of ISO 8601, from Monday, week 1 holds 4 January; only for periods of weeks, since the calendar year of a day may not be that of its week.",
        ),
        Column::integer("tf", "occurrences", "词频", "Term frequency", "Occurrences in documents of the period."),
        Column::integer("df", "documents", "文档频率", "Document frequency", "Documents of the period that hold the term."),
        Column::integer("documents", "documents", "时段文档数", "Documents", "All documents of the period."),
        Column::integer("tokens", "tokens", "时段词数", "Tokens", "All tokens of the period, stop words included, punctuation not."),
        Column::decimal(
            "per_million",
            "per million tokens",
            "每百万词频率",
            "Frequency per million",
            "tf / tokens · 10^6; empty without tokens.",
        ),
        Column::share("document_share", "文档占比", "Document share", "df / documents; empty without documents."),
        Column::share(
            "document_share_low",
            "文档占比下限",
            "Document share, low",
            "Lower end of the 95 % interval of document_share by Wilson 1927 (Brown, Cai & DasGupta 2001); empty without documents.",
        ),
        Column::share("document_share_high", "文档占比上限", "Document share, high", "Upper end of the same interval."),
        Column::decimal(
            "per_million_low",
            "per million tokens",
            "每百万词频率下限",
            "Frequency per million, low",
            "Lower end of the 95 % interval of per_million by the ratio estimator over the k documents with tokens: r ± 1.96 · √(k / (k − 1) · Σ(v − r · t)²) / Σt, at least 0. Its units are documents, since the tokens of one text are not independent. Empty with fewer than two such documents. Cochran 1977, ch. 6.",
        ),
        Column::decimal(
            "per_million_high",
            "per million tokens",
            "每百万词频率上限",
            "Frequency per million, high",
            "Upper end of the same interval.",
        ),
        Column::text("example_doc_id", "例句文档", "Example document", "doc_id of the example; empty if tf = 0."),
        Column::integer(
            "example_sentence_no",
            "1 = first",
            "例句句号",
            "Example sentence",
            "Sentence number of the example in its document; empty if tf = 0.",
        ),
        Column::text(
            "example",
            "例句",
            "Example",
            "Shortest sentence of the period that holds the term; ties by doc_id, then sentence number. Empty if tf = 0.",
        ),
    ],
    optional: &[],
};

struct TermTrends<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    followed: Followed,
    /// For each period, and in it for each slot.
    counts: Vec<GroupCount>,
}

/// The words that have rows.
struct Followed {
    /// In code-point order; the place of a word is its slot.
    words: Vec<Box<str>>,
    /// For each word of the corpus its slot, or [`NO_SLOT`].
    slot_of_word: Vec<u32>,
    /// Terms that are not followed.
    left_out: u64,
    /// Listed words that are no token anywhere.
    missing: Vec<Box<str>>,
}

impl Followed {
    fn new(inputs: &Inputs<'_>) -> Self {
        let options = &inputs.options.trends;
        let terms = inputs.selection.terms();
        let top = &terms[..options.top.min(terms.len())];
        let mut words: Vec<Box<str>> =
            top.iter().map(|term| term.text.clone()).chain(options.terms.iter().map(|w| w.as_str().into())).collect();
        words.sort_unstable();
        words.dedup();
        let slots: FxHashMap<&str, u32> = words.iter().map(|word| &**word).zip(0u32..).collect();
        let mut slot_of_word = vec![NO_SLOT; inputs.corpus.words().len()];
        let mut is_found = vec![false; words.len()];
        for (slot_of, (word, _)) in slot_of_word.iter_mut().zip(inputs.corpus.words()) {
            if let Some(slot) = slots.get(&**word) {
                *slot_of = *slot;
                is_found[*slot as usize] = true;
            }
        }
        let missing = words.iter().zip(is_found).filter(|(_, is_found)| !is_found).map(|(word, _)| word.clone()).collect();
        let is_followed = |term: &&crate::corpus::Term| slots.contains_key(&*term.text);
        let left_out = terms[top.len()..].iter().filter(|term| !is_followed(term)).count() as u64;
        Self { words, slot_of_word, left_out, missing }
    }
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let followed = Followed::new(inputs);
    let slots_of_shard = |shard: usize| inputs.corpus.word_ids(shard).iter().map(|word| followed.slot_of_word[*word as usize]).collect();
    let counts = group_counts::count(inputs.corpus, &shared.examples, shared.timeline.groups(), followed.words.len(), &slots_of_shard);
    Box::new(TermTrends { inputs: *inputs, shared: Arc::clone(shared), followed, counts })
}

impl Table for TermTrends<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.counts.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let timeline = &self.shared.timeline;
        let (slot, place) = (row / timeline.len(), row % timeline.len());
        let count = self.counts[place * self.followed.words.len() + slot];
        let size = timeline.sizes()[place];
        cells.text(&self.followed.words[slot]);
        timeline.write_period(place, cells);
        cells.integer(count.tf);
        cells.integer(count.df);
        cells.integer(size.documents);
        cells.integer(size.tokens);
        cells.ratio(stats::per_million(count.tf, size.tokens));
        cells.share(stats::share(count.df, size.documents));
        write_interval(stats::wilson(count.df, size.documents), 4, cells);
        let sums = RateSums {
            documents: size.with_tokens,
            tokens: size.tokens,
            token_squares: size.token_squares,
            occurrences: count.tf,
            squares: count.squares,
            products: count.products,
        };
        write_interval(stats::ratio_interval(&sums).map(|(low, high)| (low * 1e6, high * 1e6)), 6, cells);
        self.shared.examples.write(self.inputs.corpus, count.example, cells);
    }

    fn dropped(&self) -> Vec<Dropped> {
        let rows = self.followed.left_out * self.shared.timeline.len() as u64;
        if rows == 0 { Vec::new() } else { vec![Dropped { option: "trends.top", rows }] }
    }

    fn note(&self) -> Option<String> {
        let missing = match self.followed.missing.join(", ") {
            none if none.is_empty() => String::new(),
            words => format!(
                "; of trends.terms these are no token anywhere, perhaps since they are cut in parts (the dictionary keeps a word whole): {words}"
            ),
        };
        Some(format!("{}{missing}", self.shared.timeline.note()))
    }

    fn warnings(&self) -> Vec<TableWarning> {
        self.shared.timeline.warning().into_iter().collect()
    }
}
