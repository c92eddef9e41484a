//! Hits as a table, so that a concordance has the same cells and the same guards as every other.

use crate::table::{Cells, Column, Definition, Table};

use super::hit::Hit;

/// Columns and order of a concordance.
pub static DEFINITION: Definition = Definition {
    name: "kwic",
    title_zh: "语境共现（KWIC）",
    title_en: "Concordance",
    description: "One row a hit: what was looked for, in its context, and where it stands.",
    key: "as asked for with --sort; path, record, sentence_no and start by default",
    columns: &[
        Column::text(
            "left",
            "左侧语境",
            "Left",
            "The characters before the hit as written, across the borders of sentences; the end of a paragraph is shown as ¶, other white space as one space. A title has no context outside it. Empty at the beginning of the text.",
        ),
        Column::text("node", "节点", "Node", "The hit as written; with --near all from the one word to the other."),
        Column::text("right", "右侧语境", "Right", "The characters behind the hit, like left. Empty at the end of the text."),
        Column::text("doc_id", "文档编号", "Document id", "As in documents.csv."),
        Column::text("path", "路径", "Path", "Source file relative to its input folder."),
        Column::integer("record", "1 = first", "记录号", "Record", "Record number in its file; empty for a file of one document."),
        Column::date("date", "日期", "Date", "Publication date of the document; empty if unknown."),
        Column::text("title", "标题", "Title", "Title of the document; empty if it has none."),
        Column::text("source", "来源", "Source", "Agency or issuing body; empty if none is stated."),
        Column::integer("paragraph_no", "1 = first", "段落号", "Paragraph", "Paragraph in the document; the title is paragraph 1."),
        Column::integer("sentence_no", "1 = first", "句号", "Sentence number", "Sentence in the document; the title is sentence 1."),
        Column::integer(
            "start",
            "Unicode characters",
            "起始位置",
            "Start",
            "Characters of the whole sentence before the hit: MID(sentence, start+1, LEN(node)) = node, where no guard stands before the sentence. Of a sentence above 1,000 characters only a window is written, and there MID(sentence, MIN(start, 301)+1, LEN(node)) = node.",
        ),
        Column::text(
            "sentence",
            "句子",
            "Sentence",
            "The whole sentence as written, up to 1,000 characters. Of a longer one a window: the hit with at most 300 characters before it and 300 behind it, … where the sentence goes on.",
        ),
    ],
    optional: &[],
};

/// Hits in the order in which they are listed: all of them, or one part after the other.
#[derive(Debug, Default)]
pub struct Concordance {
    pub(super) hits: Vec<Hit>,
    pub(super) context: usize,
}

/// The texts of a hit for people: context, node, and where that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The text before the hit.
    pub left: String,
    /// The hit.
    pub node: String,
    /// The text behind it.
    pub right: String,
    /// Date of the document, or empty.
    pub date: String,
    /// Its path, with `#` and the record number where it is a record.
    pub place: String,
}

impl Concordance {
    /// A hit as a person reads it.
    pub fn line(&self, row: usize) -> Line {
        let hit = &self.hits[row];
        let document = &hit.document;
        Line {
            left: hit.left(self.context),
            node: hit.node().to_string(),
            right: hit.right(self.context),
            date: document.date.map(|date| date.to_string()).unwrap_or_default(),
            place: document.record.map_or_else(|| document.path.to_string(), |record| format!("{}#{record}", document.path)),
        }
    }
}

impl Table for Concordance {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.hits.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let hit = &self.hits[row];
        let (document, place) = (&hit.document, &hit.place);
        cells.text(&hit.left(self.context));
        cells.text(hit.node());
        cells.text(&hit.right(self.context));
        cells.code(document.id.write(&mut [0; 13]));
        cells.text(&document.path);
        cells.optional_integer(document.record);
        cells.date(document.date.as_ref().map(|date| date as &dyn std::fmt::Display));
        cells.text(&document.title);
        cells.text(&document.source);
        cells.integer(u64::from(place.paragraph));
        cells.integer(u64::from(place.number));
        cells.integer(u64::from(place.start));
        cells.text(&hit.shown_sentence());
    }
}
