// SPDX-License-Identifier: MIT
// Runs a program and puts a fault into one of its system calls, or into all from one on. What strace's --inject does,
// with one count over all calls and all threads, and without strace's start of some 50 ms.
//
//   inject --report FILE [--list] [--count changes|reads] [--at N] [--fault FAULT] [--onward] [--only CALL,…]
//          [--refuse flags,exchange,locks] -- PROGRAM ARGUMENT…
//
//   --count     what is counted: calls that change something (the default), or calls that read
//   --at        the number of the call, from 1
//   --fault     kill        SIGKILL, before the call has done anything
//               kill-after  SIGKILL, when it has been done and before the program hears of it
//               short       half of the bytes are written
//               signal=S    signal number S is sent, and the call goes on
//               error=E     the call is not made and fails with errno E
//   --onward    that call, and every later one that --only names
//   --refuse    flags: a filesystem without RENAME_NOREPLACE and RENAME_EXCHANGE; exchange: without the latter only;
//               locks: one without fcntl locks. For the whole run, whatever else befalls it; not counted
//
// The report has a line for each call (with --list), then "injected COUNT", then "exit STATUS" or "signal NUMBER".
#include <elf.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "faults/calls.hpp"

namespace {

using namespace faults;

constexpr int failed = 125;  // as env(1): no status of the program under test

[[noreturn]] void give_up(const std::string& what)
{
    std::fprintf(stderr, "inject: %s: %s\n", what.c_str(), std::strerror(errno));
    std::exit(failed);
}

enum class Fault { none, kill, kill_after, shorten, signal, error };

struct Orders {
    std::string report;
    bool list = false, onward = false, refuse_locks = false;
    std::uint64_t refused_flags = 0;  // of renameat2
    Does counted = Does::changes;
    long at = 0;
    Fault fault = Fault::none;
    int number = 0;  // of a signal, or an errno
    std::set<std::string, std::less<>> only;
    std::vector<char*> program;
};

int number_in(std::string_view text)
{
    int number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{}) {
        errno = EINVAL;
        give_up(std::string(text));
    }
    return number;
}

void order_fault(Orders& orders, std::string_view text)
{
    const std::string_view name = text.substr(0, text.find('='));
    if (name.size() < text.size()) orders.number = number_in(text.substr(name.size() + 1));
    orders.fault = name == "kill"         ? Fault::kill
                   : name == "kill-after" ? Fault::kill_after
                   : name == "short"      ? Fault::shorten
                   : name == "signal"     ? Fault::signal
                   : name == "error"      ? Fault::error
                                          : Fault::none;
}

std::set<std::string, std::less<>> names_in(const std::string& list)
{
    std::set<std::string, std::less<>> names;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        if (end > begin) names.insert(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return names;
}

Orders read_orders(int count, char** arguments)
{
    Orders orders;
    int i = 1;
    const auto value = [&] { return i + 1 < count ? std::string(arguments[++i]) : std::string(); };
    for (; i < count && std::string_view(arguments[i]) != "--"; ++i) {
        const std::string_view option = arguments[i];
        if (option == "--report") orders.report = value();
        if (option == "--list") orders.list = true;
        if (option == "--onward") orders.onward = true;
        if (option == "--count") orders.counted = value() == "reads" ? Does::reads : Does::changes;
        if (option == "--at") orders.at = number_in(value());
        if (option == "--fault") order_fault(orders, value());
        if (option == "--only") orders.only = names_in(value());
        if (option == "--refuse") {
            const auto refused = names_in(value());
            if (refused.contains("flags")) orders.refused_flags = ~0ULL;
            if (refused.contains("exchange")) orders.refused_flags |= RENAME_EXCHANGE;
            orders.refuse_locks = refused.contains("locks");
        }
    }
    for (++i; i < count; ++i) orders.program.push_back(arguments[i]);
    orders.program.push_back(nullptr);
    if (orders.program.size() < 2 || orders.report.empty()) {
        errno = EINVAL;
        give_up("usage, see the source");
    }
    return orders;
}

// The calls of the table stop the thread; all others run at full speed.
void install_filter(Does counted)
{
    std::vector<sock_filter> filter;
    filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
    for (const Call& call : calls()) {
        if (counted == Does::changes && call.does == Does::reads && !call.name.starts_with("open")) continue;
        filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call.number), 0, 1));
        filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
    }
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    // As root without no_new_privs, which the program under test would see.
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1) give_up("prctl(PR_SET_SECCOMP)");
}

// Makes the stopped call fail without being made.
void fail_call(pid_t thread, int number)
{
#if defined(__x86_64__)
    user_regs_struct registers{};
    if (::ptrace(PTRACE_GETREGS, thread, nullptr, &registers) == -1) give_up("PTRACE_GETREGS");
    registers.orig_rax = ~0ULL;
    registers.rax = static_cast<unsigned long long>(-static_cast<long long>(number));
    if (::ptrace(PTRACE_SETREGS, thread, nullptr, &registers) == -1) give_up("PTRACE_SETREGS");
#elif defined(__aarch64__)
    int none = -1;
    iovec call{&none, sizeof none};
    if (::ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &call) == -1) give_up("PTRACE_SETREGSET");
    user_regs_struct registers{};
    iovec all{&registers, sizeof registers};
    if (::ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &all) == -1) give_up("PTRACE_GETREGSET");
    registers.regs[0] = static_cast<unsigned long long>(-static_cast<long long>(number));
    if (::ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &all) == -1) give_up("PTRACE_SETREGSET");
#else
#error "which registers hold the number and the result of a system call here?"
#endif
}

void shorten_call(pid_t thread, int argument, std::uint64_t count)
{
    user_regs_struct registers{};
    iovec all{&registers, sizeof registers};
    if (::ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &all) == -1) give_up("PTRACE_GETREGSET");
#if defined(__x86_64__)
    (argument == 2 ? registers.rdx : argument == 3 ? registers.r10 : registers.r8) = (count + 1) / 2;
#else
    registers.regs[argument] = (count + 1) / 2;
#endif
    if (::ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &all) == -1) give_up("PTRACE_SETREGSET");
}

class Tracer {
public:
    Tracer(const Orders& orders, pid_t process) : orders_(orders), process_(process), report_(orders.report) {}

    int run()
    {
        int last = 0, status = 0;
        for (pid_t thread; (thread = ::waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
            if (thread <= 0) continue;
            if (WIFSTOPPED(status))
                go_on(thread, status);
            else if (thread == process_)
                last = status;
        }
        report_ << "injected " << injected_ << "\n";
        if (WIFEXITED(last)) report_ << "exit " << WEXITSTATUS(last) << "\n";
        if (WIFSIGNALED(last)) report_ << "signal " << WTERMSIG(last) << "\n";
        return WIFEXITED(last) ? WEXITSTATUS(last) : 128 + WTERMSIG(last);
    }

private:
    void go_on(pid_t thread, int status)
    {
        const int event = status >> 16;
        const int signal = WSTOPSIG(status);
        if (event == PTRACE_EVENT_SECCOMP) return stopped_at_call(thread);
        if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) return ask(PTRACE_LISTEN, thread, 0);
        if (event != 0) return ask(PTRACE_CONT, thread, 0);
        if (signal == (SIGTRAP | 0x80)) return stopped_after_call(thread);
        ask(PTRACE_CONT, thread, signal);
    }

    void stopped_at_call(pid_t thread)
    {
        __ptrace_syscall_info info{};
        if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return;  // killed meanwhile
        Stopped stopped;
        stopped.thread = thread;
        stopped.number = static_cast<long>(info.seccomp.nr);
        for (std::size_t i = 0; i < stopped.arguments.size(); ++i) stopped.arguments[i] = info.seccomp.args[i];
        const Call* call = find_call(stopped.number);
        if (call == nullptr || what_it_does(*call, stopped) != orders_.counted || refuse(*call, stopped))
            return ask(PTRACE_CONT, thread, 0);
        ++count_;
        if (orders_.list) report_ << count_ << " " << describe(*call, stopped) << "\n";
        const bool chosen =
            orders_.at > 0 &&
            (count_ == orders_.at || (orders_.onward && count_ > orders_.at && orders_.only.contains(call->name)));
        if (!chosen) return ask(PTRACE_CONT, thread, 0);
        inject(*call, stopped);
    }

    bool refuse(const Call& call, const Stopped& stopped)
    {
        const bool flags = call.name == "renameat2" && (stopped.arguments[4] & orders_.refused_flags) != 0;
        const bool lock = orders_.refuse_locks && call.name == "fcntl";
        if (flags) fail_call(stopped.thread, EINVAL);
        if (lock) fail_call(stopped.thread, ENOLCK);
        return flags || lock;
    }

    void inject(const Call& call, const Stopped& stopped)
    {
        ++injected_;
        switch (orders_.fault) {
            case Fault::kill:
                (void)::kill(process_, SIGKILL);
                return;
            case Fault::kill_after:
                return ask(PTRACE_SYSCALL, stopped.thread, 0);  // to the stop at its end
            case Fault::signal:
                (void)::kill(process_, orders_.number);
                break;
            case Fault::error:
                fail_call(stopped.thread, orders_.number);
                break;
            case Fault::shorten:
                if (call.count >= 0)
                    shorten_call(stopped.thread, call.count, stopped.arguments[static_cast<std::size_t>(call.count)]);
                break;
            case Fault::none:
                break;
        }
        ask(PTRACE_CONT, stopped.thread, 0);
    }

    // With a filter that traces, the stop at the call's entry comes behind the one of the filter; then that at its end.
    void stopped_after_call(pid_t thread)
    {
        __ptrace_syscall_info info{};
        if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return;
        if (info.op != PTRACE_SYSCALL_INFO_EXIT) return ask(PTRACE_SYSCALL, thread, 0);
        (void)::kill(process_, SIGKILL);
    }

    // ESRCH: it was killed meanwhile, which the next wait tells.
    static void ask(__ptrace_request request, pid_t thread, int signal)
    {
        if (::ptrace(request, thread, nullptr, signal) == -1 && errno != ESRCH) give_up("ptrace");
    }

    const Orders& orders_;
    pid_t process_;
    std::ofstream report_;
    long count_ = 0, injected_ = 0;
};

void run_program(const Orders& orders, int go)
{
    char byte = '\0';
    if (::read(go, &byte, 1) != 1) std::exit(failed);
    install_filter(orders.counted);
    (void)::execv(orders.program.front(), orders.program.data());
    give_up(orders.program.front());
}

}  // namespace

int main(int count, char** arguments)
{
    const Orders orders = read_orders(count, arguments);
    int go[2] = {};
    if (::pipe2(go, O_CLOEXEC) == -1) give_up("pipe2");
    const pid_t process = ::fork();
    if (process == -1) give_up("fork");
    if (process == 0) run_program(orders, go[0]);
    constexpr long options = PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                             PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD;
    if (::ptrace(PTRACE_SEIZE, process, nullptr, options) == -1) give_up("PTRACE_SEIZE");
    if (::write(go[1], "", 1) != 1) give_up("write");
    return Tracer(orders, process).run();
}
