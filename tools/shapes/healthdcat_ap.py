"""HealthDCAT-AP release 8: what a dataset must say depends on its access rights (PUBLIC, RESTRICTED, NON_PUBLIC)."""

import dcat_ap
import eucaim
from description import describe
from phrases import LEVELS, MANDATORY_FOR, MANDATORY_SOON, RECOMMENDED, RECOMMENDED_FOR
from vocabulary import EU
from writer import Profile, bodies, kind_of_value, labels, names, pattern, period

ACCESS = ["PUBLIC", "RESTRICTED", "NON_PUBLIC"]
LABELS = dict(eucaim.GROUPS + dcat_ap.GROUPS)
GROUPS = [(name, LABELS[name]) for name in [
    "identification", "classification", "access", "publisher", "population", "coverage", "standards", "custodian",
    "hdab", "creator", "dates", "other", "description", "technical",
]]
DATASET_TYPE = pattern("^" + EU.replace(".", r"\.") + "dataset-type/[A-Z0-9_]+$")
IANA = pattern(r"^https?://www\.iana\.org/assignments/media-types/")


def has(path):
    return f"[ sh:property [ sh:path {path} ; sh:minCount 1 ] ]"


def is_at(level):
    return f"[ sh:property [ sh:path dct:accessRights ; sh:hasValue <{EU}access-right/{level}> ] ]"


def seen_from_itself(path, condition):
    """Path and constraint of a rule on the record itself whose results name `path`: zero steps lead to the record."""
    return f"[ sh:zeroOrOnePath {path} ]", f"sh:qualifiedValueShape {condition} ; sh:qualifiedMinCount 1"


def asked_for(path, levels):
    """Path and constraint: the record has the property, or its access rights are none of these."""
    if levels == ACCESS:
        return path, "sh:minCount 1"
    there = [is_at(level) for level in levels]
    other = f"[ sh:not {there[0] if len(there) == 1 else '[ sh:or ( ' + ' '.join(there) + ' ) ]'} ]"
    return seen_from_itself(path, f"[ sh:or ( {has(path)} {other} ) ]")


def by_access(p, name, path, text, kind, wanted):
    """The rules of a field that some access levels ask for.

    `wanted` has a letter for each level: M mandatory, R recommended, E mandatory once the EHDS applies, O optional."""
    shapes = []
    for letter, suffix, severity, told, told_for in [
        ("M", "needed", "Violation", None, MANDATORY_FOR),
        ("R", "recommended", "Warning", RECOMMENDED, RECOMMENDED_FOR),
        ("E", "ehds", "Warning", MANDATORY_SOON, MANDATORY_SOON),
    ]:
        levels = [level for level, wish in zip(ACCESS, wanted) if wish == letter]
        if not levels or (letter == "M" and levels == ACCESS):
            continue
        words, (_, phrases, _) = told if levels == ACCESS else told_for, kind_of_value(kind)
        groups = LEVELS.get(" ".join(levels), phrases)
        messages = [w.format(n=n, v=v, level=level) for w, n, v, level in zip(words, labels(text), phrases, groups)]
        shapes += p.rule(f"{name}-{suffix}", *asked_for(path, levels), messages, severity)
    return shapes


def agents(p):
    """Organisations and persons, and how they are reached."""
    hours = p.field("Hours-description", "dct:description", "hoursDescription", "1..n", "line")
    hours += p.field("Hours-frequency", "cv:frequency", "hoursFrequency", "0..n", "list:frequency")
    contact = p.field("Contact-page", "cv:contactPage", "agentContactPage", "0..n", "iri")
    contact += p.field("Contact-email", "cv:email", "agentEmail", "0..n", "email-text")
    contact += p.field("Contact-telephone", "cv:telephone", "agentTelephone", "0..n", "literal")
    contact += p.field("Contact-specialHours", "cv:specialOpeningHoursSpecification", "specialHours", "0..n", "node",
                       inside=names(hours), range="dct:PeriodOfTime")
    contact += p.field("Contact-openingHours", "cv:openingHours", "openingHours", "0..n", "node",
                       inside=names(hours), range="dct:PeriodOfTime")
    agent = p.field("Agent-name", "foaf:name", "agentName", "1..n", "line")
    agent += p.field("Agent-type", "dct:type", "agentType", "0..1", "link", level="R")
    agent += p.field("Agent-contact", "cv:contactPoint", "agentContact", "1..1", "node",
                     inside=names(contact), range="cv:ContactPoint")
    agent += p.rule("Agent-contact-either", "cv:contactPoint", eucaim.EITHER_CV, "contact-either")
    agent += p.field("Publisher-type", "dct:type", "agentType", "0..1", "publisher-type", level="R")
    agent += p.field("Publisher-description", "dct:description", "agentDescription", "0..1", "area")
    agent += p.rule("Hdab-placeholder", "foaf:name",
                    f'sh:not [ {pattern(eucaim.PLACEHOLDER)} ; sh:flags "i" ]', "hdab-placeholder")
    agent += period(p, "Period")
    p.write("agent.ttl", "Publishers, custodians, health data access bodies, creators, periods: shapes used inside other shapes.",
            bodies(hours + contact + agent))


HEALTH_AGENT = ["Agent-name", "Agent-type", "Agent-contact", "Agent-contact-either"]
PUBLISHER = ["Agent-name", "Publisher-type", "Publisher-type-recommended", "Publisher-type-known", "Agent-contact",
             "Agent-contact-either", "Publisher-description"]
HDAB = HEALTH_AGENT + ["Hdab-placeholder"]
CREATOR = ["Agent-name", "Agent-type"]
PERIOD = dcat_ap.PERIOD


def variables(p):
    """Tables, their columns, and what the columns mean."""
    column = p.field("Column-name", "csvw:name", "columnName", "1..1", "literal")
    column += p.field("Column-title", "csvw:title", "columnTitle", "1..n", "literal")
    column += p.field("Column-description", "dct:description", "columnDescription", "1..n", "literal")
    column += p.field("Column-datatype", "csvw:datatype", "columnDatatype", "1..1", "literal")
    column += p.field("Column-property", "csvw:propertyUrl", "columnProperty", "0..1", "iri")
    table = p.field("Table-title", "dct:title", "tableTitle", "1..n", "line")
    table += p.field("Table-address", "csvw:url", "tableAddress", "0..1", "iri")
    table += p.field("Table-keyword", "dcat:keyword", "keyword", "0..n", "line")
    table += p.field("Table-column", "csvw:column", "column", "1..n", "node", inside=names(column), range="csvw:Column")
    tables = p.field("Tables-title", "dct:title", "tablesTitle", "1..n", "line")
    tables += p.field("Tables-table", "csvw:table", "tableGroup", "1..n", "node", inside=names(table), range="csvw:Table")
    p.write("variables.ttl", "The variables of structured data: shapes used inside the dataset.", bodies(column + table + tables))
    return names(tables)


# Rows are (name, path, text, cardinality, kind of value, group, wish of each access level, nested shapes, class of a new node).
DATASET = [
    ("identifier", "dct:identifier", "identifier", "1..n", "literal", "identification", "MMM"),
    ("title", "dct:title", "title", "1..n", "line", "identification", "MMM"),
    ("alternative", "dct:alternative", "alternative", "0..n", "line", "identification", "OOO"),
    ("description", "dct:description", "description", "1..n", "area", "identification", "MMM"),
    ("version", "dcat:version", "version", "0..1", "literal", "identification", "OOO"),
    ("distribution", "dcat:distribution", "distribution", "1..n", "node", "identification", "MMM", (), "dcat:Distribution"),
    ("inSeries", "dcat:inSeries", "inSeries", "0..n", "link", "identification", "OOO", (), "dcat:DatasetSeries"),
    ("contactPoint", "dcat:contactPoint", "contactPoint", "0..n", "node", "identification", "RRM", ["Kind-url", "Kind-email"], "vcard:Kind"),
    ("page", "foaf:page", "page", "0..n", "link", "identification", "OOR", (), "foaf:Document"),
    ("theme", "dcat:theme", "theme", "1..n", "data-theme", "classification", "MMM"),
    ("healthCategory", "healthdcatap:healthCategory", "healthCategory", "1..n", "list:healthcategories", "classification", "MMM"),
    ("healthTheme", "healthdcatap:healthTheme", "healthTheme", "0..n", "list:health-theme", "classification", "RRR"),
    ("type", "dct:type", "typeEu", "0..n", "link", "classification", "OOM"),
    ("keyword", "dcat:keyword", "keyword", "0..n", "line", "classification", "RRM"),
    ("accessRights", "dct:accessRights", "accessRights", "1..1", "list:access-right", "access", "MMM"),
    ("legislation", "dcatap:applicableLegislation", "legislation", "1..n", "iri", "access", "MMM"),
    ("legalBasis", "dpv:hasLegalBasis", "legalBasis", "0..n", "link", "access", "RRR", (), "dpv:LegalBasis"),
    ("purpose", "dpv:hasPurpose", "purpose", "0..n", "link", "access", "RRR", (), "dpv:Purpose"),
    ("personalData", "dpv:hasPersonalData", "personalData", "0..n", "personal-data", "access", "RRR"),
    ("retentionPeriod", "healthdcatap:retentionPeriod", "retentionPeriod", "0..1", "node", "access", "RRR", PERIOD, "dct:PeriodOfTime"),
    ("publisher", "dct:publisher", "publisher", "0..1", "node", "publisher", "RRR", PUBLISHER, "foaf:Agent"),
    ("structured", "healthdcatap:hasStructuredData", "structuredHealth", "1..1", "boolean", "population", "MMM"),
    ("variables", "healthdcatap:hasVariables", "variables", "0..n", "node", "population", "OOO", ["Tables-title", "Tables-table"], "csvw:TableGroup"),
    ("individuals", "healthdcatap:numberOfUniqueIndividuals", "individuals", "0..1", "count", "population", "RRR"),
    ("records", "healthdcatap:numberOfRecords", "records", "0..1", "count", "population", "RRR"),
    ("minAge", "healthdcatap:minTypicalAge", "minAge", "0..1", "count", "population", "RRR"),
    ("maxAge", "healthdcatap:maxTypicalAge", "maxAge", "0..1", "count", "population", "RRR"),
    ("populationCoverage", "healthdcatap:populationCoverage", "populationCoverage", "0..n", "area", "population", "RRR"),
    ("spatial", "dct:spatial", "spatial", "0..n", "node", "coverage", "EEE", (), "dct:Location"),
    ("temporal", "dct:temporal", "temporal", "0..n", "node", "coverage", "EEE", PERIOD, "dct:PeriodOfTime"),
    ("spatialResolution", "dcat:spatialResolutionInMeters", "spatialResolution", "0..1", "decimal", "coverage", "OOO"),
    ("temporalResolution", "dcat:temporalResolution", "temporalResolution", "0..1", "duration", "coverage", "OOR"),
    ("provenance", "dct:provenance", "provenance", "0..n", "node", "standards", "EEM", (), "dct:ProvenanceStatement"),
    ("generatedBy", "prov:wasGeneratedBy", "generatedBy", "0..n", "node", "standards", "OOO", ["Activity-type", "Activity-type-known"], "prov:Activity"),
    ("codingSystem", "healthdcatap:hasCodingSystem", "codingSystem", "0..n", "list:coding-system", "standards", "EEE"),
    ("codeValues", "healthdcatap:hasCodeValues", "codeValues", "0..n", "literal", "standards", "RRR"),
    ("conformsTo", "dct:conformsTo", "standard", "0..n", "standard", "standards", "ORR"),
    ("custodian", "geodcatap:custodian", "custodian", "0..1", "node", "custodian", "EEE", HEALTH_AGENT, "foaf:Agent"),
    ("hdab", "healthdcatap:hdab", "hdab", "1..1", "node", "hdab", "MMM", HDAB, "foaf:Agent"),
    ("hdabCoordinator", "healthdcatap:hdabCoordinator", "hdabCoordinator", "0..1", "node", "hdab", "OOO", HDAB, "foaf:Agent"),
    ("creator", "dct:creator", "creator", "0..n", "node", "creator", "OOO", CREATOR, "foaf:Agent"),
    ("issued", "dct:issued", "issued", "0..1", "date", "dates", "OOO"),
    ("modified", "dct:modified", "modified", "0..1", "date", "dates", "OOO"),
    ("frequency", "dct:accrualPeriodicity", "frequency", "0..1", "list:frequency", "dates", "OOR"),
    ("hasVersion", "dcat:hasVersion", "hasVersion", "0..n", "link", "dates", "OOO", (), "dcat:Dataset"),
    ("versionNotes", "adms:versionNotes", "versionNotes", "0..n", "area", "dates", "OOO"),
    ("otherIdentifier", "adms:identifier", "otherIdentifier", "0..n", "node", "other", "OOO", ["Identifier-notation"], "adms:Identifier"),
    ("language", "dct:language", "language", "0..n", "language", "other", "OOR"),
    ("landingPage", "dcat:landingPage", "landingPage", "0..n", "link", "other", "OOR", (), "foaf:Document"),
    ("source", "dct:source", "source", "0..n", "link", "other", "OOR", (), "dcat:Dataset"),
    ("isReferencedBy", "dct:isReferencedBy", "isReferencedBy", "0..n", "link", "other", "OOR"),
    ("relation", "dct:relation", "relation", "0..n", "link", "other", "OOR"),
    ("sample", "adms:sample", "sample", "0..n", "link", "other", "RRR", (), "dcat:Distribution"),
    ("analytics", "healthdcatap:analytics", "analytics", "0..n", "link", "other", "RRR", (), "dcat:Distribution"),
    ("qualityAnnotation", "dqv:hasQualityAnnotation", "qualityAnnotation", "0..n", "node", "other", "RRR", (), "dqv:QualityCertificate"),
    ("attribution", "prov:qualifiedAttribution", "qualifiedAttribution", "0..n", "node", "other", "OOO", (), "prov:Attribution"),
    ("qualifiedRelation", "dcat:qualifiedRelation", "qualifiedRelation", "0..n", "node", "other", "OOO",
     ["Relationship-target", "Relationship-role"], "dcat:Relationship"),
]


def dataset(p):
    variables(p)
    kind = p.field("Kind-url", "vcard:hasURL", "contactPage", "0..1", "iri")
    kind += p.field("Kind-email", "vcard:hasEmail", "contactEmail", "0..1", "email-link")
    inner = kind + p.field("Activity-type", "dct:type", "activityType", "0..n", "health-activity")
    inner += p.field("Identifier-notation", "skos:notation", "notation", "0..1", "literal")
    inner += dcat_ap.inside(p, "dataset", "3.0.1")
    d = []
    for name, path, text, card, kind, group, wanted, *more in DATASET:
        nested, range = more or ((), None)
        name = "Dataset-" + name
        d += p.field(name, path, text, card, kind, group, "O", nested, range)
        d += by_access(p, name, path, text, kind, wanted)
    d += p.rule("Dataset-contactPoint-either", "dcat:contactPoint", eucaim.EITHER_VCARD, "contact-either")
    d += p.rule("Dataset-theme-health", "dcat:theme", f"sh:hasValue <{EU}data-theme/HEAL>", "health-theme")
    d += p.rule("Dataset-variables-needed", *seen_from_itself(
        "healthdcatap:hasVariables",
        f"[ sh:or ( {has('healthdcatap:hasVariables')}"
        " [ sh:not [ sh:property [ sh:path healthdcatap:hasStructuredData ; sh:hasValue true ] ] ] ) ]",
    ), "variables-needed")
    d += p.rule("Dataset-ages-in-order", "healthdcatap:minTypicalAge", "sh:lessThanOrEquals healthdcatap:maxTypicalAge",
                "ages-in-order", "Warning")
    some_type = f"[ sh:property [ sh:path dct:type ; sh:qualifiedValueShape [ {DATASET_TYPE} ] ; sh:qualifiedMinCount 1 ] ]"
    d += p.rule("Dataset-type-eu", *seen_from_itself(
        "dct:type", f"[ sh:property [ sh:path rdf:type ; sh:hasValue dcat:Dataset ] ; sh:or ( {some_type} [ sh:not {has('dct:type')} ] ) ]",
    ), "eu-type", "Warning")
    target = ["Dataset", "Datensatz", "Jeu de données", "Conjunto de datos", "Dataset"]
    p.write("dataset.ttl", "The dataset. What an access level asks for is a rule of its own: …-needed, …-recommended, …-ehds.",
            [p.node("DatasetShape", "dcat:Dataset", target, d)] + bodies(d + inner))


LEGISLATION = ("legislation", dcat_ap.LEGISLATION[:3] + ("1..n", "iri", "access", "M"))
MEDIA_TYPES = ["mediaType", "compressFormat", "packageFormat"]
OTHERS = {
    "catalog": dcat_ap.changed("catalog", instead=[LEGISLATION]),
    "distribution": dcat_ap.changed("distribution", instead=[
        LEGISLATION,
        *[(name, (name, f"dcat:{name}", name, "0..1", "link", "technical", "O")) for name in MEDIA_TYPES],
    ]),
    "service": dcat_ap.changed("service", instead=[("accessRights", dcat_ap.RIGHTS_LISTED)]),
    "series": dcat_ap.changed("series", instead=[LEGISLATION]),
}


def others(p):
    """Catalogue, distribution, service and series: as in DCAT-AP 3, and with the law they stand under."""
    for kind, (name, target, texts, rows) in OTHERS.items():
        parts = dcat_ap.inside(p, kind, "3.0.1")
        shapes = dcat_ap.shape(p, name, rows)
        if kind == "distribution":
            for media in MEDIA_TYPES:
                shapes += p.rule(f"Distribution-{media}-known", f"dcat:{media}", IANA, "media-type-known", "Warning")
        p.write(dcat_ap.FILES[kind], f"{texts[0]}.", [p.node(name + "Shape", target, texts, shapes)] + bodies(shapes + parts))


def build():
    p = Profile("healthdcat-ap")
    agents(p)
    dataset(p)
    others(p)
    kinds = [("catalog", "dcat:Catalog", "CatalogueShape"), ("dataset", "dcat:Dataset", "DatasetShape")]
    kinds += [(kind, target, name + "Shape") for kind, (name, target, _, _) in OTHERS.items() if kind != "catalog"]
    describe(
        p,
        iri="https://healthdataeu.pages.code.europa.eu/healthdcat-ap/releases/release-8/",
        token="healthdcat-ap",
        version="8",
        titles=[
            "HealthDCAT-AP 8: health data in Europe",
            "HealthDCAT-AP 8: Gesundheitsdaten in Europa",
            "HealthDCAT-AP 8 : données de santé en Europe",
            "HealthDCAT-AP 8: datos de salud en Europa",
            "HealthDCAT-AP 8: dati sanitari in Europa",
        ],
        about=[
            "The profile of the European Health Data Space. What is mandatory and what is recommended depends on the access rights of the dataset; what will be mandatory once the EHDS applies is a warning.",
            "Das Profil des Europäischen Gesundheitsdatenraums. Was Pflicht und was empfohlen ist, hängt von den Zugangsrechten des Datensatzes ab; was mit dem EHDS Pflicht wird, ist eine Warnung.",
            "Le profil de l’Espace européen des données de santé. Ce qui est obligatoire ou recommandé dépend des droits d’accès du jeu de données ; ce qui le sera avec l’EHDS est un avertissement.",
            "El perfil del Espacio Europeo de Datos de Salud. Lo obligatorio y lo recomendado depende de los derechos de acceso del conjunto de datos; lo que será obligatorio con el EHDS es un aviso.",
            "Il profilo dello spazio europeo dei dati sanitari. Ciò che è obbligatorio o consigliato dipende dai diritti di accesso del dataset; ciò che lo sarà con l’EHDS è un avviso.",
        ],
        based_on=["https://semiceu.github.io/DCAT-AP/releases/3.0.1/"],
        source=["https://code.europa.eu/healthdataeu/healthdcat-ap"],
        licence="https://creativecommons.org/licenses/by/4.0/",
        kinds=kinds,
        groups=GROUPS,
        files=["agent.ttl", "catalogue.ttl", "dataset.ttl", "distribution.ttl", "series.ttl", "service.ttl", "variables.ttl"],
    )
