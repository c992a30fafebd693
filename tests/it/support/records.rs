//! Which records do people send? Small ones that fit the profile of Cancer Image Europe.

use vesalius::generate::Generator;
use vesalius::rdf::{Term, Triple};

use super::rdf::{self, DCT};

/// The base that the generator writes; it is replaced.
const ELSEWHERE: &str = "https://generated.example";

/// A dataset that may be published, in N-Triples (which is Turtle too).
pub fn dataset(base: &str, slug: &str, catalogue: &str, title: &str) -> String {
    dataset_like(0, base, slug, catalogue, title)
}

/// The same with the values of the `i`th generated record.
pub fn dataset_like(i: usize, base: &str, slug: &str, catalogue: &str, title: &str) -> String {
    let record = Generator::new(64, 7, ELSEWHERE).record(i % 64);
    let parents = rdf::iris(
        &record.triples,
        record.iri.as_str(),
        &format!("{DCT}isPartOf"),
    );
    let text = titled(&record.triples, record.iri.as_str(), title);
    let text = text.replace(&format!("<{}>", parents[0]), &format!("<{catalogue}>"));
    text.replace(record.iri.as_str(), &format!("{base}/dataset/{slug}"))
}

/// A catalogue that may be published.
pub fn catalogue(base: &str, slug: &str, title: &str) -> String {
    let record = Generator::new(64, 7, ELSEWHERE).catalogues().remove(0);
    let text = titled(&record.triples, record.iri.as_str(), title);
    let text = text.replace(record.iri.as_str(), &format!("{base}/catalog/{slug}"));
    text.replace(ELSEWHERE, base)
}

fn titled(triples: &[Triple], record: &str, title: &str) -> String {
    let subject = rdf::iri(record).into();
    let mut triples = triples.to_vec();
    for triple in &mut triples {
        if triple.subject == subject && triple.predicate.as_str() == format!("{DCT}title") {
            triple.object = Term::from(
                vesalius::rdf::Literal::new_language_tagged_literal(title, "en").unwrap(),
            );
        }
    }
    rdf::ntriples(&triples)
}
