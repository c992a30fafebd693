//! Several records side by side, as page and as JSON.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::WebError;
use super::pages::compare::{Cell, ComparePage, Row};
use super::server::{Door, header_text, parameter, parameters};
use super::{VARY, answered, negotiate, showing};

/// No more records stand side by side.
pub const RECORDS_MAX: usize = 6;

/// `GET /compare?id=…&id=…`, each an IRI or a path.
pub async fn compare(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let ids = ids(&request)?;
        let page = showing::comparison(&door, &request, &ids).await?;
        let offered: [&[&str]; 2] = [&["application/json"], &["text/html"]];
        let accept = header_text(&request, header::ACCEPT);
        let wants_json = match parameter(&request, "format").as_deref() {
            Some("json") => true,
            Some(_) => false,
            None => negotiate::choose(accept, &offered) == Some(0),
        };
        if wants_json {
            return Ok(HttpResponse::Ok()
                .insert_header((header::VARY, VARY))
                .json(to_json(&page)));
        }
        Ok(showing::answer(actix_web::http::StatusCode::OK, &page))
    };
    answered(&door, &request, answer.await)
}

fn ids(request: &HttpRequest) -> Result<Vec<String>, WebError> {
    let mut ids: Vec<String> = Vec::new();
    let named = parameters(request).into_iter();
    for (_, id) in named.filter(|(name, id)| name == "id" && !id.is_empty()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() > RECORDS_MAX {
            return Err(WebError::Parameter {
                name: "id",
                message: format!("at most {RECORDS_MAX} records are compared; take some away"),
            });
        }
    }
    Ok(ids)
}

fn to_json(page: &ComparePage) -> Value {
    let records = page.records.iter().map(
        |record| json!({ "iri": record.iri, "title": record.title.value, "kind": record.kind }),
    );
    let value = |value: &super::pages::record::Value| json!({ "text": value.text.value, "lang": value.text.lang, "href": value.href, "code": value.code });
    let cell = |cell: &Cell| cell.values.iter().map(value).collect::<Vec<_>>();
    let row = |group: &str, row: &Row| {
        json!({
            "group": group,
            "property": row.iri,
            "label": row.label.value,
            "differs": row.differs,
            "values": row.cells.iter().map(cell).collect::<Vec<_>>(),
        })
    };
    let rows = page.groups.iter().flat_map(|group| {
        let rows = group.rows.iter();
        rows.map(|one| row(&group.label, one)).collect::<Vec<_>>()
    });
    json!({
        "records": records.collect::<Vec<_>>(),
        "properties": rows.collect::<Vec<_>>(),
    })
}
