//! Do any data bring the validator down under any shapes? Each report must be words and triples as well.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vesalius_fuzz::shacl::{Data, Shapes};
use vesalius_fuzz::{limits, split, turtle};

fuzz_target!(|input: &[u8]| {
    let Some((shapes, data)) = split(input) else {
        return;
    };
    let (Some(shapes), Some(data)) = (turtle(shapes), turtle(data)) else {
        return;
    };
    let Ok(shapes) = Shapes::compile(&shapes) else {
        return;
    };
    let Ok(report) = shapes.validate_within(&Data::new(&data), &limits()) else {
        return;
    };
    let triples = report.to_graph();
    assert!(triples.len() >= 2 + 5 * report.results.len());
    for result in &report.results {
        assert!(!result.message("de").is_empty() || !result.is_generated_message);
    }
});
