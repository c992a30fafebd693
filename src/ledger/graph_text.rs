//! How does the text of a graph become few bytes, and text again?
//!
//! Records repeat the same IRIs of vocabularies and codes, each too short a text for a compressor to learn
//! them from. So every record is compressed with a sample of such IRIs as a shared dictionary. The sample
//! is part of the format: never edit a file that is in use, add a new one with the next number.

use std::cell::RefCell;
use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::error::LedgerError;

/// The first byte of a stored graph: which sample it was compressed with.
const SAMPLE_NUMBER: u8 = 1;
const SAMPLE: &[u8] = include_bytes!("sample_1.nt");
/// zstd's own default: with the sample it makes a fifth of the text or less.
const LEVEL: i32 = 3;
/// The text of one graph; more is damage, not data.
pub const GRAPH_BYTES_MAX: usize = 256 << 20;

static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(SAMPLE, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(SAMPLE));

thread_local! {
    static COMPRESSOR: RefCell<Compressor<'static>> = RefCell::new(
        Compressor::with_prepared_dictionary(&ENCODER).expect("memory for a compressor"),
    );
    static DECOMPRESSOR: RefCell<Decompressor<'static>> = RefCell::new(
        Decompressor::with_prepared_dictionary(&DECODER).expect("memory for a decompressor"),
    );
}

pub(super) fn compress(text: &str) -> Vec<u8> {
    let frame = COMPRESSOR.with_borrow_mut(|zstd| zstd.compress(text.as_bytes()));
    let frame = frame.expect("a buffer of the bound's size always suffices");
    let mut stored = Vec::with_capacity(frame.len() + 1);
    stored.push(SAMPLE_NUMBER);
    stored.extend_from_slice(&frame);
    stored
}

pub(super) fn decompress(stored: &[u8]) -> Result<String, LedgerError> {
    const DAMAGED: LedgerError = LedgerError::Damaged { what: "graph" };
    let (&number, frame) = stored.split_first().ok_or(DAMAGED)?;
    let size = Decompressor::upper_bound(frame).filter(|size| *size <= GRAPH_BYTES_MAX);
    let (SAMPLE_NUMBER, Some(size)) = (number, size) else {
        return Err(DAMAGED);
    };
    let text = DECOMPRESSOR.with_borrow_mut(|zstd| zstd.decompress(frame, size));
    String::from_utf8(text.map_err(|_| DAMAGED)?).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        for text in [
            "",
            "<a> <b> <c> .\n",
            &"<http://purl.org/dc/terms/title> \"é\" .\n".repeat(5_000),
        ] {
            assert_eq!(decompress(&compress(text)).unwrap(), text);
        }
    }

    #[test]
    fn damage_is_noticed() {
        let mut stored = compress("<http://purl.org/dc/terms/title>");
        stored.truncate(stored.len() - 1);
        for bad in [&[][..], &[9, 1, 2], &stored] {
            assert!(matches!(decompress(bad), Err(LedgerError::Damaged { .. })));
        }
    }
}
