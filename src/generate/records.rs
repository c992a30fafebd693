//! What does one synthetic record say? A line for each row of the profile's tables, in their order.

use jiff::Timestamp;

use super::GeneratedRecord;
use super::agents::{AccessBody, Agent};
use super::chance::{Chance, scaled};
use super::codes::{self, Country, Files, Language, Modality, Sexes, Site};
use super::words::{capitalised, foreign_text};
use super::{Generator, Words};
use crate::rdf::vocabulary::{
    csvw, cv, dcat, dcatap, dct, dpv, eucaim, foaf, healthdcatap, rdf, rdfs, vcard, xsd,
};
use crate::rdf::{BlankNode, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};

pub(super) const CATALOG: &str = "catalog";
pub(super) const DATASET: &str = "dataset";

const EU: &str = "http://publications.europa.eu/resource/authority";
const HEALTH: &str = "https://hdeu-dcat.data.health.europa.eu/resource/authority";
const EUCAIM_LISTS: &str =
    "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies";
const EHDS: &str = "http://data.europa.eu/eli/reg/2025/327/oj";
const MEDIA_TYPES: &str = "https://www.iana.org/assignments/media-types";

/// 2014-01-01, when the first collection may have appeared, and 2026-01-01, after the last change.
const FIRST_DAY: u64 = 1_388_534_400;
const LAST_DAY: u64 = 1_767_225_600;
const YEAR_SECONDS: f64 = 31_557_600.0;

pub(super) fn catalogue(generator: &Generator, number: usize) -> GeneratedRecord {
    let id = format!("c{number}");
    let publisher = generator.agents.of_catalogue(number);
    let mut page = Page::new(generator, CATALOG, &id, dcat::CATALOG_CLASS);
    let country = publisher.country;
    let title = format!("Collections of {}, branch {number}", publisher.name);
    let about = format!(
        "Synthetic cancer image collections held in {}.",
        country.name
    );
    page.text(dct::TITLE, &title, &codes::ENGLISH);
    page.text(dct::DESCRIPTION, &about, &codes::ENGLISH);
    page.link(dct::IS_PART_OF, &generator.base);
    page.link(dcatap::APPLICABLE_LEGISLATION, EHDS);
    page.link(foaf::HOMEPAGE, &format!("https://{}/", publisher.host()));
    page.link(dct::LANGUAGE, &format!("{EU}/language/ENG"));
    page.link(dct::SPATIAL, &format!("{EU}/country/{}", country.code));
    page.link(dct::LICENSE, &format!("{EU}/licence/CC_BY_4_0"));
    page.link(dcat::THEME_TAXONOMY, &format!("{EU}/data-theme"));
    let mut chance = Chance::of(&[
        generator.seed,
        u64::from_be_bytes(*b"catalog\0"),
        number as u64,
    ]);
    page.dates(&mut chance);
    page.publisher(publisher);
    page.finish(CATALOG, id)
}

pub(super) fn dataset(generator: &Generator, i: usize) -> GeneratedRecord {
    let id = format!("d{i:07}");
    let (n, i) = (generator.datasets as u64, i as u64);
    let mut chance = Chance::of(&[generator.seed, u64::from_be_bytes(*b"dataset\0"), n, i]);
    let facts = Facts::new(generator, &mut chance);
    let mut page = Page::new(generator, DATASET, &id, dcat::DATASET_CLASS);
    page.identification(generator, &facts, &mut chance);
    page.classification(&facts, &mut chance);
    page.access(&mut chance);
    page.publisher(facts.publisher);
    page.population(&facts, &mut chance);
    page.imaging(&facts, &mut chance);
    page.annotations(&facts, &mut chance);
    page.standards(generator, &facts, &mut chance);
    page.access_body(facts.publisher.country);
    page.dates(&mut chance);
    page.other(&facts, &id, &mut chance);
    page.distributions(&facts, &id, &mut chance);
    page.finish(DATASET, id)
}

/// What the parts of a record have in common.
struct Facts<'a> {
    publisher: &'a Agent,
    site: &'static Site,
    /// The record's main site and sometimes a second one.
    body_parts: Vec<&'static str>,
    modalities: Vec<&'static Modality>,
    languages: Vec<&'static Language>,
    individuals: u64,
    studies: u64,
    year: u64,
    annotated: bool,
}

impl<'a> Facts<'a> {
    fn new(generator: &'a Generator, chance: &mut Chance) -> Self {
        let publisher = generator.agents.pick(chance);
        let site = pick_site(chance);
        let individuals = chance.log_normal(5.6, 1.4, 5.0, 250_000.0);
        let studies_each = 1.0 + chance.unit() * 2.0;
        Self {
            publisher,
            site,
            body_parts: body_parts(site, chance),
            modalities: modalities(site, chance),
            languages: languages(publisher.country, chance),
            individuals,
            studies: scaled(individuals, studies_each),
            year: 2025 - chance.exponential(5.5) % 22,
            annotated: chance.happens(0.3),
        }
    }
}

fn pick_site(chance: &mut Chance) -> &'static Site {
    chance.weighted(&codes::SITES, |site| site.weight)
}

fn weighted<T: Copy>(table: &'static [(T, f64)], chance: &mut Chance) -> T {
    chance.weighted(table, |row| row.1).0
}

fn body_parts(site: &'static Site, chance: &mut Chance) -> Vec<&'static str> {
    let mut parts = vec![site.body_part];
    if chance.happens(0.15) {
        push_new(&mut parts, pick_site(chance).body_part);
    }
    parts
}

/// One, two or three, mostly those that are usual for the site.
fn modalities(site: &'static Site, chance: &mut Chance) -> Vec<&'static Modality> {
    let mut found = Vec::new();
    for _ in 0..one_to_three(chance, 0.55, 0.7) {
        let modality = if chance.happens(0.8) {
            *chance.early(site.modalities)
        } else {
            weighted(&codes::MODALITIES, chance)
        };
        push_new(&mut found, modality);
    }
    found
}

/// English always; in four of ten the country's language; in one of ten a third.
fn languages(country: &'static Country, chance: &mut Chance) -> Vec<&'static Language> {
    let mut found = vec![&codes::ENGLISH];
    let share = chance.unit();
    if share < 0.4 {
        push_new(&mut found, country.language);
    }
    if share < 0.1 {
        push_new(&mut found, chance.one(&codes::COUNTRIES).language);
    }
    found
}

/// The triples of one record while they are gathered.
struct Page {
    iri: NamedNode,
    subject: NamedOrBlankNode,
    /// About the record itself.
    own: Vec<Triple>,
    /// About the nodes around it.
    around: Vec<Triple>,
    /// The distinguishing part of the labels of its blank nodes.
    label: String,
}

impl Page {
    fn new(generator: &Generator, kind: &str, id: &str, class: NamedNodeRef<'_>) -> Self {
        let iri = named(&format!("{}/{kind}/{id}", generator.base));
        let mut page = Self {
            subject: iri.clone().into(),
            iri,
            own: Vec::with_capacity(100),
            around: Vec::with_capacity(50),
            label: id.to_owned(),
        };
        page.add(rdf::TYPE, class);
        page
    }

    fn finish(self, kind: &'static str, id: String) -> GeneratedRecord {
        let mut triples = self.own;
        triples.extend(self.around);
        GeneratedRecord {
            iri: self.iri,
            kind,
            id,
            triples,
        }
    }

    fn identification(&mut self, generator: &Generator, facts: &Facts<'_>, chance: &mut Chance) {
        self.add(dct::IDENTIFIER, Literal::from(self.iri.as_str().to_owned()));
        let catalogue = generator.catalogues.pick(chance);
        let catalogue = format!("{}/{CATALOG}/c{catalogue}", generator.base);
        self.link(dct::IS_PART_OF, &catalogue);
        self.titles(&generator.words, facts, chance);
        let (major, minor) = (1 + chance.below(3), chance.below(5));
        self.add(dcat::VERSION, Literal::from(format!("{major}.{minor}.0")));
        let tier = weighted(&codes::TIERS, chance);
        self.concept(eucaim::INTEROPERABILITY_LEVEL, tier);
        let contact = self.part(dcat::CONTACT_POINT, "contact", vcard::KIND);
        let office = format!("Data office of {}", facts.publisher.name);
        self.of(&contact, vcard::FN, Literal::from(office));
        let mailbox = named(&format!("mailto:{}", facts.publisher.email()));
        self.of(&contact, vcard::HAS_EMAIL, mailbox);
    }

    fn titles(&mut self, words: &Words, facts: &Facts<'_>, chance: &mut Chance) {
        const HEADS: [&str; 10] = [
            "screening",
            "cohort",
            "registry",
            "trial",
            "archive",
            "collection",
            "study",
            "biobank",
            "repository",
            "series",
        ];
        let head = chance.one(&HEADS);
        let (site, modality) = (facts.site, facts.modalities[0].name);
        let tail = words.text(chance, 2);
        let first = capitalised(site.name);
        let title = format!("{first} cancer {modality} {head} {tail} {}", facts.year);
        self.text(dct::TITLE, &title, &codes::ENGLISH);
        let length = chance.log_normal(3.9, 0.5, 15.0, 200.0);
        let description = format!(
            "{} subjects with {} cancer ({}), {modality} {head}: {}.",
            facts.individuals,
            site.name,
            site.icd_10,
            words.text(chance, length)
        );
        self.text(dct::DESCRIPTION, &description, &codes::ENGLISH);
        for language in &facts.languages[1..] {
            let title = foreign_text(language, chance, 7);
            self.text(dct::TITLE, &title, language);
            let description = foreign_text(language, chance, length / 2 + 8);
            self.text(dct::DESCRIPTION, &format!("{description}."), language);
        }
    }

    fn classification(&mut self, facts: &Facts<'_>, chance: &mut Chance) {
        self.link(dcat::THEME, &format!("{EU}/data-theme/HEAL"));
        let category = weighted(&codes::HEALTH_CATEGORIES, chance);
        self.link(
            healthdcatap::HEALTH_CATEGORY,
            &format!("{HEALTH}/healthcategories/{category}"),
        );
        self.link(
            healthdcatap::HEALTH_THEME,
            &format!("{HEALTH}/health-theme/CANCER_DISEASE"),
        );
        let processed = chance.happens(0.2);
        let kind = match (facts.annotated, processed) {
            (true, _) => codes::ANNOTATED_DATASET,
            (false, true) => codes::PROCESSED_DATASET,
            (false, false) => codes::ORIGINAL_DATASET,
        };
        self.concept(dct::TYPE, kind);
    }

    fn access(&mut self, chance: &mut Chance) {
        let rights = weighted(&codes::ACCESS_RIGHTS, chance);
        self.link(dct::ACCESS_RIGHTS, &format!("{EU}/access-right/{rights}"));
        self.link(dcatap::APPLICABLE_LEGISLATION, EHDS);
        self.link(
            dpv::HAS_LEGAL_BASIS,
            "https://w3id.org/dpv/legal/eu/gdpr#A9-2-j",
        );
        self.link(dpv::HAS_PURPOSE, "https://w3id.org/dpv#AcademicResearch");
        self.link(
            dpv::HAS_PERSONAL_DATA,
            "https://w3id.org/dpv/pd#MedicalHealth",
        );
    }

    fn publisher(&mut self, agent: &Agent) {
        let kind = named(&format!("{HEALTH}/publisher-type/{}", agent.publisher_type));
        let publisher = NamedOrBlankNode::from(named(&agent.iri()));
        self.of(&publisher, dct::TYPE, kind);
        self.agent(dct::PUBLISHER, &agent.iri(), &agent.name, &agent.email());
    }

    fn access_body(&mut self, country: &'static Country) {
        let body = AccessBody(country);
        self.agent(healthdcatap::HDAB, &body.iri(), &body.name(), &body.email());
    }

    /// An agent with its name and the one contact that the profile asks for.
    fn agent(&mut self, relation: NamedNodeRef<'_>, iri: &str, name: &str, email: &str) {
        let agent = named(iri);
        let contact = named(&format!("{iri}-contact"));
        self.add(relation, agent.clone());
        let agent = NamedOrBlankNode::from(agent);
        self.of(&agent, rdf::TYPE, foaf::AGENT);
        let english = codes::ENGLISH.tag;
        self.of(
            &agent,
            foaf::NAME,
            Literal::new_language_tagged_literal_unchecked(name, english),
        );
        self.of(&agent, cv::CONTACT_POINT, contact.clone());
        let contact = NamedOrBlankNode::from(contact);
        self.of(&contact, rdf::TYPE, cv::CONTACT_POINT_CLASS);
        self.of(&contact, cv::EMAIL, Literal::from(email));
    }

    fn population(&mut self, facts: &Facts<'_>, chance: &mut Chance) {
        let structured = chance.happens(0.1);
        self.add(healthdcatap::HAS_STRUCTURED_DATA, Literal::from(structured));
        if structured {
            self.part(healthdcatap::HAS_VARIABLES, "variables", csvw::TABLE_GROUP);
        }
        self.count(
            healthdcatap::NUMBER_OF_UNIQUE_INDIVIDUALS,
            facts.individuals,
        );
        self.count(healthdcatap::NUMBER_OF_RECORDS, facts.studies);
        for sex in sexes(facts.site.sexes, chance) {
            self.concept(eucaim::HAS_BIRTH_SEX, sex);
        }
        let youngest = (chance.below(36) + chance.below(36)).min(70);
        let oldest = (youngest + 5 + chance.below(45)).min(99);
        self.count(healthdcatap::MIN_TYPICAL_AGE, youngest);
        self.count(healthdcatap::MAX_TYPICAL_AGE, oldest);
        self.concept(
            eucaim::HAS_CONDITION,
            chance.early::<&'static str>(facts.site.conditions),
        );
        let country = facts.publisher.country;
        let mut methods = vec![weighted(&codes::COLLECTION_METHODS, chance)];
        if chance.happens(0.25) {
            push_new(&mut methods, weighted(&codes::COLLECTION_METHODS, chance));
        }
        for method in methods {
            self.concept(eucaim::COLLECTION_METHOD, method);
        }
        self.link(dct::SPATIAL, &format!("{EU}/country/{}", country.code));
    }

    fn imaging(&mut self, facts: &Facts<'_>, chance: &mut Chance) {
        for modality in &facts.modalities {
            self.concept(eucaim::HAS_IMAGE_MODALITY, modality.code);
        }
        let mut makers = Vec::new();
        for _ in 0..one_to_three(chance, 0.6, 0.7) {
            push_new(&mut makers, weighted(&codes::MANUFACTURERS, chance));
        }
        for maker in makers {
            self.concept(eucaim::HAS_EQUIPMENT_MANUFACTURER, maker);
        }
        for part in &facts.body_parts {
            self.concept(eucaim::HAS_IMAGE_BODY_PART, part);
        }
        let first = facts.year - 1 - chance.below(12);
        let period = self.blank(dct::TEMPORAL, "t", dct::PERIOD_OF_TIME);
        let (start, end) = (1 + chance.below(12), 1 + chance.below(12));
        self.of(&period, dcat::START_DATE, date(first, start, 1));
        self.of(&period, dcat::END_DATE, date(facts.year, end, 28));
    }

    fn annotations(&mut self, facts: &Facts<'_>, chance: &mut Chance) {
        if !facts.annotated {
            return;
        }
        self.concept(eucaim::HAS_ANNOTATION_LABEL, facts.site.body_part);
        self.concept(
            eucaim::HAS_ALGORITHM_TYPE,
            chance.one::<&'static str>(&codes::ALGORITHM_TYPES),
        );
        let segmented = chance.unit();
        self.count(
            eucaim::NBR_OF_SEGMENTATIONS,
            scaled(facts.studies, segmented),
        );
    }

    fn standards(&mut self, generator: &Generator, facts: &Facts<'_>, chance: &mut Chance) {
        let mut keywords = vec![facts.site.name];
        for _ in 0..2 + chance.below(4) {
            push_new(&mut keywords, generator.words.keyword(chance));
        }
        for keyword in keywords {
            self.text(dcat::KEYWORD, keyword, &codes::ENGLISH);
        }
        let origin = format!(
            "Collected at {} under protocol {}; de-identified as DICOM PS3.15 Annex E asks.",
            facts.publisher.name,
            1000 + chance.below(9000)
        );
        let provenance = self.blank(dct::PROVENANCE, "p", dct::PROVENANCE_STATEMENT);
        let origin = Literal::new_language_tagged_literal_unchecked(origin, codes::ENGLISH.tag);
        self.of(&provenance, rdfs::LABEL, origin);
        self.link(
            healthdcatap::HAS_CODING_SYSTEM,
            &format!("{HEALTH}/coding-system/ICD-10"),
        );
        let code = format!("ICD-10: {}", facts.site.icd_10);
        self.add(healthdcatap::HAS_CODE_VALUES, Literal::from(code));
    }

    /// The later years are fuller, and no record changes after the last day.
    fn dates(&mut self, chance: &mut Chance) {
        let span = LAST_DAY - FIRST_DAY;
        let age = chance.unit().sqrt();
        let issued = FIRST_DAY + scaled(span, age);
        let later = chance.exponential(YEAR_SECONDS * 0.6);
        self.add(dct::ISSUED, date_time(issued));
        self.add(dct::MODIFIED, date_time((issued + later).min(LAST_DAY)));
    }

    fn other(&mut self, facts: &Facts<'_>, id: &str, chance: &mut Chance) {
        for language in &facts.languages {
            self.link(dct::LANGUAGE, &format!("{EU}/language/{}", language.code));
        }
        let frequency = weighted(&codes::FREQUENCIES, chance);
        self.link(
            dct::ACCRUAL_PERIODICITY,
            &format!("{EU}/frequency/{frequency}"),
        );
        let host = facts.publisher.host();
        self.link(
            dcat::LANDING_PAGE,
            &format!("https://{host}/collections/{id}"),
        );
    }

    fn distributions(&mut self, facts: &Facts<'_>, id: &str, chance: &mut Chance) {
        let licence = weighted(&codes::LICENCES, chance);
        let condition = weighted(&codes::ACCESS_CONDITIONS, chance);
        let mut taken: Vec<&'static str> = Vec::new();
        for number in 0..one_to_three(chance, 0.62, 0.75) {
            let files = pick_files(chance);
            let part = format!("distribution-{number}");
            let distribution = self.part(dcat::DISTRIBUTION, &part, dcat::DISTRIBUTION_CLASS);
            let again = if taken.contains(&files.name) {
                "More "
            } else {
                ""
            };
            taken.push(files.name);
            let title = format!("{again}{} files of {id}", files.name);
            let title = Literal::new_language_tagged_literal_unchecked(title, codes::ENGLISH.tag);
            self.of(&distribution, dct::TITLE, title);
            let host = facts.publisher.host();
            let address = named(&format!("https://{host}/access/{id}/{number}"));
            self.of(&distribution, dcat::ACCESS_URL, address);
            self.files(&distribution, files, chance);
            self.of(&distribution, dcatap::APPLICABLE_LEGISLATION, named(EHDS));
            self.of(
                &distribution,
                dct::LICENSE,
                named(&format!("{EU}/licence/{licence}")),
            );
            let rights = named(&format!("{EUCAIM_LISTS}/access-conditions/#{condition}"));
            self.of(&distribution, dct::RIGHTS, rights);
            if chance.happens(0.3) {
                let rule = chance.one(&codes::DATA_USE_CONDITIONS);
                let rule = named(&format!("{EUCAIM_LISTS}/data-use-conditions/#{rule}"));
                self.of(&distribution, dct::RIGHTS, rule);
            }
        }
    }

    fn files(&mut self, distribution: &NamedOrBlankNode, files: &Files, chance: &mut Chance) {
        if let Some(file_type) = files.file_type {
            let format = named(&format!("{EU}/file-type/{file_type}"));
            self.of(distribution, dct::FORMAT, format);
        }
        if let Some(media_type) = files.media_type {
            let media_type = named(&format!("{MEDIA_TYPES}/{media_type}"));
            self.of(distribution, dcat::MEDIA_TYPE, media_type);
        }
        let bytes = chance.log_normal(24.0, 2.0, 1e6, 9e13);
        self.of(distribution, dcat::BYTE_SIZE, non_negative(bytes));
    }

    fn add(&mut self, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        let triple = Triple::new(self.subject.clone(), predicate.into_owned(), object);
        self.own.push(triple);
    }

    fn of(
        &mut self,
        subject: &NamedOrBlankNode,
        predicate: NamedNodeRef<'_>,
        object: impl Into<Term>,
    ) {
        let triple = Triple::new(subject.clone(), predicate.into_owned(), object);
        self.around.push(triple);
    }

    fn text(&mut self, predicate: NamedNodeRef<'_>, text: &str, language: &Language) {
        let literal = Literal::new_language_tagged_literal_unchecked(text, language.tag);
        self.add(predicate, literal);
    }

    fn link(&mut self, predicate: NamedNodeRef<'_>, iri: &str) {
        self.add(predicate, named(iri));
    }

    /// A class of the hyperontology.
    fn concept(&mut self, predicate: NamedNodeRef<'_>, code: &str) {
        self.link(predicate, &format!("{}{code}", eucaim::NAMESPACE));
    }

    fn count(&mut self, predicate: NamedNodeRef<'_>, count: u64) {
        self.add(predicate, non_negative(count));
    }

    /// A node of this record with a name of its own, `{record}#{name}`.
    fn part(
        &mut self,
        relation: NamedNodeRef<'_>,
        name: &str,
        class: NamedNodeRef<'_>,
    ) -> NamedOrBlankNode {
        let node = named(&format!("{}#{name}", self.iri.as_str()));
        self.add(relation, node.clone());
        let node = NamedOrBlankNode::from(node);
        self.of(&node, rdf::TYPE, class);
        node
    }

    fn blank(
        &mut self,
        relation: NamedNodeRef<'_>,
        prefix: &str,
        class: NamedNodeRef<'_>,
    ) -> NamedOrBlankNode {
        let node = BlankNode::new_unchecked(format!("{prefix}{}", self.label));
        self.add(relation, node.clone());
        let node = NamedOrBlankNode::from(node);
        self.of(&node, rdf::TYPE, class);
        node
    }
}

fn sexes(sexes: Sexes, chance: &mut Chance) -> Vec<&'static str> {
    match sexes {
        Sexes::Female => vec![codes::FEMALE],
        Sexes::Male => vec![codes::MALE],
        Sexes::MostlyFemale if chance.happens(0.9) => vec![codes::FEMALE],
        Sexes::MostlyFemale | Sexes::Both => vec![codes::FEMALE, codes::MALE],
    }
}

fn pick_files(chance: &mut Chance) -> &'static Files {
    chance.weighted(&codes::FILES, |files| files.weight)
}

fn one_to_three(chance: &mut Chance, one: f64, two_of_the_rest: f64) -> usize {
    if chance.happens(one) {
        1
    } else if chance.happens(two_of_the_rest) {
        2
    } else {
        3
    }
}

fn push_new<T: PartialEq>(items: &mut Vec<T>, item: T) {
    if !items.contains(&item) {
        items.push(item);
    }
}

/// Our IRIs are made of the base and of constants; the base was checked when it was configured.
fn named(iri: &str) -> NamedNode {
    NamedNode::new_unchecked(iri)
}

fn non_negative(count: u64) -> Literal {
    Literal::new_typed_literal(count.to_string(), xsd::NON_NEGATIVE_INTEGER)
}

fn date(year: u64, month: u64, day: u64) -> Literal {
    Literal::new_typed_literal(format!("{year:04}-{month:02}-{day:02}"), xsd::DATE)
}

fn date_time(seconds: u64) -> Literal {
    let seconds = i64::try_from(seconds).expect("a second of this century");
    let time = Timestamp::from_second(seconds).expect("a second of this century");
    Literal::new_typed_literal(time.to_string(), xsd::DATE_TIME)
}
