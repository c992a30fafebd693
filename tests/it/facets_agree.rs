//! Do facets, SPARQL and counting by hand agree, whatever hierarchy there is and whatever the records say?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use vesalius::rdf::{NamedOrBlankNode, Term};

use crate::support::chance::Chance;
use crate::support::http::encode;
use crate::support::rdf::{DCAT, turtle};
use crate::support::{TestServer, dataset, repository};

const EUCAIM: &str = "https://cancerimage.eu/ontology/EUCAIM#";
const SUB_CLASS: &str = "http://www.w3.org/2000/01/rdf-schema#subClassOf";
const FACETS: [Facet; 3] = [
    Facet {
        id: "modality",
        property: "hasImageModality",
        root: "IMG1000009",
        bundled: ["IMG1000038", "IMG1000028"],
        prefix: "IMG91",
        values_max: 3,
    },
    Facet {
        id: "body-part",
        property: "hasImageBodyPart",
        root: "BP1000024",
        bundled: ["BP1000136", "BP1000257"],
        prefix: "BP91",
        values_max: 3,
    },
    Facet {
        id: "cancer",
        property: "hasCondition",
        root: "CLIN1007977",
        bundled: ["CLIN1007973", "CLIN1000057"],
        prefix: "CLIN91",
        values_max: 1,
    },
];
const NEW_CONCEPTS: usize = 14;
const RECORDS: usize = 24;
const QUESTIONS: usize = 8;

struct Facet {
    id: &'static str,
    property: &'static str,
    root: &'static str,
    /// Concepts that stand below the root already.
    bundled: [&'static str; 2],
    prefix: &'static str,
    /// So many values may a record say.
    values_max: usize,
}

impl Facet {
    fn new_concept(&self, n: usize) -> String {
        format!("{EUCAIM}{}{n:05}", self.prefix)
    }
}

/// A hierarchy with several parents to a concept, and what each record says by facet.
struct World {
    vocabulary: String,
    above: BTreeMap<String, BTreeSet<String>>,
    records: Vec<[BTreeSet<String>; 3]>,
}

/// What is chosen in a facet: any of the first, none of the second.
#[derive(Default, Debug)]
struct Choice {
    include: Vec<String>,
    exclude: Vec<String>,
}

impl World {
    fn random(chance: &mut Chance) -> Self {
        let vocabulary = vocabulary(chance);
        let mut world = Self {
            above: closure(&vocabulary),
            vocabulary,
            records: Vec::new(),
        };
        for _ in 0..RECORDS {
            let said = FACETS.each_ref().map(|facet| {
                let said = 1 + chance.below(facet.values_max);
                (0..said).map(|_| Self::any(facet, chance)).collect()
            });
            world.records.push(said);
        }
        world
    }

    /// A new concept of a facet, or at times one that was there.
    fn any(facet: &Facet, chance: &mut Chance) -> String {
        match chance.below(NEW_CONCEPTS + 2) {
            n if n < NEW_CONCEPTS => facet.new_concept(n),
            n => format!("{EUCAIM}{}", facet.bundled[n - NEW_CONCEPTS]),
        }
    }

    fn says(&self, record: usize, facet: usize, wanted: &str) -> bool {
        let mut said = self.records[record][facet].iter();
        said.any(|one| self.above[one].contains(wanted))
    }

    fn fits(&self, record: usize, facet: usize, choice: &Choice) -> bool {
        let said = |wanted: &String| self.says(record, facet, wanted);
        (choice.include.is_empty() || choice.include.iter().any(said))
            && !choice.exclude.iter().any(said)
    }

    /// The records that fit all choices, or all but that of one facet.
    fn fitting(&self, choices: &[Choice; 3], but: Option<usize>) -> Vec<usize> {
        let fits = |record: &usize| {
            let mut others = (0..3).filter(|facet| Some(*facet) != but);
            others.all(|facet| self.fits(*record, facet, &choices[facet]))
        };
        (0..RECORDS).filter(fits).collect()
    }

    fn question(chance: &mut Chance) -> [Choice; 3] {
        let mut choices: [Choice; 3] = Default::default();
        for (choice, facet) in choices.iter_mut().zip(&FACETS) {
            let drawn = |most: usize, chance: &mut Chance| {
                let number = chance.below(most + 1);
                (0..number).map(|_| Self::any(facet, chance)).collect()
            };
            choice.include = drawn(2, chance);
            if chance.below(3) == 0 {
                choice.exclude = drawn(1, chance);
                choice.exclude.retain(|one| !choice.include.contains(one));
            }
        }
        choices
    }

    fn serve(&self, folder: &std::path::Path) -> TestServer {
        fs::write(folder.join("hyperontology.ttl"), &self.vocabulary).unwrap();
        let folder = folder.display().to_string();
        let server = TestServer::with(&[("ONTOLOGY", folder.as_str())]).with_catalogue("random");
        let catalogue = server.iri("/catalog/random");
        for (n, said) in self.records.iter().enumerate() {
            let path = format!("/dataset/random-{n}");
            let text = dataset(
                &server.base,
                &format!("random-{n}"),
                &catalogue,
                "Collection",
            );
            let subject = format!("<{}> ", server.iri(&path));
            let ours = |line: &&str| {
                let mut properties = FACETS.iter().map(|facet| facet.property);
                !properties
                    .any(|property| line.starts_with(&format!("{subject}<{EUCAIM}{property}>")))
            };
            let mut text: String = text
                .lines()
                .filter(ours)
                .map(|l| format!("{l}\n"))
                .collect();
            for (facet, values) in FACETS.iter().zip(said) {
                for value in values {
                    text.push_str(&format!(
                        "{subject}<{EUCAIM}{}> <{value}> .\n",
                        facet.property
                    ));
                }
            }
            server.steward().write(&path, text);
            server.steward().publish(&path);
        }
        server.settle();
        server
    }
}

/// The bundled hyperontology with further concepts below those that are there and below each other.
fn vocabulary(chance: &mut Chance) -> String {
    let mut text = fs::read_to_string(repository("ontology/hyperontology.ttl")).unwrap();
    for facet in &FACETS {
        for n in 0..NEW_CONCEPTS {
            let parents: BTreeSet<String> = (0..=chance.below(3))
                .map(|_| match chance.below(n + 3) {
                    earlier if earlier < n => facet.new_concept(earlier),
                    root if root == n => format!("{EUCAIM}{}", facet.root),
                    bundled => format!("{EUCAIM}{}", facet.bundled[bundled - n - 1]),
                })
                .collect();
            let parents: Vec<String> = parents.iter().map(|one| format!("<{one}>")).collect();
            text.push_str(&format!(
                "\n<{}> a owl:Class, skos:Concept ; rdfs:label \"Made up {} {n}\"@en ; rdfs:subClassOf {} .\n",
                facet.new_concept(n),
                facet.id,
                parents.join(", ")
            ));
        }
    }
    text
}

/// Each concept with itself and everything above it, read from the text alone.
fn closure(vocabulary: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut parents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for triple in turtle(vocabulary, "http://example.org/") {
        if let Term::NamedNode(parent) = &triple.object
            && let NamedOrBlankNode::NamedNode(child) = &triple.subject
        {
            let all = parents.entry(child.as_str().to_owned()).or_default();
            if triple.predicate.as_str() == SUB_CLASS {
                all.push(parent.as_str().to_owned());
            }
        }
    }
    let above = |concept: &String| {
        let mut found = BTreeSet::from([concept.clone()]);
        let mut open = vec![concept.clone()];
        while let Some(next) = open.pop() {
            for parent in parents.get(&next).into_iter().flatten() {
                if found.insert(parent.clone()) {
                    open.push(parent.clone());
                }
            }
        }
        found
    };
    parents
        .keys()
        .map(|one| (one.clone(), above(one)))
        .collect()
}

/// The question as an address; every new concept stands open.
fn address(choices: &[Choice; 3]) -> String {
    let mut pairs = String::from("kind=dataset&limit=100");
    for (facet, choice) in FACETS.iter().zip(choices) {
        for value in &choice.include {
            pairs.push_str(&format!("&{}={}", facet.id, encode(value)));
        }
        for value in &choice.exclude {
            pairs.push_str(&format!("&{}=-{}", facet.id, encode(value)));
        }
        let bundled = facet.bundled.iter().map(|code| format!("{EUCAIM}{code}"));
        for value in (0..NEW_CONCEPTS)
            .map(|n| facet.new_concept(n))
            .chain(bundled)
        {
            pairs.push_str(&format!("&open={}:{}", facet.id, encode(&value)));
        }
    }
    pairs
}

/// How many records fit the choices (of all facets but one) and say a value: by hierarchy as `vs:within` knows it, or by a path.
fn query(choices: &[Choice; 3], but: usize, value: &str, by_path: bool) -> String {
    let by_walk = |variable: &str, concept: &str| format!("?{variable} <{SUB_CLASS}>* <{concept}>");
    let below = |variable: &str, concept: &str| {
        if by_path {
            by_walk(variable, concept)
        } else {
            format!("?{variable} vs:within <{concept}>")
        }
    };
    let mut pattern = format!(
        "?d a <{DCAT}Dataset> ; <{EUCAIM}{}> ?value . {} .",
        FACETS[but].property,
        below("value", value)
    );
    for (n, (facet, choice)) in FACETS.iter().zip(choices).enumerate() {
        if n == but {
            continue;
        }
        let any: Vec<String> = choice
            .include
            .iter()
            .map(|one| format!("{{ {} }}", below(&format!("v{n}"), one)))
            .collect();
        if !any.is_empty() {
            pattern.push_str(&format!(
                " ?d <{EUCAIM}{}> ?v{n} . {}",
                facet.property,
                any.join(" UNION ")
            ));
        }
        for one in &choice.exclude {
            pattern.push_str(&format!(
                " FILTER NOT EXISTS {{ ?d <{EUCAIM}{}> ?x{n} . {} }}",
                facet.property,
                by_walk(&format!("x{n}"), one)
            ));
        }
    }
    format!(
        "PREFIX vs: <https://github.com/EUCAIM/vesalius/ns#> SELECT (COUNT(DISTINCT ?d) AS ?n) {{ {pattern} }}"
    )
}

/// All values of a facet of a page, with their counts.
fn counts(page: &Value, id: &str) -> BTreeMap<String, u64> {
    let facets = page["facets"].as_array().unwrap();
    let Some(facet) = facets.iter().find(|facet| facet["id"] == id) else {
        return BTreeMap::new();
    };
    let mut open: Vec<&Value> = facet["values"].as_array().unwrap().iter().collect();
    let mut found = BTreeMap::new();
    while let Some(value) = open.pop() {
        let name = value["value"].as_str().unwrap().to_owned();
        let count = value["count"].as_u64().unwrap();
        let before = found.insert(name, count);
        assert!(
            before.is_none_or(|before| before == count),
            "one concept, two counts: {value}"
        );
        open.extend(value["children"].as_array().into_iter().flatten());
    }
    found
}

fn agree(seed: u64) {
    let mut chance = Chance::new(seed);
    let world = World::random(&mut chance);
    let folder = tempfile::tempdir().unwrap();
    let server = world.serve(folder.path());
    let nobody = server.nobody();
    let mut compared = 0;
    for _ in 0..QUESTIONS {
        let choices = World::question(&mut chance);
        let page = nobody.search(&address(&choices));
        let wanted = world.fitting(&choices, None).len();
        assert_eq!(page["total"], wanted, "seed {seed}: {choices:?}");
        for (n, facet) in FACETS.iter().enumerate() {
            let among = world.fitting(&choices, Some(n));
            let told = counts(&page, facet.id);
            assert!(!told.is_empty() || among.is_empty(), "{}", facet.id);
            for (value, told) in told {
                let said = among
                    .iter()
                    .filter(|record| world.says(**record, n, &value));
                let by_hand = said.count() as u64;
                let what = format!("seed {seed}: {} {value} with {choices:?}", facet.id);
                assert_eq!(told, by_hand, "facet: {what}");
                if compared % 3 == 0 {
                    for by_path in [false, true] {
                        let asked = query(&choices, n, &value, by_path);
                        assert_eq!(nobody.count(&asked), by_hand, "SPARQL: {what}: {asked}");
                    }
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "seed {seed}: {compared} counts compared");
}

#[test]
fn facets_sparql_and_counting_by_hand_agree_over_random_hierarchies() {
    for seed in 1..=4 {
        agree(seed);
    }
}
