//! Tests gzip and zstd: whole, in members and frames one after the other, cut, damaged, and as bombs.

use std::io::Write;
use std::process::{Command, Stdio};

use faultline_traces::{Limits, Options, TraceError};
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::reference::references;
use crate::support::{SAMPLES, read, read_right, refused, sample};

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A member whose header has all that there may be but a checksum.
fn gzip_with_names(bytes: &[u8]) -> Vec<u8> {
    let builder = GzBuilder::new().filename("a name").comment("a comment").extra(*b"extra");
    let mut encoder = builder.write(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

#[test]
fn r5_packed_traces_are_known_by_their_first_bytes() {
    for (format, bytes) in SAMPLES {
        for (packed, name) in [(gzip(bytes), "gzip"), (zstd(bytes), "zstd")] {
            let (found, summary) = read_right(&packed, Options::default());
            assert_eq!((summary.format, summary.packing), (format, Some(name)));
            assert_eq!(found, references(format, bytes));
            assert_eq!(summary.bytes, packed.len() as u64);
            assert_eq!(summary.unpacked_bytes, bytes.len() as u64);
            assert_eq!(summary.cut, None, "{format} {name}");
        }
    }
}

#[test]
fn r5_members_and_frames_may_follow_each_other() {
    let (one, other) = sample("lackey").split_at(3000);
    let skipped = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
    for packed in [
        [gzip(one), gzip(other)].concat(),
        [gzip(one), vec![0; 3], gzip_with_names(other), vec![0; 512]].concat(),
        [zstd(one), zstd(other)].concat(),
        [skipped.clone(), zstd(one), skipped, zstd(other)].concat(),
    ] {
        let (found, summary) = read_right(&packed, Options::default());
        assert_eq!(found, references("lackey", sample("lackey")));
        assert_eq!(summary.cut, None);
    }
}

#[test]
fn r5_packed_data_that_is_cut_is_read_to_its_cut() {
    // Lines that do not pack well, so that a cut in the middle leaves many of them.
    let lines: String = (0..30_000_u64)
        .map(|line| format!(" L {:x},8\n", line.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 30))
        .collect();
    let whole = read_right(lines.as_bytes(), Options::default()).0;
    for (packed, name) in [(gzip(lines.as_bytes()), "gzip"), (zstd(lines.as_bytes()), "zstd")] {
        let (found, summary) = read_right(&packed[..packed.len() * 3 / 4], Options::default());
        assert!(found.len() > whole.len() / 3, "{name}: {}", found.len());
        assert_eq!(found, whole[..found.len()]);
        let cut = summary.cut.unwrap();
        assert_eq!((cut.packing, cut.after_line), (Some(name), summary.lines));
        assert!(cut.to_string().starts_with(&format!("the {name} data ends too early")), "{cut}");
    }
}

#[test]
fn r5_damaged_packed_data_is_named() {
    for (mut packed, name) in [(gzip(sample("lackey")), "gzip"), (zstd(sample("lackey")), "zstd")] {
        let middle = packed.len() / 2;
        packed[middle] ^= 0x55;
        packed[middle + 1] ^= 0x55;
        let error = read(&packed, Options::default()).1.unwrap_err();
        let is_named = matches!(error, TraceError::Damaged { packing, .. } if packing == name);
        assert!(is_named, "{name}: {error:?}");
        assert!(error.to_string().contains("; legal: "), "{error}");
    }
    let mut packed = gzip(sample("lackey"));
    *packed.last_mut().unwrap() ^= 1;
    assert!(refused(&packed, Options::default()).contains("the checksum is another"));
    let rest = [gzip(sample("lackey")), b"and more".to_vec()].concat();
    assert!(refused(&rest, Options::default()).contains("gzip"), "what follows is no member");
}

#[test]
fn r5_a_bomb_stops_at_the_limit() {
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    for blank in [gzip(&vec![b'\n'; 64 << 20]), zstd(&vec![b'\n'; 64 << 20])] {
        let message = refused(&blank, Options { limits, ..Options::default() });
        assert!(
            message.starts_with("the first 65536 bytes have nothing but comments"),
            "{message}"
        );
    }
    for bomb in [gzip(&b"0\n1\n".repeat(16 << 20)), zstd(&b"0\n1\n".repeat(16 << 20))] {
        assert!(bomb.len() < 1 << 20, "{}", bomb.len());
        let message = refused(&bomb, Options { limits, ..Options::default() });
        assert!(message.starts_with("has more than 1048576 bytes, unpacked; legal: "), "{message}");
    }
}

#[test]
fn r5_what_zstd_itself_packs_is_read() {
    // Other levels, a checksum and a long window, where the command is there.
    for level in ["-1", "-19", "--ultra -22 --long=27"] {
        let call = Command::new("zstd")
            .args(["-c", "-q"])
            .args(level.split(' '))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut child) = call else { return };
        let bytes = sample("lackey").repeat(40);
        let mut input = child.stdin.take().unwrap();
        let writer = std::thread::scope(|scope| {
            scope.spawn(|| {
                input.write_all(&bytes).unwrap();
                drop(input);
            });
            child.wait_with_output().unwrap()
        });
        let (found, summary) = read_right(&writer.stdout, Options::default());
        assert_eq!(found, references("lackey", &bytes), "{level}");
        assert_eq!(summary.cut, None);
        let mut other = writer.stdout;
        let last = other.len() - 1;
        other[last] ^= 1;
        assert!(refused(&other, Options::default()).contains("checksum"), "{level}");
    }
}
