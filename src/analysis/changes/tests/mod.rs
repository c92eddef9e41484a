//! The counts by hand, and against a naive recount.

mod by_hand;
mod laws;
mod naive;

use std::sync::Arc;

use super::{Baseline, ChangeOptions, DocumentState, Retired, VanishedDocument, Withheld};
use crate::analysis::test_corpus::{Made, Setting, document, made};
use crate::analysis::{AnalysisOptions, Inputs, PeriodChoice, TrendOptions, shared};
use crate::source::{Date, DocId, Document};

const TAXONOMY: &str = "taxonomy = { id = \"t\", version = \"1\" }
[[theme]]
id = \"p\"
name = \"政策\"
kind = \"policy\"
[[theme]]
id = \"p.g\"
name = \"绿色发展\"
terms = [\"绿色\"]
[[theme]]
id = \"p.o\"
name = \"对外开放\"
terms = [\"开放\"]
[[theme]]
id = \"f\"
name = \"套话\"
kind = \"framing\"
[[theme]]
id = \"f.x\"
name = \"落实\"
terms = [\"落实\"]
";

/// What the table is made of: documents with their states, and texts that are gone.
#[derive(Clone, Default)]
struct Scene {
    /// Documents of today, each with what it is beside the baseline.
    now: Vec<(Document, Option<DocumentState>)>,
    retired: Vec<Document>,
    vanished: Vec<VanishedDocument>,
    unavailable: u64,
    withheld: Withheld,
    options: ChangeOptions,
    leave_out: Vec<String>,
    cuts: Vec<usize>,
}

impl Scene {
    /// The whole table. Where no document has a state there is no baseline.
    fn table(&self) -> Made {
        let options = AnalysisOptions {
            changes: self.options.clone(),
            leave_out: self.leave_out.clone(),
            trends: TrendOptions { period: PeriodChoice::Month, ..TrendOptions::default() },
            ..AnalysisOptions::default()
        };
        let setting = Setting { options, taxonomy: Some(TAXONOMY), list: None, cuts: &self.cuts };
        let now: Vec<Document> = self.now.iter().map(|(document, _)| document.clone()).collect();
        let states: Option<Vec<DocumentState>> = self.now.iter().map(|(_, state)| *state).collect();
        setting.with_inputs(&self.retired, |retired| {
            let Inputs { corpus, selection, word_tags, .. } = *retired;
            let retired = (!self.retired.is_empty()).then_some(Retired { corpus, selection, word_tags });
            let baseline = states.map(|documents| Baseline {
                documents,
                vanished: self.vanished.clone(),
                retired,
                unavailable: self.unavailable,
                withheld: self.withheld,
            });
            setting.with_inputs(&now, |inputs| {
                let inputs = Inputs { baseline: baseline.as_ref(), ..*inputs };
                made(&*super::build(&inputs, &Arc::new(shared(&inputs, &|_| ()))))
            })
        })
    }

    /// The rows of a comparison and kind without these two cells.
    fn rows(&self, comparison: &str, kind: &str) -> Vec<String> {
        let begin = format!("{comparison}|{kind}|");
        self.table().rows.iter().filter_map(|row| row.strip_prefix(&begin).map(str::to_string)).collect()
    }
}

fn id(path: &str) -> String {
    DocId::of(path, None).to_string()
}

/// A document with a text and a date.
fn text(path: &str, date: &str, body: &str) -> Document {
    document(path, date, "", body)
}

/// Ten, nine and one sentence: 39 tokens.
fn before() -> String {
    format!("{}{}增长 。", "开放 合作 。".repeat(10), "城市 发展 。".repeat(9))
}

/// Two documents of the baseline with 78 tokens in 40 sentences, and two new ones with 21 tokens in 11.
fn planted() -> Vec<(Document, Option<DocumentState>)> {
    let [c, d] = [format!("{}发展 。", "绿色 增长 。".repeat(5)), format!("{}增长 增长 。城市 发展 。", "绿色 增长 。".repeat(3))];
    vec![
        (text("a.txt", "2023-12-31", &before()), SAME),
        (text("b.txt", "2024-01-20", &before()), SAME),
        (text("c.txt", "2024-02-10", &c), NEW),
        (text("d.txt", "", &d), NEW),
    ]
}

const NEW: Option<DocumentState> = Some(DocumentState::New);
const SAME: Option<DocumentState> = Some(DocumentState::Same);
