// SPDX-License-Identifier: MIT
#include <unistd.h>

#include "app/cli/environment_options.hpp"
#include "app/process_setup.hpp"
#include "app/process_state.hpp"
#include "app/program.hpp"
#include "app/start_program.hpp"

int main(int argc, char** argv)
{
    const mailstate::ProcessState found = mailstate::state_at_start();
    if (!mailstate::open_missing_streams()) return mailstate::number_of(mailstate::ExitCode::blocked);
    mailstate::set_process_limits();
    const mailstate::Stop& stop = mailstate::stop_on_signals();
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const mailstate::Ending end =
        mailstate::run_program(arguments, mailstate::process_environment(), stop, STDOUT_FILENO);
    return end.program.empty() ? end.exit_code : mailstate::start_program(end, found, stop);
}
