//! Text as it is counted: normalised characters that remember where they stood, paragraphs and sentences.
//!
//! In: the decoded original of a document, which never changes. Out: sentences as ranges of it, and for each a normalised
//! view whose every character knows its original range. This room knows neither files nor words nor themes.

pub(crate) mod bits;
mod characters;
mod literals;
mod normalise;
pub mod radicals;
mod sentence;
mod simplify;
mod trie;
mod wraps;

pub use characters::{is_han, is_token_character};
pub use literals::{Literals, Occurrence, Places};
pub use normalise::{Normaliser, composed, normalise, scalar_count};
pub use sentence::{SentenceOptions, SentenceSpan, split_sentences};
pub use simplify::{Simplify, simplified};
pub use wraps::{WrappedLine, join_lines, join_wrapped};
