"""The work that is measured, as raw HTTP requests: the same for every server that can do it.

A server is described by its dialect, a dict with
  host, port
  document   path of one record, "{id}" and "{iri}" filled in       or None
  sparql     path of the query endpoint                             or None
  search     True when it has our search page
  headers    more headers for writing
"""

import random
import re
import urllib.parse

EUCAIM = "https://cancerimage.eu/ontology/EUCAIM#"
PREFIXES = """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX eucaim: <https://cancerimage.eu/ontology/EUCAIM#>
"""

# Body part with modalities that are usual for it: the generator's table, its head.
SITES = [
    ("BP1000136", ["IMG1004455", "IMG1000038", "IMG1000035"]),
    ("BP1000113", ["IMG1000042", "IMG1004451"]),
    ("BP1000021", ["IMG1000038", "IMG1004467"]),
    ("BP1000257", ["IMG1000042"]),
    ("BP1000051", ["IMG1000038", "IMG1000062"]),
    ("BP1000105", ["IMG1000042", "IMG1000038"]),
]
WORDS = "screening radiomics lesion glioma nodule histology elastography tomosynthesis cohort biopsy immunotherapy diffusion multiparametric lung breast prostate registry".split()

# Name, and what it says in the table.
WORK = {
    "hello": "hello-world",
    "turtle": "read a record as Turtle",
    "json-ld": "read a record as JSON-LD",
    "html": "read a record as a page",
    "facets": "search page: words, two facets",
    "facets-json": "search as JSON: words, two facets",
    "describe": "SPARQL: describe one dataset",
    "modalities": "SPARQL: datasets per modality",
    "newest": "SPARQL: two facets, newest 20",
    "publishers": "SPARQL: datasets per publisher",
    "contains": "SPARQL: text by CONTAINS",
    "hops": "SPARQL: selective three hops",
    "hops-all": "SPARQL: three hops, counted",
    "page": "SPARQL: page of 100, any offset",
    "publish": "publish one new dataset",
    "replace": "replace one dataset",
}


class Collection:
    """What was generated: N datasets under a base, and Turtle documents to publish."""

    def __init__(self, base, datasets, documents):
        self.base, self.datasets, self.documents = base, datasets, documents

    def iri(self, name):
        return f"{self.base}/dataset/{name}"

    def some_id(self, chance):
        """80 % of the reads go to 20 % of the records."""
        hot = max(1, self.datasets // 5)
        number = chance.randrange(hot) * 5 if chance.random() < 0.8 else chance.randrange(self.datasets)
        return f"d{number % self.datasets:07d}"


# A quad of the generator: subject, predicate, object, graph.
QUAD = re.compile(r"(\S+) (\S+) (.+) <(\S+)> \.$")
IRI = re.compile(r"<([^<>\s]*[#/])([A-Za-z_][A-Za-z0-9_]*)>")
SHORT = {
    "http://www.w3.org/ns/dcat#": "dcat",
    "http://purl.org/dc/terms/": "dct",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://www.w3.org/2006/vcard/ns#": "vcard",
    "http://www.w3.org/2001/XMLSchema#": "xsd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://data.europa.eu/m8g/": "cv",
    "http://data.europa.eu/r5r/": "dcatap",
    "https://w3id.org/healthdcat-ap#": "healthdcatap",
    "https://w3id.org/dpv#": "dpv",
    EUCAIM: "eucaim",
}


def documents(lines, base):
    """The datasets of a file of N-Quads, each as (name, Turtle document) as a person would send it."""
    prefixes = "".join(f"@prefix {short}: <{long}> .\n" for long, short in SHORT.items())
    subjects = {}
    for line in lines:
        subject, predicate, value, graph = QUAD.match(line).groups()
        if graph.startswith(f"{base}/dataset/"):
            subjects.setdefault(graph, {}).setdefault(subject, []).append(f"{brief(predicate)} {brief(value)}")
    found = []
    for graph, described in subjects.items():
        blocks = (subject + " " + " ;\n    ".join(said) + " .\n" for subject, said in described.items())
        found.append((graph.rsplit("/", 1)[1], (prefixes + "".join(blocks)).encode()))
    return found


def brief(term):
    """An IRI, or the datatype of a literal, with its prefix; texts are left alone."""
    text, quote, rest = term.rpartition('"')
    return text + quote + IRI.sub(lambda found: short(*found.groups()), rest)


def short(namespace, local):
    return f"{SHORT[namespace]}:{local}" if namespace in SHORT else f"<{namespace}{local}>"


def requests(server, work, collection, count=1000):
    """So many requests, or None when the server does not know this work."""
    chance = random.Random(f"{work}-{collection.datasets}")
    if work == "hello":
        path = server.get("hello")
        return path and [get(server, path, "*/*")]
    if work in ("turtle", "json-ld", "html"):
        media = {"turtle": "text/turtle", "json-ld": "application/ld+json", "html": "text/html"}[work]
        if not server.get("document") or media not in server["reads"]:
            return None
        return [get(server, document(server, collection, collection.some_id(chance)), media) for _ in range(10 * count)]
    if work in ("facets", "facets-json"):
        if not server.get("search"):
            return None
        media = "text/html" if work == "facets" else "application/json"
        return [get(server, search(chance), media) for _ in range(count)]
    if work in ("publish", "replace"):
        if not server.get("document"):
            return None
        times = 12 if work == "publish" else 2
        return [put(server, collection, name, body) for name, body in writes(work, collection, chance, times * count)]
    return server.get("sparql") and [query(server, sparql(work, collection, chance)) for _ in range(count)]


def document(server, collection, name):
    return server["document"].format(id=name, iri=urllib.parse.quote(collection.iri(name), safe=""))


def search(chance):
    part, modalities = chance.choice(SITES)
    return "/search?" + urllib.parse.urlencode({"q": chance.choice(WORDS), "body-part": part, "modality": chance.choice(modalities)})


def writes(work, collection, chance, count):
    """New names for `publish`; names of the collection for `replace`."""
    for number in range(count):
        old, body = collection.documents[number % len(collection.documents)]
        name = f"new-{number:07d}" if work == "publish" else collection.some_id(chance)
        yield name, body.replace(old.encode(), name.encode())


def sparql(work, collection, chance):
    part, modalities = chance.choice(SITES)
    if work == "describe":
        return f"DESCRIBE <{collection.iri(collection.some_id(chance))}>"
    if work == "modalities":
        return "SELECT ?m (COUNT(?d) AS ?n) WHERE { ?d a dcat:Dataset ; eucaim:hasImageModality ?m } GROUP BY ?m ORDER BY DESC(?n)"
    if work == "newest":
        return (
            f"SELECT ?d ?title ?modified WHERE {{ ?d a dcat:Dataset ; eucaim:hasImageModality eucaim:{chance.choice(modalities)} ; "
            f"eucaim:hasImageBodyPart eucaim:{part} ; dct:modified ?modified ; dct:title ?title . "
            'FILTER(LANG(?title) = "en") } ORDER BY DESC(?modified) LIMIT 20'
        )
    if work == "publishers":
        return "SELECT ?p ?name (COUNT(?d) AS ?n) WHERE { ?d a dcat:Dataset ; dct:publisher ?p . ?p foaf:name ?name } GROUP BY ?p ?name ORDER BY DESC(?n) ?p LIMIT 50"
    if work == "contains":
        return f'SELECT ?d ?t WHERE {{ ?d a dcat:Dataset ; dct:title ?t . FILTER(CONTAINS(LCASE(STR(?t)), "{chance.choice(WORDS)}")) }} ORDER BY ?d LIMIT 10'
    if work == "hops":
        return (
            f"SELECT ?d ?title ?name WHERE {{ ?d eucaim:hasImageBodyPart eucaim:{part} ; dct:isPartOf ?c ; dct:title ?title . "
            "?c a dcat:Catalog ; dct:publisher ?p . ?p foaf:name ?name . "
            'FILTER(LANG(?title) = "en") } ORDER BY ?d ?name LIMIT 20'
        )
    if work == "hops-all":
        return (
            "SELECT ?name ?part (COUNT(?d) AS ?n) WHERE { ?d eucaim:hasImageBodyPart ?part ; dct:isPartOf ?c . "
            "?c a dcat:Catalog ; dct:publisher ?p . ?p foaf:name ?name } GROUP BY ?name ?part ORDER BY DESC(?n) ?name ?part LIMIT 50"
        )
    if work == "page":
        offset = chance.randrange(max(1, collection.datasets // 100)) * 100
        return (
            "SELECT ?d ?title ?modified WHERE { ?d a dcat:Dataset ; dct:title ?title ; dct:modified ?modified . "
            f'FILTER(LANG(?title) = "en") }} ORDER BY ?d LIMIT 100 OFFSET {offset}'
        )
    raise KeyError(work)


def query(server, text):
    accept = "application/n-triples" if text.startswith("DESCRIBE") else "application/sparql-results+json"
    if server.get("sparql_form"):
        body = urllib.parse.urlencode({"query": PREFIXES + text}).encode()
        return raw(server, "POST", server["sparql"], {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}, body)
    return raw(server, "POST", server["sparql"], {"Accept": accept, "Content-Type": "application/sparql-query"}, (PREFIXES + text).encode())


def get(server, path, media):
    return raw(server, "GET", path, {"Accept": media})


def put(server, collection, name, body):
    headers = {"Content-Type": "text/turtle", **server.get("headers", {})}
    return raw(server, "PUT", document(server, collection, name), headers, body)


def raw(server, method, path, headers, body=b""):
    lines = {"Host": f"{server['host']}:{server['port']}", **headers}
    if body:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def write(path, all_requests):
    with open(path, "wb") as file:
        for request in all_requests:
            file.write(b"%d\n" % len(request))
            file.write(request)
