// SPDX-License-Identifier: MIT
// The tests of a filesystem's abilities, each a function: what is tried in a scratch directory, and what came of it.
#pragma once

#include <vector>

#include "mailstate/fs/reader.hpp"
#include "mailstate/fs/writer.hpp"
#include "mailstate/model/ability.hpp"
#include "mailstate/model/capability.hpp"

namespace mailstate {

struct Bench {
    const Reader& reader;
    Writer& writer;
    const DirectoryRef& scratch;
    const std::vector<Owner>& owners;  // that the layout gives files to
    [[nodiscard]] Name named(std::string name) const { return {scratch, std::move(name)}; }
};

// What was tested before is in `found`; a test may add whose the files are that are made here. A failure is a refusal,
// or a bad moment.
using AbilityTest = Result<Verdict> (*)(const Bench& bench, Capabilities& found);

// change_ownership() reads back, and says so in words where the kernel's yes was none.
bool is_without_effect(const Error& error);
Verdict verdict_of(bool took_effect);
Result<Attributes> make_plain(const Bench& bench, const char* name);

// ability_test_owners.cpp: owners and modes
Result<Verdict> test_create(const Bench& bench, Capabilities& found);
Result<Verdict> test_chown(const Bench& bench, Capabilities& found);
Result<Verdict> test_sgid(const Bench& bench, Capabilities& found);
// Once more, two seconds later, where a client may have answered for its server. Corrects what was found.
Result<> test_owners_again(const Bench& bench, Capabilities& found);

// ability_test_names.cpp: what a name can be, and how it is changed
Result<Verdict> test_symlink(const Bench& bench, Capabilities& found);
Result<Verdict> test_hard_link(const Bench& bench, Capabilities& found);
Result<Verdict> test_rename(const Bench& bench, Capabilities& found);
Result<Verdict> test_noreplace(const Bench& bench, Capabilities& found);
Result<Verdict> test_exchange(const Bench& bench, Capabilities& found);
Result<Verdict> test_fifo(const Bench& bench, Capabilities& found);
Result<Verdict> test_socket(const Bench& bench, Capabilities& found);
Result<Verdict> test_case(const Bench& bench, Capabilities& found);

// ability_test_content.cpp: what is kept with a file, and how safely
Result<Verdict> test_attribute(const Bench& bench, Capabilities& found);
Result<Verdict> test_access_list(const Bench& bench, Capabilities& found);
Result<Verdict> test_fsync(const Bench& bench, Capabilities& found);
Result<Verdict> test_syncfs(const Bench& bench, Capabilities& found);
Result<Verdict> test_lock(const Bench& bench, Capabilities& found);
Result<Verdict> test_times(const Bench& bench, Capabilities& found);

}  // namespace mailstate
