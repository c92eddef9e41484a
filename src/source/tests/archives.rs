//! Archives, good and hostile.

use std::io::{Cursor, Write};

use super::*;

/// A zip archive of these entries; names are bytes, so that they may be in any encoding.
pub(super) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A tar archive of these entries.
pub(super) fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// The same bytes with every `from` made `to`, which is as long: names in an archive that no honest writer would make.
fn forged(bytes: &[u8], from: &str, to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes, from.as_bytes()).collect();
    places.iter().for_each(|at| bytes[*at..*at + to.len()].copy_from_slice(to));
    bytes
}

fn paths(documents: &[Document]) -> Vec<&str> {
    documents.iter().map(|document| &*document.path).collect()
}

#[test]
fn archives_that_were_joined_are_read_to_the_end() {
    let [a, b] = ["a.txt", "b.txt"].map(|name| tar(&[(name, TEXT.as_bytes())]));
    let padded = [&a[..], &[0; 1_536], b"rest of a tape".as_slice(), &[7; 600]].concat();
    let joined = [a.clone(), b.clone()].concat();
    let files = [("1.tar", &joined[..]), ("2.tar.gz", &[gz(&a), gz(&b)].concat()), ("3.tar", &padded)];
    let (documents, bad, _) = read_files(&files);
    assert_eq!(bad, []);
    assert_eq!(paths(&documents), ["1.tar/a.txt", "1.tar/b.txt", "2.tar.gz/a.txt", "2.tar.gz/b.txt", "3.tar/a.txt"]);
    // A second one that is damaged is told of; what is no archive at all is nobody's.
    let mut damaged = b;
    damaged[0] ^= 1;
    let (documents, bad, _) = read_files(&[("1.tar", &[&a[..], &damaged].concat()), ("2.tar.gz", &[&gz(&a)[..], b"rubbish"].concat())]);
    assert_eq!(codes(&bad), [("1.tar".to_string(), None, "E_FORMAT")]);
    assert_eq!(paths(&documents), ["1.tar/a.txt", "2.tar.gz/a.txt"]);
}

#[test]
fn zeros_behind_a_packed_file_are_padding_and_other_bytes_are_damage() {
    let packed = gz(TEXT.as_bytes());
    let padded = [&packed[..], &[0; 700], &packed, &[0; 512]].concat();
    let (documents, bad, _) = read_files(&[("a.txt.gz", &padded), ("b.txt.gz", &[&packed[..], b"more"].concat())]);
    assert_eq!((paths(&documents), codes(&bad)), (vec!["a.txt.gz"], vec![("b.txt.gz".to_string(), None, "E_FORMAT")]));
    assert_eq!(documents[0].body.matches(TEXT.lines().last().unwrap()).count(), 2);
}

#[test]
fn entries_are_documents_under_the_name_of_the_archive() {
    let records = b"{\"text\":\"\xE4\xB8\x80\xE3\x80\x82\"}\n{\"text\":\"\xE4\xBA\x8C\xE3\x80\x82\"}\n";
    let entries: [(&str, &[u8]); 4] =
        [("folder/a.txt", TEXT.as_bytes()), ("b.jsonl", records), ("__MACOSX/c.txt", b"x"), ("d.txt.gz", &gz(TEXT.as_bytes()))];
    let packed = zip(&entries);
    let (documents, bad, warnings) = read_files(&[
        ("1.zip", &packed),
        ("2.tar", &tar(&entries)),
        ("3.tar.zst", &zst(&tar(&entries))),
        ("4.zip", &zip(&[("inner.zip", &packed)])),
        ("5.txt", &packed),
    ]);
    assert_eq!(bad, []);
    let inner = ["folder/a.txt", "b.jsonl", "b.jsonl", "d.txt.gz"];
    let expected: Vec<String> = ["1.zip", "2.tar", "3.tar.zst", "4.zip/inner.zip", "5.txt"]
        .iter()
        .flat_map(|archive| inner.map(|name| format!("{archive}/{name}")))
        .collect();
    assert_eq!(paths(&documents), expected);
    assert_eq!(warnings.iter().map(|w| (w.code, &*w.path)).collect::<Vec<_>>(), [("W_EXTENSION", "5.txt")]);
    assert_eq!(documents.iter().filter(|document| document.record == Some(2)).count(), 5);
}

#[test]
fn entries_of_one_name_are_told_of() {
    let packed = forged(&zip(&[("a.txt", TEXT.as_bytes()), ("b.txt", TEXT.as_bytes()), ("c.txt", TEXT.as_bytes())]), "b.txt", b"a.txt");
    let (documents, bad, _) = read_files(&[("a.zip", &packed)]);
    assert_eq!(paths(&documents), ["a.zip/a.txt", "a.zip/c.txt"]);
    assert_eq!(bad.iter().map(|row| (&*row.path, row.code.as_str())).collect::<Vec<_>>(), [("a.zip", "E_FORMAT")]);
    assert!(bad[0].message.contains("expected 3 entries, found 2 names"), "{}", bad[0].message);
}

#[test]
fn names_of_chinese_programs_are_decoded() {
    let name = encoding_rs::GB18030.encode("通知.txt").0.into_owned();
    let packed = forged(&zip(&[("abcd.txt", TEXT.as_bytes())]), "abcd.txt", &name);
    assert_eq!(paths(&read_files(&[("a.zip", &packed)]).0), ["a.zip/通知.txt"]);
}

#[test]
fn long_names_of_tar_are_whole() {
    let name = format!("{}/文.txt", "很长的文件夹名".repeat(20));
    assert_eq!(paths(&read_files(&[("a.tar", &tar(&[(&name, TEXT.as_bytes())]))]).0), [format!("a.tar/{name}")]);
}

#[test]
fn hostile_archives_cost_only_themselves() {
    let good: (&str, &[u8]) = ("good.txt", TEXT.as_bytes());
    let zeros = vec![b' '; 80 << 20];
    let packed = zip(&[good, ("b.txt", TEXT.as_bytes())]);
    let (documents, bad, warnings) = read_files(&[
        ("a_out.zip", &forged(&zip(&[("xx/out.txt", TEXT.as_bytes()), good]), "xx/out.txt", b"../out.txt")),
        ("b_bomb.zip", &zip(&[good, ("bomb.txt", &zeros)])),
        ("c_cut.zip", &packed[..packed.len() / 2]),
        (
            "d_wrong.zip",
            &forged(&packed, "good.txt", b"good.txt")
                .iter()
                .enumerate()
                .map(|(at, b)| if at == 45 { b ^ 0xFF } else { *b })
                .collect::<Vec<_>>(),
        ),
        ("e_cut.tar", &tar(&[good, ("b.txt", &[b'x'; 2000])])[..1600]),
        ("f_deep.zip", &zip(&[("1.zip", &zip(&[("2.zip", &zip(&[good]))])), good])),
        ("g_bomb.tar.gz", &gz(&tar(&[good, ("bomb.txt", &zeros)]))),
        ("h_good.txt", TEXT.as_bytes()),
    ]);
    let expected: Vec<&str> = vec![
        "a_out.zip/good.txt",
        "b_bomb.zip/good.txt",
        "d_wrong.zip/b.txt",
        "e_cut.tar/good.txt",
        "f_deep.zip/good.txt",
        "g_bomb.tar.gz/good.txt",
        "h_good.txt",
    ];
    assert_eq!(paths(&documents), expected, "{bad:#?}");
    let expected = [
        ("a_out.zip/../out.txt", "E_FORMAT"),
        ("b_bomb.zip", "E_TOO_LARGE"),
        ("c_cut.zip", "E_FORMAT"),
        ("d_wrong.zip/good.txt", "E_FORMAT"),
        ("e_cut.tar", "E_FORMAT"),
        ("f_deep.zip/1.zip/2.zip", "E_TOO_LARGE"),
        ("g_bomb.tar.gz", "E_TOO_LARGE"),
    ];
    assert_eq!(codes(&bad), expected.map(|(path, code)| (path.to_string(), None, code)));
    assert_eq!(warnings, []);
}

#[test]
fn little_unpacks_to_little_however_archives_are_nested() {
    let line = "{\"text\":\"推动高质量发展。\"}\n";
    let records = gz(line.repeat((8 << 20) / line.len()).as_bytes());
    let names: Vec<String> = (0..4).map(|n| format!("{n}.jsonl.gz")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), records.as_slice())).collect();
    let (documents, bad, _) = read_files(&[("a.zip", &zip(&entries)), ("b.txt", TEXT.as_bytes())]);
    assert!(documents.len() < 200_000, "{} documents", documents.len());
    assert!(bad.iter().all(|q| q.code.as_str() == "E_TOO_LARGE") && bad.len() == 4, "{bad:?}");
}

#[test]
fn a_tar_without_an_end_says_so() {
    let whole = tar(&[("a.txt", TEXT.as_bytes()), ("b.txt", TEXT.as_bytes())]);
    let (documents, bad, _) = read_files(&[("a.tar", &whole[..1024])]);
    assert_eq!((documents.len(), codes(&bad)), (1, vec![("a.tar".to_string(), None, "E_FORMAT")]));
}

#[test]
fn too_many_entries_and_links_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let entries: Vec<(String, Vec<u8>)> = (0..5).map(|n| (format!("{n}.txt"), TEXT.as_bytes().to_vec())).collect();
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    fs::write(folder.path().join("a.zip"), zip(&entries)).unwrap();
    fs::write(folder.path().join("b.tar"), tar(&entries)).unwrap();
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, "link.txt", "/etc/passwd").unwrap();
    fs::write(folder.path().join("c.tar"), builder.into_inner().unwrap()).unwrap();
    let options = SourceOptions { max_entries: 3, ..SourceOptions::default() };
    let (documents, bad, warnings) = read_folder(folder.path(), &options);
    assert_eq!((documents.len(), bad.len()), (3, 2), "the three of the tar that come before the limit");
    assert!(bad.iter().all(|q| q.code.as_str() == "E_TOO_LARGE"));
    assert_eq!(warnings.iter().map(|w| (w.code, &*w.path)).collect::<Vec<_>>(), [("W_LINK", "c.tar/link.txt")]);
}

#[test]
fn cut_and_damaged_archives_never_panic() {
    let entries: [(&str, &[u8]); 2] = [("a.txt", TEXT.as_bytes()), ("b/c.jsonl", b"{\"text\":\"x\"}")];
    for (name, whole) in [("a.zip", zip(&entries)), ("a.tar", tar(&entries)), ("a.tar.gz", gz(&tar(&entries)))] {
        for at in (0..whole.len()).step_by(97) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            for bytes in [&whole[..at], &flipped] {
                let (_, bad, _) = read_files(&[(name, bytes)]);
                assert!(bad.iter().all(|q| q.code.as_str() != "E_PANIC"), "{name} {at}: {bad:?}");
            }
        }
    }
}
