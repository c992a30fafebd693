//! What is the DOI of a record? Always the same for one record, and without meaning, so that it never has to change.

use sha2::{Digest, Sha256};

/// Crockford's base 32: no letter can be taken for a digit, and nothing is a word by accident.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 60 bits: among a million records, two are the same once in two million catalogues.
const LENGTH: usize = 12;
const GROUP: usize = 4;

/// The DOI of a record: `10.5072/atlas.k7xm-20pq-9r4t`.
pub(super) fn doi(prefix: &str, namespace: &str, iri: &str) -> String {
    let digest = Sha256::digest(iri.as_bytes());
    let bits = digest[..8].iter();
    let mut bits = bits.fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let mut suffix = String::with_capacity(LENGTH + LENGTH / GROUP);
    for at in 0..LENGTH {
        if at > 0 && at % GROUP == 0 {
            suffix.push('-');
        }
        let [digit, ..] = bits.to_le_bytes();
        suffix.push(char::from(DIGITS[usize::from(digit & 31)]));
        bits >>= 5;
    }
    format!("{prefix}/{namespace}{suffix}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::crosswalk::words;

    #[test]
    fn a_record_has_one_doi_and_no_two_share_it() {
        let one = doi("10.5072", "atlas.", "https://a.example/dataset/1");
        assert_eq!(one, doi("10.5072", "atlas.", "https://a.example/dataset/1"));
        assert_eq!(words::doi(&one), Some(one.as_str()));
        assert_eq!(one.len(), "10.5072/atlas.".len() + 14);
        let many = (0..20_000).map(|at| doi("10.5072", "", &format!("https://a.example/{at}")));
        assert_eq!(many.collect::<HashSet<_>>().len(), 20_000);
    }
}
