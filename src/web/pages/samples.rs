//! What do the pages look like with realistic content, and with hostile content in every field?

use super::about::{AboutPage, Vocabulary};
use super::account::{AccessTo, AccountPage, Made, Offer, Sitting, TokenRow, Trust, Vouching, Why};
use super::audit::{AuditPage, DeedChoice, Told};
use super::bulk::{BulkNotice, BulkPage, BulkRow, DoneBefore, Set, Values};
use super::catalogues::{CatalogueEntry, CataloguesPage};
use super::chart::{Bar, BarChart, Bin, Histogram, Matrix, MatrixCell, MatrixRow};
use super::compare::{self, ComparePage, Compared};
use super::concept::{ConceptPage, Narrower, SystemCode, Use};
use super::dois::{DoiChoice, DoiRow, DoisPage, Next, Which};
use super::edit::{
    Adds, Asked, Conflict, Control, EditPage, EditStartPage, FieldView, GroupView, Hidden,
    Notice as EditNotice, Offer as EditOffer, Onward, Problem, Raw, RowView, Score as EditScore,
    SignedOutWritingPage, TermHit, Trouble as EditTrouble, Unfinished, Words,
};
use super::error::{ErrorPage, Trouble};
use super::figure::BodyFigure;
use super::history::{
    ChangedField, ChangedGroup, Confirmed, DifferencePage, HistoryPage, HistoryStep, Who,
};
use super::home::{Figures, HomePage};
use super::map::{Country, CountryMap};
use super::members::{Invited, JoinPage, MemberRow, MembersPage};
use super::messages::Language;
use super::my;
use super::oai::{OaiForm, OaiPage};
use super::ontology::{Hit, OntologyPage, TreeNode};
use super::picture::{BarRow, Bars, Pictures};
use super::profiles::{Done, NoteRow, NoteTable, PreflightPage, ProfileRow, ProfilesPage};
use super::quality::{
    BandHead, Checklist, Item, Meter, Month, Order, Quality, QualityPage, Row, Score, Standing,
    Step,
};
use super::record::{
    Access, Citation, Contact, Distribution, Finding, Holdings, KeyFigure, Notice, Property,
    PropertyGroup, RecordPage, Relation, Severity, Validation, Value, Version,
};
use super::review::{ChecksPage, DueRow, ReviewPage, ReviewsPage, Said, Waiting};
use super::search::{
    Card, Chip, Exclusion, Facet, FacetKind, FacetNode, FacetValue, Fact, Narrowing, Range, ReadAs,
    SearchPage, Understood,
};
use super::sheets::{self, SheetsPage, TemplateLinks};
use super::sign_in::{SignInPage, SignedOutPage};
use super::similar::SimilarPage;
use super::site::{Alternate, Section, Site, TypedLink, Visitor};
use super::sparql::{Advice, Cell, Failure, Outcome, SparqlPage, Table};
use super::statistics::{Grown, Spread, StatisticsPage};
use super::text::{Badge, Choice, Download, EmbeddedJson, Fragment, Link, Snippet, Text, Tone};
use super::tombstone::TombstonePage;
use super::validate::{Unreadable, ValidatePage};
use crate::catalogue::bulk::Deed;
use crate::catalogue::lifecycle::{Stage, Step as Move};
use crate::ledger::DoiState;

/// Makes samples; a hostile one puts markup and quotes into every word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Samples {
    pub(super) hostile: bool,
    pub(super) language: Language,
}

/// Markup, both quotes, an ampersand, a template's braces and a comment.
pub(super) const HOSTILE: &str = r#"</script><script>alert(1)</script>"'><!--&{{x}}"#;

/// Every page with a name for its file.
pub(super) fn all(samples: Samples) -> Vec<(&'static str, String)> {
    fn html(page: &impl askama::Template) -> String {
        page.render().unwrap()
    }
    let s = samples;
    let mut pages = vec![
        ("home", html(&s.home())),
        ("home-empty", html(&s.home_empty())),
        ("search", html(&s.search())),
        ("search-empty", html(&s.search_empty())),
        ("similar", html(&s.similar())),
        ("compare", html(&s.compare())),
        ("history", html(&s.history())),
        ("difference", html(&s.difference())),
        ("review", html(&s.review())),
        ("reviews", html(&s.reviews())),
        ("checks", html(&s.checks())),
        ("bulk", html(&s.bulk(None))),
        ("bulk-plan", html(&s.bulk(Some(Deed::Publish)))),
        ("bulk-set", html(&s.bulk(Some(Deed::Set)))),
        ("compare-empty", html(&s.compare_empty())),
        ("statistics", html(&s.statistics())),
        ("statistics-empty", html(&s.statistics_empty())),
        ("record", html(&s.record())),
        ("record-bare", html(&s.record_bare())),
        ("catalogue", html(&s.catalogue())),
        ("catalogues", html(&s.catalogues())),
        ("tombstone", html(&s.tombstone())),
        ("concept", html(&s.concept())),
        ("ontology", html(&s.ontology())),
        ("ontology-hits", html(&s.ontology_hits())),
        ("preview", html(&s.preview())),
        ("sparql", html(&s.sparql(Outcome::Nothing))),
        ("sparql-table", html(&s.sparql(s.table()))),
        ("sparql-answer", html(&s.sparql(Outcome::Answer(true)))),
        ("sparql-graph", html(&s.sparql(s.graph()))),
        ("sparql-failed", html(&s.sparql(s.failure()))),
        ("validate", html(&s.validate())),
        ("validate-unreadable", html(&s.validate_unreadable())),
        ("profiles", html(&s.profiles())),
        ("preflight", html(&s.preflight(false))),
        ("preflight-own", html(&s.preflight(true))),
        ("sheets", html(&s.sheets())),
        ("sheets-report", html(&s.sheets_report())),
        ("about", html(&s.about())),
        ("oai", html(&s.oai())),
        ("quality", html(&s.quality_page())),
        ("quality-empty", html(&s.quality_empty())),
        ("sign-in", html(&s.sign_in())),
        ("signed-out", html(&s.signed_out())),
        ("account", html(&s.account())),
        ("members", html(&s.members())),
        ("join", html(&s.join(true))),
        ("join-closed", html(&s.join(false))),
        ("audit", html(&s.audit())),
        ("dois", html(&s.dois())),
        ("my", html(&s.my())),
        ("my-empty", html(&s.my_empty())),
        ("my-notifications", html(&s.my_notifications())),
        ("my-settings", html(&s.my_settings())),
        ("my-webhooks", html(&s.my_webhooks())),
        ("unsubscribe", html(&s.unsubscribe(false))),
        ("unsubscribed", html(&s.unsubscribe(true))),
        ("edit", html(&s.edit())),
        ("edit-raw", html(&s.edit_raw())),
        ("edit-start", html(&s.edit_start())),
        ("edit-signed-out", html(&s.edit_signed_out())),
    ];
    for trouble in Trouble::ALL {
        let name: &'static str = format!("error-{trouble:?}").to_lowercase().leak();
        pages.push((name, html(&s.error(trouble))));
    }
    pages
}

impl Samples {
    fn w(self, words: &str) -> String {
        if self.hostile {
            format!("{HOSTILE}{words}")
        } else {
            words.to_owned()
        }
    }

    fn text(self, words: &str) -> Text {
        Text::plain(self.w(words))
    }

    fn in_language(self, words: &str, lang: &str) -> Text {
        Text::in_language(self.w(words), lang)
    }

    fn link(self, label: &str, href: &str) -> Link {
        Link::new(self.text(label), self.href(href))
    }

    fn href(self, href: &str) -> String {
        if self.hostile {
            format!("{href}{HOSTILE}")
        } else {
            href.to_owned()
        }
    }

    fn site(self, section: Section, here: &str) -> Site {
        Site {
            root: String::new(),
            name: self.w("Cancer Image Atlas"),
            language: self.language,
            here: here.to_owned(),
            section,
            query: String::new(),
            demo: true,
            visitor: Visitor::Stranger,
            version: self.w("0.1.0"),
            licence: Some(self.link("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")),
            canonical: Some(self.href("https://example.org/")),
            alternates: vec![Alternate {
                href: self.href("/dataset/1.ttl"),
                media_type: "text/turtle".to_owned(),
                title: self.w("Turtle"),
            }],
            typed_links: vec![TypedLink {
                rel: "license".to_owned(),
                href: self.href("https://creativecommons.org/licenses/by/4.0/"),
                media_type: None,
            }],
        }
    }

    fn bars(self, facet: &str, rows: &[(&str, u64)]) -> Vec<Bar> {
        let bar = |(label, count): &(&str, u64)| Bar {
            label: self.text(label),
            count: *count,
            href: self.href(&format!("/search?{facet}={}", label.replace(' ', "+"))),
        };
        rows.iter().map(bar).collect()
    }

    fn chart(self, id: &str, title: &str, rows: &[(&str, u64)]) -> BarChart {
        BarChart {
            id: id.to_owned(),
            title: self.w(title),
            bars: self.bars(id, rows),
            more: Some(self.link("All in the search", "/search")),
        }
    }

    fn badge(self, label: &str, tone: Tone) -> Badge {
        Badge {
            label: self.text(label),
            tone,
            href: (tone == Tone::Tier).then(|| self.href("/ontology/SPEC1000011")),
        }
    }

    fn download(self, label: &str, href: &str, media_type: &str) -> Download {
        Download {
            label: self.w(label),
            href: self.href(href),
            media_type: media_type.to_owned(),
        }
    }

    fn value(self, text: &str, code: &str) -> Value {
        Value {
            text: self.text(text),
            code: Some(self.w(code)).filter(|_| !code.is_empty()),
            href: Some(self.href(&format!("/ontology/{code}"))).filter(|_| !code.is_empty()),
            external: false,
            note: None,
        }
    }

    fn outside(self, text: &str, href: &str) -> Value {
        Value {
            text: self.text(text),
            code: None,
            href: Some(self.href(href)),
            external: true,
            note: Some(self.w("EU vocabulary")),
        }
    }

    fn json_ld(self) -> EmbeddedJson {
        let json = serde_json::json!({"@context": "https://schema.org/", "@type": "Dataset", "name": self.w("A")});
        EmbeddedJson::new(&json.to_string())
    }

    fn card(self, number: usize) -> Card {
        const TITLES: [(&str, &str, &str, &str, &str, u64, u64); 6] = [
            (
                "Multicentre breast MRI with tumour segmentations",
                "EuCanImage",
                "Magnetic resonance imaging",
                "Breast structure",
                "Malignant tumor of breast",
                1506,
                1544,
            ),
            (
                "ProstateNet: bi-parametric MRI of the prostate",
                "ProCAncer-I",
                "Magnetic resonance imaging",
                "Prostate",
                "Malignant tumor of prostate",
                14_349,
                15_120,
            ),
            (
                "Paediatric neuroblastoma at diagnosis",
                "PRIMAGE",
                "Computed tomography",
                "Adrenal gland",
                "Neuroblastoma",
                412,
                1290,
            ),
            (
                "Lung cancer CT, PET-CT and clinical follow-up",
                "CHAIMELEON",
                "Computed tomography",
                "Lung structure",
                "Malignant tumor of lung",
                4870,
                9312,
            ),
            (
                "Colorectal cancer staging: CT and MRI",
                "INCISIVE",
                "Computed tomography",
                "Colon structure",
                "Malignant tumor of colon and/or rectum",
                2210,
                3047,
            ),
            (
                "Screening mammography with radiologists’ findings",
                "CHAIMELEON",
                "Mammography",
                "Breast structure",
                "Malignant tumor of breast",
                8902,
                21_377,
            ),
        ];
        let (title, catalogue, modality, part, cancer, subjects, studies) =
            TITLES[number % TITLES.len()];
        Card {
            href: self.href(&format!("/dataset/{number}")),
            title: self.in_language(title, "en"),
            kind: None,
            publisher: Some(self.link("La Fe University and Polytechnic Hospital", "/search?publisher=lafe")),
            catalogue: Some(self.link(catalogue, "/catalog/1")),
            countries: vec![self.text("Spain"), self.text("Italy")],
            facts: vec![
                Fact { label: self.w("Cancer"), values: vec![self.text(cancer)] },
                Fact { label: self.w("Modality"), values: vec![self.text(modality)] },
                Fact { label: self.w("Body part"), values: vec![self.text(part)] },
            ],
            subjects: Some(subjects),
            studies: Some(studies),
            badges: vec![
                self.badge("Tier 2", Tone::Tier),
                self.badge("Non-public", Tone::Care),
                self.badge("Remote processing", Tone::Plain),
            ],
            snippet: Snippet {
                fragments: vec![
                    Fragment { text: self.w("Dynamic contrast-enhanced "), found: false },
                    Fragment { text: self.w("MRI"), found: true },
                    Fragment { text: self.w(" of women with histologically confirmed "), found: false },
                    Fragment { text: self.w("breast"), found: true },
                    Fragment { text: self.w(" cancer before neoadjuvant treatment, acquired at four hospitals between 2012 and 2021, with manual segmentations of the tumour by two readers."), found: false },
                ],
            },
            snippet_lang: Some("en".to_owned()),
            compare: Some(self.w("/dataset/one")),
            modified: Some(self.w("2026-08-14")),
        }
    }

    fn home(self) -> HomePage {
        let parts = [
            ("Breast structure", 14),
            ("Lung structure", 11),
            ("Prostate", 9),
            ("Colon structure", 7),
            ("Brain", 6),
            ("Liver structure", 5),
            ("Kidney", 4),
            ("Pancreas", 3),
            ("Rectum", 3),
            ("Adrenal gland", 2),
            ("Cervix uteri", 2),
            ("Head and neck", 2),
            ("Ovary", 1),
            ("Pelvis", 1),
        ];
        // The plate goes by English names, so it is made from the plain ones and then made hostile.
        let mut body = BodyFigure::new(
            &Samples {
                hostile: false,
                ..self
            }
            .bars("body_part", &parts),
        );
        for mark in &mut body.marks {
            mark.label = self.w(&mark.label);
            mark.href = self.href(&mark.href);
        }
        let country = |(code, label, count): &(&str, &str, u64)| Country {
            code: (*code).to_owned(),
            label: self.w(label),
            count: *count,
            href: self.href(&format!("/search?country={code}")),
        };
        let countries = [
            ("ESP", "Spain", 12),
            ("ITA", "Italy", 9),
            ("DEU", "Germany", 6),
            ("NLD", "Netherlands", 5),
            ("GRC", "Greece", 5),
            ("FRA", "France", 4),
            ("PRT", "Portugal", 3),
            ("POL", "Poland", 2),
            ("SWE", "Sweden", 2),
            ("SRB", "Serbia", 1),
            ("LTU", "Lithuania", 1),
            ("CYP", "Cyprus", 1),
            ("USA", "United States", 6),
        ];
        HomePage {
            may_write: true,
            site: self.site(Section::Home, "/"),
            title: Some(self.text("Atlas of cancer image collections")),
            description: vec![self.text("Descriptions of imaging collections from hospitals, projects and archives across Europe: what they show, whom they show, and how to ask for them.")],
            figures: Figures { collections: 46, subjects: 128_904, studies: 311_572, providers: 21, countries: 13 },
            examples: vec![
                self.link("breast MRI", "/search?q=breast+MRI"),
                self.link("lung CT with more than 1000 subjects", "/search?q=lung+CT&subjects_min=1000"),
                self.link("prostate, segmented", "/search?q=prostate"),
                self.link("C50", "/search?q=C50"),
            ],
            body,
            charts: vec![
                self.chart("cancer", "By cancer", &[("Malignant tumor of breast", 13), ("Malignant tumor of lung", 10), ("Malignant tumor of prostate", 9), ("Malignant tumor of colon and/or rectum", 8), ("Neuroblastoma", 3), ("Glioblastoma", 3)]),
                self.chart("modality", "By modality", &[("Magnetic resonance imaging", 22), ("Computed tomography", 19), ("Mammography", 8), ("Positron emission tomography", 7), ("Slide microscopy", 5), ("Ultrasound", 3)]),
                self.chart("body_part", "By body part", &parts[..6]),
            ],
            countries: CountryMap::new(countries.iter().map(country).collect()),
            matrix: Some(self.matrix()),
            newest: (0..4).map(|number| self.card(number)).collect(),
            json_ld: Some(self.json_ld()),
        }
    }

    fn matrix(self) -> Matrix {
        let columns = ["MR", "CT", "MG", "PT", "US", "SM"];
        let rows: [(&str, [u64; 6]); 6] = [
            ("Breast structure", [6, 1, 8, 1, 3, 2]),
            ("Lung structure", [0, 10, 0, 5, 0, 1]),
            ("Prostate", [9, 0, 0, 1, 1, 2]),
            ("Colon structure", [3, 6, 0, 0, 0, 1]),
            ("Brain", [6, 1, 0, 1, 0, 0]),
            ("Liver structure", [3, 4, 0, 0, 1, 0]),
        ];
        let cell = |count: &u64| {
            (*count > 0).then(|| MatrixCell {
                count: *count,
                href: self.href("/search?modality=MR&body_part=x"),
            })
        };
        Matrix {
            id: "matrix".to_owned(),
            title: self.w("Modality and body part"),
            row_title: self.w("Body part"),
            columns: columns
                .iter()
                .map(|column| self.link(column, "/search?modality=MR"))
                .collect(),
            rows: rows
                .iter()
                .map(|(head, cells)| MatrixRow {
                    head: self.link(head, "/search?body_part=x"),
                    cells: cells.iter().map(cell).collect(),
                })
                .collect(),
        }
    }

    fn home_empty(self) -> HomePage {
        HomePage {
            site: self.site(Section::Home, "/"),
            ..HomePage::default()
        }
    }

    fn node(self, label: &str, code: &str, count: u64, children: Vec<FacetNode>) -> FacetNode {
        FacetNode {
            label: self.text(label),
            code: self.w(code),
            count,
            href: self.href(&format!("/search?cancer={code}")),
            chosen: code == "CLIN1000060",
            open: !children.is_empty(),
            without: Some(self.without(label)),
            more_href: children
                .is_empty()
                .then(|| self.href("/search?open=cancer:CLIN1000060")),
            children,
        }
    }

    fn without(self, label: &str) -> Exclusion {
        Exclusion {
            href: self.href("/search?cancer=-CLIN1000060"),
            label: self.w(label),
        }
    }

    fn list(self, id: &str, label: &str, rows: &[(&str, u64)]) -> Facet {
        let value = |(label, count): &(&str, u64)| FacetValue {
            value: self.w(label),
            label: self.text(label),
            count: *count,
            chosen: *label == "Magnetic resonance imaging",
            without: Some(self.without(label)),
        };
        Facet {
            id: id.to_owned(),
            name: id.to_owned(),
            label: self.w(label),
            open: true,
            kind: FacetKind::List {
                values: rows.iter().map(value).collect(),
                more_href: (rows.len() > 3).then(|| self.href("/search?facet=country")),
            },
        }
    }

    fn facets(self) -> Vec<Facet> {
        let tree = vec![
            self.node(
                "Malignant tumor of breast",
                "CLIN1000060",
                13,
                vec![self.node(
                    "Carcinoma of breast",
                    "CLIN1000061",
                    7,
                    vec![self.node(
                        "Ductal carcinoma in situ of breast",
                        "CLIN1000062",
                        2,
                        vec![],
                    )],
                )],
            ),
            self.node("Malignant tumor of lung", "CLIN1000065", 10, vec![]),
            self.node("Malignant tumor of prostate", "CLIN1000075", 9, vec![]),
        ];
        let bins = [2, 5, 9, 14, 11, 8, 4, 2, 1, 0, 1];
        let bin = |(at, count): (usize, &u64)| Bin {
            label: self.w(&format!("{}–{}", at * 100, at * 100 + 99)),
            count: *count,
            href: self.href("/search?subjects_min=100"),
            chosen: (2..6).contains(&at),
        };
        vec![
            Facet {
                id: "cancer".to_owned(),
                name: "cancer".to_owned(),
                label: self.w("Cancer"),
                open: true,
                kind: FacetKind::Tree {
                    nodes: tree,
                    chosen: vec![self.w("CLIN1000060")],
                },
            },
            self.list(
                "modality",
                "Modality",
                &[
                    ("Magnetic resonance imaging", 6),
                    ("Mammography", 8),
                    ("Ultrasound", 3),
                ],
            ),
            Facet {
                id: "subjects".to_owned(),
                name: "subjects".to_owned(),
                label: self.w("Number of subjects"),
                open: true,
                kind: FacetKind::Range(Range {
                    min_name: "subjects_min".to_owned(),
                    max_name: "subjects_max".to_owned(),
                    min: Some(200),
                    max: None,
                    lowest: 12,
                    highest: 14_349,
                    histogram: Some(Histogram {
                        bins: bins.iter().enumerate().map(bin).collect(),
                    }),
                }),
            },
            self.list(
                "country",
                "Country",
                &[("Spain", 5), ("Italy", 4), ("Germany", 2), ("Greece", 0)],
            ),
            self.list(
                "access",
                "Access rights",
                &[("Public", 3), ("Non-public", 10)],
            ),
        ]
    }

    fn choices(self, name: &str, labels: &[&str]) -> Vec<Choice> {
        let choice = |(at, label): (usize, &&str)| Choice {
            value: self.w(&format!("{name}-{at}")),
            label: self.w(label),
            chosen: at == 0,
        };
        labels.iter().enumerate().map(choice).collect()
    }

    fn offer(self, path: &str) -> Narrowing {
        Narrowing {
            href: self.href(path),
            in_force: false,
        }
    }

    fn read_as(self, label: &str, path: &str, taken: bool) -> ReadAs {
        ReadAs {
            concept: self.link(label, path),
            taken,
            itself: Narrowing {
                in_force: taken,
                ..self.offer("/search?q=breast&sense=breast%7Cbreast%7Citself")
            },
            with_narrower: taken.then(|| self.offer("/search?q=breast&sense=breast%7Cbreast")),
        }
    }

    fn search(self) -> SearchPage {
        let mut site = self.site(Section::Search, "/search?q=breast+MRI&cancer=CLIN1000060");
        site.query = self.w("breast MRI");
        SearchPage {
            site,
            total: 13,
            first: 1,
            understood: vec![
                Understood {
                    words: self.w("breast"),
                    concepts: vec![
                        self.read_as("Breast structure", "/ontology/BP1000136", true),
                        self.read_as("Breast", "/ontology/CLIN1063727", false),
                    ],
                    words_only: self.offer("/search?q=breast&sense=breast%7Cwords"),
                    everything_href: Some(self.href("/search?q=breast")),
                },
                Understood {
                    words: self.w("MRI"),
                    concepts: vec![self.read_as(
                        "Magnetic resonance imaging",
                        "/ontology/IMG1000038",
                        true,
                    )],
                    words_only: self.offer("/search?q=MRI&sense=MRI%7Cwords"),
                    everything_href: None,
                },
            ],
            suggestion: Some(self.link("breast MRI", "/search?q=breast+MRI")),
            chips: vec![
                Chip {
                    facet_id: "country".to_owned(),
                    facet: self.w("Cancer"),
                    label: self.text("Malignant tumor of breast"),
                    remove_href: self.href("/search?q=breast"),
                    excluded: false,
                },
                Chip {
                    facet_id: "country".to_owned(),
                    facet: self.w("Subjects"),
                    label: self.text("200 or more"),
                    remove_href: self.href("/search?q=breast"),
                    excluded: false,
                },
                Chip {
                    facet_id: "country".to_owned(),
                    facet: self.w("Country"),
                    label: self.text("France"),
                    remove_href: self.href("/search?q=breast"),
                    excluded: true,
                },
            ],
            clear_href: self.href("/search?q=breast+MRI"),
            facets: self.facets(),
            kept: vec![("lang".to_owned(), self.w("en"))],
            sort: self.choices("sort", &["Relevance", "Newest", "Most subjects", "Title"]),
            page_size: self.choices("size", &["20", "50", "100"]),
            cards: (0..6).map(|number| self.card(number)).collect(),
            previous_href: Some(self.href("/search?q=breast&after=a")),
            next_href: Some(self.href("/search?q=breast&after=b")),
            downloads: vec![
                self.download("CSV", "/search.csv?q=breast", "text/csv"),
                self.download("JSON", "/search.json?q=breast", "application/json"),
            ],
            statistics_href: self.href("/statistics?q=breast"),
            bulk_href: Some(self.href("/bulk?q=breast")),
            advice: vec![],
        }
    }

    fn similar(self) -> SimilarPage {
        SimilarPage {
            site: self.site(Section::Search, "/search/similar?id=/dataset/one"),
            record: self.link("Breast MRI of Lisbon", "/dataset/one"),
            cards: (0..4).map(|number| self.card(number)).collect(),
        }
    }

    fn compare(self) -> ComparePage {
        let compared = |title: &str| Compared {
            iri: self.w("https://example.org/dataset/one"),
            href: self.href("/dataset/one"),
            title: self.in_language(title, "en"),
            kind: self.w("Dataset"),
            without_href: self.href("/compare?id=/dataset/two"),
        };
        let cell = |text: &str| compare::Cell {
            values: vec![self.value(text, "IMG1000038")],
        };
        ComparePage {
            site: self.site(Section::Search, "/compare?id=/dataset/one&id=/dataset/two"),
            records: vec![
                compared("Breast MRI of Lisbon"),
                compared("Mammography of Crete"),
            ],
            groups: vec![compare::Group {
                label: self.w("Images"),
                rows: vec![
                    compare::Row {
                        iri: self.w("https://cancerimage.eu/ontology/EUCAIM#x"),
                        label: self.text("Modality"),
                        cells: vec![cell("Magnetic resonance imaging"), compare::Cell::default()],
                        differs: true,
                    },
                    compare::Row {
                        iri: self.w("https://cancerimage.eu/ontology/EUCAIM#y"),
                        label: self.text("Body part"),
                        cells: vec![cell("Breast"), cell("Breast")],
                        differs: false,
                    },
                ],
            }],
            differing: 1,
            only_href: Some(self.href("/compare?only=differences")),
            all_href: Some(self.href("/compare?id=/dataset/one")),
        }
    }

    fn compare_empty(self) -> ComparePage {
        ComparePage {
            site: self.site(Section::Search, "/compare"),
            ..ComparePage::default()
        }
    }

    fn statistics(self) -> StatisticsPage {
        let rows = [("Breast", 12), ("Lung", 7)];
        let bins = [("0–49", 3), ("50–99", 8), ("100–", 1)];
        let bin = |(label, count): &(&str, u64)| Bin {
            label: self.w(label),
            count: *count,
            href: self.href("/search?subjects=0..49"),
            chosen: false,
        };
        StatisticsPage {
            site: self.site(Section::Search, "/statistics?q=breast"),
            words: Some(self.w("breast")),
            chips: vec![Chip {
                facet_id: "country".to_owned(),
                facet: self.w("Country"),
                label: self.text("Iceland"),
                remove_href: self.href("/statistics?q=breast"),
                excluded: true,
            }],
            search_href: self.href("/search?q=breast"),
            all_href: self.href("/statistics"),
            measures: vec![
                (self.w("collections"), self.href("/statistics"), true),
                (
                    self.w("subjects"),
                    self.href("/statistics?measure=subjects"),
                    false,
                ),
            ],
            measure: self.w("collections"),
            total: 12,
            charts: vec![self.chart("chart-cancer", "Cancer", &rows)],
            spreads: vec![Spread {
                id: "spread-subjects".to_owned(),
                title: self.w("Subjects"),
                histogram: Histogram {
                    bins: bins.iter().map(bin).collect(),
                },
                first: self.w("0–49"),
                last: self.w("100–"),
            }],
            countries: self.home().countries,
            matrix: Some(self.matrix()),
            growth: vec![
                Grown {
                    meter: self.meter("2025", 4, 12),
                    href: "/search?published=2025".to_owned(),
                },
                Grown {
                    meter: self.meter("2026", 12, 12),
                    href: "/search?published=2025&published=2026".to_owned(),
                },
            ],
            downloads: vec![self.download("CSV", "/api/statistics?format=csv", "text/csv")],
            more: vec![],
        }
    }

    fn statistics_empty(self) -> StatisticsPage {
        StatisticsPage {
            site: self.site(Section::Search, "/statistics?q=x"),
            ..StatisticsPage::default()
        }
    }

    fn search_empty(self) -> SearchPage {
        let mut site = self.site(Section::Search, "/search?q=brest");
        site.query = self.w("brest");
        SearchPage {
            site,
            suggestion: Some(self.link("breast", "/search?q=breast")),
            chips: vec![Chip {
                facet_id: "country".to_owned(),
                facet: self.w("Country"),
                label: self.text("Iceland"),
                remove_href: self.href("/search?q=brest"),
                excluded: false,
            }],
            clear_href: self.href("/search?q=brest"),
            facets: self.facets(),
            advice: vec![self.link("lung", "/search?q=lung")],
            ..SearchPage::default()
        }
    }

    fn record(self) -> RecordPage {
        let property = |label: &str, values: Vec<Value>| Property {
            label: self.text(label),
            iri: self.w("https://cancerimage.eu/ontology/EUCAIM#x"),
            values,
        };
        let group = |id: &str, label: &str, properties: Vec<Property>| PropertyGroup {
            id: id.to_owned(),
            label: self.w(label),
            properties,
        };
        RecordPage {
            granted: Some("2027-01-31".to_owned()),
            site: self.site(Section::Elsewhere, "/dataset/breast-mri"),
            crumbs: vec![self.link("Cancer Image Atlas", "/"), self.link("EuCanImage", "/catalog/eucanimage")],
            kind: self.w("Dataset"),
            title: self.in_language("Multicentre breast MRI with tumour segmentations", "en"),
            other_titles: vec![self.in_language("RM de mama multicéntrica con segmentaciones tumorales", "es")],
            iri: self.w("https://atlas.example.org/dataset/breast-mri"),
            summary: self.w("Dynamic contrast-enhanced MRI of women with breast cancer."),
            writing: vec![self.link("Change this record", "/edit/dataset/breast-mri")],
            badges: vec![self.badge("Tier 2", Tone::Tier), self.badge("Non-public", Tone::Care), self.badge("Remote processing", Tone::Plain), self.badge("EUCAIM valid", Tone::Good)],
            notice: Some(Notice { tone: Tone::Care, text: self.w("There is a newer version of this collection."), link: Some(self.link("Version 2", "/dataset/breast-mri-2")) }),
            figures: vec![
                KeyFigure { value: self.w("1506"), label: self.w("subjects") },
                KeyFigure { value: self.w("1544"), label: self.w("imaging studies") },
                KeyFigure { value: self.w("23–82"), label: self.w("years of age") },
                KeyFigure { value: self.w("2012–2021"), label: self.w("acquired") },
                KeyFigure { value: self.w("1506"), label: self.w("segmentations") },
            ],
            descriptions: vec![
                self.in_language("Dynamic contrast-enhanced magnetic resonance images of women with histologically confirmed breast cancer, acquired before neoadjuvant treatment at four hospitals. Every primary tumour was segmented by hand by one of sixteen readers and checked by a second.\n\nClinical data: age, menopausal status, receptor status, pathological response.", "en"),
                self.in_language("Imágenes de resonancia magnética dinámica con contraste de mujeres con cáncer de mama.", "es"),
            ],
            access: Some(Access {
                summary: Some(self.text("The images stay with the provider and are processed there; nothing is downloaded.")),
                request: Some(self.link("Request access", "https://negotiator.example.org/collection/1")),
                conditions: vec![self.value("Remote processing only", "REMOTE_PROCESSING"), self.value("Health, medical or biomedical research", "DUO_0000006")],
                contacts: vec![
                    Contact { role: self.w("Publisher"), name: self.text("University of Barcelona"), href: Some(self.href("/search?publisher=ub")), email: None, page: Some(self.link("ub.example.org", "https://ub.example.org/")) },
                    Contact { role: self.w("Contact point"), name: self.text("Data office"), href: None, email: Some(self.w("data@example.org")), page: None },
                ],
            }),
            groups: vec![
                group("population", "Population", vec![
                    property("Cancer condition", vec![self.value("Malignant tumor of breast", "CLIN1000060")]),
                    property("Birth sex", vec![self.value("Female", "COM1001370")]),
                    property("Collection method", vec![self.value("Patient-based", "SPEC1000004"), self.value("Disease-specific", "SPEC1000007")]),
                    property("Geographical coverage", vec![self.outside("Spain", "http://publications.europa.eu/resource/authority/country/ESP")]),
                ]),
                group("imaging", "Imaging", vec![
                    property("Image modality", vec![self.value("Magnetic resonance imaging", "IMG1000038")]),
                    property("Body part", vec![self.value("Breast structure", "BP1000136")]),
                    property("Manufacturer", vec![self.value("Siemens", "IMG1000044"), self.value("General Electric", "IMG1000047"), self.value("Philips", "IMG1000046")]),
                ]),
                group("governance", "Governance", vec![
                    property("Legal basis", vec![self.outside("Consent", "https://w3id.org/dpv#Consent")]),
                    property("Applicable legislation", vec![self.outside("Regulation (EU) 2025/327", "http://data.europa.eu/eli/reg/2025/327/oj")]),
                    property("Identifier", vec![Value { text: self.text("https://atlas.example.org/dataset/breast-mri"), ..Value::default() }]),
                ]),
            ],
            distributions: vec![Distribution {
                title: self.text("DICOM images and segmentations"),
                href: Some(self.href("/distribution/breast-mri-dicom")),
                description: Some(self.text("MR series with DICOM-SEG objects, at the reference node.")),
                access_href: Some(self.href("https://negotiator.example.org/collection/1")),
                download_href: Some(self.href("https://files.example.org/sample.zip")),
                format: Some(self.outside("DICOM", "https://www.iana.org/assignments/media-types/application/dicom")),
                size: Some(self.w("412 GB")),
                licence: Some(self.outside("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/")),
                rights: vec![self.value("Remote processing only", "REMOTE_PROCESSING")],
            }],
            similar_href: Some(self.href("/search/similar?id=one")),
            relations: vec![
                Relation { label: self.w("In catalogue"), links: vec![self.link("EuCanImage", "/catalog/eucanimage")], more: None },
                Relation { label: self.w("From the same provider"), links: vec![self.link("Screening mammography with radiologists’ findings", "/dataset/5"), self.link("Colorectal liver metastases, CT", "/dataset/8")], more: Some(self.link("All 7", "/search?publisher=ub")) },
            ],
            citation: Some(Citation {
                text: self.w("University of Barcelona (2026): Multicentre breast MRI with tumour segmentations. Version 1.2.0. Cancer Image Atlas. https://atlas.example.org/dataset/breast-mri"),
                bibtex: self.w("@dataset{breast-mri,\n  title     = {Multicentre breast MRI with tumour segmentations},\n  publisher = {University of Barcelona},\n  year      = {2026},\n  version   = {1.2.0},\n  url       = {https://atlas.example.org/dataset/breast-mri}\n}"),
                downloads: vec![self.download("RIS", "/dataset/breast-mri.ris", "application/x-research-info-systems")],
            }),
            downloads: ["Turtle", "JSON-LD", "RDF/XML", "N-Triples", "N-Quads", "TriG"].iter().map(|format| self.download(format, "/dataset/breast-mri.ttl", "text/turtle")).collect(),
            metas: vec![("citation_title".to_owned(), self.w("Breast MRI"))],
            versions: self.versions(),
            history_href: Some(self.href("/dataset/nova/history")),
            profiles_href: Some(self.href("/dataset/nova/profiles")),
            validation: vec![
                Validation { profile: self.link("EUCAIM DCAT-AP 2.0", "/profile/eucaim"), outcome: self.w("valid, 1 warning"), tone: Tone::Good, findings: self.findings()[1..].to_vec() },
                Validation { profile: self.link("HealthDCAT-AP release 8", "/profile/healthdcat"), outcome: self.w("incomplete"), tone: Tone::Care, findings: self.findings() },
            ],
            quality: Some(self.quality()),
            holdings: None,
            json_ld: Some(self.json_ld()),
        }
    }

    fn meter(self, label: &str, value: u64, max: u64) -> Meter {
        Meter {
            label: self.w(label),
            value,
            max,
        }
    }

    fn checklist(self, labels: &[(&str, Standing)]) -> Checklist {
        let item = |(label, standing): &(&str, Standing)| Item {
            label: self.w(label),
            code: Some(self.w("F1")),
            standing: *standing,
            note: Some(self.w("Identifier")),
        };
        let items: Vec<Item> = labels.iter().map(item).collect();
        Checklist {
            met: 1,
            of: items.len() as u64,
            items,
        }
    }

    fn quality(self) -> Quality {
        let list = [
            ("Access rights", Standing::Met),
            ("Coding system", Standing::Missed),
            ("Variables", Standing::NotNeeded),
            ("The download address answers", Standing::NotMeasured),
        ];
        Quality {
            score: Some(Score {
                points: 285,
                max: 405,
                band: self.w("Good"),
                tone: Tone::Good,
                dimensions: vec![
                    self.meter("Findability", 80, 100),
                    self.meter("Context", 0, 20),
                ],
                metrics: Some(self.checklist(&list)),
                not_measured: vec![self.w("the download address answers"), self.w("another")],
            }),
            profile: self.w("eucaim-dcat-ap-2.0"),
            shares: vec![
                self.meter("Mandatory", 24, 24),
                self.meter("Recommended", 9, 14),
            ],
            steps: vec![
                Step {
                    label: self.w("Format"),
                    points: 40,
                    wanted: None,
                    details: vec![self.w("open file format"), self.w("machine-readable")],
                },
                Step {
                    label: self.w("Custodian"),
                    points: 0,
                    wanted: Some(self.w("Recommended")),
                    details: vec![],
                },
            ],
            ehds: Some(self.checklist(&list)),
            fair: Some(self.checklist(&list[..1])),
            json_href: self.href("/dataset/breast-mri/quality?format=json"),
        }
    }

    fn quality_page(self) -> QualityPage {
        let month = |month: Option<&str>, tenths: u64| Month {
            month: month.map(|month| self.w(month)),
            records: 12,
            mean: self.w("301.5"),
            meter: self.meter("", tenths, 4050),
        };
        let months = vec![
            month(Some("2026-09"), 2_800),
            month(Some("2026-10"), 3_015),
            month(None, 3_100),
        ];
        let row = |label: &str, months: Vec<Month>| Row {
            head: self.link(label, "/catalog/chaimeleon"),
            records: 12,
            mean: self.w("301.5"),
            meter: self.meter("", 3_015, 4_050),
            bands: vec![3, 9, 0, 0],
            months,
        };
        let order = |name: &'static str| Order {
            name,
            href: self.href("/quality?sort=score"),
            chosen: name == "score",
        };
        let bands = [
            ("Excellent", 351),
            ("Good", 221),
            ("Sufficient", 121),
            ("Bad", 0),
        ];
        QualityPage {
            site: self.site(Section::Quality, "/quality"),
            all: Some(row("All", vec![])),
            max: 405,
            bands: bands
                .into_iter()
                .map(|(label, from)| BandHead {
                    label: self.w(label),
                    from,
                    count: 12,
                })
                .collect(),
            catalogues: vec![row("CHAIMELEON", months.clone()), row("New", vec![])],
            providers: vec![row("University of Barcelona", months.clone())],
            orders: ["records", "score", "name"].map(order).to_vec(),
            months,
            is_counting: true,
            is_cut: true,
        }
    }

    fn quality_empty(self) -> QualityPage {
        QualityPage {
            site: self.site(Section::Quality, "/quality"),
            ..QualityPage::default()
        }
    }

    fn findings(self) -> Vec<Finding> {
        let finding = |severity, message: &str| Finding {
            severity,
            message: self.text(message),
            path: Some(self.w("Health data access body")),
            line: None,
            focus: Some(self.w("<https://atlas.example.org/dataset/breast-mri>")),
            value: Some(self.w("eucaim:IMG1000022")),
            advice: Some(self.w("Did you mean IMG1000038 Magnetic resonance imaging?")),
        };
        vec![
            finding(
                Severity::Violation,
                "A dataset names exactly one health data access body.",
            ),
            finding(
                Severity::Warning,
                "The value is a procedure, not a modality.",
            ),
            Finding {
                path: None,
                focus: None,
                value: None,
                advice: None,
                ..finding(Severity::Info, "No quality certificate is given.")
            },
        ]
    }

    fn versions(self) -> Vec<Version> {
        let version = |number: u64, change: &str| Version {
            number,
            name: Some(self.w("1.2.0")),
            date: self.w("14 August 2026"),
            datetime: "2026-08-14T09:30:00Z".to_owned(),
            change: self.w(change),
            note: Some(self.text("Number of studies corrected")),
            href: Some(self.href(&format!("/dataset/breast-mri/versions/{number}"))),
            current: number == 3,
        };
        vec![
            version(3, "replaced"),
            version(2, "replaced"),
            version(1, "created"),
        ]
    }

    fn record_bare(self) -> RecordPage {
        RecordPage {
            site: self.site(Section::Elsewhere, "/tool/1"),
            kind: self.w("Tool"),
            title: self.text("A record of which nothing else is known"),
            iri: self.w("https://atlas.example.org/tool/1"),
            ..RecordPage::default()
        }
    }

    fn catalogue(self) -> RecordPage {
        let cancers = [
            ("Malignant tumor of breast", 9),
            ("Malignant tumor of lung", 4),
            ("Malignant tumor of prostate", 2),
        ];
        RecordPage {
            site: self.site(Section::Catalogues, "/catalog/chaimeleon"),
            crumbs: vec![
                self.link("Cancer Image Atlas", "/"),
                self.link("Catalogues", "/catalog"),
            ],
            kind: self.w("Catalogue"),
            title: self.text("CHAIMELEON"),
            distributions: vec![],
            holdings: Some(Holdings {
                total: 15,
                charts: vec![
                    self.chart("holdings-cancer", "By cancer", &cancers),
                    self.chart(
                        "holdings-modality",
                        "By modality",
                        &[("Magnetic resonance imaging", 8), ("Mammography", 5)],
                    ),
                ],
                cards: (0..4).map(|number| self.card(number)).collect(),
                previous_href: None,
                next_href: Some(self.href("/catalog/chaimeleon?after=x")),
                search_href: self.href("/search?catalogue=chaimeleon"),
            }),
            ..self.record()
        }
    }

    fn catalogues(self) -> CataloguesPage {
        let entry = |(name, collections): &(&str, u64)| {
            CatalogueEntry {
            title: self.link(name, "/catalog/1"),
            publisher: Some(self.link("La Fe University and Polytechnic Hospital", "/search?publisher=x")),
            description: Some(self.text("Images and clinical data of four cancers, gathered to test tools for diagnosis and prognosis.")),
            badges: vec![self.badge("Horizon 2020", Tone::Plain)],
            collections: *collections,
            subjects: collections * 812,
            studies: collections * 1905,
        }
        };
        let entries = [
            ("CHAIMELEON", 12),
            ("EuCanImage", 9),
            ("INCISIVE", 8),
            ("ProCAncer-I", 5),
            ("PRIMAGE", 4),
            ("Public archives", 8),
        ];
        CataloguesPage {
            site: self.site(Section::Catalogues, "/catalog"),
            catalogues: entries.iter().map(entry).collect(),
        }
    }

    fn history(self) -> HistoryPage {
        let step = |number: u64, change: &str, is_public: bool| HistoryStep {
            number,
            href: self.href("/dataset/nova/versions/1"),
            date: "2026-03-02 10:00 UTC".to_owned(),
            datetime: "2026-03-02T10:00:00Z".to_owned(),
            change: self.w(change),
            is_public,
            is_current: number == 2,
            author: Who::Person(is_public.then(|| self.w("Ada Lovelace"))),
            reason: Some(self.w("The second centre sent its figures.")),
            difference_href: (number > 1).then(|| self.href("/dataset/nova/difference")),
        };
        HistoryPage {
            site: self.site(Section::Elsewhere, "/dataset/nova/history"),
            record: self.link("Breast cancer screening", "/dataset/nova"),
            steps: vec![
                step(3, "replaced", false),
                step(2, "replaced", true),
                step(1, "created", true),
            ],
            versions: vec![3, 2, 1],
            difference_href: "/dataset/nova/difference".to_owned(),
            restore_href: Some("/dataset/nova/restore".to_owned()),
            confirmations: vec![Confirmed {
                date: "2026-03-02".to_owned(),
                datetime: "2026-03-02T10:00:00Z".to_owned(),
                number: 2,
                author: Who::Program(None),
                note: Some(self.w("Asked the centre.")),
            }],
            timemap_href: "/dataset/nova/timemap".to_owned(),
            previous_href: None,
            next_href: Some(self.href("/dataset/nova/history?before=7")),
        }
    }

    fn review(self) -> ReviewPage {
        ReviewPage {
            site: self.site(Section::Elsewhere, "/dataset/nova/review"),
            record: self.link("Breast cancer screening", "/dataset/nova"),
            version: 3,
            version_href: self.href("/dataset/nova/versions/3"),
            stage: Stage::InReview,
            approvals_needed: 2,
            approvals: 1,
            four_eyes: true,
            difference_href: Some(self.href("/dataset/nova/difference?from=2&to=3")),
            remarks: vec![Said {
                author: Who::Person(Some(self.w("Grace Hopper"))),
                date: "2026-03-02 10:00 UTC".to_owned(),
                datetime: "2026-03-02T10:00:00Z".to_owned(),
                step: Some(Move::RequestChanges),
                version: 2,
                field: Some(self.w("Number of subjects")),
                text: Some(self.w("Does this count the second centre?")),
            }],
            fields: vec![Choice {
                value: self.w("https://w3id.org/healthdcat-ap#numberOfUniqueIndividuals"),
                label: self.w("Number of subjects"),
                chosen: false,
            }],
            steps: Move::ALL.to_vec(),
            action: "/dataset/nova/review".to_owned(),
            scheduled: Some("2026-04-01 08:00 UTC".to_owned()),
            trouble: Some(self.w("the record has changed")),
            schedule_href: Some("/dataset/nova/schedule".to_owned()),
            rules_href: Some("/catalog/nova/rules".to_owned()),
        }
    }

    fn reviews(self) -> ReviewsPage {
        ReviewsPage {
            site: self.site(Section::Elsewhere, "/reviews"),
            stages: vec![
                (Stage::InReview, "/reviews?stage=in-review".to_owned()),
                (Stage::Approved, "/reviews?stage=approved".to_owned()),
            ],
            stage: Stage::InReview,
            waiting: vec![Waiting {
                review: self.link("Breast cancer screening", "/dataset/nova/review"),
                version: 3,
                author: Who::Person(Some(self.w("Ada Lovelace"))),
                date: "2026-03-02 10:00 UTC".to_owned(),
                datetime: "2026-03-02T10:00:00Z".to_owned(),
            }],
            next_href: Some("/reviews?after=7".to_owned()),
        }
    }

    fn bulk(self, planned: Option<Deed>) -> BulkPage {
        let row = |problem: Option<String>| BulkRow {
            iri: self.w("https://example.org/dataset/nova"),
            record: self.link("Breast cancer screening", "/dataset/nova"),
            from: Some(Stage::Draft),
            to: planned.map(|_| Stage::Published),
            is_chosen: problem.is_none(),
            values: (planned == Some(Deed::Set)).then(|| Values {
                before: vec![self.w("remote processing")],
                after: vec![self.w("download")],
            }),
            problem,
        };
        let line = |number, undo: Option<&str>| DoneBefore {
            number,
            step: Some(Deed::Withdraw),
            records: 12,
            date: "2026-03-02 10:00 UTC".to_owned(),
            datetime: "2026-03-02T10:00:00Z".to_owned(),
            undo_href: undo.map(str::to_owned),
        };
        BulkPage {
            site: self.site(Section::Elsewhere, "/bulk"),
            notice: Some(match planned {
                None => BulkNotice::Done(7),
                Some(_) => BulkNotice::Refused(self.w("one of them stands in the way")),
            }),
            query: self.w("breast"),
            facets: vec![("modality".to_owned(), self.w("MR"))],
            places: self.edit_choices(),
            states: self.edit_choices(),
            rows: vec![row(None), row(Some(self.w("its parent is not public")))],
            all_href: Some("/bulk?all=yes".to_owned()),
            next_href: Some("/bulk?after=100".to_owned()),
            steps: Deed::ALL.to_vec(),
            fields: self.edit_choices(),
            set: (planned == Some(Deed::Set)).then(|| Set {
                field: self.w("dct:accessRights"),
                name: self.w("Access rights"),
                value: self.w("download"),
                language: "en".to_owned(),
                adds: true,
            }),
            planned,
            reason: self.w("all of them"),
            done: vec![line(7, Some("/bulk/7/undo")), line(6, None)],
        }
    }

    fn checks(self) -> ChecksPage {
        ChecksPage {
            site: self.site(Section::Elsewhere, "/checks"),
            due: vec![DueRow {
                record: self.link("Breast cancer screening", "/dataset/nova"),
                version: 2,
                since: "2025-03-02".to_owned(),
                datetime: "2025-03-02T10:00:00Z".to_owned(),
                confirm_href: "/dataset/nova/confirm".to_owned(),
            }],
            next_href: Some("/checks?after=7".to_owned()),
        }
    }

    fn difference(self) -> DifferencePage {
        let value = |text: &str| Value {
            text: self.text(text),
            ..Value::default()
        };
        let mut field = ChangedField {
            iri: self.w("https://cancerimage.eu/ontology/EUCAIM#hasNumberOfSubjects"),
            label: self.text("Number of subjects"),
            removed: vec![value("210")],
            added: vec![value("245"), value("250")],
            words: String::new(),
        };
        let site = self.site(Section::Elsewhere, "/dataset/nova/difference");
        field.say(&site);
        DifferencePage {
            record: self.link("Breast cancer screening", "/dataset/nova"),
            from: 1,
            from_href: self.href("/dataset/nova/versions/1"),
            to: 2,
            to_href: self.href("/dataset/nova/versions/2"),
            groups: vec![ChangedGroup {
                label: self.w("Numbers"),
                fields: vec![field],
            }],
            removed: 1,
            added: 2,
            patch_href: self.href("/dataset/nova/difference?format=patch"),
            history_href: self.href("/dataset/nova/history"),
            site,
        }
    }

    fn tombstone(self) -> TombstonePage {
        TombstonePage {
            site: self.site(Section::Elsewhere, "/dataset/old"),
            title: Some(self.text("Open Challenge Prostate Cancer V1")),
            kind: self.w("Dataset"),
            iri: self.w("https://atlas.example.org/dataset/old"),
            withdrawn: true,
            date: self.w("2 March 2026"),
            datetime: "2026-03-02T10:00:00Z".to_owned(),
            reason: Some(self.text("Consent was withdrawn for a part of the collection.")),
            undelete_href: Some("/dataset/old/undelete".to_owned()),
            replaced_by: Some(self.link("Open Challenge Prostate Cancer V2", "/dataset/new")),
            catalogue: Some(self.link("ProCAncer-I", "/catalog/procancer-i")),
            versions: self.versions(),
            json_ld: Some(self.json_ld()),
        }
    }

    fn concept(self) -> ConceptPage {
        let child = |(label, code, descendants, collections): &(&str, &str, u64, u64)| Narrower {
            link: self.link(label, &format!("/ontology/{code}")),
            code: self.w(code),
            descendants: *descendants,
            collections: *collections,
        };
        let code = |system: &str, code: &str| SystemCode {
            system: self.w(system),
            code: self.w(code),
            href: Some(self.href("https://browser.example.org/?code=1")),
            note: Some(self.w("exact")),
        };
        ConceptPage {
            site: self.site(Section::Ontology, "/ontology/IMG1000038"),
            label: self.in_language("Magnetic resonance imaging", "en"),
            labels: vec![
                self.in_language("Magnetic resonance imaging", "en"),
                self.in_language("Magnetresonanztomographie", "de"),
            ],
            synonyms: vec![
                self.text("MRI"),
                self.text("MR"),
                self.text("Nuclear magnetic resonance imaging"),
            ],
            definitions: vec![self.in_language(
                "Imaging that uses the magnetic resonance of atomic nuclei.",
                "en",
            )],
            iri: self.w("https://cancerimage.eu/ontology/EUCAIM#IMG1000038"),
            code: self.w("IMG1000038"),
            scheme: Some(self.link("Imaging module", "/ontology/IMG1000001")),
            deprecated: Some(Some(self.link(
                "Magnetic resonance imaging procedure",
                "/ontology/IMG1000022",
            ))),
            paths: vec![
                vec![
                    self.link("Imaging module", "/ontology/IMG1000001"),
                    self.link("Imaging modality", "/ontology/IMG1000009"),
                ],
                vec![
                    self.link("Generic", "/ontology/GEN1000001"),
                    self.link("Action", "/ontology/GEN1000002"),
                    self.link("Imaging action", "/ontology/GEN1000003"),
                ],
            ],
            children: [
                ("Magnetic resonance angiography", "IMG1004462", 0, 1),
                ("Magnetic resonance spectroscopy", "IMG1000083", 2, 0),
                ("Diffusion weighted imaging", "IMG1000090", 5, 6),
            ]
            .iter()
            .map(child)
            .collect(),
            more_children: Some(self.link("All 24", "/ontology/IMG1000038?all=true")),
            codes: vec![
                code("SNOMED CT", "312250003"),
                code("RadLex", "RID10312"),
                code("NCIt", "C16809"),
                code("DICOM", "MR"),
                code("OMOP", "4013636"),
            ],
            equivalents: vec![
                self.value("Magnetic resonance imaging (procedure)", "IMG1000022"),
                self.value("MR", "IMG1000099"),
            ],
            properties: vec![Property {
                label: self.text("Has method"),
                iri: self.w("https://x"),
                values: vec![self.value("Magnetic resonance imaging action", "IMG1000038")],
            }],
            takes: vec![super::concept::Takes {
                label: self.text("Image modality"),
                iri: self.w("https://cancerimage.eu/ontology/EUCAIM#hasImageModality"),
                profiles: vec![self.w("EUCAIM DCAT-AP 2.0")],
            }],
            uses: vec![Use {
                property: self.w("Image modality"),
                itself: 20,
                with_below: 22,
                href: self.href("/search?modality=IMG1000038"),
            }],
            cards: (0..2).map(|number| self.card(number)).collect(),
            search_href: Some(self.href("/search?modality=IMG1000038")),
            version: Some(self.w("EUCAIM hyperontology 2.0, December 2025")),
            json_ld: Some(self.json_ld()),
        }
    }

    fn tree(self, label: &str, code: &str, children: Vec<TreeNode>) -> TreeNode {
        TreeNode {
            label: self.text(label),
            iri: self.w("https://cancerimage.eu/ontology/EUCAIM#IMG1000001"),
            code: self.w(code),
            href: self.href(&format!("/ontology/{code}")),
            collections: 12,
            descendants: 52,
            language: self.language,
            open: code == "IMG1000001",
            children,
            more: (code == "IMG1000009").then(|| self.link("8 more", "/ontology/IMG1000009")),
        }
    }

    fn ontology(self) -> OntologyPage {
        let modality = self.tree(
            "Imaging modality",
            "IMG1000009",
            vec![
                self.tree("Magnetic resonance imaging", "IMG1000038", vec![]),
                self.tree("Computed tomography", "IMG1000042", vec![]),
            ],
        );
        OntologyPage {
            site: self.site(Section::Ontology, "/ontology"),
            title: self.w("EUCAIM hyperontology"),
            version: self.w("Version 2.0, December 2025"),
            licence: Some(self.link("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")),
            concepts: 3991,
            query: String::new(),
            hits: None,
            under: None,
            paths: vec![vec![self.link("Imaging module", "/ontology/IMG1000001")]],
            concept: Some(self.link("Imaging modality", "/ontology/IMG1000009")),
            branch: super::ontology::Branch {
                nodes: vec![
                    self.tree(
                        "Imaging module",
                        "IMG1000001",
                        vec![modality, self.tree("Manufacturer", "IMG1000010", vec![])],
                    ),
                    self.tree(
                        "Clinical",
                        "CLIN1000001",
                        vec![self.tree("Malignant neoplastic disease", "CLIN1007977", vec![])],
                    ),
                    self.tree("Body structure", "BP1000024", vec![]),
                ],
                more: Some(self.link("2,228 concepts", "/ontology?from=200")),
            },
            value_sets: vec![
                self.link("Image modality", "/ontology/IMG1000009"),
                self.link("Cancer condition", "/ontology/CLIN1007977"),
                self.link("Body part", "/ontology/BP1000024"),
                self.link("Interoperability tier", "/ontology/SPEC1000008"),
            ],
        }
    }

    fn preview(self) -> super::preview::PreviewPage {
        super::preview::PreviewPage {
            language: self.language,
            label: self.in_language("Magnetic resonance imaging", "en"),
            code: self.w("IMG1000038"),
            iri: self.w("https://cancerimage.eu/ontology/EUCAIM#IMG1000038"),
            href: self.href("/ontology/IMG1000038"),
            synonyms: vec![self.text("MRI"), self.text("MR")],
            definition: Some(self.w("Imaging by magnetic resonance.")),
            parents: vec![self.text("Imaging modality")],
            codes: vec![self.w("SNOMEDCT 312250003")],
        }
    }

    fn ontology_hits(self) -> OntologyPage {
        let hit = |label: &str, code: &str, matched: Option<&str>, parent: &str| Hit {
            link: self.link(label, &format!("/ontology/{code}")),
            code: self.w(code),
            matched: matched.map(|words| self.text(words)),
            parent: Some(self.text(parent)),
            collections: 14,
        };
        OntologyPage {
            query: self.w("breast"),
            under: Some(self.w("https://cancerimage.eu/ontology/EUCAIM#BP1000024")),
            hits: Some(vec![
                hit("Breast structure", "BP1000136", None, "Trunk structure"),
                hit(
                    "Breast",
                    "CLIN1063727",
                    Some("SNOMED CT 76752008"),
                    "Body site",
                ),
                hit(
                    "Malignant tumor of breast",
                    "CLIN1000060",
                    Some("breast cancer"),
                    "Malignant neoplastic disease",
                ),
            ]),
            ..self.ontology()
        }
    }

    fn sparql(self, outcome: Outcome) -> SparqlPage {
        SparqlPage {
            site: self.site(Section::Sparql, "/sparql"),
            query: self.w("PREFIX dcat: <http://www.w3.org/ns/dcat#>\nSELECT ?collection WHERE {\n  ?collection a dcat:Dataset ,\n}"),
            outcome,
            downloads: vec![self.download("CSV", "/sparql?format=csv", "text/csv"), self.download("JSON", "/sparql?format=json", "application/sparql-results+json")],
            milliseconds: Some(4),
            seconds_max: 30,
            pictures: self.pictures(),
            share: Some(self.w("https://atlas.example.org/sparql?query=ASK+%7B%7D")),
        }
    }

    fn pictures(self) -> Pictures {
        let node = |name: &str, href: Option<&str>| Cell {
            text: self.w(name),
            iri: Some(format!("urn:{name}")),
            href: href.map(|href| self.href(href)),
            ..Cell::default()
        };
        let says = |from, to| (from, self.w("dct:isPartOf"), to);
        let statements = [
            says(
                node("Breast", Some("/dataset/1")),
                node("Catalogue", Some("/catalog/1")),
            ),
            says(node("Lung", None), node("Catalogue", Some("/catalog/1"))),
        ];
        let country = Country {
            code: "ESP".to_owned(),
            label: self.w("Spain"),
            count: 12,
            href: self.href("/ontology/ESP"),
        };
        let row = |label: &str, length, href: Option<&str>| BarRow {
            label: self.w(label),
            value: self.w("12"),
            length,
            href: href.map(|href| self.href(href)),
        };
        Pictures {
            bars: Some(Bars {
                title: self.w("collections"),
                rows: vec![
                    row("MR", 1000.0, Some("/ontology/IMG1000038")),
                    row("CT", 420.0, None),
                ],
            }),
            map: Some(CountryMap::new(vec![country])),
            ..Pictures::of_graph(&statements)
        }
    }

    fn table(self) -> Outcome {
        let row = |label: &str, count: &str| {
            vec![
                Some(Cell {
                    text: self.w(label),
                    iri: Some(self.w("https://cancerimage.eu/ontology/EUCAIM#IMG1000038")),
                    href: Some(self.href("/ontology/IMG1000038")),
                    lang: None,
                    number: false,
                }),
                Some(Cell {
                    text: self.w("Magnetic resonance imaging"),
                    lang: Some("en".to_owned()),
                    ..Cell::default()
                }),
                Some(Cell {
                    text: self.w(count),
                    number: true,
                    ..Cell::default()
                }),
                None,
            ]
        };
        Outcome::Table(Table {
            columns: ["modality", "label", "collections", "subjects"]
                .iter()
                .map(|column| self.w(column))
                .collect(),
            rows: vec![
                row("IMG1000038", "22"),
                row("IMG1000042", "19"),
                row("IMG1004455", "8"),
            ],
            cut: true,
        })
    }

    fn graph(self) -> Outcome {
        Outcome::Graph { turtle: self.w("<https://atlas.example.org/dataset/1> a dcat:Dataset ;\n  dct:title \"Breast\"@en ."), triples: 2, cut: true }
    }

    fn failure(self) -> Outcome {
        Outcome::Failed(Failure {
            message: self.w("Expected a verb or a closing brace, found «,»."),
            line: Some(3),
            column: Some(30),
            advice: Some(Advice::Prefix(Some(
                self.w("PREFIX dct: <http://purl.org/dc/terms/>"),
            ))),
        })
    }

    fn validate(self) -> ValidatePage {
        ValidatePage {
            site: self.site(Section::Validate, "/validate"),
            text: self.w("<https://example.org/d> a dcat:Dataset ."),
            profiles: self.choices("profile", &["EUCAIM DCAT-AP 2.0", "DCAT-AP 3"]),
            formats: self.choices("format", &["Recognise it", "Turtle", "JSON-LD", "RDF/XML"]),
            unreadable: None,
            reports: vec![Validation {
                profile: self.link("EUCAIM DCAT-AP 2.0", "/profile/eucaim"),
                outcome: self.w("not valid"),
                tone: Tone::Bad,
                findings: self.findings(),
            }],
            downloads: vec![self.download("Turtle", "/validate.ttl", "text/turtle")],
        }
    }

    fn profiles(self) -> ProfilesPage {
        let row = |title: &str, token: &str, outcome: &str, tone: Tone| ProfileRow {
            preflight: self.link(title, &format!("/dataset/nova/profiles/{token}")),
            token: self.w(token),
            as_sent: token.starts_with("eucaim"),
            outcome: self.w(outcome),
            tone,
            downloads: vec![self.download("Turtle", "/dataset/nova.ttl", "text/turtle")],
        };
        ProfilesPage {
            site: self.site(Section::Elsewhere, "/dataset/nova/profiles"),
            record: self.link("Breast cancer screening", "/dataset/nova"),
            profiles: vec![
                row(
                    "EUCAIM DCAT-AP 2.0",
                    "eucaim-dcat-ap-2.0",
                    "fits",
                    Tone::Good,
                ),
                row(
                    "HealthDCAT-AP release 8",
                    "healthdcat-ap",
                    "does not fit",
                    Tone::Bad,
                ),
            ],
        }
    }

    fn preflight(self, as_sent: bool) -> PreflightPage {
        let row = NoteRow {
            property: Some(self.w("Custodian")),
            before: Some(self.w("https://w3id.org/healthdcat-ap#")),
            after: Some(self.w("http://healthdataportal.eu/ns/health#")),
            count: 1_200,
            because: self.w("the namespace of the release"),
        };
        let table = NoteTable {
            done: Done::LeftOut,
            rows: vec![
                row.clone(),
                NoteRow {
                    property: None,
                    before: None,
                    after: None,
                    ..row
                },
            ],
        };
        PreflightPage {
            site: self.site(Section::Elsewhere, "/dataset/nova/profiles/healthdcat-ap"),
            record: self.link("Breast cancer screening", "/dataset/nova"),
            profiles_href: self.href("/dataset/nova/profiles"),
            validation: Validation {
                profile: self.link("HealthDCAT-AP release 8", "https://example.org/profile"),
                outcome: self.w("does not fit"),
                tone: Tone::Bad,
                findings: if as_sent { Vec::new() } else { self.findings() },
            },
            as_sent,
            tables: if as_sent { Vec::new() } else { vec![table] },
            more: 12,
            downloads: vec![self.download("Turtle", "/dataset/nova.ttl", "text/turtle")],
            reports: vec![self.download("JSON", "/dataset/nova/profiles/x", "application/json")],
        }
    }

    fn sheets(self) -> SheetsPage {
        SheetsPage {
            site: self.site(Section::Elsewhere, "/sheets"),
            templates: vec![TemplateLinks {
                title: self.w("EUCAIM DCAT-AP 2.0"),
                book: self.w("/templates/eucaim-dcat-ap-2.0.xlsx"),
                tables: vec![Link::new(self.w("Datasets"), self.w("/templates/x.csv"))],
            }],
            sign_in: Some(self.w("/sign-in")),
            unreadable: Some(self.w("the file is no workbook")),
            ..SheetsPage::default()
        }
    }

    fn sheets_report(self) -> SheetsPage {
        let mend = || sheets::Mend {
            place: self.w("Datasets, row 4, column F «Image modality»"),
            message: self.w("«MRX» is no term of this field."),
        };
        let row = |effect| sheets::Row {
            place: self.w("Datasets 4"),
            title: self.w("Lung CT"),
            href: Some(self.w("/dataset/lung")),
            effect,
            differences: vec![sheets::Change {
                heading: self.w("Unique individuals"),
                old: self.w("210"),
                new: self.w("245"),
            }],
        };
        SheetsPage {
            may_send: true,
            kinds: vec![Choice {
                value: self.w("dataset"),
                label: self.w("Datasets"),
                chosen: true,
            }],
            parent: self.w("/catalog/lungs"),
            unreadable: None,
            report: Some(sheets::Report {
                is_stale: true,
                rows: 4,
                new: 1,
                changed: 1,
                unchanged: 1,
                blocking: vec![mend()],
                later: vec![mend()],
                more: 3,
                unread: vec![self.w("Notes")],
                records: [
                    sheets::Effect::New,
                    sheets::Effect::Changed,
                    sheets::Effect::Unchanged,
                    sheets::Effect::Refused,
                ]
                .map(row)
                .to_vec(),
                kept: Some(self.w("9f2c")),
                ..sheets::Report::default()
            }),
            ..self.sheets()
        }
    }

    fn validate_unreadable(self) -> ValidatePage {
        ValidatePage {
            unreadable: Some(Unreadable {
                message: self.w("The prefix «dct:» is not declared."),
                line: Some(12),
                column: Some(5),
            }),
            reports: vec![],
            downloads: vec![],
            ..self.validate()
        }
    }

    fn oai(self) -> OaiPage {
        OaiPage {
            site: self.site(Section::Elsewhere, "/oai"),
            address: self.w("https://atlas.example.org/oai"),
            forms: vec![OaiForm {
                prefix: self.w("oai_dc"),
                title: self.w("Dublin Core"),
                schema: self.href("https://example.org/oai_dc.xsd"),
            }],
            sets: vec![self.w("catalog:breast"), self.w("type:dataset")],
        }
    }

    fn about(self) -> AboutPage {
        AboutPage {
            site: self.site(Section::About, "/about"),
            description: vec![self.text("The Atlas of Cancer Image Europe.")],
            operator: Some(self.link("EUCAIM", "https://cancerimage.example.org/")),
            contact: Some(self.link("helpdesk@example.org", "mailto:helpdesk@example.org")),
            profiles: vec![self.link("EUCAIM DCAT-AP 2.0", "/profile/eucaim")],
            vocabularies: vec![Vocabulary {
                title: self.link("EUCAIM hyperontology", "/ontology"),
                version: Some(self.w("2.0")),
                licence: Some(self.w("CC BY 4.0")),
                concepts: 3991,
            }],
            base: self.w("https://atlas.example.org"),
        }
    }

    fn sign_in(self) -> SignInPage {
        SignInPage {
            site: self.site(Section::Elsewhere, "/sign-in"),
            providers: vec![self.link("Life Science Login", "/sign-in/ls")],
        }
    }

    fn signed_out(self) -> SignedOutPage {
        SignedOutPage {
            site: self.site(Section::Elsewhere, "/sign-out"),
            there: Some(self.link("Life Science Login", "https://op.example/end")),
        }
    }

    fn account(self) -> AccountPage {
        let identity = |subject: &str| Vouching {
            provider: self.w("Life Science Login"),
            issuer: self.w("https://op.example/"),
            subject: self.w(subject),
            seen: "2026-11-20".to_owned(),
        };
        AccountPage {
            site: Site {
                visitor: Visitor::Present,
                ..self.site(Section::Elsewhere, "/account")
            },
            name: self.w("Ada Lovelace"),
            email: Some(self.w("ada@example.org")),
            author: "person-0a1b2c3d4e5f".to_owned(),
            grants: vec![
                Trust {
                    label: self.w("Provider"),
                    catalogues: Some(vec![self.link("Hospital", "/catalog/hospital")]),
                },
                Trust {
                    label: self.w("Reviewer"),
                    catalogues: None,
                },
            ],
            reasons: vec![Why {
                provider: self.w("ls"),
                conditions: vec![self.w("urn:geant:x.eu:group:EUCAIM:role=editor")],
            }],
            identities: vec![identity("ada@x.eu"), identity("ada@work.example")],
            links: vec![self.link("Life Science Login", "/sign-in/ls?link=x")],
            sessions: vec![Sitting {
                id: self.w("a1"),
                client: self.w("Firefox, IPv6"),
                since: "2026-11-20".to_owned(),
                used: "2026-11-21".to_owned(),
                is_this: true,
            }],
            memberships: vec![self.w("reviewer")],
            may_manage_members: true,
            may_read_audit: true,
            may_manage_dois: true,
            access: vec![AccessTo {
                dataset: self.w("https://atlas.example/dataset/breast-mri"),
                source: self.w("https://dac.example/"),
                by: self.w("dac"),
                until: "2027-01-31".to_owned(),
            }],
            tokens: vec![TokenRow {
                id: self.w("0a1b2c"),
                name: self.w("nightly upload"),
                role: self.w("provider"),
                catalogues: vec![self.w("https://atlas.example/catalog/hospital")],
                actions: vec![self.w("create records"), self.w("change records")],
                until: "2027-02-20".to_owned(),
                used: "2026-11-21".to_owned(),
                is_valid: true,
            }],
            roles: self.offers("provider"),
            actions: self.offers("create"),
            made: Some(Made {
                name: self.w("nightly upload"),
                secret: self.w("ves_secret"),
            }),
        }
    }

    fn offers(self, word: &str) -> Vec<Offer> {
        vec![Offer {
            word: self.w(word),
            label: self.w(word),
        }]
    }

    fn invited(self) -> Invited {
        Invited {
            id: self.w("0a1b2c"),
            label: self.w("Provider: describes the collections of catalogues"),
            note: self.w("Ada of the hospital"),
            role: self.w("provider"),
            catalogues: vec![self.w("https://atlas.example/catalog/hospital")],
            until: "2026-12-20".to_owned(),
        }
    }

    fn members(self) -> MembersPage {
        MembersPage {
            site: Site {
                visitor: Visitor::Present,
                ..self.site(Section::Elsewhere, "/members")
            },
            members: vec![MemberRow {
                account: self.w("person-0a1b2c3d4e5f"),
                name: Some(self.w("Ada Lovelace")),
                email: Some(self.w("ada@example.org")),
                role: self.w("provider"),
                catalogues: vec![self.w("https://atlas.example/catalog/hospital")],
                since: "2026-11-20".to_owned(),
            }],
            invitations: vec![self.invited()],
            roles: self.offers("reviewer"),
            made: Some(self.w("https://atlas.example/join?invitation=secret")),
        }
    }

    fn join(self, is_open: bool) -> JoinPage {
        JoinPage {
            site: self.site(Section::Elsewhere, "/join"),
            offer: is_open.then(|| self.invited()),
            is_present: is_open,
            sign_in: self.w("/sign-in"),
            secret: self.w("secret"),
        }
    }

    fn audit(self) -> AuditPage {
        AuditPage {
            site: Site {
                visitor: Visitor::Present,
                ..self.site(Section::Elsewhere, "/audit")
            },
            events: vec![Told {
                number: 17,
                at: "2026-11-20 09:30 UTC".to_owned(),
                actor: self.w("person-0a1b2c3d4e5f"),
                name: self.w("Ada Lovelace"),
                deed: self.w("signed-in"),
                subject: self.w("person-0a1b2c3d4e5f"),
                detail: self.w("{}"),
            }],
            actor: self.w("person-0a1b2c3d4e5f"),
            subject: self.w("x"),
            deeds: vec![DeedChoice {
                word: "signed-in",
                is_chosen: true,
            }],
            next: Some(self.w("/audit?before=17")),
        }
    }

    fn dois(self) -> DoisPage {
        let row = |state, failure: Option<&str>, next| DoiRow {
            doi: self.w("10.5072/atlas.k7xm-20pq-9r4t"),
            record: self.link("Breast MRI", "/dataset/breast-mri"),
            state,
            failure: failure.map(|words| self.w(words)),
            attempts: u64::from(failure.is_some()),
            next,
        };
        let at = Next::At("2026-11-20 09:30 UTC".to_owned());
        DoisPage {
            site: self.mine("/dois"),
            choices: vec![DoiChoice {
                which: Which::All,
                count: 4,
                href: "/dois".to_owned(),
                is_chosen: true,
            }],
            failed: 2,
            dois: vec![
                row(DoiState::Wanted, None, Next::Now),
                row(DoiState::Wanted, Some("the registry is away"), at),
                row(DoiState::Findable, Some("no creators"), Next::WhenChanged),
                row(DoiState::Registered, None, Next::Never),
            ],
            next: Some(self.w("/dois?after=4")),
        }
    }

    fn mine(self, path: &str) -> Site {
        Site {
            visitor: Visitor::Present,
            ..self.site(Section::Elsewhere, path)
        }
    }

    fn notice(self, id: i64, is_read: bool) -> my::NoticeRow {
        my::NoticeRow {
            id,
            what: self.w("A reviewer asks for changes: «Breast MRI»"),
            href: "/dataset/breast-mri".to_owned(),
            at: "2026-11-20 09:12 UTC".to_owned(),
            words: Some(self.w("Which scanners were used?")),
            why: self.w("My records"),
            is_read,
        }
    }

    fn my(self) -> my::MyPage {
        let state = |standing, count, is_chosen| my::StateCount {
            standing,
            count,
            href: "/my?state=draft".to_owned(),
            is_chosen,
        };
        let record = |standing, points| my::Mine {
            link: self.link("Breast MRI", "/dataset/breast-mri"),
            kind: self.w("Dataset"),
            standing,
            points,
            band: self.w("good"),
            tone: Tone::Good,
            next: Some(self.w("keyword")),
            gain: 30,
            changed: "2026-11-20 09:12 UTC".to_owned(),
        };
        my::MyPage {
            site: self.mine("/my"),
            unread: 3,
            ways: vec![self.link("Reviews", "/reviews")],
            waiting: vec![my::Waiting {
                what: self.w("A reviewer asks for changes: «Breast MRI»"),
                href: "/dataset/breast-mri".to_owned(),
                since: "2026-11-20 09:12 UTC".to_owned(),
                words: Some(self.w("Which scanners were used?")),
            }],
            states: vec![
                state(my::Standing::Draft, 2, true),
                state(my::Standing::Published, 1200, false),
            ],
            catalogues: vec![my::Chosen {
                link: self.link("Hospital", "/my?in=x"),
                is_chosen: false,
            }],
            records: vec![
                record(my::Standing::Revised, Some(301)),
                record(my::Standing::Withdrawn, None),
            ],
            more: Some("/my?after=25".to_owned()),
            notices: vec![self.notice(1, false), self.notice(2, true)],
            desk: Some(my::Desk {
                states: vec![state(my::Standing::Deleted, 4, false)],
                reviews: 7,
            }),
            works: Some(my::Works {
                sends_mail: true,
                letters: 1,
                messages: 2,
                webhooks: 3,
                failing: 1,
                disabled: 0,
            }),
        }
    }

    fn my_empty(self) -> my::MyPage {
        my::MyPage {
            site: self.mine("/my"),
            ..my::MyPage::default()
        }
    }

    fn my_notifications(self) -> my::NotificationsPage {
        my::NotificationsPage {
            site: self.mine("/my/notifications"),
            unread: 1,
            unread_only: false,
            notices: vec![self.notice(2, false), self.notice(1, true)],
            newest: Some(2),
            older: Some("/my/notifications?before=1".to_owned()),
        }
    }

    fn my_rows(self) -> Vec<my::ChoiceRow> {
        let cell = |way: &str, is_on| my::WayCell {
            way: way.to_owned(),
            label: self.w(way),
            is_on,
        };
        let row = |kind: &str| my::ChoiceRow {
            kind: kind.to_owned(),
            label: self.w(kind),
            ways: vec![
                cell("area", true),
                cell("at-once", false),
                cell("daily", true),
            ],
        };
        vec![row("published"), row("withdrawn")]
    }

    fn my_settings(self) -> my::SettingsPage {
        my::SettingsPage {
            site: self.mine("/my/settings"),
            email: Some(self.w("ada@example.org")),
            sends_mail: true,
            language: self.language,
            ways: ["Here", "Mail at once", "Daily mail"]
                .map(|way| self.w(way))
                .to_vec(),
            rows: self.my_rows(),
            subscriptions: vec![my::Followed {
                id: "a1".to_owned(),
                topic: self.w("New in a search"),
                link: Some(self.link("q=kidney", "/search?q=kidney")),
            }],
            catalogues: vec![self.link("Hospital", "https://atlas.example/catalog/hospital")],
            search: self.w("q=kidney"),
            is_saved: true,
        }
    }

    fn my_webhooks(self) -> my::WebhooksPage {
        let sent = |is_delivered, next: Option<&str>| my::Sent {
            id: 7,
            what: self.w("record.published https://atlas.example/dataset/a"),
            at: "2026-11-20 09:12 UTC".to_owned(),
            attempts: 2,
            answer: Some(self.w("503")),
            is_delivered,
            next: next.map(str::to_owned),
        };
        let hook = |failing: Option<&str>, disabled: Option<&str>| my::Hook {
            id: "a1".to_owned(),
            url: self.w("https://receiver.example/hook"),
            topic: self.w("My records"),
            value: self.w("q=kidney"),
            kinds: vec![self.w("Publications")],
            since: "2026-11-20 09:12 UTC".to_owned(),
            failing: failing.map(str::to_owned),
            disabled: disabled.map(str::to_owned),
            log: vec![
                sent(true, None),
                sent(false, Some("2026-11-21")),
                sent(false, None),
            ],
        };
        my::WebhooksPage {
            site: self.mine("/my/webhooks"),
            webhooks: vec![
                hook(Some("2026-11-20"), None),
                hook(None, Some("2026-11-21")),
            ],
            secret: Some(my::NewSecret {
                url: self.w("https://receiver.example/hook"),
                secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
            }),
            topics: vec![my::Topic {
                word: "own".to_owned(),
                label: self.w("My records"),
            }],
            kinds: self.my_rows(),
            may_add: true,
        }
    }

    fn unsubscribe(self, is_done: bool) -> my::UnsubscribePage {
        my::UnsubscribePage {
            site: self.site(Section::Elsewhere, "/unsubscribe"),
            account: self.w("person-0a1b2c"),
            mark: self.w("mark"),
            is_done,
        }
    }

    fn edit_row(self, at: &str, number: usize, control: Control) -> RowView {
        RowView {
            at: at.to_owned(),
            number,
            troubles: vec![EditTrouble {
                text: self.w("Give “Title” at least once: a text."),
                grave: true,
            }],
            control,
            kept: Some(self.w("\"Breast MRI\"@en")),
            languages: Vec::new(),
            hits: Vec::new(),
            looked: false,
            removable: true,
            focus: false,
        }
    }

    fn edit_field(self, at: &str, label: &str, rows: Vec<RowView>) -> FieldView {
        FieldView {
            words: Words(self.language),
            at: at.to_owned(),
            label: self.w(label),
            help: Some(self.w("The name by which people find it.")),
            asked: Asked::Must,
            troubles: vec![EditTrouble {
                text: self.w("Give the title in English too."),
                grave: true,
            }],
            rows,
            adds: Adds {
                value: true,
                ..Adds::default()
            },
            ..FieldView::default()
        }
    }

    fn edit_choices(self) -> Vec<Choice> {
        vec![Choice {
            value: self.w("en"),
            label: self.w("English"),
            chosen: true,
        }]
    }

    fn edit(self) -> EditPage {
        let title = [1, 2].map(|number| RowView {
            languages: self.edit_choices(),
            ..self.edit_row(
                &format!("dct:title|{number}"),
                number,
                Control::Line {
                    value: self.w("Breast MRI"),
                    hint: String::new(),
                    mode: "text",
                },
            )
        });
        let modality = RowView {
            looked: true,
            hits: vec![TermHit {
                iri: self.w("https://cancerimage.eu/ontology/EUCAIM#IMG1000038"),
                label: self.w("Magnetic resonance imaging"),
                code: self.w("IMG1000038"),
                path: self.w("Modality"),
                below: 12,
            }],
            ..self.edit_row(
                "eucaim:hasImageModality|0",
                1,
                Control::Concept {
                    value: self.w("MRI"),
                    under: self.w("https://cancerimage.eu/ontology/EUCAIM#IMG1000009"),
                    iri: Some(self.w("IMG1000038")),
                },
            )
        };
        let name = self.edit_row(
            "dct:publisher|0|foaf:name|0",
            1,
            Control::Area {
                value: self.w("Hospital"),
            },
        );
        let publisher = self.edit_row(
            "dct:publisher|0",
            1,
            Control::Node {
                name: self.w("_:n1"),
                types: self.w("http://xmlns.com/foaf/0.1/Agent"),
                is_old: true,
                fields: vec![self.edit_field("dct:publisher|0|foaf:name", "Name", vec![name])],
                more: vec![self.edit_field("dct:publisher|0|dct:type", "Type", Vec::new())],
            },
        );
        let access = self.edit_row(
            "dct:accessRights|0",
            1,
            Control::Choice(self.edit_choices()),
        );
        let group = |id: &str, fields: Vec<FieldView>, more: Vec<FieldView>| GroupView {
            id: id.to_owned(),
            label: self.w("Identification"),
            fields,
            more,
            problems: 2,
        };
        let offered = FieldView {
            adds: Adds {
                node: true,
                link: true,
                reuse: true,
                ..Adds::default()
            },
            offered: true,
            offers: vec![EditOffer {
                id: self.w("https://atlas.example.org/dataset/x"),
                label: self.w("Hospital"),
            }],
            ..self.edit_field("dct:publisher", "Publisher", vec![publisher])
        };
        EditPage {
            site: self.site(Section::Elsewhere, "/edit/dataset/breast-mri"),
            title: self.w("Breast MRI"),
            kind: self.w("Datasets"),
            state: Some(self.badge("draft", Tone::Care)),
            action: "/edit/dataset/breast-mri".to_owned(),
            record_href: Some("/dataset/breast-mri".to_owned()),
            hidden: vec![Hidden {
                name: "_base".to_owned(),
                value: self.w("3"),
            }],
            notices: vec![
                EditNotice::Restored,
                EditNotice::Newer(4),
                EditNotice::Elsewhere,
                EditNotice::TooMuch,
                EditNotice::Stored,
                EditNotice::Merged(2),
                EditNotice::Conflicts,
                EditNotice::SignedOut("/sign-in".to_owned()),
                EditNotice::Template,
                EditNotice::Refused(self.w("the parent is not published")),
                EditNotice::NotHandedIn,
            ],
            stage: Some(Stage::ChangesRequested),
            review_href: Some("/dataset/breast-mri/review".to_owned()),
            onward: Onward {
                submit: true,
                publish: true,
            },
            approvals: 2,
            requests: vec![Problem {
                href: "#dct:title|1|v".to_owned(),
                label: self.w("Title"),
                message: self.w("Say which hospital."),
                grave: false,
            }],
            others: vec![self.w("Grace Hopper")],
            problems: vec![Problem {
                href: "#dct:title|1|v".to_owned(),
                label: self.w("Title"),
                message: self.w("Give “Title” at least once: a text."),
                grave: true,
            }],
            fits: false,
            conflicts: vec![Conflict {
                id: "0a1b".to_owned(),
                label: self.w("Version"),
                base: vec![self.w("1.0.0")],
                theirs: vec![self.w("1.1.0")],
                mine: vec![self.w("2.0.0")],
            }],
            parents: self.edit_choices(),
            groups: vec![
                group(
                    "group-1",
                    vec![
                        self.edit_field("dct:title", "Title", title.to_vec()),
                        self.edit_field("eucaim:hasImageModality", "Modality", vec![modality]),
                    ],
                    vec![self.edit_field("dct:accessRights", "Access", vec![access])],
                ),
                group("group-2", vec![offered], Vec::new()),
            ],
            rest: self.w("<x> <y> <z> ."),
            rest_error: Some(self.w("1: a full stop is missing")),
            raw: None,
            score: Some(EditScore {
                points: 245,
                max: 405,
                band: self.w("good"),
                tone: Tone::Good,
                next: Some(self.link("Keyword", "#dcat:keyword")),
            }),
            is_public: true,
        }
    }

    fn edit_raw(self) -> EditPage {
        EditPage {
            groups: Vec::new(),
            conflicts: Vec::new(),
            problems: Vec::new(),
            fits: true,
            raw: Some(Raw {
                text: self.w("<x> a dcat:Dataset ."),
                formats: self.edit_choices(),
                unreadable: Some(self.w("1: a full stop is missing")),
            }),
            ..self.edit()
        }
    }

    fn edit_start(self) -> EditStartPage {
        EditStartPage {
            site: self.site(Section::Elsewhere, "/edit"),
            copies: vec![Unfinished {
                title: self.w("Breast MRI"),
                href: "/edit/dataset/breast-mri".to_owned(),
                when: "2026-11-26 21:00 UTC".to_owned(),
            }],
            kinds: self.edit_choices(),
            parents: self.edit_choices(),
            beginnings: self.edit_choices(),
            templates: vec![self.w("Our hospital")],
        }
    }

    fn edit_signed_out(self) -> SignedOutWritingPage {
        SignedOutWritingPage {
            site: self.site(Section::Elsewhere, "/edit/dataset/breast-mri"),
            action: "/edit/dataset/breast-mri".to_owned(),
            hidden: vec![Hidden {
                name: "dct:title|0|v".to_owned(),
                value: self.w("Breast MRI"),
            }],
        }
    }

    fn error(self, trouble: Trouble) -> ErrorPage {
        let mut page = ErrorPage::new(self.site(Section::Elsewhere, "/nowhere"), trouble, 404);
        page.detail = Some(self.text("no record has the address /dataset/brest-mri"));
        page.links = vec![self.link("/dataset/breast-mri", "/dataset/breast-mri")];
        page.reference = Some(self.w("01J9ZK3V"));
        page
    }
}
