"""Maps a column of words to concepts with the package `reconciler`, as its users do, and expects what they expect."""

import sys

import pandas as pd
from reconciler import reconcile

EUCAIM = "https://cancerimage.eu/ontology/EUCAIM#"
endpoint = sys.argv[1] + "/ontology/reconcile"

words = pd.DataFrame(
    {
        "modality": ["MRI", "Magnetresonanztomographie", "CT", "mammography", "computed tomografy"],
        "code": ["", "", "", "", ""],
    }
)
found = reconcile(words["modality"], reconciliation_endpoint=endpoint)
print(found)
assert list(found["input_value"]) == list(words["modality"]), found
assert found["id"].notna().all() and found["name"].notna().all(), "every word means something"
by_word = found.set_index("input_value")
assert not bool(by_word.loc["MRI", "match"]), "it is a procedure and a modality: a person has to judge"
assert not bool(by_word.loc["computed tomografy", "match"]), "a slip is for a person to judge"

typed = reconcile(words["modality"], type_id=EUCAIM + "IMG1000009", reconciliation_endpoint=endpoint)
by_word = typed.set_index("input_value")
assert by_word.loc["MRI", "id"].endswith("IMG1000038"), by_word.loc["MRI"]
assert bool(by_word.loc["MRI", "match"]), "what alone is named exactly so is a certain match"

# A type restricts: everything found is an imaging modality, and every candidate of a word is given.
some = reconcile(words["modality"], type_id=EUCAIM + "IMG1000009", top_res="all", reconciliation_endpoint=endpoint)
counts = some.groupby("input_value").size()
assert (counts >= 1).all() and counts.max() > 1, counts
assert some["id"].str.contains("IMG").all(), some

# A code in a column beside finds the concept by itself.
coded = pd.DataFrame({"word": ["scan of the breast"], "snomed": ["113091000"]})
by_code = reconcile(
    coded["word"],
    property_mapping={"code:SNOMEDCT": coded["snomed"]},
    reconciliation_endpoint=endpoint,
)
print(by_code)
assert by_code["name"][0] == "Magnetic resonance imaging" and bool(by_code["match"][0]), by_code

# More than one request has places: the client sends ten words at a time.
many = pd.Series([f"{word} {number}" for number in range(8) for word in words["modality"]])
assert reconcile(many, reconciliation_endpoint=endpoint)["input_value"].nunique() == len(many)
print("all as expected")
