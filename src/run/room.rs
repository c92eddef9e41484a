//! How much memory a run may take for what it knows of the texts.

use crate::config::Config;
use crate::corpus::Room;
use crate::report::Staging;
use crate::source::SourceFile;

use super::RunError;

/// What the errors call the scratch file.
const SCRATCH: &str = "the file for what memory has no room for (run.memory)";

/// Bytes that a shard takes for each byte of its text, about: measured on news with the shipped taxonomy.
const SHARD_BYTES: u64 = 4;
/// Bytes of text in a byte of a packed file, about.
const PACKED_BYTES: u64 = 4;
/// How the names of packed files end.
const PACKED: [&str; 4] = ["gz", "zst", "zip", "tgz"];

/// Where the shards of these files are kept: if memory is limited and they are large, only some of them in memory.
pub(super) fn new(config: &Config, files: &[SourceFile], staging: &Staging) -> Result<Room, RunError> {
    let Some(bytes) = config.run.memory.bytes() else { return Ok(Room::unlimited()) };
    let file = staging.scratch().map_err(|source| RunError::writing(SCRATCH, source))?;
    let whole = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    let text = |file: &SourceFile| file.bytes.saturating_mul(if is_packed(file) { PACKED_BYTES } else { 1 });
    let text = files.iter().map(text).fold(0, u64::saturating_add);
    Ok(Room::of_bytes(whole(bytes), file).expecting(whole(text.saturating_mul(SHARD_BYTES))))
}

fn is_packed(file: &SourceFile) -> bool {
    file.path.extension().is_some_and(|extension| PACKED.iter().any(|packed| extension.eq_ignore_ascii_case(packed)))
}

/// Refuses to go on with what could not be written or read.
pub(super) fn check(room: &Room) -> Result<(), RunError> {
    room.check().map_err(|source| RunError::writing(SCRATCH, source))
}
