//! Do we say what pySHACL says? Random shapes over random graphs, and whole reports compared.

#![cfg(test)]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use vesalius::rdf::vocabulary::sh;
use vesalius::rdf::{Format, Term, Triple, format};
use vesalius::shacl::{Data, Report, Shapes};

/// How many graphs with their shapes are compared; `PROPTEST_CASES` asks for more.
const CASES: u32 = 1_500;

/// Where pySHACL gives up, and we answer as the specification says.
const GIVES_UP: &[&str] = &[
    // SHACL §4.5.3: two nodes that cannot be compared make a result.
    "Cannot use sh:lessThan to compare",
    "Cannot use sh:lessThanOrEquals to compare",
];

/// Every constraint component of SHACL Core that makes results (SHACL §4).
const CORE: &[&str] = &[
    "Class",
    "Datatype",
    "NodeKind",
    "MinCount",
    "MaxCount",
    "MinExclusive",
    "MinInclusive",
    "MaxExclusive",
    "MaxInclusive",
    "MinLength",
    "MaxLength",
    "Pattern",
    "LanguageIn",
    "UniqueLang",
    "Equals",
    "Disjoint",
    "LessThan",
    "LessThanOrEquals",
    "Not",
    "And",
    "Or",
    "Xone",
    "Node",
    "QualifiedMinCount",
    "QualifiedMaxCount",
    "Closed",
    "HasValue",
    "In",
];

const PREFIXES: &str = "\
@prefix : <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";
const NODES: &[&str] = &[":a", ":b", "_:x"];
const NAMED: &[&str] = &[":a", ":b"];
const CLASSES: &[&str] = &[":A", ":B", ":C"];
const PROPERTIES: &[&str] = &[":p", ":q", ":r"];
const LITERALS: &[&str] = &[
    "\"\"",
    "\"a\"",
    "\"ab\"",
    "\"a b\\nc\"",
    "\"a\"@en",
    "\"a\"@en-GB",
    "\"ä\"@de",
    "1",
    "2",
    "-1",
    "\"1.0\"^^xsd:decimal",
    "\"1.5\"^^xsd:decimal",
    "\"2e0\"^^xsd:double",
    "\"01\"^^xsd:integer",
    "\"one\"^^xsd:integer",
    "\"300\"^^xsd:byte",
    "\"2\"^^xsd:nonNegativeInteger",
    "\"true\"^^xsd:boolean",
    "\"yes\"^^xsd:boolean",
    "\"2024-01-31\"^^xsd:date",
    "\"2024-02-31\"^^xsd:date",
    "\"2024-02-01T00:00:00\"^^xsd:dateTime",
    "\"2024-02-01T00:00:00Z\"^^xsd:dateTime",
    "\"2024-02-01T02:00:00+02:00\"^^xsd:dateTime",
    "\"a\"^^:thing",
];
/// Literals of which two may well be in one language.
const TEXTS: &[&str] = &[
    "\"a\"",
    "\"a\"@en",
    "\"b\"@en",
    "\"c\"@EN",
    "\"a\"@en-GB",
    "\"ä\"@de",
];
/// Literals of which any two can be compared. pySHACL puts all others in an order, too (true ≤ 1, a date ≤ 1), where
/// SPARQL has none; so a case either orders its literals or mixes their kinds.
const ORDERED: &[&[&str]] = &[
    &[
        "1",
        "2",
        "-1",
        "\"1.0\"^^xsd:decimal",
        "\"1.5\"^^xsd:decimal",
        "\"2e0\"^^xsd:double",
        "\"01\"^^xsd:integer",
        "\"2\"^^xsd:nonNegativeInteger",
    ],
    &[
        "\"2024-01-30\"^^xsd:date",
        "\"2024-01-31\"^^xsd:date",
        "\"2024-02-01\"^^xsd:date",
    ],
    &[
        "\"2024-02-01T00:00:00Z\"^^xsd:dateTime",
        "\"2024-02-01T02:00:00+02:00\"^^xsd:dateTime",
        "\"2024-02-01T02:00:00.5Z\"^^xsd:dateTime",
    ],
    &["\"\"", "\"a\"", "\"ab\"", "\"b\""],
];
const DATATYPES: &[&str] = &[
    "xsd:string",
    "xsd:integer",
    "xsd:nonNegativeInteger",
    "xsd:byte",
    "xsd:decimal",
    "xsd:double",
    "xsd:boolean",
    "xsd:date",
    "xsd:dateTime",
    "rdf:langString",
    ":thing",
];
const NODE_KINDS: &[&str] = &[
    "sh:IRI",
    "sh:BlankNode",
    "sh:Literal",
    "sh:BlankNodeOrIRI",
    "sh:BlankNodeOrLiteral",
    "sh:IRIOrLiteral",
];
const PATTERNS: &[&str] = &["^a", "b$", "^[a-z]*$", "A", "a.+c", "example", "^\\\\d+$"];
const LANGUAGES: &[&str] = &["\"en\"", "\"en-GB\"", "\"de\"", "\"fr\""];

/// A graph and the shapes that it is checked against.
#[derive(Clone, Debug)]
struct Case {
    data: Vec<[&'static str; 3]>,
    shapes: Vec<(Vec<Target>, Shape)>,
}

#[derive(Clone, Debug)]
struct Target(&'static str, &'static str);

#[derive(Clone, Debug)]
struct Shape {
    path: Option<Way>,
    demands: Vec<Demand>,
    severity: Option<&'static str>,
    deactivated: bool,
}

#[derive(Clone, Debug)]
enum Way {
    Property(&'static str),
    Inverse(Box<Way>),
    Sequence(Vec<Way>),
    Alternative(Vec<Way>),
    /// `sh:zeroOrMorePath` and its kin.
    Repeated(&'static str, Box<Way>),
}

#[derive(Clone, Debug)]
enum Demand {
    /// A parameter with one value, which may stand once: `sh:minCount 1`.
    Once(&'static str, String),
    /// A parameter that may be repeated: `sh:class :A`.
    Some(&'static str, &'static str),
    Pattern(&'static str, Option<&'static str>),
    List(&'static str, Vec<&'static str>),
    Closed(Vec<&'static str>),
    /// `sh:node`, `sh:not`, `sh:property`.
    Inner(&'static str, Box<Shape>),
    /// `sh:and`, `sh:or`, `sh:xone`.
    Inners(&'static str, Vec<Shape>),
    Qualified {
        shape: Box<Shape>,
        least: Option<u8>,
        most: Option<u8>,
        disjoint: bool,
    },
}

/// What the literals of a case are, whether its shapes ask for their order, and whether its nodes have links.
#[derive(Clone, Copy, Debug)]
struct World {
    literals: &'static [&'static str],
    ordered: bool,
    linked: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let mixed = World {
        literals: LITERALS,
        ordered: false,
        linked: true,
    };
    let texts = World {
        literals: TEXTS,
        ordered: false,
        linked: false,
    };
    // No links where order counts: pySHACL orders IRIs, SPARQL does not.
    let ordered = select(ORDERED).prop_map(|literals| World {
        literals,
        ordered: true,
        linked: false,
    });
    prop_oneof![3 => Just(mixed), 1 => Just(texts), 3 => ordered].prop_flat_map(case_in)
}

fn case_in(world: World) -> impl Strategy<Value = Case> {
    let shapes = vec((vec(target(world), 1..3), shape(world, 2)), 1..4);
    (vec(statement(world), 1..20), shapes).prop_map(|(data, shapes)| Case { data, shapes })
}

fn statement(world: World) -> impl Strategy<Value = [&'static str; 3]> {
    let links = u32::from(world.linked);
    let value = prop_oneof![links => select(NODES), 1 => select(world.literals)];
    prop_oneof![
        6 => (select(NODES), select(PROPERTIES), value).prop_map(|(s, p, o)| [s, p, o]),
        2 => (select(NODES), select(CLASSES)).prop_map(|(s, c)| [s, "a", c]),
        1 => (select(CLASSES), select(CLASSES)).prop_map(|(s, c)| [s, "rdfs:subClassOf", c]),
    ]
}

fn target(world: World) -> impl Strategy<Value = Target> {
    prop_oneof![
        select(CLASSES).prop_map(|class| Target("sh:targetClass", class)),
        select(NAMED).prop_map(|node| Target("sh:targetNode", node)),
        select(world.literals).prop_map(|node| Target("sh:targetNode", node)),
        select(PROPERTIES).prop_map(|property| Target("sh:targetSubjectsOf", property)),
        select(PROPERTIES).prop_map(|property| Target("sh:targetObjectsOf", property)),
    ]
}

fn shape(world: World, depth: u32) -> BoxedStrategy<Shape> {
    prop_oneof![node_shape(world, depth), property_shape(world, depth)].boxed()
}

fn node_shape(world: World, depth: u32) -> BoxedStrategy<Shape> {
    with_path(Just(None).boxed(), demand(world, depth))
}

fn property_shape(world: World, depth: u32) -> BoxedStrategy<Shape> {
    let demand = prop_oneof![2 => demand(world, depth), 1 => demand_of_property(world, depth)];
    with_path(way().prop_map(Some).boxed(), demand.boxed())
}

fn with_path(
    path: BoxedStrategy<Option<Way>>,
    demand: BoxedStrategy<Demand>,
) -> BoxedStrategy<Shape> {
    let severity = option::weighted(0.1, select(&["sh:Warning", "sh:Info", ":grave"][..]));
    (
        path,
        vec(demand, 0..4),
        severity,
        prop::bool::weighted(0.04),
    )
        .prop_map(|(path, demands, severity, deactivated)| Shape {
            path,
            demands,
            severity,
            deactivated,
        })
        .boxed()
}

fn way() -> impl Strategy<Value = Way> {
    let leaf = prop_oneof![
        8 => select(PROPERTIES).prop_map(Way::Property),
        1 => Just(Way::Property("rdf:type")),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let repeated = select(&["sh:zeroOrMorePath", "sh:oneOrMorePath", "sh:zeroOrOnePath"][..]);
        prop_oneof![
            inner.clone().prop_map(Way::inverse),
            vec(inner.clone(), 2..4).prop_map(Way::Sequence),
            vec(inner.clone(), 2..4).prop_map(Way::Alternative),
            (repeated, inner).prop_map(|(how, way)| Way::Repeated(how, Box::new(way))),
        ]
    })
}

/// What a node shape and a property shape may demand.
fn demand(world: World, depth: u32) -> BoxedStrategy<Demand> {
    let bound = select(
        &[
            "sh:minInclusive",
            "sh:minExclusive",
            "sh:maxInclusive",
            "sh:maxExclusive",
        ][..],
    );
    let length = select(&["sh:minLength", "sh:maxLength"][..]);
    let pair = select(&["sh:equals", "sh:disjoint"][..]);
    let value = prop_oneof![select(NAMED), select(world.literals)];
    let plain = prop_oneof![
        select(CLASSES).prop_map(|class| Demand::Some("sh:class", class)),
        select(DATATYPES).prop_map(|datatype| Demand::Once("sh:datatype", datatype.to_owned())),
        select(NODE_KINDS).prop_map(|kind| Demand::Once("sh:nodeKind", kind.to_owned())),
        // Not 0: pySHACL then lets pass blank nodes, which have no length (SHACL §4.4.1).
        (length, 1..4_u8).prop_map(|(name, length)| Demand::Once(name, length.to_string())),
        (select(PATTERNS), option::of(Just("i")))
            .prop_map(|(text, flags)| Demand::Pattern(text, flags)),
        vec(select(LANGUAGES), 1..3).prop_map(|list| Demand::List("sh:languageIn", list)),
        (pair, select(PROPERTIES)).prop_map(|(name, property)| Demand::Some(name, property)),
        value
            .clone()
            .prop_map(|value| Demand::Some("sh:hasValue", value)),
        vec(value, 0..4).prop_map(|list| Demand::List("sh:in", list)),
        vec(select(PROPERTIES), 0..3).prop_map(Demand::Closed),
    ];
    let bounded = (bound, select(world.literals))
        .prop_map(|(name, literal)| Demand::Once(name, literal.to_owned()));
    let plain = prop_oneof![10 => plain, 3 * u32::from(world.ordered) => bounded];
    if depth == 0 {
        return plain.boxed();
    }
    let logical = select(&["sh:and", "sh:or", "sh:xone"][..]);
    prop_oneof![
        6 => plain,
        1 => node_shape(world, depth - 1).prop_map(|shape| Demand::Inner("sh:node", Box::new(shape))),
        1 => shape(world, depth - 1).prop_map(|shape| Demand::Inner("sh:not", Box::new(shape))),
        2 => property_shape(world, depth - 1).prop_map(|shape| Demand::Inner("sh:property", Box::new(shape))),
        2 => (logical, vec(shape(world, depth - 1), 1..3)).prop_map(|(name, shapes)| Demand::Inners(name, shapes)),
    ]
    .boxed()
}

/// What a property shape alone may demand.
fn demand_of_property(world: World, depth: u32) -> BoxedStrategy<Demand> {
    let count = select(&["sh:minCount", "sh:maxCount"][..]);
    let order = select(&["sh:lessThan", "sh:lessThanOrEquals"][..]);
    let plain = prop_oneof![
        3 => (count, 0..3_u8).prop_map(|(name, count)| Demand::Once(name, count.to_string())),
        2 => Just(Demand::Once("sh:uniqueLang", "true".to_owned())),
        6 * u32::from(world.ordered) => (order, select(PROPERTIES)).prop_map(|(name, property)| Demand::Some(name, property)),
    ];
    if depth == 0 {
        return plain.boxed();
    }
    let qualified = (
        shape(world, depth - 1),
        option::of(0..3_u8),
        option::of(0..3_u8),
        any::<bool>(),
    );
    let qualified = qualified.prop_map(|(shape, least, most, disjoint)| Demand::Qualified {
        shape: Box::new(shape),
        least: least.or(most.is_none().then_some(1)),
        most,
        disjoint,
    });
    prop_oneof![2 => plain, 1 => qualified].boxed()
}

impl Way {
    /// A sequence is not turned round: pySHACL would walk its steps in the old order.
    fn inverse(self) -> Self {
        if self.has_sequence() {
            return self;
        }
        Self::Inverse(Box::new(self))
    }

    fn has_sequence(&self) -> bool {
        match self {
            Self::Property(_) => false,
            Self::Sequence(_) => true,
            Self::Inverse(way) | Self::Repeated(_, way) => way.has_sequence(),
            Self::Alternative(ways) => ways.iter().any(Self::has_sequence),
        }
    }
}

impl Case {
    fn data(&self) -> String {
        let mut text = PREFIXES.to_owned();
        for [subject, predicate, object] in &self.data {
            writeln!(text, "{subject} {predicate} {object} .").unwrap();
        }
        text
    }

    fn shapes(&self) -> String {
        let mut text = PREFIXES.to_owned();
        for (number, (targets, shape)) in self.shapes.iter().enumerate() {
            writeln!(text, ":Shape{number} {shape}").unwrap();
            for Target(kind, target) in targets {
                writeln!(text, "  ; {kind} {target}").unwrap();
            }
            text.push_str("  .\n");
        }
        text
    }
}

/// What stands after the name of the shape, or inside its brackets.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            None => write!(f, "a sh:NodeShape")?,
            Some(path) => write!(f, "a sh:PropertyShape ; sh:path {path}")?,
        }
        if let Some(severity) = self.severity {
            write!(f, " ; sh:severity {severity}")?;
        }
        if self.deactivated {
            write!(f, " ; sh:deactivated true")?;
        }
        let mut once: Vec<&str> = Vec::new();
        for demand in &self.demands {
            if let Some(name) = demand.once() {
                if once.contains(&name) {
                    continue;
                }
                once.push(name);
            }
            write!(f, " ; {demand}")?;
        }
        Ok(())
    }
}

impl Demand {
    /// The parameter, if a shape may have it only once.
    fn once(&self) -> Option<&'static str> {
        match self {
            Self::Once(name, _) | Self::List(name, _) => Some(name),
            Self::Pattern(..) => Some("sh:pattern"),
            Self::Closed(_) => Some("sh:closed"),
            Self::Qualified { .. } => Some("sh:qualifiedValueShape"),
            Self::Some(..) | Self::Inner(..) | Self::Inners(..) => None,
        }
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(name, value) => write!(f, "{name} {value}"),
            Self::Some(name, value) => write!(f, "{name} {value}"),
            Self::Pattern(pattern, None) => write!(f, "sh:pattern \"{pattern}\""),
            Self::Pattern(pattern, Some(flags)) => {
                write!(f, "sh:pattern \"{pattern}\" ; sh:flags \"{flags}\"")
            }
            Self::List(name, members) => write!(f, "{name} ( {} )", members.join(" ")),
            Self::Closed(ignored) => {
                write!(
                    f,
                    "sh:closed true ; sh:ignoredProperties ( {} )",
                    ignored.join(" ")
                )
            }
            Self::Inner(name, shape) => write!(f, "{name} [ {shape} ]"),
            Self::Inners(name, shapes) => {
                write!(f, "{name} (")?;
                for shape in shapes {
                    write!(f, " [ {shape} ]")?;
                }
                write!(f, " )")
            }
            Self::Qualified {
                shape,
                least,
                most,
                disjoint,
            } => {
                write!(f, "sh:qualifiedValueShape [ {shape} ]")?;
                if let Some(least) = least {
                    write!(f, " ; sh:qualifiedMinCount {least}")?;
                }
                if let Some(most) = most {
                    write!(f, " ; sh:qualifiedMaxCount {most}")?;
                }
                if *disjoint {
                    write!(f, " ; sh:qualifiedValueShapesDisjoint true")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |ways: &[Self]| {
            let ways: Vec<String> = ways.iter().map(ToString::to_string).collect();
            format!("( {} )", ways.join(" "))
        };
        match self {
            Self::Property(property) => write!(f, "{property}"),
            Self::Inverse(way) => write!(f, "[ sh:inversePath {way} ]"),
            Self::Sequence(ways) => write!(f, "{}", list(ways)),
            Self::Alternative(ways) => write!(f, "[ sh:alternativePath {} ]", list(ways)),
            Self::Repeated(how, way) => write!(f, "[ {how} {way} ]"),
        }
    }
}

/// A report, each result as focus, path, value, component, shape and severity. Blank nodes have no names.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    conforms: bool,
    results: Vec<[String; 6]>,
}

#[test]
fn random_shapes_get_the_report_of_pyshacl() {
    let Some(python) = python() else {
        eprintln!(
            "\n=== SKIPPED: pySHACL is not there, so that nothing was compared with it; scripts/setup.sh pyshacl\n"
        );
        return;
    };
    let peer = RefCell::new(Peer::start(&python));
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::with_cases(Config::default().cases.max(CASES))
    };
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let seen: RefCell<BTreeSet<String>> = RefCell::default();
    let counts = RefCell::new([0_u32; 3]);
    let outcome = TestRunner::new_with_rng(config, seed).run(&case(), |case| {
        let (data, shapes) = (case.data(), case.shapes());
        let theirs = peer.borrow_mut().ask(&data, &shapes);
        let ours = ours(&data, &shapes);
        if let Err(error) = &theirs
            && GIVES_UP.iter().any(|known| error.contains(known))
        {
            counts.borrow_mut()[2] += 1;
            return Ok(());
        }
        if let Ok(verdict) = &ours {
            let components = verdict.results.iter().map(|result| result[3].clone());
            seen.borrow_mut().extend(components);
            counts.borrow_mut()[usize::from(verdict.conforms)] += 1;
        }
        prop_assert_eq!(&ours, &theirs, "ours, theirs\n{}\n{}", data, shapes);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let seen = seen.into_inner();
    for component in CORE {
        let name = format!("<{}{component}ConstraintComponent>", sh::NAMESPACE);
        assert!(seen.contains(&name), "no case broke {name}");
    }
    let [broken, fine, left] = counts.into_inner();
    println!("pySHACL agrees: {broken} graphs do not conform, {fine} do; it gave up on {left}");
    assert!(broken > CASES / 4 && fine > CASES / 10, "{broken} {fine}");
}

fn ours(data: &str, shapes: &str) -> Result<Verdict, String> {
    let parse = |text: &str| -> Vec<Triple> {
        let quads = format::parse(text.as_bytes(), Format::Turtle, None).unwrap();
        quads.into_iter().map(Triple::from).collect()
    };
    let (data, shapes) = (parse(data), parse(shapes));
    let shapes = Shapes::compile(&shapes).map_err(|error| error.to_string())?;
    let report = shapes.validate(&Data::new(&data));
    let report = report.map_err(|error| error.to_string())?;
    Ok(verdict(&report))
}

fn verdict(report: &Report) -> Verdict {
    let mut results: Vec<_> = report
        .results
        .iter()
        .map(|result| {
            let path = result.path.as_ref().map(|path| match path.predicate() {
                Some(property) => property.to_string(),
                None => "_:".to_owned(),
            });
            [
                shown(&result.focus_node),
                path.unwrap_or_default(),
                result.value.as_ref().map(shown).unwrap_or_default(),
                result.constraint_component.to_string(),
                shown(&result.source_shape),
                result.severity.iri().to_string(),
            ]
        })
        .collect();
    results.sort();
    Verdict {
        conforms: report.conforms(),
        results,
    }
}

/// As `pyshacl_peer.py` writes a term: nothing is escaped, language tags are in lower case, blank nodes have no names.
fn shown(term: &Term) -> String {
    match term {
        Term::BlankNode(_) => "_:".to_owned(),
        Term::Literal(literal) => match literal.language() {
            Some(language) => format!("\"{}\"@{}", literal.value(), language.to_lowercase()),
            None => format!("\"{}\"^^{}", literal.value(), literal.datatype()),
        },
        other => other.to_string(),
    }
}

/// The Python that has pySHACL: of the environment that `scripts/setup.sh pyshacl` makes, or of the system.
fn python() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    let candidates = [target.join("pyshacl/bin/python3"), PathBuf::from("python3")];
    candidates.into_iter().find(|python| {
        let imported = Command::new(python)
            .args(["-c", "import pyshacl"])
            .stderr(Stdio::null())
            .status();
        imported.is_ok_and(|status| status.success())
    })
}

/// pySHACL, in a process that answers line by line.
struct Peer {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start(python: &Path) -> Self {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/pyshacl_peer.py");
        let mut process = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            questions: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
        }
    }

    fn ask(&mut self, data: &str, shapes: &str) -> Result<Verdict, String> {
        let question = json!({ "data": data, "shapes": shapes });
        writeln!(self.questions, "{question}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        if let Some(error) = answer["error"].as_str() {
            return Err(error.to_owned());
        }
        let result = |result: &Value| {
            let text = |at: usize| result[at].as_str().unwrap_or_default().to_owned();
            std::array::from_fn(text)
        };
        let results = answer["results"].as_array().unwrap();
        let mut results: Vec<[String; 6]> = results.iter().map(result).collect();
        results.sort();
        Ok(Verdict {
            conforms: answer["conforms"].as_bool().unwrap(),
            results,
        })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
