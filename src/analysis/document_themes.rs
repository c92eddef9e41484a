//! document_themes.csv: what each document is about.

use std::ops::Range;
use std::sync::Arc;

use crate::stats;
use crate::table::{Cells, Column, Decimal, Definition, Table};
use crate::theme::Kind;

use super::document_rows::{self, DocumentRows, RowsOfDocument};
use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "document_themes",
    title_zh: "文档主题表",
    title_en: "Document themes",
    description: "One row for each theme with a score in a document, parents included: main themes first, the strongest first.",
    key: "doc_id, rank",
    columns: &[
        Column::text("doc_id", "文档编号", "Document id", "See documents."),
        Column::integer(
            "rank",
            "1 = first",
            "序号",
            "Rank",
            "Level ascending, then score descending, policy first, priority descending, order of the taxonomy.",
        ),
        Column::text("theme_id", "主题编号", "Theme id", "See themes."),
        Column::text("name", "主题", "Name", "See themes."),
        Column::integer("level", "1 = main theme", "层级", "Level", "See themes."),
        Column::integer("sentences", "sentences", "句数", "Sentences", "Coded sentences of the document."),
        Column::share(
            "sentence_share",
            "句子占比",
            "Sentence share",
            "sentences / sentences of the document with a policy theme; for framing and procedure / all its sentences; empty if there are none.",
        ),
        Column::decimal("score", "sum of weights", "得分", "Score", "Sum of contribution in theme_evidence over the document."),
    ],
    optional: &[],
};

struct Rows<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let rows = DocumentRows::new(inputs.corpus, |document| shared.themes.theme_count(document));
    document_rows::table(inputs.corpus, rows, Rows { inputs: *inputs, shared: Arc::clone(shared) })
}

impl RowsOfDocument for Rows<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn write(&self, document: usize, own: Range<usize>, cells: &mut dyn Cells) {
        let Some(tagger) = self.inputs.tagger() else { return };
        let of_document = self.shared.themes.document(document);
        for (rank, found) in (1..).zip(of_document.ranked.iter()).skip(own.start).take(own.len()) {
            let theme = &tagger.themes()[found.theme as usize];
            let base = if theme.kind == Kind::Policy { of_document.policy_sentences } else { of_document.sentences };
            cells.code(self.inputs.corpus.document(document).id.write(&mut [0; 13]));
            cells.integer(rank);
            cells.code(&theme.id);
            cells.text(&theme.name);
            cells.integer(theme.level as u64);
            cells.integer(found.sentences);
            cells.share(stats::share(found.sentences, base));
            cells.decimal(Some(Decimal::from_millionths(found.score)));
            cells.end_row();
        }
    }
}
