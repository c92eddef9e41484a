use proptest::prelude::*;

use super::Written;
use super::written::{GlobalList, Place, SETTINGS};
use crate::theme::{Entry, List, Loaded, Taxonomy, Text};

const TOML: &str = r##"[taxonomy]
id = "t"
version = "0.1.0"
language = "zh-Hans"
threshold = 1.0
cap = 3
[mask]
terms = ["农业农村部"]
[negation]
topic = ["不涉及"]
window = 4
[[theme]]
id = "a"
name = "甲，“乙”"
kind = "policy"
[[theme]]
id = "a.x"
name = "丙"
definition = "第一行\n第二行"
terms = ["碳达峰", { t = "降碳", w = 0.5, scope = "title", note = "常用" }]
gap = ["节能..4..减排"]
near = ["排放~12~配额"]
regex = ['\d+吨"标准煤']
mask = ["低碳钢"]
none = ["碳酸"]
use = ["a.y<2"]
examples = ["要碳达峰，还要'降碳'。"]
counterexamples = ["=1+2"]
maps_to = ["CAP:705"]
replaces = ["a.old"]
rejected = ["会同"]
[[theme]]
id = "a.y"
threshold = 2
unit = "paragraph"
priority = -1
terms = ["储能"]
"##;

fn written(text: &str) -> Written {
    let (written, problems) = Written::read_toml("t.toml", text);
    assert_eq!(problems, [], "{text}");
    written.unwrap()
}

fn from_pair(pair: &[String; 2]) -> Written {
    let (written, problems) = Written::read_pair(["themes.csv", "patterns.csv"], [&pair[0], &pair[1]]);
    assert_eq!(problems, [], "{pair:?}");
    written.unwrap()
}

#[test]
fn a_comment_behind_an_entry_stays_with_it() {
    let original = "[taxonomy]\nid = \"t\"\n[[theme]]\nid = \"a\"\nkind = \"policy\"\nterms = [\n  \"改革\", # one\n  # of two\n  \"开放\", # two\n  \"发展\" # three\n]\n";
    let read = |text: &str| Written::read_toml("t.toml", text).0.unwrap();
    let old = read(original);
    let edited = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut new = old.clone();
        change(&mut new.themes[0].lists[List::Term as usize]);
        let edited = new.edited_toml(&old, original).unwrap();
        assert_eq!(read(&edited).themes[0].list(List::Term).len(), new.themes[0].list(List::Term).len(), "{edited}");
        edited.split_once("terms = ").unwrap().1.to_string()
    };
    assert_eq!(edited(&|terms| drop(terms.remove(0))), "[\n  # of two\n  \"开放\", # two\n  \"发展\", # three\n]\n");
    // A comment on its own line may be the heading of what follows.
    assert_eq!(edited(&|terms| drop(terms.remove(1))), "[\n  \"改革\", # one\n  # of two\n  \"发展\", # three\n]\n");
    assert_eq!(edited(&|terms| drop(terms.remove(2))), "[\n  \"改革\", # one\n  # of two\n  \"开放\", # two\n]\n");
    let heavy = edited(&|terms| terms[1].weight = Some(Text::new("2", terms[1].text.place)));
    assert_eq!(heavy, "[\n  \"改革\", # one\n  # of two\n  { t = \"开放\", w = 2 }, # two\n  \"发展\", # three\n]\n");
    let longer = edited(&|terms| terms.push(Entry { text: Text::new("新词", terms[0].text.place), ..terms[0].clone() }));
    assert!(
        longer.ends_with("  \"发展\", # three\n  \"新词\"\n]\n") || longer.ends_with("  \"发展\", # three\n  \"新词\",\n]\n"),
        "{longer}"
    );
}

#[test]
fn the_pair_holds_what_the_file_holds() {
    let original = written(&TOML.replace("\"标准煤", "标准煤"));
    let pair = original.to_pair();
    assert_eq!(
        pair[0],
        "\u{FEFF}theme_id,parent_id,name,kind,unit,threshold,priority,definition,include,exclude,note\r\n\
         a,,甲，“乙”,policy,,,,,,,\r\n\
         a.x,a,丙,,,,,\"第一行\n第二行\",,,\r\n\
         a.y,a,,,paragraph,2,'-1,,,,\r\n"
    );
    assert_eq!(
        pair[1],
        "\u{FEFF}theme_id,op,pattern,weight,scope,note\r\n\
         *,set,id=t,,,\r\n*,set,version=0.1.0,,,\r\n*,set,language=zh-Hans,,,\r\n*,set,threshold=1.0,,,\r\n*,set,cap=3,,,\r\n\
         *,set,negation.window=4,,,\r\n*,mask,农业农村部,,,\r\n*,negation_topic,不涉及,,,\r\n\
         a.x,term,碳达峰,,,\r\na.x,term,降碳,0.5,title,常用\r\na.x,gap,节能..4..减排,,,\r\na.x,near,排放~12~配额,,,\r\n\
         a.x,regex,\\d+吨标准煤,,,\r\na.x,mask,低碳钢,,,\r\na.x,none,碳酸,,,\r\na.x,use,a.y<2,,,\r\n\
         a.x,example,要碳达峰，还要'降碳'。,,,\r\na.x,counterexample,'=1+2,,,\r\na.x,maps_to,CAP:705,,,\r\na.x,replaces,a.old,,,\r\n\
         a.x,rejected,会同,,,\r\na.y,term,储能,,,\r\n"
    );
    assert_eq!(from_pair(&pair), original);
    assert_eq!(written(&original.to_toml()), original);
    let loaded: Loaded = Taxonomy::parse_pair(["themes.csv", "patterns.csv"], [&pair[0], &pair[1]]).unwrap();
    let leaf = &loaded.tagger.themes()[1];
    assert_eq!(
        (leaf.replaces.as_slice(), leaf.rejected.as_slice(), leaf.maps_to.as_slice()),
        (&["a.old".to_string()][..], &["会同".to_string()][..], &["CAP:705".to_string()][..])
    );
    assert_eq!(loaded.tagger.taxonomy().number_of("a.old"), Some(1));
}

#[test]
fn what_a_spreadsheet_does_to_the_pair_does_not_matter() {
    let themes = "theme_id;parent_id;name;kind;unit;threshold;priority;definition;include;exclude;note;;\n;;;;;;;;;;;;\n a ;;甲;policy;;;;;;;;;\n　a.x;a;乙;;;;;;;;;;\n;;;;;;;;;;;;\n";
    let patterns = "note\tpattern\tOP\ttheme_id\tscope\tweight\t\n\tid=t\tset\t*\t\t\t\n常用\t 改革 \tterm\ta.x\t\t1.0\t\n\t\t\t\t\t\t\n\t开放\tterm\ta.x\t\t\t\n";
    let (found, problems) = Written::read_pair(["t", "p"], [themes, patterns]);
    assert_eq!(problems, []);
    let expected = written(
        "[taxonomy]\nid = \"t\"\n[[theme]]\nid = \"a\"\nname = \"甲\"\nkind = \"policy\"\n[[theme]]\nid = \"a.x\"\nname = \"乙\"\n\
         terms = [{ t = \"改革\", w = 1.0, note = \"常用\" }, \"开放\"]\n",
    );
    assert_eq!(found.unwrap(), expected);
}

const HEAD: &str = "theme_id,parent_id,name,kind,unit,threshold,priority,definition,include,exclude,note\n";
const PATTERNS: &str = "theme_id,op,pattern,weight,scope,note\n*,set,id=t,,,\n";
const THEMES: &str = "a,,甲,policy,,,,,,,\na.x,a,乙,,,,,,,,\n";

/// `FILE:LINE:COLUMN CODE` of every problem.
fn problems(themes: &str, patterns: &str) -> Vec<String> {
    match Taxonomy::parse_pair(["themes.csv", "patterns.csv"], [themes, patterns]) {
        Ok(loaded) => loaded.notes,
        Err(problems) => problems,
    }
    .iter()
    .map(|p| format!("{}:{}:{} {}", p.file, p.line, p.column, p.code))
    .collect()
}

#[test]
fn every_problem_of_the_pair_is_listed_with_row_and_column() {
    let good = format!("{PATTERNS}a.x,term,改革,,,\n");
    assert_eq!(problems(&format!("{HEAD}{THEMES}"), &good), [""; 0]);
    for (themes, patterns, expected) in [
        (format!("{HEAD}{THEMES}"), format!("{good}a.x,terms,开放,,,\n"), vec!["patterns.csv:4:2 T002"]),
        // A row with a field too few, a merged cell, an unknown theme.
        (
            format!("{HEAD}{THEMES}"),
            format!("{good}a.x,term,开放,,\n,term,开放,,,\nb.x,term,开放,,,\n"),
            vec!["patterns.csv:4:1 T001", "patterns.csv:5:1 T003", "patterns.csv:6:1 T003"],
        ),
        (format!("{HEAD}{THEMES}"), format!("{good}a.x,term,\"一,二\",,,,多\n"), vec!["patterns.csv:4:1 T001"]),
        (
            format!("{HEAD}{THEMES}"),
            format!("{good}a.x,mask,改革办,1,,\n*,mask,某部,,title,\n*,set,capp=1,,,\n*,set,cap,,,\n"),
            vec!["patterns.csv:4:4 T002", "patterns.csv:5:5 T002", "patterns.csv:6:3 T002", "patterns.csv:7:3 T002"],
        ),
        (format!("{HEAD}{THEMES}"), format!("{good}*,set,id=u,,,\n"), vec!["patterns.csv:4:3 T008"]),
        (
            format!("{HEAD}{THEMES}"),
            format!("{good}a.x,term,改 革,,,\na.x,term,碳,,,\na.x,term,发展,0,,\n"),
            vec!["patterns.csv:4:3 T008", "patterns.csv:5:3 T007", "patterns.csv:6:4 T011"],
        ),
        (
            format!("{HEAD}{THEMES}a.y,b,丙,,,,,,,,\na.x,a,丁,,,,,,,,\n"),
            format!("{good}a.y,term,开放,,,\n"),
            vec!["themes.csv:4:2 T003", "themes.csv:5:1 T003", "themes.csv:5:1 T006"],
        ),
        (
            format!("{HEAD}a,,甲,policy,,,,,,,\na.x,a,乙,framing,,x,,,,,\n"),
            good.clone(),
            vec!["themes.csv:3:1 T004", "themes.csv:3:6 T011"],
        ),
        (HEAD.replace("kind", "kinds"), good.clone(), vec!["themes.csv:1:0 T001", "themes.csv:1:4 T001"]),
        (String::new(), String::new(), vec!["patterns.csv:0:0 T001", "themes.csv:0:0 T001"]),
    ] {
        assert_eq!(problems(&themes, &patterns), expected, "{themes}{patterns}");
        // As Excel ends lines.
        let as_saved = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(problems(&as_saved(&themes), &as_saved(&patterns)), expected, "{themes}{patterns}");
    }
    let below_empty_lines = format!("{PATTERNS}a.x,term,\"改\n革\",,,\n\n\na.x,terms,开放,,,\n");
    assert_eq!(problems(&format!("{HEAD}{THEMES}"), &below_empty_lines), ["patterns.csv:7:2 T002"]);
}

#[test]
fn a_literal_has_a_limit_so_that_no_search_takes_for_ever() {
    let themes = format!("{HEAD}{THEMES}");
    let of = |op: &str, length: usize| problems(&themes, &format!("{PATTERNS}a.x,term,改革,,,\na.x,{op},{},,,\n", "甲".repeat(length)));
    for op in ["term", "token", "mask", "none"] {
        assert_eq!(of(op, 1_001), ["patterns.csv:4:3 T007"], "{op}");
    }
    assert!(!of("term", 1_000).contains(&"patterns.csv:4:3 T007".to_string()));
}

#[test]
fn comments_above_what_changes_and_headings_of_groups_stay() {
    let original = "[taxonomy]\nid = \"t\"\n# why the cap\ncap=2\n[mask]\n# names\nterms=[ # of ministries\n  \"海关\", \"税务\",\n  # courts\n  \"法院\",\n  \"检察院\"\n]\n[[theme]]\nid = \"a\"\nkind = \"policy\"\n# the words\nterms=[\"改革\"]\n";
    let old = written(original);
    let mut new = old.clone();
    let cap = SETTINGS.iter().position(|setting| *setting == "cap").unwrap();
    new.settings[cap].as_mut().unwrap().text = "3".to_string();
    let entry = |text: &str| Entry { text: Text::new(text, Place::default()), ..Entry::default() };
    new.themes[0].lists[List::Term as usize].push(entry("开放"));
    let masks = &mut new.lists[GlobalList::Mask as usize];
    masks.remove(2);
    masks.remove(0);
    masks.push(entry("公安"));
    let edited = new.edited_toml(&old, original).unwrap();
    let expected = original.replace("cap=2", "cap=3").replace("terms=[\"改革\"]", "terms=[\"改革\", \"开放\"]").replace(
        " # of ministries\n  \"海关\", \"税务\",\n  # courts\n  \"法院\",\n  \"检察院\"\n",
        " # of ministries\n  \"税务\",\n  # courts\n  \"检察院\",\n  \"公安\"\n",
    );
    assert_eq!(edited, expected);
}

#[test]
fn a_change_in_place_leaves_comments_and_layout() {
    let original = "# Head.\n[taxonomy]\nid = \"t\" # short\nversion = \"1\"\n\n# The themes.\n[[theme]]\nid = \"a\"\nname = \"甲\"\nkind = \"policy\"\n\n[[theme]]\nid = \"a.x\"\nname = \"乙\"\nterms = [\n  # often\n  \"改革\", \"旧词\",\n  { t = \"开放\", w = 0.5 }, # half\n]\n";
    let old = written(original);
    let pair = old.to_pair();
    let patterns = pair[1].replace("a.x,term,旧词,,,\r\n", "").replace("version=1", "version=2") + "a.x,term,新词,2,,试\r\n";
    let new = from_pair(&[pair[0].replace("乙", "丙"), patterns]);
    assert_eq!(
        old.changes_to(&new),
        ["~ version: `1` → `2`", "~ a.x name: `乙` → `丙`", "- a.x term \"旧词\"", "+ a.x term { t = \"新词\", w = 2, note = \"试\" }",]
    );
    let edited = new.edited_toml(&old, original).unwrap();
    assert_eq!(written(&edited), new);
    for kept in ["# Head.\n", "id = \"t\" # short\nversion = \"2\"", "# The themes.\n[[theme]]", "  # often\n  \"改革\"", "# half"] {
        assert!(edited.contains(kept), "{kept}\n{edited}");
    }
    assert_eq!(old.changes_to(&old), [""; 0]);
    assert_eq!(old.edited_toml(&old, original).unwrap(), original);
}

#[test]
fn decisions_about_proposals_are_taken_over_or_refused_with_their_row() {
    let old = written("[taxonomy]\nid = \"t\"\n[[theme]]\nid = \"a\"\nkind = \"policy\"\n[[theme]]\nid = \"a.x\"\nterms = [\"改革\"]\n");
    let list = "theme_id,word,pos,llr,decision\na.x,开放,v,1.2,accept\na.x,会同,p,0.3,reject\na.x,发展,v,0.1,\n";
    let changes = old.changes_to(&old.with_suggestions("s.csv", list).unwrap());
    assert_eq!(changes, ["+ a.x term { t = \"开放\", note = \"suggested\" }", "+ a.x rejected \"会同\""]);
    let again = old.with_suggestions("s.csv", list).unwrap();
    let changes = again.changes_to(&again.with_suggestions("s.csv", "theme_id,word,decision\na.x,会同,accept\n").unwrap());
    assert_eq!(changes, ["+ a.x term { t = \"会同\", note = \"suggested\" }", "- a.x rejected \"会同\""], "the last decision holds");
    let both = "theme_id,word,decision\na.x,开放,accept\na.x,开放,reject\n";
    assert_eq!(old.with_suggestions("s.csv", both).unwrap_err()[0].line, 3);
    assert_eq!(old.with_suggestions("s.csv", "theme_id,word,decision\na.x,改革,reject\n").unwrap_err()[0].code, "T002");
    let bad = "theme_id,word,decision\na,开放,accept\na.z,开放,accept\na.x,开放,yes\n";
    let problems: Vec<String> =
        old.with_suggestions("s.csv", bad).unwrap_err().iter().map(|p| format!("{}:{} {}", p.line, p.column, p.code)).collect();
    assert_eq!(problems, ["2:1 T005", "3:1 T003", "4:3 T002"]);
}

/// Texts as people and programs write them, hostile ones too.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[甲乙丙丁]{2,4}",
        "[=+@'-]{1,3}[甲a]{1,2}",
        "[甲乙\"',;\\\\ \n#]{1,6}",
        "\\PC{1,5}",
        Just("1-2".to_string()),
        Just("甲..3..乙".to_string())
    ]
}

prop_compose! {
    fn taxonomy()(
        version in text(),
        names in prop::collection::vec((text(), prop::option::of(text())), 1..4),
        lists in prop::collection::vec(prop::collection::vec((0usize..15, text(), prop::option::of("[0-9]\\.[0-9]"), prop::option::of(text())), 0..6), 1..4),
        masks in prop::collection::vec(text(), 0..3),
    ) -> Written {
        use super::{Entry, Text};
        let new = |text: &str| Text::new(text, super::Place::default());
        let some = |text: &str| Some(new(text)).filter(|text| !text.text.is_empty());
        let mut written = Written { files: vec!["t".into()], ..Written::default() };
        written.settings[0] = some("t");
        written.settings[1] = some(&version);
        let entry = |text: &str| Entry { text: new(text), ..Entry::default() };
        written.lists[0] = masks.iter().map(|mask| entry(mask)).filter(|entry| !entry.text.text.is_empty()).collect();
        for (number, (name, note)) in names.iter().enumerate() {
            let mut theme = super::WrittenTheme { id: new(&format!("a{number}")), ..Default::default() };
            theme.fields[0] = some(name);
            theme.fields[8] = note.as_deref().and_then(some);
            for (list, text, weight, note) in lists.get(number).into_iter().flatten() {
                let counts = super::List::ALL[*list].counts();
                let entry = Entry { text: new(text), weight: weight.as_deref().filter(|_| counts).and_then(some), scope: None, note: note.as_deref().and_then(some) };
                if !entry.text.text.is_empty() {
                    theme.lists[*list].push(entry);
                }
            }
            written.themes.push(theme);
        }
        written
    }
}

proptest! {
    #[test]
    fn both_forms_give_back_what_was_written(original in taxonomy()) {
        let pair = original.to_pair();
        let (back, problems) = Written::read_pair(["t", "p"], [&pair[0], &pair[1]]);
        prop_assert_eq!(problems, vec![], "{:?}", pair);
        let back = back.unwrap();
        prop_assert_eq!(&back, &original);
        prop_assert_eq!(back.to_pair(), pair);
        let toml = original.to_toml();
        let (back, problems) = Written::read_toml("t", &toml);
        prop_assert_eq!(problems, vec![], "{}", toml);
        prop_assert_eq!(back.unwrap(), original);
    }

    #[test]
    fn one_taxonomy_is_changed_into_another_in_place(old in taxonomy(), new in taxonomy()) {
        let original = old.to_toml();
        let edited = new.edited_toml(&old, &original).unwrap();
        prop_assert_eq!(Written::read_toml("t", &edited).0.unwrap(), new, "{}", edited);
    }

    #[test]
    fn no_pair_panics(themes in "\\PC{0,60}", patterns in "(theme_id,op,pattern,weight,scope,note\n)?[*a.x,;=\"\n']{0,60}") {
        let _ = Taxonomy::parse_pair(["t", "p"], [&themes, &patterns]);
        let _ = Taxonomy::parse_pair(["t", "p"], [&format!("{HEAD}{THEMES}{themes}"), &patterns]);
    }
}
