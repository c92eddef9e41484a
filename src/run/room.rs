//! How much memory a run may take for what it knows of the texts.

use crate::config::Config;
use crate::corpus::Room;
use crate::report::Staging;

use super::RunError;

/// What the errors call the scratch file.
const SCRATCH: &str = "the file for what memory has no room for (run.memory)";

/// Where shards are kept: if memory is limited, only some of them in memory.
pub(super) fn new(config: &Config, staging: &Staging) -> Result<Room, RunError> {
    let Some(bytes) = config.run.memory.bytes() else { return Ok(Room::unlimited()) };
    let file = staging.scratch().map_err(|source| RunError::writing(SCRATCH, source))?;
    Ok(Room::of_bytes(usize::try_from(bytes).unwrap_or(usize::MAX), file))
}

/// Refuses to go on with what could not be written or read.
pub(super) fn check(room: &Room) -> Result<(), RunError> {
    room.check().map_err(|source| RunError::writing(SCRATCH, source))
}
