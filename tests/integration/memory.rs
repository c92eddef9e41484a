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

/// Records of some 3.6 KB each, of sentences of the seed document in an order of their own: so many bytes of them.
fn shuffled_records(bytes: usize) -> String {
    let seed = std::fs::read_dir(project().join("seeds")).unwrap().map(|entry| entry.unwrap().path()).min().unwrap();
    let text = std::fs::read_to_string(seed).unwrap();
    let sentences: Vec<&str> = text.split_inclusive('。').map(str::trim).filter(|sentence| sentence.len() > 15).collect();
    let (mut records, mut random) = (String::new(), 1u64);
    let mut next = || {
        // The generator of Knuth's MMIX.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sentences[(random >> 33) as usize % sentences.len()]
    };
    while records.len() < bytes {
        let body: String = (0..20).map(|_| next()).collect();
        records.push_str(&serde_json::json!({ "id": format!("d{}", records.len()), "date": "2024-11-30", "content": body }).to_string());
        records.push('\n');
    }
    records
}

#[test]
fn a_limit_keeps_most_of_a_corpus_out_of_memory() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let peak = |bytes: usize, setting: &str| {
        let here = Project::new(&[("all.jsonl", shuffled_records(bytes).as_bytes())]);
        here.runs(0, &["-q", "--set", "run.threads=2", "--set", setting]);
        here.number("/resources/peak_memory_bytes")
    };
    let nothing = peak(1, "run.memory=0");
    let [all, limited] = ["run.memory=0", "run.memory=1MiB"].map(|setting| peak(8_000_000, setting) - nothing);
    // A fifth is usual.
    assert!(limited * 3 < all, "{limited} bytes where there is a limit, {all} where there is none");
}

#[test]
fn a_size_that_is_none_is_named_with_its_line() {
    let here = Project::new(&[("a.txt", "改革开放。".as_bytes())]);
    here.write("config/yuliao.toml", "[run]\nmemory = \"lots\"\n");
    let told = here.runs(78, &["-q"]);
    assert!(told.contains("yuliao.toml:2") && told.contains("1GiB") && told.contains("lots"), "{told}");
}
