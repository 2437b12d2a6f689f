// SPDX-License-Identifier: MIT
// By Mbed TLS. What it allocates is freed by the wrappers below.
#include "preflight/certificate.hpp"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "mailstate/base/noncopyable.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

struct Chain : NonCopyable {
    mbedtls_x509_crt crt{};
    Chain() { mbedtls_x509_crt_init(&crt); }
    ~Chain() { mbedtls_x509_crt_free(&crt); }
};

struct Key : NonCopyable {
    mbedtls_pk_context pk{};
    Key() { mbedtls_pk_init(&pk); }
    ~Key() { mbedtls_pk_free(&pk); }
};

// PEM is text: Mbed TLS wants its NUL counted.
const unsigned char* bytes_of(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.c_str());
}

std::string text_of(const mbedtls_asn1_buf& buffer)
{
    return lower_case({reinterpret_cast<const char*>(buffer.p), buffer.len});
}

// Days from 1970 to a date of the Gregorian calendar, by Howard Hinnant's formula.
std::int64_t days_of(int year, int month, int day)
{
    year -= month <= 2 ? 1 : 0;
    const int era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
    return std::int64_t{era} * 146097 + days;
}

std::int64_t seconds_of(const mbedtls_x509_time& time)
{
    return ((days_of(time.year, time.mon, time.day) * 24 + time.hour) * 60 + time.min) * 60 + time.sec;
}

// dNSName is [2] of GeneralName: RFC 5280, 4.2.1.6. Where there is none, the common name counts.
std::vector<std::string> names_of(const mbedtls_x509_crt& leaf)
{
    std::vector<std::string> names;
    for (const mbedtls_x509_sequence* each = &leaf.subject_alt_names; each != nullptr; each = each->next)
        if (each->buf.p != nullptr && (each->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) == 2)
            names.push_back(text_of(each->buf));
    for (const mbedtls_x509_name* each = &leaf.subject; names.empty() && each != nullptr; each = each->next)
        if (each->oid.p != nullptr && MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &each->oid) == 0)
            names.push_back(text_of(each->val));
    return names;
}

std::string problem_of_key(const std::string& pem, mbedtls_x509_crt& leaf)
{
    if (pem.find_first_not_of(" \t\r\n") == std::string::npos) return "the key is empty";
    if (pem.find("ENCRYPTED") != std::string::npos) return "the key is encrypted, which no mail server can open";
    Key key;
    if (mbedtls_pk_parse_key(&key.pk, bytes_of(pem), pem.size() + 1, nullptr, 0) != 0)
        return "the key cannot be read: it must be an RSA or EC key in PEM";
    if (mbedtls_pk_check_pair(&leaf.pk, &key.pk) != 0) return "key and certificate do not match";
    return "";
}

std::size_t count_of(const mbedtls_x509_crt& chain)
{
    std::size_t count = 0;
    for (const mbedtls_x509_crt* each = &chain; each != nullptr; each = each->next) ++count;
    return count;
}

std::size_t begun_in(std::string_view pem)
{
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
    std::size_t count = 0;
    for (std::size_t at = pem.find(begin); at != std::string_view::npos; at = pem.find(begin, at + begin.size()))
        ++count;
    return count;
}

}  // namespace

CertificateFacts read_certificate(std::string_view chain_pem, std::string_view key_pem)
{
    CertificateFacts facts;
    Chain chain;
    const std::string pem(chain_pem);
    const int unread = mbedtls_x509_crt_parse(&chain.crt, bytes_of(pem), pem.size() + 1);
    if (unread < 0 || chain.crt.raw.p == nullptr) {
        facts.problem = "the certificate cannot be read";
        return facts;
    }
    // A positive result counts the broken certificates, a block without an end is skipped: a server would refuse both.
    if (unread > 0 || count_of(chain.crt) != begun_in(pem)) {
        facts.problem = "a certificate of its chain cannot be read";
        return facts;
    }
    facts.names = names_of(chain.crt);
    facts.not_before = seconds_of(chain.crt.valid_from);
    facts.not_after = seconds_of(chain.crt.valid_to);
    facts.problem = problem_of_key(std::string(key_pem), chain.crt);
    return facts;
}

bool covers(const CertificateFacts& certificate, std::string_view name)
{
    const std::string wanted = lower_case(name);
    const std::size_t dot = wanted.find('.');
    const std::string parent = dot == std::string::npos || dot == 0 ? "" : "*" + wanted.substr(dot);
    return std::ranges::any_of(
        certificate.names, [&](const std::string& own) { return own == wanted || (!parent.empty() && own == parent); });
}

std::vector<std::string> parse_domains(std::string_view text)
{
    std::vector<std::string> domains;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    std::set<std::string> known;  // a file may hold a million
    for (; !first_word(text).empty(); text = rest_of(text)) {
        std::string name = lower_case(first_word(text));
        if (known.insert(name).second) domains.push_back(std::move(name));
    }
    return domains;
}

}  // namespace mailstate
