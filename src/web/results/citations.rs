//! How does a hit look in a list of references: as BibTeX and as RIS?

use std::fmt::Write as _;

use super::{instant, tags};
use crate::crosswalk::citation::bibtex_escaped;
use crate::search::Hit;

/// A line of RIS is not longer.
const RIS_CHARS_MAX: usize = 4_000;

fn authors(hit: &Hit) -> Vec<&str> {
    let creators: Vec<&str> = hit.creators.iter().map(String::as_str).collect();
    if creators.is_empty() {
        hit.publisher.as_deref().into_iter().collect()
    } else {
        creators
    }
}

/// An entry of BibTeX.
pub(super) fn bibtex(hit: &Hit, base: &str) -> String {
    let key = hit.path.trim_matches('/').replace('/', "-");
    let names = authors(hit).into_iter().map(bibtex_escaped);
    let names: Vec<String> = names.map(|name| format!("{{{name}}}")).collect();
    let words: Vec<String> = tags(hit).map(|one| bibtex_escaped(&one.label)).collect();
    let publisher = hit.publisher.as_deref().map(bibtex_escaped);
    let fields = [
        ("title", format!("{{{}}}", bibtex_escaped(&hit.title))),
        ("author", names.join(" and ")),
        ("publisher", publisher.unwrap_or_default()),
        ("year", instant(hit.first_published)[..4].to_owned()),
        ("keywords", words.join(", ")),
        ("url", format!("{base}{}", hit.path)),
    ];
    let mut entry = format!("@misc{{{key}");
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(entry, ",\n  {name} = {{{value}}}");
    }
    entry.push_str("\n}\n\n");
    entry
}

/// A record of RIS: a dataset.
pub(super) fn ris(hit: &Hit, base: &str) -> String {
    let mut record = String::new();
    let mut put = |tag: &str, value: &str| {
        // One line for each value, whatever stands in it.
        let words: Vec<&str> = value.split_whitespace().collect();
        let line: String = words.join(" ").chars().take(RIS_CHARS_MAX).collect();
        if !line.is_empty() {
            let _ = write!(record, "{tag}  - {line}\r\n");
        }
    };
    put("TY", "DATA");
    put("TI", &hit.title);
    for name in authors(hit) {
        put("AU", name);
    }
    put("PB", hit.publisher.as_deref().unwrap_or_default());
    put("PY", &instant(hit.first_published)[..4]);
    put("DA", &instant(hit.first_published)[..10].replace('-', "/"));
    put("AB", &hit.description);
    for one in tags(hit) {
        put("KW", &one.label);
    }
    let catalogue = hit.catalogue.as_ref();
    put("DB", catalogue.map_or("", |one| &one.label));
    put("UR", &format!("{base}{}", hit.path));
    put("ID", &hit.iri);
    record.push_str("ER  - \r\n\r\n");
    record
}
