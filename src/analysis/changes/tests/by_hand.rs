use super::*;

#[test]
fn terms_that_are_new_risen_fallen_or_gone_are_found() {
    let scene = Scene { now: planted(), ..Scene::default() };
    let [a, b, c, d] = ["a.txt", "b.txt", "c.txt", "d.txt"].map(id);
    // 绿色: 5 and 3. 增长: 1 and 1, then 5 and 3 + 2. 城市: 9 and 9, then 1 of d.txt; 发展: the same and 1 of c.txt, which is no
    // change (p = 0.142). Of 开放 and 合作 20 · 21 / 78 = 5.4 are expected. q: p · 6 tests / rank.
    let shorter = if a < b { &a } else { &b };
    let shorter_new = if c < d { &c } else { &d };
    let expected = [
        format!("绿色||new|0|78|8|21|0|2|0.000000|380952.380952|||27.676041|5.893085|0.000001|2024-02-10|{shorter_new}|1|绿色 增长 。"),
        format!(
            "增长||rising|2|78|10|21|2|2|25641.025641|476190.476190|||25.460893|4.215013|0.000001|2023-12-31|{shorter_new}|1|绿色 增长 。"
        ),
        format!("合作||vanished|20|78|0|21|2|0|256410.256410|0.000000|||-10.825782|-3.428843|0.001501|2023-12-31|{shorter}|1|开放 合作 。"),
        format!("开放||vanished|20|78|0|21|2|0|256410.256410|0.000000|||-10.825782|-3.428843|0.001501|2023-12-31|{shorter}|1|开放 合作 。"),
        format!("城市||falling|18|78|1|21|2|1|230769.230769|47619.047619|||-4.508290|-2.276840|0.040477|2023-12-31|{d}|5|城市 发展 。"),
    ];
    assert_eq!(scene.rows("run", "term"), expected);
}

#[test]
fn pairs_and_themes_have_their_own_units() {
    let scene = Scene { now: planted(), ..Scene::default() };
    let [a, b, c, d] = ["a.txt", "b.txt", "c.txt", "d.txt"].map(id);
    let shorter = if a < b { &a } else { &b };
    let shorter_new = if c < d { &c } else { &d };
    // 40 and 11 sentences. Of 合作 + 开放 20 · 11 / 40 = 5.5 are expected.
    let pairs = [
        format!("增长 + 绿色||new|0|40|8|11|0|2|||0.0000|0.7273|31.420982|5.862496|0.000000|2024-02-10|{shorter_new}|1|绿色 增长 。"),
        format!("合作 + 开放||vanished|20|40|0|11|2|0|||0.5000|0.0000|-12.857942|-3.459432|0.000504|2023-12-31|{shorter}|1|开放 合作 。"),
        format!("发展 + 城市||falling|18|40|1|11|2|1|||0.4500|0.0909|-5.597336|-2.307429|0.017988|2023-12-31|{d}|5|城市 发展 。"),
    ];
    assert_eq!(scene.rows("run", "pair"), pairs);
    // 20 sentences with a policy theme before, 8 now; each has the theme p, which says nothing.
    let themes = [
        format!("p.g|绿色发展|new|0|20|8|8|0|2|||0.0000|1.0000|33.503097|5.321928|0.000000|2024-02-10|{shorter_new}|1|绿色 增长 。"),
        format!("p.o|对外开放|vanished|20|20|0|8|2|0|||1.0000|0.0000|-33.503097|-4.000000|0.000000|2023-12-31|{shorter}|1|开放 合作 。"),
    ];
    assert_eq!(scene.rows("run", "theme"), themes);
}

#[test]
fn the_first_theme_and_the_first_entity_of_a_corpus_are_new() {
    let now = vec![
        (text("a.txt", "2024-01-10", "增长 增长 。"), SAME),
        (text("c.txt", "2024-02-10", "绿色 增长 。绿色 增长 。印发 《 甲 乙 》 。"), NEW),
        (text("d.txt", "2024-02-11", "绿色 增长 。绿色 增长 。印发 《 甲 乙 》 《 甲 乙 》 。"), NEW),
    ];
    let scene = Scene { now, ..Scene::default() };
    let [c, d] = ["c.txt", "d.txt"].map(id);
    let first = if c < d { &c } else { &d };
    // Of no sentence and of no mention there is no share, and nothing to test.
    let themes = ["p|政策", "p.g|绿色发展"].map(|theme| format!("{theme}|new|0|0|4|4|0|2||||1.0000||||2024-02-10|{first}|1|绿色 增长 。"));
    assert_eq!(scene.rows("run", "theme"), themes);
    let entity = format!("document:甲乙|甲乙|new|0|0|3|3|0|2||||1.0000||||2024-02-10|{c}|3|印发 《 甲 乙 》 。");
    assert_eq!(scene.rows("run", "entity"), [entity]);
}

#[test]
fn the_table_is_in_order_and_says_what_was_compared() {
    let made = Scene { now: planted(), ..Scene::default() }.table();
    let kinds: Vec<String> = made.rows.iter().map(|row| row.split('|').take(2).collect::<Vec<_>>().join(" ")).collect();
    let mut in_order = vec!["run term"; 5];
    in_order.extend(["run pair"; 3].iter().chain(&["run theme"; 2]).chain(&["run document"; 2]));
    // In February there is c.txt alone, in January b.txt: 5 of 11 tokens are 增长, 1 of 39. Nothing else stands in both, and so in
    // two documents, but 发展, which is no more frequent.
    in_order.push("period term");
    assert_eq!(kinds, in_order);
    assert_eq!(
        made.note,
        "run: current: documents that are new or edited since the baseline (2 documents, 21 tokens); previous: the documents of the \
         baseline (2 documents, 78 tokens); period: current: month=2024-02 (1 document, 11 tokens); previous: month=2024-01 (1 \
         document, 39 tokens); 2 documents are on neither side"
    );
}

#[test]
fn mentions_of_entities_are_shares_of_all_mentions() {
    let now = vec![
        (text("a.txt", "2024-01-01", "印发 《 甲 乙 》 。印发 《 甲 乙 》 《 甲 乙 》 。印发 《 丙 丁 》 。"), SAME),
        (text("b.txt", "2024-01-02", "印发 《 甲 乙 》 。《 甲 乙 》 《 甲 乙 》 《 甲 乙 》 。《 丙 丁 》 。"), SAME),
        (text("c.txt", "2024-02-03", "印发 《 戊 己 》 。《 戊 己 》 。《 丙 丁 》 。"), NEW),
        (text("d.txt", "2024-02-04", "印发 了 《 戊 己 》 《 戊 己 》 。"), NEW),
    ];
    let mut scene = Scene { now, ..Scene::default() };
    // 戊己: 0 of 9 and 4 of 5; 甲乙: 7 and 0, of which 7 · 5 / 9 = 3.9 are expected: too few to have vanished; 丙丁: 2 and 1.
    let [a, c] = ["a.txt", "c.txt"].map(id);
    let expected = [
        format!("document:戊己|戊己|new|0|9|4|5|0|2|||0.0000|0.8000|11.747524|3.847997|0.001828|2024-02-03|{c}|2|《 戊 己 》 。"),
        format!("document:甲乙|甲乙|falling|7|9|0|5|2|0|||0.7778|0.0000|-9.873409|-2.959358|0.002515|2024-01-01|{a}|1|印发 《 甲 乙 》 。"),
    ];
    assert_eq!(scene.rows("run", "entity"), expected);
    assert!(scene.table().rows.iter().any(|row| row.starts_with("period|entity|document:戊己|")));
    scene.leave_out = vec!["entities".into(), "entity_pairs".into()];
    assert_eq!(scene.rows("run", "entity"), Vec::<String>::new());
}

#[test]
fn a_document_has_a_row_by_what_became_of_it() {
    let mut edited = text("b.txt", "2024-01-20", "绿色 增长 。");
    edited.title = "一 题".to_string();
    let gone = |path: &str, title: &str, date| VanishedDocument { id: DocId::of(path, None), title: title.into(), tokens: 3, date };
    let scene = Scene {
        now: vec![
            (text("a.txt", "2024-01-10", "开放 。"), SAME),
            (edited, Some(DocumentState::Changed { previous_tokens: 7 })),
            (text("c.txt", "", "绿色 。"), NEW),
        ],
        vanished: vec![gone("e.txt", "甲", Date::new(2023, 5, 1)), gone("f.txt", "", None)],
        retired: vec![text("b.txt", "2024-01-19", "开放 。"), text("e.txt", "2023-05-01", "开放 。"), text("f.txt", "", "发展 。")],
        ..Scene::default()
    };
    let mut expected = [
        // Two tokens of the title and two of the text.
        format!("{}|一 题|changed|7||4|||||||||||2024-01-20|||", id("b.txt")),
        format!("{}||new|0||1||||||||||||||", id("c.txt")),
        format!("{}|甲|vanished|3||0|||||||||||2023-05-01|||", id("e.txt")),
        format!("{}||vanished|3||0||||||||||||||", id("f.txt")),
    ];
    expected.sort();
    assert_eq!(scene.rows("run", "document"), expected);
    let withheld = Scene { withheld: Withheld::Counts, ..scene.clone() };
    assert_eq!(withheld.rows("run", "document"), expected);
}

#[test]
fn an_earlier_text_is_compared_as_if_it_were_still_there() {
    // a.txt is gone; b.txt was edited and has the text of c.txt now. 开放 and 合作 stand in no text of today.
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| planted()[at].0.clone());
    let edited = Document { id: b.id, path: b.path.clone(), date: b.date, ..c };
    let scene = Scene {
        now: vec![(edited, Some(DocumentState::Changed { previous_tokens: 39 })), (d, NEW)],
        retired: vec![a, b],
        ..Scene::default()
    };
    let [a, b] = ["a.txt", "b.txt"].map(id);
    let shorter = if a < b { &a } else { &b };
    let planted = Scene { now: planted(), ..Scene::default() };
    let without_evidence =
        |rows: Vec<String>| -> Vec<String> { rows.iter().map(|row| row.split('|').take(16).collect::<Vec<_>>().join("|")).collect() };
    for kind in ["term", "theme"] {
        assert_eq!(without_evidence(scene.rows("run", kind)), without_evidence(planted.rows("run", kind)));
    }
    // Pairs are of terms of today.
    let pairs = without_evidence(planted.rows("run", "pair"));
    assert_eq!(
        without_evidence(scene.rows("run", "pair")).iter().map(|row| row.split('|').next().unwrap()).collect::<Vec<_>>(),
        ["增长 + 绿色", "发展 + 城市"]
    );
    assert_eq!(without_evidence(scene.rows("run", "pair"))[0], pairs[0]);
    let rows = scene.rows("run", "term");
    assert!(rows[2].ends_with(&format!("|0.001501|2023-12-31|{shorter}|1|开放 合作 。")), "{}", rows[2]);
    // 增长 of b.txt of today.
    assert!(rows[1].contains("|2023-12-31|"), "{}", rows[1]);
}

#[test]
fn what_is_too_seldom_is_not_tested_and_what_is_too_much_is_cut() {
    let with = |min_count, min_documents, top| {
        let options = ChangeOptions { min_count, min_documents, top, ..ChangeOptions::default() };
        // One month: no second comparison.
        let now = planted().into_iter().map(|(document, state)| (Document { date: None, ..document }, state)).collect();
        Scene { now, options, ..Scene::default() }
    };
    let first = |scene: &Scene, kind: &str| -> Vec<String> {
        scene.rows("run", kind).iter().map(|row| row.split('|').next().unwrap().to_string()).collect()
    };
    let cut = with(3, 2, 1);
    assert_eq!(
        (first(&cut, "term"), first(&cut, "theme")),
        (["绿色", "增长", "合作", "城市"].map(String::from).to_vec(), ["p.g", "p.o"].map(String::from).to_vec())
    );
    assert_eq!((first(&cut, "document").len(), cut.table().dropped), (2, vec![("changes.top", 1)]));
    assert_eq!(with(3, 2, 0).table().rows, with(3, 2, 200).table().rows);
    // 20 of 开放 and 合作 each, alone and together, are enough; the other terms and pairs have 20 and 19, 12, 8.
    let often = with(20, 2, 200);
    assert_eq!(
        (first(&often, "term"), first(&often, "pair")),
        (["合作", "开放"].map(String::from).to_vec(), vec!["合作 + 开放".to_string()])
    );
    assert!(often.table().dropped.contains(&("changes.min_count (not tested)", 3 + 2 + 1)), "{:?}", often.table().dropped);
    let spread = with(1, 3, 200);
    assert_eq!(spread.table().dropped, [("changes.min_documents (not tested)", 3 + 2 + 2)]);
}

#[test]
fn without_anything_to_compare_there_is_a_reason() {
    let [a, b, ..] = [0, 1, 2, 3].map(|at| planted()[at].0.clone());
    let note = |now: Vec<(Document, Option<DocumentState>)>, withheld| {
        let made = Scene { now, withheld, ..Scene::default() }.table();
        (made.rows.len(), made.note)
    };
    let no_period = "period: fewer than two periods have documents, so there is nothing to compare";
    let (rows, first_run) = note(vec![(a.clone(), None)], Withheld::Nothing);
    assert_eq!((rows, first_run), (0, format!("run: no earlier run is known, so there is nothing to compare with; {no_period}")));
    let (rows, withheld) = note(vec![(a.clone(), NEW), (b.clone(), SAME)], Withheld::Counts);
    assert!(rows == 1 && withheld.starts_with("run: too much of the baseline is no longer at hand"), "{rows} {withheld}");
    let (rows, other_copies) = note(vec![(a.clone(), NEW), (b, SAME)], Withheld::All);
    assert!(rows == 0 && other_copies.starts_with("run: which copies are left out is decided otherwise"), "{rows} {other_copies}");
    let missing = Scene { now: planted(), unavailable: 3, ..Scene::default() }.table().note;
    assert!(missing.contains("the documents of the baseline but for 3 whose text of then is no longer at hand (2 documents,"), "{missing}");
    let (rows, unchanged) = note(vec![(a.clone(), SAME)], Withheld::Nothing);
    assert!(rows == 0 && unchanged.contains("the current side holds no token, so there is nothing to compare"), "{unchanged}");
    let (rows, all_new) = note(vec![(a, NEW)], Withheld::Nothing);
    assert!(rows == 1 && all_new.contains("the previous side holds no token, so there is nothing to compare"), "{all_new}");
    assert_eq!(note(Vec::new(), Withheld::Nothing).0, 0);
}

#[test]
fn a_period_is_compared_with_the_last_one_that_has_documents() {
    // March has none. 绿色 is new in April; 开放 of January does not count.
    let now = vec![
        (text("a.txt", "2024-01-10", "绿色 绿色 绿色 。"), None),
        (text("b.txt", "2024-02-10", "开放 。"), None),
        (text("c.txt", "2024-02-11", "开放 。开放 。"), None),
        (text("d.txt", "2024-04-01", "绿色 。"), None),
        (text("e.txt", "2024-04-02", "绿色 绿色 发展 。"), None),
    ];
    let scene = Scene { now, ..Scene::default() };
    // 3 of 4 tokens against 0 of 3, 0 of 4 against 3 of 3, of which 4 are expected: too few for either.
    let rows: Vec<String> = scene.rows("period", "term").iter().map(|row| row.split('|').take(9).collect::<Vec<_>>().join("|")).collect();
    assert_eq!(rows, ["开放||falling|3|3|0|4|2|0", "绿色||new|0|3|3|4|0|2"]);
    assert!(scene.rows("period", "term")[1].contains("|2024-04-01|"));
    assert!(scene.table().note.ends_with(
        "period: current: month=2024-04 (2 documents, 4 tokens); previous: month=2024-02 (2 documents, 3 tokens); 1 document is on \
         neither side"
    ));
}
