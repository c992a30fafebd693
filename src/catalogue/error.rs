//! Why can a wish not be granted? In the words of the catalogue; the web floor chooses the status.

use super::checked::Checked;
use super::crosswalk::CrosswalkError;
use super::patch::PatchError;
use super::sheet::BookError;
use crate::ledger::LedgerError;
use crate::rdf::SyntaxError;
use crate::rdf::canonical::CanonicalError;
use crate::store::{QueryError, StoreError};

/// What stands in the way of a wish.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    #[error("there is no record {0}")]
    NotFound(String),
    #[error("the record {0} was withdrawn or deleted")]
    Gone(String),
    #[error("{0}")]
    Denied(String),
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    #[error("no subject of the document has the type of a {kind} ({classes})")]
    NoSubject { kind: String, classes: String },
    #[error(
        "the document describes no record: none of its subjects has the type of a catalogue, dataset, distribution, service, series or tool"
    )]
    Empty,
    #[error(
        "the record {iri} names no parent: say which {parents} it belongs to with dct:isPartOf"
    )]
    NoParent { iri: String, parents: String },
    #[error("the parent {parent} of the record {iri} is not here")]
    ParentNotFound { iri: String, parent: String },
    #[error("the parent {parent} of the record {iri} is a {kind}, but must be a {wanted}")]
    WrongParent {
        iri: String,
        parent: String,
        kind: String,
        wanted: String,
    },
    #[error("the parent {parent} of the record {iri} is not published: publish it first")]
    ParentNotPublic { iri: String, parent: String },
    #[error(
        "{0:?} cannot be the last part of an address: use letters, digits, - and _, at most 128"
    )]
    BadSlug(String),
    #[error("the address {0} is taken")]
    Taken(String),
    #[error("the statement {0} stands in no graph: put each record into a graph with its name")]
    Nameless(String),
    #[error("the record {0} stands in the request more than once")]
    Twice(String),
    #[error(
        "the record {iri} has changed: you started from version {expected}, it is now at {found}"
    )]
    Precondition {
        iri: String,
        expected: String,
        found: String,
    },
    #[error("say which version you change: send If-Match with the ETag that you read")]
    PreconditionRequired,
    #[error("a record that is {from} cannot become {to}")]
    Transition {
        iri: String,
        from: &'static str,
        to: &'static str,
    },
    #[error(
        "the catalogue of {iri} asks for {wanted} approvals before it is published; there are {found}"
    )]
    NotAgreed {
        iri: String,
        wanted: u32,
        found: usize,
    },
    #[error("a remark or a request for changes says something, and this one says nothing")]
    NothingSaid,
    #[error("the catalogue of that instant is larger than the {max} {what} that are put together")]
    InstantTooLarge { what: &'static str, max: u64 },
    #[error("{field} cannot be set so: {why}")]
    NotSettable { field: String, why: String },
    #[error("nothing was done: all of them have this value already")]
    NothingToSet,
    #[error("nothing was done: {count} of the records stand in the way; {iri}: {why}")]
    BulkRefused {
        iri: String,
        why: String,
        count: usize,
    },
    #[error("there is no bulk action {0} of yours")]
    NoBulk(i64),
    #[error("bulk action {0} was undone before")]
    UndoneBefore(i64),
    #[error("the {what} is longer than {max} characters")]
    TooLong { what: &'static str, max: usize },
    #[error("the review has {max} remarks already")]
    TooManyRemarks { max: usize },
    #[error("{0} is no catalogue: the rules of reviewing are those of catalogues")]
    NoRules(String),
    #[error("a rule asks for at most {max} approvals")]
    TooManyApprovals { max: u32 },
    #[error("{by} cannot stand in the place of {iri}: {why}")]
    BadReplacement {
        iri: String,
        by: String,
        why: &'static str,
    },
    #[error("the record {} does not fit the profile {}", .0.iri, .0.profile)]
    Invalid(Box<Checked>),
    #[error(
        "the document holds {found} records, more than the {max} that one request may bring: use the command line, `vesalius load` or `vesalius validate`"
    )]
    TooMany { found: usize, max: usize },
    #[error("the record {iri} is too tangled to be kept: {source}")]
    Poison { iri: String, source: CanonicalError },
    #[error("there is no profile {name}; there are {known}")]
    NoProfile { name: String, known: String },
    #[error("there is no way from {from} to {to}; there is {known}")]
    NoMigration {
        from: String,
        to: String,
        known: String,
    },
    #[error(transparent)]
    Book(#[from] BookError),
    #[error(transparent)]
    Patch(#[from] PatchError),
    #[error(transparent)]
    Crosswalk(#[from] CrosswalkError),
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the work was given up: {0}")]
    Interrupted(String),
}
