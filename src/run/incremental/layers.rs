//! What shapes each layer of the state: with another fingerprint it is made anew.

use crate::corpus::Seal;
use crate::run::{ANALYSIS_VERSION, Prepared};
use crate::segment::SEGMENTER_VERSION;

/// Fingerprints of the layers, from the file to the themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers {
    /// File to documents.
    pub reading: Seal,
    /// Document to sentences and tokens.
    pub tokens: Seal,
    /// Sentences to themes, beside the tokens.
    pub themes: Seal,
}

impl Layers {
    /// Those of a run.
    pub fn of(prepared: &Prepared) -> Self {
        let config = &prepared.config;
        // Settings are plain data with text keys: they always serialise.
        let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
        let words: String =
            prepared.dictionary.words().map(|w| format!("{}\t{}\n", w.word, w.tag.as_deref().unwrap_or_default())).collect();
        let reads_pdf = cfg!(feature = "pdf");
        let reading = format!(
            "{ANALYSIS_VERSION}\n{reads_pdf}\n{}\n{}",
            json(serde_json::to_string(&config.input.source)),
            config.counts_simplified()
        );
        let cutting = json(serde_json::to_string(&(&config.text, &config.segment, config.dictionary.patterns)));
        let tokens = seal(&format!("{ANALYSIS_VERSION}\n{SEGMENTER_VERSION}\n{cutting}\n{words}"));
        let taxonomies: String = prepared.taxonomies.iter().map(|t| format!("{}\t{}\n", t.id, t.hash)).collect();
        Self { reading: seal(&reading), tokens, themes: seal(&format!("{ANALYSIS_VERSION}\n{taxonomies}")) }
    }
}

fn seal(text: &str) -> Seal {
    *blake3::hash(text.as_bytes()).as_bytes()
}
