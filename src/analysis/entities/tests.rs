//! Every rule with its counter-examples, by hand-tagged sentences, and the laws on random ones.

use std::sync::Arc;

use proptest::prelude::*;

use crate::analysis::{AnalysisOptions, Inputs, shared, test_corpus};
use crate::corpus::{Corpus, Selection, Tools, WordTags, build_shard};
use crate::lexicon::{Dictionary, EntityList, StopWords};
use crate::segment::{LoadedSegmenter, Mode, Patterns, Segmenter};
use crate::source::Document;
use crate::text::SentenceOptions;

use super::found::Entities;

const LIST: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/entities.csv"));

fn document(number: usize, body: &str) -> Document {
    test_corpus::document(&format!("{number}.txt"), "", "", body)
}

/// The entities of texts, each shard some of them, and what stands in the sentences of the first shard.
fn entities(shards: &[&[Document]], segmenter: &Segmenter, list: &str, tag: &(dyn Fn(&str) -> String + Sync)) -> Entities {
    let sentences = SentenceOptions::default();
    let tools = Tools { segmenter, taggers: &[], sentences: &sentences };
    let corpus = Corpus::assemble(shards.iter().map(|documents| build_shard(documents, tools)).collect());
    let options = AnalysisOptions::default();
    let selection = Selection::new(&corpus, &options.terms, &StopWords::default(), tag);
    let word_tags = WordTags::new(&corpus, &selection, tag);
    let mut names = EntityList::default();
    assert_eq!(names.add_file("e.csv", list.as_bytes()), []);
    let inputs = Inputs {
        corpus: &corpus,
        selection: &selection,
        word_tags: &word_tags,
        entities: &names,
        segmenter,
        stop_words: &StopWords::default(),
        taggers: &[],
        taxonomy: 0,
        gold_patterns: &[],
        reference: None,
        baseline: None,
        quarantined: &[],
        options: &options,
    };
    let shared = shared(&inputs, &|_| ());
    Entities::new(&inputs, &Arc::new(shared))
}

/// `kind name mentions`, parted by `; `, in table order.
fn shown(entities: &Entities) -> String {
    let rows: Vec<String> = entities.list.iter().map(|e| format!("{} {} {}", e.kind.name(), e.name, e.mentions)).collect();
    rows.join("; ")
}

static SPACES: std::sync::LazyLock<Segmenter> =
    std::sync::LazyLock::new(|| LoadedSegmenter::new().with_words(&Dictionary::default(), Patterns::Off).in_mode(Mode::Spaces));

#[test]
fn a_title_in_text_with_tags_is_read_without_them() {
    let segmenter = LoadedSegmenter::new().with_words(&Dictionary::default(), Patterns::Off).in_mode(Mode::SlashTags);
    let text = "印发/v 《/w [关于/p 改革/vn]nz 的/u Green/eng Book/eng 》/w 。/w 再/d 印发/v";
    let found = entities(&[&[document(1, text)]], &segmenter, "", &|_| "x".to_string());
    assert_eq!(shown(&found), "document 关于改革的Green Book 1");
}

/// The entities of one document whose words stand with their tags: `主席/n 王毅/nr 说/v 。`.
fn tagged_with(text: &str, list: &str) -> String {
    let mut tags = std::collections::BTreeMap::new();
    let mut body = String::new();
    for piece in text.split(' ') {
        let (word, tag) = piece.split_once('/').unwrap_or((piece, "w"));
        tags.insert(word.to_ascii_lowercase(), tag.to_string());
        body.push_str(word);
        body.push(' ');
    }
    let tag = |word: &str| tags.get(word).cloned().unwrap_or_else(|| "x".to_string());
    shown(&entities(&[&[document(0, &body)]], &SPACES, list, &tag))
}

fn tagged(text: &str) -> String {
    tagged_with(text, LIST)
}

/// The entities of texts as jieba cuts them, each a document, with these words of the user.
fn cut(words: &str, texts: &[&str]) -> String {
    let mut dictionary = Dictionary::default();
    assert_eq!(dictionary.add_file("d.txt", words.as_bytes()), []);
    let segmenter = Segmenter::new(&dictionary);
    let documents: Vec<Document> = texts.iter().enumerate().map(|(number, text)| document(number, text)).collect();
    shown(&entities(&[&documents], &segmenter, LIST, &|word| segmenter.tag(word)))
}

#[test]
fn persons_of_three_characters_are_known_by_their_surname_and_others_by_evidence() {
    // 张三丰 needs nothing; 王毅 stands once behind an office, 高峰 never, 李四 before a verb of speech.
    assert_eq!(
        tagged("张三丰/nr 来/v 。 部长/n 王毅/nr 来/v 。 高峰/nr 来/v 。 李四/nr 表示/v"),
        "person 张三丰 1; person 李四 1; person 王毅 1"
    );
    // One of five mentions is too few: 1 · 4 < 5.
    assert_eq!(tagged("部长/n 王毅/nr 来/v 。 王毅/nr 去/v 。 王毅/nr 去/v 。 王毅/nr 去/v 。 王毅/nr 去/v"), "");
    assert_eq!(tagged("部长/n 王毅/nr 来/v 。 王毅/nr 去/v 。 王毅/nr 去/v 。 王毅/nr 去/v"), "person 王毅 4");
    // An office is no name, and neither is what stands behind a profession.
    assert_eq!(tagged("主席/n 同志/n 王毅/nr 去/v"), "");
}

#[test]
fn surnames_find_their_given_names_and_names_lose_a_verb() {
    assert_eq!(tagged("胡/nr 朝霞/ns 在/p 大厅/n"), "person 胡朝霞 1");
    assert_eq!(tagged("部长/n 陈/nr 飞/v 来/v"), "person 陈飞 1");
    // Without a title a surname and a verb are no name; 张 counts sheets.
    assert_eq!(tagged("陈/nr 飞/v 来/v 。 一/m 张/q 照片/n"), "");
    // Shown once of four times, 周文静 counts four times; of five, never. 五十万欧元 and 祝中国 name nobody.
    let rest = "周/nr 文静/n 去/v 。 周/nr 文静/n 去/v 。 周/nr 文静/n 去/v 。 ";
    assert_eq!(tagged(&format!("{rest} 局长/n 周/nr 文静/n 来/v")), "person 周文静 4");
    assert_eq!(tagged(&format!("{rest} 周/nr 文静/n 去/v 。 局长/n 周/nr 文静/n 来/v")), "");
    assert_eq!(tagged("五十/m 万/nr 欧元/n 表示/v 。 局长/n 祝/nr 中国/ns 好/a"), "place 中国 1");
    assert_eq!(tagged("王俊说/nr ， 好/a"), "person 王俊 1");
    // 时 is a surname, but mostly a word: 时任美 must be shown.
    assert_eq!(tagged("时任美/nr 来/v"), "");
}

#[test]
fn a_name_that_is_a_common_word_and_a_character_needs_evidence() {
    // 高新 5 times, 高新区 once: 5 ≥ 5 · 1.
    let district = "高新/b 。 高新/b 。 高新/b 。 高新/b 。 高新/b 。 孙新区/nr 来/v 。 新区/n 。 新区/n 。 新区/n 。 新区/n";
    assert_eq!(tagged(district), "person 孙新区 1");
    assert_eq!(tagged(&format!("{district} 。 新区/n")), "");
}

#[test]
fn foreign_names_are_joined_by_the_dot_and_by_their_sound() {
    let words = "弗拉基米尔 nr\n普京 ns\n总统 n\n";
    assert_eq!(cut(words, &["俄罗斯总统弗拉基米尔·普京表示欢迎。"]), "person 弗拉基米尔·普京 1; place 俄罗斯 1");
    assert_eq!(cut(words, &["俄罗斯总统弗拉基米尔•普京表示欢迎。"]), "person 弗拉基米尔·普京 1; place 俄罗斯 1");
    // A title in 《》 is a document, dot or not.
    assert_eq!(cut(words, &["电影《弗拉基米尔·普京》上映。"]), "document 弗拉基米尔·普京 1");
    // 普京 is tagged as a place; the office says what it is. 曼哈顿 is a place, as nothing says otherwise.
    assert_eq!(tagged("总统/n 普京/ns 来/v 。 普京/ns 去/v 。 在/p 曼哈顿/ns"), "person 普京 2; place 曼哈顿 1");
    assert_eq!(tagged("总统/n 奥/ns 朗德/nr 来/v"), "person 奥朗德 1");
    // 安 is tagged as a verb, 梅德韦 and 杜特 as names of their own with the surnames 梅 and 杜.
    assert_eq!(tagged("总统/n 埃/ns 尔多/nrt 安/v 表示/v"), "person 埃尔多安 1");
    assert_eq!(tagged("总理/n 梅德韦/nr 杰夫/nrt 会见/v"), "person 梅德韦杰夫 1");
    assert_eq!(tagged("总统/n 杜特/nr 尔特/nrt 访华/v"), "person 杜特尔特 1");
    assert_eq!(tagged("在/p 西藏/ns 阿里/nr 采访/v"), "place 西藏自治区 1");
}

#[test]
fn every_level_of_a_place_is_a_mention_and_a_suffix_belongs_to_it() {
    assert_eq!(tagged("浙江省/ns 杭州市/ns 西湖/ns 区/n"), "place 杭州市 1; place 浙江省 1; place 西湖区 1");
    assert_eq!(tagged("在/p 杭州/ns 和/c 杭州/ns 市/n"), "place 杭州市 2");
    assert_eq!(tagged("吉林/ns 和/c 吉林省/ns 和/c 吉林市/ns"), "place 吉林 1; place 吉林市 1; place 吉林省 1");
    // An unknown name is a place between a place and 县; a common word is none.
    assert_eq!(tagged("四川/ns 甲乙/nz 县/n"), "place 四川省 1; place 甲乙县 1");
    assert_eq!(tagged("甲乙/nz 县/n 。 城市/ns 。 山区/ns 。 中美/ns"), "");
    assert_eq!(tagged("中华人民共和国/ns 就是/d 中国/ns"), "place 中国 2");
}

#[test]
fn places_without_evidence_are_none() {
    // 隆林 alone may be anything; 隆林县 says that it is a place.
    assert_eq!(tagged("在/p 隆林/ns"), "");
    assert_eq!(tagged("在/p 隆林/ns 。 隆林/ns 县/n"), "place 隆林 1; place 隆林县 1");
    assert_eq!(tagged("广西/ns 隆林/ns"), "place 广西壮族自治区 1; place 隆林 1");
}

#[test]
fn organisations_end_with_a_head_and_begin_with_a_name() {
    assert_eq!(tagged("浙江/ns 大学/n"), "organisation 浙江大学 1");
    assert_eq!(tagged("浙江省/ns 公安厅/n 和/c 杭州/ns 市委/n"), "organisation 杭州市委 1; organisation 浙江省公安厅 1");
    assert_eq!(tagged("中共/j 上海/ns 市委/n ， 上海/ns 市委/n"), "organisation 上海市委 2");
    assert_eq!(tagged("中国/ns 国际/n 贸易/vn 促进/v 委员会/n"), "organisation 中国国际贸易促进委员会 1");
    assert_eq!(tagged("国家/n 发展/vn 改革/vn 委/n 主任/n 郑栅洁/nr"), "organisation 国家发展和改革委员会 1; person 郑栅洁 1");
    assert_eq!(tagged("上海/ns 甲乙/nz 公司/n"), "organisation 上海甲乙公司 1");
}

#[test]
fn names_of_bodies_end_at_a_blank() {
    let text = |blank: &str| format!("中共上海市委{blank}上海市人民政府关于改革的意见。");
    let both = "organisation 上海市人民政府 1; organisation 上海市委 1";
    assert_eq!(cut("", &[&text(" ")]), both);
    assert_eq!(cut("", &[&text("\u{3000}")]), both);
    assert_ne!(cut("", &[&text("")]), both);
}

#[test]
fn common_nouns_are_no_organisations() {
    for text in [
        "全部/n 外部/f 局部/n 干部/n 新格局/nt 布局/v",
        "有关/vn 部门/n 和/c 公司/n ， 人民/n 政府/n 。 人民法院/nt",
        "支持/v 大学/n 。 国际/n 组织/n 。 全国/n 大学/n",
    ] {
        assert_eq!(tagged(text), "", "{text}");
    }
    // A verb that is no part of names, 的 and marks end the way to the left.
    assert_eq!(tagged("中国/ns 支持/v 大学/n"), "place 中国 1");
    assert_eq!(tagged("中国/ns 的/u 大学/n"), "place 中国 1");
    assert_eq!(tagged("中国/ns ， 大学/n"), "place 中国 1");
    assert_eq!(tagged("中国/ns 公司/n"), "place 中国 1");
}

#[test]
fn meetings_are_known_by_ordinal_anchor_or_topic() {
    assert_eq!(tagged("党/n 的/u 二十/m 届/q 三中全会/j ， 二十/m 届/q 三中全会/j"), "meeting 党的二十届三中全会 2");
    assert_eq!(tagged("中央/n 经济/n 工作/vn 会议/n"), "meeting 中央经济工作会议 1");
    assert_eq!(tagged("第七/m 届/q 中国/ns 国际/n 进口/v 博览会/n"), "meeting 第七届中国国际进口博览会 1");
    assert_eq!(tagged("中国/ns 国际/n 进口/v 博览会/n 就是/d 进博会/n"), "meeting 中国国际进口博览会 2");
    assert_eq!(tagged("召开/v 深入/ad 推进/v 甲乙/nz 发展/vn 座谈会/n"), "meeting 深入推进甲乙发展座谈会 1");
    assert_eq!(tagged("在/p 北京/ns 召开/v 座谈会/n"), "place 北京市 1");
    assert_eq!(tagged("国务院/nt 常务/b 会议/n"), "meeting 国务院常务会议 1");
    assert_eq!(tagged("二十国集团/nt 领导人/n 峰会/n"), "meeting 二十国集团领导人峰会 1");
    assert_eq!(tagged("亚非/nz 领导人/n 会议/n 和/c 万隆/nz 会议/n"), "meeting 万隆会议 1; meeting 亚非领导人会议 1");
    // What a body does is no part of a name.
    assert_eq!(tagged("财政部/nt 落实/a 全会/n"), "organisation 财政部 1");
    assert_eq!(tagged("全国总工会/nt 宣传/vn 工作会议/n"), "meeting 全国总工会宣传工作会议 1");
}

#[test]
fn meetings_that_only_say_their_kind_are_none() {
    for text in ["召开/v 专题/n 工作/vn 会议/n", "第三/m 次/q 会议/n", "王某/n 主持会议/nz", "三中全会/j", "会议/n 指出/v", "庆祝大会/nz"]
    {
        assert_eq!(tagged(text), "", "{text}");
    }
    assert_eq!(tagged("北京/ns 国家/n 会议/n 中心/n"), "place 北京市 1");
}

#[test]
fn documents_have_a_title_or_a_number() {
    assert_eq!(cut("", &["《关于〈条例〉的通知》。《关于“条例”的通知》。"]), "document 关于“条例”的通知 2");
    // The longest counts: neither 中国 nor 北京 is mentioned, and the law is one with and without the name of the state.
    assert_eq!(
        cut("", &["修改《中华人民共和国环境保护法》。", "《 环境保护法 》和《北京》"]),
        "document 中华人民共和国环境保护法 2; document 北京 1"
    );
    assert_eq!(cut("", &["按国办发〔2024〕1号、国办发[2024]1号执行"]), "document 国办发〔2024〕1号 2");
    assert_eq!(cut("", &["国务院令第727号。中华人民共和国国务院令第727号。"]), "document 中华人民共和国国务院令第727号 2");
    assert_eq!(cut("", &["命令第5号生效，禁令第3号下达，国务院令第一号楼。"]), "");
    let law = ["《中华人民共和国治安管理处罚法》（以下简称《处罚法》）施行。《处罚法》规定。"];
    assert_eq!(cut("", &law), "document 中华人民共和国治安管理处罚法 3");
    assert_eq!(cut("", &["《没有结尾。"]), "");
    // 《意见》 stands for the title that ends with it in the same document, and for itself in another.
    let texts = ["印发《关于发展甲乙的意见》。《意见》提出。《意见》又提出。", "《意见》提出。"];
    assert_eq!(cut("", &texts), "document 关于发展甲乙的意见 3; document 意见 1");
}

#[test]
fn a_short_form_counts_where_the_document_declares_it() {
    let words = "甲乙丙 nz\n甲丙 nz\n";
    let texts = ["上海甲乙丙公司（以下简称“甲丙”）成立。甲丙表示。", "甲丙表示。"];
    // The full form, the declaration itself, and the sentence behind it.
    assert_eq!(cut(words, &texts), "organisation 上海甲乙丙公司 3");
    let party = ["中国共产党浙江省委员会（以下简称“浙江省委”）开会。浙江省委决定创新。浙江省委要求发展。"];
    assert_eq!(cut("", &party), "organisation 中国共产党浙江省委员会 4");
}

#[test]
fn bodies_of_places_are_not_those_of_the_state() {
    let text = |place: &str| tagged(&format!("{place} 发改委/j 通报/v"));
    assert_eq!(text("浙江省/ns"), "organisation 浙江省发改委 1");
    assert_eq!(text("浙江省/ns 杭州/ns 市/n"), "organisation 浙江省杭州市发改委 1");
    assert_eq!(text("武夷/ns 新区/n"), "organisation 武夷新区发改委 1");
    for nobody in ["省/n", "当地/s", "各级/r"] {
        assert_eq!(text(nobody), "", "{nobody}");
    }
    assert_eq!(text("记者/n 从/p"), "organisation 国家发展和改革委员会 1");
    assert_eq!(tagged("浙江省/ns ， 发改委/j"), "organisation 国家发展和改革委员会 1; place 浙江省 1");
    assert_eq!(tagged("北京/ns 国家发改委/nt"), "organisation 国家发展和改革委员会 1; place 北京市 1");
}

#[test]
fn companies_may_have_a_name_alone() {
    assert_eq!(tagged("伊利/nz 集团/n 和/c 徐工/nr 集团/n"), "organisation 伊利集团 1; organisation 徐工集团 1");
    assert_eq!(tagged("保安/nz 公司/n ， 反革命/nz 集团/n ， 央企/j 集团/n ， 一些/m 集团/n ， 伊利/nz ， 集团/n"), "");
}

#[test]
fn parts_of_bodies_are_no_persons() {
    assert_eq!(tagged("宣传部/nr 部长/n ， 县委/n 宣传部/nr 负责人/n"), "");
}

#[test]
fn the_list_of_the_user_wins() {
    let list = "person,某某甲,某甲\nblocked,张三丰\norganisation,王毅办\nplace,乙丙,甲乙丙\n";
    // A form may be cut into any words, as long as these begin and end with it.
    let text = "某/r 甲/n 来/v 。 某某/r 甲/n 来/v 。 张三丰/nr 来/v 。 王毅/nr 办/v 。 甲乙/n 丙/n ， 丙甲乙/n 丙/n";
    assert_eq!(tagged_with(text, list), "person 某某甲 2; organisation 王毅办 1; place 乙丙 1");
}

#[test]
fn counts_documents_variants_and_the_shortest_example() {
    let texts = ["中国在发展，中国也在奋斗。", "中华人民共和国成立。", "没有。"].map(|text| document(0, text));
    let segmenter = Segmenter::new(&Dictionary::default());
    let found = entities(&[&texts[..2], &texts[2..]], &segmenter, LIST, &|word| segmenter.tag(word));
    let china = &found.list[0];
    assert_eq!((china.name.as_str(), china.mentions, china.documents), ("中国", 3, 2));
    assert_eq!(china.forms, [("中国".to_string(), 2), ("中华人民共和国".to_string(), 1)]);
    let of_sentence = |shard, sentence| found.of_shard(shard).of_sentence(sentence).collect::<Vec<_>>();
    assert_eq!((of_sentence(0, 0), of_sentence(0, 1), of_sentence(1, 0)), (vec![0, 0], vec![0], vec![]));
    let mut of_document = Vec::new();
    found.of_document(1, |sentence, entity| of_document.push((sentence, entity)));
    assert_eq!(of_document, [(1, 0)]);
}

/// Texts over words with which rules begin and end.
fn text() -> impl Strategy<Value = String> {
    let words = [
        "中国",
        "国家",
        "发展",
        "改革",
        "委",
        "委员会",
        "主席",
        "王",
        "毅",
        "王毅",
        "习近平",
        "说",
        "的",
        "和",
        "，",
        "。",
        "《",
        "》",
        "·",
        "普京",
        "浙江",
        "省",
        "杭州",
        "市",
        "大学",
        "第七",
        "届",
        "会议",
        "召开",
        "推进",
        "（",
        "以下简称",
        "“",
        "”",
        "）",
        "国办发〔2024〕1号",
        "意见",
        "关于",
        "x",
        "\n",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..40).prop_map(|words| words.concat())
}

static CUTTER: std::sync::LazyLock<Segmenter> = std::sync::LazyLock::new(|| Segmenter::new(&Dictionary::default()));

proptest! {
    #[test]
    fn nothing_depends_on_batches_and_every_count_adds_up(texts in prop::collection::vec(text(), 0..6), cut in 0usize..6) {
        let documents: Vec<Document> = texts.iter().enumerate().map(|(number, text)| document(number, text)).collect();
        let tag = |word: &str| CUTTER.tag(word);
        let whole = entities(&[&documents], &CUTTER, LIST, &tag);
        let (head, tail) = documents.split_at(cut.min(documents.len()));
        let parts = entities(&[head, tail], &CUTTER, LIST, &tag);
        prop_assert_eq!(&whole.list, &parts.list);
        prop_assert_eq!(whole.without_evidence, parts.without_evidence);
        for entity in &whole.list {
            prop_assert_eq!(entity.forms.iter().map(|(_, mentions)| mentions).sum::<u64>(), entity.mentions);
            prop_assert!(entity.documents >= 1 && entity.documents <= entity.mentions);
            prop_assert!(!entity.name.is_empty() && entity.rules != 0);
        }
    }
}
