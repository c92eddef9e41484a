//! duplicates.csv: which documents repeat another, how far, and where they differ.

use crate::corpus::{Copies, CopyKind, DocumentCopy};
use crate::table::{Cells, Column, Definition, Table};

use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "duplicates",
    title_zh: "重复文档表",
    title_en: "Duplicates",
    description: "One row a document that repeats another, word for word, nearly, or as a part of it. The document that it repeats is kept and has no row of its own: a group is the kept document and all rows with its id. Every copy is compared with the kept document itself, so a chain of small changes falls into several groups. Pairs to compare are found by passages of 25 characters that both hold, as about a third of those of the copy must be that other texts hold too (always so at the default thresholds, not at lower ones); where a passage stands in more than 16 kept documents it leads to the first 16 only, so in collections made of the same few phrases some copies are not found. A near copy that loses the text it was like, since that stands in a longer one, is compared with all others again, three times over.",
    key: "group, similarity descending, doc_id",
    columns: &[
        Column::text("group", "组", "Group", "g and the hex digits of the doc_id of the kept document: equal for all copies of one text."),
        Column::text("doc_id", "文档编号", "Document id", "The copy; see documents. With duplicates.collapse it has no row there."),
        Column::text(
            "kept_doc_id",
            "保留文档编号",
            "Kept document id",
            "The document that it repeats: of exact and near copies the earliest in the order of documents (date, undated last; path; record), of contained ones the longer. It repeats no other. Near copies are told before contained ones. If it repeats several, the most similar of those that were compared, then the earliest: at most 8 are compared, those that share most passages, and near copies of a text that itself stands in a longer one are given to that longer one.",
        ),
        Column::text(
            "kind",
            "类型",
            "Kind",
            "exact: the same characters in the same order, after normalisation (width, script), white space aside. near: similarity at least duplicates.near (a copy of a near copy that is word for word the same is near too). contained: at least duplicates.contained of it stands in a longer document.",
        ),
        Column::decimal(
            "similarity",
            "share (0 to 1)",
            "相似度",
            "Similarity",
            "exact: 1. near: resemblance |A ∩ B| / |A ∪ B| = shared_shingles / (shingles + kept_shingles − shared_shingles). contained: containment |A ∩ B| / |A| = shared_shingles / shingles. A, B = sets of the strings of 5 characters of copy and kept document, title and body as one text, normalised, in the script in which it is counted, without white space. Jaccard 1912; Broder 1997.",
        ),
        Column::text("path", "路径", "Path", "Of the copy; see documents."),
        Column::integer("record", "1 = first", "记录号", "Record", "Of the copy; see documents."),
        Column::text("title", "标题", "Title", "Of the copy; empty if none."),
        Column::date("date", "日期", "Date", "Of the copy; empty if not stated in full."),
        Column::text("source", "来源", "Source", "Of the copy; empty if not stated."),
        Column::text("kept_path", "保留文档路径", "Kept path", "Path of the kept document."),
        Column::integer(
            "kept_record",
            "1 = first",
            "保留文档记录号",
            "Kept record",
            "Record of the kept document; empty for a file that is one document.",
        ),
        Column::text("kept_title", "保留文档标题", "Kept title", "Title of the kept document; empty if none."),
        Column::date("kept_date", "保留文档日期", "Kept date", "Date of the kept document; empty if not stated in full."),
        Column::text("kept_source", "保留文档来源", "Kept source", "Source of the kept document; empty if not stated."),
        Column::integer(
            "shared_shingles",
            "distinct strings of 5 characters",
            "共有五字串",
            "Shared shingles",
            "Different strings of 5 characters that both hold: |A ∩ B|.",
        ),
        Column::integer("shingles", "distinct strings of 5 characters", "五字串", "Shingles", "Those of the copy: |A|."),
        Column::integer(
            "kept_shingles",
            "distinct strings of 5 characters",
            "保留文档五字串",
            "Kept shingles",
            "Those of the kept document: |B|.",
        ),
        Column::text(
            "only_here",
            "仅见于副本",
            "Only in the copy",
            "The longest passage of the copy of which no character stands in a shared string, at most 60 characters and … for the rest; the first of equal ones. Normalised, without white space. Empty if there is none.",
        ),
        Column::text(
            "only_kept",
            "仅见于保留文档",
            "Only in the kept document",
            "The same of the kept document. Empty if there is none, and for kind contained, where it would be the longer text itself.",
        ),
    ],
    optional: &[],
};

struct Duplicates<'a> {
    copies: &'a Copies,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, _: &std::sync::Arc<Shared>) -> Box<dyn Table + 'a> {
    Box::new(Duplicates { copies: inputs.corpus.copies() })
}

impl Table for Duplicates<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.copies.rows().len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let copy = &self.copies.rows()[row];
        let mut id = [0; 13];
        let kept_id = copy.kept.id.write(&mut id);
        cells.code(&format!("g{}", &kept_id[1..]));
        cells.code(copy.document.id.write(&mut [0; 13]));
        cells.code(kept_id);
        cells.code(copy.kind.as_str());
        cells.ratio(copy.similarity());
        write_origin(copy, cells);
        let overlap = copy.overlap;
        cells.integer(overlap.shared);
        cells.integer(overlap.a);
        cells.integer(overlap.b);
        cells.text(&copy.only_here);
        cells.text(&copy.only_kept);
    }

    fn note(&self) -> Option<String> {
        let rows = self.copies.rows();
        let count = |kind: CopyKind| rows.iter().filter(|row| row.kind == kind).count();
        let groups = rows.chunk_by(|a, b| a.kept.id == b.kept.id).count();
        Some(format!(
            "{} documents were compared; {} of them repeat one of {groups} others: {} exact, {} near, {} contained. {} are shorter than \
             duplicates.min_shingles and were only compared for being the same",
            self.copies.document_count(),
            rows.len(),
            count(CopyKind::Exact),
            count(CopyKind::Near),
            count(CopyKind::Contained),
            self.copies.too_short(),
        ))
    }
}

/// Where copy and kept document come from.
fn write_origin(copy: &DocumentCopy, cells: &mut dyn Cells) {
    for document in [&copy.document, &*copy.kept] {
        cells.text(&document.path);
        cells.optional_integer(document.record);
        cells.text(&document.title);
        cells.date(document.date.as_ref().map(|date| date as &dyn std::fmt::Display));
        cells.text(&document.source);
    }
}
