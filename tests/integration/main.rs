//! The program as a whole: what a user types, what comes out, and the laws that hold whatever goes in.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

mod bad_inputs;
mod changes;
mod command_line;
mod comparison;
mod crashes;
mod dictionary;
mod extraction;
mod formats;
mod golden;
mod imports;
mod kwic;
mod laws;
mod memory;
mod operate;
mod permissions;
mod planted;
mod project;
mod readme;
mod reprints;
mod runs;
mod schedule;
mod small;
mod support;
mod taxonomies;
mod text_statistics;
mod themes_commands;
mod units;
