//! What does a JSON merge patch (RFC 7396) make of a record? The record is a tree of JSON-LD with our prefixes as keys.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};

use super::PatchError;
use crate::rdf::vocabulary::{PREFIXES, rdf, short, xsd};
use crate::rdf::{Format, Literal, NamedNode, NamedOrBlankNode, Term, Triple, format};

/// The deepest nesting of a tree: what hangs below is written beside it.
const DEPTH_MAX: usize = 20;

/// The statements after a patch.
pub fn apply(
    triples: &[Triple],
    record: &NamedNode,
    patch: &[u8],
) -> Result<Vec<Triple>, PatchError> {
    let unreadable = |error: &dyn std::fmt::Display| PatchError::Json(error.to_string());
    let patch: Value = serde_json::from_slice(patch).map_err(|error| unreadable(&error))?;
    if !patch.is_object() {
        return Err(unreadable(&"it must be an object"));
    }
    known_keys(&patch)?;
    let Tree { mut root, left } = tree(triples, record);
    merge(&mut root, patch);
    if let Some(object) = root.as_object_mut() {
        object.insert("@context".to_owned(), context());
        object.insert("@id".to_owned(), json!(record.as_str()));
    }
    let text = root.to_string();
    let quads = format::parse(text.as_bytes(), Format::JsonLd, Some(record.as_str()))?;
    let mut changed: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
    changed.extend(left);
    Ok(crate::catalogue::incoming::distinct(changed))
}

/// A record as a tree, and the statements that nothing in it leads to.
#[derive(Debug)]
pub struct Tree {
    pub root: Value,
    left: Vec<Triple>,
}

/// The tree of a record: one value stands alone, several in a list; what a value says stands inside it, where it is
/// first met.
pub fn tree(triples: &[Triple], record: &NamedNode) -> Tree {
    let mut by_subject: FxHashMap<NamedOrBlankNode, Vec<&Triple>> = FxHashMap::default();
    for triple in triples {
        by_subject
            .entry(triple.subject.clone())
            .or_default()
            .push(triple);
    }
    let mut growing = Growing {
        by_subject,
        seen: FxHashSet::default(),
    };
    let root = growing.thing(&record.clone().into(), 0);
    let left = growing.by_subject.into_iter();
    let left = left.filter(|(subject, _)| !growing.seen.contains(subject));
    let mut left: Vec<Triple> = left.flat_map(|(_, own)| own.into_iter().cloned()).collect();
    // What JSON-LD cannot say stays beside the tree, too.
    let quoted = triples.iter().filter(|triple| is_beyond_json(triple));
    left.extend(quoted.cloned());
    Tree { root, left }
}

fn is_beyond_json(triple: &Triple) -> bool {
    match &triple.object {
        Term::Triple(_) => true,
        Term::Literal(literal) => literal.direction().is_some(),
        Term::NamedNode(_) | Term::BlankNode(_) => false,
    }
}

struct Growing<'a> {
    by_subject: FxHashMap<NamedOrBlankNode, Vec<&'a Triple>>,
    seen: FxHashSet<NamedOrBlankNode>,
}

impl Growing<'_> {
    fn thing(&mut self, subject: &NamedOrBlankNode, depth: usize) -> Value {
        let mut object = Map::new();
        object.insert("@id".to_owned(), json!(name(subject)));
        let is_new = depth < DEPTH_MAX && self.seen.insert(subject.clone());
        let statements = self.by_subject.get(subject).cloned().unwrap_or_default();
        for triple in statements.into_iter().filter(|_| is_new) {
            if is_beyond_json(triple) {
                continue;
            }
            let (key, value) = match &triple.object {
                Term::NamedNode(class) if triple.predicate == rdf::TYPE => {
                    ("@type".to_owned(), json!(class.as_str()))
                }
                object => (key(&triple.predicate), self.value(object, depth)),
            };
            add(&mut object, key, value);
        }
        Value::Object(object)
    }

    fn value(&mut self, term: &Term, depth: usize) -> Value {
        let inner = match term {
            Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::Literal(literal) => return value_of(literal),
            Term::Triple(triple) => return json!(triple.to_string()),
        };
        self.thing(&inner, depth + 1)
    }
}

/// One value stands alone, several in a list.
fn add(object: &mut Map<String, Value>, key: String, value: Value) {
    match object.get_mut(&key) {
        None => {
            object.insert(key, value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => {
            let before = first.take();
            *first = Value::Array(vec![before, value]);
        }
    }
}

fn name(subject: &NamedOrBlankNode) -> String {
    match subject {
        NamedOrBlankNode::NamedNode(iri) => iri.as_str().to_owned(),
        NamedOrBlankNode::BlankNode(node) => node.to_string(),
    }
}

fn key(predicate: &NamedNode) -> String {
    short(predicate.as_str()).unwrap_or_else(|| predicate.as_str().to_owned())
}

fn value_of(literal: &Literal) -> Value {
    if let Some(tag) = literal.language() {
        return json!({ "@value": literal.value(), "@language": tag });
    }
    if literal.datatype() == xsd::STRING {
        return json!(literal.value());
    }
    let datatype = literal.datatype().into_owned();
    json!({ "@value": literal.value(), "@type": key(&datatype) })
}

fn context() -> Value {
    let prefixes = PREFIXES
        .iter()
        .map(|(prefix, namespace)| ((*prefix).to_owned(), json!(namespace)));
    Value::Object(prefixes.collect())
}

/// RFC 7396 §2.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Some(object) = target.as_object_mut() {
        for (name, value) in patch {
            if value.is_null() {
                object.remove(&name);
            } else {
                merge(object.entry(name).or_insert(Value::Null), value);
            }
        }
    }
}

/// A key that means no property would be dropped in silence.
fn known_keys(value: &Value) -> Result<(), PatchError> {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                if !name.starts_with('@') && !name.contains(':') || name == "@context" {
                    return Err(PatchError::Key(name.clone()));
                }
                known_keys(inner)?;
            }
            Ok(())
        }
        Value::Array(values) => values.iter().try_for_each(known_keys),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::canonical;

    const RECORD: &str = "https://a.example/dataset/x";

    fn triples() -> Vec<Triple> {
        let text = format!(
            "@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
             @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
             <{RECORD}> a dcat:Dataset ; dct:title \"One\"@en , \"Eins\"@de ; dcat:version \"1.0.0\" ;
               dct:issued \"2021-05-03\"^^xsd:date ; <urn:odd> true ;
               dct:publisher [ foaf:name \"P\" ; dct:publisher _:same ] ; dct:creator _:same .
             _:same foaf:name \"S\" . <urn:apart> foaf:name \"apart\" ."
        );
        let quads = format::parse(text.as_bytes(), Format::Turtle, None).unwrap();
        quads.into_iter().map(Triple::from).collect()
    }

    fn patched(patch: &str) -> Result<Vec<Triple>, PatchError> {
        apply(
            &triples(),
            &NamedNode::new_unchecked(RECORD),
            patch.as_bytes(),
        )
    }

    #[test]
    fn an_empty_patch_changes_nothing() {
        let changed = patched("{}").unwrap();
        assert!(canonical::isomorphic(&changed, &triples()).unwrap());
    }

    #[test]
    fn a_key_is_replaced_or_removed_and_the_rest_stays() {
        let patch = r#"{ "dcat:version": "2.0.0", "dct:issued": null, "dct:publisher": { "foaf:name": "Q" } }"#;
        let changed = patched(patch).unwrap();
        let has = |object: &str| {
            changed
                .iter()
                .any(|triple| triple.object.to_string() == object)
        };
        assert!(has("\"2.0.0\"") && has("\"Q\"") && has("\"S\"") && has("\"apart\""));
        assert!(!has("\"1.0.0\"") && !has("\"P\""));
        assert_eq!(changed.len(), triples().len() - 1);
    }

    #[test]
    fn a_key_that_means_nothing_is_told() {
        assert!(
            matches!(patched(r#"{ "title": "x" }"#), Err(PatchError::Key(key)) if key == "title")
        );
        assert!(patched("[]").is_err());
        assert!(patched("{").is_err());
    }
}
