"""Turns one field, rule or node shape into Turtle with its texts in five languages."""

import csv
from pathlib import Path

from phrases import COUNT, LANGUAGES, RECOMMENDED, ROOTS, RULE, UNKNOWN_CODE, VALUE
from vocabulary import DATES, EU, HEALTH, INTEGERS, LISTS, PREFIXES, members

HERE = Path(__file__).parent
OUT = HERE.parent.parent / "shapes"
TEXTS = {row["key"]: row for row in csv.DictReader(open(HERE / "texts.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE)}


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def tagged(texts, indent="        "):
    """Five texts as language-tagged literals."""
    return (" ,\n" + indent).join(f"{quoted(t)}@{lang}" for t, lang in zip(texts, LANGUAGES))


def either(datatypes):
    return "sh:or ( " + " ".join(f"[ sh:datatype {d} ]" for d in datatypes) + " )"


def pattern(regex):
    return f"sh:pattern {quoted(regex)}"


def below(root):
    """The value set made of all concepts below `root`; the root itself is not a value."""
    return (
        f"[ sh:property [ sh:path [ sh:oneOrMorePath rdfs:subClassOf ] ; sh:hasValue eucaim:{root} ] ]"
    )


SEMVER = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?"
CALVER = r"[12]\d{3}\.(0?[1-9]|1[0-2])(\.\d+)?"
TEXT = either(["rdf:langString", "xsd:string"])
PLACE = (
    r"^(http://publications\.europa\.eu/resource/authority/(country|continent|place)/[A-Z0-9_]+"
    r"|https?://sws\.geonames\.org/\d+/?|https?://www\.geonames\.org/\d+(/.*)?)$"
)
# A record also names the metadata profiles that it follows in the same place: that is how the server knows them.
STANDARD = (
    "^(" + HEALTH.replace(".", r"\.") + "standard/[^/]+"
    r"|https://(semiceu\.github\.io/DCAT-AP|eucaim\.github\.io/eucaim_dcat_ap"
    r"|healthdataeu\.pages\.code\.europa\.eu/healthdcat-ap)/releases/.+)$"
)
EDITOR = {
    "line": "dash:editor dash:TextFieldEditor ; dash:viewer dash:LiteralViewer ; dash:singleLine true",
    "area": "dash:editor dash:TextAreaEditor ; dash:viewer dash:LiteralViewer ; dash:singleLine false",
    "uri": "dash:editor dash:URIEditor ; dash:viewer dash:URIViewer",
    "term": "dash:editor dash:AutoCompleteEditor ; dash:viewer dash:LabelViewer",
    "enum": "dash:editor dash:EnumSelectEditor ; dash:viewer dash:LabelViewer",
    "date": "dash:editor dash:DatePickerEditor ; dash:viewer dash:LiteralViewer",
    "bool": "dash:editor dash:BooleanSelectEditor ; dash:viewer dash:LiteralViewer",
    "node": "dash:editor dash:BlankNodeEditor ; dash:viewer dash:DetailsViewer",
}


def authority(name, codes="[A-Z0-9_]+"):
    """A code of an EU authority table that is too long to be listed here."""
    return "sh:nodeKind sh:IRI ; " + pattern("^" + EU.replace(".", r"\.") + name + "/" + codes + "$")


def health(name):
    return "sh:nodeKind sh:IRI ; " + pattern("^" + HEALTH.replace(".", r"\.") + name + "/[^/]+$")


# kind of value → (constraints, phrase, editor)
KINDS = {
    "line": (TEXT + " ; " + pattern(r"\S"), "text", "line"),
    "area": (TEXT + " ; " + pattern(r"\S"), "text", "area"),
    "literal": ("sh:nodeKind sh:Literal ; " + pattern(r"\S"), "text", "line"),
    "uri-text": ("sh:nodeKind sh:Literal ; " + pattern(r"^https?://\S+$"), "uri-text", "line"),
    "iri": ("sh:nodeKind sh:IRI", "iri", "uri"),
    "node": ("sh:nodeKind sh:BlankNodeOrIRI", "node", "node"),
    "link": ("sh:nodeKind sh:BlankNodeOrIRI", "node", "uri"),
    "count": (either(INTEGERS) + " ; sh:minInclusive 0", "count", "line"),
    "decimal": (either(["xsd:decimal"] + INTEGERS), "decimal", "line"),
    "duration": ("sh:datatype xsd:duration", "duration", "line"),
    "boolean": ("sh:datatype xsd:boolean", "boolean", "bool"),
    "date": (either(DATES), "date", "date"),
    "mailto": ("sh:nodeKind sh:IRI ; " + pattern(r"^mailto:[^@\s]+@[^@\s]+\.[^@\s]+$"), "mailto", "uri"),
    "email": (pattern(r"^(mailto:)?[^@\s]+@[^@\s]+\.[^@\s]+$"), "email", "line"),
    "email-text": ("sh:nodeKind sh:Literal ; " + pattern(r"^(mailto:)?[^@\s]+@[^@\s]+\.[^@\s]+$"), "email", "line"),
    "email-link": ("sh:nodeKind sh:IRI", "mailto", "uri"),
    "version": ("sh:nodeKind sh:Literal ; " + pattern(f"^({SEMVER}|{CALVER})$"), "version", "line"),
    "media-type": (
        "sh:nodeKind sh:IRI ; " + pattern(r"^https?://www\.iana\.org/assignments/media-types/[^/]+/.+$"),
        "media-type",
        "term",
    ),
    "place": (f"sh:or ( [ sh:nodeKind sh:BlankNode ] [ {pattern(PLACE)} ] )", "place", "term"),
    "sha1": ("sh:in ( spdx:checksumAlgorithm_sha1 )", "sha1", "uri"),
    "hex": ("sh:datatype xsd:hexBinary ; " + pattern("^([0-9a-f]{2})+$"), "hex", "line"),
    "hex-text": ("sh:nodeKind sh:Literal ; " + pattern("^([0-9a-f]{2})+$"), "hex", "line"),
    "hex-any": ("sh:datatype xsd:hexBinary", "hex", "line"),
    "personal-data": ("sh:nodeKind sh:IRI ; " + pattern(r"^https://w3id\.org/dpv/pd#.+$"), "personal-data", "term"),
    "code-values": ("sh:nodeKind sh:Literal ; " + pattern(r"^\s*\S.*:\s*\S"), "code-values", "line"),
    "language": (authority("language", "[A-Z]{3}(_[A-Z0-9]+)?"), ("list", "language"), "term"),
    "file-type": (authority("file-type"), ("list", "file-type"), "term"),
    "data-theme": (authority("data-theme"), ("list", "data-theme"), "term"),
    "standard": ("sh:nodeKind sh:IRI ; " + pattern(STANDARD), "standard", "term"),
    "publisher-type": (health("publisher-type"), ("list", "publisher-type"), "term"),
    "health-activity": (health("health-activity"), ("list", "health-activity"), "term"),
}


# kind of value → the list that a form offers
SCHEMES = {
    "language": EU + "language",
    "file-type": EU + "file-type",
    "place": EU + "country",
    "publisher-type": HEALTH + "publisher-type",
    "health-activity": HEALTH + "health-activity",
    "media-type": "https://www.iana.org/assignments/media-types",
    "data-theme": EU + "data-theme",
    "standard": HEALTH + "standard",
    "list:adms-status": "http://purl.org/adms/status/1.0",
}
# Lists that only a pattern checks, because new codes come before new copies: an unknown code is a warning.
OPEN_LISTS = ["language", "file-type", "data-theme", "publisher-type", "health-activity"]


def scheme_of(kind):
    """The concept scheme whose members a form offers for this kind of value."""
    if kind.startswith("list:") and kind not in SCHEMES:
        return LISTS[kind.removeprefix("list:")][0].rstrip("/#")
    return SCHEMES.get(kind)


def kind_of_value(name):
    """Constraints, message phrases and editor of a kind of value."""
    if name.startswith("term:"):
        root = name.removeprefix("term:")
        rules = f"sh:nodeKind sh:IRI ; sh:node {below(root)} ; dash:rootClass eucaim:{root}"
        return rules, [v.format(root=r) for v, r in zip(VALUE["term"], ROOTS[root])], "term"
    if name.startswith("list:"):
        name = name.removeprefix("list:")
        return f"sh:in ( {members(name)} )", [v.format(root=name) for v in VALUE["list"]], "enum"
    rules, phrase, editor = KINDS[name]
    if isinstance(phrase, tuple):
        return rules, [v.format(root=phrase[1]) for v in VALUE[phrase[0]]], editor
    return rules, VALUE[phrase], editor


def labels(text):
    """The label of a field in all languages."""
    return [TEXTS[text]["name_" + lang] for lang in LANGUAGES]


class Profile:
    """The property shapes of one profile, gathered as Turtle in the order of the tables."""

    # What a rule is based on, by the name of its shape, where the file's first lines do not say it already.
    bases = {}
    # Ends the first lines of every file.
    note = ""

    def __init__(self, folder):
        self.folder = folder
        self.namespace = f"https://github.com/EUCAIM/vesalius/shapes/{folder}#"
        self.order = 0

    def field(self, name, path, text, card, kind, group=None, level="O", inside=(), range=None, extra=""):
        """A property shape; a recommended one brings a second shape that warns when it is absent."""
        self.order += 1
        rules, phrases, editor = kind_of_value(kind)
        least, most = card.split("..")
        names = labels(text)
        abouts = [TEXTS[text]["about_" + lang] for lang in LANGUAGES]
        messages = [c.format(n=n, v=v) for c, n, v in zip(COUNT[card], names, phrases)]
        lines = self.basis(name) + [f":{name}", "    a sh:PropertyShape ;", f"    sh:path {path} ;"]
        if least == "1":
            lines.append("    sh:minCount 1 ;")
        if most == "1":
            lines.append("    sh:maxCount 1 ;")
        lines.append(f"    {rules} ;")
        if extra:
            lines.append(f"    {extra} ;")
        if inside:
            lines.append("    sh:property " + " , ".join(f":{n}" for n in inside) + " ;")
        lines.append("    sh:severity sh:Violation ;")
        lines.append(f"    sh:message {tagged(messages)} ;")
        lines.append(f"    sh:name {tagged(names)} ;")
        lines.append(f"    sh:description {tagged(abouts)} ;")
        lines.append(f"    sh:order {self.order} ;")
        if group:
            lines.append(f"    sh:group :group-{group} ;")
        if range:
            lines.append(f"    schema:rangeIncludes {range} ;")
        if scheme := scheme_of(kind):
            lines.append(f"    vs:scheme <{scheme}> ;")
        lines.append(f"    {EDITOR[editor]} .")
        shapes = [(name, "\n".join(lines))]
        if level == "R":
            shapes.append(self.recommended(name, path, names))
        if kind in OPEN_LISTS:
            member = f"sh:node [ sh:property [ sh:path skos:inScheme ; sh:hasValue <{SCHEMES[kind]}> ] ]"
            messages = [t.format(n=n) for t, n in zip(UNKNOWN_CODE, names)]
            shapes += self.rule(name + "-known", path, member, messages, "Warning")
        return shapes

    def recommended(self, name, path, names):
        messages = [t.format(n=n) for t, n in zip(RECOMMENDED, names)]
        return self.rule(name + "-recommended", path, "sh:minCount 1", messages, "Warning")[0]

    def rule(self, name, path, constraint, message, severity="Violation"):
        """A property shape that only checks; forms pass it over, for it has no sh:name."""
        messages = RULE[message] if isinstance(message, str) else message
        text = "".join(line + "\n" for line in self.basis(name)) + (
            f":{name}\n    a sh:PropertyShape ;\n    sh:path {path} ;\n    {constraint} ;\n    sh:severity sh:{severity} ;\n"
            f"    sh:message {tagged(messages)} ."
        )
        return [(name, text)]

    def basis(self, name):
        """What the rule is based on, as comment lines."""
        return [f"# {line}" for line in self.bases.get(name, "").splitlines()]

    def node(self, name, target, labels, shapes):
        """A node shape with its target class and its property shapes."""
        names = " ,\n        ".join(f":{n}" for n, _ in shapes)
        target = f"    sh:targetClass {target} ;\n" if target else ""
        return (
            f":{name}\n    a sh:NodeShape ;\n{target}    rdfs:label {tagged(labels)} ;\n"
            f"    sh:property\n        {names} ."
        )

    def write(self, file, comment, blocks):
        """One Turtle file; only the prefixes that it uses."""
        body = "\n\n".join(blocks) + "\n"
        used = [p for p in PREFIXES if f"{p}:" in body]
        head = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in used)
        folder = OUT / self.folder
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(f"# {line}\n" for line in (comment + self.note).splitlines())
        (folder / file).write_text(text + head + f"@prefix : <{self.namespace}> .\n\n" + body)


def bodies(shapes):
    return [text for _, text in shapes]


def names(shapes):
    return [name for name, _ in shapes]


def period(profile, name):
    """The two dates of a period, and their order."""
    inside = profile.field(name + "-start", "dcat:startDate", "startDate", "0..1", "date")
    inside += profile.field(name + "-end", "dcat:endDate", "endDate", "0..1", "date")
    inside += profile.rule(
        name + "-in-order", "dcat:startDate", "sh:lessThanOrEquals dcat:endDate", "period-in-order", "Warning"
    )
    return inside
