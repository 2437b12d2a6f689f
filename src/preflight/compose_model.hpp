// SPDX-License-Identifier: MIT
// The tree of a whole project: files over one another, with what they include and extend, interpolated.
#pragma once

#include <set>

#include "preflight/compose.hpp"
#include "preflight/file_paths.hpp"
#include "preflight/yaml_tree.hpp"

namespace mailstate {

struct ModelFile {
    std::string path;  // absolute; empty: `text` is all
    std::string shown;
    std::optional<std::string> text;
};

struct ModelDocument {
    YamlNode written;  // with !reset and !override
    YamlNode tree;     // without; what the document includes and extends is merged into it
};

class ComposeModel {
public:
    // `compose` takes problems, file names and what was not followed. All must live as long.
    ComposeModel(const ComposeRequest& request, Compose& compose) : request_(request), compose_(compose) {}

    // Relative paths in the files are relative to `directory`. Error: the first file cannot be read.
    Result<YamlNode> load(const std::vector<ModelFile>& files, const std::string& directory,
                          const Variables& variables);

    // NAME=value lines of a project's .env, as far as it is there, or of files that must be; a later one wins over an
    // earlier one, and the variables over all.
    enum class Absent : bool { is_fine, is_refused };
    Variables with_dotenv(const Variables& variables, const std::vector<std::string>& paths, Absent absent);

private:
    Result<std::vector<ModelDocument>> documents(const ModelFile& file, const std::string& directory,
                                                 const Variables& variables);
    void interpolate_all(YamlNode& node, const Variables& variables, int depth = 0);
    void include_all(ModelDocument& document, const std::string& directory, const Variables& variables);
    void include(const YamlNode& entry, ModelDocument& document, const std::string& directory,
                 const Variables& variables);
    void extend_all(ModelDocument& document, const ModelFile& file, const Variables& variables);
    bool may_extend(const YamlNode& extends);
    YamlNode extended(const YamlMember& member, const ModelDocument& document, const ModelFile& file,
                      const Variables& variables);
    std::optional<YamlNode> base_of(const std::string& name, const YamlNode& extends, const ModelDocument& document,
                                    const ModelFile& file, const Variables& variables);
    void refuse(const std::string& subject, Worded why);
    void refuse(const YamlNode& node, Message why) { refuse(where_of(node), worded(why)); }
    [[nodiscard]] std::string shown(const std::string& path) const
    {
        return shown_path(request_.shown, request_.file, path);
    }

    const ComposeRequest& request_;
    Compose& compose_;
    std::set<std::string> open_;       // files that are being included
    std::set<std::string> extending_;  // services that are being extended
    int files_ = 0;
    std::size_t extended_weight_ = 0;  // bytes
    bool gave_up_extending_ = false;
};

}  // namespace mailstate
