# One image with all of Postroom's programs; docker-compose.yml says which one a container runs.
FROM debian:12-slim AS build
WORKDIR /src
# Before the sources, so that a change of those does not install everything again.
COPY packages.txt .
RUN apt-get update \
    && sed 's/#.*//' packages.txt \
    | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends
COPY scripts/lib/npm-install.sh scripts/lib/
COPY services/gateway/documents/package.json services/gateway/documents/package-lock.json \
    services/gateway/documents/.npmrc services/gateway/documents/
RUN scripts/lib/npm-install.sh services/gateway/documents
COPY . .
RUN meson setup build -Dbuildtype=release -Dprefix=/usr/local \
    && ninja -C build \
    && mkdir /out \
    && cp build/services/gateway/gateway build/services/command/command-service \
    build/services/query/query-service build/services/scheduler/scheduler \
    build/services/cli/postroom /out/

FROM debian:12-slim
COPY packages.txt /tmp/
RUN apt-get update \
    && sed -n 's/ *# runtime$//p' /tmp/packages.txt \
    | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/* /tmp/packages.txt \
    && useradd --system --no-create-home postroom \
    && install -d -o postroom /var/mail/postroom
COPY --from=build /out/ /usr/local/bin/
COPY config /usr/local/share/postroom/config
COPY migrations /usr/local/share/postroom/migrations
ENV CONFIG_DIR=/usr/local/share/postroom/config \
    MIGRATIONS_DIR=/usr/local/share/postroom/migrations
USER postroom
EXPOSE 8000
CMD ["postroom", "--help"]
