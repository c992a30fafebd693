"""Creates, reads, changes and deletes records with the package `fairdatapoint-client`, as its users do."""

import sys

import rdflib
import requests
from fdpclient.client import Client

base, token, dataset_file = sys.argv[1:]
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
FORMATS = {
    "turtle": "text/turtle",
    "n3": "text/n3",
    "nt": "application/n-triples",
    "xml": "application/rdf+xml",
    "json-ld": "application/ld+json",
}
TITLE = "Größe der Brüste – étude №7"


def by(more=None):
    """The client writes into the headers that it is given."""
    return {"headers": {"Authorization": f"Bearer {token}"} | (more or {})}


def fails(work):
    try:
        work()
    except RuntimeError:
        return
    raise AssertionError("this should have failed")


client = Client(base)
root = client.read_fdp()
point = rdflib.URIRef("https://w3id.org/fdp/fdp-o#FAIRDataPoint")
assert (rdflib.URIRef(base), rdflib.RDF.type, point) in root or (rdflib.URIRef(base + "/"), rdflib.RDF.type, point) in root

# A catalogue and a distribution, from text; a dataset, from a graph.
about = f'<> a <{DCAT.Catalog}> ; <{DCT.title}> "Made by a client"@en ; <{DCT.isPartOf}> <{base}> .'
client.create_catalog(about, **by({"Slug": "by-client"}))
catalogue = rdflib.URIRef(f"{base}/catalog/by-client")
assert (catalogue, DCT.title, rdflib.Literal("Made by a client", "en")) in client.read_catalog("by-client", **by())

described = rdflib.Graph().parse(dataset_file, format="nt")
dataset = rdflib.URIRef(f"{base}/dataset/by-client")
client.create_dataset(described, **by())
for name, media_type in FORMATS.items():
    found = client.read_dataset("by-client", format=name, **by({"Accept": media_type}))
    missing = [triple for triple in described if not any(isinstance(term, rdflib.BNode) for term in triple) and triple not in found]
    missing = [triple for triple in missing if triple[1] != DCT.isPartOf]
    assert not missing, (name, missing)

about = f'<> a <{DCAT.Distribution}> ; <{DCT.title}> "Images"@en ; <{DCT.isPartOf}> <{dataset}> .'
client.create_distribution(about, **by({"Slug": "by-client"}))
assert len(client.read_distribution("by-client", **by())) > 2

# A draft is for those who may write it.
fails(lambda: client.read_dataset("by-client"))

# A change in every format, with letters that are not ASCII.
for at, name in enumerate(FORMATS):
    title = rdflib.Literal(f"{TITLE} {at}", "en")
    described.set((dataset, DCT.title, title))
    client.update_dataset("by-client", described.serialize(format=name).encode(), format=name, **by())
    assert (dataset, DCT.title, title) in client.read_dataset("by-client", **by())

state = requests.put(f"{dataset}/meta/state", json={"current": "PUBLISHED"}, **by())
assert state.status_code == 200, state.text
assert (dataset, DCT.title, title) in client.read_dataset("by-client")

state = requests.put(f"{dataset}/meta/state", json={"current": "WITHDRAWN"}, **by())
assert state.status_code == 200, state.text
for delete, read in [
    (client.delete_distribution, client.read_distribution),
    (client.delete_dataset, client.read_dataset),
    (client.delete_catalog, client.read_catalog),
]:
    delete("by-client", **by())
    fails(lambda: read("by-client", **by()))
