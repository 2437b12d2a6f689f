// SPDX-License-Identifier: MIT
// What [[ $NAME -eq … ]] makes of a value. Not taken over from bash: assignments, increments and array elements, which
// change variables or run commands; they are errors here. Words of bash that are set by itself (RANDOM, UID, SECONDS)
// are variables like all others.
#include <array>
#include <limits>
#include <optional>

#include "mailstate/settings.hpp"
#include "model/bash_tokens.hpp"
#include "model/words.hpp"

namespace mailstate {
namespace {

constexpr int deepest_names = 1024;     // bash's own limit
constexpr int deepest_nesting = 256;    // parentheses, signs, "**", "?:"; bash's is its stack
constexpr int most_tokens = 1'000'000;  // A="B+B", B="C+C" … doubles with each name

struct Operator {
    std::string_view text;
    int level;  // higher binds tighter
};
constexpr int highest_level = 10;
constexpr std::array<Operator, 18> operators = {{{"||", 1},
                                                 {"&&", 2},
                                                 {"|", 3},
                                                 {"^", 4},
                                                 {"&", 5},
                                                 {"==", 6},
                                                 {"!=", 6},
                                                 {"<=", 7},
                                                 {">=", 7},
                                                 {"<", 7},
                                                 {">", 7},
                                                 {"<<", 8},
                                                 {">>", 8},
                                                 {"+", 9},
                                                 {"-", 9},
                                                 {"*", 10},
                                                 {"/", 10},
                                                 {"%", 10}}};

const Operator* find_operator(const BashToken& token)
{
    for (const auto& known : operators) {
        if (token.kind == BashTokenKind::mark && token.text == known.text) return &known;
    }
    return nullptr;
}

std::uint64_t raw(std::int64_t value)
{
    return static_cast<std::uint64_t>(value);
}

// bash computes in 64 bits and wraps; unsigned numbers do that without undefined behaviour.
std::int64_t wrap(std::uint64_t value)
{
    return static_cast<std::int64_t>(value);
}

std::int64_t power_of(std::int64_t base, std::int64_t exponent)
{
    std::uint64_t result = 1, square = raw(base);
    for (auto left = raw(exponent); left != 0; left >>= 1U) {
        if ((left & 1U) != 0) result *= square;
        square *= square;
    }
    return wrap(result);
}

std::int64_t divide(std::int64_t a, std::int64_t b)
{
    return b == -1 ? wrap(0 - raw(a)) : a / b;  // the smallest number has no positive twin
}

std::int64_t remainder_of(std::int64_t a, std::int64_t b)
{
    return b == -1 ? 0 : a % b;
}

std::int64_t compute(std::string_view op, std::int64_t a, std::int64_t b)
{
    const auto count = raw(b) & 63U;  // as the processors that bash runs on do
    if (op == "||") return static_cast<std::int64_t>(a != 0 || b != 0);
    if (op == "&&") return static_cast<std::int64_t>(a != 0 && b != 0);
    if (op == "|") return a | b;
    if (op == "^") return a ^ b;
    if (op == "&") return a & b;
    if (op == "==") return static_cast<std::int64_t>(a == b);
    if (op == "!=") return static_cast<std::int64_t>(a != b);
    if (op == "<=") return static_cast<std::int64_t>(a <= b);
    if (op == ">=") return static_cast<std::int64_t>(a >= b);
    if (op == "<") return static_cast<std::int64_t>(a < b);
    if (op == ">") return static_cast<std::int64_t>(a > b);
    if (op == "<<") return wrap(raw(a) << count);
    if (op == ">>") return a >> count;
    if (op == "+") return wrap(raw(a) + raw(b));
    if (op == "-") return wrap(raw(a) - raw(b));
    if (op == "*") return wrap(raw(a) * raw(b));
    return op == "/" ? divide(a, b) : remainder_of(a, b);
}

struct Waiting {  // a left operand and its operator
    const Operator* op = nullptr;
    std::int64_t value = 0;
    bool idle = false;  // the right operand does not count
};

// What all expressions of one evaluation share. The first problem is kept, and everything unwinds at once because no
// token comes after it.
struct Shared {
    const Variables& variables;
    std::optional<std::string> problem;
    int names = 0, nesting = 0, tokens = 0;
};

class Expression {
public:
    Expression(std::string_view text, Shared& shared) : tokens_(text), shared_(shared) { advance(); }

    std::int64_t whole()
    {
        if (token_.kind == BashTokenKind::end) return 0;
        const auto value = comma();
        if (token_.kind != BashTokenKind::end) refuse("an operator is expected before", token_.text);
        return value;
    }

private:
    // Counts how deep the evaluation is, as long as it lives.
    class Level {
    public:
        explicit Level(Expression& expression) : shared_(expression.shared_)
        {
            if (++shared_.nesting > deepest_nesting) expression.refuse("the expression is nested too deeply");
        }
        ~Level() { --shared_.nesting; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;
        Level(Level&&) = delete;
        Level& operator=(Level&&) = delete;

    private:
        Shared& shared_;
    };

    // Not inlined, so that their temporaries do not lie in each frame of the recursion.
    [[gnu::noinline]] void refuse(std::string_view message, std::string_view near = {})
    {
        if (!shared_.problem)
            shared_.problem = std::string(message) + (near.empty() ? std::string{} : ' ' + in_quotes(near));
        token_ = {};
    }

    [[gnu::noinline]] void advance()
    {
        if (shared_.problem) return;
        if (++shared_.tokens > most_tokens) return refuse("the expression never comes to an end");
        auto next = tokens_.next();
        if (!next) return refuse(next.error().message);
        token_ = *next;
    }

    [[nodiscard, gnu::noinline]] bool is(std::string_view mark) const
    {
        return token_.kind == BashTokenKind::mark && token_.text == mark;
    }

    std::int64_t comma()
    {
        auto value = conditional();
        while (is(",")) {
            advance();
            value = conditional();
        }
        return value;
    }

    std::int64_t conditional()
    {
        const auto condition = binary();
        if (!is("?")) return condition;
        const Level level(*this);
        const auto yes = branch(condition == 0, &Expression::comma);
        if (!is(":")) {
            refuse("':' is expected after '?'");
            return 0;
        }
        const auto no = branch(condition != 0, &Expression::conditional);
        return condition != 0 ? yes : no;
    }

    // What is idle is parsed, but no name is looked up and a division by zero does not count.
    std::int64_t branch(bool idle, std::int64_t (Expression::*parse)())
    {
        idle_ += idle ? 1 : 0;
        advance();
        const auto value = (this->*parse)();
        idle_ -= idle ? 1 : 0;
        return value;
    }

    // Left operands wait until an operator comes that binds no tighter. Each that waits binds tighter than the one
    // before, so there are never more than levels.
    std::int64_t binary()
    {
        std::array<Waiting, highest_level> waiting{};
        std::size_t count = 0;
        auto value = power();
        for (;;) {
            const auto* const op = find_operator(token_);
            const int level = op == nullptr ? 0 : op->level;
            while (count > 0 && waiting[count - 1].op->level >= level) value = joined(waiting[--count], value);
            if (op == nullptr) return value;
            const bool idle = (op->text == "&&" && value == 0) || (op->text == "||" && value != 0);
            waiting[count++] = {op, value, idle};
            idle_ += idle ? 1 : 0;
            advance();
            value = power();
        }
    }

    [[gnu::noinline]] std::int64_t joined(const Waiting& left, std::int64_t right)
    {
        if (right == 0 && (left.op->text == "/" || left.op->text == "%")) {
            if (idle_ == 0) refuse("division by 0");
            right = 1;
        }
        idle_ -= left.idle ? 1 : 0;
        return compute(left.op->text, left.value, right);
    }

    // Binds weaker than signs, -2**2 is 4, and to the right: 2**3**2 is 512.
    std::int64_t power()
    {
        const auto base = unary();
        if (!is("**")) return base;
        const Level level(*this);
        advance();
        const auto exponent = power();
        if (exponent < 0) refuse("an exponent less than 0");
        return exponent <= 0 ? 1 : power_of(base, exponent);
    }

    std::int64_t unary()
    {
        const bool negate = is("-"), flip = is("~"), invert = is("!");
        if (!negate && !flip && !invert && !is("+")) return primary();
        const Level level(*this);
        advance();
        const auto value = unary();
        if (negate) return wrap(0 - raw(value));
        if (flip) return ~value;
        return invert ? static_cast<std::int64_t>(value == 0) : value;
    }

    std::int64_t primary()
    {
        const auto token = token_;
        if (token.kind == BashTokenKind::number || token.kind == BashTokenKind::name) {
            advance();
            return token.kind == BashTokenKind::number ? token.number : value_of(token.text);
        }
        if (is("(")) return parenthesis();
        refuse(token.kind == BashTokenKind::end ? "an operand is expected at the end" : "an operand is expected at",
               token.text);
        return 0;
    }

    std::int64_t parenthesis()
    {
        const Level level(*this);
        advance();
        const auto value = comma();
        if (!is(")")) {
            refuse("a ')' is missing");
            return 0;
        }
        advance();
        return value;
    }

    std::int64_t value_of(std::string_view name)
    {
        const auto found = shared_.variables.find(name);
        if (idle_ > 0 || shared_.problem || found == shared_.variables.end()) return 0;
        if (++shared_.names >= deepest_names) {
            refuse("variables refer to each other more than 1,024 deep, at", name);
            return 0;
        }
        const auto value = Expression(found->second, shared_).whole();
        --shared_.names;
        if (shared_.problem) token_ = {};
        return value;
    }

    BashTokens tokens_;
    Shared& shared_;
    BashToken token_;
    int idle_ = 0;
};

}  // namespace

Result<std::int64_t> bash_arithmetic(std::string_view expression, const Variables& variables)
{
    Shared shared{variables, {}};
    const auto value = Expression(expression, shared).whole();
    if (shared.problem) return fail(text_error({}, *shared.problem));
    return value;
}

}  // namespace mailstate
