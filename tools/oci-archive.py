#!/usr/bin/env python3
"""Packs one root file system tar as an OCI image archive. Same input, same bytes."""

import argparse
import datetime
import gzip
import hashlib
import io
import json
import platform
import tarfile
import tempfile

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "riscv64": "riscv64", "ppc64le": "ppc64le", "s390x": "s390x"}
BLOCK = 1 << 20


class Hashing:
    """A file that knows the SHA-256 and the length of what went through it."""

    def __init__(self, inner):
        self.inner, self.hash, self.size = inner, hashlib.sha256(), 0

    def write(self, data):
        self.hash.update(data)
        self.size += len(data)
        return self.inner.write(data)

    def flush(self):
        self.inner.flush()

    def digest(self):
        return "sha256:" + self.hash.hexdigest()


def compress(source, target):
    """Returns the digest of the plain tar, and the digest and size of the gzip stream."""
    plain, packed = hashlib.sha256(), Hashing(target)
    with open(source, "rb") as tar, gzip.GzipFile("", "wb", 6, packed, mtime=0) as stream:
        while block := tar.read(BLOCK):
            plain.update(block)
            stream.write(block)
    return "sha256:" + plain.hexdigest(), packed.digest(), packed.size


def blob(document):
    data = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    return "sha256:" + hashlib.sha256(data).hexdigest(), data


def config(diff_id, created, ref):
    return {
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": created,
        "config": {
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
            "Cmd": ["/bin/bash"],
            "Labels": {"org.opencontainers.image.created": created, "org.opencontainers.image.ref.name": ref},
        },
        "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        "history": [{"created": created, "created_by": "mmdebstrap"}],
    }


def descriptor(media, digest, size, **more):
    return {"mediaType": f"application/vnd.oci.image.{media}", "digest": digest, "size": size, **more}


def add(archive, name, size, stream):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    archive.addfile(entry, stream)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ref", required=True)
    parser.add_argument("--created", type=int, required=True, help="seconds since 1970")
    parser.add_argument("root")
    parser.add_argument("output")
    options = parser.parse_args()
    moment = datetime.datetime.fromtimestamp(options.created, datetime.timezone.utc)
    created = moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    with tempfile.TemporaryFile(dir="/var/tmp") as layer, open(options.output, "wb") as output:
        diff_id, layer_digest, layer_size = compress(options.root, layer)
        layer.seek(0)
        config_digest, config_data = blob(config(diff_id, created, options.ref))
        manifest_digest, manifest_data = blob({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": descriptor("config.v1+json", config_digest, len(config_data)),
            "layers": [descriptor("layer.v1.tar+gzip", layer_digest, layer_size)],
            "annotations": {"org.opencontainers.image.created": created},
        })
        _, index = blob({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [descriptor(
                "manifest.v1+json", manifest_digest, len(manifest_data),
                annotations={"org.opencontainers.image.ref.name": options.ref,
                             "org.opencontainers.image.created": created},
            )],
        })
        with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, data in [("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), ("index.json", index),
                               (path(manifest_digest), manifest_data), (path(config_digest), config_data)]:
                add(archive, name, len(data), io.BytesIO(data))
            add(archive, path(layer_digest), layer_size, layer)


def path(digest):
    return "blobs/" + digest.replace(":", "/")


if __name__ == "__main__":
    main()
