//! A file of a run's own for what there is no room for in memory: written once, read often, gone with the run.

use std::fs::File;
use std::io;
use std::sync::{Mutex, PoisonError};

/// The file. Threads write and read it side by side; a failure is remembered and told at the next [`Self::check`].
#[derive(Debug)]
pub struct Scratch {
    file: File,
    state: Mutex<State>,
}

/// A whole number that can be read as it lies in the file.
pub trait Number: bytemuck::Pod {
    /// The number whose little-endian bytes are those of this one.
    fn from_little_endian(read: Self) -> Self;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Number for $number {
            fn from_little_endian(read: Self) -> Self {
                Self::from_le(read)
            }
        }
    )*};
}

numbers!(u16, u32, u64);

#[derive(Debug, Default)]
struct State {
    end: u64,
    failure: Option<io::Error>,
}

impl Scratch {
    /// `file` is empty, can be read and written, and is nobody else's.
    pub fn new(file: File) -> Self {
        Self { file, state: Mutex::default() }
    }

    /// Where `bytes` stand in the file now; nothing if they could not be written.
    pub fn write(&self, bytes: &[u8]) -> Option<u64> {
        let start = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let start = state.end;
            state.end += bytes.len() as u64;
            start
        };
        match at::write_all(&self.file, bytes, start) {
            Ok(()) => Some(start),
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    /// The bytes from `start` on. Where they cannot be read they are zeros, so that the work goes on to the next check.
    pub fn read(&self, start: u64, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.fill(start, &mut bytes);
        bytes
    }

    /// As many whole numbers as asked for, from `start` on, which were written as little-endian bytes; zeros where [`Self::read`] gives
    /// them.
    pub fn numbers<N: Number>(&self, start: u64, count: usize) -> Vec<N> {
        let mut numbers = vec![N::zeroed(); count];
        self.fill(start, bytemuck::cast_slice_mut(&mut numbers));
        if cfg!(target_endian = "big") {
            numbers.iter_mut().for_each(|number| *number = N::from_little_endian(*number));
        }
        numbers
    }

    fn fill(&self, start: u64, bytes: &mut [u8]) {
        if let Err(error) = at::read_exact(&self.file, bytes, start) {
            self.fail(error);
            bytes.fill(0);
        }
    }

    /// # Errors
    /// What failed first since the last call. Whatever was made meanwhile must not be used.
    pub fn check(&self) -> io::Result<()> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).failure.take().map_or(Ok(()), Err)
    }

    fn fail(&self, error: io::Error) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).failure.get_or_insert(error);
    }
}

/// Reading and writing at a place, without a position that threads would share.
mod at {
    use std::fs::File;
    use std::io;

    #[cfg(unix)]
    pub fn write_all(file: &File, bytes: &[u8], start: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(file, bytes, start)
    }

    #[cfg(unix)]
    pub fn read_exact(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
    }

    #[cfg(windows)]
    pub fn write_all(file: &File, mut bytes: &[u8], mut start: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_write(file, bytes, start)? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => (bytes, start) = (&bytes[written..], start + written as u64),
            }
        }
        Ok(())
    }

    #[cfg(windows)]
    pub fn read_exact(file: &File, mut bytes: &mut [u8], mut start: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(file, bytes, start)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => (bytes, start) = (&mut bytes[read..], start + read as u64),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_a_failure_is_told_once() {
        let scratch = Scratch::new(tempfile::tempfile().unwrap());
        let (one, two) = (scratch.write("改革".as_bytes()).unwrap(), scratch.write("开放".as_bytes()).unwrap());
        assert_eq!((scratch.read(two, 6), scratch.read(one, 6)), ("开放".into(), "改革".into()));
        assert!(scratch.check().is_ok());
        assert_eq!(scratch.read(two, 7), [0; 7]);
        assert!(scratch.check().is_err() && scratch.check().is_ok());
    }
}
