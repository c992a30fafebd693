"""Looks at a running server with the harvesters and readers of others. Arguments: its base, a dataset's path, the suites."""

import io
import json
import pathlib
import sys
import tempfile
import urllib.request
import zipfile

import extruct
import rdflib
import sickle
from lxml import etree
from oaipmh_scythe import Scythe

BASE, DATASET, SUITES = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
OAI = f"{BASE}/oai"
PREFIXES = ["oai_dc", "oai_datacite", "datacite", "oai_openairedata", "dcat"]

# What other schemas leave open is declared here: the envelope of DataCite for OAI-PMH, and RDF.
WRAPPER = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://schema.datacite.org/oai/oai-1.1/"
 elementFormDefault="qualified"><xs:element name="oai_datacite"><xs:complexType><xs:sequence>
 <xs:element name="schemaVersion" type="xs:string"/><xs:element name="datacentreSymbol" type="xs:string"/>
 <xs:element name="payload"><xs:complexType><xs:sequence><xs:any namespace="##other" processContents="strict"/></xs:sequence>
 </xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>"""
RDF = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
 <xs:element name="RDF"><xs:complexType><xs:sequence><xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
 <xs:anyAttribute processContents="skip"/></xs:complexType></xs:element></xs:schema>"""


def get(path, accept=None):
    request = urllib.request.Request(path if path.startswith("http") else BASE + path)
    if accept:
        request.add_header("Accept", accept)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), answer.headers


def schema():
    """All schemas as one, from the suites."""
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "wrapper.xsd").write_text(WRAPPER)
    (folder / "rdf.xsd").write_text(RDF)
    oai = SUITES / "oai-pmh-xsd"
    imports = [
        ("http://www.w3.org/XML/1998/namespace", oai / "xml.xsd"),
        ("http://purl.org/dc/elements/1.1/", oai / "simpledc20021212.xsd"),
        ("http://www.openarchives.org/OAI/2.0/", oai / "OAI/2.0/OAI-PMH.xsd"),
        ("http://www.openarchives.org/OAI/2.0/oai_dc/", oai / "OAI/2.0/oai_dc.xsd"),
        ("http://www.openarchives.org/OAI/2.0/oai-identifier", oai / "OAI/2.0/oai-identifier.xsd"),
        ("http://datacite.org/schema/kernel-4", SUITES / "datacite-schema/source/meta/kernel-4.7/metadata.xsd"),
        ("http://schema.datacite.org/oai/oai-1.1/", folder / "wrapper.xsd"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", folder / "rdf.xsd"),
    ]
    lines = [f'<xs:import namespace="{name}" schemaLocation="{path}"/>' for name, path in imports]
    driver = folder / "all.xsd"
    driver.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">' + "".join(lines) + "</xs:schema>")
    return etree.XMLSchema(etree.parse(str(driver)))


def validate():
    rules = schema()
    queries = ["verb=Identify", "verb=ListMetadataFormats", "verb=ListSets", "verb=Nothing", "verb=ListRecords",
               "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:y", "verb=ListRecords&resumptionToken=x%3Cy"]
    queries += [f"verb=ListRecords&metadataPrefix={prefix}" for prefix in PREFIXES]
    queries += ["verb=ListIdentifiers&metadataPrefix=oai_dc", "verb=ListRecords&metadataPrefix=oai_dc&set=type:dataset"]
    for query in queries:
        document = etree.fromstring(get(f"/oai?{query}")[0])
        rules.assertValid(document)
    for name in ["datacite-xml", "dc-xml"]:
        rules.assertValid(etree.fromstring(get(f"{DATASET}.{name}")[0]))
    print("valid:", len(queries))


def harvest():
    client = sickle.Sickle(OAI)
    assert client.Identify().deletedRecord == "persistent"
    assert {one.metadataPrefix for one in client.ListMetadataFormats()} == set(PREFIXES)
    sets = [one.setSpec for one in client.ListSets()]
    headers = [one.identifier for one in client.ListIdentifiers(metadataPrefix="oai_dc")]
    records = list(client.ListRecords(metadataPrefix="oai_dc"))
    assert [one.header.identifier for one in records] == headers and len(set(headers)) == len(headers)
    assert all(one.metadata["title"] for one in records)
    assert list(client.ListRecords(metadataPrefix="oai_dc", set=sets[0]))
    one = client.GetRecord(identifier=headers[-1], metadataPrefix="datacite")
    assert one.header.identifier == headers[-1]
    try:
        client.ListRecords(metadataPrefix="oai_dc", until="1990-01-01")
        raise AssertionError("a list of nothing")
    except sickle.oaiexceptions.NoRecordsMatch:
        pass
    with Scythe(OAI) as scythe:
        found = [one.header.identifier for one in scythe.list_records(metadata_prefix="oai_datacite")]
    assert found == headers
    print("harvested:", len(headers))


def is_name(target, address):
    """A record is cited by its DOI, where it names one."""
    return str(target) == address or str(target).startswith("https://doi.org/")


def follow():
    import signposting

    address = BASE + DATASET
    header = signposting.find_signposting_http(address)
    page = signposting.find_signposting_html(address)
    for form in ["application/linkset+json", "application/linkset"]:
        whole = signposting.find_signposting_linkset(f"{address}/linkset", form).for_context(address)
        assert is_name(whole.citeAs.target, address) and whole.describedBy and whole.types, whole
    for found in [header, page]:
        assert is_name(found.citeAs.target, address), found
        assert found.describedBy and found.linksets, found
        for link in list(found.describedBy) + list(found.linksets):
            body, headers = get(str(link.target))
            assert body and headers.get_content_type() == str(link.type), link
    body, _ = get(f"{DATASET}/linkset")
    contexts = json.loads(body)["linkset"]
    assert contexts[0]["anchor"] == BASE + DATASET and contexts[0]["cite-as"]
    body, headers = get("/.well-known/api-catalog")
    assert headers.get_content_type() == "application/linkset+json" and json.loads(body)["linkset"]
    print("followed:", len(contexts))


def read():
    html, _ = get(DATASET, "text/html")
    found = extruct.extract(html.decode(), base_url=BASE, syntaxes=["json-ld"])["json-ld"]
    dataset = next(one for one in found if one["@type"] == "Dataset")
    assert dataset["name"] and 50 <= len(dataset["description"]) <= 5000, dataset
    assert b'name="citation_title"' in html and b'name="DC.title"' in html
    graph = rdflib.Graph()
    records = sickle.Sickle(OAI).ListRecords(metadataPrefix="dcat")
    for one in list(records)[:40]:
        metadata = one.xml.find("{http://www.openarchives.org/OAI/2.0/}metadata")
        graph.parse(data=etree.tostring(metadata[0]), format="xml")
    assert len(graph) > 500
    archive = zipfile.ZipFile(io.BytesIO(get(f"{DATASET}.rocrate-zip")[0]))
    assert archive.testzip() is None
    crate = json.loads(archive.read("ro-crate-metadata.json"))
    root = next(one for one in crate["@graph"] if one["@id"] == BASE + DATASET)
    assert root["name"] and root["datePublished"] and root["license"], root
    for name in ["datacite-json", "csl", "schemaorg", "rocrate"]:
        json.loads(get(f"{DATASET}?format={name}")[0])
    for accept, start in [("application/x-bibtex", b"@"), ("application/x-research-info-systems", b"TY  -")]:
        assert get(DATASET, accept)[0].startswith(start), accept
    print("read:", len(graph))


if __name__ == "__main__":
    validate()
    harvest()
    follow()
    read()
