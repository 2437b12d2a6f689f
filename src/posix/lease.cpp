// SPDX-License-Identifier: MIT
#include "posix/lease.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

#include "posix/holder_text.hpp"

namespace mailstate {

namespace {

using Clock = std::chrono::steady_clock;
constexpr const char* file_name = "lease";
constexpr std::size_t largest = 4096;

// A holder with our own pid is a dead one whose pid came round, as in a restarted container, unless it is ourselves:
// counted from before the file is made to after it is removed.
std::atomic<int> leases_of_this_process{0};

// No signal is handled in the heartbeat's thread: the program's handlers and masks are those of its other threads.
class SignalsBlocked {
public:
    SignalsBlocked()
    {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    SignalsBlocked(SignalsBlocked&&) = delete;
    SignalsBlocked& operator=(SignalsBlocked&&) = delete;

private:
    sigset_t before_{};
};

// The holder's line and a number that grows: a waiter sees it change whatever the time stamps are worth.
std::string content_of(std::uint64_t beat)
{
    return to_line(this_holder()) + "{\"beat\":" + std::to_string(beat) + "}\n";
}

Result<> write_content(int fd, const std::string& text, const std::string& subject)
{
    const auto count = retry([&] { return ::pwrite(fd, text.data(), text.size(), 0); });
    if (count == -1) return fail(system_error("pwrite", subject));
    if (static_cast<std::size_t>(count) == text.size()) return {};
    return fail({ENOSPC, "pwrite", subject, {}, {}});
}

class Lease final : public Lock {
public:
    Lease(const At& at, Fd directory, Fd file, std::chrono::milliseconds beat)
        : path_(at.path), directory_(std::move(directory)), file_(std::move(file)), beat_(beat)
    {
        const SignalsBlocked blocked;
        heart_ = std::thread([this] { live(); });
    }
    ~Lease() override
    {
        {
            const std::lock_guard held(mutex_);
            over_ = true;
        }
        wake_.notify_all();
        heart_.join();
        // What cannot be removed goes stale.
        if (is_ours()) (void)::unlinkat(directory_.get(), file_name, 0);
        --leases_of_this_process;
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lease(Lease&&) = delete;
    Lease& operator=(Lease&&) = delete;

private:
    void live()
    {
        std::unique_lock held(mutex_);
        for (std::uint64_t beat = 1; !wake_.wait_for(held, beat_, [this] { return over_; }); ++beat) {
            // A beat that fails is made up for by the next: several fit into the time after which a lease is stale.
            if (is_ours()) (void)write_content(file_.get(), content_of(beat), {});
        }
    }
    [[nodiscard]] bool is_ours() const
    {
        const auto there = stat_at({directory_.get(), path_}, file_name);
        const auto ours = stat_fd(file_.get(), {});
        return there && ours && same_inode(*there, *ours);
    }

    TreePath path_;
    Fd directory_, file_;
    std::chrono::milliseconds beat_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool over_ = false;
    std::thread heart_;
};

struct Seen {  // a lease as a waiter sees it
    std::uint64_t device = 0, inode = 0;
    Timestamp mtime;
    std::string content;
    bool operator==(const Seen&) const = default;
};

Result<std::optional<Seen>> look(const At& at, const std::string& name)
{
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const Fd fd(retry([&] { return ::openat(at.fd, name.c_str(), flags); }));
    if (!fd && errno == ENOENT) return std::optional<Seen>{};
    if (!fd) return fail(system_error("openat", at.path.text(name)));
    const Attributes found = TRY(stat_fd(fd.get(), at.path.text(name)));
    if (found.kind != Kind::regular) {
        return fail({EINVAL, "openat", at.path.text(name), "this is no regular file", {}});
    }
    auto content = TRY(read_all(fd.get(), at.path.text(name), largest));
    return std::optional(Seen{found.device, found.inode, found.mtime, std::move(content)});
}

// Only where its pid means the same to us: same boot, same host name, same container.
bool is_dead(const Seen& seen)
{
    const auto holder = holder_from_line(seen.content);
    if (!holder || holder->boot_id.empty() || holder->pid <= 0) return false;
    const Holder self = this_holder();
    const bool same_place =
        holder->boot_id == self.boot_id && holder->host == self.host && holder->container_id == self.container_id;
    if (!same_place) return false;
    if (holder->pid == self.pid) return leases_of_this_process == 0;
    return ::kill(holder->pid, 0) == -1 && errno == ESRCH;
}

std::string aside_name()
{
    std::uint64_t random = 0;
    // The pid tells most names apart even without entropy.
    (void)!::getrandom(&random, sizeof random, GRND_NONBLOCK);
    return ".lease." + std::to_string(::getpid()) + "." + std::to_string(random);
}

// Of those who do this at once only one finds the stale lease under its new name. Whoever moved a fresh one puts it
// back; if a third has made its own by then, that one holds.
Result<> take_away(const At& at, const Seen& stale)
{
    if (TRY(look(at, file_name)) != stale) return {};  // it lives after all
    const std::string aside = aside_name();
    if (::renameat(at.fd, file_name, at.fd, aside.c_str()) == -1) {
        if (errno == ENOENT) return {};
        return fail(system_error("renameat", at.path.text(file_name)));
    }
    const bool right_one = TRY(look(at, aside)) == stale;
    if (!right_one) (void)::linkat(at.fd, aside.c_str(), at.fd, file_name, 0);  // EEXIST: the third
    (void)::unlinkat(at.fd, aside.c_str(), 0);  // a name that stays says nothing to anybody
    return {};
}

Result<Fd> make_lease(const At& at)
{
    constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Fd fd(retry([&] { return ::openat(at.fd, file_name, flags, 0600); }));
    if (!fd) return fail(system_error("openat", at.path.text(file_name)));
    // An empty lease cannot be told from one that is being written: both go stale, so this is no more than a delay.
    if (auto written = write_content(fd.get(), content_of(0), at.path.text(file_name)); !written) {
        (void)::unlinkat(at.fd, file_name, 0);
        return std::move(written).failure();
    }
    return fd;
}

}  // namespace

Result<std::unique_ptr<Lock>> take_lease(const At& at, const LockWait& wait, const LockPace& pace)
{
    const auto deadline = Clock::now() + wait.at_most;
    Fd directory = TRY(reopen_directory(at));
    std::optional<Seen> last;
    auto unchanged_since = Clock::now();
    for (;;) {
        ++leases_of_this_process;
        auto made = make_lease(at);
        if (!made) --leases_of_this_process;
        if (made) {
            return std::unique_ptr<Lock>(
                std::make_unique<Lease>(at, std::move(directory), std::move(*made), pace.beat));
        }
        if (made.error().number != EEXIST) return std::move(made).failure();
        auto seen = TRY(look(at, file_name));
        const auto now = Clock::now();
        if (seen != last) unchanged_since = now;
        last = std::move(seen);
        if (last && (now - unchanged_since >= pace.stale || is_dead(*last))) {
            TRY(take_away(at, *last));
            continue;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - now);
        if (left.count() <= 0) {
            return fail(held_by_another("openat", at.path.text(file_name), last ? last->content : std::string()));
        }
        if (wait.keep_waiting && !wait.keep_waiting())
            return fail(no_longer_waiting("openat", at.path.text(file_name)));
        std::this_thread::sleep_for(std::min(left, pace.poll));
    }
}

}  // namespace mailstate
