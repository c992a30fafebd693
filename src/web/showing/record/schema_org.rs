//! What do search engines read? The record in schema.org.

use serde_json::{Map, Value, json};

use super::citation::authors;
use super::facts::{Facts, literal};
use super::table::node;
use crate::catalogue::Record;
use crate::rdf::vocabulary::{dcat, dct, foaf, healthdcatap};
use crate::rdf::{NamedOrBlankNode, Term};
use crate::web::pages::text::EmbeddedJson;

pub fn json_ld(
    facts: &Facts<'_>,
    record: &Record,
    (title, description): (&str, &str),
    distributions: &[NamedOrBlankNode],
) -> Option<EmbeddedJson> {
    let class = match record.kind.as_str() {
        "dataset" | "series" => "Dataset",
        "catalog" => "DataCatalog",
        _ => return None,
    };
    let iri = record.iri.as_str();
    let mut body = Map::new();
    body.insert("@context".to_owned(), json!("https://schema.org/"));
    body.insert("@type".to_owned(), json!(class));
    body.insert("@id".to_owned(), json!(iri));
    let mut put = |name: &str, value: Value| {
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_empty {
            body.insert(name.to_owned(), value);
        }
    };
    put("name", json!(title));
    put(
        "description",
        json!(if description.is_empty() {
            title
        } else {
            description
        }),
    );
    put("url", json!(iri));
    let words = |property| {
        facts
            .own(property)
            .into_iter()
            .filter_map(literal)
            .collect::<Vec<_>>()
    };
    let mut identifiers = vec![iri];
    identifiers.extend(words(dct::IDENTIFIER).into_iter().filter(|one| *one != iri));
    put("identifier", json!(identifiers));
    put("keywords", json!(words(dcat::KEYWORD)));
    put("version", json!(words(dcat::VERSION).first()));
    put("datePublished", json!(words(dct::ISSUED).first()));
    put("dateModified", json!(words(dct::MODIFIED).first()));
    let organization = |name: &str| json!({ "@type": "Organization", "name": name });
    put(
        "creator",
        authors(facts)
            .iter()
            .map(|name| organization(&name.value))
            .collect(),
    );
    let publishers = facts.own(dct::PUBLISHER).into_iter().filter_map(node);
    let names = publishers.filter_map(|agent| facts.best(&facts.of(&agent, foaf::NAME)));
    put(
        "publisher",
        names.map(|name| organization(&name.value)).collect(),
    );
    put("license", json!(licence(facts, distributions)));
    let places = facts
        .own(dct::SPATIAL)
        .into_iter()
        .map(|term| facts.value(term).text.value);
    put(
        "spatialCoverage",
        places
            .map(|name| json!({ "@type": "Place", "name": name }))
            .collect(),
    );
    let periods = facts
        .own(dct::TEMPORAL)
        .into_iter()
        .filter_map(node)
        .map(|period| {
            let end = |property| {
                let found = facts.of(&period, property).into_iter().find_map(literal);
                found.unwrap_or("..").to_owned()
            };
            json!(format!("{}/{}", end(dcat::START_DATE), end(dcat::END_DATE)))
        });
    put("temporalCoverage", periods.collect());
    if class == "Dataset" {
        let measured = [
            healthdcatap::NUMBER_OF_UNIQUE_INDIVIDUALS,
            healthdcatap::NUMBER_OF_RECORDS,
        ];
        let measured = measured.into_iter().filter_map(|property| {
            let name = facts.name(property.as_str());
            Some(
                json!({ "@type": "PropertyValue", "name": name, "value": facts.number(property)? }),
            )
        });
        put("variableMeasured", measured.collect());
        let files = distributions.iter().map(|node| download(facts, node));
        put("distribution", files.collect());
        let catalogue = record.parent.as_ref().and_then(|parent| {
            let name = &facts.neighbours.get(parent.as_str())?.title.value;
            Some(json!({ "@type": "DataCatalog", "@id": parent.as_str(), "name": name, "url": parent.as_str() }))
        });
        put("includedInDataCatalog", json!(catalogue));
        put("isAccessibleForFree", json!(is_open(facts)));
    }
    serde_json::to_string(&Value::Object(body))
        .ok()
        .map(|text| EmbeddedJson::new(&text))
}

fn is_open(facts: &Facts<'_>) -> Option<bool> {
    let rights = facts.own(dct::ACCESS_RIGHTS);
    let open = rights
        .iter()
        .any(|term| matches!(term, Term::NamedNode(iri) if iri.as_str().ends_with("/PUBLIC")));
    open.then_some(true)
}

fn licence(facts: &Facts<'_>, distributions: &[NamedOrBlankNode]) -> Option<String> {
    let own = facts.iri_of(&facts.iri, dct::LICENSE);
    own.or_else(|| {
        distributions
            .iter()
            .find_map(|node| facts.iri_of(node, dct::LICENSE))
    })
}

fn download(facts: &Facts<'_>, node: &NamedOrBlankNode) -> Value {
    let address = facts.iri_of(node, dcat::DOWNLOAD_URL);
    let address = address.or_else(|| facts.iri_of(node, dcat::ACCESS_URL));
    let format = facts
        .of(node, dcat::MEDIA_TYPE)
        .first()
        .map(|term| facts.value(term).text.value);
    let title = facts
        .best(&facts.of(node, dct::TITLE))
        .map(|title| title.value);
    let mut body = Map::new();
    body.insert("@type".to_owned(), json!("DataDownload"));
    let pairs = [
        ("name", title),
        ("contentUrl", address),
        ("encodingFormat", format),
        ("license", facts.iri_of(node, dct::LICENSE)),
    ];
    for (name, value) in pairs {
        if let Some(value) = value {
            body.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(body)
}
