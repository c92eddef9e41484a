//! The program `yuliao`: everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    yuliao::cli::main(std::env::args_os())
}
