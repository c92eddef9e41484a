//! quarantine.csv of the state: inputs that could not be used, with when each was first and last seen and how often it was tried. The
//! table of the report has no times, since it says the same for the same input.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::source::Quarantined;
use crate::state::write_whole;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    path: String,
    record: Option<u64>,
    code: String,
    message: String,
    first_seen: String,
    last_seen: String,
    attempts: u64,
}

/// Writes the inputs that a run at `now` (RFC 3339) could not use; of those that stood there before, the first time and the number of
/// attempts go on. What was not tried again since nothing of its file changed, as `is_as_before` tells by its path, stays as it stands.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn write(path: &Path, quarantined: &[Quarantined], now: &str, is_as_before: impl Fn(&str) -> bool) -> io::Result<()> {
    let before = read(path);
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(["path", "record", "code", "message", "first_seen", "last_seen", "attempts"])?;
    for bad in quarantined {
        let earlier = before.get(&(bad.path.to_string(), bad.record));
        let untried = earlier.filter(|_| is_as_before(&bad.path));
        writer.serialize(Row {
            path: bad.path.to_string(),
            record: bad.record,
            code: bad.code.as_str().to_string(),
            message: bad.message.clone(),
            first_seen: earlier.map_or_else(|| now.to_string(), |row| row.first_seen.clone()),
            last_seen: untried.map_or_else(|| now.to_string(), |row| row.last_seen.clone()),
            attempts: earlier.map_or(0, |row| row.attempts) + u64::from(untried.is_none()),
        })?;
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    write_whole(path, &bytes)
}

fn read(path: &Path) -> BTreeMap<(String, Option<u64>), Row> {
    let Ok(bytes) = std::fs::read(path) else { return BTreeMap::new() };
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    reader.deserialize::<Row>().filter_map(Result::ok).map(|row| ((row.path.clone(), row.record), row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Code, Stage};

    #[test]
    fn first_time_and_attempts_go_on_and_what_is_mended_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("quarantine.csv");
        let bad = |name: &str| Quarantined {
            path: name.into(),
            record: Some(7),
            bytes: 1,
            stage: Stage::Split,
            code: Code::Row,
            message: "no, \"no\"".into(),
            count: 1,
        };
        write(&path, &[bad("a"), bad("b")], "monday", |_| false).unwrap();
        write(&path, &[bad("b"), bad("c")], "tuesday", |_| false).unwrap();
        write(&path, &[bad("b"), bad("c")], "wednesday", |path| path == "b").unwrap();
        let rows: Vec<Row> = read(&path).into_values().collect();
        let seen: Vec<_> = rows.iter().map(|r| (r.path.as_str(), r.first_seen.as_str(), r.last_seen.as_str(), r.attempts)).collect();
        assert_eq!(seen, [("b", "monday", "tuesday", 2), ("c", "tuesday", "wednesday", 2)]);
    }
}
