//! The rules of the theme engine: one small case each, the seed document against its reference, and the laws.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;

fn tagger(text: &str) -> Tagger {
    let (written, found) = Written::read_toml("t.toml", text);
    let written = written.unwrap();
    let mut problems = Problems::new(written.files.clone());
    let taxonomy = form::compile(&written, &mut problems);
    assert_eq!((found, problems.found), (vec![], vec![]), "{text}");
    Tagger::new(Arc::new(taxonomy)).unwrap()
}

/// `sentence_no theme_id op pattern start-end contribution negation blocked_by` of every hit, and the coded sentences.
fn code(tagger: &Tagger, sentences: &[Sentence<'_>]) -> (Vec<String>, Vec<String>) {
    let coding = tagger.code(sentences, &mut Scratch::default());
    let dash = |text: &str| if text.is_empty() { "-".to_string() } else { text.to_string() };
    let evidence = coding
        .hits
        .iter()
        .map(|hit| {
            let pattern = tagger.pattern(hit.pattern);
            format!(
                "{} {} {} {} {}-{} {} {} {}",
                sentences[hit.sentence as usize].sentence_no,
                tagger.themes()[tagger.pattern_theme(hit.pattern)].id,
                pattern.op.as_str(),
                pattern.text,
                hit.start,
                hit.end,
                hit.contribution_micro as f64 / 1e6,
                dash(hit.negation.map(|n| tagger.negation_text(n)).unwrap_or_default()),
                dash(hit.blocked.map(|b| tagger.blocked_text(&b)).unwrap_or_default()),
            )
        })
        .collect();
    let ids =
        |coded: &CodedSentence| coded.themes.iter().map(|(t, _)| tagger.themes()[*t as usize].id.as_str()).collect::<Vec<_>>().join(";");
    let coded = coding.coded.iter().map(|c| format!("{} {}", sentences[c.sentence as usize].sentence_no, ids(c))).collect();
    (evidence, coded)
}

fn texts(value: &toml::Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_string()).collect()
}

#[test]
fn every_rule_has_its_case() {
    let cases: toml::Table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/theme_cases.toml")).parse().unwrap();
    let cases = cases["case"].as_array().unwrap();
    assert_eq!(cases.len(), 26);
    for case in cases {
        let has_tokens = case.get("tokens").is_some();
        let mut written = Vec::new();
        for (paragraph, sentences) in (1u32..).zip(case["paragraphs"].as_array().unwrap()) {
            for sentence in texts(sentences) {
                let mut edges = Vec::new();
                let mut at = 0;
                for token in sentence.split('/') {
                    let end = at + u32::try_from(token.chars().count()).unwrap();
                    edges.push((at, end));
                    at = end;
                }
                written.push((paragraph, if has_tokens { sentence.replace('/', "") } else { sentence }, edges));
            }
        }
        let is_title = case.get("title").is_some();
        let sentences: Vec<Sentence<'_>> = (1u32..)
            .zip(&written)
            .map(|(number, (paragraph_no, text, edges))| Sentence {
                text,
                paragraph_no: *paragraph_no,
                sentence_no: number,
                is_title: is_title && number == 1,
                token_edges: has_tokens.then_some(edges),
            })
            .collect();
        let (evidence, coded) = code(&tagger(case["taxonomy"].as_str().unwrap()), &sentences);
        assert_eq!(evidence, texts(&case["evidence"]), "{:?}", case["name"]);
        assert_eq!(coded, texts(&case["coded"]), "{:?}", case["name"]);
    }
}

const SEED_TAXONOMY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/seed_reference_taxonomy.toml"));
const SHIPPED_TAXONOMY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/themes.toml"));

fn rows(text: &'static str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes()).records().map(Result::unwrap).collect()
}

fn gold() -> Vec<csv::StringRecord> {
    rows(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/seed_gold.csv")))
}

/// The 50 sentences of the seed document; columns doc_id, path, paragraph_no, sentence_no, sentence, themes.
fn seed_sentences(gold: &[csv::StringRecord]) -> Vec<Sentence<'_>> {
    gold.iter()
        .map(|row| Sentence {
            text: &row[4],
            paragraph_no: row[2].parse().unwrap(),
            sentence_no: row[3].parse().unwrap(),
            is_title: &row[3] == "1",
            token_edges: None,
        })
        .collect()
}

#[test]
fn evidence_of_the_seed_document_is_that_of_the_reference() {
    let gold = gold();
    let sentences = seed_sentences(&gold);
    let tagger = tagger(SEED_TAXONOMY);
    let (evidence, _) = code(&tagger, &sentences);
    let dash = |text: &str| if text.is_empty() { "-".to_string() } else { text.to_string() };
    let expected: Vec<String> = rows(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/seed_evidence.csv")))
        .iter()
        .map(|r| {
            let contribution: f64 = r[12].parse().unwrap();
            format!("{} {} {} {} {}-{} {} {} {}", &r[2], &r[3], &r[4], &r[5], &r[6], &r[7], contribution, dash(&r[13]), dash(&r[14]))
        })
        .collect();
    assert_eq!(evidence.len(), 308);
    assert_eq!(evidence, expected);
}

/// How the labels of a taxonomy agree with those of the gold file.
fn quality(tagger: &Tagger, gold: &[csv::StringRecord]) -> QualityReport {
    let coding = tagger.code(&seed_sentences(gold), &mut Scratch::default());
    let number = |id: &str| tagger.taxonomy().number_of(id).unwrap();
    let given = gold.iter().zip(0u32..).flat_map(|(row, at)| row[5].split(';').filter(|id| !id.is_empty()).map(move |id| (at, number(id))));
    let found = coding.coded.iter().flat_map(|c| c.themes.iter().map(|(theme, _)| (c.sentence, *theme as usize)));
    QualityReport::new(tagger.themes(), &given.collect(), &found.collect())
}

#[test]
fn labels_of_the_seed_document_are_those_of_its_gold() {
    let gold = gold();
    let reference = tagger(SEED_TAXONOMY);
    let report = quality(&reference, &gold);
    let counts = |average| report.micro(reference.themes(), average);
    assert_eq!(counts(Average::Leaves), Quality { true_positives: 135, false_positives: 1, false_negatives: 0 });
    assert_eq!(counts(Average::Mains), Quality { true_positives: 84, false_positives: 1, false_negatives: 0 });
    let shipped = tagger(SHIPPED_TAXONOMY);
    let leaves = quality(&shipped, &gold).micro(shipped.themes(), Average::Leaves);
    let (part, whole) = leaves.f1().unwrap();
    assert!(part * 100 >= whole * 95, "{leaves:?}");
}

#[test]
fn the_shipped_taxonomy_passes_its_own_check_and_is_never_without_masks() {
    let loaded = Taxonomy::parse("themes.toml", SHIPPED_TAXONOMY)
        .unwrap_or_else(|problems| panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")));
    assert!(!loaded.tagger.taxonomy().masks.is_empty());
    for theme in loaded.tagger.taxonomy().themes().iter().filter(|t| t.is_leaf) {
        assert!(theme.examples.len() >= 2 && theme.counterexamples.len() >= 2, "{} needs examples", theme.id);
        assert!(!theme.notes[0].is_empty(), "{} needs a definition", theme.id);
    }
}

#[test]
fn a_regex_may_ask_for_white_space_that_may_be_absent() {
    for regex in ["改革\\s*开放", "改革\\s?开放", "改革(\\s+|、)开放", "[A-Za-z]+吨", "(?i)GW级"] {
        let text = format!("[taxonomy]\nid = \"t\"\n[[theme]]\nid = \"a\"\nkind = \"policy\"\nregex = ['{regex}']\n");
        assert_eq!(problems(&text), Vec::<String>::new(), "{regex}");
    }
    let phrase =
        "[taxonomy]\nid = \"t\"\n[normalize]\nto_simplified = true\n[[theme]]\nid = \"a\"\nkind = \"policy\"\nregex = ['乾隆[0-9]+年']\n";
    assert_eq!(problems(phrase), Vec::<String>::new());
}

/// The codes and lines of what is wrong with a taxonomy.
fn problems(text: &str) -> Vec<String> {
    let found = match Taxonomy::parse("t.toml", text) {
        Ok(loaded) => loaded.notes,
        Err(problems) => problems,
    };
    found.iter().map(|p| format!("{}:{}", p.code, p.line)).collect()
}

#[test]
fn every_problem_is_listed_with_its_line() {
    let head = "[taxonomy]\nid = \"t\"\n";
    let leaf = "[[theme]]\nid = \"a\"\nkind = \"policy\"\n[[theme]]\nid = \"a.x\"\n";
    for (body, expected) in [
        ("", vec!["T006:0"]),
        ("[[theme]\n", vec!["T001:3"]),
        (&format!("{leaf}terms = [\"改革\"]\ntemrs = [\"开放\"]\n"), vec!["T002:9"]),
        (&format!("{leaf}terms = [\"改革\", \"碳\"]\n"), vec!["T007:8"]),
        (&format!("{leaf}terms = [\"改革\", \"改 革\"]\n"), vec!["T008:8"]),
        (&format!("{leaf}gap = [\"改革..80..开放\", \"改革..x..开放\", \"..3..开放\"]\n"), vec!["T009:8", "T009:8", "T009:8", "T006:7"]),
        (&format!("{leaf}regex = ['改革(', '.*', '改，革', '(?=改)革']\n"), vec!["T010:8"; 4]),
        // What no text has once it was normalised: upper case, spaces, also behind an escape or in a class.
        (&format!("{leaf}regex = ['\\d+GW', 'AI|人工智能', '[A-Z]+吨', '\\x41吨', '改革\\s开放', '《\\d+》']\n"), vec!["T010:8"; 6]),
        ("[normalize]\nto_simplified = true\n[[theme]]\nid = \"a\"\nkind = \"policy\"\nregex = ['經濟\\d+年']\n", vec!["T010:8"]),
        (
            "[[theme]]\nid = \"a\"\nkind = \"policy\"\nnone = [\"足球\"]\n[[theme]]\nid = \"a.x\"\nterms = [\"改革\"]\n[[theme]]\nid = \"b\"\n\
             kind = \"policy\"\nmask = [\"改革办\"]\n[[theme]]\nid = \"b.x\"\nterms = [\"开放\"]\n",
            vec!["T005:6", "T005:13"],
        ),
        (&format!("{leaf}terms = [{{ t = \"改革\", w = 0 }}, {{ t = \"开放\", w = 0.1234567 }}]\n"), vec!["T011:8", "T011:8"]),
        (&format!("{leaf}terms = [\"改革\"]\nthreshold = 3.0\n"), vec!["T012:7"]),
        (&format!("{leaf}terms = [\"改革\"]\nuse = [\"b.x>=1\", \"a.x<1\", \"a>=1\", \"a.x\"]\n"), vec!["T013:9"; 4]),
        // An error of one theme hides no example of another; one that others may depend on does.
        (
            &format!(
                "{leaf}terms = [\"碳\"]\nexamples = [\"无关。\"]\n[[theme]]\nid = \"a.y\"\nterms = [\"开放\"]\nexamples = [\"无关。\"]\n"
            ),
            vec!["T006:7", "T007:8", "T014:13"],
        ),
        (&format!("[mask]\nterms = [\"\"]\n{leaf}terms = [\"改革\"]\nexamples = [\"无关。\"]\n"), vec!["T007:4"]),
        // Two sentences that each have half of what is asked for.
        (
            &format!("{leaf}terms = [{{ t = \"改革\", w = 0.5 }}, {{ t = \"开放\", w = 0.5 }}]\nexamples = [\"改革。开放。\"]\n"),
            vec!["T014:9"],
        ),
        (&format!("{leaf}terms = [\"改革\"]\nexamples = [\"开放。\"]\ncounterexamples = [\"改革。\"]\n"), vec!["T014:9", "T014:10"]),
        (&format!("{leaf}terms = [\"改革\"]\nmask = [\"改革\"]\n"), vec!["T015:8"]),
        (
            &format!("{leaf}terms = [\"改革\", \"AI\"]\ngap = [\"改革..3..成果\", \"开放..3..MAIN\"]\nnear = [\"开放~3~深化改革\"]\n"),
            vec!["T024:9", "T024:10"],
        ),
        (&format!("{leaf}terms = [\"改革\"]\n[[theme]]\nid = \"a.y\"\nterms = [\"改革\"]\n"), vec!["T016:11"]),
        ("[[theme]]\nid = \"a\"\n[[theme]]\nid = \"a.x\"\nterms = [\"改革\"]\n", vec!["T004:4"]),
        ("[[theme]]\nid = \"a\"\nkind = \"policy\"\nterms = [\"改革\"]\n[[theme]]\nid = \"a.x\"\nterms = [\"开放\"]\n", vec!["T005:4"]),
        (
            "[[theme]]\nid = \"b.x\"\nkind = \"policy\"\nterms = [\"改革\"]\n[[theme]]\nid = \"B\"\nkind = \"odd\"\nterms = [\"开放\"]\n",
            vec!["T003:4", "T003:8", "T002:9"],
        ),
    ] {
        let mut found = problems(&format!("{head}{body}"));
        let mut expected: Vec<String> = expected.into_iter().map(String::from).collect();
        found.sort();
        found.dedup_by(|a, b| a == b && a.starts_with("T013:0"));
        expected.sort();
        let all_found = expected.iter().all(|e| found.contains(e)) && found.len() >= expected.len();
        assert!(all_found, "{body}\nfound {found:?}\nexpected {expected:?}");
    }
}

#[test]
fn every_circle_is_told_once_and_long_chains_are_none() {
    let leaf = |id: &str, used: &[&str]| {
        let uses: Vec<String> = used.iter().map(|other| format!("\"{other}>=1\"")).collect();
        format!("[[theme]]\nid = \"{id}\"\nkind = \"policy\"\nterms = [\"{id}字\"]\nuse = [{}]\n", uses.join(", "))
    };
    let text =
        leaf("a", &["b"]) + &leaf("b", &["a"]) + &leaf("c", &["d", "a"]) + &leaf("d", &["e"]) + &leaf("e", &["c"]) + &leaf("f", &["c"]);
    let found = Taxonomy::parse("t.toml", &format!("[taxonomy]\nid = \"t\"\n{text}")).map(|_| ()).unwrap_err();
    let circles: Vec<&str> = found.iter().filter(|p| p.code == "T013").map(|p| p.message.as_str()).collect();
    assert_eq!(circles, ["themes use each other in a circle: a -> b -> a", "themes use each other in a circle: c -> d -> e -> c"]);
    let chain: String = (0..3_000).map(|n| leaf(&format!("x{n}"), &[format!("x{}", n + 1).as_str()])).collect();
    assert!(Taxonomy::parse("t.toml", &format!("[taxonomy]\nid = \"t\"\n{chain}{}", leaf("x3000", &[]))).is_ok());
}

/// A small taxonomy over a few characters.
fn random_taxonomy() -> impl Strategy<Value = String> {
    let word = "[甲乙丙丁]{2,4}";
    let leaf = (
        prop::collection::btree_set(word, 1..5),
        prop::option::of("[甲乙丙]{1,2}\\.\\.[0-4]\\.\\.[乙丙丁]{1,2}"),
        prop::option::of(word),
        1u8..3,
    );
    (prop::collection::vec(leaf, 1..4), prop::option::of("[甲乙丙丁]{3,5}"), prop::option::of("[丁不]{1,2}"), any::<bool>(), 1u8..3)
        .prop_map(|(leaves, mask, negator, theme_only, cap)| {
            let nested = if theme_only { "theme" } else { "dictionary" };
            let mut text = format!("taxonomy = {{ id = \"t\", nested = \"{nested}\", cap = {cap} }}\n");
            text += &format!("mask = {{ terms = [{}] }}\n", mask.map(|m| format!("\"{m}\"")).unwrap_or_default());
            text += &format!("negation = {{ topic = [{}], window = 3 }}\n", negator.map(|n| format!("\"{n}\"")).unwrap_or_default());
            text += "[[theme]]\nid = \"a\"\nkind = \"policy\"\n";
            for (number, (terms, gap, own_mask, threshold)) in leaves.iter().enumerate() {
                let terms: Vec<String> = terms.iter().map(|t| format!("\"{t}\"")).collect();
                text += &format!("[[theme]]\nid = \"a.x{number}\"\nthreshold = {threshold}\nterms = [{}]\n", terms.join(", "));
                text += &gap.iter().map(|g| format!("gap = [\"{g}\"]\n")).collect::<String>();
                text += &own_mask.iter().map(|m| format!("mask = [\"{m}\"]\n")).collect::<String>();
            }
            text
        })
}

fn one(text: &str) -> [Sentence<'_>; 1] {
    [Sentence { text, paragraph_no: 1, sentence_no: 1, is_title: false, token_edges: None }]
}

/// Evidence without offsets: what spaces and quotes must not change.
fn without_offsets(evidence: Vec<String>) -> Vec<String> {
    evidence
        .into_iter()
        .map(|row| row.split(' ').enumerate().filter(|(at, _)| *at != 4).map(|(_, cell)| cell).collect::<Vec<_>>().join(" "))
        .collect()
}

proptest! {
    #[test]
    fn contributions_add_up_and_blocked_hits_have_none(taxonomy in random_taxonomy(), text in "[甲乙丙丁，、不 ]{0,24}") {
        let tagger = tagger(&taxonomy);
        let coding = tagger.code(&one(&text), &mut Scratch::default());
        for hit in &coding.hits {
            let weight = tagger.pattern(hit.pattern).weight_micro;
            prop_assert_eq!(hit.contribution_micro, if hit.blocked.is_none() { weight } else { 0 });
            prop_assert!(hit.start < hit.end && hit.end as usize <= text.chars().count());
            let matched: String = text.chars().skip(hit.start as usize).take((hit.end - hit.start) as usize).collect();
            if tagger.pattern(hit.pattern).op == Op::Term {
                prop_assert_eq!(match_text::literal(&matched), match_text::literal(&tagger.pattern(hit.pattern).text));
            }
        }
        for coded in &coding.coded {
            for (theme, score) in &coded.themes {
                let of_theme = coding.hits.iter().filter(|h| tagger.pattern_theme(h.pattern) == *theme as usize);
                prop_assert_eq!(of_theme.map(|h| h.contribution_micro).sum::<i64>(), *score);
            }
        }
        let mut keys: Vec<_> = coding.hits.iter().map(|h| (h.start, tagger.pattern_theme(h.pattern), &tagger.pattern(h.pattern).text)).collect();
        let rows = keys.len();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), rows);
    }

    #[test]
    fn wider_text_leaves_inner_hits_alone(taxonomy in random_taxonomy(), x in "[甲乙丙丁，、不]{0,12}", y in "[甲乙丙丁，、不]{0,12}") {
        let tagger = tagger(&taxonomy);
        let (x, y) = (format!("{x}。"), format!("{y}。"));
        let sentence = |text, number| Sentence { text, paragraph_no: 1, sentence_no: number, is_title: false, token_edges: None };
        let (both, _) = code(&tagger, &[sentence(&x, 1), sentence(&y, 2)]);
        let (mut first, _) = code(&tagger, &[sentence(&x, 1)]);
        let (second, _) = code(&tagger, &[sentence(&y, 2)]);
        first.extend(second);
        prop_assert_eq!(both, first);
    }

    #[test]
    fn spaces_and_quotes_change_offsets_only(taxonomy in random_taxonomy(), text in "[甲乙丙丁，、不]{0,16}") {
        let tagger = tagger(&taxonomy);
        let spaced: String = text.chars().flat_map(|c| [c, ' ', '“']).collect();
        let plain = code(&tagger, &one(&text));
        let wide = code(&tagger, &one(&spaced));
        prop_assert_eq!(without_offsets(plain.0), without_offsets(wide.0));
        prop_assert_eq!(plain.1, wide.1);
    }

    #[test]
    fn no_taxonomy_and_no_text_panic(taxonomy in "\\PC{0,80}", text in "\\PC{0,40}") {
        let _ = Taxonomy::parse("t.toml", &taxonomy);
        let shipped = tagger("taxonomy = { id = \"t\" }\ntheme = [ { id = \"a\", kind = \"policy\" }, { id = \"a.x\", terms = [\"甲乙\", \"AI\"], regex = ['\\d+m'] } ]");
        shipped.code(&one(&text), &mut Scratch::default());
    }
}
