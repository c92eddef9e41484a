//! Values as bytes that prove to be whole: magic, version, checksum, fingerprint, then the value, packed.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `yuliao` and two letters for the kind of value |
//! | 4 | version of the layout, little-endian |
//! | 32 | BLAKE3 of all that follows |
//! | 32 | fingerprint of what shaped the value: of another fingerprint it is of no use |
//! | 8 | length of the unpacked value, little-endian |
//! | rest | the value in postcard's format, packed by zstd |

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Raised when the layout of anything stored changes: what an older program wrote is then made anew.
const VERSION: u32 = 2;
const HEADER: usize = 8 + 4 + 32 + 32 + 8;
/// A shard holds about a megabyte of text, and at most one document of a gigabyte.
const MOST_BYTES: u64 = 16 << 30;

/// BLAKE3 of everything that shapes a stored value.
pub type Seal = [u8; 32];

/// How much time goes into packing a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Little: for what every run writes.
    Fast,
    /// Four times as much, for a seventh less: for little that lies long.
    Small,
}

impl Packing {
    /// The level of zstd.
    fn level(self) -> i32 {
        match self {
            Self::Fast => 2,
            Self::Small => 9,
        }
    }
}

/// Why stored bytes are of no use. They are made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StoredError {
    /// Not written by this program, or by a version with another layout.
    #[error("written by another program or version")]
    Foreign,
    /// Cut or changed after it was written.
    #[error("damaged")]
    Damaged,
    /// Made with other settings or lists.
    #[error("made with other settings")]
    Other,
}

/// The value as bytes. `kind` tells kinds of values apart.
///
/// # Errors
/// When the value cannot be written in postcard's format, which no plain data is.
pub fn seal(kind: [u8; 2], fingerprint: &Seal, value: &impl Serialize) -> Result<Vec<u8>, StoredError> {
    seal_packed(kind, Packing::Fast, fingerprint, value)
}

/// The same, packed as asked.
///
/// # Errors
/// As [`seal`].
pub fn seal_packed(kind: [u8; 2], packing: Packing, fingerprint: &Seal, value: &impl Serialize) -> Result<Vec<u8>, StoredError> {
    let plain = postcard::to_stdvec(value).map_err(|_| StoredError::Damaged)?;
    let packed = zstd::bulk::compress(&plain, packing.level()).map_err(|_| StoredError::Damaged)?;
    let mut bytes = Vec::with_capacity(HEADER + packed.len());
    bytes.extend_from_slice(b"yuliao");
    bytes.extend_from_slice(&kind);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0; 32]);
    bytes.extend_from_slice(fingerprint);
    bytes.extend_from_slice(&(plain.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&packed);
    let sum = blake3::hash(&bytes[44..]);
    bytes[12..44].copy_from_slice(sum.as_bytes());
    Ok(bytes)
}

/// The value that was sealed.
///
/// # Errors
/// When it is not that, or not whole, or was shaped by something else.
pub fn unseal<T: DeserializeOwned>(kind: [u8; 2], fingerprint: &Seal, bytes: &[u8]) -> Result<T, StoredError> {
    let Some((header, packed)) = bytes.split_at_checked(HEADER) else { return Err(StoredError::Damaged) };
    if !header.starts_with(b"yuliao") || header[6..8] != kind || header[8..12] != VERSION.to_le_bytes() {
        return Err(StoredError::Foreign);
    }
    if blake3::hash(&bytes[44..]).as_bytes()[..] != header[12..44] {
        return Err(StoredError::Damaged);
    }
    if header[44..76] != fingerprint[..] {
        return Err(StoredError::Other);
    }
    let length = u64::from_le_bytes(header[76..84].try_into().unwrap_or_default());
    let length = usize::try_from(length.min(MOST_BYTES)).map_err(|_| StoredError::Damaged)?;
    let plain = zstd::bulk::decompress(packed, length).map_err(|_| StoredError::Damaged)?;
    postcard::from_bytes(&plain).map_err(|_| StoredError::Damaged)
}

/// Whether bytes begin like a whole value of this kind with this fingerprint; only a look at the header.
pub fn looks_like(kind: [u8; 2], fingerprint: &Seal, bytes: &[u8]) -> bool {
    bytes.len() >= HEADER
        && bytes.starts_with(b"yuliao")
        && bytes[6..8] == kind
        && bytes[8..12] == VERSION.to_le_bytes()
        && bytes[44..76] == fingerprint[..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KIND: [u8; 2] = *b"tt";

    #[test]
    fn what_was_sealed_comes_back_and_nothing_else_does() {
        let value = vec!["改革".to_string(), "开放".to_string()];
        let bytes = seal(KIND, &[7; 32], &value).unwrap();
        assert_eq!(unseal::<Vec<String>>(KIND, &[7; 32], &bytes).unwrap(), value);
        assert_eq!(unseal::<Vec<String>>(KIND, &[8; 32], &bytes), Err(StoredError::Other));
        assert_eq!(unseal::<Vec<String>>(*b"xx", &[7; 32], &bytes), Err(StoredError::Foreign));
        assert!(looks_like(KIND, &[7; 32], &bytes) && !looks_like(KIND, &[8; 32], &bytes));
        let mut newer = bytes;
        newer[8] += 1;
        assert_eq!(unseal::<Vec<String>>(KIND, &[7; 32], &newer), Err(StoredError::Foreign));
    }

    proptest! {
        #[test]
        fn cut_or_changed_bytes_are_never_taken(at: prop::sample::Index, change in 1u8.., cut: bool) {
            let mut bytes = seal(KIND, &[7; 32], &vec!["改革开放".to_string(); 9]).unwrap();
            let at = at.index(bytes.len());
            if cut { bytes.truncate(at) } else { bytes[at] ^= change }
            prop_assert!(unseal::<Vec<String>>(KIND, &[7; 32], &bytes).is_err());
        }

        #[test]
        fn any_bytes_at_all_are_an_error(bytes: Vec<u8>) {
            prop_assert!(unseal::<Vec<String>>(KIND, &[7; 32], &bytes).is_err());
        }
    }
}
