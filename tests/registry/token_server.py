#!/usr/bin/env python3
"""A token service for docker-registry's token authentication. Signs with openssl.

token_server.py --key KEY.pem --cert CERT.pem --ready FILE --log FILE
Grants `pull` on everything to user "kennel" with password "secret", and on test/open to anybody.
"""

import argparse
import base64
import json
import os
import subprocess
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        scope = query.get("scope", [""])[0]
        login = self.headers.get("Authorization", "")
        expected = "Basic " + base64.b64encode(b"kennel:secret").decode()
        with open(self.server.log, "a", encoding="utf-8") as log:
            log.write(json.dumps({"scope": scope, "login": bool(login)}) + "\n")
        if login and login != expected:
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        kind, name, _ = (scope.split(":") + ["", "", ""])[:3]
        granted = [{"type": kind, "name": name, "actions": ["pull"]}] if login or name == "test/open" else []
        body = json.dumps({"token": self.server.token(query.get("service", [""])[0], granted)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, arguments):
        super().__init__(("127.0.0.1", 0), Handler)
        self.key, self.log = arguments.key, arguments.log
        with open(arguments.cert, encoding="ascii") as cert:
            self.cert = "".join(line.strip() for line in cert if "-----" not in line)

    def token(self, service, access):
        header = {"typ": "JWT", "alg": "RS256", "x5c": [self.cert]}
        now = int(time.time())
        claims = {"iss": "kennel-test", "sub": "kennel", "aud": service, "exp": now + 300, "nbf": now - 10,
                  "iat": now, "jti": str(time.monotonic_ns()), "access": access}
        signed = encoded(json.dumps(header).encode()) + b"." + encoded(json.dumps(claims).encode())
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=signed,
                                   capture_output=True, check=True).stdout
        return (signed + b"." + encoded(signature)).decode()


def main():
    parser = argparse.ArgumentParser()
    for name in ("--key", "--cert", "--ready", "--log"):
        parser.add_argument(name, required=True)
    arguments = parser.parse_args()
    server = Server(arguments)
    with open(arguments.ready + ".new", "w", encoding="utf-8") as ready:
        ready.write(str(server.server_address[1]))
    os.rename(arguments.ready + ".new", arguments.ready)
    server.serve_forever()


if __name__ == "__main__":
    main()
