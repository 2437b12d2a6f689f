// SPDX-License-Identifier: MIT
#include "fs/remove_unchanged.hpp"

#include <unistd.h>

#include "fs/copy_file.hpp"

namespace mailstate {

namespace {

Failure changed(const DirectoryRef& at, std::string_view name)
{
    return fail({EBUSY, "unlinkat", at->path().text(name), "the file changed in the moment it was to be removed",
                 "Stop the service that writes it."});
}

bool holds_the_same(const Attributes& a, const Attributes& b)
{
    return a.size == b.size && a.mtime == b.mtime;
}

// Where the service has made the file anew by now, that one is newer still, and both are kept.
Result<> put_back(const DirectoryRef& at, const std::string& name, int file, const Attributes& now,
                  DataMethods& methods)
{
    const std::function<bool(std::uint64_t)> go_on;
    Result<> back = copy_opened({at, name, at, name, Durable::yes, go_on}, file, now, methods);
    if (back || back.error().number != EEXIST) return back;
    return copy_opened({at, name, at, name + ".mailstate-kept", Durable::yes, go_on}, file, now, methods);
}

}  // namespace

// The descriptor outlives the name: what is written between the look and the removal shows in it.
Result<> remove_unchanged(const DirectoryRef& at, std::string_view name, const Attributes& seen, DataMethods& methods)
{
    const std::string text = TRY(checked_name("unlinkat", at_of(at), name));
    Attributes opened;
    const Fd file = TRY(open_file_at(at_of(at), name, seen, opened));
    if (!holds_the_same(seen, opened)) return changed(at, name);  // the ctime moves with a removed hard link
    if (::unlinkat(fd_of(at), text.c_str(), 0) == -1) return fail(system_error("unlinkat", at->path().text(name)));
    const Attributes now = TRY(stat_fd(file.get(), at->path().text(name)));
    if (holds_the_same(seen, now)) return {};
    TRY(put_back(at, text, file.get(), now, methods));
    return changed(at, name);
}

}  // namespace mailstate
