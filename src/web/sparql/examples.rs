//! Which queries are worth trying? The examples of the page as linked data, for tools that collect
//! them (<https://github.com/sib-swiss/sparql-examples>).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use spargebra::{Query, SparqlParser};

use crate::rdf::vocabulary::{rdf, rdfs, schema, sh, xsd};
use crate::rdf::{Literal, NamedNode, NamedNodeRef, Term, Triple, vocabulary};
use crate::web::answered;
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::read;
use crate::web::negotiate::Representation;
use crate::web::pages::sparql::{Example, examples};
use crate::web::server::Door;

/// `GET /sparql/examples`: all of them.
pub(super) async fn all(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = || match read::wanted(&request, None)? {
        Representation::Html => Ok(see(door.base().iri("/sparql#examples"))),
        Representation::Rdf(format) => {
            let each = examples()
                .iter()
                .flat_map(|example| triples(&door, example));
            let all: Vec<Triple> = prefixes(&door).into_iter().chain(each).collect();
            Ok(read::rdf(format, &all))
        }
    };
    answered(&door, &request, answer())
}

/// `GET /sparql/examples/{name}`: one; for a person, the page with its result.
pub(super) async fn one(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, one_answer(&door, &request))
}

fn one_answer(door: &Door, request: &HttpRequest) -> Answer {
    let name = request.match_info().get("name").unwrap_or_default();
    let (name, extension) = match name.rsplit_once('.') {
        Some((name, extension)) => (name, Some(extension)),
        None => (name, None),
    };
    let example = examples().iter().find(|example| example.name == name);
    let example = example.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
    match read::wanted(request, extension)? {
        Representation::Html => {
            let query: String =
                url::form_urlencoded::byte_serialize(example.query.as_bytes()).collect();
            Ok(see(door.base().iri(&format!("/sparql?query={query}"))))
        }
        Representation::Rdf(format) => {
            let mut all = prefixes(door);
            all.extend(triples(door, example));
            Ok(read::rdf(format, &all))
        }
    }
}

fn see(place: NamedNode) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, place.into_string()))
        .finish()
}

fn triples(door: &Door, example: &Example) -> Vec<Triple> {
    let base = door.base();
    let own = base.iri(&format!("/sparql/examples/{}", example.name));
    let (class, property) = form(example.query);
    let english = |text: &str| Literal::new_language_tagged_literal_unchecked(text, "en");
    let objects: [(NamedNodeRef<'_>, Term); 7] = [
        (rdf::TYPE, sh::SPARQL_EXECUTABLE.into()),
        (rdf::TYPE, class.into()),
        (rdfs::LABEL, english(example.title).into()),
        (rdfs::COMMENT, english(example.about).into()),
        (sh::PREFIXES, base.iri("/sparql/examples").into()),
        (property, Literal::new_simple_literal(example.query).into()),
        (schema::TARGET, base.iri("/sparql").into()),
    ];
    let said = |(predicate, object)| Triple::new(own.clone(), predicate, object);
    objects.into_iter().map(said).collect()
}

/// The prefixes that the examples use.
fn prefixes(door: &Door) -> Vec<Triple> {
    let own = door.base().iri("/sparql/examples");
    let used = |(prefix, namespace): &&(&str, &str)| {
        let declared = format!("PREFIX {prefix}: <{namespace}>");
        examples()
            .iter()
            .any(|example| example.query.contains(&declared))
    };
    let mut said = Vec::new();
    for (prefix, namespace) in vocabulary::PREFIXES.iter().filter(used) {
        let one = door
            .base()
            .iri(&format!("/sparql/examples#prefix-{prefix}"));
        let prefix = Literal::new_simple_literal(*prefix);
        let namespace = Literal::new_typed_literal(*namespace, xsd::ANY_URI);
        said.push(Triple::new(own.clone(), sh::DECLARE, one.clone()));
        said.push(Triple::new(one.clone(), sh::PREFIX, prefix));
        said.push(Triple::new(one, sh::PREFIX_NAMESPACE, namespace));
    }
    said
}

/// The class and the property of a query's form.
fn form(query: &str) -> (NamedNodeRef<'static>, NamedNodeRef<'static>) {
    match SparqlParser::new().parse_query(query) {
        Ok(Query::Ask { .. }) => (sh::SPARQL_ASK_EXECUTABLE, sh::ASK),
        Ok(Query::Construct { .. }) => (sh::SPARQL_CONSTRUCT_EXECUTABLE, sh::CONSTRUCT),
        Ok(Query::Describe { .. }) => (sh::SPARQL_DESCRIBE_EXECUTABLE, sh::DESCRIBE),
        Ok(Query::Select { .. }) | Err(_) => (sh::SPARQL_SELECT_EXECUTABLE, sh::SELECT),
    }
}
