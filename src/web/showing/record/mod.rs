//! What does the page of a record show?

mod access;
mod compare;
mod facts;
mod fields;
mod history;
mod holdings;
mod links;
mod quality;
mod table;
mod words;
mod writing;

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::{self, Bytes};
use askama::Template;

pub use self::compare::comparison;
use self::facts::Facts;
pub use self::history::{Told, difference, fields_of, history, itself, who};
pub use self::table::Table;
use self::words::say;
use super::validate::validation;
use crate::catalogue::{CATALOGUE_KIND, CatalogueError, Checked, Record, State, View};
use crate::crosswalk::{citation, schema_org};
use crate::rdf::vocabulary::{dct, foaf};
use crate::rdf::{NamedOrBlankNode, Triple};
use crate::web::error::WebError;
use crate::web::exports::{self, Export, Portrait};
use crate::web::pages::record::{Citation, Holdings, Notice, RecordPage, Validation};
use crate::web::pages::site::Alternate;
use crate::web::pages::text::{EmbeddedJson, Link, Text, Tone};
use crate::web::server::{Door, language_of};
use crate::web::signposting;

/// The kind of records that are compared with others.
const DATASET_KIND: &str = "dataset";
/// How long the description for search engines is.
const SUMMARY_CHARS: usize = 300;

pub async fn record(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: Record,
) -> Result<Bytes, WebError> {
    let language = language_of(request);
    let root = door.base().path_prefix();
    let ontology = Arc::clone(door.catalogue.ontology());
    let snapshot = view.snapshot();
    let document = view.alone(record.clone()).await?;
    let mut triples: Vec<Triple> = document.sent.clone();
    triples.extend(
        document
            .said
            .iter()
            .filter(|said| !document.sent.contains(said))
            .cloned(),
    );
    let mut facts = Facts::new(&record.iri, &triples, &ontology, language, root);
    links::meet(view, &mut facts, &snapshot, &triples).await?;
    facts.table = table(door, &record)?;

    let distributions = access::nodes(&facts);
    let own = access::own_nodes(&facts, &distributions);
    let groups = fields::groups(&facts, &own);
    // Distributions with records of their own are read from there, for the boxes beside the groups.
    for node in &distributions {
        if let NamedOrBlankNode::NamedNode(iri) = node
            && let Some(said) = snapshot.graph(iri).filter(|_| !own.contains(node))
        {
            facts.add(&said);
        }
    }
    let mut site = door.site(request);
    let mut titles = facts.texts(&facts.own(dct::TITLE));
    titles.extend(facts.texts(&facts.own(foaf::NAME)));
    if titles.is_empty() {
        titles.push(Text::plain(record.name()));
    }
    let title = titles.remove(0);
    let descriptions = facts.texts(&facts.own(dct::DESCRIPTION));
    let description = descriptions
        .first()
        .map_or("", |text| text.value.as_str())
        .to_owned();
    let portrait = Portrait::of(door, view, &record).await?;
    site.typed_links = signposting::on_page(&portrait, door.base());
    let mut downloads = links::downloads(root, &record.path);
    site.canonical = Some(record.iri.as_str().to_owned());
    site.alternates = downloads
        .iter()
        .map(|one| Alternate {
            href: one.href.clone(),
            media_type: one.media_type.clone(),
            title: one.label.clone(),
        })
        .collect();
    let taken = |wanted: fn(Export) -> bool| {
        let offered = Export::all().filter(move |export| wanted(*export));
        let one = |export: Export| links::export(root, &record.path, export);
        offered.map(one).collect::<Vec<_>>()
    };
    downloads.extend(taken(|export| !export.is_citation()));
    let kind = door.catalogue.kinds().by_name(&record.kind);
    let citable = matches!(
        record.kind.as_str(),
        "dataset" | "catalog" | "series" | "tool"
    );
    let id: String = url::form_urlencoded::byte_serialize(record.iri.as_str().as_bytes()).collect();
    let is_found =
        record.state == State::Published && record.kind == DATASET_KIND && !record.is_past;
    let page = RecordPage {
        crumbs: links::crumbs(view, &facts, &snapshot, &record).await?,
        kind: kind
            .map_or(record.kind.as_str(), |kind| kind.title(language))
            .to_owned(),
        iri: record.iri.as_str().to_owned(),
        summary: description.chars().take(SUMMARY_CHARS).collect(),
        badges: access::badges(&facts, &distributions),
        granted: granted(door, view, &record).await?,
        notice: notice(door, view, &record, language).await?,
        writing: writing::links(view, &record, root, site.language).await?,
        figures: access::figures(&facts),
        access: access::access(&facts, &distributions, site.t("record.access_address")),
        distributions: access::distributions(&facts, &distributions),
        relations: links::relations(view, &facts, &snapshot, &record).await?,
        similar_href: is_found.then(|| format!("{root}/search/similar?id={id}")),
        citation: citable.then(|| Citation {
            text: portrait.show(citation::text),
            bibtex: portrait.show(citation::bibtex),
            downloads: taken(Export::is_citation),
        }),
        metas: exports::metas(&portrait),
        versions: links::versions(view, &facts, &record).await?,
        history_href: Some(format!("{root}{}/history", record.path)),
        profiles_href: Some(format!("{root}{}/profiles", record.path)),
        validation: checks(door, request, view, &record).await?,
        quality: quality::quality(door, &record, &document.sent, language),
        holdings: held(door, &record, language).await,
        json_ld: json_ld(&portrait),
        title,
        other_titles: titles,
        descriptions,
        groups,
        downloads,
        site,
    };
    match page.render() {
        Ok(html) => Ok(Bytes::from(html)),
        Err(error) => {
            tracing::error!(%error, record = record.iri.as_str(), "a page could not be written");
            Ok(Bytes::from_static(b"the page could not be written"))
        }
    }
}

/// Until when whoever looks may use the dataset, if a visa of theirs says so.
async fn granted(
    door: &Door,
    view: &View,
    record: &Record,
) -> Result<Option<String>, CatalogueError> {
    let Some(account) = view.actor().account() else {
        return Ok(None);
    };
    let now = door.catalogue.clock().now();
    let visas = door.catalogue.ledger().visas(account, now).await?;
    let of_this = visas
        .iter()
        .filter(|visa| visa.dataset == record.iri.as_str());
    let last = of_this.map(|visa| visa.expires_at).max();
    Ok(last.map(|until| until.strftime("%Y-%m-%d").to_string()))
}

/// What a reader must know first: that they see a draft, or an old version, or that a revision waits.
async fn notice(
    door: &Door,
    view: &View,
    record: &Record,
    language: &str,
) -> Result<Option<Notice>, CatalogueError> {
    let here = format!("{}{}", door.base().path_prefix(), record.path);
    let (text, there) = if record.is_past {
        let there = if record.path.is_empty() {
            format!("{here}/")
        } else {
            here
        };
        (words::PAST, Some((words::NOW, there)))
    } else if record.state == State::Draft {
        (
            words::DRAFT,
            Some((words::REVIEW, format!("{here}/review"))),
        )
    } else if let Some(version) = view.revision_of(record).await? {
        let there = format!("{here}/versions/{version}?format=html");
        (words::REVISED, Some((words::REVISION, there)))
    } else {
        return Ok(None);
    };
    Ok(Some(Notice {
        tone: Tone::Care,
        text: say(text, language).to_owned(),
        link: there.map(|(label, there)| Link::new(say(label, language), there)),
    }))
}

/// The record in schema.org, where that knows its kind.
fn json_ld(portrait: &Portrait) -> Option<EmbeddedJson> {
    let is_known = matches!(
        portrait.record().kind.as_str(),
        "dataset" | "series" | "catalog" | "tool" | "service"
    );
    is_known.then(|| {
        let found = portrait.show(|record| schema_org::json_ld(record, portrait.holder()));
        EmbeddedJson::new(&found.to_string())
    })
}

/// The fields of the record's kind.
fn table(door: &Door, record: &Record) -> Result<Arc<Table>, CatalogueError> {
    if let Some(known) = door.tables.lock().get(&record.kind) {
        return Ok(Arc::clone(known));
    }
    let catalogue = &door.catalogue;
    let profile = catalogue.profile_of(&record.kind, None)?;
    let kind = catalogue.kinds().by_name(&record.kind);
    let classes = kind.map(|kind| {
        kind.classes
            .iter()
            .map(|class| class.as_str().to_owned())
            .collect()
    });
    let classes: Vec<String> = classes.unwrap_or_default();
    let others = catalogue.profiles().iter().map(AsRef::as_ref);
    let table = Arc::new(Table::new(&profile, others, &classes, catalogue.ontology()));
    let mut tables = door.tables.lock();
    tables.insert(record.kind.clone(), Arc::clone(&table));
    Ok(table)
}

async fn checks(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: &Record,
) -> Result<Vec<Validation>, CatalogueError> {
    let kind = door.catalogue.kinds().by_name(&record.kind);
    let beside = kind.map(|kind| kind.also.clone()).unwrap_or_default();
    let checks = view.check(record, beside).await?;
    let offers = view.offers(record).await?;
    let below = format!("{}{}/profiles", door.base().path_prefix(), record.path);
    let one = |checked: &Checked| {
        let mut told = validation(door, request, checked, None);
        let name = &checked.profile;
        if offers.iter().any(|offer| offer.profile.name == *name) {
            told.profile.href = format!("{below}/{name}");
        }
        told
    };
    Ok(checks.iter().map(one).collect())
}

async fn held(door: &Door, record: &Record, language: &'static str) -> Option<Holdings> {
    if record.kind != CATALOGUE_KIND {
        return None;
    }
    let (index, iri) = (Arc::clone(&door.index), record.iri.as_str().to_owned());
    let root = door.base().path_prefix().to_owned();
    let search = web::block(move || holdings::holdings(&index, &iri, &root, language));
    search.await.ok().flatten()
}
