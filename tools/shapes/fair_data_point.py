"""FAIR Data Point: the root record, and the little that every kind of record needs to be shown by its clients."""

from description import describe
from writer import Profile, bodies

GROUPS = [
    ("description", ["Description", "Beschreibung", "Description", "Descripción", "Descrizione"]),
    ("access", ["Access", "Zugang", "Accès", "Acceso", "Accesso"]),
]


def resource(p, name, publisher="1..n", version="R"):
    """What every record has."""
    g = "description"
    s = p.field(name + "-title", "dct:title", "title", "1..n", "line", g, "M")
    s += p.field(name + "-description", "dct:description", "description", "0..n", "area", g, "R")
    s += p.field(name + "-publisher", "dct:publisher", "publisher", publisher, "node", g, "M" if publisher == "1..n" else "O", ["Agent-name"], "foaf:Agent")
    s += p.field(name + "-version", "dcat:version", "version", "0..1", "literal", g, version)
    s += p.field(name + "-language", "dct:language", "language", "0..n", "iri", g)
    s += p.field(name + "-licence", "dct:license", "licence", "0..1", "link", "access", "R")
    s += p.field(name + "-rights", "dct:rights", "rightsStatement", "0..n", "link", "access")
    return s


def build():
    p = Profile("fair-data-point")
    agent = p.field("Agent-name", "foaf:name", "agentName", "1..n", "line")
    p.write("agent.ttl", "The agent inside other shapes.", bodies(agent))
    kinds = []

    def kind(file, kind, name, target, labels, shapes):
        kinds.append((kind, target, name + "Shape", file))
        p.write(file, f"{labels[0]}.", [p.node(name + "Shape", target, labels, shapes)] + bodies(shapes))

    root = resource(p, "Root")
    root += p.field("Root-contactPoint", "dcat:contactPoint", "contactPoint", "0..n", "node", "description", "R", range="vcard:Kind")
    root += p.field("Root-keyword", "dcat:keyword", "keyword", "0..n", "line", "description")
    root += p.field("Root-theme", "dcat:theme", "theme", "0..n", "iri", "description")
    root += p.field("Root-endpointURL", "dcat:endpointURL", "endpointURL", "0..1", "iri", "access")
    root += p.field("Root-endpointDescription", "dcat:endpointDescription", "endpointDescription", "0..n", "link", "access")
    root += p.field("Root-start", "fdp-o:startDate", "startDate", "0..1", "date", "access")
    root += p.field("Root-end", "fdp-o:endDate", "endDate", "0..1", "date", "access")
    root += p.field("Root-interfaceLanguage", "fdp-o:uiLanguage", "interfaceLanguage", "0..n", "iri", "description")
    root += p.field("Root-catalog", "fdp-o:metadataCatalog", "metadataCatalog", "0..n", "link", "description")
    root += p.field("Root-metadataIdentifier", "fdp-o:metadataIdentifier", "metadataIdentifier", "0..1", "link", "description")
    kind("root.ttl", "root", "Root", "fdp-o:FAIRDataPoint", ["FAIR Data Point", "FAIR Data Point", "Point de données FAIR", "Punto de datos FAIR", "Punto dati FAIR"], root)

    catalogue = resource(p, "Catalogue")
    catalogue += p.field("Catalogue-homepage", "foaf:homepage", "homepage", "0..1", "link", "description")
    catalogue += p.field("Catalogue-themeTaxonomy", "dcat:themeTaxonomy", "themeTaxonomy", "0..n", "link", "description")
    kind("catalogue.ttl", "catalog", "Catalogue", "dcat:Catalog", ["Catalogue", "Katalog", "Catalogue", "Catálogo", "Catalogo"], catalogue)

    dataset = resource(p, "Dataset")
    dataset += p.field("Dataset-theme", "dcat:theme", "theme", "1..n", "iri", "description", "M")
    dataset += p.field("Dataset-contactPoint", "dcat:contactPoint", "contactPoint", "0..n", "link", "description")
    dataset += p.field("Dataset-keyword", "dcat:keyword", "keyword", "0..n", "line", "description")
    dataset += p.field("Dataset-landingPage", "dcat:landingPage", "landingPage", "0..n", "link", "access")
    kind("dataset.ttl", "dataset", "Dataset", "dcat:Dataset", ["Dataset", "Datensatz", "Jeu de données", "Conjunto de datos", "Dataset"], dataset)

    distribution = resource(p, "Distribution", publisher="0..n", version="O")
    distribution += p.field("Distribution-accessURL", "dcat:accessURL", "accessURL", "0..n", "iri", "access", "R")
    distribution += p.field("Distribution-downloadURL", "dcat:downloadURL", "downloadURL", "0..n", "iri", "access")
    distribution += p.field("Distribution-byteSize", "dcat:byteSize", "byteSize", "0..1", "count", "access")
    kind("distribution.ttl", "distribution", "Distribution", "dcat:Distribution", ["Distribution", "Distribution", "Distribution", "Distribución", "Distribuzione"], distribution)

    service = resource(p, "Service")
    service += p.field("Service-endpointURL", "dcat:endpointURL", "endpointURL", "0..n", "iri", "access", "R")
    service += p.field("Service-endpointDescription", "dcat:endpointDescription", "endpointDescription", "0..n", "link", "access")
    kind("service.ttl", "service", "Service", "dcat:DataService", ["Data service", "Datendienst", "Service de données", "Servicio de datos", "Servizio dati"], service)

    tool = resource(p, "Tool")
    tool += p.field("Tool-page", "schema:url", "page", "0..n", "iri", "access", "R")
    tool += p.field("Tool-modality", "eucaim:hasImageModality", "modality", "0..n", "term:IMG1000009", "description")
    tool += p.field("Tool-bodyPart", "eucaim:hasImageBodyPart", "bodyPart", "0..n", "term:BP1000024", "description")
    tool += p.field("Tool-keyword", "dcat:keyword", "keyword", "0..n", "line", "description")
    kind("tool.ttl", "tool", "Tool", "schema:SoftwareApplication", ["Tool", "Werkzeug", "Outil", "Herramienta", "Strumento"], tool)

    describe(
        p,
        iri="https://specs.fairdatapoint.org/",
        token="fair-data-point",
        version="1.2",
        titles=["FAIR Data Point", "FAIR Data Point", "Point de données FAIR", "Punto de datos FAIR", "Punto dati FAIR"],
        about=[
            "What clients of FAIR Data Points need: the root record, and title and publisher of every record; tools too.",
            "Was Programme für FAIR Data Points brauchen: den Wurzeleintrag sowie Titel und Herausgeber jedes Eintrags; auch Werkzeuge.",
            "Ce qu’il faut aux clients des points de données FAIR : la notice racine, et le titre et l’éditeur de chaque notice ; les outils aussi.",
            "Lo que necesitan los clientes de puntos de datos FAIR: el registro raíz, y el título y el editor de cada registro; también las herramientas.",
            "Ciò che serve ai client dei punti dati FAIR: la scheda radice, e titolo ed editore di ogni scheda; anche gli strumenti.",
        ],
        based_on=["http://www.w3.org/ns/dcat"],
        source=["https://specs.fairdatapoint.org/"],
        licence="https://creativecommons.org/publicdomain/zero/1.0/",
        kinds=[k[:3] for k in kinds],
        groups=GROUPS,
        files=["agent.ttl"] + [k[3] for k in kinds],
    )
