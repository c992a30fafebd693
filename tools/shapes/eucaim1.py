"""EUCAIM DCAT-AP 1.0: what it says otherwise than 2.0, and what each difference is based on."""

import eucaim
from description import describe
from vocabulary import members
from writer import CALVER, SEMVER, bodies, pattern

NOTE = """
Based on release 1.0 of the profile (github.com/EUCAIM/eucaim_dcat_ap, releases/v1.0): the row with the path of the
shape in Catalogue.md, Dataset.md or Distribution.md. Where another document decided, a comment above the shape says
so: D5.3 is the deliverable's template (releases/v1.0/markdown), "FDP shapes" are those of the federation's harvester
(2026-08-03), "CHANGELOG" is the project's list of changes from 1.0 to 2.0. Value sets are those of the hyperontology 2.0."""

# From the name of a shape to what it is based on; nothing is said of rows that are as Dataset.md and its like have them.
BASES = {
    "Dataset-healthTheme": "Dataset.md 0..n R; the FDP shapes want at least one. A theme “Cancer” is the default of 1.0.",
    "Dataset-version": "Dataset.md 1..1 M, any text: the form is a “should”.",
    "Dataset-version-form": "Dataset.md: SemVer or CalVer. The example of 1.0 is 20231122, which is year, month and day.",
    "Dataset-identifier": "Dataset.md 1..1 M: the address in the EUCAIM public catalogue.",
    "Dataset-codingSystem": "Dataset.md 0..n R, dct:Standard; no list yet: the examples are Wikidata items.",
    "Dataset-codeValues": "Dataset.md 0..n R, skos:Concept; a text only from 2.0 on (CHANGELOG).",
    "Dataset-segLabel": "Dataset.md 0..n R, a body structure; optional and broader from 2.0 on (CHANGELOG).",
    "Dataset-spatial": "Dataset.md 0..n R; the FDP shapes want at least one.",
    "Dataset-hdab": "Dataset.md 1..1 M, but it may be absent for the time being, and a placeholder must not be given.",
    "Dataset-generatedBy": "Dataset.md 0..n O; the type of the activity is asked for from 2.0 on (CHANGELOG).",
    "Activity-type": "The examples of 1.0 give a type; no table of 1.0 asks for it.",
    "Attribution-role": "Dataset.md 1..n C; D5.3 and the FDP shapes have 0..1.",
    "Distribution-accessService": "Distribution.md 0..n O; CHANGELOG and the FDP shapes have 1..1, D5.3 0..1 O.",
    "Distribution-rights": "Distribution.md 0..1 O; the FDP shapes and D5.3 have 1..1 for the access condition, with the same\n"
    "property (CHANGELOG): one rights statement and one access condition may stand side by side.",
    "Distribution-format": "Distribution.md 0..1 R; the examples of 1.0 have codes of the EU list and IANA media types.",
    "Distribution-byteSize": "Distribution.md 0..1 O, xsd:decimal.",
    "Distribution-checksum": "D5.3 and the examples of 1.0: spdx:checksum with a description of its own.",
    "Distribution-checksumValue": "Distribution.md 0..1 O: the value stands at the distribution itself (CHANGELOG).",
    "Distribution-checksumAlgorithm": "Distribution.md 1..1 C, beside spdx:checksumValue.",
    "Distribution-algorithm-needed": "Distribution.md 1..1 C: a checksum needs its algorithm.",
    "Distribution-temporal": "Distribution.md: the temporal resolution stands under dct:temporal (CHANGELOG).",
    "Distribution-temporalResolution": "D5.3, the FDP shapes and the examples of 1.0.",
    "Distribution-status": "Distribution.md 0..1 O; the example of 1.0 takes its code from the list of dataset-status.",
    "Distribution-status-known": "D5.3 and the FDP shapes: a code of the list of distribution-status.",
    "Checksum-value": "D5.3: lower case; the examples of 1.0 give it without a datatype.",
    "Agent-type": "Dataset.md 0..1 R, skos:Concept; the list of types was not final in 1.0 (D5.3).",
    "Agent-contact": "Dataset.md 1..1 M, vcard:Kind; a cv:ContactPoint from 2.0 on (CHANGELOG).",
    "Agent-reachable": "D5.3 and the FDP shapes know no contact point: page and e-mail stand at the organisation itself.",
    "Agent-page": "D5.3 and the FDP shapes 0..1.",
    "Agent-mbox": "D5.3 and the FDP shapes 0..1.",
    "Agent-phone": "D5.3 and the FDP shapes 0..1.",
    "Agent-trusted": "Dataset.md 0..1 O; removed in 2.0 (CHANGELOG).",
}

REACHABLE = ["Agent-name", "Agent-type", "Agent-contact", "Agent-contact-either", "Agent-reachable", "Agent-page", "Agent-mbox", "Agent-phone"]
CREATOR = ["Agent-name", "Agent-type", "Agent-page", "Agent-mbox"]
PARTIES = {
    "publisher": REACHABLE + ["Agent-type-recommended", "Agent-description", "Agent-description-recommended", "Agent-trusted"],
    "hdab": REACHABLE + ["Hdab-placeholder"],
    "custodian": [],
    "creator": CREATOR,
    "attributed": CREATOR + ["Agent-description"],
}


def agents(p):
    """Organisations and persons: a vcard contact, or page and e-mail of their own."""
    contact = ["Kind-url", "Kind-email"]
    agent = p.field("Agent-name", "foaf:name", "agentName", "1..n", "line")
    agent += p.field("Agent-type", "dct:type", "agentType", "0..1", "iri", level="R")
    agent += p.field("Agent-contact", "dcat:contactPoint", "agentContact", "0..1", "node", inside=contact, range="vcard:Kind")
    agent += p.rule("Agent-contact-either", "dcat:contactPoint", eucaim.EITHER_VCARD, "contact-either")
    agent += p.rule("Agent-reachable", "[ sh:alternativePath ( dcat:contactPoint foaf:mbox foaf:homepage ) ]",
                    "sh:minCount 1", "contact-either")
    agent += p.field("Agent-description", "dct:description", "agentDescription", "0..n", "area", level="R")
    agent += p.field("Agent-page", "foaf:homepage", "agentPage", "0..1", "link", range="foaf:Document")
    agent += p.field("Agent-mbox", "foaf:mbox", "agentMbox", "0..1", "mailto")
    agent += p.field("Agent-phone", "foaf:phone", "agentTelephone", "0..1", "iri")
    agent += p.field("Agent-trusted", "healthdcatap:trustedDataHolder", "trustedDataHolder", "0..1", "boolean")
    agent += p.rule("Hdab-placeholder", "foaf:name",
                    f'sh:not [ {pattern(eucaim.PLACEHOLDER)} ; sh:flags "i" ]', "hdab-placeholder")
    p.write("agent.ttl", "Publishers, health data access bodies, creators: shapes used inside other shapes.", bodies(agent))


def version_form(p):
    day = r"[12]\d{3}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    return p.rule("Dataset-version-form", "dcat:version", pattern(f"^({SEMVER}|{CALVER}|{day})$"), "version-form", "Warning")


def technical(p):
    g = "technical"
    shapes = p.field("Distribution-checksumValue", "spdx:checksumValue", "checksumValue", "0..1", "hex-text", g)
    shapes += p.field("Distribution-checksumAlgorithm", "spdx:algorithm", "checksumAlgorithm", "0..1", "iri", g)
    # Zero steps let the rule see the distribution itself beside its algorithm: it has no checksum of its own, or there
    # is an algorithm, which has none either.
    shapes += p.rule("Distribution-algorithm-needed", "[ sh:zeroOrOnePath spdx:algorithm ]",
                     "sh:qualifiedValueShape [ sh:property [ sh:path spdx:checksumValue ; sh:maxCount 0 ] ] ;"
                     " sh:qualifiedMinCount 1", "algorithm-needed")
    shapes += p.field("Distribution-temporal", "dct:temporal", "temporalResolution", "0..1", "duration", g)
    return shapes


def status(p):
    known = f"sh:in ( {members('distribution-status')} )"
    return p.rule("Distribution-status-known", "adms:status", known, "status-unknown", "Warning")


def edition():
    optional_in_2 = ["segLabel", "segMethod", "segCount", "spatial", "conformsTo", "source", "isReferencedBy", "temporalResolution", "relation"]
    return eucaim.Edition(
        "eucaim-dcat-ap-1.0",
        # CHANGELOG: added in 2.0. The advice to give a DOI and the list of access conditions are of 2.0, too.
        without=[
            "Dataset-structured", "Dataset-variables", "Dataset-variables-needed", "Dataset-custodian",
            "Dataset-isReferencedBy-doi", "Distribution-access-condition",
        ],
        levels={f"Dataset-{name}": "R" for name in optional_in_2} | {"Distribution-rights": "R"},
        cards={"Activity-type": "0..1", "Distribution-rights": "0..n"},
        kinds={
            "Dataset-version": "literal",
            "Dataset-codingSystem": "link",
            "Dataset-codeValues": "link",
            "Activity-type": "iri",
            "Distribution-format": "iri",
            "Distribution-byteSize": "decimal",
            "Distribution-status": "iri",
            "Checksum-value": "hex-text",
        },
        texts={"Dataset-codeValues": "codeConcepts", "Distribution-format": "formatLink", "Distribution-rights": "rightsStatement"},
        parties=PARTIES,
        more={"Dataset-identification": version_form, "Distribution-technical": technical, "Distribution-lifecycle": status},
    )


def build():
    p = edition()
    p.bases, p.note = BASES, NOTE
    agents(p)
    eucaim.catalogue(p)
    eucaim.dataset(p)
    eucaim.distribution(p)
    describe(
        p,
        iri="https://eucaim.github.io/eucaim_dcat_ap/releases/v1.0/",
        token="eucaim-dcat-ap-1.0",
        version="1.0",
        titles=[
            "EUCAIM DCAT-AP 1.0: the older profile",
            "EUCAIM DCAT-AP 1.0: das ältere Profil",
            "EUCAIM DCAT-AP 1.0 : l’ancien profil",
            "EUCAIM DCAT-AP 1.0: el perfil anterior",
            "EUCAIM DCAT-AP 1.0: il profilo precedente",
        ],
        about=[
            "The first release of the profile of Cancer Image Europe, on HealthDCAT-AP release 5. Release 2.0 replaces it; migration.toml holds the way there.",
            "Die erste Fassung des Profils von Cancer Image Europe, auf HealthDCAT-AP Release 5. Fassung 2.0 ersetzt sie; migration.toml beschreibt den Weg dorthin.",
            "La première version du profil de Cancer Image Europe, sur HealthDCAT-AP version 5. La version 2.0 la remplace ; migration.toml décrit le passage.",
            "La primera versión del perfil de Cancer Image Europe, sobre HealthDCAT-AP versión 5. La versión 2.0 la sustituye; migration.toml describe el paso.",
            "La prima versione del profilo di Cancer Image Europe, su HealthDCAT-AP versione 5. La versione 2.0 la sostituisce; migration.toml descrive il passaggio.",
        ],
        based_on=[
            "https://healthdataeu.pages.code.europa.eu/healthdcat-ap/releases/release-5/",
            "https://semiceu.github.io/DCAT-AP/releases/3.0.1/",
        ],
        source=["https://github.com/EUCAIM/eucaim_dcat_ap"],
        licence="https://www.apache.org/licenses/LICENSE-2.0",
        kinds=[
            ("catalog", "dcat:Catalog", "CatalogueShape"),
            ("dataset", "dcat:Dataset", "DatasetShape"),
            ("distribution", "dcat:Distribution", "DistributionShape"),
        ],
        groups=[group for group in eucaim.GROUPS if group[0] != "custodian"],
        files=["agent.ttl", "catalogue.ttl", "dataset.ttl", "distribution.ttl"],
        replaced_by="https://eucaim.github.io/eucaim_dcat_ap/releases/v2.0/",
    )
