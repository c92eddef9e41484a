//! Hits for people: one line each, the hit in one column whatever the script before it.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::run::{Concordance, Line};
use crate::table::Table;

/// Whether the hit is shown in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    On,
    Off,
}

/// Columns of a date, also where none is known.
const DATE_WIDTH: usize = 10;

/// Writes one line a hit: date, text before, hit, text behind, place.
pub(super) fn write_lines(part: &Concordance, context: usize, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    for row in 0..part.row_count() {
        write_line(&part.line(row), context, colour, out)?;
    }
    Ok(())
}

fn write_line(line: &Line, context: usize, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    // A Han character takes two columns.
    let columns = 2 * context;
    let (left, node, right) = (harmless(&line.left), harmless(&line.node), harmless(&line.right));
    let (before, after) = if colour == Colour::On { ("\u{1B}[1;31m", "\u{1B}[0m") } else { ("", "") };
    let indent = " ".repeat(columns.saturating_sub(left.width()));
    let gap = " ".repeat(columns.saturating_sub(right.width()));
    writeln!(out, "{:DATE_WIDTH$}  {indent}{left}  {before}{node}{after}  {right}{gap}  {}", line.date, harmless(&line.place))
}

/// The text without what would move the cursor or turn the line around.
fn harmless(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| c.width().is_some() && !turns(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(left: &str, node: &str, right: &str, colour: Colour) -> String {
        let line = Line { left: left.into(), node: node.into(), right: right.into(), date: String::new(), place: "a.txt".into() };
        let mut out = Vec::new();
        write_line(&line, 3, colour, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_hit_stands_in_one_column() {
        assert_eq!(shown("的深化", "改革", "。他们", Colour::Off), "            的深化  改革  。他们  a.txt\n");
        assert_eq!(shown("AI ", "改革", "", Colour::Off), "               AI   改革          a.txt\n");
        assert_eq!(shown("", "改革", "", Colour::On), "                    \u{1B}[1;31m改革\u{1B}[0m          a.txt\n");
    }

    #[test]
    fn no_text_moves_the_cursor() {
        assert_eq!(shown("\u{1B}[2J", "改\u{202E}革", "\r", Colour::Off), "               [2J  改革          a.txt\n");
    }
}
