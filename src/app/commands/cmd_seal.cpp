// SPDX-License-Identifier: MIT
#include "app/answers/refusal.hpp"
#include "app/cli/program_version.hpp"
#include "app/commands/session.hpp"
#include "app/output/json.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Answer seal_answer(const Session& session)
{
    const Result<Seal> seal = make_seal(session.world(), std::string(version()));
    if (!seal) return failed(session.command, session.call, "seal.failed", seal.error());
    const std::unique_ptr<Writer> writer = make_posix_writer();
    const Result<> written = write_seal(*session.reader, *writer, *seal);
    if (!written) return failed(session.command, session.call, "seal.failed", written.error());

    if (session.options().output == Output::text)
        return {number_of(ExitCode::done),
                "seal: recorded " + human_count(seal->items.size(), "item", "items") + " in " + seal_path + "\n"};
    Json json = json_answer(session.command);
    json["exit_code"] = number_of(ExitCode::done);
    json["seal"] = seal_path;
    json["items"] = seal->items.size();
    json["findings"] = Json::array();
    return {number_of(ExitCode::done), one_line(json)};
}

}  // namespace

Answer run_seal(const Call& call)
{
    return with_session("seal", call, seal_answer);
}

}  // namespace mailstate
