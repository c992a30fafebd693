//! Sums over everything that a search matches: `/api/statistics` for programs, `/statistics` for people.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::WebError;
use super::results::csv_line;
use super::server::{Door, header_text, parameter, parameters};
use super::{VARY, answered, api, negotiate, showing};
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::search::{
    FacetChoice, FacetDefinitions, Index, Measure, Period, SearchQuery, Tally, TallyQuery, TallyRow,
};

/// The facet that tells kinds of records apart, and the kind that is counted.
const KIND: &str = "kind";
const DATASET: &str = "dataset";
/// No more facets are crossed.
const FACETS_MAX: usize = 2;
/// Parameters of ours that are no facets.
const OWN: [&str; 3] = ["by", "measure", "over"];

/// What a request asks to be counted, and among which records.
pub struct Asked {
    pub query: SearchQuery,
    pub tally: TallyQuery,
}

impl Asked {
    pub fn read(request: &HttpRequest, definitions: &FacetDefinitions) -> Result<Self, WebError> {
        let mut query = api::query_of(request);
        for name in OWN {
            query.facets.remove(name);
        }
        // A catalogue is not one more dataset.
        query
            .facets
            .entry(KIND.to_owned())
            .or_insert_with(|| FacetChoice {
                include: vec![DATASET.to_owned()],
                ..FacetChoice::default()
            });
        query.after = None;
        let tally = TallyQuery {
            by: by(request, definitions)?,
            measure: measure(request)?,
            over: over(request)?,
        };
        Ok(Self { query, tally })
    }

    pub async fn count(&self, index: &Arc<Index>) -> Result<Tally, CatalogueError> {
        let (index, query, tally) = (Arc::clone(index), self.query.clone(), self.tally.clone());
        blocking(move || index.tally(&query, &tally).map_err(failed)).await
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
pub fn failed(error: crate::search::Error) -> CatalogueError {
    CatalogueError::Interrupted(error.to_string())
}

fn by(request: &HttpRequest, definitions: &FacetDefinitions) -> Result<Vec<String>, WebError> {
    let wrong = |message: String| WebError::Parameter {
        name: "by",
        message,
    };
    let named = parameters(request).into_iter();
    let named = named.filter(|(name, _)| name == "by");
    let mut ids: Vec<String> = Vec::new();
    for (_, value) in named {
        ids.extend(value.split(',').map(|id| id.trim().to_owned()));
    }
    ids.retain(|id| !id.is_empty());
    if ids.len() > FACETS_MAX {
        return Err(wrong("name one facet or two".to_owned()));
    }
    for id in &ids {
        if !definitions.facets.iter().any(|facet| facet.id == *id) {
            let known = definitions.facets.iter().map(|facet| facet.id.as_str());
            let known = known.collect::<Vec<_>>().join(", ");
            return Err(wrong(format!("there is no facet {id}; there are {known}")));
        }
    }
    Ok(ids)
}

pub fn measure(request: &HttpRequest) -> Result<Measure, WebError> {
    match parameter(request, "measure").as_deref() {
        None | Some("" | "datasets") => Ok(Measure::Datasets),
        Some("subjects") => Ok(Measure::Subjects),
        Some("studies") => Ok(Measure::Studies),
        Some(other) => Err(WebError::Parameter {
            name: "measure",
            message: format!("{other} is not counted; datasets, subjects and studies are"),
        }),
    }
}

fn over(request: &HttpRequest) -> Result<Option<Period>, WebError> {
    match parameter(request, "over").as_deref() {
        None | Some("") => Ok(None),
        Some("year") => Ok(Some(Period::Year)),
        Some("month") => Ok(Some(Period::Month)),
        Some(other) => Err(WebError::Parameter {
            name: "over",
            message: format!("{other} is no period; year and month are"),
        }),
    }
}

/// `GET /statistics`
pub async fn page(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, showing::statistics(&door, &request).await)
}

/// `GET /api/statistics`
pub async fn numbers(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let asked = Asked::read(&request, door.index.definitions())?;
        let tally = asked.count(&door.index).await?;
        let offered: [&[&str]; 2] = [&["application/json"], &["text/csv"]];
        let accept = header_text(&request, header::ACCEPT);
        let wants_csv = match parameter(&request, "format").as_deref() {
            Some("csv") => true,
            Some(_) => false,
            None => negotiate::choose(accept, &offered) == Some(1),
        };
        let mut response = HttpResponse::Ok();
        response.insert_header((header::VARY, VARY));
        if wants_csv {
            return Ok(response
                .content_type("text/csv; charset=utf-8")
                .body(to_csv(&asked, &tally)));
        }
        Ok(response.json(to_json(door.base().as_str(), &asked, &tally)))
    };
    answered(&door, &request, answer.await)
}

/// The search for the records of a row.
pub fn address(root: &str, query: &SearchQuery, by: &[String], row: &TallyRow) -> String {
    let mut pairs = query.to_pairs();
    pairs.retain(|(name, _)| !["limit", "sort", "open"].contains(&name.as_str()));
    for (facet, value) in by.iter().zip(&row.values) {
        // A range in force gives way to the narrower one.
        if value.iri.contains("..") {
            pairs.retain(|(name, _)| name != facet);
        }
        pairs.push((facet.clone(), value.iri.clone()));
    }
    api::search_address(root, &SearchQuery::from_pairs(&pairs))
}

fn to_json(base: &str, asked: &Asked, tally: &Tally) -> Value {
    let by = &asked.tally.by;
    let rows = tally.rows.iter().map(|row| {
        let values = row
            .values
            .iter()
            .map(|value| json!({ "value": value.iri, "label": value.label }));
        let mut body = json!({ "values": values.collect::<Vec<_>>(), "count": row.count });
        if let Some(period) = &row.period {
            body["period"] = json!(period);
            body["until"] = json!(row.until);
        }
        if !by.is_empty() {
            body["search"] = json!(address(base, &asked.query, by, row));
        }
        body
    });
    let facets = tally
        .by
        .iter()
        .map(|facet| json!({ "id": facet.iri, "label": facet.label }));
    json!({
        "measure": asked.tally.measure,
        "by": facets.collect::<Vec<_>>(),
        "over": asked.tally.over,
        "total": tally.total,
        "truncated": tally.truncated,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn to_csv(asked: &Asked, tally: &Tally) -> String {
    let mut head: Vec<String> = Vec::new();
    for facet in &tally.by {
        head.extend([facet.iri.clone(), format!("{}_label", facet.iri)]);
    }
    let is_over_time = asked.tally.over.is_some();
    if is_over_time {
        head.push("period".to_owned());
    }
    head.push("count".to_owned());
    if is_over_time {
        head.push("until".to_owned());
    }
    let mut text = csv_line(&head);
    for row in &tally.rows {
        let mut cells: Vec<String> = Vec::new();
        for value in &row.values {
            cells.extend([value.iri.clone(), value.label.clone()]);
        }
        cells.extend(row.period.clone());
        cells.push(row.count.to_string());
        cells.extend(row.until.map(|until| until.to_string()));
        text.push_str(&csv_line(&cells));
    }
    text
}
