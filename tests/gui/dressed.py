"""Images for pictures: the starter under the names of other systems. Its layer stays the same; one
more has another /etc/os-release, which is where Kennel reads what a system is called."""

import hashlib
import io
import json
import tarfile

# Reference, name and version.
SYSTEMS = (
    ("docker.io/library/debian:13", "Debian GNU/Linux", "13 (trixie)"),
    ("registry.fedoraproject.org/fedora-toolbox:43", "Fedora Linux", "43 (Toolbx)"),
    ("quay.io/toolbx/ubuntu-toolbox:24.04", "Ubuntu", "24.04 LTS"),
)


def add(archive, name, content):
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def blob(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}", content


def layer(name, version):
    """One that has /etc/os-release alone."""
    release = f'PRETTY_NAME="{name} {version}"\nNAME="{name}"\nVERSION="{version}"\nVERSION_ID="{version.split()[0]}"\nID={name.split()[0].lower()}\n'
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        add(archive, "usr/lib/os-release", release.encode())
    return file.getvalue()


def dress(starter, archive, reference, name, version):
    """Writes the OCI archive of the image `reference` from that of the starter."""
    with tarfile.open(starter) as old, tarfile.open(archive, "w") as new:
        read = lambda path: old.extractfile(path).read()
        member = lambda digest: "blobs/" + digest.replace(":", "/")
        index = json.loads(read("index.json"))
        manifest = json.loads(read(member(index["manifests"][0]["digest"])))
        config = json.loads(read(member(manifest["config"]["digest"])))
        added, content = blob(layer(name, version))
        config["rootfs"]["diff_ids"].append(added)
        config.pop("history", None)
        manifest["layers"].append({"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": added, "size": len(content)})
        for part in manifest["layers"][:-1]:
            entry = old.getmember(member(part["digest"]))
            new.addfile(entry, old.extractfile(entry))
        add(new, member(added), content)
        for part, value in ((manifest["config"], config), (index["manifests"][0], manifest)):
            part["digest"], content = blob(json.dumps(value).encode())
            part["size"] = len(content)
            add(new, member(part["digest"]), content)
        index["manifests"][0]["annotations"] = {"org.opencontainers.image.ref.name": reference}
        add(new, "index.json", json.dumps(index).encode())
        add(new, "oci-layout", b'{"imageLayoutVersion": "1.0.0"}')
