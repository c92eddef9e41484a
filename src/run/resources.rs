//! What a run takes of the machine, as far as the system tells.

/// Most memory that this process held, in bytes.
pub(super) fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// Processor time of this process so far, all threads together, in milliseconds.
#[cfg(unix)]
pub(super) fn processor_ms() -> Option<u64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (seconds, nanos) = (u64::try_from(time.tv_sec).ok()?, u64::try_from(time.tv_nsec).ok()?);
    Some(seconds * 1000 + nanos / 1_000_000)
}

/// Not known here.
#[cfg(not(unix))]
pub(super) fn processor_ms() -> Option<u64> {
    None
}

/// The name of the machine.
#[cfg(unix)]
pub(super) fn host() -> Option<String> {
    Some(rustix::system::uname().nodename().to_string_lossy().into_owned())
}

/// The name of the machine.
#[cfg(not(unix))]
pub(super) fn host() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

/// Lets other programs go first, the more the higher `by` is, up to 19.
#[cfg(unix)]
pub(super) fn step_back(by: u8) {
    if by > 0 {
        // One that may not step back goes on as it was.
        let _ = rustix::process::nice(i32::from(by.min(19)));
    }
}

/// Does nothing here.
#[cfg(not(unix))]
pub(super) fn step_back(_: u8) {}
