//! Lists of records: the container of a kind, and the pages of a record's children.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::{StreamExt, TryStreamExt, stream};
use moka::sync::Cache;

use super::read::{rdf, wanted};
use super::record_path;
use crate::catalogue::{CATALOGUE_KIND, CatalogueError, Kind, Lookup, Record, View};
use crate::ledger::Seen;
use crate::rdf::vocabulary::{dct, ldp, rdf as rdf_vocabulary, xsd};
use crate::rdf::{Format, Literal, NamedNode, Triple};
use crate::web::error::{Answer, WebError};
use crate::web::negotiate::Representation;
use crate::web::server::{Door, parameter};
use crate::web::{answered, showing};

/// The most records on a page.
const PAGE_SIZE_MAX: usize = 100;
const PAGE_SIZE: usize = 10;
/// The most members of one page of a container.
const MEMBERS_PER_PAGE: usize = 1_000;
/// Documents of a page that are put together at the same time.
const DOCUMENTS_AT_ONCE: usize = 8;
/// The memory for orders of children, in bytes.
const ORDERS_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// `GET /{prefix}/`: all published records of a kind, page by page.
pub(super) async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, listed(&door, &request).await)
}

async fn listed(door: &Door, request: &HttpRequest) -> Answer {
    let prefix = request.match_info().get("prefix").unwrap_or_default();
    let kind = door
        .catalogue
        .kinds()
        .by_prefix(prefix)
        .filter(|kind| !kind.is_root());
    let kind = kind.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
    let format = match wanted(request, None)? {
        Representation::Html => return showing::list(door, request, kind).await,
        Representation::Rdf(format) => format,
    };
    let after = i64::try_from(number(request, "after", 0)?).unwrap_or(i64::MAX);
    let view = door.view(request).await?;
    let members = view
        .members_of_kind(&kind.name, after, MEMBERS_PER_PAGE)
        .await?;
    let last = members.last().map(|(record, _)| *record);
    let is_full = members.len() == MEMBERS_PER_PAGE;
    let container = door.base().iri(&format!("/{}/", kind.prefix));
    let mut triples = vec![
        Triple::new(
            container.clone(),
            rdf_vocabulary::TYPE,
            ldp::DIRECT_CONTAINER,
        ),
        Triple::new(
            container.clone(),
            dct::TITLE,
            Literal::new_simple_literal(kind.title("en")),
        ),
    ];
    for (_, iri) in members {
        let member = NamedNode::new_unchecked(iri);
        triples.push(Triple::new(container.clone(), ldp::CONTAINS, member));
    }
    let mut response = rdf(format, &triples);
    if let Some(last) = last.filter(|_| is_full) {
        let mut next = door.base().iri(&format!("/{}/", kind.prefix)).into_string();
        next.push_str("?after=");
        next.push_str(&last.to_string());
        let link = format!("<{next}>; rel=\"next\"");
        if let Ok(value) = header::HeaderValue::from_str(&link) {
            response.headers_mut().insert(header::LINK, value);
        }
    }
    Ok(response)
}

/// `GET …/page/{child}?page=0&size=10`: the full graphs of one page of children.
pub(super) async fn page(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, paged(&door, &request).await)
}

async fn paged(door: &Door, request: &HttpRequest) -> Answer {
    let format = match wanted(request, None)? {
        Representation::Rdf(format) => format,
        Representation::Html => Format::Turtle,
    };
    let view = door.view(request).await?;
    let record = view.record(&record_path(request)).await?;
    let child = request.match_info().get("child").unwrap_or_default();
    let kinds = door.catalogue.kinds();
    let below = kinds
        .children_of(&record.kind)
        .find(|(kind, _)| kind.prefix == child);
    let Some(below) = below else {
        return Ok(rdf(format, &[]));
    };
    let page = number(request, "page", 0)?;
    let size = number(request, "size", PAGE_SIZE)?.clamp(1, PAGE_SIZE_MAX);
    let (below, _) = below;
    let members = door.orders.of(&view, &record, below).await?;
    let shown: Vec<i64> = members
        .iter()
        .skip(page.saturating_mul(size))
        .take(size)
        .copied()
        .collect();
    let documents = stream::iter(shown).map(|number| told(&view, number));
    let documents: Vec<Vec<Triple>> = documents.buffered(DOCUMENTS_AT_ONCE).try_collect().await?;
    let mut triples = documents.concat();
    let here = door.base().iri(&format!("{}/page/{child}", record.path));
    let total = Literal::new_typed_literal(members.len().to_string(), xsd::INTEGER);
    let count = NamedNode::new_unchecked("http://www.w3.org/ns/hydra/core#totalItems");
    triples.push(Triple::new(here.clone(), count, total));
    let mut response = rdf(format, &triples);
    let link = page_links(here.as_str(), page, size, members.len());
    if let Ok(value) = header::HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LINK, value);
    }
    Ok(response)
}

/// What is told of a record on a page; nothing if this reader may not know of it. What stands below a catalogue has pages
/// of its own: a hundred catalogues with all that they hold would be no page.
async fn told(view: &View, number: i64) -> Result<Vec<Triple>, CatalogueError> {
    let Lookup::Found(record) = view.lookup_number(number).await? else {
        return Ok(Vec::new());
    };
    let document = if record.kind == CATALOGUE_KIND {
        view.alone(*record).await?
    } else {
        view.document(*record).await?
    };
    Ok(document.triples())
}

/// The children of records in the order of their titles, for pages that are asked for one after the other.
pub struct Orders(Cache<Order, Arc<[i64]>>);

/// Parent, kind, whether drafts are in it, and the last change that it knows of.
type Order = (String, String, bool, u64);

impl Default for Orders {
    fn default() -> Self {
        let weight = |order: &Order, members: &Arc<[i64]>| {
            let bytes = order.0.len() + 128 + members.len() * size_of::<i64>();
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(ORDERS_BYTES_MAX)
            .weigher(weight)
            .build();
        Self(cache)
    }
}

impl Orders {
    /// The numbers of the children of a kind that a reader sees.
    async fn of(
        &self,
        view: &View,
        parent: &Record,
        kind: &Kind,
    ) -> Result<Arc<[i64]>, CatalogueError> {
        let ledger = view.catalogue().ledger();
        let drafts = view.reads_drafts_below(parent, &kind.name).await?;
        let (seen, sequence) = if drafts {
            (Seen::All, ledger.last_sequence())
        } else {
            (Seen::Public, ledger.last_public_sequence().await?)
        };
        let iri = parent.iri.as_str();
        let order = (iri.to_owned(), kind.name.clone(), drafts, sequence);
        if let Some(known) = self.0.get(&order) {
            return Ok(known);
        }
        let members = ledger.children_by_title(iri, &kind.name, seen).await?;
        let members: Arc<[i64]> = members.into();
        self.0.insert(order, Arc::clone(&members));
        Ok(members)
    }
}

/// `first`, `prev`, `next`, `last`, as far as they exist.
fn page_links(here: &str, page: usize, size: usize, total: usize) -> String {
    let last = total.div_ceil(size).saturating_sub(1);
    let link =
        |relation: &str, n: usize| format!("<{here}?page={n}&size={size}>; rel=\"{relation}\"");
    // Without children there is no last page.
    let mut links = vec![link("first", 0)];
    if total > 0 {
        links.push(link("last", last));
    }
    if page > 0 {
        links.push(link("prev", page - 1));
    }
    if page < last {
        links.push(link("next", page + 1));
    }
    links.join(", ")
}

fn number(request: &HttpRequest, name: &'static str, default: usize) -> Result<usize, WebError> {
    parameter(request, name).map_or(Ok(default), |text| {
        let message = format!("{text:?} is no whole number");
        text.parse()
            .map_err(|_| WebError::Parameter { name, message })
    })
}
