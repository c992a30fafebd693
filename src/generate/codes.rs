//! Which codes do synthetic records use? Real ones, chosen from the hyperontology and the EU's tables.
//!
//! Every condition stands under CLIN1007977, every body part under BP1000024, every modality under IMG1000009
//! and every manufacturer under IMG1000010 of the hyperontology.

/// A site of cancer with what is usual for it.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) name: &'static str,
    pub(super) weight: f64,
    /// Classes of the condition, the commonest first.
    pub(super) conditions: &'static [&'static str],
    pub(super) body_part: &'static str,
    pub(super) icd_10: &'static str,
    /// The favoured modalities, the commonest first.
    pub(super) modalities: &'static [&'static Modality],
    pub(super) sexes: Sexes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sexes {
    Female,
    Male,
    Both,
    MostlyFemale,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Modality {
    pub(super) code: &'static str,
    /// As people write it in titles.
    pub(super) name: &'static str,
}

const fn modality(code: &'static str, name: &'static str) -> Modality {
    Modality { code, name }
}

static CT: Modality = modality("IMG1000042", "CT");
static LOW_DOSE_CT: Modality = modality("IMG1000086", "low-dose CT");
static MRI: Modality = modality("IMG1000038", "MRI");
static DIFFUSION_MRI: Modality = modality("IMG1004467", "diffusion MRI");
static CONTRAST_MRI: Modality = modality("IMG1004461", "contrast-enhanced MRI");
static PERFUSION_MRI: Modality = modality("IMG1004471", "perfusion MRI");
static SPECTROSCOPY: Modality = modality("IMG1000083", "MR spectroscopy");
static MAMMOGRAPHY: Modality = modality("IMG1004455", "mammography");
static PET: Modality = modality("IMG1000062", "PET");
static PET_CT: Modality = modality("IMG1004451", "PET-CT");
static SPECT: Modality = modality("IMG1000061", "SPECT");
static SCINTIGRAPHY: Modality = modality("IMG1000079", "scintigraphy");
static ULTRASOUND: Modality = modality("IMG1000035", "ultrasound");
static SLIDES: Modality = modality("IMG1004456", "slide microscopy");
static WHOLE_SLIDES: Modality = modality("IMG1004459", "whole slide");
static DIGITAL_XRAY: Modality = modality("IMG1000028", "digital radiography");
static COMPUTED_XRAY: Modality = modality("IMG1000024", "computed radiography");
static FLUOROSCOPY: Modality = modality("IMG1000041", "fluoroscopy");

/// Modalities in general, with their weights.
pub(super) static MODALITIES: [(&Modality, f64); 18] = [
    (&CT, 30.0),
    (&MRI, 24.0),
    (&MAMMOGRAPHY, 9.0),
    (&PET, 6.0),
    (&PET_CT, 5.0),
    (&ULTRASOUND, 7.0),
    (&SLIDES, 4.0),
    (&WHOLE_SLIDES, 3.0),
    (&DIGITAL_XRAY, 4.0),
    (&COMPUTED_XRAY, 3.0),
    (&LOW_DOSE_CT, 2.0),
    (&DIFFUSION_MRI, 2.0),
    (&CONTRAST_MRI, 1.5),
    (&SPECT, 1.0),
    (&SCINTIGRAPHY, 1.0),
    (&PERFUSION_MRI, 0.7),
    (&FLUOROSCOPY, 0.5),
    (&SPECTROSCOPY, 0.3),
];

const fn site(
    name: &'static str,
    weight: f64,
    conditions: &'static [&'static str],
    body_part: &'static str,
    icd_10: &'static str,
    modalities: &'static [&'static Modality],
    sexes: Sexes,
) -> Site {
    Site {
        name,
        weight,
        conditions,
        body_part,
        icd_10,
        modalities,
        sexes,
    }
}

#[rustfmt::skip]
pub(super) static SITES: [Site; 25] = [
    site("breast", 19.0, &["CLIN1000060", "CLIN1000068", "CLIN1007973", "CLIN1000169"], "BP1000136", "C50", &[&MAMMOGRAPHY, &MRI, &ULTRASOUND, &CONTRAST_MRI], Sexes::MostlyFemale),
    site("lung", 17.0, &["CLIN1000065", "CLIN1051722"], "BP1000113", "C34", &[&CT, &PET_CT, &LOW_DOSE_CT, &DIGITAL_XRAY], Sexes::Both),
    site("prostate", 13.0, &["CLIN1000075", "CLIN1008742", "CLIN1000179"], "BP1000021", "C61", &[&MRI, &DIFFUSION_MRI, &PET, &WHOLE_SLIDES], Sexes::Male),
    site("colon", 9.0, &["CLIN1000057", "CLIN1045970", "CLIN1000174"], "BP1000257", "C18", &[&CT, &SLIDES], Sexes::Both),
    site("brain", 8.0, &["CLIN1007976", "CLIN1007970", "CLIN1007993", "CLIN1007978"], "BP1000051", "C71", &[&MRI, &PERFUSION_MRI, &PET, &CT, &SPECTROSCOPY], Sexes::Both),
    site("liver", 6.0, &["CLIN1000071", "CLIN1000072"], "BP1000105", "C22", &[&CT, &MRI, &ULTRASOUND], Sexes::Both),
    site("rectum", 5.5, &["CLIN1000077", "CLIN1045950"], "BP1000130", "C20", &[&MRI, &CT], Sexes::Both),
    site("kidney", 4.0, &["CLIN1000058", "CLIN1000088"], "BP1000151", "C64", &[&CT, &ULTRASOUND, &MRI], Sexes::Both),
    site("pancreas", 3.5, &["CLIN1000079", "CLIN1000085"], "BP1000209", "C25", &[&CT, &MRI, &PET_CT], Sexes::Both),
    site("ovary", 2.4, &["CLIN1003326"], "BP1000274", "C56", &[&ULTRASOUND, &CT, &MRI], Sexes::Female),
    site("thyroid", 2.2, &["CLIN1059392"], "BP1000286", "C73", &[&ULTRASOUND, &SCINTIGRAPHY, &CT], Sexes::Both),
    site("bladder", 2.0, &["CLIN1000181", "CLIN1000182"], "BP1000301", "C67", &[&CT, &MRI, &SLIDES], Sexes::Both),
    site("head and neck", 2.0, &["CLIN1059399", "CLIN1059400"], "BP1000008", "C76.0", &[&CT, &PET_CT, &MRI], Sexes::Both),
    site("oesophagus", 1.6, &["CLIN1000094", "CLIN1000095"], "BP1000303", "C15", &[&CT, &PET_CT], Sexes::Both),
    site("stomach", 1.5, &["CLIN1000090", "CLIN1000093"], "BP1000302", "C16", &[&CT, &SLIDES], Sexes::Both),
    site("cervix uteri", 1.5, &["CLIN1003317", "CLIN1003319", "CLIN1003320"], "BP1000290", "C53", &[&MRI, &PET_CT, &CT], Sexes::Female),
    site("colon and rectum", 1.4, &["CLIN1000054"], "BP1000170", "C18", &[&CT, &WHOLE_SLIDES, &MRI], Sexes::Both),
    site("uterus", 1.2, &["CLIN1003316", "CLIN1003323"], "BP1000085", "C55", &[&MRI, &ULTRASOUND, &CT], Sexes::Female),
    site("bone", 1.0, &["CLIN1000172", "CLIN1000170"], "CLIN1063497", "C41", &[&DIGITAL_XRAY, &MRI, &CT, &SCINTIGRAPHY], Sexes::Both),
    site("lymph node", 1.0, &["CLIN1039310", "CLIN1046323"], "BP1000202", "C85", &[&PET_CT, &CT, &MRI], Sexes::Both),
    site("soft tissue", 0.6, &["CLIN1007997", "CLIN1007996", "CLIN1041458"], "BP100040608", "C49", &[&MRI, &CT], Sexes::Both),
    site("unknown primary", 0.6, &["CLIN1007989"], "BP1000154", "C80", &[&CT, &PET_CT], Sexes::Both),
    site("gallbladder", 0.5, &["CLIN1000089", "CLIN1000091"], "BP1000142", "C23", &[&ULTRASOUND, &CT, &MRI], Sexes::Both),
    site("meninges", 0.4, &["CLIN1054131", "CLIN1059401"], "BP1000306", "C70", &[&MRI, &CT], Sexes::Both),
    site("neuroendocrine system", 0.4, &["CLIN1008102"], "BP1000173", "C26", &[&CT, &SPECT, &PET_CT], Sexes::Both),
];

/// Code, name in DICOM, weight.
pub(super) static MANUFACTURERS: [(&str, f64); 12] = [
    ("IMG1000044", 34.0), // Siemens
    ("IMG1000047", 28.0), // General Electric
    ("IMG1000046", 21.0), // Philips
    ("IMG1000045", 6.0),  // Toshiba
    ("IMG1000064", 4.0),  // Hologic
    ("IMG1000050", 3.0),  // Canon
    ("IMG1000057", 2.0),  // Hitachi
    ("IMG1000060", 1.5),  // Fujifilm
    ("IMG1000063", 1.0),  // UIH
    ("IMG1000049", 0.7),  // Esaote
    ("IMG1000065", 0.6),  // 3DHISTECH
    ("IMG1000051", 0.5),  // Agfa
];

pub(super) static MALE: &str = "COM1001366";
pub(super) static FEMALE: &str = "COM1001370";

/// All nine tiers of interoperability.
pub(super) static TIERS: [(&str, f64); 9] = [
    ("SPEC1000009", 24.0),  // 1
    ("SPEC1000012", 12.0),  // 1A+
    ("SPEC10000011", 10.0), // 1C+
    ("SPEC1000011", 18.0),  // 2
    ("SPEC1000014", 9.0),   // 2A+
    ("SPEC1000013", 7.0),   // 2C+
    ("SPEC1000010", 12.0),  // 3
    ("SPEC1000016", 5.0),   // 3A+
    ("SPEC1000015", 3.0),   // 3C+
];

pub(super) static COLLECTION_METHODS: [(&str, f64); 6] = [
    ("SPEC1000007", 30.0), // disease-specific
    ("COM1002627", 25.0),  // cohort
    ("SPEC1000004", 18.0), // patient-based
    ("SPEC1000003", 12.0), // only images
    ("SPEC1000006", 9.0),  // longitudinal
    ("SPEC1000005", 6.0),  // case-control
];

pub(super) static ORIGINAL_DATASET: &str = "SPEC1000020";
pub(super) static ANNOTATED_DATASET: &str = "SPEC1000019";
pub(super) static PROCESSED_DATASET: &str = "SPEC1000018";

/// Manual, semi-automatic, automatic segmentation.
pub(super) static ALGORITHM_TYPES: [&str; 3] = ["COM1000003", "COM1000005", "COM1000008"];

#[derive(Debug)]
pub(super) struct Country {
    /// As in the EU's table of countries.
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) language: &'static Language,
    pub(super) weight: f64,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Language {
    pub(super) tag: &'static str,
    /// As in the EU's table of languages.
    pub(super) code: &'static str,
}

const fn language(tag: &'static str, code: &'static str) -> Language {
    Language { tag, code }
}

pub(super) static ENGLISH: Language = language("en", "ENG");
static SPANISH: Language = language("es", "SPA");
static ITALIAN: Language = language("it", "ITA");
static GERMAN: Language = language("de", "DEU");
static FRENCH: Language = language("fr", "FRA");
static DUTCH: Language = language("nl", "NLD");
static PORTUGUESE: Language = language("pt", "POR");
static GREEK: Language = language("el", "ELL");
static SWEDISH: Language = language("sv", "SWE");
static POLISH: Language = language("pl", "POL");
static FINNISH: Language = language("fi", "FIN");
static LITHUANIAN: Language = language("lt", "LIT");
static CROATIAN: Language = language("hr", "HRV");
static CZECH: Language = language("cs", "CES");
static SLOVENE: Language = language("sl", "SLV");
static LATVIAN: Language = language("lv", "LAV");
static NORWEGIAN: Language = language("no", "NOR");
static SERBIAN: Language = language("sr", "SRP");

const fn country(
    code: &'static str,
    name: &'static str,
    language: &'static Language,
    weight: f64,
) -> Country {
    Country {
        code,
        name,
        language,
        weight,
    }
}

pub(super) static COUNTRIES: [Country; 20] = [
    country("ESP", "Spain", &SPANISH, 16.0),
    country("ITA", "Italy", &ITALIAN, 14.0),
    country("DEU", "Germany", &GERMAN, 13.0),
    country("FRA", "France", &FRENCH, 12.0),
    country("NLD", "the Netherlands", &DUTCH, 9.0),
    country("PRT", "Portugal", &PORTUGUESE, 7.0),
    country("GRC", "Greece", &GREEK, 6.0),
    country("SWE", "Sweden", &SWEDISH, 5.0),
    country("POL", "Poland", &POLISH, 4.0),
    country("BEL", "Belgium", &DUTCH, 4.0),
    country("AUT", "Austria", &GERMAN, 2.5),
    country("FIN", "Finland", &FINNISH, 2.5),
    country("LTU", "Lithuania", &LITHUANIAN, 1.5),
    country("HRV", "Croatia", &CROATIAN, 1.2),
    country("IRL", "Ireland", &ENGLISH, 1.0),
    country("CZE", "Czechia", &CZECH, 1.0),
    country("SVN", "Slovenia", &SLOVENE, 0.6),
    country("LVA", "Latvia", &LATVIAN, 0.4),
    country("NOR", "Norway", &NORWEGIAN, 0.4),
    country("SRB", "Serbia", &SERBIAN, 0.3),
];

pub(super) static ACCESS_RIGHTS: [(&str, f64); 3] =
    [("RESTRICTED", 55.0), ("NON_PUBLIC", 30.0), ("PUBLIC", 15.0)];

pub(super) static ACCESS_CONDITIONS: [(&str, f64); 3] = [
    ("IN_SITU_PROCESSING", 45.0),
    ("REMOTE_PROCESSING", 30.0),
    ("DOWNLOAD", 25.0),
];

pub(super) static DATA_USE_CONDITIONS: [&str; 3] = [
    "GENERAL_RESEARCH_USE",
    "HEALTH_MEDICAL_BIOMEDICAL_RESEARCH",
    "DISEASE_SPECIFIC_RESEARCH",
];

pub(super) static LICENCES: [(&str, f64); 5] = [
    ("CC_BY_4_0", 42.0),
    ("CC_BYNC_4_0", 27.0),
    ("CC_BYNCND_4_0", 13.0),
    ("CC0", 10.0),
    ("CC_BYSA_4_0", 8.0),
];

pub(super) static FREQUENCIES: [(&str, f64); 4] = [
    ("UNKNOWN", 40.0),
    ("NEVER", 30.0),
    ("ANNUAL", 20.0),
    ("IRREG", 10.0),
];

pub(super) static HEALTH_CATEGORIES: [(&str, f64); 6] = [
    ("EHRS", 40.0),
    ("EMRD", 20.0),
    ("MRMR", 15.0),
    ("RQSH", 12.0),
    ("EHCT", 8.0),
    ("EINS", 5.0),
];

pub(super) static PUBLISHER_TYPES: [&str; 3] =
    ["healthcareSystem", "researchInstitution", "biobank"];

/// A form in which the files of a collection come.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) name: &'static str,
    pub(super) weight: f64,
    /// In the EU's table of file types, which has no DICOM.
    pub(super) file_type: Option<&'static str>,
    /// As registered by IANA.
    pub(super) media_type: Option<&'static str>,
}

const fn files(
    name: &'static str,
    weight: f64,
    file_type: Option<&'static str>,
    media_type: Option<&'static str>,
) -> Files {
    Files {
        name,
        weight,
        file_type,
        media_type,
    }
}

pub(super) static FILES: [Files; 6] = [
    files("DICOM", 70.0, None, Some("application/dicom")),
    files("NIfTI", 12.0, None, Some("application/gzip")),
    files("Packed", 8.0, Some("ZIP"), Some("application/zip")),
    files("Clinical table", 5.0, Some("CSV"), None),
    files("Clinical JSON", 3.0, Some("JSON"), Some("application/json")),
    files("TIFF", 2.0, Some("TIFF"), None),
];
