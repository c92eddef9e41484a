//! Whether looking for copies takes time in proportion to the text: the time for N and for 4N documents.
//!
//! `cargo bench --bench reprints -- [CORPUS] [--documents N] [--threads N] [--recall N]`
//!
//! Without CORPUS the sentences of the seed documents are drawn into documents, of which one in ten repeats an earlier one word for
//! word, one in ten with a sentence put in, and one in ten is a part of one. With CORPUS, a file or folder as for `yuliao run`, the time for
//! its first quarter and for all of it. With `--recall N` the first N documents are compared each with each as well: which related pairs
//! are both kept, and so were missed?

use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use yuliao::corpus::{Copies, CopyOptions, PagedShard, Parts, Room, Shard, ShardRef, build_shard};
use yuliao::run::Prepared;
use yuliao::source::{BatchReader, DocId, Document};
use yuliao::stats::Overlap;
use yuliao::text::normalise;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Rounds of which the fastest counts: what else the machine does only adds.
const ROUNDS: usize = 3;

fn main() -> Result<(), AnyError> {
    let (corpus, wanted, threads, recall) = options()?;
    let mut config = yuliao::run::built_in_config();
    config.run.threads = threads;
    config.input.paths = vec![corpus.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds"))];
    config.themes.taxonomy.clear();
    let prepared = Prepared::for_reading(&config)?;
    prepared.in_pool(|| {
        let read = BatchReader::new(&prepared.listing().files, &config.input.source);
        let mut documents: Vec<Document> = read.flat_map(|batch| batch.read(&config.input.source).documents).collect();
        if corpus.is_none() {
            documents = planted(&documents, wanted);
        }
        let shards = |documents: &[Document]| {
            documents.chunks(1_000).map(|some| build_shard(some, prepared.tools()).into()).collect::<Vec<PagedShard>>()
        };
        let quarter = fastest(&shards(&documents[..documents.len() / 4]));
        let all = fastest(&shards(&documents));
        say(&format!("ratio {:.2}", all / quarter));
        if recall > 0 {
            compare_all(&shards(&documents[..recall.min(documents.len())]));
        }
    });
    Ok(())
}

/// Compares each with each by the definition, and says which related pairs the search left both in place.
fn compare_all(shards: &[PagedShard]) {
    let copies = Copies::find(shards, &CopyOptions::default(), &Room::unlimited());
    let shards: Vec<ShardRef<'_>> = shards.iter().map(|shard| shard.read(Parts::TEXT)).collect();
    let documents: Vec<(&Shard, usize)> =
        shards.iter().map(|shard| &**shard).flat_map(|s| (0..s.documents.len()).map(move |local| (s, local))).collect();
    let sets: Vec<Vec<u64>> = documents.par_iter().map(|(shard, local)| shingles(shard, *local)).collect();
    let is_copy: Vec<bool> = documents.iter().map(|(shard, local)| copies.kept_for(shard.documents[*local].id).is_some()).collect();
    let pairs: Vec<(u64, bool)> = (0..sets.len())
        .into_par_iter()
        .flat_map_iter(|a| (0..a).map(move |b| (a, b)))
        .filter_map(|(a, b)| {
            let (small, large) = (sets[a].len().min(sets[b].len()), sets[a].len().max(sets[b].len()));
            let shared = if small < 50 { 0 } else { Overlap::of_sorted(&sets[a], &sets[b]).shared };
            let near = shared * 10 >= (small as u64 + large as u64 - shared) * 8;
            let contained = shared * 10 >= small as u64 * 9;
            (shared > 0 && (near || contained)).then_some((shared * 100 / small as u64, is_copy[a] || is_copy[b]))
        })
        .collect();
    let missed: Vec<u64> = pairs.iter().filter(|(_, found)| !found).map(|(percent, _)| *percent).collect();
    say(&format!("recall: {} documents, {} related pairs, {} of them both kept {missed:?}", sets.len(), pairs.len(), missed.len()));
}

/// Hashes of the strings of five characters of a document, sorted.
fn shingles(shard: &Shard, document: usize) -> Vec<u64> {
    let normalised = |sentence: usize| normalise(&shard.counted_text(sentence)).into_owned();
    let text: Vec<char> =
        shard.document_sentences(document).flat_map(|s| normalised(s).chars().collect::<Vec<_>>()).filter(|c| *c != ' ').collect();
    let hash = |string: &[char]| {
        string.iter().fold(0u64, |hash, c| (hash.rotate_left(13) ^ u64::from(u32::from(*c))).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    };
    let mut set: Vec<u64> = text.windows(5).map(hash).collect();
    set.sort_unstable();
    set.dedup();
    set
}

fn fastest(shards: &[PagedShard]) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let copies = Copies::find(shards, &CopyOptions::default(), &Room::unlimited());
        let seconds = began.elapsed().as_secs_f64();
        if best == f64::INFINITY {
            let characters: u64 = shards.iter().flat_map(PagedShard::documents).map(|document| document.characters).sum();
            let found = copies.rows().len();
            say(&format!("{} documents, {:.1} million characters, {found} copies", copies.document_count(), characters as f64 / 1e6));
        }
        best = best.min(seconds);
    }
    say(&format!("  {best:.3} s"));
    best
}

/// So many documents of ten drawn sentences each, three in ten of them copies of an earlier one.
fn planted(seed: &[Document], wanted: usize) -> Vec<Document> {
    let mut state = 1u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let sentences: Vec<&str> = seed.iter().flat_map(|d| d.body.split_inclusive(['。', '\n'])).filter(|s| s.chars().count() > 20).collect();
    let mut bodies: Vec<Vec<&str>> = Vec::with_capacity(wanted);
    for number in 0..wanted {
        let earlier = draw(number);
        let body = match (number % 10, bodies.get(earlier)) {
            (7, Some(earlier)) => earlier.clone(),
            (8, Some(earlier)) => [&earlier[..1], &[sentences[draw(sentences.len())]], &earlier[1..]].concat(),
            (9, Some(earlier)) => earlier[..earlier.len().div_ceil(2)].to_vec(),
            _ => (0..10).map(|_| sentences[draw(sentences.len())]).collect(),
        };
        bodies.push(body);
    }
    let id = |number: usize| DocId::of("planted", Some(&number.to_string()));
    let document =
        |(number, body): (usize, Vec<&str>)| Document { id: id(number), body: body.concat(), title: String::new(), ..seed[0].clone() };
    bodies.into_iter().enumerate().map(document).collect()
}

fn options() -> Result<(Option<PathBuf>, usize, usize, usize), AnyError> {
    let (mut corpus, mut documents, mut threads, mut recall) = (None, 40_000, 0, 0);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|n| n.to_str()?.parse().ok()).ok_or("expected a number");
        match argument.to_str() {
            Some("--documents") => documents = number()?,
            Some("--recall") => recall = number()?,
            Some("--threads") => threads = number()?,
            Some("--bench") => {}
            _ => corpus = Some(argument.into()),
        }
    }
    if threads == 0 {
        threads = std::thread::available_parallelism().map_or(1, usize::from);
    }
    Ok((corpus, documents, threads, recall))
}

#[allow(clippy::print_stdout)] // A benchmark reports on standard output.
fn say(text: &str) {
    println!("{text}");
}
