"""Writes demo/ from the facts beside this file. Run: python3 tools/demo/build.py

A dataset's facts: title, text (by language), cancer, modality, maker, body, sex, tier, method, type (words of
people.TERMS), people, studies, ages, period, countries, rights, access, use, labels/how/segmented (annotations),
variables (a set of people.VARIABLES), codes, issued, version, notes, hdab (country), origin, doi, licence, series,
frequency, category, and sparse (recommended fields left out on purpose).
"""

import hashlib
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "shapes"))

from catalogues import CATALOGUES, OTHERS
from datasets import D
from people import EU_LANGUAGE, HDABS, NOTE, PUBLISHERS, TERMS, VARIABLES
from vocabulary import ACCESS_CONDITION, EU, HEALTH, PREFIXES

OUT = Path(__file__).parent.parent.parent / "demo"
DATA_USE = ACCESS_CONDITION.replace("access-conditions", "data-use-conditions")
EHDS = "http://data.europa.eu/eli/reg/2025/327/oj"
GDPR = "https://w3id.org/dpv/legal/eu/gdpr#"
MEDIA = "https://www.iana.org/assignments/media-types/"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def texts(by_language, note=False):
    return " ,\n        ".join(
        f"{quoted(t + (' ' + NOTE[lang] if note else ''))}@{lang}" for lang, t in by_language.items()
    )


def terms(words):
    words = words.split() if isinstance(words, str) else words
    return " , ".join(dict.fromkeys(f"eucaim:{TERMS[w]}" for w in words))


def iris(base, codes):
    return " , ".join(f"<{base}{c}>" for c in codes.split())


def agent(name, about, type, host, indent="        "):
    lines = [
        "[",
        "    a foaf:Agent ;",
        f'    foaf:name "{name}"@en ;',
        f"    dct:type <{HEALTH}publisher-type/{type}> ;" if type else None,
        f'    dct:description "{about}"@en ;' if about else None,
        "    cv:contactPoint [",
        "        a cv:ContactPoint ;",
        f"        cv:contactPage <https://{host}.example.org/contact> ;",
        f'        cv:email "contact@{host}.example.org"',
        "    ]",
        "]",
    ]
    return ("\n    ").join(line for line in lines if line)


def publisher(key):
    name, type, host, about = PUBLISHERS[key]
    return agent(name, about, type, host)


def period(start, end=None):
    close = f' ; dcat:endDate "{end}"^^xsd:date' if end else ""
    return f'[ a dct:PeriodOfTime ; dcat:startDate "{start}"^^xsd:date{close} ]'


def table(columns):
    described = " ,\n            ".join(
        f'[ csvw:name "{name}" ; csvw:title "{title}"@en ; dct:description "{about}"@en ; csvw:datatype "{type}" ]'
        for name, title, about, type in columns
    )
    return (
        "[\n        a csvw:TableGroup ;\n        csvw:table [\n            a csvw:Table ;\n"
        f'            dct:title "Clinical data"@en ;\n            csvw:column {described}\n        ]\n    ]'
    )


def subject(iri, pairs):
    """One described resource; pairs without a value are left out."""
    lines = [f"    {p} {v}" for p, v in pairs if v]
    return f"<{iri}>\n" + " ;\n".join(lines) + " .\n"


def distributions(d):
    """Images first, then the clinical table, then the annotations."""
    host = PUBLISHERS[d["publisher"]][2]
    public = d["rights"] == "PUBLIC"
    page = f"https://{host}.example.org/collections/{d['id']}" if public else f"https://negotiator.example.org/collection/{d['id']}"
    kinds = [("images", "Images", "All images as DICOM files.", "ZIP", "application/dicom", d["studies"] * 148_213_504)]
    if d.get("variables"):
        kinds.append(("clinical", "Clinical data", "One row for each person, described by the variables of the dataset.", "CSV", "text/csv", d["people"] * 412))
    if d.get("labels"):
        kinds.append(("annotations", "Annotations", "Segmentations as DICOM SEG objects that refer to the images.", "ZIP", "application/dicom", d["segmented"] * 1_310_720))
    licence = d.get("licence")
    for number, (part, title, about, file, media, size) in enumerate(kinds, 1):
        iri = f"dataset/{d['id']}#distribution-{number}"
        digest = hashlib.sha256(iri.encode()).hexdigest()
        rights = iris(ACCESS_CONDITION, d["access"]) + " , " + iris(DATA_USE, d["use"])
        yield iri, subject(iri, [
            ("a", "dcat:Distribution"),
            ("dct:title", f'"{title}"@en'),
            ("dct:description", None if d.get("sparse") and number > 1 else f'"{about} Demonstration record: no real files are offered."@en'),
            ("dcat:accessURL", f"<{page}>"),
            ("dcat:accessService", "<service/public-dicomweb>" if d["id"] in ("public-lidc-idri", "public-duke-breast-mri", "public-prostatex") and number == 1 else None),
            ("dcat:downloadURL", f"<{page}/{part}.{file.lower()}>" if public else None),
            ("dcatap:availability", None if d.get("sparse") else f"<{EU}planned-availability/{'STABLE' if public else 'AVAILABLE'}>"),
            ("dct:format", f"<{EU}file-type/{file}>"),
            ("dcat:mediaType", f"<{MEDIA}{media}>"),
            ("dcat:packageFormat", f"<{MEDIA}application/zip>" if file == "ZIP" else None),
            ("dcat:byteSize", f'"{size}"^^xsd:nonNegativeInteger'),
            ("spdx:checksum", f'[ a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue "{digest}"^^xsd:hexBinary ]' if public else None),
            ("dcatap:applicableLegislation", f"<{EHDS}>"),
            ("dct:license", f"<{EU}licence/{licence}>" if licence else f"<https://{host}.example.org/terms-of-use>" if not d.get("sparse") else None),
            ("dct:rights", rights),
            ("odrl:hasPolicy", policy(d) if number == 1 and d["tier"].startswith("3") else None),
            ("dct:issued", f'"{d["issued"]}"^^xsd:date'),
            ("adms:status", f"<{EU}distribution-status/{'DEVELOP' if d['version'].startswith('0') else 'COMPLETED'}>"),
        ])


def policy(d):
    prohibited = "odrl:sell" if "NON_COMMERCIAL" in d["use"] else "odrl:distribute"
    return (
        "[\n        a odrl:Policy ;\n        odrl:permission [ a odrl:Permission ; odrl:action odrl:use ] ;\n"
        f"        odrl:prohibition [ a odrl:Prohibition ; odrl:action {prohibited} ] ;\n"
        "        odrl:obligation [ a odrl:Duty ; odrl:action odrl:attribute ]\n    ]"
    )


def dataset(d):
    iri = f"dataset/{d['id']}"
    name, _, host, _ = PUBLISHERS[d["publisher"]]
    full, best = not d.get("sparse"), d["tier"].startswith("3")
    public = d["rights"] == "PUBLIC"
    parts = list(distributions(d))
    systems = sorted({c.split(":")[0] for c in d["codes"]})
    standards = ["DICOM"] + (["OMOP-CDM"] if best else []) + (["FHIR"] if d["catalogue"] == "incisive" else [])
    keywords = ["demonstration data"] + d["keywords"]
    hdab = HDABS.get(d.get("hdab"))
    languages = [EU_LANGUAGE[lang] for lang in d["title"]]
    bases = ("A6-1-a", "A9-2-a") if d["catalogue"] in ("hospital-biobanks",) else ("A6-1-e", "A9-2-j")
    yield subject(iri, [
        ("a", "dcat:Dataset"),
        ("dct:identifier", f'"https://atlas.example.org/dataset/{d["id"]}"^^xsd:anyURI'),
        ("dct:title", texts(d["title"])),
        ("dct:description", texts(d["text"], note=True)),
        ("dcat:version", f'"{d["version"]}"'),
        ("adms:versionNotes", f'"{d["notes"]}"@en' if d.get("notes") else None),
        ("dct:isPartOf", f"<catalog/{d['catalogue']}>"),
        ("dcat:inSeries", f"<series/{d['series']}>" if d.get("series") else None),
        ("eucaim:interoperabilityLevel", terms([d["tier"]])),
        ("dcat:distribution", " , ".join(f"<{i}>" for i, _ in parts)),
        ("dcat:contactPoint", f'[\n        a vcard:Organization ;\n        vcard:fn "{name}" ;\n        vcard:hasEmail <mailto:data@{host}.example.org> ;\n        vcard:hasURL <https://{host}.example.org/contact>\n    ]'),
        ("foaf:page", f"<https://{host}.example.org/collections/{d['id']}/guide>" if full else None),
        ("dcat:landingPage", f"<https://{host}.example.org/collections/{d['id']}>" if full else None),
        ("dcat:theme", f"<{EU}data-theme/HEAL>"),
        ("healthdcatap:healthCategory", iris(HEALTH + "healthcategories/", d.get("category", "RQSH" if public else "EHRS") + ("" if full else " EMRD"))),
        ("healthdcatap:healthTheme", iris(HEALTH + "health-theme/", "CANCER_DISEASE") if full else None),
        ("dct:type", terms(d["type"]) + " , " + ("dpv:AnonymisedData" if public else "dpv:PseudonymisedData")),
        ("dct:accessRights", f"<{EU}access-right/{d['rights']}>"),
        ("dcatap:applicableLegislation", f"<{EHDS}>"),
        ("dpv:hasLegalBasis", iris(GDPR, " ".join(bases)) if full else None),
        ("dpv:hasPurpose", "dpv:ScientificResearch" if full else None),
        ("dpv:hasPersonalData", iris("https://w3id.org/dpv/pd#", "Age Gender HealthRecord") if full else None),
        ("healthdcatap:retentionPeriod", period(d["issued"], None if public else f"{int(d['issued'][:4]) + 15}-12-31") if full else None),
        ("dct:publisher", publisher(d["publisher"])),
        ("geodcatap:custodian", publisher(d["publisher"]) if full else None),
        ("healthdcatap:hdab", agent(hdab[0], None, None, hdab[1]) if hdab else None),
        ("healthdcatap:hasStructuredData", "true" if d.get("variables") else "false"),
        ("healthdcatap:hasVariables", table(VARIABLES[d["variables"]]) if d.get("variables") else None),
        ("healthdcatap:numberOfUniqueIndividuals", f'"{d["people"]}"^^xsd:nonNegativeInteger'),
        ("healthdcatap:numberOfRecords", f'"{d["studies"]}"^^xsd:nonNegativeInteger'),
        ("eucaim:hasBirthSex", terms(list(d["sex"]))),
        ("healthdcatap:minTypicalAge", f'"{d["ages"][0]}"^^xsd:nonNegativeInteger' if full else None),
        ("healthdcatap:maxTypicalAge", f'"{d["ages"][1]}"^^xsd:nonNegativeInteger' if full else None),
        ("eucaim:hasCondition", terms([d["cancer"]])),
        ("healthdcatap:populationCoverage", coverage(d) if full else None),
        ("eucaim:collectionMethod", terms(d["method"])),
        ("dct:spatial", iris(EU + "country/", d["countries"])),
        ("eucaim:hasImageModality", terms(d["modality"])),
        ("eucaim:hasEquipmentManufacturer", terms(d["maker"])),
        ("eucaim:hasImageBodyPart", terms(d["body"])),
        ("dct:temporal", period(*d["period"])),
        ("eucaim:hasAnnotationLabel", terms(d["labels"]) if d.get("labels") else None),
        ("eucaim:hasAlgorithmType", terms(d["how"]) if d.get("labels") else None),
        ("eucaim:nbrOfSegmentations", f'"{d["segmented"]}"^^xsd:nonNegativeInteger' if d.get("labels") else None),
        ("dcat:keyword", " , ".join(f'"{k}"@en' for k in keywords)),
        ("dct:provenance", f'[ a dct:ProvenanceStatement ; rdfs:label "{d["origin"]}"@en ]'),
        ("prov:wasGeneratedBy", f"[ a prov:Activity ; dct:type <{HEALTH}health-activity/{activity(d)}> ]" if full else None),
        ("healthdcatap:hasCodingSystem", iris(HEALTH + "coding-system/", " ".join(systems)) if full else None),
        ("healthdcatap:hasCodeValues", " , ".join(f'"{c}"' for c in d["codes"]) if full else None),
        ("dct:conformsTo", iris(HEALTH + "standard/", " ".join(standards))),
        ("dct:issued", f'"{d["issued"]}"^^xsd:date'),
        ("dct:modified", f'"{modified(d)}"^^xsd:date'),
        ("adms:identifier", f'[ a adms:Identifier ; skos:notation "https://doi.org/{d["doi"]}"^^xsd:anyURI ]' if d.get("doi") else None),
        ("dct:language", iris(EU + "language/", " ".join(languages)) if full else None),
        ("dct:accrualPeriodicity", f"<{EU}frequency/{d.get('frequency', 'IRREG')}>" if full else None),
        ("adms:sample", f"<https://{host}.example.org/collections/{d['id']}/sample>" if best or public else None),
        ("healthdcatap:analytics", f"<https://{host}.example.org/collections/{d['id']}/statistics>" if best else None),
        ("dqv:hasQualityAnnotation", "[ a dqv:QualityCertificate ; dqv:inDimension <https://www.w3.org/2016/05/ldqd#completeness> ]" if best else None),
        ("dct:isReferencedBy", f"<https://doi.org/{d['doi']}.article>" if d.get("doi", "").startswith("10.5555") else None),
    ])
    for _, text in parts:
        yield text


def modified(d):
    """A day between the release and autumn 2026, the same at every run; archives that never change keep theirs."""
    issued = date.fromisoformat(d["issued"])
    if d.get("frequency") == "NEVER":
        return issued
    days = (date(2026, 10, 30) - issued).days
    return issued + timedelta(days=int(hashlib.sha256(d["id"].encode()).hexdigest(), 16) % days)


def coverage(d):
    low, high = d["ages"]
    who = {"M": "Men", "F": "Women", "MF": "People"}[d["sex"]]
    count = len(d["countries"].split())
    where = "one country" if count == 1 else f"{count} countries"
    seen = "invited to screening" if d["catalogue"] == "screening" else "seen at hospitals"
    return f'"{who} aged {low} to {high} {seen} in {where} between {d["period"][0][:4]} and {d["period"][1][:4]}."@en'


def activity(d):
    if d["catalogue"] == "screening":
        return "ROUTINE_RECORDS"
    return "HEALTH_REGISTRIES" if d.get("category") == "MRMR" else "HEALTHCARE_VISIT"


def catalogue(id):
    key, issued, countries, title, text = CATALOGUES[id]
    host = PUBLISHERS[key][2]
    languages = sorted({EU_LANGUAGE[lang] for lang in title})
    return subject(f"catalog/{id}", [
        ("a", "dcat:Catalog"),
        ("dct:title", texts(title)),
        ("dct:description", texts(text, note=True)),
        ("dct:isPartOf", "<>"),
        ("dcat:version", '"1.0.0"'),
        ("dcatap:applicableLegislation", f"<{EHDS}>"),
        ("foaf:homepage", f"<https://{host}.example.org/>"),
        ("dct:language", iris(EU + "language/", " ".join(languages))),
        ("dct:issued", f'"{issued}"^^xsd:date'),
        ("dct:modified", '"2026-09-01"^^xsd:date'),
        ("dcat:themeTaxonomy", f"<{EU}data-theme>"),
        ("dcat:theme", f"<{EU}data-theme/HEAL>"),
        ("dct:spatial", iris(EU + "country/", countries)),
        ("dct:license", f"<{EU}licence/CC_BY_4_0>"),
        ("dcat:keyword", '"demonstration data"@en'),
        ("dcat:service", "<service/public-dicomweb>" if id == "public-archives" else None),
        ("dct:publisher", publisher(key)),
    ])


ROOT = subject("", [
    ("a", "fdp-o:FAIRDataPoint , fdp-o:MetadataService , dcat:DataService"),
    ("dct:title", '"Atlas of Cancer Images, demonstration"@en , "Atlas der Krebsbilder, Demonstration"@de , "Atlas des images du cancer, démonstration"@fr , "Atlas de imágenes de cáncer, demostración"@es , "Atlante delle immagini oncologiche, dimostrazione"@it'),
    ("dct:description", " ,\n        ".join(f"{quoted(t)}@{lang}" for lang, t in {
        "en": "Collections of cancer images from European projects, hospitals, screening programmes and public archives. All records are demonstration data.",
        "de": "Sammlungen von Krebsbildern aus europäischen Projekten, Krankenhäusern, Screening-Programmen und öffentlichen Archiven. Alle Einträge sind Demonstrationsdaten.",
        "fr": "Collections d’images du cancer de projets européens, d’hôpitaux, de programmes de dépistage et d’archives publiques. Toutes les notices sont des données de démonstration.",
        "es": "Colecciones de imágenes de cáncer de proyectos europeos, hospitales, programas de cribado y archivos públicos. Todos los registros son datos de demostración.",
        "it": "Raccolte di immagini oncologiche di progetti europei, ospedali, programmi di screening e archivi pubblici. Tutte le schede sono dati dimostrativi.",
    }.items())),
    ("dct:publisher", "[\n        a foaf:Agent ;\n        foaf:name \"Federation of cancer image collections (demonstration)\"@en ;\n        foaf:homepage <https://atlas.example.org/>\n    ]"),
    ("dcat:contactPoint", "[\n        a vcard:Organization ;\n        vcard:fn \"Help desk\" ;\n        vcard:hasEmail <mailto:help@atlas.example.org>\n    ]"),
    ("dcat:version", '"1.0.0"'),
    ("dct:language", iris(EU + "language/", "ENG DEU FRA SPA ITA")),
    ("dct:license", f"<{EU}licence/CC_BY_4_0>"),
    ("dct:accessRights", f"<{EU}access-right/PUBLIC>"),
    ("dcat:keyword", '"demonstration data"@en , "cancer imaging"@en'),
    ("dcat:theme", f"<{EU}data-theme/HEAL>"),
    ("dcat:endpointURL", "<>"),
    ("fdp-o:startDate", '"2023-01-01"^^xsd:date'),
])


def write(file, blocks):
    body = "\n".join(blocks)
    head = "# Demonstration data: modelled on public information, no real holdings. IRIs are relative to the server's base.\n"
    head += "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items() if f"{p}:" in body)
    OUT.mkdir(exist_ok=True)
    (OUT / file).write_text(head + "\n" + body)


if __name__ == "__main__":
    write("root.ttl", [ROOT])
    for id in CATALOGUES:
        blocks = [catalogue(id)]
        if id in OTHERS:
            blocks.append(OTHERS[id] % {"eu": EU, "health": HEALTH} if "%(" in OTHERS[id] else OTHERS[id])
        for d in D:
            if d["catalogue"] == id:
                blocks.extend(dataset(d))
        write(f"{id}.ttl", blocks)
