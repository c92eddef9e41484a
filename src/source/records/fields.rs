//! What the named columns or fields of a record say.

use crate::source::decode::Decoded;
use crate::source::document::{Document, Origin};
use crate::source::metadata::{Metadata, document_number};
use crate::source::options::{FieldOptions, SourceOptions};
use crate::source::quarantine::{Code, Failure, Stage};

/// The names of the columns of a table.
#[derive(Debug)]
pub(in crate::source) struct Columns(pub Vec<String>);

impl Columns {
    /// The first column that has one of the names, by the order of the names; letter case is ignored.
    pub fn place(&self, names: &[String]) -> Option<usize> {
        names.iter().find_map(|name| self.0.iter().position(|column| is_same_name(column, name)))
    }

    /// The first of those columns whose cell holds something, or else the first.
    pub fn filled<'c>(&self, names: &[String], cell: impl Fn(usize) -> &'c [u8]) -> Option<usize> {
        let places = || names.iter().filter_map(|name| self.place(std::slice::from_ref(name)));
        places().find(|at| !cell(*at).iter().all(u8::is_ascii_whitespace)).or_else(|| places().next())
    }

    /// Refuses a table without a column of text: there is nothing to read.
    pub fn check(&self, fields: &FieldOptions) -> Result<(), Failure> {
        if self.place(&fields.text).is_some() {
            return Ok(());
        }
        let (expected, found) = (fields.text.join(" or "), self.0.join(", "));
        let message = format!("expected a column {expected}, found {found}; name yours in input.fields.text");
        Err(Failure::new(Stage::Split, Code::Format, message))
    }

    /// The record of a row with that text; `cell` gives the short text of a column.
    pub fn row_text(&self, fields: &FieldOptions, text: Decoded<'_>, cell: impl Fn(usize) -> String) -> RowText {
        let filled = |name: &String| self.place(std::slice::from_ref(name)).map(&cell).filter(|cell| !cell.is_empty());
        let short = |names: &[String]| names.iter().find_map(filled).unwrap_or_default();
        let mut metadata = metadata_of(fields, short);
        metadata.warnings.extend(text.warnings);
        RowText { key: short(&fields.id), body: text.text.into_owned(), replaced: text.replaced, metadata }
    }
}

/// Whether two names differ in letter case at most. It is asked of every field of every record, and nearly all names are of ASCII
/// letters or differ in their first character.
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// Metadata of named fields, each a short text or empty.
pub(in crate::source) fn metadata_of(fields: &FieldOptions, short: impl Fn(&[String]) -> String) -> Metadata {
    let mut metadata = Metadata {
        title: short(&fields.title),
        source: short(&fields.source),
        document_number: document_number::as_usual(short(&fields.document_number)),
        issuing_body: short(&fields.issuing_body),
        ..Metadata::default()
    };
    metadata.set_date(&short(&fields.date));
    metadata
}

/// What is said of a record without text.
pub(in crate::source) const EMPTY: &str = "the record has no text: its text field is empty or only white space";

/// Key, text and metadata of a record of any kind.
#[derive(Debug)]
pub(in crate::source) struct RowText {
    /// Empty if the record states none.
    pub key: String,
    pub body: String,
    /// Characters that could not be decoded.
    pub replaced: u64,
    pub metadata: Metadata,
}

impl RowText {
    /// Refuses a record that says nothing.
    pub fn checked(self) -> Result<Self, Failure> {
        if self.body.trim().is_empty() {
            return Err(Failure::new(Stage::Split, Code::Row, EMPTY));
        }
        Ok(self)
    }

    /// The document of the record.
    pub fn document(mut self, origin: &Origin<'_>, number: u64, options: &SourceOptions) -> (Document, Vec<&'static str>) {
        let (head, start) = Metadata::from_head(&self.body);
        let start = self.metadata.take_head(head, start);
        self.body = self.metadata.without_title(&self.body[start..]).to_string();
        self.metadata.complete(&self.body, origin.file, options);
        self.metadata.warn_of_text(&self.body);
        let key = if self.key.trim().is_empty() { number.to_string() } else { self.key.trim().to_string() };
        Document::new(origin, Some((number, &key)), self.metadata, self.body, self.replaced)
    }
}
