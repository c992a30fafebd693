#!/usr/bin/env python3
"""Writes the Turtle files of ontology/ from the source tables: build.py SOURCES [OUTPUT].

SOURCES holds data/ontology, data/code-lists, suites/eu-vocabularies and suites/eucaim-dcat-ap; OUTPUT is
ontology/ beside this script's project unless named. Only the standard library; the same input gives the
same bytes. What is left out of the sources, and why, is said in the header of each file.
"""

import csv
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
LANGUAGES = ["de", "fr", "es", "it"]
AUTHORITY = "http://publications.europa.eu/resource/authority/"
HEALTH = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
# The hosts under which the health lists were published before, each with the lists seen there.
HEALTH_HOSTS = [
    "https://hdeu-dcat.acceptance.data.health.europa.eu/resource/authority/",
    "http://13.81.34.152:1101/resource/authority/",
    "http://healthdataportal.eu/resource/authority/",
    AUTHORITY,
]
EUCAIM = "https://cancerimage.eu/ontology/EUCAIM#"
PROJECT = "https://github.com/EUCAIM/vesalius/ontology/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
CC_ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
APACHE = "https://www.apache.org/licenses/LICENSE-2.0"

PREFIXES = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "eucaim": EUCAIM,
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "duc": "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/data-use-conditions/#",
    "ac": "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#",
    "obo": "http://purl.obolibrary.org/obo/",
    "healthdcatap": "https://w3id.org/healthdcat-ap#",
}

# Columns of hierarchy.tsv that hold codes, and the ontology's own property for each.
CODE_COLUMNS = {
    "snomedct": "SNOMEDCT",
    "radlex": "RadLex",
    "ncit": "NCIT",
    "icd10": "ICD10",
    "icdo3": "ICDO3",
    "dicom": "DICOM_Tag",
    "loinc": "LOINC",
    "umls": "UMLS_CUI",
    "omop": "OMOP_Concept_ID",
}
# Prefixes in exactmatch_only.tsv, in any case, and the property for each.
MATCH_PREFIXES = {
    "snomedct": "SNOMEDCT",
    "radlex": "RadLex",
    "ncit": "NCIT",
    "icd10": "ICD10",
    "icdo3": "ICDO3",
    "loinc": "LOINC",
    "umls": "UMLS_CUI",
    "naaccr": "NAACCR",
    "cancermodifier": "CancerModifier",
    "icd10pcs": "ICD10PCS",
    "nebraskalexicon": "NebraskaLexicon",
    "birnlex": "birnlex",
    "dcm": "DCM",
}
# Codes that the source gives to the wrong class (see oddities_seen.tsv of the source).
WRONG_CODES = {
    ("CLIN1047300", "SNOMEDCT:363346000"),
    ("CLIN1023793", "8140/3-C61.9"),
    ("CLIN1046501", "1082901000112100"),
}
# Rows of dicom.tsv that map a modality to what it is not.
WRONG_MODALITIES = {"AS": "angioscopy is no magnetic resonance angiography"}
# How DICOM files write the manufacturers of the hyperontology, the aliases of dicom.tsv among them.
MANUFACTURERS = {
    "IMG1000044": ["SIEMENS", "Siemens Healthineers", "Siemens Medical Solutions"],
    "IMG1000045": ["TOSHIBA", "TOSHIBA_MEC", "Toshiba Medical", "Toshiba Medical Systems"],
    "IMG1000046": ["PHILIPS", "Philips Healthcare", "Philips Medical Systems"],
    "IMG1000047": ["GE", "GE Healthcare", "GE MEDICAL SYSTEMS"],
    "IMG1000050": ["Canon Medical Systems", "CANON_MEC"],
    "IMG1000051": ["Agfa-Gevaert", "Agfa HealthCare"],
    "IMG1000057": ["Hitachi Medical Corporation"],
    "IMG1000060": ["FUJIFILM Corporation", "FUJI PHOTO FILM Co., ltd."],
    "IMG1000063": ["United Imaging", "United Imaging Healthcare"],
    "IMG1000064": ["HOLOGIC, Inc."],
}
# Modalities whose class is plain from the label but missing in the table.
ADDED_MODALITIES = {"RG": "IMG1000036", "SEG": "IMG1000075", "OT": "IMG1000074"}


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: build.py SOURCES [OUTPUT]")
    sources = Path(sys.argv[1])
    output = Path(sys.argv[2]) if len(sys.argv) == 3 else HERE.parent.parent / "ontology"
    output.mkdir(parents=True, exist_ok=True)
    labels = read_labels()
    lists = read_lists()
    build_hyperontology(sources, output, labels)
    build_authority_tables(sources, output, labels, lists)
    build_health_lists(sources, output, labels, lists)
    build_federation_lists(sources, output, labels)
    build_privacy_lists(sources, output, labels, lists)
    build_legislation(output, labels, lists)
    build_aliases(sources, output, lists)
    total = 0
    for path in sorted(output.glob("*.ttl")):
        total += path.stat().st_size
        print(f"{path.stat().st_size:9,} {path.name}")
    print(f"{total:9,} bytes in all")


# Reading


def table(path):
    """The rows of a tab-separated file with a header; lines that start with # are remarks."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [{key: (value or "").strip() for key, value in row.items()} for row in rows]


def read_labels():
    """term -> {language: label}, from labels.tsv."""
    return {row["term"]: {tag: row[tag] for tag in LANGUAGES if row[tag]} for row in table(HERE / "labels.tsv")}


def read_lists():
    """list -> rows in order, from lists.tsv."""
    lists = {}
    for row in table(HERE / "lists.tsv"):
        lists.setdefault(row["list"], []).append(row)
    return lists


TOKEN = re.compile(
    r"""\s+|\#[^\n]*
    |(?P<iri><[^>]*>)
    |(?P<string>"(?:[^"\\]|\\.)*"(?:@[A-Za-z-]+|\^\^\S+)?)
    |(?P<prefix>@prefix|PREFIX\b)
    |(?P<mark>[;,.](?=\s|$)|[;,])
    |(?P<name>[^\s;,<>"]+?(?=[;,]|\s|\.\s|\.$))""",
    re.X,
)


def read_turtle(path):
    """(subject, predicate, object) of the plain Turtle of the source vocabularies: prefixes, names,
    strings, no nesting. An object that is a string is (text, language); all else is an IRI."""
    text = path.read_text(encoding="utf-8")
    tokens, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            sys.exit(f"{path}: cannot read {text[at:at + 40]!r}")
        at = match.end()
        if match.lastgroup:
            tokens.append((match.lastgroup, match.group()))
    prefixes, triples, sentence = {}, [], []
    index = 0
    while index < len(tokens):
        kind, value = tokens[index]
        if kind == "prefix":
            prefixes[tokens[index + 1][1]] = tokens[index + 2][1][1:-1]
            index += 4 if value == "@prefix" else 3
            continue
        if kind == "mark" and value == ".":
            triples += sentence_triples(sentence, prefixes)
            sentence = []
        else:
            sentence.append((kind, value))
        index += 1
    return triples


def sentence_triples(sentence, prefixes):
    terms = [value if kind == "mark" else term(kind, value, prefixes) for kind, value in sentence]
    if not terms:
        return
    subject, rest, predicate = terms[0], terms[1:], None
    for value in rest:
        if value == ";":
            predicate = None
        elif value == ",":
            pass
        elif predicate is None:
            predicate = value
        else:
            yield subject, predicate, value


def term(kind, value, prefixes):
    if kind == "iri":
        return value[1:-1]
    if kind == "string":
        body, _, language = value.rpartition('"')
        # Only what the sources use: escaped quotes and \uXXXX.
        body = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1], 16)), body[1:])
        return body.replace('\\"', '"').replace("\\n", " "), language.lstrip("@")
    if value == "a":
        return "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    prefix, colon, local = value.partition(":")
    return prefixes.get(prefix + colon, value[: len(prefix) + 1]) + local


# Writing


class Turtle:
    """A Turtle document in the making: a comment, a header, then one block for each subject."""

    def __init__(self, *remarks):
        self.remarks = remarks
        self.blocks = []

    def add(self, subject, pairs):
        """pairs: (predicate, object), both written already."""
        lines = [f"{predicate} {value}" for predicate, value in pairs]
        self.blocks.append(f"{subject} " + " ;\n    ".join(lines) + " .\n")

    def write(self, path):
        body = "\n".join(self.blocks)
        used = [name for name in PREFIXES if re.search(rf"(?<![\w:/]){name}:", body)]
        head = "".join(f"# {remark}\n" for remark in self.remarks)
        head += "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in used)
        path.write_text(head + "\n" + body, encoding="utf-8")


def iri(value):
    """An IRI with a prefix where the local part needs no care, else in angle brackets."""
    for name, namespace in PREFIXES.items():
        local = value[len(namespace):]
        if value.startswith(namespace) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*", local):
            return f"{name}:{local}"
    return f"<{value}>"


def text(value, language=""):
    value = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{value}"' + (f"@{language}" if language else "")


def source_pairs(title, source, licence, changes, version=""):
    pairs = [("dct:title", text(title, "en")), ("dct:source", f"<{source}>"), ("dct:license", f"<{licence}>")]
    if version:
        pairs.append(("owl:versionInfo", text(version)))
    return pairs + [("skos:changeNote", text(changes, "en"))]


def concept_pairs(scheme, code, labels, broader=None, matches=(), extra=(), kinds=()):
    """labels: {language: text}, the English one first."""
    kinds = ", ".join(["skos:Concept", *kinds])
    pairs = [("a", kinds), ("skos:inScheme", f"<{scheme}>"), ("skos:notation", text(code))]
    pairs += [("skos:prefLabel", text(value, tag)) for tag, value in labels.items()]
    pairs.append(("skos:broader", broader) if broader else ("skos:topConceptOf", f"<{scheme}>"))
    pairs += [("skos:exactMatch", f"<{match}>") for match in matches]
    return pairs + list(extra)


def merged_labels(english, *others):
    labels = {"en": english}
    for other in others:
        labels.update({tag: other[tag] for tag in LANGUAGES if other.get(tag)})
    return {tag: labels[tag] for tag in ["en", *LANGUAGES] if tag in labels}


# The hyperontology


def build_hyperontology(sources, output, labels):
    folder = sources / "data" / "ontology"
    concepts = [row for row in table(folder / "concepts.tsv") if not re.match(r"N[0-9a-f]{8}", row["code"])]
    hierarchy = {row["code"]: row for row in table(folder / "hierarchy.tsv")}
    sites = {row["code"]: row for row in table(folder / "condition_site_morphology.tsv")}
    lone = {row["code"]: row for row in table(folder / "codes_without_parents.tsv")}
    equivalents, matches = {}, {}
    for row in table(folder / "equivalent_classes.tsv"):
        equivalents.setdefault(row["code"], []).append(row["equivalent_class"])
    for row in table(folder / "exactmatch_only.tsv"):
        matches.setdefault(row["code"], []).append(row["exact_match"])

    turtle = Turtle(
        "EUCAIM's Hyper-Ontology, version 2.0 (December 2025): a transcription, made by tools/ontology/build.py.",
        "Licence of the source: CC BY 4.0. SNOMED CT, LOINC, RadLex, UMLS, ICD, ICD-O and OMOP identifiers are",
        "third-party codes with terms of their own, given here as cross-references only.",
        "Changes: definitions and restrictions other than those below are left out; 2,228 classes stand without",
        "parents because their place in the hierarchy was not transcribed; codes known to be damaged are dropped.",
    )
    changes = (
        "Transcribed from the published RDF/XML: labels, named superclasses, codes, has-method, finding-site and "
        "morphology restrictions. Definitions and all other axioms are left out."
    )
    turtle.add(
        f"<{EUCAIM.rstrip('#')}>",
        [("a", "owl:Ontology")]
        + source_pairs("EUCAIM's Hyper-Ontology", "https://doi.org/10.5281/zenodo.10777925", CC_BY, changes, "2.0")
        + [
            ("dct:creator", text("LIMICS")),
            ("dct:publisher", text("EUCAIM, LIMICS")),
            ("dct:issued", '"2025-12"^^xsd:gYearMonth'),
            (
                "dct:rights",
                text(
                    "SNOMED CT, LOINC, RadLex, UMLS, ICD, ICD-O, NCIt and OMOP identifiers belong to their owners; "
                    "the licence of the ontology does not extend to those terminologies.",
                    "en",
                ),
            ),
        ],
    )
    add_properties(turtle)
    for row in sorted(concepts, key=lambda row: row["code"]):
        code = row["code"]
        known = hierarchy.get(code, {})
        pairs = [("a", "owl:Class, skos:Concept"), ("skos:notation", text(code))]
        label = row["label"] if row["label"] != code else ""
        if label:
            pairs += [("rdfs:label", text(label, "en")), ("skos:prefLabel", text(label, "en"))]
        synonyms = [part.strip() for part in known.get("synonyms", "").split("|")]
        synonyms = [name for name in dict.fromkeys(synonyms) if name and name != label and name.lower() != "false"]
        pairs += [("skos:altLabel", text(name, "en")) for name in synonyms]
        pairs += [("rdfs:subClassOf", f"eucaim:{parent}") for parent in known.get("parents", "").split(";") if parent]
        pairs += [("owl:equivalentClass", f"eucaim:{other}") for other in equivalents.get(code, [])]
        pairs += code_pairs(code, known or lone.get(code, {}), matches.get(code, []))
        site = sites.get(code, {})
        for name, target in [
            ("hasMethod", known.get("has_method", "")),
            ("hasFindingSite", site.get("finding_site", "")),
            ("hasAssociatedMorphology", site.get("morphology", "")),
            (r"hasFindingSite\(metastasized\)", site.get("metastasized_site", "")),
        ]:
            pairs += [
                ("rdfs:subClassOf", f"[ a owl:Restriction ; owl:onProperty eucaim:{name} ; owl:someValuesFrom eucaim:{one} ]")
                for one in re.split("[;|]", target)
                if one
            ]
        turtle.add(f"eucaim:{code}", pairs)
    turtle.write(output / "hyperontology.ttl")
    build_additions(sources, output, labels, concepts)


def build_additions(sources, output, labels, concepts):
    """What we add to the hyperontology stands in a graph of its own, so that it outlives a newer official file."""
    segments = {}
    for row in table(sources / "data" / "ontology" / "segmentation_labels.tsv"):
        segments.setdefault(row["code"], []).append(row["label"])
    modalities = dicom_modalities(sources)
    names = dicom_names(sources)
    turtle = Turtle(
        "Additions to EUCAIM's Hyper-Ontology, by tools/ontology/build.py: labels in German, French, Spanish and Italian",
        "(ours, CC0), values of DICOM Modality (0008,0060), names of body parts and manufacturers as DICOM files write",
        "them, and the labels of EUCAIM DCAT-AP's segmentation value set",
        "(https://github.com/EUCAIM/eucaim_dcat_ap, Apache-2.0) as synonyms. Statements about a class that the",
        "hyperontology in force does not have are ignored.",
    )
    note = "Dropped rows of the DICOM table: " + "; ".join(
        f"{code} ({why})" for code, why in sorted(WRONG_MODALITIES.items())
    )
    title = "Labels and codes added to the hyperontology"
    turtle.add(
        f"<{PROJECT}hyperontology-labels>",
        [("a", "owl:Ontology")]
        + source_pairs(title, "https://github.com/EUCAIM/eucaim_dcat_ap", APACHE, note)
        + [("dct:license", f"<{CC_ZERO}>")],
    )
    for row in sorted(concepts, key=lambda row: row["code"]):
        code, label = row["code"], row["label"]
        pairs = [("skos:prefLabel", text(value, tag)) for tag, value in labels.get(code, {}).items()]
        synonyms = dict.fromkeys(segments.get(code, []) + names.get(code, []))
        pairs += [("skos:altLabel", text(name, "en")) for name in synonyms if name.lower() != label.lower()]
        pairs += [("eucaim:DICOM", text(value)) for value in modalities.get(code, [])]
        if pairs:
            turtle.add(f"eucaim:{code}", pairs)
    turtle.write(output / "hyperontology-labels.ttl")


def add_properties(turtle):
    for row in table(HERE / "properties.tsv"):
        if row["namespace"] != "eucaim":
            continue
        pairs = [("a", "owl:ObjectProperty"), ("rdfs:label", text(row["label"], "en"))]
        if row["range"]:
            pairs.append(("rdfs:range", f"eucaim:{row['range']}"))
        turtle.add("eucaim:" + re.sub(r"([()])", r"\\\1", row["name"]), pairs)


def code_pairs(code, row, matches):
    pairs = []
    for column, name in CODE_COLUMNS.items():
        for value in re.split(r"[;|]", row.get(column) or ""):
            value = value.strip()
            if not value or (code, value) in WRONG_CODES:
                continue
            if column == "dicom":
                value = value.split(")")[0] + ")"
            pairs.append((f"eucaim:{name}", text(value)))
    for match in matches:
        value = re.sub(r"^(match|src)=", "", match)
        system, _, rest = value.partition(":")
        name = MATCH_PREFIXES.get(system.lower())
        if not name or (code, value) in WRONG_CODES:
            continue
        # Only the reference of a whole class is a code: a source says where a term came from.
        pair = (f"eucaim:{name}", text(rest)) if not match.startswith("src=") else ("eucaim:source", text(value))
        if pair not in pairs:
            pairs.append(pair)
    return pairs


def dicom_names(sources):
    """concept code -> names of body parts and manufacturers, as DICOM files write them."""
    found = {code: list(names) for code, names in MANUFACTURERS.items()}
    for row in table(sources / "data" / "code-lists" / "dicom.tsv"):
        if row["table"] == "LookupBodyPartForImaging":
            found.setdefault(row["parsed"], []).append(row["original"])
    return found


def dicom_modalities(sources):
    """concept code -> values of DICOM Modality (0008,0060)."""
    found = {}
    for row in table(sources / "data" / "code-lists" / "dicom.tsv"):
        value, code = row["original"], row["parsed"]
        wanted = row["table"] == "LookupImagingModality" and re.fullmatch(r"[A-Z]+[0-9]+", code)
        if wanted and value not in WRONG_MODALITIES:
            found.setdefault(code, []).append(value)
    for value, code in ADDED_MODALITIES.items():
        found.setdefault(code, []).append(value)
    return {code: sorted(values) for code, values in found.items()}


# The authority tables of the EU


def build_authority_tables(sources, output, labels, lists):
    folder = sources / "suites" / "eu-vocabularies"
    plain = [
        ("access-right", "access-right.ttl", "Access rights"),
        ("frequency", "frequencies.ttl", "Frequencies"),
        ("planned-availability", "planned-availability.ttl", "Planned availability"),
        ("distribution-status", "distribution-status.ttl", "Distribution status"),
        ("dataset-type", "dataset-types.ttl", "Dataset types"),
        ("licence", "licences.ttl", "Licences"),
    ]
    for name, file, title in plain:
        members, version = turtle_members(folder / file, name)
        for row in lists.get(name, []):
            members.setdefault(row["code"], {"en": row["en"]}).update({tag: row[tag] for tag in LANGUAGES if row.get(tag)})
        write_authority(output, name, title, members, version, labels)
    for name, file, title in [
        ("country", "countries-skos.rdf", "Countries and territories"),
        ("data-theme", "data-theme-skos-ap-act.rdf", "Data themes"),
    ]:
        members, version = xml_members(folder / file, name)
        # A value for the Publications Office's own use.
        members.pop("OP_DATPRO", None)
        for row in lists.get(name, []):
            members[row["code"]].update({tag: row[tag] for tag in ["en", *LANGUAGES] if row.get(tag)})
        write_authority(output, name, title, members, version, labels)
    for name, title in [("language", "Languages"), ("continent", "Continents"), ("file-type", "File types")]:
        members = {row["code"]: {tag: row[tag] for tag in ["en", *LANGUAGES] if row.get(tag)} for row in lists[name]}
        matches = {
            row["code"]: [f"http://id.loc.gov/vocabulary/iso639-1/{row['match']}"]
            for row in lists[name]
            if name == "language" and row.get("match")
        }
        write_authority(output, name, title, members, "", labels, matches)
    write_media_types(output, lists)


def turtle_members(path, name):
    namespace, members, version, old = AUTHORITY + name + "/", {}, "", set()
    for subject, predicate, value in read_turtle(path):
        if subject.startswith(namespace):
            member = members.setdefault(subject[len(namespace):], {})
            if predicate.endswith("#prefLabel") and value[1] in ["en", *LANGUAGES]:
                member.setdefault(value[1], value[0])
            if predicate.endswith("deprecated") and value[0] == "true":
                old.add(subject[len(namespace):])
        elif predicate.endswith("versionInfo"):
            version = value[0]
    for code in old:
        members[code]["deprecated"] = True
    return {code: member for code, member in members.items() if "en" in member}, version


def xml_members(path, name):
    spaces = {"skos": PREFIXES["skos"], "owl": PREFIXES["owl"]}
    about = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    namespace, members, version = AUTHORITY + name + "/", {}, ""
    root = ElementTree.parse(path).getroot()
    for element in root.iter("{%s}versionInfo" % spaces["owl"]):
        version = version or (element.text or "")
    for element in root.findall("skos:Concept", spaces):
        gone = element.get("{http://publications.europa.eu/ontology/authority/}deprecated") == "true"
        subject = element.get(about, "")
        if gone or not subject.startswith(namespace):
            continue
        member = members.setdefault(subject[len(namespace):], {})
        for label in element.findall("skos:prefLabel", spaces):
            if label.get(language) in ["en", *LANGUAGES]:
                member.setdefault(label.get(language), label.text.strip())
    return {code: member for code, member in members.items() if "en" in member}, version


def write_authority(output, name, title, members, version, labels, matches=None):
    scheme = AUTHORITY + name
    turtle = Turtle(
        f"Authority table of the EU, {title.lower()}: Publications Office of the European Union, CC BY 4.0.",
        "Trimmed by tools/ontology/build.py to codes and labels in five languages; some labels are our own translations.",
    )
    changes = "Trimmed to codes and labels in English, German, French, Spanish and Italian; missing translations added."
    pairs = [("a", "skos:ConceptScheme")] + source_pairs(title, scheme, CC_BY, changes, version)
    turtle.add(f"<{scheme}>", pairs)
    for code in sorted(members):
        member = dict(members[code])
        extra = [("owl:deprecated", "true")] if member.pop("deprecated", False) else []
        names = merged_labels(member["en"], labels.get(f"{name}/{code}", {}), member)
        same = (matches or {}).get(code) or ([licence_url(code)] if name == "licence" and licence_url(code) else [])
        turtle.add(f"<{scheme}/{code}>", concept_pairs(scheme, code, names, matches=same, extra=extra))
    turtle.write(output / f"{name}.ttl")


def licence_url(code):
    """The address of a Creative Commons licence, from its code in the EU table."""
    fixed = {"CC0": CC_ZERO, "CC_PDM_1_0": "https://creativecommons.org/publicdomain/mark/1.0/"}
    match = re.fullmatch(r"CC_(BY(?:NC)?(?:SA|ND)?)_(\d)_(\d)", code)
    if not match:
        return fixed.get(code)
    kind = "-".join(re.findall("BY|NC|SA|ND", match[1])).lower()
    return f"https://creativecommons.org/licenses/{kind}/{match[2]}.{match[3]}/"


def write_media_types(output, lists):
    scheme = "https://www.iana.org/assignments/media-types"
    turtle = Turtle(
        "Media types registered with IANA that describe the files of image collections; facts of the registry.",
        "Chosen and labelled by tools/ontology/build.py.",
    )
    note = "A choice of registered media types, with labels of our own."
    turtle.add(f"<{scheme}>", [("a", "skos:ConceptScheme")] + source_pairs("Media types", scheme, CC_ZERO, note))
    for row in sorted(lists["media-types"], key=lambda row: row["code"]):
        turtle.add(
            f"<{scheme}/{row['code']}>",
            concept_pairs(scheme, row["code"], {"en": row["en"]}, kinds=["dct:MediaType"]),
        )
    turtle.write(output / "media-types.ttl")


# The health lists


def build_health_lists(sources, output, labels, lists):
    rows = table(sources / "data" / "code-lists" / "health.tsv")
    seen = {}
    for row in rows:
        seen.setdefault(row["list"], []).append((row["code"], row["label_en"]))
    for name, title, members in [
        ("healthcategories", "Categories of electronic health data (EHDS, Article 51)", seen["HealthCategories"]),
        ("health-theme", "Health themes", seen["HealthTheme"]),
        ("publisher-type", "Types of publishers", seen["PublisherType"]),
        ("health-activity", "Health activities", None),
        ("coding-system", "Coding systems", None),
        ("standard", "Standards", None),
    ]:
        extra = {row["code"]: row for row in lists.get(name, [])}
        members = members or [(code, row["en"]) for code, row in extra.items()]
        scheme = HEALTH + name
        turtle = Turtle(
            f"HealthDCAT-AP, {title}: facts of the European Commission's code lists, CC BY 4.0.",
            "Transcribed by tools/ontology/build.py; the IRIs of release 8 are the canonical ones, older hosts are in aliases.ttl.",
        )
        note = "Codes and English labels only; spelling of labels repaired, translations added where we had them."
        turtle.add(f"<{scheme}>", [("a", "skos:ConceptScheme")] + source_pairs(title, scheme, CC_BY, note))
        for code, label in sorted(members):
            # A footnote number of the Regulation stuck to a word of the source.
            label = label.replace("Council34", "Council")
            match = extra.get(code, {}).get("match")
            names = merged_labels(label, labels.get(f"{name}/{code}", {}))
            turtle.add(f"<{scheme}/{code}>", concept_pairs(scheme, code, names, matches=[match] if match else []))
        turtle.write(output / f"{name}.ttl")


# The federation's own lists


def build_federation_lists(sources, output, labels):
    folder = sources / "suites" / "eucaim-dcat-ap"
    scheme = PREFIXES["ac"].rstrip("#")
    undeclared = "https://eucaim.github.io/eucaim_dcat_ap/resource/authority/access-condition"
    turtle = Turtle(
        "EUCAIM DCAT-AP 2.0, access conditions: https://github.com/EUCAIM/eucaim_dcat_ap, Apache-2.0.",
        "Repaired by tools/ontology/build.py: upstream puts the concepts into a scheme that is declared nowhere;",
        "here they are in the declared one, and the other IRI is an alias of it.",
    )
    note = "Scheme of the concepts repaired, translations and links to the hyperontology's access conditions added."
    turtle.add(
        f"<{scheme}>",
        [("a", "skos:ConceptScheme")]
        + source_pairs("EUCAIM Access Conditions", "https://github.com/EUCAIM/eucaim_dcat_ap", APACHE, note, "1.0.0"),
    )
    close = {"DOWNLOAD": "SPEC1000024", "IN_SITU_PROCESSING": "SPEC1000023", "REMOTE_PROCESSING": "SPEC1000022"}
    for subject, member in sorted(subjects(read_turtle(folder / "access-conditions.ttl"), PREFIXES["ac"]).items()):
        code = subject[len(PREFIXES["ac"]):]
        names = merged_labels(member["prefLabel"][0], labels.get(f"access-conditions/{code}", {}))
        extra = [
            ("skos:inScheme", f"<{undeclared}>"),
            ("skos:definition", text(member["definition"][0], "en")),
            ("skos:closeMatch", f"eucaim:{close[code]}"),
        ]
        pairs = concept_pairs(scheme, code, names, extra=extra, kinds=["dct:RightsStatement"])
        turtle.add(iri(subject), pairs)
    turtle.write(output / "access-conditions.ttl")

    scheme = PREFIXES["duc"]
    turtle = Turtle(
        "EUCAIM DCAT-AP 2.0, data-use conditions: https://github.com/EUCAIM/eucaim_dcat_ap, Apache-2.0.",
        "Each matches a term of the Data Use Ontology (DUO, CC BY 4.0).",
    )
    note = "None but the order of the statements."
    turtle.add(
        f"<{scheme}>",
        [("a", "skos:ConceptScheme")]
        + source_pairs("EUCAIM Data Use Conditions", "https://github.com/EUCAIM/eucaim_dcat_ap", APACHE, note),
    )
    for subject, member in sorted(subjects(read_turtle(folder / "data-use-conditions.ttl"), scheme).items()):
        pairs = concept_pairs(
            scheme,
            member["notation"][0],
            {"en": member["prefLabel"][0]},
            matches=[member["exactMatch"]],
            kinds=["dct:RightsStatement"],
        )
        turtle.add(iri(subject), pairs)
    turtle.write(output / "data-use-conditions.ttl")


def subjects(triples, namespace):
    """subject -> {local name of the predicate: object}, for the members of a namespace."""
    found = {}
    for subject, predicate, value in triples:
        if subject.startswith(namespace) and subject != namespace:
            found.setdefault(subject, {})[re.split("[#/]", predicate)[-1]] = value
    return found


# Privacy and law


def build_privacy_lists(sources, output, labels, lists):
    turtle = Turtle(
        "Data Privacy Vocabulary (DPV 2): kinds of data, legal bases, purposes and personal data; W3C DPVCG, CC BY 4.0.",
        "A choice of terms with their labels, made by tools/ontology/build.py.",
    )
    note = "A choice of terms; definitions left out. Personal data keep the namespace pd#; dpv-pd# is an alias."
    turtle.add(
        "<https://w3id.org/dpv>",
        [("a", "owl:Ontology")] + source_pairs("Data Privacy Vocabulary", "https://w3id.org/dpv", CC_BY, note, "2"),
    )
    personal = [row for row in table(sources / "data" / "code-lists" / "health.tsv") if row["list"] == "PersonalData"]
    # Labels that contradict their term in the source.
    repaired = {"Identifying": "Identifying", "Death": "Death"}
    lists = dict(lists)
    lists["pd"] = [
        {"code": row["code"], "en": repaired.get(row["code"], row["label_en"])}
        for row in {row["code"]: row for row in personal}.values()
        if row["code"] != "Other"
    ]
    for name, scheme, title, namespace in [
        ("dpv", "https://w3id.org/dpv#data-classes", "Kinds of data", PREFIXES["dpv"]),
        ("dpv-legal-basis", "https://w3id.org/dpv#legal-basis-classes", "Legal bases", PREFIXES["dpv"]),
        ("dpv-purpose", "https://w3id.org/dpv#purposes-classes", "Purposes", PREFIXES["dpv"]),
        ("gdpr", "https://w3id.org/dpv/legal/eu/gdpr#legal-basis-classes", "Legal bases of the GDPR", PREFIXES["gdpr"]),
        ("pd", "https://w3id.org/dpv/pd#classes", "Personal data", PREFIXES["pd"]),
    ]:
        turtle.add(f"<{scheme}>", [("a", "skos:ConceptScheme"), ("dct:title", text(title, "en"))])
        for row in sorted(lists[name], key=lambda row: row["code"]):
            broader = iri(namespace + row["broader"]) if row.get("broader") else None
            names = merged_labels(row["en"], labels.get(f"{name}/{row['code']}", {}))
            extra = [("rdfs:subClassOf", broader)] if broader and name == "dpv" else []
            kinds = ["rdfs:Class"] if name == "dpv" else []
            turtle.add(iri(namespace + row["code"]), concept_pairs(scheme, row["code"], names, broader, extra=extra, kinds=kinds))
    turtle.write(output / "dpv.ttl")


def build_legislation(output, labels, lists):
    scheme = "http://data.europa.eu/eli"
    turtle = Turtle(
        "Acts of the EU that data sets of health name as applicable legislation: facts of EUR-Lex, labels ours (CC0).",
    )
    note = "A choice of acts with short titles."
    turtle.add(f"<{scheme}>", [("a", "skos:ConceptScheme")] + source_pairs("Applicable legislation", scheme, CC_ZERO, note))
    for row in lists["legislation"]:
        matches = [row["match"]] if row.get("match") else []
        kinds = ["<http://data.europa.eu/eli/ontology#LegalResource>"]
        turtle.add(f"<{scheme}/{row['code']}>", concept_pairs(scheme, row["code"], {"en": row["en"]}, matches=matches, kinds=kinds))
    turtle.write(output / "legislation.ttl")


# Other names


def build_aliases(sources, output, lists):
    turtle = Turtle(
        "Other names of properties, values and namespaces: each is replaced by the one we write (facts; CC0).",
        "A subject that ends in # or / stands for its namespace. A skos:notation on a namespace names the coding",
        "system whose codes follow it.",
    )
    note = "Collected from the releases of HealthDCAT-AP, the federation's examples and the records of its harvester."
    turtle.add(
        f"<{PROJECT}aliases>",
        [("a", "owl:Ontology"), ("dct:title", text("Aliases", "en")), ("dct:license", f"<{CC_ZERO}>"), ("skos:changeNote", text(note, "en"))],
    )
    replaced = []
    for row in table(HERE / "properties.tsv"):
        if row["namespace"] == "healthdcatap":
            replaced.append(("http://healthdataportal.eu/ns/health#" + row["name"], PREFIXES["healthdcatap"] + row["name"]))
    for row in table(HERE / "properties.tsv"):
        if row["namespace"] == "eucaim":
            replaced.append(("https://hyperontology.eucaim.cancerimage.eu/#" + row["name"], EUCAIM + row["name"]))
    replaced += [
        ("http://www.w3.org/ns/adms#interoperabilityLevel", EUCAIM + "interoperabilityLevel"),
        ("http://www.w3.org/ns/dqv#hasLegalBasis", PREFIXES["dpv"] + "hasLegalBasis"),
        ("http://www.w3.org/ns/dpv#hasLegalBasis", PREFIXES["dpv"] + "hasLegalBasis"),
        ("http://www.w3.org/ns/dpv#hasPurpose", PREFIXES["dpv"] + "hasPurpose"),
        ("http://www.w3.org/ns/dpv#hasPersonalData", PREFIXES["dpv"] + "hasPersonalData"),
        (
            "https://eucaim.github.io/eucaim_dcat_ap/resource/authority/access-condition",
            PREFIXES["ac"].rstrip("#"),
        ),
        ("http://healthdataportal.eu/ns/health#", PREFIXES["healthdcatap"]),
        ("https://hyperontology.eucaim.cancerimage.eu/#", EUCAIM),
        ("http://cancerimage.eu/ontology/EUCAIM#", EUCAIM),
        ("https://w3id.org/dpv/dpv-pd#", PREFIXES["pd"]),
        ("https://w3id.org/dpv/dpv-gdpr#", PREFIXES["gdpr"]),
        ("http://www.w3.org/ns/dpv#", PREFIXES["dpv"]),
        ("http://www.iana.org/assignments/media-types/", "https://www.iana.org/assignments/media-types/"),
        ("https://publications.europa.eu/resource/authority/", AUTHORITY),
        # So do the examples of EUCAIM DCAT-AP 1.0 call it.
        ("http://13.81.34.152:1101/resource/authority/health-theme/CANCER", HEALTH + "health-theme/CANCER_DISEASE"),
    ]
    for name in ["healthcategories", "health-theme", "publisher-type", "health-activity", "coding-system", "standard"]:
        for host in HEALTH_HOSTS:
            replaced.append((f"{host}{name}/", f"{HEALTH}{name}/"))
            replaced.append((f"{host}{name}", f"{HEALTH}{name}"))
    for old, new in sorted(dict(replaced).items()):
        turtle.add(f"<{old}>", [("dct:isReplacedBy", f"<{new}>")])
    for namespace, system in [
        ("http://snomed.info/id/", "SNOMEDCT"),
        ("http://snomed.info/sct/", "SNOMEDCT"),
        ("http://purl.bioontology.org/ontology/SNOMEDCT/", "SNOMEDCT"),
        ("http://radlex.org/RID/", "RadLex"),
        ("http://www.radlex.org/RID/", "RadLex"),
        ("http://purl.obolibrary.org/obo/NCIT_", "NCIT"),
        ("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl#", "NCIT"),
        ("http://purl.bioontology.org/ontology/ICD10/", "ICD10"),
        ("http://hl7.org/fhir/sid/icd-10/", "ICD10"),
        ("http://purl.bioontology.org/ontology/LNC/", "LOINC"),
        ("https://loinc.org/", "LOINC"),
        ("http://loinc.org/", "LOINC"),
        ("http://linkedlifedata.com/resource/umls/id/", "UMLS"),
        ("http://dicom.nema.org/resources/ontology/DCM/", "DICOM"),
    ]:
        turtle.add(f"<{namespace}>", [("skos:notation", text(system))])
    turtle.write(output / "aliases.ttl")


if __name__ == "__main__":
    main()
