//! Runs that are killed, one way or another: what readers see meanwhile, and what the next run makes of it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use rand_like::Random;

#[cfg(unix)]
use super::project::snapshot;
use super::project::{CONFIG, Project};
use super::support::{code, stderr, tables, yuliao};

/// A few numbers that are as good as random and the same in every run.
mod rand_like {
    pub struct Random(pub u64);

    impl Random {
        pub fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }
    }
}

fn project() -> Project {
    let project = Project::new(&[]);
    for number in 0..6 {
        project.write(&format!("input/{number}.txt"), &format!("深化改革开放第{number}。推动绿色发展。"));
    }
    project
}

/// Whether the files of a report are those that its run.json vouches for.
fn is_vouched_for(output: &Path) -> bool {
    let Ok(bytes) = fs::read(output.join("run.json")) else { return false };
    let Ok(manifest) = serde_json::from_slice::<serde_json::Value>(&bytes) else { return false };
    manifest["outputs"].as_array().unwrap().iter().all(|file| {
        let hash = file["hash"].as_str().unwrap().trim_start_matches("sha256:");
        yuliao::report::sha256_of_file(&output.join(file["path"].as_str().unwrap())).is_ok_and(|found| found == hash)
    })
}

/// Whether every table can be read as CSV with as many cells in each row.
fn every_table_is_whole(output: &Path) {
    for (name, bytes) in tables(output).into_iter().filter(|(name, _)| name.ends_with(".csv")) {
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        assert!(reader.records().all(|record| record.is_ok()), "{name}");
        assert!(bytes.ends_with(b"\n"), "{name} is cut");
    }
}

/// Whether the program ended in the middle: by a signal, or with a status that Windows gives.
fn was_killed(ended: &Output) -> bool {
    ended.status.code().is_none_or(|code| code < 0)
}

/// Nothing is left of a run that was killed.
fn nothing_is_left(project: &Project) {
    assert_eq!(fs::read_dir(project.state().join("staging")).unwrap().count(), 0);
    assert!(!project.state().join("publish.json").exists());
    let names = fs::read_dir(project.output()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let odd: Vec<String> =
        names.filter(|name| !name.ends_with(".csv") && !["run.json", "README.md", "datapackage.json"].contains(&name.as_str())).collect();
    assert_eq!(odd, Vec::<String>::new());
}

#[test]
fn a_crash_at_any_step_leaves_the_old_report_or_what_the_next_run_mends() {
    let steps = [
        ("after_shard_write", true),
        ("after_stage", true),
        ("after_stage:9", true),
        ("before_journal", true),
        ("after_journal", true),
        ("before_rename:1", true),
        ("before_rename:4", false),
        ("before_datapackage", false),
        ("before_manifest", false),
        ("after_manifest", false),
        ("before_unlock", false),
    ];
    let project = project();
    project.runs(0, &["-q"]);
    for (number, (step, is_old)) in steps.into_iter().enumerate() {
        let before = tables(&project.output());
        project.write("input/a.txt", &format!("绿色发展之{number}，改革。"));
        let crashed = project.crash(step);
        assert!(was_killed(&crashed), "{step}: the program must have been killed: {}", stderr(&crashed));
        every_table_is_whole(&project.output());
        if is_old {
            assert_eq!(tables(&project.output()), before, "{step}");
        }
        let said = project.runs(0, &[]);
        assert!(is_vouched_for(&project.output()), "{step}");
        if ["before_rename:4", "before_datapackage", "before_manifest", "after_manifest"].contains(&step) {
            assert!(said.contains("its report is in place now"), "{step}: {said}");
        }
        project.is_as_a_clean_run();
        nothing_is_left(&project);
    }
}

#[test]
fn a_crash_of_the_first_run_is_no_harm() {
    for step in ["after_shard_write", "before_rename:3", "before_manifest"] {
        let project = project();
        assert!(was_killed(&project.crash(step)));
        assert!(!project.output().join("run.json").exists(), "{step}");
        project.runs(0, &["-q"]);
        project.is_as_a_clean_run();
        nothing_is_left(&project);
    }
}

#[test]
fn killed_at_any_moment_while_a_reader_reads() {
    let kills = std::env::var("YULIAO_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let project = project();
    project.runs(0, &["-q"]);
    let mut random = Random(7);
    let began = Instant::now();
    project.write("input/a.txt", "绿色。");
    project.runs(0, &["-q"]);
    let usual = began.elapsed().as_millis() as u64;
    for number in 0..kills {
        project.write("input/a.txt", &format!("绿色发展之{number}，改革。"));
        let mut child = project.start(&["run", "-q"]);
        let end = Instant::now() + Duration::from_millis(random.below(usual + usual / 4));
        while Instant::now() < end {
            every_table_is_whole(&project.output());
            std::thread::sleep(Duration::from_millis(3));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        every_table_is_whole(&project.output());
    }
    project.runs(0, &["-q"]);
    assert!(is_vouched_for(&project.output()));
    project.is_as_a_clean_run();
    nothing_is_left(&project);
}

#[test]
fn one_run_at_a_time_and_a_dead_holder_holds_nothing() {
    let project = project();
    project.runs(0, &["-q"]);
    let lock = yuliao::state::Lock::take(&project.state().join("lock"), Duration::ZERO, "run r1", &mut |_| (), &|| true).unwrap();
    let said = project.runs(75, &[]);
    assert!(said.contains("another run is at work (run r1)") && said.contains("--wait"), "{said}");
    let waiting = project.start(&["run", "--wait", "20s"]);
    std::thread::sleep(Duration::from_millis(700));
    drop(lock);
    let done = waiting.wait_with_output().unwrap();
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    assert!(stderr(&done).contains("waiting for another run to end"), "{}", stderr(&done));
    let mut holder = project.start(&["run", "--full"]);
    std::thread::sleep(Duration::from_millis(80));
    holder.kill().unwrap();
    holder.wait().unwrap();
    project.runs(0, &["-q"]);
    project.is_as_a_clean_run();
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_run_and_the_old_report_stands() {
    let project = project();
    project.runs(0, &["-q"]);
    let before = snapshot(&project.output());
    let mut random = Random(3);
    for (signal, expected) in [("TERM", 143), ("INT", 130), ("HUP", 129), ("TERM", 143)] {
        project.write("input/a.txt", &format!("绿色{signal}{}", random.below(1 << 20)));
        let child = project.start(&["run", "--full"]);
        std::thread::sleep(Duration::from_millis(40 + random.below(120)));
        let began = Instant::now();
        std::process::Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(began.elapsed() < Duration::from_secs(6));
        if code(&done) == 0 {
            // It was done, or already putting the tables in place.
            project.runs(0, &["-q", "--full"]);
            return;
        }
        assert_eq!(code(&done), expected, "{}", stderr(&done));
        assert_eq!(snapshot(&project.output()), before);
    }
    let line = fs::read_to_string(project.state().join("runs.jsonl")).unwrap();
    assert!(line.lines().last().unwrap().contains("\"outcome\":\"interrupted\""), "{line}");
    project.runs(0, &["-q"]);
    project.is_as_a_clean_run();
}

/// The program with a limit on the size of files, as on a full disk.
#[cfg(unix)]
fn with_file_limit(project: &Project, blocks: u32, arguments: &str) -> std::process::Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {} {arguments}", env!("CARGO_BIN_EXE_yuliao"));
    std::process::Command::new("bash").args(["-c", &script]).current_dir(project.path()).output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_report() {
    let project = project();
    project.runs(0, &["-q"]);
    let before = snapshot(&project.output());
    project.write("input/a.txt", "绿色发展。");
    for (blocks, arguments) in [0, 1, 4, 16].iter().flat_map(|blocks| [(*blocks, "run"), (*blocks, "run --set run.memory=1KiB")]) {
        let done = with_file_limit(&project, blocks, arguments);
        assert!([73, 74].contains(&code(&done)), "{blocks}: {} {}", code(&done), stderr(&done));
        assert_eq!(snapshot(&project.output()), before, "{blocks}");
    }
    project.runs(0, &["-q"]);
    project.is_as_a_clean_run();
    nothing_is_left(&project);
}

/// The first run with these arguments that does not end well, while a line is added to input/log.jsonl each millisecond.
fn run_beside_a_writer(project: &Project, arguments: &[&str]) -> Output {
    let log = project.path().join("input/log.jsonl");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = fs::File::options().append(true).open(&log).unwrap();
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                file.write_all(LOG_LINE.as_bytes()).unwrap();
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        // On a busy machine the writer may not have its turn while the file is read.
        let done = (0..20).map(|_| project.run(arguments)).find(|done| code(done) != 0);
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        done
    });
    done.expect("twenty runs have read the file between two lines of its writer")
}

const LOG_LINE: &str = "{\"text\":\"深化改革开放。\"}\n";

#[test]
fn a_file_that_changes_while_it_is_read_is_set_aside_or_stands_as_it_was_read_before() {
    for (arguments, least) in [(&["--full", "--allow-removals"][..], 0), (&[], 40)] {
        let project = project();
        project.write("input/log.jsonl", &LOG_LINE.repeat(40));
        project.runs(0, &["-q"]);
        let done = run_beside_a_writer(&project, arguments);
        assert_eq!(code(&done), 3, "{}", stderr(&done));
        let bad = super::support::rows(&project.output(), "quarantine");
        assert_eq!((bad.len(), bad[0]["code"].as_str()), (1, "E_CHANGED"));
        let documents = super::support::rows(&project.output(), "documents");
        let of_log = documents.iter().filter(|row| row["path"] == "log.jsonl").count();
        assert!(of_log >= least && (least > 0 || of_log == 0), "{of_log} documents with {arguments:?}");
        project.runs(0, &["-q"]);
        project.is_as_a_clean_run();
    }
}

#[test]
fn a_document_that_ends_the_program_twice_is_set_aside() {
    let project = project();
    project.write("input/evil.html", "<html><body><p>深化改革开放。</p></body></html>");
    project.write("input/good.html", "<html><body><p>推动绿色发展。</p></body></html>");
    for _ in 0..2 {
        assert!(was_killed(&project.crash("reading=evil.html")));
    }
    let done = project.crash("reading=evil.html");
    assert_eq!(code(&done), 3, "{}", stderr(&done));
    let bad = super::support::rows(&project.output(), "quarantine");
    assert_eq!((bad.len(), bad[0]["path"].as_str(), bad[0]["code"].as_str()), (1, "evil.html", "E_CRASH"));
    assert_eq!(super::support::rows(&project.output(), "documents").len(), 7);
    // It is known for what it is: the next night has nothing to do.
    assert!(project.runs(0, &[]).contains("nothing new"));
    project.write("input/evil.html", "<html><body><p>深化改革开放，再次。</p></body></html>");
    project.runs(0, &["-q"]);
    project.is_as_a_clean_run();
}

#[cfg(unix)]
#[test]
fn language_time_zone_and_umask_change_no_byte() {
    let project = project();
    project.runs(0, &["-q"]);
    let expected = tables(&project.output());
    for (language, zone, umask) in
        [("C", "UTC", "022"), ("zh_CN.UTF-8", "Asia/Shanghai", "077"), ("tr_TR.UTF-8", "America/New_York", "027")]
    {
        let script = format!("umask {umask}; exec {} run -q --full -t 1", env!("CARGO_BIN_EXE_yuliao"));
        let mut command = std::process::Command::new("bash");
        let done = command.args(["-c", &script]).env("LANG", language).env("LC_ALL", language).env("TZ", zone);
        assert_eq!(code(&done.current_dir(project.path()).output().unwrap()), 0);
        assert_eq!(tables(&project.output()), expected);
    }
    use std::os::unix::fs::PermissionsExt;
    project.write("input/a.txt", "绿色发展。");
    std::process::Command::new("bash")
        .args(["-c", &format!("umask 022; exec {} run -q", env!("CARGO_BIN_EXE_yuliao"))])
        .current_dir(project.path())
        .status()
        .unwrap();
    for entry in fs::read_dir(project.output()).unwrap().map(|entry| entry.unwrap()) {
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o644, "{:?}", entry.file_name());
    }
}

#[test]
fn a_month_of_nights_with_edits_crashes_and_bad_files_ends_as_one_clean_run() {
    let project = Project::new(&[]);
    project.write("config/yuliao.toml", &CONFIG.replace("80%", "95%"));
    let mut random = Random(2026);
    let crashes = [
        "after_shard_write",
        "after_stage:3",
        "before_journal",
        "after_journal",
        "before_rename:2",
        "before_rename:9",
        "before_manifest",
        "after_manifest",
    ];
    for night in 0..30 {
        for _ in 0..=random.below(4) {
            edit(&project, &mut random, night);
        }
        if random.below(3) == 0 {
            project.crash(crashes[random.below(crashes.len() as u64) as usize]);
            if project.output().exists() {
                every_table_is_whole(&project.output());
            }
        }
        if night % 7 == 6 {
            project.write("config/dictionary.txt", if random.below(2) == 0 { "新质生产力\n" } else { "新质生产力\n绿色发展\n" });
        }
        let done = project.run(&["-q", "--allow-removals"]);
        assert!([0, 3].contains(&code(&done)), "night {night}: {}", stderr(&done));
        assert!(is_vouched_for(&project.output()), "night {night}");
    }
    project.is_as_a_clean_run();
    nothing_is_left(&project);
    let done = yuliao(project.path(), &["status", "--max-age", "1h"]);
    assert!([0, 1].contains(&code(&done)), "{}", String::from_utf8_lossy(&done.stdout));
}

/// One change of the inputs, as a night brings it.
fn edit(project: &Project, random: &mut Random, night: u64) {
    let name = format!("input/{}/{}.txt", random.below(2), random.below(12));
    match random.below(8) {
        0..4 => project.write(&name, &format!("第{night}夜：深化改革{}，推动绿色发展。\n城市更新。", random.below(5))),
        4 => drop(fs::remove_file(project.path().join(&name))),
        5 => project.write(&format!("input/bad{}.docx", random.below(3)), "PK\u{3}\u{4}"),
        6 => project.write(&format!("input/empty{}.txt", random.below(2)), ""),
        _ => {
            let path = project.path().join("input/feed.jsonl");
            let before = fs::read_to_string(&path).unwrap_or_default();
            project.write(
                "input/feed.jsonl",
                &format!("{before}{{\"title\":\"新闻{night}\",\"date\":\"2024-01-{:02}\",\"text\":\"改革开放。\"}}\n", night % 28 + 1),
            );
        }
    }
}
