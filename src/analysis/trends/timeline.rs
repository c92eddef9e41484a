//! The periods of a corpus, and which documents lie in which.

use crate::analysis::group_counts::{Groups, NO_GROUP};
use crate::analysis::period::{Period, PeriodUnit};
use crate::analysis::term_documents::TermDocuments;
use crate::corpus::Corpus;
use crate::source::Date;
use crate::table::{Cells, TableWarning};

use super::TrendOptions;

/// Most periods of a period that is chosen by the dates: three years of months, nine of quarters, one line in a chart whose
/// steps one can still tell apart. The next coarser unit then gives at least six, so a course can be seen.
const MOST_BY_ITSELF: usize = 36;
/// Most periods at all. One wrong date, of 1900 or 2100, must not make a million rows.
const MOST_PERIODS: usize = 2_000;
/// Most rows of a table of trends.
const MOST_ROWS: usize = 10_000_000;

/// Sizes of a period: the denominators of its rates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeriodSize {
    /// Documents.
    pub documents: u64,
    /// Their tokens.
    pub tokens: u64,
    /// Documents that hold a token.
    pub with_tokens: u64,
    /// Σ t² over documents.
    pub token_squares: u64,
}

/// Consecutive periods from the first document to the last.
#[derive(Debug)]
pub struct Timeline {
    unit: PeriodUnit,
    /// The unit that was asked for, where it would have made too many periods.
    asked: Option<PeriodUnit>,
    by_itself: bool,
    /// First period; nothing where no document is dated.
    first: Option<Period>,
    sizes: Vec<PeriodSize>,
    /// For each document the place of its period, or [`NO_GROUP`].
    of_document: Vec<u32>,
    undated: u64,
}

impl Timeline {
    /// Puts the dated documents of a corpus into periods.
    pub fn new(corpus: &Corpus, options: &TrendOptions, term_documents: &TermDocuments) -> Self {
        let dates: Vec<Option<Date>> = corpus.documents().map(|d| d.date).collect();
        let span = dates.iter().flatten().min().zip(dates.iter().flatten().max()).map(|(first, last)| (*first, *last));
        let most = (MOST_ROWS / options.rows_a_period().max(1)).clamp(1, MOST_PERIODS);
        let chosen = options.period.unit();
        let unit = span.map_or(PeriodUnit::Year, |span| match chosen {
            None => finest(PeriodUnit::Day, span, MOST_BY_ITSELF.min(most)),
            Some(unit) => finest(unit, span, most),
        });
        let first = span.map(|(first, _)| Period::of(unit, first));
        let count = span.map_or(0, |span| count(unit, span));
        let place = |date: Date| first.and_then(|first| u32::try_from(first.count_to(Period::of(unit, date)).checked_sub(1)?).ok());
        let of_document: Vec<u32> = dates.iter().map(|date| date.and_then(place).unwrap_or(NO_GROUP)).collect();
        let sizes = sizes(&of_document, count, term_documents);
        let undated = dates.iter().filter(|date| date.is_none()).count() as u64;
        let asked = chosen.filter(|asked| *asked != unit && first.is_some());
        Self { unit, asked, by_itself: chosen.is_none(), first, sizes, of_document, undated }
    }

    /// Number of periods; 0 where no document is dated.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// A period by its place.
    pub fn period(&self, place: usize) -> Option<Period> {
        Some(self.first?.plus(i32::try_from(place).ok()?))
    }

    /// The latest period: it has a document.
    pub fn latest(&self) -> Option<Period> {
        self.period(self.len().checked_sub(1)?)
    }

    /// Sizes of the periods.
    pub fn sizes(&self) -> &[PeriodSize] {
        &self.sizes
    }

    /// The period of each document.
    pub fn groups(&self) -> Groups<'_> {
        Groups { of_document: &self.of_document, count: self.sizes.len() }
    }

    /// The place of the period of a document, unless it has no date.
    pub fn of_document(&self, document: usize) -> Option<usize> {
        Some(self.of_document[document]).filter(|place| *place != NO_GROUP).map(|place| place as usize)
    }

    /// First day, year, quarter, month and week of a period.
    pub fn write_period(&self, place: usize, cells: &mut dyn Cells) {
        let period = self.period(place);
        let (start, numbers) = (period.and_then(Period::start), period.map(Period::numbers).unwrap_or_default());
        cells.date(start.as_ref().map(|start| start as &dyn std::fmt::Display));
        [numbers.year, numbers.quarter, numbers.month, numbers.week].into_iter().for_each(|number| cells.optional_integer(number));
    }

    /// Which periods there are, and what is in none.
    pub fn note(&self) -> String {
        let undated = match self.undated {
            0 => String::new(),
            1 => "; 1 document without a date is left out".to_string(),
            many => format!("; {many} documents without a date are left out"),
        };
        let ends = self.first.and_then(Period::start).zip(self.latest().and_then(Period::start));
        let Some((first, last)) = ends else { return format!("no document has a date, so there are no periods{undated}") };
        let chosen = match self.asked {
            Some(asked) => format!(" (trends.period = \"{}\" would have made too many)", asked.as_str()),
            None if self.by_itself => " (chosen by the span of the dates)".to_string(),
            None => String::new(),
        };
        let plural = if self.len() == 1 { "" } else { "s" };
        format!("{} {}{plural}{chosen}, from that of {first} to that of {last}{undated}", self.len(), self.unit.as_str())
    }

    /// A warning where the periods are not those that were asked for.
    pub fn warning(&self) -> Option<TableWarning> {
        self.asked.map(|_| TableWarning { code: "W_PERIOD", count: 1, first: self.note() })
    }
}

fn count(unit: PeriodUnit, (first, last): (Date, Date)) -> usize {
    Period::of(unit, first).count_to(Period::of(unit, last))
}

/// The finest unit from `unit` on with at most `most` periods; a year where even years are more, of which there are 201.
fn finest(unit: PeriodUnit, span: (Date, Date), most: usize) -> PeriodUnit {
    let mut unit = unit;
    while let Some(coarser) = unit.coarser().filter(|_| count(unit, span) > most) {
        unit = coarser;
    }
    unit
}

fn sizes(of_document: &[u32], periods: usize, term_documents: &TermDocuments) -> Vec<PeriodSize> {
    let mut sizes = vec![PeriodSize::default(); periods];
    for (document, place) in of_document.iter().enumerate().filter(|(_, place)| **place != NO_GROUP) {
        let size = &mut sizes[*place as usize];
        let tokens = term_documents.tokens(document);
        size.documents += 1;
        size.tokens += tokens;
        size.with_tokens += u64::from(tokens > 0);
        size.token_squares = size.token_squares.saturating_add(tokens * tokens);
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(first: (i32, u8, u8), last: (i32, u8, u8)) -> (PeriodUnit, usize) {
        let date = |(year, month, day)| Date::new(year, month, day).unwrap();
        let span = (date(first), date(last));
        let unit = finest(PeriodUnit::Day, span, MOST_BY_ITSELF);
        (unit, count(unit, span))
    }

    #[test]
    fn the_span_chooses_the_period() {
        assert_eq!(chosen((2024, 5, 1), (2024, 5, 1)), (PeriodUnit::Day, 1));
        assert_eq!(chosen((2024, 5, 1), (2024, 6, 5)), (PeriodUnit::Day, 36));
        assert_eq!(chosen((2024, 5, 1), (2024, 6, 6)), (PeriodUnit::Week, 6));
        // From Monday 1 January: 36 weeks end on Sunday 8 September.
        assert_eq!(chosen((2024, 1, 1), (2024, 9, 8)), (PeriodUnit::Week, 36));
        assert_eq!(chosen((2024, 1, 1), (2024, 9, 9)), (PeriodUnit::Month, 9));
        assert_eq!(chosen((2021, 1, 31), (2023, 12, 1)), (PeriodUnit::Month, 36));
        assert_eq!(chosen((2021, 1, 31), (2024, 1, 1)), (PeriodUnit::Quarter, 13));
        assert_eq!(chosen((2012, 7, 2), (2020, 12, 31)), (PeriodUnit::Quarter, 34));
        assert_eq!(chosen((2011, 1, 1), (2020, 1, 1)), (PeriodUnit::Year, 10));
        assert_eq!(chosen((1900, 1, 1), (2100, 12, 31)), (PeriodUnit::Year, 201));
    }

    #[test]
    fn one_wrong_date_does_not_make_a_million_rows() {
        let date = |(year, month, day)| Date::new(year, month, day).unwrap();
        let span = (date((1900, 1, 1)), date((2024, 12, 31)));
        assert_eq!((finest(PeriodUnit::Day, span, MOST_PERIODS), count(PeriodUnit::Day, span)), (PeriodUnit::Month, 45_656));
        assert_eq!(finest(PeriodUnit::Week, span, 499), PeriodUnit::Year);
    }
}
