//! How does a record look in DataCite's metadata schema (kernel 4.7), as XML and as JSON?

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::described::{Described, Party, Words};
use super::words::{self, Access};
use super::xml::{SCHEMA_INSTANCE, push_element, push_end, push_start};

pub const NAMESPACE: &str = "http://datacite.org/schema/kernel-4";
pub const SCHEMA: &str = "http://schema.datacite.org/meta/kernel-4.7/metadata.xsd";
pub const VERSION: &str = "4.7";
/// What stands where a value is mandatory and nobody said it (DataCite, appendix 3).
const UNAVAILABLE: &str = ":unav";

/// Whether OpenAIRE's rules hold, too: an access right always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    DataCite,
    OpenAire,
}

/// The properties of the schema, before they are written in either form.
struct Kernel<'a> {
    record: &'a Described<'a>,
    identifier: (Cow<'a, str>, &'static str),
    dates: Vec<(&'static str, Cow<'a, str>)>,
    /// Type and identifier.
    alternates: Vec<(&'static str, &'a str)>,
    /// Relation, type and identifier.
    related: Vec<(&'static str, &'static str, &'a str)>,
    rights: Vec<Right<'a>>,
    descriptions: Vec<(&'static str, &'a Words<'a>)>,
    sizes: Vec<String>,
    formats: Vec<&'a str>,
}

struct Right<'a> {
    words: &'a str,
    address: &'a str,
    spdx: Option<&'static str>,
}

const SPDX: &str = "https://spdx.org/licenses/";

fn kernel<'a>(record: &'a Described<'a>, rules: Rules) -> Kernel<'a> {
    let about = &record.about;
    let identifier = match (&record.doi, &record.persistent) {
        (Some(doi), _) => (Cow::Borrowed(doi.as_ref()), "DOI"),
        (None, Some(one)) => (Cow::Borrowed(one.as_ref()), words::identifier_type(one)),
        (None, None) => (Cow::Borrowed(about.iri), words::identifier_type(about.iri)),
    };
    let mut alternates = Vec::new();
    if identifier.0 != about.iri {
        alternates.push((words::identifier_type(about.iri), about.iri));
    }
    if about.address != about.iri {
        alternates.push(("URL", about.address));
    }
    let is_other = |one: &&Cow<'_, str>| words::doi(one).is_none() && **one != identifier.0;
    let local = record.identifiers.iter().filter(is_other);
    alternates.extend(local.map(|one| ("Local accession number", one.as_ref())));
    let related = record.related.iter().map(|one| {
        (
            one.relation,
            words::identifier_type(one.iri),
            words::doi(one.iri).unwrap_or(one.iri),
        )
    });
    let mut formats: Vec<&str> = record
        .files
        .iter()
        .filter_map(|file| file.media_type)
        .collect();
    formats.dedup();
    Kernel {
        record,
        identifier,
        dates: dates(record),
        alternates,
        related: related.collect(),
        rights: rights(record, rules),
        descriptions: descriptions(record),
        sizes: sizes(record),
        formats,
    }
}

fn dates<'a>(record: &'a Described<'a>) -> Vec<(&'static str, Cow<'a, str>)> {
    let mut dates = vec![("Issued", record.issued())];
    let said = [("Updated", &record.modified), ("Created", &record.created)];
    for (sort, date) in said {
        let date = date
            .as_deref()
            .filter(|date| super::described::is_date(date));
        dates.extend(date.map(|date| (sort, Cow::Borrowed(date))));
    }
    for [from, to] in &record.periods {
        let [from, to] = [from, to].map(|end| end.as_deref().unwrap_or_default());
        dates.push(("Coverage", Cow::Owned(format!("{from}/{to}"))));
    }
    dates
}

fn rights<'a>(record: &'a Described<'a>, rules: Rules) -> Vec<Right<'a>> {
    let mandatory = (rules == Rules::OpenAire).then_some(Access::Closed);
    let access = record.access.or(mandatory).map(Access::coar);
    let access = access.map(|(address, words)| Right {
        words,
        address,
        spdx: None,
    });
    let mut licences = record.licences.clone();
    for file in &record.files {
        licences.extend(
            file.licence
                .filter(|licence| !record.licences.contains(licence)),
        );
    }
    licences.sort_unstable();
    licences.dedup();
    let licences = licences.into_iter().map(|address| {
        let spdx = words::spdx(address);
        Right {
            words: spdx.unwrap_or(address),
            address,
            spdx,
        }
    });
    access.into_iter().chain(licences).collect()
}

fn descriptions<'a>(record: &'a Described<'a>) -> Vec<(&'static str, &'a Words<'a>)> {
    let abstracts = record.descriptions.iter().map(|words| ("Abstract", words));
    let methods = record.provenance.iter().map(|words| ("Methods", words));
    abstracts.chain(methods).collect()
}

fn sizes(record: &Described<'_>) -> Vec<String> {
    let counted = [
        (record.individuals.as_deref(), "subjects"),
        (record.studies.as_deref(), "imaging studies"),
    ];
    let counts = counted
        .into_iter()
        .filter_map(|(number, noun)| number.map(|number| format!("{number} {noun}")));
    let bytes = record.files.iter().filter_map(|file| file.bytes.as_ref());
    counts
        .chain(bytes.map(|bytes| format!("{bytes} bytes")))
        .collect()
}

/// Adds `resource`.
pub fn push_xml(out: &mut String, record: &Described<'_>, rules: Rules) {
    let kernel = kernel(record, rules);
    let location = format!("{NAMESPACE} {SCHEMA}");
    push_start(
        out,
        "resource",
        &[
            ("xmlns", Some(NAMESPACE)),
            ("xmlns:xsi", Some(SCHEMA_INSTANCE)),
            ("xsi:schemaLocation", Some(&location)),
        ],
    );
    kernel.push_core(out);
    kernel.push_people(out);
    kernel.push_rest(out);
    push_end(out, "resource");
}

impl Kernel<'_> {
    fn push_core(&self, out: &mut String) {
        let record = self.record;
        let (identifier, sort) = &self.identifier;
        push_element(
            out,
            "identifier",
            &[("identifierType", Some(sort))],
            identifier,
        );
        push_group(out, "titles", |out| {
            for title in &record.titles {
                push_element(out, "title", &[("xml:lang", title.language)], &title.text);
            }
            for title in &record.alternatives {
                let sort = ("titleType", Some("AlternativeTitle"));
                push_element(
                    out,
                    "title",
                    &[sort, ("xml:lang", title.language)],
                    &title.text,
                );
            }
        });
        let publisher = record.publishers.first();
        let iri = publisher.and_then(|party| party.iri);
        let scheme = iri.and_then(words::name_scheme);
        let known = iri.filter(|_| scheme.is_some());
        push_element(
            out,
            "publisher",
            &[
                ("publisherIdentifier", known),
                ("publisherIdentifierScheme", scheme.map(|(name, _)| name)),
                ("schemeURI", scheme.map(|(_, address)| address)),
            ],
            record.publisher(),
        );
        push_element(out, "publicationYear", &[], &record.year());
        let general = ("resourceTypeGeneral", Some(record.sort.general));
        push_element(out, "resourceType", &[general], record.sort.word);
        let language = record.languages.iter().find_map(|iri| words::language(iri));
        if let Some((_, tag)) = language {
            push_element(out, "language", &[], &tag);
        }
        if let Some(version) = &record.version {
            push_element(out, "version", &[], version);
        }
    }

    fn push_people(&self, out: &mut String) {
        let record = self.record;
        push_group(out, "creators", |out| {
            if record.authors().is_empty() {
                out.push_str("<creator>");
                push_element(out, "creatorName", &[], UNAVAILABLE);
                out.push_str("</creator>");
            }
            for party in record.authors() {
                out.push_str("<creator>");
                push_party(out, "creatorName", party);
                out.push_str("</creator>");
            }
        });
        push_group(out, "contributors", |out| {
            for (role, party) in &record.contributors {
                push_start(out, "contributor", &[("contributorType", Some(role))]);
                push_party(out, "contributorName", party);
                out.push_str("</contributor>");
            }
        });
        push_group(out, "fundingReferences", |out| {
            for funder in &record.funders {
                out.push_str("<fundingReference>");
                push_element(out, "funderName", &[], &funder.name.text);
                if let Some(iri) = funder.iri {
                    let sort = ("funderIdentifierType", Some(funder_type(iri)));
                    push_element(out, "funderIdentifier", &[sort], iri);
                }
                out.push_str("</fundingReference>");
            }
        });
    }

    fn push_rest(&self, out: &mut String) {
        let record = self.record;
        push_group(out, "subjects", |out| {
            for keyword in &record.keywords {
                push_element(
                    out,
                    "subject",
                    &[("xml:lang", keyword.language)],
                    &keyword.text,
                );
            }
            for subject in record.themes.iter().chain(&record.subjects) {
                let lang = ("xml:lang", Some("en"));
                push_element(
                    out,
                    "subject",
                    &[("valueURI", Some(subject.iri)), lang],
                    subject.label,
                );
            }
        });
        push_group(out, "dates", |out| {
            for (sort, date) in &self.dates {
                push_element(out, "date", &[("dateType", Some(sort))], date);
            }
        });
        push_group(out, "alternateIdentifiers", |out| {
            for (sort, one) in &self.alternates {
                let sort = ("alternateIdentifierType", Some(*sort));
                push_element(out, "alternateIdentifier", &[sort], one);
            }
        });
        push_group(out, "relatedIdentifiers", |out| {
            for (relation, sort, one) in &self.related {
                let sort = ("relatedIdentifierType", Some(*sort));
                let relation = ("relationType", Some(*relation));
                push_element(out, "relatedIdentifier", &[sort, relation], one);
            }
        });
        push_group(out, "sizes", |out| {
            for size in &self.sizes {
                push_element(out, "size", &[], size);
            }
        });
        push_group(out, "formats", |out| {
            for format in &self.formats {
                push_element(out, "format", &[], format);
            }
        });
        push_group(out, "rightsList", |out| {
            for right in &self.rights {
                let attributes = [
                    ("rightsURI", Some(right.address)),
                    ("rightsIdentifier", right.spdx),
                    ("rightsIdentifierScheme", right.spdx.map(|_| "SPDX")),
                    ("schemeURI", right.spdx.map(|_| SPDX)),
                ];
                push_element(out, "rights", &attributes, right.words);
            }
        });
        push_group(out, "descriptions", |out| {
            for (sort, words) in &self.descriptions {
                let sort = ("descriptionType", Some(*sort));
                push_element(
                    out,
                    "description",
                    &[sort, ("xml:lang", words.language)],
                    &words.text,
                );
            }
        });
        push_group(out, "geoLocations", |out| {
            for place in &record.places {
                out.push_str("<geoLocation>");
                push_element(out, "geoLocationPlace", &[], place.label);
                out.push_str("</geoLocation>");
            }
        });
    }
}

/// A group of elements, when there are any.
fn push_group(out: &mut String, name: &str, write: impl FnOnce(&mut String)) {
    let before = out.len();
    push_start(out, name, &[]);
    let start = out.len();
    write(out);
    if out.len() == start {
        out.truncate(before);
    } else {
        push_end(out, name);
    }
}

fn push_party(out: &mut String, name: &str, party: &Party<'_>) {
    let attributes = [
        ("nameType", Some(name_type(party))),
        ("xml:lang", party.name.language),
    ];
    push_element(out, name, &attributes, &party.name.text);
    if let Some((iri, (scheme, address))) = identified(party) {
        let attributes = [
            ("nameIdentifierScheme", Some(scheme)),
            ("schemeURI", Some(address)),
        ];
        push_element(out, "nameIdentifier", &attributes, iri);
    }
}

fn name_type(party: &Party<'_>) -> &'static str {
    if party.is_person {
        "Personal"
    } else {
        "Organizational"
    }
}

/// The IRI of a party and its scheme, when it is a known one.
fn identified<'a>(party: &Party<'a>) -> Option<(&'a str, (&'static str, &'static str))> {
    let iri = party.iri?;
    Some((iri, words::name_scheme(iri)?))
}

fn funder_type(iri: &str) -> &'static str {
    match words::name_scheme(iri) {
        Some((name @ ("ROR" | "ISNI" | "GRID"), _)) => name,
        _ if iri.contains("10.13039/") => "Crossref Funder ID",
        _ => "Other",
    }
}

/// The record as DataCite's REST API writes it.
pub fn json(record: &Described<'_>) -> Value {
    let kernel = kernel(record, Rules::DataCite);
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_empty {
            body.insert(name.to_owned(), value);
        }
    };
    let (identifier, sort) = &kernel.identifier;
    put("id", json!(record.cite_as()));
    put("doi", json!(record.doi));
    put("url", json!(record.about.address));
    put(
        "identifiers",
        json!([{ "identifier": identifier, "identifierType": sort }]),
    );
    put(
        "types",
        json!({
            "resourceTypeGeneral": record.sort.general,
            "resourceType": record.sort.word,
            "schemaOrg": record.sort.schema_org,
            "bibtex": record.sort.bibtex,
            "ris": record.sort.ris,
            "citeproc": record.sort.csl,
        }),
    );
    let creators: Vec<Value> = record.authors().iter().map(party_json).collect();
    put(
        "creators",
        if creators.is_empty() {
            json!([{ "name": UNAVAILABLE }])
        } else {
            json!(creators)
        },
    );
    put("titles", titles_json(record));
    put("publisher", json!({ "name": record.publisher() }));
    put("publicationYear", json!(record.year().parse::<u32>().ok()));
    let subjects = record.themes.iter().chain(&record.subjects);
    let subjects =
        subjects.map(|one| json!({ "subject": one.label, "valueUri": one.iri, "lang": "en" }));
    let keywords = record.keywords.iter().map(|one| words_json("subject", one));
    put("subjects", keywords.chain(subjects).collect());
    let contributors = record.contributors.iter().map(|(role, party)| {
        let mut value = party_json(party);
        value["contributorType"] = json!(role);
        value
    });
    put("contributors", contributors.collect());
    let dates = kernel
        .dates
        .iter()
        .map(|(sort, date)| json!({ "date": date, "dateType": sort }));
    put("dates", dates.collect());
    let language = record.languages.iter().find_map(|iri| words::language(iri));
    put("language", json!(language.map(|(_, tag)| tag)));
    let alternates = kernel
        .alternates
        .iter()
        .map(|(sort, one)| json!({ "alternateIdentifier": one, "alternateIdentifierType": sort }));
    put("alternateIdentifiers", alternates.collect());
    let related = kernel.related.iter().map(|(relation, sort, one)| {
        json!({ "relatedIdentifier": one, "relatedIdentifierType": sort, "relationType": relation })
    });
    put("relatedIdentifiers", related.collect());
    put("sizes", json!(kernel.sizes));
    put("formats", json!(kernel.formats));
    put("version", json!(record.version));
    let rights = kernel.rights.iter().map(|right| {
        let mut value = json!({ "rights": right.words, "rightsUri": right.address });
        if let Some(spdx) = right.spdx {
            value["rightsIdentifier"] = json!(spdx);
            value["rightsIdentifierScheme"] = json!("SPDX");
            value["schemeUri"] = json!(SPDX);
        }
        value
    });
    put("rightsList", rights.collect());
    let descriptions = kernel.descriptions.iter().map(|(sort, words)| {
        let mut value = words_json("description", words);
        value["descriptionType"] = json!(sort);
        value
    });
    put("descriptions", descriptions.collect());
    let places = record
        .places
        .iter()
        .map(|place| json!({ "geoLocationPlace": place.label }));
    put("geoLocations", places.collect());
    let funders = record
        .funders
        .iter()
        .map(|funder| json!({ "funderName": funder.name.text }));
    put("fundingReferences", funders.collect());
    put("schemaVersion", json!(NAMESPACE));
    Value::Object(body)
}

/// What DataCite's REST API is told of a DOI: the record, without what follows from the DOI itself.
pub fn attributes(record: &Described<'_>, doi: &str) -> Value {
    let mut record = record.clone();
    record.doi = Some(Cow::Owned(doi.to_owned()));
    let mut body = json(&record);
    if let Some(body) = body.as_object_mut() {
        body.remove("id");
        body.remove("identifiers");
    }
    body
}

fn titles_json(record: &Described<'_>) -> Value {
    let titles = record.titles.iter().map(|one| words_json("title", one));
    let others = record.alternatives.iter().map(|one| {
        let mut value = words_json("title", one);
        value["titleType"] = json!("AlternativeTitle");
        value
    });
    titles.chain(others).collect()
}

fn words_json(name: &str, words: &Words<'_>) -> Value {
    let mut value = json!({ name: words.text });
    if let Some(language) = words.language {
        value["lang"] = json!(language);
    }
    value
}

fn party_json(party: &Party<'_>) -> Value {
    let mut value = json!({ "name": party.name.text, "nameType": name_type(party) });
    if let Some((iri, (scheme, address))) = identified(party) {
        value["nameIdentifiers"] = json!([{ "nameIdentifier": iri, "nameIdentifierScheme": scheme, "schemeUri": address }]);
    }
    value
}
