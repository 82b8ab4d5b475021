#!/usr/bin/env python3
"""A registry's bad day: stands in front of a registry and breaks answers on purpose.

fault_proxy.py --upstream HOST:PORT --ready FILE --log FILE FAULT

FAULT is one of
  none
  cut:BYTES        every answer breaks off after BYTES of its body
  cut-percent:N    before every 64 KiB the connection is cut with a probability of N %
  corrupt          one byte in the middle of every large blob is another
  short            large blobs are announced and sent with half of their length
  long             large blobs are announced with one byte more than they have
  stall:BYTES      the first large blob stops after BYTES and the connection stays open
  slow:BYTES       at most BYTES a second
  status:N:TIMES   the first TIMES requests are answered with status N (429 with Retry-After: 1)
  redirect:BASE    blobs are elsewhere, below BASE
  no-range         ranges are not known

With none it also tunnels: every CONNECT, to whatever host, ends at the upstream.

The port goes to the --ready file. The log has a JSON line per request: method, path, status, the
bytes of the body that were sent, and whether a log-in came along.
"""

import argparse
import http.client
import json
import os
import random
import select
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BLOCK = 64 << 10
LARGE = 256 << 10


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle(self):
        # A TLS greeting gets the answer that Go's servers give.
        try:
            first = self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return
        if first == b"\x16":
            self.wfile.write(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent a TLS greeting to an HTTP server.\n")
            return
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.sent = 0
        status = self.answer()
        with self.server.guard:
            record = {"method": self.command, "path": self.path, "status": status, "sent": self.sent,
                      "login": "Authorization" in self.headers}
            self.server.log.write(json.dumps(record) + "\n")
            self.server.log.flush()

    do_HEAD = do_GET

    def do_CONNECT(self):
        with self.server.guard:
            self.server.log.write(json.dumps({"method": "CONNECT", "path": self.path, "sent": 0}) + "\n")
            self.server.log.flush()
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.close_connection = True
        host, port = self.server.upstream.split(":")
        with socket.create_connection((host, int(port))) as upstream:
            ends = {self.connection: upstream, upstream: self.connection}
            while True:
                for ready in select.select(list(ends), [], [], 60)[0]:
                    data = ready.recv(BLOCK)
                    if not data:
                        return
                    ends[ready].sendall(data)

    def answer(self):
        kind, *values = self.server.fault
        if kind == "status" and self.server.count_down():
            return self.plain(int(values[0]), {"Retry-After": "1"} if values[0] == "429" else {})
        if kind == "redirect" and "/blobs/" in self.path:
            return self.plain(307, {"Location": ":".join(values) + self.path})
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        headers["Host"] = self.headers["Host"]
        if kind == "no-range":
            headers.pop("Range", None)
            headers.pop("range", None)
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=60)
        try:
            upstream.request(self.command, self.path, headers=headers)
            return self.relay(upstream.getresponse(), kind, values)
        finally:
            upstream.close()

    def plain(self, status, headers):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return status

    def relay(self, response, kind, values):
        length = int(response.headers.get("Content-Length", "0"))
        large = "/blobs/" in self.path and length >= LARGE
        announced, end = length, length
        if large and kind == "short":
            announced = end = length // 2
        if large and kind == "long":
            announced = length + 1
        self.send_response(response.status)
        for key, value in response.headers.items():
            if key.lower() not in ("content-length", "connection", "date", "server"):
                self.send_header(key, value)
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        if self.command == "HEAD":
            return response.status
        flip = length // 2 if large and kind == "corrupt" else None
        limit = int(values[0]) if kind in ("cut", "stall") else None
        while self.sent < end:
            if kind == "cut-percent" and self.server.dice(float(values[0])):
                return self.cut(response.status)
            if limit is not None and self.sent >= limit:
                if kind == "cut":
                    return self.cut(response.status)
                if large and self.server.count_down():
                    time.sleep(60)
                    return self.cut(response.status)
                limit = None
            room = min(BLOCK, end - self.sent, *([limit - self.sent] if limit is not None else []))
            block = response.read(room)
            if not block:
                break
            if flip is not None and self.sent <= flip < self.sent + len(block):
                block = bytearray(block)
                block[flip - self.sent] ^= 0x20
            if kind == "slow":
                time.sleep(len(block) / float(values[0]))
            self.wfile.write(block)
            self.sent += len(block)
        if announced > self.sent:
            return self.cut(response.status)
        return response.status

    def cut(self, status):
        self.wfile.flush()
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        return status


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, arguments):
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream, self.fault = arguments.upstream, arguments.fault.split(":")
        self.log = open(arguments.log, "a", encoding="utf-8")
        self.guard, self.random = threading.Lock(), random.Random(5)
        self.left = int(self.fault[2]) if self.fault[0] == "status" else 1

    def count_down(self):
        with self.guard:
            self.left -= 1
            return self.left >= 0

    def dice(self, percent):
        with self.guard:
            return self.random.random() * 100 < percent

    def handle_error(self, request, client_address):
        # Clients that go away are part of the day.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--ready", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("fault")
    arguments = parser.parse_args()
    server = Server(arguments)
    with open(arguments.ready + ".new", "w", encoding="utf-8") as ready:
        ready.write(str(server.server_address[1]))
    os.rename(arguments.ready + ".new", arguments.ready)
    server.serve_forever()


if __name__ == "__main__":
    main()
