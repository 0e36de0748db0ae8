#!/usr/bin/env bash
# setup.sh run|test: installs only what is missing; safe to call again and again.
#
#   run   what building and running the gateway needs, and the JavaScript client it serves
#   test  the same, plus a browser with its driver and one Python environment per client generation
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly client_version=4.8.1
readonly client_folder=vendor/socket.io
# nicegui carries the same bundle: the way for machines that reach PyPI but not npm.
readonly client_wheel=nicegui==3.18.0
readonly client_checksums="\
b0e735814f8dcfecd6cdb8a7ce95a297a7e1e5f2727a29e6f5901801d52fa0c5  socket.io.min.js
4a708dc26393eb54c528a717bb2673f7dac47abf578dbf6b3b5e8ed96217d520  socket.io.min.js.map
238040837b5172381b31d5721c7ff8993bdb761be29547b503e3a9b4e14c0f13  socket.io.js
0656a912d96fe36d2aecb18e9b9bc678918468b61c21e8d5ae9661ee68b273e1  socket.io.js.map
6e1fe90688a686dcd6baadc5a3bdc7aa741f8a01c147381af515a2ccca05f2fc  socket.io.esm.min.js
55053e267c50150a0565bc1b245fd32a620216bfb22c27ed955a2b4b65f2ae3a  socket.io.esm.min.js.map
f0524c2523ebbf63d3d51cee565acad8d8b62a7ae0c517e116786d76ed6f40ad  socket.io.msgpack.min.js
b997433e691501cb8593cfa3a2dd16e38c7891f017ee006e98b83e0e83e91b06  socket.io.msgpack.min.js.map"

say() { printf 'setup: %s\n' "$*" >&2; }
die() {
    printf 'setup: error: %s\n' "$*" >&2
    exit 1
}

# --- System packages ------------------------------------------------------------------------------

has_package() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# A server from anywhere will do; the gateway looks beside pg_config, and Debian keeps it here.
has_postgresql() {
    local found
    found=$({ command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; } 2>/dev/null || true)
    [[ -n $found ]] || { command -v pg_config >/dev/null && [[ -x "$(pg_config --bindir)/initdb" ]]; }
}

# Prints the packages of $1 (run|test) that are not there.
missing_packages() {
    local package
    has_postgresql || echo postgresql
    for package in libpq-dev zlib1g-dev libssl-dev pkg-config python3-venv brotli; do
        has_package "$package" || echo "$package"
    done
    if [[ $1 == test ]]; then
        command -v chromium >/dev/null || echo chromium
        command -v chromedriver >/dev/null || echo chromium-driver
        command -v shellcheck >/dev/null || echo shellcheck
        # For what receivers of webhooks are shown to write.
        command -v node >/dev/null || echo nodejs
        # For gateways whose wall clock jumps.
        has_package libfaketime || echo libfaketime
    fi
}

install_packages() {
    local -a missing as_root=()
    mapfile -t missing < <(missing_packages "$1")
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null ||
        die "these Debian packages, or what your system calls them, are missing: ${missing[*]}"
    if ((EUID != 0)); then
        # Who needs no password is not asked: `sudo -v` asks him all the same where another rule of his wants one.
        # Else `sudo -v` asks once; without a terminal it fails instead of hanging.
        if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || sudo -v; }; then
            die "packages are missing and this user may not install them. Ask for:
    apt-get install --no-install-recommends -y ${missing[*]}"
        fi
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get update -q >&2 || say "apt-get update failed; trying with the lists at hand"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --no-install-recommends -y -q "${missing[@]}" >&2
}

# --- The JavaScript client --------------------------------------------------------------------------

# Whether folder $1 holds the client, every file of it as pinned. A socket.io.js that is the minified bundle is one.
client_is_whole() {
    local sums=$client_checksums
    if cmp -s "$1"/socket.io.{min.js,js}; then sums=$(grep -v ' socket\.io\.js$' <<<"$sums"); fi
    [[ -f $1/socket.io.min.js ]] && (cd "$1" && sha256sum --check --strict --status --ignore-missing <<<"$sums")
}

# Into folder $1, from npm: the whole dist folder.
client_from_npm() {
    command -v npm >/dev/null || return 1
    (cd "$1" && timeout 60 npm pack --silent --fetch-retries=0 --fetch-timeout=15000 \
        "socket.io-client@$client_version" >/dev/null 2>&1) || return 1
    tar -xzf "$1"/socket.io-client-*.tgz -C "$1" || return 1
    cp "$1"/package/dist/socket.io.{,min.,esm.min.,msgpack.min.}js{,.map} "$1/dist/"
}

# Into folder $1, out of a Python package: the minified bundle alone.
client_from_pypi() {
    python3 -m venv "$1/venv" &&
        "$1/venv/bin/pip" download -q --no-deps --dest "$1" "$client_wheel" >&2 &&
        python3 -m zipfile -e "$1"/nicegui-*.whl "$1/wheel" &&
        cp "$1/wheel/nicegui/static/socket.io.min.js" "$1/dist/"
}

fetch_client() {
    if [[ $(cat "$client_folder/VERSION" 2>/dev/null) == "$client_version" ]] &&
        client_is_whole "$client_folder" && [[ -f $client_folder/socket.io.js ]]; then
        return 0
    fi
    local work
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # expanded now on purpose: $work is local
    trap "rm -rf '$work'" EXIT
    mkdir "$work/dist"
    say "fetching socket.io-client $client_version"
    client_from_npm "$work" || client_from_pypi "$work" ||
        die "socket.io-client $client_version can be had neither from npm nor from PyPI. Put its dist folder
    into $client_folder and the line $client_version into $client_folder/VERSION."
    client_is_whole "$work/dist" ||
        die "the fetched socket.io-client is not the one we know: a checksum differs. Nothing was kept."
    mkdir -p "$client_folder"
    cp "$work"/dist/* "$client_folder/"
    # Where only the minified bundle could be had, it answers to both names.
    [[ -f $client_folder/socket.io.js ]] || cp "$client_folder"/socket.io.{min.js,js}
    echo "$client_version" >"$client_folder/VERSION"
    rm -rf "$work"
    trap - EXIT
}

# The smallest form, for browsers that take it, where there is a tool to make it. The gateway makes gzip by itself.
compress_client() {
    command -v brotli >/dev/null || return 0
    local file
    for file in "$client_folder"/socket.io*.js "$client_folder"/socket.io*.map; do
        [[ ! -f $file || $file.br -nt $file ]] || brotli --quality=11 --force --output="$file.br" "$file"
    done
}

# --- Python environments ----------------------------------------------------------------------------

# A virtual environment tools/$1 with what scripts/requirements-$1.txt pins; made anew when that file changes.
python_environment() {
    local folder=tools/$1 wanted=scripts/requirements-$1.txt
    cmp -s "$wanted" "$folder/requirements.txt" && return 0
    say "making $folder"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q --disable-pip-version-check -r "$wanted" >&2
    cp "$wanted" "$folder/requirements.txt"
}

# --- Main -------------------------------------------------------------------------------------------

case ${1:-run} in
run | test) what=${1:-run} ;;
*) die "usage: scripts/setup.sh run|test" ;;
esac

command -v swift >/dev/null || die "no Swift toolchain found: install Swift 6.3 and its documented packages first"
install_packages "$what"
fetch_client
compress_client
if [[ $what == test ]]; then
    python_environment py5
    python_environment py4
fi
