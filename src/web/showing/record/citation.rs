//! How is the record cited, in words and in BibTeX?

use super::facts::{Facts, literal};
use super::table::{local_name, node};
use super::words::{self, say};
use crate::catalogue::Record;
use crate::rdf::vocabulary::{dcat, dct, foaf};
use crate::web::pages::record::Citation;
use crate::web::pages::text::Text;

/// The names of the creators, else of the publisher.
pub fn authors(facts: &Facts<'_>) -> Vec<Text> {
    let names = |property| {
        let agents = facts.own(property).into_iter().filter_map(node);
        agents
            .filter_map(|agent| facts.best(&facts.of(&agent, foaf::NAME)))
            .collect::<Vec<_>>()
    };
    let creators = names(dct::CREATOR);
    if creators.is_empty() {
        names(dct::PUBLISHER)
    } else {
        creators
    }
}

pub fn citation(facts: &Facts<'_>, record: &Record, title: &str, site: &str) -> Citation {
    let authors: Vec<String> = authors(facts).into_iter().map(|name| name.value).collect();
    let publisher = facts.own(dct::PUBLISHER).into_iter().filter_map(node);
    let mut publisher = publisher;
    let publisher = publisher.find_map(|agent| facts.best(&facts.of(&agent, foaf::NAME)));
    let said = |property| {
        facts
            .own(property)
            .into_iter()
            .find_map(literal)
            .map(str::to_owned)
    };
    let year = said(dct::ISSUED).and_then(|date| date.get(..4).map(str::to_owned));
    let year = year.unwrap_or_else(|| record.created.strftime("%Y").to_string());
    let version = said(dcat::VERSION);
    let iri = record.iri.as_str();
    let mut text = String::new();
    if !authors.is_empty() {
        text.push_str(&authors.join("; "));
        text.push(' ');
    }
    let edition = version.as_deref().map_or_else(String::new, |version| {
        format!("{} {version}. ", say(words::VERSION, facts.language))
    });
    let rest = format!("({year}): {title}. {edition}{site}. {iri}");
    text.push_str(&rest);
    let mut fields = vec![("title", title.to_owned())];
    if !authors.is_empty() {
        fields.push((
            "author",
            authors
                .iter()
                .map(|name| format!("{{{name}}}"))
                .collect::<Vec<_>>()
                .join(" and "),
        ));
    }
    fields.extend(publisher.map(|name| ("publisher", name.value)));
    fields.push(("year", year));
    fields.extend(version.map(|version| ("version", version)));
    fields.push(("url", iri.to_owned()));
    let key = local_name(iri);
    let lines = fields.iter().map(|(name, value)| {
        let value = if matches!(*name, "author" | "url") {
            value.clone()
        } else {
            escaped(value)
        };
        format!("  {name} = {{{value}}}")
    });
    let bibtex = format!(
        "@misc{{{key},\n{}\n}}",
        lines.collect::<Vec<_>>().join(",\n")
    );
    Citation {
        text,
        bibtex,
        downloads: Vec::new(),
    }
}

/// Text that BibTeX reads as it stands.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                safe.push('\\');
                safe.push(c);
            }
            '\\' => safe.push_str("\\textbackslash "),
            _ => safe.push(c),
        }
    }
    safe
}
