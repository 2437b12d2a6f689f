// SPDX-License-Identifier: MIT
#include "app/log/log.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/log/log_line.hpp"
#include "app/log/records.hpp"
#include "engine/logger.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

LogLevel level_of(spdlog::level::level_enum level)
{
    if (level >= spdlog::level::err) return LogLevel::error;
    if (level == spdlog::level::warn) return LogLevel::warn;
    if (level == spdlog::level::info) return LogLevel::info;
    return level == spdlog::level::debug ? LogLevel::debug : LogLevel::trace;
}

spdlog::level::level_enum spdlog_level(LogLevel level)
{
    switch (level) {
        case LogLevel::error:
            return spdlog::level::err;
        case LogLevel::warn:
            return spdlog::level::warn;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::trace:
            return spdlog::level::trace;
    }
    return spdlog::level::info;
}

// No mutex of its own: the terminal has one, for the progress line too.
class TerminalSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    TerminalSink(const Options& options, Paint paint, Terminal& terminal)
        : format_(options.log_format), timestamps_(options.timestamps), paint_(paint), terminal_(terminal)
    {
    }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override
    {
        const std::string_view text(message.payload.data(), message.payload.size());
        const LogLevel level = level_of(message.level);
        terminal_.write(format_ == LogFormat::json ? json_log_line(utc_now(), level, text)
                                                   : text_log_line(level, text, paint_, timestamps_ ? utc_now() : ""));
    }
    void flush_() override {}

private:
    LogFormat format_;
    bool timestamps_;
    Paint paint_;
    Terminal& terminal_;
};

// Records are written beside the logger, which knows texts only.
Terminal*& terminal_for_records()
{
    static Terminal* terminal = nullptr;
    return terminal;
}

}  // namespace

void stop_log()
{
    terminal_for_records() = nullptr;
    end_log();
}

void log_refusal(const Finding& finding, const std::string& line)
{
    Terminal* const terminal = terminal_for_records();
    if (terminal == nullptr) return log_error(line);
    terminal->write(finding_record(finding_json(finding)));
}

void start_log(const Options& options, Paint paint, Terminal& terminal)
{
    terminal_for_records() = options.log_format == LogFormat::json ? &terminal : nullptr;
    auto sink = std::make_shared<TerminalSink>(options, paint, terminal);
    auto logger = std::make_shared<spdlog::logger>("mailstate", std::move(sink));
    logger->set_level(spdlog_level(options.quiet ? std::min(options.log_level, LogLevel::warn) : options.log_level));
    spdlog::set_default_logger(std::move(logger));
}

std::string with_hint(const Error& error)
{
    std::string text = describe(error);
    if (error.hint.empty()) return text;
    return text + (text.ends_with('?') ? " " : ". ") + error.hint;
}

}  // namespace mailstate
