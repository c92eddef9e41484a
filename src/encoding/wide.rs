//! UTF-16 without a mark.
//!
//! Text with much ASCII in it shows by NUL bytes on every second place. Text of Han characters alone has none: there the units
//! of one byte order are nearly all Han characters, Chinese marks and ASCII, which bytes of another encoding never are.

use super::Charset;
use super::utf8::Utf8Scan;

/// Fewer NUL bytes than this say nothing.
const FEW_NUL: u64 = 2;

/// UTF-16 by its NUL bytes: more than 5 % of all, nearly all of them on even or nearly all on odd places.
pub(super) fn by_nul(scan: &Utf8Scan) -> Option<Charset> {
    let [even, odd] = scan.nul;
    let nul = even + odd;
    if nul < FEW_NUL || nul * 20 <= scan.bytes || !scan.bytes.is_multiple_of(2) {
        return None;
    }
    match (even * 20 >= nul * 19, odd * 20 >= nul * 19) {
        (true, _) => Some(Charset::Utf16Be),
        (_, true) => Some(Charset::Utf16Le),
        _ => None,
    }
}

/// Counts units that ordinary Chinese text is made of, for both byte orders: low byte first, high byte first.
#[derive(Debug, Default)]
pub(super) struct WideScan {
    units: u64,
    orders: [Order; 2],
    first: Option<u8>,
}

#[derive(Debug)]
struct Order {
    /// Han characters, Chinese marks and ASCII.
    ordinary: u64,
    /// Han characters by their high byte.
    han: [u64; 256],
}

impl Default for Order {
    fn default() -> Self {
        Self { ordinary: 0, han: [0; 256] }
    }
}

impl Order {
    fn feed(&mut self, high: u8, low: u8) {
        let han = (0x4E..=0x9F).contains(&high);
        let mark = matches!(high, 0x20 | 0x30 | 0xFF) || (high == 0 && (low >= b' ' || matches!(low, b'\t' | b'\n' | b'\r')));
        self.han[usize::from(high)] += u64::from(han);
        self.ordinary += u64::from(han || mark);
    }

    /// At least nine of ten units are ordinary and half are Han, and no page of 256 characters has a third of those (half in a
    /// short text): the syllables of Japanese in Shift_JIS look like Han characters of one page.
    fn fits(&self, units: u64) -> bool {
        let han: u64 = self.han.iter().sum();
        let most = self.han.iter().max().copied().unwrap_or(0);
        let pages = if units < 3 * FEW_UNITS { 2 } else { 3 };
        self.ordinary * 10 >= units * 9 && han * 2 >= units && most * pages < han
    }
}

/// Fewer units than this may be anything.
const FEW_UNITS: u64 = 8;

impl WideScan {
    pub fn feed(&mut self, byte: u8) {
        let Some(first) = self.first.take() else {
            self.first = Some(byte);
            return;
        };
        self.units += 1;
        self.orders[0].feed(byte, first);
        self.orders[1].feed(first, byte);
    }

    /// The byte order in which this is Chinese text, if it is in one and not in the other.
    pub fn charset(&self) -> Option<Charset> {
        if self.units < FEW_UNITS || self.first.is_some() {
            return None;
        }
        match (self.orders[0].fits(self.units), self.orders[1].fits(self.units)) {
            (true, false) => Some(Charset::Utf16Le),
            (false, true) => Some(Charset::Utf16Be),
            _ => None,
        }
    }
}
