//! Does any document bring a parser down, or come back different from how it was written?

#![no_main]

use libfuzzer_sys::fuzz_target;
use vesalius_fuzz::rdf::{Format, Quad, format};

// The first byte chooses the format.
fuzz_target!(|input: &[u8]| {
    let Some((first, bytes)) = input.split_first() else {
        return;
    };
    let format = Format::ALL[usize::from(*first) % Format::ALL.len()];
    let base = Some("http://example.org/");
    let Ok(quads) = format::parse(bytes, format, base) else {
        return;
    };
    let written = format::write_quads(Format::NQuads, quads.iter().map(Quad::as_ref));
    let again =
        format::parse(&written, Format::NQuads, None).expect("what was written can be read");
    assert_eq!(quads, again, "what was written is what was read");
});
