//! Spreadsheets over HTTP: templates, records in sheets, and files that are checked and stored whole or not at all.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use moka::sync::Cache;
use serde_json::{Value, json};

use super::api;
use super::error::{Answer, WebError};
use super::linked_data::write::signed_in;
use super::multipart::{self, Part};
use super::pages::sheets::{Change, Effect, Mend, Report, Row, SheetsPage, TemplateLinks};
use super::pages::site::Section;
use super::pages::text::{Choice, Link};
use super::server::{Door, header_text, language_of, media_type, parameter};
use super::{VARY, answered, body, idempotency, showing};
use crate::auth::Actor;
use crate::catalogue::projection::blocking;
use crate::catalogue::sheet::download::{RECORDS_MAX, Selected, Written};
use crate::catalogue::sheet::upload::{Checkup, Problem, Told, Wanted};
use crate::catalogue::sheet::{Book, BookError, csv, xlsx};
use crate::catalogue::writing::batch::{self, Run};
use crate::catalogue::{CatalogueError, Lookup, Record, View};
use crate::ledger::{ROWS_MAX, Seen};
use crate::rdf::NamedNode;

/// The media type of workbooks.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv";
/// What a client that came too late waits, in seconds.
const BUSY_SECONDS: u32 = 10;
/// Files that wait for the decision of their sender: how long, and how many bytes all together.
const KEPT_FOR: Duration = Duration::from_secs(30 * 60);
const KEPT_BYTES_MAX: u64 = 96 * 1024 * 1024;
/// How many records a page shows one by one.
const SHOWN_MAX: usize = 500;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    let sheets = web::resource("/sheets").wrap(from_fn(idempotency::once));
    service
        .service(
            sheets
                .route(web::get().to(page))
                .route(web::post().to(send)),
        )
        .route("/sheets.{form:xlsx|csv}", web::get().to(take))
        .route(
            "/templates/{profile:.+}.{form:xlsx|csv}",
            web::get().to(template),
        );
}

/// A file whose sender has seen what it would change, and has not decided yet.
pub struct Kept {
    author: String,
    sent: Sent,
    /// What the sender has seen.
    seen: String,
}

/// Files by the names that only their senders know.
pub type KeptFiles = Cache<String, Arc<Kept>>;

/// No files yet.
pub fn kept_files() -> KeptFiles {
    let weight =
        |_: &String, kept: &Arc<Kept>| u32::try_from(kept.sent.bytes.len()).unwrap_or(u32::MAX);
    Cache::builder()
        .max_capacity(KEPT_BYTES_MAX)
        .weigher(weight)
        .time_to_live(KEPT_FOR)
        .build()
}

/// A file as it was sent.
#[derive(Clone)]
struct Sent {
    name: String,
    form: Form,
    bytes: Arc<Vec<u8>>,
    wanted: Wanted,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Book,
    Table,
}

impl Form {
    fn of_extension(extension: &str) -> Self {
        if extension.eq_ignore_ascii_case("csv") {
            Self::Table
        } else {
            Self::Book
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Book => XLSX,
            Self::Table => CSV,
        }
    }
}

async fn page(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let view = door.view(&request).await?;
        Ok(showing::answer(
            StatusCode::OK,
            &blank(&door, &request, &view),
        ))
    };
    answered(&door, &request, answer.await)
}

/// `GET /templates/{profile}.xlsx`, and `.csv?kind=dataset`.
async fn template(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let profile = request.match_info().get("profile").unwrap_or_default();
        if door.catalogue.profiles().get(profile).is_none() {
            return Err(WebError::NotFound(request.path().to_owned()));
        }
        let kind = parameter(&request, "kind");
        let form = Form::of_extension(request.match_info().get("form").unwrap_or_default());
        let kind = kind.or_else(|| (form == Form::Table).then(|| "dataset".to_owned()));
        let (catalogue, language) = (door.catalogue.clone(), language_of(&request));
        let (profile, name) = (profile.to_owned(), profile.to_owned());
        let make = move || {
            let sheets = catalogue.template(Some(&profile), kind.as_deref(), language);
            written(&sheets, form, language)
        };
        let permit = Arc::clone(&door.exports).try_acquire_owned();
        let _permit = permit.map_err(|_| WebError::Busy(BUSY_SECONDS))?;
        Ok(file(&name, form, blocking(make).await?))
    };
    answered(&door, &request, answer.await)
}

/// `GET /sheets.xlsx` with the words of a search, or `?in=/catalog/…`.
async fn take(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let form = Form::of_extension(request.match_info().get("form").unwrap_or_default());
        let permit = Arc::clone(&door.exports).try_acquire_owned();
        let _permit = permit.map_err(|_| WebError::Busy(BUSY_SECONDS))?;
        let view = door.view(&request).await?;
        let records = selected(&door, &request, &view).await?;
        let kind = parameter(&request, "kind");
        let kind = kind.or_else(|| (form == Form::Table).then(|| "dataset".to_owned()));
        let profile = parameter(&request, "profile");
        let (catalogue, language) = (door.catalogue.clone(), language_of(&request));
        let make = move || {
            let wanted = (profile.as_deref(), kind.as_deref());
            let sheets = catalogue.in_sheets(records, wanted, language);
            written(&sheets, form, language)
        };
        Ok(file("records", form, blocking(make).await?))
    };
    answered(&door, &request, answer.await)
}

fn written(sheets: &[Written], form: Form, language: &str) -> Result<Vec<u8>, CatalogueError> {
    match form {
        Form::Book => Ok(xlsx::write(sheets, language)?),
        Form::Table => {
            let heads = sheets.iter().take(1).flat_map(|sheet| {
                let headings = sheet.columns.iter().map(|column| column.heading.clone());
                let rows = sheet.help.iter().chain(&sheet.rows).cloned();
                std::iter::once(headings.collect()).chain(rows)
            });
            Ok(csv::write(heads).into_bytes())
        }
    }
}

fn file(name: &str, form: Form, bytes: Vec<u8>) -> HttpResponse {
    let extension = match form {
        Form::Book => "xlsx",
        Form::Table => "csv",
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, VARY));
    let disposition = format!("attachment; filename=\"{name}.{extension}\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        response.insert_header((header::CONTENT_DISPOSITION, disposition));
    }
    let charset = if form == Form::Table {
        "; charset=utf-8"
    } else {
        ""
    };
    response
        .content_type(format!("{}{charset}", form.media_type()))
        .body(bytes)
}

/// The records that a request names: a catalogue with all below it as the reader may see it, else what a search finds.
async fn selected(
    door: &Door,
    request: &HttpRequest,
    view: &View,
) -> Result<Vec<Selected>, WebError> {
    if let Some(named) = parameter(request, "in") {
        let path = door.base().path(&named).unwrap_or(&named).to_owned();
        let record = view.record(&path).await?;
        return below(view, record).await;
    }
    let query = api::query_of(request);
    let index = Arc::clone(&door.index);
    let found = blocking(move || {
        let mut found = Vec::new();
        let all = index.each(&query, |hit| {
            found.push(hit.iri);
            if found.len() > RECORDS_MAX {
                return Err(Broken::TooMany);
            }
            Ok(())
        });
        match all {
            Ok(_) => Ok(found),
            Err(Broken::TooMany) => Err(CatalogueError::TooMany {
                found: found.len(),
                max: RECORDS_MAX,
            }),
            Err(Broken::Search(error)) => Err(CatalogueError::Interrupted(error.to_string())),
        }
    });
    let mut records = Vec::new();
    for iri in found.await? {
        if let Lookup::Found(record) = view.lookup_iri(&iri).await? {
            records.push(one(view, *record).await?);
        }
    }
    Ok(records)
}

/// Why the hits of a search were not all gathered.
enum Broken {
    Search(crate::search::Error),
    TooMany,
}

impl From<crate::search::Error> for Broken {
    fn from(error: crate::search::Error) -> Self {
        Self::Search(error)
    }
}

async fn below(view: &View, record: Record) -> Result<Vec<Selected>, WebError> {
    let (mut records, mut open) = (Vec::new(), vec![record]);
    while let Some(record) = open.pop() {
        let ledger = view.catalogue().ledger();
        let mut after = 0;
        loop {
            let iri = record.iri.as_str();
            let children = ledger.children(iri, None, Seen::All, after, ROWS_MAX).await;
            let children = children.map_err(CatalogueError::from)?;
            let Some(last) = children.last() else { break };
            after = last.record;
            let is_last = children.len() < ROWS_MAX;
            for child in children {
                if let Lookup::Found(child) = view.lookup_iri(&child.iri).await? {
                    open.push(*child);
                }
            }
            let (found, max) = (records.len() + open.len(), RECORDS_MAX);
            if found > max {
                return Err(CatalogueError::TooMany { found, max }.into());
            }
            if is_last {
                break;
            }
        }
        records.push(one(view, record).await?);
    }
    Ok(records)
}

async fn one(view: &View, record: Record) -> Result<Selected, WebError> {
    Ok(Selected {
        triples: view.sent(&record).await?,
        iri: record.iri,
        kind: record.kind,
        parent: record.parent.map(NamedNode::into_string),
    })
}

/// `POST /sheets`: a file, checked against what stands here; with `commit=yes` also stored.
async fn send(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let view = signed_in(&door, &request).await?;
        let bytes = body::bytes(&door, &request, &mut payload).await?;
        let content_type = header_text(&request, header::CONTENT_TYPE).unwrap_or_default();
        match multipart::boundary(content_type) {
            Some(boundary) => {
                let parts = multipart::parts(&bytes, &boundary)?;
                by_form(&door, &request, &view, &parts).await
            }
            None => by_program(&door, &request, &view, bytes).await,
        }
    };
    answered(&door, &request, answer.await)
}

/// Reads a file and does with it what is wanted.
async fn checked(
    door: &Door,
    actor: &Actor,
    sent: &Sent,
    run: Run,
) -> Result<Checkup, CatalogueError> {
    let (bytes, name, form) = (Arc::clone(&sent.bytes), sent.name.clone(), sent.form);
    let book = blocking(move || read(&name, form, &bytes)).await?;
    door.catalogue.upload(actor, book, &sent.wanted, run).await
}

fn read(name: &str, form: Form, bytes: &[u8]) -> Result<Book, BookError> {
    match form {
        Form::Book => xlsx::read(bytes),
        Form::Table => csv::read(name, bytes),
    }
}

async fn by_program(
    door: &web::Data<Door>,
    request: &HttpRequest,
    view: &View,
    bytes: Vec<u8>,
) -> Answer {
    let form = match media_type(request)?.as_str() {
        XLSX => Form::Book,
        CSV => Form::Table,
        other => {
            return Err(WebError::UnsupportedMediaType {
                found: other.to_owned(),
                known: format!("{XLSX}, {CSV}, multipart/form-data"),
            });
        }
    };
    let state = parameter(request, "state");
    let sent = Sent {
        name: "table".to_owned(),
        form,
        bytes: Arc::new(bytes),
        wanted: Wanted {
            language: language_of(request).to_owned(),
            profile: parameter(request, "profile"),
            kind: parameter(request, "kind"),
            parent: parameter(request, "parent"),
            state: state.map(|text| body::state(&text)).transpose()?,
            reason: parameter(request, "reason"),
        },
    };
    let commit = parameter(request, "commit").is_some_and(|word| word == "yes");
    let run = if commit { Run::Commit } else { Run::Try };
    let checkup = checked(door, view.actor(), &sent, run).await?;
    let report = report_json(&checkup, door.base().as_str(), language_of(request));
    if commit && !checkup.committed {
        return Err(WebError::Sheet(Box::new(report)));
    }
    Ok(HttpResponse::Ok().json(report))
}

/// A report for programs.
pub fn report_json(checkup: &Checkup, base: &str, language: &str) -> Value {
    let problem = |problem: &Problem| {
        let place = &problem.place;
        json!({
            "sheet": place.sheet, "row": place.row, "column": place.column, "heading": place.heading,
            "place": place_words(problem, language),
            "message": problem.message, "blocking": problem.is_blocking,
        })
    };
    let record = |told: &Told| {
        let differences = told
            .differences
            .iter()
            .map(|one| json!({ "heading": one.heading, "old": one.old, "new": one.new }));
        json!({
            "sheet": told.place.sheet, "row": told.place.row,
            "iri": told.iri, "url": format!("{base}{}", told.path), "title": told.title,
            "effect": told.effect.map(batch::Effect::name),
            "state": told.state.map(crate::catalogue::State::as_str),
            "version": told.version,
            "differences": differences.collect::<Vec<_>>(),
        })
    };
    json!({
        "committed": checkup.committed,
        "rows": checkup.rows,
        "new": checkup.count(batch::Effect::New),
        "changed": checkup.count(batch::Effect::Changed) + checkup.count(batch::Effect::State),
        "unchanged": checkup.count(batch::Effect::Unchanged),
        "unread": checkup.unread,
        "problemsTotal": checkup.problems_total,
        "problems": checkup.problems.iter().map(problem).collect::<Vec<_>>(),
        "records": checkup.records.iter().map(record).collect::<Vec<_>>(),
    })
}

fn place_words(problem: &Problem, language: &str) -> String {
    use super::pages::messages::{Language, message};
    let language = Language::from_code(language).unwrap_or_default();
    let word = |key| message(language, key);
    let row = match language {
        Language::En => "row",
        _ => word("words.line"),
    };
    problem.place.words(row, word("words.column"))
}

async fn by_form(
    door: &web::Data<Door>,
    request: &HttpRequest,
    view: &View,
    parts: &[Part<'_>],
) -> Answer {
    let field = |name: &str| {
        let part = parts.iter().find(|part| part.name == name);
        part.map(Part::text).filter(|text| !text.trim().is_empty())
    };
    if let Some(name) = field("kept") {
        return decided(door, request, view, &name).await;
    }
    let mut page = blank(door, request, view);
    let file = parts.iter().find(|part| part.name == "file");
    let file = file.ok_or_else(|| WebError::Body("the form holds no file".to_owned()))?;
    let name = file.file.clone().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name.as_str(), "xlsx"));
    let state = field("state");
    let sent = Sent {
        name: stem.to_owned(),
        form: Form::of_extension(extension),
        bytes: Arc::new(file.body.to_vec()),
        wanted: Wanted {
            language: language_of(request).to_owned(),
            profile: field("profile"),
            kind: field("kind"),
            parent: field("parent"),
            state: state.map(|text| body::state(&text)).transpose()?,
            reason: None,
        },
    };
    page.parent = sent.wanted.parent.clone().unwrap_or_default();
    match checked(door, view.actor(), &sent, Run::Try).await {
        Err(CatalogueError::Book(error)) => page.unreadable = Some(error.to_string()),
        Err(error) => return Err(error.into()),
        Ok(checkup) => {
            let mut report = report(door, &checkup, language_of(request));
            let changes = checkup.records.len() > checkup.count(batch::Effect::Unchanged);
            if checkup.is_ready() && changes {
                report.kept = Some(keep(door, view, sent, &checkup));
            }
            page.report = Some(report);
        }
    }
    Ok(showing::answer(StatusCode::OK, &page))
}

fn keep(door: &Door, view: &View, sent: Sent, checkup: &Checkup) -> String {
    let name = uuid::Uuid::new_v4().to_string();
    let kept = Kept {
        author: view.actor().name().to_owned(),
        sent,
        seen: checkup.digest(),
    };
    door.kept_files.insert(name.clone(), Arc::new(kept));
    name
}

/// The sender has seen what would change, and wants it.
async fn decided(door: &web::Data<Door>, request: &HttpRequest, view: &View, name: &str) -> Answer {
    let mut page = blank(door, request, view);
    let kept = door.kept_files.get(name);
    let Some(kept) = kept.filter(|kept| kept.author == view.actor().name()) else {
        let why = "the file is no longer kept here: send it again";
        return Err(WebError::Body(why.to_owned()));
    };
    let language = language_of(request);
    let tried = checked(door, view.actor(), &kept.sent, Run::Try).await?;
    if tried.digest() != kept.seen {
        let mut report = report(door, &tried, language);
        report.is_stale = true;
        if tried.is_ready() {
            report.kept = Some(keep(door, view, kept.sent.clone(), &tried));
        }
        page.report = Some(report);
        return Ok(showing::answer(StatusCode::OK, &page));
    }
    let done = checked(door, view.actor(), &kept.sent, Run::Commit).await?;
    if done.committed {
        door.kept_files.invalidate(name);
    }
    page.report = Some(report(door, &done, language));
    Ok(showing::answer(StatusCode::OK, &page))
}

fn blank(door: &Door, request: &HttpRequest, view: &View) -> SheetsPage {
    let site = door.site_at(request, Section::Elsewhere);
    let language = language_of(request);
    let root = site.root.clone();
    let kinds = || door.catalogue.kinds().iter().filter(|kind| !kind.is_root());
    let templates = door.catalogue.profiles().iter().filter_map(|profile| {
        let tables = door.catalogue.tables(Some(&profile.name));
        let own: Vec<Link> = tables
            .iter()
            .filter(|table| table.profile == profile.name)
            .map(|table| {
                let href = format!(
                    "{root}/templates/{}.csv?kind={}",
                    profile.name, table.kind.name
                );
                Link::new(table.kind.title(language).to_owned(), href)
            })
            .collect();
        (!own.is_empty()).then(|| TemplateLinks {
            title: profile.title(language).to_owned(),
            book: format!("{root}/templates/{}.xlsx", profile.name),
            tables: own,
        })
    });
    SheetsPage {
        templates: templates.collect(),
        may_send: !view.is_anonymous(),
        sign_in: (!door.sign_in.providers().is_empty())
            .then(|| format!("{root}/sign-in?return_to={root}/sheets")),
        kinds: kinds()
            .map(|kind| Choice {
                value: kind.name.clone(),
                label: kind.title(language).to_owned(),
                chosen: kind.name == "dataset",
            })
            .collect(),
        site,
        ..SheetsPage::default()
    }
}

fn report(door: &Door, checkup: &Checkup, language: &str) -> Report {
    let count = |effect| checkup.count(effect) as u64;
    let mend = |problem: &Problem| Mend {
        place: place_words(problem, language),
        message: problem.message.clone(),
    };
    let problems = checkup.problems.iter();
    let (blocking, later): (Vec<&Problem>, Vec<&Problem>) =
        problems.partition(|problem| problem.is_blocking);
    let told = blocking.len() + later.len();
    let root = door.base().path_prefix();
    let row = |told: &Told| Row {
        place: match told.place.row {
            Some(row) => format!("{} {row}", told.place.sheet),
            None => told.place.sheet.clone(),
        },
        title: told.title.clone(),
        href: (told.version > 0).then(|| format!("{root}{}", told.path)),
        effect: match told.effect {
            Some(batch::Effect::New) => Effect::New,
            Some(batch::Effect::Unchanged) => Effect::Unchanged,
            Some(_) => Effect::Changed,
            None => Effect::Refused,
        },
        differences: told
            .differences
            .iter()
            .map(|one| Change {
                heading: one.heading.clone(),
                old: one.old.clone(),
                new: one.new.clone(),
            })
            .collect(),
    };
    Report {
        is_stored: checkup.committed,
        rows: checkup.rows as u64,
        new: count(batch::Effect::New),
        changed: count(batch::Effect::Changed) + count(batch::Effect::State),
        unchanged: count(batch::Effect::Unchanged),
        more: checkup.problems_total.saturating_sub(told) as u64,
        blocking: blocking.into_iter().map(mend).collect(),
        later: later.into_iter().map(mend).collect(),
        unread: checkup.unread.clone(),
        records: checkup.records.iter().take(SHOWN_MAX).map(row).collect(),
        ..Report::default()
    }
}
