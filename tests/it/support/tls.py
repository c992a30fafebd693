"""A server that speaks TLS as others do: OpenSSL's. Arguments: https, smtps, starttls or plain; certificate; key.

It prints its port, then everything that it is given, one JSON text a line."""

import json
import socket
import ssl
import sys
import threading

mode, certificate, key = sys.argv[1:4]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = ssl.TLSVersion.TLSv1_2
context.load_cert_chain(certificate, key)
listener = socket.create_server(("127.0.0.1", 0))


def say(what):
    print(what if isinstance(what, int) else json.dumps(what), flush=True)


def https(stream):
    reader = stream.makefile("rb")
    line = reader.readline()
    headers = {}
    while (header := reader.readline().strip()):
        name, _, value = header.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = reader.read(int(headers.get("content-length", 0)))
    stream.sendall(b"HTTP/1.1 200 Told\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    say({"request": line.decode().strip(), "headers": headers, "body": body.decode(), "tls": stream.version()})


def smtp(stream):
    encrypted = mode == "smtps"
    reader = stream.makefile("rb")
    to, login = "", ""
    stream.sendall(b"220 sink\r\n")
    while (line := reader.readline()):
        word = line[:4].upper()
        answer = b"250 yes"
        if word == b"EHLO":
            offers = [b"250-sink"]
            if mode == "starttls" and not encrypted:
                offers.append(b"250-STARTTLS")
            if encrypted:
                offers.append(b"250-AUTH PLAIN LOGIN")
            answer = b"\r\n".join(offers + [b"250 8BITMIME"])
        elif line.upper().startswith(b"STARTTLS"):
            stream.sendall(b"220 go\r\n")
            stream = context.wrap_socket(stream, server_side=True)
            reader, encrypted = stream.makefile("rb"), True
            continue
        elif word == b"AUTH":
            login, answer = line.decode().strip(), b"235 in"
        elif word == b"RCPT":
            to = line.decode().strip()
        elif word == b"DATA":
            stream.sendall(b"354 go on\r\n")
            text = b""
            while (part := reader.readline()) != b".\r\n":
                text += part
            say({"to": to, "login": login, "text": text.decode(), "tls": stream.version() if encrypted else None})
            answer = b"250 taken"
        elif word == b"QUIT":
            stream.sendall(b"221 bye\r\n")
            return
        stream.sendall(answer + b"\r\n")


def serve(stream):
    try:
        if mode in ("https", "smtps"):
            stream = context.wrap_socket(stream, server_side=True)
        (https if mode == "https" else smtp)(stream)
    except (OSError, ssl.SSLError):
        pass


say(listener.getsockname()[1])
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
