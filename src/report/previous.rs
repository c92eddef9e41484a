//! The report that a new one replaces, as far as its run.json tells.

use std::path::Path;

/// What a new report needs to know of the one it replaces.
#[derive(Debug, Default)]
pub struct PreviousReport {
    /// Its run_id.
    pub run_id: Option<String>,
    /// Its files.
    pub files: Vec<String>,
    /// How many documents it had.
    pub documents: u64,
    /// The input roots it was made of, as they are told there.
    pub roots: Vec<String>,
    /// The state it was published with.
    pub state_id: Option<String>,
    /// The run that its changes.csv compares with, if any.
    pub baseline: Option<String>,
    /// SHA-256 of its files by name, in hex.
    pub hashes: std::collections::BTreeMap<String, String>,
}

impl PreviousReport {
    /// Reads run.json of `output`; a missing or damaged one is as if there had been no report.
    pub fn read(output: &Path) -> Self {
        let path = output.join("run.json");
        // What is no file might never end.
        let is_file = std::fs::metadata(&path).is_ok_and(|found| found.is_file());
        let parsed =
            is_file.then(|| std::fs::read(path)).and_then(Result::ok).and_then(|b| serde_json::from_slice::<serde_json::Value>(&b).ok());
        let Some(value) = parsed else { return Self::default() };
        let path_of = |v: &serde_json::Value| v.get("path").and_then(|p| p.as_str()).map(String::from);
        let list = |v: &serde_json::Value, key: &str| v.get(key).and_then(|l| l.as_array()).cloned().unwrap_or_default();
        let text = |v: &serde_json::Value, key: &str| v.get(key).and_then(|text| text.as_str()).map(String::from);
        let (mut files, mut hashes) = (Vec::new(), std::collections::BTreeMap::new());
        for output in list(&value, "outputs") {
            for file in std::iter::once(&output).chain(&list(&output, "parts")) {
                let Some(path) = path_of(file) else { continue };
                if let Some(hash) = text(file, "hash") {
                    hashes.insert(path.clone(), hash.trim_start_matches("sha256:").to_string());
                }
                files.push(path);
            }
        }
        let documents = value.pointer("/counts/documents").and_then(serde_json::Value::as_u64).unwrap_or(0);
        let roots = value.pointer("/inputs/roots").and_then(|roots| roots.as_array()).into_iter().flatten();
        let roots = roots.filter_map(|root| root.as_str().map(String::from)).collect();
        let baseline = value.get("changes").and_then(|changes| text(changes, "baseline_run_id"));
        Self { documents, roots, baseline, run_id: text(&value, "run_id"), state_id: text(&value, "state_id"), files, hashes }
    }
}
