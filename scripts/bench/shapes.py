#!/usr/bin/env python3
"""Measures the check of shapes beside pySHACL and rudof: same records, same shapes (EUCAIM DCAT-AP 2.0, SHACL Core), one core.

    shapes.py [--target FOLDER] [--records 200,2000,20000] [--limit 120] [--engines vesalius,rudof,pyshacl] [--output FILE]

The records come from `vesalius generate`. The peers get the hierarchy and the lists of the vocabularies beside them, which
ours has in the binary. Every run is a process of its own on one core; seconds are those of the processor, which other work
on the machine stretches least. «start» is what a run of one record takes (shapes, vocabularies, interpreter); «records a
second» leaves it out. A run that takes longer or more memory than its limit is ended, and no number is made up for it nor
for larger ones.
rudof finds more results than the others: it holds that "4"^^xsd:nonNegativeInteger is not at least "0"^^xsd:integer.
Python's standard library; the peers are installed with pip.
"""

import argparse
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHAPES = os.path.join(ROOT, "shapes", "eucaim-dcat-ap-2.0")
ONTOLOGY = os.path.join(ROOT, "ontology")
BASE = "https://atlas.example.org"
PEERS = {"pyshacl": "pyshacl==0.40.1", "rudof": "pyrudof==0.3.35"}
# What the shapes ask the vocabularies.
FACTS = ("http://www.w3.org/2000/01/rdf-schema#subClassOf", "http://www.w3.org/2004/02/skos/core#inScheme")
GRAPH = re.compile(r" <[^<>]*> \.$")


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--worker":
        return work(*sys.argv[2:])
    options = arguments()
    binary = os.path.abspath(os.path.join(options.target, "release", "vesalius"))
    if not os.path.exists(binary):
        sys.exit(f"{binary} is not there: make build")
    python = peers(options.cache, [name for name in options.engines if name in PEERS])
    with tempfile.TemporaryDirectory(prefix="vesalius-shapes-", dir=options.folder) as folder:
        prepare(binary, python, folder, sorted({1, *options.records}))
        text = measure(options, binary, python, folder)
    print(text)
    if options.output:
        with open(options.output, "w") as file:
            file.write(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", default=os.environ.get("CARGO_TARGET_DIR", "target"), help="cargo's target folder")
    parser.add_argument("--records", type=lambda text: [int(n) for n in text.split(",")], default=[200, 2000, 20000])
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["vesalius", "rudof", "pyshacl"])
    parser.add_argument("--limit", type=int, default=120, help="seconds of one run")
    parser.add_argument("--memory", type=int, default=8, help="gigabytes that one run may take")
    parser.add_argument("--rounds", type=int, default=3, help="the fastest counts")
    parser.add_argument("--core", type=int, default=0, help="the processor that all runs share")
    parser.add_argument("--seed", type=int, default=42)
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "vesalius-bench")
    parser.add_argument("--cache", default=cache, help="where the peers are installed")
    parser.add_argument("--folder", help="where the data lies meanwhile")
    parser.add_argument("--output", help="a file for the table, too")
    return parser.parse_args()


def peers(cache, names):
    """A Python with the peers."""
    environment = os.path.join(cache, "shapes")
    python = os.path.join(environment, "bin", "python3")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    wanted = ["rdflib", *(PEERS[name] for name in names)]
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True)
    return python


def prepare(binary, python, folder, sizes):
    """The records as N-Triples, alone and with the facts of the vocabularies; the shapes in one file."""
    subprocess.run([python, __file__, "--worker", "prepare", folder], check=True)
    environment = {**os.environ, "VESALIUS_BASE": BASE, "VESALIUS_DATA": os.path.join(folder, "none")}
    with open(os.path.join(folder, "facts.nt")) as file:
        facts = file.read()
    for size in sizes:
        command = [binary, "generate", str(size)]
        quads = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True).stdout
        # What several records say of their publisher stands once.
        records = "".join(dict.fromkeys(GRAPH.sub(" .", line) + "\n" for line in quads.splitlines()))
        for name, text in ((f"{size}.nt", records), (f"{size}-with-facts.nt", facts + records)):
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)


def measure(options, binary, python, folder):
    lines = [
        "| engine | records | CPU seconds | start | records a second | memory | results |",
        "|---|---|---|---|---|---|---|",
    ]
    for engine in options.engines:
        start = best(options, binary, python, folder, engine, 1)
        for size in options.records:
            run = best(options, binary, python, folder, engine, size)
            if run is None:
                lines.append(f"| {engine} | {size:,} | not in {options.limit} s and {options.memory} GB | | | | |")
                break
            rate = size / max(run["seconds"] - start["seconds"], 0.001)
            lines.append(
                f"| {engine} | {size:,} | {run['seconds']:.2f} | {start['seconds']:.2f} | {rate:,.0f} "
                f"| {run['megabytes']:.0f} MB | {run['results']:,} |"
            )
            print(lines[-1], file=sys.stderr)
    return "\n".join(lines) + "\n"


def best(options, binary, python, folder, engine, size):
    """The fastest of some runs; None when the first does not end in time."""
    runs = []
    for _ in range(options.rounds):
        found = run(options, binary, python, folder, engine, size)
        if found is None:
            return min(runs, key=lambda one: one["seconds"]) if runs else None
        runs.append(found)
        if found["seconds"] > options.limit / options.rounds:
            break
    return min(runs, key=lambda one: one["seconds"])


def run(options, binary, python, folder, engine, size):
    output = os.path.join(folder, "output")
    environment = {**os.environ, "VESALIUS_BASE": BASE, "VESALIUS_DATA": os.path.join(folder, "none")}
    file = lambda name: os.path.join(folder, name)  # noqa: E731
    if engine == "vesalius":
        command = [binary, "validate", "--profile", os.path.basename(SHAPES), "--format", "json", file(f"{size}.nt")]
    else:
        command = [python, __file__, "--worker", engine, file(f"{size}-with-facts.nt"), file("shapes.ttl")]
    with open(output, "wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, env=environment, preexec_fn=lambda: bound(options))
        usage = wait(process.pid, began + options.limit)
        # The process was waited for here, and not by its own object.
        process.returncode = 0
    if usage is None:
        return None
    seconds = usage.ru_utime + usage.ru_stime
    with open(output) as answer:
        found = json.load(answer)
    results = sum(one["violations"] + one["warnings"] for one in found) if engine == "vesalius" else found["results"]
    return {"seconds": seconds, "megabytes": usage.ru_maxrss / 1024, "results": results}


def bound(options):
    os.sched_setaffinity(0, {options.core})
    resource.setrlimit(resource.RLIMIT_AS, (options.memory << 30, options.memory << 30))


def wait(process, until):
    """What a process used; None when it had to be ended or failed. 1 says that some records do not fit."""
    while True:
        ended, status, usage = os.wait4(process, os.WNOHANG)
        if ended:
            return usage if os.waitstatus_to_exitcode(status) in (0, 1) else None
        if time.monotonic() > until:
            os.kill(process, signal.SIGKILL)
            os.wait4(process, 0)
            return None
        time.sleep(0.005)


def work(engine, *paths):
    """One run of a peer, in its own process."""
    if engine == "prepare":
        return gather(*paths)
    data, shapes = paths
    try:
        results = {"pyshacl": pyshacl, "rudof": rudof}[engine](data, shapes)
    except MemoryError:
        sys.exit(3)
    print(json.dumps({"results": results}))


def gather(folder):
    import rdflib

    shapes, facts = rdflib.Graph(), rdflib.Graph()
    for name in sorted(os.listdir(SHAPES)):
        shapes.parse(os.path.join(SHAPES, name), format="turtle")
    shapes.serialize(os.path.join(folder, "shapes.ttl"), format="turtle")
    for name in sorted(os.listdir(ONTOLOGY)):
        if name.endswith(".ttl"):
            facts.parse(os.path.join(ONTOLOGY, name), format="turtle")
    with open(os.path.join(folder, "facts.nt"), "w") as file:
        for fact in FACTS:
            for subject, value in facts.subject_objects(rdflib.URIRef(fact)):
                if isinstance(subject, rdflib.URIRef) and isinstance(value, rdflib.URIRef):
                    file.write(f"{subject.n3()} <{fact}> {value.n3()} .\n")


def pyshacl(data, shapes):
    import rdflib
    from pyshacl import validate

    data, shapes = rdflib.Graph().parse(data, format="nt"), rdflib.Graph().parse(shapes, format="turtle")
    _, report, _ = validate(data, shacl_graph=shapes, inference="none")
    return len(list(report.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#result"))))


def rudof(data, shapes):
    import pyrudof

    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_data(data, format=pyrudof.RDFFormat.NTriples)
    engine.read_shacl(shapes, format=pyrudof.ShaclFormat.Turtle)
    return len(engine.validate_shacl())


if __name__ == "__main__":
    main()
