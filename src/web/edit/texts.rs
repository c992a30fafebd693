//! How are things of a form called that have no field of their own: the record, a thing inside of it, a language?

use rustc_hash::FxHashSet;

use crate::catalogue::merge::Value;
use crate::catalogue::writing;
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{dct, foaf, rdfs, vcard};
use crate::rdf::{NamedNode, NamedOrBlankNode, Term, Triple};

/// The longest text that stands for a thing.
const CHARS_MAX: usize = 200;

/// Languages that texts are written in: those of the European Union and its neighbours.
pub const LANGUAGES: [(&str, &str); 30] = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("it", "Italiano"),
    ("bg", "Български"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("el", "Ελληνικά"),
    ("et", "Eesti"),
    ("eu", "Euskara"),
    ("fi", "Suomi"),
    ("ga", "Gaeilge"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("is", "Íslenska"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("mt", "Malti"),
    ("nl", "Nederlands"),
    ("no", "Norsk"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
];

/// What a record is called, as far as it is typed in.
pub fn title_of(iri: &NamedNode, triples: &[Triple]) -> Option<String> {
    let title = writing::title(iri, triples)?;
    Some(cut(&title)).filter(|title| !title.trim().is_empty())
}

/// A value in a conflict, in words.
pub fn in_words(value: &Value, ontology: &Ontology, language: &str) -> String {
    let words = match &value.object {
        Term::Literal(literal) => literal.value().to_owned(),
        Term::NamedNode(iri) => ontology
            .label(iri.as_str(), language)
            .unwrap_or(iri.as_str())
            .to_owned(),
        Term::BlankNode(_) | Term::Triple(_) => {
            let texts = value
                .below
                .iter()
                .filter_map(|triple| match &triple.object {
                    Term::Literal(literal) => Some(literal.value().to_owned()),
                    Term::NamedNode(iri) => {
                        ontology.label(iri.as_str(), language).map(str::to_owned)
                    }
                    Term::BlankNode(_) | Term::Triple(_) => None,
                });
            texts.collect::<Vec<_>>().join(" · ")
        }
    };
    cut(&words)
}

/// What a thing inside of a record is called.
pub fn name_of(thing: &Term, triples: &[Triple]) -> Option<String> {
    let subject = match thing {
        Term::NamedNode(iri) => NamedOrBlankNode::from(iri.clone()),
        Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
        Term::Literal(_) | Term::Triple(_) => return None,
    };
    let names = [
        foaf::NAME,
        vcard::FN,
        dct::TITLE,
        rdfs::LABEL,
        vcard::HAS_EMAIL,
    ];
    let said = |path| {
        let mut said = triples
            .iter()
            .filter(|triple| triple.subject == subject && triple.predicate == path);
        said.find_map(|triple| match &triple.object {
            Term::Literal(literal) => Some(cut(literal.value())),
            Term::NamedNode(iri) => Some(cut(iri.as_str())),
            Term::BlankNode(_) | Term::Triple(_) => None,
        })
    };
    names.into_iter().find_map(said)
}

/// A thing with everything that hangs below it.
pub fn closure(thing: &Term, triples: &[Triple]) -> Vec<Triple> {
    let mut found: Vec<Triple> = Vec::new();
    let mut seen: FxHashSet<Term> = FxHashSet::default();
    let mut open = vec![thing.clone()];
    while let Some(term) = open.pop() {
        if !seen.insert(term.clone()) {
            continue;
        }
        for triple in triples {
            if Term::from(triple.subject.clone()) == term {
                found.push(triple.clone());
                if !triple.object.is_literal() {
                    open.push(triple.object.clone());
                }
            }
        }
    }
    found
}

fn cut(text: &str) -> String {
    if text.chars().count() <= CHARS_MAX {
        return text.to_owned();
    }
    let begun: String = text.chars().take(CHARS_MAX).collect();
    format!("{begun}…")
}
