//! Promises of search, tried on small catalogues.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::rdf::{Literal, NamedNode, NamedOrBlankNode, Term, Triple};

const EUCAIM: &str = "https://cancerimage.eu/ontology/EUCAIM#";
const DCT: &str = "http://purl.org/dc/terms/";
const HDAP: &str = "http://healthdataportal.eu/ns/health#";
const HEALTH: &str = "https://w3id.org/healthdcat-ap#";

fn concept(code: &str) -> String {
    format!("{EUCAIM}{code}")
}

fn anatomy() -> ConceptTable {
    let mut table = ConceptTable::default();
    let mut add = |code: &str, label: &str, parents: &[&str], synonyms: &[&str]| {
        let parents: Vec<String> = parents.iter().map(|parent| concept(parent)).collect();
        let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
        table.add(&concept(code), label, &parents, synonyms);
    };
    add("CLIN1007977", "Malignant neoplastic disease", &[], &[]);
    add(
        "CLIN1",
        "Malignant tumor of digestive organ",
        &["CLIN1007977"],
        &[],
    );
    add("CLIN1000057", "Colon cancer", &["CLIN1"], &["C18"]);
    add(
        "CLIN1000060",
        "Breast cancer",
        &["CLIN1007977"],
        &["C50", "mammary carcinoma"],
    );
    add("IMG1000009", "Image modality", &[], &[]);
    add(
        "IMG1000038",
        "Magnetic resonance imaging",
        &["IMG1000009"],
        &["MR", "MRI"],
    );
    add(
        "IMG1000042",
        "Computed tomography",
        &["IMG1000009"],
        &["CT"],
    );
    table
}

/// A record in the making.
struct Draft(IndexedRecord);

fn dataset(id: &str) -> Draft {
    Draft(IndexedRecord {
        iri: format!("https://example.org/dataset/{id}"),
        path: format!("/dataset/{id}"),
        kind: "dataset".to_owned(),
        catalogue: Some((
            "https://example.org/catalog/one".to_owned(),
            "Catalogue One".to_owned(),
        )),
        triples: Vec::new(),
        first_published: Timestamp::UNIX_EPOCH,
        changed: Timestamp::UNIX_EPOCH,
        quality: None,
        profiles: vec!["plain".to_owned()],
    })
}

impl Draft {
    fn add(mut self, property: &str, object: impl Into<Term>) -> Self {
        let subject = NamedNode::new_unchecked(&self.0.iri);
        self.0.triples.push(Triple::new(
            subject,
            NamedNode::new_unchecked(property),
            object,
        ));
        self
    }

    fn text(self, property: &str, text: &str, language: &str) -> Self {
        self.add(
            property,
            Literal::new_language_tagged_literal_unchecked(text, language),
        )
    }

    fn title(self, title: &str) -> Self {
        self.text(&format!("{DCT}title"), title, "en")
    }

    fn description(self, text: &str, language: &str) -> Self {
        self.text(&format!("{DCT}description"), text, language)
    }

    fn tagged(self, property: &str, code: &str) -> Self {
        self.add(
            &format!("{EUCAIM}{property}"),
            NamedNode::new_unchecked(concept(code)),
        )
    }

    fn subjects(self, number: i64) -> Self {
        self.add(
            &format!("{HEALTH}numberOfUniqueIndividuals"),
            Literal::from(number),
        )
    }

    fn published(mut self, second: i64) -> Self {
        self.0.first_published = Timestamp::from_second(second).unwrap();
        self.0.changed = self.0.first_published;
        self
    }

    fn put(self) -> IndexChange {
        IndexChange::Put(Box::new(self.0))
    }
}

fn open(folder: &Path, concepts: ConceptTable) -> Result<Index, Error> {
    let settings = Settings::default();
    Index::open(
        folder,
        &settings,
        Arc::new(concepts),
        FacetDefinitions::built_in(),
    )
}

fn index_of(changes: &[IndexChange]) -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path(), anatomy()).unwrap();
    index.apply(1, changes).unwrap();
    (folder, index)
}

fn ask(pairs: &[(&str, &str)]) -> SearchQuery {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect();
    SearchQuery::from_pairs(&pairs)
}

fn found(index: &Index, pairs: &[(&str, &str)]) -> BTreeSet<String> {
    let page = index.search(&ask(pairs)).unwrap();
    assert_eq!(page.total, page.hits.len() as u64);
    page.hits
        .into_iter()
        .map(|hit| hit.path.replace("/dataset/", ""))
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn three() -> Vec<IndexChange> {
    vec![
        dataset("mammo")
            .title("Mammography screening")
            .description("Women over 50, <b>screened</b> twice in a trial", "en")
            .tagged("hasCondition", "CLIN1000060")
            .tagged("hasImageModality", "IMG1000038")
            .subjects(300)
            .published(30)
            .put(),
        dataset("colon")
            .title("Tumeurs du côlon")
            .description("Une étude clinique multicentrique", "fr")
            .tagged("hasCondition", "CLIN1000057")
            .tagged("hasImageModality", "IMG1000042")
            .subjects(120)
            .published(20)
            .put(),
        dataset("mixed")
            .title("A mixed collection")
            .description("Screening of everything; trial of nothing", "en")
            .tagged("hasImageModality", "IMG1000038")
            .tagged("hasImageModality", "IMG1000042")
            .add(
                &format!("{HDAP}numberOfUniqueIndividuals"),
                Literal::from(7),
            )
            .published(10)
            .put(),
    ]
}

#[test]
fn words_are_stemmed_in_the_language_of_the_text() {
    let (_folder, index) = index_of(&three());
    assert_eq!(found(&index, &[("q", "études cliniques")]), set(&["colon"]));
    assert_eq!(found(&index, &[("q", "etude")]), set(&["colon"]));
    assert_eq!(found(&index, &[("q", "COLON")]), set(&["colon"]));
    assert_eq!(found(&index, &[("q", "collections")]), set(&["mixed"]));
}

#[test]
fn phrases_keep_their_order() {
    let (_folder, index) = index_of(&three());
    assert_eq!(
        found(&index, &[("q", "\"mammography screening\"")]),
        set(&["mammo"])
    );
    assert_eq!(
        found(&index, &[("q", "\"screening mammography\"")]),
        set(&[])
    );
}

#[test]
fn a_phrase_is_all_its_words_in_a_row_within_one_text() {
    let change = |id: &str, title: &str, text: &str| {
        let draft = dataset(id).title(title);
        draft.description(text, "en").put()
    };
    let (_folder, index) = index_of(&[
        change("row", "One", "Late contrast enhanced images of the liver"),
        change("apart", "Two", "contrast enhanced; later enhanced images"),
        change("texts", "Three contrast enhanced", "images"),
        change("stems", "Four", "contrasts enhancing image"),
    ]);
    let row = found(&index, &[("q", "\"contrast enhanced images\"")]);
    assert_eq!(row, set(&["row"]));
    let two = found(&index, &[("q", "\"Contrast Enhanced\"")]);
    assert_eq!(two, set(&["row", "apart", "texts"]));
    let long = "\"late contrast enhanced images of the liver\"";
    assert_eq!(found(&index, &[("q", long)]), set(&["row"]));
}

#[test]
fn words_that_never_meet_are_sought_apart_and_it_is_said() {
    let (_folder, index) = index_of(&three());
    let page = index
        .search(&ask(&[("q", "everything multicentrique")]))
        .unwrap();
    assert!(page.relaxed);
    assert_eq!(page.total, 2);
    let page = index.search(&ask(&[("q", "screening trial")])).unwrap();
    assert!(!page.relaxed);
}

#[test]
fn a_code_finds_everything_tagged_with_its_concept_or_below() {
    let (_folder, index) = index_of(&three());
    assert_eq!(found(&index, &[("q", "MR")]), set(&["mammo", "mixed"]));
    assert_eq!(
        found(&index, &[("q", "malignant tumor of digestive organ")]),
        set(&["colon"])
    );
    let page = index.search(&ask(&[("q", "c50 screening")])).unwrap();
    assert_eq!(page.understood.len(), 1);
    assert_eq!(page.understood[0].label, "Breast cancer");
    assert_eq!(page.total, 1);
}

#[test]
fn words_can_be_narrowed_to_one_of_their_meanings() {
    let (_folder, index) = index_of(&three());
    let narrowed = |sense: &str| found(&index, &[("q", "MR"), ("sense", sense)]);
    let page = index.search(&ask(&[("q", "MR")])).unwrap();
    let iri = page.understood[0].iri.clone();
    assert!(page.understood[0].taken);
    let both = set(&["mammo", "mixed"]);
    assert_eq!(narrowed(&format!("mr|{iri}")), both);
    let words = index
        .search(&ask(&[("q", "MR"), ("sense", "mr|words")]))
        .unwrap();
    assert!(!words.understood[0].taken, "the words, and no concept");
    assert_eq!(
        narrowed("mr|nothing of the kind"),
        both,
        "what it cannot mean narrows nothing"
    );
    assert_eq!(narrowed("other|words"), both);
}

#[test]
fn identifiers_are_found_exactly() {
    let (_folder, index) = index_of(&three());
    assert_eq!(
        found(&index, &[("q", "https://example.org/dataset/colon")]),
        set(&["colon"])
    );
    assert_eq!(found(&index, &[("q", "mammo")]), set(&["mammo"]));
}

#[test]
fn passages_are_safe_and_marked() {
    let (_folder, index) = index_of(&three());
    let page = index.search(&ask(&[("q", "screening twice")])).unwrap();
    let snippet = &page.hits[0].snippet_html;
    assert!(
        snippet.contains("&lt;b&gt;<mark>screened</mark>"),
        "{snippet}"
    );
    assert!(!snippet.contains("<b>"), "{snippet}");
}

#[test]
fn facets_follow_the_hierarchy_and_open_the_chosen_branch() {
    let (_folder, index) = index_of(&three());
    let page = index.search(&ask(&[("cancer", "CLIN1000057")])).unwrap();
    assert_eq!(page.total, 1);
    let cancer = &page
        .facets
        .iter()
        .find(|facet| facet.id == "cancer")
        .unwrap();
    let digestive = cancer
        .values
        .iter()
        .find(|value| value.value == concept("CLIN1"))
        .unwrap();
    assert_eq!(digestive.count, 1);
    assert_eq!(digestive.children.len(), 1);
    assert!(digestive.children[0].chosen);
    assert_eq!(
        cancer.values.len(),
        2,
        "the other branch is counted without the choice"
    );
    let modality = page
        .facets
        .iter()
        .find(|facet| facet.id == "modality")
        .unwrap();
    assert_eq!(modality.values.len(), 1);
    assert_eq!(modality.values[0].label, "Computed tomography");
    let catalogue = page
        .facets
        .iter()
        .find(|facet| facet.id == "catalogue")
        .unwrap();
    assert_eq!(catalogue.values[0].label, "Catalogue One");
}

#[test]
fn numbers_have_ranges_and_histograms_in_either_namespace() {
    let (_folder, index) = index_of(&three());
    assert_eq!(found(&index, &[("subjects", "100..200")]), set(&["colon"]));
    assert_eq!(found(&index, &[("subjects", "..100")]), set(&["mixed"]));
    let page = index.search(&ask(&[("subjects", "100..")])).unwrap();
    let subjects = page
        .facets
        .iter()
        .find(|facet| facet.id == "subjects")
        .unwrap();
    let counted: u64 = subjects.histogram.iter().map(|bucket| bucket.count).sum();
    assert_eq!(counted, 3, "counted without its own choice");
    assert_eq!((subjects.min, subjects.max), (Some(120), Some(300)));
}

#[test]
fn years_of_a_period_all_count() {
    let period = NamedNode::new_unchecked("https://example.org/period");
    let dcat = "http://www.w3.org/ns/dcat#";
    let mut draft = dataset("period")
        .title("Period")
        .add(&format!("{DCT}temporal"), period.clone());
    for (name, value) in [("startDate", "2015-03-01"), ("endDate", "2017")] {
        let property = NamedNode::new_unchecked(format!("{dcat}{name}"));
        draft
            .0
            .triples
            .push(Triple::new(period.clone(), property, Literal::from(value)));
    }
    let (_folder, index) = index_of(&[draft.put(), dataset("other").title("Other").put()]);
    for year in ["2015", "2016", "2017", "2010..2016", "2017.."] {
        assert_eq!(found(&index, &[("year", year)]), set(&["period"]), "{year}");
    }
    assert_eq!(found(&index, &[("year", "2018..")]), set(&[]));
    let page = index.search(&ask(&[])).unwrap();
    let year = page.facets.iter().find(|facet| facet.id == "year").unwrap();
    assert_eq!(
        (year.values.len(), year.min, year.max),
        (3, Some(2015), Some(2017))
    );
}

#[test]
fn an_unknown_value_finds_nothing_and_can_be_taken_back() {
    let (_folder, index) = index_of(&three());
    let page = index
        .search(&ask(&[("cancer", "nothing"), ("nosuchfacet", "x")]))
        .unwrap();
    assert_eq!(page.total, 0);
    let cancer = page
        .facets
        .iter()
        .find(|facet| facet.id == "cancer")
        .unwrap();
    let unknown = cancer
        .values
        .iter()
        .find(|value| value.value == "nothing")
        .unwrap();
    assert!(unknown.chosen && unknown.count == 0);
}

#[test]
fn a_removed_record_is_nowhere() {
    let (_folder, index) = index_of(&three());
    assert_eq!(
        index.suggest("mamm", 10).unwrap().len(),
        2,
        "the concept and the record"
    );
    index
        .apply(
            2,
            &[IndexChange::Remove(
                "https://example.org/dataset/mammo".to_owned(),
            )],
        )
        .unwrap();
    assert_eq!(index.sequence(), 2);
    assert_eq!(index.len(), 2);
    assert_eq!(found(&index, &[("q", "mammography")]), set(&[]));
    assert_eq!(found(&index, &[("cancer", "CLIN1000060")]), set(&[]));
    assert_eq!(index.suggest("mamm", 10).unwrap(), []);
    assert_eq!(index.suggest("c50", 10).unwrap(), []);
    assert_eq!(index.statistics("en").subjects, 127);
    let everything = serde_json::to_string(&index.search(&ask(&[])).unwrap()).unwrap();
    assert!(!everything.to_lowercase().contains("mammo"), "{everything}");
}

#[test]
fn a_record_put_again_replaces_itself() {
    let (_folder, index) = index_of(&three());
    index
        .apply(2, &[dataset("mixed").title("Renamed").put()])
        .unwrap();
    assert_eq!(index.len(), 3);
    assert_eq!(found(&index, &[("q", "everything")]), set(&[]));
    assert_eq!(found(&index, &[("q", "renamed")]), set(&["mixed"]));
}

#[test]
fn suggestions_mix_concepts_and_records() {
    let (_folder, index) = index_of(&three());
    let labels = |typed: &str| -> Vec<String> {
        index
            .suggest(typed, 8)
            .unwrap()
            .into_iter()
            .map(|found| found.label)
            .collect()
    };
    assert_eq!(labels("reson"), ["Magnetic resonance imaging"]);
    assert_eq!(labels("a mixed coll"), ["A mixed collection"]);
    assert_eq!(
        labels("tum"),
        ["Malignant tumor of digestive organ", "Tumeurs du côlon"]
    );
    assert_eq!(labels("  "), Vec::<String>::new());
}

#[test]
fn the_sequence_is_kept_with_the_data() {
    let folder = tempfile::tempdir().unwrap();
    {
        let index = open(folder.path(), anatomy()).unwrap();
        assert_eq!(index.sequence(), 0);
        index.apply(7, &three()).unwrap();
        let mut bulk = index.begin_bulk();
        bulk.add(&[dataset("lost").title("Lost").put()]).unwrap();
        drop(bulk);
        let mut bulk = index.begin_bulk();
        bulk.add(&[dataset("kept").title("Kept").put()]).unwrap();
        bulk.finish(9).unwrap();
    }
    let index = open(folder.path(), anatomy()).unwrap();
    assert_eq!(index.sequence(), 9);
    assert_eq!(found(&index, &[("q", "kept")]), set(&["kept"]));
    assert_eq!(found(&index, &[("q", "lost")]), set(&[]));
    assert_eq!(index.statistics("en").datasets, 4);
}

#[test]
fn another_ontology_or_other_facets_ask_for_a_rebuild() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), anatomy())
        .unwrap()
        .apply(1, &three())
        .unwrap();
    let settings = Settings {
        concepts_version: "3".to_owned(),
        ..Settings::default()
    };
    let definitions = FacetDefinitions::built_in();
    let opened = Index::open(folder.path(), &settings, Arc::new(anatomy()), definitions);
    assert!(matches!(opened, Err(Error::NeedsRebuild)));
    std::fs::write(folder.path().join("meta.json"), "{").unwrap();
    assert!(matches!(
        open(folder.path(), anatomy()),
        Err(Error::Damaged)
    ));
}

/// A random catalogue: 40 concepts where each may have two parents with smaller numbers.
#[derive(Clone, Debug)]
struct Catalogue {
    parents: Vec<BTreeSet<usize>>,
    records: Vec<Random>,
    removed: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
struct Random {
    cancers: BTreeSet<usize>,
    sexes: BTreeSet<u8>,
    subjects: Option<u16>,
    word: bool,
}

const CONCEPTS: usize = 14;

fn catalogues() -> impl Strategy<Value = Catalogue> {
    let parents = (1..CONCEPTS)
        .map(|concept| proptest::collection::btree_set(0..concept, 1..=2.min(concept)).boxed());
    let parents: Vec<_> = parents.collect();
    let record = (
        proptest::collection::btree_set(0..CONCEPTS, 0..3),
        proptest::collection::btree_set(0u8..3, 0..3),
        proptest::option::of(0u16..400),
        any::<bool>(),
    );
    let record = record.prop_map(|(cancers, sexes, subjects, word)| Random {
        cancers,
        sexes,
        subjects,
        word,
    });
    let records = proptest::collection::vec(record, 1..30);
    let removed = proptest::collection::btree_set(0usize..30, 0..5);
    (parents, records, removed).prop_map(|(parents, records, removed)| {
        let mut all = vec![BTreeSet::new()];
        all.extend(parents);
        Catalogue {
            parents: all,
            records,
            removed,
        }
    })
}

fn code(concept: usize) -> String {
    if concept == 0 {
        "CLIN1007977".to_owned()
    } else {
        format!("T{concept}")
    }
}

impl Catalogue {
    fn table(&self) -> ConceptTable {
        let mut table = ConceptTable::default();
        for (number, parents) in self.parents.iter().enumerate() {
            let parents: Vec<String> = parents
                .iter()
                .map(|&parent| concept(&code(parent)))
                .collect();
            let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
            table.add(
                &concept(&code(number)),
                &format!("concept {number}"),
                &parents,
                &[],
            );
        }
        table
    }

    fn above(&self, concept: usize) -> BTreeSet<usize> {
        let mut above = BTreeSet::from([concept]);
        for &parent in &self.parents[concept] {
            above.extend(self.above(parent));
        }
        above
    }

    fn index(&self, folder: &Path) -> Index {
        let index = open(folder, self.table()).unwrap();
        let put = |(number, record): (usize, &Random)| {
            let title = if record.word {
                "chosen word"
            } else {
                "nothing"
            };
            let mut draft = dataset(&number.to_string())
                .title(title)
                .published(i64::try_from(number / 3).unwrap());
            for &cancer in &record.cancers {
                draft = draft.tagged("hasCondition", &code(cancer));
            }
            for sex in &record.sexes {
                draft = draft.tagged("hasBirthSex", &format!("S{sex}"));
            }
            if let Some(subjects) = record.subjects {
                draft = draft.subjects(i64::from(subjects));
            }
            draft.put()
        };
        let changes: Vec<IndexChange> = self.records.iter().enumerate().map(put).collect();
        let (first, second) = changes.split_at(changes.len() / 2);
        index.apply(1, first).unwrap();
        index.apply(2, second).unwrap();
        let gone = self
            .removed
            .iter()
            .map(|number| IndexChange::Remove(format!("https://example.org/dataset/{number}")));
        index.apply(3, &gone.collect::<Vec<_>>()).unwrap();
        index
    }

    fn living(&self) -> Vec<&Random> {
        let living = self.records.iter().enumerate();
        living
            .filter(|(number, _)| !self.removed.contains(number))
            .map(|(_, one)| one)
            .collect()
    }
}

/// A random question about a random catalogue.
#[derive(Clone, Debug)]
struct Question {
    word: bool,
    cancers: BTreeSet<usize>,
    not_cancers: BTreeSet<usize>,
    sexes: BTreeSet<u8>,
    not_sexes: BTreeSet<u8>,
    range: Option<(u16, u16)>,
}

fn questions() -> impl Strategy<Value = Question> {
    let concepts = || proptest::collection::btree_set(0..CONCEPTS, 0..3);
    let sexes = || proptest::collection::btree_set(0u8..3, 0..2);
    let range = proptest::option::of((0u16..200, 0u16..400));
    (
        any::<bool>(),
        concepts(),
        concepts(),
        sexes(),
        sexes(),
        range,
    )
        .prop_map(
            |(word, cancers, not_cancers, sexes, not_sexes, range)| Question {
                word,
                cancers,
                not_cancers,
                sexes,
                not_sexes,
                range,
            },
        )
}

impl Question {
    fn query(&self) -> SearchQuery {
        let mut pairs = Vec::new();
        let mut push = |name: &str, value: String| pairs.push((name.to_owned(), value));
        if self.word {
            push("q", "chosen words".to_owned());
        }
        self.cancers
            .iter()
            .for_each(|one| push("cancer", code(*one)));
        self.not_cancers
            .iter()
            .for_each(|one| push("cancer", format!("-{}", code(*one))));
        self.sexes
            .iter()
            .for_each(|one| push("sex", format!("S{one}")));
        self.not_sexes
            .iter()
            .for_each(|one| push("sex", format!("-S{one}")));
        if let Some((low, high)) = self.range {
            push("subjects", format!("{low}..{high}"));
        }
        for concept in 0..CONCEPTS {
            push("open", format!("cancer:{}", code(concept)));
        }
        SearchQuery::from_pairs(&pairs)
    }

    fn by_cancer(&self, catalogue: &Catalogue, record: &Random) -> bool {
        let all: BTreeSet<usize> = record
            .cancers
            .iter()
            .flat_map(|one| catalogue.above(*one))
            .collect();
        // The root itself is a value only of those tagged with it.
        let has = |one: &usize| {
            if *one == 0 {
                record.cancers.contains(&0)
            } else {
                all.contains(one)
            }
        };
        (self.cancers.is_empty() || self.cancers.iter().any(has))
            && !self.not_cancers.iter().any(has)
    }

    fn by_sex(&self, record: &Random) -> bool {
        (self.sexes.is_empty() || !self.sexes.is_disjoint(&record.sexes))
            && self.not_sexes.is_disjoint(&record.sexes)
    }

    fn by_range(&self, record: &Random) -> bool {
        let Some((low, high)) = self.range else {
            return true;
        };
        record
            .subjects
            .is_some_and(|number| low <= number && number <= high)
    }

    fn by_word(&self, record: &Random) -> bool {
        !self.word || record.word
    }
}

fn flatten(values: &[FacetValue], counts: &mut BTreeMap<String, u64>) {
    for value in values {
        counts.insert(value.value.clone(), value.count);
        flatten(&value.children, counts);
    }
}

fn counts(page: &SearchPage, id: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let facet = page.facets.iter().find(|facet| facet.id == id);
    flatten(facet.map_or(&[], |facet| &facet.values), &mut counts);
    counts.retain(|_, count| *count > 0);
    counts
}

fn check_counts(catalogue: &Catalogue, question: &Question) {
    let folder = tempfile::tempdir().unwrap();
    let index = catalogue.index(folder.path());
    let page = index.search(&question.query()).unwrap();
    let living = catalogue.living();
    let word_occurs = living.iter().any(|record| record.word);
    if question.word && !word_occurs {
        assert_eq!(page.total, 0);
        return;
    }
    let matches = |record: &&&Random| {
        question.by_word(record) && question.by_range(record) && question.by_sex(record)
    };
    let total = living
        .iter()
        .filter(matches)
        .filter(|one| question.by_cancer(catalogue, one));
    assert_eq!(page.total, total.count() as u64);
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for record in living.iter().filter(matches) {
        let all = record.cancers.iter().flat_map(|one| catalogue.above(*one));
        let mut all: BTreeSet<usize> = all.collect();
        if !record.cancers.contains(&0) {
            all.remove(&0);
        }
        for one in all {
            *expected.entry(concept(&code(one))).or_default() += 1;
        }
    }
    assert_eq!(counts(&page, "cancer"), expected);
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for record in &living {
        let rest = question.by_word(record) && question.by_range(record);
        if rest && question.by_cancer(catalogue, record) {
            for sex in &record.sexes {
                *expected.entry(concept(&format!("S{sex}"))).or_default() += 1;
            }
        }
    }
    assert_eq!(counts(&page, "sex"), expected);
    let subjects = page.facets.iter().find(|facet| facet.id == "subjects");
    for bucket in subjects.iter().flat_map(|facet| &facet.histogram) {
        let inside = |record: &&&Random| {
            let number = record.subjects.map(i64::from);
            number.is_some_and(|n| bucket.from <= n && bucket.to.is_none_or(|to| n <= to))
                && question.by_word(record)
                && question.by_sex(record)
                && question.by_cancer(catalogue, record)
        };
        assert_eq!(
            bucket.count,
            living.iter().filter(inside).count() as u64,
            "{bucket:?}"
        );
    }
}

fn check_paging(catalogue: &Catalogue, limit: usize, word: bool) {
    let folder = tempfile::tempdir().unwrap();
    let index = catalogue.index(folder.path());
    for (sort, name) in Sort::ALL {
        let mut query = SearchQuery {
            sort: *sort,
            limit,
            ..SearchQuery::default()
        };
        query.text = word.then(|| "chosen".to_owned());
        let mut seen = Vec::new();
        let mut pages = Vec::new();
        loop {
            let page = index.search(&query).unwrap();
            assert_eq!(page.offset, seen.len() as u64, "{name}");
            assert_eq!(page.previous.is_some(), !seen.is_empty(), "{name}");
            seen.extend(page.hits.iter().map(|hit| hit.iri.clone()));
            pages.push(page.clone());
            let Some(next) = page.next else {
                assert_eq!(seen.len() as u64, page.total, "{name}");
                break;
            };
            query.after = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(
            seen.iter().collect::<BTreeSet<_>>().len(),
            seen.len(),
            "{name}: once each"
        );
        for pair in pages.windows(2) {
            query.after.clone_from(&pair[1].previous);
            let back = index.search(&query).unwrap();
            assert_eq!(back.hits, pair[0].hits, "{name}: the way back");
            assert_eq!(back.offset, pair[0].offset, "{name}");
        }
    }
}

#[test]
fn sorts_are_what_they_say() {
    let (_folder, index) = index_of(&three());
    let order = |sort: &str| -> String {
        let page = index.search(&ask(&[("sort", sort)])).unwrap();
        page.hits.iter().fold(String::new(), |mut all, hit| {
            let _ = write!(all, "{} ", hit.path.trim_start_matches("/dataset/"));
            all
        })
    };
    assert_eq!(order("newest"), "mammo colon mixed ");
    assert_eq!(order("largest"), "mammo colon mixed ");
    assert_eq!(order("title"), "mixed mammo colon ");
    assert_eq!(order("relevance"), order("newest"));
}

#[test]
fn any_subject_can_be_walked_from() {
    let blank: NamedOrBlankNode = crate::rdf::BlankNode::new_unchecked("p").into();
    let mut draft = dataset("nested").title("Nested");
    let name = NamedNode::new_unchecked("http://xmlns.com/foaf/0.1/name");
    draft.0.triples.push(Triple::new(
        blank,
        name,
        Literal::from("Hospital of Nowhere"),
    ));
    let publisher = crate::rdf::BlankNode::new_unchecked("p");
    let draft = draft.add(&format!("{DCT}publisher"), publisher);
    let (_folder, index) = index_of(&[draft.put()]);
    let page = index
        .search(&ask(&[("publisher", "Hospital of Nowhere")]))
        .unwrap();
    assert_eq!(
        page.hits[0].publisher.as_deref(),
        Some("Hospital of Nowhere")
    );
    assert_eq!(
        index.suggest("nowh", 3).unwrap()[0].kind,
        SuggestionKind::Provider
    );
    assert_eq!(index.statistics("en").providers, 1);
}

fn judged(id: &str, points: i64, band: &str) -> Draft {
    let mut draft = dataset(id).title(id);
    draft.0.quality = Some(Judged {
        points,
        band: band.to_owned(),
    });
    draft
}

fn values_of(index: &Index, pairs: &[(&str, &str)], id: &str) -> BTreeMap<String, u64> {
    counts(&index.search(&ask(pairs)).unwrap(), id)
}

fn counted(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    let pairs = pairs.iter();
    pairs
        .map(|(value, count)| ((*value).to_owned(), *count))
        .collect()
}

#[test]
fn the_best_described_come_first_and_their_band_is_a_facet() {
    let (_folder, index) = index_of(&[
        judged("fair", 150, "sufficient").put(),
        dataset("unjudged").title("unjudged").put(),
        judged("fine", 390, "excellent").put(),
        judged("poor", 0, "bad").put(),
    ]);
    let page = index.search(&ask(&[("sort", "quality")])).unwrap();
    let order: Vec<&str> = page.hits.iter().map(|hit| hit.title.as_str()).collect();
    assert_eq!(order, ["fine", "fair", "poor", "unjudged"]);
    assert_eq!(page.hits[0].quality, Some(390));
    let bands = [("bad", 1), ("excellent", 1), ("sufficient", 1)];
    assert_eq!(values_of(&index, &[], "quality"), counted(&bands));
    assert_eq!(found(&index, &[("quality", "excellent")]), set(&["fine"]));
    assert_eq!(values_of(&index, &[], "profile"), counted(&[("plain", 4)]));
}

#[test]
fn sizes_of_all_files_are_added_and_told_in_gigabytes() {
    let dcat = "http://www.w3.org/ns/dcat#";
    let mut draft = dataset("large").title("large");
    for (part, bytes) in [("a", 30_000_000_000_i64), ("b", 25_000_000_000)] {
        let file = NamedNode::new_unchecked(format!("https://example.org/{part}"));
        draft = draft.add(&format!("{dcat}distribution"), file.clone());
        let size = NamedNode::new_unchecked(format!("{dcat}byteSize"));
        let size = Triple::new(file, size, Literal::from(bytes));
        draft.0.triples.push(size);
    }
    let (_folder, index) = index_of(&[draft.put(), dataset("empty").title("empty").put()]);
    assert_eq!(found(&index, &[("size", "55..55")]), set(&["large"]));
    assert_eq!(found(&index, &[("size", "56..")]), set(&[]));
}

#[test]
fn a_hierarchy_without_a_root_counts_for_all_above() {
    let theme = |name: &str| format!("https://example.org/theme/{name}");
    let mut table = anatomy();
    table.add(&theme("health"), "Health", &[], &[]);
    table.add(&theme("cancer"), "Cancer", &[&theme("health")], &[]);
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path(), table).unwrap();
    let dcat = "http://www.w3.org/ns/dcat#theme";
    let tagged = |id: &str, name: &str| {
        let draft = dataset(id).title(id);
        draft.add(dcat, NamedNode::new_unchecked(theme(name))).put()
    };
    let changes = [tagged("one", "cancer"), tagged("other", "health")];
    index.apply(1, &changes).unwrap();
    let open = format!("theme:{}", theme("health"));
    let expected = BTreeMap::from([(theme("health"), 2), (theme("cancer"), 1)]);
    assert_eq!(values_of(&index, &[("open", &open)], "theme"), expected);
    assert_eq!(
        found(&index, &[("theme", "health")]),
        set(&["one", "other"])
    );
}

#[test]
fn a_slip_of_the_pen_is_mended() {
    let (_folder, index) = index_of(&three());
    let meant = |text: &str| {
        let page = index.search(&ask(&[("q", text)])).unwrap();
        page.did_you_mean
    };
    assert_eq!(meant("mamography").as_deref(), Some("mammography"));
    assert_eq!(meant("mamography MR").as_deref(), Some("mammography MR"));
    assert_eq!(meant("screenign trail").as_deref(), Some("screening trial"));
    assert_eq!(
        meant("\"mammography screenig\"").as_deref(),
        Some("\"mammography screening\"")
    );
    assert_eq!(meant("mammography"), None, "nothing to mend");
    assert_eq!(meant("xylophone"), None, "nothing is near");
    // What stands only in names of concepts can be meant, too.
    assert_eq!(meant("carcinma").as_deref(), Some("carcinoma"));
    let page = index.search(&ask(&[("q", "mamography"), ("sex", "none")]));
    assert_eq!(
        page.unwrap().did_you_mean,
        None,
        "it would find nothing here"
    );
}

#[test]
fn what_shares_concepts_is_alike() {
    let (_folder, index) = index_of(&three());
    let alike = |id: &str| {
        let iri = format!("https://example.org/dataset/{id}");
        let hits = index.similar(&iri, 5, "en").unwrap().unwrap();
        hits.into_iter()
            .map(|hit| hit.path.replace("/dataset/", ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(alike("mammo")[0], "mixed");
    assert!(!alike("mammo").contains(&"mammo".to_owned()));
    assert!(
        index
            .similar("https://example.org/none", 5, "en")
            .unwrap()
            .is_none()
    );
}

#[test]
fn all_hits_come_in_order_from_the_first_to_the_last() {
    let changes: Vec<IndexChange> = (0..11)
        .map(|n| {
            let draft = dataset(&format!("d{n}")).title(&format!("Title {}", n % 3));
            draft.subjects(n % 4).published(n % 5).put()
        })
        .collect();
    let (_folder, index) = index_of(&changes);
    for (sort, name) in Sort::ALL {
        for text in [None, Some("title".to_owned())] {
            let query = SearchQuery {
                sort: *sort,
                text,
                limit: 200,
                ..SearchQuery::default()
            };
            let mut all = Vec::new();
            let count = index.each(&query, |hit| {
                all.push(hit.iri);
                Ok::<(), Error>(())
            });
            assert_eq!(count.unwrap(), 11, "{name}");
            let page = index.search(&query).unwrap();
            let expected: Vec<String> = page.hits.into_iter().map(|hit| hit.iri).collect();
            assert_eq!(all, expected, "{name}");
        }
    }
}

#[test]
fn sums_are_told_by_pairs_and_over_time() {
    let (_folder, index) = index_of(&three());
    let tally = |by: &[&str], measure: Measure, over: Option<Period>| {
        let wanted = TallyQuery {
            by: by.iter().map(|id| (*id).to_owned()).collect(),
            measure,
            over,
        };
        index.tally(&SearchQuery::default(), &wanted).unwrap()
    };
    let pairs = tally(&["modality", "cancer"], Measure::Subjects, None);
    assert_eq!(pairs.total, 427);
    let rows: BTreeMap<(String, String), u64> = pairs
        .rows
        .iter()
        .map(|row| {
            let labels = (row.values[0].label.clone(), row.values[1].label.clone());
            (labels, row.count)
        })
        .collect();
    let mri = "Magnetic resonance imaging".to_owned();
    assert_eq!(rows[&(mri, "Breast cancer".to_owned())], 300);
    assert_eq!(
        rows.len(),
        3,
        "colon cancer counts for what is above it: {rows:?}"
    );
    let months = tally(&[], Measure::Datasets, Some(Period::Month));
    assert_eq!(months.rows.len(), 1);
    assert_eq!(months.rows[0].period.as_deref(), Some("1970-01"));
    assert_eq!(months.rows[0].until, Some(3));
    let ranges = tally(&["subjects"], Measure::Datasets, None);
    assert!(
        ranges
            .rows
            .iter()
            .any(|row| row.values[0].iri == "200..499")
    );
}

#[test]
fn words_of_all_languages_of_the_union_are_found_without_accents_and_in_capitals() {
    let words = [
        ("bg", "рентгеново изследване"),
        ("cs", "nádorové onemocnění žlučníku"),
        ("da", "brystkræft undersøgelse"),
        ("de", "Früherkennung der Brust"),
        ("el", "καρκίνος του μαστού"),
        ("en", "colorectal screening"),
        ("es", "cáncer de pulmón"),
        ("et", "rinnavähi sõeluuring"),
        ("fi", "rintasyövän seulonta"),
        ("fr", "dépistage du cancer"),
        ("ga", "ailse chíche"),
        ("hr", "rak dojke i pluća"),
        ("hu", "mellrák szűrővizsgálat"),
        ("it", "tumore della tiroide"),
        ("lt", "krūties vėžys"),
        ("lv", "krūts vēzis"),
        ("mt", "kanċer tas-sider u l-għadam"),
        ("nl", "borstkanker bij vrouwen"),
        ("pl", "rak płuca i żołądka"),
        ("pt", "câncer de próstata"),
        ("ro", "cancer de sân și plămân"),
        ("sk", "rakovina prsníka ženy"),
        ("sl", "rak dojk in pljuč"),
        ("sv", "bröstcancer på ultraljud"),
    ];
    let changes: Vec<IndexChange> = words
        .iter()
        .map(|(language, text)| {
            let draft = dataset(language);
            draft.text(&format!("{DCT}title"), text, language).put()
        })
        .collect();
    let (_folder, index) = index_of(&changes);
    for (language, text) in words {
        for asked in [text.to_uppercase(), words::fold(text)] {
            let page = index.search(&ask(&[("q", &asked)])).unwrap();
            let first = &page.hits[0].path;
            assert_eq!(first, &format!("/dataset/{language}"), "{asked}");
            assert!(!page.relaxed, "{asked}");
        }
    }
}

#[test]
fn other_forms_of_a_word_are_found_where_there_is_a_stemmer() {
    let pairs = [
        ("cs", "nádory", "nádorů"),
        ("da", "undersøgelser", "undersøgelse"),
        ("de", "Untersuchungen", "Untersuchung"),
        ("en", "screenings", "screening"),
        ("es", "mamografías", "mamografía"),
        ("et", "kasvajad", "kasvaja"),
        ("fi", "kasvaimet", "kasvaimen"),
        ("fr", "dépistages", "dépistage"),
        ("hr", "tumori", "tumora"),
        ("hu", "betegek", "beteg"),
        ("it", "mammografie", "mammografia"),
        ("lt", "navikai", "navikas"),
        ("nl", "onderzoeken", "onderzoek"),
        ("pl", "nowotworami", "nowotworom"),
        ("pt", "mamografias", "mamografia"),
        ("ro", "tumorilor", "tumori"),
        ("sv", "undersökningar", "undersökning"),
    ];
    for (language, written, asked) in pairs {
        let draft = dataset(language);
        let title = format!("{DCT}title");
        let (_folder, index) = index_of(&[draft.text(&title, written, language).put()]);
        let query = ask(&[("q", asked), ("lang", language)]);
        assert_eq!(
            index.search(&query).unwrap().total,
            1,
            "{language}: {asked}"
        );
    }
}

#[test]
fn a_long_list_is_cut_unless_all_of_it_is_asked_for() {
    let changes: Vec<IndexChange> = (0..30)
        .map(|n| {
            let draft = dataset(&format!("d{n}")).title("Listed");
            draft.tagged("hasBirthSex", &format!("S{n}")).put()
        })
        .collect();
    let (_folder, index) = index_of(&changes);
    let listed = |pairs: &[(&str, &str)]| {
        let page = index.search(&ask(pairs)).unwrap();
        let sex = page.facets.into_iter().find(|facet| facet.id == "sex");
        sex.map(|facet| (facet.values.len(), facet.more)).unwrap()
    };
    assert_eq!(listed(&[]), (20, 10));
    assert_eq!(listed(&[("open", "sex:*")]), (30, 0));
}

/// Sums by hand, of a random catalogue.
fn check_tally(catalogue: &Catalogue, question: &Question, measure: Measure) {
    let folder = tempfile::tempdir().unwrap();
    let index = catalogue.index(folder.path());
    let wanted = TallyQuery {
        by: vec!["cancer".to_owned(), "sex".to_owned()],
        measure,
        over: None,
    };
    let asked = Question {
        word: false,
        ..question.clone()
    };
    let tally = index.tally(&asked.query(), &wanted).unwrap();
    let mut expected: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut total = 0;
    for record in catalogue.living() {
        let is_found = asked.by_range(record) && asked.by_sex(record);
        if !is_found || !asked.by_cancer(catalogue, record) {
            continue;
        }
        let weight = match measure {
            Measure::Datasets => 1,
            Measure::Subjects => record.subjects.map_or(0, u64::from),
            Measure::Studies => 0,
        };
        total += weight;
        let above = record.cancers.iter().flat_map(|one| catalogue.above(*one));
        let mut above: BTreeSet<usize> = above.collect();
        if !record.cancers.contains(&0) {
            above.remove(&0);
        }
        for one in &above {
            for sex in &record.sexes {
                let key = (concept(&code(*one)), concept(&format!("S{sex}")));
                *expected.entry(key).or_default() += weight;
            }
        }
    }
    expected.retain(|_, count| *count > 0);
    let rows = tally.rows.iter().map(|row| {
        let key = (row.values[0].iri.clone(), row.values[1].iri.clone());
        (key, row.count)
    });
    assert_eq!(rows.collect::<BTreeMap<_, _>>(), expected);
    assert_eq!(tally.total, total);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn facet_counts_equal_a_count_by_hand(catalogue in catalogues(), question in questions()) {
        check_counts(&catalogue, &question);
    }

    #[test]
    fn sums_by_pairs_equal_sums_by_hand(catalogue in catalogues(), question in questions()) {
        check_tally(&catalogue, &question, Measure::Datasets);
        check_tally(&catalogue, &question, Measure::Subjects);
    }

    #[test]
    fn paging_visits_everything_once(catalogue in catalogues(), limit in 1usize..8, word: bool) {
        check_paging(&catalogue, limit, word);
    }
}

#[test]
fn nothing_that_can_be_typed_is_an_error() {
    let (_folder, index) = index_of(&three());
    let check = |text: &str, facet: &str| {
        let pairs = [
            ("q", text),
            ("cancer", facet),
            ("subjects", facet),
            ("open", facet),
        ];
        index.search(&ask(&pairs)).unwrap();
        index
            .search(&ask(&[("q", text), ("after", facet)]))
            .unwrap();
        index.suggest(text, 5).unwrap();
    };
    for odd in [
        "\"", "\"\"", "(", "AND", "a AND (", "*", "-", "~", "title:", "[1 TO", "\u{1}", "«",
    ] {
        check(odd, odd);
    }
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let texts = ("\\PC{0,40}", "(?s).{0,12}");
    runner
        .run(&texts, |(text, facet)| {
            check(&text, &facet);
            Ok(())
        })
        .unwrap();
}
