//! sentence_themes.csv: every sentence that has a theme, with its text.

use std::ops::Range;
use std::sync::Arc;

use crate::table::{Cells, Column, Decimal, Definition, Table};

use super::document_rows::{self, DocumentRows, RowsOfDocument};
use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "sentence_themes",
    title_zh: "句子主题表",
    title_en: "Sentence themes",
    description: "One row a sentence with at least one theme.",
    key: "doc_id, sentence_no",
    columns: &[
        Column::text("doc_id", "文档编号", "Document id", "See documents."),
        Column::integer("paragraph_no", "1 = first", "段号", "Paragraph", "Paragraph number in the document; the title is paragraph 1."),
        Column::integer("sentence_no", "1 = first", "句号", "Sentence", "Sentence number in the document; the title is sentence 1."),
        Column::text("primary_theme", "首要主题", "Primary theme", "The first of themes."),
        Column::text(
            "themes",
            "主题",
            "Themes",
            "Coded leaf themes joined by ;, highest score first, then policy, priority, order of the taxonomy.",
        ),
        Column::decimal("score", "sum of weights", "得分", "Score", "Score of the primary theme in this sentence."),
        Column::text("sentence", "句子", "Sentence text", "The sentence as written."),
    ],
    optional: &[],
};

struct Rows<'a> {
    inputs: Inputs<'a>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, _: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let corpus = inputs.corpus;
    let rows = DocumentRows::new(corpus, |document| corpus.theme_rows(inputs.taxonomy, document).1);
    document_rows::table(corpus, rows, Rows { inputs: *inputs })
}

impl RowsOfDocument for Rows<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn write(&self, document: usize, own: Range<usize>, cells: &mut dyn Cells) {
        let Some(tagger) = self.inputs.tagger() else { return };
        let document = self.inputs.corpus.document_text(document);
        let shard = document.shard();
        // None of them is there if they could not be read; the run then ends with that.
        for coded in document.coded(self.inputs.taxonomy).get(own).unwrap_or_default() {
            let sentence = &shard.sentences[coded.sentence as usize];
            let ids: Vec<&str> = coded.themes.iter().map(|(theme, _)| tagger.themes()[*theme as usize].id.as_str()).collect();
            cells.code(shard.documents[document.number()].id.write(&mut [0; 13]));
            cells.integer(u64::from(sentence.paragraph));
            cells.integer(u64::from(sentence.number));
            cells.text(ids.first().copied().unwrap_or_default());
            cells.text(&ids.join(";"));
            cells.decimal(coded.themes.first().map(|(_, score)| Decimal::from_millionths(*score)));
            cells.text(shard.sentence_text(coded.sentence as usize));
            cells.end_row();
        }
    }
}
