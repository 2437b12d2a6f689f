// SPDX-License-Identifier: MIT
#include "preflight/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace mailstate {

namespace {

constexpr std::uint8_t leaf_page = 13, inner_page = 5;  // of tables
constexpr int deepest_page = 20;
constexpr std::size_t header_size = 100;

struct Column {
    std::string_view text;
    std::uint64_t number = 0;
};
using Row = std::vector<Column>;

class Database {
public:
    explicit Database(std::string_view bytes) : bytes_(bytes)
    {
        if (!bytes.starts_with(std::string_view("SQLite format 3\0", 16)) || bytes.size() < header_size) return;
        page_size_ = number(16, 2) == 1 ? 65536 : number(16, 2);
        if (page_size_ < 512) page_size_ = 0;
    }

    // `visit` says whether to go on.
    bool rows(std::uint64_t page, int depth, const std::function<bool(const Row&)>& visit) const
    {
        if (page_size_ == 0 || page == 0 || depth > deepest_page || page > bytes_.size() / page_size_) return true;
        // A page that leads to itself does not make a tree: it reads at most as many pages as there are.
        if (++pages_read_ > 2 * (bytes_.size() / page_size_)) return false;
        const std::size_t begin = (page - 1) * page_size_, header = begin + (page == 1 ? header_size : 0);
        const std::uint64_t kind = number(header, 1), cells = number(header + 3, 2);
        if (kind != leaf_page && kind != inner_page) return true;
        const std::size_t pointers = header + (kind == leaf_page ? 8 : 12);
        for (std::uint64_t i = 0; i < cells && pointers + 2 * i < begin + page_size_; ++i) {
            const std::size_t cell = begin + number(pointers + 2 * i, 2);
            const bool go_on = kind == leaf_page ? visit(row_at(cell)) : rows(number(cell, 4), depth + 1, visit);
            if (!go_on) return false;
        }
        return kind == leaf_page || rows(number(header + 8, 4), depth + 1, visit);
    }

private:
    [[nodiscard]] std::uint64_t number(std::size_t at, std::size_t count) const
    {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < count; ++i)
            value = value << 8U | (at + i < bytes_.size() ? static_cast<std::uint8_t>(bytes_[at + i]) : 0U);
        return value;
    }

    std::uint64_t varint(std::size_t& at) const
    {
        std::uint64_t value = 0;
        for (int i = 0; i < 9; ++i) {
            const std::uint64_t byte = number(at++, 1);
            if (i == 8) return value << 8U | byte;
            value = value << 7U | (byte & 0x7fU);
            if ((byte & 0x80U) == 0) break;
        }
        return value;
    }

    // The content of overflow pages is not read: names and revisions are short.
    [[nodiscard]] Row row_at(std::size_t at) const
    {
        Row row;
        (void)varint(at);  // size of the payload
        (void)varint(at);  // row id
        const std::size_t begin = at;
        const std::uint64_t size = varint(at);
        if (size > page_size_) return row;
        std::size_t value = begin + size;
        while (at < begin + size) {
            const std::uint64_t type = varint(at);
            static constexpr std::size_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
            const std::size_t length = type < 10 ? sizes[type] : static_cast<std::size_t>((type - 12) / 2);
            if (type == 10 || type == 11 || length > page_size_ || value > bytes_.size()) return row;
            Column column;
            if (type >= 13 && type % 2 == 1) column.text = bytes_.substr(value, length);
            if (type < 10) column.number = type == 9 ? 1 : number(value, length);
            row.push_back(column);
            value += length;
        }
        return row;
    }

    std::string_view bytes_;
    std::uint64_t page_size_ = 0;
    mutable std::uint64_t pages_read_ = 0;
};

}  // namespace

std::string first_text(std::string_view database, std::string_view table)
{
    const Database file(database);
    std::uint64_t root = 0;
    // sqlite_schema: type, name, tbl_name, rootpage, sql
    (void)file.rows(1, 0, [&](const Row& row) {
        if (row.size() >= 4 && row[0].text == "table" && row[1].text == table) root = row[3].number;
        return root == 0;
    });
    std::string text;
    (void)file.rows(root, 0, [&](const Row& row) {
        if (!row.empty()) text = row[0].text;
        return false;
    });
    return text;
}

}  // namespace mailstate
