//! Runs that may take next to no memory: every shard lies in the file, and every table that can be is counted piece by piece.

use super::project::Project;
use super::support::{code, project, stderr, tables, yuliao};

/// All tables of a run over the planted corpus with these settings; the second of two runs, so that there is something to compare with.
fn report(settings: &[&str]) -> std::collections::BTreeMap<String, Vec<u8>> {
    let here = Project::new(&[]);
    super::project::copy(&project().join("tests/planted/input"), &here.path().join("input"));
    super::project::copy(&project().join("config"), &here.path().join("config"));
    let mut arguments = vec!["run", "-q", "--set", "input.paths=input", "--set", "new_words.min_df=2"];
    settings.iter().for_each(|setting| arguments.extend(["--set", setting]));
    for text in [None, Some("新质生产力与低空经济。深化改革开放，推动绿色发展。\n\n新质生产力与低空经济。")]
    {
        text.iter().for_each(|text| here.write("input/later.txt", text));
        let done = yuliao(here.path(), &arguments);
        assert_eq!(code(&done), 0, "{}", stderr(&done));
    }
    tables(&here.output())
}

#[test]
fn no_number_depends_on_how_much_memory_there_is() {
    let units = "cooccurrence.units=sentence,paragraph,document,window:3";
    for more in [&["run.threads=2"][..], &["duplicates.collapse=true", "themes.evidence=counted", units, "entities.pair_unit=document"]] {
        let expected = report(more);
        let found = report(&[more, &["run.memory=1KiB"]].concat());
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (name, bytes) in &found {
            assert!(*bytes == expected[name], "{name} differs:\n{}", String::from_utf8_lossy(bytes));
        }
    }
}

#[test]
fn a_size_that_is_none_is_named_with_its_line() {
    let here = Project::new(&[("a.txt", "改革开放。".as_bytes())]);
    here.write("config/yuliao.toml", "[run]\nmemory = \"lots\"\n");
    let told = here.runs(78, &["-q"]);
    assert!(told.contains("yuliao.toml:2") && told.contains("1GiB") && told.contains("lots"), "{told}");
}
