//! What do the fuzz targets share? The two modules at our door, taken from the server's sources, so that a fuzzer is built
//! in a minute and not with the whole server; and small helpers.

#[path = "../../src/rdf/mod.rs"]
pub mod rdf;
#[path = "../../src/shacl/mod.rs"]
pub mod shacl;

use rdf::{Format, Triple, format};
use shacl::Limits;

/// Parts the shapes of an input from its data.
const SEPARATOR: &[u8] = b"\n---\n";

/// Reads Turtle; nothing when it is not well-formed.
pub fn turtle(bytes: &[u8]) -> Option<Vec<Triple>> {
    let quads = format::parse(bytes, Format::Turtle, Some("http://example.org/")).ok()?;
    Some(quads.into_iter().map(Triple::from).collect())
}

/// What stands before the separator, and what behind it.
pub fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.windows(SEPARATOR.len()).position(|window| window == SEPARATOR)?;
    Some((&bytes[..at], &bytes[at + SEPARATOR.len()..]))
}

/// Bounds that a fuzzer reaches in moments: whatever is asked, the answer comes.
pub fn limits() -> Limits {
    Limits {
        checks_max: 50_000,
        path_steps_max: 100_000,
        results_max: 1_000,
        sparql_steps_max: 20_000,
        sparql_rows_max: 2_000,
    }
}
