use std::fs;

use super::*;
use crate::report::write_table;
use crate::table::{Cell, Cells, Column, ListedTable, Table};

const DOC_ID: Column = Column::text("doc_id", "文档编号", "", "");
const SENTENCE_NO: Column = Column::integer("sentence_no", "", "句号", "", "");
const THEME_ID: Column = Column::text("theme_id", "主题编号", "", "");

const fn definition(name: &'static str, key: &'static str, columns: &'static [Column]) -> Definition {
    Definition { name, title_zh: "", title_en: "", description: "", key, columns, optional: &[] }
}

const fn integer(name: &'static str) -> Column {
    Column::integer(name, "", name, "", "")
}

static DOCUMENTS: Definition = definition(
    "documents",
    "date (undated last), path",
    &[DOC_ID, Column::text("path", "路径", "", ""), Column::date("date", "日期", "", ""), integer("tokens")],
);
static THEMES: Definition = definition("themes", "order of the taxonomy", &[THEME_ID, Column::text("name", "名", "", "")]);
static SENTENCES: Definition = definition(
    "sentence_themes",
    "doc_id, sentence_no",
    &[DOC_ID, SENTENCE_NO, Column::text("primary_theme", "首要主题", "", ""), Column::decimal("score", "", "得分", "", "")],
);
static EVIDENCE: Definition = definition(
    "theme_evidence",
    "doc_id, sentence_no, start, theme_id, pattern",
    &[
        DOC_ID,
        SENTENCE_NO,
        THEME_ID,
        Column::text("pattern", "规则", "", ""),
        integer("start"),
        Column::decimal("contribution", "", "贡献", "", ""),
    ],
);
static PAIRS: Definition = definition(
    "cooccurrence",
    "g2 descending (undefined last), term_a",
    &[Column::text("term_a", "甲", "", ""), integer("n_ab"), integer("n_a"), integer("n_b"), Column::text("example_doc_id", "例", "", "")],
);
static QUARANTINE: Definition = definition("quarantine", "path, record", &[Column::text("path", "路径", "", "")]);
static DUPLICATES: Definition = definition("duplicates", "group, similarity descending, doc_id", &[DOC_ID]);

/// A table of rows written as `a|b|c`.
struct Sheet {
    suffix: Option<&'static str>,
    table: ListedTable,
}

impl Sheet {
    fn new(definition: &'static Definition, suffix: Option<&'static str>, rows: impl IntoIterator<Item = String>) -> Self {
        let cells = |row: String| row.split('|').map(Cell::of).collect();
        Self { suffix, table: ListedTable::new(definition, rows.into_iter().map(cells).collect()) }
    }
}

impl Table for Sheet {
    fn definition(&self) -> &'static Definition {
        self.table.definition()
    }
    fn suffix(&self) -> Option<&str> {
        self.suffix
    }
    fn row_count(&self) -> usize {
        self.table.row_count()
    }
    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        self.table.write_row(row, cells);
    }
}

struct Report {
    folder: tempfile::TempDir,
    tables: Vec<(&'static Definition, WrittenTable)>,
    facts: Facts,
    options: ReportOptions,
}

impl Report {
    /// Tables with at most two rows a file.
    fn small(options: ReportOptions) -> Self {
        let rows = |definition, suffix, rows: &str| Sheet::new(definition, suffix, rows.split_whitespace().map(String::from));
        let sheets = [
            rows(&QUARANTINE, None, "x x"),
            rows(&DUPLICATES, None, "d00000000000f"),
            rows(&PAIRS, None, "=甲|2|2|3|d000000000002 乙|1|1|1| 丙,\"丁\"|0|0|0|"),
            rows(
                &EVIDENCE,
                None,
                "d000000000001|1|eco.trade|一|0|0.500000 d000000000001|1|eco.trade|二|0|0.000000 d000000000001|1|eco.trade|二|9|1.000000 \
                 d000000000001|10|eco|一|0|0.250000 d000000000002|3|eco|一|0|2.000000 d000000000002|3|eco.trade|一|0|0.100000",
            ),
            rows(&SENTENCES, None, "d000000000001|1|eco.trade|1.500000 d000000000001|10|eco|0.250000 d000000000002|3|eco|2.000000"),
            rows(&SENTENCES, Some("b"), "d000000000001|1|other|7.000000"),
            rows(&EVIDENCE, Some("b"), "d000000000001|1|other|一|0|7.000000"),
            rows(&THEMES, Some("b"), "other|他"),
            rows(&SENTENCES, Some("no_evidence"), "d000000000001|1|other|7.000000"),
            rows(&EVIDENCE, Some("no_evidence"), ""),
            rows(&THEMES, None, "eco|经济 eco.trade|贸易"),
            rows(&DOCUMENTS, None, "d000000000002|b|2024-01-31|5 d000000000001|a||7 d000000000003|a||0"),
        ];
        Self::written(sheets, Facts { tokens: 12, documents: 3, quarantine_rows: 2 }, options, 2)
    }

    fn written(sheets: impl IntoIterator<Item = Sheet>, facts: Facts, options: ReportOptions, rows_per_file: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |sheet: &Sheet| (sheet.definition(), write_table(sheet, &options, folder.path(), rows_per_file).unwrap());
        let tables = sheets.into_iter().map(|sheet| write(&sheet)).collect();
        Self { folder, tables, facts, options }
    }

    fn check(&self) -> Result<(), String> {
        let tables: Vec<_> = self.tables.iter().map(|(definition, file)| Expected { definition, file }).collect();
        self_check(self.folder.path(), &tables, &self.facts, &self.options).map_err(|error| error.to_string())
    }

    /// Puts bytes in the place of the first equal to others, and tells the table the new size.
    fn damage(&mut self, name: &str, from: &[u8], to: &[u8]) {
        let path = self.folder.path().join(name);
        let bytes = fs::read(&path).unwrap();
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        let damaged = [&bytes[..at], to, &bytes[at + from.len()..]].concat();
        self.file(name).bytes = damaged.len() as u64;
        fs::write(path, damaged).unwrap();
    }

    fn file(&mut self, name: &str) -> &mut crate::report::CsvFile {
        self.tables.iter_mut().flat_map(|(_, table)| &mut table.files).find(|file| file.name == name).unwrap()
    }
}

/// A file, bytes of it, what stands in their place, and the beginning of what must be said: a place and what is expected there.
type Damage<'a> = (&'a str, &'a [u8], &'a [u8], &'a str, &'a str);

fn assert_said(damages: &[Damage<'_>]) {
    for (name, from, to, place, expected) in damages {
        let mut report = Report::small(ReportOptions::default());
        report.damage(name, from, to);
        let (said, expected) = (report.check().unwrap_err(), format!("{place}: expected {expected}"));
        assert!(said.starts_with(&expected), "{said}\n{expected}");
    }
}

#[test]
fn a_report_is_right_in_every_flavor() {
    for flavor in [Flavor::Spreadsheet, Flavor::Plain, Flavor::Zh] {
        for formula_guard in [crate::report::FormulaGuard::On, crate::report::FormulaGuard::Off] {
            Report::small(ReportOptions { flavor, formula_guard, ..ReportOptions::default() }).check().unwrap();
        }
    }
}

#[test]
fn damage_in_a_file_is_found_with_its_line() {
    let (documents, rest, pairs, bad) = ("documents.csv", "documents.part-0002.csv", "cooccurrence.csv", "quarantine.csv");
    let names = "the header `doc_id,path,date,tokens`, found `doc_id,Path,date,tokens`";
    let (line_three, character) = ("cooccurrence.csv:3", "乙".as_bytes());
    assert_said(&[
        (documents, b"path", b"Path", "documents.csv:1", names),
        (documents, b"\xEF\xBB\xBF", b"", "documents.csv:1", "the header"),
        (documents, b"1,a,,7", b"1,a,7", "documents.csv:3", "4 cells, found 3 in `d000000000001,a,7`"),
        (rest, b",0\r", b",0,\r", "documents.part-0002.csv:2", "4 cells, found 5"),
        (documents, b",5\r", b",05\r", "documents.csv:2", "tokens: a whole number of at most 15 digits or nothing, found `05`"),
        (documents, b"01-31", b"00-31", "documents.csv:2", "date: a date as YYYY-MM-DD or nothing, found `2024-00-31`"),
        ("sentence_themes.csv", b"1.500000", b"1.50000", "sentence_themes.csv:2", "score: a number with 6 digits after the point"),
        ("cooccurrence.part-0002.csv", b"\"\"\",", b"\"\",", "cooccurrence.part-0002.csv:2", ""),
        (pairs, character, &character[..2], line_three, "UTF-8, found the bytes E4 B9 2C 31"),
        (pairs, character, b"\0", line_three, "no line break and no control character in a cell, found `\\0,1"),
        (pairs, character, b"\r", line_three, "no line break"),
        (pairs, character, "\u{2028}".as_bytes(), line_three, "no line break"),
        (bad, b"x\r\nx\r\n", b"x\r\nx\n", "quarantine.csv:3", "CR LF at the end of the line, found LF alone"),
        (bad, b"x\r\nx\r\n", b"x\r\nx", "quarantine.csv:3", "a line end behind the last row, found `x`"),
    ]);
    let mut plain = Report::small(ReportOptions { flavor: Flavor::Plain, ..ReportOptions::default() });
    plain.damage(bad, b"x\nx\n", b"x\nx\r\n");
    assert_eq!(plain.check().unwrap_err(), "quarantine.csv:3: expected LF alone at the end of the line, found CR LF");
}

#[test]
fn tables_that_contradict_each_other_are_found() {
    let (documents, evidence, part) = ("documents.part-0002.csv", "theme_evidence.csv", "theme_evidence.part-0003.csv");
    let (documents_end, sum) = ("documents.part-0002.csv:2", "score: the sum of contribution of the sentence and theme in");
    let no_theme = "theme_id: an id of the table of themes, found `other`";
    assert_said(&[
        (documents, b",0\r", b",1\r", documents_end, "12 tokens in all, found 13"),
        (documents, b"003", b"002", documents_end, "each doc_id once, found `d000000000002`"),
        (documents, b"003", b"03", documents_end, "doc_id: d and 12 hex digits, found `d00000000003`"),
        ("cooccurrence.csv", b"2,2,3", b"3,2,3", "cooccurrence.csv:2", "n_ab: at most 2, the smaller of n_a and n_b, found 3"),
        ("cooccurrence.csv", b"2\r", b"4\r", "cooccurrence.csv:2", "example_doc_id: an id of documents.csv, found `d000000000004`"),
        (evidence, b"d000000000001", b"", "theme_evidence.csv:2", "doc_id: an id of documents.csv, found ``"),
        (evidence, b"eco.trade", b"other", "theme_evidence.csv:2", no_theme),
        ("theme_evidence.b.csv", b"other", b"eco", "theme_evidence.b.csv:2", "theme_id: an id of the table of themes, found `eco`"),
        ("sentence_themes.b.csv", b"other", b"eco", "sentence_themes.b.csv:2", "primary_theme: an id of the table of themes"),
        ("theme_evidence.b.csv", b"7.0", b"6.5", "sentence_themes.b.csv:2", &format!("{sum} theme_evidence.b.csv, found that and 0.5")),
        (part, b"2.0", b"2.1", "sentence_themes.part-0002.csv:2", &format!("{sum} theme_evidence.csv, found that and -0.100000")),
        ("sentence_themes.csv", b"1.5", b"1.6", "sentence_themes.csv:2", &format!("{sum} theme_evidence.csv, found that and 0.1")),
    ]);
}

#[test]
fn rows_that_are_out_of_order_are_found() {
    let part = "theme_evidence.part-0002.csv";
    let key = "a row behind `d000000000001`, `1`, `0`, `eco.trade`, `二` in the order of doc_id, sentence_no, start, theme_id, pattern";
    assert_said(&[
        (part, b",9,", b",0,", "theme_evidence.part-0002.csv:2", key),
        ("sentence_themes.csv", b",10,", b",0,", "sentence_themes.csv:3", "a row behind `d000000000001`, `1` in the order of doc_id"),
        (
            "cooccurrence.csv",
            "乙,1,1,1,".as_bytes(),
            "'=甲,2,2,3,d000000000002".as_bytes(),
            "cooccurrence.csv:3",
            "no row twice, found `'=",
        ),
    ]);
}

#[test]
fn rows_and_bytes_are_those_that_were_written() {
    assert_said(&[("documents.csv", b"d000000000001,a,,7\r\n", b"", "documents.csv:2", "2 data rows, found 1")]);
    let mut report = Report::small(ReportOptions::default());
    report.file("themes.csv").bytes += 1;
    let bytes = report.file("themes.csv").bytes;
    assert_eq!(report.check().unwrap_err(), format!("themes.csv:3: expected {bytes} bytes, found {}", bytes - 1));
    fs::remove_file(report.folder.path().join("themes.csv")).unwrap();
    assert!(report.check().unwrap_err().starts_with("themes.csv: cannot be read back: "));
}

#[test]
fn facts_of_the_run_are_those_of_the_tables() {
    let with = |change: &dyn Fn(&mut Facts)| {
        let mut report = Report::small(ReportOptions::default());
        change(&mut report.facts);
        report.check().unwrap_err()
    };
    assert_eq!(with(&|facts| facts.tokens = 11), "documents.part-0002.csv:2: expected 11 tokens in all, found 12");
    assert_eq!(with(&|facts| facts.documents = 4), "documents.part-0002.csv:2: expected 4 rows in all, found 3");
    assert_eq!(with(&|facts| facts.quarantine_rows = 0), "quarantine.csv:3: expected 0 rows in all, found 2");
}

#[test]
fn tables_that_are_left_out_are_not_asked_for() {
    let mut report = Report::small(ReportOptions::default());
    report.damage("cooccurrence.csv", b"002\r", b"004\r");
    report.damage("theme_evidence.csv", b"eco.trade", b"any");
    report.tables.retain(|(definition, _)| !matches!(definition.name, "documents" | "themes"));
    report.check().unwrap();
    report.tables.clear();
    report.check().unwrap();
}

/// Evidence of about 10 MB, many rows for each sentence, in two parts.
#[test]
fn large_tables_are_checked_across_blocks_and_parts() {
    const SENTENCES_OF_ALL: usize = 3_000;
    const HITS: usize = 50;
    let sentence = |at: usize| format!("d{:012x}|{}", at / 7, at % 7 + 1);
    let evidence = (0..SENTENCES_OF_ALL * HITS).map(|at| {
        let pattern = "规则".repeat(at % 5 + 1);
        format!("{}|eco|{pattern}|{}|0.{:06}", sentence(at / HITS), at % HITS, at % HITS)
    });
    let score: usize = (0..HITS).sum();
    let sheets = [
        Sheet::new(&DOCUMENTS, None, (0..=SENTENCES_OF_ALL / 7).map(|at| format!("d{at:012x}|p||1"))),
        Sheet::new(&THEMES, None, ["eco|经济".to_string()]),
        Sheet::new(&SENTENCES, None, (0..SENTENCES_OF_ALL).map(|at| format!("{}|eco|0.{score:06}", sentence(at)))),
        Sheet::new(&EVIDENCE, None, evidence),
    ];
    let documents = SENTENCES_OF_ALL as u64 / 7 + 1;
    let facts = Facts { tokens: documents, documents, quarantine_rows: 0 };
    let mut report = Report::written(sheets, facts, ReportOptions::default(), 100_000);
    assert!(report.file("theme_evidence.csv").bytes > 4 << 20, "more than one block");
    report.check().unwrap();
    // A row in the second block: sentence 1 850, its eleventh hit.
    let row = format!("{},eco,{},10,0.000010", sentence(1_850).replace('|', ","), "规则");
    report.damage("theme_evidence.csv", row.as_bytes(), row.replace("0.000010", "0.000009").as_bytes());
    assert!(report.check().unwrap_err().starts_with("sentence_themes.csv:1852: expected score"));
    report.damage("theme_evidence.csv", row.replace("0.000010", "0.000009").as_bytes(), row.replace(",10,", ",9,").as_bytes());
    assert!(report.check().unwrap_err().starts_with(&format!("theme_evidence.csv:{}: expected a row behind", 1_850 * HITS + 12)));
}
