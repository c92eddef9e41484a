//! Fields: between its begin and its separator stands the code of a field, then up to its end the text that is shown.
//!
//! Begin, separator and end are marks in the text and no elements, so a damaged document can hold one without the others. What
//! is left out is therefore cut back when the closing mark is seen, never skipped in the hope of one: text is not lost to a
//! mark that is missing.

use crate::source::quarantine::Failure;

use super::text::{Mark, Text};
use super::too_large;

/// The fields that are open, outermost first.
#[derive(Debug)]
pub(super) struct Fields {
    open: Vec<Field>,
    most: usize,
}

#[derive(Debug)]
struct Field {
    mark: Mark,
    /// The code, as far as its first word needs it.
    code: String,
    /// Whether the separator was seen: what follows is shown.
    shown: bool,
}

/// Bytes of a code that are looked at. The name of a field stands first.
const LONGEST_CODE: usize = 64;

impl Fields {
    /// At most `most` fields may lie one in the other.
    pub fn new(most: u32) -> Self {
        Self { open: Vec::new(), most: most as usize }
    }

    /// At a begin.
    pub fn begin(&mut self, text: &Text) -> Result<(), Failure> {
        if self.open.len() >= self.most {
            let most = self.most;
            return Err(too_large(format!("expected at most {most} fields one in the other, found more; raise input.max_depth")));
        }
        self.open.push(Field { mark: text.mark(), code: String::new(), shown: false });
        Ok(())
    }

    /// At a piece of code.
    pub fn code(&mut self, piece: &str) {
        if let Some(field) = self.open.last_mut()
            && field.code.len() < LONGEST_CODE
        {
            field.code.extend(piece.chars().take(LONGEST_CODE));
        }
    }

    /// At a separator: text before it belonged to the code, as the results of fields inside it do.
    pub fn separate(&mut self, text: &mut Text) {
        let Some(field) = self.open.last_mut().filter(|field| field.mark.level == text.mark().level && !field.shown) else { return };
        field.shown = true;
        text.cut_paragraph(field.mark);
        if is_contents(&field.code) {
            text.break_line();
            field.mark = text.mark();
        }
    }

    /// At an end. Returns whether that of a table of contents.
    pub fn end(&mut self, text: &mut Text) -> bool {
        let level = text.mark().level;
        let Some(field) = self.open.pop_if(|field| field.mark.level == level) else { return false };
        let contents = is_contents(&field.code);
        match (field.shown, contents) {
            (false, _) => text.cut_paragraph(field.mark),
            (true, true) => text.cut_lines(field.mark),
            (true, false) => {}
        }
        contents
    }

    /// At the end of a paragraph, which is still open: no code goes on beyond it, and no field leaves a text box.
    pub fn end_paragraph(&mut self, text: &Text) {
        let here = text.mark();
        let ends =
            |field: &Field| (field.mark.paragraph == here.paragraph && !field.shown) || (here.level > 1 && field.mark.level >= here.level);
        while self.open.pop_if(|field| ends(field)).is_some() {}
    }
}

/// Whether a code makes a table of contents, or one of figures, which is a table of contents too.
pub(super) fn is_contents(code: &str) -> bool {
    code.split_whitespace().next().is_some_and(|name| name.eq_ignore_ascii_case("TOC"))
}
