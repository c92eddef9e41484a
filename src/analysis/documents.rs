//! documents.csv: every document with its origin, its sizes and its main theme.

use std::sync::Arc;

use crate::corpus::CopyKind;
use crate::stats::Ratio;
use crate::table::{Cells, Column, Definition, Table};

use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "documents",
    title_zh: "文档表",
    title_en: "Documents",
    description: "One row a document: where it comes from, how large it is, and what it is mainly about.",
    key: "date (undated last), path, record",
    columns: &[
        Column::text(
            "doc_id",
            "文档编号",
            "Document id",
            "d and 12 hex digits of the BLAKE3 hash of the path, followed by # and the record key where a file holds several records. Stays when the document is edited.",
        ),
        Column::text(
            "path",
            "路径",
            "Path",
            "Source file relative to its input folder; archive.zip/name for a file in an archive, book.xlsx/sheet for a further sheet of a workbook.",
        ),
        Column::integer(
            "record",
            "1 = first",
            "记录号",
            "Record",
            "Record number in the file: the line in .jsonl, the data row in .csv, the element in .json, in a workbook the row as the program shows it; empty for a file that is one document.",
        ),
        Column::text("title", "标题", "Title", "Title as found; empty if none."),
        Column::date("date", "日期", "Date", "Publication date; empty if not stated in full."),
        Column::text("source", "来源", "Source", "Issuing body or agency where stated."),
        Column::text(
            "encoding",
            "编码",
            "Encoding",
            "Encoding the file was read in; empty for kinds of files that are not made of characters (Word, PDF, workbooks).",
        ),
        Column::integer(
            "characters",
            "characters",
            "字符数",
            "Characters",
            "Unicode characters of the normalised body, white space and the title left out.",
        ),
        Column::integer("sentences", "sentences", "句数", "Sentences", "Sentences, the title counted as one."),
        Column::integer(
            "tokens",
            "tokens",
            "词数",
            "Tokens",
            "Words of the segmented text, stop words included, punctuation not; the title is included.",
        ),
        Column::integer("terms", "occurrences", "有效词数", "Terms", "Tokens kept by the term filter."),
        Column::integer("distinct_terms", "terms", "不同有效词数", "Distinct terms", "Different terms."),
        Column::text(
            "primary_theme",
            "主要主题",
            "Primary theme",
            "Main theme of kind policy with the highest score; without one, of any kind; empty if none.",
        ),
        Column::text(
            "duplicate_of",
            "重复于",
            "Duplicate of",
            "doc_id of the earlier document (in the order of this table) of which this one is an exact or near copy, see duplicates; else empty. Copies are counted; with duplicates.collapse they are left out, and this column is empty.",
        ),
        Column::text(
            "content_hash",
            "内容哈希",
            "Content hash",
            "b and 16 hex digits of the BLAKE3 hash of the decoded text: title, line feed and body as far as they are there, without metadata lines and without blanks at the ends. Equal for equal text, whatever the format.",
        ),
        Column::text(
            "format",
            "格式",
            "Format",
            "Kind of file it was read from: text, markdown, html, docx, rtf, pdf, workbook, csv, json, jsonl.",
        ),
        Column::share(
            "encoding_confidence",
            "编码可信度",
            "Encoding confidence",
            "How sure the encoding is, 0 to 1. 1 = a byte-order mark, the configuration, or UTF-8 without damage; in damaged UTF-8 the share of good sequences among those of more than one byte; in GB18030 and Big5 the share of characters from the rows of frequent ones, halved where a second detector names another encoding. Rounded down. Empty where no encoding was read.",
        ),
        Column::integer(
            "replaced",
            "characters",
            "替换字符数",
            "Replaced",
            "Characters of the body that could not be decoded or were destroyed before the file was written (U+FFFD). They are no tokens.",
        ),
        Column::text(
            "document_number",
            "发文字号",
            "Document number",
            "Number of an official document as its own, such as 国办发〔2024〕1号, brackets written as 〔〕; empty if none is stated.",
        ),
        Column::text("issuing_body", "发文机关", "Issuing body", "The body that issued it, as stated; empty if none is."),
        Column::text("place", "电头地点", "Place", "Place of the dateline (新华社上海11月30日电); empty without one."),
        Column::text(
            "script",
            "计数字形",
            "Script",
            "How its characters are counted: original, as written; simplified, traditional characters as their simplified forms (text.simplify). What is quoted is always as written.",
        ),
    ],
    optional: &[],
};

struct Documents<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    /// Document numbers in row order.
    order: Vec<u32>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let order = inputs.corpus.documents_by_date();
    Box::new(Documents { inputs: *inputs, shared: Arc::clone(shared), order })
}

impl Table for Documents<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.order.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let corpus = self.inputs.corpus;
        let number = self.order[row] as usize;
        let document = corpus.document(number);
        cells.code(document.id.write(&mut [0; 13]));
        cells.text(&document.path);
        cells.optional_integer(document.record);
        cells.text(&document.title);
        cells.date(document.date.as_ref().map(|date| date as &dyn std::fmt::Display));
        cells.text(&document.source);
        cells.text(document.encoding);
        cells.integer(document.characters);
        cells.integer(u64::from(document.sentence_end - document.sentence_start));
        cells.integer(self.shared.term_documents.tokens(number));
        cells.integer(self.shared.term_documents.terms(number));
        cells.integer(self.shared.term_documents.row_len(number) as u64);
        match self.inputs.tagger().and_then(|tagger| self.shared.themes.primary_theme(number, tagger)) {
            Some(theme) => cells.text(theme),
            None => cells.empty(),
        }
        match corpus.copies().kept_for(document.id) {
            Some((kept, CopyKind::Exact | CopyKind::Near)) => cells.code(kept.write(&mut [0; 13])),
            Some((_, CopyKind::Contained)) | None => cells.empty(),
        }
        cells.text(&document.content_hash.to_string());
        cells.code(document.format);
        cells.share(document.confidence.and_then(|confidence| Ratio::new(confidence, 10_000u32)));
        cells.integer(document.replaced);
        cells.text(&document.document_number);
        cells.text(&document.issuing_body);
        cells.text(&document.place);
        cells.code(if document.simplified { "simplified" } else { "original" });
    }
}
