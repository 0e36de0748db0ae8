#!/usr/bin/env python3
"""make sbom: what the gateway is made of, as CycloneDX 1.5 JSON on stdout (or in --output).

Swift packages from Package.resolved with version, revision and licence (read in their checkouts, where there are some); the
shared libraries of a built gateway, where one is given, with the Debian packages that they come from; the JavaScript client
with its checksum. --check reads the result again, and fails when a package that the build resolved is missing in it.
"""
import argparse
import hashlib
import json
import re
import subprocess
import sys
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# By the first words of the file: enough for what is used here, and "unknown" for what is not.
LICENCES = (
    ("Apache-2.0", r"Apache License\s+Version 2\.0"), ("MIT", r"Permission is hereby granted, free of charge"),
    ("BSD-3-Clause", r"Neither the name of"), ("ISC", r"Permission to use, copy, modify, and(/or)? distribute"),
)


def licence(folder):
    for name in ("LICENSE.txt", "LICENSE", "LICENSE.md"):
        path = folder / name
        if path.exists():
            text = path.read_text(errors="replace")
            return next((name for name, pattern in LICENCES if re.search(pattern, text)), None)
    return None


def component(kind, name, version, purl, licence_id=None, hashes=None, **more):
    result = {"type": kind, "name": name, "version": version, "purl": purl, "bom-ref": purl, **more}
    if licence_id:
        result["licenses"] = [{"license": {"id": licence_id}}]
    if hashes:
        result["hashes"] = [{"alg": "SHA-256", "content": hashes}]
    return result


def swift_packages(build):
    pins = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        state = pin["state"]
        version = state.get("version") or state["revision"]
        address = pin["location"].removesuffix(".git").removeprefix("https://")
        checkout = build / "checkouts" / Path(pin["location"]).name.removesuffix(".git")
        yield component(
            "library", pin["identity"], version, f"pkg:swift/{address}@{version}", licence(checkout),
            externalReferences=[{"type": "vcs", "url": f"{pin['location']}#{state['revision']}"}])


def run(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout


def debian_packages(binary):
    """The packages of the shared libraries that the program loads, once each."""
    distribution = dict(
        line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    codename = distribution.get("VERSION_CODENAME", "").strip('"')
    seen = set()
    for path in re.findall(r"=> (/\S+)", run("ldd", str(binary))):
        # Packages know the file where it lay before /lib became a link.
        candidates = {path, str(Path(path).resolve()), path.removeprefix("/usr")}
        owner = next((found for found in (run("dpkg-query", "-S", one) for one in sorted(candidates)) if found), "")
        package = owner.split(": ")[0].split(",")[0].strip()
        if not package or package in seen:
            continue
        seen.add(package)
        version, architecture = run("dpkg-query", "-W", "-f", "${Version} ${Architecture}", package).split()
        name = package.split(":")[0]
        yield component(
            "library", name, version, f"pkg:deb/debian/{name}@{version}?arch={architecture}&distro={codename}")


def client():
    folder = ROOT / "vendor/socket.io"
    if (folder / "VERSION").exists():
        version = (folder / "VERSION").read_text().split()[0]
        digest = hashlib.sha256((folder / "socket.io.min.js").read_bytes()).hexdigest()
        yield component("library", "socket.io-client", version, f"pkg:npm/socket.io-client@{version}", "MIT", digest)


def main():
    parser = argparse.ArgumentParser(description="Says in CycloneDX what the gateway is made of.")
    parser.add_argument("--binary", help="a built gateway: adds its shared libraries")
    parser.add_argument("--build", default=ROOT / ".build", type=Path, help="where the checkouts are (.build)")
    parser.add_argument("--output", type=Path, help="where to write it")
    parser.add_argument("--check", action="store_true", help="read it again, and fail when something is missing")
    options = parser.parse_args()
    components = [*swift_packages(options.build), *client()]
    if options.binary:
        components += sorted(debian_packages(options.binary), key=lambda one: one["name"])
    commit = run("git", "-C", str(ROOT), "rev-parse", "HEAD").strip() or "unknown"
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        # The same for the same content, so that two builds can be compared.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([commit, components]))}",
        "metadata": {"component": {"type": "application", "name": "puente", "version": commit, "bom-ref": "puente"}},
        "components": components,
        "dependencies": [{"ref": "puente", "dependsOn": [one["bom-ref"] for one in components]}],
    }
    text = json.dumps(document, indent=2) + "\n"
    if options.output:
        options.output.write_text(text)
    else:
        sys.stdout.write(text)
    if options.check:
        read = json.loads(text)
        names = {one["name"] for one in read["components"]}
        pins = {pin["identity"] for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]}
        references = [one["bom-ref"] for one in read["components"]]
        problems = [f"{name} is missing" for name in pins - names]
        problems += [f"{one['name']} has no licence that is known" for one in read["components"]
                     if "licenses" not in one and one["purl"].startswith("pkg:swift")]
        if len(set(references)) != len(references):
            problems.append("a component is there twice")
        if options.binary and not {"libpq5", "zlib1g"} <= names:
            problems.append("libpq5 or zlib1g is not among the libraries of the program")
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
