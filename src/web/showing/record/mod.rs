//! What does the page of a record show?

mod access;
mod citation;
mod compare;
mod facts;
mod fields;
mod holdings;
mod links;
mod quality;
mod schema_org;
mod table;
mod words;
mod writing;

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::{self, Bytes};
use askama::Template;

pub use self::citation::escaped as bibtex_escaped;
pub use self::compare::comparison;
use self::facts::Facts;
pub use self::table::Table;
use self::words::say;
use super::validate::validation;
use crate::catalogue::{CATALOGUE_KIND, CatalogueError, Checked, Record, State, View};
use crate::rdf::vocabulary::{dct, foaf};
use crate::rdf::{NamedOrBlankNode, Triple};
use crate::web::error::WebError;
use crate::web::pages::record::{Holdings, Notice, RecordPage, Validation};
use crate::web::pages::site::Alternate;
use crate::web::pages::text::{Text, Tone};
use crate::web::server::{Door, language_of};

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
    let document = view.document(record.clone()).await?;
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
    let downloads = links::downloads(root, &record.path);
    site.canonical = Some(record.iri.as_str().to_owned());
    site.alternates = downloads
        .iter()
        .map(|one| Alternate {
            href: one.href.clone(),
            media_type: one.media_type.clone(),
            title: one.label.clone(),
        })
        .collect();
    let kind = door.catalogue.kinds().by_name(&record.kind);
    let citable = matches!(
        record.kind.as_str(),
        "dataset" | "catalog" | "series" | "tool"
    );
    let id: String = url::form_urlencoded::byte_serialize(record.iri.as_str().as_bytes()).collect();
    let is_found = record.state == State::Published && record.kind == DATASET_KIND;
    let page = RecordPage {
        crumbs: links::crumbs(view, &facts, &snapshot, &record).await?,
        kind: kind
            .map_or(record.kind.as_str(), |kind| kind.title(language))
            .to_owned(),
        iri: record.iri.as_str().to_owned(),
        summary: description.chars().take(SUMMARY_CHARS).collect(),
        badges: access::badges(&facts, &distributions),
        writing: writing::links(view, &record, root, site.language).await?,
        notice: (record.state == State::Draft).then(|| Notice {
            tone: Tone::Care,
            text: say(words::DRAFT, language).to_owned(),
            link: None,
        }),
        figures: access::figures(&facts),
        access: access::access(&facts, &distributions, site.t("record.access_address")),
        distributions: access::distributions(&facts, &distributions),
        relations: links::relations(view, &facts, &snapshot, &record).await?,
        similar_href: is_found.then(|| format!("{root}/search/similar?id={id}")),
        citation: citable.then(|| citation::citation(&facts, &record, &title.value, &site.name)),
        versions: links::versions(view, &facts, &record).await?,
        validation: checks(door, request, view, &record).await?,
        quality: quality::quality(door, &record, &document.sent, language),
        holdings: held(door, &record, language).await,
        json_ld: schema_org::json_ld(
            &facts,
            &record,
            (&title.value, &description),
            &distributions,
        ),
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
    let one = |checked: &Checked| validation(door, request, checked, None);
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
