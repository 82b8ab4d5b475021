#!/usr/bin/env python3
"""Puts images into a plain-http registry that no tool would build. odd_images.py HOST:PORT"""

import hashlib
import http.client
import io
import json
import platform
import sys
import tarfile

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "riscv64": "riscv64", "ppc64le": "ppc64le", "s390x": "s390x"}
HERE = ARCHITECTURES.get(platform.machine(), platform.machine())
OTHER = "s390x" if HERE != "s390x" else "amd64"
OCI = "application/vnd.oci.image."
DOCKER = "application/vnd.docker."


class Repository:
    def __init__(self, registry, name):
        self.registry, self.name = registry, name

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.registry, timeout=30)
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise SystemExit(f"{method} {path}: {response.status} {text!r}")
        return response

    def blob(self, data, media_type):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        start = self.ask("POST", f"/v2/{self.name}/blobs/uploads/", b"")
        place = start.headers["Location"].split(self.registry, 1)[-1]
        sign = "&" if "?" in place else "?"
        self.ask("PUT", f"{place}{sign}digest={digest}", data, {"Content-Type": "application/octet-stream"})
        return {"mediaType": media_type, "digest": digest, "size": len(data)}

    def manifest(self, value, media_type, tag=None):
        data = json.dumps({"schemaVersion": 2, "mediaType": media_type, **value}).encode()
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.ask("PUT", f"/v2/{self.name}/manifests/{tag or digest}", data, {"Content-Type": media_type})
        return {"mediaType": media_type, "digest": digest, "size": len(data)}

    def image(self, layers, tag=None, system="linux", architecture=HERE, diff_ids=None):
        known = ["sha256:" + hashlib.sha256(data).hexdigest() for data, _ in layers]
        config = {"architecture": architecture, "os": system,
                  "rootfs": {"type": "layers", "diff_ids": diff_ids or known}}
        return self.manifest({
            "config": self.blob(json.dumps(config).encode(), OCI + "config.v1+json"),
            "layers": [self.blob(*layer) for layer in layers],
        }, OCI + "manifest.v1+json", tag)


def tar(name, text):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return out.getvalue()


def main():
    odd = Repository(sys.argv[1], "test/odd")
    layer = OCI + "layer.v1.tar"
    ours = (tar("etc/os-release", b'PRETTY_NAME="Chosen 1"\n'), layer)
    theirs = (tar("etc/os-release", b'PRETTY_NAME="Not this one"\n'), layer)
    here = odd.image([ours])
    there = odd.image([theirs], architecture=OTHER)
    platforms = [{**there, "platform": {"os": "linux", "architecture": OTHER}},
                 {**here, "platform": {"os": "linux", "architecture": HERE}}]
    odd.manifest({"manifests": platforms}, OCI + "index.v1+json", "several")
    odd.manifest({"manifests": platforms}, DOCKER + "distribution.manifest.list.v2+json", "docker-list")
    odd.manifest({"manifests": platforms[:1]}, OCI + "index.v1+json", "other-only")
    odd.image([theirs], "other", architecture=OTHER)
    odd.image([theirs], "windows", system="windows")
    odd.image([(ours[0], layer + "+gzip")], "wrong-type")
    odd.image([ours], "wrong-diff-id", diff_ids=["sha256:" + "0" * 64])
    odd.image([(tar("../../escaped", b"x"), layer)], "escapes")
    odd.manifest({
        "artifactType": "application/vnd.example.chart",
        "config": odd.blob(b"{}", "application/vnd.oci.empty.v1+json"),
        "layers": [odd.blob(b"no layer", "application/vnd.example.chart.content")],
    }, OCI + "manifest.v1+json", "artifact")


if __name__ == "__main__":
    main()
