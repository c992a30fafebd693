//! The hyperontology of Cancer Image Europe.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://cancerimage.eu/ontology/EUCAIM#";
pub const INTEROPERABILITY_LEVEL: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#interoperabilityLevel");
pub const HAS_BIRTH_SEX: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasBirthSex");
pub const HAS_CONDITION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasCondition");
pub const COLLECTION_METHOD: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#collectionMethod");
pub const HAS_IMAGE_MODALITY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasImageModality");
pub const HAS_EQUIPMENT_MANUFACTURER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasEquipmentManufacturer");
pub const HAS_IMAGE_BODY_PART: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasImageBodyPart");
pub const HAS_ANNOTATION_LABEL: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasAnnotationLabel");
pub const HAS_ALGORITHM_TYPE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasAlgorithmType");
pub const NBR_OF_SEGMENTATIONS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#nbrOfSegmentations");
pub const HAS_METHOD: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasMethod");
pub const SOURCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#source");
pub const SYNONYM: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#synonym");
pub const ACRONYM: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#acronym");
pub const HAS_FINDING_SITE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#hasFindingSite");
