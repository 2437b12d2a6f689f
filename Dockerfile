# SPDX-License-Identifier: MIT
# An image that holds one file, the static program, to be copied into the image of a mail system:
#
#   docker build -t mailstate .
#
#   FROM ghcr.io/docker-mailserver/docker-mailserver:latest
#   COPY --from=mailstate /mailstate /usr/local/bin/mailstate
#   RUN mailstate seal
#
# or without an image of its own: docker build --output . .   writes the file into this directory.

FROM debian:bookworm-slim AS build
# The build packages of scripts/packages.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      cmake g++ ninja-build \
      libboost-filesystem-dev libcli11-dev libfmt-dev libspdlog-dev libxxhash-dev nlohmann-json3-dev \
 && rm -rf /var/lib/apt/lists/*
COPY . /source
RUN cmake -S /source -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
 && cmake --build /build \
 && strip -o /mailstate /build/src/app/mailstate \
 && /mailstate --version

FROM scratch
COPY --from=build /mailstate /mailstate
ENTRYPOINT ["/mailstate"]
