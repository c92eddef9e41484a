//! What the commands about taxonomies do.

mod agree;
mod check;
mod exchange;
mod explain;
mod gold;
mod learn;
mod sample;
mod scored;

pub use agree::{AGREEMENT_DEFINITION, AgreementOutcome, agreement};
pub use check::{check_taxonomies, unseen_patterns};
pub use exchange::{Exported, Import, ImportTarget, TaxonomyForm, export_taxonomy, plan_import, plan_suggestions};
pub use explain::{ExplainedHit, ExplainedTheme, Explanation};
pub use gold::{Gold, GoldSentence, REFERENCE_DEFINITION, gold_without_text, sentence_hash};
pub use sample::{CODEBOOK_DEFINITION, SAMPLE_DEFINITION, SampleRequest, codebook, draw_sample};
pub use scored::Scored;
