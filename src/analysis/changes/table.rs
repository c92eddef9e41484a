//! From two comparisons to the rows of changes.csv.

use std::sync::Arc;

use crate::analysis::examples::Examples;
use crate::analysis::group_counts::NO_GROUP;
use crate::analysis::{self, Inputs, Shared};
use crate::corpus::Corpus;
use crate::stats;
use crate::table::{Cells, Definition, Dropped, Table};

use super::columns::DEFINITION;
use super::counts::Counts;
use super::evidence::Example;
use super::inputs::{Baseline, Retired, Withheld};
use super::listed::{Found, Limits};
use super::rows::{Kind, Row, Side};
use super::sides::{Compared, Comparison, PREVIOUS, Size, Texts, by_period, by_run};
use super::{documents, entities, pairs, terms, themes};

/// Texts that the corpus no longer has, with what is counted of them.
struct RetiredTexts<'a> {
    inputs: Inputs<'a>,
    shared: Shared,
    /// All of them.
    of_document: Vec<u32>,
}

impl<'a> RetiredTexts<'a> {
    fn new(inputs: &Inputs<'a>, retired: &Retired<'a>) -> Self {
        let Retired { corpus, selection, word_tags } = *retired;
        let inputs = Inputs { corpus, selection, word_tags, baseline: None, ..*inputs };
        let shared = analysis::shared(&inputs, &|_| ());
        Self { inputs, shared, of_document: vec![PREVIOUS; corpus.document_count()] }
    }

    fn texts(&self) -> Texts<'_, 'a> {
        Texts { inputs: &self.inputs, shared: &self.shared, of_document: &self.of_document }
    }
}

struct Changes<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    retired: Option<RetiredTexts<'a>>,
    rows: Vec<Row>,
    /// Things kept out of the table by option, over both comparisons.
    rare: u64,
    in_few_documents: u64,
    beyond_top: u64,
    /// What was compared.
    remarks: Vec<String>,
}

pub(in crate::analysis) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let counted = inputs.baseline.filter(|baseline| baseline.withheld == Withheld::Nothing);
    let retired = counted.and_then(|baseline| baseline.retired.as_ref()).map(|retired| RetiredTexts::new(inputs, retired));
    let mut table = Changes {
        inputs: *inputs,
        shared: Arc::clone(shared),
        retired,
        rows: Vec::new(),
        rare: 0,
        in_few_documents: 0,
        beyond_top: 0,
        remarks: Vec::new(),
    };
    match inputs.baseline {
        Some(baseline) => table.compare_runs(baseline),
        None => table.remarks.push("run: no earlier run is known, so there is nothing to compare with".to_string()),
    }
    table.compare_periods();
    Row::sort(&mut table.rows);
    Box::new(table)
}

impl Changes<'_> {
    fn compare_runs(&mut self, baseline: &Baseline<'_>) {
        let why = match baseline.withheld {
            Withheld::Nothing => None,
            Withheld::Counts => {
                Some("too much of the baseline is no longer at hand or was counted otherwise, so there are rows of documents only")
            }
            Withheld::All => Some("which copies are left out is decided otherwise than in the baseline, so nothing is compared with it"),
        };
        if baseline.withheld != Withheld::All {
            self.rows.extend(documents::rows(&self.inputs, &self.shared, baseline));
        }
        if let Some(why) = why {
            self.remarks.push(format!("run: {why}"));
            return;
        }
        let of_document = by_run(&self.inputs, baseline);
        let missing = match baseline.unavailable {
            0 => String::new(),
            texts => format!(" but for {texts} whose text of then is no longer at hand"),
        };
        let asked = ["documents that are new or edited since the baseline".to_string(), format!("the documents of the baseline{missing}")];
        self.compare(Comparison::Run, &of_document, asked);
    }

    fn compare_periods(&mut self) {
        match by_period(&self.inputs, &self.shared) {
            Some((of_document, asked)) => self.compare(Comparison::Period, &of_document, asked),
            None => self.remarks.push("period: fewer than two periods have documents, so there is nothing to compare".to_string()),
        }
    }

    fn compare(&mut self, comparison: Comparison, of_document: &[u32], asked: [String; 2]) {
        let (inputs, shared) = (self.inputs, Arc::clone(&self.shared));
        let retired = self.retired.as_ref().filter(|_| comparison == Comparison::Run).map(RetiredTexts::texts);
        let corpus = Texts { inputs: &inputs, shared: &shared, of_document };
        let compared = Compared { comparison, corpus, retired };
        let sizes = compared.sizes();
        let neither = of_document.iter().filter(|side| **side == NO_GROUP).count();
        self.remarks.push(remark(comparison, &asked, sizes, neither));
        if sizes.iter().any(|size| size.tokens == 0) {
            return;
        }
        let limits = Limits::new(&inputs.options.changes);
        let found = [
            terms::find(&compared, limits),
            pairs::find(&compared, limits),
            themes::find(&compared, limits),
            entities::find(&compared, limits),
        ];
        found.into_iter().for_each(|found| self.add(found));
    }

    fn add(&mut self, found: Found) {
        self.rows.extend(found.rows);
        self.rare += found.rare;
        self.in_few_documents += found.in_few_documents;
        self.beyond_top += found.beyond_top;
    }
}

/// What was compared, in documents and tokens.
fn remark(comparison: Comparison, asked: &[String; 2], sizes: [Size; 2], neither: usize) -> String {
    let [current, previous] = [0, 1].map(|side| {
        let Size { documents, tokens } = sizes[side];
        format!("{} ({documents} {}, {tokens} tokens)", asked[side], if documents == 1 { "document" } else { "documents" })
    });
    let left_out = match neither {
        0 => String::new(),
        1 => "; 1 document is on neither side".to_string(),
        many => format!("; {many} documents are on neither side"),
    };
    let empty = ["current", "previous"].into_iter().zip(sizes).find(|(_, size)| size.tokens == 0);
    let nothing = empty.map(|(name, _)| format!("; the {name} side holds no token, so there is nothing to compare"));
    format!("{}: current: {current}; previous: {previous}{left_out}{}", comparison.as_str(), nothing.unwrap_or_default())
}

impl Table for Changes<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let row = &self.rows[row];
        cells.code(row.comparison.as_str());
        cells.code(row.kind.as_str());
        cells.text(&row.key);
        if row.name.is_empty() {
            cells.empty()
        } else {
            cells.text(&row.name)
        }
        cells.code(row.status.as_str());
        write_numbers(row, cells);
        cells.date(row.first_date.as_ref().map(|date| date as &dyn std::fmt::Display));
        let of_corpus = |rank| (&*self.shared.examples, self.inputs.corpus, rank);
        let example: Option<(&Examples, &Corpus, u32)> = match row.example {
            Example::None => None,
            Example::OfCorpus(rank) => Some(of_corpus(rank)),
            Example::OfRetired(rank) => self.retired.as_ref().map(|texts| (&*texts.shared.examples, texts.inputs.corpus, rank)),
        };
        match example {
            Some((examples, corpus, rank)) => examples.write(corpus, rank, cells),
            None => (0..3).for_each(|_| cells.empty()),
        }
    }

    fn dropped(&self) -> Vec<Dropped> {
        let all = [
            ("changes.top", self.beyond_top),
            ("changes.min_count (not tested)", self.rare),
            ("changes.min_documents (not tested)", self.in_few_documents),
        ];
        all.into_iter().filter(|(_, rows)| *rows > 0).map(|(option, rows)| Dropped { option, rows }).collect()
    }

    fn note(&self) -> Option<String> {
        Some(self.remarks.join("; "))
    }
}

/// Counts, rates and measures.
fn write_numbers(row: &Row, cells: &mut dyn Cells) {
    let sides = [row.previous, row.current];
    for Side { count, total, .. } in sides {
        cells.integer(count);
        cells.optional_integer(total);
    }
    sides.into_iter().for_each(|side| cells.optional_integer(side.documents));
    let has_share = !matches!(row.kind, Kind::Term | Kind::Document);
    for Side { count, total, .. } in sides {
        cells.ratio(total.filter(|_| row.kind == Kind::Term).and_then(|total| stats::per_million(count, total)));
    }
    for Side { count, total, .. } in sides {
        cells.share(total.filter(|_| has_share).and_then(|total| stats::share(count, total)));
    }
    let totals = row.current.total.zip(row.previous.total);
    let counts = totals.map(|(current_total, previous_total)| Counts {
        current: row.current.count,
        current_total,
        previous: row.previous.count,
        previous_total,
    });
    cells.number(row.g2);
    cells.number(counts.and_then(|counts| counts.log_ratio()));
    cells.number(row.q_value);
}
