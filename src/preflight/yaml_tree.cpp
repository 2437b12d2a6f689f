// SPDX-License-Identifier: MIT
// By yaml-cpp, which reports by exceptions: none leaves this file.
#include "preflight/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>
#include <stdexcept>

#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr std::size_t largest_yaml = std::size_t{4} << 20U;
constexpr int most_nodes = 200'000;
constexpr std::size_t most_bytes = std::size_t{16} << 20U;  // of names and values, with what anchors repeat
constexpr int deepest_node = 100;

struct Refused : std::runtime_error {
    Refused(const std::string& why, int at) : std::runtime_error(why), line(at) {}
    int line;
};

std::string without_underscores(std::string text)
{
    std::erase(text, '_');
    return text;
}

// Go's %v of what go-yaml makes of a plain scalar: 0x10, 0o17 and 017 are integers, 1.0 is the float 1.
std::string plain_text(const std::string& written)
{
    if (written == "True" || written == "TRUE") return "true";
    if (written == "False" || written == "FALSE") return "false";
    if (written.empty() || std::string_view("+-.0123456789").find(written.front()) == std::string_view::npos)
        return written;
    std::string text = without_underscores(written);
    const std::size_t sign = text.front() == '+' || text.front() == '-' ? 1 : 0;
    int base = 10;
    std::size_t digits = sign;
    if (text.size() > sign + 1 && text[sign] == '0') {
        const char mark = text[sign + 1];
        base = mark == 'x' || mark == 'X' ? 16 : mark == 'b' || mark == 'B' ? 2 : 8;
        digits =
            sign + (mark == 'x' || mark == 'X' || mark == 'b' || mark == 'B' || mark == 'o' || mark == 'O' ? 2 : 1);
    }
    const std::string number = text.substr(0, sign) + text.substr(digits);
    constexpr std::size_t most_digits = 18;
    char* end = nullptr;
    if (number.size() > sign && number.size() <= most_digits && number.find_first_of(" .eE+-", sign) == number.npos) {
        const long long value = std::strtoll(number.c_str(), &end, base);
        if (*end == '\0') return std::to_string(value);
    }
    const bool is_decimal = text.find_first_not_of("0123456789.", sign) == text.npos &&
                            std::ranges::count(text, '.') == 1 && text.size() > sign + 1;
    if (!is_decimal) return written;
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    while (text.size() > sign + 1 && text[sign] == '0' && text[sign + 1] != '.') text.erase(sign, 1);
    if (text.size() > sign && text[sign] == '.') text.insert(sign, "0");
    return text.starts_with('+') ? text.substr(1) : text;
}

// yaml-cpp finds the same document again and again where it cannot read the first token of one, such as a comma.
class Progress final : public YAML::EventHandler {
public:
    explicit Progress(int first_line) : first_line_(first_line) {}
    void OnDocumentStart(const YAML::Mark& mark) override
    {
        if (mark.pos <= last_) throw Refused("it is not valid YAML from here on", mark.line + first_line_);
        last_ = mark.pos;
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  const std::string& /*value*/) override
    {
    }
    void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                         YAML::EmitterStyle::value /*style*/) override
    {
    }
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                    YAML::EmitterStyle::value /*style*/) override
    {
    }
    void OnMapEnd() override {}

private:
    int first_line_;
    int last_ = -1;
};

void expect_an_end(const std::string& text, int first_line)
{
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Progress progress(first_line);
    while (parser.HandleNextDocument(progress)) {
    }
}

class Conversion {
public:
    Conversion(const std::shared_ptr<const YamlOrigin>& origin, std::string_view text)
        : origin_(origin), lines_(split_lines(text).lines)
    {
    }

    [[nodiscard]] int first_line() const { return first_line_; }
    void begin_at(int line) { first_line_ = line; }
    [[nodiscard]] bool is_exhausted() const { return nodes_ > most_nodes || bytes_ > most_bytes; }

    YamlNode of(const YAML::Node& node, int depth = 0)
    {
        YamlNode result;
        result.origin = origin_;
        result.line = node.Mark().line + first_line_;
        if (depth > deepest_node) throw Refused("it is nested too deeply, or an anchor contains itself", result.line);
        if (++nodes_ > most_nodes) throw Refused("it has too many nodes", result.line);
        result.tag = node.Tag() == "!reset"      ? YamlNode::Tag::reset
                     : node.Tag() == "!override" ? YamlNode::Tag::override
                                                 : YamlNode::Tag::none;
        switch (node.Type()) {
            case YAML::NodeType::Scalar:
                result.kind = YamlNode::Kind::scalar;
                result.text = node.Tag() == "?" ? plain_text(node.Scalar()) : node.Scalar();
                spend(result.text.size(), result.line);
                result.text_line = first_line_of(node, result);
                break;
            case YAML::NodeType::Sequence:
                result.kind = YamlNode::Kind::list;
                for (const YAML::Node& each : node) result.items.push_back(of(each, depth + 1));
                break;
            case YAML::NodeType::Map:
                map(node, result, depth);
                break;
            case YAML::NodeType::Null:
            case YAML::NodeType::Undefined:
                break;
        }
        return result;
    }

private:
    void spend(std::size_t bytes, int line)
    {
        bytes_ += bytes;
        if (bytes_ > most_bytes) throw Refused("its anchors repeat too much text", line);
    }

    // A literal block ("|") has its lines below; of other scalars only one that is a single line has its own.
    [[nodiscard]] int first_line_of(const YAML::Node& node, const YamlNode& scalar) const
    {
        if (scalar.text.find('\n') == std::string::npos) return scalar.line;
        const auto column = static_cast<std::size_t>(std::max(node.Mark().column, 0));
        const auto line = static_cast<std::size_t>(scalar.line - 1);
        if (line >= lines_.size() || column >= lines_[line].text.size()) return 0;
        return lines_[line].text[column] == '|' ? scalar.line + 1 : 0;
    }

    // Keys of the map itself win over what "<<" merges in, wherever it is; of several merged maps the first.
    void map(const YAML::Node& node, YamlNode& result, int depth)
    {
        result.kind = YamlNode::Kind::map;
        std::vector<YamlNode> merged;
        std::set<std::string, std::less<>> keys;
        for (const auto& pair : node) {
            if (!pair.first.IsScalar()) continue;
            const std::string& key = pair.first.Scalar();
            const int line = pair.first.Mark().line + first_line_;
            spend(key.size(), line);
            YamlNode value = of(pair.second, depth + 1);
            if (key == "<<" && value.kind == YamlNode::Kind::map)
                merged.push_back(std::move(value));
            else if (key == "<<" && value.kind == YamlNode::Kind::list)
                std::ranges::move(value.items, std::back_inserter(merged));
            else if (!keys.insert(key).second)
                throw Refused("the key " + key + " occurs twice in one map", line);
            else
                result.members.push_back({key, line, std::move(value)});
        }
        for (YamlNode& from : merged)
            for (YamlMember& member : from.members)
                if (keys.insert(member.key).second) result.members.push_back(std::move(member));
    }

    const std::shared_ptr<const YamlOrigin>& origin_;
    std::vector<TextLine> lines_;  // of the whole file
    int first_line_ = 1;           // of the text in its file
    int nodes_ = 0;
    std::size_t bytes_ = 0;
};

YamlFile converted(Conversion& conversion, std::string_view text)
{
    YamlFile file;
    const int first_line = conversion.first_line();
    try {
        const std::string whole(text);
        expect_an_end(whole, first_line);
        for (const YAML::Node& document : YAML::LoadAll(whole)) file.documents.push_back(conversion.of(document));
    } catch (const YAML::Exception& error) {
        file.problem = error.msg;
        file.problem_line = error.mark.is_null() ? first_line : error.mark.line + first_line;
    } catch (const Refused& refused) {
        file.problem = refused.what();
        file.problem_line = refused.line;
    }
    return file;
}

YamlFile too_large()
{
    YamlFile file;
    file.problem = "it is larger than 4 MiB";
    return file;
}

struct DocumentText {
    std::string_view text;
    int first_line = 1;
};

bool is_document_mark(std::string_view line)
{
    return line.starts_with("---") &&
           (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r' || line[3] == '\n');
}

// "---" at the beginning of a line ends a document wherever it is, in a block of text, too.
std::vector<DocumentText> documents_of(std::string_view text)
{
    constexpr std::size_t most_documents = 10'000;  // what follows counts as one
    std::vector<DocumentText> parts{{text, 1}};
    int line = 1;
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        ++line;
        const std::string_view rest = text.substr(at + 1);
        if (!is_document_mark(rest) || parts.size() == most_documents) continue;
        parts.back().text.remove_suffix(rest.size());
        parts.push_back({rest, line});
    }
    return parts;
}

}  // namespace

YamlFile parse_yaml(std::string_view text, const std::shared_ptr<const YamlOrigin>& origin)
{
    if (text.size() > largest_yaml) return too_large();
    Conversion conversion(origin, text);
    return converted(conversion, text);
}

std::vector<YamlFile> parse_yaml_documents(std::string_view text, const std::shared_ptr<const YamlOrigin>& origin)
{
    constexpr int most_broken = 100;
    if (text.size() > largest_yaml) return {too_large()};
    Conversion conversion(origin, text);
    std::vector<YamlFile> files;
    int broken = 0;
    for (const DocumentText& part : documents_of(text)) {
        conversion.begin_at(part.first_line);
        files.push_back(converted(conversion, part.text));
        if (!files.back().problem.empty()) ++broken;
        if (broken == most_broken || conversion.is_exhausted()) break;
    }
    return files;
}

std::size_t weight_of(const YamlNode& node)
{
    std::size_t weight = sizeof node + node.text.size();
    for (const YamlNode& item : node.items) weight += weight_of(item);
    for (const YamlMember& member : node.members) weight += member.key.size() + weight_of(member.value);
    return weight;
}

const YamlNode* find_member(const YamlNode& node, std::string_view key)
{
    const YamlMember* const found = find_entry(node, key);
    return found == nullptr ? nullptr : &found->value;
}

YamlMember* find_entry(YamlNode& node, std::string_view key)
{
    const auto found = std::ranges::find(node.members, key, &YamlMember::key);
    return found == node.members.end() ? nullptr : &*found;
}

const YamlMember* find_entry(const YamlNode& node, std::string_view key)
{
    const auto found = std::ranges::find(node.members, key, &YamlMember::key);
    return found == node.members.end() ? nullptr : &*found;
}

std::string where_of(const YamlNode& node)
{
    return place_of(node.origin ? node.origin->file : "", node.line);
}

std::string where_of(const YamlMember& member)
{
    return place_of(member.value.origin ? member.value.origin->file : "", member.line);
}

std::string text_of(const YamlNode* node)
{
    return node != nullptr && node->kind == YamlNode::Kind::scalar ? node->text : "";
}

std::string text_at(const YamlNode& node, std::string_view key)
{
    return text_of(find_member(node, key));
}

const YamlNode& node_at(const YamlNode& node, std::string_view key)
{
    static const YamlNode nothing;
    const YamlNode* const found = find_member(node, key);
    return found == nullptr ? nothing : *found;
}

}  // namespace mailstate
