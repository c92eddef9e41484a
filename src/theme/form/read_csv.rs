//! The CSV pair into a taxonomy as written, as it comes back from a spreadsheet: columns in any order, blanks at the ends,
//! empty rows and columns, a guard before what looks like a formula.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;

use super::problems::{Problems, nearest};
use super::written::{Entry, GlobalList, List, Place, SETTINGS, THEME_FIELDS, Text, Written, WrittenTheme, is_blank};

/// Columns of themes.csv, in the order in which they are written.
pub(super) const THEME_COLUMNS: [&str; 11] =
    ["theme_id", "parent_id", "name", "kind", "unit", "threshold", "priority", "definition", "include", "exclude", "note"];
/// Columns of patterns.csv, in the order in which they are written.
pub(super) const PATTERN_COLUMNS: [&str; 6] = ["theme_id", "op", "pattern", "weight", "scope", "note"];
/// Stands for the whole taxonomy in patterns.csv.
pub(super) const ALL_THEMES: &str = "*";

/// The taxonomy of the pair (names and decoded texts of themes.csv and patterns.csv), if both can be read at all; and every
/// problem of form.
pub fn read_pair(names: [&str; 2], [themes, patterns]: [&str; 2]) -> (Option<Written>, Vec<Diagnostic>) {
    let mut problems = Problems::new(names.map(String::from).to_vec());
    let themes = Rows::read(0, themes, &THEME_COLUMNS, THEME_COLUMNS.len(), &mut problems);
    let patterns = Rows::read(1, patterns, &PATTERN_COLUMNS, PATTERN_COLUMNS.len(), &mut problems);
    let (Some(themes), Some(patterns)) = (themes, patterns) else { return (None, problems.found) };
    let mut written = Written { files: problems.files.clone(), ..Written::default() };
    themes.rows.iter().for_each(|row| add_theme(row, &mut written, &mut problems));
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    written.themes.iter().enumerate().for_each(|(at, theme)| {
        numbers.entry(theme.id.text.clone()).or_insert(at);
    });
    patterns.rows.iter().for_each(|row| add_pattern(row, &mut written, &numbers, &mut problems));
    (Some(written), problems.found)
}

/// The rows of a file, each with its cells in the order of the wanted columns.
pub(super) struct Rows {
    pub rows: Vec<Row>,
}

/// A row that holds something.
pub(super) struct Row {
    pub cells: Vec<Text>,
    place: Place,
}

impl Row {
    /// The cell of a column of `columns`, unless it is empty.
    fn cell(&self, columns: &[&str], name: &str) -> Option<&Text> {
        let at = columns.iter().position(|column| *column == name)?;
        self.cells.get(at).filter(|cell| !cell.text.is_empty())
    }
}

impl Rows {
    /// Reads a file with these columns, of which the first `required` must be there. Nothing where it cannot be told which
    /// column is which.
    pub fn read(file: usize, text: &str, columns: &[&str], required: usize, problems: &mut Problems) -> Option<Self> {
        let at = |line: usize, column: usize| Place { file, line, column };
        if let Some(line) = broken_quote(text) {
            problems.add_with_help(at(line, 0), "T001", BROKEN_QUOTE.to_string(), Some(QUOTE_HELP.to_string()));
            return None;
        }
        let mut records = records(text).filter(|(_, cells)| cells.iter().any(|cell| !cell.trim_matches(is_blank).is_empty()));
        let Some((line, header)) = records.next() else {
            problems.add(at(0, 0), "T001", format!("expected a header ({}), found an empty file", columns.join(",")));
            return None;
        };
        let names: Vec<String> = header.iter().map(|name| name.trim_matches(is_blank).to_lowercase()).collect();
        let before = problems.found.len();
        for (number, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty() && !columns.contains(&name.as_str())) {
            let help = nearest(name, columns).map(|near| format!("the columns are {}; did you mean `{near}`?", columns.join(",")));
            problems.add_with_help(at(line, number + 1), "T001", format!("unknown column `{name}`"), help);
        }
        for (number, name) in names.iter().enumerate().filter(|(number, name)| !name.is_empty() && names[..*number].contains(name)) {
            problems.add(at(line, number + 1), "T001", format!("the column `{name}` stands twice"));
        }
        let places: Vec<Option<usize>> = columns.iter().map(|column| names.iter().position(|name| name == column)).collect();
        for (column, _) in columns.iter().zip(&places).take(required).filter(|(_, place)| place.is_none()) {
            problems.add(at(line, 0), "T001", format!("expected a column `{column}`, found {}", names.join(",")));
        }
        if problems.found.len() > before {
            return None;
        }
        let mut rows = Vec::new();
        for (line, record) in records {
            let filled = record.iter().rposition(|cell| !cell.trim_matches(is_blank).is_empty()).map_or(0, |last| last + 1);
            if filled == 0 {
                continue;
            }
            if filled > names.len() || record.len() < names.len() {
                let message = format!("{} fields, the header has {}", filled.max(record.len()), names.len());
                let help = match filled > names.len() {
                    true => "a cell that holds the separator needs double quotes",
                    false => "each row has as many cells as the header, empty ones too",
                };
                problems.add_with_help(at(line, 1), "T001", message, Some(help.to_string()));
                continue;
            }
            let cell = |place: &Option<usize>| {
                let content = place.and_then(|number| record.get(number)).map_or("", String::as_str);
                Text::new(without_guard(content), at(line, place.map_or(1, |number| number + 1)))
            };
            rows.push(Row { cells: places.iter().map(cell).collect(), place: at(line, 1) });
        }
        Some(Self { rows })
    }
}

/// What is wrong with a line that [`broken_quote`] gives.
pub const BROKEN_QUOTE: &str = "a cell begins with a double quote that is not closed in its line, and would swallow the rows below";
const QUOTE_HELP: &str = "close the quote at the end of the cell; inside of it a double quote is written twice";

/// The line of the first cell that begins with a double quote which is never closed, or in another line in the middle of a cell.
pub fn broken_quote(text: &str) -> Option<usize> {
    let (bytes, separator) = (text.trim_start_matches('\u{FEFF}').as_bytes(), separator_of(text));
    let (mut at, mut line, mut begins_cell) = (0, 1, true);
    while at < bytes.len() {
        if bytes[at] == b'"' && begins_cell {
            let opened = line;
            let end = end_of_quoted(bytes, at);
            let Some(rest) = bytes.get(end..) else { return Some(opened) };
            let lines = bytes[at..end].iter().filter(|byte| **byte == b'\n').count();
            line += lines;
            at = end + rest.iter().take_while(|byte| **byte == b' ').count();
            if lines > 0 && bytes.get(at).is_some_and(|byte| *byte != separator && !matches!(byte, b'\r' | b'\n')) {
                return Some(opened);
            }
            begins_cell = false;
            continue;
        }
        begins_cell = bytes[at] == separator || matches!(bytes[at], b'\r' | b'\n');
        line += usize::from(bytes[at] == b'\n');
        at += 1;
    }
    None
}

/// The rows of a table as it comes back from a spreadsheet, the header first: the line each begins in and its cells, trimmed
/// and without a guard before what looks like a formula. Rows without any text are left out.
pub fn sheet_rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let cell = |cell: String| Text::new(without_guard(&cell), Place::default()).text;
    let rows = records(text).map(|(line, cells)| (line, cells.into_iter().map(cell).collect::<Vec<String>>()));
    rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect()
}

/// Where a quoted cell that begins at `from` ends: behind its closing quote, or behind the text where it has none.
fn end_of_quoted(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'"', Some(b'"')) => at += 2,
            (b'"', _) => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len() + 1
}

/// The separator that a first line `sep=;` states, as some spreadsheets write and read it; else the most frequent of comma, semicolon and
/// tab in the first line that is not blank.
fn separator_of(text: &str) -> u8 {
    if let Some(stated) = stated_separator(text) {
        return stated;
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|mark| first.bytes().filter(|b| b == mark).count()).unwrap_or(b',')
}

/// What a first line `sep=;` states.
pub(super) fn stated_separator(text: &str) -> Option<u8> {
    let line = text.trim_start_matches('\u{FEFF}').lines().next()?;
    match line.trim_matches('"').strip_prefix("sep=")?.as_bytes() {
        [separator] => Some(*separator),
        _ => None,
    }
}

/// The records of a CSV text with the line each begins in, without a line that states the separator.
fn records(text: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator_of(text)).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut found = Vec::new();
    let mut lines = Lines { text, counted: 0, line: 1 };
    // Text in memory that is UTF-8 has no errors; if it had, what comes before it would stand.
    while reader.read_record(&mut record).unwrap_or(false) {
        let from = record.position().map_or(0, csv::Position::byte);
        found.push((lines.of(usize::try_from(from).unwrap_or(usize::MAX)), record.iter().map(String::from).collect()));
    }
    found.into_iter().skip(usize::from(stated_separator(text).is_some()))
}

/// The lines of a text, counted on the way. The reader of records says where it was when it began to look for one: before empty lines,
/// and between the two marks of an end of line as Excel writes it.
struct Lines<'t> {
    text: &'t str,
    counted: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the first character at or behind this byte that does not end a line; bytes ascend from call to call.
    fn of(&mut self, byte: usize) -> usize {
        let rest = self.text.as_bytes().get(self.counted..).unwrap_or_default();
        let before = byte.saturating_sub(self.counted).min(rest.len());
        let empty = rest[before..].iter().take_while(|mark| matches!(mark, b'\r' | b'\n')).count();
        let passed = &rest[..before + empty];
        self.counted += passed.len();
        self.line += passed.iter().filter(|mark| **mark == b'\n').count();
        self.line
    }
}

/// One `'` off what looks like a guarded formula.
fn without_guard(cell: &str) -> &str {
    let text = cell.trim_start_matches(is_blank);
    match text.strip_prefix('\'') {
        Some(rest) if needs_guard(rest) => rest,
        _ => cell,
    }
}

/// Whether a spreadsheet would read the text as a formula, or take it for one that is guarded.
pub(super) fn needs_guard(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn add_theme(row: &Row, written: &mut Written, problems: &mut Problems) {
    let cell = |name: &str| row.cell(&THEME_COLUMNS, name);
    let Some(id) = cell("theme_id") else {
        let help = "merged cells lose their text on the way through a spreadsheet: write the id into every row".to_string();
        problems.add_with_help(row.place, "T003", "expected the id of a theme, found an empty cell", Some(help));
        return;
    };
    let theme = WrittenTheme { id: id.clone(), fields: THEME_FIELDS.map(|field| cell(field).cloned()), ..WrittenTheme::default() };
    if let Some(parent) = cell("parent_id").filter(|parent| parent.text != theme.parent_id()) {
        let above = if theme.parent_id().is_empty() { "no theme" } else { theme.parent_id() };
        let message = format!("`{}` stands below {above} by its id, found the parent `{}`", id.text, parent.text);
        problems.add_with_help(parent.place, "T003", message, Some("the id says what is above it; leave parent_id empty".to_string()));
    }
    written.themes.push(theme);
}

fn add_pattern(row: &Row, written: &mut Written, numbers: &BTreeMap<String, usize>, problems: &mut Problems) {
    let cell = |name: &str| row.cell(&PATTERN_COLUMNS, name).cloned();
    let Some(id) = cell("theme_id") else {
        let help = "merged cells lose their text on the way through a spreadsheet: write the id into every row".to_string();
        problems.add_with_help(row.place, "T003", "expected the id of a theme or `*`, found an empty cell", Some(help));
        return;
    };
    let op = cell("op").unwrap_or_else(|| Text { place: row.place, ..Text::default() });
    let text = cell("pattern").unwrap_or_else(|| Text { place: row.place, ..Text::default() });
    let entry = Entry { text, weight: cell("weight"), scope: cell("scope"), note: cell("note") };
    if id.text == ALL_THEMES {
        return add_global(&op, entry, written, problems);
    }
    let Some(number) = numbers.get(&id.text) else {
        let ids: Vec<&str> = numbers.keys().map(String::as_str).collect();
        let help = nearest(&id.text, &ids).map(|near| format!("did you mean `{near}`? Every theme needs a row in the table of themes"));
        return problems.add_with_help(id.place, "T003", format!("there is no theme `{}`", id.text), help);
    };
    let known = List::ALL.map(List::op);
    let Some(list) = List::ALL.into_iter().find(|list| list.op() == op.text) else {
        return unknown_op(&op, &known, problems);
    };
    for (cell, name) in [(&entry.weight, "weight"), (&entry.scope, "scope")] {
        if let Some(cell) = cell.as_ref().filter(|_| !list.counts()) {
            problems.add(cell.place, "T002", format!("`{}` has no {name}: expected an empty cell, found `{}`", list.op(), cell.text));
        }
    }
    written.themes[*number].lists[list as usize].push(entry);
}

fn add_global(op: &Text, entry: Entry, written: &mut Written, problems: &mut Problems) {
    if let Some(list) = GlobalList::ALL.into_iter().find(|list| list.op() == op.text) {
        for cell in [&entry.weight, &entry.scope].into_iter().flatten() {
            problems.add(
                cell.place,
                "T002",
                format!("`{}` has no weight and no scope: expected an empty cell, found `{}`", op.text, cell.text),
            );
        }
        written.lists[list as usize].push(entry);
        return;
    }
    if op.text != "set" {
        let known: Vec<&str> = GlobalList::ALL.map(GlobalList::op).into_iter().chain(["set"]).collect();
        return unknown_op(op, &known, problems);
    }
    let Some((key, value)) = entry.text.text.split_once('=') else {
        return problems.add(entry.text.place, "T002", format!("expected `key=value`, found `{}`", entry.text.text));
    };
    let (key, value) = (key.trim_matches(is_blank), Text::new(value, entry.text.place));
    match SETTINGS.iter().position(|setting| *setting == key) {
        Some(at) if written.settings[at].is_some() => problems.add(entry.text.place, "T008", format!("`{key}` is set twice")),
        Some(at) => written.settings[at] = Some(value).filter(|value| !value.text.is_empty()),
        None => {
            let help = nearest(key, &SETTINGS).map(|near| format!("did you mean `{near}`?"));
            problems.add_with_help(entry.text.place, "T002", format!("unknown key `{key}`"), help);
        }
    }
}

fn unknown_op(op: &Text, known: &[&str], problems: &mut Problems) {
    let near = nearest(&op.text, known).unwrap_or_default();
    let help = format!("the operators here are {}", known.join(", "));
    problems.add_with_help(op.place, "T002", format!("unknown op `{}`, did you mean `{near}`?", op.text), Some(help));
}
