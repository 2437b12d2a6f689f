// SPDX-License-Identifier: MIT
#include "app/answers/plain_answer.hpp"

namespace mailstate {

Answer plain_answer(std::string_view command, const Options& options, std::string text, std::string_view member,
                    Json value)
{
    const int done = number_of(ExitCode::done);
    if (options.output == Output::text) return {done, std::move(text)};
    Json json = json_answer(command);
    json["exit_code"] = done;
    json[std::string(member)] = std::move(value);
    json["findings"] = Json::array();
    return {done, one_line(json)};
}

}  // namespace mailstate
