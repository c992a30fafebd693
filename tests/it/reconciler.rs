//! Does a client of the Reconciliation Service API that others wrote map words to concepts? A real one, installed by the test.

use std::process::Command;

use crate::support::{demo, ends_well, python, repository};

/// Exact versions, so that the same is tested everywhere; the client wants a numpy before 2.
const PACKAGES: [&str; 3] = ["reconciler==0.2.2", "pandas==2.2.3", "numpy==1.26.4"];

#[test]
fn a_client_of_others_maps_a_column_of_words() {
    let Some(programs) = python::installed("reconciler", &PACKAGES) else {
        return;
    };
    ends_well(
        Command::new(programs.join("python"))
            .arg(repository("tests/it/support/reconciling.py"))
            .arg(&demo().base),
    );
}
