//! OpenDocument sheets, read by hand: the library reads them with all repetitions written out, and never ends on a cut one.

use std::io::{BufRead, BufReader, Read};

use quick_xml::events::{BytesStart, Event};

use super::cells::{bool_text, iso_date, iso_duration, number_text};
use super::grid::{Budget, Grid, Shown};
use super::{Workbook, errors, packed};
use crate::source::quarantine::Failure;

/// Rows and columns beyond these do not exist in any program.
const MOST_ROWS: u32 = 1 << 20;
const MOST_COLUMNS: u32 = 1 << 14;

/// Reads .ods. Percentages and amounts of money are given as they are displayed.
pub(super) fn read(bytes: &[u8], limit: u64) -> Result<Workbook, Failure> {
    let mut archive = packed::open(bytes)?;
    if let Ok(manifest) = archive.by_name("META-INF/manifest.xml") {
        let mut text = Vec::new();
        let read = manifest.take(1 << 20).read_to_end(&mut text);
        if read.is_ok() && memchr::memmem::find(&text, b"encryption-data").is_some() {
            return Err(errors::protected());
        }
    }
    let content = archive.by_name("content.xml").map_err(|error| packed::of_zip(&error))?;
    let mut xml = Xml::new(BufReader::new(content));
    let mut hidden_styles: Vec<String> = Vec::new();
    let mut style = String::new();
    let (mut book, mut budget) = (Workbook::default(), Budget::new(limit));
    while let Some(node) = xml.next()? {
        let Node::Start(tag) = node else { continue };
        match tag.name.as_str() {
            "style:style" => style = tag.get("style:name").to_string(),
            "style:table-properties" if tag.get("table:display") == "false" => hidden_styles.push(style.clone()),
            "table:tracked-changes" => xml.skip()?,
            "table:table" if hidden_styles.iter().any(|hidden| hidden == tag.get("table:style-name")) => {
                book.hidden += 1;
                xml.skip()?;
            }
            "table:table" => {
                let mut grid = Grid::new(tag.get("table:name"), &mut budget);
                table(&mut xml, &mut grid)?;
                book.sheets.push(grid.finish()?);
            }
            _ => {}
        }
    }
    Ok(book)
}

/// Reads up to the end of a table whose start was read.
fn table<R: BufRead>(xml: &mut Xml<R>, grid: &mut Grid) -> Result<(), Failure> {
    let mut row = 0;
    while let Some(node) = xml.next()? {
        match node {
            Node::End(name) if name == "table:table" => return Ok(()),
            Node::Start(tag) => match tag.name.as_str() {
                "table:table-row" => {
                    let times = tag.times("table:number-rows-repeated");
                    let cells = cells_of_row(xml)?;
                    let copies = if cells.is_empty() { 0 } else { times.min(MOST_ROWS.saturating_sub(row)) };
                    for copy in 0..copies {
                        push_row(grid, row + copy, &cells)?;
                    }
                    row = row.saturating_add(times);
                }
                // Drawings, and changes that were made once.
                "table:shapes" | "office:forms" | "table:tracked-changes" => xml.skip()?,
                _ => {}
            },
            _ => {}
        }
    }
    Err(errors::damaged("a table has no end"))
}

/// First column, number of columns, and what each shows.
type Cells = Vec<(u32, u32, Shown)>;

fn push_row(grid: &mut Grid, row: u32, cells: &Cells) -> Result<(), Failure> {
    for (column, times, shown) in cells {
        for copy in 0..*times {
            grid.push(row, column + copy, shown.clone())?;
        }
    }
    Ok(())
}

fn cells_of_row<R: BufRead>(xml: &mut Xml<R>) -> Result<Cells, Failure> {
    let mut cells = Vec::new();
    let mut column = 0_u32;
    while let Some(node) = xml.next()? {
        match node {
            Node::End(name) if name == "table:table-row" => return Ok(cells),
            Node::Start(tag) if tag.name == "table:table-cell" => {
                let times = tag.times("table:number-columns-repeated");
                let shown = value(&tag, &displayed(xml)?);
                let copies = times.min(MOST_COLUMNS.saturating_sub(column));
                if copies > 0 && shown != Shown::Text(String::new()) {
                    cells.push((column, copies, shown));
                }
                column = column.saturating_add(times);
            }
            // What lies under a merged cell is not seen.
            Node::Start(tag) if tag.name == "table:covered-table-cell" => {
                column = column.saturating_add(tag.times("table:number-columns-repeated"));
                xml.skip()?;
            }
            _ => {}
        }
    }
    Err(errors::damaged("a row has no end"))
}

/// The text of a cell whose start was read, up to its end: its paragraphs as lines, without comments, reading aids and tables
/// in it.
fn displayed<R: BufRead>(xml: &mut Xml<R>) -> Result<String, Failure> {
    let mut text = String::new();
    let mut paragraphs = 0;
    let mut depth = 1;
    while let Some(node) = xml.next()? {
        match node {
            Node::End(_) => {
                depth -= 1;
                if depth == 0 {
                    return Ok(text);
                }
            }
            Node::Text(piece) if paragraphs > 0 => text.push_str(&piece),
            Node::Text(_) => {}
            Node::Start(tag) => match tag.name.as_str() {
                "office:annotation" | "text:ruby-text" | "table:table" | "text:note" | "draw:frame" => xml.skip()?,
                name => {
                    depth += 1;
                    match name {
                        "text:p" => {
                            text.extend((paragraphs > 0).then_some('\n'));
                            paragraphs += 1;
                        }
                        // Spaces that are counted are many only by mistake.
                        "text:s" => (0..tag.times("text:c").min(100)).for_each(|_| text.push(' ')),
                        "text:tab" => text.push('\t'),
                        "text:line-break" => text.push('\n'),
                        _ => {}
                    }
                }
            },
        }
    }
    Err(errors::damaged("a cell has no end"))
}

fn value(tag: &Tag, displayed: &str) -> Shown {
    let number = || tag.get("office:value").parse::<f64>().map_or_else(|_| displayed.to_string(), |number| number_text(number, None));
    let or_displayed = |text: &str| if text.is_empty() { displayed.to_string() } else { text.to_string() };
    if tag.get("calcext:value-type") == "error" {
        return Shown::Error;
    }
    Shown::Text(match tag.get("office:value-type") {
        "float" => number(),
        "percentage" | "currency" if displayed.is_empty() => number(),
        "boolean" => bool_text(tag.get("office:boolean-value") == "true").to_string(),
        "date" => or_displayed(&iso_date(tag.get("office:date-value"))),
        "time" => or_displayed(&iso_duration(tag.get("office:time-value"))),
        "string" if displayed.is_empty() => tag.get("office:string-value").to_string(),
        _ => displayed.to_string(),
    })
}

/// A start tag with its attributes.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn of(start: &BytesStart<'_>) -> Self {
        let mut attributes = start.attributes();
        let attributes = attributes.with_checks(false).flatten().filter_map(|attribute| {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
            Some((attribute.key.as_ref().to_string(), value.into_owned()))
        });
        Self { name: start.name().as_ref().to_string(), attributes: attributes.collect() }
    }

    /// An attribute; empty if there is none.
    fn get(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A number of repetitions: 1 unless stated.
    fn times(&self, name: &str) -> u32 {
        self.get(name).parse().unwrap_or(1)
    }
}

enum Node {
    /// An element begins; empty elements begin and end.
    Start(Tag),
    End(String),
    Text(String),
}

/// Elements and text of a file of XML.
struct Xml<R> {
    reader: quick_xml::Reader<R>,
    buffer: Vec<u8>,
}

impl<R: BufRead> Xml<R> {
    fn new(input: R) -> Self {
        let mut reader = quick_xml::Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// The next node; `None` at the end.
    fn next(&mut self) -> Result<Option<Node>, Failure> {
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| errors::damaged(&error.to_string()))?;
            return Ok(Some(match event {
                Event::Start(start) => Node::Start(Tag::of(&start)),
                Event::End(end) => Node::End(end.name().as_ref().to_string()),
                Event::Text(text) => Node::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Node::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(name) => Node::Text(entity(&name)),
                Event::Eof => return Ok(None),
                _ => continue,
            }));
        }
    }

    /// Reads over the rest of an element whose start was read.
    fn skip(&mut self) -> Result<(), Failure> {
        let mut depth = 1_u64;
        while depth > 0 {
            match self.next()? {
                Some(Node::Start(_)) => depth += 1,
                Some(Node::End(_)) => depth -= 1,
                Some(Node::Text(_)) => {}
                None => return Err(errors::damaged("an element has no end")),
            }
        }
        Ok(())
    }
}

/// One of the five entities of XML, or a character by its number; others are not expanded.
fn entity(name: &quick_xml::events::BytesRef<'_>) -> String {
    let known: &str = name.as_ref();
    match quick_xml::escape::resolve_xml_entity(known) {
        Some(text) => text.to_string(),
        None => name.resolve_char_ref().ok().flatten().map(String::from).unwrap_or_default(),
    }
}
