//! What is said about the record, and how does each thing that is said read?

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::table::{Table, local_name, node};
use super::words::{self, say};
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{csvw, cv, dcat, dct, foaf, rdf, rdfs, skos, vcard, xsd};
use crate::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use crate::web::ontology::address;
use crate::web::pages::record::Value;
use crate::web::pages::text::Text;

/// How deep descriptions inside descriptions are told.
const DEPTH_MAX: usize = 8;

/// Another record with a page of its own.
#[derive(Debug, Clone)]
pub struct Neighbour {
    pub title: Text,
    pub href: String,
}

/// The statements of a document, ready to be looked up.
pub struct Facts<'a> {
    pub iri: NamedOrBlankNode,
    pub root: String,
    pub language: &'static str,
    pub ontology: &'a Ontology,
    pub table: Arc<Table>,
    pub neighbours: HashMap<String, Neighbour>,
    /// By subject: the properties under their present names, in the order in which they came.
    subjects: BTreeMap<String, Vec<(String, Term)>>,
    /// The nodes that some value on the page tells about.
    told: RefCell<HashSet<String>>,
}

impl<'a> Facts<'a> {
    pub fn new(
        iri: &NamedNode,
        triples: &[Triple],
        ontology: &'a Ontology,
        language: &'static str,
        root: &str,
    ) -> Self {
        let mut facts = Self {
            iri: iri.clone().into(),
            root: root.to_owned(),
            language,
            ontology,
            table: Arc::default(),
            neighbours: HashMap::new(),
            subjects: BTreeMap::new(),
            told: RefCell::default(),
        };
        facts.add(triples);
        facts
    }

    pub fn add(&mut self, triples: &[Triple]) {
        for triple in triples {
            let property = self
                .ontology
                .canonical(triple.predicate.as_str())
                .to_owned();
            let all = self.subjects.entry(triple.subject.to_string()).or_default();
            let one = (property, triple.object.clone());
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }

    /// The values of a property of the record.
    pub fn own(&self, property: NamedNodeRef<'_>) -> Vec<&Term> {
        self.of(&self.iri, property)
    }

    /// The values of a property of a node.
    pub fn of(&self, subject: &NamedOrBlankNode, property: NamedNodeRef<'_>) -> Vec<&Term> {
        let wanted = self.ontology.canonical(property.as_str());
        self.all(subject)
            .iter()
            .filter(|(found, _)| found == wanted)
            .map(|(_, term)| term)
            .collect()
    }

    /// All statements about a node.
    pub fn all(&self, subject: &NamedOrBlankNode) -> &[(String, Term)] {
        self.subjects
            .get(&subject.to_string())
            .map_or(&[], Vec::as_slice)
    }

    /// Marks a node as told about elsewhere on the page.
    pub fn tell(&self, subject: &NamedOrBlankNode) {
        self.told.borrow_mut().insert(subject.to_string());
    }

    /// The nodes that nothing on the page has told about.
    pub fn untold(&self) -> Vec<(&str, &[(String, Term)])> {
        let told = self.told.borrow();
        let all = self
            .subjects
            .iter()
            .filter(|(subject, _)| !told.contains(*subject));
        all.map(|(subject, statements)| (subject.as_str(), statements.as_slice()))
            .collect()
    }

    /// Literals, the best language first.
    pub fn texts(&self, terms: &[&Term]) -> Vec<Text> {
        let mut texts: Vec<(usize, Text)> =
            terms.iter().filter_map(|term| self.text(term)).collect();
        texts.sort_by_key(|(rank, _)| *rank);
        texts.into_iter().map(|(_, text)| text).collect()
    }

    fn text(&self, term: &Term) -> Option<(usize, Text)> {
        let Term::Literal(literal) = term else {
            return None;
        };
        let Some(tag) = literal.language() else {
            return Some((2, Text::plain(literal.value())));
        };
        let primary = tag.split('-').next().unwrap_or(tag);
        let rank = match primary {
            _ if primary == self.language => 0,
            "en" => 1,
            _ => 3,
        };
        Some((rank, Text::in_language(literal.value(), tag)))
    }

    pub fn best(&self, terms: &[&Term]) -> Option<Text> {
        self.texts(terms).into_iter().next()
    }

    /// The number that a property of the record has.
    pub fn number(&self, property: NamedNodeRef<'_>) -> Option<u64> {
        self.own(property)
            .into_iter()
            .find_map(|term| literal(term)?.parse().ok())
    }

    /// The name of a property.
    pub fn name(&self, property: &str) -> String {
        self.table.name(property, self.language, self.ontology)
    }

    /// A value as people read it.
    pub fn value(&self, term: &Term) -> Value {
        match term {
            Term::Literal(literal) => {
                let text = if literal.datatype() == xsd::BOOLEAN {
                    let yes = matches!(literal.value(), "true" | "1");
                    Text::plain(say(if yes { words::YES } else { words::NO }, self.language))
                } else {
                    self.text(term).map(|(_, text)| text).unwrap_or_default()
                };
                let value = literal.value();
                let is_link = literal.datatype() == xsd::ANY_URI && is_web(value);
                let href = is_link.then(|| value.to_owned());
                Value {
                    text,
                    external: is_link,
                    href,
                    ..Value::default()
                }
            }
            Term::NamedNode(iri) => self.link(iri),
            Term::BlankNode(_) => self.told_in_words(term),
            Term::Triple(triple) => Value {
                text: Text::plain(triple.to_string()),
                ..Value::default()
            },
        }
    }

    fn link(&self, iri: &NamedNode) -> Value {
        let ontology = self.ontology;
        if let Some(neighbour) = self.neighbours.get(iri.as_str()) {
            let (text, href) = (neighbour.title.clone(), Some(neighbour.href.clone()));
            return Value {
                text,
                href,
                ..Value::default()
            };
        }
        if let Some(concept) = ontology.concept(ontology.canonical(iri.as_str())) {
            return Value {
                text: Text::plain(concept.label(self.language).unwrap_or(&concept.code)),
                code: Some(concept.code.clone()).filter(|code| !code.is_empty()),
                href: Some(address(&self.root, ontology, concept)),
                ..Value::default()
            };
        }
        let subject = NamedOrBlankNode::from(iri.clone());
        if subject != self.iri && !self.all(&subject).is_empty() {
            let mut value = self.told_in_words(&iri.clone().into());
            if value.href.is_none() {
                (value.href, value.external) = (Some(iri.as_str().to_owned()), true);
            }
            return value;
        }
        let label = ontology.label(iri.as_str(), self.language);
        let shown = iri.as_str();
        let shown = shown
            .strip_prefix("mailto:")
            .or_else(|| shown.strip_prefix("tel:"))
            .unwrap_or(shown);
        Value {
            text: Text::plain(label.unwrap_or(shown)),
            href: Some(iri.as_str().to_owned()),
            external: true,
            ..Value::default()
        }
    }

    /// A description inside the description: its name, and the rest beside it.
    fn told_in_words(&self, term: &Term) -> Value {
        let Some(subject) = node(term) else {
            return Value::default();
        };
        self.tell(&subject);
        if let Some(period) = self.period(&subject) {
            return Value {
                text: Text::plain(period),
                ..Value::default()
            };
        }
        let names = [
            foaf::NAME,
            vcard::FN,
            rdfs::LABEL,
            dct::TITLE,
            skos::NOTATION,
            skos::PREF_LABEL,
        ];
        let name = names
            .into_iter()
            .find_map(|name| self.best(&self.of(&subject, name)).map(|text| (name, text)));
        let links = [foaf::HOMEPAGE, vcard::HAS_URL, cv::CONTACT_PAGE];
        let href = links
            .into_iter()
            .find_map(|link| self.iri_of(&subject, link));
        let mut above = vec![subject.to_string()];
        let taken = name.as_ref().map(|(_, text)| text.value.clone());
        let rest = self.words(&subject, taken.as_deref(), &mut above);
        let external = href.is_some();
        match name {
            Some((_, text)) => Value {
                text,
                href,
                external,
                note: Some(rest).filter(|rest| !rest.is_empty()),
                ..Value::default()
            },
            None => Value {
                text: Text::plain(rest),
                href: None,
                ..Value::default()
            },
        }
    }

    /// A period of time in figures.
    fn period(&self, subject: &NamedOrBlankNode) -> Option<String> {
        let dates = [dcat::START_DATE, dcat::END_DATE];
        let is_date = |property: &str| dates.iter().any(|date| date.as_str() == property);
        let all = self.all(subject);
        let only = all
            .iter()
            .all(|(property, _)| is_date(property) || *property == rdf::TYPE.as_str());
        let [from, to] = dates.map(|date| self.of(subject, date));
        if !only || from.len() > 1 || to.len() > 1 || (from.is_empty() && to.is_empty()) {
            return None;
        }
        let shown = |terms: &[&Term]| {
            terms
                .first()
                .and_then(|term| literal(term))
                .map(str::to_owned)
        };
        let (from, to) = (
            shown(&from).unwrap_or_default(),
            shown(&to).unwrap_or_default(),
        );
        Some(format!("{from} – {to}").trim().to_owned())
    }

    /// The statements about a node in one line: «Field: value, value; field: value».
    fn words(
        &self,
        subject: &NamedOrBlankNode,
        taken: Option<&str>,
        above: &mut Vec<String>,
    ) -> String {
        let mut fields: Vec<(&str, Vec<String>)> = Vec::new();
        for (property, term) in self.all(subject) {
            if property == rdf::TYPE.as_str() && is_plain_type(term) {
                continue;
            }
            if taken.is_some() && literal(term) == taken {
                continue;
            }
            let shown = self.inside(term, above);
            match fields.iter_mut().find(|(known, _)| known == property) {
                Some((_, values)) => values.push(shown),
                None => fields.push((property, vec![shown])),
            }
        }
        fields.sort_by_key(|(property, _)| *property != csvw::NAME.as_str());
        let one = |(property, values): &(&str, Vec<String>)| {
            format!("{}: {}", self.name(property), values.join(", "))
        };
        fields.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    fn inside(&self, term: &Term, above: &mut Vec<String>) -> String {
        if let Some(subject) = node(term)
            && !self.all(&subject).is_empty()
            && subject != self.iri
            && !self.is_neighbour(term)
        {
            let key = subject.to_string();
            if above.contains(&key) || above.len() >= DEPTH_MAX {
                return key;
            }
            self.tell(&subject);
            if let Some(period) = self.period(&subject) {
                return period;
            }
            above.push(key);
            let words = self.words(&subject, None, above);
            above.pop();
            return format!("[{words}]");
        }
        let value = self.value(term);
        match (&value.code, &value.href) {
            (Some(code), _) => format!("{} ({code})", value.text.value),
            _ => value.text.value,
        }
    }

    fn is_neighbour(&self, term: &Term) -> bool {
        matches!(term, Term::NamedNode(iri) if self.neighbours.contains_key(iri.as_str()))
    }

    /// The first address that a property of a node leads to.
    pub fn iri_of(&self, subject: &NamedOrBlankNode, property: NamedNodeRef<'_>) -> Option<String> {
        self.of(subject, property)
            .into_iter()
            .find_map(|term| match term {
                Term::NamedNode(iri) => Some(iri.as_str().to_owned()),
                Term::Literal(literal) if is_web(literal.value()) => {
                    Some(literal.value().to_owned())
                }
                _ => None,
            })
    }

    /// A node for a person who reads no IRIs.
    pub fn short(subject: &str) -> String {
        let iri = subject.trim_start_matches('<').trim_end_matches('>');
        local_name(iri).to_owned()
    }
}

/// The words of a literal.
pub fn literal(term: &Term) -> Option<&str> {
    match term {
        Term::Literal(literal) => Some(literal.value()),
        _ => None,
    }
}

/// Types that say nothing beyond the property that leads to them.
fn is_plain_type(term: &Term) -> bool {
    let Term::NamedNode(class) = term else {
        return false;
    };
    !class.as_str().starts_with("https://w3id.org/dpv")
}

/// Whether a text is an address of the web.
pub fn is_web(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
