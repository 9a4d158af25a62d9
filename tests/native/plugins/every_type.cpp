/* Has a function for each type of alas_plugin.hpp, and for each way to fail. The test has the same names and types. */
#include <memory>
#include <numeric>
#include <stdexcept>

#include "alas_plugin.hpp"

namespace {

std::string prefix = "nothing";

void begin(alas::call &call) { prefix = std::string(call.config("prefix").value_or("none")); }

// --- Scalars ---

std::int64_t add(std::int64_t a, std::int64_t b) { return a + b; }
std::int32_t narrow(std::int32_t number) { return number; }
std::uint8_t byte(unsigned char number) { return number; }
std::uint64_t large(bool is_too_large) { return is_too_large ? UINT64_MAX : INT64_MAX; }
double half(double number) noexcept { return number / 2; }
bool negate(bool is_true) { return !is_true; }
void nothing() {}

// --- Texts ---

std::string process(std::string_view data) { return "Processed: " + std::string(data); }
std::string twice(const std::string &data) { return data + data; }
std::string_view first(std::string_view data) { return data.substr(0, 1); }
const char *constant() { return "constant"; }

// --- Arrays ---

double average(alas::span<const double> numbers) {
    if (numbers.empty()) throw alas::error("empty_input", "there is no average of nothing");
    return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}
std::int64_t sum(alas::span<const std::int64_t> numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), std::int64_t{0});
}
std::int64_t count(alas::span<const bool> bools) { return std::accumulate(bools.begin(), bools.end(), std::int64_t{0}); }
alas::span<const double> same(alas::span<const double> numbers) { return numbers; }
std::vector<std::int64_t> sorted(std::vector<std::int64_t> numbers) {
    for (std::size_t i = 1; i < numbers.size(); i++) {
        for (std::size_t k = i; k > 0 && numbers[k] < numbers[k - 1]; k--) std::swap(numbers[k], numbers[k - 1]);
    }
    return numbers;
}
std::vector<double> halves(const std::vector<double> &numbers) {
    std::vector<double> result;
    for (const double number : numbers) result.push_back(number / 2);
    return result;
}
std::vector<bool> inverse(std::vector<bool> bools) {
    bools.flip();
    return bools;
}
std::vector<std::int32_t> narrow_all(std::vector<std::int32_t> numbers) { return numbers; }
std::vector<std::string> reversed(std::vector<std::string> words) { return {words.rbegin(), words.rend()}; }
std::string joined(const std::vector<std::string_view> &words) {
    std::string result;
    for (const std::string_view word : words) result += word;
    return result;
}
std::vector<std::vector<std::string>> nested(std::vector<std::vector<std::string>> words) { return words; }
alas::floats squares(alas::call &call, std::int64_t size) {
    alas::floats result(call, static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < result.size(); i++) result[i] = static_cast<double>(i * i);
    return result;
}
alas::ints below(alas::call &call, std::int64_t limit, alas::span<const std::int64_t> numbers) {
    alas::ints result(call, numbers.size());
    std::size_t size = 0;
    for (const std::int64_t number : numbers) {
        if (number < limit) result[size++] = number;
    }
    result.truncate(size);
    return result;
}
alas::bools positive(alas::call &call, alas::span<const double> numbers) {
    alas::bools result(call, numbers.size());
    for (std::size_t i = 0; i < numbers.size(); i++) result[i] = numbers[i] > 0;
    return result;
}
alas::array mixed(alas::call &call) {
    alas::array result(call);
    result.push(1);
    result.push(0.5);
    result.push("text");
    result.push(std::vector<std::int64_t>{1, 2});
    result.push(std::optional<std::string>());
    return result;
}

// --- Maps ---

std::map<std::string, std::int64_t> counted(const std::vector<std::string> &words) {
    std::map<std::string, std::int64_t> result;
    for (const std::string &word : words) result[word]++;
    return result;
}
std::vector<std::pair<std::string, double>> in_order(std::vector<std::pair<std::string, double>> entries) {
    return entries;
}
std::int64_t total(const std::map<std::string_view, std::int64_t> &counts) {
    std::int64_t total = 0;
    for (const auto &[word, count] : counts) total += count + static_cast<std::int64_t>(word.size());
    return total;
}
std::map<std::string, std::vector<std::string>> grouped(std::map<std::string, std::vector<std::string>> groups) {
    return groups;
}
alas::map point(alas::call &call, double x, double y) {
    alas::map result(call, 2);
    result.put("x", x);
    result.put("y", y);
    return result;
}
double distance(alas::value point) {
    return point.find("x").value().as<double>() + point.find("y").value().as<double>();
}

// --- Anything ---

std::optional<std::int64_t> position(const std::vector<std::string_view> &words, std::string_view word) {
    for (std::size_t i = 0; i < words.size(); i++) {
        if (words[i] == word) return static_cast<std::int64_t>(i);
    }
    return std::nullopt;
}
bool is_nothing(std::optional<std::string_view> text) { return !text.has_value(); }
std::string describe(alas::value value) {
    switch (value.kind()) {
    case ALAS_VOID: return "void";
    case ALAS_BOOL: return value.as<bool>() ? "true" : "false";
    case ALAS_INT: return std::to_string(value.as<std::int64_t>());
    case ALAS_FLOAT: return "float";
    case ALAS_TEXT: return value.as<std::string>();
    case ALAS_ARRAY: {
        std::string result;
        for (std::size_t i = 0; i < value.size(); i++) result += describe(value[i]) + ";";
        return "[" + result + "]";
    }
    default: break;
    }
    std::string result;
    for (const auto &[key, item] : value.as<std::vector<std::pair<std::string_view, alas::value>>>()) {
        result += std::string(key) + "=" + describe(item) + ";";
    }
    return "{" + result + "}";
}
alas::value element(alas::value container, std::int64_t index) { return container[static_cast<std::size_t>(index)]; }
std::int64_t as_int(alas::value value) { return value.as<std::int64_t>(); }

// --- The call ---

std::string settings(alas::call &call) { return prefix + (call.config("missing") ? "?" : ""); }
void say(alas::call &call, std::string_view text) { call.log(ALAS_LOG_WARNING, text); }
std::int64_t add_by_name(alas::call &call, std::int64_t a, std::int64_t b) {
    return call.invoke<std::int64_t>("add", a, b);
}
std::string process_all(alas::call &call, const std::vector<std::string_view> &words) {
    std::string result;
    for (const std::string_view word : words) {
        const alas::scope scope = call.open_scope();
        result += call.invoke<std::string_view>("process", word);
    }
    call.invoke<void>("nothing");
    return result;
}
alas::value made(alas::call &call) { return call.make(std::map<std::string, bool>{{"is_made", true}}); }
bool recovers(alas::call &call) {
    try {
        call.invoke("average", std::vector<double>());
    } catch (const alas::failed &) {
        return true;
    }
    return false;
}
void fail_earlier(alas::call &call) {
    std::exception_ptr earlier;
    try {
        call.invoke("average", std::vector<double>());
    } catch (const alas::failed &) {
        earlier = std::current_exception();
    }
    try {
        call.invoke("nowhere");
    } catch (const alas::failed &) {
        std::rethrow_exception(earlier);
    }
}
void fail_and_tidy_up(alas::call &call) {
    try {
        call.invoke("average", std::vector<double>());
    } catch (const alas::failed &) {
        call.invoke("recovers");
        throw;
    }
}
double average_by_name(alas::call &call) { return call.invoke<double>("average", std::vector<double>()); }
void work(alas::call &call) {
    while (!call.should_stop()) {
    }
}

// --- Failing ---

void fail() { throw alas::error("own_code", "own message"); }
void fail_by_standard() { throw std::out_of_range("beyond the end"); }
void fail_by_number() { throw 5; }
void fail_by_memory() { std::make_unique<std::string>(std::string().max_size(), ' '); }
std::int64_t fail_by_host(alas::value array) { return array[100].as<std::int64_t>(); }

} // namespace

ALAS_CPP_PLUGIN_WITH(
    "every_type", alas::init<begin>, nullptr, alas::function<add>("add"), alas::function<narrow>("narrow"),
    alas::function<byte>("byte"), alas::function<large>("large"), alas::function<half>("half"),
    alas::function<negate>("negate"), alas::function<nothing>("nothing"), alas::function<process>("process"),
    alas::function<twice>("twice"), alas::function<first>("first"), alas::function<constant>("constant"),
    alas::function<average>("average"), alas::function<sum>("sum"), alas::function<count>("count"),
    alas::function<same>("same"), alas::function<sorted>("sorted"), alas::function<halves>("halves"),
    alas::function<inverse>("inverse"), alas::function<narrow_all>("narrow_all"),
    alas::function<reversed>("reversed"), alas::function<joined>("joined"), alas::function<nested>("nested"),
    alas::function<squares>("squares"), alas::function<below>("below"), alas::function<positive>("positive"),
    alas::function<mixed>("mixed"), alas::function<counted>("counted"), alas::function<in_order>("in_order"),
    alas::function<total>("total"), alas::function<grouped>("grouped"), alas::function<point>("point"),
    alas::function<distance>("distance"), alas::function<position>("position"),
    alas::function<is_nothing>("is_nothing"), alas::function<describe>("describe"),
    alas::function<element>("element"), alas::function<as_int>("as_int"), alas::function<settings>("settings"),
    alas::function<say>("say"), alas::function<add_by_name>("add_by_name"),
    alas::function<process_all>("process_all"), alas::function<made>("made"), alas::function<recovers>("recovers"),
    alas::function<fail_earlier>("fail_earlier"), alas::function<fail_and_tidy_up>("fail_and_tidy_up"),
    alas::function<average_by_name>("average_by_name"), alas::function<work>("work"), alas::function<fail>("fail"),
    alas::function<fail_by_standard>("fail_by_standard"), alas::function<fail_by_number>("fail_by_number"),
    alas::function<fail_by_memory>("fail_by_memory"), alas::function<fail_by_host>("fail_by_host"))
