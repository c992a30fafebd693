//! What the validator promises beyond the W3C suite: background, bounds, words, hostile input.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::rdf::vocabulary::{rdf, rdfs, sh, skos, xsd};
use crate::rdf::{Format, Literal, NamedNode, NamedNodeRef, Term, Triple, format};

const PREFIXES: &str = "
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
";

fn triples(text: &str) -> Vec<Triple> {
    let text = format!("{PREFIXES}{text}");
    let quads = format::parse(text.as_bytes(), Format::Turtle, None).unwrap();
    quads.into_iter().map(Triple::from).collect()
}

fn compile(text: &str) -> Shapes {
    Shapes::compile(&triples(text)).unwrap()
}

fn problems(text: &str) -> String {
    Shapes::compile(&triples(text)).unwrap_err().to_string()
}

fn validate(shapes: &str, data: &str) -> Report {
    compile(shapes)
        .validate(&Data::new(&triples(data)))
        .unwrap()
}

/// The messages of a report, in English.
fn words(shapes: &str, data: &str) -> Vec<String> {
    let report = validate(shapes, data);
    report
        .results
        .iter()
        .map(|result| result.message("en").to_owned())
        .collect()
}

fn ex(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("http://example.org/{name}"))
}

/// A background made of triples, which counts the questions it is asked.
struct Triples {
    triples: Vec<Triple>,
    asked: std::sync::atomic::AtomicUsize,
}

impl Triples {
    fn new(text: &str) -> Self {
        Self {
            triples: triples(text),
            asked: std::sync::atomic::AtomicUsize::new(0),
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(std::sync::atomic::Ordering::Relaxed)
    }
}

impl Background for Triples {
    fn objects(&self, subject: &Term, predicate: &NamedNode) -> Vec<Term> {
        self.asked
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let of_subject = self.triples.iter().filter(|triple| {
            Term::from(triple.subject.clone()) == *subject && triple.predicate == *predicate
        });
        of_subject.map(|triple| triple.object.clone()).collect()
    }

    fn subjects(&self, predicate: &NamedNode, object: &Term) -> Vec<Term> {
        self.asked
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let having = self
            .triples
            .iter()
            .filter(|triple| triple.predicate == *predicate && triple.object == *object);
        having.map(|triple| triple.subject.clone().into()).collect()
    }
}

#[test]
fn shapes_can_be_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Shapes>();
    is_shared::<Report>();
    is_shared::<Data<'_>>();
}

#[test]
fn the_background_knows_classes_that_the_record_does_not() {
    let shapes = compile(
        "ex:S sh:targetClass ex:Dataset ; sh:property [ sh:path ex:theme ; sh:class ex:Theme ] .",
    );
    let record = triples("ex:d a ex:Dataset ; ex:theme ex:lung .");
    let alone = shapes.validate(&Data::new(&record)).unwrap();
    assert_eq!(alone.results.len(), 1);
    let background = Triples::new(
        "ex:lung a ex:Organ . ex:Organ rdfs:subClassOf ex:Part . ex:Part rdfs:subClassOf ex:Theme .",
    );
    let data = Data::new(&record).with_background(&background);
    assert!(shapes.validate(&data).unwrap().conforms());
}

#[test]
fn a_path_goes_on_in_the_background_and_back() {
    let shapes = compile(
        "ex:S sh:targetNode ex:d ;
           sh:property [ sh:path ( ex:organ [ sh:zeroOrMorePath rdfs:subClassOf ] ) ; sh:hasValue ex:Root ] ;
           sh:property [ sh:path [ sh:inversePath ex:member ] ; sh:minCount 1 ] .",
    );
    let record = triples("ex:d ex:organ ex:lung .");
    let background = Triples::new(
        "ex:lung rdfs:subClassOf ex:Thorax . ex:Thorax rdfs:subClassOf ex:Root , ex:lung .
         ex:catalogue ex:member ex:d .",
    );
    let data = Data::new(&record).with_background(&background);
    assert!(shapes.validate(&data).unwrap().conforms());
    assert_eq!(
        shapes.validate(&Data::new(&record)).unwrap().results.len(),
        2
    );
}

#[test]
fn an_older_version_in_the_background_does_not_speak_for_the_record() {
    let shapes =
        compile("ex:S sh:targetNode ex:d ; sh:property [ sh:path dct:title ; sh:minCount 1 ] .");
    let record = triples("ex:d ex:other 1 .");
    let background = Triples::new("ex:d dct:title 'old' .");
    let blended = Data::new(&record).with_background(&background);
    assert!(shapes.validate(&blended).unwrap().conforms());
    let own = Data::new(&record)
        .with_background(&background)
        .with_own([&ex("d")]);
    assert!(!shapes.validate(&own).unwrap().conforms());
    assert_eq!(background.asked(), 1);
}

#[test]
fn targets_are_sought_in_the_record_alone() {
    let shapes =
        compile("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .");
    let background = Triples::new("ex:other a ex:C . ex:D rdfs:subClassOf ex:C .");
    let record = triples("ex:mine a ex:D .");
    let report = shapes
        .validate(&Data::new(&record).with_background(&background))
        .unwrap();
    assert_eq!(report.results.len(), 1);
    assert_eq!(report.results[0].focus_node, Term::from(ex("mine")));
}

/// A background that answers whole questions at once.
struct Hierarchy;

impl Background for Hierarchy {
    fn objects(&self, _: &Term, _: &NamedNode) -> Vec<Term> {
        Vec::new()
    }

    fn is_a(&self, term: &Term, class: &NamedNode) -> Option<bool> {
        Some(*term == Term::from(ex("lung")) && *class == ex("Theme"))
    }

    fn ancestors(&self, term: &Term, predicate: &NamedNode) -> Option<Vec<Term>> {
        assert_eq!(predicate.as_ref(), rdfs::SUB_CLASS_OF);
        let is_lung = *term == Term::from(ex("lung"));
        Some(if is_lung {
            vec![ex("Thorax").into(), ex("Root").into()]
        } else {
            Vec::new()
        })
    }
}

#[test]
fn a_background_may_know_whole_hierarchies() {
    let shapes = compile(
        "ex:S sh:targetNode ex:d ; sh:property [ sh:path ex:organ ; sh:class ex:Theme ] ;
           sh:property [ sh:path ( ex:organ [ sh:oneOrMorePath rdfs:subClassOf ] ) ; sh:hasValue ex:Root ; sh:maxCount 2 ] .",
    );
    let record = triples("ex:d ex:organ ex:lung .");
    let data = Data::new(&record).with_background(&Hierarchy);
    assert_eq!(shapes.validate(&data).unwrap(), Report::default());
}

#[test]
fn messages_say_what_is_wrong_in_plain_words() {
    let shapes = "ex:S sh:targetNode ex:d ;
        sh:property [ sh:path dct:title ; sh:minCount 1 ] ;
        sh:property [ sh:path dct:issued ; sh:datatype xsd:date ; sh:maxCount 1 ] ;
        sh:property [ sh:path skos:notation ; sh:pattern '^[A-Z]+$' ] ;
        sh:property [ sh:path dct:type ; sh:in ( ex:a ex:b ) ] ;
        sh:property [ sh:path dct:creator ; sh:nodeKind sh:IRI ] .";
    let data = "ex:d dct:issued '2024'^^xsd:date , 5 ; skos:notation 'abc'@en ; dct:type ex:c ; dct:creator 'Me' .";
    assert_eq!(
        words(shapes, data),
        [
            "needs at least 1 value of dct:title, has 0",
            "«2024» is not a well-formed xsd:date",
            "«5» must have the datatype xsd:date, has xsd:integer",
            "may have at most 1 value of dct:issued, has 2",
            "«abc» (en) must match the pattern «^[A-Z]+$»",
            "<http://example.org/c> is not one of the allowed values: <http://example.org/a>, <http://example.org/b>",
            "«Me» must be an IRI (a web address that names something)",
        ]
    );
}

#[test]
fn messages_and_labels_come_in_the_language_of_the_reader() {
    let report = validate(
        "ex:S sh:targetNode ex:d ; sh:property [ sh:path dct:title ; sh:minCount 2 ; sh:order 3 ;
           sh:name 'title'@en , 'Titel'@de ; sh:description 'Name it.'@en ; sh:group ex:Basics ;
           sh:message 'Give {$minCount} titles, not {?count}.'@en , '{$minCount} Titel, bitte.'@de ] .",
        "ex:d dct:title 'one' .",
    );
    let result = &report.results[0];
    assert_eq!(result.message("de-AT"), "2 Titel, bitte.");
    assert_eq!(result.message("fr"), "Give 2 titles, not 1.");
    assert!(!result.is_generated_message);
    assert_eq!(result.field_name("de"), Some("Titel"));
    assert_eq!(result.field.description("en"), Some("Name it."));
    assert_eq!(result.field.order, Some(3.0));
    assert_eq!(result.field.group, Some(ex("Basics").into()));
    assert_eq!(
        result.property().unwrap().as_str(),
        "http://purl.org/dc/terms/title"
    );
    assert_eq!(
        result.parameter(sh::MIN_COUNT),
        [Term::from(Literal::from(2))]
    );
}

#[test]
fn a_nested_shape_tells_why_it_is_not_met() {
    let report = validate(
        "ex:S sh:targetNode ex:d ; sh:property [ sh:path ex:agent ; sh:node ex:Agent ] .
         ex:Agent sh:property [ sh:path ex:name ; sh:minCount 1 ] .",
        "ex:d ex:agent [ ex:age 4 ] .",
    );
    let [result] = &report.results[..] else {
        panic!("{report:?}")
    };
    assert_eq!(
        result.constraint_component.as_ref(),
        sh::NODE_CONSTRAINT_COMPONENT
    );
    assert_eq!(
        result.details[0].constraint_component.as_ref(),
        sh::MIN_COUNT_CONSTRAINT_COMPONENT
    );
    let graph = report.to_graph();
    assert!(graph.iter().any(|triple| triple.predicate == sh::DETAIL));
}

#[test]
fn a_form_finds_its_fields_in_order() {
    let shapes = compile(
        "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:b ; sh:order 2 ; sh:datatype xsd:date ] ;
           sh:node [ sh:property [ sh:path ex:a ; sh:order 1 ; sh:node ex:Nested ] ] ;
           sh:not [ sh:property [ sh:path ex:never ; sh:minCount 1 ] ] .
         ex:Nested sh:property [ sh:path ex:deep ] .",
    );
    let fields = shapes.properties_of(&ex("C"));
    let paths: Vec<_> = fields
        .iter()
        .filter_map(|field| field.path.predicate())
        .collect();
    assert_eq!(paths, [&ex("a"), &ex("b")]);
    assert_eq!(fields[1].parameter(sh::DATATYPE), [Term::from(xsd::DATE)]);
    assert!(shapes.properties_of(&ex("D")).is_empty());
}

#[test]
fn severities_are_told_apart() {
    let report = validate(
        "ex:S sh:targetNode ex:d ; sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:severity sh:Warning ] .",
        "ex:d a ex:C .",
    );
    assert!(!report.conforms() && !report.has_violations());
    assert_eq!(report.count(&Severity::Warning), 1);
}

#[test]
fn only_the_wanted_nodes_are_checked() {
    let shapes =
        compile("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .");
    let record = triples("ex:a a ex:C . ex:b a ex:C .");
    let data = Data::new(&record);
    assert_eq!(shapes.validate(&data).unwrap().results.len(), 2);
    let report = shapes.validate_nodes(&data, [&ex("b")]).unwrap();
    assert_eq!(report.results.len(), 1);
    assert!(shapes.validate_nodes(&data, [&ex("c")]).unwrap().conforms());
    let named = shapes.validate_against(&data, &ex("S").into(), [&ex("unknown")]);
    assert_eq!(named.unwrap().unwrap().results.len(), 1);
    assert!(
        shapes
            .validate_against(&data, &ex("T").into(), [&ex("a")])
            .is_none()
    );
}

#[test]
fn ill_formed_shapes_are_named_all_at_once() {
    let said = problems(
        "ex:A a sh:NodeShape ; sh:minCount 1 .
         ex:B a sh:PropertyShape .
         ex:C sh:targetNode ex:x ; sh:nodeKind ex:Odd ; sh:datatype xsd:date , xsd:time .
         ex:D sh:targetNode ex:x ; sh:in ( 1 2 ; sh:pattern '(' ."
            .replace("( 1 2 ;", "( 1 2 ) ;")
            .as_str(),
    );
    for shape in ["A", "B", "C", "D"] {
        assert!(
            said.contains(&format!("<http://example.org/{shape}>")),
            "{said}"
        );
    }
    assert!(said.contains("sh:pattern"), "{said}");
    assert!(said.contains("more than one value"), "{said}");
}

#[test]
fn entailment_and_recursion_are_refused() {
    assert!(
        problems(
            "<> sh:entailment <http://www.w3.org/ns/entailment/RDFS> ."
                .replace("<>", "ex:g")
                .as_str()
        )
        .contains("entailment")
    );
    let said = problems(
        "ex:A sh:targetNode ex:x ; sh:property [ sh:path ex:p ; sh:node ex:B ] . ex:B sh:not ex:A .",
    );
    assert!(said.contains("refers to itself"), "{said}");
}

#[test]
fn misspelt_parameters_are_warned_about() {
    let shapes = compile(
        "ex:A sh:targetNode ex:x ; sh:property [ sh:path ex:p ; sh:mincount 1 ] ; sh:node ex:Gone .",
    );
    let warnings: Vec<_> = shapes
        .warnings()
        .iter()
        .map(|warning| &*warning.message)
        .collect();
    assert!(
        warnings
            .iter()
            .any(|warning| warning.contains("sh:mincount")),
        "{warnings:?}"
    );
    assert!(
        warnings
            .iter()
            .any(|warning| warning.contains("ex") && warning.contains("Gone")),
        "{warnings:?}"
    );
}

#[test]
fn cyclic_lists_and_paths_are_refused() {
    let said = problems(
        "ex:A sh:targetNode ex:x ; sh:in _:l . _:l rdf:first 1 ; rdf:rest _:m . _:m rdf:first 2 ; rdf:rest _:l .
         ex:B sh:targetNode ex:x ; sh:path _:p . _:p sh:inversePath _:p .",
    );
    assert!(said.contains("returns to itself"), "{said}");
    assert!(said.contains("refers to itself"), "{said}");
}

#[test]
fn deep_nests_are_refused() {
    let mut text = String::from("ex:S0 sh:targetNode ex:x .");
    for depth in 0..20_000 {
        write!(text, "ex:S{depth} sh:node ex:S{} .", depth + 1).unwrap();
    }
    assert!(problems(&text).contains("nested more than"));
}

/// Each shape refers to the next twice: two to the power of sixty ways down.
#[test]
fn exponential_nests_end_in_an_error() {
    let mut text = String::from("ex:S0 sh:targetNode ex:x .");
    for depth in 0..60 {
        let next = depth + 1;
        write!(text, "ex:S{depth} sh:and ( ex:S{next} ex:T{next} ) . ex:T{depth} sh:and ( ex:S{next} ex:T{next} ) .")
            .unwrap();
    }
    let limits = Limits {
        checks_max: 100_000,
        ..Limits::default()
    };
    let data = triples("ex:x a ex:C .");
    let error = compile(&text)
        .validate_within(&Data::new(&data), &limits)
        .unwrap_err();
    assert_eq!(
        error,
        ValidationError::LimitExceeded {
            what: "shapes tried",
            limit: 100_000
        }
    );
}

#[test]
fn walks_and_reports_are_bounded() {
    let mut text = String::new();
    for number in 0..300 {
        write!(
            text,
            "ex:n{number} ex:next ex:n{} , ex:n{} .",
            number + 1,
            number * 7 % 300
        )
        .unwrap();
    }
    let shapes = compile(
        "ex:S sh:targetSubjectsOf ex:next ; sh:path [ sh:zeroOrMorePath ex:next ] ; sh:maxCount 0 .",
    );
    let data = triples(&text);
    let data = Data::new(&data);
    let validate = |limits: Limits| shapes.validate_within(&data, &limits);
    let steps = validate(Limits {
        path_steps_max: 1_000,
        ..Limits::default()
    });
    assert!(matches!(
        steps,
        Err(ValidationError::LimitExceeded { limit: 1_000, .. })
    ));
    let results = validate(Limits {
        results_max: 10,
        ..Limits::default()
    });
    assert!(matches!(
        results,
        Err(ValidationError::LimitExceeded { limit: 10, .. })
    ));
    assert_eq!(validate(Limits::default()).unwrap().results.len(), 300);
}

#[test]
fn greedy_queries_are_bounded() {
    let mut text = String::new();
    for number in 0..200 {
        write!(text, "ex:n{number} ex:p ex:n{} .", number * 3 % 200).unwrap();
    }
    let data = triples(&text);
    let limits = Limits {
        sparql_steps_max: 10_000,
        sparql_rows_max: 1_000,
        ..Limits::default()
    };
    let run = |query: &str| {
        let shapes = format!("ex:S sh:targetNode ex:n0 ; sh:sparql [ sh:select '''{query}''' ] .");
        compile(&shapes).validate_within(&Data::new(&data), &limits)
    };
    let many =
        run("SELECT $this ?value WHERE { ?a ?b ?value . ?value ?c ?d . ?d ?e ?f . ?f ?g ?h }");
    assert!(many.is_ok(), "{many:?}");
    let product = "SELECT $this WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }";
    assert!(run(product).is_err());
}

#[test]
fn queries_see_the_background_where_they_ask_about_a_term() {
    let shapes = compile(
        "ex:S sh:targetNode ex:d ; sh:sparql [ sh:message 'no {?organ} here' ; sh:select '''
           SELECT $this ?organ WHERE { $this <http://example.org/organ> ?organ .
             FILTER NOT EXISTS { ?organ <http://www.w3.org/2000/01/rdf-schema#subClassOf>* <http://example.org/Root> } }''' ] .",
    );
    let record = triples("ex:d ex:organ ex:lung .");
    let report = shapes.validate(&Data::new(&record)).unwrap();
    assert_eq!(
        report.results[0].message("en"),
        "no <http://example.org/lung> here"
    );
    let background =
        Triples::new("ex:lung rdfs:subClassOf ex:Thorax . ex:Thorax rdfs:subClassOf ex:Root .");
    let data = Data::new(&record).with_background(&background);
    assert!(shapes.validate(&data).unwrap().conforms());
}

#[test]
fn blank_nodes_are_bound_before_a_query_runs() {
    let report = validate(
        "ex:S sh:targetObjectsOf ex:agent ; sh:sparql [ sh:select '''
           SELECT $this ?value WHERE { $this <http://example.org/name> ?value . FILTER(isBlank($this) && bound($this)) }''' ] .",
        "ex:d ex:agent [ ex:name 'A' ] , [ ex:name 'B' ] , ex:c . ex:c ex:name 'C' .",
    );
    let mut values: Vec<_> = report
        .results
        .iter()
        .map(|result| result.value.clone().unwrap().to_string())
        .collect();
    values.sort();
    assert_eq!(values, ["\"A\"", "\"B\""]);
}

#[test]
fn a_query_with_a_path_looks_along_it() {
    let report = validate(
        "ex:S sh:targetNode ex:d ; sh:path ( ex:a [ sh:zeroOrMorePath ex:b ] ) ; sh:sparql [ sh:select '''
           SELECT $this ?value WHERE { $this $PATH ?value . FILTER(isLiteral(?value)) }''' ] .",
        "ex:d ex:a ex:e . ex:e ex:b [ ex:b 'end' ] .",
    );
    assert_eq!(report.results.len(), 1);
    assert_eq!(
        report.results[0].path.as_ref().unwrap().to_string(),
        "<http://example.org/a>/(<http://example.org/b>*)"
    );
}

#[test]
fn undeclared_prefixes_are_named() {
    let said = problems(
        "ex:S sh:targetNode ex:d ; sh:sparql [ sh:select 'SELECT $this WHERE { $this foo:bar ?x }' ] .",
    );
    assert!(
        said.contains("prefix foo: is not") && said.contains("example.org/S"),
        "{said}"
    );
}

#[test]
fn a_report_survives_the_way_through_its_graph() {
    let report = validate(
        "ex:S sh:targetNode ex:d ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .",
        "ex:d a ex:C .",
    );
    let graph = report.to_graph();
    let count = |predicate: NamedNodeRef<'_>| {
        graph
            .iter()
            .filter(|triple| triple.predicate == predicate)
            .count()
    };
    assert_eq!(count(sh::RESULT), 1);
    assert_eq!(count(sh::RESULT_MESSAGE), 1);
    assert_eq!(count(rdf::TYPE), 2);
}

/// A few terms, so that random graphs meet themselves.
fn term() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0..6u8).prop_map(|number| format!("ex:n{number}")),
        2 => (0..3u8).prop_map(|number| format!("_:b{number}")),
        2 => (0..4i8).prop_map(|number| number.to_string()),
        1 => Just("'a'@en".to_owned()),
        1 => Just("'b'@en".to_owned()),
        1 => Just("'2024-01-01'^^xsd:date".to_owned()),
        1 => Just("'x'^^xsd:integer".to_owned()),
    ]
}

fn turtle<P: std::fmt::Display>(rows: &[(String, P, String)]) -> String {
    let mut text = String::new();
    for (subject, predicate, object) in rows {
        writeln!(text, "{subject} {predicate} {object} .").unwrap();
    }
    text
}

fn graph() -> impl Strategy<Value = String> {
    let subject = prop_oneof![
        (0..6u8).prop_map(|number| format!("ex:n{number}")),
        (0..3u8).prop_map(|number| format!("_:b{number}")),
    ];
    let predicate = prop_oneof![
        3 => (0..3u8).prop_map(|number| format!("ex:p{number}")),
        1 => Just("a".to_owned()),
        1 => Just("rdfs:subClassOf".to_owned()),
    ];
    prop::collection::vec((subject, predicate, term()), 0..30).prop_map(|rows| turtle(&rows))
}

/// Words of SHACL thrown together: some make shapes, most make mistakes.
fn shape_soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "sh:targetNode",
        "sh:targetClass",
        "sh:targetSubjectsOf",
        "sh:path",
        "sh:property",
        "sh:node",
        "sh:not",
        "sh:and",
        "sh:or",
        "sh:xone",
        "sh:in",
        "sh:class",
        "sh:datatype",
        "sh:nodeKind",
        "sh:minCount",
        "sh:maxCount",
        "sh:minInclusive",
        "sh:pattern",
        "sh:languageIn",
        "sh:closed",
        "sh:equals",
        "sh:lessThan",
        "sh:qualifiedValueShape",
        "sh:qualifiedMinCount",
        "sh:hasValue",
        "sh:inversePath",
        "sh:zeroOrMorePath",
        "sh:alternativePath",
        "rdf:first",
        "rdf:rest",
        "sh:select",
        "sh:sparql",
        "a",
        "sh:severity",
        "sh:message",
    ]);
    let objects = prop_oneof![
        4 => term(),
        1 => Just("rdf:nil".to_owned()),
        1 => Just("sh:NodeShape".to_owned()),
        1 => Just("true".to_owned()),
        1 => Just("( ex:n0 ex:n1 )".to_owned()),
        1 => Just("xsd:integer".to_owned()),
        1 => Just("'SELECT $this WHERE { $this ?p ?value }'".to_owned()),
    ];
    let subject = (0..6u8).prop_map(|number| format!("ex:n{number}"));
    prop::collection::vec((subject, words, objects), 0..25).prop_map(|rows| turtle(&rows))
}

/// The same answer by the plainest means.
struct Naive {
    triples: Vec<Triple>,
}

impl Naive {
    fn objects(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> BTreeSet<String> {
        let of_subject = self.triples.iter().filter(|triple| {
            Term::from(triple.subject.clone()) == *subject && triple.predicate == predicate
        });
        of_subject.map(|triple| triple.object.to_string()).collect()
    }

    fn terms(&self) -> Vec<Term> {
        let mut terms = Vec::new();
        for triple in &self.triples {
            for term in [triple.subject.clone().into(), triple.object.clone()] {
                if !terms.contains(&term) {
                    terms.push(term);
                }
            }
        }
        terms
    }

    fn is_instance(&self, term: &Term, class: &str) -> bool {
        let mut waiting: Vec<String> = self.objects(term, rdf::TYPE).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            if next == class {
                return true;
            }
            if seen.insert(next.clone()) {
                let above = self
                    .triples
                    .iter()
                    .filter(|t| t.subject.to_string() == next && t.predicate == rdfs::SUB_CLASS_OF);
                waiting.extend(above.map(|triple| triple.object.to_string()));
            }
        }
        false
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn counts_agree_with_the_plainest_means(data in graph(), least in 0..3usize, most in 0..3usize) {
        let shapes = compile(&format!(
            "ex:S sh:targetSubjectsOf ex:p0 ; sh:property [ sh:path ex:p1 ; sh:minCount {least} ; sh:maxCount {most} ] ."
        ));
        let naive = Naive { triples: triples(&data) };
        let report = shapes.validate(&Data::new(&naive.triples)).unwrap();
        let expected: usize = naive
            .terms()
            .iter()
            .filter(|term| !naive.objects(term, ex("p0").as_ref()).is_empty())
            .map(|term| naive.objects(term, ex("p1").as_ref()).len())
            .map(|count| usize::from(count < least) + usize::from(count > most))
            .sum();
        prop_assert_eq!(report.results.len(), expected);
    }

    #[test]
    fn classes_agree_with_the_plainest_means(data in graph()) {
        let shapes = compile(
            "ex:S sh:targetClass ex:n0 ; sh:property [ sh:path ex:p0 ; sh:class ex:n1 ] .",
        );
        let naive = Naive { triples: triples(&data) };
        let report = shapes.validate(&Data::new(&naive.triples)).unwrap();
        let (aim, class) = (ex("n0").to_string(), ex("n1").to_string());
        let terms = naive.terms();
        let is_class = |value: &str| {
            terms.iter().any(|term| term.to_string() == value && naive.is_instance(term, &class))
        };
        let expected: usize = terms
            .iter()
            .filter(|term| naive.is_instance(term, &aim))
            .map(|term| {
                let values = naive.objects(term, ex("p0").as_ref());
                values.iter().filter(|value| !is_class(value)).count()
            })
            .sum();
        prop_assert_eq!(report.results.len(), expected);
    }

    #[test]
    fn random_graphs_never_panic(data in graph()) {
        let shapes = compile(
            "ex:S sh:targetSubjectsOf ex:p0 ; sh:closed true ; sh:ignoredProperties ( ex:p2 ) ;
               sh:property [ sh:path ex:p0 ; sh:uniqueLang true ; sh:lessThan ex:p1 ; sh:disjoint ex:p2 ] ;
               sh:property [ sh:path [ sh:zeroOrMorePath [ sh:alternativePath ( ex:p0 [ sh:inversePath ex:p1 ] ) ] ] ;
                 sh:or ( [ sh:datatype xsd:integer ; sh:minExclusive 1 ] [ sh:nodeKind sh:BlankNodeOrIRI ] ) ] ;
               sh:xone ( [ sh:class ex:n1 ] [ sh:property [ sh:path ex:p1 ; sh:minCount 1 ] ] ) .",
        );
        let data = triples(&data);
        let report = shapes.validate(&Data::new(&data)).unwrap();
        prop_assert_eq!(report.conforms(), report.results.is_empty());
        prop_assert!(report.to_graph().len() > report.results.len());
    }

    #[test]
    fn random_shapes_never_panic(shapes in shape_soup(), data in graph()) {
        let limits = Limits {
            checks_max: 20_000, path_steps_max: 50_000, results_max: 5_000,
            sparql_steps_max: 20_000, sparql_rows_max: 5_000,
        };
        if let Ok(shapes) = Shapes::compile(&triples(&shapes)) {
            let data = triples(&data);
            let outcome = shapes.validate_within(&Data::new(&data), &limits);
            prop_assert!(!matches!(outcome, Err(ValidationError::Sparql(_))), "{:?}", outcome);
        }
    }
}

#[test]
fn unused_vocabulary_is_not_a_constraint() {
    let data = format!(
        "ex:d <{}> 'x' ; <{}> 'y' .",
        skos::PREF_LABEL.as_str(),
        xsd::STRING.as_str()
    );
    assert!(validate("ex:S sh:targetNode ex:d ; rdfs:label 'nothing' .", &data).conforms());
}

/// As deep as we allow: the parser must neither run out of stack nor try all ways.
#[test]
fn the_deepest_queries_allowed_are_read_quickly() {
    let depth = limits::QUERY_DEPTH_MAX - 3;
    let nested = |open: &str, inner: &str, close: &str| {
        format!(
            "SELECT $this WHERE {{ {}{inner}{} }}",
            open.repeat(depth),
            close.repeat(depth)
        )
    };
    for query in [
        nested("{", "?a ?b ?c", "}"),
        format!(
            "SELECT $this WHERE {{ FILTER {}true{} }}",
            "(".repeat(depth),
            ")".repeat(depth)
        ),
        format!(
            "SELECT $this WHERE {{ FILTER ({}true{}) }}",
            "!(".repeat(depth - 1),
            ")".repeat(depth - 1)
        ),
        format!(
            "SELECT $this WHERE {{ ?a ?b {}1{} }}",
            "[ ?b ".repeat(depth),
            "]".repeat(depth)
        ),
        format!(
            "SELECT $this WHERE {{ ?a ?b {}1{} }}",
            "( ".repeat(depth),
            ")".repeat(depth)
        ),
        format!(
            "SELECT $this WHERE {{ ?a {}<urn:p>{} ?b }}",
            "(".repeat(depth),
            ")".repeat(depth)
        ),
        nested("OPTIONAL {", "?a ?b ?c", "}"),
        format!(
            "SELECT $this WHERE {{ {} ?a ?b ?c {} }}",
            "{ SELECT $this WHERE {".repeat(depth / 2),
            "} }".repeat(depth / 2)
        ),
        format!(
            "SELECT $this WHERE {{ FILTER({}true{}) }}",
            "IF(true, ".repeat(depth - 1),
            ", false)".repeat(depth - 1)
        ),
        format!(
            "SELECT $this WHERE {{ FILTER({}1 = 1) }}",
            "1 = 1 || ".repeat(80)
        ),
    ] {
        let outcome = Shapes::compile(&triples(&format!(
            "ex:S sh:targetNode ex:d ; sh:sparql [ sh:select '''{query}''' ] ."
        )));
        assert!(outcome.is_ok(), "{query}: {outcome:?}");
    }
}
