//! How do harvesters take the whole catalogue, page by page? As DCAT with Hydra's links, as portals on CKAN offer it
//! (`/catalog.ttl?page=2&modified_since=2026-01-01`).
//!
//! Records come in the order in which they last changed, and the next page begins after the last record of this one. What
//! changes during a walk comes again at its end, so a walk to the end has everything, and the last of everything.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

use super::{has, set};
use crate::catalogue::projection::{NamedGraph, blocking};
use crate::catalogue::{
    CATALOGUE_KIND, Catalogue, CatalogueError, Description, Kinds, description,
};
use crate::feeds::{PER_PAGE, Standing};
use crate::ledger::{PublicChange, Seen};
use crate::rdf::vocabulary::{dct, hydra, rdf, tree, xsd};
use crate::rdf::{
    BlankNode, Format, GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term, Triple, format,
};
use crate::search::{SearchQuery, Sort};
use crate::web::error::{Answer, WebError};
use crate::web::negotiate::Representation;
use crate::web::server::{Door, language_of, parameters};
use crate::web::{VARY, answered, profiles};

/// The farthest page that may be asked for by its number; farther ones are reached by following the links.
const PAGE_MAX: usize = 100_000;
/// The same where a search says what belongs to it.
const FOUND_PAGE_MAX: usize = 100;
/// Records inside one dataset that are told with it.
const INSIDE_MAX: usize = 1_000;
/// Catalogues that the first page describes.
const CATALOGUES_MAX: usize = 1_000;
/// `GET /catalog.{extension}`
pub(super) async fn page(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, answer(&door, &request).await)
}

async fn answer(door: &Door, request: &HttpRequest) -> Answer {
    let extension = request.match_info().get("extension").unwrap_or_default();
    let format = Format::from_extension(extension);
    let format = format.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
    let asked = Asked::read(door, request)?;
    door.feeds.catch_up().await?;
    let profile = asked.profile.as_deref().unwrap_or("own");
    let (state, extension) = (state(door, &asked), format.extension());
    let etag = format!("W/\"{state}-{extension}-{profile}\"");
    let listed = asked.list(door).await?;
    let address = Address {
        root: door.base().iri(&format!("/catalog.{extension}")),
        asked: &asked,
    };
    let links = address.links(&listed);
    let mut response = if has(request, &etag) {
        HttpResponse::NotModified().finish()
    } else {
        let mut quads = frame(&address, &links, &listed);
        quads.extend(records(door, &asked, &listed).await?);
        HttpResponse::Ok()
            .content_type(Representation::Rdf(format).content_type())
            .body(written(format, quads).await?)
    };
    let headers = response.headers_mut();
    let told: Vec<String> = links
        .iter()
        .map(|link| format!("<{}>; rel=\"{}\"", link.target.as_str(), link.relation))
        .collect();
    set(headers, header::LINK, &told.join(", "));
    set(headers, header::ETAG, &etag);
    set(headers, header::CACHE_CONTROL, "no-cache");
    set(headers, header::VARY, &format!("{VARY}, Accept-Profile"));
    Ok(response)
}

/// Changes whenever a page might.
fn state(door: &Door, asked: &Asked) -> u64 {
    match asked.search {
        Some(_) => {
            let epoch = door.catalogue.projection().epoch();
            epoch.wrapping_add(door.index.sequence())
        }
        None => door.feeds.log().sequence(),
    }
}

/// What a request asks for.
struct Asked {
    /// From one.
    page: usize,
    /// The place after which the page begins, as a link of ours gave it.
    after: Option<String>,
    since: Option<Timestamp>,
    /// The profile in which records are told that can be had in it.
    profile: Option<String>,
    /// When words or facets say what belongs to it.
    search: Option<SearchQuery>,
    /// The parameters that all pages have.
    kept: Vec<(String, String)>,
}

/// The records of a page.
struct Listed {
    /// By their numbers, in order.
    records: Vec<i64>,
    /// How many there are on all pages, where that is known.
    total: Option<u64>,
    /// After what the next page begins.
    next: Option<String>,
}

impl Asked {
    fn read(door: &Door, request: &HttpRequest) -> Result<Self, WebError> {
        let pairs = parameters(request);
        let value = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| key == name);
            pair.map(|(_, value)| value.as_str())
                .filter(|value| !value.is_empty())
        };
        let page = value("page").map_or(Ok(1), number)?;
        if page > PAGE_MAX {
            let message = format!("follow the links beyond page {PAGE_MAX}");
            let name = "page";
            return Err(WebError::Parameter { name, message });
        }
        let since = value("modified_since").map(instant).transpose()?;
        let mut wanted: Vec<(String, String)> = Vec::new();
        for (name, text) in &pairs {
            match name.as_str() {
                "fq" => wanted.extend(filters(text)?),
                "q" => wanted.push((name.clone(), text.clone())),
                name if is_facet(door, name) => wanted.push((name.to_owned(), text.clone())),
                // What is not known means nothing, as portals have it.
                _ => (),
            }
        }
        let mut search = SearchQuery::from_pairs(&wanted);
        language_of(request).clone_into(&mut search.language);
        search.limit = PER_PAGE;
        search.sort = if since.is_some() {
            Sort::Changed
        } else {
            Sort::Newest
        };
        let is_search = search.text.is_some() || !search.facets.is_empty();
        let is_kept = |(name, _): &(String, String)| !["page", "after"].contains(&name.as_str());
        Ok(Self {
            page,
            after: value("after").map(str::to_owned),
            since,
            profile: match profiles::Asked::of(request) {
                Some(wish) => wish.choose_for_all(&door.catalogue)?,
                None => None,
            },
            search: is_search.then_some(search),
            kept: pairs.iter().filter(|pair| is_kept(pair)).cloned().collect(),
        })
    }

    async fn list(&self, door: &Door) -> Result<Listed, WebError> {
        match &self.search {
            Some(search) => self.find(door, search.clone()).await,
            None => self.walk(door),
        }
    }

    /// Every record, in the order of last changes.
    fn walk(&self, door: &Door) -> Result<Listed, WebError> {
        let after = self.after.as_deref().map(number).transpose()?;
        let skipped = match after {
            Some(_) => 0,
            None => (self.page - 1) * PER_PAGE,
        };
        let after = u64::try_from(after.unwrap_or(0)).unwrap_or(u64::MAX);
        let kinds = door.catalogue.kinds();
        let log = door.feeds.log();
        let all = |after: u64| log.standing(after, self.since, |kind| is_listed(kinds, kind));
        let mut page: Vec<Standing> = all(after).skip(skipped).take(PER_PAGE + 1).collect();
        let more = page.len() > PER_PAGE;
        page.truncate(PER_PAGE);
        let last = page.last().filter(|_| more);
        Ok(Listed {
            records: page.iter().map(|one| one.record).collect(),
            total: Some(all(0).count() as u64),
            next: last.map(|last| last.sequence.to_string()),
        })
    }

    /// What a search finds.
    async fn find(&self, door: &Door, mut query: SearchQuery) -> Result<Listed, WebError> {
        for facet in query.facets.keys() {
            if !is_facet(door, facet) {
                let message = format!("there is no field {facet:?}");
                let name = "fq";
                return Err(WebError::Parameter { name, message });
            }
        }
        let mut left = self.page;
        if let Some(after) = &self.after {
            let cursor = after.parse().map_err(|_| WebError::Parameter {
                name: "after",
                message: format!("{after:?} is no place in a list"),
            })?;
            query.after = Some(cursor);
            left = 1;
        } else if left > FOUND_PAGE_MAX {
            let message = format!("follow the links beyond page {FOUND_PAGE_MAX}");
            let name = "page";
            return Err(WebError::Parameter { name, message });
        }
        let index = Arc::clone(&door.index);
        let page = blocking(move || {
            loop {
                let page = index
                    .search(&query)
                    .map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
                left -= 1;
                if left == 0 {
                    return Ok::<_, CatalogueError>(Some(page));
                }
                match page.next {
                    Some(next) => query.after = Some(next),
                    None => return Ok(None),
                }
            }
        });
        let Some(mut page) = page.await? else {
            return Ok(Listed {
                records: Vec::new(),
                total: None,
                next: None,
            });
        };
        let found = page.hits.len();
        if let Some(since) = self.since {
            page.hits
                .retain(|hit| hit.changed >= since.as_millisecond());
        }
        let is_whole = page.hits.len() == found;
        let mut records = Vec::new();
        for hit in &page.hits {
            let head = door.catalogue.ledger().head(&hit.iri).await;
            let head = head.map_err(CatalogueError::from)?;
            records.extend(head.map(|head| head.record));
        }
        Ok(Listed {
            records,
            total: self.since.is_none().then_some(page.total),
            next: page
                .next
                .filter(|_| is_whole)
                .map(|cursor| cursor.to_string()),
        })
    }
}

fn is_facet(door: &Door, name: &str) -> bool {
    let mut facets = door.index.definitions().facets.iter();
    facets.any(|facet| facet.id == name)
}

/// Whether records of a kind are listed by themselves: not those that stand inside others, nor those that hold all.
fn is_listed(kinds: &Kinds, name: &str) -> bool {
    let kind = kinds.by_name(name);
    kind.is_some_and(|kind| !kind.embedded && !kind.is_root() && kind.name != CATALOGUE_KIND)
}

fn number(text: &str) -> Result<usize, WebError> {
    let name = "page";
    let message = format!("{text:?} is no number from 1 on");
    let number = text.parse().ok();
    let number = number.filter(|number| *number > 0);
    number.ok_or(WebError::Parameter { name, message })
}

/// A day, or a time with or without a zone; without one it is UTC.
fn instant(text: &str) -> Result<Timestamp, WebError> {
    let of_civil = |at: civil::DateTime| TimeZone::UTC.to_timestamp(at).ok();
    let zoned = || text.parse::<Timestamp>().ok();
    let civil = || text.parse::<civil::DateTime>().ok().and_then(of_civil);
    let found = zoned().or_else(civil);
    found.ok_or_else(|| WebError::Parameter {
        name: "modified_since",
        message: format!("{text:?} is no time: write 2026-01-31 or 2026-01-31T12:00:00Z"),
    })
}

/// The filters of CKAN's `fq`: `modality:CT -cancer:"CLIN1000060"`.
fn filters(text: &str) -> Result<Vec<(String, String)>, WebError> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let message = format!("{text:?} is no list of filters: write field:value");
        let wrong = WebError::Parameter {
            name: "fq",
            message,
        };
        let is_out = rest.starts_with('-');
        rest = rest.trim_start_matches(['+', '-']);
        let Some((field, after)) = rest.split_once(':') else {
            return Err(wrong);
        };
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or(wrong)?,
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        let sign = if is_out { "-" } else { "" };
        found.push((field.to_owned(), format!("{sign}{value}")));
        rest = after.trim_start();
        rest = rest.strip_prefix("AND ").unwrap_or(rest).trim_start();
    }
    Ok(found)
}

/// A way from a page to another.
struct PageLink {
    relation: &'static str,
    property: NamedNodeRef<'static>,
    target: NamedNode,
}

struct Address<'a> {
    root: NamedNode,
    asked: &'a Asked,
}

impl Address<'_> {
    fn at(&self, page: usize, after: Option<&str>) -> NamedNode {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.asked.kept {
            pairs.append_pair(name, value);
        }
        pairs.append_pair("page", &page.to_string());
        if let Some(after) = after {
            pairs.append_pair("after", after);
        }
        NamedNode::new_unchecked(format!("{}?{}", self.root.as_str(), pairs.finish()))
    }

    fn itself(&self) -> NamedNode {
        self.at(self.asked.page, self.asked.after.as_deref())
    }

    fn links(&self, listed: &Listed) -> Vec<PageLink> {
        let link = |relation, property, target| PageLink {
            relation,
            property,
            target,
        };
        let page = self.asked.page;
        let mut links = vec![link("first", hydra::FIRST, self.at(1, None))];
        if page > 1 {
            links.push(link("prev", hydra::PREVIOUS, self.at(page - 1, None)));
        }
        if let Some(next) = &listed.next {
            let next = self.at(page + 1, Some(next));
            links.push(link("next", hydra::NEXT, next));
        }
        if let Some(total) = listed.total {
            let last = total.div_ceil(PER_PAGE as u64).max(1);
            let last = usize::try_from(last).unwrap_or(usize::MAX);
            links.push(link("last", hydra::LAST, self.at(last, None)));
        }
        links
    }
}

/// What a page says about itself: for Hydra, and for readers of TREE.
fn frame(address: &Address<'_>, links: &[PageLink], listed: &Listed) -> Vec<Quad> {
    let (here, root) = (address.itself(), &address.root);
    let integer = |n: u64| Literal::new_typed_literal(n.to_string(), xsd::INTEGER);
    let mut said = vec![
        Triple::new(here.clone(), rdf::TYPE, hydra::PARTIAL_COLLECTION_VIEW),
        Triple::new(here.clone(), rdf::TYPE, hydra::PAGED_COLLECTION),
        Triple::new(here.clone(), rdf::TYPE, tree::NODE_CLASS),
        Triple::new(
            here.clone(),
            hydra::ITEMS_PER_PAGE,
            integer(PER_PAGE as u64),
        ),
        Triple::new(root.clone(), rdf::TYPE, hydra::COLLECTION),
        Triple::new(root.clone(), hydra::VIEW, here.clone()),
    ];
    if let Some(total) = listed.total {
        let total = integer(total);
        said.push(Triple::new(here.clone(), hydra::TOTAL_ITEMS, total));
    }
    for link in links {
        let target = link.target.clone();
        said.push(Triple::new(here.clone(), link.property, target.clone()));
        if link.relation == "next" {
            let way = BlankNode::default();
            said.push(Triple::new(here.clone(), tree::RELATION, way.clone()));
            said.push(Triple::new(way, tree::NODE, target));
        }
    }
    said.into_iter()
        .map(|triple| triple.in_graph(GraphName::DefaultGraph))
        .collect()
}

/// What is said about the records of a page, and about what stands inside them.
async fn records(door: &Door, asked: &Asked, listed: &Listed) -> Result<Vec<Quad>, WebError> {
    let ledger = door.catalogue.ledger();
    let mut numbers = listed.records.clone();
    if asked.page == 1 && asked.after.is_none() {
        numbers.extend(catalogues(door));
    }
    let of_ledger = CatalogueError::from;
    let mut changes = ledger.public_records(&numbers).await.map_err(of_ledger)?;
    let mut inside = Vec::new();
    for change in &changes {
        let holds = door.catalogue.kinds().children_of(&change.kind);
        for (kind, _) in holds.filter(|(kind, _)| kind.embedded) {
            let found = ledger
                .children(&change.iri, Some(&kind.name), Seen::Public, 0, INSIDE_MAX)
                .await
                .map_err(of_ledger)?;
            inside.extend(found.into_iter().map(|head| head.record));
        }
    }
    for numbers in inside.chunks(PER_PAGE) {
        let found = ledger.public_records(numbers).await;
        changes.extend(found.map_err(of_ledger)?);
    }
    let (catalogue, profile) = (door.catalogue.clone(), asked.profile.clone());
    let quads = blocking(move || {
        let mut quads = Vec::new();
        for change in &changes {
            quads.extend(said(&catalogue, change, profile.as_deref())?);
        }
        Ok::<_, CatalogueError>(quads)
    });
    Ok(quads.await?)
}

/// The catalogues and the root, which the first page describes.
fn catalogues(door: &Door) -> Vec<i64> {
    let kinds = door.catalogue.kinds();
    let is_above = |name: &str| {
        let kind = kinds.by_name(name);
        kind.is_some_and(|kind| kind.is_root() || kind.name == CATALOGUE_KIND)
    };
    let log = door.feeds.log();
    let found = log.standing(0, None, is_above).take(CATALOGUES_MAX);
    found.map(|one| one.record).collect()
}

fn said(
    catalogue: &Catalogue,
    change: &PublicChange,
    profile: Option<&str>,
) -> Result<Vec<Quad>, CatalogueError> {
    let Some(graphs) = catalogue.projection().graphs(change)? else {
        return Ok(Vec::new());
    };
    let graphs = match profile {
        Some(profile) => in_profile(catalogue, change, graphs, profile)?,
        None => graphs,
    };
    let mut quads = Vec::new();
    for (name, triples) in graphs {
        let in_graph = |triple: Triple| triple.in_graph(name.clone());
        quads.extend(triples.into_iter().map(in_graph));
    }
    if let Some(parent) = &change.parent {
        let iri = NamedNode::new_unchecked(&change.iri);
        let above = Triple::new(
            iri,
            dct::IS_PART_OF,
            Term::from(NamedNode::new_unchecked(parent)),
        );
        let graph = description::graph_name(catalogue.base(), &change.path);
        quads.push(above.in_graph(graph));
    }
    Ok(quads)
}

/// The graphs of a record in a profile; as they are, when it cannot be had in that.
fn in_profile(
    catalogue: &Catalogue,
    change: &PublicChange,
    [sent, beside]: [NamedGraph; 2],
    profile: &str,
) -> Result<[NamedGraph; 2], CatalogueError> {
    let iri = NamedNode::new_unchecked(&change.iri);
    let parent = change.parent.as_ref().map(NamedNode::new_unchecked);
    let offers = catalogue.offers(&Description {
        kind: &change.kind,
        iri: &iri,
        parent: parent.as_ref(),
        triples: &sent.1,
    })?;
    let offer = offers.iter().find(|offer| offer.profile.name == profile);
    let Some(offer) = offer.filter(|offer| !offer.is_own()) else {
        return Ok([sent, beside]);
    };
    let rendered = catalogue.render(offer, &[iri], sent.1);
    let said = catalogue.said_in(offer, &change.path, beside.1);
    Ok([(sent.0, rendered.triples), (beside.0, said)])
}

/// JSON-LD is written as one graph: readers of DCAT look nowhere else.
async fn written(format: Format, quads: Vec<Quad>) -> Result<Vec<u8>, WebError> {
    let write = move || {
        if format.has_named_graphs() && format != Format::JsonLd {
            return Ok::<_, CatalogueError>(format::write_quads(
                format,
                quads.iter().map(Quad::as_ref),
            ));
        }
        let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        let written = format::write_triples(format, triples.iter().map(Triple::as_ref));
        Ok(written)
    };
    Ok(blocking(write).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_of_ckan_are_read() {
        let found = filters("+modality:CT -cancer:\"A b\" AND x:1").unwrap();
        let expected = [("modality", "CT"), ("cancer", "-A b"), ("x", "1")];
        let expected = expected.map(|(field, value)| (field.to_owned(), value.to_owned()));
        assert_eq!(found, expected);
        assert!(filters("nothing").is_err());
    }

    #[test]
    fn a_day_is_a_time() {
        let at = instant("2026-01-31").unwrap();
        assert_eq!(at.to_string(), "2026-01-31T00:00:00Z");
        assert_eq!(
            instant("2026-01-31T01:02:03").unwrap(),
            at + jiff::SignedDuration::from_secs(3723)
        );
        assert!(instant("yesterday").is_err());
    }
}
