//! Taxonomies out of their files: TOML, or the folder of a CSV pair.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::corpus::TokenReader;
use crate::diagnostic::{Diagnostic, Level};
use crate::lexicon::decode_list;
use crate::report::TaxonomyRecord;
use crate::segment::Segmenter;
use crate::text::Simplify;
use crate::theme::{self, Cutter, Loaded, Read, Tagger, Written};

use super::prepare::{name, read_file};

/// The files of the CSV pair.
pub(super) const PAIR: [&str; 2] = ["themes.csv", "patterns.csv"];

/// A compiled taxonomy and what the manifest says of it.
pub(super) type CompiledTaxonomy = (Loaded, TaxonomyRecord);

/// The taxonomies that have no error, in order; what is wrong with the others, and with two of one id, goes to `problems`.
pub(super) fn read_taxonomies(paths: &[PathBuf], simplify: Simplify, problems: &mut Vec<Diagnostic>) -> Vec<(Tagger, TaxonomyRecord)> {
    let mut taxonomies: Vec<(Tagger, TaxonomyRecord)> = Vec::new();
    for path in paths {
        match read_taxonomy(path, simplify) {
            Ok((_, record)) if taxonomies.iter().any(|(_, known)| known.id == record.id) => {
                let message = format!("`{}` is the id of an earlier taxonomy too: the tables of each are named by its id", record.id);
                let problem = Diagnostic::error(name(path), 0, 0, "T003", message);
                problems.push(problem.with_help("give it an id of its own, or name the file once in themes.taxonomy"));
            }
            Ok((loaded, record)) => {
                problems.extend(loaded.notes);
                taxonomies.push((loaded.tagger, record));
            }
            Err(found) => problems.extend(found),
        }
    }
    taxonomies
}

/// One taxonomy, checked as far as it can be without a segmenter, for texts that are counted so.
pub(super) fn read_taxonomy(path: &Path, simplify: Simplify) -> Result<CompiledTaxonomy, Vec<Diagnostic>> {
    let (read, hash) = read_written(path)?;
    let mut loaded = theme::load(read)?;
    if simplify != Simplify::Never && loaded.tagger.taxonomy().needs_traditional() {
        let message =
            "its patterns are in traditional characters, and documents in these are counted in simplified ones, so they find nothing";
        let problem = Diagnostic::error(name(path), 0, 0, "T025", message).at_level(Level::Warning);
        loaded.notes.push(problem.with_help("set text.simplify = false, or normalize.to_simplified = true in the taxonomy"));
    }
    let taxonomy = loaded.tagger.taxonomy();
    let record = TaxonomyRecord { id: taxonomy.id().to_string(), version: taxonomy.version().to_string(), hash };
    Ok((loaded, record))
}

/// One taxonomy as written, and the hash of what it says.
pub(super) fn read_written(path: &Path) -> Result<(Read, String), Vec<Diagnostic>> {
    if path.is_dir() {
        let paths = PAIR.map(|file| path.join(file));
        let names = paths.each_ref().map(|path| name(path));
        let [themes, patterns] = paths.each_ref().map(|path| read_file(path));
        let (themes, patterns) = both(themes, patterns)?;
        let [themes_text, patterns_text] = [decoded(&names[0], &themes), decoded(&names[1], &patterns)];
        let (themes_text, patterns_text) = both(themes_text, patterns_text)?;
        return Ok(hashed(Written::read_pair(names.each_ref().map(String::as_str), [&themes_text, &patterns_text])));
    }
    let bytes = read_file(path).map_err(|e| vec![e])?;
    let text = decoded(&name(path), &bytes).map_err(|e| vec![e])?;
    Ok(hashed(Written::read_toml(&name(path), &text)))
}

/// With BLAKE3 of what it says, in hex: of the CSV pair that it is, so neither comments nor the form count. One that cannot be read is not used.
fn hashed(read: Read) -> (Read, String) {
    let pair = read.0.as_ref().map(|written| written.to_pair().concat()).unwrap_or_default();
    let hash = blake3::hash(pair.as_bytes()).to_hex().to_string();
    (read, hash)
}

fn both<T>(a: Result<T, Diagnostic>, b: Result<T, Diagnostic>) -> Result<(T, T), Vec<Diagnostic>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err([a.err(), b.err()].into_iter().flatten().collect()),
    }
}

/// The text of a file of a taxonomy, without its byte-order mark, in any encoding that lists come in.
pub(super) fn decoded<'b>(name: &str, bytes: &'b [u8]) -> Result<Cow<'b, str>, Diagnostic> {
    let text = decode_list(name, bytes).map_err(|problem| Diagnostic { code: "T001", ..problem })?;
    Ok(match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('\u{FEFF}')),
        Cow::Owned(text) => Cow::Owned(text.trim_start_matches('\u{FEFF}').to_string()),
    })
}

/// Words as the segmenter in use cuts them.
impl Cutter for Segmenter {
    fn edges(&self, sentence: &str) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        TokenReader::default().pieces(self, sentence, |piece, range| {
            if piece.is_token() {
                edges.push(range);
            }
        });
        edges
    }
}
