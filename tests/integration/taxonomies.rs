//! Taxonomies as a user meets them: several in one run, and why a sentence has its themes.

use std::fs;

use super::support::{code, inputs, manifest, rows, stderr, stdout, yuliao};

const TOOLS: &str = "[taxonomy]\nid = \"tools\"\nversion = \"1\"\n[mask]\nterms = [\"改革办\"]\n[negation]\ntopic = [\"不涉及\"]\nstance = [\"禁止\"]\n[[theme]]\nid = \"supply\"\nname = \"供给\"\nkind = \"policy\"\n[[theme]]\nid = \"supply.money\"\nname = \"资金\"\nterms = [\"补贴\", { t = \"改革\", w = 0.5 }]\nnone = [\"外国\"]\n[[theme]]\nid = \"supply.reform\"\nname = \"改革\"\nterms = [\"改革开放\"]\n";

const OTHER: &str = "[taxonomy]\nid = \"other\"\nversion = \"1\"\n[[theme]]\nid = \"x\"\nname = \"某\"\nkind = \"framing\"\n[[theme]]\nid = \"x.y\"\nname = \"某某\"\nterms = [\"改革\"]\n";

fn folder() -> tempfile::TempDir {
    let folder = inputs(&[("a.txt", "改革开放，发放补贴。\n天气晴。\n".as_bytes())]);
    fs::write(folder.path().join("tools.toml"), TOOLS).unwrap();
    fs::write(folder.path().join("other.toml"), OTHER).unwrap();
    let config = "[input]\npaths = [\"input\"]\n[dictionary]\nfiles = []\n[stopwords]\nfiles = []\n[themes]\ntaxonomy = [\"tools.toml\"]\n";
    fs::write(folder.path().join("yuliao.toml"), config).unwrap();
    folder
}

#[test]
fn a_second_taxonomy_writes_its_own_tables_and_changes_no_byte_of_the_first() {
    let folder = folder();
    let run = |output: &str, set: &[&str]| {
        let done = yuliao(folder.path(), &[&["run", "--config", "yuliao.toml", "-o", output], set].concat());
        assert_eq!(code(&done), 0, "{}", stderr(&done));
    };
    run("one", &[]);
    run("two", &["--set", "themes.taxonomy=[\"tools.toml\", \"other.toml\"]"]);
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let names = |report: &std::path::Path| {
        let mut names: Vec<String> = fs::read_dir(report).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    for name in names(&one).iter().filter(|name| name.ends_with(".csv")) {
        assert_eq!(fs::read(one.join(name)).unwrap(), fs::read(two.join(name)).unwrap(), "{name}");
    }
    let new: Vec<String> = names(&two).into_iter().filter(|name| !names(&one).contains(name)).collect();
    let expected = [
        "document_themes.other.csv",
        "pattern_stats.other.csv",
        "sentence_themes.other.csv",
        "theme_evidence.other.csv",
        "theme_pairs.other.csv",
        "theme_trends.other.csv",
        "themes.other.csv",
        "uncoded.other.csv",
    ];
    assert_eq!(new, expected);
    // The second counts 改革, which the first hides inside 改革开放: they never hide each other's hits.
    assert_eq!(rows(&two, "theme_evidence.other")[0]["matched"], "改革");
    let coverage = manifest(&two)["theme_coverage"].clone();
    assert_eq!((&coverage[0]["taxonomy"], &coverage[0]["policy"]), (&"tools".into(), &1.into()));
    assert_eq!((&coverage[1]["taxonomy"], &coverage[1]["framing_only"]), (&"other".into(), &1.into()));
    // A run without it takes its tables away again.
    run("two", &[]);
    assert_eq!(names(&one), names(&two));
}

#[test]
fn two_taxonomies_of_one_id_are_refused() {
    let folder = folder();
    fs::copy(folder.path().join("tools.toml"), folder.path().join("copy.toml")).unwrap();
    let set = "themes.taxonomy=[\"tools.toml\", \"copy.toml\"]";
    let done = yuliao(folder.path(), &["run", "--config", "yuliao.toml", "--set", set]);
    assert_eq!(code(&done), 65);
    assert!(stderr(&done).contains("copy.toml: error[T003]: `tools` is the id of an earlier taxonomy too"), "{}", stderr(&done));
}

#[test]
fn every_hit_is_explained_in_plain_words() {
    let folder = folder();
    let explain = |text: &str| {
        let done = yuliao(folder.path(), &["themes", "explain", text, "--config", "yuliao.toml"]);
        assert_eq!(code(&done), 0, "{}", stderr(&done));
        stdout(&done)
    };
    assert_eq!(
        explain("改革开放后发放补贴。改革办不涉及改革，禁止补贴；外国补贴。"),
        "1. 改革开放后发放补贴。\n   \
           改革: term `改革` of supply.money does not count: it lies inside the longer `改革开放` of supply.reform\n   \
           改革开放: term `改革开放` of supply.reform counts 1\n   \
           补贴: term `补贴` of supply.money counts 1\n   \
           → supply.money 资金: coded: 1 reaches the threshold 1\n   \
           → supply.reform 改革: coded: 1 reaches the threshold 1\n\
         2. 改革办不涉及改革，禁止补贴；\n   \
           改革: term `改革` of supply.money does not count: it lies inside the mask `改革办`\n   \
           改革: term `改革` of supply.money does not count: it stands behind `不涉及`, which says that the text is not about it\n   \
           补贴: term `补贴` of supply.money counts 1; it stands behind `禁止`, which is noted and changes nothing\n   \
           → supply.money 资金: coded: 1 reaches the threshold 1\n\
         3. 外国补贴。\n   \
           补贴: term `补贴` of supply.money does not count: its theme is not meant where `外国` stands\n   \
           → supply.money 资金: not coded: no hit counts\n"
    );
    assert!(explain("谈改革。").ends_with("→ supply.money 资金: not coded: 0.5 stays below the threshold 1\n"));
    assert_eq!(explain("天气晴。"), "1. 天气晴。\n   no pattern of tools is found\n");
    let done = yuliao(folder.path(), &["themes", "explain", "--file", "input", "--config", "yuliao.toml"]);
    assert!(stdout(&done).starts_with("a.txt 1. 改革开放，发放补贴。\n"), "{}", stdout(&done));
    assert_eq!(code(&yuliao(folder.path(), &["themes", "explain", "--config", "yuliao.toml"])), 64);
}
