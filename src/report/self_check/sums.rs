//! What tables have in common: ids that name rows of another table, sums that must agree, rows in order.

use std::sync::atomic::{AtomicI64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::table::{Column, Definition, Kind};

use super::Expected;
use super::read::{Row, Wrong, shown};

/// `d` and 12 hex digits.
pub(super) type DocumentId = [u8; 13];
/// Theme ids with a number each.
pub(super) type ThemeIds = FxHashMap<Box<[u8]>, u32>;

/// Longest text that is written as it was sorted without a doubt, in bytes.
const SURELY_WHOLE: usize = 32_000;

/// What the tables read so far say about the others. Theme tables go by what stands behind their names, `` or `.TAXONOMY`.
#[derive(Default)]
pub(super) struct Known<'a> {
    pub documents: Option<FxHashSet<DocumentId>>,
    pub themes: FxHashMap<&'a str, ThemeIds>,
    pub scores: FxHashMap<&'a str, Vec<Score>>,
}

/// The score of the first theme of a sentence.
pub(super) struct Score {
    document: DocumentId,
    sentence: u32,
    theme: u32,
    /// What contributions have not been taken off yet, in millionths. Sums wrap round, which keeps equal ones equal.
    left: AtomicI64,
}

impl Score {
    fn key(&self) -> (DocumentId, u32) {
        (self.document, self.sentence)
    }

    pub fn left(&self) -> i64 {
        self.left.load(Ordering::Relaxed)
    }
}

/// What is kept of the rows of a chunk or a table.
#[derive(Default)]
pub(super) struct Gathered {
    pub tokens: u64,
    pub documents: Vec<DocumentId>,
    pub themes: Vec<Box<[u8]>>,
    pub scores: Vec<Score>,
    /// Where in the scores the last row of a chunk was.
    place: Option<usize>,
}

impl Gathered {
    pub fn append(&mut self, mut other: Self) {
        self.tokens += other.tokens;
        self.documents.append(&mut other.documents);
        self.themes.append(&mut other.themes);
        self.scores.append(&mut other.scores);
    }
}

/// The turn of a table: those that others are compared with come first.
pub(super) fn turn(definition: &Definition) -> usize {
    ["documents", "themes", "sentence_themes"].iter().position(|name| *name == definition.name).unwrap_or(3)
}

/// What is checked of each row of a table beside its cells.
pub(super) struct Rules<'k> {
    columns: &'k [&'static Column],
    key: &'static str,
    order: Order,
    documents: Option<(&'k FxHashSet<DocumentId>, Vec<usize>)>,
    theme: Option<(&'k ThemeIds, usize)>,
    has_totals: bool,
    /// Units of both, of the one and of the other.
    pair: Option<[usize; 3]>,
    role: Role<'k>,
}

enum Order {
    Any,
    /// No row equals the one before.
    NoRepeats,
    /// Strictly ascending by these columns.
    Ascending(Vec<usize>),
}

/// What the rows of a table say about other tables.
enum Role<'k> {
    Nothing,
    Documents { id: usize, tokens: usize },
    Themes { id: usize },
    Sentences(&'k ThemeIds, SentenceColumns),
    Evidence(&'k ThemeIds, SentenceColumns, &'k [Score]),
}

/// Columns of a row about a theme in a sentence.
struct SentenceColumns {
    document: usize,
    sentence: usize,
    theme: usize,
    amount: usize,
}

impl<'k> Rules<'k> {
    /// The rules of a table. `keeps_scores` tells whether a table of evidence will be compared with this one.
    pub fn new(table: &Expected<'k>, known: &'k Known<'_>, keeps_scores: bool) -> Self {
        let (definition, columns) = (table.definition, &*table.file.columns);
        let at = |name: &str| columns.iter().position(|column| column.name == name);
        let ids = known.themes.get(table.suffix());
        let names_document = |(_, column): &(usize, &&Column)| matches!(column.name, "doc_id" | "example_doc_id");
        let document_columns = columns.iter().enumerate().filter(names_document).map(|(place, _)| place).collect();
        Self {
            columns,
            key: definition.key,
            order: Order::of(definition, columns),
            // Copies that are left out have no row in documents.csv.
            documents: known
                .documents
                .as_ref()
                .filter(|_| !["duplicates", "changes"].contains(&definition.name))
                .map(|ids| (ids, document_columns)),
            theme: ids.zip(at("theme_id")),
            has_totals: definition.name == "theme_quality",
            pair: at("n_ab").zip(at("n_a")).zip(at("n_b")).map(|((both, a), b)| [both, a, b]),
            role: Role::of(table, ids, known, keeps_scores, at).unwrap_or(Role::Nothing),
        }
    }

    /// Checks a row, and takes what other tables are compared with.
    pub fn check(&self, row: Row<'_>, before: Option<Row<'_>>, gathered: &mut Gathered) -> Result<(), Wrong> {
        if let Some(before) = before {
            self.check_order(row, before)?;
        }
        self.check_documents(row, before)?;
        self.check_theme(row, before)?;
        if let Some(columns) = self.pair {
            let [both, a, b] = columns.map(|column| number(row.cell(column)));
            if both > a.min(b) {
                return Err(Wrong::new(format!("n_ab: at most {}, the smaller of n_a and n_b", a.min(b)), both.to_string()));
            }
        }
        self.gather(row, gathered)
    }

    fn check_order(&self, row: Row<'_>, before: Row<'_>) -> Result<(), Wrong> {
        let key = match &self.order {
            Order::NoRepeats if row.bytes == before.bytes => return Err(Wrong::new("no row twice", shown(row.bytes))),
            Order::Any | Order::NoRepeats => return Ok(()),
            Order::Ascending(key) => key,
        };
        let different = key.iter().find(|column| row.cell(**column) != before.cell(**column));
        let is_text = |column: usize| self.columns[column].kind == Kind::Text;
        let is_right = match different.copied() {
            Some(column) if is_text(column) => ascends(before.cell(column), row.cell(column)) != Some(false),
            // Neither has a zero in front, and dates are of one length.
            Some(column) => (before.cell(column).len(), before.cell(column)) < (row.cell(column).len(), row.cell(column)),
            None => !key.iter().all(|column| !is_text(*column) || is_as_sorted(row.cell(*column))),
        };
        if is_right {
            return Ok(());
        }
        let cells = |row: Row<'_>| key.iter().map(|column| shown(row.cell(*column))).collect::<Vec<_>>().join(", ");
        Err(Wrong::new(format!("a row behind {} in the order of {}", cells(before), self.key), cells(row)))
    }

    fn check_documents(&self, row: Row<'_>, before: Option<Row<'_>>) -> Result<(), Wrong> {
        let Some((ids, columns)) = &self.documents else { return Ok(()) };
        for column in columns {
            let (cell, name) = (row.cell(*column), self.columns[*column].name);
            // The same id often stands in many rows.
            if before.is_some_and(|before| before.cell(*column) == cell) || (cell.is_empty() && name != "doc_id") {
                continue;
            }
            if !DocumentId::try_from(cell).is_ok_and(|id| ids.contains(&id)) {
                return Err(Wrong::new(format!("{name}: an id of documents.csv"), shown(cell)));
            }
        }
        Ok(())
    }

    fn check_theme(&self, row: Row<'_>, before: Option<Row<'_>>) -> Result<(), Wrong> {
        let Some((ids, column)) = self.theme else { return Ok(()) };
        let cell = row.cell(column);
        let is_known = || before.is_some_and(|before| before.cell(column) == cell) || ids.contains_key(cell);
        let is_total = || self.has_totals && cell.starts_with(b"total.");
        if is_known() || is_total() { Ok(()) } else { Err(no_theme("theme_id", cell)) }
    }

    fn gather(&self, row: Row<'_>, gathered: &mut Gathered) -> Result<(), Wrong> {
        match &self.role {
            Role::Nothing => {}
            Role::Documents { id, tokens } => {
                gathered.tokens += number(row.cell(*tokens));
                gathered.documents.push(document_id(row.cell(*id))?);
            }
            Role::Themes { id } => gathered.themes.push(row.cell(*id).into()),
            Role::Sentences(ids, columns) => {
                let (document, sentence) = columns.key(row)?;
                let theme = *ids.get(row.cell(columns.theme)).ok_or_else(|| no_theme("primary_theme", row.cell(columns.theme)))?;
                gathered.scores.push(Score { document, sentence, theme, left: millionths(row.cell(columns.amount)).into() });
            }
            Role::Evidence(ids, columns, scores) => take_off(row, ids, columns, scores, &mut gathered.place)?,
        }
        Ok(())
    }
}

/// Takes a contribution off the score of its sentence, if that is the score of its theme. Both tables have one order, so the
/// place moves forward only.
fn take_off(row: Row<'_>, ids: &ThemeIds, columns: &SentenceColumns, scores: &[Score], place: &mut Option<usize>) -> Result<(), Wrong> {
    let amount = millionths(row.cell(columns.amount));
    if amount == 0 {
        return Ok(());
    }
    let key = columns.key(row)?;
    let mut at = place.unwrap_or_else(|| scores.partition_point(|score| score.key() < key));
    while scores.get(at).is_some_and(|score| score.key() < key) {
        at += 1;
    }
    *place = Some(at);
    if let Some(score) = scores.get(at).filter(|score| score.key() == key && ids.get(row.cell(columns.theme)) == Some(&score.theme)) {
        // Two chunks may hold rows of one sentence.
        score.left.fetch_sub(amount, Ordering::Relaxed);
    }
    Ok(())
}

impl Order {
    fn of(definition: &Definition, columns: &[&'static Column]) -> Self {
        // Two inputs of one name may have the same problem, and two lists of one name the same line.
        if matches!(definition.name, "quarantine" | "dictionary_audit") {
            return Self::Any;
        }
        let place = |name: &str| columns.iter().position(|column| column.name == name && !matches!(column.kind, Kind::Decimal(_)));
        let key: Option<Vec<usize>> = definition.key.split(", ").map(place).collect();
        key.map_or(Self::NoRepeats, Self::Ascending)
    }
}

impl<'k> Role<'k> {
    fn of(
        table: &Expected<'_>,
        ids: Option<&'k ThemeIds>,
        known: &'k Known<'_>,
        keeps_scores: bool,
        at: impl Fn(&str) -> Option<usize>,
    ) -> Option<Self> {
        let sentence = |theme: &str, amount: &str| {
            Some(SentenceColumns { document: at("doc_id")?, sentence: at("sentence_no")?, theme: at(theme)?, amount: at(amount)? })
        };
        match table.definition.name {
            "documents" => Some(Self::Documents { id: at("doc_id")?, tokens: at("tokens")? }),
            "themes" => Some(Self::Themes { id: at("theme_id")? }),
            "sentence_themes" if keeps_scores => Some(Self::Sentences(ids?, sentence("primary_theme", "score")?)),
            "theme_evidence" => {
                let scores = known.scores.get(table.suffix())?;
                Some(Self::Evidence(ids?, sentence("theme_id", "contribution")?, scores))
            }
            _ => None,
        }
    }
}

impl SentenceColumns {
    fn key(&self, row: Row<'_>) -> Result<(DocumentId, u32), Wrong> {
        // Sentences are numbered with 32 bits.
        Ok((document_id(row.cell(self.document))?, u32::try_from(number(row.cell(self.sentence))).unwrap_or(u32::MAX)))
    }
}

fn document_id(cell: &[u8]) -> Result<DocumentId, Wrong> {
    let id = DocumentId::try_from(cell).ok();
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    id.filter(|id| id[0] == b'd' && id[1..].iter().all(is_hex)).ok_or_else(|| Wrong::new("doc_id: d and 12 hex digits", shown(cell)))
}

fn no_theme(column: &str, cell: &[u8]) -> Wrong {
    Wrong::new(format!("{column}: an id of the table of themes"), shown(cell))
}

/// Whether a text is greater than another; nothing if they may have been sorted in another form.
fn ascends(before: &[u8], cell: &[u8]) -> Option<bool> {
    // Doubling every quote changes the order of no two texts.
    (is_as_sorted(before) && is_as_sorted(cell)).then(|| before < cell)
}

/// Whether a text surely stands as it was sorted: with no `'` put before it, no line break made a space, no end cut off.
fn is_as_sorted(cell: &[u8]) -> bool {
    cell.first() != Some(&b'\'') && cell.len() < SURELY_WHOLE && !cell.contains(&b' ')
}

/// A whole number of at most 15 digits; 0 for an empty cell.
fn number(cell: &[u8]) -> u64 {
    cell.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

/// A decimal in units of its last digit, modulo 2⁶⁴.
fn millionths(cell: &[u8]) -> i64 {
    let digits = cell.iter().filter(|byte| byte.is_ascii_digit());
    let amount = digits.fold(0i64, |amount, digit| amount.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')));
    if cell.first() == Some(&b'-') { amount.wrapping_neg() } else { amount }
}
