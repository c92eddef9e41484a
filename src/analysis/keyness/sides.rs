//! Which documents stand on which side.

use crate::analysis::group_counts::NO_GROUP;
use crate::analysis::{Inputs, Shared, Slice};
use crate::corpus::ShardDocument;
use crate::table::TableWarning;

use super::{Comparison, Reference, Target};

/// The side of the documents in question.
pub const TARGET: u32 = 0;
/// The side of the documents they are compared with.
pub const REFERENCE: u32 = 1;

/// A side in numbers and in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// What was asked for.
    pub asked: String,
    /// Documents; 0 for a list.
    pub documents: u64,
    /// Tokens.
    pub tokens: u64,
}

/// Both sides, which share no document.
#[derive(Debug, Default)]
pub struct Sides {
    /// For each document [`TARGET`], [`REFERENCE`] or [`NO_GROUP`].
    of_document: Vec<u32>,
    /// The documents in question.
    pub target: Side,
    /// What they are compared with.
    pub reference: Side,
    /// Documents that match both conditions: they are in the target only.
    both: u64,
    /// Path and record of the first of them.
    first_of_both: Option<(String, Option<u64>)>,
    /// Documents of which something that a condition asks for is not known: they are on neither side.
    unknown: u64,
    /// Documents that match neither condition.
    neither: u64,
}

/// A condition on documents.
enum Asked {
    Everything,
    Nothing,
    /// What no document says.
    Unknown(&'static str),
    /// All that is not in the target.
    Rest,
    Slice(Slice),
}

impl Asked {
    fn holds(&self, document: &ShardDocument, has_theme: &dyn Fn(&str) -> bool) -> Option<bool> {
        match self {
            Self::Everything | Self::Rest => Some(true),
            Self::Nothing => Some(false),
            Self::Unknown(_) => None,
            Self::Slice(slice) => slice.holds(document, has_theme),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Everything => "all documents".to_string(),
            Self::Nothing => String::new(),
            Self::Unknown(what) => (*what).to_string(),
            Self::Rest => "all other documents".to_string(),
            Self::Slice(slice) => slice.text().to_string(),
        }
    }
}

impl Sides {
    /// Asks both conditions of every document. The side of a list is left empty.
    pub fn new(inputs: &Inputs<'_>, shared: &Shared, comparison: &Comparison) -> Self {
        let (target, reference) = asked(shared, comparison);
        let side = |asked: &Asked| Side { asked: asked.shown(), ..Side::default() };
        let mut sides = Self { target: side(&target), reference: side(&reference), ..Self::default() };
        let is_rest = matches!(reference, Asked::Rest);
        let documents = inputs.corpus.documents();
        for (number, document) in documents.enumerate() {
            let has_theme = |id: &str| has_theme(inputs, shared, number, id);
            let (in_target, in_reference) = (target.holds(document, &has_theme), reference.holds(document, &has_theme));
            if in_target == Some(true) && in_reference == Some(true) && !is_rest {
                sides.add_to_both(document);
            }
            sides.place(in_target, in_reference, shared.term_documents.tokens(number));
        }
        sides
    }

    fn place(&mut self, in_target: Option<bool>, in_reference: Option<bool>, tokens: u64) {
        let place = match (in_target, in_reference) {
            (Some(true), _) => TARGET,
            (Some(false), Some(true)) => REFERENCE,
            _ => NO_GROUP,
        };
        match place {
            TARGET => self.target.add(tokens),
            REFERENCE => self.reference.add(tokens),
            // What may belong to the target must not be compared with it.
            _ if in_target.is_none() || in_reference.is_none() => self.unknown += 1,
            _ => self.neither += 1,
        }
        self.of_document.push(place);
    }

    fn add_to_both(&mut self, document: &ShardDocument) {
        self.both += 1;
        let place = (document.path.to_string(), document.record);
        if self.first_of_both.as_ref().is_none_or(|first| place < *first) {
            self.first_of_both = Some(place);
        }
    }

    /// The side of each document, or [`NO_GROUP`].
    pub fn of_documents(&self) -> &[u32] {
        &self.of_document
    }

    /// The side that holds no token, with its name, if one does not.
    pub fn without_tokens(&self) -> Option<(&'static str, &Side)> {
        [("target", &self.target), ("reference", &self.reference)].into_iter().find(|(_, side)| side.tokens == 0)
    }

    /// What was compared, and what is on neither side.
    pub fn note(&self) -> String {
        let mut parts = vec![format!("target: {}", self.target.shown()), format!("reference: {}", self.reference.shown())];
        let counted = |count: u64, what: &str| format!("{count} {} {what}", if count == 1 { "document" } else { "documents" });
        if self.both > 0 {
            parts.push(counted(self.both, "of both in the target only"));
        }
        if self.unknown > 0 {
            parts.push(counted(self.unknown, "on neither side, since a field that is asked for (such as the date) is not known"));
        }
        if self.neither > 0 {
            parts.push(counted(self.neither, "on neither side by the conditions"));
        }
        parts.join("; ")
    }

    /// A warning where conditions overlap.
    pub fn warning(&self) -> Option<TableWarning> {
        let (path, record) = self.first_of_both.as_ref()?;
        let first = record.map_or_else(|| path.clone(), |record| format!("{path}#{record}"));
        Some(TableWarning { code: "W_SLICES_OVERLAP", count: self.both, first })
    }
}

impl Side {
    fn add(&mut self, tokens: u64) {
        self.documents += 1;
        self.tokens += tokens;
    }

    fn shown(&self) -> String {
        let documents = match (self.documents, self.tokens) {
            (0, 1..) => String::new(),
            (1, _) => "1 document, ".to_string(),
            (many, _) => format!("{many} documents, "),
        };
        format!("{} ({documents}{} tokens)", self.asked, self.tokens)
    }
}

fn asked(shared: &Shared, comparison: &Comparison) -> (Asked, Asked) {
    let latest = shared.timeline.latest();
    // A period names itself as one would type it, so that note and table say what to ask for to see the same again.
    let period = |operator, otherwise| {
        let slice = latest.and_then(|period| Slice::parse(&period.condition(operator)).ok());
        slice.map_or(Asked::Unknown(otherwise), Asked::Slice)
    };
    let target = match &comparison.target {
        Target::LatestPeriod => period('=', "the latest period, but no document has a date"),
        Target::AllDocuments => Asked::Everything,
        Target::Documents(slice) => Asked::Slice(slice.clone()),
    };
    let reference = match &comparison.reference {
        Reference::PeriodsBefore => period('<', "the periods before it"),
        Reference::Rest => Asked::Rest,
        Reference::Documents(slice) => Asked::Slice(slice.clone()),
        Reference::List => Asked::Nothing,
    };
    (target, reference)
}

fn has_theme(inputs: &Inputs<'_>, shared: &Shared, document: usize, id: &str) -> bool {
    let Some(tagger) = inputs.tagger() else { return false };
    let of_document = shared.themes.document(document);
    let mut coded = of_document.ranked.iter().filter(|theme| theme.sentences > 0);
    coded.any(|theme| tagger.themes()[theme.theme as usize].id == id)
}
