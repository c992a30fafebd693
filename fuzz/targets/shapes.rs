//! Do any shapes bring the compiler down? What it takes is tried on its own graph and shown as a form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vesalius_fuzz::shacl::{Data, Shapes};
use vesalius_fuzz::{limits, turtle};

fuzz_target!(|input: &[u8]| {
    let Some(triples) = turtle(input) else {
        return;
    };
    let shapes = match Shapes::compile(&triples) {
        Ok(shapes) => shapes,
        Err(error) => {
            assert!(!error.problems.is_empty());
            let _ = error.to_string();
            return;
        }
    };
    for class in shapes.target_classes() {
        for property in shapes.properties_of(class) {
            let _ = property.path.to_string();
        }
    }
    let _ = shapes.validate_within(&Data::new(&triples), &limits());
});
