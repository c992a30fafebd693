//! Which records does a document hold? One sent document becomes one record or many, and no
//! triple is lost on the way.

use rustc_hash::{FxHashMap, FxHashSet};

use super::identifier::{Base, split_path};
use super::kind::{Kind, Kinds};
use crate::rdf::vocabulary::{dct, rdf};
use crate::rdf::{NamedNode, NamedOrBlankNode, Term, Triple};

/// A record as it came, before anything was checked.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub iri: NamedNode,
    pub kind: String,
    /// The parent that the document names, whether or not we hold it.
    pub parent: Option<NamedNode>,
    pub triples: Vec<Triple>,
}

/// What records share is copied to each of them, up to as much as the whole document and this many triples more. In a
/// document that shares more, what was copied so often stays with the records that came first.
const COPIES_MAX: usize = 10_000;

/// A document, indexed by subject.
struct Document<'a> {
    triples: &'a [Triple],
    by_subject: FxHashMap<&'a NamedOrBlankNode, Vec<u32>>,
    kinds: &'a Kinds,
    base: &'a Base,
}

/// Finds the records of a document. A subject is a record of its own when it has the type of a
/// kind and an IRI, and is `main`, or names its parent, or hangs below another record by the
/// relation of its kind, or is mentioned by no other record. All else goes with the record that
/// leads to it, and what nothing leads to goes with the first.
pub fn split(
    triples: &[Triple],
    kinds: &Kinds,
    base: &Base,
    main: Option<&NamedNode>,
) -> Vec<Incoming> {
    let document = Document::new(triples, kinds, base);
    let parents = document.memberships();
    let heads = document.heads(&parents, main);
    let mut taken = vec![false; triples.len()];
    let mut copies = COPIES_MAX + triples.len();
    let is_head: FxHashSet<&NamedNode> = heads.iter().map(|(iri, _)| *iri).collect();
    let mut records: Vec<Incoming> = heads
        .iter()
        .map(|(iri, kind)| Incoming {
            iri: (*iri).clone(),
            kind: kind.name.clone(),
            parent: document.parent_of(iri, kind, &parents),
            triples: document.closure(iri, &is_head, &mut taken, &mut copies),
        })
        .collect();
    if let Some(first) = records.first_mut() {
        let left = triples.iter().zip(&taken).filter(|(_, taken)| !**taken);
        first.triples.extend(left.map(|(triple, _)| triple.clone()));
    }
    for record in &mut records {
        drop_memberships(record, kinds, base, &is_head);
    }
    records
}

/// The triples of a document, each once. What all its records share, such as a publisher, often stands in the graph of
/// each.
pub fn distinct(mut triples: Vec<Triple>) -> Vec<Triple> {
    let mut seen = FxHashSet::default();
    let is_new: Vec<bool> = triples.iter().map(|triple| seen.insert(triple)).collect();
    let mut is_new = is_new.into_iter();
    triples.retain(|_| is_new.next().unwrap_or(true));
    triples
}

/// The subject that a document sent to the address of a kind is about: the first with a type of
/// the kind.
pub fn main_subject(triples: &[Triple], kind: &Kind) -> Option<NamedOrBlankNode> {
    let of_kind = |triple: &&Triple| match &triple.object {
        Term::NamedNode(class) => triple.predicate == rdf::TYPE && kind.classes.contains(class),
        _ => false,
    };
    let mentioned = |subject: &NamedOrBlankNode| {
        let object = Term::from(subject.clone());
        triples
            .iter()
            .any(|triple| triple.object == object && triple.subject != *subject)
    };
    let mut found = triples.iter().filter(of_kind).map(|triple| &triple.subject);
    let first = found.clone().next()?;
    let free = found.find(|subject| !mentioned(subject));
    Some(free.unwrap_or(first).clone())
}

/// Gives a subject another IRI wherever it stands, together with the hash IRIs below it.
pub fn rename(triples: &mut [Triple], old: &NamedOrBlankNode, new: &NamedNode) {
    let renamed = |iri: &NamedNode| -> Option<NamedNode> {
        let NamedOrBlankNode::NamedNode(old) = old else {
            return None;
        };
        let rest = iri.as_str().strip_prefix(old.as_str())?;
        let below = rest.is_empty() || rest.starts_with('#');
        below.then(|| NamedNode::new_unchecked(format!("{}{rest}", new.as_str())))
    };
    for triple in triples {
        if triple.subject == *old {
            triple.subject = new.clone().into();
        } else if let NamedOrBlankNode::NamedNode(iri) = &triple.subject
            && let Some(iri) = renamed(iri)
        {
            triple.subject = iri.into();
        }
        match &triple.object {
            Term::NamedNode(iri) => {
                if let Some(iri) = renamed(iri) {
                    triple.object = iri.into();
                }
            }
            Term::BlankNode(node) => {
                if NamedOrBlankNode::BlankNode(node.clone()) == *old {
                    triple.object = new.clone().into();
                }
            }
            Term::Literal(_) | Term::Triple(_) => (),
        }
    }
}

/// Gives an IRI another form wherever it stands, and nothing else.
pub fn rename_exactly(triples: &mut [Triple], old: &NamedNode, new: &NamedNode) {
    let subject = NamedOrBlankNode::from(old.clone());
    let object = Term::from(old.clone());
    for triple in triples {
        if triple.subject == subject {
            triple.subject = new.clone().into();
        }
        if triple.object == object {
            triple.object = new.clone().into();
        }
    }
}

impl<'a> Document<'a> {
    fn new(triples: &'a [Triple], kinds: &'a Kinds, base: &'a Base) -> Self {
        let mut by_subject: FxHashMap<_, Vec<u32>> = FxHashMap::default();
        for (at, triple) in triples.iter().enumerate() {
            let at = u32::try_from(at).expect("a document is bounded far below 4 billion triples");
            by_subject.entry(&triple.subject).or_default().push(at);
        }
        Self {
            triples,
            by_subject,
            kinds,
            base,
        }
    }

    fn about(&self, subject: &NamedOrBlankNode) -> impl Iterator<Item = (u32, &'a Triple)> + '_ {
        let positions = self.by_subject.get(subject).map_or(&[][..], Vec::as_slice);
        positions
            .iter()
            .map(|at| (*at, &self.triples[*at as usize]))
    }

    fn kind_of(&self, subject: &NamedOrBlankNode) -> Option<&'a Kind> {
        let types: Vec<&str> = self
            .about(subject)
            .filter(|(_, triple)| triple.predicate == rdf::TYPE)
            .filter_map(|(_, triple)| match &triple.object {
                Term::NamedNode(class) => Some(class.as_str()),
                _ => None,
            })
            .collect();
        self.kinds.of_types(&types)
    }

    /// For each thing below another by the relation of its kind: that other.
    fn memberships(&self) -> FxHashMap<&'a NamedNode, &'a NamedNode> {
        let relations: FxHashSet<&NamedNode> = self
            .kinds
            .iter()
            .flat_map(|kind| &kind.parents)
            .map(|above| &above.relation)
            .collect();
        let mut parents = FxHashMap::default();
        for triple in self.triples {
            let (NamedOrBlankNode::NamedNode(parent), Term::NamedNode(child)) =
                (&triple.subject, &triple.object)
            else {
                continue;
            };
            if relations.contains(&triple.predicate) {
                parents.entry(child).or_insert(parent);
            }
        }
        parents
    }

    /// The records of the document, parents before children.
    fn heads(
        &self,
        parents: &FxHashMap<&'a NamedNode, &'a NamedNode>,
        main: Option<&NamedNode>,
    ) -> Vec<(&'a NamedNode, &'a Kind)> {
        let mut mentioned: FxHashSet<&NamedNode> = FxHashSet::default();
        for triple in self.triples {
            if let Term::NamedNode(object) = &triple.object {
                let itself =
                    matches!(&triple.subject, NamedOrBlankNode::NamedNode(s) if s == object);
                if !itself {
                    mentioned.insert(object);
                }
            }
        }
        let mut seen = FxHashSet::default();
        let mut heads = Vec::new();
        for triple in self.triples {
            let NamedOrBlankNode::NamedNode(iri) = &triple.subject else {
                continue;
            };
            if triple.predicate != rdf::TYPE || !seen.insert(iri) {
                continue;
            }
            let Some(kind) = self.kind_of(&triple.subject) else {
                continue;
            };
            let is_main = main == Some(iri);
            let apart = !kind.embedded || self.has_address_of(iri, kind);
            let names_parent = self
                .about(&triple.subject)
                .any(|(_, triple)| triple.predicate == dct::IS_PART_OF);
            let below = parents.contains_key(iri);
            let free = main.is_none() && !mentioned.contains(iri);
            let hash = main.is_some_and(|main| is_hash_of(iri, main));
            if is_main || (apart && !hash && (names_parent || below || free)) {
                heads.push((iri, kind));
            }
        }
        heads.sort_by_key(|(iri, kind)| (main != Some(*iri), self.depth(kind)));
        heads
    }

    fn depth(&self, kind: &Kind) -> usize {
        let mut depth = 0;
        let mut at = kind;
        while let Some(parent) = at
            .parents
            .first()
            .and_then(|above| self.kinds.by_name(&above.kind))
        {
            depth += 1;
            if depth > 16 || parent.name == at.name {
                break;
            }
            at = parent;
        }
        depth
    }

    fn has_address_of(&self, iri: &NamedNode, kind: &Kind) -> bool {
        let path = self.base.path(iri.as_str());
        path.and_then(split_path)
            .is_some_and(|(prefix, _)| prefix == kind.prefix)
    }

    fn parent_of(
        &self,
        iri: &NamedNode,
        kind: &Kind,
        parents: &FxHashMap<&'a NamedNode, &'a NamedNode>,
    ) -> Option<NamedNode> {
        if kind.is_root() {
            return None;
        }
        let named = self
            .about(&iri.clone().into())
            .filter(|(_, triple)| triple.predicate == dct::IS_PART_OF)
            .find_map(|(_, triple)| match &triple.object {
                Term::NamedNode(parent) => Some(parent.clone()),
                _ => None,
            });
        named.or_else(|| parents.get(iri).map(|parent| (*parent).clone()))
    }

    /// All triples that lead from a record without passing through another record.
    fn closure(
        &self,
        head: &NamedNode,
        heads: &FxHashSet<&NamedNode>,
        taken: &mut [bool],
        copies: &mut usize,
    ) -> Vec<Triple> {
        let mut found = Vec::new();
        let mut seen: FxHashSet<NamedOrBlankNode> = FxHashSet::default();
        let mut open: Vec<NamedOrBlankNode> = vec![head.clone().into()];
        while let Some(subject) = open.pop() {
            if !seen.insert(subject.clone()) {
                continue;
            }
            for (at, triple) in self.about(&subject) {
                if std::mem::replace(&mut taken[at as usize], true) {
                    let Some(left) = copies.checked_sub(1) else {
                        break;
                    };
                    *copies = left;
                }
                found.push(triple.clone());
                match &triple.object {
                    Term::BlankNode(node) => open.push(node.clone().into()),
                    Term::NamedNode(iri) if !heads.contains(iri) => open.push(iri.clone().into()),
                    Term::NamedNode(_) | Term::Literal(_) | Term::Triple(_) => (),
                }
            }
        }
        found
    }
}

/// Whether an IRI is a hash IRI on a record's IRI.
fn is_hash_of(iri: &NamedNode, record: &NamedNode) -> bool {
    iri.as_str()
        .strip_prefix(record.as_str())
        .is_some_and(|rest| rest.starts_with('#'))
}

/// Which records stand below a record is the server's to say (they come and go by themselves, and
/// some are drafts): such statements are not kept with the parent.
fn drop_memberships(
    record: &mut Incoming,
    kinds: &Kinds,
    base: &Base,
    heads: &FxHashSet<&NamedNode>,
) {
    let Some(kind) = kinds.by_name(&record.kind) else {
        return;
    };
    let below: Vec<(&Kind, &NamedNode)> = kinds.children_of(&kind.name).collect();
    let subject = NamedOrBlankNode::from(record.iri.clone());
    record.triples.retain(|triple| {
        let Term::NamedNode(child) = &triple.object else {
            return true;
        };
        let ours = |kind: &Kind| {
            let path = base.path(child.as_str());
            path.and_then(split_path)
                .is_some_and(|(prefix, _)| prefix == kind.prefix)
        };
        let member = |(kind, relation): &(&Kind, &NamedNode)| {
            triple.predicate == **relation && (heads.contains(child) || ours(kind))
        };
        triple.subject != subject || !below.iter().any(member)
    });
}
