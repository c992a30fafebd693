"""DCAT-AP 3.0.1 and 2.1.1: mandatory and recommended properties, and the optional ones with a rule of their own."""

from description import describe
from writer import Profile, bodies, period

GROUPS = [
    ("description", ["Description", "Beschreibung", "Description", "Descripción", "Descrizione"]),
    ("access", ["Access", "Zugang", "Accès", "Acceso", "Accesso"]),
    ("coverage", ["Coverage and contents", "Abdeckung und Inhalt", "Couverture et contenu", "Cobertura y contenido", "Copertura e contenuto"]),
    ("technical", ["Technical", "Technisches", "Technique", "Aspectos técnicos", "Aspetti tecnici"]),
    ("dates", ["Dates and versions", "Daten und Versionen", "Dates et versions", "Fechas y versiones", "Date e versioni"]),
]
PERIOD = ["Period-start", "Period-end", "Period-in-order"]
AGENT = ["Agent-name", "Agent-type", "Agent-type-recommended"]


def shape(p, prefix, rows):
    """Rows are (name, path, text, cardinality, kind of value, group, level, nested shapes, class of a new node)."""
    shapes = []
    for name, path, text, card, kind, group, level, *more in rows:
        inside, range = more or ((), None)
        shapes += p.field(f"{prefix}-{name}", path, text, card, kind, group, level, inside, range)
    return shapes


def agent(p):
    shapes = p.field("Agent-name", "foaf:name", "agentName", "1..n", "line")
    shapes += p.field("Agent-type", "dct:type", "agentType", "0..1", "link", level="R")
    shapes += period(p, "Period")
    p.write("agent.ttl", "Agents and periods: shapes used inside other shapes.", bodies(shapes))


def common(level, group="description"):
    return [
        ("title", "dct:title", "title", "1..n", "line", group, "M"),
        ("description", "dct:description", "description", "1..n", "area", group, "M"),
        ("publisher", "dct:publisher", "publisher", level, "node", group, "M" if level == "1..1" else "R", AGENT, "foaf:Agent"),
    ]


CONTACT = ("contactPoint", "dcat:contactPoint", "contactPoint", "0..n", "node", "description", "R", (), "vcard:Kind")
DATES = [
    ("issued", "dct:issued", "issued", "0..1", "date", "dates", "O"),
    ("modified", "dct:modified", "modified", "0..1", "date", "dates", "O"),
]
LEGISLATION = ("legislation", "dcatap:applicableLegislation", "legislation", "0..n", "iri", "access", "O")
LICENCE = ("licence", "dct:license", "licence", "0..1", "link", "access", "R", (), "dct:LicenseDocument")
LANGUAGE = ("language", "dct:language", "language", "0..n", "language", "coverage", "O")
SPATIAL = ("spatial", "dct:spatial", "spatial", "0..n", "node", "coverage", "R", (), "dct:Location")
TEMPORAL = ("temporal", "dct:temporal", "temporal", "0..n", "node", "coverage", "R", PERIOD, "dct:PeriodOfTime")
KEYWORD = ("keyword", "dcat:keyword", "keyword", "0..n", "line", "description", "R")
THEME = ("theme", "dcat:theme", "theme", "0..n", "iri", "description", "R")
RIGHTS = ("accessRights", "dct:accessRights", "accessRights", "0..1", "link", "access", "O")
FREQUENCY = ("frequency", "dct:accrualPeriodicity", "frequency", "0..1", "list:frequency", "dates", "O")


def with_level(row, level):
    return row[:6] + (level,) + row[7:]


def with_kind(row, kind):
    return row[:4] + (kind,) + row[5:]


KINDS = {
    "catalog": ("Catalogue", "dcat:Catalog", ["Catalogue", "Katalog", "Catalogue", "Catálogo", "Catalogo"], [
        *common("1..1"),
        ("homepage", "foaf:homepage", "homepage", "0..1", "link", "description", "R", (), "foaf:Document"),
        with_level(LANGUAGE, "R"), LICENCE, LEGISLATION,
        ("rights", "dct:rights", "rightsStatement", "0..n", "link", "access", "O"),
        SPATIAL, with_level(TEMPORAL, "O"),
        ("themeTaxonomy", "dcat:themeTaxonomy", "themeTaxonomy", "0..n", "link", "description", "R", (), "skos:ConceptScheme"),
        ("dataset", "dcat:dataset", "dataset", "0..n", "link", "coverage", "R", (), "dcat:Dataset"),
        ("service", "dcat:service", "service", "0..n", "link", "coverage", "O", (), "dcat:DataService"),
        ("catalog", "dcat:catalog", "catalog", "0..n", "link", "coverage", "O", (), "dcat:Catalog"),
        ("hasPart", "dct:hasPart", "hasPart", "0..n", "link", "coverage", "O", (), "dcat:Catalog"),
        ("record", "dcat:record", "record", "0..n", "link", "coverage", "O", (), "dcat:CatalogRecord"),
        ("creator", "dct:creator", "creator", "0..1", "node", "description", "O", AGENT[:2], "foaf:Agent"),
        *[with_level(row, "R") for row in DATES],
    ]),
    "dataset": ("Dataset", "dcat:Dataset", ["Dataset", "Datensatz", "Jeu de données", "Conjunto de datos", "Dataset"], [
        *common("0..1"), CONTACT, KEYWORD, THEME,
        ("identifier", "dct:identifier", "identifier", "0..n", "literal", "description", "O"),
        ("distribution", "dcat:distribution", "distribution", "0..n", "node", "access", "R", (), "dcat:Distribution"),
        RIGHTS, LEGISLATION,
        ("creator", "dct:creator", "creator", "0..n", "node", "description", "O", AGENT[:2], "foaf:Agent"),
        SPATIAL, TEMPORAL, LANGUAGE,
        ("inSeries", "dcat:inSeries", "inSeries", "0..n", "link", "coverage", "O", (), "dcat:DatasetSeries"),
        ("type", "dct:type", "datasetType", "0..n", "link", "description", "O"),
        ("provenance", "dct:provenance", "provenance", "0..n", "node", "coverage", "O", (), "dct:ProvenanceStatement"),
        ("conformsTo", "dct:conformsTo", "conformsTo", "0..n", "link", "technical", "O", (), "dct:Standard"),
        ("page", "foaf:page", "page", "0..n", "link", "description", "O", (), "foaf:Document"),
        ("landingPage", "dcat:landingPage", "landingPage", "0..n", "link", "access", "O", (), "foaf:Document"),
        ("isReferencedBy", "dct:isReferencedBy", "isReferencedBy", "0..n", "link", "description", "O"),
        ("relation", "dct:relation", "relation", "0..n", "link", "coverage", "O"),
        ("source", "dct:source", "source", "0..n", "link", "coverage", "O", (), "dcat:Dataset"),
        ("sample", "adms:sample", "sample", "0..n", "link", "access", "O", (), "dcat:Distribution"),
        ("otherIdentifier", "adms:identifier", "otherIdentifier", "0..n", "link", "description", "O", (), "adms:Identifier"),
        ("generatedBy", "prov:wasGeneratedBy", "generatedBy", "0..n", "node", "coverage", "O", (), "prov:Activity"),
        ("attribution", "prov:qualifiedAttribution", "qualifiedAttribution", "0..n", "node", "description", "O", (), "prov:Attribution"),
        ("qualifiedRelation", "dcat:qualifiedRelation", "qualifiedRelation", "0..n", "node", "coverage", "O",
         ["Relationship-target", "Relationship-role"], "dcat:Relationship"),
        ("spatialResolution", "dcat:spatialResolutionInMeters", "spatialResolution", "0..n", "decimal", "technical", "O"),
        ("temporalResolution", "dcat:temporalResolution", "temporalResolution", "0..1", "duration", "technical", "O"),
        ("version", "dcat:version", "version", "0..1", "literal", "dates", "O"),
        ("versionNotes", "adms:versionNotes", "versionNotes", "0..n", "area", "dates", "O"),
        ("hasVersion", "dcat:hasVersion", "hasVersion", "0..n", "link", "dates", "O", (), "dcat:Dataset"),
        FREQUENCY, *DATES,
    ]),
    "distribution": ("Distribution", "dcat:Distribution", ["Distribution", "Distribution", "Distribution", "Distribución", "Distribuzione"], [
        ("title", "dct:title", "title", "0..n", "line", "description", "O"),
        ("description", "dct:description", "description", "0..n", "area", "description", "R"),
        ("accessURL", "dcat:accessURL", "accessURL", "1..n", "iri", "access", "M"),
        ("downloadURL", "dcat:downloadURL", "downloadURL", "0..n", "iri", "access", "O"),
        ("accessService", "dcat:accessService", "accessService", "0..n", "link", "access", "O", (), "dcat:DataService"),
        ("availability", "dcatap:availability", "availability", "0..1", "list:planned-availability", "access", "R"),
        LICENCE, LEGISLATION,
        ("rights", "dct:rights", "rightsStatement", "0..n", "link", "access", "O"),
        ("policy", "odrl:hasPolicy", "policy", "0..1", "node", "access", "O", (), "odrl:Policy"),
        ("format", "dct:format", "format", "0..1", "file-type", "technical", "R"),
        ("mediaType", "dcat:mediaType", "mediaType", "0..1", "media-type", "technical", "O"),
        ("compressFormat", "dcat:compressFormat", "compressFormat", "0..1", "media-type", "technical", "O"),
        ("packageFormat", "dcat:packageFormat", "packageFormat", "0..1", "media-type", "technical", "O"),
        ("byteSize", "dcat:byteSize", "byteSize", "0..1", "count", "technical", "O"),
        ("checksum", "spdx:checksum", "checksum", "0..1", "node", "technical", "O", ["Checksum-value", "Checksum-algorithm"], "spdx:Checksum"),
        ("conformsTo", "dct:conformsTo", "conformsTo", "0..n", "link", "technical", "O", (), "dct:Standard"),
        ("spatialResolution", "dcat:spatialResolutionInMeters", "spatialResolution", "0..1", "decimal", "technical", "O"),
        ("temporalResolution", "dcat:temporalResolution", "temporalResolution", "0..1", "duration", "technical", "O"),
        LANGUAGE,
        ("page", "foaf:page", "page", "0..n", "link", "description", "O", (), "foaf:Document"),
        ("status", "adms:status", "status", "0..1", "list:distribution-status", "dates", "O"),
        *DATES,
    ]),
    "service": ("Service", "dcat:DataService", ["Data service", "Datendienst", "Service de données", "Servicio de datos", "Servizio dati"], [
        ("title", "dct:title", "title", "1..n", "line", "description", "M"),
        ("description", "dct:description", "description", "0..n", "area", "description", "O"),
        ("publisher", "dct:publisher", "publisher", "0..1", "node", "description", "R", AGENT, "foaf:Agent"),
        CONTACT, KEYWORD, THEME,
        ("endpointURL", "dcat:endpointURL", "endpointURL", "1..n", "iri", "access", "M"),
        ("endpointDescription", "dcat:endpointDescription", "endpointDescription", "0..n", "link", "access", "R"),
        ("servesDataset", "dcat:servesDataset", "servesDataset", "0..n", "link", "coverage", "R", (), "dcat:Dataset"),
        ("conformsTo", "dct:conformsTo", "conformsTo", "0..n", "link", "technical", "R", (), "dct:Standard"),
        RIGHTS, LEGISLATION, with_level(LICENCE, "O"),
        ("format", "dct:format", "format", "0..n", "file-type", "technical", "O"),
        ("landingPage", "dcat:landingPage", "landingPage", "0..n", "link", "access", "O", (), "foaf:Document"),
    ]),
    "series": ("Series", "dcat:DatasetSeries", ["Dataset series", "Datensatzreihe", "Série de jeux de données", "Serie de conjuntos de datos", "Serie di dataset"], [
        *common("0..1"), CONTACT, LEGISLATION, with_level(SPATIAL, "O"), with_level(TEMPORAL, "O"), FREQUENCY, *DATES,
    ]),
}


def changed(kind, without=(), instead=(), beside=()):
    """A kind of another version: some rows left out, some replaced by others of their place, some added at the end."""
    name, target, labels, rows = KINDS[kind]
    instead = dict(instead)
    assert {*without, *instead} <= {row[0] for row in rows}, kind
    kept = [instead.get(row[0], row) for row in rows if row[0] not in without]
    return name, target, labels, kept + list(beside)


# Version 2.1.1 knows no series and no legislation, writes versions with other properties, and has other lists.
ONE_RIGHTS = ("rights", ("rights", "dct:rights", "rightsStatement", "0..1", "link", "access", "O"))
RIGHTS_LISTED = with_kind(RIGHTS, "list:access-right")
EARLIER = {
    "catalog": changed(
        "catalog",
        without=["legislation", "temporal"],
        instead=[
            ONE_RIGHTS,
            ("creator", ("creator", "dct:creator", "creator", "0..n", "node", "description", "O", AGENT[:2], "foaf:Agent")),
            ("dataset", ("dataset", "dcat:dataset", "dataset", "0..n", "link", "coverage", "O", (), "dcat:Dataset")),
        ],
        beside=[("isPartOf", "dct:isPartOf", "isPartOf", "0..1", "link", "coverage", "O", (), "dcat:Catalog")],
    ),
    "dataset": changed(
        "dataset",
        without=["legislation", "inSeries"],
        instead=[
            ("accessRights", RIGHTS_LISTED),
            ("spatialResolution", ("spatialResolution", "dcat:spatialResolutionInMeters", "spatialResolution", "0..1", "decimal", "technical", "O")),
            ("version", ("version", "owl:versionInfo", "version", "0..1", "literal", "dates", "O")),
            ("otherIdentifier", ("otherIdentifier", "adms:identifier", "otherIdentifier", "0..n", "node", "description", "O",
                                 ["Identifier-notation"], "adms:Identifier")),
            ("hasVersion", ("hasVersion", "dct:hasVersion", "hasVersion", "0..n", "link", "dates", "O", (), "dcat:Dataset")),
        ],
        beside=[("isVersionOf", "dct:isVersionOf", "isVersionOf", "0..n", "link", "dates", "O", (), "dcat:Dataset")],
    ),
    "distribution": changed(
        "distribution",
        without=["legislation"],
        instead=[
            ONE_RIGHTS,
            ("byteSize", ("byteSize", "dcat:byteSize", "byteSize", "0..1", "decimal", "technical", "O")),
            ("status", ("status", "adms:status", "status", "0..1", "list:adms-status", "dates", "O")),
        ],
    ),
    "service": changed(
        "service",
        without=["publisher", "contactPoint", "keyword", "theme", "conformsTo", "legislation", "format", "landingPage"],
        instead=[("accessRights", RIGHTS_LISTED)],
    ),
}
FILES = {"catalog": "catalogue.ttl", "dataset": "dataset.ttl", "distribution": "distribution.ttl",
         "service": "service.ttl", "series": "series.ttl"}


def inside(p, kind, version):
    """The shapes of the parts of a record."""
    if kind == "dataset":
        relation = p.field("Relationship-target", "dct:relation", "relationTarget", "1..n", "link")
        relation += p.field("Relationship-role", "dcat:hadRole", "role", "1..n", "link", range="dcat:Role")
        if version == "2.1.1":
            return relation + p.field("Identifier-notation", "skos:notation", "notation", "0..1", "literal")
        return relation
    if kind == "distribution":
        value = p.field("Checksum-value", "spdx:checksumValue", "checksumValue", "1..1", "hex-any")
        algorithm = ("checksumSha1", "1..1", "sha1") if version == "2.1.1" else ("checksumAlgorithm", "1..1", "link")
        return value + p.field("Checksum-algorithm", "spdx:algorithm", *algorithm)
    return []


def write(version, kinds, about):
    p = Profile(f"dcat-ap-{version}")
    agent(p)
    for kind, (name, target, labels, rows) in kinds.items():
        parts = inside(p, kind, version)
        shapes = shape(p, name, rows)
        if version == "2.1.1" and kind == "catalog":
            # Zero steps let the rule see the catalogue itself: one of the two lists is enough.
            shapes += p.rule("Catalogue-dataset-or-service", "[ sh:zeroOrOnePath dcat:dataset ]",
                             "sh:qualifiedValueShape [ sh:or ( [ sh:property [ sh:path dcat:dataset ; sh:minCount 1 ] ]"
                             " [ sh:property [ sh:path dcat:service ; sh:minCount 1 ] ] ) ] ; sh:qualifiedMinCount 1",
                             "dataset-or-service", "Warning")
        p.write(FILES[kind], f"{labels[0]}.", [p.node(name + "Shape", target, labels, shapes)] + bodies(shapes + parts))
    describe(
        p,
        iri=f"https://semiceu.github.io/DCAT-AP/releases/{version}/",
        token=f"dcat-ap-{version}",
        version=version,
        titles=[
            f"DCAT-AP {version}: data portals in Europe", f"DCAT-AP {version}: Datenportale in Europa", f"DCAT-AP {version} : portails de données en Europe",
            f"DCAT-AP {version}: portales de datos en Europa", f"DCAT-AP {version}: portali di dati in Europa",
        ],
        about=about,
        based_on=["http://www.w3.org/ns/dcat"],
        source=["https://github.com/SEMICeu/DCAT-AP"],
        licence="https://creativecommons.org/licenses/by/4.0/",
        kinds=[(kind, target, name + "Shape") for kind, (name, target, _, _) in kinds.items()],
        groups=GROUPS,
        files=["agent.ttl", *[FILES[kind] for kind in kinds]],
    )


def build():
    write("3.0.1", KINDS, [
        "The European profile of DCAT for catalogues, datasets, distributions, data services and series: mandatory properties as violations, recommended ones as warnings.",
        "Das europäische DCAT-Profil für Kataloge, Datensätze, Distributionen, Datendienste und Reihen: Pflichtangaben als Verstöße, Empfehlungen als Warnungen.",
        "Le profil européen de DCAT pour catalogues, jeux de données, distributions, services et séries : propriétés obligatoires en violations, recommandées en avertissements.",
        "El perfil europeo de DCAT para catálogos, conjuntos de datos, distribuciones, servicios y series: lo obligatorio como infracción, lo recomendado como aviso.",
        "Il profilo europeo di DCAT per cataloghi, dataset, distribuzioni, servizi e serie: il necessario come violazione, il consigliato come avviso.",
    ])
    write("2.1.1", EARLIER, [
        "The European profile of DCAT as many portals still harvest it: catalogues, datasets, distributions and data services, before series and legislation came.",
        "Das europäische DCAT-Profil, wie viele Portale es noch einsammeln: Kataloge, Datensätze, Distributionen und Datendienste, vor Reihen und geltendem Recht.",
        "Le profil européen de DCAT que bien des portails moissonnent encore : catalogues, jeux de données, distributions et services, avant les séries et la législation.",
        "El perfil europeo de DCAT que muchos portales aún recolectan: catálogos, conjuntos de datos, distribuciones y servicios, antes de las series y la legislación.",
        "Il profilo europeo di DCAT che molti portali raccolgono ancora: cataloghi, dataset, distribuzioni e servizi, prima delle serie e della normativa.",
    ])
