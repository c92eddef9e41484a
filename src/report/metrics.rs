//! Metrics of the last run for the textfile collector of Prometheus.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// What the metrics say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metrics {
    /// When the last run ended, in seconds since 1970.
    pub last_run: i64,
    /// When a run last succeeded (the report was published, or nothing was new), in seconds since 1970; nothing if none did.
    pub last_success: Option<i64>,
    /// Exit code of the last run.
    pub exit_code: u8,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Documents by state, as far as the run got.
    pub documents: Vec<(&'static str, u64)>,
    /// Share of sentences with a theme, by taxonomy.
    pub coded: Vec<(String, f64)>,
    /// Data rows by table.
    pub rows: Vec<(String, u64)>,
    /// Version of the program.
    pub version: &'static str,
}

impl Metrics {
    /// Takes what is said of the report from the metrics of an earlier run, where this one published none: that report is still in
    /// place, and a series must not end on every quiet night.
    pub fn keep_report(&mut self, earlier: &str) {
        if self.rows.is_empty() && self.coded.is_empty() {
            self.rows = values(earlier, "yuliao_output_rows{table=\"");
            self.coded = values(earlier, "yuliao_sentences_coded_ratio{taxonomy=\"");
        }
    }

    /// In the text format of Prometheus, without timestamps, as its textfile collector wants them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut metric = |name: &str, help: &str, values: &[(String, String)]| {
            if values.is_empty() {
                return;
            }
            // Writing into a string cannot fail.
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n");
            for (labels, value) in values {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let one = |value: String| vec![(String::new(), value)];
        let labelled = |label: &str, of: &str, value: String| (format!("{{{label}=\"{}\"}}", escape(of)), value);
        metric("yuliao_last_run_timestamp_seconds", "When the last run ended.", &one(self.last_run.to_string()));
        let success: Vec<_> = self.last_success.map(|at| (String::new(), at.to_string())).into_iter().collect();
        metric("yuliao_last_success_timestamp_seconds", "When a run last published its report or found nothing new.", &success);
        metric("yuliao_last_exit_code", "Exit code of the last run.", &one(self.exit_code.to_string()));
        let seconds = format!("{}.{:03}", self.duration_ms / 1000, self.duration_ms % 1000);
        metric("yuliao_run_duration_seconds", "How long the last run took.", &one(seconds));
        let documents: Vec<_> = self.documents.iter().map(|(state, count)| labelled("state", state, count.to_string())).collect();
        metric("yuliao_documents", "Documents of the last run by state.", &documents);
        let coded: Vec<_> = self.coded.iter().map(|(taxonomy, share)| labelled("taxonomy", taxonomy, format!("{share:.6}"))).collect();
        metric("yuliao_sentences_coded_ratio", "Share of sentences that have a theme.", &coded);
        let rows: Vec<_> = self.rows.iter().map(|(table, rows)| labelled("table", table, rows.to_string())).collect();
        metric("yuliao_output_rows", "Data rows of the published tables.", &rows);
        metric("yuliao_build_info", "Version of the program.", &[labelled("version", self.version, "1".to_string())]);
        text
    }

    /// Writes them to `path`, as a hidden file that is renamed: a collector never sees half of them. Everyone may read the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        let hidden = path.with_file_name(name);
        fs::write(&hidden, self.text())?;
        #[cfg(unix)]
        fs::set_permissions(&hidden, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        fs::rename(&hidden, path)
    }
}

/// The values of a metric by label; `start` is its name and that of the label, as they are written.
fn values<T: std::str::FromStr>(text: &str, start: &str) -> Vec<(String, T)> {
    let value = |line: &str| {
        let (label, value) = line.strip_prefix(start)?.split_once("\"} ")?;
        Some((label.to_string(), value.trim().parse().ok()?))
    };
    text.lines().filter_map(value).collect()
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_a_collector_reads() {
        let metrics = Metrics {
            last_run: 1_764_000_000,
            last_success: None,
            exit_code: 3,
            duration_ms: 4_205,
            documents: vec![("new", 3)],
            coded: vec![("a\"b".into(), 0.5)],
            rows: vec![("terms".into(), 7)],
            version: "0.1.0",
        };
        let text = metrics.text();
        for line in [
            "yuliao_last_run_timestamp_seconds 1764000000",
            "yuliao_last_exit_code 3",
            "yuliao_run_duration_seconds 4.205",
            "yuliao_documents{state=\"new\"} 3",
            "yuliao_sentences_coded_ratio{taxonomy=\"a\\\"b\"} 0.500000",
            "yuliao_output_rows{table=\"terms\"} 7",
            "yuliao_build_info{version=\"0.1.0\"} 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
        }
        assert!(!text.contains("last_success") && text.ends_with('\n'));
        let mut later = Metrics::default();
        later.keep_report(&text.replace("a\\\"b", "zh"));
        assert_eq!((later.coded.clone(), later.rows.clone()), (vec![("zh".to_string(), 0.5)], metrics.rows));
        later.rows = vec![("terms".into(), 9)];
        later.keep_report(&text);
        assert_eq!(later.rows, [("terms".to_string(), 9)], "what a run made stands");
    }
}
