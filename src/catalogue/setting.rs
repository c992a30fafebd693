//! What becomes of a record when one of its properties is set to a value, as a person would set it in the form?

use std::sync::Arc;

use super::checked::Checked;
use super::error::CatalogueError;
use super::form::{Field, Form, Input, shown, understood};
use super::projection::{blocking, provider_triples};
use super::{Catalogue, Description, State, reviewing, writing};
use crate::ledger::Head;
use crate::rdf::canonical::{CanonicalText, canonical_ntriples};
use crate::rdf::vocabulary::dct;
use crate::rdf::{NamedNode, NamedOrBlankNode, Term, Triple};
use crate::shacl::{Path, Severity};

/// The longest value, in characters.
const VALUE_CHARS_MAX: usize = 10_000;
/// So much of a value stands in a preview.
const SHOWN_CHARS_MAX: usize = 120;

/// One value for one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The property: by its IRI, or by the key of its field (`dct:accessRights`).
    pub field: String,
    /// As it would be typed into the form: a name, a code, a date, an address.
    pub value: String,
    /// The language of a text that has one.
    pub language: Option<String>,
    /// Whether the values that are there stay beside it.
    pub adds: bool,
}

/// What a setting changes, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub property: String,
    /// The values before, and after.
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// A record as it would be.
#[derive(Debug, Clone)]
pub(super) struct Set {
    /// `None` when it has the value already.
    pub(super) graph: Option<CanonicalText>,
    pub(super) title: Option<String>,
    pub(super) report: String,
    pub(super) change: Change,
}

impl Setting {
    /// Whether anything can be set so.
    pub(super) fn check(&self) -> Result<(), CatalogueError> {
        if self.field.is_empty() || self.value.trim().is_empty() {
            return Err(CatalogueError::NothingSaid);
        }
        if self.value.chars().count() > VALUE_CHARS_MAX {
            let (what, max) = ("value", VALUE_CHARS_MAX);
            return Err(CatalogueError::TooLong { what, max });
        }
        Ok(())
    }

    fn names(&self, field: &Field) -> bool {
        field.key == self.field || field.path.as_str() == self.field
    }

    fn refuse<T>(&self, why: impl Into<String>) -> Result<T, CatalogueError> {
        let (field, why) = (self.field.clone(), why.into());
        Err(CatalogueError::NotSettable { field, why })
    }
}

/// The fields of a form that can be set to one value for many records, with their names.
pub fn settable<'a>(
    form: &'a Form,
    language: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    let fields = form.fields().filter(|field| why_not(field).is_none());
    fields.map(move |field| (&*field.key, field.name(language)))
}

/// Why a field cannot be set so.
fn why_not(field: &Field) -> Option<&'static str> {
    if field.path == dct::IDENTIFIER {
        return Some("it is never the same for two records");
    }
    match &field.input {
        Input::Node(_) => Some("it has fields of its own; write it in the form of each record"),
        Input::Text { .. }
        | Input::Choice(_)
        | Input::Concept { .. }
        | Input::Iri
        | Input::Date
        | Input::Integer(_)
        | Input::Bytes(_)
        | Input::Decimal
        | Input::Boolean
        | Input::Duration
        | Input::Typed(_) => None,
    }
}

impl Catalogue {
    /// The form of the records of a kind, where its profile has one.
    pub fn form_of(&self, kind: &str) -> Result<Option<Arc<Form>>, CatalogueError> {
        let profile = self.profile_of(kind, None)?;
        let class = self.kinds().by_name(kind);
        let class = class.and_then(|kind| kind.classes.first());
        Ok(class.and_then(|class| profile.form(class, self.ontology())))
    }

    /// What the newest version of a record would be with a value, told in a language. Nothing is written.
    pub(super) async fn set(
        &self,
        head: &Head,
        setting: &Setting,
        language: &str,
    ) -> Result<Set, CatalogueError> {
        let found = self.ledger().version(&head.iri, head.version).await?;
        let found = found.ok_or_else(|| CatalogueError::NotFound(head.iri.clone()))?;
        let (catalogue, setting) = (self.clone(), setting.clone());
        let (of, language) = (head.clone(), language.to_owned());
        let set =
            blocking(move || catalogue.set_in(&of, &found.ntriples, &setting, &language)).await?;
        if head.state == State::Published && set.graph.is_some() {
            let iri = NamedNode::new_unchecked(&head.iri);
            reviewing::unagreed(&iri, self.rule_of(head).await?)?;
        }
        Ok(set)
    }

    /// This computes for a while: call it on a thread of its own.
    fn set_in(
        &self,
        head: &Head,
        text: &str,
        setting: &Setting,
        language: &str,
    ) -> Result<Set, CatalogueError> {
        let iri = NamedNode::new_unchecked(&head.iri);
        let mut triples = provider_triples(&head.iri, text)?;
        let form = self.form_for(head, &triples)?;
        let field = form
            .as_ref()
            .and_then(|form| form.fields().find(|field| setting.names(field)));
        let Some(field) = field else {
            return setting.refuse("the form of this record has no such field");
        };
        let value = self.value(field, setting, language)?;
        let before = values(&triples, &iri, &field.path);
        if before.iter().any(Term::is_blank_node) {
            return setting.refuse("this record describes it with fields of its own");
        }
        put(&mut triples, &iri, field, value, setting.adds);
        let after = values(&triples, &iri, &field.path);
        let is_same = before.len() == after.len() && before.iter().all(|one| after.contains(one));
        let parent = head.parent.clone().map(NamedNode::new_unchecked);
        let checked = self.check_own(&Description {
            kind: &head.kind,
            iri: &iri,
            parent: parent.as_ref(),
            triples: &triples,
        })?;
        if !is_same {
            may_stand(&checked, head.state, field)?;
        }
        let graph = canonical_ntriples(&triples);
        let graph = graph.map_err(|source| CatalogueError::Poison {
            iri: head.iri.clone(),
            source,
        })?;
        let words = |terms: &[Term]| {
            let word = |term: &Term| short(&shown(term, &field.input, self.ontology(), language));
            terms.iter().map(word).collect()
        };
        Ok(Set {
            graph: (!is_same).then_some(graph),
            title: writing::title(&iri, &triples),
            report: checked.to_json().to_string(),
            change: Change {
                property: field.name(language).to_owned(),
                before: words(&before),
                after: words(&after),
            },
        })
    }

    /// The form of one record, by the profile that it is checked against.
    fn form_for(
        &self,
        head: &Head,
        triples: &[Triple],
    ) -> Result<Option<Arc<Form>>, CatalogueError> {
        let parent = head.parent.clone().map(NamedNode::new_unchecked);
        let description = Description {
            kind: &head.kind,
            iri: &NamedNode::new_unchecked(&head.iri),
            parent: parent.as_ref(),
            triples,
        };
        let profile = self.profiles_for(&description, &[])?.into_iter().next();
        let class = self.kinds().by_name(&head.kind);
        let class = class.and_then(|kind| kind.classes.first());
        let both = profile.zip(class);
        Ok(both.and_then(|(profile, class)| profile.form(class, self.ontology())))
    }

    /// The value that a field is to have, if it is one that it takes.
    fn value(
        &self,
        field: &Field,
        setting: &Setting,
        language: &str,
    ) -> Result<Term, CatalogueError> {
        if let Some(why) = why_not(field) {
            return setting.refuse(why);
        }
        let (words, tag) = (&setting.value, setting.language.as_deref());
        match understood(words, tag, &field.input, self.ontology()) {
            Some(value) => Ok(value),
            None => setting.refuse(format!("«{words}» is no value of {}", field.name(language))),
        }
    }
}

/// What is public fits its profile; a draft may lack what it lacks, but what is set must be right.
fn may_stand(checked: &Checked, state: State, field: &Field) -> Result<(), CatalogueError> {
    let is_of_field = |path: &Path| matches!(path, Path::Predicate(iri) if *iri == field.path);
    let mut results = checked.report.results.iter();
    let is_wrong = results.any(|result| {
        result.severity == Severity::Violation && result.path.as_deref().is_some_and(is_of_field)
    });
    if is_wrong || (state == State::Published && !checked.fits()) {
        return Err(CatalogueError::Invalid(Box::new(checked.clone())));
    }
    Ok(())
}

fn values(triples: &[Triple], iri: &NamedNode, path: &NamedNode) -> Vec<Term> {
    let itself = NamedOrBlankNode::from(iri.clone());
    let said = triples
        .iter()
        .filter(|triple| triple.subject == itself && triple.predicate == *path);
    said.map(|triple| triple.object.clone()).collect()
}

/// Puts a value in the place of the others, or beside them. Of a text in languages only the one of its own language goes.
fn put(triples: &mut Vec<Triple>, iri: &NamedNode, field: &Field, value: Term, adds: bool) {
    let itself = NamedOrBlankNode::from(iri.clone());
    let tag = |term: &Term| match term {
        Term::Literal(literal) => literal.language().map(str::to_owned),
        Term::NamedNode(_) | Term::BlankNode(_) | Term::Triple(_) => None,
    };
    let by_language = matches!(
        field.input,
        Input::Text {
            languages: true,
            ..
        }
    );
    let own = tag(&value);
    triples.retain(|triple| {
        let is_of_field = triple.subject == itself && triple.predicate == field.path;
        let goes =
            triple.object == value || (!adds && (!by_language || tag(&triple.object) == own));
        !(is_of_field && goes)
    });
    triples.push(Triple::new(itself, field.path.clone(), value));
}

fn short(text: &str) -> String {
    if text.chars().count() <= SHOWN_CHARS_MAX {
        return text.to_owned();
    }
    let begun: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    format!("{begun}…")
}
