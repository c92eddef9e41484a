//! The fields of a condition: their names, their operators, what their values look like.

use crate::analysis::period::{Period, PeriodUnit};
use crate::corpus::ShardDocument;
use crate::source::Date;

use super::SliceError;
use super::lexer::Operator;

/// What a condition may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Date, compared as a period.
    Time(PeriodUnit),
    /// A column of documents.csv.
    Text(TextField),
    /// Where the path begins.
    Folder,
    /// Has a coded sentence of a theme.
    Theme,
}

/// A column of documents.csv.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextField {
    Source,
    Path,
    Title,
    Place,
    IssuingBody,
    DocumentNumber,
    Format,
    Encoding,
}

/// Every field by its name.
const FIELDS: [(&str, Field); 15] = [
    ("year", Field::Time(PeriodUnit::Year)),
    ("quarter", Field::Time(PeriodUnit::Quarter)),
    ("month", Field::Time(PeriodUnit::Month)),
    ("week", Field::Time(PeriodUnit::Week)),
    ("date", Field::Time(PeriodUnit::Day)),
    ("source", Field::Text(TextField::Source)),
    ("folder", Field::Folder),
    ("path", Field::Text(TextField::Path)),
    ("title", Field::Text(TextField::Title)),
    ("place", Field::Text(TextField::Place)),
    ("issuing_body", Field::Text(TextField::IssuingBody)),
    ("document_number", Field::Text(TextField::DocumentNumber)),
    ("format", Field::Text(TextField::Format)),
    ("encoding", Field::Text(TextField::Encoding)),
    ("theme", Field::Theme),
];

impl Field {
    pub fn named(name: &str) -> Option<Self> {
        FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
    }

    pub fn name(self) -> &'static str {
        FIELDS.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// All names, for messages.
    pub fn names() -> String {
        FIELDS.map(|(name, _)| name).join(", ")
    }

    /// The operators that make sense.
    pub fn operators(self) -> &'static [Operator] {
        use Operator::{Contains, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        match self {
            Self::Time(_) => &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual],
            Self::Text(_) | Self::Folder => &[Equal, NotEqual, Contains],
            Self::Theme => &[Equal, NotEqual],
        }
    }
}

impl TextField {
    /// Nothing where it is not known: such a cell is empty.
    fn of(self, document: &ShardDocument) -> Option<&str> {
        let text = match self {
            Self::Source => &*document.source,
            Self::Path => &*document.path,
            Self::Title => &*document.title,
            Self::Place => &*document.place,
            Self::IssuingBody => &*document.issuing_body,
            Self::DocumentNumber => &*document.document_number,
            Self::Format => document.format,
            Self::Encoding => document.encoding,
        };
        (!text.is_empty()).then_some(text)
    }
}

/// One comparison of a field with values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    field: Field,
    operator: Operator,
    values: Values,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    Periods(Vec<Period>),
    /// Folders without `/` at their end.
    Texts(Vec<String>),
}

impl Test {
    /// A comparison with an operator that the field has; values with their places.
    pub fn new(field: Field, operator: Operator, values: &[(usize, String)]) -> Result<Self, SliceError> {
        let values = match field {
            Field::Time(unit) => {
                Values::Periods(values.iter().map(|(column, text)| period(unit, text, *column)).collect::<Result<_, _>>()?)
            }
            Field::Folder => Values::Texts(values.iter().map(|(column, text)| folder(text, *column)).collect::<Result<_, _>>()?),
            Field::Text(_) | Field::Theme => Values::Texts(values.iter().map(|(_, text)| text.clone()).collect()),
        };
        Ok(Self { field, operator, values })
    }

    pub fn holds(&self, document: &ShardDocument, has_theme: &dyn Fn(&str) -> bool) -> Option<bool> {
        let any = match (&self.values, self.field) {
            (Values::Periods(periods), Field::Time(unit)) => {
                let own = Period::of(unit, document.date?);
                periods.iter().any(|period| self.compares(own, *period))
            }
            (Values::Texts(ids), Field::Theme) => ids.iter().any(|id| has_theme(id)),
            (Values::Texts(folders), Field::Folder) => folders.iter().any(|folder| self.is_below(&document.path, folder)),
            (Values::Texts(texts), Field::Text(field)) => {
                let own = field.of(document)?;
                texts.iter().any(|text| self.matches(own, text))
            }
            // `new` pairs fields and values.
            _ => return None,
        };
        Some(any != (self.operator == Operator::NotEqual))
    }

    /// `!=` is judged over all values, as the opposite of `=`.
    fn compares(&self, own: Period, value: Period) -> bool {
        match self.operator {
            Operator::Less => own < value,
            Operator::LessOrEqual => own <= value,
            Operator::Greater => own > value,
            Operator::GreaterOrEqual => own >= value,
            Operator::Equal | Operator::NotEqual | Operator::Contains => own == value,
        }
    }

    fn matches(&self, own: &str, value: &str) -> bool {
        if self.operator == Operator::Contains { contains(own, value) } else { own.eq_ignore_ascii_case(value) }
    }

    fn is_below(&self, path: &str, folder: &str) -> bool {
        if self.operator == Operator::Contains {
            return path.rfind('/').is_some_and(|end| contains(&path[..end], folder));
        }
        let rest = path.get(..folder.len()).filter(|start| start.eq_ignore_ascii_case(folder)).map(|_| &path[folder.len()..]);
        rest.is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Whether `part` stands in `text`, letter case of Latin letters ignored.
fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len().max(1)).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// The folder without `/` at its ends. Nothing but `/` is no folder: paths begin without it, so every document or none would match.
fn folder(text: &str, column: usize) -> Result<String, SliceError> {
    let folder = text.trim_matches('/').trim();
    if folder.is_empty() {
        let help = Some("such as folder=2023/news; to take all documents leave the condition out".to_string());
        return Err(SliceError { column, expected: "a folder".to_string(), found: format!("`{text}`"), help });
    }
    Ok(folder.to_string())
}

fn period(unit: PeriodUnit, text: &str, column: usize) -> Result<Period, SliceError> {
    read_period(unit, text).ok_or_else(|| SliceError {
        column,
        expected: match unit {
            PeriodUnit::Year => "a year from 1900 to 2100 such as 2023",
            PeriodUnit::Quarter => "a quarter such as 2023Q1",
            PeriodUnit::Month => "a month such as 2023-05",
            PeriodUnit::Week => "a week of ISO 8601 such as 2023-W05",
            PeriodUnit::Day => "a day such as 2023-05-01",
        }
        .to_string(),
        found: format!("`{text}`"),
        help: (unit == PeriodUnit::Day).then(|| "for longer times there are year, quarter, month and week".to_string()),
    })
}

/// `2023`, `2023Q1`, `2023-05`, `2023-W05`, `2023-05-01`; a hyphen before Q or W may be there or not.
fn read_period(unit: PeriodUnit, text: &str) -> Option<Period> {
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| -> Option<i32> {
        let is_number = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    };
    let small = |text: &str| u8::try_from(number(text, 1..=2)?).ok();
    let year = number(text.get(..4)?, 4..=4)?;
    let rest = text.get(4..)?;
    let after = |letter: [char; 2]| rest.strip_prefix('-').unwrap_or(rest).strip_prefix(letter);
    let date = match unit {
        PeriodUnit::Year if rest.is_empty() => Date::new(year, 1, 1)?,
        PeriodUnit::Quarter => Date::new(year, small(after(['Q', 'q'])?).filter(|q| (1..=4).contains(q))? * 3, 1)?,
        PeriodUnit::Month => Date::new(year, small(rest.strip_prefix('-')?)?, 1)?,
        PeriodUnit::Week => return Period::of_week(year, small(after(['W', 'w'])?)?),
        PeriodUnit::Day => {
            let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
            Date::new(year, small(month)?, small(day)?)?
        }
        PeriodUnit::Year => return None,
    };
    Some(Period::of(unit, date))
}
