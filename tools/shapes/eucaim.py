"""EUCAIM DCAT-AP 2.0: every row of its tables, in their order."""

from writer import EU, Profile, below, bodies, names, pattern, period, tagged
from phrases import RULE
from description import describe
from vocabulary import members

GROUPS = [
    ("identification", ["Identification", "Identifikation", "Identification", "Identificación", "Identificazione"]),
    ("classification", ["Classification", "Einordnung", "Classification", "Clasificación", "Classificazione"]),
    ("access", ["Access", "Zugang", "Accès", "Acceso", "Accesso"]),
    ("publisher", ["Publisher", "Herausgeber", "Éditeur", "Editor", "Editore"]),
    ("population", ["Population", "Population", "Population", "Población", "Popolazione"]),
    ("imaging", ["Imaging", "Bildgebung", "Imagerie", "Imagen", "Imaging"]),
    ("annotations", ["Annotations", "Annotationen", "Annotations", "Anotaciones", "Annotazioni"]),
    ("standards", ["Standards and provenance", "Standards und Herkunft", "Normes et provenance", "Estándares y procedencia", "Standard e provenienza"]),
    ("custodian", ["Custodian", "Verwahrer", "Dépositaire", "Custodio", "Custode"]),
    ("hdab", ["Health data access body", "Zugangsstelle für Gesundheitsdaten", "Organisme d’accès aux données de santé", "Organismo de acceso a datos sanitarios", "Organismo di accesso ai dati sanitari"]),
    ("creator", ["Creator", "Urheber", "Créateur", "Creador", "Autore"]),
    ("dates", ["Dates and versions", "Daten und Versionen", "Dates et versions", "Fechas y versiones", "Date e versioni"]),
    ("other", ["Other", "Weiteres", "Autres", "Otros", "Altro"]),
    ("description", ["Description", "Beschreibung", "Description", "Descripción", "Descrizione"]),
    ("technical", ["Technical", "Technisches", "Technique", "Aspectos técnicos", "Aspetti tecnici"]),
    ("rights", ["Rights", "Rechte", "Droits", "Derechos", "Diritti"]),
    ("lifecycle", ["Lifecycle", "Lebenszyklus", "Cycle de vie", "Ciclo de vida", "Ciclo di vita"]),
    ("catalogue", ["Catalogue", "Katalog", "Catalogue", "Catálogo", "Catalogo"]),
]

EITHER_VCARD = (
    "sh:or ( [ sh:property [ sh:path vcard:hasURL ; sh:minCount 1 ] ]"
    " [ sh:property [ sh:path vcard:hasEmail ; sh:minCount 1 ] ] )"
)
EITHER_CV = (
    "sh:or ( [ sh:property [ sh:path cv:contactPage ; sh:minCount 1 ] ]"
    " [ sh:property [ sh:path cv:email ; sh:minCount 1 ] ] )"
)
ENGLISH = 'sh:qualifiedValueShape [ sh:languageIn ( "en" ) ] ; sh:qualifiedMinCount 1'
TAGGED = "sh:datatype rdf:langString"
PLACEHOLDER = (
    r"^\W*(place\s*-?holder|dummy|test|tbd|tbc|tba|to\s+be\s+(defined|determined|decided|confirmed|announced|named"
    r"|designated|completed)|not\s+(yet\s+)?(known|defined|available|applicable|designated|decided)|unknown|undefined"
    r"|n\W?a|none|null|nil|x+|todo|\?+|pending|example(\s+hdab)?|hdab|health data access body)?\W*$"
)
DPV = pattern(r"^https://w3id\.org/dpv#.+$")
DATASET_TYPE = f"sh:or ( {below('SPEC1000017')} [ {DPV} ] )"
DOI = pattern(r"^https?://(dx\.)?doi\.org/10\..+$")


def sex_present(organs, sex):
    """A cancer of the organs of one sex comes with that sex: the dataset is about another cancer, or has it."""
    other = (
        "[ sh:property [ sh:path rdf:type ; sh:hasValue dcat:Dataset ] ; sh:not [ sh:property [ sh:path"
        f" ( eucaim:hasCondition [ sh:zeroOrMorePath rdfs:subClassOf ] ) ; sh:hasValue eucaim:{organs} ] ] ]"
    )
    return f"sh:qualifiedValueShape [ sh:or ( [ sh:in ( eucaim:{sex} ) ] {other} ) ] ; sh:qualifiedMinCount 1"


DIGESTS = [("md5", 32), ("sha1", 40), ("sha224", 56), ("sha256", 64), ("sha384", 96), ("sha512", 128)]


class Edition(Profile):
    """A release of the profile: 2.0, or one that says some things otherwise, by the names of fields and rules."""

    def __init__(self, folder, without=(), levels=None, cards=None, kinds=None, texts=None, parties=None, more=None):
        super().__init__(folder)
        self.without = frozenset(without)
        self.levels, self.cards, self.kinds, self.texts = levels or {}, cards or {}, kinds or {}, texts or {}
        self.parties = parties or PARTIES
        # What 2.0 does not have: from a group of a class, such as Distribution-technical, to a function.
        self.more = more or {}

    def field(self, name, path, text, card, kind, group=None, level="O", *rest, **more):
        if name in self.without:
            return []
        text, card = self.texts.get(name, text), self.cards.get(name, card)
        kind, level = self.kinds.get(name, kind), self.levels.get(name, level)
        return super().field(name, path, text, card, kind, group, level, *rest, **more)

    def rule(self, name, *rest):
        return [] if name in self.without else super().rule(name, *rest)

    def extra(self, group):
        return self.more[group](self) if group in self.more else []


def agents(p):
    """Organisations and persons, and how they are reached."""
    hours = p.field("Hours-description", "dct:description", "hoursDescription", "1..n", "line")
    hours += p.field("Hours-frequency", "cv:frequency", "hoursFrequency", "0..n", "list:frequency")
    contact = p.field("Contact-page", "cv:contactPage", "agentContactPage", "0..n", "link", range="foaf:Document")
    contact += p.field("Contact-email", "cv:email", "agentEmail", "0..n", "email")
    contact += p.field("Contact-telephone", "cv:telephone", "agentTelephone", "0..n", "literal")
    contact += p.field("Contact-specialHours", "cv:specialOpeningHoursSpecification", "specialHours", "0..n", "node",
                       inside=names(hours), range="dct:PeriodOfTime")
    contact += p.field("Contact-openingHours", "cv:openingHours", "openingHours", "0..n", "node",
                       inside=names(hours), range="dct:PeriodOfTime")
    agent = p.field("Agent-name", "foaf:name", "agentName", "1..n", "line")
    agent += p.field("Agent-type", "dct:type", "agentType", "0..1", "publisher-type", level="R")
    agent += p.field("Agent-contact", "cv:contactPoint", "agentContact", "1..1", "node",
                     inside=names(contact), range="cv:ContactPoint")
    agent += p.rule("Agent-contact-either", "cv:contactPoint", EITHER_CV, "contact-either")
    agent += p.field("Agent-description", "dct:description", "agentDescription", "0..n", "area", level="R")
    agent += p.field("Agent-page", "foaf:homepage", "agentPage", "0..n", "link", range="foaf:Document")
    agent += p.field("Agent-mbox", "foaf:mbox", "agentMbox", "0..n", "mailto")
    agent += p.rule("Hdab-placeholder", "foaf:name",
                    f'sh:not [ {pattern(PLACEHOLDER)} ; sh:flags "i" ]', "hdab-placeholder")
    p.write("agent.ttl", "Publishers, custodians, health data access bodies, creators: shapes used inside other shapes.",
            bodies(hours + contact + agent))


REACHABLE = ["Agent-name", "Agent-type", "Agent-type-known", "Agent-contact", "Agent-contact-either"]
PUBLISHER = REACHABLE + ["Agent-type-recommended", "Agent-description", "Agent-description-recommended"]
HDAB = REACHABLE + ["Hdab-placeholder"]
CREATOR = ["Agent-name", "Agent-type", "Agent-type-known", "Agent-page", "Agent-mbox"]
ATTRIBUTED = CREATOR + ["Agent-description"]
PARTIES = {"publisher": PUBLISHER, "custodian": REACHABLE, "hdab": HDAB, "creator": CREATOR, "attributed": ATTRIBUTED}


def dataset(p):
    inner, d = [], []

    def field(name, *rest, **more):
        d.extend(p.field("Dataset-" + name, *rest, **more))

    def rule(name, *rest):
        d.extend(p.rule("Dataset-" + name, *rest))

    def nested(shapes):
        inner.extend(shapes)
        return names(shapes)

    g = "identification"
    field("identifier", "dct:identifier", "identifier", "1..1", "uri-text", g, "M")
    field("title", "dct:title", "title", "1..n", "line", g, "M")
    rule("title-english", "dct:title", ENGLISH, "title-english")
    field("alternative", "dct:alternative", "alternative", "0..n", "line", g)
    field("description", "dct:description", "description", "1..n", "area", g, "M")
    rule("description-english", "dct:description", ENGLISH, "description-english")
    field("version", "dcat:version", "version", "1..1", "version", g, "M")
    d.extend(p.extra("Dataset-identification"))
    field("tier", "eucaim:interoperabilityLevel", "tier", "1..1", "term:SPEC1000008", g, "M")
    field("distribution", "dcat:distribution", "distribution", "1..n", "node", g, "M", range="dcat:Distribution")
    field("inSeries", "dcat:inSeries", "inSeries", "0..n", "link", g, range="dcat:DatasetSeries")
    contact = nested(
        p.field("Kind-url", "vcard:hasURL", "contactPage", "0..1", "iri")
        + p.field("Kind-email", "vcard:hasEmail", "contactEmail", "0..1", "mailto")
    )
    field("contactPoint", "dcat:contactPoint", "contactPoint", "1..n", "node", g, "M", contact, "vcard:Kind")
    rule("contactPoint-either", "dcat:contactPoint", EITHER_VCARD, "contact-either")
    field("page", "foaf:page", "page", "0..n", "link", g, "R", range="foaf:Document")

    g = "classification"
    field("theme", "dcat:theme", "theme", "1..1", "list:data-theme", g, "M",
          extra=f"sh:defaultValue <{EU}data-theme/HEAL>")
    field("healthCategory", "healthdcatap:healthCategory", "healthCategory", "1..n", "list:healthcategories", g, "M")
    field("healthTheme", "healthdcatap:healthTheme", "healthTheme", "0..n", "list:health-theme", g)
    rule("healthTheme-cancer", "healthdcatap:healthTheme",
         f"sh:hasValue {[m for m in members('health-theme').split() if 'CANCER' in m][0]}", "cancer-theme", "Warning")
    field("type", "dct:type", "datasetType", "1..n", "iri", g, "M", extra="dash:rootClass eucaim:SPEC1000017")
    rule("type-needed", "dct:type", f"sh:qualifiedValueShape [ {DATASET_TYPE} ] ; sh:qualifiedMinCount 1", "type-needed")
    rule("type-unknown", "dct:type", DATASET_TYPE, "type-unknown", "Warning")

    g = "access"
    field("accessRights", "dct:accessRights", "accessRights", "1..1", "list:access-right", g, "M")
    field("legislation", "dcatap:applicableLegislation", "legislation", "1..n", "iri", g, "M")
    field("legalBasis", "dpv:hasLegalBasis", "legalBasis", "0..n", "link", g, "R", range="dpv:LegalBasis")
    field("purpose", "dpv:hasPurpose", "purpose", "0..n", "link", g, "R", range="dpv:Purpose")
    field("personalData", "dpv:hasPersonalData", "personalData", "0..n", "personal-data", g, "R")
    retention = nested(period(p, "Period"))
    field("retentionPeriod", "healthdcatap:retentionPeriod", "retentionPeriod", "0..1", "node", g, "R",
          retention, "dct:PeriodOfTime")

    field("publisher", "dct:publisher", "publisher", "1..1", "node", "publisher", "M", p.parties["publisher"], "foaf:Agent")

    g = "population"
    field("structured", "healthdcatap:hasStructuredData", "structured", "1..1", "boolean", g, "M")
    field("variables", "healthdcatap:hasVariables", "variables", "0..n", "node", g, range="csvw:TableGroup")
    # The path of zero or one step lets the rule see the dataset itself beside its variables, and so be
    # conditional without SPARQL: either the dataset is not structured, or there is a variable.
    rule("variables-needed", "[ sh:zeroOrOnePath healthdcatap:hasVariables ]",
         "sh:qualifiedValueShape [ sh:not [ sh:property [ sh:path healthdcatap:hasStructuredData ;"
         " sh:hasValue true ] ] ] ; sh:qualifiedMinCount 1", "variables-needed")
    field("individuals", "healthdcatap:numberOfUniqueIndividuals", "individuals", "1..1", "count", g, "M")
    field("studies", "healthdcatap:numberOfRecords", "studies", "1..1", "count", g, "M")
    field("birthSex", "eucaim:hasBirthSex", "birthSex", "1..n", "term:COM1001396", g, "M")
    # As for the variables, zero steps let the rule see the dataset itself.
    some_sex = "[ sh:zeroOrOnePath eucaim:hasBirthSex ]"
    rule("sex-fits-male-cancer", some_sex, sex_present("CLIN1000092", "COM1001366"), "male-cancer", "Warning")
    rule("sex-fits-female-cancer", some_sex, sex_present("CLIN1003312", "COM1001370"), "female-cancer", "Warning")
    field("minAge", "healthdcatap:minTypicalAge", "minAge", "0..1", "count", g, "R")
    rule("ages-in-order", "healthdcatap:minTypicalAge", "sh:lessThanOrEquals healthdcatap:maxTypicalAge",
         "ages-in-order", "Warning")
    field("maxAge", "healthdcatap:maxTypicalAge", "maxAge", "0..1", "count", g, "R")
    field("condition", "eucaim:hasCondition", "condition", "1..1", "term:CLIN1007977", g, "M")
    field("populationCoverage", "healthdcatap:populationCoverage", "populationCoverage", "0..n", "area", g, "R")
    field("collectionMethod", "eucaim:collectionMethod", "collectionMethod", "1..n", "term:SPEC1000002", g, "M")
    field("spatial", "dct:spatial", "spatial", "0..n", "place", g, range="dct:Location")

    g = "imaging"
    field("modality", "eucaim:hasImageModality", "modality", "1..n", "term:IMG1000009", g, "M")
    field("manufacturer", "eucaim:hasEquipmentManufacturer", "manufacturer", "1..n", "term:IMG1000010", g, "M")
    field("bodyPart", "eucaim:hasImageBodyPart", "bodyPart", "1..n", "term:BP1000024", g, "M")
    field("temporal", "dct:temporal", "temporal", "0..n", "node", g, "R", retention, "dct:PeriodOfTime")

    g = "annotations"
    field("segLabel", "eucaim:hasAnnotationLabel", "segLabel", "0..n", "term:BP1000024", g)
    field("segMethod", "eucaim:hasAlgorithmType", "segMethod", "0..n", "term:COM1001204", g)
    field("segCount", "eucaim:nbrOfSegmentations", "segCount", "0..1", "count", g)
    rule("segmentations-within-studies", "eucaim:nbrOfSegmentations", "sh:lessThanOrEquals healthdcatap:numberOfRecords",
         "segmentations-within-studies", "Warning")

    g = "standards"
    field("keyword", "dcat:keyword", "keyword", "1..n", "line", g, "M")
    rule("keyword-language", "dcat:keyword", TAGGED, "keyword-language", "Warning")
    field("provenance", "dct:provenance", "provenance", "1..n", "node", g, "M", range="dct:ProvenanceStatement")
    field("codingSystem", "healthdcatap:hasCodingSystem", "codingSystem", "0..n", "list:coding-system", g, "R")
    field("codeValues", "healthdcatap:hasCodeValues", "codeValues", "0..n", "code-values", g, "R")
    activity = nested(p.field("Activity-type", "dct:type", "activityType", "1..1", "health-activity"))
    field("generatedBy", "prov:wasGeneratedBy", "generatedBy", "0..n", "node", g, "O", activity, "prov:Activity")
    field("conformsTo", "dct:conformsTo", "conformsTo", "0..n", "link", g, range="dct:Standard")

    field("custodian", "geodcatap:custodian", "custodian", "0..1", "node", "custodian", "R", p.parties["custodian"], "foaf:Agent")
    field("hdab", "healthdcatap:hdab", "hdab", "0..1", "node", "hdab", "O", p.parties["hdab"], "foaf:Agent")
    rule("hdab-missing", "healthdcatap:hdab", "sh:minCount 1", "hdab-missing", "Warning")
    field("creator", "dct:creator", "creator", "0..n", "node", "creator", "O", p.parties["creator"], "foaf:Agent")

    g = "dates"
    field("issued", "dct:issued", "issued", "0..1", "date", g)
    field("hasVersion", "dcat:hasVersion", "hasVersion", "0..n", "link", g, range="dcat:Dataset")
    field("modified", "dct:modified", "modified", "0..1", "date", g)
    field("versionNotes", "adms:versionNotes", "versionNotes", "0..n", "area", g)
    field("otherIdentifier", "adms:identifier", "otherIdentifier", "0..n", "link", g, range="adms:Identifier")

    g = "other"
    field("language", "dct:language", "language", "0..n", "language", g, "R")
    field("frequency", "dct:accrualPeriodicity", "frequency", "0..1", "list:frequency", g, "R")
    field("landingPage", "dcat:landingPage", "landingPage", "0..n", "link", g, "R", range="foaf:Document")
    field("source", "dct:source", "source", "0..n", "link", g, range="dcat:Dataset")
    field("isReferencedBy", "dct:isReferencedBy", "isReferencedBy", "0..n", "link", g)
    rule("isReferencedBy-doi", "dct:isReferencedBy", f"sh:or ( [ sh:nodeKind sh:BlankNode ] [ {DOI} ] )", "doi", "Warning")
    field("sample", "adms:sample", "sample", "0..n", "link", g, "R", range="dcat:Distribution")
    field("analytics", "healthdcatap:analytics", "analytics", "0..n", "link", g, "R", range="dcat:Distribution")
    field("spatialResolution", "dcat:spatialResolutionInMeters", "spatialResolution", "0..1", "decimal", g)
    field("temporalResolution", "dcat:temporalResolution", "temporalResolution", "0..1", "duration", g)
    field("relation", "dct:relation", "relation", "0..n", "link", g)
    quality = nested(p.field("Quality-dimension", "dqv:inDimension", "qualityDimension", "0..n", "link"))
    field("qualityAnnotation", "dqv:hasQualityAnnotation", "qualityAnnotation", "0..n", "node", g, "R",
          quality, "dqv:QualityCertificate")
    attribution = nested(
        p.field("Attribution-agent", "prov:agent", "attributionAgent", "1..1", "node", inside=p.parties["attributed"],
                range="foaf:Agent")
        + p.field("Attribution-role", "dcat:hadRole", "role", "1..n", "link", range="dcat:Role")
    )
    field("attribution", "prov:qualifiedAttribution", "qualifiedAttribution", "0..n", "node", g, "O",
          attribution, "prov:Attribution")
    relation = nested(
        p.field("Relationship-target", "dct:relation", "relationTarget", "1..n", "link")
        + p.field("Relationship-role", "dcat:hadRole", "role", "1..n", "link", range="dcat:Role")
    )
    field("qualifiedRelation", "dcat:qualifiedRelation", "qualifiedRelation", "0..n", "node", g, "O",
          relation, "dcat:Relationship")

    labels = ["Dataset", "Datensatz", "Jeu de données", "Conjunto de datos", "Dataset"]
    p.write("dataset.ttl", "The dataset. Needs rdfs:subClassOf of the hyperontology in the graph for its value sets.",
            [p.node("DatasetShape", "dcat:Dataset", labels, d)] + bodies(d + inner) + [finding_site()])


def finding_site():
    """Checked beside the shapes: SHACL cannot ask whether one of two values lies below the other."""
    return (
        ":Dataset-body-part-fits-cancer\n    a vs:FindingSiteRule ;\n    vs:bodyPart eucaim:hasImageBodyPart ;\n"
        f"    vs:condition eucaim:hasCondition ;\n    sh:message {tagged(RULE['finding-site'])} ."
    )


def checksum_lengths():
    """The checksum fits its algorithm, or the algorithm is none that we know."""
    known = " ".join(f"spdx:checksumAlgorithm_{name}" for name, _ in DIGESTS)
    fits = "\n        ".join(
        f"[ sh:property [ sh:path spdx:algorithm ; sh:hasValue spdx:checksumAlgorithm_{name} ] ,"
        f' [ sh:path spdx:checksumValue ; sh:pattern "^[0-9A-Fa-f]{{{digits}}}$" ] ]'
        for name, digits in DIGESTS
    )
    other = f"[ sh:property [ sh:path spdx:algorithm ; sh:not [ sh:in ( {known} ) ] ] ]"
    return f"sh:or (\n        {fits}\n        {other}\n    )"


def distribution(p):
    inner, d = [], []

    def field(name, *rest, **more):
        d.extend(p.field("Distribution-" + name, *rest, **more))

    def nested(shapes):
        inner.extend(shapes)
        return names(shapes)

    g = "description"
    field("title", "dct:title", "title", "0..n", "line", g)
    d.extend(p.rule("Distribution-title-language", "dct:title", TAGGED, "title-language", "Warning"))
    field("description", "dct:description", "description", "0..n", "area", g, "R")
    field("page", "foaf:page", "page", "0..n", "link", g, range="foaf:Document")

    g = "access"
    field("accessURL", "dcat:accessURL", "accessURL", "1..n", "iri", g, "M")
    field("accessService", "dcat:accessService", "accessService", "0..n", "link", g, range="dcat:DataService")
    field("downloadURL", "dcat:downloadURL", "downloadURL", "0..n", "iri", g)
    field("availability", "dcatap:availability", "availability", "0..1", "list:planned-availability", g, "R")

    g = "technical"
    field("format", "dct:format", "format", "0..1", "file-type", g, "R")
    field("mediaType", "dcat:mediaType", "mediaType", "0..1", "media-type", g)
    field("compressFormat", "dcat:compressFormat", "compressFormat", "0..1", "media-type", g)
    field("packageFormat", "dcat:packageFormat", "packageFormat", "0..1", "media-type", g)
    field("byteSize", "dcat:byteSize", "byteSize", "0..1", "count", g)
    checksum = nested(
        p.field("Checksum-value", "spdx:checksumValue", "checksumValue", "1..1", "hex")
        + p.field("Checksum-algorithm", "spdx:algorithm", "checksumAlgorithm", "1..1", "iri")
    )
    field("checksum", "spdx:checksum", "checksum", "0..1", "node", g, "O", checksum, "spdx:Checksum")
    d.extend(p.rule("Distribution-checksum-length", "spdx:checksum", checksum_lengths(), "checksum-length"))
    d.extend(p.extra("Distribution-technical"))
    field("spatialResolution", "dcat:spatialResolutionInMeters", "spatialResolution", "0..1", "decimal", g)
    field("temporalResolution", "dcat:temporalResolution", "temporalResolution", "0..1", "duration", g)

    g = "standards"
    field("conformsTo", "dct:conformsTo", "conformsTo", "0..n", "link", g, range="dct:Standard")
    field("language", "dct:language", "language", "0..n", "language", g)

    g = "rights"
    field("legislation", "dcatap:applicableLegislation", "legislation", "1..n", "iri", g, "M")
    field("licence", "dct:license", "licence", "0..1", "link", g, "R", range="dct:LicenseDocument")
    field("rights", "dct:rights", "rights", "1..n", "link", g, "M", range="dct:RightsStatement")
    d.extend(p.rule("Distribution-access-condition", "dct:rights",
                    f"sh:qualifiedValueShape [ sh:in ( {members('access-condition')} ) ] ; sh:qualifiedMinCount 1",
                    "access-condition"))
    action = nested(p.field("Rule-action", "odrl:action", "action", "1..n", "link"))
    rules = nested(
        p.field("Policy-permission", "odrl:permission", "permission", "0..n", "node", inside=action, range="odrl:Permission")
        + p.field("Policy-prohibition", "odrl:prohibition", "prohibition", "0..n", "node", inside=action,
                  range="odrl:Prohibition")
        + p.field("Policy-obligation", "odrl:obligation", "obligation", "0..n", "node", inside=action, range="odrl:Duty")
    )
    field("policy", "odrl:hasPolicy", "policy", "0..1", "node", g, "O", rules, "odrl:Policy")
    some = " ".join(f"[ sh:property [ sh:path odrl:{r} ; sh:minCount 1 ] ]" for r in ["permission", "prohibition", "obligation"])
    d.extend(p.rule("Distribution-policy-rule", "odrl:hasPolicy", f"sh:or ( {some} )", "policy-rule"))

    g = "lifecycle"
    field("status", "adms:status", "status", "0..1", "list:distribution-status", g)
    d.extend(p.extra("Distribution-lifecycle"))
    field("issued", "dct:issued", "issued", "0..1", "date", g)
    field("modified", "dct:modified", "modified", "0..1", "date", g)

    labels = ["Distribution", "Distribution", "Distribution", "Distribución", "Distribuzione"]
    p.write("distribution.ttl", "The distribution: how the data are reached, and on what conditions.",
            [p.node("DistributionShape", "dcat:Distribution", labels, d)] + bodies(d + inner))


def catalogue(p):
    c, g = [], "catalogue"

    def field(name, *rest, **more):
        c.extend(p.field("Catalogue-" + name, *rest, **more))

    field("title", "dct:title", "title", "1..n", "line", g, "M")
    field("description", "dct:description", "description", "1..n", "area", g, "M")
    field("legislation", "dcatap:applicableLegislation", "legislation", "1..n", "iri", g, "M")
    field("homepage", "foaf:homepage", "homepage", "0..1", "link", g, "R", range="foaf:Document")
    field("language", "dct:language", "language", "0..n", "language", g, "R")
    field("modified", "dct:modified", "modified", "0..1", "date", g, "R")
    field("issued", "dct:issued", "issued", "0..1", "date", g, "R")
    field("themeTaxonomy", "dcat:themeTaxonomy", "themeTaxonomy", "0..n", "link", g, "R", range="skos:ConceptScheme")
    field("spatial", "dct:spatial", "spatial", "0..n", "place", g, "R", range="dct:Location")
    field("licence", "dct:license", "licence", "0..1", "link", g, "R", range="dct:LicenseDocument")
    field("service", "dcat:service", "service", "0..n", "link", g, "R", range="dcat:DataService")
    field("dataset", "dcat:dataset", "dataset", "0..n", "link", g, "R", range="dcat:Dataset")
    field("catalog", "dcat:catalog", "catalog", "0..n", "link", g, range="dcat:Catalog")
    field("hasPart", "dct:hasPart", "hasPart", "0..n", "link", g, range="dcat:Catalog")
    field("record", "dcat:record", "record", "0..n", "link", g, range="dcat:CatalogRecord")
    field("rights", "dct:rights", "rightsStatement", "0..n", "link", g, range="dct:RightsStatement")
    inside = ["Period-start", "Period-end", "Period-in-order"]
    field("temporal", "dct:temporal", "temporal", "0..n", "node", g, "O", inside, "dct:PeriodOfTime")
    field("publisher", "dct:publisher", "publisher", "1..1", "node", "publisher", "M", p.parties["publisher"], "foaf:Agent")
    field("creator", "dct:creator", "creator", "0..1", "node", "creator", "O", p.parties["creator"], "foaf:Agent")
    labels = ["Catalogue", "Katalog", "Catalogue", "Catálogo", "Catalogo"]
    p.write("catalogue.ttl", "The catalogue.", [p.node("CatalogueShape", "dcat:Catalog", labels, c)] + bodies(c))


def build():
    p = Edition("eucaim-dcat-ap-2.0")
    agents(p)
    catalogue(p)
    dataset(p)
    distribution(p)
    describe(
        p,
        iri="https://eucaim.github.io/eucaim_dcat_ap/releases/v2.0/",
        token="eucaim-dcat-ap-2.0",
        version="2.0",
        titles=[
            "EUCAIM DCAT-AP 2.0: collections of cancer images",
            "EUCAIM DCAT-AP 2.0: Sammlungen von Krebsbildern",
            "EUCAIM DCAT-AP 2.0 : collections d’images du cancer",
            "EUCAIM DCAT-AP 2.0: colecciones de imágenes de cáncer",
            "EUCAIM DCAT-AP 2.0: raccolte di immagini oncologiche",
        ],
        about=[
            "The profile of Cancer Image Europe for catalogues, datasets and distributions. It builds on HealthDCAT-AP release 7 and DCAT-AP 3 and takes its value sets from the hyperontology.",
            "Das Profil von Cancer Image Europe für Kataloge, Datensätze und Distributionen. Es baut auf HealthDCAT-AP Release 7 und DCAT-AP 3 auf und nimmt seine Wertemengen aus der Hyperontologie.",
            "Le profil de Cancer Image Europe pour catalogues, jeux de données et distributions. Il s’appuie sur HealthDCAT-AP version 7 et DCAT-AP 3 et tire ses valeurs de l’hyperontologie.",
            "El perfil de Cancer Image Europe para catálogos, conjuntos de datos y distribuciones. Se basa en HealthDCAT-AP versión 7 y DCAT-AP 3 y toma sus valores de la hiperontología.",
            "Il profilo di Cancer Image Europe per cataloghi, dataset e distribuzioni. Si basa su HealthDCAT-AP versione 7 e DCAT-AP 3 e prende i suoi valori dall’iperontologia.",
        ],
        based_on=[
            "https://healthdataeu.pages.code.europa.eu/healthdcat-ap/releases/release-7/",
            "https://semiceu.github.io/DCAT-AP/releases/3.0.1/",
        ],
        source=["https://github.com/EUCAIM/eucaim_dcat_ap"],
        licence="https://www.apache.org/licenses/LICENSE-2.0",
        kinds=[
            ("catalog", "dcat:Catalog", "CatalogueShape"),
            ("dataset", "dcat:Dataset", "DatasetShape"),
            ("distribution", "dcat:Distribution", "DistributionShape"),
        ],
        groups=GROUPS,
        files=["agent.ttl", "catalogue.ttl", "dataset.ttl", "distribution.ttl"],
    )
