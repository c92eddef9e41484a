//! Values of cells as a person sees them.

use calamine::{Data, DataRef, ExcelDateTime};

use super::grid::Shown;

/// A value as text; `format` is its number format where that is known.
pub(super) fn shown(value: &DataRef<'_>, format: Option<&str>) -> Shown {
    Shown::Text(match value {
        DataRef::Empty => String::new(),
        DataRef::Error(_) => return Shown::Error,
        DataRef::String(text) => plain(text),
        DataRef::SharedString(text) => plain(text),
        DataRef::Int(number) => number_text(*number as f64, format),
        DataRef::Float(number) => number_text(*number, format),
        DataRef::Bool(value) => bool_text(*value).to_string(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) => iso_date(text),
        DataRef::DurationIso(text) => iso_duration(text),
    })
}

/// The same for values that are not borrowed.
pub(super) fn shown_owned(value: &Data) -> Shown {
    Shown::Text(match value {
        Data::Empty => String::new(),
        Data::Error(_) => return Shown::Error,
        Data::String(text) => plain(text),
        Data::Int(number) => number_text(*number as f64, None),
        Data::Float(number) => number_text(*number, None),
        Data::Bool(value) => bool_text(*value).to_string(),
        Data::DateTime(moment) => moment_text(moment),
        Data::DateTimeIso(text) => iso_date(text),
        Data::DurationIso(text) => iso_duration(text),
    })
}

pub(super) fn bool_text(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// Line ends within a cell are LF.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A number by its format: a percentage, a fixed number of decimals, or as short as possible.
pub(super) fn number_text(number: f64, format: Option<&str>) -> String {
    match format.and_then(Decimals::of) {
        Some(Decimals { places, percent: true }) => format!("{:.places$}%", number * 100.0),
        Some(Decimals { places, percent: false }) if number.abs() < 1e15 => format!("{number:.places$}"),
        _ => shortest(number),
    }
}

/// The fewest digits that show the first fifteen, which are all a spreadsheet has: 0.1 + 0.2 is 0.3.
fn shortest(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    match rounded {
        0.0 => "0".to_string(),
        far if far.is_finite() && !(1e-9..1e15).contains(&far.abs()) => format!("{far:E}"),
        near => near.to_string(),
    }
}

/// How a number format shows a number.
#[derive(Debug, PartialEq, Eq)]
struct Decimals {
    places: usize,
    percent: bool,
}

/// More decimals say nothing.
const MOST_PLACES: usize = 30;

impl Decimals {
    /// Reads formats made of `0`, `#`, `,` and `?` with a fixed number of decimals, and percentages. `None` for all others, and
    /// for formats without decimals that are no percentages: `0` on 3.7 would show what is not there.
    fn of(format: &str) -> Option<Self> {
        let first = format.split(';').next()?;
        let percent = first.contains('%');
        let bare: String = first.chars().filter(|c| !matches!(c, '%' | ' ' | '_' | '(' | ')')).collect();
        if !bare.chars().all(|c| matches!(c, '0' | '#' | ',' | '.' | '?')) || bare.is_empty() {
            return None;
        }
        let decimals = bare.split_once('.').map_or("", |(_, decimals)| decimals);
        let fixed = decimals.bytes().all(|b| b == b'0') && (percent || !decimals.is_empty());
        fixed.then_some(Self { places: decimals.len().min(MOST_PLACES), percent })
    }
}

fn moment_text(moment: &ExcelDateTime) -> String {
    let value = moment.as_f64();
    if moment.is_duration() {
        return duration_text(value);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    match value {
        // Days before the first have no date; a fraction alone is a time of day.
        value if !value.is_finite() || value < 0.0 => shortest(value),
        value if value < 1.0 && value > 0.0 => time(hour, minute, second),
        _ => with_time(&format!("{year:04}-{month:02}-{day:02}"), hour, minute, second),
    }
}

fn with_time(date: &str, hour: u8, minute: u8, second: u8) -> String {
    if (hour, minute, second) == (0, 0, 0) { date.to_string() } else { format!("{date} {}", time(hour, minute, second)) }
}

fn time(hour: u8, minute: u8, second: u8) -> String {
    if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") }
}

/// Days as hours, minutes and seconds.
fn duration_text(days: f64) -> String {
    let seconds = (days * 86_400.0).round();
    if !seconds.is_finite() || seconds.abs() > 1e15 {
        return shortest(days);
    }
    let sign = if seconds < 0.0 { "-" } else { "" };
    let seconds = seconds.abs() as u64;
    format!("{sign}{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// `2024-01-05T00:00:00` as a date, with the time only where it is not midnight.
pub(super) fn iso_date(text: &str) -> String {
    let text = text.trim();
    let Some((date, time)) = text.split_once('T') else { return text.to_string() };
    let time = time.split(['.', 'Z', '+']).next().unwrap_or("");
    match time.strip_suffix(":00").filter(|_| time.len() == 8).unwrap_or(time) {
        "" | "00:00" => date.to_string(),
        time => format!("{date} {time}"),
    }
}

/// `PT26H30M00S` as `26:30:00`; other text as it is.
pub(super) fn iso_duration(text: &str) -> String {
    let parts = || {
        let (hours, rest) = text.trim().strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
        let number = |part: &str| part.parse::<u64>().ok();
        Some((number(hours)?, number(minutes)?, number(seconds)?))
    };
    parts().map_or_else(|| text.trim().to_string(), |(hours, minutes, seconds)| format!("{hours}:{minutes:02}:{seconds:02}"))
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn text(value: DataRef<'_>, format: Option<&str>) -> String {
        match shown(&value, format) {
            Shown::Text(text) => text,
            Shown::Error => "error".into(),
        }
    }

    #[test]
    fn numbers_are_short_or_as_their_format_says() {
        let plain = |number| text(DataRef::Float(number), None);
        assert_eq!(
            [plain(3.0), plain(0.1 + 0.2), plain(-12.5), plain(1e21), plain(0.0), plain(-0.0)],
            ["3", "0.3", "-12.5", "1E21", "0", "0"]
        );
        let by = |number, format| text(DataRef::Float(number), Some(format));
        assert_eq!([by(0.256, "0%"), by(0.256, "0.0%"), by(12.5, "0.00"), by(12.5, "#,##0.00 ")], ["26%", "25.6%", "12.50", "12.50"]);
        assert_eq!([by(3.7, "0"), by(3.7, "General"), by(3.7, "0.0\"元\""), by(3.7, "#.##"), by(3.7, "")], ["3.7"; 5]);
        assert_eq!(text(DataRef::Int(7), None), "7");
        assert_eq!(by(f64::NAN, "0.0"), "NaN");
    }

    #[test]
    fn dates_have_a_time_only_where_there_is_one() {
        let moment = |value, kind| text(DataRef::DateTime(ExcelDateTime::new(value, kind, false)), None);
        let date = |value| moment(value, ExcelDateTimeType::DateTime);
        assert_eq!([date(45_296.0), date(45_296.5), date(0.75), date(-3.0)], ["2024-01-05", "2024-01-05 12:00", "18:00", "-3"]);
        assert_eq!(moment(1.5, ExcelDateTimeType::TimeDelta), "36:00:00");
        let iso = |value: &str| text(DataRef::DateTimeIso(value.into()), None);
        assert_eq!(
            [iso("2024-01-05"), iso("2024-01-05T00:00:00"), iso("2024-01-05T08:30:00.000")],
            ["2024-01-05", "2024-01-05", "2024-01-05 08:30"]
        );
        assert_eq!([iso_duration("PT26H30M00S"), iso_duration("P1D")], ["26:30:00", "P1D"]);
    }

    #[test]
    fn other_values_are_as_they_look() {
        assert_eq!([text(DataRef::Bool(true), None), text(DataRef::Bool(false), None)], ["TRUE", "FALSE"]);
        assert_eq!(text(DataRef::String("甲\r\n乙\r丙".into()), None), "甲\n乙\n丙");
        assert_eq!(shown(&DataRef::Error(CellErrorType::Ref), None), Shown::Error);
    }
}
