#!/usr/bin/env bash
# make.sh: makes the certificates of the TLS tests anew, all of them worthless outside: a test authority, and two
# certificates for localhost by it, so that a renewal can be seen. Valid for a hundred years.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key "$work/authority.key"
openssl req -x509 -new -key "$work/authority.key" -sha256 -days 36500 -subj "/CN=Puente test authority" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" -out authority.pem
for name in first second; do
    key "$name.key"
    openssl req -new -key "$name.key" -subj "/CN=$name" -out "$work/$name.csr"
    openssl x509 -req -in "$work/$name.csr" -CA authority.pem -CAkey "$work/authority.key" -CAcreateserial \
        -CAserial "$work/serial" -sha256 -days 36500 -out "$name.pem" \
        -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n') 2>/dev/null
    chmod 600 "$name.key"
done
# By this Chromium is told to take the first one, whose authority it does not know.
openssl x509 -in first.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary |
    base64 >first.spki
