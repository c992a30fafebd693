//! How do build servers show the result? Each file is a suite, each record and profile a case.

use std::io::Write;

use anyhow::Result;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::FileCheck;

/// Writes the report. Warnings do not fail a case; they stand in its output.
pub(super) fn write(all: &[FileCheck], language: &str, out: &mut dyn Write) -> Result<()> {
    let mut report = Report::new("vesalius validate");
    for checks in all.chunk_by(|one, other| one.file == other.file) {
        let mut suite = TestSuite::new(checks[0].file.clone());
        suite.add_test_cases(checks.iter().map(|check| case(check, language)));
        report.add_test_suite(suite);
    }
    writeln!(out, "{}", report.to_string()?)?;
    Ok(())
}

fn case(check: &FileCheck, language: &str) -> TestCase {
    let checked = &check.checked;
    let lines = checked.lines(language).join("\n");
    let status = if checked.fits() {
        TestCaseStatus::success()
    } else {
        let kind = if checked.given_up.is_some() {
            NonSuccessKind::Error
        } else {
            NonSuccessKind::Failure
        };
        let mut status = TestCaseStatus::non_success(kind);
        status
            .set_message(format!("{} to mend", checked.violations()))
            .set_type(checked.profile.clone())
            .set_description(lines.clone());
        status
    };
    let mut case = TestCase::new(checked.iri.clone(), status);
    case.set_classname(checked.profile.clone());
    if checked.fits() && !lines.is_empty() {
        case.set_system_out(lines);
    }
    case
}
