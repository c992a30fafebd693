//! Do our rules and the federation's own shapes agree? On every valid record and every mutant, field by field; where
//! they do not, the table says why.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;

use vesalius::app::SHAPES;
use vesalius::catalogue::profile::Neighbours;
use vesalius::catalogue::{Profile, Profiles};
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;
use vesalius::rdf::vocabulary::rdf;
use vesalius::rdf::{Format, NamedNode, NamedOrBlankNode, Term, Triple, format};
use vesalius::shacl::{Severity, ValidationResult};

use crate::support::mutation::{mutants, short};
use crate::support::{repository, suites};

const OURS: &str = "eucaim-dcat-ap-2.0";
/// The folder of the federation's shapes, which is the name of their profile.
const THEIRS: &str = "shacl-eucaim-2026-08-03";
const GENERATED: usize = 60;
const BASE: &str = "https://atlas.example.org/";

/// Who alone finds a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Only {
    Ours,
    Theirs,
}
use Only::{Ours, Theirs};

/// Why one finds a fault that the other does not: who, at which fields (`class property`, or only a class or a property;
/// empty for all), by which demands (all when empty), the reason.
struct Explanation(
    Only,
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const EXPLANATIONS: &[Explanation] = &[
    Explanation(
        Ours,
        &[
            "dcat:theme",
            "dct:accessRights",
            "dct:accrualPeriodicity",
            "healthdcatap:hasCodingSystem",
            "healthdcatap:healthCategory",
            "healthdcatap:healthTheme",
            "dcatap:availability",
            "cv:frequency",
        ],
        &["In"],
        "theirs take any link; the tables of 2.0 name the list",
    ),
    Explanation(
        Ours,
        &[
            "eucaim:collectionMethod",
            "eucaim:hasAlgorithmType",
            "eucaim:hasAnnotationLabel",
            "eucaim:hasBirthSex",
            "eucaim:hasCondition",
            "eucaim:hasEquipmentManufacturer",
            "eucaim:hasImageBodyPart",
            "eucaim:hasImageModality",
            "eucaim:interoperabilityLevel",
        ],
        &["Node"],
        "theirs take any link; the tables of 2.0 name the part of the hyperontology",
    ),
    Explanation(
        Ours,
        &["dcat:Dataset dct:type"],
        &["QualifiedMinCount"],
        "theirs take any link; 2.0 wants a type of the hyperontology or a DPV term among them",
    ),
    Explanation(
        Ours,
        &[
            "dct:language",
            "dct:format",
            "dcat:mediaType",
            "dcat:compressFormat",
            "dcat:packageFormat",
            "dpv:hasPersonalData",
            "foaf:Agent dct:type",
        ],
        &["Pattern"],
        "theirs take any link; the tables of 2.0 name the authority that the code comes from",
    ),
    Explanation(
        Ours,
        &["dcat:Catalog dct:spatial", "dcat:Dataset dct:spatial"],
        &["Or"],
        "theirs take any link; 2.0 wants a country, continent or place of the EU list, or GeoNames",
    ),
    Explanation(
        Ours,
        &[
            "dct:title",
            "dct:alternative",
            "dct:description",
            "dcat:keyword",
            "adms:versionNotes",
            "healthdcatap:populationCoverage",
            "foaf:name",
        ],
        &["Or", "Pattern"],
        "theirs take any literal; a number, a date or a blank is no text",
    ),
    Explanation(
        Ours,
        &["dcat:Dataset dct:title", "dcat:Dataset dct:description"],
        &["QualifiedMinCount"],
        "theirs do not ask for English; 2.0 does",
    ),
    Explanation(
        Ours,
        &[
            "dcat:version",
            "dct:identifier",
            "foaf:mbox",
            "spdx:checksumValue",
        ],
        &["Pattern"],
        "theirs take any text or link; 2.0 says which form it has",
    ),
    Explanation(
        Ours,
        &["eucaim:nbrOfSegmentations"],
        &["Or", "MinInclusive"],
        "theirs count how many there are, and do not look at the value",
    ),
    Explanation(
        Ours,
        &[
            "dcat:contactPoint",
            "dct:temporal",
            "dpv:hasPurpose",
            "odrl:hasPolicy",
            "healthdcatap:retentionPeriod",
        ],
        &["NodeKind"],
        "theirs look with sh:node at what is inside, and a text fulfils every shape that demands nothing of it",
    ),
    Explanation(
        Ours,
        &["dcat:dataset", "odrl:action"],
        &["NodeKind"],
        "theirs count how many there are, or only name the field; 2.0 wants a link",
    ),
    Explanation(
        Ours,
        &["dcat:contactPoint"],
        &["Or"],
        "theirs let a contact be without page and e-mail; 2.0 wants one of the two",
    ),
    Explanation(
        Ours,
        &["odrl:hasPolicy"],
        &["Or"],
        "theirs let a policy be empty; 2.0 wants a permission, prohibition or obligation",
    ),
    Explanation(
        Ours,
        &["dcat:Distribution dct:rights"],
        &["QualifiedMinCount"],
        "theirs know no access conditions; 2.0 wants one of three",
    ),
    Explanation(
        Ours,
        &[
            "dcat:Catalog dct:publisher",
            "prov:Attribution dcat:hadRole",
        ],
        &["MinCount"],
        "theirs leave it open; it is mandatory in 2.0",
    ),
    Explanation(
        Ours,
        &["spdx:checksum"],
        &[],
        "theirs look for it under spdx:Checksum, which is the class and no property",
    ),
    Explanation(
        Ours,
        &[
            "dcat:distribution",
            "dcat:hasVersion",
            "dcat:record",
            "dct:source",
            "dcat:qualifiedRelation",
            "dqv:hasQualityAnnotation",
            "dqv:inDimension",
            "geodcatap:custodian",
            "healthdcatap:hasStructuredData",
            "healthdcatap:hasVariables",
            "healthdcatap:hdab",
            "prov:wasGeneratedBy",
            "prov:Activity",
            "dcat:Relationship",
            "foaf:Agent cv:contactPoint",
            "cv:ContactPoint",
            "dct:PeriodOfTime dct:description",
        ],
        &[],
        "theirs do not know the field: it is new in 2.0, or they left it out",
    ),
    Explanation(
        Ours,
        &["foaf:Agent foaf:name"],
        &["Not"],
        "theirs do not know the health data access body, nor that a placeholder is none",
    ),
    Explanation(
        Theirs,
        &[
            "dct:issued",
            "dct:modified",
            "dcat:startDate",
            "dcat:endDate",
        ],
        &["Datatype", "Pattern"],
        "theirs want xsd:dateTime with a time zone; 2.0 takes year, month, day or moment",
    ),
    Explanation(
        Theirs,
        &[
            "dcat:Dataset dct:spatial",
            "dcat:Dataset healthdcatap:healthTheme",
        ],
        &["MinCount"],
        "mandatory in theirs; optional (place) and recommended (theme: a warning of ours) in 2.0",
    ),
    Explanation(
        Theirs,
        &["healthdcatap:hasCodeValues"],
        &["NodeKind"],
        "theirs want a link; in 2.0 it is a text such as «ICD-10: C61»",
    ),
    Explanation(
        Ours,
        &["healthdcatap:hasCodeValues"],
        &["NodeKind"],
        "the same from the other side",
    ),
    Explanation(
        Theirs,
        &["dcat:accessService"],
        &["MinCount"],
        "mandatory in theirs; optional in 2.0",
    ),
    Explanation(
        Theirs,
        &["dcat:byteSize"],
        &["Datatype"],
        "theirs want xsd:decimal («Image Size (in GB)»); 2.0 counts bytes as xsd:nonNegativeInteger",
    ),
    Explanation(
        Theirs,
        &["dcat:Distribution dct:rights"],
        &["MaxCount", "Node"],
        "theirs want one statement with a label; 2.0 wants links to access conditions and conditions of use, as many as hold",
    ),
    Explanation(
        Theirs,
        &["dcat:Catalog dct:rights"],
        &["NodeKind"],
        "theirs want a link; 2.0 takes a statement inside the record, too",
    ),
    Explanation(
        Theirs,
        &["dcat:endPointURL"],
        &["MinCount"],
        "theirs misspell dcat:endpointURL, so that no data service fits",
    ),
    Explanation(
        Theirs,
        &["dcat:DatasetSeries dcatap:applicableLegislation"],
        &["MinCount"],
        "theirs have rules for series; 2.0 has none, and dcat-ap-3.0.1 leaves it open",
    ),
];

/// A fault of a record: the class of the node, the property, and the demands that are not met there.
type Faults = HashMap<(Term, String), BTreeSet<String>>;

#[test]
fn the_federations_shapes_and_ours_agree() {
    let Some(suites) = suites() else { return };
    let ontology = Ontology::bundled().unwrap();
    let folder = suites.join("eucaim-fdp-shapes/dev/fdp");
    let profiles = Profiles::load(&SHAPES, Some(&folder), &ontology).unwrap();
    assert!(profiles.problems().is_empty(), "{:?}", profiles.problems());
    let (ours, theirs) = (profiles.get(OURS).unwrap(), profiles.get(THEIRS).unwrap());
    let mut agreements = 0;
    let mut used = BTreeSet::new();
    let mut unexplained: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, triples) in corpus(&ours, &ontology) {
        let (a, b) = (
            faults(&ours, &triples, &ontology),
            faults(&theirs, &triples, &ontology),
        );
        agreements += a.keys().filter(|place| b.contains_key(place)).count();
        for (only, these, those) in [(Ours, &a, &b), (Theirs, &b, &a)] {
            for ((node, property), demands) in these {
                if those.contains_key(&(node.clone(), property.clone())) {
                    continue;
                }
                let class = class_of(node, &triples);
                for demand in demands {
                    let Some(at) = explanation(only, &class, property, demand) else {
                        let kind = format!("{only:?} {class} {property} {demand}");
                        unexplained.entry(kind).or_default().push(name.clone());
                        continue;
                    };
                    used.insert(at);
                }
            }
        }
    }
    let told = |(kind, records): (&String, &Vec<String>)| {
        format!("{kind}: {} records, such as {}", records.len(), records[0])
    };
    let told: Vec<String> = unexplained.iter().map(told).collect();
    assert!(told.is_empty(), "unexplained:\n{}", told.join("\n"));
    let idle: Vec<&str> = (0..EXPLANATIONS.len())
        .filter(|at| !used.contains(at))
        .map(|at| EXPLANATIONS[at].3)
        .collect();
    assert!(idle.is_empty(), "nothing to explain: {idle:#?}");
    println!("{agreements} faults were found by both");
    assert!(agreements > 100, "{agreements}");
}

fn explanation(only: Only, class: &str, property: &str, demand: &str) -> Option<usize> {
    let field = format!("{class} {property}");
    EXPLANATIONS
        .iter()
        .position(|Explanation(who, fields, demands, _)| {
            let of_field = |wanted: &&str| [class, property, field.as_str()].contains(wanted);
            *who == only
                && (fields.is_empty() || fields.iter().any(of_field))
                && (demands.is_empty() || demands.contains(&demand))
        })
}

/// Records with their names: valid ones, those that are broken by hand, and all mutants.
fn corpus(ours: &Profile, ontology: &Ontology) -> Vec<(String, Vec<Triple>)> {
    let mut all: Vec<(String, Vec<Triple>)> = Vec::new();
    for folder in ["tests/data", "demo"] {
        for path in turtle_files(folder) {
            let name = path.file_name().unwrap().to_string_lossy();
            all.push((name.into_owned(), parsed(&path)));
        }
    }
    let generator = Generator::new(GENERATED, 7, BASE);
    for record in generator.records() {
        all.push((record.iri.as_str().to_owned(), record.triples));
    }
    for name in ["full-dataset.ttl", "full-catalogue.ttl"] {
        let record = parsed(&repository("tests/data").join(name));
        for mutant in mutants(ours.triples(), ontology, &record) {
            let rule = mutant.shape.as_str().rsplit('#').next().unwrap();
            all.push((format!("{rule}, {}", mutant.how), mutant.triples));
        }
    }
    all
}

fn turtle_files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "ttl"));
    paths.sort();
    paths
}

fn parsed(path: &PathBuf) -> Vec<Triple> {
    let quads = format::parse(&fs::read(path).unwrap(), Format::Turtle, Some(BASE)).unwrap();
    quads.into_iter().map(Triple::from).collect()
}

/// What must be mended, by the node and the property at fault.
fn faults(profile: &Profile, triples: &[Triple], ontology: &Ontology) -> Faults {
    let neighbours = Neighbours {
        ontology,
        snapshot: None,
    };
    let record = NamedNode::new(BASE).unwrap();
    let checked = profile.check(&record, triples, &neighbours);
    assert!(checked.given_up.is_none(), "{checked:?}");
    let mut faults = Faults::new();
    let results = checked.report.results.iter();
    for result in results.filter(|result| result.severity == Severity::Violation) {
        // A text where a description should be is a fault of the field; that the text has no fields is none besides.
        if !result.focus_node.is_literal() {
            gather(result, &mut faults);
        }
    }
    faults
}

/// A node that does not fit another shape is at fault where that shape says so.
fn gather(result: &ValidationResult, faults: &mut Faults) {
    let component = result
        .constraint_component
        .as_str()
        .rsplit('#')
        .next()
        .unwrap();
    let demand = component.trim_end_matches("ConstraintComponent");
    if demand == "Node" && !result.details.is_empty() && details_have_a_place(result) {
        for detail in &result.details {
            gather(detail, faults);
        }
        return;
    }
    let path = result.path.as_deref();
    let property = path.map(ToString::to_string).unwrap_or_default();
    let property = property.trim_end_matches('?').to_owned();
    let place = (result.focus_node.clone(), property);
    faults.entry(place).or_default().insert(demand.to_owned());
}

/// Whether the details speak of properties of the description inside, and not of the value itself.
fn details_have_a_place(result: &ValidationResult) -> bool {
    let inside = result.value.as_ref().is_some_and(Term::is_blank_node);
    inside && result.details.iter().all(|detail| detail.path.is_some())
}

fn class_of(node: &Term, triples: &[Triple]) -> String {
    let subject = match node {
        Term::NamedNode(iri) => NamedOrBlankNode::from(iri.clone()),
        Term::BlankNode(node) => node.clone().into(),
        other => return other.to_string(),
    };
    let mut types = triples
        .iter()
        .filter(|triple| triple.subject == subject && triple.predicate == rdf::TYPE);
    match types.next().map(|triple| &triple.object) {
        Some(Term::NamedNode(class)) => short(class.as_ref()),
        _ => "something".to_owned(),
    }
}
