//! The program `yuliao`: everything it does is in the library.

use std::process::ExitCode;

/// Shards, tables and tokens are millions of small pieces; the system's allocator is noticeably slower at them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    yuliao::cli::main(std::env::args_os())
}
