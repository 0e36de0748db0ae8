#!/usr/bin/env python3
"""Checks Dockerfile and docker-compose.yml as far as that goes without a Docker engine.

    scripts/check-container.py [GATEWAY]

Instructions, exec form, copied paths, a user that is not root, the compose file's structure; with the path of a built
gateway also that it knows every command and flag, and every PUENTE_ variable.
"""

import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
INSTRUCTIONS = {
    "FROM", "RUN", "COPY", "WORKDIR", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD",
    "ENV", "ARG", "LABEL",
}
problems = []


def check(condition, message):
    if not condition:
        problems.append(message)


def dockerfile_instructions(text):
    text = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.M))
    for line in text.splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, rest.strip()


def exec_form(text, where):
    try:
        words = json.loads(text)
    except ValueError:
        words = None
    check(isinstance(words, list) and all(isinstance(word, str) for word in words or []), f"{where}: not in exec form")
    return words or []


def check_dockerfile(path):
    stages, user, ignored = set(), None, open(os.path.join(ROOT, ".dockerignore")).read().split()
    commands = {}
    for word, rest in dockerfile_instructions(open(path).read()):
        check(word in INSTRUCTIONS, f"Dockerfile: unknown instruction {word}")
        if word == "FROM":
            match = re.fullmatch(r"([\w./:-]+)(?: AS (\w+))?", rest)
            check(match, f"Dockerfile: FROM {rest}")
            stages.add(match and match.group(2))
            user = None
        elif word == "COPY":
            words = rest.split()
            if words[0].startswith("--from="):
                check(words[0][7:] in stages, f"Dockerfile: no stage {words[0][7:]}")
                continue
            for source in words[:-1]:
                check(os.path.exists(os.path.join(ROOT, source)), f"Dockerfile: {source} does not exist")
                check(f"!{source}" in ignored, f".dockerignore keeps {source} out")
        elif word == "USER":
            user = rest
        elif word in ("ENTRYPOINT", "CMD"):
            commands[word] = exec_form(rest, f"Dockerfile {word}")
        elif word == "HEALTHCHECK":
            exec_form(rest[rest.index("["):], "Dockerfile HEALTHCHECK")
        elif word == "RUN":
            result = subprocess.run(["sh", "-n", "-c", rest], capture_output=True, text=True)
            check(result.returncode == 0, f"Dockerfile RUN: {result.stderr}")
    check(user not in (None, "root", "0"), "Dockerfile: the last stage runs as root")
    return commands.get("ENTRYPOINT", []) + commands.get("CMD", [])


def check_compose(path):
    try:
        import yaml
    except ImportError:
        print("note: PyYAML is missing, docker-compose.yml was not read", file=sys.stderr)
        return [], {}
    compose = yaml.safe_load(open(path))
    check(set(compose) <= {"name", "services", "volumes"}, "docker-compose.yml: unknown top-level key")
    known = {
        "build", "image", "init", "command", "environment", "ports", "volumes", "depends_on", "healthcheck",
        "stop_grace_period", "restart", "read_only", "tmpfs", "cap_drop", "security_opt", "mem_limit", "pids_limit", "ulimits",
    }
    for name, service in compose["services"].items():
        check(set(service) <= known, f"docker-compose.yml: {name}: unknown {set(service) - known}")
        check(isinstance(service.get("command"), list), f"docker-compose.yml: {name}: command is not in exec form")
        check(service["healthcheck"]["test"][0] == "CMD", f"docker-compose.yml: {name}: health check not in exec form")
        for volume in service["volumes"]:
            check(volume.split(":")[0] in compose["volumes"], f"docker-compose.yml: {name}: no volume {volume}")
        for other in service.get("depends_on", {}):
            check("healthcheck" in compose["services"].get(other, {}), f"docker-compose.yml: {other} has no health check")
    gateway = compose["services"]["gateway"]
    check_hardening(gateway)
    return ["gateway"] + gateway["command"], gateway["environment"]


def check_hardening(gateway):
    """What keeps a gateway that was taken over from doing more than a gateway does."""
    where = "docker-compose.yml: gateway"
    check(gateway.get("read_only") is True, f"{where}: the file system can be written to")
    check(gateway.get("cap_drop") == ["ALL"], f"{where}: capabilities are left")
    check("no-new-privileges:true" in gateway.get("security_opt", []), f"{where}: privileges can be gained")
    check(not gateway.get("privileged") and not gateway.get("cap_add"), f"{where}: privileges are given")
    check(gateway.get("mem_limit") and gateway.get("pids_limit"), f"{where}: memory or processes are not limited")
    check(all(port.startswith("127.0.0.1:") for port in gateway["ports"]), f"{where}: reachable without a proxy")
    for name, value in gateway["environment"].items():
        secret = re.search("SECRET|PASSWORD|KEY", name) and not name.endswith("_FILE")
        check(not secret, f"{where}: {name} is a secret in the environment")
        check("password" not in str(value).lower() or "${" in str(value), f"{where}: {name} holds a password")


def check_gateway(gateway, command, variables):
    help_text = subprocess.run([gateway, command[1], "--help"], capture_output=True, text=True).stdout
    check(help_text, f"{gateway} has no command {command[1]}")
    for flag in (word for word in command if word.startswith("--")):
        check(re.search(rf"{flag}\b", help_text), f"{command[1]} has no flag {flag}")
    # The gateway names variables that mean nothing to it.
    environment = {name: "x" for name in variables} | {"PUENTE_DATABASE_URL": "host=/nonexistent", "PUENTE_LOG_FORMAT": "json"}
    result = subprocess.run([gateway, "migrate"], env=os.environ | environment, capture_output=True, text=True)
    check("unknown variable" not in result.stderr, f"unknown variable: {result.stderr}")


def main():
    container = check_dockerfile(os.path.join(ROOT, "Dockerfile"))
    compose, variables = check_compose(os.path.join(ROOT, "docker-compose.yml"))
    if len(sys.argv) > 1:
        for command in filter(None, (container, compose)):
            check_gateway(sys.argv[1], command, [name for name in variables if name.startswith("PUENTE_")])
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
