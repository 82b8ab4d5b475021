#!/usr/bin/env python3
"""Splits the root file system of an OCI archive with one layer into an OCI layout with several.

layered_image.py ARCHIVE LAYOUT NAME --layers N --size BYTES [--compress gzip,zstd,plain]

The files go into the layers in their order, about the same number of bytes in each. Compressions are
taken in turn. Files are taken until there are --size bytes; a tree that is too small is added again
below copy-N/, one byte of each file changed.
"""

import argparse
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import tarfile

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "riscv64": "riscv64", "ppc64le": "ppc64le", "s390x": "s390x"}
LAYER = "application/vnd.oci.image.layer.v1.tar"
BLOCK = 1 << 20


def digest(path):
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return "sha256:" + found.hexdigest()


class Layout:
    def __init__(self, path):
        self.path, self.blobs = path, os.path.join(path, "blobs", "sha256")
        os.makedirs(self.blobs)
        with open(os.path.join(path, "oci-layout"), "w", encoding="utf-8") as file:
            file.write('{"imageLayoutVersion":"1.0.0"}')

    def adopt(self, path, media_type):
        name = digest(path)
        size = os.path.getsize(path)
        os.rename(path, os.path.join(self.blobs, name.removeprefix("sha256:")))
        return {"mediaType": media_type, "digest": name, "size": size}

    def document(self, value, media_type):
        path = os.path.join(self.path, "document")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(value, file)
        return self.adopt(path, media_type)

    def layer(self, tar, compression):
        diff_id = digest(tar)
        if compression == "plain":
            return diff_id, self.adopt(tar, LAYER)
        command = {"gzip": ["gzip", "-n", "-6"], "zstd": ["zstd", "-q", "-3", "-c"]}[compression]
        with open(tar, "rb") as source, open(tar + ".packed", "wb") as target:
            subprocess.run(command, stdin=source, stdout=target, check=True)
        os.unlink(tar)
        return diff_id, self.adopt(tar + ".packed", f"{LAYER}+{compression}")


def members(archive):
    """Entries with their content, from the largest file of an OCI archive: its only layer."""
    with tarfile.open(archive) as outer:
        largest = max((m for m in outer.getmembers() if m.isfile()), key=lambda member: member.size)
        with tarfile.open(fileobj=outer.extractfile(largest), mode="r|*") as root:
            for member in root:
                yield member, root.extractfile(member).read() if member.isfile() else None


def copied(member, data, copy):
    """The same entry below copy-N/."""
    again = tarfile.TarInfo(f"copy-{copy}/{member.name.removeprefix('./')}")
    again.type, again.mode, again.mtime, again.size = member.type, member.mode, member.mtime, member.size
    again.linkname = f"copy-{copy}/{member.linkname.removeprefix('./')}" if member.islnk() else member.linkname
    if data:
        data = bytearray(data)
        data[len(data) // 2] ^= copy
    return again, bytes(data) if data is not None else None


def filled(archive, size):
    """As many entries as have `size` bytes of content."""
    tree, total, copy = [], 0, 0
    while True:
        entries = members(archive) if copy == 0 else [copied(*entry, copy) for entry in tree]
        for member, data in entries:
            total += len(data or b"")
            if total > size:
                return
            if copy == 0:
                tree.append((member, data))
            yield member, data
        copy += 1


def split(entries, count, scratch):
    """Writes `entries` to `count` tars of similar sizes; yields their paths."""
    sizes = [512 + len(data or b"") for _, data in entries]
    share, written, number = sum(sizes) / count, 0, 0
    path = os.path.join(scratch, "layer-0.tar")
    tar = tarfile.open(path, "w", format=tarfile.GNU_FORMAT)
    for (member, data), size in zip(entries, sizes):
        if written >= share * (number + 1) and number + 1 < count:
            tar.close()
            yield path
            number += 1
            path = os.path.join(scratch, f"layer-{number}.tar")
            tar = tarfile.open(path, "w", format=tarfile.GNU_FORMAT)
        tar.addfile(member, io.BytesIO(data) if data is not None else None)
        written += size
    tar.close()
    yield path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("archive")
    parser.add_argument("layout")
    parser.add_argument("name")
    parser.add_argument("--layers", type=int, required=True)
    parser.add_argument("--compress", default="gzip")
    parser.add_argument("--size", type=int, required=True)
    arguments = parser.parse_args()
    shutil.rmtree(arguments.layout, ignore_errors=True)
    layout = Layout(arguments.layout)
    entries = list(filled(arguments.archive, arguments.size))
    compressions = arguments.compress.split(",")
    layers = [layout.layer(tar, compressions[number % len(compressions)])
              for number, tar in enumerate(split(entries, arguments.layers, arguments.layout))]
    config = layout.document({
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()), "os": "linux",
        "config": {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [diff_id for diff_id, _ in layers]},
    }, "application/vnd.oci.image.config.v1+json")
    manifest = layout.document({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config, "layers": [descriptor for _, descriptor in layers],
    }, "application/vnd.oci.image.manifest.v1+json")
    manifest["annotations"] = {"org.opencontainers.image.ref.name": arguments.name}
    with open(os.path.join(arguments.layout, "index.json"), "w", encoding="utf-8") as file:
        json.dump({"schemaVersion": 2, "manifests": [manifest]}, file)


if __name__ == "__main__":
    main()
