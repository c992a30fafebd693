//! Do our DCAT-AP shapes judge as the published ones do? Both look at the examples of each release, at records that
//! use every property, and at what is left of both when one property after the other is taken away or altered.
//! Where they differ, `DISAGREEMENTS` says why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use vesalius::catalogue::Profile;
use vesalius::catalogue::profile::Neighbours;
use vesalius::ontology::Ontology;
use vesalius::rdf::vocabulary::{owl, rdf, xsd};
use vesalius::rdf::{
    Format, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple, format,
};
use vesalius::shacl::{Data, Report, Severity, Shapes};

use crate::support::{repository, suites};

/// A release as it was published, and our profile of it.
struct Release {
    profile: &'static str,
    /// The files whose violations count; each is loaded by itself, as it is.
    shapes: &'static [&'static str],
    examples: &'static str,
}

const RELEASES: [Release; 2] = [
    Release {
        profile: "dcat-ap-2.1.1",
        shapes: &[
            "2.1.1/dcat-ap_2.1.1_shacl_shapes.ttl",
            "2.1.1/dcat-ap_2.1.1_shacl_range.ttl",
            "2.1.1/dcat-ap_2.1.1_shacl_mdr-vocabularies.shape.ttl",
        ],
        examples: "2.1.1/examples",
    },
    Release {
        profile: "dcat-ap-3.0.1",
        shapes: &[
            "3.0.1/shacl/dcat-ap-SHACL.ttl",
            "3.0.1/shacl/ranges.ttl",
            "3.0.1/html/shacl/mdr-vocabularies.shape.ttl",
        ],
        examples: "3.0.1/html/examples",
    },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Ours,
    Theirs,
}
use Side::{Ours, Theirs};

/// What one side finds wrong and the other does not, and why. `*` stands for all.
struct Disagreement {
    release: &'static str,
    side: Side,
    property: &'static str,
    constraint: &'static str,
    why: &'static str,
}

const fn because(
    release: &'static str,
    side: Side,
    property: &'static str,
    constraint: &'static str,
    why: &'static str,
) -> Disagreement {
    Disagreement {
        release,
        side,
        property,
        constraint,
        why,
    }
}

const DISAGREEMENTS: &[Disagreement] = &[
    because(
        "*",
        Theirs,
        "*",
        "Class",
        "we demand no class of a value: what it links to may be described elsewhere",
    ),
    because(
        "dcat-ap-2.1.1",
        Theirs,
        "dct:relation",
        "Node",
        "the same: a relationship leads to something whose class stands in the record",
    ),
    because(
        "*",
        Theirs,
        "spdx:algorithm",
        "Node",
        "the same; and 3.0.1 asks for https://spdx.org/rdf/terms, but the terms of SPDX begin with http://",
    ),
    because(
        "dcat-ap-2.1.1",
        Theirs,
        "adms:status",
        "Node",
        "they look a status up in the ADMS list, of which no copy comes with the release; we know its codes",
    ),
    because(
        "dcat-ap-3.0.1",
        Theirs,
        "skos:notation",
        "*",
        "we let a further identifier be a link, and look no further",
    ),
    because(
        "*",
        Ours,
        "*",
        "Blank",
        "we refuse a text in which there is nothing to read",
    ),
    because(
        "*",
        Ours,
        "foaf:name",
        "MinCount",
        "we ask the name of every publisher and creator, they of what has the type foaf:Agent",
    ),
    because(
        "*",
        Ours,
        "foaf:name",
        "Or",
        "the same, when the name is no text",
    ),
    because(
        "*",
        Ours,
        "spdx:algorithm",
        "MinCount",
        "the same: we look at every checksum, they at what has its type",
    ),
    because("*", Ours, "spdx:checksumValue", "MinCount", "the same"),
    because(
        "*",
        Ours,
        "dcat:hadRole",
        "MinCount",
        "the same, for relationships",
    ),
    because("*", Ours, "dct:relation", "MinCount", "the same"),
    because(
        "dcat-ap-2.1.1",
        Ours,
        "adms:status",
        "In",
        "the same list as theirs, by its codes",
    ),
    because(
        "dcat-ap-2.1.1",
        Ours,
        "dct:accessRights",
        "In",
        "their rule for services is aimed at distributions by mistake; 3.0.1 mends it",
    ),
    because(
        "dcat-ap-2.1.1",
        Ours,
        "dct:relation",
        "NodeKind",
        "that it is no text follows from their rule about classes",
    ),
    because(
        "dcat-ap-2.1.1",
        Ours,
        "skos:notation",
        "NodeKind",
        "they count notations, we also ask that a notation is a text, as SKOS has it",
    ),
    because(
        "dcat-ap-2.1.1",
        Ours,
        "dct:isReferencedBy",
        "NodeKind",
        "they check a property of that name in the older namespace of Dublin Core, which has none",
    ),
    because(
        "dcat-ap-2.1.1",
        Ours,
        "dcat:mediaType",
        "Pattern",
        "media types are those of IANA in 2.1.1 too; its shapes leave that to the reader, those of 3.0.1 check it as we do",
    ),
    because(
        "dcat-ap-2.1.1",
        Ours,
        "dcat:compressFormat",
        "Pattern",
        "the same",
    ),
    because(
        "dcat-ap-2.1.1",
        Ours,
        "dcat:packageFormat",
        "Pattern",
        "the same",
    ),
    because(
        "dcat-ap-3.0.1",
        Ours,
        "dct:issued",
        "Or",
        "they ask for any literal, the specification for a date, as its shapes for 2.1.1 do",
    ),
    because("dcat-ap-3.0.1", Ours, "dct:modified", "Or", "the same"),
    because("dcat-ap-3.0.1", Ours, "dcat:startDate", "Or", "the same"),
    because("dcat-ap-3.0.1", Ours, "dcat:endDate", "Or", "the same"),
];

/// Where something is wrong, and by which constraints.
type Places = BTreeMap<(String, String), BTreeSet<String>>;

#[test]
fn our_shapes_and_the_published_ones_agree_or_we_know_why_not() {
    let Some(suites) = suites() else { return };
    let folder = suites.join("dcat-ap/releases");
    let ontology = Ontology::bundled().unwrap();
    let known = Neighbours {
        ontology: &ontology,
        snapshot: None,
    };
    let mut comparison = Comparison::default();
    for release in &RELEASES {
        let profile = our_profile(release.profile, &ontology);
        let shapes = published(&folder, release.shapes);
        let (mut records, mut same) = (0, 0);
        for (name, triples) in records_of(release, &folder) {
            for (change, mutant) in mutants(&triples) {
                let ours = our_places(&profile, &mutant, &known);
                let theirs = their_places(&shapes, &mutant, &known);
                let record = format!("{name} {change}");
                records += 1;
                same += usize::from(comparison.agree(release, &record, &ours, theirs));
            }
        }
        println!(
            "{}: {records} records, {same} with the same verdict on every property",
            release.profile
        );
        assert!(records > 500, "{}: {records}", release.profile);
    }
    let unexplained = comparison.unexplained;
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    let rows = DISAGREEMENTS.iter().enumerate();
    let idle = rows.filter(|(at, _)| !comparison.used.contains(at));
    let idle: Vec<_> = idle
        .map(|(_, row)| (row.release, row.side, row.property, row.why))
        .collect();
    assert!(idle.is_empty(), "no record shows this any more: {idle:#?}");
}

#[derive(Default)]
struct Comparison {
    /// How often each difference without a reason was met, and where first.
    unexplained: BTreeMap<String, (usize, String)>,
    /// The rows of `DISAGREEMENTS` that explained something.
    used: BTreeSet<usize>,
}

impl Comparison {
    /// Whether both sides find fault with the same properties of the same nodes.
    fn agree(&mut self, release: &Release, record: &str, ours: &Places, theirs: Places) -> bool {
        let theirs = self.without_explained(release, theirs);
        let mut agree = true;
        for (side, found, others) in [(Ours, ours, &theirs), (Theirs, &theirs, ours)] {
            for (place, constraints) in found {
                if others.contains_key(place) {
                    continue;
                }
                agree = false;
                for constraint in constraints {
                    self.explain(release, side, record, place, constraint);
                }
            }
        }
        agree
    }

    /// Their side without what a row explains: it would hide what else differs in its place.
    fn without_explained(&mut self, release: &Release, mut theirs: Places) -> Places {
        theirs.retain(|(_, property), constraints| {
            constraints.retain(|constraint| {
                let row = explanation(release, Theirs, property, constraint);
                self.used.extend(row);
                row.is_none()
            });
            !constraints.is_empty()
        });
        theirs
    }

    fn explain(
        &mut self,
        release: &Release,
        side: Side,
        record: &str,
        (node, property): &(String, String),
        constraint: &str,
    ) {
        if let Some(row) = explanation(release, side, property, constraint) {
            self.used.insert(row);
            return;
        }
        let difference = format!("{} {side:?} {property} {constraint}", release.profile);
        let first = (0, format!("{record}: {node}"));
        self.unexplained.entry(difference).or_insert(first).0 += 1;
    }
}

/// What does not load of the published files: file, what, how often. The code lists come from our own copies instead
/// of the imports; `ranges.ttl` is a part of `dcat-ap-SHACL.ttl`, and that lacks two shapes which it lists itself.
const LEFT_OUT: &[(&str, &str, usize)] = &[
    ("2.1.1/dcat-ap_2.1.1_shacl_imports.ttl", "owl:imports", 10),
    (
        "2.1.1/dcat-ap_2.1.1_shacl_mdr_imports.ttl",
        "owl:imports",
        13,
    ),
    (
        "3.0.1/shacl/dcat-ap-SHACL.ttl",
        "shapes that are not there",
        2,
    ),
    ("3.0.1/shacl/ranges.ttl", "shapes that are not there", 206),
    ("3.0.1/html/shacl/deprecateduris.ttl", "owl:imports", 1),
    ("3.0.1/html/shacl/imports.ttl", "owl:imports", 10),
    ("3.0.1/html/shacl/mdr_imports.ttl", "owl:imports", 13),
    (
        "3.0.1/html/shacl/shapes.ttl",
        "sh:shape, where sh:node is meant",
        5,
    ),
];

#[test]
fn the_published_shapes_load_as_they_are() {
    let Some(suites) = suites() else { return };
    let folder = suites.join("dcat-ap/releases");
    let mut left_out = Vec::new();
    let mut loaded = 0;
    for part in ["2.1.1", "3.0.1/shacl", "3.0.1/html/shacl"] {
        for path in files(&folder.join(part)) {
            if !is_one_of(&path, &["ttl"]) {
                continue;
            }
            let name = path.strip_prefix(&folder).unwrap().display().to_string();
            let triples = read(&path);
            let shapes =
                Shapes::compile(&triples).unwrap_or_else(|error| panic!("{name}: {error}"));
            loaded += shapes.len();
            let imports = triples.iter().filter(|one| one.predicate == owl::IMPORTS);
            let warned = |words: &str| {
                let warnings = shapes.warnings().iter();
                warnings
                    .filter(|warning| warning.message.contains(words))
                    .count()
            };
            for (what, times) in [
                ("owl:imports", imports.count()),
                ("shapes that are not there", warned("is not described")),
                (
                    "sh:shape, where sh:node is meant",
                    warned("sh:shape is not understood"),
                ),
                (
                    "other",
                    warned("") - warned("is not described") - warned("sh:shape is not"),
                ),
            ] {
                if times > 0 {
                    println!("{name}: {what}, {times} times, not loaded");
                    left_out.push((name.clone(), what, times));
                }
            }
        }
    }
    assert!(loaded > 1_000, "{loaded}");
    let known = LEFT_OUT.iter();
    let known: Vec<_> = known
        .map(|(name, what, times)| ((*name).to_owned(), *what, *times))
        .collect();
    assert_eq!(left_out, known);
}

#[test]
fn the_published_examples_that_are_no_turtle_are_still_none() {
    let Some(suites) = suites() else { return };
    for name in ILL_FORMED {
        let path = suites
            .join("dcat-ap/releases/3.0.1/html/examples")
            .join(name);
        let error = format::parse(&fs::read(path).unwrap(), Format::Turtle, None).unwrap_err();
        assert!(error.to_string().contains("prefix name"), "{name}: {error}");
    }
}

fn explanation(release: &Release, side: Side, property: &str, constraint: &str) -> Option<usize> {
    let fits = |wanted: &str, is: &str| wanted == "*" || wanted == is;
    DISAGREEMENTS.iter().position(|row| {
        row.side == side
            && fits(row.release, release.profile)
            && fits(row.property, property)
            && fits(row.constraint, constraint)
    })
}

/// The files of a release, loaded together as they refer to each other.
fn published(folder: &Path, files: &[&str]) -> Shapes {
    let triples = files.iter().flat_map(|file| read(&folder.join(file)));
    Shapes::compile(&triples.collect::<Vec<_>>()).unwrap()
}

fn our_profile(name: &str, ontology: &Ontology) -> Profile {
    let mut triples = Vec::new();
    let paths = files(&repository("shapes").join(name)).into_iter();
    for path in paths.filter(|path| is_one_of(path, &["ttl"])) {
        triples.extend(read(&path));
    }
    Profile::from_shapes(name, triples, ontology).unwrap()
}

/// Examples of 3.0.1 with a slash inside a prefixed name.
const ILL_FORMED: &[&str] = &[
    "example-bee-population-dataset-series-api.ttl",
    "example-bee-population-dataset-series-combined.ttl",
];

/// The examples of a release, and our own record that uses every property.
fn records_of(release: &Release, folder: &Path) -> Vec<(String, Vec<Triple>)> {
    let mut paths = files(&folder.join(release.examples));
    paths.retain(|path| is_one_of(path, &["ttl", "nt"]));
    paths.retain(|path| !ILL_FORMED.iter().any(|name| path.ends_with(name)));
    paths.push(
        repository("tests/data")
            .join(release.profile)
            .join("valid.ttl"),
    );
    let named = paths.iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, read(path))
    });
    named.collect()
}

/// The record itself, and what comes of it when one property of one of its nodes is altered.
fn mutants(triples: &[Triple]) -> Vec<(String, Vec<Triple>)> {
    let mut all = vec![("as it is".to_owned(), triples.to_vec())];
    let mut seen = BTreeSet::new();
    for triple in triples {
        let (subject, property) = (&triple.subject, &triple.predicate);
        let first = seen.insert((subject.to_string(), property.to_string()));
        if *property == rdf::TYPE || !first {
            continue;
        }
        let mut instead = |what: &str, keep: bool, new: Option<Term>| {
            let mut mutant = triples.to_vec();
            if !keep {
                mutant.retain(|one| one.subject != *subject || one.predicate != *property);
            }
            mutant.extend(new.map(|new| Triple::new(subject.clone(), property.clone(), new)));
            all.push((format!("{what} {property}"), mutant));
        };
        instead("without", false, None);
        instead("with one more", true, Some(another(&triple.object)));
        instead(
            "with words as",
            false,
            Some(Literal::from("some words").into()),
        );
        instead("with a link as", false, Some(thing().into()));
        instead("with a blank", false, Some(Literal::from(" ").into()));
    }
    all
}

fn thing() -> NamedNode {
    NamedNode::new_unchecked("https://other.example.org/thing")
}

/// A second value of the same form.
fn another(value: &Term) -> Term {
    let Term::Literal(literal) = value else {
        return thing().into();
    };
    if literal.language().is_some() {
        return Literal::new_language_tagged_literal_unchecked("autre", "fr").into();
    }
    let forms: [(NamedNodeRef<'_>, &str); 7] = [
        (xsd::DATE, "2001-01-01"),
        (xsd::G_YEAR, "2001"),
        (xsd::G_YEAR_MONTH, "2001-01"),
        (xsd::DATE_TIME, "2001-01-01T00:00:00Z"),
        (xsd::DURATION, "P2D"),
        (xsd::HEX_BINARY, "00ff"),
        (xsd::STRING, "another"),
    ];
    let form = forms
        .iter()
        .find(|(datatype, _)| literal.datatype() == *datatype);
    let lexical = form.map_or("7", |(_, lexical)| lexical);
    Literal::new_typed_literal(lexical, literal.datatype()).into()
}

fn our_places(profile: &Profile, triples: &[Triple], known: &Neighbours<'_>) -> Places {
    let checked = profile.check(&first_named(triples), triples, known);
    assert_eq!(checked.given_up, None);
    places(&checked.report)
}

fn their_places(shapes: &Shapes, triples: &[Triple], known: &Neighbours<'_>) -> Places {
    let data = Data::new(triples).with_background(known);
    places(&shapes.validate(&data).unwrap())
}

fn places(report: &Report) -> Places {
    let mut places = Places::new();
    for result in &report.results {
        if result.severity != Severity::Violation {
            continue;
        }
        let path = result.path.as_ref();
        let property = path.map_or_else(String::new, ToString::to_string);
        let constraint = result.constraint_component.as_str();
        let constraint = constraint
            .rsplit('#')
            .next()
            .and_then(|name| name.strip_suffix("ConstraintComponent"));
        let place = (result.focus_node.to_string(), property);
        let constraint = match (constraint.unwrap(), &result.value) {
            // A text is of no class, nor can it be described elsewhere.
            ("Class", Some(Term::Literal(_))) => "ClassOfText",
            ("Pattern", Some(Term::Literal(text))) if text.value().trim().is_empty() => "Blank",
            (other, _) => other,
        };
        let constraints = places.entry(place).or_default();
        constraints.insert(constraint.to_owned());
    }
    places
}

fn first_named(triples: &[Triple]) -> NamedNode {
    let named = triples.iter().find_map(|triple| match &triple.subject {
        NamedOrBlankNode::NamedNode(iri) => Some(iri.clone()),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    named.unwrap()
}

fn read(path: &Path) -> Vec<Triple> {
    let bytes = fs::read(path).unwrap();
    let quads = format::parse(&bytes, Format::Turtle, Some("https://record.example/"))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    quads.into_iter().map(Triple::from).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn is_one_of(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    extensions.contains(&extension.as_ref())
}
