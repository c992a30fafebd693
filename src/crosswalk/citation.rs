//! How is a record cited: in words, in BibTeX, RIS and CSL-JSON?

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::described::{Described, Party};
use super::words::last_part;

/// A line of RIS is not longer.
const RIS_CHARS_MAX: usize = 4_000;

/// The citation in words, as DataCite recommends it.
pub fn text(record: &Described<'_>) -> String {
    let names: Vec<&str> = record
        .authors()
        .iter()
        .map(|one| one.name.text.as_ref())
        .collect();
    let mut text = names.join("; ");
    if !text.is_empty() {
        text.push(' ');
    }
    let _ = write!(text, "({}): {}. ", record.year(), record.title().text);
    if let Some(version) = &record.version {
        let _ = write!(text, "Version {version}. ");
    }
    let _ = write!(
        text,
        "{}. {}. {}",
        record.publisher(),
        record.sort.word,
        record.cite_as()
    );
    one_line(&text)
}

/// An entry of BibTeX.
pub fn bibtex(record: &Described<'_>) -> String {
    let names = record.authors().iter();
    let names: Vec<String> = names
        .map(|one| format!("{{{}}}", bibtex_escaped(&one.name.text)))
        .collect();
    let keywords: Vec<String> = record
        .keywords
        .iter()
        .map(|one| bibtex_escaped(&one.text))
        .collect();
    let fields = [
        (
            "title",
            format!("{{{}}}", bibtex_escaped(&record.title().text)),
        ),
        ("author", names.join(" and ")),
        ("publisher", bibtex_escaped(record.publisher())),
        ("year", record.year()),
        (
            "version",
            record
                .version
                .as_deref()
                .map(bibtex_escaped)
                .unwrap_or_default(),
        ),
        (
            "doi",
            record
                .doi
                .as_deref()
                .map(bibtex_escaped)
                .unwrap_or_default(),
        ),
        ("keywords", keywords.join(", ")),
        ("url", record.about.address.to_owned()),
    ];
    let mut entry = format!("@{}{{{}", record.sort.bibtex, key(record));
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(entry, ",\n  {name} = {{{}}}", one_line(value));
    }
    entry.push_str("\n}\n");
    entry
}

/// A record of RIS.
pub fn ris(record: &Described<'_>) -> String {
    let mut text = String::new();
    let mut put = |tag: &str, value: &str| {
        let line: String = one_line(value).chars().take(RIS_CHARS_MAX).collect();
        if !line.is_empty() {
            let _ = write!(text, "{tag}  - {line}\r\n");
        }
    };
    put("TY", record.sort.ris);
    put("TI", &record.title().text);
    for author in record.authors() {
        put("AU", &author.name.text);
    }
    put("PB", record.publisher());
    put("PY", &record.year());
    put(
        "DA",
        &record
            .issued()
            .chars()
            .take(10)
            .collect::<String>()
            .replace('-', "/"),
    );
    if let Some(words) = record.description() {
        put("AB", &words.text);
    }
    for keyword in &record.keywords {
        put("KW", &keyword.text);
    }
    put("DO", record.doi.as_deref().unwrap_or_default());
    put("ET", record.version.as_deref().unwrap_or_default());
    put("UR", record.about.address);
    put("ID", record.about.iri);
    text.push_str("ER  - \r\n");
    text
}

/// An item of CSL-JSON.
pub fn csl(record: &Described<'_>) -> Value {
    let name = |party: &Party<'_>| json!({ "literal": party.name.text });
    let parts: Vec<u64> = record
        .issued()
        .chars()
        .take(10)
        .collect::<String>()
        .split('-')
        .map_while(|part| part.parse().ok())
        .collect();
    let mut item = json!({
        "type": record.sort.csl,
        "id": record.about.iri,
        "title": record.title().text,
        "author": record.authors().iter().map(name).collect::<Vec<_>>(),
        "issued": { "date-parts": [parts] },
        "publisher": record.publisher(),
        "URL": record.cite_as(),
    });
    let more = [
        (
            "abstract",
            record.description().map(|words| words.text.as_ref()),
        ),
        ("version", record.version.as_deref()),
        ("DOI", record.doi.as_deref()),
    ];
    for (name, value) in more {
        if let Some(value) = value {
            item[name] = json!(value);
        }
    }
    item
}

/// A name of an entry that reference managers take.
fn key(record: &Described<'_>) -> String {
    let name = last_part(record.about.iri).chars();
    name.map(|one| {
        if one.is_ascii_alphanumeric() {
            one
        } else {
            '-'
        }
    })
    .collect()
}

/// Text that BibTeX reads as it stands.
pub fn bibtex_escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                safe.push('\\');
                safe.push(character);
            }
            '\\' => safe.push_str("\\textbackslash "),
            _ => safe.push(character),
        }
    }
    safe
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
