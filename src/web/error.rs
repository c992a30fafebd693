//! Which status, and which words, does a failure get? The only place of status codes: RFC 9457
//! problems for machines, a page for people, a SHACL report for RDF clients.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::negotiate::{self, Representation};
use super::server::{Door, language_of};
use super::showing;
use crate::auth::{OidcError, SignInError};
use crate::catalogue::sheet::BookError;
use crate::catalogue::{CatalogueError, Checked};
use crate::ledger::LedgerError;
use crate::rdf::format;
use crate::store::QueryError;

/// Every failure that a client can see.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error("there is nothing at {0}")]
    NotFound(String),
    #[error("{method} is not possible here; {allowed} is")]
    MethodNotAllowed {
        method: String,
        allowed: &'static str,
    },
    #[error("none of the representations you accept ({accept}) can be had; there are {offered}")]
    NotAcceptable { accept: String, offered: String },
    /// None of the profiles that are asked for.
    #[error("this cannot be had in the profile {asked}; it can in {}", tokens(.offered))]
    NoProfile {
        asked: String,
        offered: Vec<Offered>,
    },
    #[error("a body of type {found} is not understood; send one of {known}")]
    UnsupportedMediaType { found: String, known: String },
    #[error("the body is in the charset {0}; send UTF-8")]
    Charset(String),
    #[error("the body is larger than {max} bytes")]
    TooLarge { max: usize },
    #[error("the body could not be read: {0}")]
    Body(String),
    #[error("the parameter {name}: {message}")]
    Parameter { name: &'static str, message: String },
    #[error("{0}")]
    Unauthorized(String),
    #[error("{0}")]
    Forbidden(String),
    #[error("too many queries are running; try again in {0} seconds")]
    Busy(u32),
    #[error("the query was stopped to make room for those of others; try again in {0} seconds")]
    MadeRoom(u32),
    #[error("{why}; try again in {seconds} seconds")]
    Throttled { seconds: u32, why: &'static str },
    #[error("the answer is longer than {max} bytes, and HTTP/1.0 cannot tell when it breaks off")]
    NeedsChunks { max: usize },
    #[error("too many attempts to sign in; try again in {0} seconds")]
    TooManyAttempts(u32),
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error("{0} is made by this server itself and cannot be written")]
    ReadOnly(String),
    #[error("the body is not the JSON that is wanted here: {0}")]
    Json(String),
    #[error("{what} cannot be changed over HTTP")]
    Operators {
        what: &'static str,
        instead: &'static str,
        allowed: &'static str,
    },
    #[error("the answer has {length} bytes, and none of those that you ask for")]
    Range { length: u64 },
    #[error("the request with this Idempotency-Key is still being answered")]
    KeyRunning,
    #[error("the Idempotency-Key {0:?} was used for another request")]
    KeyUsed(String),
    /// The report of a batch that was not stored.
    #[error("nothing was changed: some of the records cannot be stored as they are")]
    Batch(Box<Value>),
    /// The report of a file that was not stored.
    #[error("nothing was stored: something in the file must be mended first")]
    Sheet(Box<Value>),
}

/// A profile that can be had instead.
#[derive(Debug)]
pub struct Offered {
    pub token: String,
    pub uri: Option<String>,
    pub url: Option<String>,
}

fn tokens(offered: &[Offered]) -> String {
    let tokens: Vec<&str> = offered.iter().map(|one| one.token.as_str()).collect();
    tokens.join(", ")
}

/// The result of a handler.
pub type Answer = Result<HttpResponse, WebError>;

struct Problem {
    status: StatusCode,
    /// Last part of the address of the kind of problem.
    name: &'static str,
    title: &'static str,
    /// What to do now.
    help: String,
}

impl WebError {
    fn problem(&self) -> Problem {
        match self {
            Self::Catalogue(error) => of_catalogue(error),
            Self::NotFound(_) => problem(
                404,
                "not-found",
                "Nothing here",
                "Check the address, or search for what you are after.",
            ),
            Self::MethodNotAllowed { .. } => problem(
                405,
                "method-not-allowed",
                "Not possible here",
                "Use one of the methods that the Allow header lists.",
            ),
            Self::NotAcceptable { .. } => problem(
                406,
                "not-acceptable",
                "No such representation",
                "Ask for one of the listed media types in Accept, or add ?format=ttl to the address.",
            ),
            Self::NoProfile { .. } => problem(
                406,
                "no-profile",
                "Not in this profile",
                "Ask for one of the profiles that are listed, by its address in Accept-Profile or by ?profile= and its token.",
            ),
            Self::UnsupportedMediaType { .. } => problem(
                415,
                "unsupported-media-type",
                "Unknown kind of body",
                "Set Content-Type to the format that the body is written in.",
            ),
            Self::Charset(_) => problem(
                415,
                "unsupported-charset",
                "Unknown charset",
                "Convert the body to UTF-8 and send charset=utf-8, or no charset at all.",
            ),
            Self::TooLarge { .. } => problem(
                413,
                "too-large",
                "Body too large",
                "Send fewer records at once, or load the file on the server with `vesalius load`.",
            ),
            Self::Body(_) => problem(
                400,
                "bad-body",
                "Body not readable",
                "Send the whole body, in UTF-8.",
            ),
            Self::Parameter { .. } => problem(
                400,
                "bad-parameter",
                "Parameter not understood",
                "Correct the parameter that is named.",
            ),
            Self::Unauthorized(_) => problem(
                401,
                "unauthorized",
                "Token not accepted",
                "Leave the Authorization header out to read what is public, or ask a steward for a new token.",
            ),
            Self::Forbidden(_) => problem(
                403,
                "forbidden",
                "Not allowed",
                "Send a token that may do this: Authorization: Bearer ves_…",
            ),
            Self::Busy(_) | Self::MadeRoom(_) => {
                problem(503, "busy", "Too busy", "Wait a little and try again.")
            }
            Self::Throttled { .. } => problem(
                429,
                "too-many-queries",
                "Too many queries",
                "Wait as long as Retry-After says, and send your queries one after the other.",
            ),
            Self::NeedsChunks { .. } => problem(
                426,
                "needs-http-1.1",
                "Answer too long for HTTP/1.0",
                "Use HTTP/1.1 (a proxy in between may need a setting: proxy_http_version 1.1), or ask for less with LIMIT.",
            ),
            Self::TooManyAttempts(_) => problem(
                429,
                "too-many-attempts",
                "Too many attempts",
                "Wait a little and try again.",
            ),
            Self::SignIn(error) => of_sign_in(error),
            Self::Json(_) => problem(
                400,
                "bad-json",
                "JSON not understood",
                "Send a JSON object with the members that docs/fair-data-point.md lists for this address.",
            ),
            Self::Operators { instead, .. } => {
                problem(405, "operators", "Set by the operator", instead)
            }
            Self::Range { .. } => problem(
                416,
                "range",
                "No such part",
                "Ask for the whole, or for a part that lies in it.",
            ),
            Self::KeyRunning => problem(
                409,
                "key-running",
                "Still being answered",
                "Wait a little, and send the same request again with the same key.",
            ),
            Self::KeyUsed(_) => problem(
                422,
                "key-used",
                "The key was used",
                "Send every new request with a key of its own; the same key only with the very same request.",
            ),
            Self::Batch(_) => problem(
                400,
                "batch",
                "Nothing was changed",
                "Mend what stands beside each record and send the whole batch again.",
            ),
            Self::Sheet(_) => problem(
                400,
                "sheet",
                "The file was not stored",
                "Mend what the problems name, each with its sheet, row and column, and send the file again.",
            ),
            Self::ReadOnly(_) => problem(
                405,
                "read-only",
                "Cannot be written",
                "Write the record itself.",
            ),
        }
    }

    /// The status that answers this failure.
    pub fn status(&self) -> StatusCode {
        self.problem().status
    }

    /// Whether somebody was not let in: by a token, a provider or a password.
    pub fn is_refusal(&self) -> bool {
        use SignInError as E;
        match self {
            Self::Unauthorized(_) | Self::TooManyAttempts(_) => true,
            Self::SignIn(error) => match error {
                E::UnknownAttempt
                | E::Refused { .. }
                | E::LinkedElsewhere
                | E::CannotLink
                | E::UnknownIssuer
                | E::Token(_)
                | E::Opaque
                | E::Oidc(OidcError::Refused { .. } | OidcError::Token { .. }) => true,
                E::UnknownProvider(_) | E::Oidc(_) | E::NoRandomness(_) | E::Ledger(_) => false,
            },
            _ => false,
        }
    }

    /// The answer in the form that the client reads best.
    pub fn answer(&self, door: &Door, request: &HttpRequest) -> HttpResponse {
        let problem = self.problem();
        if problem.status.is_server_error() && problem.status != StatusCode::SERVICE_UNAVAILABLE {
            tracing::error!(error = ?self, path = request.path(), "a request failed");
        }
        let mut response = self.body(door, request, &problem);
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::CACHE_CONTROL, "no-store");
        set(header::VARY, super::VARY);
        match self {
            Self::Unauthorized(_) | Self::SignIn(_)
                if problem.status == StatusCode::UNAUTHORIZED =>
            {
                set(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
            }
            Self::MethodNotAllowed { allowed, .. } | Self::Operators { allowed, .. } => {
                set(header::ALLOW, allowed);
            }
            Self::Busy(seconds)
            | Self::MadeRoom(seconds)
            | Self::Throttled { seconds, .. }
            | Self::TooManyAttempts(seconds) => {
                set(header::RETRY_AFTER, &seconds.to_string());
            }
            Self::NeedsChunks { .. } => set(header::UPGRADE, "HTTP/1.1"),
            Self::Range { length } => set(header::CONTENT_RANGE, &format!("bytes */{length}")),
            _ => (),
        }
        response
    }

    fn body(&self, door: &Door, request: &HttpRequest, problem: &Problem) -> HttpResponse {
        let accept = request
            .headers()
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok());
        let invalid = match self {
            Self::Catalogue(CatalogueError::Invalid(checked)) => Some(checked),
            _ => None,
        };
        let machine: &[&str] = &["application/problem+json", "application/json"];
        let html: &[&str] = &["text/html"];
        if let Some(checked) = invalid {
            // The FAIR Data Point answers with the report as a graph, in Turtle by default.
            let offered: Vec<&[&str]> = format::Format::ALL
                .iter()
                .map(|format| format.media_types())
                .chain([machine, html])
                .collect();
            match negotiate::choose(accept, &offered) {
                Some(at) if at < format::Format::ALL.len() => {
                    return report(problem.status, checked, format::Format::ALL[at]);
                }
                Some(at) if offered[at] == html => return self.page(door, request, problem),
                _ => return self.json(door, request, problem),
            }
        }
        match negotiate::choose(accept, &[machine, html]) {
            Some(1) => self.page(door, request, problem),
            _ => self.json(door, request, problem),
        }
    }

    /// What is told of the failure. What was our fault is logged, and shown without its chain.
    fn detail(&self, problem: &Problem) -> String {
        if problem.status == StatusCode::INTERNAL_SERVER_ERROR {
            "something went wrong on our side; it has been logged".to_owned()
        } else {
            self.to_string()
        }
    }

    fn json(&self, door: &Door, request: &HttpRequest, problem: &Problem) -> HttpResponse {
        let mut body = Map::new();
        let base = door.base();
        body.insert(
            "type".to_owned(),
            json!(format!("{base}/about#problem-{}", problem.name)),
        );
        body.insert("title".to_owned(), json!(problem.title));
        body.insert("status".to_owned(), json!(problem.status.as_u16()));
        body.insert("detail".to_owned(), json!(self.detail(problem)));
        body.insert("instance".to_owned(), json!(request.path()));
        body.insert("help".to_owned(), json!(problem.help));
        // What clients of the reference FAIR Data Point read.
        body.insert("error".to_owned(), json!(problem.status.canonical_reason()));
        body.insert("message".to_owned(), json!(self.detail(problem)));
        body.insert("path".to_owned(), json!(request.path()));
        self.extend(&mut body, language_of(request));
        HttpResponse::build(problem.status)
            .content_type("application/problem+json")
            .body(Value::Object(body).to_string())
    }

    /// Members that let a program find the place: RFC 9457 §3.2.
    fn extend(&self, body: &mut Map<String, Value>, language: &str) {
        let mut set = |name: &str, value: Value| {
            body.insert(name.to_owned(), value);
        };
        match self {
            Self::Catalogue(CatalogueError::Syntax(error)) => {
                set("line", json!(error.line));
                set("column", json!(error.column));
                set("format", json!(error.format.name()));
            }
            Self::Catalogue(CatalogueError::Invalid(checked)) => {
                set("profile", json!(checked.profile));
                set("violations", checked.violations_json(language));
            }
            Self::Catalogue(CatalogueError::NoParent { .. }) => {
                set("field", json!("dct:isPartOf"));
            }
            Self::Catalogue(
                CatalogueError::ParentNotFound { parent, .. }
                | CatalogueError::WrongParent { parent, .. }
                | CatalogueError::ParentNotPublic { parent, .. },
            ) => {
                set("field", json!("dct:isPartOf"));
                set("value", json!(parent));
            }
            Self::Catalogue(CatalogueError::Query(QueryError::Syntax { line, column, .. })) => {
                set("line", json!(line));
                set("column", json!(column));
            }
            Self::Parameter { name, .. } => {
                set("field", json!(name));
            }
            Self::NoProfile { offered, .. } => {
                let one =
                    |one: &Offered| json!({ "token": one.token, "uri": one.uri, "url": one.url });
                set("profiles", offered.iter().map(one).collect());
            }
            Self::Sheet(report) | Self::Batch(report) => {
                for (name, value) in report.as_object().into_iter().flatten() {
                    set(name, value.clone());
                }
            }
            _ => (),
        }
    }

    fn page(&self, door: &Door, request: &HttpRequest, problem: &Problem) -> HttpResponse {
        let violations = match self {
            Self::Catalogue(CatalogueError::Invalid(checked)) => {
                checked.lines(language_of(request))
            }
            _ => Vec::new(),
        };
        let what = self.detail(problem);
        let advice = problem.help.clone();
        showing::error(door, request, problem.status, what, advice, violations)
    }
}

fn report(status: StatusCode, checked: &Checked, format: format::Format) -> HttpResponse {
    let graph = checked.report.to_graph();
    let bytes = format::write_triples(format, graph.iter().map(oxrdf::Triple::as_ref));
    HttpResponse::build(status)
        .content_type(Representation::Rdf(format).content_type_of(&bytes))
        .body(bytes)
}

fn problem(status: u16, name: &'static str, title: &'static str, help: &str) -> Problem {
    let status = StatusCode::from_u16(status).expect("the table holds real codes");
    Problem {
        status,
        name,
        title,
        help: help.to_owned(),
    }
}

fn internal() -> Problem {
    problem(
        500,
        "internal",
        "Our fault",
        "Try again later; if it happens again, tell the operator when it happened.",
    )
}

fn of_catalogue(error: &CatalogueError) -> Problem {
    use CatalogueError as E;
    match error {
        E::NotFound(_) => problem(
            404,
            "not-found",
            "No such record",
            "Check the address, or search for the record.",
        ),
        E::Gone(_) => problem(
            410,
            "gone",
            "The record is gone",
            "Its publisher took it away; its address stays reserved. Search for a newer one.",
        ),
        E::Denied(_) => problem(
            403,
            "forbidden",
            "Not allowed",
            "Send a token that may do this: Authorization: Bearer ves_…",
        ),
        E::Syntax(_) => problem(
            400,
            "not-well-formed",
            "The document cannot be read",
            "Correct the document at the place that is named and send it again; nothing was changed.",
        ),
        E::NoSubject { .. } | E::Empty => problem(
            400,
            "no-record",
            "No record in the document",
            "Give the thing that the document describes its rdf:type, for example dcat:Dataset.",
        ),
        E::NoParent { .. } => problem(
            400,
            "no-parent",
            "Metadata has no parent",
            "Add dct:isPartOf with the address of the catalogue (or dataset) that it belongs to.",
        ),
        E::ParentNotFound { .. } | E::WrongParent { .. } => problem(
            400,
            "wrong-parent",
            "The parent does not fit",
            "Point dct:isPartOf to a record that exists here and has the right kind.",
        ),
        E::ParentNotPublic { .. } => problem(
            409,
            "parent-not-public",
            "The parent is not published",
            "Publish the parent first.",
        ),
        E::BadSlug(_) => problem(
            400,
            "bad-slug",
            "The address cannot be used",
            "Choose another slug.",
        ),
        E::Taken(_) => problem(
            409,
            "taken",
            "The address is taken",
            "Choose another slug, or replace the record with PUT.",
        ),
        E::Nameless(_) => problem(
            400,
            "nameless",
            "A statement without a graph",
            "Put the statements of each record into a graph named by the record's IRI.",
        ),
        E::Twice(_) => problem(
            400,
            "twice",
            "A record twice",
            "Say of each record once what is to become of it.",
        ),
        E::Precondition { .. } => problem(
            412,
            "changed",
            "Somebody was faster",
            "Read the record again, put your change into it, and send it with the new ETag.",
        ),
        E::PreconditionRequired => problem(
            428,
            "precondition-required",
            "If-Match is needed",
            "Read the record, and send its ETag in If-Match with your change.",
        ),
        E::Transition { .. } => problem(
            400,
            "transition",
            "Not from this state",
            "Look at the state of the record: GET its address with /meta at the end.",
        ),
        E::NotAgreed { .. } => problem(
            409,
            "not-agreed",
            "Others must agree first",
            "Store it as a draft with ?state=draft, and hand it in for review: POST its address with /review at the end.",
        ),
        E::InstantTooLarge { .. } => problem(
            413,
            "instant-too-large",
            "Too much for a look back",
            "Ask for single records with Accept-Datetime, or query the present without at=.",
        ),
        E::BulkRefused { .. } | E::UndoneBefore(_) => problem(
            409,
            "bulk-refused",
            "Not done to all, so to none",
            "Send it with preview=true to see what stands in the way of which record.",
        ),
        E::NotSettable { .. }
        | E::NothingToSet
        | E::NoBulk(_)
        | E::NothingSaid
        | E::TooLong { .. }
        | E::TooManyRemarks { .. }
        | E::NoRules(_)
        | E::TooManyApprovals { .. }
        | E::BadReplacement { .. } => problem(
            400,
            "not-taken",
            "Not taken",
            "Change what is named, and send it again; nothing was changed.",
        ),
        E::Invalid(_) => problem(
            400,
            "invalid",
            "The record does not fit its profile",
            "Mend what the violations name and send it again; or store it as a draft with ?state=draft.",
        ),
        E::TooMany { .. } => problem(
            413,
            "too-many",
            "Too many records",
            "Load the file on the server with `vesalius load`, or check it with `vesalius validate`.",
        ),
        E::Poison { .. } => problem(
            400,
            "poison",
            "The document is too tangled",
            "Give the blank nodes of the document IRIs.",
        ),
        E::NoProfile { .. } => problem(
            400,
            "no-profile",
            "No such profile",
            "Choose one of the profiles that are named.",
        ),
        E::NoMigration { .. } => problem(
            400,
            "no-migration",
            "No such migration",
            "Choose one of the ways that are named.",
        ),
        E::Patch(_) => problem(
            400,
            "patch",
            "The patch cannot be used",
            "Correct what is named and send it again; nothing was changed. docs/batch.md shows both kinds of patch.",
        ),
        E::Crosswalk(_) => problem(
            400,
            "crosswalk",
            "Not understood",
            "Send what the software's interface gives for a dataset, as it is; nothing was changed.",
        ),
        E::Book(BookError::Unpacked { .. } | BookError::TooMany { .. }) => problem(
            413,
            "file-too-large",
            "The file is too large",
            "Split the file, or load RDF on the server with `vesalius load`.",
        ),
        E::Book(BookError::Writing(_)) => internal(),
        E::Book(_) => problem(
            400,
            "file",
            "The file cannot be read",
            "Save it anew as a workbook (.xlsx) with values only, or as «CSV UTF-8», and send it again; nothing was changed.",
        ),
        E::Query(error) => of_query(error),
        E::Ledger(LedgerError::TooMuch { .. }) => problem(
            413,
            "too-much",
            "Too much at once",
            "Send fewer or smaller records, or load the file on the server with `vesalius load`.",
        ),
        E::Ledger(_) | E::Store(_) | E::Interrupted(_) => internal(),
    }
}

fn of_sign_in(error: &SignInError) -> Problem {
    use SignInError as E;
    match error {
        E::UnknownProvider(_) => problem(
            404,
            "no-provider",
            "No such identity provider",
            "Choose one of those that /sign-in lists.",
        ),
        E::UnknownAttempt => problem(
            400,
            "sign-in-unknown",
            "Sign-in not known",
            "Begin again at /sign-in, in the same browser, and allow its cookie.",
        ),
        E::Refused { .. } | E::Oidc(OidcError::Refused { .. }) => problem(
            403,
            "sign-in-refused",
            "Not signed in",
            "Begin again at /sign-in; if it goes on, ask your identity provider.",
        ),
        E::LinkedElsewhere | E::CannotLink => problem(
            409,
            "not-linked",
            "Not linked",
            "Look at /account, and unlink what is in the way.",
        ),
        E::UnknownIssuer | E::Token(_) | E::Opaque | E::Oidc(OidcError::Token { .. }) => problem(
            401,
            "unauthorized",
            "Token not accepted",
            "Get a new token from an identity provider that /sign-in lists, made out to this address.",
        ),
        E::Oidc(OidcError::Unreachable { .. }) => problem(
            503,
            "provider-unreachable",
            "Identity provider not reached",
            "Wait a little and try again; reading needs no account.",
        ),
        E::Oidc(OidcError::NotBelieved { .. }) => problem(
            502,
            "provider-not-believed",
            "Identity provider not believed",
            "Begin again at /sign-in; if it goes on, tell the steward of this Atlas.",
        ),
        E::Oidc(OidcError::Settings { .. }) | E::NoRandomness(_) | E::Ledger(_) => internal(),
    }
}

fn of_query(error: &QueryError) -> Problem {
    match error {
        QueryError::Syntax { .. } => problem(
            400,
            "query-syntax",
            "The query cannot be read",
            "Correct the query at the place that is named.",
        ),
        QueryError::Timeout => problem(
            504,
            "query-timeout",
            "The query took too long",
            "Ask for less: add LIMIT, or a pattern that narrows the search.",
        ),
        QueryError::Cancelled => problem(
            503,
            "query-cancelled",
            "The query was stopped",
            "Send it again.",
        ),
        QueryError::TooMuchWork
        | QueryError::TooMuchMemory
        | QueryError::TooManyRows(_)
        | QueryError::TooComplex => problem(
            400,
            "query-budget",
            "The query is too large",
            "Ask for less: add LIMIT, or a pattern that narrows the search.",
        ),
        QueryError::Damaged => internal(),
        QueryError::Service => problem(
            400,
            "query-service",
            "No federated queries",
            "Leave SERVICE out: this server asks no other.",
        ),
        QueryError::Endpoint(_) => problem(
            400,
            "query-service",
            "That endpoint is not asked from here",
            "Ask it directly, or ask the operator to name it in `query_services`.",
        ),
        QueryError::Elsewhere(_) => problem(
            502,
            "query-elsewhere",
            "Another endpoint did not answer",
            "Try again later, write SERVICE SILENT to go on without it, or leave it out.",
        ),
        QueryError::Function(_) | QueryError::Evaluation(_) => problem(
            400,
            "query-failed",
            "The query failed",
            "Look at the message; often a function got a value that it does not take.",
        ),
    }
}
