//! How do machines find their way from a record: FAIR Signposting (level 1 and 2), link sets (RFC 9264), and the
//! catalogue of this server's interfaces (RFC 9727)?

use std::fmt::Write as _;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::error::Answer;
use super::exports::{Export, Portrait};
use super::linked_data::record_path;
use super::negotiate;
use super::pages::site::TypedLink;
use super::server::{Door, header_text, parameter};
use super::{VARY, answered};
use crate::catalogue::{Base, Tombstone};
use crate::crosswalk::Described;
use crate::rdf::Format;

/// The longest `Link` header, in bytes: beyond, the link set alone tells the rest.
const HEADER_BYTES_MAX: usize = 4_096;
/// Targets of one relation that a header names.
const TARGETS_MAX: usize = 8;
/// Children that the link set of a catalogue names.
const ITEMS_MAX: usize = 1_000;

const LINK_SET_JSON: &str = "application/linkset+json";
const LINK_SET: &str = "application/linkset";
const API_CATALOG: &str = "/.well-known/api-catalog";

/// A typed link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub rel: &'static str,
    pub target: String,
    pub media_type: Option<String>,
    pub profile: Option<&'static str>,
}

impl Link {
    fn new(rel: &'static str, target: impl Into<String>) -> Self {
        Self {
            rel,
            target: target.into(),
            media_type: None,
            profile: None,
        }
    }

    fn of_type(self, media_type: impl Into<String>) -> Self {
        Self {
            media_type: Some(media_type.into()),
            ..self
        }
    }

    fn with_profile(self, profile: Option<&'static str>) -> Self {
        Self { profile, ..self }
    }

    /// As a header writes it (RFC 8288 §3).
    fn push(&self, out: &mut String) {
        if !out.is_empty() {
            out.push_str(", ");
        }
        let target = self.target.replace('>', "%3E");
        let _ = write!(out, "<{target}>; rel=\"{}\"", self.rel);
        if let Some(media_type) = &self.media_type {
            let _ = write!(out, "; type=\"{media_type}\"");
        }
        if let Some(profile) = self.profile {
            let _ = write!(out, "; profile=\"{profile}\"");
        }
    }
}

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .service(
            web::resource(["/linkset", "/{prefix}/{id}/linkset"])
                .route(web::get().to(link_set))
                .route(web::head().to(link_set)),
        )
        .service(
            web::resource(API_CATALOG)
                .route(web::get().to(api_catalog))
                .route(web::head().to(api_catalog)),
        );
}

/// The address of a representation of a record.
fn address_of(base: &Base, path: &str, name: &str) -> String {
    if path.is_empty() {
        format!("{base}/?format={name}")
    } else {
        format!("{base}{path}.{name}")
    }
}

/// Where the description of a record can be had.
fn described_by(base: &Base, path: &str) -> Vec<Link> {
    let rdf = [Format::Turtle, Format::JsonLd, Format::RdfXml].map(|format| {
        let target = address_of(base, path, format.extension());
        Link::new("describedby", target).of_type(format.media_type())
    });
    let others = [Export::DataCiteXml, Export::SchemaOrg, Export::RoCrate].map(|export| {
        let target = address_of(base, path, export.name());
        let link = Link::new("describedby", target).of_type(export.media_type());
        link.with_profile(export.profile())
    });
    rdf.into_iter().chain(others).collect()
}

fn link_sets(base: &Base, path: &str) -> [Link; 2] {
    let target = format!("{base}{path}/linkset");
    [
        Link::new("linkset", target.clone()).of_type(LINK_SET_JSON),
        Link::new("linkset", format!("{target}?format=text")).of_type(LINK_SET),
    ]
}

/// Everything that the page of a record leads to.
fn of_page(base: &Base, path: &str, record: &Described<'_>) -> Vec<Link> {
    let mut links = vec![Link::new("cite-as", record.cite_as())];
    links.extend(described_by(base, path));
    links.push(Link::new("type", "https://schema.org/AboutPage"));
    let class = record.sort.schema_org;
    links.push(Link::new("type", format!("https://schema.org/{class}")));
    links.extend(
        record
            .licence()
            .map(|licence| Link::new("license", licence)),
    );
    let authors = record.authors().iter().filter_map(|author| author.iri);
    links.extend(authors.map(|author| Link::new("author", author)));
    for file in &record.files {
        let Some(address) = file.download_url else {
            continue;
        };
        let link = Link::new("item", address);
        links.push(match file.media_type {
            Some(media_type) => link.of_type(media_type),
            None => link,
        });
    }
    links
}

/// The links of a page within its head; the same as in the header.
pub fn on_page(portrait: &Portrait, base: &Base) -> Vec<TypedLink> {
    let path = &portrait.record().path;
    let links = portrait.show(|record| of_page(base, path, record));
    let is_few = |link: &&Link| {
        let same = links.iter().filter(|other| other.rel == link.rel);
        link.rel != "type" && same.count() <= TARGETS_MAX
    };
    let few = links.iter().filter(is_few).cloned();
    few.chain(link_sets(base, path))
        .map(|link| TypedLink {
            rel: link.rel.to_owned(),
            href: link.target,
            media_type: link.media_type,
        })
        .collect()
}

/// What the header of a representation says.
pub fn header(portrait: &Portrait, base: &Base, is_page: bool) -> String {
    let record = portrait.record();
    let path = &record.path;
    let links = portrait.show(|described| {
        let mut links = Vec::new();
        if is_page {
            links.extend(of_page(base, path, described));
        } else {
            links.push(Link::new("describes", portrait.address()).of_type("text/html"));
            links.push(Link::new("cite-as", described.cite_as()));
            let ldp = [
                "http://www.w3.org/ns/ldp#RDFSource",
                "http://www.w3.org/ns/ldp#Resource",
            ];
            links.extend(ldp.map(|class| Link::new("type", class)));
            links.extend(described_by(base, path));
        }
        links.extend(
            record
                .parent
                .as_ref()
                .map(|parent| Link::new("collection", parent.as_str())),
        );
        links
    });
    within_budget(&links, &link_sets(base, path))
}

/// Long lists are left to the link set, and everything but it when what remains is still too long.
fn within_budget(links: &[Link], link_sets: &[Link]) -> String {
    let is_few =
        |link: &&Link| links.iter().filter(|other| other.rel == link.rel).count() <= TARGETS_MAX;
    let core = ["cite-as", "describedby", "describes"];
    let attempts: [Vec<&Link>; 3] = [
        links.iter().filter(is_few).collect(),
        links
            .iter()
            .filter(|link| core.contains(&link.rel))
            .collect(),
        Vec::new(),
    ];
    let mut header = String::new();
    for attempt in attempts {
        header.clear();
        for link in attempt.into_iter().chain(link_sets) {
            link.push(&mut header);
        }
        if header.len() <= HEADER_BYTES_MAX {
            break;
        }
    }
    header
}

/// What the address of a record that is gone still says.
pub fn of_tombstone(base: &Base, tombstone: &Tombstone, cite_as: String) -> String {
    let mut header = String::new();
    Link::new("cite-as", cite_as).push(&mut header);
    for format in [Format::Turtle, Format::JsonLd] {
        let target = address_of(base, &tombstone.path, format.extension());
        let link = Link::new("describedby", target).of_type(format.media_type());
        link.push(&mut header);
    }
    header
}

/// The links of one resource.
struct Context {
    anchor: String,
    links: Vec<Link>,
}

async fn link_set(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let view = door.view(&request).await?;
        let record = view.record(&record_path(&request)).await?;
        let portrait = Portrait::of(&door, &view, &record).await?;
        let mut links = portrait.show(|described| of_page(door.base(), &record.path, described));
        for (child, _) in door.catalogue.kinds().children_of(&record.kind) {
            if record.kind != crate::catalogue::CATALOGUE_KIND {
                break;
            }
            let members = view.public_children(&record.iri, child).await?;
            let members = members.into_iter().take(ITEMS_MAX);
            links.extend(
                members.map(|member| Link::new("item", member.as_str()).of_type("text/html")),
            );
        }
        links.extend(
            record
                .parent
                .as_ref()
                .map(|parent| Link::new("collection", parent.as_str())),
        );
        let contexts = contexts(portrait.address(), links);
        Ok(in_form(&request, &contexts))
    };
    answered(&door, &request, answer.await)
}

/// The page with everything, and each thing that it leads to with the way back.
fn contexts(page: &str, links: Vec<Link>) -> Vec<Context> {
    let back = links.iter().filter_map(|link| {
        let rel = match link.rel {
            "describedby" => "describes",
            "item" => "collection",
            _ => return None,
        };
        Some(Context {
            anchor: link.target.clone(),
            links: vec![Link::new(rel, page).of_type("text/html")],
        })
    });
    let back: Vec<Context> = back.collect();
    let mut contexts = vec![Context {
        anchor: page.to_owned(),
        links,
    }];
    contexts.extend(back);
    contexts
}

fn in_form(request: &HttpRequest, contexts: &[Context]) -> HttpResponse {
    const OFFERED: [&[&str]; 2] = [&[LINK_SET_JSON, "application/json"], &[LINK_SET]];
    let asked = parameter(request, "format");
    let is_text = match asked.as_deref() {
        Some(format) => matches!(format, "text" | "txt" | "linkset"),
        None => negotiate::choose(header_text(request, header::ACCEPT), &OFFERED) == Some(1),
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, VARY));
    response.insert_header((header::CACHE_CONTROL, "no-cache"));
    if is_text {
        response.content_type(LINK_SET).body(text(contexts))
    } else {
        let body = format!("{:#}\n", json_form(contexts));
        response.content_type(LINK_SET_JSON).body(body)
    }
}

/// RFC 9264 §4.1: as a header, with the anchor of each link.
fn text(contexts: &[Context]) -> String {
    let mut lines = Vec::new();
    for context in contexts {
        for link in &context.links {
            let mut line = String::new();
            link.push(&mut line);
            let _ = write!(line, "; anchor=\"{}\"", context.anchor.replace('"', "%22"));
            lines.push(line);
        }
    }
    format!("{}\n", lines.join(",\n"))
}

/// RFC 9264 §4.2.
fn json_form(contexts: &[Context]) -> Value {
    let one = |context: &Context| {
        let mut body = Map::new();
        body.insert("anchor".to_owned(), json!(context.anchor));
        for link in &context.links {
            let mut target = json!({ "href": link.target });
            if let Some(media_type) = &link.media_type {
                target["type"] = json!(media_type);
            }
            if let Some(profile) = link.profile {
                target["profile"] = json!(profile);
            }
            let targets = body.entry(link.rel).or_insert_with(|| json!([]));
            if let Some(targets) = targets.as_array_mut() {
                targets.push(target);
            }
        }
        Value::Object(body)
    };
    json!({ "linkset": contexts.iter().map(one).collect::<Vec<_>>() })
}

/// The interfaces of this server.
async fn api_catalog(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    const PROFILE: &str = "https://www.rfc-editor.org/info/rfc9727";
    let base = door.base();
    let at = |path: &str| format!("{base}{path}");
    let apis = ["/", "/search", "/sparql", "/oai", "/ontology/lookup"];
    let items = apis.map(|path| Link::new("item", at(path)));
    let description =
        Link::new("service-desc", at("/openapi.json")).of_type("application/vnd.oai.openapi+json");
    let page = Link::new("service-doc", at("/about")).of_type("text/html");
    let health = Link::new("status", at("/health")).of_type("application/json");
    let of_api = apis.map(|path| Context {
        anchor: at(path),
        links: vec![description.clone(), page.clone(), health.clone()],
    });
    let mut contexts = vec![Context {
        anchor: at(API_CATALOG),
        links: items.to_vec(),
    }];
    contexts.extend(of_api);
    let mut response = in_form(&request, &contexts);
    let link = format!("<{}>; rel=\"api-catalog\"", at(API_CATALOG));
    if let Ok(link) = header::HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LINK, link);
    }
    if response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|found| found == LINK_SET_JSON)
        && let Ok(profiled) =
            header::HeaderValue::from_str(&format!("{LINK_SET_JSON}; profile=\"{PROFILE}\""))
    {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, profiled);
    }
    response
}

/// The answer of a handler that is gone, with its links.
pub fn with_links(answer: Answer, links: &str) -> Answer {
    let mut response = answer?;
    if let Ok(links) = header::HeaderValue::from_str(links) {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(rel: &'static str, count: usize, length: usize) -> Vec<Link> {
        let target = |at| format!("https://example.org/{}/{at}", "x".repeat(length));
        (0..count).map(|at| Link::new(rel, target(at))).collect()
    }

    fn sets() -> Vec<Link> {
        vec![Link::new("linkset", "https://example.org/linkset").of_type(LINK_SET_JSON)]
    }

    #[test]
    fn long_lists_are_left_to_the_link_set() {
        let mut links = many("cite-as", 1, 3);
        links.extend(many("author", TARGETS_MAX + 1, 3));
        links.extend(many("item", TARGETS_MAX, 3));
        let header = within_budget(&links, &sets());
        assert!(header.contains("rel=\"cite-as\"") && header.contains("rel=\"item\""));
        assert!(!header.contains("rel=\"author\"") && header.contains("rel=\"linkset\""));
    }

    #[test]
    fn a_header_is_never_longer_than_its_budget() {
        let mut links = many("cite-as", 1, 3);
        links.extend(many("item", 8, 1_000));
        let header = within_budget(&links, &sets());
        assert!(header.len() <= HEADER_BYTES_MAX && header.contains("rel=\"cite-as\""));
        let header = within_budget(&many("cite-as", 1, 5_000), &sets());
        assert_eq!(header.matches("rel=").count(), 1);
        assert!(header.contains("rel=\"linkset\""));
    }

    #[test]
    fn a_link_set_says_the_same_in_both_forms() {
        let mut links = many("cite-as", 1, 3);
        links.extend(many("describedby", 2, 3));
        let contexts = contexts("https://example.org/page", links);
        let json = json_form(&contexts);
        assert_eq!(json["linkset"].as_array().unwrap().len(), 3);
        assert_eq!(
            json["linkset"][0]["describedby"].as_array().unwrap().len(),
            2
        );
        assert_eq!(text(&contexts).matches("anchor=").count(), 5);
    }
}
