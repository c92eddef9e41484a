//! Lists as people type them: the user dictionary, the stop words and the names of entities, each entry with its file and line,
//! and lists of frequencies to compare with.
//!
//! In: the bytes of a list. Out: normalised words that remember where they were typed, and every problem at once.
//! This room does not know how words are matched or counted.

mod addition;
mod dictionary;
mod entity_list;
mod entry;
mod frequency_list;
mod lines;
mod mention;
mod stop_words;

pub use addition::{Addition, append};
pub use dictionary::{Dictionary, DictionaryWord};
pub use entity_list::{EntityKind, EntityList, ListedName};
pub use frequency_list::{FrequencyList, MOST_LISTED_TOKENS};
pub use lines::decode as decode_list;
pub use mention::{BadLines, Mention, Refusal, RefusalKind, RefusedLine};
pub use stop_words::StopWords;
