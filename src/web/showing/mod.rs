//! What do pages show? Turns what the heart knows into the structs of the pages.

mod about;
mod assets;
mod bulk;
mod card;
mod concept;
mod home;
mod list;
mod ontology;
mod opening;
mod profiles;
mod quality;
mod record;
mod review;
mod search;
mod similar;
mod sitemap;
mod sparql;
mod statistics;
mod trouble;
mod validate;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::VARY;
use super::pages::text::Text;
use crate::rdf::Term;
use crate::search::FacetChoice;

pub use bulk::{bulk, bulk_plan};
pub use concept::concept;
pub use home::home;
pub use list::list;
pub use ontology::{lookup, ontology};
pub use opening::Opened;
pub use profiles::{preflight, profiles};
pub use quality::quality;
pub use record::{Table, Told, comparison, difference, fields_of, history, itself, record, who};
pub use review::{checks, review, reviews};
pub use search::search;
pub use similar::similar;
pub use sparql::sparql;
pub use statistics::statistics;
pub use trouble::{error, tombstone};
pub use validate::{validate_form, validated};

/// Adds the routes of what is only for people and their browsers.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .app_data(web::Data::new(sitemap::Parts::default()))
        .route("/about", web::get().to(about::about))
        .route("/static/{name}", web::get().to(assets::asset))
        .route("/favicon.ico", web::get().to(assets::icon))
        .route("/robots.txt", web::get().to(sitemap::robots))
        .route("/sitemap.xml", web::get().to(sitemap::sitemap))
        .route("/sitemap-{n}.xml", web::get().to(sitemap::part));
}

/// The choice of one value in a facet.
fn one_of(value: &str) -> FacetChoice {
    FacetChoice {
        include: vec![value.to_owned()],
        ..FacetChoice::default()
    }
}

/// The literal in a language, else the English one, else the first.
pub(super) fn best(terms: &[Term], language: &str) -> Option<Text> {
    let literals = || {
        terms.iter().filter_map(|term| match term {
            Term::Literal(literal) => Some(literal),
            _ => None,
        })
    };
    let tagged = |wanted: &str| {
        literals().find(|literal| {
            literal
                .language()
                .is_some_and(|tag| tag.starts_with(wanted))
        })
    };
    let best = tagged(language)
        .or_else(|| tagged("en"))
        .or_else(|| literals().next())?;
    Some(match best.language() {
        Some(tag) => Text::in_language(best.value(), tag),
        None => Text::plain(best.value()),
    })
}

/// A finished page.
pub fn answer(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status)
            .insert_header((header::VARY, VARY))
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            HttpResponse::InternalServerError().body("the page could not be written")
        }
    }
}
