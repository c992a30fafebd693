#!/usr/bin/env python3
"""Walks a whole server by OAI-PMH, and tells how many records a second come and how its memory grows.

    harvest.py BASE [--prefix oai_dc] [--set SET] [--pid PID] [--gzip] [--rounds 3]

The walk is one client with one connection, as harvesters are. Python's standard library only.
"""

import argparse
import gzip
import http.client
import re
import statistics
import time
import urllib.parse

TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
TIMEOUT_SECONDS = 120


def walk(base, query, compressed):
    """One walk: records, bytes of XML and seconds."""
    address = urllib.parse.urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=TIMEOUT_SECONDS)
    headers = {"Accept-Encoding": "gzip"} if compressed else {}
    verb = query["verb"]
    records = size = 0
    began = time.monotonic()
    while True:
        connection.request("GET", f"{address.path}/oai?{urllib.parse.urlencode(query)}", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 503:
            time.sleep(int(answer.getheader("Retry-After", "5")))
            continue
        assert answer.status == 200, (answer.status, body[:500])
        if answer.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        records += body.count(b"<header")
        size += len(body)
        found = TOKEN.search(body)
        if not found:
            return records, size, time.monotonic() - began
        query = {"verb": verb, "resumptionToken": found.group(1).decode()}


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) // 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--prefix", default="oai_dc")
    parser.add_argument("--set")
    parser.add_argument("--verb", default="ListRecords")
    parser.add_argument("--pid", type=int)
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    query = {"verb": options.verb, "metadataPrefix": options.prefix}
    if options.set:
        query["set"] = options.set
    rates = []
    for _ in range(options.rounds):
        records, size, seconds = walk(options.base, query, options.gzip)
        rates.append(records / seconds)
        memory = f", {resident(options.pid)} MiB resident" if options.pid else ""
        print(f"{records} records, {size / 1e6:.1f} MB of XML, {seconds:.2f} s: {rates[-1]:.0f} records/s{memory}", flush=True)
    print(f"median {statistics.median(rates):.0f} records/s")


if __name__ == "__main__":
    main()
