//! What does the list of records like one show?

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::answer;
use super::card::card;
use crate::catalogue::{CatalogueError, Lookup};
use crate::search::Hit;
use crate::web::error::Answer;
use crate::web::pages::search::Card;
use crate::web::pages::similar::SimilarPage;
use crate::web::pages::site::Section;
use crate::web::pages::text::Link;
use crate::web::server::{Door, language_of};

/// The page of the records that are like one.
pub async fn similar(door: &Door, request: &HttpRequest, iri: &str, hits: &[Hit]) -> Answer {
    let view = door.view(request).await?;
    let Lookup::Found(record) = view.lookup_iri(iri).await? else {
        return Err(CatalogueError::NotFound(iri.to_owned()).into());
    };
    let site = door.site_at(request, Section::Search);
    let (root, language) = (site.root.clone(), language_of(request));
    let one = |hit: &Hit| Card {
        compare: Some(hit.path.clone()),
        ..card(hit, &root, language)
    };
    let page = SimilarPage {
        record: Link::new(record.name(), format!("{root}{}", record.path)),
        cards: hits.iter().map(one).collect(),
        site,
    };
    Ok(answer(StatusCode::OK, &page))
}
