//! XML parts: bytes to characters, and one walk over the elements that every reader of a part uses.
//!
//! Names are compared without their prefix: the two editions of the standard (transitional and strict) differ in namespaces
//! only, and no local name that is looked for means anything else in the other namespaces of a document.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::source::quarantine::{Code, Failure, Stage};

use super::{damaged, shown, too_large};

/// A part of the archive, as characters.
pub(super) struct Part {
    name: String,
    text: String,
}

impl Part {
    /// UTF-8, or UTF-16 by its mark or by the zero beside the first `<`: the standard allows no other encoding.
    pub fn decode(name: &str, bytes: Vec<u8>) -> Result<Self, Failure> {
        let wrong = || damaged(&format!("{} is not written in UTF-8 or UTF-16", shown(name)));
        let text = match bytes.as_slice() {
            [0xFF, 0xFE, ..] | [b'<', 0, ..] => UTF_16LE.decode_with_bom_removal(&bytes).0.into_owned(),
            [0xFE, 0xFF, ..] | [0, b'<', ..] => UTF_16BE.decode_with_bom_removal(&bytes).0.into_owned(),
            _ => String::from_utf8(bytes).map_err(|_| wrong())?,
        };
        Ok(Self { name: name.to_string(), text })
    }

    fn wrong_at(&self, place: u64) -> Failure {
        damaged(&format!("the XML of {} is wrong or breaks off at byte {place}", shown(&self.name)))
    }
}

/// The start of an element.
pub(super) struct Element<'e>(&'e BytesStart<'e>);

impl Element<'_> {
    /// Its name without prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of its first attribute of this name, whatever the prefix; as written where it holds an unknown entity.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        // Without the check for doubled names, which compares each with each.
        let found = self.0.attributes().with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == name)?;
        Some(found.normalized_value(XmlVersion::Explicit1_0).unwrap_or_else(|_| found.value.clone()))
    }
}

/// What is done on the way through a part.
pub(super) trait Visitor {
    /// At the start of an element; `depth` of the first is 1.
    fn start(&mut self, element: &Element<'_>) -> Result<(), Failure>;
    /// At the end of the innermost open element.
    fn end(&mut self) -> Result<(), Failure> {
        Ok(())
    }
    /// At a piece of text, which one element may hold several of.
    fn text(&mut self, _text: &str) {}
}

/// Walks over a part from start to end. An empty element has a start and an end like any other.
///
/// Predefined entities and numbers of characters are resolved. A document type definition is refused, so that no entity has a
/// meaning of the document's own: an unknown one stays as it is written.
///
/// Errors: `E_FORMAT` where the XML is not well-formed or has no root; `E_TOO_LARGE` where elements lie deeper than `max_depth`.
pub(super) fn walk(part: &Part, max_depth: u32, visitor: &mut impl Visitor) -> Result<(), Failure> {
    let mut reader = Reader::from_str(&part.text);
    reader.config_mut().expand_empty_elements = true;
    let (mut depth, mut rooted) = (0_u32, false);
    loop {
        match reader.read_event().map_err(|_| part.wrong_at(reader.error_position()))? {
            Event::Start(start) => {
                depth += 1;
                if depth > max_depth {
                    return Err(too_deep(part, max_depth));
                }
                rooted = true;
                visitor.start(&Element(&start))?;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                visitor.end()?;
            }
            Event::Text(text) => visitor.text(&text),
            Event::CData(text) => visitor.text(&text),
            Event::GeneralRef(reference) => resolve(&reference, visitor),
            Event::DocType(_) => return Err(with_definition(part)),
            // The parser itself does not ask whether all elements are closed.
            Event::Eof if depth > 0 || !rooted => return Err(part.wrong_at(reader.buffer_position())),
            Event::Eof => return Ok(()),
            // Empty elements were asked to come as start and end.
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Empty(_) => {}
        }
    }
}

fn resolve(reference: &BytesRef<'_>, visitor: &mut impl Visitor) {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => visitor.text(character.encode_utf8(&mut [0; 4])),
        Ok(None) => match resolve_xml_entity(reference) {
            Some(text) => visitor.text(text),
            None => ["&", reference, ";"].into_iter().for_each(|text| visitor.text(text)),
        },
        // The number of no character.
        Err(_) => visitor.text("\u{FFFD}"),
    }
}

fn too_deep(part: &Part, max_depth: u32) -> Failure {
    let name = shown(&part.name);
    too_large(format!("expected elements at most {max_depth} deep in {name}, found deeper ones; raise input.max_depth"))
}

fn with_definition(part: &Part) -> Failure {
    let message = format!(
        "expected plain XML in {}, found a document type definition, which no Word document has; save the document again in Word or WPS",
        shown(&part.name)
    );
    Failure::new(Stage::Extract, Code::Format, message)
}
