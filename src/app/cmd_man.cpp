// SPDX-License-Identifier: MIT
#include "app/man_page.hpp"
#include "app/plain_answer.hpp"

namespace mailstate {

Answer run_man(const Call& call)
{
    std::string page = man_page();
    Json content = page;
    return plain_answer("man", call.options, std::move(page), "content", std::move(content));
}

}  // namespace mailstate
