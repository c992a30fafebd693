//! Which words stand in synthetic titles and descriptions? Those of cancer imaging first, then a long tail.

use super::chance::{Chance, Pick};
use super::codes::Language;

/// The vocabulary of a seed: a word of rank `k` comes about `1 / k` as often as the first.
#[derive(Clone, Debug)]
pub(super) struct Words {
    english: Pick<String>,
    keywords: Pick<String>,
}

const TAIL: usize = 6_000;
const KEYWORDS: usize = 900;

impl Words {
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = Chance::of(&[seed, u64::from_be_bytes(*b"words\0\0\0")]);
        let tail: Vec<String> = (0..TAIL).map(|_| invented(&mut chance)).collect();
        let subjects = SUBJECTS.split_whitespace().map(str::to_owned);
        let small = SMALL.split_whitespace().map(str::to_owned);
        let english = small.chain(subjects.clone()).chain(tail.iter().cloned());
        let keywords = subjects.chain(tail.iter().cloned()).take(KEYWORDS);
        Self {
            english: Pick::zipf(english.collect(), 3.0, 1.05),
            keywords: Pick::zipf(keywords.collect(), 2.0, 1.0),
        }
    }

    pub(super) fn word(&self, chance: &mut Chance) -> &str {
        self.english.pick(chance)
    }

    pub(super) fn keyword(&self, chance: &mut Chance) -> &str {
        self.keywords.pick(chance)
    }

    /// So many English words in a row.
    pub(super) fn text(&self, chance: &mut Chance, count: u64) -> String {
        joined(count, || self.word(chance))
    }
}

/// So many words of a language in a row, with a capital first.
pub(super) fn foreign_text(language: &Language, chance: &mut Chance, count: u64) -> String {
    let words = foreign(language.tag);
    capitalised(&joined(count, || *chance.early(words)))
}

fn joined<'a>(count: u64, mut next: impl FnMut() -> &'a str) -> String {
    let mut text = String::new();
    for at in 0..count {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(next());
    }
    text
}

pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// A word that no dictionary has, of two to four syllables.
pub(super) fn invented(chance: &mut Chance) -> String {
    let count = [2, 2, 3, 3, 4][usize::try_from(chance.below(5)).unwrap_or_default()];
    (0..count).map(|_| *chance.one(&SYLLABLES)).collect()
}

const SYLLABLES: [&str; 34] = [
    "al", "bra", "cor", "da", "den", "el", "fa", "fir", "ga", "hel", "is", "ja", "kol", "la",
    "lem", "ma", "mir", "na", "no", "or", "pel", "qui", "ra", "ros", "sa", "sel", "ta", "tor",
    "um", "va", "ven", "wil", "yor", "za",
];

const SMALL: &str = "the of and in with for from a to were was by at on per after before during";

const SUBJECTS: &str = "patients images cancer imaging clinical study tumour data annotated retrospective multicentre contrast
    acquisition treatment diagnosis segmentation radiomics lesion follow-up biopsy histology staging response survival baseline
    chemotherapy radiotherapy surgery scanner protocol thickness pseudonymised hospital radiologist annotation volume region
    nodule mass malignant benign metastasis recurrence prediction model training validation external prospective randomised
    screening population stage grade receptor HER2 PSA Gleason PI-RADS BI-RADS LI-RADS RECIST dose multiparametric diffusion
    weighted dynamic enhanced T1 T2 FLAIR FDG whole-body pathology elastography tomosynthesis quality harmonisation ethics
    consent European infrastructure federated node access metadata standard OMOP FHIR DICOM neoadjuvant adjuvant immunotherapy
    outcome progression genomic mutation EGFR KRAS BRCA molecular laboratory blood marker questionnaire smoking comorbidity
    consensus agreement longitudinal linked reports structured curated balanced released documentation glioma density
    calcification stroma margin invasion perfusion texture vessel node-positive screening-detected interval cohort registry
    outcome-linked reader double-read calibration phantom artefact motion normalised bias fairness explainable foundation";

/// The commonest first.
#[rustfmt::skip]
fn foreign(tag: &str) -> &'static [&'static str] {
    match tag {
        "es" => &["de", "la", "pacientes", "cáncer", "imágenes", "estudio", "con", "mama", "pulmón", "próstata", "tumor", "resonancia", "hospital", "tratamiento", "cohorte", "diagnóstico", "lesión", "cribado", "año", "cirugía"],
        "it" => &["di", "la", "pazienti", "tumore", "immagini", "studio", "con", "mammella", "polmone", "prostata", "risonanza", "ospedale", "trattamento", "coorte", "diagnosi", "lesione", "età", "chirurgia", "più", "qualità"],
        "de" => &["der", "die", "Patienten", "Krebs", "Bilder", "Studie", "mit", "Brust", "Lunge", "Prostata", "Tumor", "Krankenhaus", "Behandlung", "Kohorte", "Früherkennung", "Läsion", "für", "Größe", "Gewebe", "Überleben"],
        "fr" => &["de", "la", "patients", "cancer", "images", "étude", "avec", "sein", "poumon", "prostate", "tumeur", "hôpital", "traitement", "cohorte", "dépistage", "lésion", "années", "chirurgie", "réponse", "données"],
        "nl" => &["de", "van", "patiënten", "kanker", "beelden", "onderzoek", "met", "borst", "long", "prostaat", "tumor", "ziekenhuis", "behandeling", "cohort", "diagnose", "afwijking", "bevolkingsonderzoek", "jaar", "gegevens", "overleving"],
        "pt" => &["de", "a", "doentes", "cancro", "imagens", "estudo", "com", "mama", "pulmão", "próstata", "tumor", "ressonância", "hospital", "tratamento", "coorte", "diagnóstico", "lesão", "rastreio", "anos", "cirurgia"],
        "el" => &["του", "και", "ασθενείς", "καρκίνος", "εικόνες", "μελέτη", "με", "μαστός", "πνεύμονας", "προστάτης", "όγκος", "νοσοκομείο", "θεραπεία", "διάγνωση", "βλάβη", "έλεγχος", "έτη", "δεδομένα", "επιβίωση", "απεικόνιση"],
        "sv" => &["och", "av", "patienter", "cancer", "bilder", "studie", "med", "bröst", "lunga", "prostata", "tumör", "sjukhus", "behandling", "kohort", "diagnos", "förändring", "år", "överlevnad", "undersökning", "kirurgi"],
        "pl" => &["i", "w", "pacjenci", "rak", "obrazy", "badanie", "z", "pierś", "płuco", "prostata", "guz", "szpital", "leczenie", "kohorta", "rozpoznanie", "zmiana", "lata", "przesiewowe", "dane", "przeżycie"],
        "fi" => &["ja", "on", "potilaat", "syöpä", "kuvat", "tutkimus", "rinta", "keuhko", "eturauhanen", "kasvain", "sairaala", "hoito", "kohortti", "diagnoosi", "muutos", "vuosi", "seulonta", "tiedot", "eloonjääminen", "leikkaus"],
        "lt" => &["ir", "su", "pacientai", "vėžys", "vaizdai", "tyrimas", "krūtis", "plautis", "prostata", "navikas", "ligoninė", "gydymas", "kohorta", "diagnozė", "pakitimas", "metai", "patikra", "duomenys", "išgyvenamumas", "chirurgija"],
        "hr" => &["i", "u", "pacijenti", "rak", "slike", "studija", "s", "dojka", "pluća", "prostata", "tumor", "bolnica", "liječenje", "kohorta", "dijagnoza", "lezija", "godina", "probir", "podaci", "preživljenje"],
        "cs" => &["a", "v", "pacienti", "rakovina", "snímky", "studie", "s", "prs", "plíce", "prostata", "nádor", "nemocnice", "léčba", "kohorta", "diagnóza", "léze", "roky", "screening", "údaje", "přežití"],
        "sl" => &["in", "v", "bolniki", "rak", "slike", "študija", "z", "dojka", "pljuča", "prostata", "tumor", "bolnišnica", "zdravljenje", "kohorta", "diagnoza", "sprememba", "leta", "presejanje", "podatki", "preživetje"],
        "lv" => &["un", "ar", "pacienti", "vēzis", "attēli", "pētījums", "krūts", "plauša", "prostata", "audzējs", "slimnīca", "ārstēšana", "kohorta", "diagnoze", "bojājums", "gadi", "skrīnings", "dati", "dzīvildze", "operācija"],
        "no" => &["og", "av", "pasienter", "kreft", "bilder", "studie", "med", "bryst", "lunge", "prostata", "svulst", "sykehus", "behandling", "kohort", "diagnose", "forandring", "år", "overlevelse", "undersøkelse", "kirurgi"],
        "sr" => &["и", "у", "пацијенти", "рак", "слике", "студија", "са", "дојка", "плућа", "простата", "тумор", "болница", "лечење", "кохорта", "дијагноза", "лезија", "година", "скрининг", "подаци", "преживљавање"],
        _ => &["of", "the", "patients", "images", "cancer", "study"],
    }
}
