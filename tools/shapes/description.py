"""Writes profile.ttl: what a profile is for, which kinds it holds for, its groups, what its severities mean."""

from writer import tagged

SEVERITIES = [
    (
        "Violation",
        ["Must be mended", "Muss behoben werden", "À corriger", "Debe corregirse", "Da correggere"],
        [
            "A mandatory rule is broken; the record cannot be published under this profile.",
            "Eine Pflichtregel ist verletzt; der Eintrag kann mit diesem Profil nicht veröffentlicht werden.",
            "Une règle obligatoire n’est pas respectée ; la notice ne peut être publiée sous ce profil.",
            "Se incumple una regla obligatoria; el registro no puede publicarse con este perfil.",
            "Una regola obbligatoria è violata; la scheda non può essere pubblicata con questo profilo.",
        ],
    ),
    (
        "Warning",
        ["Should be mended", "Sollte behoben werden", "À améliorer", "Conviene corregir", "Da migliorare"],
        [
            "Something recommended is missing or something looks odd; the record can be published.",
            "Etwas Empfohlenes fehlt oder etwas wirkt auffällig; der Eintrag kann veröffentlicht werden.",
            "Un élément recommandé manque ou semble étrange ; la notice peut être publiée.",
            "Falta algo recomendado o algo llama la atención; el registro puede publicarse.",
            "Manca qualcosa di consigliato o qualcosa è insolito; la scheda può essere pubblicata.",
        ],
    ),
]

VALIDATION = "http://www.w3.org/ns/dx/prof/role/validation"


def group(name, order, labels):
    return f":group-{name}\n    a sh:PropertyGroup ;\n    rdfs:label {tagged(labels)} ;\n    sh:order {order} ."


def describe(profile, iri, token, version, titles, about, based_on, source, licence, kinds, groups, files, replaced_by=None):
    """The profile's own description. `kinds` are (kind, class, shape)."""
    lines = [f"<{iri}>", "    a prof:Profile ;"]
    lines.append(f"    dct:title {tagged(titles)} ;")
    lines.append(f"    dct:description {tagged(about)} ;")
    lines.append(f'    prof:hasToken "{token}" ;')
    lines.append(f'    owl:versionInfo "{version}" ;')
    lines.append(f'    dcat:version "{version}" ;')
    lines += [f"    prof:isProfileOf <{b}> ;" for b in based_on]
    lines += [f"    dct:source <{s}> ;" for s in source]
    lines.append(f"    dct:license <{licence}> ;")
    if replaced_by:
        lines.append(f"    dct:isReplacedBy <{replaced_by}> ;")
    for kind, target, shape in kinds:
        lines.append(f'    vs:holdsFor [ vs:kind "{kind}" ; vs:class {target} ; vs:shape :{shape} ] ;')
    for level, labels, meaning in SEVERITIES:
        lines.append(
            f"    vs:severity [\n        vs:level sh:{level} ;\n        rdfs:label {tagged(labels, '            ')} ;\n"
            f"        rdfs:comment {tagged(meaning, '            ')}\n    ] ;"
        )
    for file in files:
        artifact = profile.namespace.removesuffix("#") + "/" + file
        lines.append(
            f"    prof:hasResource [\n        a prof:ResourceDescriptor ;\n        prof:hasRole <{VALIDATION}> ;\n"
            f"        dct:conformsTo <https://www.w3.org/TR/shacl/> ;\n"
            f"        dct:format <https://www.iana.org/assignments/media-types/text/turtle> ;\n"
            f"        prof:hasArtifact <{artifact}>\n    ] ;"
        )
    lines[-1] = lines[-1].removesuffix(" ;") + " ."
    blocks = ["\n".join(lines)]
    blocks += [group(name, n, labels) for n, (name, labels) in enumerate(groups, 1)]
    comment = (
        "What this profile is for. vs:holdsFor ties a kind of record (shapes/kinds.toml) to its class and node shape;\n"
        "vs:severity says what the levels of a report mean; the groups are those of the forms, in order."
    )
    profile.write("profile.ttl", comment, blocks)
