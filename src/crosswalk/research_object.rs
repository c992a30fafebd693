//! How does a record look as a detached RO-Crate 1.2: what is in it, and how does a person read it?

use serde_json::{Map, Value, json};

use super::described::{Described, File, Party};
use super::xml::push_text;

pub const PROFILE: &str = "https://w3id.org/ro/crate/1.2";
const CONTEXT: &str = "https://w3id.org/ro/crate/1.2/context";
/// The name of the file in a crate.
pub const METADATA_FILE: &str = "ro-crate-metadata.json";
pub const PREVIEW_FILE: &str = "ro-crate-preview.html";

/// The metadata of the crate: flat, its root first after its descriptor.
pub fn json_ld(record: &Described<'_>) -> Value {
    let mut graph = vec![json!({
        "@id": METADATA_FILE,
        "@type": "CreativeWork",
        "about": { "@id": record.about.iri },
        "conformsTo": { "@id": PROFILE },
    })];
    let mut others = Vec::new();
    let root = root(record, &mut others);
    graph.push(root);
    for entity in others {
        let known = graph.iter().any(|one| one["@id"] == entity["@id"]);
        if !known {
            graph.push(entity);
        }
    }
    json!({ "@context": CONTEXT, "@graph": graph })
}

fn root(record: &Described<'_>, others: &mut Vec<Value>) -> Value {
    let about = &record.about;
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_empty {
            body.insert(name.to_owned(), value);
        }
    };
    let title = &record.title().text;
    put("@id", json!(about.iri));
    put("@type", json!("Dataset"));
    put("name", json!(title));
    let description = record.description().map_or(title, |words| &words.text);
    put("description", json!(description));
    put("datePublished", json!(record.issued()));
    put("url", json!(about.address));
    put("cite-as", json!(record.cite_as()));
    put("version", json!(record.version));
    let words: Vec<&str> = record
        .keywords
        .iter()
        .map(|one| one.text.as_ref())
        .collect();
    put(
        "keywords",
        json!((!words.is_empty()).then(|| words.join(", "))),
    );
    put("license", licence(record, others));
    put("identifier", identifier(record, others));
    let authors = record.authors().iter().enumerate();
    put(
        "author",
        authors
            .map(|(at, one)| agent("author", at, one, others))
            .collect(),
    );
    let publishers = record.publishers.iter().enumerate();
    put(
        "publisher",
        publishers
            .map(|(at, one)| agent("publisher", at, one, others))
            .collect(),
    );
    let subjects = record.themes.iter().chain(&record.subjects);
    let mut terms = Vec::new();
    for subject in subjects {
        others.push(json!({ "@id": subject.iri, "@type": "DefinedTerm", "name": subject.label }));
        terms.push(json!({ "@id": subject.iri }));
    }
    put("about", json!(terms));
    put(
        "hasPart",
        record
            .files
            .iter()
            .filter_map(|one| part(one, others))
            .collect(),
    );
    Value::Object(body)
}

/// The licence with its name, or what is known of the conditions: a crate must have one.
fn licence(record: &Described<'_>, others: &mut Vec<Value>) -> Value {
    let (id, name, words) = match record.licence() {
        Some(iri) => {
            let spdx = super::words::spdx(iri);
            (iri, spdx.unwrap_or(iri), "The licence of the data.")
        }
        None => (
            "#conditions",
            "Conditions of access",
            record
                .access
                .map_or("Ask the publisher.", |access| access.coar().1),
        ),
    };
    others.push(json!({ "@id": id, "@type": "CreativeWork", "name": name, "description": words }));
    json!({ "@id": id })
}

fn identifier(record: &Described<'_>, others: &mut Vec<Value>) -> Value {
    let Some(doi) = &record.doi else {
        return json!(record.about.iri);
    };
    let address = record.cite_as();
    others.push(json!({
        "@id": address,
        "@type": "PropertyValue",
        "propertyID": "https://registry.identifiers.org/registry/doi",
        "value": format!("doi:{doi}"),
        "url": address,
    }));
    json!({ "@id": address })
}

fn agent(role: &str, at: usize, party: &Party<'_>, others: &mut Vec<Value>) -> Value {
    let id = party
        .iri
        .map_or_else(|| format!("#{role}-{}", at + 1), str::to_owned);
    let class = if party.is_person {
        "Person"
    } else {
        "Organization"
    };
    let mut entity = json!({ "@id": id, "@type": class, "name": party.name.text });
    if let Some(page) = party.page {
        entity["url"] = json!(page);
    }
    others.push(entity);
    json!({ "@id": id })
}

/// A file on the web; what has no address of its own to load from is no part of a crate.
fn part(file: &File<'_>, others: &mut Vec<Value>) -> Option<Value> {
    let address = file.download_url?;
    let mut entity = json!({ "@id": address, "@type": "File", "contentUrl": address });
    let title = file.title.as_ref().map(|title| title.text.as_ref());
    let pairs = [
        ("name", title),
        ("encodingFormat", file.media_type),
        ("contentSize", file.bytes.as_deref()),
        ("sha256", file.sha256.as_deref()),
    ];
    for (name, value) in pairs {
        if let Some(value) = value {
            entity[name] = json!(value);
        }
    }
    others.push(entity);
    Some(json!({ "@id": address }))
}

/// The crate for people: a page that needs nothing else.
pub fn preview(record: &Described<'_>) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
    );
    let title = &record.title().text;
    push_text(&mut page, title);
    page.push_str("</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n</head>\n<body>\n<h1>");
    push_text(&mut page, title);
    page.push_str("</h1>\n");
    if let Some(words) = record.description() {
        page.push_str("<p>");
        push_text(&mut page, &words.text);
        page.push_str("</p>\n");
    }
    page.push_str("<dl>\n");
    let authors: Vec<&str> = record
        .authors()
        .iter()
        .map(|one| one.name.text.as_ref())
        .collect();
    let cite_as = record.cite_as();
    let rows = [
        ("Made by", authors.join("; ")),
        ("Published", record.issued().into_owned()),
        ("Licence", record.licence().unwrap_or_default().to_owned()),
    ];
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        page.push_str("<dt>");
        page.push_str(name);
        page.push_str("</dt><dd>");
        push_text(&mut page, value);
        page.push_str("</dd>\n");
    }
    page.push_str("<dt>Address</dt><dd><a href=\"");
    push_text(&mut page, &cite_as);
    page.push_str("\">");
    push_text(&mut page, &cite_as);
    page.push_str("</a></dd>\n</dl>\n<p>The metadata is in <a href=\"ro-crate-metadata.json\">ro-crate-metadata.json</a>.</p>\n</body>\n</html>\n");
    page
}
