"""The prefixes and the closed code lists that the shapes use."""

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "cv": "http://data.europa.eu/m8g/",
    "dash": "http://datashapes.org/dash#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "eucaim": "https://cancerimage.eu/ontology/EUCAIM#",
    "fdp-o": "https://w3id.org/fdp/fdp-o#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geodcatap": "http://data.europa.eu/930/",
    "healthdcatap": "https://w3id.org/healthdcat-ap#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prof": "http://www.w3.org/ns/dx/prof/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vs": "https://github.com/EUCAIM/vesalius/ns#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

EU = "http://publications.europa.eu/resource/authority/"
HEALTH = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
ACCESS_CONDITION = (
    "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#"
)

LISTS = {
    "access-right": (EU + "access-right/", "PUBLIC RESTRICTED NON_PUBLIC"),
    "data-theme": (EU + "data-theme/", "HEAL"),
    "planned-availability": (
        EU + "planned-availability/",
        "AVAILABLE EXPERIMENTAL STABLE TEMPORARY",
    ),
    "distribution-status": (
        EU + "distribution-status/",
        "COMPLETED DEPRECATED DEVELOP WITHDRAWN OP_DATPRO",
    ),
    "adms-status": ("http://purl.org/adms/status/", "Completed Deprecated UnderDevelopment Withdrawn"),
    "frequency": (
        EU + "frequency/",
        "10MIN 12HRS 15MIN 1MIN 30MIN 5MIN ANNUAL ANNUAL_2 ANNUAL_3 AS_NEEDED BIDECENNIAL BIENNIAL"
        " BIHOURLY BIMONTHLY BIWEEKLY CONT DAILY DAILY_2 DECENNIAL HOURLY IRREG MONTHLY MONTHLY_2"
        " MONTHLY_3 NEVER NOT_PLANNED OTHER QUADRENNIAL QUARTERLY QUINQUENNIAL TRIDECENNIAL"
        " TRIENNIAL TRIHOURLY UNKNOWN UPDATE_CONT WEEKLY WEEKLY_2 WEEKLY_3",
    ),
    "healthcategories": (
        HEALTH + "healthcategories/",
        "EHRS DIOH NRPE RPDG HRAD HGPD HPML PGEH WELA IDHP PHDR MRMR EHCT EMRD RMMD RQSH EINS",
    ),
    "health-theme": (
        HEALTH + "health-theme/",
        "CLIMATE_HEALTH ANTIMICROBIAL_CONTROL ENVIRONMENTAL_HEALTH BLOOD_INFECTIONS HEALTH_SYSTEMS"
        " SENSORY_HEALTH RESPIRATORY_DISEASES LIFECOURSE_HEALTH IMMUNIZATION_DISEASES"
        " ENTERIC_INFECTIONS INJURY_PREVENTION EMERGENCY_SETTINGS CANCER_DISEASE VECTOR_DISEASES"
        " HEALTH_PRODUCTS NONCOMMUNICABLE_DISEASES MENTAL_HEALTH REPRODUCTIVE_HEALTH"
        " NUTRITION_SECURITY TROPICAL_DISEASES",
    ),
    "coding-system": (
        HEALTH + "coding-system/",
        "NPU HPO HGNC NCIT LOINC ICF WHODRUG GMDN MEDDRA MESH ICD-9-CM ICPC-2 ICPC-3 ORPHACODE DICOM-CT EMA-SPOR"
        " OHDSI-VOCAB UMLS ICD-10 UCUM ICD-O ATC ORDO ICD-10-NAT RXNORM EMDN OPS ICHI ICD-11 PROC-CODES-NAT"
        " SNOMED-CT EDQM",
    ),
    "access-condition": (ACCESS_CONDITION, "DOWNLOAD IN_SITU_PROCESSING REMOTE_PROCESSING"),
}

INTEGERS = (
    "xsd:integer xsd:nonNegativeInteger xsd:positiveInteger xsd:long xsd:int xsd:short xsd:byte"
    " xsd:unsignedLong xsd:unsignedInt xsd:unsignedShort xsd:unsignedByte"
).split()
DATES = "xsd:date xsd:dateTime xsd:gYearMonth xsd:gYear".split()


def members(name):
    """The IRIs of a closed list, as Turtle."""
    base, codes = LISTS[name]
    return " ".join(f"<{base}{code}>" for code in codes.split())
