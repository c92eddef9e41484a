//! What the README says is so: its commands run, and its two languages agree.

use std::fs;

use super::support::{code, project, stderr, yuliao};

fn read(name: &str) -> String {
    fs::read_to_string(project().join(name)).unwrap()
}

/// The lines of ```sh blocks.
fn shell_lines(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside && !command.is_empty() && !command.starts_with('#') => lines.push(command.to_string()),
            _ => {}
        }
    }
    lines
}

#[test]
fn every_command_of_the_readme_runs() {
    let folder = tempfile::tempdir().unwrap();
    for part in ["config", "seeds"] {
        fs::create_dir(folder.path().join(part)).unwrap();
        for entry in fs::read_dir(project().join(part)).unwrap().map(|e| e.unwrap()).filter(|e| e.path().is_file()) {
            fs::copy(entry.path(), folder.path().join(part).join(entry.file_name())).unwrap();
        }
    }
    let mut ran = 0;
    for line in shell_lines(&read("README.md")) {
        let command = line.split('#').next().unwrap().split('|').next().unwrap().trim();
        let Some(arguments) = command.strip_prefix("cargo run --release -- ").or_else(|| command.strip_prefix("yuliao ")) else {
            assert!(["cargo", "git", "cd", "YULIAO_"].iter().any(|known| command.starts_with(known)), "what is `{command}`?");
            continue;
        };
        let arguments: Vec<&str> = arguments.split_whitespace().take_while(|a| *a != ">").collect();
        let done = yuliao(folder.path(), &arguments);
        assert_eq!(code(&done), 0, "{line}: {}", stderr(&done));
        ran += 1;
    }
    assert!(ran >= 4, "{ran} commands");
}

#[test]
fn both_languages_show_the_same_commands_and_sections() {
    let (english, chinese) = (read("README.md"), read("README.zh-CN.md"));
    let bare = |text: &str| shell_lines(text).iter().map(|l| l.split('#').next().unwrap().trim().to_string()).collect::<Vec<_>>();
    assert_eq!(bare(&english), bare(&chinese));
    let headings =
        |text: &str| text.lines().filter(|l| l.starts_with('#')).map(|l| l.chars().take_while(|c| *c == '#').count()).collect::<Vec<_>>();
    assert_eq!(headings(&english), headings(&chinese));
}

#[test]
fn rows_shown_in_the_readme_are_those_of_the_golden_tables() {
    for name in ["README.md", "README.zh-CN.md"] {
        let text = read(name);
        let blocks: Vec<&str> = text.split("```csv\n").skip(1).map(|b| b.split("```").next().unwrap()).collect();
        assert!(!blocks.is_empty());
        for block in blocks {
            let (file, rows) = block.split_once('\n').unwrap();
            let golden = read(&format!("tests/golden/seed/{}", file.trim_start_matches("# ")));
            for row in rows.lines() {
                // Long rows are cut at their right end, marked with an ellipsis.
                let shown = row.trim_end_matches('…');
                assert!(golden.lines().any(|line| line.trim_start_matches('\u{FEFF}').starts_with(shown)), "{name}: {row}");
            }
        }
    }
}
