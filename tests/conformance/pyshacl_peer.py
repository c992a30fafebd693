"""Answers for tests/conformance/peers.rs what pySHACL says: a line of JSON in, a line of JSON out."""

import json
import logging
import sys

import rdflib
from pyshacl import validate

logging.disable(logging.CRITICAL)
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def main():
    for line in sys.stdin:
        question = json.loads(line)
        try:
            reply = answer(question["data"], question["shapes"])
        except Exception as error:  # noqa: BLE001: whatever it is, the test shall tell it
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


def answer(data, shapes):
    # "01"^^xsd:integer must stay as it was sent. pySHACL turns the switch back at the end of each validation.
    rdflib.NORMALIZE_LITERALS = False
    graphs = [rdflib.Graph().parse(data=text, format="turtle") for text in (data, shapes)]
    conforms, report, text = validate(graphs[0], shacl_graph=graphs[1], inference="none", advanced=False)
    if not isinstance(report, rdflib.Graph):
        return {"error": text}
    results = [result(report, node) for node in report.objects(None, SH.result)]
    return {"conforms": conforms, "results": results}


def result(report, node):
    def value(name):
        found = report.value(node, SH[name])
        return None if found is None else shown(found)

    return [value(name) for name in ("focusNode", "resultPath", "value", "sourceConstraintComponent", "sourceShape", "resultSeverity")]


def shown(term):
    """As peers.rs writes a term: nothing is escaped, language tags are in lower case, blank nodes have no names."""
    if isinstance(term, rdflib.BNode):
        return "_:"
    if isinstance(term, rdflib.URIRef):
        return f"<{term}>"
    if term.language:
        return f'"{term}"@{term.language.lower()}'
    return f'"{term}"^^<{term.datatype or rdflib.XSD.string}>'


if __name__ == "__main__":
    main()
