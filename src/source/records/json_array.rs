//! A file of JSON values: the elements of an array, or objects one after another, on one line or many.

use std::io::{self, BufRead};

use super::{BadRecord, Bytes, RawRecord};
use crate::source::compress::{self, Limit};
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// The elements of an open file, cut where brackets close outside strings; whether one is good JSON is asked when it is read.
pub(super) struct JsonArray {
    /// Nothing after an error of the file itself.
    reader: Option<Bytes>,
    number: u64,
    line: u64,
    limit: Limit,
    /// Whether a bracket opened an array that none has closed.
    open: bool,
}

/// Where in a value the next byte stands.
#[derive(Default)]
struct Place {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl JsonArray {
    /// Opens a file.
    pub fn open(mut reader: Bytes, options: &SourceOptions) -> Result<Self, Failure> {
        if reader.fill_buf().map_err(compress::failure)?.starts_with(b"\xEF\xBB\xBF") {
            reader.consume(3);
        }
        let mut opened = Self { reader: Some(reader), number: 0, line: 1, limit: Limit::document("record", options), open: false };
        // The bracket that opens an array is no element; a file may also hold objects without one.
        if opened.skip(b"").map_err(compress::failure)? == Some(b'[') {
            opened.skip(b"[").map_err(compress::failure)?;
            opened.open = true;
        }
        Ok(opened)
    }

    /// The next element.
    pub fn next(&mut self) -> Result<Option<RawRecord>, BadRecord> {
        match self.read() {
            Ok(next) => next,
            Err(error) => {
                self.reader = None;
                Err(BadRecord { number: None, bytes: 0, failure: compress::failure(error) })
            }
        }
    }

    fn read(&mut self) -> io::Result<Result<Option<RawRecord>, BadRecord>> {
        let next = self.skip(b",")?;
        let next = if next == Some(b']') {
            self.open = false;
            self.skip(b",]")?
        } else {
            next
        };
        if next.is_none() && std::mem::take(&mut self.open) {
            let message = "expected the bracket that opens the array to be closed, found the end of the file; it was cut: get the whole file. What it holds was read";
            return Ok(Err(BadRecord { number: None, bytes: 0, failure: Failure::new(Stage::Split, Code::Row, message) }));
        }
        if next.is_none() {
            return Ok(Ok(None));
        }
        self.number += 1;
        let (number, begin) = (self.number, self.line);
        let mut content = Vec::new();
        let (bytes, closed) = self.value(&mut content)?;
        let bad = |failure| Ok(Err(BadRecord { number: Some(number), bytes, failure }));
        if bytes > self.limit.bytes {
            return bad(compress::too_large(self.limit));
        }
        if !closed {
            let message = format!(
                "line {begin}: expected the bracket or quote that opens this record to be closed, found the end of the file; all after it was taken for it"
            );
            return bad(Failure::new(Stage::Split, Code::Row, message));
        }
        Ok(Ok(Some(RawRecord { number, line: begin, content })))
    }

    /// Passes over white space and these marks; gives the byte after them, which is left.
    fn skip(&mut self, marks: &[u8]) -> io::Result<Option<u8>> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        loop {
            let buffer = reader.fill_buf()?;
            let Some(first) = buffer.first().copied() else { return Ok(None) };
            if !first.is_ascii_whitespace() && !marks.contains(&first) {
                return Ok(Some(first));
            }
            self.line += u64::from(first == b'\n');
            reader.consume(1);
        }
    }

    /// Reads one value into `content`, unless it is above the limit. Gives its size and whether it is closed.
    fn value(&mut self, content: &mut Vec<u8>) -> io::Result<(u64, bool)> {
        let Some(reader) = &mut self.reader else { return Ok((0, false)) };
        let mut place = Place::default();
        let mut size = 0;
        loop {
            let buffer = reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok((size, place.depth == 0 && !place.in_string));
            }
            let end = place.end_in(buffer);
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            self.line += memchr::memchr_iter(b'\n', piece).count() as u64;
            size += piece.len() as u64;
            match size <= self.limit.bytes {
                true => content.extend_from_slice(piece),
                false => *content = Vec::new(),
            }
            let used = piece.len();
            reader.consume(used);
            if end.is_some() {
                return Ok((size, true));
            }
        }
    }
}

impl Place {
    /// Where the value ends in these bytes: after its last bracket, or before the mark that follows a bare one.
    fn end_in(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => {
                    self.depth = 0;
                    return Some(at + 1);
                }
                b'}' | b']' | b',' if self.depth == 0 => return Some(at.max(usize::from(*byte == b'}'))),
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor, Read};

    use super::*;

    fn elements(text: &str, capacity: usize) -> Vec<Result<(u64, u64, String), u64>> {
        let bytes: Box<dyn Read + Send> = Box::new(Cursor::new(text.as_bytes().to_vec()));
        let options = SourceOptions { max_document_bytes: 40, ..SourceOptions::default() };
        let mut array = JsonArray::open(BufReader::with_capacity(capacity, bytes), &options).unwrap();
        let mut all = Vec::new();
        loop {
            match array.next() {
                Ok(None) => return all,
                Ok(Some(record)) => all.push(Ok((record.number, record.line, String::from_utf8(record.content).unwrap()))),
                Err(bad) => all.push(Err(bad.number.unwrap_or(0))),
            }
        }
    }

    #[test]
    fn elements_end_where_their_brackets_close() {
        let text = " [ {\"a\": \"x]},\\\"\"},\n{\"b\": [1, {}]} , 7,\n\n\"s\" ]\n";
        let element = |number, line, text: &str| Ok((number, line, text.to_string()));
        let expected =
            [element(1, 1, "{\"a\": \"x]},\\\"\"}"), element(2, 2, "{\"b\": [1, {}]}"), element(3, 2, "7"), element(4, 4, "\"s\" ")];
        for capacity in [1, 3, 4096] {
            assert_eq!(elements(text, capacity.max(3)), expected, "{capacity}");
        }
    }

    #[test]
    fn objects_without_an_array_are_records_too() {
        assert_eq!(elements("{\"a\":1}\n{\"a\":2}", 64).len(), 2);
        assert_eq!(elements("", 64), []);
        assert_eq!(elements("[]", 64), []);
    }

    #[test]
    fn what_is_too_large_or_never_closed_costs_itself() {
        let large = format!("[{{\"a\": \"{}\"}}, {{}}]", "x".repeat(100));
        assert_eq!(elements(&large, 64), [Err(1), Ok((2, 1, "{}".to_string()))]);
        assert_eq!(elements("[{}, {\"a\": [1", 64), [Ok((1, 1, "{}".to_string())), Err(2), Err(0)]);
        assert_eq!(elements("[{},", 64), [Ok((1, 1, "{}".to_string())), Err(0)]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_come_to_an_end(text in "[\\[\\]{}\",:a \n\\\\]{0,60}") {
            proptest::prop_assert!(elements(&text, 3).len() <= text.len());
        }
    }
}
