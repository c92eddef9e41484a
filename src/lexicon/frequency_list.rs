//! A list of words with their frequencies in some other corpus: what one's own texts are compared with.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::text::{normalise, simplified};

use super::lines::{content_lines, decode};

/// Words with how often each occurs, in the form in which tokens are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrequencyList {
    words: BTreeMap<String, u64>,
    total: u64,
}

/// Which fields of a row hold what.
#[derive(Debug, Clone, Copy)]
struct Columns {
    word: usize,
    frequency: usize,
    /// How many fields a row has; 2 without a header.
    width: usize,
}

/// Names of columns in a header, in lower case.
const WORD_NAMES: [&str; 6] = ["word", "term", "词", "词语", "词条", "单词"];
const FREQUENCY_NAMES: [&str; 7] = ["frequency", "freq", "count", "tf", "频率", "频次", "词频"];

/// The most tokens that a corpus of frequencies may have: fifteen digits, which spreadsheets keep; and below 2⁵³, so exact as a float.
pub const MOST_LISTED_TOKENS: u64 = 999_999_999_999_999;

impl FrequencyList {
    /// Reads a list, in any encoding that lists come in: one word and its frequency a line, parted by a comma, a semicolon, a tab or
    /// blanks, texts in double quotes or not; blank lines and `#` comments are passed over. A header is known by its names and says
    /// which columns count; without one the first two do. A word that stands in several rows, as with several parts of speech,
    /// has the sum of them.
    ///
    /// # Errors
    /// Every row without a word or without a whole number, with its line.
    pub fn parse(file: &str, bytes: &[u8], in_simplified: bool) -> Result<Self, Vec<Diagnostic>> {
        let text = decode(file, bytes).map_err(|problem| vec![problem])?;
        let mut list = Self::default();
        let mut problems = Vec::new();
        let mut columns = Columns { word: 0, frequency: 1, width: 2 };
        for (row, (line, content)) in content_lines(&text).enumerate() {
            let fields = fields(content);
            match header(&fields).filter(|_| row == 0) {
                Some(named) => columns = named,
                None => match list.add_row(&fields, columns, in_simplified) {
                    Ok(()) => {}
                    Err(message) => problems.push(Diagnostic::error(file, line, 0, "R001", message).with_help(FORM)),
                },
            }
        }
        if list.words.is_empty() && problems.is_empty() {
            problems.push(Diagnostic::error(file, 0, 0, "R002", "expected words with their frequencies, found none").with_help(FORM));
        }
        if problems.is_empty() { Ok(list) } else { Err(problems) }
    }

    fn add_row(&mut self, fields: &[String], columns: Columns, in_simplified: bool) -> Result<(), String> {
        let typed = fields.get(columns.word).map_or("", |field| field.trim());
        let word = normalise(typed).trim().to_ascii_lowercase();
        if word.is_empty() {
            return Err("expected a word, found none".to_string());
        }
        let frequency = fields.get(columns.frequency).map_or("", |field| field.trim());
        if let Some(number) = number_in_pieces(fields, columns) {
            return Err(format!(
                "expected a whole number without marks as the frequency of `{typed}`, found `{number}`; or name the columns"
            ));
        }
        let count = frequency.parse::<u64>().map_err(|_| match frequency {
            "" => format!("expected the frequency of `{typed}`, found none"),
            other => format!("expected a whole number as the frequency of `{typed}`, found `{other}`"),
        })?;
        self.total = self
            .total
            .checked_add(count)
            .filter(|total| *total <= MOST_LISTED_TOKENS)
            .ok_or_else(|| format!("expected frequencies of at most {MOST_LISTED_TOKENS} together, found more at `{typed}`"))?;
        let word = if in_simplified { simplified(&word).into_owned() } else { word };
        *self.words.entry(word).or_default() += count;
        Ok(())
    }

    /// The frequency of a word, normalised and in lower case; 0 if it is not listed.
    pub fn get(&self, word: &str) -> u64 {
        self.words.get(word).copied().unwrap_or(0)
    }

    /// Words with their frequencies, in code-point order.
    pub fn words(&self) -> impl ExactSizeIterator<Item = (&str, u64)> {
        self.words.iter().map(|(word, count)| (word.as_str(), *count))
    }

    /// The sum of all frequencies.
    pub fn total(&self) -> u64 {
        self.total
    }
}

const FORM: &str = "write one word and its frequency a line, such as 经济,1203; a frequency is a count, not a rate";

/// Names of columns, if this is a header. A row whose second field is a number is none, even if it begins with 词.
fn header(fields: &[String]) -> Option<Columns> {
    let place = |names: &[&str]| fields.iter().position(|field| names.contains(&field.trim().to_lowercase().as_str()));
    Some(Columns { word: place(&WORD_NAMES)?, frequency: place(&FREQUENCY_NAMES)?, width: fields.len() })
}

/// A number with marks between its thousands that parted it like fields: 1,203 in a row of more fields than there are columns.
fn number_in_pieces(fields: &[String], columns: Columns) -> Option<String> {
    let pieces: Vec<&str> = fields.get(columns.frequency..)?.iter().map(|field| field.trim()).collect();
    let is_digits = |piece: &str| piece.bytes().all(|b| b.is_ascii_digit());
    let (first, rest) = pieces.split_first()?;
    let is_one = fields.len() > columns.width
        && (1..=3).contains(&first.len())
        && is_digits(first)
        && rest.iter().all(|piece| piece.len() == 3 && is_digits(piece));
    is_one.then(|| pieces.join(","))
}

/// The fields of a row: parted by tabs if there is one, else by commas, semicolons, or blanks. What stands in double quotes is not parted.
fn fields(content: &str) -> Vec<String> {
    let separator = ['\t', ',', ';'].into_iter().find(|separator| content.contains(*separator));
    let Some(separator) = separator else { return content.split_whitespace().map(String::from).collect() };
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = content.chars().peekable();
    while let Some(c) = characters.next() {
        let field = fields.last_mut();
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.into_iter().for_each(|f| f.push('"'));
            }
            '"' => quoted = !quoted,
            _ if c == separator && !quoted => fields.push(String::new()),
            _ => field.into_iter().for_each(|f| f.push(c)),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(String, u64)> {
        let list = FrequencyList::parse("r.csv", text.as_bytes(), true).unwrap();
        assert_eq!(list.total(), list.words().map(|(_, count)| count).sum::<u64>());
        list.words().map(|(word, count)| (word.to_string(), count)).collect()
    }

    fn problems(text: &str) -> Vec<String> {
        FrequencyList::parse("r.csv", text.as_bytes(), true).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_usual_form_is_read() {
        let expected = [("gdp".to_string(), 7), ("经济".to_string(), 12)];
        for text in [
            "经济,12\nGDP,7\n",
            "\u{FEFF}word,frequency\r\n经济,12\r\nGDP,7\r\n",
            "词,词性,频率\n经济,n,12\nGDP,x,7\n",
            "rank\tcount\tterm\n1\t12\t经济\n2\t7\tＧＤＰ\n",
            "# a comment\n\"经济\";\"12\"\n\"GDP\";7\n",
            "经济 12\nGDP 7\n",
            "經濟,5\n经济,7\nGDP,7\n",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read("\"a,\"\"b\",3\n"), [("a,\"b".to_string(), 3)]);
        let gbk = encoding_rs::GB18030.encode("词,频率\n经济,12\n发展,3\n").0.into_owned();
        assert_eq!(FrequencyList::parse("r.csv", &gbk, true).unwrap().get("经济"), 12);
    }

    #[test]
    fn bad_rows_are_named_with_their_line() {
        let found = problems("word,freq\n经济,12.5\n,3\n发展\n改革,-1\n开放,9\n");
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(
            found[0].starts_with("r.csv:2: error[R001]: expected a whole number as the frequency of `经济`, found `12.5`"),
            "{}",
            found[0]
        );
        assert!(found[1].starts_with("r.csv:3: error[R001]: expected a word") && found[2].starts_with("r.csv:4: error[R001]"));
        assert!(problems("# nothing\n")[0].contains("error[R002]"));
        assert!(problems(&format!("甲,{MOST_LISTED_TOKENS}\n乙,1\n"))[0].starts_with("r.csv:2:"));
    }

    #[test]
    fn a_number_with_marks_between_its_thousands_is_no_small_number() {
        let found = problems("发展,1,203\n经济,2,300,000\n改革,5\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("as the frequency of `发展`, found `1,203`") && found[1].contains("`2,300,000`"), "{found:?}");
        assert_eq!(read("word,count,documents\n发展,120,345\n"), [("发展".to_string(), 120)]);
        assert!(problems("word,count,documents\n发展,1,203,345\n")[0].contains("`1,203,345`"));
        assert_eq!(read("发展,1203,v\n"), [("发展".to_string(), 1203)]);
    }

    #[test]
    fn characters_are_simplified_only_if_texts_are() {
        let list = FrequencyList::parse("r.csv", "經濟,5\n".as_bytes(), false).unwrap();
        assert_eq!((list.get("經濟"), list.get("经济")), (5, 0));
    }

    proptest! {
        #[test]
        fn no_list_is_too_strange_to_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,40}") {
            let _ = FrequencyList::parse("r.csv", &bytes, true);
            let _ = FrequencyList::parse("r.csv", text.as_bytes(), true);
        }
    }
}
