#!/usr/bin/env python3
"""Asks hostile SPARQL queries in a loop, from several addresses, beside ordinary requests: do those stay quick?

    hostile.py [--target FOLDER] [--datasets 10000] [--clients 4] [--connections 8] [--seconds 5] [--rounds 5]

Windows without and with the hostile clients take turns, so that both meet the same weather. Shown are the median and the 99th
percentile of each kind of ordinary request in both, and what the hostile queries got. Exit code 1: some p99 more than doubled
(and grew by more than --slack milliseconds). The clients have addresses of 127.0.0.0/8, which Linux gives for nothing.
Python's standard library only.
"""

import argparse
import collections
import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers  # noqa: E402
from servers import HOST, say  # noqa: E402

PORT = 18_931
PREFIXES = "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/> "
HOSTILE = {
    "product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }",
    "product, sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
    "product, streamed": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "distinct": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "grouped": "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d",
    "regex": "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '.*(a|b)*.*(c|d)*.*x$')) } ORDER BY ?o",
    "deep path": "SELECT (COUNT(*) AS ?n) { ?a (!<p:q>)* ?b . ?b (!<p:q>)* ?c . ?c (!<p:q>)* ?d }",
    "path both ways": "SELECT (COUNT(*) AS ?n) { ?a (!<p:q>|^(!<p:q>))* ?b }",
    "huge VALUES": "SELECT * { VALUES ?x { " + " ".join(f"<urn:x:{n}>" for n in range(20_000)) + " } ?s ?p ?x . ?t ?q ?x }",
    "nested OPTIONAL": "SELECT * { ?a ?b ?c " + "OPTIONAL { ?a ?x ?y " * 12 + "}" * 12 + " }",
    "NOT EXISTS": "SELECT * { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f . ?g ?h ?i FILTER(?d = ?i && ?c = ?f) } }",
    "concatenated": "SELECT (GROUP_CONCAT(STR(?c)) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
}
SMALL = PREFIXES + "SELECT ?d ?t { ?d a dcat:Dataset ; dct:title ?t } LIMIT 10"


def main():
    options = arguments()
    if options.attack:
        attack(options)
        return
    binary = os.path.abspath(os.path.join(options.target, "release", "vesalius"))
    if not os.path.exists(binary):
        sys.exit(f"{binary} is not there: make build")
    with tempfile.TemporaryDirectory(prefix="vesalius-hostile-", dir=options.folder) as folder:
        server = start(binary, folder, options.datasets)
        try:
            sys.exit(measure(options, server))
        except (OSError, http.client.HTTPException):
            say(open(os.path.join(folder, "vesalius.log")).read()[-2000:])
            raise
        finally:
            server.stop()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", default=os.environ.get("CARGO_TARGET_DIR", "target"), help="cargo's target folder")
    parser.add_argument("--datasets", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=4, help="hostile addresses")
    parser.add_argument("--connections", type=int, default=8, help="of each hostile address")
    parser.add_argument("--seconds", type=float, default=5.0, help="of a window")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slack", type=float, default=5.0, help="milliseconds that a p99 may grow by in any case")
    parser.add_argument("--folder", help="where the data goes meanwhile")
    parser.add_argument("--attack", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def start(binary, folder, datasets):
    environment = {
        "VESALIUS_DATA": os.path.join(folder, "data"),
        "VESALIUS_BASE": f"http://{HOST}:{PORT}",
        "VESALIUS_LISTEN": f"{HOST}:{PORT}",
    }
    quads = os.path.join(folder, "quads.nq")
    subprocess.run([binary, "generate", str(datasets), "--output", quads], check=True,
                   env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    say(f"loading {datasets} datasets")
    subprocess.run([binary, "load", quads], check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    os.remove(quads)
    server = servers.Server("vesalius", PORT, folder)
    server.start([binary, "serve"], "/ready", environment)
    return server


class Asker:
    """One connection from one address."""

    def __init__(self, address):
        self.address, self.connection = address, None

    def ask(self, path, accept, body=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(HOST, PORT, timeout=60, source_address=(self.address, 0))
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {"Accept": accept}
        method = "GET"
        if body is not None:
            headers["Content-Type"], method = "application/sparql-query", "POST"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            while answer.read(1 << 20):
                pass
            return answer.status
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None


def ordinary():
    """The kinds of ordinary requests; each time another address, so that little comes from a cache."""
    rows = json.loads(fetch("/sparql?query=" + urllib.parse.quote(PREFIXES + "SELECT ?d { ?d a dcat:Dataset } LIMIT 2000")))
    records = [urllib.parse.urlparse(row["d"]["value"]).path for row in rows["results"]["bindings"]]
    words = ["breast", "lung", "mri", "prostate", "colon", "liver", "mammography", "cohort"]
    numbers = itertools.count()
    query = lambda n: "/sparql?query=" + urllib.parse.quote(f"{SMALL} # {n}")  # noqa: E731
    return {
        "record": lambda: (records[next(numbers) % len(records)], "text/turtle"),
        "search": lambda: (f"/search?q={words[next(numbers) % len(words)]}&limit={10 + next(numbers) % 7}", "application/json"),
        "small query": lambda: (query(next(numbers)), "application/sparql-results+json"),
    }


def fetch(path):
    connection = http.client.HTTPConnection(HOST, PORT, timeout=60)
    connection.request("GET", path, headers={"Accept": "application/sparql-results+json"})
    return connection.getresponse().read()


def measure(options, server):
    kinds = ordinary()
    asker = Asker("127.0.0.1")
    for _ in range(30):
        for kind in kinds.values():
            asker.ask(*kind())
    times = {state: {kind: [] for kind in kinds} for state in ("idle", "hostile")}
    failed = collections.Counter()
    outcomes = collections.Counter()
    for _ in range(options.rounds):
        window(asker, kinds, times["idle"], failed, options.seconds)
        foes = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), "--attack", "--clients", str(options.clients),
             "--connections", str(options.connections)], stdout=subprocess.PIPE, text=True,
        )
        time.sleep(1.5)
        window(asker, kinds, times["hostile"], failed, options.seconds)
        foes.send_signal(signal.SIGTERM)
        outcomes.update(json.loads(foes.communicate()[0]))
        began = time.monotonic()
        server.rest()
        say(f"  at rest {time.monotonic() - began:.1f} s after the hostile clients have gone")
    return report(options, times, failed, outcomes, server)


def window(asker, kinds, times, failed, seconds):
    asker.close()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for kind, make in kinds.items():
            path, accept = make()
            began = time.perf_counter()
            status = asker.ask(path, accept)
            times[kind].append((time.perf_counter() - began) * 1000)
            if status != 200:
                failed[f"{kind}: {status}"] += 1
            time.sleep(0.004)


def report(options, times, failed, outcomes, server):
    at = lambda values, share: sorted(values)[min(len(values) - 1, int(len(values) * share))]  # noqa: E731
    print(f"{options.clients} hostile clients with {options.connections} connections each, {options.datasets} datasets, "
          f"{options.rounds} windows of {options.seconds:g} s each way; milliseconds\n")
    print("| request | idle p50 | hostile p50 | idle p99 | hostile p99 | times |\n|---|--:|--:|--:|--:|--:|")
    worse = []
    rows = {kind: (times["idle"][kind], times["hostile"][kind]) for kind in times["idle"]}
    rows["all together"] = tuple(sum(times[state].values(), []) for state in ("idle", "hostile"))
    for kind, (idle, hostile) in rows.items():
        before, after = at(idle, 0.99), at(hostile, 0.99)
        print(f"| {kind} | {at(idle, 0.5):.2f} | {at(hostile, 0.5):.2f} | {before:.2f} | {after:.2f} | {after / before:.1f} |")
        if after > 2 * before and after - before > options.slack:
            worse.append(kind)
    print(f"\nhostile queries got: {dict(outcomes.most_common())}; memory of the server: {server.memory_megabytes():.0f} MB")
    if failed:
        print(f"ordinary requests that failed: {dict(failed)}")
    if worse:
        print(f"more than twice as slow at the 99th percentile: {', '.join(worse)}")
    return 1 if worse or failed else 0


def attack(options):
    """Asks until it is told to stop, and says what it got."""
    # Attackers have machines of their own: what they compute takes no turn from those who are measured.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    outcomes = collections.Counter()
    numbers = itertools.count()
    queries = list(HOSTILE.values())

    def one(address, first):
        asker = Asker(address)
        for query in itertools.cycle(queries[first:] + queries[:first]):
            try:
                status = asker.ask("/sparql", "text/csv", f"{query} # {next(numbers)}")
            except (OSError, http.client.HTTPException):
                status = "broken off"
            outcomes[str(status)] += 1
            if status in (429, 503):
                time.sleep(0.05)

    for client in range(options.clients):
        for connection in range(options.connections):
            work = (f"127.0.0.{10 + client}", (client * options.connections + connection) % len(queries))
            threading.Thread(target=one, args=work, daemon=True).start()

    def stop(*_):
        print(json.dumps(outcomes), flush=True)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
