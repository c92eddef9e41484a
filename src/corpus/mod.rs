//! The corpus in numbers: shards of segmented documents, the words of all of them, and which words are terms.
//!
//! In: documents. Out: a [`Shard`] for each batch, immutable and self-contained, and a [`Corpus`] that knows them all.
//! This room counts words and nothing else; what is made of the counts is the work of the analyses.

mod assemble;
mod builder;
mod coding;
mod copies;
mod numbering;
mod paged;
mod selection;
mod sentence_ref;
mod shard;
mod splice;
mod stop_word_effect;
mod stored;
mod tokens;
mod word_audit;
mod word_tags;
mod words;

pub use assemble::Corpus;
pub use builder::{Tools, build_shard, build_text};
pub use copies::{Copies, CopyKind, CopyOptions, DocumentCopy, Threshold};
pub use numbering::CountedWord;
pub use paged::{ByDocument, Entry, OneDocument, PagedRows, PagedShard, Parts, Room, ShardRef, SharedDocument};
pub use selection::{NOT_A_TERM, Selection, Term, TermOptions, is_term};
pub use sentence_ref::SentenceRef;
pub use shard::{Shard, ShardDocument, ShardSentence, ShardThemes};
pub use splice::Splicer;
pub use stop_word_effect::StopWordEffect;
pub use stored::{Packing, Seal, StoredError, TOKENS, load_themes, load_tokens, looks_like, seal, store_themes, store_tokens, unseal};
pub use tokens::{DocumentSentence, TokenReader, document_sentences};
pub use word_audit::{AuditCounts, AuditWords, WordAudit};
pub use word_tags::WordTags;
pub use words::{WordCount, WordCounts, Words};
