//! Words added to a dictionary file that people keep by hand.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::lexicon::{Addition, BadLines, Dictionary, DictionaryWord, append};
use crate::report::replace_file;

use super::RunError;
use super::prepare::{is_built_in, name, read_file};

/// What came of a word that was to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddedWord {
    /// It was appended.
    Added(String),
    /// It stood in a list already: word, file and line.
    Known(String, String, usize),
}

/// Checks words and appends those that no configured dictionary holds to `file`, or else to the first configured one. Either all
/// of them are right, or nothing is written. The file keeps its line ends; it changes in one step, so no reader sees half of it.
///
/// Returns what came of each word, and the file.
///
/// # Errors
/// Words that can never match, words that are listed with another tag, a list that is not UTF-8, cannot be read or written.
pub fn add_words(config: &Config, words: &[String], tag: Option<&str>, file: Option<&Path>) -> Result<(Vec<AddedWord>, PathBuf), RunError> {
    let target = target(config, file)?;
    let list = if target.exists() { read_file(&target).map_err(|problem| RunError::BadData(vec![problem]))? } else { Vec::new() };
    let known = known_words(config, &target, &list)?;
    let mut problems = Vec::new();
    let (mut outcomes, mut additions, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for typed in words {
        match judge(typed, tag, &known) {
            Err(message) => problems.push(Diagnostic::error("command line", 0, 0, "D007", message)),
            Ok((AddedWord::Added(word), addition)) => {
                if seen.insert(word.clone()) {
                    additions.extend(addition);
                    outcomes.push(AddedWord::Added(word));
                }
            }
            Ok((known, _)) => outcomes.push(known),
        }
    }
    if !problems.is_empty() {
        return Err(RunError::BadData(problems));
    }
    if !additions.is_empty() {
        let longer = append(&list, &additions)
            .map_err(|message| RunError::BadData(vec![Diagnostic::error(name(&target), 0, 0, "D008", message)]))?;
        replace_file(&target, &longer).map_err(|source| RunError::List { path: target.clone(), source })?;
    }
    Ok((outcomes, target))
}

fn target(config: &Config, file: Option<&Path>) -> Result<PathBuf, RunError> {
    let configured = || config.dictionary.files.first().map(PathBuf::as_path);
    match file.or_else(configured) {
        None => Err(RunError::Config("dictionary.files names no list; name one with --file".to_string())),
        Some(path) if is_built_in(path) => Err(RunError::Config(
            "the built-in dictionary cannot be changed: make a file of your own and name it in dictionary.files of a configuration file, \
             or with --file"
                .to_string(),
        )),
        Some(path) => Ok(path.to_path_buf()),
    }
}

/// The words of all configured lists and of the target. Lines that cannot be used matter to `check`, not here.
fn known_words(config: &Config, target: &Path, list: &[u8]) -> Result<Dictionary, RunError> {
    let mut known = Dictionary::new(BadLines::Skip);
    let mut problems = known.add_file(&name(target), list);
    for path in config.dictionary.files.iter().filter(|path| path.as_path() != target) {
        problems.extend(read_file(path).map_or_else(|problem| vec![problem], |bytes| known.add_file(&name(path), &bytes)));
    }
    problems.retain(Diagnostic::is_error);
    if problems.is_empty() { Ok(known) } else { Err(RunError::BadData(problems)) }
}

fn judge(typed: &str, tag: Option<&str>, known: &Dictionary) -> Result<(AddedWord, Option<Addition>), String> {
    let addition = Addition::new(typed, tag)?;
    let Some(DictionaryWord { word, tag: known_tag, mentions }) = known.get(&addition.word) else {
        return Ok((AddedWord::Added(addition.word.clone()), Some(addition)));
    };
    let first = &mentions[0];
    match tag {
        Some(tag) if known_tag.as_deref() != Some(tag) => {
            let old = known_tag.as_ref().map_or("without a tag".to_string(), |old| format!("with the tag `{old}`"));
            Err(format!("`{word}` is listed already, {old} ({}:{}): change that line by hand", first.file, first.line))
        }
        _ => Ok((AddedWord::Known(word.clone(), first.file.clone(), first.line), None)),
    }
}
