# SPDX-License-Identifier: MIT
# The last stage is an image that holds the static program, to be copied into the image of a mail system, and the script
# that takes the place of docker-mailserver's own:
#
#   docker build -t mailstate .
#
#   FROM ghcr.io/docker-mailserver/docker-mailserver:latest
#   COPY --from=mailstate /mailstate /usr/local/bin/mailstate
#   COPY --from=mailstate /mail_state.sh /usr/local/bin/setup.d/mail_state.sh
#   RUN mailstate seal
#
# or without an image of its own: docker build --output . .   writes the files into this directory.
# --target demo: Debian with Postfix, Redis, Dovecot and Rspamd, and mailstate as the entrypoint.
# --build-arg BINARY=IMAGE takes /mailstate from an image that was built before (BuildKit then builds no other).
ARG BINARY=build

FROM debian:bookworm-slim AS build
# The build packages of scripts/packages.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      cmake g++ ninja-build \
      libboost-filesystem-dev libcli11-dev libfmt-dev libmbedtls-dev libspdlog-dev libxxhash-dev libyaml-cpp-dev \
      nlohmann-json3-dev \
 && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt /source/
COPY include /source/include
COPY src /source/src
RUN cmake -S /source -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
 && cmake --build /build \
 && strip -o /mailstate /build/src/app/mailstate \
 && /mailstate --version

FROM ${BINARY} AS binary

FROM debian:bookworm-slim AS demo
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      postfix redis-server dovecot-core dovecot-imapd rspamd logrotate \
 && rm -rf /var/lib/apt/lists/*
COPY scripts/demo-image/ /demo/
COPY --from=binary /mailstate /usr/local/bin/mailstate
ENV ENABLE_AMAVIS=0 ENABLE_RSPAMD=1 MAILSTATE_NO_PROGRESS=1
RUN sh /demo/configure && mailstate seal
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["mailstate", "verify", "--ownership", "quick"]
ENTRYPOINT ["mailstate", "apply", "--"]
CMD ["/demo/services"]

FROM scratch
ARG VERSION=0.2.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="mailstate" \
      org.opencontainers.image.description="Brings the state of a mail container's services onto one volume" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=binary /mailstate /mailstate
COPY scripts/docker-mailserver/mail_state.sh /mail_state.sh
ENTRYPOINT ["/mailstate"]
