//! Which kinds of records are there, and by which profile is each checked? `/resource-definitions` and `/profile/{uuid}`,
//! made from the tables of kinds and profiles.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::operators;
use super::wire::{admin, nothing, segment};
use crate::catalogue::{Base, Kind, description};
use crate::rdf::vocabulary::{dcat, dct, prof, rdf, rdfs, sh};
use crate::rdf::{Literal, NamedNode, NamedNodeRef, Term, Triple};
use crate::web::answered;
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::read::{rdf as rdf_answer, rdf_wanted};
use crate::web::server::Door;

const WHAT: &str = "the kinds of records";
const INSTEAD: &str = "Kinds are a table of the server (shapes/kinds.toml): send records of the kinds that there are, or ask the operator.";
/// The media type of a schema, as the reference writes it.
const TURTLE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/mediatype/text/turtle");
/// What a schema is written in.
const SHACL: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://www.w3.org/TR/shacl/");

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/resource-definitions", web::get().to(list))
        .route("/resource-definitions", web::post().to(fixed))
        .route("/resource-definitions/{uuid}", web::get().to(one))
        .route("/resource-definitions/{uuid}", web::put().to(fixed))
        .route("/resource-definitions/{uuid}", web::delete().to(fixed))
        .route("/profile/{uuid}", web::get().to(profile));
}

async fn list(door: web::Data<Door>) -> HttpResponse {
    HttpResponse::Ok().json(all(&door))
}

/// All kinds as the reference defines its resources.
pub(super) fn all(door: &Door) -> Vec<Value> {
    let kinds = door.catalogue.kinds().iter();
    kinds.map(|kind| definition(door, kind)).collect()
}

async fn one(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let found = kind(&door, &request).map(|kind| HttpResponse::Ok().json(definition(&door, kind)));
    answered(&door, &request, found)
}

async fn fixed(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        Err(operators(WHAT, INSTEAD))
    };
    answered(&door, &request, answer.await)
}

fn kind<'a>(door: &'a Door, request: &HttpRequest) -> Result<&'a Kind, WebError> {
    let uuid = segment(request, "uuid");
    let found = door.catalogue.kinds().iter();
    let mut found = found.filter(|kind| kind.definition_id() == uuid);
    found.next().ok_or_else(|| nothing(request))
}

fn definition(door: &Door, kind: &Kind) -> Value {
    let children = door.catalogue.kinds().children_of(&kind.name);
    let children: Vec<Value> = children
        .map(|(child, relation)| below(child, relation))
        .collect();
    let links: Vec<Value> = links_of(&kind.name)
        .iter()
        .map(|(title, property)| json!({ "title": title, "propertyUri": property.as_str() }))
        .collect();
    json!({
        "uuid": kind.definition_id(),
        "name": name_of(kind),
        "urlPrefix": kind.prefix,
        "metadataSchemaUuids": [kind.schema_id()],
        "targetClassUris": kind.classes.iter().map(NamedNode::as_str).collect::<Vec<_>>(),
        "children": children,
        "externalLinks": links,
    })
}

fn below(child: &Kind, relation: &NamedNode) -> Value {
    let metadata = if child.name == "distribution" {
        vec![json!({ "title": "Media Type", "propertyUri": dcat::MEDIA_TYPE.as_str() })]
    } else {
        Vec::new()
    };
    json!({
        "resourceDefinitionUuid": child.definition_id(),
        "relationUri": relation.as_str(),
        "listView": { "title": child.title("en"), "tagsUri": child.tags, "metadata": metadata },
    })
}

/// The links out of a record that a client shows.
fn links_of(kind: &str) -> &'static [(&'static str, NamedNodeRef<'static>)] {
    match kind {
        "dataset" => &[("Landing page", dcat::LANDING_PAGE)],
        "distribution" => &[
            ("Access online", dcat::ACCESS_URL),
            ("Download", dcat::DOWNLOAD_URL),
        ],
        _ => &[],
    }
}

/// The name in the singular: that of the class.
pub(super) fn name_of(kind: &Kind) -> String {
    if kind.is_root() {
        return "FAIR Data Point".to_owned();
    }
    let class = kind
        .classes
        .first()
        .map_or(kind.name.as_str(), NamedNode::as_str);
    let name = class.rsplit(['#', '/']).next().unwrap_or(&kind.name);
    let mut words = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

async fn profile(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, described(&door, &request))
}

fn described(door: &Door, request: &HttpRequest) -> Answer {
    let kind = kind(door, request)?;
    let format = rdf_wanted(request)?;
    Ok(rdf_answer(format, &profile_triples(door.base(), kind)))
}

/// The profile of a kind (Profiles Vocabulary): it leads to the shapes.
fn profile_triples(base: &Base, kind: &Kind) -> Vec<Triple> {
    let (itself, name) = (description::profile(base, kind), name_of(kind));
    let descriptor = NamedNode::new_unchecked(format!("{}#shapes", itself.as_str()));
    let artifact = base.iri(&format!("/metadata-schemas/{}", kind.schema_id()));
    let label = |text: String| Term::from(Literal::new_simple_literal(text));
    let said = |subject: &NamedNode, predicate: NamedNodeRef<'static>, object: Term| {
        Triple::new(subject.clone(), predicate, object)
    };
    let node = |node: NamedNodeRef<'static>| Term::from(node.into_owned());
    vec![
        said(&itself, rdf::TYPE, node(prof::PROFILE)),
        said(&itself, rdfs::LABEL, label(format!("{name} Profile"))),
        said(
            &itself,
            prof::IS_PROFILE_OF,
            base.iri("/profile/core").into(),
        ),
        said(&itself, prof::HAS_RESOURCE, descriptor.clone().into()),
        said(&descriptor, rdf::TYPE, node(prof::RESOURCE_DESCRIPTOR)),
        said(
            &descriptor,
            rdf::TYPE,
            node(prof::RESOURCE_DESCRIPTOR_MISSPELT),
        ),
        said(&descriptor, rdfs::LABEL, label(name)),
        said(&descriptor, dct::FORMAT, node(TURTLE)),
        said(&descriptor, dct::CONFORMS_TO, node(SHACL)),
        said(&descriptor, prof::HAS_ROLE, node(prof::ROLE_VALIDATION)),
        said(&descriptor, prof::HAS_ARTIFACT, artifact.into()),
    ]
}

/// The classes that some shapes are for.
pub(super) fn target_classes(shapes: &[Triple]) -> Vec<String> {
    let mut classes: Vec<String> = shapes
        .iter()
        .filter(|triple| triple.predicate == sh::TARGET_CLASS)
        .filter_map(|triple| match &triple.object {
            Term::NamedNode(class) => Some(class.as_str().to_owned()),
            _ => None,
        })
        .collect();
    classes.sort();
    classes.dedup();
    classes
}
