#!/usr/bin/env python3
"""Measures the release server over HTTP beside a hello-world of the same HTTP library and beside Oxigraph's server and
Virtuoso (where it is installed).

    bench.py [--target FOLDER] [--datasets 1000,10000] [--connections 1,64] [--seconds 5] [--rounds 3] [--work turtle,publish]

All get the same N-Quads, made by `vesalius generate`. Each round visits every work and inside it every server, so that
they meet the same weather; the median of the rounds is shown. Read the ratios and the CPU time, not the seconds of a
machine that does other things too. Python's standard library and wrk.
"""

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers  # noqa: E402
import work  # noqa: E402
from servers import HOST, say  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT_SECONDS = 30
# A work of which one request takes longer is measured at one connection only.
SLOW_SECONDS = 2.0
DOCUMENTS = 2000


def main():
    options = arguments()
    binary = os.path.abspath(os.path.join(options.target, "release", "vesalius"))
    hello = os.path.abspath(os.path.join(options.target, "release", "examples", "hello"))
    for needed in (binary, hello):
        if not os.path.exists(needed):
            sys.exit(f"{needed} is not there: make build; cargo build --release --example hello")
    if not shutil.which("wrk"):
        sys.exit("wrk is not there. On Debian or Ubuntu: sudo apt-get install wrk")
    oxigraph = None if options.alone else servers.oxigraph_command(options.cache)
    report = []
    for datasets in options.datasets:
        with tempfile.TemporaryDirectory(prefix="vesalius-bench-", dir=options.folder) as folder:
            report.append(measure(options, datasets, folder, binary, hello, oxigraph))
    text = "\n".join(report)
    print(text)
    if options.output:
        with open(options.output, "w") as file:
            file.write(text + "\n")


def arguments():
    numbers = lambda text: [int(number) for number in text.split(",")]  # noqa: E731
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", default=os.environ.get("CARGO_TARGET_DIR", "target"), help="cargo's target folder")
    parser.add_argument("--datasets", type=numbers, default=[1000, 10000], help="sizes of the collection")
    parser.add_argument("--connections", type=numbers, default=[1, 64])
    parser.add_argument("--seconds", type=int, default=5, help="of each run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--port", type=int, default=18180, help="first of four")
    parser.add_argument("--work", type=lambda text: text.split(","), default=list(work.WORK), help=", ".join(work.WORK))
    parser.add_argument("--alone", action="store_true", help="without peers")
    parser.add_argument("--folder", help="where the data lies meanwhile")
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "vesalius-bench")
    parser.add_argument("--cache", default=cache, help="where peers are installed")
    parser.add_argument("--output", help="a file for the tables, too")
    return parser.parse_args()


def measure(options, datasets, folder, binary, hello, oxigraph):
    """Everything at one size; returns the tables."""
    say(f"{datasets} datasets")
    base = f"http://{HOST}:{options.port}"
    quads = generate(binary, folder, datasets, options.seed, base)
    documents = documents_to_publish(binary, folder, options.seed + 1, base, min(DOCUMENTS, datasets))
    collection = work.Collection(base, datasets, documents)
    running = []
    try:
        running.append(servers.hello(hello, folder, options.port + 1))
        running.append(servers.vesalius(binary, folder, options.port, base, quads))
        if oxigraph:
            running.append(servers.oxigraph(oxigraph, folder, options.port + 2, quads))
        virtuoso = None if options.alone else servers.virtuoso(folder, options.port + 3, quads)
        if virtuoso:
            running.append(virtuoso)
        figures = loading(running, quads)
        runs = rounds(options, running, collection, folder)
    finally:
        for server in running:
            server.stop()
    return "\n".join([f"\n## {datasets} datasets\n", *figures, "", *table(options, runs), ""])


def generate(binary, folder, datasets, seed, base):
    path = os.path.join(folder, f"collection-{seed}.nq")
    environment = {**os.environ, "VESALIUS_BASE": base, "VESALIUS_DATA": os.path.join(folder, "none")}
    with open(path, "wb") as file:
        subprocess.run([binary, "generate", str(datasets), "--seed", str(seed)], env=environment, stdout=file, check=True)
    return path


def documents_to_publish(binary, folder, seed, base, count):
    """Turtle documents with their names, which are replaced when they are sent."""
    with open(generate(binary, folder, count, seed, base), encoding="utf-8") as file:
        found = work.documents(file, base)
    if not found:
        sys.exit(f"`vesalius generate` made no datasets under VESALIUS_BASE={base}")
    return found


def loading(running, quads):
    with open(quads, "rb") as file:
        count = sum(1 for _ in file)
    lines = [f"{count:,} quads.", "", "| | load | quads a second | start | memory | bytes a quad |", "|---|---|---|---|---|---|"]
    for server in running:
        if server.load_seconds is None:
            continue
        size = servers.folder_bytes(server.data) / count
        lines.append(
            f"| {server.name} | {server.load_seconds:.1f} s | {count / server.load_seconds:,.0f} | {server.start_seconds:.2f} s "
            f"| {server.memory_megabytes():.0f} MB | {size:.0f} |"
        )
    return lines


def rounds(options, running, collection, folder):
    """{(work, connections, server): [result of each round]}"""
    plans = {}
    for name in options.work:
        for server in running:
            plan = prepare(server, name, collection, folder)
            if plan:
                plans[name, server.name] = plan
    runs = {}
    for turn in range(options.rounds):
        for name in options.work:
            for connections in options.connections:
                for server in running:
                    plan = plans.get((name, server.name))
                    if not plan or (plan["first_seconds"] > SLOW_SECONDS and connections > 1):
                        continue
                    result = run(server, plan, connections, options.seconds, folder)
                    runs.setdefault((name, connections, server.name), []).append(result)
                    say(
                        f"  {turn + 1} {name:12} c{connections:<3} {server.name:9} {result['rate']:>10.1f}/s "
                        f"p99 {result['p99_ms']:>8.2f} ms  cpu {result['cpu_us']:>8.0f} us  refused {result['refused']} failed {result['failed']}"
                    )
    return runs


def prepare(server, name, collection, folder):
    """Writes the requests down and sends the last one to see that it is answered well."""
    all_requests = work.requests(server.dialect, name, collection)
    if not all_requests:
        return None
    seconds, status, body = once(server, all_requests[-1])
    if not 200 <= status < 300:
        say(f"=== NOT MEASURED: {name} of {server.name}: {status} {body[:200]!r}")
        return None
    path = os.path.join(folder, f"{server.name}-{name}.requests")
    work.write(path, all_requests)
    return {"path": path, "at": 0, "first_seconds": seconds}


def once(server, request):
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    began = time.monotonic()
    connection = http.client.HTTPConnection(HOST, server.port, timeout=120)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return time.monotonic() - began, answer.status, answer.read()
    except OSError as error:
        return 0.0, 0, repr(error).encode()
    finally:
        connection.close()


def run(server, plan, connections, seconds, folder):
    """One run of wrk. It begins where the last one ended, so that new records stay new."""
    result = os.path.join(folder, "result.json")
    script = os.path.join(HERE, "replay.lua")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={TIMEOUT_SECONDS}s", "-s", script]
    command += [f"http://{HOST}:{server.port}/", "--", plan["path"], str(plan["at"]), result]
    before = server.cpu_seconds()
    subprocess.run(command, env={**os.environ, "REPLAY_RESULT": result}, stdout=subprocess.DEVNULL, check=True)
    used = server.cpu_seconds() - before
    server.rest()
    with open(result) as file:
        found = json.load(file)
    plan["at"] += found["requests"]
    found["rate"] = found["requests"] / found["seconds"]
    found["cpu_us"] = used * 1e6 / max(1, found["requests"])
    return found


def table(options, runs):
    """Rates, their ratios to the others, and what a request costs."""
    lines = [
        "| work | connections | Vesalius /s | of hello-world | Oxigraph /s | times Oxigraph | Virtuoso /s | times Virtuoso | p50 | p99 | CPU a request |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name in options.work:
        for connections in options.connections:
            ours = median(runs, name, connections, "vesalius")
            theirs = median(runs, name, connections, "oxigraph")
            virtuoso = median(runs, name, connections, "virtuoso")
            hello = median(runs, "hello", connections, "hello")
            shown = ours or (hello if name == "hello" else None)
            if not shown and not theirs:
                continue
            cells = [work.WORK[name], str(connections), rate(ours), share(ours, hello)]
            cells += [rate(theirs), times(ours, theirs), rate(virtuoso), times(ours, virtuoso)]
            if name == "hello":
                cells[2:4] = [rate(None), f"{hello['rate']:,.0f}/s" if hello else "–"]
            cells += [f"{shown['p50_ms']:.2f} ms", f"{shown['p99_ms']:.2f} ms", f"{shown['cpu_us']:.0f} µs"] if shown else ["–"] * 3
            if shown and shown["refused"] + shown["failed"]:
                cells[0] += f" ({shown['refused'] + shown['failed']:.0f} errors!)"
            lines.append("| " + " | ".join(cells) + " |")
    return lines


def median(runs, name, connections, server):
    found = runs.get((name, connections, server))
    return found and {key: statistics.median(run[key] for run in found) for key in found[0]}


def rate(run):
    return f"{run['rate']:,.0f}" if run else "–"


def share(run, hello):
    return f"{100 * run['rate'] / hello['rate']:.0f} %" if run and hello and hello["rate"] else "–"


def times(ours, theirs):
    return f"{ours['rate'] / theirs['rate']:.1f}" if ours and theirs and theirs["rate"] else "–"


if __name__ == "__main__":
    main()
