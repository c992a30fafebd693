//! The quality of descriptions over HTTP: of a record as JSON and DQV, of catalogues and providers as page
//! and JSON, and what the metrics mean as RDF.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::WebError;
use super::linked_data::read::rdf;
use super::linked_data::record_path;
use super::server::{Door, header_text, language_of, parameter};
use super::{VARY, answered, api, negotiate, showing};
use crate::catalogue::quality::{self, Band, Overview, POINTS_MAX, Tally};
use crate::catalogue::standing::Past;
use crate::catalogue::{CatalogueError, Lookup, View};
use crate::rdf::Format;
use crate::search::{FacetChoice, SearchQuery};

/// Adds the routes that stand for themselves; that of a record is one of its addresses.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/quality", web::get().to(overview))
        .route("/quality", web::head().to(overview));
}

/// A representation of what is told here.
pub(super) enum Shape {
    Json,
    Page,
    Rdf(Format),
}

/// The representation that a request asks for: by `?format=`, by `Accept`.
pub(super) fn shape(request: &HttpRequest, has_page: bool) -> Result<Shape, WebError> {
    let mut offered: Vec<&[&str]> = vec![&["application/json"]];
    if has_page {
        offered.push(&["text/html", "application/xhtml+xml"]);
    }
    let before = offered.len();
    offered.extend(Format::ALL.iter().map(|format| format.media_types()));
    let refused = |accept: String| {
        let types: Vec<&str> = offered.iter().map(|types| types[0]).collect();
        let offered = types.join(", ");
        WebError::NotAcceptable { accept, offered }
    };
    if let Some(name) = parameter(request, "format") {
        return match name.as_str() {
            "json" => Ok(Shape::Json),
            "html" if has_page => Ok(Shape::Page),
            _ => Format::from_extension(&name)
                .map(Shape::Rdf)
                .ok_or_else(|| refused(name)),
        };
    }
    let accept = header_text(request, header::ACCEPT);
    match negotiate::choose(accept, &offered) {
        Some(0) => Ok(Shape::Json),
        Some(at) if at < before => Ok(Shape::Page),
        Some(at) => Ok(Shape::Rdf(Format::ALL[at - before])),
        None => Err(refused(accept.unwrap_or_default().to_owned())),
    }
}

/// What is measured of one record.
pub(super) async fn of_record(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let shape = shape(&request, false)?;
        let view = door.view(&request).await?;
        let record = view.record(&record_path(&request)).await?;
        let sent = view.sent(&record).await?;
        let rules = door.catalogue.quality();
        let evidence = rules.evidence(&record.kind, &record.iri, &sent);
        let missing = || WebError::NotFound(request.path().to_owned());
        let evidence = evidence.ok_or_else(missing)?;
        if let Shape::Rdf(format) = shape {
            let triples = evidence.measurements(door.base(), &record.path, &record.iri);
            return Ok(rdf(format, &triples));
        }
        let mut body = json!({ "record": record.iri.as_str(), "kind": record.kind });
        if let (Some(body), Value::Object(told)) = (
            body.as_object_mut(),
            evidence.to_json(language_of(&request)),
        ) {
            body.extend(told);
        }
        Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(body))
    };
    answered(&door, &request, answer.await)
}

/// How catalogues and providers stand, or what the metrics mean.
async fn overview(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        match shape(&request, true)? {
            Shape::Rdf(format) => Ok(rdf(format, &quality::definitions(door.base()))),
            Shape::Page => showing::quality(&door, &request).await,
            Shape::Json => {
                let groups = Groups::gather(&door, language_of(&request), usize::MAX).await?;
                Ok(HttpResponse::Ok()
                    .insert_header((header::VARY, VARY))
                    .json(groups.to_json(door.base().as_str())))
            }
        }
    };
    answered(&door, &request, answer.await)
}

/// Everything public, taken together in groups.
pub struct Groups {
    pub all: Tally,
    pub catalogues: Vec<Group>,
    pub providers: Vec<Group>,
    pub past: Past,
}

/// The data sets of one catalogue or provider.
pub struct Group {
    /// The IRI of a catalogue, the name of a provider.
    pub key: String,
    pub title: String,
    /// Its page, or the search for its records; below the base.
    pub address: String,
    pub tally: Tally,
    /// At the end of the months that have ended.
    pub months: Vec<(String, Tally)>,
}

impl Groups {
    /// At most so many groups of a sort, those with the most data sets.
    pub async fn gather(
        door: &Door,
        language: &'static str,
        groups_max: usize,
    ) -> Result<Self, CatalogueError> {
        let view = door.catalogue.public();
        let now = view.standing().await?;
        let past = view.past().await?;
        let mut catalogues = Vec::new();
        for (iri, tally) in largest(&now.catalogues, groups_max) {
            let months = months(&past, |month| month.catalogues.get(iri));
            catalogues.push(catalogue(&view, iri, tally, months, language).await?);
        }
        let provider = |(name, tally): (&String, Tally)| Group {
            key: name.clone(),
            title: name.clone(),
            address: search_for(name),
            tally,
            months: months(&past, |month| month.providers.get(name)),
        };
        let providers = largest(&now.providers, groups_max)
            .into_iter()
            .map(provider)
            .collect();
        Ok(Self {
            all: now.all,
            catalogues,
            providers,
            past,
        })
    }

    fn to_json(&self, base: &str) -> Value {
        let months = months(&self.past, |month| Some(&month.all));
        let listed = |groups: &[Group], name: &str| {
            let group = |group: &Group| {
                let mut body = tally_json(&group.tally);
                body[name] = json!(group.key);
                body["title"] = json!(group.title);
                body["url"] = json!(format!("{base}{}", group.address));
                body["history"] = history_json(&group.months);
                body
            };
            groups.iter().map(group).collect::<Vec<Value>>()
        };
        let bands = Band::ALL.map(|band| json!({ "id": band.as_str(), "from": band.from() }));
        json!({
            "max": POINTS_MAX,
            "bands": bands,
            "all": tally_json(&self.all),
            "catalogues": listed(&self.catalogues, "iri"),
            "providers": listed(&self.providers, "name"),
            "history": history_json(&months),
            "historyComplete": self.past.is_complete,
        })
    }
}

/// The groups with the most records; those with as many in the order of their names.
fn largest(groups: &BTreeMap<String, Tally>, groups_max: usize) -> Vec<(&String, Tally)> {
    let mut all: Vec<(&String, Tally)> = groups.iter().map(|(key, tally)| (key, *tally)).collect();
    all.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.records));
    all.truncate(groups_max);
    all
}

fn months<'p>(
    past: &'p Past,
    group: impl Fn(&'p Overview) -> Option<&'p Tally>,
) -> Vec<(String, Tally)> {
    let of_month = |(month, overview): &'p (String, Overview)| {
        group(overview).map(|tally| (month.clone(), *tally))
    };
    past.months.iter().filter_map(of_month).collect()
}

async fn catalogue(
    view: &View,
    iri: &str,
    tally: Tally,
    months: Vec<(String, Tally)>,
    language: &str,
) -> Result<Group, CatalogueError> {
    let found = match view.lookup_iri(iri).await? {
        Lookup::Found(record) => Some(record),
        Lookup::Gone(_) | Lookup::Missing => None,
    };
    let title = found.as_ref().and_then(|record| {
        let titles = view.snapshot().objects(
            record.iri.as_ref().into(),
            crate::rdf::vocabulary::dct::TITLE,
        );
        showing::best(&titles, language).map(|title| title.value)
    });
    let named = || found.as_ref().map(|record| record.name().to_owned());
    let address = found.as_ref().map(|record| record.path.clone());
    let base = view.catalogue().base();
    Ok(Group {
        key: iri.to_owned(),
        title: title.or_else(named).unwrap_or_else(|| iri.to_owned()),
        address: address.unwrap_or_else(|| base.path(iri).unwrap_or_default().to_owned()),
        tally,
        months,
    })
}

/// The address of the search for what somebody provides.
fn search_for(provider: &str) -> String {
    let mut query = SearchQuery::default();
    let choice = FacetChoice {
        include: vec![provider.to_owned()],
        ..FacetChoice::default()
    };
    query.facets.insert("publisher".to_owned(), choice);
    api::search_address("", &query)
}

fn tally_json(tally: &Tally) -> Value {
    let bands: serde_json::Map<String, Value> = Band::ALL
        .iter()
        .zip(tally.bands)
        .map(|(band, count)| (band.as_str().to_owned(), json!(count)))
        .collect();
    json!({ "records": tally.records, "mean": mean(tally), "bands": bands })
}

fn history_json(months: &[(String, Tally)]) -> Value {
    let month = |(month, tally): &(String, Tally)| json!({ "month": month, "records": tally.records, "mean": mean(tally) });
    months.iter().map(month).collect()
}

/// The mean score with one decimal.
fn mean(tally: &Tally) -> Option<f64> {
    let tenths = u32::try_from(tally.mean_tenths()?).ok()?;
    Some(f64::from(tenths) / 10.0)
}
