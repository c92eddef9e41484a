//! A table as CSV: UTF-8 with a mark and CRLF for spreadsheets, or plain for Unix tools.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::table::{Column, Table, columns, file_stem};

use super::cells::CsvCells;
use super::{Flavor, ReportOptions};

/// Rows that one thread renders at a time.
const CHUNK_ROWS: usize = 4_096;
/// What a row takes, about: room that is made at once.
const ROW_BYTES: usize = 200;
/// Chunks rendered before they are written: bounds what is held in memory.
const CHUNKS_IN_FLIGHT: usize = 8;

/// One file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvFile {
    /// Its name, such as `terms.csv` or `terms.part-0002.csv`.
    pub name: String,
    /// Data rows.
    pub rows: u64,
    /// Size.
    pub bytes: u64,
    /// SHA-256, in hex.
    pub sha256: String,
}

/// What came of writing a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenTable {
    /// Its columns in file order.
    pub columns: Vec<&'static Column>,
    /// Its files in order: one, unless it has more rows than a sheet.
    pub files: Vec<CsvFile>,
    /// Text cells that got a leading `'`.
    pub guarded_cells: u64,
    /// Text cells that were cut.
    pub cut_cells: u64,
}

impl WrittenTable {
    /// Its name without the ending, which is that of its first file.
    pub fn stem(&self) -> String {
        self.files.first().map(|file| file.name.trim_end_matches(".csv").to_string()).unwrap_or_default()
    }
}

/// Writes `table` into `folder`, at most `rows_per_file` data rows a file, and syncs each file to disk.
///
/// # Errors
/// When a file cannot be written, and (as [`io::ErrorKind::InvalidData`]) when a row has another number of cells than the
/// table has columns, which is a bug of the table.
pub fn write_table(table: &dyn Table, options: &ReportOptions, folder: &Path, rows_per_file: usize) -> io::Result<WrittenTable> {
    let mut written = WrittenTable { columns: columns(table), ..WrittenTable::default() };
    let rows = table.row_count();
    let parts = rows.div_ceil(rows_per_file).max(1);
    for part in 0..parts {
        let name = match part {
            0 => format!("{}.csv", file_stem(table)),
            _ => format!("{}.part-{:04}.csv", file_stem(table), part + 1),
        };
        let range = part * rows_per_file..rows.min((part + 1) * rows_per_file);
        let mut file = HashingFile::create(&folder.join(&name))?;
        file.write(&header(&written.columns, options))?;
        write_rows(table, options, range.clone(), &mut file, &mut written)?;
        let (bytes, sha256) = file.finish()?;
        written.files.push(CsvFile { name, rows: range.len() as u64, bytes, sha256 });
    }
    Ok(written)
}

/// Writes `table` to `out` as one CSV text, however many rows it has.
///
/// # Errors
/// As [`write_table`].
pub fn write_csv(table: &dyn Table, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
    write_csv_header(table, options, out)?;
    write_csv_rows(table, options, out)?;
    out.flush()
}

/// The header alone, for a table that comes in parts.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_csv_header(table: &dyn Table, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&header(&columns(table), options))
}

/// The rows alone, for one part of a table. Rendered in parallel, a group of chunks at a time.
///
/// # Errors
/// As [`write_table`].
pub fn write_csv_rows(table: &dyn Table, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
    let rows = table.row_count();
    let starts: Vec<usize> = (0..rows).step_by(CHUNK_ROWS).collect();
    for group in starts.chunks(CHUNKS_IN_FLIGHT) {
        let render_chunk = |start: &usize| render(table, options, *start..rows.min(start + CHUNK_ROWS));
        let chunks: Vec<Chunk> = group.par_iter().map(render_chunk).collect::<io::Result<_>>()?;
        chunks.iter().try_for_each(|chunk| out.write_all(&chunk.bytes))?;
    }
    Ok(())
}

/// The first line of a file with these columns, with its mark and line end.
pub(super) fn header(columns: &[&'static Column], options: &ReportOptions) -> Vec<u8> {
    let title = |c: &&'static Column| if options.flavor == Flavor::Zh { c.title_zh } else { c.name };
    let line = columns.iter().map(title).collect::<Vec<_>>().join(",");
    match options.flavor {
        Flavor::Plain => format!("{line}\n"),
        Flavor::Spreadsheet | Flavor::Zh => format!("\u{FEFF}{line}\r\n"),
    }
    .into_bytes()
}

fn write_rows(
    table: &dyn Table,
    options: &ReportOptions,
    rows: std::ops::Range<usize>,
    file: &mut HashingFile,
    written: &mut WrittenTable,
) -> io::Result<()> {
    let starts: Vec<usize> = rows.clone().step_by(CHUNK_ROWS).collect();
    let render_group = |group: &[usize]| -> io::Result<Vec<Chunk>> {
        group.par_iter().map(|start| render(table, options, *start..rows.end.min(start + CHUNK_ROWS))).collect()
    };
    let mut write_group = |chunks: Vec<Chunk>| -> io::Result<()> {
        for chunk in chunks {
            written.guarded_cells += chunk.guarded;
            written.cut_cells += chunk.cut;
            file.write(&chunk.bytes)?;
        }
        Ok(())
    };
    // While a group is hashed and written, the next one is rendered.
    let mut ready = Vec::new();
    for group in starts.chunks(CHUNKS_IN_FLIGHT) {
        let (wrote, next) = rayon::join(|| write_group(ready), || render_group(group));
        wrote?;
        ready = next?;
    }
    write_group(ready)
}

struct Chunk {
    bytes: Vec<u8>,
    guarded: u64,
    cut: u64,
}

fn render(table: &dyn Table, options: &ReportOptions, rows: std::ops::Range<usize>) -> io::Result<Chunk> {
    let line_end: &[u8] = if options.flavor == Flavor::Plain { b"\n" } else { b"\r\n" };
    let columns = columns(table).len();
    let mut cells = CsvCells::new(columns, line_end, options.formula_guard, rows.len() * ROW_BYTES);
    table.write_rows(rows.clone(), &mut cells);
    let invalid = |what: String| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", table.definition().name));
    if let Some((row, count)) = cells.ragged {
        return Err(invalid(format!("row {} has {count} cells, expected {columns}", rows.start + row)));
    }
    if cells.rows != rows.len() {
        return Err(invalid(format!("{} rows from row {} on, expected {}", cells.rows, rows.start, rows.len())));
    }
    let (guarded, cut) = (cells.guarded, cells.cut);
    Ok(Chunk { bytes: cells.into_bytes(), guarded, cut })
}

/// A file that is hashed while it is written.
pub(super) struct HashingFile {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl HashingFile {
    pub fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(File::create(path)?), hash: Sha256::new(), bytes: 0 })
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// Syncs the file to disk; gives its size and its SHA-256 in hex.
    pub fn finish(self) -> io::Result<(u64, String)> {
        self.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok((self.bytes, hex(&self.hash.finalize())))
    }
}

/// SHA-256 of a file, in hex.
///
/// # Errors
/// When it cannot be read.
pub fn sha256_of_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    if !std::fs::metadata(path)?.is_file() {
        // It might never end.
        return Err(io::Error::other("expected a file"));
    }
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::FormulaGuard;
    use crate::table::{Cells, Column, Definition};

    static NUMBERS: Definition = Definition {
        name: "numbers",
        title_zh: "数",
        title_en: "Numbers",
        description: "",
        key: "value",
        columns: &[Column::integer("value", "", "值", "Value", ""), Column::text("note", "注", "Note", "")],
        optional: &[],
    };

    struct Numbers(usize);

    impl Table for Numbers {
        fn definition(&self) -> &'static Definition {
            &NUMBERS
        }
        fn row_count(&self) -> usize {
            self.0
        }
        fn write_row(&self, row: usize, cells: &mut dyn Cells) {
            cells.integer(row as u64);
            if row == 1 { cells.text("=a, \"b\"") } else { cells.empty() }
        }
    }

    fn files(rows: usize, options: &ReportOptions, per_file: usize) -> (Vec<String>, WrittenTable) {
        let folder = tempfile::tempdir().unwrap();
        let written = write_table(&Numbers(rows), options, folder.path(), per_file).unwrap();
        let texts = written.files.iter().map(|f| std::fs::read_to_string(folder.path().join(&f.name)).unwrap()).collect();
        (texts, written)
    }

    #[test]
    fn each_flavor_has_its_mark_line_end_and_header() {
        let spreadsheet = files(2, &ReportOptions::default(), 10);
        assert_eq!(spreadsheet.0, ["\u{FEFF}value,note\r\n0,\r\n1,\"'=a, \"\"b\"\"\"\r\n"]);
        assert_eq!((spreadsheet.1.guarded_cells, spreadsheet.1.cut_cells), (1, 0));
        let plain = ReportOptions { flavor: Flavor::Plain, formula_guard: FormulaGuard::Off, ..ReportOptions::default() };
        assert_eq!(files(2, &plain, 10).0, ["value,note\n0,\n1,\"=a, \"\"b\"\"\"\n"]);
        let zh = ReportOptions { flavor: Flavor::Zh, ..ReportOptions::default() };
        assert_eq!(files(0, &zh, 10).0, ["\u{FEFF}值,注\r\n"]);
    }

    #[test]
    fn more_rows_than_a_sheet_go_to_further_parts_with_a_header() {
        let (texts, written) = files(5, &ReportOptions::default(), 2);
        assert_eq!(
            written.files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(),
            ["numbers.csv", "numbers.part-0002.csv", "numbers.part-0003.csv"]
        );
        assert_eq!(written.files.iter().map(|f| f.rows).collect::<Vec<_>>(), [2, 2, 1]);
        assert!(texts.iter().all(|t| t.starts_with("\u{FEFF}value,note\r\n")));
        assert_eq!(files(9_000, &ReportOptions::default(), 100_000).0[0].lines().count(), 9_001);
    }

    #[test]
    fn the_hash_is_that_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let written = write_table(&Numbers(3), &ReportOptions::default(), folder.path(), 10).unwrap();
        assert_eq!(sha256_of_file(&folder.path().join("numbers.csv")).unwrap(), written.files[0].sha256);
    }
}
