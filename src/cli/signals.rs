//! The signals by which a scheduler or a person ends a run: the first one asks it to stop at the next good place, the second one ends
//! it at once. While tables are being renamed into place, which is short, a signal waits.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// The signal that asked the run to end; 0 = none did.
static ASKED: AtomicU8 = AtomicU8::new(0);
/// Whether tables are being renamed into place.
static PUBLISHING: AtomicBool = AtomicBool::new(false);

/// The number of the signal that asked the run to end, if one did.
pub(super) fn asked() -> Option<u8> {
    Some(ASKED.load(Ordering::Relaxed)).filter(|signal| *signal != 0)
}

/// Tells whether tables are being renamed into place.
pub(super) fn set_publishing(publishing: bool) {
    PUBLISHING.store(publishing, Ordering::SeqCst);
}

/// Listens for SIGHUP, SIGINT and SIGTERM on a thread of its own.
#[cfg(unix)]
pub(super) fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    // A file that grows beyond a limit of the system is a failed write, which is told, and not the end of the program.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    // Where signals cannot be listened for they end the program as always, and the next run mends what that leaves behind.
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let signal = u8::try_from(signal).unwrap_or(u8::MAX);
            if ASKED.swap(signal, Ordering::Relaxed) != 0 {
                end(signal);
            }
            std::thread::spawn(move || {
                // What is in work may take its time, but not long.
                std::thread::sleep(PATIENCE);
                while PUBLISHING.load(Ordering::SeqCst) {
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
                end(signal);
            });
        }
    });
}

/// How long work may go on after a signal.
#[cfg(unix)]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Ends the program as it stands: nothing was published, and the next run removes what was begun.
#[cfg(unix)]
#[expect(clippy::exit, reason = "the second signal means now, and what holds after five seconds may never end")]
fn end(signal: u8) {
    std::process::exit(128 + i32::from(signal));
}

/// Ctrl-C ends the program as always.
#[cfg(not(unix))]
pub(super) fn listen() {}
