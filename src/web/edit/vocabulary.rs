//! Which terms may be meant in a field, and what can be taken over from other records?

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::desk::{Desk, Writing};
use super::texts::{closure, name_of};
use crate::catalogue::CatalogueError;
use crate::catalogue::form::{Field, Input, Node, Row, Sheet};
use crate::catalogue::projection::blocking;
use crate::ontology::{Concept, Ontology};
use crate::rdf::{NamedNode, Term, Triple};
use crate::store::Snapshot;
use crate::web::pages::edit::{Offer, TermHit};

/// Terms that one look-up shows.
const HITS_MAX: usize = 20;
/// Terms of one level of a vocabulary that are shown.
const LEVEL_MAX: usize = 80;
/// Records of a catalogue in which things to take over are looked for.
const RECORDS_MAX: usize = 200;
const OFFERS_MAX: usize = 30;

/// The terms that words may mean in a field; without words the uppermost of its value sets.
pub fn find(field: &Field, words: &str, ontology: &Ontology, language: &str) -> Vec<TermHit> {
    let Input::Concept { sets } = &field.input else {
        return Vec::new();
    };
    let words = words.trim();
    if words.is_empty() {
        let tops = sets.iter().flat_map(|set| match ontology.scheme(set) {
            Some(list) => list.members,
            None => ontology.children(set),
        });
        let tops: Vec<&Concept> = tops.take(LEVEL_MAX).collect();
        return hits(&tops, ontology, language);
    }
    let mut found: Vec<&Concept> = Vec::new();
    for set in sets {
        for hit in ontology.search(words, Some(set), HITS_MAX) {
            let known = found.iter().any(|one| one.iri == hit.concept.iri);
            if !known && hit.concept.iri != *set {
                found.push(hit.concept);
            }
        }
    }
    found.truncate(HITS_MAX);
    hits(&found, ontology, language)
}

/// The terms right below one.
pub fn below(iri: &str, ontology: &Ontology, language: &str) -> Vec<TermHit> {
    let mut children = ontology.children(iri);
    children.truncate(LEVEL_MAX);
    hits(&children, ontology, language)
}

fn hits(concepts: &[&Concept], ontology: &Ontology, language: &str) -> Vec<TermHit> {
    let hit = |concept: &&Concept| {
        let parents = ontology.parents(&concept.iri);
        let parents: Vec<&str> = parents
            .iter()
            .filter_map(|one| one.label(language))
            .collect();
        TermHit {
            iri: concept.iri.clone(),
            label: concept.label(language).unwrap_or(&concept.code).to_owned(),
            code: concept.code.clone(),
            path: parents.join(" / "),
            below: ontology.count_below(&concept.iri),
        }
    };
    concepts.iter().map(hit).collect()
}

/// The things that other records of the same catalogue have in a field, each once by its name.
pub async fn offers(
    desk: &Desk,
    writing: &Writing,
    field: &Field,
) -> Result<Vec<Offer>, CatalogueError> {
    let Some(parent) = desk.parent(writing) else {
        return Ok(Vec::new());
    };
    let relations = desk.kind.parents.iter().map(|above| above.relation.clone());
    let relations: Vec<NamedNode> = relations.collect();
    let (snapshot, path) = (desk.view.snapshot(), field.path.clone());
    blocking(move || {
        let mut offers: Vec<Offer> = Vec::new();
        let mut seen = FxHashSet::default();
        let children = relations
            .iter()
            .flat_map(|relation| snapshot.objects(parent.as_ref().into(), relation.as_ref()));
        for child in children.take(RECORDS_MAX) {
            let Term::NamedNode(child) = child else {
                continue;
            };
            if let Some((thing, triples)) = thing_of(&snapshot, &child, &path)
                && let Some(label) = name_of(&thing, &triples)
                && seen.insert(label.clone())
            {
                let id = child.into_string();
                offers.push(Offer { id, label });
            }
            if offers.len() >= OFFERS_MAX {
                break;
            }
        }
        Ok::<_, CatalogueError>(offers)
    })
    .await
}

/// What a public record has in a field, and what the record says of it.
fn thing_of(
    snapshot: &Snapshot,
    record: &NamedNode,
    path: &NamedNode,
) -> Option<(Term, Vec<Triple>)> {
    let triples = snapshot.graph(record)?;
    let thing = triples.iter().find(|triple| {
        triple.predicate == *path
            && Term::from(triple.subject.clone()) == Term::from(record.clone())
    })?;
    let thing = thing.object.clone();
    (!thing.is_literal()).then_some((thing, triples))
}

/// Takes what a public record has in a field over into a sheet.
pub async fn take(
    desk: &Desk,
    sheet: &mut Sheet,
    at: &str,
    record: &str,
) -> Result<Option<String>, CatalogueError> {
    let Some(field) = desk.form.field_at(at) else {
        return Ok(None);
    };
    let Ok(record) = NamedNode::new(record) else {
        return Ok(None);
    };
    let (snapshot, path) = (desk.view.snapshot(), field.path.clone());
    let iri = desk.iri.clone();
    let found = blocking(move || {
        let found = thing_of(&snapshot, &record, &path);
        Ok::<_, CatalogueError>(found.map(|(thing, triples)| {
            let mut said = vec![Triple::new(iri, path, thing.clone())];
            said.extend(closure(&thing, &triples));
            said
        }))
    })
    .await?;
    let Some(said) = found else { return Ok(None) };
    let (form, iri) = (Arc::clone(&desk.form), desk.iri.clone());
    let filled = form.fill(&iri, &said, desk.view.catalogue().ontology(), desk.language);
    let key = at.rsplit('|').next().unwrap_or(at);
    // Only a field of the record itself can be filled so; what the form does not show stays behind.
    let Some(row) = filled.root.fields.get(key).and_then(|rows| rows.first()) else {
        return Ok(None);
    };
    let mut row: Row = row.clone();
    if let Some(node) = &mut row.node {
        rename(node, sheet, &mut Vec::new());
    }
    if let Some(rows) = sheet.rows_mut(at) {
        rows.retain(|row| !is_blank(row));
    }
    Ok(sheet.add(at, row))
}

/// Gives nameless things names that the sheet does not have.
fn rename(node: &mut Node, sheet: &Sheet, taken: &mut Vec<String>) {
    node.is_old = false;
    if node.name.starts_with("_:") {
        let mut free = (1..).map(|number: u32| format!("_:n{number}"));
        let names = sheet.names();
        let is_free = |name: &String| {
            !names.contains(&name.as_str())
                && !sheet.rest.contains(name.as_str())
                && !taken.contains(name)
        };
        node.name = free.find(is_free).unwrap_or_default();
        taken.push(node.name.clone());
    }
    for row in node.fields.values_mut().flatten() {
        if let Some(inner) = &mut row.node {
            rename(inner, sheet, taken);
        }
    }
}

/// Whether nothing was typed into a row.
pub fn is_blank(row: &Row) -> bool {
    match &row.node {
        Some(node) => !node.is_old && node.fields.values().flatten().all(is_blank),
        None => row.text.trim().is_empty(),
    }
}
