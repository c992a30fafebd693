//! How do build servers show the result? Each file is a suite, each record and profile a case.

use std::io::Write;

use anyhow::Result;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{FileCheck, Teller};

/// Gathers the suites: the head of the report counts what follows. Warnings do not fail a case; they stand in its output.
pub(super) struct Suites {
    language: String,
    report: Report,
    /// That of the file whose records come now.
    suite: Option<TestSuite>,
}

impl Suites {
    pub(super) fn new(language: String) -> Self {
        Self {
            language,
            report: Report::new("vesalius validate"),
            suite: None,
        }
    }

    fn close(&mut self) {
        self.report.add_test_suites(self.suite.take());
    }
}

impl Teller for Suites {
    fn tell(&mut self, check: &FileCheck, _: &mut dyn Write) -> Result<()> {
        if self
            .suite
            .as_ref()
            .is_none_or(|suite| suite.name.as_str() != check.file)
        {
            self.close();
        }
        let suite = self
            .suite
            .get_or_insert_with(|| TestSuite::new(check.file.clone()));
        suite.add_test_case(case(check, &self.language));
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        self.close();
        writeln!(out, "{}", self.report.to_string()?)?;
        Ok(())
    }
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
