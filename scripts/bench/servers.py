"""The servers that are measured: how each is prepared, started and watched. Only what was started here is stopped."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

HOST = "127.0.0.1"
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS_MAX = 600
REST_CHECKS_MAX = 160


def say(*words):
    print(*words, file=sys.stderr, flush=True)


class Server:
    """One server process over its data, with what was measured on the way."""

    def __init__(self, name, port, folder):
        self.name, self.port, self.folder = name, port, folder
        self.process, self.load_seconds, self.start_seconds = None, None, None
        self.dialect = {"host": HOST, "port": port, "reads": []}

    def start(self, command, probe, environment=None):
        log = open(os.path.join(self.folder, f"{self.name}.log"), "w")
        began = time.monotonic()
        self.process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        while not self.answers(probe):
            if self.process.poll() is not None or time.monotonic() - began > START_SECONDS_MAX:
                self.stop()
                raise RuntimeError(f"{self.name} did not start: see {log.name}")
            time.sleep(0.02)
        self.start_seconds = time.monotonic() - began
        say(f"  {self.name} answers after {self.start_seconds:.2f} s")

    def answers(self, probe):
        try:
            urllib.request.urlopen(f"http://{HOST}:{self.port}{probe}", timeout=5).close()
            return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def cpu_seconds(self):
        """User and system time of the process so far."""
        try:
            with open(f"/proc/{self.process.pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / TICKS
        except (OSError, IndexError):
            return 0.0

    def rest(self):
        """Waits until requests that the client gave up no longer keep the server busy."""
        for _ in range(REST_CHECKS_MAX):
            before = self.cpu_seconds()
            time.sleep(0.25)
            if self.cpu_seconds() - before <= 0.02:
                return

    def memory_megabytes(self):
        try:
            with open(f"/proc/{self.process.pid}/status") as file:
                return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024
        except (OSError, AttributeError):
            return 0.0


def folder_bytes(folder):
    total = 0
    for path, _, names in os.walk(folder):
        total += sum(os.lstat(os.path.join(path, name)).st_size for name in names)
    return total


def timed(command, **options):
    began = time.monotonic()
    result = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:3])} failed with {result.returncode}: {result.stderr[-2000:]}")
    return time.monotonic() - began, result.stdout


def vesalius(binary, folder, port, base, quads):
    """Loads the quads with everything checked, makes a token and serves."""
    server = Server("vesalius", port, folder)
    server.data = os.path.join(folder, "vesalius")
    environment = {
        "VESALIUS_DATA": server.data, "VESALIUS_BASE": base, "VESALIUS_LISTEN": f"{HOST}:{port}",
        # One client stands for many here, and the engine is measured, not what it said before.
        "VESALIUS_WEB__QUERIES_PER_CLIENT": "8", "VESALIUS_WEB__QUERIES_WAITING_PER_CLIENT": "256",
        "VESALIUS_WEB__QUERY_SECONDS_PER_MINUTE": "1000000", "VESALIUS_WEB__QUERIES_GIVE_WAY": "false",
        "VESALIUS_WEB__QUERY_CACHE_BYTES": "0",
    }
    both = {**os.environ, **environment}
    server.load_seconds, _ = timed([binary, "load", quads], env=both)
    _, output = timed([binary, "token", "new", "--role", "steward"], env=both)
    token = token_in(output)
    server.start([binary, "serve"], "/ready", environment)
    server.dialect.update(
        document="/dataset/{id}",
        reads=["text/turtle", "application/ld+json", "text/html"],
        sparql="/sparql",
        search=True,
        # Nobody else sends the record back.
        headers={"Authorization": f"Bearer {token}", "Prefer": "return=minimal"},
    )
    return server


def token_in(output):
    """The token stands in the output by itself: the longest word of its alphabet."""
    words = re.findall(r"[A-Za-z0-9_\-.~+/]{20,}=*", output)
    if not words:
        raise RuntimeError(f"no token in what `vesalius token new` said: {output!r}")
    return max(words, key=len)


def hello(binary, folder, port):
    server = Server("hello", port, folder)
    server.start([binary, str(port), "2"], "/")
    server.dialect.update(hello="/document")
    return server


def oxigraph(command, folder, port, quads):
    server = Server("oxigraph", port, folder)
    server.data = os.path.join(folder, "oxigraph")
    server.load_seconds, _ = timed([command, "load", "--location", server.data, "--file", quads])
    server.start([command, "serve", "--location", server.data, "--bind", f"{HOST}:{port}", "--union-default-graph"], "/")
    server.dialect.update(document="/store?graph={iri}", reads=["text/turtle"], sparql="/query")
    return server


VIRTUOSO = """[Database]
DatabaseFile = {data}/virtuoso.db
ErrorLogFile = {data}/virtuoso.log
LockFile = {data}/virtuoso.lck
TransactionFile = {data}/virtuoso.trx
xa_persistent_file = {data}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {data}/temporary.db
TransactionFile = {data}/temporary.trx
[Parameters]
ServerPort = {host}:{sql_port}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
ThreadsPerQuery = 2
MaxQueryMem = 2G
FreeTextBatchSize = 100000
[HTTPServer]
ServerPort = {host}:{port}
ServerRoot = {data}
MaxKeepAlives = 100
KeepAliveTimeout = 60
ServerThreads = 100
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryCostEstimationTime = 100000
MaxQueryExecutionTime = 120
"""
# What its own package calls the first administrator of a new, local database.
VIRTUOSO_LOGIN = ["dba", "dba"]


def virtuoso(folder, port, quads, text=False):
    """Loads the quads in bulk, with a text index when it is wanted; None where Virtuoso is not installed."""
    isql = shutil.which("isql-vt") or shutil.which("isql")
    if not shutil.which("virtuoso-t") or not isql:
        say("=== NOT MEASURED: Virtuoso is not here. On Debian: sudo apt-get install virtuoso-opensource")
        return None
    server = Server("virtuoso", port, folder)
    server.data = os.path.join(folder, "virtuoso")
    os.makedirs(server.data, exist_ok=True)
    settings = os.path.join(server.data, "virtuoso.ini")
    sql_port = port + 1000
    with open(settings, "w") as file:
        file.write(VIRTUOSO.format(data=server.data, folder=folder, host=HOST, port=port, sql_port=sql_port))
    server.start(["virtuoso-t", "-f", "+configfile", settings], "/sparql?query=ask%7B%7D")
    statement = lambda text: timed([isql, f"{HOST}:{sql_port}", *VIRTUOSO_LOGIN, f"exec={text}"])  # noqa: E731
    began = time.monotonic()
    statement(f"ld_dir('{os.path.dirname(quads)}', '{os.path.basename(quads)}', 'urn:default'); rdf_loader_run(); checkpoint;")
    if text:
        statement("DB.DBA.RDF_OBJ_FT_RULE_ADD(null, null, 'all'); DB.DBA.VT_INC_INDEX_DB_DBA_RDF_OBJ(); checkpoint;")
    server.load_seconds = time.monotonic() - began
    server.dialect.update(sparql="/sparql", sparql_form=True)
    return server


def oxigraph_command(cache):
    """Oxigraph's server from PyPI, in a virtual environment of its own; None when it cannot be had."""
    found = shutil.which("oxigraph")
    if found:
        return found
    command = os.path.join(cache, "oxigraph-venv", "bin", "oxigraph")
    if not os.path.exists(command):
        say("  installing Oxigraph's server from PyPI into", os.path.dirname(os.path.dirname(command)))
        try:
            timed([sys.executable, "-m", "venv", os.path.join(cache, "oxigraph-venv")])
            timed([os.path.join(os.path.dirname(command), "pip"), "install", "--quiet", "oxigraph"])
        except RuntimeError as error:
            say(f"=== NOT MEASURED: Oxigraph, it could not be installed: {error}")
            return None
    return command
