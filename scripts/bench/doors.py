#!/usr/bin/env python3
"""Walks through the doors of a running server, and tells how long each answer takes.

    doors.py BASE [--pid PID] [--pages 2000] [--catalogue /catalog/c0]

The container of all datasets is followed page by page, the stream of changes (LDES) from its root to its leaves, and the
dump is fetched twice: the first time it is made, the second time it is there. One client with one connection, as
harvesters are. Python's standard library only; OAI-PMH has harvest.py.
"""

import argparse
import http.client
import re
import time
import urllib.parse

from harvest import resident

NODE = re.compile(rb"<https://w3id.org/tree#node> <([^>]+)>")
NEXT = re.compile(r'<([^>]+)>; rel="?next"?')
TIMEOUT_SECONDS = 600


class Client:
    """One connection to one server."""

    def __init__(self, base):
        self.base = urllib.parse.urlsplit(base)
        self.connection = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=TIMEOUT_SECONDS)

    def get(self, address, accept):
        """Seconds, next page and body of an answer."""
        parts = urllib.parse.urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Accept": accept})
        answer = self.connection.getresponse()
        body = answer.read()
        seconds = time.perf_counter() - began
        if answer.status == 503:
            time.sleep(int(answer.getheader("Retry-After", "2")))
            return self.get(address, accept)
        assert answer.status == 200, (address, answer.status, body[:300])
        following = NEXT.search(answer.getheader("Link") or "")
        return seconds, following and following.group(1), body


def container(client, pages):
    """Every page of the container of all datasets."""
    address, times = "/dataset/", []
    while address and len(times) < pages:
        seconds, address, body = client.get(address, "text/turtle")
        times.append((seconds, len(body)))
    return times


def children(client, pages, catalogue):
    """The full records of a catalogue, ten by ten, as clients of FAIR Data Points ask for them."""
    address, times = f"{catalogue}/page/dataset?page=0&size=10", []
    while address and len(times) < pages:
        seconds, address, body = client.get(address, "text/turtle")
        times.append((seconds, len(body)))
    return times


def stream(client, pages):
    """The pages of the stream of changes, the root first."""
    waiting, seen, times = ["/ldes"], set(), []
    while waiting and len(times) < pages:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        seconds, _, body = client.get(address, "application/n-quads")
        times.append((seconds, len(body)))
        waiting.extend(found.decode() for found in NODE.findall(body))
    return times


def dump(client, name, path):
    """The whole dump, in pieces that are thrown away: seconds and quads."""
    for turn in ("made and sent", "sent"):
        began, quads, size = time.perf_counter(), 0, 0
        while True:
            client.connection.request("GET", path)
            answer = client.connection.getresponse()
            if answer.status != 503:
                break
            answer.read()
            time.sleep(0.2)
        assert answer.status == 200, answer.status
        while piece := answer.read(1 << 20):
            quads += piece.count(b"\n")
            size += len(piece)
        seconds = time.perf_counter() - began
        rate = f", {quads / seconds:,.0f} quads/s" if path.endswith(".nq") else ""
        print(f"{name}, {turn}: {seconds:.2f} s, {size / 1e6:.0f} MB{rate}", flush=True)


def show(name, times):
    ordered = sorted(seconds for seconds, _ in times)
    at = lambda share: ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000  # noqa: E731
    size = sum(size for _, size in times) / len(times) / 1000
    print(f"{name}: {len(times)} pages of {size:.0f} kB, p50 {at(0.5):.2f} ms, p99 {at(0.99):.2f} ms, slowest {at(1):.2f} ms", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--pid", type=int, help="of the server, to tell its memory")
    parser.add_argument("--pages", type=int, default=2000, help="of a walk at most")
    parser.add_argument("--catalogue", help="path of a catalogue whose records are read ten by ten")
    options = parser.parse_args()
    client = Client(options.base)
    show("container", container(client, options.pages))
    show("container, again", container(client, options.pages))
    if options.catalogue:
        show("children", children(client, options.pages, options.catalogue))
        show("children, again", children(client, options.pages, options.catalogue))
    show("stream", stream(client, options.pages))
    show("stream, again", stream(client, options.pages))
    dump(client, "dump", "/dump/catalogue.nq")
    dump(client, "dump with zstd", "/dump/catalogue.nq.zst")
    if options.pid:
        print(f"memory of the server: {resident(options.pid)} MB")


if __name__ == "__main__":
    main()
