//! Cuts a CSV into the bytes of its rows, and a row into its fields: the first is done by one thread, the second by many.
//!
//! Where a row ends is not asked of the `csv` crate, which holds a row however long it is, so that one quote that is never closed
//! would load the rest of the file. What is read so is the same as what the crate reads alone: the tests compare them.

use std::io::{self, BufRead};

use ::csv::ByteRecord;

/// A row as it stands in the file, without its line end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Its bytes; empty if there are more than allowed.
    pub bytes: Vec<u8>,
    /// 1-based line on which it begins.
    pub line: u64,
    /// Its size.
    pub size: u64,
    /// Whether the file ends inside a quoted field.
    pub unclosed: bool,
}

/// Where in a row the next byte stands. The states are those of RFC 4180 as the `csv` crate reads it: a quote opens a field only
/// at its beginning, and is a mere character elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote in a quoted field: its end, or the first half of a doubled one.
    QuoteInQuoted,
}

/// The rows of a stream.
pub(super) struct Rows<R> {
    reader: R,
    delimiter: u8,
    limit: u64,
    line: u64,
    after_cr: bool,
}

impl<R: BufRead> Rows<R> {
    /// Rows parted by LF, CR LF or CR, of at most `limit` bytes. The stream begins on line `line` of its file.
    pub fn new(reader: R, delimiter: u8, line: u64, limit: u64) -> Self {
        Self { reader, delimiter, limit, line, after_cr: false }
    }

    /// The next row that is not an empty line.
    pub fn next(&mut self) -> io::Result<Option<Row>> {
        self.skip_line_ends()?;
        let mut row = Row { line: self.line, ..Row::default() };
        let mut state = State::FieldStart;
        loop {
            let buffer = filled(&mut self.reader)?;
            if buffer.is_empty() {
                row.unclosed = state == State::Quoted;
                return Ok((row.size > 0).then_some(row));
            }
            let end = row_end(buffer, self.delimiter, &mut state);
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            self.line += memchr::memchr_iter(b'\n', piece).count() as u64;
            row.size += piece.len() as u64;
            if row.size <= self.limit {
                row.bytes.extend_from_slice(piece);
            } else {
                row.bytes = Vec::new();
            }
            let used = piece.len();
            self.reader.consume(used);
            if end.is_some() {
                return Ok(Some(row));
            }
        }
    }

    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            match filled(&mut self.reader)?.first() {
                Some(b'\r') => self.line += 1,
                Some(b'\n') => self.line += u64::from(!self.after_cr),
                _ => {
                    self.after_cr = false;
                    return Ok(());
                }
            }
            self.after_cr = filled(&mut self.reader)?.first() == Some(&b'\r');
            self.reader.consume(1);
        }
    }
}

fn filled(reader: &mut impl BufRead) -> io::Result<&[u8]> {
    // Looked at twice, since a borrow that is returned cannot be given up inside the loop.
    while let Err(error) = reader.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    reader.fill_buf()
}

/// The place of the line end that ends the row, if these bytes hold it.
fn row_end(bytes: &[u8], delimiter: u8, state: &mut State) -> Option<usize> {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let is_end = matches!(byte, b'\n' | b'\r');
        match *state {
            State::Quoted => {
                at += memchr::memchr(b'"', &bytes[at..])?;
                *state = State::QuoteInQuoted;
            }
            State::QuoteInQuoted if *byte == b'"' => *state = State::Quoted,
            State::FieldStart if *byte == b'"' => *state = State::Quoted,
            _ if is_end => return Some(at),
            _ if *byte == delimiter => *state = State::FieldStart,
            _ => {
                *state = State::Plain;
                at += memchr::memchr3(delimiter, b'\n', b'\r', &bytes[at..])?;
                continue;
            }
        }
        at += 1;
    }
    None
}

/// The fields of a row, without their quotes.
pub(super) fn fields(row: &[u8], delimiter: u8) -> ByteRecord {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(row.len().clamp(64, 1 << 16))
        .from_reader(row);
    let mut record = ByteRecord::new();
    // Reading from memory cannot fail, and records of any length are allowed.
    let _ = reader.read_byte_record(&mut record);
    record
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor, Read};

    use super::*;

    fn rows(text: &str, capacity: usize) -> Vec<(u64, String, bool)> {
        let mut rows = Rows::new(BufReader::with_capacity(capacity, Cursor::new(text.as_bytes().to_vec())), b',', 1, 1 << 20);
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            all.push((row.line, String::from_utf8(row.bytes).unwrap(), row.unclosed));
        }
        all
    }

    #[test]
    fn rows_end_at_line_ends_outside_quotes_wherever_the_buffer_ends() {
        let text = "a,b\r\n\r\n\"一\n\"\"二\"\"\",x\r5\" 屏,\"y\"z\n,\n\"开,\n";
        let row = |line, text: &str, unclosed| (line, text.to_string(), unclosed);
        let expected = [
            row(1, "a,b", false),
            row(3, "\"一\n\"\"二\"\"\",x", false),
            row(5, "5\" 屏,\"y\"z", false),
            row(6, ",", false),
            row(7, "\"开,\n", true),
        ];
        for capacity in [1, 2, 3, 7, 4096] {
            assert_eq!(rows(text, capacity), expected, "{capacity}");
        }
    }

    #[test]
    fn a_row_above_the_limit_is_passed_over_in_constant_memory() {
        let endless = Cursor::new(b"a,\"".to_vec()).chain(io::repeat(b'x').take(200 << 20)).chain(Cursor::new(b"\"\nb,c\n".to_vec()));
        let mut rows = Rows::new(BufReader::new(endless), b',', 1, 1 << 20);
        let row = rows.next().unwrap().unwrap();
        assert_eq!((row.size, row.bytes.capacity()), ((200 << 20) + 4, 0));
        assert_eq!(rows.next().unwrap().unwrap().bytes, b"b,c");
    }

    proptest::proptest! {
        #[test]
        fn the_cuts_are_those_of_the_csv_crate(text in "[a\",;\r\n]{0,40}", capacity in 1usize..9) {
            let parse = |text: &str| -> Vec<Vec<String>> {
                let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                reader.records().map(|r| r.unwrap().iter().map(String::from).collect()).collect()
            };
            let whole = parse(&text);
            let split = |row: &str| fields(row.as_bytes(), b',').iter().map(|f| String::from_utf8_lossy(f).into_owned()).collect::<Vec<_>>();
            let by_row: Vec<Vec<String>> = rows(&text, capacity).iter().map(|(_, row, _)| split(row)).collect();
            proptest::prop_assert_eq!(whole, by_row);
        }
    }
}
