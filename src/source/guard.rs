//! Readers of hostile formats: each has its time, and a panic or an endless loop costs its document only.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use super::quarantine::{Code, Failure, Stage};

/// Enough for the recursion that parsers do within the limit of depth.
const STACK_BYTES: usize = 16 << 20;

/// Runs `read` on a thread of its own for at most so many seconds; 0 = as long as it takes. A reader that runs on after its
/// time is left to itself, and ends with the process.
pub(super) fn within<T: Send + 'static>(seconds: u64, read: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    let (sender, receiver) = sync_channel(1);
    let work = move || {
        // Nobody listens after the time is over.
        let _ = sender.send(surviving(read));
    };
    let thread = Builder::new().name("reader".to_string()).stack_size(STACK_BYTES).spawn(work);
    if let Err(error) = thread {
        return Err(Failure::new(Stage::Extract, Code::Read, format!("no thread to read it in: {error}; lower run.threads")));
    }
    let time = if seconds == 0 { Duration::MAX } else { Duration::from_secs(seconds) };
    match receiver.recv_timeout(time) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(timeout(seconds)),
        Err(RecvTimeoutError::Disconnected) => Err(panicked()),
    }
}

/// Runs `read`; a panic becomes a failure.
pub(super) fn surviving<T>(read: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // What a reader half did is thrown away with it, so nobody sees a broken state.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(panicked()))
}

/// A reader that took too long.
pub(super) fn timeout(seconds: u64) -> Failure {
    let message = format!(
        "expected to read it within {seconds} s (input.timeout_seconds), found no end; split it, save it in another format, or raise the limit"
    );
    Failure::new(Stage::Extract, Code::Timeout, message)
}

fn panicked() -> Failure {
    Failure::new(
        Stage::Extract,
        Code::Panic,
        "the program failed on this input, which is a bug: please report it; the others are not affected",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_panics_or_never_ends_is_a_failure() {
        let code = |result: Result<(), Failure>| result.unwrap_err().code;
        assert_eq!(
            code(within(1, || loop {
                std::thread::sleep(Duration::from_millis(50))
            })),
            Code::Timeout
        );
        assert_eq!(code(within(0, || panic!("on purpose"))), Code::Panic);
        assert_eq!(within(60, || Ok(7)), Ok(7));
    }
}
