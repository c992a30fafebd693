//! Two people changed one record: what comes of it? A merge of three graphs, statement by statement.
//!
//! Statements are compared in cells: the values of one property of one thing, texts by their language. Where only one
//! of the two changed a cell, the change is taken. Where both did, what each added and took away is taken together,
//! unless both replaced the same value, or more values would stand than there may be: that is a conflict, and a person
//! chooses. A thing without a name that stands alone in its cell on all sides (the publisher, its contact point) is
//! looked into; any other counts as one value with all that hangs below it.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::rdf::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple, canonical};

/// How deep things without a name are looked into.
const DEPTH_MAX: usize = 12;
/// Names what has no name by its place, while graphs are compared.
const PLACE: &str = "urn:vesalius:place:";
/// Stands for what points to a value, while values are compared.
const VALUE: &str = "urn:vesalius:value";

/// The outcome of a merge.
#[derive(Debug, Default)]
pub struct Merged {
    /// With one's own values where there is a conflict.
    pub triples: Vec<Triple>,
    pub conflicts: Vec<Conflict>,
    /// How many cells came from the other side.
    pub taken: usize,
}

/// Both changed the same thing in different ways.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Says which it is: the same whenever the same things are compared.
    pub id: String,
    pub path: NamedNode,
    /// Empty for what has no language.
    pub language: String,
    pub base: Vec<Value>,
    pub theirs: Vec<Value>,
    pub mine: Vec<Value>,
}

/// A value: the object, and what hangs below it when it has no name.
#[derive(Clone, Debug)]
pub struct Value {
    pub object: Term,
    pub below: Vec<Triple>,
}

/// Which side a person chose in a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Mine,
    Theirs,
    Both,
}

/// Three versions of a record.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    pub base: &'a [Triple],
    pub theirs: &'a [Triple],
    pub mine: &'a [Triple],
}

/// The values of one property of one thing, in one language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    subject: String,
    path: String,
    language: String,
}

/// By what they say.
type Values = BTreeMap<String, Value>;
type Cells = BTreeMap<Cell, Values>;

/// Merges two descendants of a graph. `is_single` says which properties have one value (in a language). Conflicts that
/// a person has decided are not told again.
pub fn merge(
    sides: Sides<'_>,
    is_single: &dyn Fn(&NamedNode) -> bool,
    choices: &[(String, Choice)],
) -> Merged {
    let graphs = [
        renamed(sides.base, "b"),
        renamed(sides.theirs, "t"),
        renamed(sides.mine, "m"),
    ];
    let places = graphs.each_ref().map(|graph| places(graph));
    let is_shared = |place: &String| places.iter().all(|side| side.contains_key(place));
    let shared: BTreeSet<&String> = places[0].keys().filter(|place| is_shared(place)).collect();
    let mut cells: Vec<Cells> = Vec::with_capacity(graphs.len());
    for (graph, places) in graphs.iter().zip(&places) {
        let names = places.iter().filter(|(place, _)| shared.contains(place));
        let names = names.map(|(place, node)| (node, format!("{PLACE}{place}")));
        cells.push(cells_of(&with_names(graph, &names.collect())));
    }
    let nothing = Values::new();
    let all: BTreeSet<&Cell> = cells.iter().flat_map(BTreeMap::keys).collect();
    let mut merged = Merged::default();
    let mut triples = Vec::new();
    for cell in all {
        let of = |side: usize| cells[side].get(cell).unwrap_or(&nothing);
        let compared = Compared {
            cell,
            sides: [of(0), of(1), of(2)],
            is_single,
        };
        for value in compared.decide(choices, &mut merged) {
            write(cell, value, &mut triples);
        }
    }
    let mut seen = FxHashSet::default();
    triples.retain(|triple| seen.insert(triple.clone()));
    merged.triples = without_names(triples);
    merged
}

/// One cell on three sides: base, theirs, mine.
struct Compared<'a> {
    cell: &'a Cell,
    sides: [&'a Values; 3],
    is_single: &'a dyn Fn(&NamedNode) -> bool,
}

impl<'a> Compared<'a> {
    fn decide(&self, choices: &[(String, Choice)], merged: &mut Merged) -> Vec<&'a Value> {
        let [base, theirs, mine] = self.sides;
        let [b, t, m] = self
            .sides
            .map(|side| side.keys().collect::<BTreeSet<&String>>());
        if t == b || t == m {
            return mine.values().collect();
        }
        if m == b {
            merged.taken += 1;
            return theirs.values().collect();
        }
        let both: BTreeMap<&String, &Value> = theirs.iter().chain(mine).collect();
        let is_left = |key: &String| !b.contains(key) || t.contains(key) && m.contains(key);
        let together: Vec<&Value> = both
            .iter()
            .filter(|(key, _)| is_left(key))
            .map(|(_, value)| *value)
            .collect();
        let added = |side: &BTreeSet<&'a String>| side - &b;
        let replaced =
            b.iter().any(|key| !t.contains(*key) && !m.contains(*key)) && added(&t) != added(&m);
        let path = NamedNode::new_unchecked(&self.cell.path);
        let is_loose = self.cell.path.is_empty();
        let too_many = !is_loose && together.len() > 1 && (self.is_single)(&path);
        if is_loose || !(replaced || too_many) {
            merged.taken += 1;
            return if is_loose {
                both.into_values().collect()
            } else {
                together
            };
        }
        let id = self.id(&t, &m);
        match choices.iter().find(|(known, _)| *known == id) {
            Some((_, Choice::Mine)) => mine.values().collect(),
            Some((_, Choice::Theirs)) => theirs.values().collect(),
            Some((_, Choice::Both)) => both.into_values().collect(),
            None => {
                let values = |side: &Values| side.values().cloned().collect();
                merged.conflicts.push(Conflict {
                    id,
                    path,
                    language: self.cell.language.clone(),
                    base: values(base),
                    theirs: values(theirs),
                    mine: values(mine),
                });
                mine.values().collect()
            }
        }
    }

    fn id(&self, theirs: &BTreeSet<&String>, mine: &BTreeSet<&String>) -> String {
        let text = format!("{:?} {theirs:?} {mine:?}", self.cell);
        digest(&text)
    }
}

fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..12])
}

/// The distinct triples of a side, its blank nodes named so that they meet those of no other side.
fn renamed(triples: &[Triple], side: &str) -> Vec<Triple> {
    let rename = |node: &BlankNode| BlankNode::new_unchecked(format!("{side}{}", node.as_str()));
    let mut seen = FxHashSet::default();
    let mut all = Vec::with_capacity(triples.len());
    for triple in triples {
        let mut triple = triple.clone();
        if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
            triple.subject = rename(node).into();
        }
        if let Term::BlankNode(node) = &triple.object {
            triple.object = rename(node).into();
        }
        if seen.insert(triple.clone()) {
            all.push(triple);
        }
    }
    all
}

/// The blank nodes that stand alone behind a property, by the way that leads to them.
fn places(triples: &[Triple]) -> BTreeMap<String, BlankNode> {
    let mut pointed: FxHashMap<&BlankNode, usize> = FxHashMap::default();
    let mut values: FxHashMap<(&NamedOrBlankNode, &NamedNode), Vec<&Term>> = FxHashMap::default();
    let mut paths: FxHashMap<&NamedOrBlankNode, Vec<&NamedNode>> = FxHashMap::default();
    for triple in triples {
        if let Term::BlankNode(node) = &triple.object {
            *pointed.entry(node).or_default() += 1;
        }
        let of = values
            .entry((&triple.subject, &triple.predicate))
            .or_default();
        if of.is_empty() {
            paths
                .entry(&triple.subject)
                .or_default()
                .push(&triple.predicate);
        }
        of.push(&triple.object);
    }
    let mut found = BTreeMap::new();
    let subjects = paths.keys().filter(|subject| subject.is_named_node());
    let mut open: Vec<(NamedOrBlankNode, String, usize)> = subjects
        .map(|subject| ((*subject).clone(), subject.to_string(), 0))
        .collect();
    while let Some((subject, way, depth)) = open.pop() {
        for path in paths.get(&subject).into_iter().flatten() {
            let [Term::BlankNode(node)] = values[&(&subject, *path)][..] else {
                continue;
            };
            if pointed[node] == 1 && depth < DEPTH_MAX {
                let way = format!("{way} {path}");
                found.insert(digest(&way), node.clone());
                open.push((node.clone().into(), way, depth + 1));
            }
        }
    }
    found
}

fn with_names(triples: &[Triple], names: &FxHashMap<&BlankNode, String>) -> Vec<Triple> {
    let name = |node: &BlankNode| names.get(node).map(NamedNode::new_unchecked);
    let one = |triple: &Triple| {
        let mut triple = triple.clone();
        if let NamedOrBlankNode::BlankNode(node) = &triple.subject
            && let Some(name) = name(node)
        {
            triple.subject = name.into();
        }
        if let Term::BlankNode(node) = &triple.object
            && let Some(name) = name(node)
        {
            triple.object = name.into();
        }
        triple
    };
    triples.iter().map(one).collect()
}

fn without_names(mut triples: Vec<Triple>) -> Vec<Triple> {
    let node = |iri: &NamedNode| {
        let place = iri.as_str().strip_prefix(PLACE)?;
        Some(BlankNode::new_unchecked(format!("p{place}")))
    };
    for triple in &mut triples {
        if let NamedOrBlankNode::NamedNode(iri) = &triple.subject
            && let Some(node) = node(iri)
        {
            triple.subject = node.into();
        }
        if let Term::NamedNode(iri) = &triple.object
            && let Some(node) = node(iri)
        {
            triple.object = node.into();
        }
    }
    triples
}

fn cells_of(triples: &[Triple]) -> Cells {
    let mut about: FxHashMap<&NamedOrBlankNode, Vec<usize>> = FxHashMap::default();
    for (at, triple) in triples.iter().enumerate() {
        about.entry(&triple.subject).or_default().push(at);
    }
    let mut reached = vec![false; triples.len()];
    let mut cells = Cells::new();
    for triple in triples {
        let NamedOrBlankNode::NamedNode(subject) = &triple.subject else {
            continue;
        };
        let mut below = Vec::new();
        if let Term::BlankNode(node) = &triple.object {
            let mut open = vec![NamedOrBlankNode::from(node.clone())];
            let mut seen = FxHashSet::default();
            while let Some(subject) = open.pop() {
                if !seen.insert(subject.clone()) {
                    continue;
                }
                for at in about.get(&subject).into_iter().flatten() {
                    reached[*at] = true;
                    below.push(triples[*at].clone());
                    if let Term::BlankNode(node) = &triples[*at].object {
                        open.push(node.clone().into());
                    }
                }
            }
        }
        let language = match &triple.object {
            Term::Literal(literal) => literal.language().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        let cell = Cell {
            subject: subject.as_str().to_owned(),
            path: triple.predicate.as_str().to_owned(),
            language,
        };
        let object = triple.object.clone();
        let value = Value { object, below };
        cells.entry(cell).or_default().insert(value.says(), value);
    }
    let loose = triples
        .iter()
        .zip(&reached)
        .filter(|(triple, reached)| triple.subject.is_blank_node() && !**reached);
    let below: Vec<Triple> = loose.map(|(triple, _)| triple.clone()).collect();
    if !below.is_empty() {
        let cell = Cell {
            subject: String::new(),
            path: String::new(),
            language: String::new(),
        };
        let object = NamedNode::new_unchecked(VALUE).into();
        let value = Value { object, below };
        cells.entry(cell).or_default().insert(value.says(), value);
    }
    cells
}

impl Value {
    /// The same for equal values, whatever their blank nodes are called.
    fn says(&self) -> String {
        if self.below.is_empty() && !self.object.is_blank_node() {
            return self.object.to_string();
        }
        let stand = NamedNode::new_unchecked(VALUE);
        let mut triples = self.below.clone();
        triples.push(Triple::new(stand.clone(), stand, self.object.clone()));
        match canonical::canonical_ntriples(&triples) {
            Ok(text) => text.into_text(),
            // Too tangled to be compared: only itself is equal.
            Err(_) => triples.iter().map(ToString::to_string).collect(),
        }
    }
}

fn write(cell: &Cell, value: &Value, triples: &mut Vec<Triple>) {
    if !cell.subject.is_empty() {
        triples.push(Triple::new(
            NamedNode::new_unchecked(&cell.subject),
            NamedNode::new_unchecked(&cell.path),
            value.object.clone(),
        ));
    }
    triples.extend(value.below.iter().cloned());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::{Format, format};

    fn graph(turtle: &str) -> Vec<Triple> {
        let text = format!("@prefix : <http://e.x/> . {turtle}");
        let quads = format::parse(text.as_bytes(), Format::Turtle, None).unwrap();
        quads.into_iter().map(Triple::from).collect()
    }

    fn merged(base: &str, theirs: &str, mine: &str, choices: &[(String, Choice)]) -> Merged {
        let [base, theirs, mine] = [base, theirs, mine].map(graph);
        let sides = Sides {
            base: &base,
            theirs: &theirs,
            mine: &mine,
        };
        let single = |path: &NamedNode| path.as_str().ends_with("title");
        merge(sides, &single, choices)
    }

    fn gives(base: &str, theirs: &str, mine: &str, wanted: &str) {
        let found = merged(base, theirs, mine, &[]);
        assert!(found.conflicts.is_empty(), "{:?}", found.conflicts);
        let same = canonical::isomorphic(&found.triples, &graph(wanted)).unwrap();
        assert!(same, "{:#?}", found.triples);
    }

    #[test]
    fn changes_of_different_things_come_together() {
        gives(
            ":s :a 1 ; :b 1 .",
            ":s :a 2 ; :b 1 .",
            ":s :a 1 ; :b 2 .",
            ":s :a 2 ; :b 2 .",
        );
        gives(
            ":s :title \"x\"@en .",
            ":s :title \"x\"@en , \"y\"@de .",
            ":s :title \"z\"@en .",
            ":s :title \"z\"@en , \"y\"@de .",
        );
    }

    #[test]
    fn what_two_add_and_take_away_from_a_list_comes_together() {
        gives(
            ":s :k 1 , 2 .",
            ":s :k 1 , 2 , 3 .",
            ":s :k 2 , 4 .",
            ":s :k 2 , 3 , 4 .",
        );
    }

    #[test]
    fn a_thing_without_a_name_is_looked_into() {
        gives(
            ":s :p [ :n 1 ; :c [ :m 1 ; :t 1 ] ] .",
            ":s :p [ :n 2 ; :c [ :m 1 ; :t 1 ] ] .",
            ":s :p [ :n 1 ; :c [ :m 2 ; :t 1 ] ] .",
            ":s :p [ :n 2 ; :c [ :m 2 ; :t 1 ] ] .",
        );
    }

    #[test]
    fn one_of_several_nameless_things_counts_as_a_whole() {
        gives(
            ":s :p [ :n 1 ] , [ :n 2 ] .",
            ":s :p [ :n 1 ] , [ :n 3 ] .",
            ":s :p [ :n 4 ] , [ :n 2 ] .",
            ":s :p [ :n 4 ] , [ :n 3 ] .",
        );
    }

    #[test]
    fn a_conflict_is_told_once_and_decided_by_a_person() {
        let sides = [":s :a 1 .", ":s :a 2 .", ":s :a 3 ."];
        let of = |choices: &[(String, Choice)]| merged(sides[0], sides[1], sides[2], choices);
        let open = of(&[]);
        assert_eq!(open.conflicts.len(), 1);
        assert_eq!(open.triples, graph(":s :a 3 ."));
        let id = open.conflicts[0].id.clone();
        for (choice, wanted) in [
            (Choice::Mine, ":s :a 3 ."),
            (Choice::Theirs, ":s :a 2 ."),
            (Choice::Both, ":s :a 2 , 3 ."),
        ] {
            let decided = of(&[(id.clone(), choice)]);
            assert!(decided.conflicts.is_empty());
            assert!(canonical::isomorphic(&decided.triples, &graph(wanted)).unwrap());
        }
    }

    #[test]
    fn a_title_that_both_wrote_is_a_conflict() {
        let found = merged(
            ":s :k 1 .",
            ":s :k 1 ; :title \"x\"@en .",
            ":s :k 1 ; :title \"y\"@en .",
            &[],
        );
        assert_eq!(found.conflicts.len(), 1);
        assert_eq!(found.conflicts[0].language, "en");
    }

    #[test]
    fn a_merge_with_nothing_changed_is_the_same_graph() {
        let text =
            ":s :a [ :b [ :c 1 ] ] , [ :b 2 ] ; :d _:x . :t :e _:x . _:x :f _:x . _:y :g 1 .";
        gives(text, text, text, text);
    }
}
