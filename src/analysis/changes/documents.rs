//! Documents that are new, were edited, or are gone. All have a row, since they are what was compared.

use crate::analysis::{Inputs, Shared};
use crate::source::{Date, DocId};

use super::counts::Status;
use super::evidence::Example;
use super::inputs::{Baseline, DocumentState};
use super::rows::{Kind, Row, Side};
use super::sides::Comparison;

/// The rows of documents.
pub fn rows(inputs: &Inputs<'_>, shared: &Shared, baseline: &Baseline<'_>) -> Vec<Row> {
    let documents = inputs.corpus.documents();
    let there = documents.zip(&baseline.documents).enumerate().filter_map(|(number, (document, state))| {
        let (status, previous) = match state {
            DocumentState::New => (Status::New, 0),
            DocumentState::Changed { previous_tokens } => (Status::Changed, *previous_tokens),
            DocumentState::Same => return None,
        };
        Some(row((document.id, &document.title, document.date), status, [shared.term_documents.tokens(number), previous]))
    });
    let gone = baseline.vanished.iter().map(|gone| row((gone.id, &gone.title, gone.date), Status::Vanished, [0, gone.tokens]));
    there.chain(gone).collect()
}

fn row((id, title, date): (DocId, &str, Option<Date>), status: Status, [current, previous]: [u64; 2]) -> Row {
    Row {
        comparison: Comparison::Run,
        kind: Kind::Document,
        key: id.to_string(),
        name: title.trim().to_string(),
        status,
        current: Side { count: current, ..Side::default() },
        previous: Side { count: previous, ..Side::default() },
        g2: None,
        q_value: None,
        first_date: date,
        example: Example::None,
    }
}
