// SPDX-License-Identifier: MIT
// The TLS SNI map: which certificate is served for which name. A wrong line is worse than none: Postfix aborts the
// handshake on a bad chain, and only logs where a name is missing. So a name that cannot be served is left out and
// reported. Sources: postconf(5), tls_server_sni_maps, smtpd_tls_chain_files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mailstate/model/finding.hpp"
#include "preflight/certificate.hpp"
#include "preflight/evidence.hpp"

namespace mailstate {

// The default in the directory itself, and each folder in it that has a file "domains"; sorted by name. The others are
// not meant for a map: acme-mailcow keeps its account and older certificates there (acme, backups). Folders without a
// certificate or a key, and what cannot be read, have a problem that says so.
std::vector<CertificateFolder> read_certificates(const Files& files, const std::string& directory);

struct SniLine {
    std::string name;              // as Postfix looks it up: in lower case, ".d" for "*.d", A-labels
    std::string key, certificate;  // paths
    bool operator==(const SniLine&) const = default;
};

inline constexpr std::string_view left_out = "left out of the map: ";  // begins such a message

struct SniMap {
    std::vector<SniLine> lines;
    std::vector<Finding> findings;  // sni.left-out: which folder, and `left_out` with the reason
    std::int64_t first_end = 0;     // seconds since 1970: when the first of the certificates in it expires
};

// `seen_as`: what the certificates' directory is called where the map is read.
SniMap make_sni_map(const std::vector<CertificateFolder>& folders, std::string_view hostname, std::string_view seen_as,
                    std::int64_t now);

std::string postfix_text(const SniMap& map);  // "name  KEY CERTIFICATE"
std::string dovecot_text(const SniMap& map);  // local_name blocks

// "bücher.example" → "xn--bcher-kva.example"; nothing where DNS cannot hold the name. RFC 3492.
std::string to_a_labels(std::string_view name);

}  // namespace mailstate
