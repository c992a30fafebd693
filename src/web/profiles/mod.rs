//! The same record in other profiles: which there are, what a record looks like in each, and whether it is valid there.

mod asked;
mod told;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

pub use asked::Asked;

use super::error::{Answer, WebError};
use super::linked_data::record_path;
use super::quality::{Shape, shape};
use super::server::{Door, language_of};
use super::{VARY, answered, showing};
use crate::catalogue::rendition::{Offer, Rendition};
use crate::catalogue::{Base, Checked, Description, Document, Record, View};
use crate::rdf::{Format, NamedNode, Triple, format};
use crate::web::negotiate::Representation;

/// What the answers here depend on.
const VARY_BY_PROFILE: &str = "Accept, Accept-Language, Authorization, Cookie, Accept-Profile";

/// Adds the routes. They come before those of records.
pub fn configure(service: &mut web::ServiceConfig) {
    for record in ["", "/{prefix}/{id}"] {
        service
            .service(
                web::resource(format!("{record}/profiles"))
                    .route(web::get().to(list))
                    .route(web::head().to(list)),
            )
            .service(
                web::resource(format!("{record}/profiles/{{token}}"))
                    .route(web::get().to(preflight))
                    .route(web::head().to(preflight)),
            );
    }
}

/// A record in the profile that was asked for.
pub struct Shown {
    pub document: Document,
    /// The other addresses of the record, by profile, for the `Link` header.
    pub links: String,
    /// The profile of the answer, for `Content-Profile`.
    pub profile: String,
    /// When it changed last, if it is not as it was sent.
    pub rewritten: Option<jiff::Timestamp>,
}

/// A profile, the record in it, and how it fits.
pub struct Verdict {
    pub rendition: Rendition,
    pub checked: Checked,
}

/// Shows a record in the profile that was asked for; without a wish in its own.
pub async fn show(
    door: &Door,
    view: &View,
    record: Record,
    asked: Option<&Asked>,
    format: Format,
) -> Result<Shown, WebError> {
    let path = record.path.clone();
    let address = |offer: &Offer| address(door.base(), &path, offer, format);
    let Some(asked) = asked else {
        let document = view.document(record).await?;
        let offers = door.catalogue.offers(&Description {
            kind: &document.record.kind,
            iri: &document.record.iri,
            parent: document.record.parent.as_ref(),
            triples: &document.sent,
        })?;
        return Ok(Shown {
            links: links(&offers, offers.first(), &address, format),
            profile: offers.first().map(content_profile).unwrap_or_default(),
            document,
            rewritten: None,
        });
    };
    let offers = view.offers(&record).await?;
    let offer = asked.choose(&offers, &address)?;
    let rendition = view.rendition(record, offer).await?;
    Ok(Shown {
        links: links(&offers, Some(offer), &address, format),
        profile: content_profile(offer),
        document: rendition.document,
        rewritten: (!offer.is_own()).then_some(rendition.changed),
    })
}

/// A person who asks for a profile is led to what there is to say about the record in it.
pub async fn to_page(door: &Door, view: &View, record: &Record, asked: &Asked) -> Answer {
    let offers = view.offers(record).await?;
    let own = |offer: &Offer| address(door.base(), &record.path, offer, Format::Turtle);
    let offer = asked.choose(&offers, &own)?;
    let there = format!(
        "{}{}/profiles/{}",
        door.base(),
        record.path,
        offer.profile.name
    );
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, there))
        .insert_header((header::VARY, format!("{VARY}, Accept-Profile")))
        .finish())
}

/// The address of a record in a profile.
pub fn address(base: &Base, path: &str, offer: &Offer, format: Format) -> String {
    let (name, extension) = (&offer.profile.name, format.extension());
    match (path.is_empty(), offer.is_own()) {
        (true, true) => format!("{base}/?format={extension}"),
        (true, false) => format!("{base}/?format={extension}&profile={name}"),
        (false, true) => format!("{base}{path}.{extension}"),
        (false, false) => format!("{base}{path}.{extension}?profile={name}"),
    }
}

fn content_profile(offer: &Offer) -> String {
    let iri = offer.profile.iri.as_ref();
    iri.map_or_else(String::new, |iri| format!("<{}>", iri.as_str()))
}

/// This answer and the others of the record (W3C, Content Negotiation by Profile §7.2).
fn links(
    offers: &[Offer],
    shown: Option<&Offer>,
    address: &dyn Fn(&Offer) -> String,
    format: Format,
) -> String {
    let media_type = format.media_type();
    let mut links = Vec::new();
    for offer in offers {
        let Some(iri) = &offer.profile.iri else {
            continue;
        };
        let is_shown = shown.is_some_and(|shown| shown.profile.name == offer.profile.name);
        let rel = if is_shown { "canonical" } else { "alternate" };
        let (there, iri) = (address(offer), iri.as_str());
        links.push(format!(
            "<{there}>; rel=\"{rel}\"; type=\"{media_type}\"; profile=\"{iri}\""
        ));
        if is_shown {
            links.push(format!("<{iri}>; rel=\"profile\""));
        }
    }
    links.join(", ")
}

/// `…/profiles`: in which profiles a record can be had, and how it fits each.
async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let path = record_path(&request);
    answered(&door, &request, listed(&door, &request, &path).await)
}

/// The list, at whichever address it was asked for.
pub async fn listed(door: &Door, request: &HttpRequest, path: &str) -> Answer {
    let shape = shape(request, true)?;
    let view = door.view(request).await?;
    let record = view.record(path).await?;
    let offers = view.offers(&record).await?;
    if let Shape::Rdf(format) = shape {
        let triples = told::representations(door.base(), &record, &offers);
        return Ok(varying(rdf(format, &triples)));
    }
    let mut verdicts = Vec::with_capacity(offers.len());
    for offer in &offers {
        verdicts.push(verdict(door, &view, &record, offer).await?);
    }
    let language = language_of(request);
    Ok(varying(match shape {
        Shape::Page => showing::profiles(door, request, &record, &verdicts),
        _ => HttpResponse::Ok().json(told::list(door.base(), &record, &verdicts, language)),
    }))
}

/// `…/profiles/{token}`: how a record fits a profile, and what was rewritten on the way.
async fn preflight(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let shape = shape(&request, true)?;
        let token = request.match_info().get("token").unwrap_or_default();
        let view = door.view(&request).await?;
        let record = view.record(&record_path(&request)).await?;
        let offers = view.offers(&record).await?;
        let missing = || WebError::NotFound(request.path().to_owned());
        let offer = asked::best(token, &offers).ok_or_else(missing)?;
        let verdict = verdict(&door, &view, &record, offer).await?;
        let language = language_of(&request);
        Ok(varying(match shape {
            Shape::Rdf(format) => rdf(format, &report(&verdict)),
            Shape::Page => showing::preflight(&door, &request, &record, &verdict),
            Shape::Json => {
                HttpResponse::Ok().json(told::preflight(door.base(), &record, &verdict, language))
            }
        }))
    };
    answered(&door, &request, answer.await)
}

async fn verdict(
    door: &Door,
    view: &View,
    record: &Record,
    offer: &Offer,
) -> Result<Verdict, WebError> {
    let rendition = view.rendition(record.clone(), offer).await?;
    let checked = rendition.check(&door.catalogue).await?;
    Ok(Verdict { rendition, checked })
}

/// The report of SHACL, under the names of the profile.
fn report(verdict: &Verdict) -> Vec<Triple> {
    let graph = verdict.checked.report.to_graph();
    let named = graph
        .iter()
        .map(|triple| verdict.rendition.offer.named(triple));
    named.collect()
}

fn rdf(wanted: Format, triples: &[Triple]) -> HttpResponse {
    let bytes = format::write_triples(wanted, triples.iter().map(Triple::as_ref));
    HttpResponse::Ok()
        .content_type(Representation::Rdf(wanted).content_type_of(&bytes))
        .body(bytes)
}

/// Says what the answer depends on, and that it is to be asked for again.
fn varying(mut response: HttpResponse) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(
        header::VARY,
        header::HeaderValue::from_static(VARY_BY_PROFILE),
    );
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-cache"),
    );
    response
}

/// Whether the list of profiles is asked for at the address of a record itself.
pub fn wants_list(request: &HttpRequest) -> bool {
    Asked::of(request) == Some(Asked::List)
}

/// The wish that a representation can answer: a page has no profile, unless its address names one.
pub fn wish(request: &HttpRequest, representation: Representation) -> Option<Asked> {
    let asked = Asked::of(request)?;
    let is_page = representation == Representation::Html;
    (!is_page || matches!(asked, Asked::One(_))).then_some(asked)
}

/// The IRI of a profile, for those who read it.
pub fn iri_of(offer: &Offer) -> Option<&str> {
    offer.profile.iri.as_ref().map(NamedNode::as_str)
}
