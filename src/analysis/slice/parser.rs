//! Lexemes into a condition, by recursive descent: or, and, not, one test.

use super::field::{Field, Test};
use super::lexer::{Lexeme, Operator, lexemes};
use super::{Node, SliceError};

/// How deep `not` and parentheses may lie in one another: nobody types more, and a condition is walked by recursion.
const DEEPEST: usize = 50;

/// The condition, and every theme it names with its place.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<(String, usize)>), SliceError> {
    let lexemes = lexemes(text)?;
    let mut parser = Parser { lexemes: &lexemes, at: 0, end: text.chars().count() + 1, themes: Vec::new() };
    let root = parser.any(0)?;
    match parser.peek() {
        None => Ok((root, parser.themes)),
        Some(_) => Err(parser.unexpected("`and`, `or` or the end", Some("put a value that holds blanks or marks in quotes"))),
    }
}

struct Parser<'l> {
    lexemes: &'l [(usize, Lexeme)],
    at: usize,
    /// The place behind the last character.
    end: usize,
    themes: Vec<(String, usize)>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Lexeme> {
        self.lexemes.get(self.at).map(|(_, lexeme)| lexeme)
    }

    fn column(&self) -> usize {
        self.lexemes.get(self.at).map_or(self.end, |(column, _)| *column)
    }

    fn unexpected(&self, expected: impl Into<String>, help: Option<&str>) -> SliceError {
        let found = self.peek().map_or_else(|| "the end".to_string(), Lexeme::shown);
        SliceError { column: self.column(), expected: expected.into(), found, help: help.map(String::from) }
    }

    /// Passes over a keyword or its mark.
    fn takes(&mut self, keyword: &str, mark: Option<&Lexeme>) -> bool {
        let is_there = match self.peek() {
            Some(Lexeme::Word(word)) => word.eq_ignore_ascii_case(keyword),
            other => other.is_some() && other == mark,
        };
        self.at += usize::from(is_there);
        is_there
    }

    fn any(&mut self, depth: usize) -> Result<Node, SliceError> {
        let mut parts = vec![self.all(depth)?];
        while self.takes("or", Some(&Lexeme::Or)) {
            parts.push(self.all(depth)?);
        }
        Ok(joined(parts, Node::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Node, SliceError> {
        let mut parts = vec![self.one(depth)?];
        while self.takes("and", Some(&Lexeme::And)) {
            parts.push(self.one(depth)?);
        }
        Ok(joined(parts, Node::All))
    }

    fn one(&mut self, depth: usize) -> Result<Node, SliceError> {
        if depth > DEEPEST {
            return Err(self.unexpected(format!("at most {DEEPEST} conditions in one another"), None));
        }
        if self.takes("not", None) {
            return Ok(Node::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.peek() != Some(&Lexeme::Open) {
            return self.test();
        }
        self.at += 1;
        let inner = self.any(depth + 1)?;
        if self.peek() != Some(&Lexeme::Close) {
            return Err(self.unexpected("`and`, `or` or `)`", None));
        }
        self.at += 1;
        Ok(inner)
    }

    /// A field, an operator, values.
    fn test(&mut self) -> Result<Node, SliceError> {
        let Some(Lexeme::Word(name)) = self.peek().cloned() else {
            return Err(self.unexpected(format!("a field ({})", Field::names()), Some("such as year=2023")));
        };
        let Some(field) = Field::named(&name) else {
            return Err(self.unexpected(format!("a field ({})", Field::names()), Some("such as year=2023")));
        };
        self.at += 1;
        let operator = self.operator(field)?;
        let values = self.values(field, operator)?;
        if field == Field::Theme {
            self.themes.extend(values.iter().map(|(column, id)| (id.clone(), *column)));
        }
        Test::new(field, operator, &values).map(Node::Test)
    }

    fn operator(&mut self, field: Field) -> Result<Operator, SliceError> {
        match self.peek() {
            Some(Lexeme::Operator(operator)) if field.operators().contains(operator) => {
                let operator = *operator;
                self.at += 1;
                Ok(operator)
            }
            _ => {
                let known: Vec<&str> = field.operators().iter().map(|operator| operator.as_str()).collect();
                Err(self.unexpected(format!("one of {} after `{}`", known.join(" "), field.name()), None))
            }
        }
    }

    fn values(&mut self, field: Field, operator: Operator) -> Result<Vec<(usize, String)>, SliceError> {
        let mut values = vec![self.value(field)?];
        while self.peek() == Some(&Lexeme::Separator) {
            if !matches!(operator, Operator::Equal | Operator::NotEqual | Operator::Contains) {
                return Err(self.unexpected(format!("one value after `{}`", operator.as_str()), None));
            }
            self.at += 1;
            values.push(self.value(field)?);
        }
        Ok(values)
    }

    fn value(&mut self, field: Field) -> Result<(usize, String), SliceError> {
        let column = self.column();
        match self.peek() {
            Some(Lexeme::Word(text) | Lexeme::Quoted(text)) if !text.trim().is_empty() => {
                let text = text.trim().to_string();
                self.at += 1;
                Ok((column, text))
            }
            _ => Err(self.unexpected(format!("a value of `{}`", field.name()), None)),
        }
    }
}

/// Several parts under one node; one part stands for itself.
fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}
