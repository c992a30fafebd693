//! How are a few small files one file? A zip whose entries are stored as they are (PKWARE APPNOTE 6.3, §4.3).

/// The version that is needed to read it: 1.0.
const NEEDED: u16 = 10;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// The first day that a zip can tell: entries have no time, so that the same record gives the same bytes.
const DAY: u16 = (1 << 5) | 1;

/// A zip of some files, each smaller than 4 GiB.
pub fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in files {
        let offset = size(out.len());
        out.extend_from_slice(b"PK\x03\x04");
        push_entry(&mut out, name, content);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(content);
        directory.extend_from_slice(b"PK\x01\x02");
        push_u16(&mut directory, NEEDED);
        push_entry(&mut directory, name, content);
        // No comment, first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        push_u32(&mut directory, offset);
        directory.extend_from_slice(name.as_bytes());
    }
    let (start, length) = (size(out.len()), size(directory.len()));
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(files.len()).expect("a few files");
    push_u16(&mut out, count);
    push_u16(&mut out, count);
    push_u32(&mut out, length);
    push_u32(&mut out, start);
    push_u16(&mut out, 0);
    out
}

/// What the entry before a file and the one in the directory share.
fn push_entry(out: &mut Vec<u8>, name: &str, content: &[u8]) {
    push_u16(out, NEEDED);
    push_u16(out, FLAGS);
    push_u16(out, 0);
    push_u16(out, 0);
    push_u16(out, DAY);
    push_u32(out, crc32fast::hash(content));
    push_u32(out, size(content.len()));
    push_u32(out, size(content.len()));
    push_u16(out, u16::try_from(name.len()).expect("a short name"));
    push_u16(out, 0);
}

fn push_u16(out: &mut Vec<u8>, number: u16) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn push_u32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("the description of one record")
}
