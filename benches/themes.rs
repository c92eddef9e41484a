//! What tagging all sentences costs beside the bare segmenter, and whether it stays linear.
//!
//! `cargo bench --bench themes -- [CORPUS] [--rounds N] [--threads N] [--patterns N]`
//!
//! CORPUS is a file or folder as for `yuliao run`; without one the seed documents are repeated. The taxonomy is the shipped one,
//! filled up to N patterns (5,000) with words of the corpus. Each round measures the floor (rayon over documents, jieba-rs `cut`
//! with its hidden Markov model, tokens counted and dropped) and the tagging of all its sentences, which are split before.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use yuliao::corpus::document_sentences;
use yuliao::source::{BatchReader, SourceOptions};
use yuliao::text::SentenceOptions;
use yuliao::theme::{Scratch, Sentence, Tagger, Taxonomy};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

struct Options {
    corpus: Option<PathBuf>,
    rounds: usize,
    threads: usize,
    patterns: usize,
}

/// The sentences of a document: text, paragraph, number, whether it is the title.
type Document = Vec<(String, u32, u32, bool)>;

fn main() -> Result<(), AnyError> {
    let options = options()?;
    let (bodies, documents) = read(options.corpus.as_deref())?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    pool.install(|| {
        let jieba = jieba_rs::Jieba::new();
        let tagger = filled_up(&jieba, &bodies, options.patterns)?;
        let sentences: usize = documents.iter().map(Vec::len).sum();
        say(&format!(
            "{} documents, {sentences} sentences, {} patterns, {} threads",
            bodies.len(),
            tagger.pattern_count(),
            options.threads
        ));
        compare(&options, &jieba, &tagger, &bodies, &documents);
        linear(&tagger)
    })
}

fn compare(options: &Options, jieba: &jieba_rs::Jieba, tagger: &Tagger, bodies: &[String], documents: &[Document]) {
    let (mut ratios, mut floors, mut tagged) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=options.rounds {
        let began = Instant::now();
        let tokens: usize = bodies.par_iter().map(|body| jieba.cut(body, true).len()).sum();
        let floor = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let hits: usize = documents.par_iter().map_init(Scratch::default, |scratch, document| code(tagger, document, scratch)).sum();
        let tagging = began.elapsed().as_secs_f64();
        // The first round warms caches and is not counted.
        if round == 0 {
            say(&format!("{tokens} pieces, {hits} hits"));
            continue;
        }
        floors.push(floor);
        tagged.push(tagging);
        ratios.push(tagging / floor);
    }
    say(&format!("floor {:.3} s, tagging {:.3} s", median(&mut floors), median(&mut tagged)));
    let middle = median(&mut ratios);
    say(&format!("tagging / floor {middle:.2} (from {:.2} to {:.2})", ratios[0], ratios[ratios.len() - 1]));
}

fn code(tagger: &Tagger, document: &Document, scratch: &mut Scratch) -> usize {
    let sentences: Vec<Sentence<'_>> = document
        .iter()
        .map(|(text, paragraph_no, sentence_no, is_title)| Sentence {
            text,
            paragraph_no: *paragraph_no,
            sentence_no: *sentence_no,
            is_title: *is_title,
            token_edges: None,
        })
        .collect();
    tagger.code(&sentences, scratch).hits.len()
}

/// One sentence without any mark, and one four times as long, under regular expressions that a backtracking engine dies of.
fn linear(tagger: &Tagger) -> Result<(), AnyError> {
    let hostile = "[taxonomy]\nid = \"hostile\"\n[[theme]]\nid = \"a\"\nkind = \"policy\"\n[[theme]]\nid = \"a.x\"\nregex = ['(?:甲+)+乙', '(?:甲|甲甲)*丙', '甲.{0,60}丁']\nterms = [\"甲甲\"]\n";
    let hostile = Taxonomy::parse("hostile.toml", hostile).map_err(|problems| format!("{problems:?}"))?.tagger;
    let words = "推进高质量发展和改革开放保护生态环境建设现代化产业体系";
    for (name, tagger, text) in [("shipped", tagger, words.repeat(2_000)), ("hostile", &hostile, "甲".repeat(50_000))] {
        let time = |copies: usize| {
            let document = vec![(text.repeat(copies), 1, 1, false)];
            let began = Instant::now();
            code(tagger, &document, &mut Scratch::default());
            began.elapsed().as_secs_f64()
        };
        time(1);
        let (once, four) = (time(1), time(4));
        say(&format!("{name}: a sentence of {} characters {once:.3} s, four times as long {four:.3} s", text.chars().count()));
    }
    Ok(())
}

/// The shipped taxonomy with words of the corpus as further terms, every tenth in the order of their frequency.
fn filled_up(jieba: &jieba_rs::Jieba, bodies: &[String], patterns: usize) -> Result<Tagger, AnyError> {
    let shipped = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/themes.toml"))?;
    let known = Taxonomy::parse("themes.toml", &shipped).map_err(|problems| format!("{problems:?}"))?.tagger;
    let missing = patterns.saturating_sub(known.pattern_count());
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for word in bodies.iter().take(2_000).flat_map(|body| jieba.cut(body, true)).map(|token| token.word) {
        let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        if (2..=4).contains(&word.chars().count()) && word.chars().all(is_han) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut words: Vec<(&str, u64)> = counts.into_iter().filter(|(word, _)| !shipped.contains(word)).collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let terms: Vec<String> = words.iter().step_by(10).take(missing).map(|(word, _)| format!("\"{word}\"")).collect();
    let more = match terms.is_empty() {
        true => String::new(),
        false => {
            format!("\n[[theme]]\nid = \"bench\"\nkind = \"policy\"\n[[theme]]\nid = \"bench.words\"\nterms = [{}]\n", terms.join(", "))
        }
    };
    Ok(Taxonomy::parse("bench.toml", &(shipped + &more)).map_err(|problems| format!("{problems:?}"))?.tagger)
}

fn read(corpus: Option<&Path>) -> Result<(Vec<String>, Vec<Document>), AnyError> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let root = yuliao::source::InputRoot { path: corpus.map_or(seeds, Path::to_path_buf), label: None };
    let listing = yuliao::source::list(&[root])?;
    let options = SourceOptions::default();
    let mut bodies = Vec::new();
    let mut documents = Vec::new();
    for document in BatchReader::new(&listing.files, &options).flat_map(|batch| batch.read(&options).documents) {
        let mut sentences: Document = Vec::new();
        document_sentences(&document, &SentenceOptions::default(), |s| {
            sentences.push((s.text.to_string(), s.paragraph, s.number, s.is_title))
        });
        bodies.push(document.body);
        documents.push(sentences);
    }
    let copies = if corpus.is_some() { 1 } else { 8_000_000 / bodies.iter().map(String::len).sum::<usize>().max(1) + 1 };
    let many = |n: usize| std::iter::repeat_n((), n);
    Ok((many(copies).flat_map(|()| bodies.clone()).collect(), many(copies).flat_map(|()| documents.clone()).collect()))
}

fn options() -> Result<Options, AnyError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut options = Options { corpus: None, rounds: 5, threads, patterns: 5_000 };
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|n| n.parse().ok()).ok_or("expected a number");
        match argument.as_str() {
            "--rounds" => options.rounds = number()?,
            "--threads" => options.threads = number()?,
            "--patterns" => options.patterns = number()?,
            path => options.corpus = Some(path.into()),
        }
    }
    Ok(options)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn say(line: &str) {
    println!("{line}");
}
