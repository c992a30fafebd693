#!/usr/bin/env python3
"""Measures finding by words beside SQLite FTS5, PostgreSQL's full text and Virtuoso's text index, on the same collection.

    text.py [--target FOLDER] [--datasets 100000] [--seconds 10] [--engines vesalius,sqlite,postgresql,virtuoso]

The work is one page of a search: the twenty best hits with title, the exact number of hits, and the counts of facets over all
hits. Vesalius is asked over HTTP (JSON) and counts all its facets, in their hierarchies; the peers count four flat ones
(modality, body part, country, access), SQLite inside this process, PostgreSQL and Virtuoso through one connection. All get the
same 200 questions of one or two words, of every frequency. Python's standard library; psycopg2 comes from PyPI, PostgreSQL and
Virtuoso are measured where they are installed (Debian: postgresql, virtuoso-opensource).
"""

import argparse
import collections
import glob
import http.client
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers  # noqa: E402
from servers import HOST, say  # noqa: E402

QUESTIONS = 200
HITS = 20
WORD = re.compile(r"[a-z]{4,}")
QUAD = re.compile(r"(\S+) <(\S+)> (.+) <(\S+)> \.$")
EUCAIM = "https://cancerimage.eu/ontology/EUCAIM#"
DCT = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
FACETS = {
    "modality": EUCAIM + "hasImageModality",
    "bodypart": EUCAIM + "hasImageBodyPart",
    "country": DCT + "spatial",
    "access": DCT + "accessRights",
}
TEXTS = {"title": DCT + "title", "description": DCT + "description", "keyword": DCAT + "keyword"}


def main():
    options = arguments()
    binary = os.path.abspath(os.path.join(options.target, "release", "vesalius"))
    if not os.path.exists(binary):
        sys.exit(f"{binary} is not there: make build")
    engines = {"vesalius": vesalius, "sqlite": sqlite, "postgresql": postgresql, "virtuoso": virtuoso}
    lines = [
        f"## Words and facets over {options.datasets:,} datasets\n",
        "| engine | build | index | asked | p50 | p99 | questions a second |",
        "|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory(prefix="vesalius-text-", dir=options.folder) as folder:
        os.chmod(folder, 0o755)
        base = f"http://{HOST}:{options.port}"
        quads = generate(binary, folder, options.datasets, options.seed, base)
        collection = Collection(quads, base, options.seed)
        for name in options.engines:
            say(name)
            try:
                row = engines[name](options, binary, folder, base, quads, collection)
            except Missing as missing:
                say(f"=== NOT MEASURED: {name}: {missing}")
                row = f"| {name} | not measured: {missing} | | | | | |"
            lines.append(row)
            say(row)
    text = "\n".join(lines) + "\n"
    print(text)
    if options.output:
        with open(options.output, "w") as file:
            file.write(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", default=os.environ.get("CARGO_TARGET_DIR", "target"), help="cargo's target folder")
    parser.add_argument("--datasets", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10, help="of each run")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--port", type=int, default=18190, help="first of three")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=["vesalius", "sqlite", "postgresql", "virtuoso"])
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "vesalius-bench")
    parser.add_argument("--cache", default=cache, help="where the peers' drivers are installed")
    parser.add_argument("--folder", help="where the data lies meanwhile")
    parser.add_argument("--output", help="a file for the table, too")
    return parser.parse_args()


class Missing(Exception):
    """An engine that is not here."""


def generate(binary, folder, datasets, seed, base):
    path = os.path.join(folder, "collection.nq")
    environment = {**os.environ, "VESALIUS_BASE": base, "VESALIUS_DATA": os.path.join(folder, "none")}
    with open(path, "wb") as file:
        subprocess.run([binary, "generate", str(datasets), "--seed", str(seed)], env=environment, stdout=file, check=True)
    return path


class Collection:
    """The datasets as rows, and questions of words that stand in them."""

    def __init__(self, quads, base, seed):
        self.rows = []
        frequency = collections.Counter()
        wanted = {iri: name for name, iri in {**FACETS, **TEXTS}.items()}
        current, row = None, None
        with open(quads, encoding="utf-8") as file:
            for line in file:
                subject, predicate, value, graph = QUAD.match(line).groups()
                iri = graph
                if subject != f"<{iri}>" or "/dataset/" not in iri or predicate not in wanted:
                    continue
                if iri != current:
                    current, row = iri, collections.defaultdict(list)
                    row["id"] = iri
                    self.rows.append(row)
                text = value.strip("<>") if value.startswith("<") else value[1 : value.rindex('"')]
                row[wanted[predicate]].append(text)
        for row in self.rows:
            frequency.update(set(WORD.findall(" ".join(row["title"] + row["description"] + row["keyword"]).lower())))
        chance = random.Random(seed)
        known = [word for word, _ in frequency.most_common()]
        # One word of each part of the list, common and rare.
        pick = lambda: known[min(int(len(known) ** chance.random()), len(known) - 1)]  # noqa: E731
        self.questions = [[pick()] if chance.random() < 0.5 else [pick(), pick()] for _ in range(QUESTIONS)]


def measured(options, name, ask, build, index_bytes, facets):
    """Asks for a while; gives a row of the table."""
    questions = options.questions
    for question in questions[:20]:
        ask(question)
    times, asked, began = [], 0, time.monotonic()
    while time.monotonic() - began < options.seconds:
        at = time.perf_counter()
        ask(questions[asked % len(questions)])
        times.append(time.perf_counter() - at)
        asked += 1
    times.sort()
    middle, late = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    rate = asked / sum(times)
    return f"| {name} ({facets}) | {build:.1f} s | {index_bytes / 1e6:.0f} MB | {asked} | {middle:.2f} ms | {late:.2f} ms | {rate:.0f} |"


def vesalius(options, binary, folder, base, quads, collection):
    options.questions = collection.questions
    server = servers.vesalius(binary, folder, options.port, base, quads)
    try:
        connection = http.client.HTTPConnection(HOST, options.port)
        counts = []

        def ask(words):
            # A new address each time, so that no kept answer is measured.
            address = "/search?" + urllib.parse.urlencode({"q": " ".join(words), "limit": HITS})
            connection.request("GET", address, headers={"Accept": "application/json"})
            page = json.loads(connection.getresponse().read())
            counts.append(len(page["facets"]))

        size = sum(servers.folder_bytes(path) for path in glob.glob(os.path.join(server.data, "*")) if "text" in path or "search" in path)
        ask(collection.questions[0])
        # The load also checks, keeps versions and builds the triples.
        return measured(options, "Vesalius over HTTP", ask, server.load_seconds, size, f"{counts[0]} facets; build is the whole load")
    finally:
        server.stop()


def sqlite(options, binary, folder, base, quads, collection):
    options.questions = collection.questions
    path = os.path.join(folder, "fts5.db")
    began = time.monotonic()
    database = sqlite3.connect(path)
    database.executescript(
        "PRAGMA journal_mode = WAL; CREATE VIRTUAL TABLE words USING fts5(title, description, keyword, content = '', tokenize = 'porter');"
        "CREATE TABLE dataset(number INTEGER PRIMARY KEY, id TEXT, title TEXT);"
        "CREATE TABLE facet(number INT, name TEXT, value TEXT, PRIMARY KEY(number, name, value)) WITHOUT ROWID;"
    )
    for number, row in enumerate(collection.rows):
        texts = [" ".join(row[name]) for name in TEXTS]
        database.execute("INSERT INTO words(rowid, title, description, keyword) VALUES (?, ?, ?, ?)", (number, *texts))
        database.execute("INSERT INTO dataset VALUES (?, ?, ?)", (number, row["id"], texts[0]))
        values = [(number, name, value) for name in FACETS for value in set(row[name])]
        database.executemany("INSERT INTO facet VALUES (?, ?, ?)", values)
    database.execute("INSERT INTO words(words) VALUES ('optimize')")
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    build = time.monotonic() - began

    def ask(words):
        match = " AND ".join(f'"{word}"' for word in words)
        best = "SELECT rowid AS number FROM words WHERE words MATCH ? ORDER BY bm25(words, 4, 1, 2) LIMIT ?"
        database.execute(f"SELECT id, title FROM ({best}) JOIN dataset USING (number)", (match, HITS)).fetchall()
        hits = "WITH hits AS MATERIALIZED (SELECT rowid AS number FROM words WHERE words MATCH ?)"
        database.execute(f"{hits} SELECT name, value, count(*) FROM hits JOIN facet USING (number) GROUP BY name, value", (match,)).fetchall()
        database.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchall()

    return measured(options, "SQLite FTS5 in process", ask, build, os.path.getsize(path), f"{len(FACETS)} facets")


def postgresql(options, binary, folder, base, quads, collection):
    options.questions = collection.questions
    psycopg2 = driver(options.cache)
    places = sorted(glob.glob("/usr/lib/postgresql/*/bin")) + [os.path.dirname(shutil.which("initdb") or "/none/x")]
    place = next((place for place in places if os.path.exists(os.path.join(place, "initdb"))), None)
    if not place:
        raise Missing("PostgreSQL is not installed")
    data, port = os.path.join(folder, "postgresql"), options.port + 1
    # It does not run as root.
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    os.mkdir(data)
    if user:
        shutil.chown(data, "postgres", "postgres")
    subprocess.run([*user, f"{place}/initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-locale"], check=True, stdout=subprocess.DEVNULL)
    settings = [f"port={port}", f"listen_addresses={HOST}", "unix_socket_directories=", "shared_buffers=1GB", "work_mem=64MB", "jit=off"]
    settings = [part for setting in settings for part in ("-c", setting)]
    process = subprocess.Popen([*user, f"{place}/postgres", "-D", data, *settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        cursor = connected(psycopg2, port)
        began = time.monotonic()
        fill(psycopg2, cursor, collection)
        build = time.monotonic() - began
        cursor.execute("SELECT pg_database_size('postgres')")
        size = cursor.fetchone()[0]

        def ask(words):
            query = " & ".join(words)
            cursor.execute(
                "WITH hits AS MATERIALIZED (SELECT number, id, title, ts_rank(words, q) AS rank FROM dataset, to_tsquery('english', %s) q WHERE words @@ q)"
                "(SELECT '', id, title, 0::bigint FROM hits ORDER BY rank DESC LIMIT %s)"
                "UNION ALL SELECT name, value, '', count(*) FROM hits JOIN facet USING (number) GROUP BY name, value "
                "UNION ALL SELECT 'all', '', '', count(*) FROM hits",
                (query, HITS),
            )
            cursor.fetchall()

        return measured(options, "PostgreSQL tsvector and GIN", ask, build, size, f"{len(FACETS)} facets")
    finally:
        # The fast end: the ordinary one waits for all clients.
        process.send_signal(signal.SIGINT)
        process.wait()


def driver(cache):
    environment = os.path.join(cache, "text")
    python = os.path.join(environment, "bin", "python3")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "psycopg2-binary"], check=True)
    sys.path.extend(glob.glob(os.path.join(environment, "lib", "python*", "site-packages")))
    import psycopg2
    import psycopg2.extras

    return psycopg2


def connected(psycopg2, port):
    for _ in range(100):
        try:
            database = psycopg2.connect(host=HOST, port=port, user="bench", dbname="postgres")
            database.autocommit = True
            return database.cursor()
        except psycopg2.OperationalError:
            time.sleep(0.2)
    raise Missing("PostgreSQL did not start")


def fill(psycopg2, cursor, collection):
    cursor.execute("CREATE TABLE dataset(number int PRIMARY KEY, id text, title text, words tsvector); CREATE TABLE facet(number int, name text, value text)")
    many = psycopg2.extras.execute_values
    rows = ((number, row["id"], " ".join(row["title"]), *(" ".join(row[name]) for name in TEXTS)) for number, row in enumerate(collection.rows))
    weighed = "setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'C') || setweight(to_tsvector('english', %s), 'B')"
    many(cursor, "INSERT INTO dataset VALUES %s", rows, template=f"(%s, %s, %s, {weighed})", page_size=500)
    values = ((number, name, value) for number, row in enumerate(collection.rows) for name in FACETS for value in set(row[name]))
    many(cursor, "INSERT INTO facet VALUES %s", values, page_size=2000)
    cursor.execute("CREATE INDEX ON dataset USING gin(words)")
    cursor.execute("CREATE INDEX ON facet(number, name, value)")
    cursor.execute("VACUUM ANALYZE")


def virtuoso(options, binary, folder, base, quads, collection):
    options.questions = collection.questions
    server = servers.virtuoso(folder, options.port + 2, quads, text=True)
    if not server:
        raise Missing("Virtuoso is not installed")
    try:
        connection = http.client.HTTPConnection(HOST, options.port + 2)

        def select(query):
            address = "/sparql?" + urllib.parse.urlencode({"query": query})
            connection.request("GET", address, headers={"Accept": "application/sparql-results+json"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(body[:300])
            return body

        def ask(words):
            match = " AND ".join(f"'{word}'" for word in words)
            # The texts of a record are several values; title and description are what it can look into at once.
            where = f'GRAPH ?g {{ ?d a <{DCAT}Dataset> ; ?p ?text . ?text bif:contains "{match}" '
            kinds = f"FILTER(?p IN (<{DCT}title>, <{DCT}description>, <{DCAT}keyword>))"
            select(
                f"SELECT ?d ?title ?sc WHERE {{ {where} OPTION (score ?sc) . {kinds} ?d <{DCT}title> ?title }} }} ORDER BY DESC(?sc) LIMIT {HITS}"
            )
            select(f"SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE {{ {where} . {kinds} }} }}")
            for facet in FACETS.values():
                select(f"SELECT ?v (COUNT(DISTINCT ?d) AS ?n) WHERE {{ {where} . {kinds} ?d <{facet}> ?v }} }} GROUP BY ?v")

        return measured(options, "Virtuoso's text index", ask, server.load_seconds, servers.folder_bytes(server.data), f"{len(FACETS)} facets")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
