//! What does the list of all records of a kind show?

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::answer;
use crate::catalogue::{Kind, Lookup};
use crate::rdf::vocabulary::dct;
use crate::search::SearchQuery;
use crate::web::error::Answer;
use crate::web::pages::catalogues::{CatalogueEntry, CataloguesPage};
use crate::web::pages::site::Section;
use crate::web::pages::text::Link;
use crate::web::server::{Door, language_of};

/// The most entries of the page.
const ENTRIES_MAX: usize = 500;

/// Catalogues have a page of their own; all other kinds are a search.
pub async fn list(door: &Door, request: &HttpRequest, kind: &Kind) -> Answer {
    if kind.name != crate::catalogue::CATALOGUE_KIND {
        let mut query = SearchQuery {
            language: language_of(request).to_owned(),
            ..SearchQuery::default()
        };
        query
            .facets
            .insert("kind".to_owned(), super::one_of(&kind.name));
        return super::search(door, request, query).await;
    }
    let view = door.view(request).await?;
    let heads = view.public_of_kind(&kind.name, 0, ENTRIES_MAX).await?;
    let snapshot = view.snapshot();
    let root = door.base().path_prefix();
    let language = language_of(request);
    let mut catalogues = Vec::with_capacity(heads.len());
    for head in heads {
        let Lookup::Found(record) = view.lookup_iri(&head.iri).await? else {
            continue;
        };
        let descriptions = snapshot.objects(record.iri.as_ref().into(), dct::DESCRIPTION);
        let title = Link::new(record.name(), format!("{root}{}", record.path));
        let children = door.catalogue.ledger().count_children(
            record.iri.as_str(),
            Some("dataset"),
            crate::ledger::Seen::Public,
        );
        let collections = children
            .await
            .map_err(crate::catalogue::CatalogueError::from)?;
        catalogues.push(CatalogueEntry {
            title,
            description: super::best(&descriptions, language),
            collections,
            ..CatalogueEntry::default()
        });
    }
    let page = CataloguesPage {
        site: door.site_at(request, Section::Catalogues),
        catalogues,
    };
    Ok(answer(StatusCode::OK, &page))
}
