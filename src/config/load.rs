//! From a file and overrides to a [`Config`], with every problem at once.

use std::path::{Path, PathBuf};

use thiserror::Error;
use toml::Value;

use crate::diagnostic::{Diagnostic, line_column, shown};

use super::Config;

/// Where the configuration lies when nobody says otherwise.
pub const DEFAULT_PATH: &str = "config/yuliao.toml";

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("{path}: the configuration cannot be read: {source}; name another with --config")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file or an override is wrong; the first problems are shown.
    #[error("{}", shown(.0).join("\n"))]
    Invalid(Vec<Diagnostic>),
}

/// A setting that wins over the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Where it comes from, as shown in messages: `--set` or the name of an environment variable.
    pub origin: String,
    /// `section.key`.
    pub key: String,
    /// A TOML value, or bare text where a text is expected.
    pub value: String,
}

impl Override {
    /// Names of environment variables that begin with `YULIAO_` but name no setting: most likely a slip of the pen.
    pub fn unknown_in_environment<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
        let settings = leaves(&default_table());
        let is_known = |name: &str| settings.iter().any(|key| variable_of(key) == name) || name == "YULIAO_CONFIG";
        names.filter(|name| name.starts_with("YULIAO_") && !is_known(name)).collect()
    }

    /// The overrides in environment variables: `YULIAO_SECTION_KEY`, such as `YULIAO_RUN_THREADS=2`. Names that match no
    /// setting are left alone.
    pub fn from_environment(variables: impl Iterator<Item = (String, String)>) -> Vec<Self> {
        let defaults = default_table();
        let known: Vec<(String, String)> = leaves(&defaults).into_iter().map(|key| (variable_of(&key), key)).collect();
        let mut found: Vec<Self> = variables
            .filter_map(|(name, value)| {
                let key = known.iter().find(|(known, _)| *known == name)?.1.clone();
                Some(Self { origin: name, key, value })
            })
            .collect();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        found
    }
}

/// The environment variable of a setting.
fn variable_of(key: &str) -> String {
    format!("YULIAO_{}", key.replace('.', "_").to_uppercase())
}

/// Reads the configuration at `path`, applies `overrides`, and takes relative paths of the file from its project folder: the
/// folder of the file, or the one above when that folder is called `config`.
///
/// # Errors
/// When the file cannot be read, or anything in it or in an override is not a setting.
pub fn load(path: &Path, overrides: &[Override]) -> Result<Config, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_path_buf(), source };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        let problem = Diagnostic::error(path.display().to_string(), line, 0, "C001", "expected UTF-8, found other bytes");
        LoadError::Invalid(vec![problem.with_help("save the file as UTF-8")])
    })?;
    let config = load_text(&path.display().to_string(), text.trim_start_matches('\u{FEFF}'), overrides)?;
    Ok(config.resolved(&project_folder(path)))
}

fn project_folder(path: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(Path::new(""));
    let is_config = folder.file_name().is_some_and(|name| name == "config");
    if is_config { folder.parent().unwrap_or(Path::new("")).to_path_buf() } else { folder.to_path_buf() }
}

/// Reads settings from `text`, which messages call `file`. Paths stay as they are.
///
/// # Errors
/// Every syntax error, unknown key and wrong value, with its line.
pub fn load_text(file: &str, text: &str, overrides: &[Override]) -> Result<Config, LoadError> {
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
        let (line, column) = e.span().map_or((0, 0), |span| line_column(text, span.start));
        LoadError::Invalid(vec![Diagnostic::error(file, line, column, "C001", format!("no TOML: {}", one_line(e.message())))])
    })?;
    let spans = key_lines(text);
    let mut problems = Vec::new();
    let mut merged = default_table();
    let table_keys = leaves(&table);
    for (key, value) in flatten(&table) {
        let (line, column) = spans.iter().find(|(k, _)| *k == key).map_or((0, 0), |(_, at)| *at);
        if let Err((code, message, help)) = set(&mut merged, &key, value) {
            let problem = Diagnostic::error(file, line, column, code, message);
            problems.push(match help {
                Some(help) => problem.with_help(help),
                None => problem,
            });
        }
    }
    for change in overrides {
        let value = override_value(&merged, &change.key, &change.value);
        if let Err((code, message, help)) = set(&mut merged, &change.key, value) {
            let problem = Diagnostic::error(&change.origin, 0, 0, code, message);
            problems.push(match help {
                Some(help) => problem.with_help(help),
                None => problem,
            });
        }
    }
    let is_set = |name: &str| table_keys.iter().chain(overrides.iter().map(|o| &o.key)).any(|key| key == name);
    if is_set("input.root") && !is_set("input.paths") {
        // Who names folders with labels does not mean the default folder beside them.
        place(&mut merged, "input.paths", Value::Array(Vec::new()));
    }
    problems.sort();
    if problems.is_empty() {
        read(&merged).map_err(|m| LoadError::Invalid(vec![Diagnostic::error(file, 0, 0, "C003", m)]))
    } else {
        Err(LoadError::Invalid(problems))
    }
}

type Refusal = (&'static str, String, Option<String>);

/// Puts one setting into the table of all settings, if it is one and its value is right.
fn set(merged: &mut toml::Table, key: &str, value: Value) -> Result<(), Refusal> {
    let known = leaves(merged);
    if !known.iter().any(|k| k == key) {
        return Err(("C002", format!("unknown key `{key}`"), Some(nearest(&known, key))));
    }
    let mut alone = default_table();
    place(&mut alone, key, value.clone());
    match read(&alone) {
        Ok(_) => {
            place(merged, key, value);
            Ok(())
        }
        Err(message) => Err(("C003", format!("`{key}`: {message}"), None)),
    }
}

/// What was perhaps meant: the most similar keys, or where all keys stand.
fn nearest(known: &[String], key: &str) -> String {
    let likeness =
        |known: &&String| strsim::jaro_winkler(known, key).max(strsim::jaro_winkler(known.rsplit('.').next().unwrap_or(known), key));
    let best = known.iter().map(|known| likeness(&known)).fold(0.8, f64::max);
    // Several sections may have the key.
    let nearest: Vec<String> =
        known.iter().filter(|known| best > 0.8 && likeness(known) >= best).map(|known| format!("`{known}`")).collect();
    match nearest.is_empty() {
        true => format!("every key stands in {DEFAULT_PATH} of the project"),
        false => format!("did you mean {}?", nearest.join(" or ")),
    }
}

fn read(table: &toml::Table) -> Result<Config, String> {
    Config::deserialize_table(table).map_err(|e| one_line(&e))
}

impl Config {
    fn deserialize_table(table: &toml::Table) -> Result<Self, String> {
        table.clone().try_into().map_err(|e: toml::de::Error| e.message().to_string())
    }
}

/// A message on one line, with kinds of values named as people name them.
fn one_line(message: &str) -> String {
    const KINDS: [(&str, &str); 9] = [
        ("expected usize", "expected a whole number"),
        ("expected u64", "expected a whole number"),
        ("expected u32", "expected a whole number"),
        ("expected u16", "expected a whole number"),
        ("expected u8", "expected a whole number up to 255"),
        ("expected i64", "expected a whole number"),
        ("expected f64", "expected a number"),
        ("expected a sequence", "expected a list such as [\"a\", \"b\"]"),
        ("expected a boolean", "expected true or false"),
    ];
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    KINDS.into_iter().fold(line, |line, (kind, words)| line.replace(kind, words))
}

/// All settings with their defaults.
pub(super) fn default_table() -> toml::Table {
    // The defaults are plain data: integers in range, no maps with odd keys; a test reads them back.
    toml::Table::try_from(Config::shipped()).unwrap_or_default()
}

/// The dotted names of all settings of a table, in order.
pub(super) fn leaves(table: &toml::Table) -> Vec<String> {
    flatten(table).into_iter().map(|(key, _)| key).collect()
}

/// Every value that is no table, with its dotted name.
fn flatten(table: &toml::Table) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for (key, value) in table {
        match value {
            Value::Table(inner) => out.extend(flatten(inner).into_iter().map(|(rest, value)| (format!("{key}.{rest}"), value))),
            other => out.push((key.clone(), other.clone())),
        }
    }
    out
}

fn place(table: &mut toml::Table, key: &str, value: Value) {
    match key.split_once('.') {
        Some((section, rest)) => {
            if let Value::Table(inner) = table.entry(section).or_insert_with(|| Value::Table(toml::Table::new())) {
                place(inner, rest, value);
            }
        }
        None => {
            table.insert(key.to_string(), value);
        }
    }
}

/// The value of an override: TOML if it reads as TOML of the kind the setting has, else the text itself; where a list is
/// expected, its parts between commas, as numbers where the list is one of numbers.
fn override_value(merged: &toml::Table, key: &str, text: &str) -> Value {
    let current = flatten(merged).into_iter().find(|(k, _)| k == key).map(|(_, value)| value);
    let parsed = format!("value = {text}").parse::<toml::Table>().ok().and_then(|mut t| t.remove("value"));
    match (current, parsed) {
        (Some(Value::String(_)), Some(value @ Value::String(_))) => value,
        (Some(Value::String(_)), _) => Value::String(text.to_string()),
        (Some(Value::Array(_)), Some(value @ Value::Array(_))) => value,
        (Some(Value::Array(_)), _) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            let number = |part: &str| part.parse().ok().filter(|_| holds_numbers(key)).map(Value::Integer);
            Value::Array(parts.map(|part| number(part).unwrap_or_else(|| Value::String(part.to_string()))).collect())
        }
        (_, Some(value)) => value,
        (_, None) => Value::String(text.to_string()),
    }
}

/// Whether the list of this name is one of whole numbers, by its default.
fn holds_numbers(key: &str) -> bool {
    let default = flatten(&default_table()).into_iter().find(|(known, _)| known == key);
    default.is_some_and(|(_, value)| value.as_array().is_some_and(|items| items.iter().any(Value::is_integer)))
}

type Place = (usize, usize);

/// Line and column of every key of a TOML text that parses, by dotted name.
fn key_lines(text: &str) -> Vec<(String, Place)> {
    let Ok(tree) = toml::de::DeTable::parse(text) else { return Vec::new() };
    let mut out = Vec::new();
    collect_lines(text, "", tree.get_ref(), &mut out);
    out
}

fn collect_lines(text: &str, prefix: &str, table: &toml::de::DeTable<'_>, out: &mut Vec<(String, Place)>) {
    for (key, value) in table.iter() {
        let name = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            toml::de::DeValue::Table(inner) => collect_lines(text, &format!("{name}."), inner, out),
            _ => out.push((name, line_column(text, key.span().start))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/yuliao.toml"));

    fn problems(text: &str, overrides: &[Override]) -> Vec<String> {
        match load_text("y.toml", text, overrides) {
            Err(LoadError::Invalid(problems)) => problems.iter().map(ToString::to_string).collect(),
            other => panic!("expected problems, got {other:?}"),
        }
    }

    fn over(key: &str, value: &str) -> Override {
        Override { origin: "--set".into(), key: key.into(), value: value.into() }
    }

    #[test]
    fn the_shipped_file_holds_every_key_with_its_default() {
        assert_eq!(load_text("yuliao.toml", SHIPPED, &[]).unwrap(), Config::shipped());
        let table: toml::Table = SHIPPED.parse().unwrap();
        assert_eq!(leaves(&table), leaves(&default_table()));
    }

    #[test]
    fn every_key_of_the_shipped_file_has_a_comment_before_it() {
        let lines: Vec<&str> = SHIPPED.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, l)| l.contains(" = ") && !l.starts_with('#')) {
            assert!(at > 0 && lines[at - 1].starts_with('#'), "line {}: {line}", at + 1);
        }
    }

    #[test]
    fn all_problems_come_at_once_with_line_and_nearest_key() {
        let found = problems("[terms]\nmin_lenght = 3\nnumbers = \"yes\"\n[run]\nthreads = -1\n", &[over("report.flavor", "pdf")]);
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(
            found.iter().any(|p| p.starts_with("y.toml:2:1: error[C002]: unknown key `terms.min_lenght`")
                && p.contains("did you mean `terms.min_length`?"))
        );
        assert!(
            found
                .iter()
                .any(|p| p.starts_with("y.toml:3:1: error[C003]: `terms.numbers`: invalid type: string \"yes\", expected true or false"))
        );
        assert!(found.iter().any(|p| p.starts_with("y.toml:5:1: error[C003]: `run.threads`")));
        assert!(found.iter().any(|p| p.starts_with("--set: error[C003]: `report.flavor`") && p.contains("spreadsheet")));
    }

    #[test]
    fn an_unknown_measure_is_answered_with_the_known_ones() {
        let found = problems("[cooccurrence]\nmeasures = [\"fisher\", \"mi4\"]\n", &[]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("y.toml:2:1: error[C003]: `cooccurrence.measures`: unknown variant `mi4`"), "{found:?}");
        for known in ["mi2", "simple_ll", "z_score", "local_mi", "odds_ratio", "fisher", "log_ratio_low"] {
            assert!(found[0].contains(&format!("`{known}`")), "{found:?}");
        }
    }

    #[test]
    fn broken_toml_has_a_line() {
        assert!(problems("[terms]\nmin_length = \n", &[])[0].starts_with("y.toml:2:"));
    }

    #[test]
    fn overrides_win_and_text_needs_no_quotes() {
        let overrides =
            [over("run.threads", "3"), over("run.output", "报表"), over("cooccurrence.units", "window:5"), over("run.max_bad", "5%")];
        let config = load_text("y.toml", "[run]\nthreads = 1\n", &overrides).unwrap();
        assert_eq!((config.run.threads, config.run.output.to_str()), (3, Some("报表")));
        assert_eq!(config.cooccurrence.units, [crate::analysis::Unit::Window(5)]);
        assert_eq!(config.run.max_bad, crate::config::Limit::Percent(5));
    }

    #[test]
    fn environment_variables_are_named_after_the_setting() {
        let variables = [("YULIAO_RUN_THREADS", "2"), ("YULIAO_NO_SUCH", "1"), ("HOME", "/")];
        let found = Override::from_environment(variables.into_iter().map(|(a, b)| (a.to_string(), b.to_string())));
        assert_eq!(found, [Override { origin: "YULIAO_RUN_THREADS".into(), key: "run.threads".into(), value: "2".into() }]);
        let names = ["YULIAO_RUN_THREADS", "YULIAO_CONFIG", "YULIAO_RUN_THREAD", "HOME"];
        assert_eq!(Override::unknown_in_environment(names.into_iter()), ["YULIAO_RUN_THREAD"]);
    }

    #[test]
    fn lists_may_be_given_with_commas_and_labels_replace_the_default_folder() {
        let overrides = [over("cooccurrence.units", "sentence, window:5"), over("input.root", "[{ path = \"a\", label = \"b\" }]")];
        let config = load_text("y.toml", "", &overrides).unwrap();
        assert_eq!(config.cooccurrence.units, [crate::analysis::Unit::Sentence, crate::analysis::Unit::Window(5)]);
        assert_eq!((config.input.root.len(), config.input.paths.len()), (1, 0));
        let config = load_text("y.toml", "[input]\npaths = [\"c\"]\n", &overrides).unwrap();
        assert_eq!((config.input.root.len(), config.input.paths.len()), (1, 1));
    }

    #[test]
    fn lists_of_numbers_may_be_given_with_commas() {
        let sizes = |value: &str| {
            let config = load_text("y.toml", "[ngrams]\nsizes = []\n", &[over("ngrams.sizes", value)]).unwrap();
            serde_json::to_string(&config.ngrams.sizes).unwrap()
        };
        assert_eq!([sizes("2,3"), sizes(" 3, 2,"), sizes("4"), sizes("[5]")], ["[2,3]", "[3,2]", "[4]", "[5]"]);
        assert!(problems("", &[over("ngrams.sizes", "2,9")])[0].contains("expected a number of tokens from 2 to 5, found 9"));
        assert!(problems("", &[over("ngrams.sizes", "2,x")])[0].contains("invalid type: string \"x\""));
        // A word that is a number stays a word.
        let config = load_text("y.toml", "", &[over("trends.terms", "2024,改革")]).unwrap();
        assert_eq!(config.trends.terms, ["2024", "改革"]);
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        for number in ["nan", "inf", "-inf"] {
            for key in ["min_pmi", "min_entropy"] {
                let message =
                    format!("expected a finite number, found {}", number.to_uppercase().replace("INF", "inf").replace("NAN", "NaN"));
                let in_file = problems(&format!("[new_words]\n{key} = {number}\n"), &[]);
                assert_eq!(in_file, [format!("y.toml:2:1: error[C003]: `new_words.{key}`: {message}")]);
                assert!(problems("", &[over(&format!("new_words.{key}"), number)])[0].contains(&message));
            }
        }
        let config = load_text("y.toml", "[new_words]\nmin_pmi = -2.5\nmin_entropy = 0\n", &[]).unwrap();
        assert_eq!((config.new_words.min_pmi, config.new_words.min_entropy), (-2.5, 0.0));
    }

    #[test]
    fn values_without_sense_are_refused() {
        for (key, value, expected) in [
            ("run.partial_exit", "65", "expected an exit code that says of no run that it failed, found 65"),
            ("run.no_change_exit", "130", "found 130"),
            ("input.max_replaced_share", "2", "expected a share from 0 to 1, found 2"),
            ("input.min_han", "nan", "expected a share from 0 to 1, found NaN"),
            ("input.year", "24", "expected a year of four digits, or 0 for none, found 24"),
            ("input.fields.text", "", "no record would have a text"),
        ] {
            let found = problems("", &[over(key, value)]);
            assert!(found.len() == 1 && found[0].contains(expected), "{key}: {found:?}");
        }
        let root = |label: &str| problems(&format!("[input]\nroot = [{{ path = \"a\", label = \"{label}\" }}]\n"), &[]);
        for label in [" ", "../x", "a//b"] {
            assert!(root(label)[0].contains("expected a name such as `news`"), "{label}");
        }
        assert!(load_text("y.toml", "[run]\npartial_exit = 0\nno_change_exit = 99\n", &[]).is_ok());
    }

    #[test]
    fn a_key_like_no_other_gets_no_wild_guess() {
        assert!(problems("", &[over("nosuch.key", "1")])[0].contains("every key stands in config/yuliao.toml"));
        assert!(problems("", &[over("max_terms", "1")])[0].contains("did you mean `cooccurrence.max_terms`?"));
        assert!(problems("", &[over("min_count", "1")])[0].contains("did you mean `changes.min_count` or `cooccurrence.min_count` or `"));
    }

    #[test]
    fn paths_start_at_the_project_folder() {
        assert_eq!(project_folder(Path::new("a/config/yuliao.toml")), Path::new("a"));
        assert_eq!(project_folder(Path::new("a/my.toml")), Path::new("a"));
        assert_eq!(project_folder(Path::new("config/yuliao.toml")), Path::new(""));
    }
}
