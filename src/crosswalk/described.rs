//! What do the formats of others want to know about a record? Gathered once from its statements.

use std::borrow::Cow;

use jiff::Timestamp;

use super::statements::{Node, Statements, Value, is_iri};
use super::words::{self, Access, Sort};
use crate::rdf::NamedNodeRef;
use crate::rdf::vocabulary::{
    adms, dcat, dct, eucaim, foaf, geodcatap, healthdcatap, prov, rdfs, skos, spdx, vcard,
};

/// Values of one property that are taken: more serve no reader of another format.
const VALUES_MAX: usize = 200;

/// What a concept is called.
pub type Labels<'a> = dyn Fn(&str) -> Option<&'a str> + Sync + 'a;

/// What is known about a record besides its statements.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub iri: &'a str,
    /// Where it stands here: its landing page.
    pub address: &'a str,
    pub kind: &'a str,
    pub parent: Option<&'a str>,
    /// What this server is called: the publisher of what names none.
    pub site: &'a str,
    pub first_published: Timestamp,
    pub changed: Timestamp,
}

/// Words and their language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words<'a> {
    pub text: Cow<'a, str>,
    pub language: Option<&'a str>,
}

/// A person or an organisation.
#[derive(Debug, Clone)]
pub struct Party<'a> {
    pub iri: Option<&'a str>,
    pub name: Words<'a>,
    pub is_person: bool,
    pub email: Option<&'a str>,
    pub page: Option<&'a str>,
}

/// A concept with its label.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub iri: &'a str,
    pub label: &'a str,
}

/// A way to the data.
#[derive(Debug, Clone)]
pub struct File<'a> {
    pub iri: Option<&'a str>,
    pub title: Option<Words<'a>>,
    pub description: Option<Words<'a>>,
    pub access_url: Option<&'a str>,
    pub download_url: Option<&'a str>,
    pub media_type: Option<&'a str>,
    pub bytes: Option<Cow<'a, str>>,
    pub sha256: Option<Cow<'a, str>>,
    pub licence: Option<&'a str>,
}

/// How another thing stands to the record, in DataCite's words.
#[derive(Debug, Clone, Copy)]
pub struct Related<'a> {
    pub relation: &'static str,
    pub iri: &'a str,
}

/// A record, as the formats of others see it.
#[derive(Debug, Clone)]
pub struct Described<'a> {
    pub about: About<'a>,
    pub sort: Sort,
    /// Never empty.
    pub titles: Vec<Words<'a>>,
    pub alternatives: Vec<Words<'a>>,
    pub descriptions: Vec<Words<'a>>,
    pub creators: Vec<Party<'a>>,
    pub publishers: Vec<Party<'a>>,
    /// With DataCite's word for what they did.
    pub contributors: Vec<(&'static str, Party<'a>)>,
    pub funders: Vec<Party<'a>>,
    pub keywords: Vec<Words<'a>>,
    pub themes: Vec<Subject<'a>>,
    /// Conditions, modalities, parts of the body.
    pub subjects: Vec<Subject<'a>>,
    pub modalities: Vec<Subject<'a>>,
    pub issued: Option<Cow<'a, str>>,
    pub modified: Option<Cow<'a, str>>,
    pub created: Option<Cow<'a, str>>,
    /// Beginning and end.
    pub periods: Vec<[Option<Cow<'a, str>>; 2]>,
    pub languages: Vec<&'a str>,
    /// What the provider calls it, its IRI apart.
    pub identifiers: Vec<Cow<'a, str>>,
    pub doi: Option<Cow<'a, str>>,
    /// Its address at a service that keeps addresses for good, where it has no DOI.
    pub persistent: Option<Cow<'a, str>>,
    pub access: Option<Access>,
    pub licences: Vec<&'a str>,
    pub version: Option<Cow<'a, str>>,
    pub standards: Vec<&'a str>,
    pub landing_pages: Vec<&'a str>,
    pub related: Vec<Related<'a>>,
    pub files: Vec<File<'a>>,
    pub places: Vec<Subject<'a>>,
    pub provenance: Vec<Words<'a>>,
    pub individuals: Option<Cow<'a, str>>,
    pub studies: Option<Cow<'a, str>>,
}

impl<'a> Described<'a> {
    /// The title in English, else the first.
    pub fn title(&self) -> &Words<'a> {
        best(&self.titles).expect("a record has a title")
    }

    /// The description in English, else the first.
    pub fn description(&self) -> Option<&Words<'a>> {
        best(&self.descriptions)
    }

    /// Who made it: the creators, else the publishers.
    pub fn authors(&self) -> &[Party<'a>] {
        if self.creators.is_empty() {
            &self.publishers
        } else {
            &self.creators
        }
    }

    /// Who makes it available: the first publisher, else this server.
    pub fn publisher(&self) -> &str {
        let first = self.publishers.first();
        first.map_or(self.about.site, |party| party.name.text.as_ref())
    }

    /// When it was issued, as its provider says, else when it was first published here: a date of ISO 8601.
    pub fn issued(&self) -> Cow<'_, str> {
        let said = self.issued.as_deref().filter(|date| is_date(date));
        let first = || self.about.first_published.strftime("%Y-%m-%d").to_string();
        said.map_or_else(|| Cow::Owned(first()), Cow::Borrowed)
    }

    /// The year in which it was issued.
    pub fn year(&self) -> String {
        self.issued().chars().take(4).collect()
    }

    /// The address by which it is cited: its DOI, else another that is kept for good, else its IRI.
    pub fn cite_as(&self) -> Cow<'a, str> {
        match (&self.doi, &self.persistent) {
            (Some(doi), _) => Cow::Owned(format!("https://doi.org/{doi}")),
            (None, Some(persistent)) => persistent.clone(),
            (None, None) => Cow::Borrowed(self.about.iri),
        }
    }

    /// Takes the identifier that begins in a certain way as the one that is kept for good.
    pub fn prefer(&mut self, prefix: &str) {
        let found = self.identifiers.iter().find(|one| one.starts_with(prefix));
        if let Some(found) = found {
            self.persistent = Some(found.clone());
        }
    }

    /// The licence of the record, else of its files.
    pub fn licence(&self) -> Option<&'a str> {
        let own = self.licences.first().copied();
        own.or_else(|| self.files.iter().find_map(|file| file.licence))
    }
}

/// Whether words begin like a date of ISO 8601: a year at least.
pub fn is_date(text: &str) -> bool {
    let year = text.split(['-', 'T']).next().unwrap_or_default();
    year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit())
}

/// The English words, else the first.
pub fn best<'w, 'a>(words: &'w [Words<'a>]) -> Option<&'w Words<'a>> {
    let is_english = |one: &&Words<'a>| one.language.is_some_and(|tag| tag.starts_with("en"));
    words.iter().find(is_english).or_else(|| words.first())
}

/// Gathers what the formats want to know.
pub fn described<'a>(
    about: About<'a>,
    statements: &Statements<'a>,
    labels: &Labels<'a>,
) -> Described<'a> {
    let reading = Reading {
        about,
        statements,
        labels,
    };
    reading.described()
}

/// Properties that name another thing, in DataCite's words for how it stands to the record.
const RELATIONS: [(NamedNodeRef<'static>, &str); 13] = [
    (dct::IS_PART_OF, "IsPartOf"),
    (dcat::IN_SERIES, "IsPartOf"),
    (dct::HAS_PART, "HasPart"),
    (dcat::SERIES_MEMBER, "HasPart"),
    (dcat::HAS_VERSION, "HasVersion"),
    (dct::IS_REPLACED_BY, "IsObsoletedBy"),
    (dct::SOURCE, "IsDerivedFrom"),
    (prov::WAS_DERIVED_FROM, "IsDerivedFrom"),
    (dct::IS_REFERENCED_BY, "IsReferencedBy"),
    (dct::REFERENCES, "References"),
    (foaf::PAGE, "IsDocumentedBy"),
    (healthdcatap::ANALYTICS, "IsSourceOf"),
    (dct::RELATION, "References"),
];

/// Roles of qualified attributions, by the last part of their IRI.
const ROLES: [(&str, &str); 7] = [
    ("custodian", "DataManager"),
    ("distributor", "Distributor"),
    ("owner", "RightsHolder"),
    ("processor", "DataCurator"),
    ("originator", "DataCollector"),
    ("principalInvestigator", "ProjectLeader"),
    ("author", "Researcher"),
];

struct Reading<'s, 'a> {
    about: About<'a>,
    statements: &'s Statements<'a>,
    labels: &'s Labels<'a>,
}

impl<'a> Reading<'_, 'a> {
    fn described(&self) -> Described<'a> {
        let node = self.about.iri;
        let (contributors, funders) = self.attributions();
        let identifiers = self.identifiers();
        let doi = identifiers.iter().find_map(|one| words::doi(one));
        let doi = doi
            .or_else(|| words::doi(node))
            .map(|doi| Cow::Owned(doi.to_owned()));
        let mut is_persistent = identifiers.iter().filter(|one| words::is_persistent(one));
        let persistent = is_persistent.next().cloned();
        let mut subjects = self.subjects(eucaim::HAS_CONDITION);
        let modalities = self.subjects(eucaim::HAS_IMAGE_MODALITY);
        subjects.extend(modalities.iter().copied());
        subjects.extend(self.subjects(eucaim::HAS_IMAGE_BODY_PART));
        let rights = self.iris(dct::ACCESS_RIGHTS);
        Described {
            about: self.about,
            sort: words::sort_of(self.about.kind),
            titles: self.titles(),
            alternatives: self.words(node, dct::ALTERNATIVE),
            descriptions: self.words(node, dct::DESCRIPTION),
            creators: self.parties(dct::CREATOR),
            publishers: self.parties(dct::PUBLISHER),
            contributors,
            funders,
            keywords: self.words(node, dcat::KEYWORD),
            themes: [dcat::THEME, healthdcatap::HEALTH_THEME]
                .into_iter()
                .flat_map(|property| self.subjects(property))
                .collect(),
            subjects,
            modalities,
            issued: self.statements.text(node, dct::ISSUED),
            modified: self.statements.text(node, dct::MODIFIED),
            created: self.statements.text(node, dct::CREATED),
            periods: self.periods(),
            languages: self.iris(dct::LANGUAGE),
            identifiers,
            doi,
            persistent,
            access: rights.iter().find_map(|iri| Access::of_iri(iri)),
            licences: self.iris(dct::LICENSE),
            version: self.statements.text(node, dcat::VERSION),
            standards: self.iris(dct::CONFORMS_TO),
            landing_pages: self.iris(dcat::LANDING_PAGE),
            related: self.related(),
            files: self.files(),
            places: self.subjects(dct::SPATIAL),
            provenance: self.provenance(),
            individuals: self
                .statements
                .text(node, healthdcatap::NUMBER_OF_UNIQUE_INDIVIDUALS),
            studies: self.statements.text(node, healthdcatap::NUMBER_OF_RECORDS),
        }
    }

    fn titles(&self) -> Vec<Words<'a>> {
        let mut titles = self.words(self.about.iri, dct::TITLE);
        if titles.is_empty() {
            titles = self.words(self.about.iri, foaf::NAME);
        }
        if titles.is_empty() {
            titles.push(Words {
                text: Cow::Borrowed(words::last_part(self.about.iri)),
                language: None,
            });
        }
        titles
    }

    fn words(&self, node: Node<'_>, property: NamedNodeRef<'_>) -> Vec<Words<'a>> {
        let values = self.statements.values(node, property).take(VALUES_MAX);
        values.filter_map(words_of).collect()
    }

    fn iris(&self, property: NamedNodeRef<'_>) -> Vec<&'a str> {
        let values = self.statements.values(self.about.iri, property);
        values.filter_map(Value::iri).take(VALUES_MAX).collect()
    }

    fn subjects(&self, property: NamedNodeRef<'_>) -> Vec<Subject<'a>> {
        let iris = self.iris(property).into_iter();
        iris.map(|iri| self.subject(iri)).collect()
    }

    fn subject(&self, iri: &'a str) -> Subject<'a> {
        let label = (self.labels)(iri).unwrap_or_else(|| words::last_part(iri));
        Subject { iri, label }
    }

    fn parties(&self, property: NamedNodeRef<'_>) -> Vec<Party<'a>> {
        let values = self.statements.values(self.about.iri, property);
        values
            .take(VALUES_MAX)
            .filter_map(|value| self.party(value))
            .collect()
    }

    /// An agent, a contact, or a name in words.
    fn party(&self, value: Value<'a>) -> Option<Party<'a>> {
        let Value::Node(node) = value else {
            return words_of(value).map(|name| Party {
                iri: None,
                name,
                is_person: false,
                email: None,
                page: None,
            });
        };
        let iri = Some(node).filter(|node| is_iri(node));
        let names = [foaf::NAME, vcard::FN, skos::PREF_LABEL, rdfs::LABEL];
        let said = names
            .into_iter()
            .find_map(|property| best(&self.words(node, property)).cloned());
        let by_iri = || {
            let iri = iri?;
            let label = (self.labels)(iri).unwrap_or_else(|| words::last_part(iri));
            Some(Words {
                text: Cow::Borrowed(label),
                language: None,
            })
        };
        let name = said.or_else(by_iri)?;
        let statements = self.statements;
        let email = statements
            .iri(node, foaf::MBOX)
            .or_else(|| statements.iri(node, vcard::HAS_EMAIL));
        Some(Party {
            iri,
            name,
            is_person: statements.is_a(node, foaf::PERSON)
                || iri.is_some_and(|iri| iri.contains("orcid.org/")),
            email: email.map(|email| email.trim_start_matches("mailto:")),
            page: statements
                .iri(node, foaf::HOMEPAGE)
                .or_else(|| statements.iri(node, vcard::HAS_URL)),
        })
    }

    /// Everybody else who had a part in it, and who paid for it.
    fn attributions(&self) -> (Vec<(&'static str, Party<'a>)>, Vec<Party<'a>>) {
        let as_role = |role: &'static str, property| {
            let parties = self.parties(property).into_iter();
            parties.map(move |party| (role, party))
        };
        let mut contributors: Vec<_> = as_role("ContactPerson", dcat::CONTACT_POINT).collect();
        contributors.extend(as_role("DataManager", geodcatap::CUSTODIAN));
        contributors.extend(as_role("Other", dct::CONTRIBUTOR));
        let mut funders = Vec::new();
        let qualified = self
            .statements
            .nodes(self.about.iri, prov::QUALIFIED_ATTRIBUTION);
        for attribution in qualified.take(VALUES_MAX) {
            let agent = self.statements.values(attribution, prov::AGENT).next();
            let Some(party) = agent.and_then(|agent| self.party(agent)) else {
                continue;
            };
            let role = self.statements.iri(attribution, dcat::HAD_ROLE);
            let role = role.map_or("", words::last_part);
            if role == "funder" {
                funders.push(party);
                continue;
            }
            let known = ROLES.iter().find(|(name, _)| *name == role);
            contributors.push((known.map_or("Other", |(_, role)| role), party));
        }
        (contributors, funders)
    }

    fn periods(&self) -> Vec<[Option<Cow<'a, str>>; 2]> {
        let nodes = self.statements.nodes(self.about.iri, dct::TEMPORAL);
        nodes
            .take(VALUES_MAX)
            .map(|node| {
                let end = |property| self.statements.text(node, property);
                [end(dcat::START_DATE), end(dcat::END_DATE)]
                    .map(|end| end.filter(|end| is_date(end)))
            })
            .filter(|ends| ends.iter().any(Option::is_some))
            .collect()
    }

    fn identifiers(&self) -> Vec<Cow<'a, str>> {
        let node = self.about.iri;
        let as_words = |value: Value<'a>| value.text().or_else(|| value.iri().map(Cow::Borrowed));
        let own = self.statements.values(node, dct::IDENTIFIER);
        let mut found: Vec<Cow<'a, str>> = own.take(VALUES_MAX).filter_map(as_words).collect();
        for other in self
            .statements
            .values(node, adms::IDENTIFIER)
            .take(VALUES_MAX)
        {
            let notation = match other {
                Value::Node(other) => self.statements.text(other, skos::NOTATION),
                Value::Literal { .. } => other.text(),
            };
            found.extend(notation.or_else(|| other.iri().map(Cow::Borrowed)));
        }
        found.retain(|one| one != self.about.iri && !one.trim().is_empty());
        found
    }

    fn related(&self) -> Vec<Related<'a>> {
        let mut found: Vec<Related<'a>> = Vec::new();
        let above = self.about.parent.map(|iri| ("IsPartOf", iri));
        let said = RELATIONS.into_iter().flat_map(|(property, relation)| {
            let iris = self.iris(property).into_iter();
            iris.map(move |iri| (relation, iri))
        });
        for (relation, iri) in above.into_iter().chain(said) {
            let known = found
                .iter()
                .any(|one| one.iri == iri && one.relation == relation);
            if !known && found.len() < VALUES_MAX {
                found.push(Related { relation, iri });
            }
        }
        found
    }

    fn files(&self) -> Vec<File<'a>> {
        let mut nodes: Vec<Node<'a>> = self
            .statements
            .nodes(self.about.iri, dcat::DISTRIBUTION)
            .take(VALUES_MAX)
            .collect();
        if self.about.kind == "distribution" {
            nodes.push(self.about.iri);
        }
        nodes.into_iter().map(|node| self.file(node)).collect()
    }

    fn file(&self, node: Node<'a>) -> File<'a> {
        let statements = self.statements;
        let format = statements.iri(node, dcat::MEDIA_TYPE);
        let format = format.and_then(words::media_type);
        let other = || {
            statements
                .iri(node, dct::FORMAT)
                .and_then(words::media_type)
        };
        File {
            iri: Some(node).filter(|node| is_iri(node)),
            title: best(&self.words(node, dct::TITLE)).cloned(),
            description: best(&self.words(node, dct::DESCRIPTION)).cloned(),
            access_url: statements.iri(node, dcat::ACCESS_URL),
            download_url: statements.iri(node, dcat::DOWNLOAD_URL),
            media_type: format.or_else(other),
            bytes: statements.text(node, dcat::BYTE_SIZE),
            sha256: self.sha256(node),
            licence: statements.iri(node, dct::LICENSE),
        }
    }

    fn sha256(&self, node: Node<'a>) -> Option<Cow<'a, str>> {
        let mut sums = self.statements.nodes(node, spdx::CHECKSUM);
        sums.find_map(|sum| {
            let algorithm = self.statements.iri(sum, spdx::ALGORITHM)?;
            let is_sha256 = algorithm.to_ascii_lowercase().ends_with("sha256");
            let value = self.statements.text(sum, spdx::CHECKSUM_VALUE)?;
            let is_sum = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
            (is_sha256 && is_sum).then_some(value)
        })
    }

    fn provenance(&self) -> Vec<Words<'a>> {
        let values = self.statements.values(self.about.iri, dct::PROVENANCE);
        let labels = |value: Value<'a>| match value {
            Value::Node(node) => self.words(node, rdfs::LABEL),
            Value::Literal { .. } => words_of(value).into_iter().collect(),
        };
        values.take(VALUES_MAX).flat_map(labels).collect()
    }
}

/// Words that say something.
fn words_of(value: Value<'_>) -> Option<Words<'_>> {
    let Value::Literal { language, .. } = value else {
        return None;
    };
    let text = value.text()?;
    (!text.trim().is_empty()).then_some(Words { text, language })
}
