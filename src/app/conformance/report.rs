//! How is the result told? For people, for build servers (`JUnit`), and as linked data (EARL).

use std::io::Write;

use anyhow::Result;
use jiff::Timestamp;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::table::Level;
use super::{Outcome, Verdict};
use crate::rdf::vocabulary::{dct, earl, foaf, rdf, xsd};
use crate::rdf::{
    BlankNode, Format, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple, format,
};

/// Where each check has an address.
const CHECKS: &str = "https://github.com/EUCAIM/vesalius/blob/main/docs/fair-data-point.md#";
/// What runs the suite.
const SOFTWARE: &str = "https://github.com/EUCAIM/vesalius";

/// How the result is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    /// For people, at a terminal.
    Human,
    /// The XML of `JUnit`, for build servers.
    Junit,
    /// EARL 1.0, as Turtle.
    Earl,
}

pub(super) fn write(
    output: Output,
    subject: &str,
    verdicts: &[Verdict],
    at: Timestamp,
    out: &mut dyn Write,
) -> Result<()> {
    match output {
        Output::Human => human(subject, verdicts, out),
        Output::Junit => junit(subject, verdicts, out),
        Output::Earl => earl(subject, verdicts, at, out),
    }
}

fn human(subject: &str, verdicts: &[Verdict], out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{subject}")?;
    let mut section = "";
    for verdict in verdicts {
        let check = verdict.check;
        if check.section() != section {
            section = check.section();
            writeln!(out, "\n{section}")?;
        }
        let (mark, why) = match &verdict.outcome {
            Outcome::Passed => ("ok   ", None),
            Outcome::Failed(why) if check.level == Level::Must => ("FAIL ", Some(why)),
            Outcome::Failed(why) => ("weak ", Some(why)),
            Outcome::Inapplicable(why) => ("-    ", Some(why)),
        };
        writeln!(
            out,
            "  {mark} {} {}: {}",
            check.level.word(),
            check.id,
            check.what
        )?;
        if let Some(why) = why {
            writeln!(out, "        {why}")?;
            writeln!(out, "        {}", check.clause)?;
        }
    }
    let tally = Tally::of(verdicts);
    writeln!(
        out,
        "\n{} kept, {} broken, {} recommended and not there, {} not applicable",
        tally.passed, tally.broken, tally.weak, tally.inapplicable
    )?;
    Ok(())
}

#[derive(Default)]
struct Tally {
    passed: usize,
    broken: usize,
    weak: usize,
    inapplicable: usize,
}

impl Tally {
    fn of(verdicts: &[Verdict]) -> Self {
        let mut tally = Self::default();
        for verdict in verdicts {
            let counted = match (&verdict.outcome, verdict.check.level) {
                (Outcome::Passed, _) => &mut tally.passed,
                (Outcome::Failed(_), Level::Must) => &mut tally.broken,
                (Outcome::Failed(_), Level::Should) => &mut tally.weak,
                (Outcome::Inapplicable(_), _) => &mut tally.inapplicable,
            };
            *counted += 1;
        }
        tally
    }
}

fn junit(subject: &str, verdicts: &[Verdict], out: &mut dyn Write) -> Result<()> {
    let mut report = Report::new("vesalius conformance fdp");
    let mut suite: Option<TestSuite> = None;
    for verdict in verdicts {
        let section = verdict.check.section();
        if suite
            .as_ref()
            .is_none_or(|suite| suite.name.as_str() != section)
        {
            report.add_test_suites(suite.take());
        }
        let suite = suite.get_or_insert_with(|| TestSuite::new(section));
        suite.add_test_case(case(subject, verdict));
    }
    report.add_test_suites(suite);
    writeln!(out, "{}", report.to_string()?)?;
    Ok(())
}

fn case(subject: &str, verdict: &Verdict) -> TestCase {
    let check = verdict.check;
    let status = match &verdict.outcome {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Failed(why) if check.level == Level::Must => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_message(check.what)
                .set_type(check.clause)
                .set_description(why.clone());
            status
        }
        Outcome::Failed(why) | Outcome::Inapplicable(why) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{}: {why}", check.what));
            status
        }
    };
    let mut case = TestCase::new(check.id, status);
    case.set_classname(subject);
    case
}

fn earl(subject: &str, verdicts: &[Verdict], at: Timestamp, out: &mut dyn Write) -> Result<()> {
    let mut page = Page(Vec::new());
    let software = NamedNode::new_unchecked(SOFTWARE);
    let target = NamedNode::new(subject)?;
    page.node(&software, rdf::TYPE, earl::SOFTWARE.into_owned());
    page.text(&software, foaf::NAME, "vesalius conformance fdp");
    page.node(&target, rdf::TYPE, earl::TEST_SUBJECT.into_owned());
    for verdict in verdicts {
        let check = verdict.check;
        let test = NamedNode::new_unchecked(format!("{CHECKS}{}", check.id));
        page.node(&test, rdf::TYPE, earl::TEST_REQUIREMENT.into_owned());
        page.text(&test, dct::IDENTIFIER, check.id);
        page.text(&test, dct::TITLE, check.what);
        page.text(
            &test,
            dct::SOURCE,
            &format!("{} ({})", check.clause, check.level.word()),
        );
        let (assertion, result) = (BlankNode::default(), BlankNode::default());
        page.node(&assertion, rdf::TYPE, earl::ASSERTION.into_owned());
        page.node(&assertion, earl::ASSERTED_BY, software.clone());
        page.node(&assertion, earl::SUBJECT, target.clone());
        page.node(&assertion, earl::TEST, test);
        page.node(&assertion, earl::MODE, earl::AUTOMATIC.into_owned());
        page.node(&assertion, earl::RESULT, result.clone());
        page.node(&result, rdf::TYPE, earl::TEST_RESULT.into_owned());
        let (outcome, why) = match &verdict.outcome {
            Outcome::Passed => (earl::PASSED, None),
            Outcome::Failed(why) => (earl::FAILED, Some(why)),
            Outcome::Inapplicable(why) => (earl::INAPPLICABLE, Some(why)),
        };
        page.node(&result, earl::OUTCOME, outcome.into_owned());
        let date = Literal::new_typed_literal(at.to_string(), xsd::DATE_TIME);
        page.add(&result, dct::DATE, date.into());
        if let Some(why) = why {
            page.text(&result, earl::INFO, why);
        }
    }
    let triples = page.0.iter().map(Triple::as_ref);
    out.write_all(&format::write_triples(Format::Turtle, triples))?;
    Ok(())
}

/// Statements as they are written.
struct Page(Vec<Triple>);

impl Page {
    fn add<S: Clone + Into<NamedOrBlankNode>>(
        &mut self,
        subject: &S,
        property: NamedNodeRef<'_>,
        object: Term,
    ) {
        self.0
            .push(Triple::new(subject.clone(), property.into_owned(), object));
    }

    fn node<S: Clone + Into<NamedOrBlankNode>>(
        &mut self,
        subject: &S,
        property: NamedNodeRef<'_>,
        object: impl Into<Term>,
    ) {
        self.add(subject, property, object.into());
    }

    fn text<S: Clone + Into<NamedOrBlankNode>>(
        &mut self,
        subject: &S,
        property: NamedNodeRef<'_>,
        text: &str,
    ) {
        self.add(subject, property, Literal::new_simple_literal(text).into());
    }
}
