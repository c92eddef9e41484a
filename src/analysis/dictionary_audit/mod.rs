//! dictionary_audit.csv: what became of every word of the user dictionary, the stop words and the taxonomy.

mod status;
mod themes;
mod words;

use std::collections::BTreeMap;

use crate::corpus::{AuditCounts, AuditWords, WordAudit};
use crate::lexicon::{Dictionary, Mention, RefusalKind, RefusedLine, StopWords};
use crate::table::{Cells, Column, Definition, Table};
use crate::theme::ThemeLiteral;

pub use status::Status;

pub(super) static DEFINITION: Definition = Definition {
    name: "dictionary_audit",
    title_zh: "词表核查",
    title_en: "Dictionary audit",
    description: "One row a word of the user dictionary, of the stop words and of the taxonomy's literals: whether it took effect. \
                  Written by `yuliao dictionary audit`, and by `yuliao run` when dictionary.audit = true.",
    key: "list (user, theme, stop), word, line",
    columns: &[
        Column::text("list", "词表", "List", "user (dictionary), theme (literals of the taxonomy) or stop (stop words)."),
        Column::text("word", "词", "Word", "The word as first typed; of a line that could not be read, the line."),
        Column::integer(
            "line",
            "1 = first",
            "行号",
            "Line",
            "Line where it is typed first. Where a list has several files the note names the file.",
        ),
        Column::text(
            "status",
            "状态",
            "Status",
            "The first that applies. user: rejected (the line could not be read), unreachable (can never match), conflict (the same word \
             with two tags), duplicate, absent (not in the text), swallowed (in the text, never a token), partial (not always a token), \
             crosses (always a token, but cuts words that the segmenter knows), changed (matched in another form than typed), ok. theme: \
             conflict (a pattern of two leaves), duplicate, absent, changed, ok. stop: rejected, duplicate, absent, never_token, ok.",
        ),
        Column::integer(
            "substring_count",
            "occurrences",
            "字串次数",
            "Substring count",
            "Occurrences in the normalised text, overlapping ones too; of theme literals in match text, which has no spaces, quotes or \
             letter case. Empty for lines without a word.",
        ),
        Column::integer(
            "token_count",
            "occurrences",
            "词次数",
            "Token count",
            "Occurrences that are exactly one token. The difference to the substring count lies inside longer words or is cut apart. For \
             theme literals, which need no tokens, it only informs.",
        ),
        Column::text(
            "swallowed_by",
            "被何词包含",
            "Swallowed by",
            "Longer tokens that hold it, the most frequent first, at most three, with counts.",
        ),
        Column::text(
            "note",
            "说明",
            "Note",
            "The reason, other lines, the form that is matched, how it was cut apart (tokens joined by |), which words it crosses; `default` \
             if the segmenter knows the word anyway.",
        ),
    ],
    optional: &[],
};

/// What the audit is made of.
#[derive(Clone, Copy)]
pub struct AuditInputs<'a> {
    /// The user dictionary.
    pub dictionary: &'a Dictionary,
    /// The stop words.
    pub stop_words: &'a StopWords,
    /// The literals of the taxonomy, numbered as they were counted.
    pub themes: &'a [ThemeLiteral<'a>],
    /// The words that were looked for.
    pub words: &'a AuditWords,
    /// What was counted.
    pub counts: &'a AuditCounts,
    /// Whether a word stands in the segmenter's own dictionary.
    pub knows: &'a dyn Fn(&str) -> bool,
}

/// The words that an audit of these lists looks for.
pub fn audit_words(dictionary: &Dictionary, stop_words: &StopWords, themes: &[ThemeLiteral<'_>]) -> AuditWords {
    let literals: Vec<String> = themes.iter().map(|literal| themes::as_token(&literal.text)).collect();
    let others = stop_words.words().chain(literals.iter().map(String::as_str));
    AuditWords::new(dictionary.words().map(|word| word.word.as_str()), others, themes)
}

/// The finished table.
pub struct DictionaryAudit {
    rows: Vec<Row>,
}

/// A list, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum List {
    User,
    Theme,
    Stop,
}

impl List {
    fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Theme => "theme",
            Self::Stop => "stop",
        }
    }
}

struct Row {
    list: List,
    word: String,
    line: usize,
    status: Status,
    /// Occurrences and tokens; nothing for a line without a word.
    counts: Option<(u64, u64)>,
    swallowed_by: String,
    note: String,
}

impl DictionaryAudit {
    /// The table over these lists and counts.
    pub fn new(inputs: &AuditInputs<'_>) -> Self {
        let mut rows = words::user_rows(inputs);
        rows.extend(themes::rows(inputs));
        rows.extend(words::stop_rows(inputs));
        rows.sort_by(|a, b| (a.list, &a.word, a.line, &a.note).cmp(&(b.list, &b.word, b.line, &b.note)));
        Self { rows }
    }

    /// How many words of each list have which status, in the order of both; statuses without a word are left out.
    pub fn summary(&self) -> Vec<(&'static str, Vec<(&'static str, u64)>)> {
        let mut lists: BTreeMap<List, BTreeMap<Status, u64>> = BTreeMap::new();
        for row in &self.rows {
            *lists.entry(row.list).or_default().entry(row.status).or_default() += 1;
        }
        let statuses = |counts: BTreeMap<Status, u64>| counts.into_iter().map(|(status, count)| (status.as_str(), count)).collect();
        lists.into_iter().map(|(list, counts)| (list.as_str(), statuses(counts))).collect()
    }
}

impl Table for DictionaryAudit {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let row = &self.rows[row];
        cells.code(row.list.as_str());
        cells.text(&row.word);
        cells.integer(row.line as u64);
        cells.code(row.status.as_str());
        cells.optional_integer(row.counts.map(|(occurrences, _)| occurrences));
        cells.optional_integer(row.counts.map(|(_, tokens)| tokens));
        cells.text(&row.swallowed_by);
        cells.text(&row.note);
    }
}

/// Most words that are named in one cell.
const MOST_NAMED: usize = 3;

/// `国内生产总值 (125); 生产总值核算 (3)`
fn named(words: &[(&str, u64)]) -> String {
    words.iter().take(MOST_NAMED).map(|(word, count)| format!("{word} ({count})")).collect::<Vec<_>>().join("; ")
}

/// How occurrences were cut apart, if any were.
fn cut_apart(audit: &WordAudit) -> Option<String> {
    let cuts = audit.cuts();
    let all: u64 = cuts.iter().map(|(_, count)| count).sum();
    (all > 0).then(|| format!("cut apart {all}: {}", named(&cuts)))
}

/// A refused line as a row.
fn refused_row(list: List, refused: &RefusedLine, places: &Places) -> Row {
    let status = match refused.refusal.kind {
        RefusalKind::Rejected => Status::Rejected,
        RefusalKind::Unreachable => Status::Unreachable,
    };
    let note = joined([places.file_of(&refused.file), Some(refused.refusal.message.clone())]);
    Row { list, word: refused.typed.clone(), line: refused.line, status, counts: None, swallowed_by: String::new(), note }
}

/// The parts of a note that there are.
fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// How places of a list are written: with the file where it has several.
struct Places {
    several_files: bool,
}

impl Places {
    fn new<'m>(files: impl Iterator<Item = &'m str>) -> Self {
        let mut files = files.peekable();
        let first = files.peek().copied();
        Self { several_files: files.any(|file| Some(file) != first) }
    }

    /// The name of the file, if it says anything; without its folder, which depends on where the program runs.
    fn file_of(&self, file: &str) -> Option<String> {
        self.several_files.then(|| file.rsplit(['/', '\\']).next().unwrap_or(file).to_string())
    }

    fn of(&self, mention: &Mention) -> String {
        self.file_of(&mention.file).map_or_else(|| format!("line {}", mention.line), |file| format!("{file} line {}", mention.line))
    }

    /// Where a word is typed again.
    fn again(&self, mentions: &[Mention]) -> Option<String> {
        let others: Vec<String> = mentions.iter().skip(1).map(|mention| self.of(mention)).collect();
        (!others.is_empty()).then(|| format!("again in {}", others.join(", ")))
    }
}

#[cfg(test)]
mod tests;
