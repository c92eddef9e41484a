//! Periods of time: days, weeks, months, quarters and years, numbered so that the next one is one more.

use serde::{Deserialize, Serialize};

use crate::source::Date;

/// How long a period is, the finest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeriodUnit {
    /// A calendar day.
    Day,
    /// A week by ISO 8601: Monday to Sunday, week 1 is the one that holds 4 January.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months, from January, April, July and October.
    Quarter,
    /// A calendar year.
    Year,
}

impl PeriodUnit {
    /// All of them, the finest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// Its name in the configuration and in notes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The next coarser one; nothing is coarser than a year.
    pub fn coarser(self) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| *unit > self)
    }
}

/// The period that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum PeriodChoice {
    /// By the span of the dates.
    #[default]
    Auto,
    /// Calendar years.
    Year,
    /// Calendar quarters.
    Quarter,
    /// Calendar months.
    Month,
    /// ISO weeks.
    Week,
    /// Days.
    Day,
}

impl PeriodChoice {
    /// The unit, unless it is left to the dates.
    pub fn unit(self) -> Option<PeriodUnit> {
        match self {
            Self::Auto => None,
            Self::Year => Some(PeriodUnit::Year),
            Self::Quarter => Some(PeriodUnit::Quarter),
            Self::Month => Some(PeriodUnit::Month),
            Self::Week => Some(PeriodUnit::Week),
            Self::Day => Some(PeriodUnit::Day),
        }
    }
}

/// One period. Periods of one unit are in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    unit: PeriodUnit,
    /// Whole units since a fixed day; the next period has the next number.
    ordinal: i32,
}

/// The numbers that name a period; nothing where it is coarser, or where it does not belong to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PeriodNumbers {
    /// Calendar year; of a week its ISO year, which holds its Thursday.
    pub year: Option<u64>,
    /// 1 to 4; of no week, since a week may lie in two.
    pub quarter: Option<u64>,
    /// 1 to 12; of no week.
    pub month: Option<u64>,
    /// 1 to 53; of no day, whose calendar year may not be the ISO year of its week.
    pub week: Option<u64>,
}

impl Period {
    /// The period a day lies in.
    pub fn of(unit: PeriodUnit, date: Date) -> Self {
        let (year, month) = (i32::from(date.year()), i32::from(date.month()) - 1);
        let ordinal = match unit {
            PeriodUnit::Year => year,
            PeriodUnit::Quarter => year * 4 + month / 3,
            PeriodUnit::Month => year * 12 + month,
            // Day number 0 was a Monday.
            PeriodUnit::Week => date.day_number().div_euclid(7),
            PeriodUnit::Day => date.day_number(),
        };
        Self { unit, ordinal }
    }

    /// Week `week` of the ISO year `year`, if there is one.
    pub fn of_week(year: i32, week: u8) -> Option<Self> {
        let first = Self::of(PeriodUnit::Week, Date::new(year, 1, 4)?);
        let period = first.plus(i32::from(week) - 1);
        (period.numbers().year == u64::try_from(year).ok() && week > 0).then_some(period)
    }

    /// The period `steps` later.
    pub fn plus(self, steps: i32) -> Self {
        Self { ordinal: self.ordinal.saturating_add(steps), ..self }
    }

    /// How many periods there are from this one to `last`, both counted; 0 when that is earlier.
    pub fn count_to(self, last: Self) -> usize {
        usize::try_from(i64::from(last.ordinal) - i64::from(self.ordinal) + 1).unwrap_or(0)
    }

    /// Its first day; nothing outside the years that dates have.
    pub fn start(self) -> Option<Date> {
        let month = |months: i32| Date::new(months.div_euclid(12), u8::try_from(months.rem_euclid(12) + 1).ok()?, 1);
        match self.unit {
            PeriodUnit::Year => Date::new(self.ordinal, 1, 1),
            PeriodUnit::Quarter => month(self.ordinal.checked_mul(3)?),
            PeriodUnit::Month => month(self.ordinal),
            PeriodUnit::Week => Date::from_day_number(self.ordinal.checked_mul(7)?),
            PeriodUnit::Day => Date::from_day_number(self.ordinal),
        }
    }

    /// The numbers that name it.
    pub fn numbers(self) -> PeriodNumbers {
        let Some(start) = self.start() else { return PeriodNumbers::default() };
        let (year, month) = (Some(u64::from(start.year())), u64::from(start.month()));
        let quarter = Some((month - 1) / 3 + 1);
        match self.unit {
            PeriodUnit::Year => PeriodNumbers { year, ..PeriodNumbers::default() },
            PeriodUnit::Quarter => PeriodNumbers { year, quarter, ..PeriodNumbers::default() },
            PeriodUnit::Month | PeriodUnit::Day => PeriodNumbers { year, quarter, month: Some(month), week: None },
            PeriodUnit::Week => iso_week(start),
        }
    }

    /// A condition on documents that holds in this period (`=`) or before it (`<`), as one types it: `month=2024-05`.
    pub fn condition(self, operator: char) -> String {
        let Some(start) = self.start() else { return String::new() };
        let PeriodNumbers { year, quarter, month, week } = self.numbers();
        let [year, quarter, month, week] = [year, quarter, month, week].map(Option::unwrap_or_default);
        match self.unit {
            PeriodUnit::Year => format!("year{operator}{year}"),
            PeriodUnit::Quarter => format!("quarter{operator}{year}Q{quarter}"),
            PeriodUnit::Month => format!("month{operator}{year}-{month:02}"),
            PeriodUnit::Week => format!("week{operator}{year}-W{week:02}"),
            PeriodUnit::Day => format!("date{operator}{start}"),
        }
    }
}

/// Year and number of the week that begins on this Monday. The year is that of its Thursday: so week 1 holds 4 January.
fn iso_week(monday: Date) -> PeriodNumbers {
    let thursday = Date::from_day_number(monday.day_number() + 3).unwrap_or(monday);
    let new_year = Date::new(i32::from(thursday.year()), 1, 1).unwrap_or(thursday);
    let days = u64::try_from(thursday.day_number() - new_year.day_number()).unwrap_or(0);
    PeriodNumbers { year: Some(u64::from(thursday.year())), week: Some(days / 7 + 1), ..PeriodNumbers::default() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(year: i32, month: u8, day: u8) -> Date {
        Date::new(year, month, day).unwrap()
    }

    fn condition(unit: PeriodUnit, day: Date) -> String {
        Period::of(unit, day).condition('=')
    }

    #[test]
    fn periods_are_named_and_begin_where_the_calendar_says() {
        let day = date(2024, 5, 15);
        let start = |unit| Period::of(unit, day).start().unwrap().to_string();
        assert_eq!(PeriodUnit::ALL.map(start), ["2024-05-15", "2024-05-13", "2024-05-01", "2024-04-01", "2024-01-01"]);
        let named = ["date=2024-05-15", "week=2024-W20", "month=2024-05", "quarter=2024Q2", "year=2024"];
        assert_eq!(PeriodUnit::ALL.map(|unit| condition(unit, day)), named);
    }

    #[test]
    fn a_week_belongs_to_the_year_of_its_thursday() {
        // 2024-12-30 was a Monday; 2021-01-03 a Sunday; 2020 had 53 weeks.
        assert_eq!(condition(PeriodUnit::Week, date(2024, 12, 30)), "week=2025-W01");
        assert_eq!(condition(PeriodUnit::Week, date(2021, 1, 3)), "week=2020-W53");
        assert_eq!(condition(PeriodUnit::Week, date(2021, 1, 4)), "week=2021-W01");
        assert_eq!(Period::of_week(2020, 53), Some(Period::of(PeriodUnit::Week, date(2021, 1, 3))));
        assert_eq!((Period::of_week(2021, 53), Period::of_week(2021, 0), Period::of_week(1800, 1)), (None, None, None));
        let numbers = Period::of(PeriodUnit::Week, date(2024, 12, 30)).numbers();
        assert_eq!(numbers, PeriodNumbers { year: Some(2025), quarter: None, month: None, week: Some(1) });
    }

    #[test]
    fn the_first_and_the_last_day_there_are_lie_in_periods_of_every_kind() {
        for unit in PeriodUnit::ALL {
            for day in [date(1900, 1, 1), date(2100, 12, 31)] {
                assert!(Period::of(unit, day).start().is_some_and(|start| start <= day), "{unit:?} {day}");
                assert!(Period::of(unit, day).numbers().year.is_some());
            }
        }
        assert_eq!(Period::of(PeriodUnit::Year, date(2100, 1, 1)).plus(1).start(), None);
    }

    proptest! {
        #[test]
        fn a_day_lies_between_the_start_of_its_period_and_that_of_the_next(number in 2_415_021i32..2_488_400, unit in prop::sample::select(&PeriodUnit::ALL[..])) {
            let day = Date::from_day_number(number).unwrap();
            prop_assert_eq!(day.day_number(), number);
            let period = Period::of(unit, day);
            prop_assert!(period.start().unwrap() <= day);
            prop_assert!(period.plus(1).start().is_none_or(|next| day < next));
            prop_assert_eq!(Period::of(unit, period.start().unwrap()), period);
            prop_assert_eq!(period.count_to(period.plus(3)), 4);
        }

        #[test]
        fn weeks_are_those_of_the_calendar_library(number in 2_415_021i32..2_488_400) {
            let (year, week, _) = time::Date::from_julian_day(number).unwrap().to_iso_week_date();
            let numbers = Period::of(PeriodUnit::Week, Date::from_day_number(number).unwrap()).numbers();
            prop_assert_eq!((numbers.year, numbers.week), (u64::try_from(year).ok(), Some(u64::from(week))));
            prop_assert_eq!(Period::of_week(year, week), Some(Period::of(PeriodUnit::Week, Date::from_day_number(number).unwrap())));
        }
    }
}
