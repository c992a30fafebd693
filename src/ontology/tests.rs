//! Does the ontology keep its promises, on the bundled files and on small ones made by hand?

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::build::assemble;
use super::source::{self, Source};
use super::*;

static BUNDLED: LazyLock<Ontology> = LazyLock::new(|| Ontology::bundled().unwrap());

fn eucaim(code: &str) -> String {
    format!("https://cancerimage.eu/ontology/EUCAIM#{code}")
}

fn codes(concepts: &[&Concept]) -> Vec<String> {
    let mut codes: Vec<String> = concepts
        .iter()
        .map(|concept| concept.code.clone())
        .collect();
    codes.sort();
    codes
}

fn found(text: &str, under: Option<&str>, limit: usize) -> Vec<String> {
    let hits = BUNDLED.search(text, under, limit);
    hits.iter().map(|hit| hit.concept.code.clone()).collect()
}

#[test]
fn the_bundled_files_are_whole() {
    assert!(BUNDLED.problems().is_empty(), "{:?}", BUNDLED.problems());
    let graph = "https://cancerimage.eu/ontology/EUCAIM";
    let own = BUNDLED
        .concepts()
        .iter()
        .filter(|concept| &*concept.source == graph)
        .count();
    assert_eq!(own, 3991);
    assert_eq!(BUNDLED.graph_names().next().unwrap().as_str(), graph);
    let unlabelled: Vec<_> = BUNDLED
        .concepts()
        .iter()
        .filter(|concept| concept.labels.is_empty())
        .collect();
    assert_eq!(codes(&unlabelled), ["GEN1000029"]);
    assert_eq!(
        BUNDLED.concept(&eucaim("GEN1000029")).unwrap().name(),
        "GEN1000029"
    );
}

#[test]
fn tiers_are_nested_and_one_digit_apart() {
    let tiers = codes(&BUNDLED.members(&eucaim("SPEC1000008")));
    let expected = [
        "SPEC10000011",
        "SPEC1000009",
        "SPEC1000010",
        "SPEC1000011",
        "SPEC1000012",
        "SPEC1000013",
        "SPEC1000014",
        "SPEC1000015",
        "SPEC1000016",
    ];
    assert_eq!(tiers, expected);
    assert_eq!(BUNDLED.label(&eucaim("SPEC1000011"), "en"), Some("Tier 2"));
    assert_eq!(
        BUNDLED.label(&eucaim("SPEC10000011"), "en"),
        Some("Tier 1C+")
    );
    assert!(BUNDLED.is_a(&eucaim("SPEC10000011"), &eucaim("SPEC1000009")));
    assert_eq!(found("tier 1c+", None, 1), ["SPEC10000011"]);
}

#[test]
fn value_sets_have_the_published_members() {
    let count = |root: &str| BUNDLED.members(&eucaim(root)).len();
    assert_eq!(
        codes(&BUNDLED.members(&eucaim("COM1001396"))),
        ["COM1001366", "COM1001370"]
    );
    assert_eq!(count("IMG1000009"), 52);
    assert_eq!(count("IMG1000010"), 20);
    assert_eq!(count("IMG1005453"), 65);
    assert_eq!(count("BP1000024"), 494);
    assert_eq!(count("BP1000265"), 201);
    assert_eq!(count("CLIN1007977"), 255);
    assert_eq!(count("SPEC1000002"), 6);
    assert_eq!(count("SPEC1000017"), 3);
    assert_eq!(count("COM1001204"), 3);
}

#[test]
fn body_structures_are_the_segmentation_value_set() {
    // The digest of the sorted codes of EUCAIM DCAT-AP's segmentation-labels.csv.
    const PUBLISHED: &str = "00a44d666328ef10a4e4d5f9e24896f9fe326725788513e159d778af9cbdda36";
    let members = codes(&BUNDLED.descendants(&eucaim("BP1000024"))).join("\n");
    assert_eq!(hex::encode(Sha256::digest(members)), PUBLISHED);
}

#[test]
fn membership_is_by_hierarchy_not_by_prefix() {
    assert!(BUNDLED.is_a(&eucaim("CLIN1063722"), &eucaim("BP1000024")));
    assert!(!BUNDLED.is_a(&eucaim("BP1000407"), &eucaim("BP1000024")));
    assert!(BUNDLED.is_a(&eucaim("BP1000024"), &eucaim("BP1000024")));
    assert!(!BUNDLED.is_a("https://example.org/unknown", &eucaim("BP1000024")));
}

#[test]
fn breast_finds_all_four_codes() {
    let body = eucaim("BP1000024");
    let hits = found("breast", Some(&body), 8);
    for code in ["BP1000136", "BP1000264", "BP1000270", "CLIN1063727"] {
        assert!(
            hits.iter().any(|hit| hit == code),
            "{code} is not in {hits:?}"
        );
    }
    assert_eq!(hits[0], "CLIN1063727");
    assert_eq!(
        codes(&BUNDLED.by_label("OVARY")),
        ["BP1000274", "BP1000340"]
    );
}

#[test]
fn words_are_found_in_any_language_begun_or_mistyped() {
    let cancer = eucaim("CLIN1007977");
    let modality = eucaim("IMG1000009");
    assert_eq!(found("Brustkrebs", Some(&cancer), 1), ["CLIN1000060"]);
    assert_eq!(
        found("cancer de prostata", Some(&cancer), 1),
        ["CLIN1000075"]
    );
    assert_eq!(found("œsophage", None, 1), ["BP1000303"]);
    assert!(found("mamografy", Some(&modality), 3).contains(&"IMG1004455".to_owned()));
    assert!(found("prostt", Some(&eucaim("BP1000024")), 20).contains(&"BP1000021".to_owned()));
    assert_eq!(
        found("magnetic resonance ima", Some(&modality), 1),
        ["IMG1000038"]
    );
    assert_eq!(found("MR", Some(&modality), 1), ["IMG1000038"]);
    assert!(found("krebs", Some(&cancer), 30).contains(&"CLIN1000060".to_owned()));
    assert_eq!(found("GE MEDICAL SYSTEMS", None, 1), ["IMG1000047"]);
    // The sex before a lone class of the same label.
    assert_eq!(found("female", None, 1), ["COM1001370"]);
    assert!(found("", None, 5).is_empty());
    assert!(found("xyzzyxyzzy", None, 5).is_empty());
    assert_eq!(found("tumor", None, 7).len(), 7);
}

#[test]
fn codes_of_any_system_lead_to_the_concept() {
    let by = |system: Option<&str>, code: &str| codes(&BUNDLED.by_code(system, code));
    for code in [
        "113091000",
        "snomed:113091000",
        "SNOMEDCT:113091000",
        "sct:113091000",
    ] {
        assert!(by(None, code).contains(&"IMG1000022".to_owned()), "{code}");
    }
    assert_eq!(by(Some("SNOMED-CT"), "113091000"), ["IMG1000022"]);
    assert_eq!(by(None, "RID10312"), ["IMG1000022", "IMG1000038"]);
    assert_eq!(by(Some("radlex"), "rid10312"), ["IMG1000022", "IMG1000038"]);
    assert_eq!(by(Some("DICOM"), "MR"), ["IMG1000038"]);
    assert_eq!(by(None, "MR"), ["IMG1000038"]);
    assert!(by(None, "C50").contains(&"CLIN1000060".to_owned()));
    assert_eq!(by(Some("LOINC"), "LA2-8"), ["COM1001366"]);
    assert_eq!(by(None, "IMG1000038"), ["IMG1000038"]);
    assert_eq!(by(Some("access-right"), "NON_PUBLIC"), ["NON_PUBLIC"]);
    assert!(by(Some("LOINC"), "113091000").is_empty());
    assert!(by(Some("DICOM"), "AS").is_empty());
}

#[test]
fn a_procedure_given_as_modality_names_its_method() {
    assert!(!BUNDLED.is_a(&eucaim("IMG1000022"), &eucaim("IMG1000009")));
    assert_eq!(
        BUNDLED.method_of(&eucaim("IMG1000022")).unwrap().code,
        "IMG1000038"
    );
    assert!(BUNDLED.is_a(&eucaim("IMG1000038"), &eucaim("IMG1000009")));
    assert!(BUNDLED.method_of(&eucaim("IMG1000038")).is_none());
}

#[test]
fn every_concept_is_under_its_ancestors_and_none_under_itself() {
    for concept in BUNDLED.concepts() {
        for ancestor in BUNDLED.ancestors(&concept.iri) {
            assert!(BUNDLED.is_a(&concept.iri, &ancestor.iri));
            assert!(
                !BUNDLED.is_a(&ancestor.iri, &concept.iri),
                "{}",
                concept.iri
            );
        }
    }
    let above = BUNDLED.parents(&eucaim("BP1000021"));
    assert_eq!(codes(&above), ["BP1000086", "BP1000251", "BP1000265"]);
    assert!(BUNDLED.children(&eucaim("BP1000024")).len() == 4);
    let roots = codes(&BUNDLED.roots());
    for module in [
        "CLIN1000001",
        "COM1000001",
        "GEN1000001",
        "IMG1000001",
        "SPEC1000001",
    ] {
        assert!(roots.contains(&module.to_owned()), "{module}");
    }
}

#[test]
fn only_what_is_out_of_use_has_a_replacement() {
    let replaced = |iri: &str| BUNDLED.replacement(iri).map(str::to_owned);
    let health = "https://hdeu-dcat.data.health.europa.eu/resource/authority";
    let old = "http://13.81.34.152:1101/resource/authority";
    for (iri, new) in [
        (
            "http://www.w3.org/ns/adms#interoperabilityLevel",
            eucaim("interoperabilityLevel"),
        ),
        (
            "https://hyperontology.eucaim.cancerimage.eu/#SPEC1000011",
            eucaim("SPEC1000011"),
        ),
        (
            &format!("{old}/healthcategories/EHRS"),
            format!("{health}/healthcategories/EHRS"),
        ),
        (
            &format!("{old}/health-theme/CANCER"),
            format!("{health}/health-theme/CANCER_DISEASE"),
        ),
    ] {
        assert_eq!(replaced(iri), Some(new), "{iri}");
        assert!(!BUNDLED.is_stranded(iri));
    }
    // A code and a match of others are in use, and so is what stands in its place.
    for iri in [
        "http://snomed.info/id/113091000",
        "https://creativecommons.org/licenses/by/4.0/",
        &eucaim("SPEC1000011"),
        "https://x.example/",
    ] {
        assert_eq!(replaced(iri), None, "{iri}");
        assert!(!BUNDLED.is_stranded(iri));
    }
    assert!(BUNDLED.is_stranded(&format!("{old}/healthcategories/NOWHERE")));
}

#[test]
fn every_alias_resolves() {
    for (old, new) in &BUNDLED.aliases {
        let canonical = BUNDLED.canonical(old);
        assert_eq!(canonical, &**new);
        let is_final = BUNDLED.canonical(canonical) == canonical;
        assert!(is_final, "{old} leads to {canonical}, which leads on");
    }
    let same = |alias: &str, canonical: &str| assert_eq!(BUNDLED.canonical(alias), canonical);
    let health = "https://hdeu-dcat.data.health.europa.eu/resource/authority";
    same(
        "http://healthdataportal.eu/ns/health#healthCategory",
        "https://w3id.org/healthdcat-ap#healthCategory",
    );
    for host in [
        "https://hdeu-dcat.acceptance.data.health.europa.eu/resource/authority",
        "http://publications.europa.eu/resource/authority",
        "http://13.81.34.152:1101/resource/authority",
    ] {
        same(
            &format!("{host}/healthcategories/EHRS"),
            &format!("{health}/healthcategories/EHRS"),
        );
    }
    same(
        "https://w3id.org/dpv/dpv-pd#Age",
        "https://w3id.org/dpv/pd#Age",
    );
    same("http://snomed.info/id/113091000", &eucaim("IMG1000022"));
    same(
        "http://www.w3.org/ns/adms#interoperabilityLevel",
        "https://cancerimage.eu/ontology/EUCAIM#interoperabilityLevel",
    );
    same(
        "https://hyperontology.eucaim.cancerimage.eu/#SPEC1000011",
        &eucaim("SPEC1000011"),
    );
    same(
        "https://creativecommons.org/licenses/by/4.0/",
        "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
    );
    same("https://example.org/other", "https://example.org/other");
    assert!(BUNDLED.concept("http://snomed.info/id/113091000").is_some());
}

#[test]
fn a_code_of_several_classes_means_the_one_above_the_others_or_none() {
    // C4872: malignant neoplasm of breast, and carcinoma of breast below it.
    let breast = BUNDLED.canonical("http://purl.obolibrary.org/obo/NCIT_C4872");
    assert_eq!(breast, eucaim("CLIN1000060"));
    // RID10312: the procedure and the action, neither above the other.
    let either = "http://radlex.org/RID/RID10312";
    assert_eq!(BUNDLED.canonical(either), either);
}

#[test]
fn equivalents_go_both_ways() {
    assert_eq!(
        codes(&BUNDLED.equivalents(&eucaim("BP1000136"))),
        ["BP1000270"]
    );
    assert_eq!(
        codes(&BUNDLED.equivalents(&eucaim("BP1000270"))),
        ["BP1000136"]
    );
}

#[test]
fn code_lists_have_their_members() {
    let authority = "http://publications.europa.eu/resource/authority";
    let count = |iri: &str| BUNDLED.scheme(iri).map(|list| list.members.len());
    assert_eq!(count(&format!("{authority}/access-right")), Some(6));
    assert_eq!(count(&format!("{authority}/data-theme")), Some(13));
    assert_eq!(count(&format!("{authority}/healthcategories")), Some(17));
    assert_eq!(count(&format!("{authority}/health-theme")), Some(20));
    let uses = "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/data-use-conditions/#";
    assert_eq!(count(uses), Some(23));
    // Upstream's concepts name a scheme that is declared nowhere.
    let undeclared = "https://eucaim.github.io/eucaim_dcat_ap/resource/authority/access-condition";
    let access = codes(&BUNDLED.members(undeclared));
    assert_eq!(
        access,
        ["DOWNLOAD", "IN_SITU_PROCESSING", "REMOTE_PROCESSING"]
    );
    assert!(BUNDLED.is_member(
        "http://publications.europa.eu/resource/authority/country/ESP",
        "http://publications.europa.eu/resource/authority/country"
    ));
    let heal = format!("{authority}/data-theme/HEAL");
    assert_eq!(BUNDLED.label(&heal, "de"), Some("Gesundheit"));
    assert_eq!(BUNDLED.label(&heal, "de-AT"), Some("Gesundheit"));
    assert_eq!(BUNDLED.label(&heal, "tlh"), Some("Health"));
    let legislation = "http://data.europa.eu/eli/reg/2025/327/oj";
    assert!(
        BUNDLED
            .label(legislation, "en")
            .unwrap()
            .contains("European Health Data Space")
    );
    let empty: Vec<_> = BUNDLED
        .schemes()
        .into_iter()
        .filter(|list| list.members.is_empty())
        .collect();
    assert!(empty.is_empty(), "{empty:?}");
}

#[test]
fn shapes_find_background_facts() {
    let subject = |iri: &str| Term::from(NamedNode::new(iri).unwrap());
    let objects = |iri: &str, predicate| {
        let found = BUNDLED.objects(&subject(iri), predicate);
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        objects(&eucaim("IMG1000022"), rdfs::SUB_CLASS_OF),
        [format!("<{}>", eucaim("IMG1005453"))]
    );
    let scheme = "http://publications.europa.eu/resource/authority/access-right";
    assert_eq!(
        objects(&format!("{scheme}/PUBLIC"), skos::IN_SCHEME),
        [format!("<{scheme}>")]
    );
    assert_eq!(
        objects(scheme, rdf::TYPE),
        [skos::CONCEPT_SCHEME.to_string()]
    );
    assert!(objects(&eucaim("IMG1000022"), rdf::TYPE).contains(&skos::CONCEPT.to_string()));
    assert!(objects("https://example.org/x", rdf::TYPE).is_empty());
}

#[test]
fn graphs_hold_every_triple_and_are_always_the_same() {
    let first: Vec<_> = BUNDLED.graphs().collect();
    let second: Vec<_> = BUNDLED.graphs().collect();
    assert_eq!(first, second);
    assert_eq!(first.len(), BUNDLED.graph_names().count());
    assert!(first.iter().all(|(_, triples)| !triples.is_empty()));
    assert!(first[0].1.len() > 20_000, "{}", first[0].1.len());
}

/// The shape of the official file in small.
const OFFICIAL: &str = r#"<?xml version="1.0"?>
<rdf:RDF xmlns="https://cancerimage.eu/ontology/EUCAIM#"
     xml:base="https://cancerimage.eu/ontology/EUCAIM"
     xmlns:owl="http://www.w3.org/2002/07/owl#"
     xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
     xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
     xmlns:skos="http://www.w3.org/2004/02/skos/core#"
     xmlns:xsd="http://www.w3.org/2001/XMLSchema#">
  <owl:Ontology rdf:about="https://cancerimage.eu/ontology/EUCAIM#">
    <owl:versionInfo rdf:datatype="http://www.w3.org/2001/XMLSchema#decimal">2.1</owl:versionInfo>
  </owl:Ontology>
  <owl:AnnotationProperty rdf:about="https://cancerimage.eu/ontology/EUCAIM#SNOMEDCT"/>
  <owl:ObjectProperty rdf:about="https://cancerimage.eu/ontology/EUCAIM#P17">
    <rdfs:label>has method</rdfs:label>
  </owl:ObjectProperty>
  <owl:Class rdf:about="https://cancerimage.eu/ontology/EUCAIM#IMG1000009">
    <rdfs:subClassOf rdf:resource="http://www.w3.org/2002/07/owl#Thing"/>
    <rdfs:label xml:lang="en">Imaging modality</rdfs:label>
  </owl:Class>
  <owl:Class rdf:about="https://cancerimage.eu/ontology/EUCAIM#IMG1000038">
    <rdfs:subClassOf rdf:resource="https://cancerimage.eu/ontology/EUCAIM#IMG1000009"/>
    <rdfs:label xml:lang="en">MRI action</rdfs:label>
  </owl:Class>
  <owl:Class rdf:about="https://cancerimage.eu/ontology/EUCAIM#IMG1000022">
    <owl:equivalentClass>
      <owl:Class><owl:intersectionOf rdf:parseType="Collection">
        <rdf:Description rdf:about="https://cancerimage.eu/ontology/EUCAIM#IMG1000009"/>
      </owl:intersectionOf></owl:Class>
    </owl:equivalentClass>
    <rdfs:subClassOf>
      <owl:Restriction>
        <owl:onProperty rdf:resource="https://cancerimage.eu/ontology/EUCAIM#P17"/>
        <owl:someValuesFrom rdf:resource="https://cancerimage.eu/ontology/EUCAIM#IMG1000038"/>
      </owl:Restriction>
    </rdfs:subClassOf>
    <SNOMEDCT rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">113091000</SNOMEDCT>
    <RadLex></RadLex>
    <source>NCIT:C16809</source>
    <rdfs:label xml:lang="en">Patient&apos;s MRI &gt; 1</rdfs:label>
    <skos:prefLabel xml:lang="en">Magnetic resonance</skos:prefLabel>
    <skos:altLabel xml:lang="en">NMR
      imaging</skos:altLabel>
    <skos:altLabel rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">false</skos:altLabel>
    <skos:exactMatch>UMLS:C0412452</skos:exactMatch>
    <skos:exactMatch>RADLEX:RID10312</skos:exactMatch>
    <skos:exactMatch>Brain tissue structure</skos:exactMatch>
  </owl:Class>
</rdf:RDF>
"#;

#[test]
fn the_official_file_replaces_the_bundled_graph_but_not_our_additions() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("eucaim_hyperontology.owl"), OFFICIAL).unwrap();
    fs::write(folder.path().join("README.md"), "not RDF").unwrap();
    let ontology = Ontology::load(Some(folder.path())).unwrap();
    assert!(ontology.problems().is_empty(), "{:?}", ontology.problems());
    let mri = ontology.concept(&eucaim("IMG1000022")).unwrap();
    assert_eq!(mri.label("en"), Some("Patient's MRI > 1"));
    assert_eq!(mri.label("de"), Some("Magnetresonanztomographie"));
    let synonyms: Vec<&str> = mri.synonyms.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(synonyms, ["Magnetic resonance", "NMR imaging"]);
    let codes: Vec<_> = mri
        .codes
        .iter()
        .map(|c| format!("{}:{}", c.system, c.code))
        .collect();
    assert_eq!(
        codes,
        [
            "SNOMEDCT:113091000",
            "UMLS:C0412452",
            "RadLex:RID10312",
            "NCIT:C16809"
        ]
    );
    assert_eq!(ontology.method_of(&mri.iri).unwrap().code, "IMG1000038");
    assert!(ontology.is_a(&eucaim("IMG1000038"), &eucaim("IMG1000009")));
    assert_eq!(ontology.roots().len(), 1 + dpv_roots(&ontology));
    assert!(
        ontology.concept(&eucaim("BP1000021")).is_none(),
        "the old graph is out of force"
    );
    let names: Vec<_> = ontology.graph_names().map(NamedNode::as_str).collect();
    assert_eq!(names[0], "https://cancerimage.eu/ontology/EUCAIM");
    assert_eq!(names.len(), BUNDLED.graph_names().count());
    let (_, triples) = ontology.graphs().next().unwrap();
    assert!(triples.len() > 20);
}

fn dpv_roots(ontology: &Ontology) -> usize {
    let roots = ontology.roots();
    roots
        .iter()
        .filter(|root| root.iri.starts_with("https://w3id.org/dpv"))
        .count()
}

#[test]
fn a_broken_file_is_told_with_its_line_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("hyperontology.ttl"),
        "# one\n<urn:a> <urn:b>\n  .\n",
    )
    .unwrap();
    let unclosed = OFFICIAL.replace("</skos:prefLabel>", "</skos:prefLabe>");
    fs::write(folder.path().join("other.owl"), unclosed).unwrap();
    fs::write(
        folder.path().join("nameless.ttl"),
        "<urn:a> <urn:b> <urn:c> .",
    )
    .unwrap();
    let ontology = Ontology::load(Some(folder.path())).unwrap();
    let problems: Vec<String> = ontology
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].contains("hyperontology.ttl") && problems[0].contains("line 3"));
    assert!(problems[1].contains("nameless.ttl") && problems[1].contains("owl:Ontology"));
    assert!(
        problems[2].contains("other.owl") && problems[2].contains("line 40"),
        "{problems:?}"
    );
    assert_eq!(ontology.concepts().len(), BUNDLED.concepts().len());
    assert!(Ontology::load(Some(&folder.path().join("absent"))).is_err());
}

#[test]
fn a_list_in_json_ld_replaces_the_bundled_one() {
    let folder = tempfile::tempdir().unwrap();
    let scheme = "http://publications.europa.eu/resource/authority/access-right";
    let text = format!(
        r#"{{"@context": {{"skos": "http://www.w3.org/2004/02/skos/core#"}}, "@graph": [
          {{"@id": "{scheme}", "@type": "skos:ConceptScheme",
            "skos:hasTopConcept": {{"@id": "{scheme}/NEW"}}}},
          {{"@id": "{scheme}/NEW", "@type": "skos:Concept", "skos:prefLabel": "new"}}]}}"#
    );
    fs::write(folder.path().join("rights.jsonld"), text).unwrap();
    let ontology = Ontology::load(Some(folder.path())).unwrap();
    assert!(ontology.problems().is_empty(), "{:?}", ontology.problems());
    assert_eq!(codes(&ontology.members(scheme)), ["NEW"]);
    assert!(ontology.is_member(&format!("{scheme}/NEW"), scheme));
}

#[test]
fn a_circle_in_the_hierarchy_is_told_and_harmless() {
    const CIRCLE: &str = r"@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        <https://e.org/o> a owl:Ontology .
        <https://e.org/a> a owl:Class ; rdfs:subClassOf <https://e.org/b>, <https://e.org/a> .
        <https://e.org/b> a owl:Class ; rdfs:subClassOf <https://e.org/c> .
        <https://e.org/c> a owl:Class ; rdfs:subClassOf <https://e.org/a> .";
    let sources = vec![Source::from_text("circle.ttl", CIRCLE)];
    let ontology = assemble(sources, Vec::new(), Vec::new()).unwrap();
    assert_eq!(ontology.problems().len(), 3);
    assert_eq!(ontology.ancestors("https://e.org/a").len(), 2);
    let bundled_files = source::bundled().len();
    assert!(bundled_files >= 24, "{bundled_files}");
}

#[test]
fn the_generator_writes_the_committed_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let suites = std::env::var_os("VESALIUS_SUITES").map(PathBuf::from);
    let sources = suites
        .unwrap_or_else(|| root.join("../shared/suites"))
        .join("..");
    if !sources.join("data/ontology/concepts.tsv").exists() {
        eprintln!(
            "SKIPPED: the generator's source tables are not at {}",
            sources.display()
        );
        return;
    }
    let output = tempfile::tempdir().unwrap();
    let script = root.join("tools/ontology/build.py");
    let run = Command::new("python3")
        .arg(script)
        .arg(sources)
        .arg(output.path())
        .output();
    let Ok(run) = run else {
        eprintln!("SKIPPED: there is no python3 to run the generator");
        return;
    };
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let mut count = 0;
    for entry in fs::read_dir(output.path()).unwrap() {
        let path = entry.unwrap().path();
        let committed = root.join("ontology").join(path.file_name().unwrap());
        assert_eq!(
            fs::read(&path).unwrap(),
            fs::read(&committed).unwrap(),
            "{committed:?}"
        );
        count += 1;
    }
    assert_eq!(count, source::bundled().len());
}

#[test]
fn every_file_names_its_source_and_licence() {
    for source in source::bundled() {
        let text = String::from_utf8(source.bytes().into_owned()).unwrap();
        assert!(text.contains("dct:license <https://"), "{}", source.file);
    }
}

#[test]
fn threads_share_one_ontology() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*BUNDLED);
}
