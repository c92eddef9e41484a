//! Foreign formats are read in a process of their own, so that a panic, an abort, a stack overflow, an endless loop or a hunger
//! for memory costs one document and not the run.
//!
//! Which program that process runs the library cannot know: `SourceOptions::helper` names it, and that program calls
//! [`serve_extraction`] when its first argument is [`EXTRACTION_COMMAND`]. Where none is named, the document is read on a thread
//! of this process, with a weaker promise: time and panics are caught, but an abort ends the run, memory has no limit, and a
//! thread that took too long goes on in the background.

use std::io::{self, BufRead, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::sheet::Workbook;
use super::{pdf, sheet};
use crate::source::guard;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

/// First argument of a program that is to do nothing but [`serve_extraction`].
pub const EXTRACTION_COMMAND: &str = "extract-document";

/// How often a process that gave its answer is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// What a helper is asked to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) enum Job {
    /// A PDF.
    Pdf,
    /// A workbook of any kind.
    Workbook,
}

/// What it answers.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) enum Answer {
    /// The text of a PDF.
    Text(pdf::PdfText),
    /// The sheets of a workbook.
    Sheets(Workbook),
    /// Why there is none.
    Refused(Refusal),
}

/// A [`Failure`] on its way between processes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) struct Refusal {
    code: String,
    message: String,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { code: failure.code.as_str().to_string(), message: failure.message }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let codes = [Code::Format, Code::TooLarge, Code::PdfText, Code::Empty, Code::Timeout];
        let code = codes.into_iter().find(|code| code.as_str() == refusal.code).unwrap_or(Code::Crash);
        Self::new(Stage::Extract, code, refusal.message)
    }
}

/// The first line that a helper reads; the bytes of the document follow.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    job: Job,
    options: SourceOptions,
}

/// Reads a document in the helper, or on a thread where none is named.
///
/// # Errors
/// Those of the reader; `E_TIMEOUT` after `timeout_seconds`; `E_CRASH` where the process died or cannot be started, `E_PANIC`
/// where the thread did.
pub(in crate::source) fn read(job: Job, bytes: &[u8], options: &SourceOptions) -> Result<Answer, Failure> {
    match &options.helper {
        Some(program) => in_process(program, job, bytes, options),
        None => {
            let (bytes, options) = (bytes.to_vec(), options.clone());
            guard::within(options.timeout_seconds, move || checked(extract(job, &bytes, &options)))
        }
    }
}

fn extract(job: Job, bytes: &[u8], options: &SourceOptions) -> Answer {
    let answer = match job {
        Job::Pdf => pdf::extract(bytes, options).map(Answer::Text),
        Job::Workbook => sheet::extract(bytes, options).map(Answer::Sheets),
    };
    answer.unwrap_or_else(|failure| Answer::Refused(failure.into()))
}

/// Gives the answer, or the refusal as a failure.
fn checked(answer: Answer) -> Result<Answer, Failure> {
    match answer {
        Answer::Refused(refusal) => Err(refusal.into()),
        answer => Ok(answer),
    }
}

const DIED: &str = "the reader died on it";

fn crashed(what: &str) -> Failure {
    Failure::new(
        Stage::Extract,
        Code::Crash,
        format!("expected a readable document, but {what}; open it in its program and save it again, or save its text as .txt"),
    )
}

/// For an answer of another kind than was asked for, which no helper of this version gives.
pub(super) fn no_answer() -> Failure {
    crashed("the program that reads it gave no answer that fits")
}

fn in_process(program: &Path, job: Job, bytes: &[u8], options: &SourceOptions) -> Result<Answer, Failure> {
    let limit = Duration::from_secs(options.timeout_seconds);
    let deadline = (!limit.is_zero()).then(|| Instant::now().checked_add(limit)).flatten();
    let mut request = serde_json::to_vec(&Request { job, options: options.clone() }).unwrap_or_default();
    request.push(b'\n');
    let started = Command::new(program).arg(EXTRACTION_COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let child =
        started.map_err(|error| crashed(&format!("the program that reads it cannot be started ({}): {error}", program.display())))?;
    let mut child = Reaped(child);
    // The answer is text out of the document and of no size that the document could not have.
    let most = options.max_unpacked_bytes.max(1 << 20);
    let (answer, ended_well) = thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        if let Some(mut stdin) = child.0.stdin.take() {
            // A process that died early closes the pipe; its end says more than this error.
            scope.spawn(move || drop(stdin.write_all(&request).and_then(|()| stdin.write_all(bytes))));
        }
        if let Some(stdout) = child.0.stdout.take() {
            scope.spawn(move || {
                let mut answer = Vec::new();
                let read = stdout.take(most).read_to_end(&mut answer);
                drop(sender.send(read.map(|_| answer)));
            });
        }
        let answer = match deadline {
            Some(deadline) => receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok(),
            None => receiver.recv().ok(),
        };
        let ended_well = answer.as_ref().and_then(|_| child.wait_until(deadline));
        if ended_well.is_none() {
            // Both pipes end with the process, and with them the two threads.
            child.end();
        }
        (answer, ended_well)
    });
    let ended_well = ended_well.ok_or_else(|| guard::timeout(options.timeout_seconds))?;
    let answer = answer.and_then(Result::ok).filter(|_| ended_well).and_then(|answer| serde_json::from_slice(&answer).ok());
    checked(answer.ok_or_else(|| crashed(DIED))?)
}

/// A process that is ended and waited for whatever happens, so that no zombie stays.
struct Reaped(Child);

impl Reaped {
    fn end(&mut self) {
        // It may have ended by itself, which is just as well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Whether it ended with success; `None` if it had not ended in time.
    fn wait_until(&mut self, deadline: Option<Instant>) -> Option<bool> {
        loop {
            match self.0.try_wait() {
                Ok(Some(status)) => return Some(status.success()),
                Ok(None) if deadline.is_some_and(|deadline| Instant::now() >= deadline) => return None,
                Ok(None) => thread::sleep(PAUSE),
                Err(_) => return Some(false),
            }
        }
    }
}

impl Drop for Reaped {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            self.end();
        }
    }
}

/// Reads one document from `input` and writes its text, or why there is none, to `output`: what a program does that is named
/// as helper, and nothing beside it.
///
/// In: a line of JSON with the kind and the options, then the bytes of the document. Out: a line of JSON. Where the operating
/// system knows such a limit, the process gets no more than `max_memory_bytes` of memory from here on.
///
/// # Errors
/// If the input is no such request, or the output cannot be written.
pub fn serve_extraction(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut input = io::BufReader::new(input);
    let mut line = Vec::new();
    input.by_ref().take(1 << 20).read_until(b'\n', &mut line)?;
    let request: Request = serde_json::from_slice(&line)?;
    limit_memory(request.options.max_memory_bytes);
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let answer = catch_unwind(AssertUnwindSafe(|| extract(request.job, &bytes, &request.options)));
    let answer = answer.unwrap_or_else(|_| Answer::Refused(crashed(DIED).into()));
    serde_json::to_writer(&mut output, &answer)?;
    output.write_all(b"\n")?;
    output.flush()
}

#[cfg(unix)]
fn limit_memory(bytes: u64) {
    // A system without this limit reads on without it: time still has one.
    if let Ok((_, hard)) = rlimit::Resource::AS.get() {
        let _ = rlimit::Resource::AS.set(bytes.min(hard), hard);
    }
}

#[cfg(not(unix))]
fn limit_memory(_: u64) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_cross_the_border_as_they_are() {
        for code in [Code::Format, Code::TooLarge, Code::PdfText, Code::Crash] {
            let failure = Failure::new(Stage::Extract, code, "expected this, found that");
            let wire = serde_json::to_string(&Refusal::from(failure.clone())).unwrap();
            assert_eq!(Failure::from(serde_json::from_str::<Refusal>(&wire).unwrap()), failure);
        }
    }

    #[test]
    fn a_helper_answers_a_request() {
        // A real limit would hold for all tests of this process.
        let options = SourceOptions { max_memory_bytes: u64::MAX, ..SourceOptions::default() };
        let mut input = serde_json::to_vec(&Request { job: Job::Workbook, options }).unwrap();
        input.extend_from_slice(b"\nno workbook");
        let mut output = Vec::new();
        serve_extraction(&input[..], &mut output).unwrap();
        let answer: Answer = serde_json::from_slice(&output).unwrap();
        assert_eq!(checked(answer).unwrap_err().code, Code::Format);
        assert!(serve_extraction(&b"{}\n"[..], Vec::new()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_is_no_helper_costs_one_document() {
        let read = |program: &str, timeout_seconds| {
            let options =
                SourceOptions { helper: Some(program.into()), timeout_seconds, max_unpacked_bytes: 0, ..SourceOptions::default() };
            super::read(Job::Pdf, &vec![b'x'; 1 << 20], &options).unwrap_err().code
        };
        assert_eq!(read("/bin/true", 60), Code::Crash);
        assert_eq!(read("/nowhere/at/all", 60), Code::Crash);
        assert_eq!(read("/usr/bin/yes", 60), Code::Crash, "prints for ever");
        let folder = tempfile::tempdir().unwrap();
        let script = |name: &str, commands: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{commands}\n")).unwrap();
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
            path
        };
        let slow = script("slow", "exec sleep 20");
        let timed_out = (0..100).any(|_| read(slow.to_str().unwrap(), 1) == Code::Timeout);
        assert!(timed_out);
        let script = script("helper", "wc -c > /dev/null\necho '{\"Text\":{\"text\":\"甲\",\"is_damaged\":false}}'");
        let options = SourceOptions { helper: Some(script), ..SourceOptions::default() };
        // A process that another test starts just now may hold the script open for a moment, and it cannot run.
        let answer = (0..100).find_map(|_| {
            let answer = super::read(Job::Pdf, &vec![b'x'; 1 << 20], &options);
            answer.inspect_err(|_| thread::sleep(Duration::from_millis(20))).ok()
        });
        let answer = answer.unwrap();
        assert_eq!(answer, Answer::Text(pdf::PdfText { text: "甲".into(), is_damaged: false }));
    }
}
