//! How does a record look to search engines: in schema.org, with what Google and Bioschemas ask for?

use serde_json::{Map, Value, json};

use super::described::{Described, File, Party};
use super::words::{self, Access};

/// Google's bounds on a description, in characters.
const DESCRIPTION_CHARS: std::ops::Range<usize> = 50..5_000;
const BIOSCHEMAS: &str = "https://bioschemas.org/profiles/Dataset/1.0-RELEASE";

/// Who holds the record, by IRI and name.
pub type Holder<'a> = (&'a str, &'a str);

/// The record as JSON-LD.
pub fn json_ld(record: &Described<'_>, holder: Option<Holder<'_>>) -> Value {
    let mut body = Map::new();
    body.insert("@context".to_owned(), json!("https://schema.org/"));
    body.extend(properties(record, holder));
    Value::Object(body)
}

/// The properties of the record, without a context.
pub fn properties(record: &Described<'_>, holder: Option<Holder<'_>>) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_empty {
            body.insert(name.to_owned(), value);
        }
    };
    let class = record.sort.schema_org;
    let about = &record.about;
    put("@type", json!(class));
    put("@id", json!(about.iri));
    if class == "Dataset" {
        put(
            "http://purl.org/dc/terms/conformsTo",
            json!({ "@id": BIOSCHEMAS }),
        );
    }
    put("name", json!(record.title().text));
    let alternatives = record.alternatives.iter().map(|one| json!(one.text));
    put("alternateName", alternatives.collect());
    put("description", json!(description(record)));
    put("url", json!(about.address));
    let mut same: Vec<&str> = record.landing_pages.clone();
    let doi = record.cite_as();
    if about.iri != about.address {
        same.push(about.iri);
    }
    if doi != about.iri {
        same.push(&doi);
    }
    put("sameAs", json!(same));
    put("identifier", identifiers(record));
    put("keywords", keywords(record));
    put("license", json!(record.licence()));
    put("creator", record.authors().iter().map(agent).collect());
    put(
        "publisher",
        match record.publishers.first() {
            Some(party) => agent(party),
            None => json!({ "@type": "Organization", "name": about.site }),
        },
    );
    put("funder", record.funders.iter().map(agent).collect());
    put("version", json!(record.version));
    put("datePublished", json!(record.issued()));
    put("dateModified", json!(modified(record)));
    put("inLanguage", languages(record));
    if matches!(class, "Dataset" | "DataCatalog") {
        put("temporalCoverage", periods(record));
        let places = record.places.iter();
        put(
            "spatialCoverage",
            places
                .map(|place| json!({ "@type": "Place", "@id": place.iri, "name": place.label }))
                .collect(),
        );
    }
    if class == "Dataset" {
        put("variableMeasured", measured(record));
        let methods = record.modalities.iter();
        put(
            "measurementTechnique",
            methods.map(|one| defined(one.label, one.iri)).collect(),
        );
        put("distribution", record.files.iter().map(download).collect());
        put(
            "isAccessibleForFree",
            json!(record.access.map(|access| access == Access::Open)),
        );
        put(
            "conditionsOfAccess",
            json!(record.access.map(|access| access.coar().1)),
        );
        let catalogue = holder.map(
            |(iri, name)| json!({ "@type": "DataCatalog", "@id": iri, "name": name, "url": iri }),
        );
        put("includedInDataCatalog", json!(catalogue));
    }
    let related = |relation: &str| {
        let found = record.related.iter().filter(|one| one.relation == relation);
        found
            .map(|one| json!({ "@id": one.iri }))
            .collect::<Value>()
    };
    put("isBasedOn", related("IsDerivedFrom"));
    let citations = record
        .related
        .iter()
        .filter(|one| one.relation == "IsReferencedBy");
    put("citation", citations.map(|one| json!(one.iri)).collect());
    body
}

/// A description as long as Google wants it.
fn description(record: &Described<'_>) -> String {
    let title = &record.title().text;
    let words = record.description().map_or("", |words| words.text.trim());
    let mut text = words.to_owned();
    if text.chars().count() < DESCRIPTION_CHARS.start {
        let site = record.about.site;
        let sort = record.sort.word.to_lowercase();
        text = format!("{title}. {text} A {sort} that is described in {site}.");
        text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    text.chars().take(DESCRIPTION_CHARS.end).collect()
}

fn identifiers(record: &Described<'_>) -> Value {
    let mut found = vec![json!(record.about.iri)];
    if let Some(doi) = &record.doi {
        found.push(json!({
            "@type": "PropertyValue",
            "propertyID": "https://registry.identifiers.org/registry/doi",
            "value": format!("doi:{doi}"),
            "url": record.cite_as(),
        }));
    }
    let others = record
        .identifiers
        .iter()
        .filter(|one| words::doi(one).is_none());
    found.extend(others.map(|one| json!({ "@type": "PropertyValue", "value": one })));
    json!(found)
}

fn keywords(record: &Described<'_>) -> Value {
    let words = record.keywords.iter().map(|one| json!(one.text));
    let concepts = record.themes.iter().chain(&record.subjects);
    words
        .chain(concepts.map(|one| defined(one.label, one.iri)))
        .collect()
}

fn defined(label: &str, iri: &str) -> Value {
    let set = iri.trim_end_matches(words::last_part(iri));
    json!({ "@type": "DefinedTerm", "@id": iri, "name": label, "inDefinedTermSet": set })
}

fn agent(party: &Party<'_>) -> Value {
    let class = if party.is_person {
        "Person"
    } else {
        "Organization"
    };
    let mut value = json!({ "@type": class, "name": party.name.text });
    if let Some(iri) = party.iri {
        value["@id"] = json!(iri);
        value["sameAs"] = json!(iri);
    }
    if let Some(page) = party.page {
        value["url"] = json!(page);
    }
    value
}

fn modified(record: &Described<'_>) -> String {
    let said = record.modified.as_deref();
    let said = said.filter(|date| super::described::is_date(date));
    said.map_or_else(
        || record.about.changed.strftime("%Y-%m-%d").to_string(),
        str::to_owned,
    )
}

fn languages(record: &Described<'_>) -> Value {
    let tags = record
        .languages
        .iter()
        .filter_map(|iri| words::language(iri));
    tags.map(|(_, tag)| json!(tag)).collect()
}

fn periods(record: &Described<'_>) -> Value {
    let one = |[from, to]: &[Option<std::borrow::Cow<'_, str>>; 2]| {
        let [from, to] = [from, to].map(|end| end.as_deref().unwrap_or(".."));
        json!(format!("{from}/{to}"))
    };
    record.periods.iter().map(one).collect()
}

fn measured(record: &Described<'_>) -> Value {
    let counts = [
        ("Number of unique individuals", &record.individuals),
        ("Number of imaging studies", &record.studies),
    ];
    let counts = counts.into_iter().filter_map(|(name, number)| {
        let number: u64 = number.as_ref()?.parse().ok()?;
        Some(json!({ "@type": "PropertyValue", "name": name, "value": number }))
    });
    counts.collect()
}

/// A file, or the place where it is asked for.
pub fn download(file: &File<'_>) -> Value {
    let mut body = Map::new();
    body.insert("@type".to_owned(), json!("DataDownload"));
    let title = file.title.as_ref().map(|title| title.text.as_ref());
    let address = file.download_url.or(file.access_url);
    let pairs = [
        ("@id", file.iri),
        ("name", title),
        ("contentUrl", address),
        ("encodingFormat", file.media_type),
        ("contentSize", file.bytes.as_deref()),
        ("sha256", file.sha256.as_deref()),
        ("license", file.licence),
    ];
    for (name, value) in pairs {
        if let Some(value) = value {
            body.insert(name.to_owned(), json!(value));
        }
    }
    Value::Object(body)
}
