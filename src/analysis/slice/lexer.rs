//! The words and marks of a condition.

use super::SliceError;

/// How a field is compared with values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

impl Operator {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Contains => "~",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// A field, a value or one of `and`, `or`, `not`.
    Word(String),
    /// A value in quotes: never `and`, `or` or `not`.
    Quoted(String),
    Operator(Operator),
    /// `,` or `|`
    Separator,
    Open,
    Close,
    /// `&` or `&&`
    And,
    /// `||`
    Or,
}

impl Lexeme {
    /// How it is named in a message.
    pub fn shown(&self) -> String {
        match self {
            Self::Word(text) | Self::Quoted(text) => format!("`{text}`"),
            Self::Operator(operator) => format!("`{}`", operator.as_str()),
            Self::Separator => "`,`".to_string(),
            Self::Open => "`(`".to_string(),
            Self::Close => "`)`".to_string(),
            Self::And => "`&`".to_string(),
            Self::Or => "`||`".to_string(),
        }
    }
}

/// Full-width marks are those of a Chinese keyboard: they mean what their ASCII twins mean.
fn as_ascii(c: char) -> char {
    match c {
        '，' | '、' => ',',
        '｜' => '|',
        '（' => '(',
        '）' => ')',
        '＝' => '=',
        '＜' => '<',
        '＞' => '>',
        '！' => '!',
        '～' => '~',
        '＆' => '&',
        other => other,
    }
}

/// What ends a text that this mark begins.
fn closing_quote(c: char) -> Option<char> {
    match c {
        '"' | '\'' => Some(c),
        '“' => Some('”'),
        '‘' => Some('’'),
        _ => None,
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace()
        || closing_quote(c).is_some()
        || matches!(as_ascii(c), ',' | '|' | '(' | ')' | '=' | '<' | '>' | '!' | '~' | '&')
        || matches!(c, '≠' | '≤' | '≥')
}

/// The lexemes of `text`, each with its place: 1-based, in characters.
pub(super) fn lexemes(text: &str) -> Result<Vec<(usize, Lexeme)>, SliceError> {
    let characters: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        let column = at + 1;
        if c.is_whitespace() {
            at += 1;
        } else if let Some(close) = closing_quote(c) {
            let length = characters[at + 1..].iter().position(|c| *c == close).ok_or_else(|| SliceError {
                column,
                expected: format!("{close} at the end of the value that begins here"),
                found: "none".to_string(),
                help: None,
            })?;
            out.push((column, Lexeme::Quoted(characters[at + 1..at + 1 + length].iter().collect())));
            at += length + 2;
        } else if ends_word(c) {
            let (length, lexeme) = mark(as_ascii(c), characters.get(at + 1).copied().map(as_ascii), column)?;
            out.push((column, lexeme));
            at += length;
        } else {
            let length = characters[at..].iter().take_while(|c| !ends_word(**c)).count();
            out.push((column, Lexeme::Word(characters[at..at + length].iter().collect())));
            at += length;
        }
    }
    Ok(out)
}

/// The mark that begins with `first`, and its length in characters.
fn mark(first: char, second: Option<char>, column: usize) -> Result<(usize, Lexeme), SliceError> {
    let operator = |length, operator| Ok((length, Lexeme::Operator(operator)));
    match (first, second) {
        ('!', Some('=')) | ('<', Some('>')) => operator(2, Operator::NotEqual),
        ('=', Some('=')) => operator(2, Operator::Equal),
        ('<', Some('=')) => operator(2, Operator::LessOrEqual),
        ('>', Some('=')) => operator(2, Operator::GreaterOrEqual),
        ('≠', _) => operator(1, Operator::NotEqual),
        ('=', _) => operator(1, Operator::Equal),
        ('≤', _) => operator(1, Operator::LessOrEqual),
        ('≥', _) => operator(1, Operator::GreaterOrEqual),
        ('<', _) => operator(1, Operator::Less),
        ('>', _) => operator(1, Operator::Greater),
        ('~', _) => operator(1, Operator::Contains),
        ('&', Some('&')) => Ok((2, Lexeme::And)),
        ('&', _) => Ok((1, Lexeme::And)),
        ('|', Some('|')) => Ok((2, Lexeme::Or)),
        (',' | '|', _) => Ok((1, Lexeme::Separator)),
        ('(', _) => Ok((1, Lexeme::Open)),
        (')', _) => Ok((1, Lexeme::Close)),
        (other, _) => Err(SliceError {
            column,
            expected: "an operator such as = or !=".to_string(),
            found: format!("`{other}`"),
            help: Some("write `not` before a condition, or quotes around the value".to_string()),
        }),
    }
}
