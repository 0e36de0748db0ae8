# The gateway in a container. Checked by scripts/check-container.py (syntax, copied paths, flags); building it needs a
# Docker engine, which the project's own machines do not have: this file has not been run there.
#
#   docker build -t puente .
#   docker run -p 127.0.0.1:3000:3000 -e PUENTE_DATABASE_URL=postgresql://… -v puente:/data puente

FROM swift:6.3-bookworm AS build
WORKDIR /src
# What changes seldom first: system packages and the JavaScript client, with its checksum.
COPY scripts scripts
RUN scripts/setup.sh run
COPY Package.swift Package.swift
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product gateway \
    && install -D "$(swift build -c release --show-bin-path)/gateway" /out/bin/gateway \
    && mkdir -p /out/share/puente \
    && cp -r vendor/socket.io /out/share/puente/socket.io

FROM swift:6.3-bookworm-slim
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends ca-certificates curl libpq5 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin puente
COPY --from=build /out /opt/puente
USER 10001
# The signing key of an external database is a row in it; the node's id lives here.
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
# Liveness never depends on PostgreSQL; readiness (/readyz) does and is for balancers.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["curl", "-fsS", "http://127.0.0.1:3000/healthz"]
ENTRYPOINT ["/opt/puente/bin/gateway"]
CMD ["serve", "--host", "0.0.0.0", "--port", "3000", "--data-dir", "/data"]
