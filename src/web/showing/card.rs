//! How does a collection look in a list of results?

use crate::search::{Hit, Labelled};
use crate::web::pages::search::{Card, Fact};
use crate::web::pages::text::{Badge, Fragment, Link, Snippet, Text, Tone};

/// The labels of the three facts that a card shows, in five languages.
fn labels(language: &str) -> [&'static str; 3] {
    match language {
        "de" => ["Krebs", "Modalität", "Körperteil"],
        "fr" => ["Cancer", "Modalité", "Partie du corps"],
        "es" => ["Cáncer", "Modalidad", "Parte del cuerpo"],
        "it" => ["Tumore", "Modalità", "Parte del corpo"],
        _ => ["Cancer", "Modality", "Body part"],
    }
}

/// The card of a hit.
pub(super) fn card(hit: &Hit, root: &str, language: &str) -> Card {
    let values = [&hit.cancer, &hit.modality, &hit.body_part];
    let fact = |(label, values): (&str, &Vec<Labelled>)| Fact {
        label: label.to_owned(),
        values: texts(values),
    };
    let facts = labels(language)
        .into_iter()
        .zip(values)
        .filter(|(_, values)| !values.is_empty())
        .map(fact);
    let tiers = hit.tier.iter().map(|one| badge(one, Tone::Tier));
    let access = hit.access.iter().map(|one| badge(one, Tone::Plain));
    let publisher = hit.publisher.as_ref().map(|name| {
        let value: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        Link::new(name.clone(), format!("{root}/search?publisher={value}"))
    });
    let catalogue = hit.catalogue.as_ref().map(|one| {
        let value: String = url::form_urlencoded::byte_serialize(one.iri.as_bytes()).collect();
        let href = format!("{root}/search?catalogue={value}");
        Link::new(one.label.clone(), href)
    });
    Card {
        href: format!("{root}{}", hit.path),
        title: Text::plain(hit.title.clone()),
        kind: Some(hit.kind.clone()).filter(|kind| kind != "dataset"),
        publisher,
        catalogue,
        countries: texts(&hit.country),
        facts: facts.collect(),
        subjects: hit.subjects.and_then(|count| u64::try_from(count).ok()),
        studies: hit.studies.and_then(|count| u64::try_from(count).ok()),
        badges: tiers.chain(access).collect(),
        snippet: snippet(&hit.snippet_html),
        snippet_lang: None,
        compare: None,
        modified: jiff::Timestamp::from_millisecond(hit.changed)
            .ok()
            .map(|at| at.strftime("%Y-%m-%d").to_string()),
    }
}

fn texts(values: &[Labelled]) -> Vec<Text> {
    values
        .iter()
        .map(|one| Text::plain(one.label.clone()))
        .collect()
}

fn badge(one: &Labelled, tone: Tone) -> Badge {
    Badge {
        label: Text::plain(one.label.clone()),
        tone,
        href: None,
    }
}

/// Reads a passage with its marks. What stands in it is text again, and escaped again when it is
/// shown.
fn snippet(html: &str) -> Snippet {
    let mut fragments = Vec::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<mark>") {
        let (found, end) = after.split_once("</mark>").unwrap_or((after, ""));
        fragments.push(Fragment {
            text: plain(before),
            found: false,
        });
        fragments.push(Fragment {
            text: plain(found),
            found: true,
        });
        rest = end;
    }
    fragments.push(Fragment {
        text: plain(rest),
        found: false,
    });
    fragments.retain(|fragment| !fragment.text.is_empty());
    Snippet { fragments }
}

fn plain(escaped: &str) -> String {
    escaped
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_keeps_its_marks_and_its_text() {
        let read = snippet("a &lt;b&gt; <mark>lung</mark> &amp;amp; c");
        let texts: Vec<(&str, bool)> = read
            .fragments
            .iter()
            .map(|one| (one.text.as_str(), one.found))
            .collect();
        assert_eq!(
            texts,
            [("a <b> ", false), ("lung", true), (" &amp; c", false)]
        );
    }
}
