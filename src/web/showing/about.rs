//! What is this Atlas, who runs it, and what does it speak?

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::answer;
use crate::web::pages::about::{AboutPage, Vocabulary};
use crate::web::pages::site::Section;
use crate::web::pages::text::{Link, Text};
use crate::web::server::{Door, language_of};

pub(super) async fn about(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let language = language_of(&request);
    let profiles = door.catalogue.profiles();
    let of_profile = |profile: &std::sync::Arc<crate::catalogue::Profile>| {
        let address = profile.iri.as_ref().map_or("", |iri| iri.as_str());
        Link::new(Text::plain(profile.title(language)), address)
    };
    let ontology = door.catalogue.ontology();
    let vocabularies = ontology
        .schemes()
        .into_iter()
        .map(|list| Vocabulary {
            title: Link::new(list.title, list.iri),
            concepts: list.members.len() as u64,
            ..Vocabulary::default()
        })
        .collect();
    let page = AboutPage {
        site: door.site_at(&request, Section::About),
        description: vec![Text::plain(
            "A catalogue of image collections: what each holds, who keeps it, and under which \
             conditions it can be used. People search it, machines read it as linked data.",
        )],
        profiles: profiles.iter().map(of_profile).collect(),
        vocabularies,
        base: door.base().as_str().to_owned(),
        ..AboutPage::default()
    };
    answer(StatusCode::OK, &page)
}
