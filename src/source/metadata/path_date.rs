//! Dates in the names of files and folders: a day, or only when something was filed.

use std::sync::LazyLock;

use regex::Regex;

use super::Date;
use super::date::{self, Stated};

static NAME_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9])((?:19|20)[0-9]{6}|(?:19|20)[0-9]{2}[-._][0-9]{1,2}[-._][0-9]{1,2}|(?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日)(?:[^0-9]|$)").ok()
});

/// The first full date in the file name: `20231130`, `2023-11-30`, `2023年11月30日`; never part of a longer run of digits.
pub(super) fn date_in_name(path: &str) -> Option<Date> {
    let name = path.rsplit('/').next()?;
    let mut from = 0;
    while let Some(found) = NAME_DATE.as_ref()?.captures_at(name, from).and_then(|c| c.get(1)) {
        if let Some(Stated::Full(date)) = date::parse(&found.as_str().replace('_', "-")) {
            return Some(date);
        }
        from = found.end();
    }
    None
}

static NAME_YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|[^0-9])((?:19|20)[0-9]{2})(?:[^0-9]|$)").ok());

/// When a document was filed, as far as its path says so without naming a day of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filed {
    pub year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

impl Filed {
    /// A year, and the month if it is known.
    pub fn new(year: u16, month: Option<u8>) -> Self {
        Self { year, month, day: None }
    }

    /// A year, or a year and a month, that is a whole file or folder name, the nearest to the file first; a file `1130.txt` adds
    /// month and day to the year of its folder; else a year within the file name.
    pub fn of_path(path: &str) -> Option<Self> {
        let stem = |part: &str| part.split('.').next().map(|stem| stem.strip_suffix('年').unwrap_or(stem).to_string());
        let stated = |part: &str| match date::parse(&stem(part)?) {
            Some(Stated::Partial { year, month }) => Some(Self { year, month, day: None }),
            _ => None,
        };
        let name = path.rsplit('/').next()?;
        let whole = path.rsplit('/').find_map(stated);
        let added = stem(name).as_deref().and_then(month_and_day);
        if let (Some(Self { year, month: None, .. }), Some((month, day))) = (whole, added) {
            return Some(Self { year, month: Some(month), day: Some(day) });
        }
        whole.or_else(|| Some(Self { year: NAME_YEAR.as_ref()?.captures(name)?[1].parse().ok()?, month: None, day: None }))
    }

    /// Whether a day of a year comes after what was filed: then it is one of the year before.
    pub fn is_before(self, month: u8, day: u8) -> bool {
        self.month.is_some_and(|filed| month > filed || month == filed && self.day.is_some_and(|filed| day > filed))
    }
}

/// `1130`: month and day, if there is such a day in a leap year.
fn month_and_day(stem: &str) -> Option<(u8, u8)> {
    let digits = Some(stem).filter(|stem| stem.len() == 4 && stem.bytes().all(|b| b.is_ascii_digit()))?;
    let (month, day) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    Date::new(2000, month, day).map(|_| (month, day))
}
