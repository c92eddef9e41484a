//! Documents that repeat another: found as planted, measured as defined, left out as if they had never been read.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use yuliao::corpus::{Copies, CopyKind, CopyOptions, PagedShard, Room, build_shard};
use yuliao::run::Prepared;
use yuliao::source::{BatchReader, Document};
use yuliao::stats::Ratio;

use super::support::{code, inputs, manifest, project, rows, stderr, tables as files, yuliao};

const ARTICLE: &str = "本报讯　记者昨日从市水务局获悉，位于城南的第二自来水厂将于本周六凌晨停产检修，预计历时十四个小时。\n\
    受此影响，建设路以东、滨河大道以南的居民小区将降压供水，部分高层住宅可能出现无水现象。水务局提醒市民提前储水，并关闭室内阀门。\n\
    据介绍，这座水厂建于上世纪八十年代，日供水能力为十二万吨，此次更换的两台水泵已连续运转二十三年。";
const INSERTED: &str = "检修期间，五辆送水车将在各社区轮流值守。";
const NOTICE: &str = "因道路塌陷抢修，自即日起至本月二十日，解放桥双向封闭，过往车辆请绕行人民桥或者东风桥，公交七路、十九路临时改道，\
    沿线停靠站点以现场公告牌为准，恢复通行时间另行通知。";
const BOILERPLATE: &str = "（本文由城市晚报综合新闻编辑部采写，版权所有，未经书面授权不得转载）";

fn record(date: &str, title: &str, text: &str) -> Vec<u8> {
    serde_json::json!({"date": date, "title": title, "text": text}).to_string().into_bytes()
}

/// The documents of a small folder, and which of them are kept.
fn planted() -> Vec<(&'static str, Vec<u8>, bool)> {
    // The same text in another format, in one line, with digits of another width.
    let csv = format!("date,title,text\n2024-03-04,水厂检修,{}\n", ARTICLE.replace('\n', ""));
    let near = ARTICLE.replacen('\n', &format!("{INSERTED}\n"), 1);
    let long = format!(
        "{}\n{NOTICE}\n{}",
        "春汛以来全市已巡查堤防三百余公里，排除隐患四十一处，各区县防汛物资储备到位。",
        "下一步将对老旧桥梁逐座体检，建立一桥一档，并向社会公布检测结论。"
    );
    let other = |what: &str| format!("{BOILERPLATE}\n{what}\n{BOILERPLATE}");
    vec![
        ("a.jsonl", record("2024-03-02", "水厂检修", ARTICLE), true),
        ("b.csv", csv.into_bytes(), false),
        ("c.jsonl", record("2024-03-05", "城南降压供水", &near), false),
        ("d.jsonl", record("2024-03-01", "", NOTICE), false),
        ("e.jsonl", record("2024-03-09", "桥梁体检全面铺开", &long), true),
        (
            "f.jsonl",
            record(
                "2024-03-06",
                "",
                &other("少年宫暑期围棋班开始报名，名额六十人，额满为止，学员须自备棋具，开班时间为七月八日上午九点。"),
            ),
            true,
        ),
        (
            "g.jsonl",
            record("2024-03-07", "", &other("图书馆总馆闭馆装修，外借图书归还期限顺延三个月，电子阅览室照常开放，咨询请拨打服务热线。")),
            true,
        ),
    ]
}

fn run(folder: &Path, set: &[&str]) -> std::path::PathBuf {
    let output = folder.join(format!("output{}", set.len()));
    let mut arguments = ["run", "-q", "-i", folder.join("input").to_str().unwrap(), "-o", output.to_str().unwrap()]
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    arguments.extend(set.iter().flat_map(|one| ["--set".to_string(), (*one).to_string()]));
    let done = yuliao(&project(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(code(&done), 0, "{}", super::support::stderr(&done));
    output
}

/// The set of strings of five characters, by the definition.
fn shingles(title: &str, text: &str) -> BTreeSet<String> {
    let text: Vec<char> = format!("{title}{text}").chars().filter(|c| !c.is_whitespace()).collect();
    text.windows(5).map(|five| five.iter().collect()).collect()
}

#[test]
fn copies_are_found_as_planted() {
    let planted = planted();
    let folder = inputs(&planted.iter().map(|(name, bytes, _)| (*name, bytes.as_slice())).collect::<Vec<_>>());
    let report = run(folder.path(), &[]);
    let found = rows(&report, "duplicates");
    let cell = |path: &str, column: &str| found.iter().find(|row| row["path"] == path).map(|row| row[column].clone()).unwrap_or_default();
    let copies: BTreeSet<&str> = found.iter().map(|row| row["path"].as_str()).collect();
    assert_eq!(copies, planted.iter().filter(|(.., kept)| !kept).map(|(name, ..)| *name).collect());
    assert_eq!(
        (cell("b.csv", "kind"), cell("b.csv", "similarity"), cell("b.csv", "kept_path")),
        ("exact".into(), "1.000000".into(), "a.jsonl".into())
    );

    let (a, c) = (shingles("水厂检修", ARTICLE), shingles("城南降压供水", &ARTICLE.replacen('\n', INSERTED, 1)));
    let (shared, all) = (a.intersection(&c).count(), a.union(&c).count());
    assert_eq!((cell("c.jsonl", "kind"), cell("c.jsonl", "kept_path")), ("near".into(), "a.jsonl".into()));
    assert_eq!(cell("c.jsonl", "similarity"), format!("{:.6}", shared as f64 / all as f64));
    assert_eq!(
        (cell("c.jsonl", "shared_shingles"), cell("c.jsonl", "shingles"), cell("c.jsonl", "kept_shingles")),
        (shared.to_string(), c.len().to_string(), a.len().to_string())
    );
    // The title reads 城南降压供水 in the place of 水厂检修: what differs most is the sentence that was put in, but for its full stop,
    // since 。受此影响 stands in both texts.
    let passage = INSERTED.trim_end_matches('。').to_string();
    assert_eq!((cell("c.jsonl", "only_here"), cell("c.jsonl", "only_kept")), (passage, "水厂检修".into()));

    // The notice is older, and yet it is the longer article that is kept. All of its strings stand there.
    assert_eq!(
        (cell("d.jsonl", "kind"), cell("d.jsonl", "similarity"), cell("d.jsonl", "kept_path")),
        ("contained".into(), "1.000000".into(), "e.jsonl".into())
    );
    let documents = rows(&report, "documents");
    let duplicate_of = |path: &str| documents.iter().find(|row| row["path"] == path).unwrap()["duplicate_of"].clone();
    assert_eq!((duplicate_of("b.csv"), duplicate_of("c.jsonl")), (cell("b.csv", "kept_doc_id"), cell("c.jsonl", "kept_doc_id")));
    assert_eq!((duplicate_of("d.jsonl").as_str(), duplicate_of("a.jsonl").as_str()), ("", ""));
    let counts = &manifest(&report)["counts"];
    assert_eq!((&counts["documents"], &counts["documents_raw"], &counts["copies"]), (&7.into(), &7.into(), &3.into()));
}

#[test]
fn with_collapse_the_other_tables_are_those_of_the_kept_documents_alone() {
    let planted = planted();
    let folder = inputs(&planted.iter().map(|(name, bytes, _)| (*name, bytes.as_slice())).collect::<Vec<_>>());
    let listed = fs::read(run(folder.path(), &[]).join("duplicates.csv")).unwrap();
    let collapsed = run(folder.path(), &["duplicates.collapse=true"]);
    assert_eq!(fs::read(collapsed.join("duplicates.csv")).unwrap(), listed);
    let counts = &manifest(&collapsed)["counts"];
    assert_eq!((&counts["documents"], &counts["documents_raw"], &counts["copies"]), (&4.into(), &7.into(), &3.into()));

    let kept = inputs(&planted.iter().filter(|(.., kept)| *kept).map(|(name, bytes, _)| (*name, bytes.as_slice())).collect::<Vec<_>>());
    let mut alone = files(&run(kept.path(), &[]));
    let mut collapsed = files(&collapsed);
    for tables in [&mut alone, &mut collapsed] {
        ["duplicates.csv", "datapackage.json"].iter().for_each(|name| assert!(tables.remove(*name).is_some()));
    }
    assert_eq!(alone, collapsed);

    // What shows the tokens and the places of a count looks at the same documents.
    let shown = |inputs: &Path, arguments: &[&str]| {
        let inputs = inputs.join("input");
        let done = yuliao(&project(), &[arguments, &["-q", "-i", inputs.to_str().unwrap()]].concat());
        assert_eq!(code(&done), 0, "{}", super::support::stderr(&done));
        done.stdout
    };
    for command in [&["tokens", "--format", "jsonl"][..], &["kwic", "供水", "--csv"]] {
        let leave_out = [command, &["--set", "duplicates.collapse=true"]].concat();
        assert_eq!(shown(folder.path(), &leave_out), shown(kept.path(), command), "{command:?}");
        assert_ne!(shown(folder.path(), command), shown(kept.path(), command), "{command:?}");
    }
}

#[test]
fn kinds_that_are_not_asked_for_are_not_listed_and_wrong_values_are_refused() {
    let planted = planted();
    let folder = inputs(&planted.iter().map(|(name, bytes, _)| (*name, bytes.as_slice())).collect::<Vec<_>>());
    let kinds = |report: &Path| rows(report, "duplicates").iter().map(|row| row["kind"].clone()).collect::<BTreeSet<_>>();
    assert_eq!(kinds(&run(folder.path(), &["duplicates.kinds=exact"])), BTreeSet::from(["exact".to_string()]));
    assert_eq!(kinds(&run(folder.path(), &["duplicates.kinds=[]", "duplicates.near=1"])), BTreeSet::new());
    for wrong in ["duplicates.near=0.4", "duplicates.contained=1.1", "duplicates.min_shingles=20", "duplicates.kinds=similar"] {
        let done = yuliao(&project(), &["check", "--set", wrong]);
        assert_ne!(code(&done), 0, "{wrong}");
    }
}

static PREPARED: LazyLock<Prepared> = LazyLock::new(|| {
    let mut config = yuliao::config::load(&project().join("tests/small/yuliao.toml"), &[]).unwrap();
    // Random characters look traditional now and then, and the definition beside which copies are laid here knows no other view.
    config.text.simplify = yuliao::text::Simplify::Never;
    Prepared::for_reading(&config).unwrap()
});

/// Documents of these texts, each a file of its own, dated as they come.
fn documents(texts: &[String]) -> Vec<Document> {
    let files: Vec<(String, Vec<u8>)> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("{at:03}.jsonl"), record(&format!("2024-{:02}-{:02}", 1 + at / 28 % 12, 1 + at % 28), "", text)))
        .collect();
    let folder = inputs(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>());
    let options = yuliao::config::Config::default().input.source;
    let roots = [yuliao::source::InputRoot { path: folder.path().join("input"), label: None }];
    let listing = yuliao::source::list(&roots).unwrap();
    BatchReader::new(&listing.files, &options).flat_map(|batch| batch.read(&options).documents).collect()
}

fn shards(documents: &[Document], cuts: &[usize]) -> Vec<PagedShard> {
    let mut borders: Vec<usize> = cuts.iter().map(|c| c % (documents.len() + 1)).chain([0, documents.len()]).collect();
    borders.sort_unstable();
    borders.windows(2).map(|w| build_shard(&documents[w[0]..w[1]], PREPARED.tools()).into()).collect()
}

/// Everything that is found, in order.
fn found(documents: &[Document], cuts: &[usize]) -> Vec<String> {
    let copies = Copies::find(&shards(documents, cuts), &CopyOptions::default(), &Room::unlimited());
    let show = |row: &yuliao::corpus::DocumentCopy| {
        format!("{} {} {:?} {:?} {} {}", row.document.id, row.kept.id, row.kind, row.overlap, row.only_here, row.only_kept)
    };
    copies.rows().iter().map(show).collect()
}

/// A text of unrelated characters: the seed decides which.
fn noise(seed: u64, length: usize) -> String {
    let mut state = seed;
    let character = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_u32(0x4E00 + (state >> 40) as u32 % 3_000).unwrap()
    };
    std::iter::repeat_with(character).take(length).collect()
}

/// What becomes of an earlier text: nothing, or characters put in, left out or changed at one place, or a part of it.
fn edited(text: &str, at: usize, length: usize, edit: u8, seed: u64) -> String {
    let text: Vec<char> = text.chars().collect();
    let at = at % text.len();
    let end = (at + length).min(text.len());
    let (before, after): (String, String) = (text[..at].iter().collect(), text[end..].iter().collect());
    let middle: String = text[at..end].iter().collect();
    match edit % 5 {
        0 => text.iter().collect(),
        1 => format!("{before}{}{middle}{after}", noise(seed, length)),
        2 => format!("{before}{after}"),
        3 => format!("{before}{}{after}", noise(seed, length)),
        _ => text[text.len() / 4..].iter().collect(),
    }
}

/// Unrelated texts, and for each some edited ones.
fn corpus() -> impl Strategy<Value = Vec<String>> {
    let family = (any::<u64>(), 60usize..300, prop::collection::vec((any::<usize>(), 0usize..20, any::<u8>(), any::<u64>()), 0..5));
    prop::collection::vec(family, 1..5).prop_map(|families| {
        let texts = families.into_iter().flat_map(|(seed, length, edits)| {
            let first = noise(seed, length);
            let copies: Vec<String> = edits.into_iter().map(|(at, length, edit, seed)| edited(&first, at, length, edit, seed)).collect();
            std::iter::once(first).chain(copies)
        });
        texts.collect()
    })
}

/// The copies among texts of a day each, by their numbers: copy, kept, kind.
fn numbered(texts: &[String]) -> Vec<(usize, usize, CopyKind)> {
    let number = |document: &yuliao::corpus::ShardDocument| document.path[..3].parse::<usize>().unwrap();
    let copies = Copies::find(&shards(&documents(texts), &[]), &CopyOptions::default(), &Room::unlimited());
    let mut found: Vec<_> = copies.rows().iter().map(|row| (number(&row.document), number(&row.kept), row.kind)).collect();
    found.sort_unstable_by_key(|(copy, ..)| *copy);
    found
}

#[test]
fn what_loses_the_text_it_was_like_is_compared_with_all_others() {
    let (p, x, q, r) = (noise(1, 1_000), noise(2, 90), noise(3, 200), noise(4, 35));
    let part = |text: &str, from: usize, to: usize| text.chars().skip(from).take(to - from).collect::<String>();
    // 2 is like 0, which stands in 1. It is like 1 too, but does not stand in it.
    let texts = [format!("{p}{x}"), format!("{p}{q}"), format!("{p}{}{x}{r}", part(&q, 0, 75))];
    assert_eq!(numbered(&texts), [(0, 1, CopyKind::Contained), (2, 1, CopyKind::Near)]);
    // 1 is like 0, which stands in 2. It is kept then, and 3 stands in it.
    let (p, r, o) = (noise(5, 550), noise(6, 80), noise(7, 1_000));
    let own = format!("{p}{r}");
    let texts = [p.clone(), own.clone(), format!("{p}{o}"), part(&own, 530, 630)];
    assert_eq!(numbered(&texts), [(0, 2, CopyKind::Contained), (3, 1, CopyKind::Contained)]);
    // 1 is like 0, which stands in 3. It is kept then, and 2, which is like 1 but not like 0, was kept before.
    let (g, end, beginning, more) = (noise(8, 1_000), noise(9, 100), noise(10, 100), noise(11, 300));
    let f = format!("{}{end}", part(&g, 0, 900));
    let texts = [g.clone(), f.clone(), format!("{beginning}{}", part(&f, 100, 1_000)), format!("{g}{more}")];
    assert_eq!(numbered(&texts), [(0, 3, CopyKind::Contained), (2, 1, CopyKind::Near)]);
}

/// Whether a text repeats another, by the definition; the first is the copy.
fn is_related(copy: &BTreeSet<String>, kept: &BTreeSet<String>, kind: CopyKind) -> bool {
    let (shared, all, smaller) = (copy.intersection(kept).count(), copy.union(kept).count(), copy.len().min(kept.len()));
    match kind {
        CopyKind::Exact => copy == kept,
        CopyKind::Near => smaller >= 50 && shared * 10 >= all * 8,
        CopyKind::Contained => smaller >= 50 && copy.len() <= kept.len() && shared * 10 >= copy.len() * 9,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_does_not_depend_on_order_or_batches(texts in corpus(), cuts in prop::collection::vec(any::<usize>(), 0..4)) {
        let mut documents = documents(&texts);
        let whole = found(&documents, &[]);
        prop_assert_eq!(&whole, &found(&documents, &cuts));
        documents.reverse();
        prop_assert_eq!(&whole, &found(&documents, &cuts));
    }

    #[test]
    fn copies_are_those_of_the_definition(texts in corpus()) {
        let documents = documents(&texts);
        let copies = Copies::find(&shards(&documents, &[]), &CopyOptions::default(), &Room::unlimited());
        let set = |path: &str| shingles("", &texts[path[..3].parse::<usize>().unwrap()]);
        for row in copies.rows() {
            let (own, kept) = (set(&row.document.path), set(&row.kept.path));
            prop_assert!(is_related(&own, &kept, row.kind), "{row:?}");
            prop_assert!(copies.kept_for(row.kept.id).is_none());
            let shared = own.intersection(&kept).count();
            let base = match row.kind {
                CopyKind::Exact => shared,
                CopyKind::Near => own.union(&kept).count(),
                CopyKind::Contained => own.len(),
            };
            prop_assert_eq!(row.similarity().unwrap().scaled(6), Ratio::new(shared as i64, base as u64).unwrap().scaled(6));
            prop_assert!(row.kind == CopyKind::Contained || row.kept.date < row.document.date);
        }
        // No two kept documents are the same.
        let kept: Vec<_> = documents.iter().filter(|d| copies.kept_for(d.id).is_none()).map(|d| set(&d.path)).collect();
        for (at, one) in kept.iter().enumerate() {
            prop_assert!(kept[..at].iter().all(|other| one != other || one.is_empty()));
        }
    }

    #[test]
    fn a_shard_without_documents_is_as_if_they_had_never_been_read(texts in prop::collection::vec("[改革开放深化发展，。！；的 \n]{1,40}", 1..7), out in prop::collection::vec(any::<bool>(), 7)) {
        let documents = documents(&texts);
        let kept: Vec<Document> = documents.iter().zip(&out).filter(|(_, out)| !**out).map(|(document, _)| document.clone()).collect();
        let without = build_shard(&documents, PREPARED.tools()).without(|at| out[at]);
        prop_assert_eq!(format!("{without:?}"), format!("{:?}", build_shard(&kept, PREPARED.tools())));
    }
}

#[test]
fn hostile_input_takes_no_longer_than_its_size() {
    // Each of these would take minutes if texts were compared each with each.
    let began = std::time::Instant::now();
    let base = noise(1, 120);
    let template = documents(std::slice::from_ref(&base));
    let with_body =
        |body: String, at: usize| Document { body, id: yuliao::source::DocId::of("x", Some(&at.to_string())), ..template[0].clone() };
    let number = 20_000;
    let near: Vec<Document> = (0..number).map(|at| with_body(format!("{base}{}", noise(at as u64 + 2, 4)), at)).collect();
    assert_eq!(Copies::find(&shards(&near, &[]), &CopyOptions::default(), &Room::unlimited()).rows().len(), number - 1);
    let empty: Vec<Document> = (0..number).map(|at| with_body(String::new(), at)).collect();
    assert_eq!(Copies::find(&shards(&empty, &[]), &CopyOptions::default(), &Room::unlimited()).rows().len(), 0);
    let same: Vec<Document> = (0..number).map(|at| with_body("同一则短讯".into(), at)).collect();
    assert_eq!(Copies::find(&shards(&same, &[]), &CopyOptions::default(), &Room::unlimited()).rows().len(), number - 1);
    let repeated: Vec<Document> =
        [1_000_000, 999_999].into_iter().enumerate().map(|(at, size)| with_body("哈哈，".repeat(size / 3), at)).collect();
    assert_eq!(Copies::find(&shards(&repeated, &[]), &CopyOptions::default(), &Room::unlimited()).rows().len(), 1);
    assert!(began.elapsed().as_secs() < 120, "{:?}", began.elapsed());
}

#[test]
fn tags_of_words_are_no_part_of_what_is_compared() {
    let words = ["自来水", "厂", "周六", "凌晨", "停产", "检修", "。"];
    let tagged = |tag: &str| words.map(|word| format!("{word}/{tag}")).join(" ");
    let bodies = [tagged("n"), tagged("vn"), words[1..].iter().map(|word| format!("{word}/n ")).collect()];
    let folder = inputs(&[("a.txt", bodies[0].as_bytes()), ("b.txt", bodies[1].as_bytes()), ("c.txt", bodies[2].as_bytes())]);
    let done = yuliao(folder.path(), &["run", "-q", "-i", "input", "--set", "segment.mode=slash_tags"]);
    assert_eq!(code(&done), 0, "{}", stderr(&done));
    let found: Vec<String> = rows(&folder.path().join("output"), "duplicates").iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(found, ["exact"]);
}
