// SPDX-License-Identifier: MIT
#include "preflight/certificate.hpp"

#include "fuzz/target.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = text_of(data, size);
    const CertificateFacts facts = read_certificate(text, text.substr(text.find('\0') + 1));
    promise(!covers(facts, ""), "no certificate is for nobody");
    for (const std::string& domain : parse_domains(text)) promise(!domain.empty(), "a domain is not empty");
    return 0;
}
