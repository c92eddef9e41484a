//! The files of the shards.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::corpus::{Packing, Seal, Shard, StoredError, TOKENS, load_themes, load_tokens, looks_like, store_themes, store_tokens};

use super::files::write_whole;

/// The name of a shard: made of what it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShardName(String);

impl std::fmt::Display for ShardName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The folder of the shards.
#[derive(Debug, Clone)]
pub struct ShardFolder(PathBuf);

impl ShardFolder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Stores the sentences and tokens of a shard; gives its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn store_tokens(&self, shard: &Shard, packing: Packing, fingerprint: &Seal) -> io::Result<ShardName> {
        let bytes = store_tokens(shard, packing, fingerprint).map_err(io::Error::other)?;
        let name = ShardName(format!("s{}", &blake3::hash(&bytes).to_hex()[..24]));
        write_whole(&self.tokens_path(&name), &bytes)?;
        Ok(name)
    }

    /// Stores the themes of a shard.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn store_themes(&self, name: &ShardName, shard: &Shard, fingerprint: &Seal) -> io::Result<()> {
        let bytes = store_themes(&shard.themes, fingerprint).map_err(io::Error::other)?;
        write_whole(&self.themes_path(name, fingerprint), &bytes)
    }

    /// A shard without its themes.
    ///
    /// # Errors
    /// When it is not there, damaged, foreign or made with other settings.
    pub fn load_tokens(&self, name: &ShardName, fingerprint: &Seal) -> Result<Shard, StoredError> {
        let bytes = fs::read(self.tokens_path(name)).map_err(|_| StoredError::Damaged)?;
        load_tokens(&bytes, fingerprint)
    }

    /// Puts the themes into a shard that was loaded. They are damaged too if they are of other taxonomies than `taxonomies`.
    ///
    /// # Errors
    /// As [`Self::load_tokens`]; the shard is then as before.
    pub fn load_themes(&self, name: &ShardName, shard: &mut Shard, fingerprint: &Seal, taxonomies: usize) -> Result<(), StoredError> {
        let bytes = fs::read(self.themes_path(name, fingerprint)).map_err(|_| StoredError::Other)?;
        let themes = load_themes(&bytes, fingerprint)?;
        if themes.len() != taxonomies {
            return Err(StoredError::Other);
        }
        shard.themes = themes;
        Ok(())
    }

    /// Every shard in the folder that this fingerprint made, in the order of their names.
    pub fn all(&self, fingerprint: &Seal) -> Vec<ShardName> {
        let is_made = |name: &ShardName| fs::read(self.tokens_path(name)).is_ok_and(|bytes| looks_like(TOKENS, fingerprint, &bytes));
        let names: Vec<ShardName> = self.names().collect();
        let mut names: Vec<ShardName> = names.into_par_iter().filter(is_made).collect();
        names.sort();
        names
    }

    fn names(&self) -> impl Iterator<Item = ShardName> {
        let files = fs::read_dir(&self.0).into_iter().flatten().flatten();
        files.filter_map(|file| file.file_name().to_str()?.strip_suffix(".tokens").map(|name| ShardName(name.to_string())))
    }

    /// Removes all shards but these, and all themes but those with this fingerprint.
    pub fn keep_only(&self, kept: &BTreeSet<&ShardName>, themes: &Seal) {
        let themes = format!(".{}.themes", short(themes));
        for file in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            let shard = name.strip_suffix(".tokens").or_else(|| name.strip_suffix(themes.as_str()));
            if !shard.is_some_and(|shard| kept.contains(&ShardName(shard.to_string()))) {
                // What cannot be removed is in nobody's way.
                let _ = fs::remove_file(file.path());
            }
        }
    }

    fn tokens_path(&self, name: &ShardName) -> PathBuf {
        self.0.join(format!("{name}.tokens"))
    }

    fn themes_path(&self, name: &ShardName, fingerprint: &Seal) -> PathBuf {
        self.0.join(format!("{name}.{}.themes", short(fingerprint)))
    }
}

fn short(fingerprint: &Seal) -> String {
    fingerprint[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}
