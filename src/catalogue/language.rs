//! In which language is what somebody wrote without saying so? In the one that the request names, in fields that take
//! texts with a language; nothing is assumed where nobody says it.

use rustc_hash::FxHashSet;

use super::form::Input;
use super::incoming::Incoming;
use super::{Catalogue, Description};
use crate::rdf::vocabulary::xsd;
use crate::rdf::{Literal, NamedNode, NamedOrBlankNode, Term};

impl Catalogue {
    /// Gives the texts of records that have no language this one, where their profiles let texts have one.
    pub(super) fn say_language(&self, records: &mut [Incoming], language: &str) {
        for record in records {
            let texts = self.texts_of(record);
            let itself = NamedOrBlankNode::from(record.iri.clone());
            for triple in &mut record.triples {
                if triple.subject != itself || !texts.contains(&triple.predicate) {
                    continue;
                }
                let Term::Literal(text) = &triple.object else {
                    continue;
                };
                if text.datatype() != xsd::STRING {
                    continue;
                }
                if let Ok(told) = Literal::new_language_tagged_literal(text.value(), language) {
                    triple.object = told.into();
                }
            }
        }
    }

    /// The properties of a record whose values are texts with a language.
    fn texts_of(&self, record: &Incoming) -> FxHashSet<NamedNode> {
        let profiles = self.profiles_for(&Description::from(record), &[]);
        let profile = profiles.ok().and_then(|found| found.into_iter().next());
        let kind = self.kinds().by_name(&record.kind);
        let class = kind.and_then(|kind| kind.classes.first());
        let form = profile.zip(class).and_then(|(profile, class)| {
            let ontology = self.ontology();
            profile.form(class, ontology)
        });
        let fields = form.iter().flat_map(|form| form.fields());
        let texts = fields.filter(|field| {
            matches!(
                field.input,
                Input::Text {
                    languages: true,
                    ..
                }
            )
        });
        texts.map(|field| field.path.clone()).collect()
    }
}
