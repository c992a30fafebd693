"""Validates answers of OAI-PMH, one file each in a folder, against the schemas of the protocol and of its formats."""

import pathlib
import sys

from lxml import etree

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from harvesters import schema  # noqa: E402

rules = schema()
wrong = 0
files = sorted(pathlib.Path(sys.argv[4]).glob("*.xml"))
for file in files:
    document = etree.parse(file)
    if not rules.validate(document):
        wrong += 1
        print(file.with_suffix(".txt").read_text(), rules.error_log.last_error)
print("valid:", len(files) - wrong, "of", len(files))
sys.exit(wrong > 0)
