//! What is known about a document beside its text: from columns, labels, first lines, the file name and the dateline. Never
//! from the clock, nor from the file's own times.

pub(super) mod date;
mod dateline;
pub(super) mod document_number;
mod head;
mod issuing_body;
pub(super) mod notes;
mod path_date;
#[cfg(test)]
mod tests;

pub use date::Date;

use super::options::SourceOptions;
use date::Stated;
use dateline::Dateline;
use issuing_body::issuing_body;
use path_date::{Filed, date_in_name};

/// What is known about a document beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub title: String,
    pub date: Option<Date>,
    pub source: String,
    pub document_number: String,
    pub issuing_body: String,
    /// Place of the dateline.
    pub place: String,
    pub warnings: Vec<&'static str>,
    /// Whether a column or a key stated a date that cannot be read as one: then none is looked for elsewhere.
    pub date_unreadable: bool,
    /// The year and perhaps the month that a column or a key stated, where it stated no day.
    pub date_part: Option<(u16, Option<u8>)>,
    /// Whether the date is that of a line which holds nothing else: a label beside it says more.
    pub date_from_line: bool,
}

impl Metadata {
    /// Fills what is still unknown from the text, the file name and the dateline.
    pub fn complete(&mut self, body: &str, path: &str, options: &SourceOptions) {
        if self.date.is_none() && !self.date_unreadable {
            let lone = lone_date(body).map(|(date, _)| date).filter(|date| self.fits_date_part(*date));
            // A dateline in the stated year says more than the name of the file.
            self.date = lone.or_else(|| date_in_name(path).filter(|_| self.date_part.is_none()));
        }
        if self.document_number.is_empty() {
            self.document_number = document_number::at_end(&self.title).unwrap_or_default();
        }
        if self.issuing_body.is_empty() {
            self.issuing_body = issuing_body(&self.title, body).unwrap_or_default();
        }
        let dateline = Dateline::read(body);
        if let Some(dateline) = &dateline {
            self.place.clone_from(&dateline.place);
            if self.source.is_empty() {
                self.source = if dateline.agency == "本报" { options.name.clone() } else { dateline.agency.clone() };
            }
        }
        if self.source.is_empty() {
            self.source.clone_from(&self.issuing_body);
        }
        if self.date.is_none() && !self.date_unreadable {
            self.date_from(dateline.as_ref(), path, options);
        }
        if self.date.is_some() {
            self.warnings.retain(|warning| *warning != "W_DATE_PARTIAL");
        }
    }

    /// The day of the dateline, in the year that a column, the path or the configuration states. The text itself says too little: reports of
    /// anniversaries name the day of long ago in full.
    fn date_from(&mut self, dateline: Option<&Dateline>, path: &str, options: &SourceOptions) {
        let stated = self.date_part.map(|(year, month)| Filed::new(year, month));
        let filed = stated.or_else(|| Filed::of_path(path));
        let Some(day) = dateline.and_then(|d| d.day) else {
            if stated.is_none() && filed.is_some() {
                self.warnings.push("W_DATE_PARTIAL");
            }
            return;
        };
        let (own_year, month, day) = day;
        let year = own_year
            // Filed in January, sent in December.
            .or_else(|| filed.map(|filed| i32::from(filed.year) - i32::from(filed.is_before(month, day))))
            .or_else(|| (options.year > 0).then(|| i32::from(options.year)));
        match year {
            Some(year) => {
                self.date = Date::new(year, month, day);
                if self.date.is_none() {
                    self.warnings.push("W_DATE");
                }
            }
            None => self.warnings.push("W_DATE_YEAR"),
        }
    }

    /// The text behind its own title, where that stands again as its first line: it is one sentence, not two.
    pub fn without_title<'t>(&self, body: &'t str) -> &'t str {
        let text = body.trim_start();
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let is_title = !self.title.is_empty() && first.trim() == self.title.trim();
        if is_title && !rest.trim().is_empty() { rest } else { body }
    }

    /// Warns of a document without any letter or Han character, and of one whose words seem to be parted by spaces.
    pub fn warn_of_text(&mut self, body: &str) {
        if !body.chars().chain(self.title.chars()).any(char::is_alphabetic) {
            self.warnings.push("W_NO_TEXT");
        }
        if is_spaced(body) {
            self.warnings.push("W_SPACED");
        }
    }

    /// Whether a date found elsewhere lies in the year and the month that a column or a key stated, if one did.
    pub(super) fn fits_date_part(&self, date: Date) -> bool {
        self.date_part.is_none_or(|(year, month)| date.year() == year && month.is_none_or(|month| date.month() == month))
    }

    /// Takes a year, and perhaps a month, in which the day must be found elsewhere.
    fn take_date_part(&mut self, year: u16, month: Option<u8>) {
        self.date_part = Some((year, month));
        self.warnings.push("W_DATE_PARTIAL");
    }

    /// Takes a date from a column; what cannot be read as one day is left empty, with a warning.
    pub fn set_date(&mut self, text: &str) {
        match date::parse(text) {
            Some(Stated::Full(date)) => self.date = Some(date),
            Some(Stated::Partial { year, month }) => self.take_date_part(year, month),
            None if text.trim().is_empty() => {}
            None => {
                self.date_unreadable = true;
                self.warnings.push("W_DATE");
            }
        }
    }
}

/// Whether a Chinese text has a space for every two or three Han characters: it was cut into words before, and is cut again.
fn is_spaced(text: &str) -> bool {
    let bytes = text.as_bytes();
    let spaces = memchr::memchr_iter(b' ', bytes).count();
    // Three bytes a character: a quick no for nearly all texts.
    if spaces * 12 < bytes.len() {
        return false;
    }
    // U+4000 to U+9FFF.
    let han = bytes.iter().filter(|byte| matches!(byte, 0xE4..=0xE9)).count();
    let latin = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    han >= 20 && latin < han && spaces * 5 >= han * 2
}

/// The first line of the text that holds only a date, where letters and notices are signed; and the line above it.
fn lone_date(body: &str) -> Option<(Date, &str)> {
    let mut above = "";
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.len() < 100
            && line.len() > 7
            && line.starts_with(may_begin_date)
            && let Some(Stated::Full(date)) = date::parse(line)
        {
            return Some((date, above));
        }
        above = line;
    }
    None
}

/// A quick no for lines of ordinary text.
fn may_begin_date(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９' | '一' | '二' | '中' | '（' | '(' | '【' | '[' | '［' | '〔')
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}
