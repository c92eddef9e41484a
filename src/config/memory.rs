//! How much memory a run may take.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use super::number_or_text;

/// Bytes, as `"1GiB"`, `"512MiB"` or a plain number; 0 = as much as it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(into = "String")]
pub struct Memory(u64);

/// Units with their sizes, the largest first.
const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

impl Memory {
    /// The bytes; nothing where there is no limit.
    pub fn bytes(self) -> Option<u64> {
        (self.0 > 0).then_some(self.0)
    }
}

impl FromStr for Memory {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unit = UNITS.iter().find_map(|(name, size)| Some((text.strip_suffix(name)?, *size)));
        let (number, size) = unit.unwrap_or((text, 1));
        // A sign is no digit, though a number may be read with one.
        let number = Some(number.trim_end()).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        number
            .and_then(|digits| digits.parse::<u64>().ok()?.checked_mul(size))
            .map(Self)
            .ok_or_else(|| format!("expected a size such as \"1GiB\" or \"512MiB\", or 0 for no limit, found \"{text}\""))
    }
}

impl<'de> Deserialize<'de> for Memory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number_or_text::deserialize(deserializer, "a size such as \"1GiB\" or \"512MiB\", or 0 for no limit")
    }
}

impl From<Memory> for String {
    fn from(memory: Memory) -> Self {
        memory.to_string()
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(_, size)| self.0 > 0 && self.0.is_multiple_of(*size)) {
            Some((name, size)) => write!(f, "{}{name}", self.0 / size),
            None => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        for (text, bytes) in [("1GiB", 1 << 30), ("512 MiB", 512 << 20), ("3KiB", 3 << 10), ("1025", 1025)] {
            let memory: Memory = text.parse().unwrap();
            assert_eq!((memory.bytes(), memory.to_string()), (Some(bytes), text.replace(' ', "")));
        }
        assert_eq!(("0".parse::<Memory>().unwrap().bytes(), Memory::default().to_string()), (None, "0".to_string()));
        for text in ["", "1GB", "-1GiB", "+1", "1.5GiB", "GiB", "99999999999GiB", "1 GiB x"] {
            assert!(text.parse::<Memory>().unwrap_err().contains("1GiB"), "{text}");
        }
    }
}
