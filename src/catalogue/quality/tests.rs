//! Does each metric, element and principle see what it asks for, and nothing else?

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use include_dir::Dir;
use jiff::Timestamp;

use super::mqa::METRICS;
use super::words::{LANGUAGES, knows};
use super::*;
use crate::catalogue::identifier::Base;
use crate::catalogue::kind::Kinds;
use crate::catalogue::profile::Profiles;
use crate::generate::Generator;
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{dct, dqv};
use crate::rdf::{Format, NamedNode, NamedOrBlankNode, Term, Triple, format};

const RECORD: &str = "https://atlas.example.org/dataset/one";
const PREFIXES: &str = "
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geodcatap: <http://data.europa.eu/930/> .
@prefix health: <https://w3id.org/healthdcat-ap#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix type: <http://publications.europa.eu/resource/authority/file-type/> .
@prefix licence: <http://publications.europa.eu/resource/authority/licence/> .
@prefix right: <http://publications.europa.eu/resource/authority/access-right/> .
";
/// What DCAT-AP asks of every data set.
const LEAST: &str = "a dcat:Dataset ; dct:title 'One'@en ; dct:description 'The first.'@en";

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    static NOTHING: Dir<'static> = Dir::new("", &[]);
    let shapes = repository().join("shapes");
    let kinds = fs::read_to_string(shapes.join("kinds.toml")).unwrap();
    let kinds = Kinds::parse(&kinds).unwrap();
    let profiles = Profiles::load(&NOTHING, Some(&shapes)).unwrap();
    Rules::new(&kinds, &profiles, Arc::new(Ontology::bundled().unwrap()))
});

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn iri() -> NamedNode {
    NamedNode::new(RECORD).unwrap()
}

fn triples(statements: &str) -> Vec<Triple> {
    let text = format!("{PREFIXES}<{RECORD}> {statements} .");
    let quads = format::parse(text.as_bytes(), Format::Turtle, None);
    let quads = quads.unwrap_or_else(|error| panic!("{error} in {text}"));
    quads.into_iter().map(Triple::from).collect()
}

/// What a data set says that has the least there must be, and some statements more.
fn dataset(more: &str) -> Evidence<'static> {
    let rest = if more.is_empty() {
        String::new()
    } else {
        format!(" ; {more}")
    };
    of(&format!("{LEAST}{rest}"))
}

fn of(statements: &str) -> Evidence<'static> {
    RULES
        .evidence("dataset", &iri(), &triples(statements))
        .unwrap()
}

fn met(evidence: &Evidence<'_>) -> BTreeSet<&'static str> {
    let metrics = evidence.mqa().unwrap().metrics();
    metrics
        .filter(|(_, outcome)| *outcome == Outcome::Met)
        .map(|(metric, _)| metric.id)
        .collect()
}

/// Expects that statements meet certain metrics beside the ones that the least meets.
#[track_caller]
fn check(more: &str, expected: &[&'static str]) {
    let evidence = dataset(more);
    let found: BTreeSet<&str> = met(&evidence)
        .into_iter()
        .filter(|id| *id != "dcatAp")
        .collect();
    assert_eq!(found, expected.iter().copied().collect(), "{more}");
    let points: u16 = METRICS
        .iter()
        .filter(|metric| met(&evidence).contains(metric.id))
        .map(|metric| metric.points)
        .sum();
    assert_eq!(evidence.mqa().unwrap().score(), points, "{more}");
}

#[test]
fn the_points_are_those_of_the_portal() {
    let of = Dimension::ALL.map(Dimension::points_max);
    assert_eq!(of, [100, 100, 110, 75, 20]);
    assert_eq!(of.iter().sum::<u16>(), POINTS_MAX);
    let ids: BTreeSet<&str> = METRICS.iter().map(|metric| metric.id).collect();
    assert_eq!(ids.len(), METRICS.len());
}

#[test]
fn the_bands_are_those_of_the_portal() {
    let bands = [0, 120, 121, 220, 221, 350, 351, 405].map(|score| Band::of(score).as_str());
    let expected = [
        "bad",
        "bad",
        "sufficient",
        "sufficient",
        "good",
        "good",
        "excellent",
        "excellent",
    ];
    assert_eq!(bands, expected);
}

#[test]
fn a_data_set_with_the_least_keeps_dcat_ap_and_has_nothing_else() {
    assert_eq!(met(&dataset("")), BTreeSet::from(["dcatAp"]));
    assert_eq!(dataset("").mqa().unwrap().score(), 30);
}

#[test]
fn findability_needs_keyword_theme_place_and_time() {
    check("dcat:keyword 'lung'", &["keyword"]);
    check(
        "dcat:theme <http://publications.europa.eu/resource/authority/data-theme/HEAL>",
        &["theme"],
    );
    check(
        "dct:spatial <http://publications.europa.eu/resource/authority/country/ESP>",
        &["spatial"],
    );
    check(
        "dct:temporal [ dcat:startDate '2020-01-01'^^<http://www.w3.org/2001/XMLSchema#date> ]",
        &["temporal"],
    );
}

#[test]
fn blank_texts_are_no_values() {
    check("dcat:keyword '  '", &[]);
    check("dct:issued ''", &[]);
}

#[test]
fn accessibility_needs_addresses_of_the_web_in_a_distribution() {
    let part = |rest: &str| format!("dcat:distribution [ a dcat:Distribution ; {rest} ]");
    check(
        &part("dcat:accessURL <https://a.example/ask>"),
        &["accessURL"],
    );
    check(
        &part("dcat:accessURL 'https://a.example/ask'"),
        &["accessURL"],
    );
    check(&part("dcat:accessURL <mailto:a@a.example>"), &[]);
    check(
        &part("dcat:downloadURL <https://a.example/file>"),
        &["downloadURL"],
    );
    // What is said about a node that no distribution leads to does not count.
    check("foaf:page [ dcat:accessURL <https://a.example/ask> ]", &[]);
}

#[test]
fn whether_a_download_address_answers_is_not_measured() {
    let evidence = dataset("dcat:distribution [ dcat:downloadURL <https://a.example/file> ]");
    let mut metrics = evidence.mqa().unwrap().metrics();
    let (metric, outcome) = metrics
        .find(|(metric, _)| metric.id == "downloadURLAnswers")
        .unwrap();
    assert_eq!((metric.points, outcome), (30, Outcome::NotMeasured));
}

#[test]
fn interoperability_knows_listed_open_and_readable_formats() {
    let part = |rest: &str| format!("dcat:distribution [ a dcat:Distribution ; {rest} ]");
    check(
        &part("dct:format type:CSV"),
        &["format", "formatListed", "formatOpen", "formatReadable"],
    );
    check(
        &part("dct:format type:ZIP"),
        &["format", "formatListed", "formatOpen"],
    );
    check(
        &part("dct:format type:XLSX"),
        &["format", "formatListed", "formatReadable"],
    );
    check(&part("dct:format type:PDF"), &["format", "formatListed"]);
    check(&part("dct:format 'CSV'"), &["format"]);
    for scheme in ["http", "https"] {
        let media = format!(
            "dcat:mediaType <{scheme}://www.iana.org/assignments/media-types/application/dicom>"
        );
        check(&part(&media), &["mediaType", "formatListed"]);
    }
    check(&part("dcat:mediaType 'application/dicom'"), &["mediaType"]);
}

#[test]
fn each_metric_counts_once_over_all_distributions() {
    let two = "dcat:distribution [ dct:format type:CSV ] , [ dct:format type:PDF ]";
    check(
        two,
        &["format", "formatListed", "formatOpen", "formatReadable"],
    );
}

#[test]
fn what_breaks_dcat_ap_loses_its_points() {
    assert!(met(&dataset("")).contains("dcatAp"));
    assert!(
        !met(&of("a dcat:Dataset ; dct:title 'One'@en")).contains("dcatAp"),
        "no description"
    );
    assert!(
        !met(&dataset("dct:publisher 'a text'")).contains("dcatAp"),
        "no agent"
    );
    assert!(
        !met(&of("dct:title 'One'@en ; dct:description 'x'@en")).contains("dcatAp"),
        "no class"
    );
    let advice_only = met(&dataset(
        "dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://a.example/> ]",
    ));
    assert!(advice_only.contains("dcatAp"), "advice breaks nothing");
}

#[test]
fn reusability_needs_licence_access_rights_contact_and_publisher() {
    check("dct:license <https://a.example/terms>", &["licence"]);
    check(
        "dcat:distribution [ dct:license licence:CC_BY_4_0 ]",
        &["licence", "licenceListed"],
    );
    check("dct:accessRights 'closed'", &["accessRights"]);
    check(
        "dct:accessRights right:RESTRICTED",
        &["accessRights", "accessRightsListed"],
    );
    check(
        "dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NOBODY>",
        &["accessRights"],
    );
    check(
        "dcat:contactPoint [ foaf:name 'office' ]",
        &["contactPoint"],
    );
    check(
        "dct:publisher [ a foaf:Agent ; foaf:name 'we' ]",
        &["publisher"],
    );
}

#[test]
fn context_needs_rights_size_and_dates() {
    check("dct:rights <https://a.example/rights>", &["rights"]);
    check(
        "dcat:distribution [ dct:rights [ rdfs:label 'ask' ] ; dcat:byteSize 5 ]",
        &["rights", "byteSize"],
    );
    check("dct:issued '2020-01-01'", &["issued"]);
    check(
        "dcat:distribution [ dct:modified '2020-01-01' ]",
        &["modified"],
    );
}

#[test]
fn only_data_sets_are_scored() {
    for kind in [
        "catalog",
        "distribution",
        "service",
        "series",
        "tool",
        "root",
    ] {
        let evidence = RULES.evidence(kind, &iri(), &triples(LEAST)).unwrap();
        assert!(
            evidence.mqa().is_none() && evidence.ehds().is_none(),
            "{kind}"
        );
    }
    assert!(RULES.evidence("unknown", &iri(), &[]).is_none());
}

#[test]
fn old_names_of_properties_and_values_are_understood() {
    let old = "<http://healthdataportal.eu/ns/health#hdab> [ foaf:name 'body' ]";
    let elements = dataset(old).ehds().unwrap();
    let body = elements
        .iter()
        .find(|(element, _)| element.id == "healthDataAccessBody");
    assert_eq!(body.unwrap().1, Outcome::Met);
}

#[test]
fn completeness_follows_the_shapes_of_the_profile() {
    let empty = of("a dcat:Dataset").completeness();
    assert_eq!(empty.profile, "eucaim-dcat-ap-2.0");
    assert_eq!((empty.mandatory.present, empty.recommended.present), (0, 0));
    assert!(
        empty.mandatory.of > 15 && empty.recommended.of > 5 && empty.optional.of > 5,
        "{empty:?}"
    );
    let listed = |property: &str| {
        let found = empty
            .missing
            .iter()
            .find(|field| field.property == property);
        found.map(|field| field.level)
    };
    assert_eq!(listed(dct::TITLE.as_str()), Some(Level::Mandatory));
    assert_eq!(listed(dct::TEMPORAL.as_str()), Some(Level::Recommended));
    assert_eq!(listed(dct::ALTERNATIVE.as_str()), Some(Level::Optional));
    let more = of("a dcat:Dataset ; dct:title 'One'@en ; dct:temporal [] ; dct:alternative 'x'")
        .completeness();
    assert_eq!(more.mandatory.present, 1);
    assert_eq!(more.recommended.present, 1);
    assert_eq!(more.optional.present, 1);
    assert_eq!(more.missing.len() + 3, empty.missing.len());
}

#[test]
fn every_kind_has_fields_with_levels() {
    for kind in [
        "catalog",
        "dataset",
        "distribution",
        "service",
        "series",
        "tool",
        "root",
    ] {
        let evidence = RULES.evidence(kind, &iri(), &[]).unwrap();
        assert!(evidence.share(Level::Mandatory).of > 0, "{kind}");
    }
}

#[test]
fn percents_are_rounded_down() {
    let percent = |present, of| Share { present, of }.percent();
    assert_eq!(percent(199, 200), Some(99));
    assert_eq!(percent(3, 3), Some(100));
    assert_eq!(percent(0, 0), None);
}

#[test]
fn every_element_of_the_health_data_space_sees_its_property() {
    let statements = [
        ("accessRights", "dct:accessRights right:PUBLIC"),
        (
            "applicableLegislation",
            "dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2025/327/oj>",
        ),
        (
            "codingSystem",
            "health:hasCodingSystem <https://a.example/icd>",
        ),
        ("custodian", "geodcatap:custodian [ foaf:name 'we' ]"),
        ("distribution", "dcat:distribution [ a dcat:Distribution ]"),
        (
            "geographicalCoverage",
            "dct:spatial <http://publications.europa.eu/resource/authority/country/ESP>",
        ),
        (
            "healthCategory",
            "health:healthCategory <https://a.example/category>",
        ),
        ("healthDataAccessBody", "health:hdab [ foaf:name 'body' ]"),
        ("identifier", "dct:identifier 'x'"),
        ("provenance", "dct:provenance [ rdfs:label 'hospital' ]"),
        ("temporalCoverage", "dct:temporal [ ]"),
        ("variables", "health:hasVariables [ ]"),
    ];
    let met = |evidence: Evidence<'_>| {
        let elements = evidence.ehds().unwrap().into_iter();
        let met = elements.filter(|(_, outcome)| *outcome == Outcome::Met);
        met.map(|(element, _)| element.id).collect::<Vec<_>>()
    };
    assert_eq!(met(dataset("")), Vec::<&str>::new());
    for (id, statement) in statements {
        assert_eq!(met(dataset(statement)), [id], "{statement}");
    }
    let all = statements.map(|(_, statement)| statement).join(" ; ");
    assert_eq!(met(dataset(&all)), statements.map(|(id, _)| id));
    assert_eq!(
        met(dataset(
            "dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2016/679/oj>"
        )),
        Vec::<&str>::new()
    );
}

#[test]
fn data_without_tables_need_no_variables() {
    let outcome = |more: &str| {
        let elements = dataset(more).ehds().unwrap();
        elements.last().map(|(_, outcome)| *outcome)
    };
    assert_eq!(
        outcome("health:hasStructuredData false"),
        Some(Outcome::NotNeeded)
    );
    assert_eq!(
        outcome("health:hasStructuredData true"),
        Some(Outcome::Missed)
    );
}

#[test]
fn every_principle_has_a_reason() {
    let statements = [
        ("F1", "dct:identifier 'x'"),
        (
            "F2",
            "dcat:keyword 'x' ; dcat:theme <https://a.example/t> ; dct:publisher [ foaf:name 'we' ]",
        ),
        ("F3", "dcat:landingPage <https://a.example/>"),
        (
            "A1",
            "dcat:distribution [ dcat:accessURL <https://a.example/> ]",
        ),
        ("A1.2", "dct:accessRights right:PUBLIC"),
        ("I2", "dct:license licence:CC_BY_4_0"),
        ("I3", "dct:isReferencedBy <https://doi.org/10.1/x>"),
        ("R1.1", "dct:license <https://a.example/terms>"),
        ("R1.2", "prov:wasGeneratedBy [ ]"),
        ("R1.3", "dct:conformsTo <https://a.example/standard>"),
    ];
    let find = |evidence: &Evidence<'_>, code: &str| {
        let all = evidence.fair();
        all.into_iter().find(|one| one.code == code).unwrap()
    };
    for (code, statement) in statements {
        let (without, with) = (find(&dataset(""), code), find(&dataset(statement), code));
        assert!(!without.is_met && !without.because.is_empty(), "{code}");
        assert!(
            with.is_met && !with.because.is_empty(),
            "{code}: {statement}"
        );
    }
    assert!(find(&dataset(""), "I1").is_met);
    assert!(!find(&of("a dcat:Dataset"), "I1").is_met);
    assert!(!find(&dataset(""), "R1").is_met);
}

#[test]
fn a_good_record_keeps_every_principle() {
    let record = Generator::new(300, 42, "https://atlas.example.org").record(3);
    let evidence = RULES
        .evidence("dataset", &record.iri, &record.triples)
        .unwrap();
    assert!(
        evidence
            .fair()
            .iter()
            .any(|one| one.code == "R1" && one.is_met)
    );
    assert_eq!(evidence.share(Level::Mandatory).percent(), Some(100));
}

#[test]
fn the_changes_with_the_most_points_come_first() {
    let changes = dataset("").changes();
    let points: Vec<u16> = changes.iter().map(|change| change.points).collect();
    assert!(points.is_sorted_by(|one, other| one >= other), "{points:?}");
    // Format: given, listed, open and readable.
    assert_eq!(
        (changes[0].property, changes[0].points),
        (Some(dct::FORMAT.as_str()), 70)
    );
    let lost: u16 = changes.iter().map(|change| change.points).sum();
    let evidence = dataset("");
    // Nothing is advised about downloads: the data are not said to be public.
    assert_eq!(evidence.mqa().unwrap().score() + lost + 20 + 30, POINTS_MAX);
}

#[test]
fn making_the_changes_gives_the_points_that_were_promised() {
    let poor = dataset("dct:accessRights right:RESTRICTED");
    let promised = poor.changes()[0].points;
    let better =
        dataset("dct:accessRights right:RESTRICTED ; dcat:distribution [ dct:format type:CSV ]");
    assert_eq!(
        better.mqa().unwrap().score(),
        poor.mqa().unwrap().score() + promised
    );
}

#[test]
fn nobody_is_advised_to_offer_for_download_what_is_not_public() {
    let advises = |rights: &str| {
        let changes = dataset(&format!("dct:accessRights right:{rights}"))
            .changes()
            .into_iter();
        let download = crate::rdf::vocabulary::dcat::DOWNLOAD_URL.as_str();
        changes
            .filter(|change| change.property == Some(download))
            .count()
    };
    assert_eq!(advises("PUBLIC"), 1);
    assert_eq!(advises("NON_PUBLIC"), 0);
}

#[test]
fn broken_rules_of_dcat_ap_are_a_change_without_a_property() {
    let broken = of("a dcat:Dataset ; dct:title 'One'@en").changes();
    let mend = broken
        .iter()
        .find(|change| change.property.is_none())
        .unwrap();
    assert_eq!(mend.points, 30);
    let fields = of("a dcat:Dataset ; dct:title 'One'@en").breaches("de");
    assert_eq!(fields, ["Beschreibung"]);
}

#[test]
fn when_no_points_are_left_the_profile_asks() {
    let changes = dataset("").changes();
    let unscored: Vec<_> = changes.iter().filter(|change| change.points == 0).collect();
    assert!(!unscored.is_empty());
    assert!(
        unscored
            .iter()
            .all(|change| change.level.is_some_and(|level| level != Level::Optional))
    );
    assert!(unscored.is_sorted_by_key(|change| change.level));
}

#[test]
fn everything_has_a_name_in_every_language() {
    let evidence = dataset("");
    for language in LANGUAGES {
        for metric in &METRICS {
            let name = metric.name(&evidence, language);
            assert!(
                !name.is_empty() && !name.contains("metric."),
                "{} {name}",
                metric.id
            );
        }
        for change in evidence.changes() {
            assert!(!change.name(&evidence, language).contains("http"));
        }
        for property in Property::ALL {
            let name = evidence.name(property.term().as_str(), language);
            assert!(
                !name.is_empty() && !name.contains('/'),
                "{property:?} {name}"
            );
        }
    }
    for indicator in evidence.fair() {
        assert!(
            knows(&format!("fair.{}", indicator.code)),
            "{}",
            indicator.code
        );
    }
    let german = evidence.name(dct::SPATIAL.as_str(), "de");
    assert_ne!(german, evidence.name(dct::SPATIAL.as_str(), "en"));
}

#[test]
fn the_order_of_the_statements_does_not_matter() {
    for record in Generator::new(40, 1, "https://atlas.example.org").records() {
        let kind = if record.kind == "catalog" {
            "catalog"
        } else {
            "dataset"
        };
        let mut triples = record.triples.clone();
        let one = RULES.evidence(kind, &record.iri, &triples).unwrap();
        triples.reverse();
        let other = RULES.evidence(kind, &record.iri, &triples).unwrap();
        assert_eq!(one.to_json("en"), other.to_json("en"));
    }
}

#[test]
fn a_measurement_is_three_statements_and_says_what_the_page_says() {
    let base = Base::new("https://atlas.example.org").unwrap();
    let evidence = dataset("dcat:keyword 'lung'");
    let said = evidence.measurements(&base, "/dataset/one", &iri());
    assert_eq!(said.len(), 3 * Measure::ALL.len());
    let value = |measure: Measure| {
        let subject = measure.of(&base, "/dataset/one");
        let of = |predicate| {
            let mut found = said.iter().filter(|triple| {
                triple.subject == NamedOrBlankNode::from(subject.clone())
                    && triple.predicate == predicate
            });
            found.next().map(|triple| triple.object.clone())
        };
        assert_eq!(
            of(dqv::IS_MEASUREMENT_OF),
            Some(Term::from(measure.iri(&base)))
        );
        match of(dqv::VALUE) {
            Some(Term::Literal(literal)) => literal.value().parse::<u16>().unwrap(),
            other => panic!("{other:?}"),
        }
    };
    let mqa = evidence.mqa().unwrap();
    assert_eq!(value(Measure::Mqa), mqa.score());
    for dimension in Dimension::ALL {
        assert_eq!(value(Measure::Points(dimension)), mqa.points(dimension));
    }
}

#[test]
fn what_is_no_data_set_is_measured_for_completeness_only() {
    let base = Base::new("https://atlas.example.org").unwrap();
    let catalogue = RULES.evidence("catalog", &iri(), &[]).unwrap();
    let said = catalogue.measurements(&base, "/catalog/one", &iri());
    assert!(said.len() <= 6, "{said:?}");
    assert!(!said.is_empty());
}

#[test]
fn every_measure_is_defined_in_every_language() {
    let base = Base::new("https://atlas.example.org").unwrap();
    let said = definitions(&base);
    for measure in Measure::ALL {
        let about = said
            .iter()
            .filter(|triple| triple.subject == NamedOrBlankNode::from(measure.iri(&base)));
        assert_eq!(about.count(), 3 + 2 * LANGUAGES.len(), "{measure:?}");
    }
    let unsaid = said.iter().any(|triple| match &triple.object {
        Term::Literal(literal) => {
            literal.value().starts_with("measure.")
                || literal.value().starts_with("definition.")
                || literal.value().starts_with("dimension.")
        }
        _ => false,
    });
    assert!(!unsaid);
}

#[test]
fn a_mean_is_rounded_to_tenths() {
    let mut tally = Tally::default();
    assert_eq!(tally.mean_tenths(), None);
    for score in [100, 100, 405] {
        tally.add(score);
    }
    // 605 / 3 = 201.666…
    assert_eq!(tally.mean_tenths(), Some(2_017));
    assert_eq!(tally.bands, [1, 0, 0, 2]);
    let text = serde_json::to_string(&tally).unwrap();
    assert_eq!(serde_json::from_str::<Tally>(&text).unwrap(), tally);
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn standing(score: u16, provider: &str) -> Standing {
    Standing {
        score,
        catalogue: Some("https://a.example/c".to_owned()),
        provider: Some(provider.to_owned()),
    }
}

#[test]
fn each_month_ends_with_what_was_public_then() {
    let mut replay = Replay::default();
    replay.change(1, at("2026-01-10T00:00:00Z"), Some(standing(100, "we")));
    replay.change(2, at("2026-01-31T23:59:59Z"), Some(standing(200, "they")));
    replay.change(1, at("2026-02-01T00:00:00Z"), Some(standing(300, "we")));
    replay.change(2, at("2026-04-02T00:00:00Z"), None);
    let months = replay.end(Month::of(at("2026-05-01T00:00:00Z")));
    let told: Vec<(String, u64, u64)> = months
        .iter()
        .map(|(month, overview)| (month.to_string(), overview.all.records, overview.all.points))
        .collect();
    let expected = [
        ("2026-01", 2, 300),
        ("2026-02", 2, 500),
        ("2026-03", 2, 500),
        ("2026-04", 1, 300),
    ];
    assert_eq!(
        told,
        expected.map(|(month, records, points)| (month.to_owned(), records, points))
    );
    assert_eq!(months[0].1.providers["they"].points, 200);
    assert!(!months[3].1.providers.contains_key("they"));
}

#[test]
fn a_clock_that_was_set_back_changes_no_month_that_has_ended() {
    let mut replay = Replay::default();
    replay.change(1, at("2026-02-10T00:00:00Z"), Some(standing(100, "we")));
    replay.change(2, at("2026-01-10T00:00:00Z"), Some(standing(300, "we")));
    let months = replay.end(Month::of(at("2026-03-01T00:00:00Z")));
    assert_eq!(months.len(), 1);
    assert_eq!(
        (months[0].0.to_string().as_str(), months[0].1.all.records),
        ("2026-02", 2)
    );
}

#[test]
fn a_provider_goes_by_its_first_english_name() {
    let provider = |more: &str| {
        let standing = RULES.standing(
            "dataset",
            &iri(),
            None,
            &triples(&format!("{LEAST} ; {more}")),
        );
        standing.unwrap().provider
    };
    let name = |text: &str| Some(text.to_owned());
    assert_eq!(
        provider("dct:publisher [ foaf:name 'Wir'@de , 'We'@en , 'Us' ]"),
        name("Us")
    );
    assert_eq!(
        provider("dct:publisher [ foaf:name 'Wir'@de ]"),
        name("Wir")
    );
    assert_eq!(
        provider("dct:publisher <https://a.example/us>"),
        name("https://a.example/us")
    );
    assert_eq!(provider("dcat:keyword 'x'"), None);
}
