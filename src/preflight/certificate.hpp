// SPDX-License-Identifier: MIT
// Certificates and their keys, as a TLS library reads them. Nothing of a key leaves certificate.cpp but whether it
// fits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

struct CertificateFacts {
    std::string problem;             // why it cannot be served: unreadable, encrypted, mismatched; empty: it can
    std::vector<std::string> names;  // DNS names of the leaf, in lower case; the subject's where it has none
    std::int64_t not_before = 0, not_after = 0;  // seconds since 1970
};

// The first certificate of the chain is the leaf. Any bytes.
CertificateFacts read_certificate(std::string_view chain_pem, std::string_view key_pem);

// RFC 6125: a wildcard stands for one label, the first.
bool covers(const CertificateFacts& certificate, std::string_view name);

struct CertificateFolder {
    std::string path;                  // "/etc/ssl/mail/example.org"; the default: "/etc/ssl/mail"
    bool is_default = false;           // the one of the directory itself, which has no file "domains"
    std::vector<std::string> domains;  // of its file "domains"
    CertificateFacts facts;
};

std::vector<std::string> parse_domains(std::string_view text);  // all white space separates; folded, without twins

}  // namespace mailstate
