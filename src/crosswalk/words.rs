//! Which words and codes stand for the same thing in other vocabularies? Tables.

/// What the public may do with the data, as COAR, the EU and search engines tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Open,
    Restricted,
    /// The data itself is not given away.
    Closed,
}

const ACCESS: [(&str, Access); 9] = [
    ("PUBLIC", Access::Open),
    ("RESTRICTED", Access::Restricted),
    ("CONFIDENTIAL", Access::Closed),
    ("SENSITIVE", Access::Closed),
    ("NON_PUBLIC", Access::Closed),
    ("c_abf2", Access::Open),
    ("c_16ec", Access::Restricted),
    ("c_f1cf", Access::Restricted),
    ("c_14cb", Access::Closed),
];

impl Access {
    /// By the last part of an IRI of the EU's or COAR's list.
    pub fn of_iri(iri: &str) -> Option<Self> {
        let found = ACCESS.iter().find(|(code, _)| last_part(iri) == *code);
        found.map(|(_, access)| *access)
    }

    /// The word in a set and in OpenAIRE's terms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Restricted => "restricted",
            Self::Closed => "nonpublic",
        }
    }

    /// COAR's access right.
    pub fn coar(self) -> (&'static str, &'static str) {
        match self {
            Self::Open => ("http://purl.org/coar/access_right/c_abf2", "open access"),
            Self::Restricted => (
                "http://purl.org/coar/access_right/c_16ec",
                "restricted access",
            ),
            Self::Closed => (
                "http://purl.org/coar/access_right/c_14cb",
                "metadata only access",
            ),
        }
    }
}

/// What a kind of record is called elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    pub kind: &'static str,
    /// DCMI type.
    pub dcmi: &'static str,
    /// DataCite's `resourceTypeGeneral`, and our word for it.
    pub general: &'static str,
    pub word: &'static str,
    pub schema_org: &'static str,
    pub bibtex: &'static str,
    pub ris: &'static str,
    pub csl: &'static str,
}

const SORTS: [Sort; 7] = [
    sort(
        "dataset",
        [
            "Dataset",
            "Dataset",
            "Image collection",
            "Dataset",
            "dataset",
            "DATA",
            "dataset",
        ],
    ),
    sort(
        "catalog",
        [
            "Collection",
            "Collection",
            "Catalogue",
            "DataCatalog",
            "misc",
            "CTLG",
            "collection",
        ],
    ),
    sort(
        "series",
        [
            "Collection",
            "Collection",
            "Dataset series",
            "Dataset",
            "dataset",
            "DATA",
            "dataset",
        ],
    ),
    sort(
        "service",
        [
            "Service",
            "Service",
            "Data service",
            "WebAPI",
            "misc",
            "ELEC",
            "document",
        ],
    ),
    sort(
        "tool",
        [
            "Software",
            "Software",
            "Tool",
            "SoftwareApplication",
            "software",
            "COMP",
            "software",
        ],
    ),
    sort(
        "distribution",
        [
            "Dataset",
            "Dataset",
            "Distribution",
            "DataDownload",
            "misc",
            "DATA",
            "dataset",
        ],
    ),
    sort(
        "root",
        [
            "Service",
            "Service",
            "FAIR Data Point",
            "WebAPI",
            "misc",
            "ELEC",
            "document",
        ],
    ),
];

const fn sort(kind: &'static str, words: [&'static str; 7]) -> Sort {
    let [dcmi, general, word, schema_org, bibtex, ris, csl] = words;
    Sort {
        kind,
        dcmi,
        general,
        word,
        schema_org,
        bibtex,
        ris,
        csl,
    }
}

/// What a kind is called elsewhere; an unknown one is a dataset.
pub fn sort_of(kind: &str) -> Sort {
    let found = SORTS.iter().find(|sort| sort.kind == kind);
    *found.unwrap_or(&SORTS[0])
}

/// Languages of the EU's list that have a code of two letters (ISO 639-1).
const LANGUAGES: [(&str, &str); 34] = [
    ("BUL", "bg"),
    ("CAT", "ca"),
    ("CES", "cs"),
    ("DAN", "da"),
    ("DEU", "de"),
    ("ELL", "el"),
    ("ENG", "en"),
    ("EST", "et"),
    ("EUS", "eu"),
    ("FIN", "fi"),
    ("FRA", "fr"),
    ("GLE", "ga"),
    ("GLG", "gl"),
    ("HRV", "hr"),
    ("HUN", "hu"),
    ("ISL", "is"),
    ("ITA", "it"),
    ("LAV", "lv"),
    ("LIT", "lt"),
    ("MLT", "mt"),
    ("NLD", "nl"),
    ("NOR", "no"),
    ("NOB", "nb"),
    ("NNO", "nn"),
    ("POL", "pl"),
    ("POR", "pt"),
    ("RON", "ro"),
    ("SLK", "sk"),
    ("SLV", "sl"),
    ("SPA", "es"),
    ("SWE", "sv"),
    ("TUR", "tr"),
    ("UKR", "uk"),
    ("RUS", "ru"),
];

/// The language that an IRI or a tag names: its code of three letters where there is one, and its shortest tag.
pub fn language(named: &str) -> Option<(String, String)> {
    let code = last_part(named);
    let is_tag =
        (2..=8).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_tag {
        return None;
    }
    let upper = code.to_ascii_uppercase();
    let lower = code.to_ascii_lowercase();
    let known = LANGUAGES
        .iter()
        .find(|(three, two)| *three == upper || *two == lower);
    Some(match known {
        Some((three, two)) => (three.to_ascii_lowercase(), (*two).to_owned()),
        None => (lower.clone(), lower),
    })
}

/// The last part of an IRI: a name for what has no label.
pub fn last_part(iri: &str) -> &str {
    let trimmed = iri.trim_end_matches(['/', '#']);
    trimmed.rsplit(['/', '#']).next().unwrap_or(trimmed)
}

/// The DOI in an IRI or in words, without what stands before it.
pub fn doi(text: &str) -> Option<&str> {
    const BEFORE: [&str; 6] = [
        "https://doi.org/",
        "http://doi.org/",
        "https://dx.doi.org/",
        "http://dx.doi.org/",
        "doi:",
        "",
    ];
    let rest = BEFORE.iter().find_map(|before| text.strip_prefix(before))?;
    let (prefix, suffix) = rest.split_once('/')?;
    let registrant = prefix.strip_prefix("10.")?;
    let is_registrant = registrant.len() >= 4
        && registrant
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_plain = !suffix.is_empty() && !suffix.contains(char::is_whitespace);
    (is_registrant && is_plain).then_some(rest)
}

/// The scheme of a person's or an organisation's IRI, in DataCite's words.
pub fn name_scheme(iri: &str) -> Option<(&'static str, &'static str)> {
    const SCHEMES: [(&str, &str, &str); 5] = [
        ("orcid.org/", "ORCID", "https://orcid.org/"),
        ("ror.org/", "ROR", "https://ror.org/"),
        ("isni.org/", "ISNI", "https://isni.org/"),
        ("grid.ac/", "GRID", "https://www.grid.ac/"),
        ("wikidata.org/", "Wikidata", "https://www.wikidata.org/"),
    ];
    let found = SCHEMES.iter().find(|(host, _, _)| iri.contains(host));
    found.map(|(_, name, address)| (*name, *address))
}

/// DataCite's `identifierType` of an IRI.
pub fn identifier_type(iri: &str) -> &'static str {
    const HOSTS: [(&str, &str); 5] = [
        ("://w3id.org/", "w3id"),
        ("://purl.org/", "PURL"),
        ("://hdl.handle.net/", "Handle"),
        ("://arxiv.org/", "arXiv"),
        ("://pubmed.ncbi.nlm.nih.gov/", "PMID"),
    ];
    if doi(iri).is_some() {
        return "DOI";
    }
    if iri.starts_with("urn:") {
        return "URN";
    }
    let found = HOSTS.iter().find(|(host, _)| iri.contains(host));
    found.map_or("URL", |(_, name)| name)
}

/// Whether an address is one of a service that keeps addresses for good, DOIs apart.
pub fn is_persistent(iri: &str) -> bool {
    const SERVICES: [&str; 3] = ["w3id.org/", "hdl.handle.net/", "n2t.net/ark:"];
    let rest = iri.strip_prefix("https://");
    let rest = rest.or_else(|| iri.strip_prefix("http://"));
    rest.is_some_and(|rest| SERVICES.iter().any(|service| rest.starts_with(service)))
}

/// The SPDX identifier of a licence that is in common use.
pub fn spdx(iri: &str) -> Option<&'static str> {
    const LICENCES: [(&str, &str); 14] = [
        ("creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
        ("creativecommons.org/licenses/by-sa/4.0", "CC-BY-SA-4.0"),
        ("creativecommons.org/licenses/by-nc/4.0", "CC-BY-NC-4.0"),
        (
            "creativecommons.org/licenses/by-nc-sa/4.0",
            "CC-BY-NC-SA-4.0",
        ),
        (
            "creativecommons.org/licenses/by-nc-nd/4.0",
            "CC-BY-NC-ND-4.0",
        ),
        ("creativecommons.org/licenses/by-nd/4.0", "CC-BY-ND-4.0"),
        ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
        ("authority/licence/CC_BY_4_0", "CC-BY-4.0"),
        ("authority/licence/CC_BYSA_4_0", "CC-BY-SA-4.0"),
        ("authority/licence/CC_BYNC_4_0", "CC-BY-NC-4.0"),
        ("authority/licence/CC0", "CC0-1.0"),
        ("apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
        ("opensource.org/licenses/MIT", "MIT"),
        ("authority/licence/EUPL_1_2", "EUPL-1.2"),
    ];
    if iri.contains("spdx.org/licenses/") {
        let name = last_part(iri);
        return LICENCES.iter().map(|(_, id)| *id).find(|id| *id == name);
    }
    let found = LICENCES.iter().find(|(part, _)| iri.contains(part));
    found.map(|(_, id)| *id)
}

/// The media type that an IRI of IANA's or the EU's list stands for.
pub fn media_type(iri: &str) -> Option<&str> {
    const FILES: [(&str, &str); 14] = [
        ("ZIP", "application/zip"),
        ("CSV", "text/csv"),
        ("TSV", "text/tab-separated-values"),
        ("JSON", "application/json"),
        ("JSON_LD", "application/ld+json"),
        ("XML", "application/xml"),
        ("PDF", "application/pdf"),
        ("TXT", "text/plain"),
        ("TIFF", "image/tiff"),
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        (
            "XLSX",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("RDF_TURTLE", "text/turtle"),
        ("DICOM", "application/dicom"),
    ];
    if let Some((_, found)) = iri.split_once("/media-types/") {
        return Some(found).filter(|found| found.contains('/'));
    }
    let code = last_part(iri);
    let found = FILES.iter().find(|(name, _)| *name == code);
    found.map(|(_, media_type)| *media_type)
}
