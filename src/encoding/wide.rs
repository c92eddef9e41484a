//! UTF-16 without a mark.
//!
//! Units of the right byte order are Han characters, Chinese marks and ASCII; those of the wrong one scatter. NUL bytes alone say
//! little: 一 is U+4E00, so text of Han characters has them on the wrong side, and ASCII read the wrong way is all Han
//! characters whose low byte is NUL. Units of that kind count for neither order.

use super::Charset;

/// Counts units of both byte orders: low byte first, high byte first.
#[derive(Debug, Default)]
pub(super) struct WideScan {
    units: u64,
    orders: [Order; 2],
    first: Option<u8>,
}

#[derive(Debug)]
struct Order {
    /// Han characters whose low byte is NUL.
    neutral: u64,
    /// Han characters, Chinese marks and ASCII.
    ordinary: u64,
    ascii: u64,
    /// Han characters by their high byte.
    han: [u64; 256],
}

impl Default for Order {
    fn default() -> Self {
        Self { neutral: 0, ordinary: 0, ascii: 0, han: [0; 256] }
    }
}

/// Fewer units than this may be anything.
const FEW_UNITS: u64 = 8;

impl Order {
    fn feed(&mut self, high: u8, low: u8) {
        let han = (0x4E..=0x9F).contains(&high);
        if han && low == 0 {
            self.neutral += 1;
            return;
        }
        let ascii = high == 0 && (low >= b' ' || matches!(low, b'\t' | b'\n' | b'\r'));
        let mark = matches!(high, 0x20 | 0x30 | 0xFF);
        self.han[usize::from(high)] += u64::from(han);
        self.ascii += u64::from(ascii);
        self.ordinary += u64::from(han || mark || ascii);
    }

    /// In ten-thousandths the share of ordinary units, if it is at least nine of ten of at least half of all. Where there is
    /// little ASCII, no page of 256 characters may have a third of the Han characters (half in a short text): the syllables of
    /// Japanese in Shift_JIS look like Han characters of one page.
    fn share(&self, units: u64) -> Option<u16> {
        let counted = units - self.neutral;
        let han: u64 = self.han.iter().sum();
        let most = self.han.iter().max().copied().unwrap_or(0);
        let pages = if units < 3 * FEW_UNITS { 2 } else { 3 };
        let scattered = self.ascii * 4 >= counted || (han * 2 >= counted && most * pages < han);
        let fits = counted * 2 >= units && counted > 0 && self.ordinary * 10 >= counted * 9 && scattered;
        fits.then(|| u16::try_from(self.ordinary * 10_000 / counted).unwrap_or(10_000))
    }
}

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

    /// The byte order in which this is Chinese text, with the share of ordinary units: the larger share, if both fit.
    pub fn charset(&self) -> Option<(Charset, u16)> {
        if self.units < FEW_UNITS || self.first.is_some() {
            return None;
        }
        match (self.orders[0].share(self.units), self.orders[1].share(self.units)) {
            (Some(low), Some(high)) if low == high => None,
            (Some(low), high) if high.is_none_or(|high| low > high) => Some((Charset::Utf16Le, low)),
            (_, Some(high)) => Some((Charset::Utf16Be, high)),
            _ => None,
        }
    }
}
