//! Which words does the page of a record need beside those of the interface?

/// A phrase in English, German, French, Spanish and Italian.
pub type Words = [&'static str; 5];

/// The phrase in a language, else in English.
pub fn say(words: Words, language: &str) -> &'static str {
    let at = ["en", "de", "fr", "es", "it"]
        .iter()
        .position(|code| *code == language);
    words[at.unwrap_or(0)]
}

pub const SUBJECTS: Words = ["subjects", "Personen", "sujets", "sujetos", "soggetti"];
pub const STUDIES: Words = [
    "imaging studies",
    "Bildstudien",
    "examens d’imagerie",
    "estudios de imagen",
    "studi di imaging",
];
pub const AGES: Words = [
    "years of age",
    "Jahre alt",
    "ans (âge)",
    "años de edad",
    "anni di età",
];
pub const YEARS: Words = [
    "acquired",
    "aufgenommen",
    "acquisition",
    "adquisición",
    "acquisizione",
];
pub const SEGMENTATIONS: Words = [
    "segmentations",
    "Segmentierungen",
    "segmentations",
    "segmentaciones",
    "segmentazioni",
];
pub const PUBLISHER: Words = ["Publisher", "Herausgeber", "Éditeur", "Editor", "Editore"];
pub const CONTACT: Words = [
    "Contact point",
    "Kontaktstelle",
    "Point de contact",
    "Punto de contacto",
    "Punto di contatto",
];
pub const LANDING_PAGE: Words = [
    "Page of the provider",
    "Seite des Anbieters",
    "Page du fournisseur",
    "Página del proveedor",
    "Pagina del fornitore",
];
pub const OTHER: Words = [
    "Other statements",
    "Weitere Angaben",
    "Autres déclarations",
    "Otras declaraciones",
    "Altre dichiarazioni",
];
pub const PARENT: Words = [
    "Part of",
    "Teil von",
    "Fait partie de",
    "Parte de",
    "Parte di",
];
pub const REFERRED: Words = [
    "Referred to by",
    "Wird genannt von",
    "Mentionné par",
    "Mencionado por",
    "Citato da",
];
pub const REFERS: Words = [
    "Refers to",
    "Verweist auf",
    "Renvoie à",
    "Remite a",
    "Rimanda a",
];
pub const DRAFT: Words = [
    "This is a draft. Only those who may edit it see it.",
    "Dies ist ein Entwurf. Nur wer ihn bearbeiten darf, sieht ihn.",
    "Ceci est un brouillon, visible seulement par ceux qui peuvent le modifier.",
    "Es un borrador; solo lo ven quienes pueden editarlo.",
    "Questa è una bozza, visibile solo a chi può modificarla.",
];
pub const PAST: Words = [
    "You see an old version.",
    "Sie sehen eine alte Version.",
    "Vous voyez une ancienne version.",
    "Está viendo una versión antigua.",
    "Stai vedendo una vecchia versione.",
];
pub const NOW: Words = [
    "See how it is now",
    "So ist es jetzt",
    "Voir l’état actuel",
    "Ver cómo está ahora",
    "Vedi com’è ora",
];
pub const REVISED: Words = [
    "A revision of this record waits to be published.",
    "Eine Überarbeitung dieses Eintrags wartet auf ihre Veröffentlichung.",
    "Une révision de cette fiche attend d’être publiée.",
    "Una revisión de este registro espera ser publicada.",
    "Una revisione di questa scheda attende di essere pubblicata.",
];
pub const REVISION: Words = [
    "See the revision",
    "Überarbeitung ansehen",
    "Voir la révision",
    "Ver la revisión",
    "Vedi la revisione",
];
pub const REVIEW: Words = [
    "Review",
    "Begutachtung",
    "Relecture",
    "Revisión",
    "Revisione",
];
pub const YES: Words = ["yes", "ja", "oui", "sí", "sì"];
pub const NO: Words = ["no", "nein", "non", "no", "no"];
pub const BY_CANCER: Words = [
    "By cancer",
    "Nach Krebserkrankung",
    "Par cancer",
    "Por cáncer",
    "Per tumore",
];
pub const BY_MODALITY: Words = [
    "By modality",
    "Nach Modalität",
    "Par modalité",
    "Por modalidad",
    "Per modalità",
];

/// What was done to a record.
pub fn action(action: crate::ledger::Action, language: &str) -> &'static str {
    use crate::ledger::Action;
    let words = match action {
        Action::Create => ["created", "angelegt", "créé", "creado", "creato"],
        Action::Replace => [
            "replaced",
            "ersetzt",
            "remplacé",
            "sustituido",
            "sostituito",
        ],
        Action::Publish => [
            "published",
            "veröffentlicht",
            "publié",
            "publicado",
            "pubblicato",
        ],
        Action::Withdraw => [
            "withdrawn",
            "zurückgezogen",
            "retiré",
            "retirado",
            "ritirato",
        ],
        Action::Delete => ["deleted", "gelöscht", "supprimé", "eliminado", "eliminato"],
    };
    say(words, language)
}
