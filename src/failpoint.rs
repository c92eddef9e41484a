//! Places where a test lets the program die, to see what a crash there leaves behind. A release build has none of them.

/// Ends the process at once, without any clean-up, if the environment variable `YULIAO_FAIL` names this place: `NAME`, or `NAME:N`
/// for the Nth time it is passed.
pub fn at(name: &str) {
    if cfg!(debug_assertions) {
        imp::at(name);
    }
}

/// Ends the process if `YULIAO_FAIL` is `reading=PATH` and this is the path: a document that a reader does not survive.
pub fn at_input(path: &str) {
    if cfg!(debug_assertions) && std::env::var("YULIAO_FAIL").is_ok_and(|wanted| wanted.strip_prefix("reading=") == Some(path)) {
        std::process::abort();
    }
}

mod imp {
    use std::sync::atomic::{AtomicU64, Ordering};

    static PASSED: AtomicU64 = AtomicU64::new(0);

    pub fn at(name: &str) {
        let Ok(wanted) = std::env::var("YULIAO_FAIL") else { return };
        let (wanted, number) = wanted.split_once(':').map_or((wanted.as_str(), 1), |(w, n)| (w, n.parse().unwrap_or(1)));
        if wanted == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == number {
            std::process::abort();
        }
    }
}
