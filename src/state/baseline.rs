//! The documents of published runs: what a later run is compared with.

use std::fs;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::corpus::{Seal, seal, unseal};
use crate::source::{Date, DocId, TextKey};

use super::files::write_whole;

/// The second layout of them.
const KIND: [u8; 2] = *b"b2";
const ANY: Seal = [0; 32];
/// Runs that are kept whatever is compared with: this one, and the one that its report was compared with where that is no other.
const NEWEST: usize = 2;
/// Runs that are kept of the time that is looked back: each takes up to a twentieth of the size of the text.
const SLOTS: u16 = 10;

/// A published run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Its id.
    pub run_id: String,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// The folder it was published into.
    pub output: String,
    /// The parts of its fingerprint, by name.
    pub fingerprint: Vec<(String, String)>,
    /// Its documents, by id.
    pub documents: Vec<BaselineDocument>,
    /// Documents that it left out as copies of others.
    pub left_out: Vec<(DocId, TextKey)>,
}

/// A document of a published run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BaselineDocument {
    /// Its id.
    pub id: DocId,
    /// Its text.
    pub key: TextKey,
    /// Its tokens, as they were counted.
    pub tokens: u64,
    /// Its date.
    pub date: Option<Date>,
    /// Its title.
    pub title: String,
}

/// What later runs will ask for.
#[derive(Debug, Clone, Default)]
pub struct LookBack {
    /// How many days back, if it is not just the run before.
    pub days: Option<u16>,
    /// The run that the last report was compared with.
    pub used: Option<String>,
}

impl LookBack {
    /// Those of the runs, the newest first, that no later run will ask for. Of the days that are looked back a run of each is kept, of many
    /// days one of every few, and one that is surely older than all of them.
    fn superseded<'i>(&self, ids: &'i [String]) -> Vec<&'i String> {
        let newest = ids.first().and_then(|id| day(id));
        let spacing = i32::from(self.days.unwrap_or(0).div_ceil(SLOTS).max(1));
        let (mut last_slot, mut reaches_back) = (None, self.days.is_none());
        let mut is_wanted = |number: usize, id: &String| {
            let (Some(newest), Some(day)) = (newest, day(id)) else { return false };
            let slot = day.div_euclid(spacing);
            let is_first_of_slot = last_slot.replace(slot) != Some(slot);
            let is_asked_for = !reaches_back && is_first_of_slot;
            if is_asked_for {
                reaches_back = self.days.is_none_or(|days| newest - day > i32::from(days));
            }
            is_asked_for || number < NEWEST || self.used.as_ref() == Some(id)
        };
        ids.iter().enumerate().filter(|(number, id)| !is_wanted(*number, id)).map(|(_, id)| id).collect()
    }
}

/// The day on which a run began, which is the first thing in its id.
fn day(id: &str) -> Option<i32> {
    let number = |range: std::ops::Range<usize>| id.get(range)?.parse::<u16>().ok();
    let (year, month, day) = (number(1..5)?, number(5..7)?, number(7..9)?);
    let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
    Some(time::Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?.to_julian_day())
}

/// The folder of them.
#[derive(Debug, Clone)]
pub struct Baselines(PathBuf);

impl Baselines {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Stores a run and drops those that no later run will ask for.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&self, baseline: &Baseline, look_back: &LookBack) -> io::Result<()> {
        let bytes = seal(KIND, &ANY, baseline).map_err(io::Error::other)?;
        write_whole(&self.0.join(&baseline.run_id), &bytes)?;
        let ids = self.ids();
        for id in look_back.superseded(&ids) {
            // One more harms nobody.
            let _ = fs::remove_file(self.0.join(id));
        }
        Ok(())
    }

    /// Ids of the runs kept, the newest first.
    pub fn ids(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let names = files.filter_map(|file| file.file_name().into_string().ok());
        let mut ids: Vec<String> = names.filter(|name| name.starts_with('r')).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    }

    /// A run, if it is there and whole.
    pub fn load(&self, id: &str) -> Option<Baseline> {
        let is_plain = id.starts_with('r') && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let bytes = is_plain.then(|| fs::read(self.0.join(id)).ok()).flatten()?;
        unseal(KIND, &ANY, &bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids of runs of days of November 2026, the newest first; several of one day by their hours.
    fn ids(days: &[(u8, u8)]) -> Vec<String> {
        days.iter().map(|(day, hour)| format!("r202611{day:02}T{hour:02}0000Z-ab12")).collect()
    }

    fn kept(look_back: &LookBack, days: &[(u8, u8)]) -> Vec<(u8, u8)> {
        let ids = ids(days);
        let superseded = look_back.superseded(&ids);
        days.iter().zip(&ids).filter(|(_, id)| !superseded.contains(id)).map(|(day, _)| *day).collect()
    }

    #[test]
    fn what_no_run_will_ask_for_is_dropped() {
        let daily: Vec<(u8, u8)> = (1..=28).rev().map(|day| (day, 6)).collect();
        let previous = LookBack::default();
        assert_eq!(kept(&previous, &daily), [(28, 6), (27, 6)]);
        let used = LookBack { used: Some("r20261109T060000Z-ab12".into()), ..previous };
        assert_eq!(kept(&used, &daily), [(28, 6), (27, 6), (9, 6)], "a report may be compared with an old run for long");
        let weekly = LookBack { days: Some(7), used: None };
        assert_eq!(kept(&weekly, &daily), (20..=28).rev().map(|day| (day, 6)).collect::<Vec<_>>(), "at an earlier hour the 20th");
        let hourly = [(28, 9), (28, 8), (28, 7), (27, 9), (27, 8), (20, 9), (20, 8), (19, 1)];
        assert_eq!(kept(&weekly, &hourly), [(28, 9), (28, 8), (27, 9), (20, 9)], "one a day, and one that is old enough");
        assert_eq!(kept(&weekly, &[(28, 9)]), [(28, 9)]);
    }

    #[test]
    fn of_many_days_a_few_runs_are_kept() {
        let daily: Vec<(u8, u8)> = (1..=28).rev().map(|day| (day, 6)).collect();
        let monthly = kept(&LookBack { days: Some(25), used: None }, &daily);
        assert!(monthly.len() <= 12, "{monthly:?}");
        assert!(monthly.iter().any(|(day, _)| *day <= 3), "one is old enough: {monthly:?}");
        assert!(monthly.windows(2).all(|pair| pair[0].0 - pair[1].0 <= 3), "{monthly:?}");
    }
}
