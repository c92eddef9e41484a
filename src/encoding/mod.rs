//! Bytes into characters, for texts and word lists alike.
//!
//! In: bytes. Out: the encoding they are in, with how sure that is, and their characters. Validity alone never decides: every
//! Big5 file is valid GB18030 too. This room does not know files, formats or limits.

mod charset;
mod decide;
mod double_byte;
mod transcode;
mod utf8;
mod wide;

pub use charset::{Charset, Encoding};
pub use decide::{Decision, Undecided, decide, decide_bytes};
pub use transcode::Transcoded;
