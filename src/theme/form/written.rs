//! A taxonomy as a person wrote it: every text with its place, nothing inherited, nothing judged. TOML and the CSV pair are two
//! spellings of it, and it is what is compared, exported and imported.

/// A place in one of the files of a taxonomy: 1-based line and column, 0 where there is none. In a CSV file the column is the
/// number of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Index of the file.
    pub file: usize,
    /// 1-based line.
    pub line: usize,
    /// 1-based column.
    pub column: usize,
}

/// A text as it was written, without white space at its ends. Two are equal if they say the same, wherever they stand.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// What is written.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Text {}

impl Text {
    /// A text in the form in which both files can hold it: line ends are LF, and none stand at the ends.
    pub fn new(text: &str, place: Place) -> Self {
        let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_string() };
        Self { text: text.trim_matches(is_blank).to_string(), place }
    }
}

/// White space at the ends of a cell, the full-width space included.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

/// An entry of a list: a pattern, a mask, an example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub text: Text,
    /// Its weight, if it is stated.
    pub weight: Option<Text>,
    /// Where it may match, if that is stated.
    pub scope: Option<Text>,
    /// What its author notes.
    pub note: Option<Text>,
}

/// The settings of a taxonomy, in the order in which they are written.
pub const SETTINGS: [&str; 10] =
    ["id", "version", "title", "language", "unit", "nested", "threshold", "cap", "normalize.to_simplified", "negation.window"];

/// What is stated of a theme beside its id and its lists.
pub const THEME_FIELDS: [&str; 9] = ["name", "kind", "unit", "threshold", "priority", "definition", "include", "exclude", "note"];

/// A list of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// A literal anywhere.
    Term,
    /// A literal that is one whole token.
    Token,
    /// A, then B, within a clause.
    Gap,
    /// A and B in either order.
    Near,
    /// A regular expression.
    Regex,
    /// Hits inside it do not count.
    Mask,
    /// Must all be in the unit.
    All,
    /// One must be in the unit.
    Any,
    /// Must not be in the unit.
    None,
    /// A condition on another theme.
    Use,
    /// Must be coded with the theme.
    Example,
    /// Must not be.
    Counterexample,
    /// Code of another scheme.
    MapsTo,
    /// Former id.
    Replaces,
    /// Refused proposal.
    Rejected,
}

impl List {
    /// Every list, in the order in which they are written.
    pub const ALL: [Self; 15] = [
        Self::Term,
        Self::Token,
        Self::Gap,
        Self::Near,
        Self::Regex,
        Self::Mask,
        Self::All,
        Self::Any,
        Self::None,
        Self::Use,
        Self::Example,
        Self::Counterexample,
        Self::MapsTo,
        Self::Replaces,
        Self::Rejected,
    ];

    /// Its name in the column `op`.
    pub fn op(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::Example => "example",
            Self::Counterexample => "counterexample",
            _ => self.key(),
        }
    }

    /// Its key in the TOML form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Term => "terms",
            Self::Token => "token",
            Self::Gap => "gap",
            Self::Near => "near",
            Self::Regex => "regex",
            Self::Mask => "mask",
            Self::All => "all",
            Self::Any => "any",
            Self::None => "none",
            Self::Use => "use",
            Self::Example => "examples",
            Self::Counterexample => "counterexamples",
            Self::MapsTo => "maps_to",
            Self::Replaces => "replaces",
            Self::Rejected => "rejected",
        }
    }

    /// Whether its entries count, so that they may have a weight and a scope.
    pub fn counts(self) -> bool {
        self <= Self::Regex
    }
}

/// A list that holds for all themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GlobalList {
    /// Hits inside it never count.
    Mask,
    /// The text is not about what follows.
    NegationTopic,
    /// The text forbids or denies what follows.
    NegationStance,
}

impl GlobalList {
    /// Every one, in the order in which they are written.
    pub const ALL: [Self; 3] = [Self::Mask, Self::NegationTopic, Self::NegationStance];

    /// Its name in the column `op`.
    pub fn op(self) -> &'static str {
        match self {
            Self::Mask => "mask",
            Self::NegationTopic => "negation_topic",
            Self::NegationStance => "negation_stance",
        }
    }

    /// Section and key in the TOML form.
    pub fn key(self) -> (&'static str, &'static str) {
        match self {
            Self::Mask => ("mask", "terms"),
            Self::NegationTopic => ("negation", "topic"),
            Self::NegationStance => ("negation", "stance"),
        }
    }
}

/// A theme as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WrittenTheme {
    /// Its id, perhaps empty.
    pub id: Text,
    /// name, kind, unit, threshold, priority, definition, include, exclude, note.
    pub fields: [Option<Text>; 9],
    /// By the order of [`List::ALL`].
    pub lists: [Vec<Entry>; 15],
}

impl WrittenTheme {
    /// A stated field.
    pub fn field(&self, name: &str) -> Option<&Text> {
        let at = THEME_FIELDS.iter().position(|field| *field == name)?;
        self.fields[at].as_ref()
    }

    /// Where something of it stands.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        let fields = self.fields.iter().flatten().map(|text| text.place);
        let of_entry = |entry: &Entry| {
            [Some(&entry.text), entry.weight.as_ref(), entry.scope.as_ref()].into_iter().flatten().map(|t| t.place).collect::<Vec<_>>()
        };
        std::iter::once(self.id.place).chain(fields).chain(self.lists.iter().flatten().flat_map(of_entry))
    }

    /// The entries of a list.
    pub fn list(&self, list: List) -> &[Entry] {
        &self.lists[list as usize]
    }

    /// The id of the theme above, if the id names one.
    pub fn parent_id(&self) -> &str {
        self.id.text.rsplit_once('.').map_or("", |(parent, _)| parent)
    }
}

/// A taxonomy as written.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// Its files, as messages call them.
    pub(in crate::theme) files: Vec<String>,
    /// By the order of [`SETTINGS`].
    pub(in crate::theme) settings: [Option<Text>; 10],
    /// By the order of [`GlobalList::ALL`].
    pub(in crate::theme) lists: [Vec<Entry>; 3],
    /// In file order.
    pub(in crate::theme) themes: Vec<WrittenTheme>,
}

impl PartialEq for Written {
    /// Whether both say the same, whatever their files and places.
    fn eq(&self, other: &Self) -> bool {
        (&self.settings, &self.lists, &self.themes) == (&other.settings, &other.lists, &other.themes)
    }
}

impl Eq for Written {}

impl Written {
    /// A stated setting.
    pub(in crate::theme) fn setting(&self, name: &str) -> Option<&Text> {
        let at = SETTINGS.iter().position(|setting| *setting == name)?;
        self.settings[at].as_ref()
    }

    /// Its themes, in file order.
    pub fn themes(&self) -> &[WrittenTheme] {
        &self.themes
    }

    /// How many patterns, masks, examples and so on it has.
    pub fn entry_count(&self) -> usize {
        let of_themes = self.themes.iter().flat_map(|theme| &theme.lists).map(Vec::len).sum::<usize>();
        self.lists.iter().map(Vec::len).sum::<usize>() + of_themes
    }
}
