/* alas_plugin.hpp: plugins for ALaS in C++17, of ordinary functions.
 *
 *     static std::string process(std::string_view data) { return "Processed: " + std::string(data); }
 *
 *     static double average(alas::span<const double> numbers) {
 *         if (numbers.empty()) throw alas::error("empty_input", "there is no average of nothing");
 *         return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
 *     }
 *
 *     ALAS_CPP_PLUGIN("my_module", alas::function<process>("process"), alas::function<average>("average"))
 *
 * Parameters and results are of these types, in any combination:
 *
 *     int                  integers; one that does not fit fails
 *     float                double
 *     bool                 bool
 *     string               std::string, std::string_view (lent)
 *     array<int>           alas::span<const std::int64_t> (lent), alas::ints (built in place), std::vector
 *     array<float>         alas::span<const double> (lent), alas::floats (built in place), std::vector
 *     array<bool>          alas::span<const bool> (lent), alas::bools (built in place), std::vector
 *     array, array<T>      std::vector<T>, alas::array (built)
 *     map, map<T>, struct  std::vector<std::pair<std::string, T>>, std::map<std::string, T>, alas::map (built)
 *     void, or something   std::optional<T>
 *     any                  alas::value
 *
 * What is lent is valid until the function returns, and must only be read. A first parameter `alas::call &` is no
 * argument: it is the call, with the log, the configuration, and the functions that the plugin may call.
 *
 * Exceptions do not leave a function: they become errors of ALaS. alas_plugin.h says the rest.
 */
#ifndef ALAS_PLUGIN_HPP
#define ALAS_PLUGIN_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "alas_plugin.h"

namespace alas {

/* Why a function fails: a short code for programs, a message for people. */
class error : public std::exception {
public:
    error(std::string code, std::string message) : code_(std::move(code)), message_(std::move(message)) {}
    const std::string &code() const noexcept { return code_; }
    const char *what() const noexcept override { return message_.c_str(); }

private:
    std::string code_;
    std::string message_;
};

#if defined(_WIN32)
#define ALAS_CPP_HIDDEN
#else
#define ALAS_CPP_HIDDEN __attribute__((visibility("hidden")))
#endif

namespace detail {

/* How many failures the host has noted in all threads, and which was the last of the call that runs in this one. */
ALAS_CPP_HIDDEN inline std::atomic<std::uint64_t> failures{0};
ALAS_CPP_HIDDEN inline thread_local std::uint64_t last_failure = 0;

/* While it lives, functions of this plugin may run whose failures are noted with calls of their own. */
struct apart {
    const std::uint64_t last = last_failure;
    apart() = default;
    apart(const apart &) = delete;
    apart &operator=(const apart &) = delete;
    ~apart() { last_failure = last; }
};

} // namespace detail

/* A function of the host has failed, which has noted why. Where nobody catches it, the plugin's function fails for that
 * reason. The host keeps the last one: what is thrown again after another failure says only that something has failed. */
class failed : public std::exception {
public:
    failed() noexcept : number_(++detail::failures) { detail::last_failure = number_; }
    const char *what() const noexcept override { return "a function of the host has failed"; }
    /* Whether the host still keeps the reason. */
    bool is_kept_by_host() const noexcept { return number_ == detail::last_failure; }

private:
    std::uint64_t number_;
};

/* Throws where a function of the host has failed; says whether it has found what it was asked for. */
inline bool check(alas_status status) {
    if (status != ALAS_OK && status != ALAS_NOT_FOUND) throw failed();
    return status == ALAS_OK;
}

/* Elements that somebody else owns, as std::span of C++20. */
template <typename T> class span {
public:
    constexpr span() noexcept = default;
    constexpr span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}
    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *begin() const noexcept { return data_; }
    constexpr T *end() const noexcept { return data_ + size_; }
    constexpr T &operator[](std::size_t position) const { return data_[position]; }

private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/* How values of a type are read and made. A plugin may add its own: `lent` says whether what was read still needs the
 * host's handles. */
template <typename T, typename = void> struct type {
    static_assert(!sizeof(T *), "this is none of the types that alas_plugin.hpp lists at its beginning");
};

namespace detail {

inline const char *kind_name(std::uint32_t kind) {
    static const char *const names[] = {"void", "a bool", "an int", "a float", "a text", "an array", "a map"};
    return kind <= ALAS_MAP ? names[kind] : "something that is no value";
}

[[noreturn]] inline void wrong_kind(const char *wanted, alas_value found) {
    throw error("wrong_kind", std::string("expected ") + wanted + ", found " + kind_name(found.tag));
}

} // namespace detail

template <> struct type<std::string_view> {
    static constexpr bool lent = true;
    static std::string_view read(alas_call *call, alas_value from) {
        const char *bytes = nullptr;
        std::size_t size = 0;
        if (from.tag != ALAS_TEXT) detail::wrong_kind("a text", from);
        check(alas_text(call, from, &bytes, &size));
        return std::string_view(bytes, size);
    }
    static alas_value make(alas_call *call, std::string_view from) {
        alas_value text;
        check(alas_new_text(call, from.data(), from.size(), &text));
        return text;
    }
};

/* The type that something is made of: words in quotes are pointers to their characters. */
template <typename T> using plain = std::decay_t<const T &>;

/* Gives back, at its end, the handles that were made since its beginning. What was put into an array or map stays. */
class scope {
public:
    explicit scope(alas_call *raw) : raw_(raw) { check(alas_open_scope(raw_, &number_)); }
    ~scope() { (void)alas_close_scope(raw_, number_); }
    scope(const scope &) = delete;
    scope &operator=(const scope &) = delete;

private:
    alas_call *raw_;
    std::size_t number_ = 0;
};

namespace detail {

/* A scope where one is of use: no handles are made for numbers, and some have to stay. */
struct no_scope {
    explicit no_scope(alas_call *) {}
};
template <bool IsOfUse> using scope_if = std::conditional_t<IsOfUse, scope, no_scope>;

} // namespace detail

/* A value of any kind, valid until the function returns, or the scope ends that it was got in. */
class value {
public:
    value() noexcept = default;
    value(alas_call *call, alas_value raw) noexcept : call_(call), raw_(raw) {}
    alas_value raw() const noexcept { return raw_; }
    alas_call *call() const noexcept { return call_; }
    /* One of ALAS_VOID, ALAS_BOOL, ALAS_INT, ALAS_FLOAT, ALAS_TEXT, ALAS_ARRAY, ALAS_MAP. */
    std::uint32_t kind() const noexcept { return raw_.tag; }
    bool is_void() const noexcept { return raw_.tag == ALAS_VOID; }
    /* What it is as a type of C++; fails when it is something else. */
    template <typename T> T as() const { return type<T>::read(call_, raw_); }
    /* How many elements an array or entries a map has. */
    std::size_t size() const {
        std::size_t size = 0;
        check(host().length(call_, raw_, &size));
        return size;
    }
    /* An element of an array. */
    value operator[](std::size_t position) const {
        alas_value item;
        check(host().array_get(call_, raw_, position, &item));
        return value(call_, item);
    }
    /* What a map has for a key. */
    std::optional<value> find(std::string_view key) const {
        alas_value item;
        if (!check(host().map_get(call_, raw_, key.data(), key.size(), &item))) return std::nullopt;
        return value(call_, item);
    }

private:
    const alas_host &host() const {
        if (call_ == nullptr) throw error("wrong_kind", "the value is void, which has no elements");
        return *call_->host;
    }
    alas_call *call_ = nullptr;
    alas_value raw_ = alas_void();
};

/* The call that runs. */
class call {
public:
    explicit call(alas_call *raw) noexcept : raw_(raw) {}
    alas_call *raw() const noexcept { return raw_; }
    /* Writes a line to the log of plugins; the level is one of ALAS_LOG_…. */
    void log(std::int32_t level, std::string_view message) {
        check(raw_->host->log(raw_, level, message.data(), message.size()));
    }
    /* A setting of the manifest's implementation.config. */
    std::optional<std::string_view> config(std::string_view key) {
        alas_value text;
        if (!check(raw_->host->config(raw_, key.data(), key.size(), &text))) return std::nullopt;
        return type<std::string_view>::read(raw_, text);
    }
    /* Calls a function: one of the own module by its name alone, others as module.function. */
    template <typename R = value, typename... A> R invoke(std::string_view name, const A &...arguments) {
        // One more, because an array needs an element.
        const alas_value values[] = {type<plain<A>>::make(raw_, arguments)..., alas_void()};
        alas_value result;
        alas_status status;
        {
            const detail::apart failures;
            status = raw_->host->invoke(raw_, name.data(), name.size(), values, sizeof...(A), &result);
        }
        check(status);
        if constexpr (!std::is_void_v<R>) return type<R>::read(raw_, result);
    }
    /* Whether the call has to end. Long work asks now and then, tidies up, and returns. */
    bool should_stop() { return alas_should_stop(raw_) != 0; }
    /* Begins a scope, which ends with the variable. */
    scope open_scope() { return scope(raw_); }
    /* Makes a value of any kind. */
    template <typename T> value make(const T &from) { return value(raw_, type<plain<T>>::make(raw_, from)); }

private:
    alas_call *raw_;
};

namespace detail {

/* The functions of the host for the types whose arrays are packed. */
template <typename T> struct packing : std::false_type {};
template <> struct packing<std::int64_t> : std::true_type {
    using item = std::int64_t;
    static constexpr auto lend = &alas_host::ints;
    static constexpr auto make = &alas_host::new_ints;
};
template <> struct packing<double> : std::true_type {
    using item = double;
    static constexpr auto lend = &alas_host::floats;
    static constexpr auto make = &alas_host::new_floats;
};
template <> struct packing<bool> : std::true_type {
    static_assert(sizeof(bool) == 1, "the host's bools are bytes");
    using item = std::uint8_t;
    static constexpr auto lend = &alas_host::bools;
    static constexpr auto make = &alas_host::new_bools;
};

template <typename K, typename T> alas_value make_map(alas_call *call, const K &entries) {
    alas_value map;
    check(alas_new_map(call, entries.size(), &map));
    const scope_if<!std::is_arithmetic_v<T>> items(call);
    for (const auto &[key, item] : entries) {
        const alas_value made = type<T>::make(call, item);
        check(call->host->map_put(call, map, key.data(), key.size(), made));
    }
    return map;
}

template <typename K, typename T, typename F> void read_map(alas_call *call, alas_value map, F take) {
    const scope_if<!type<K>::lent && !type<T>::lent> items(call);
    std::size_t cursor = 0;
    alas_value key, item;
    if (map.tag != ALAS_MAP) wrong_kind("a map", map);
    while (check(alas_map_next(call, map, &cursor, &key, &item))) {
        take(type<K>::read(call, key), type<T>::read(call, item));
    }
}

} // namespace detail

/* --- Building in place: the memory is the host's from the beginning --- */

/* An array of numbers or bools that is filled in place. */
template <typename T> class packed : public span<T> {
public:
    packed(call &from, std::size_t size) : packed(from.raw(), size, nullptr) {}
    /* Shortens it. */
    void truncate(std::size_t size) {
        check(alas_array_truncate(call_, raw_, size));
        static_cast<span<T> &>(*this) = span<T>(this->data(), size);
    }
    alas_value raw() const noexcept { return raw_; }

private:
    packed(alas_call *call, std::size_t size, typename detail::packing<T>::item *items)
        : call_(call), raw_(alas_void()) {
        check((call->host->*detail::packing<T>::make)(call, size, &items, &raw_));
        static_cast<span<T> &>(*this) = span<T>(reinterpret_cast<T *>(items), size);
    }
    alas_call *call_;
    alas_value raw_;
};
using ints = packed<std::int64_t>;
using floats = packed<double>;
using bools = packed<bool>;

/* An array of anything. */
class array {
public:
    explicit array(call &from, std::size_t capacity = 0) : call_(from.raw()), raw_(alas_void()) {
        check(alas_new_array(call_, capacity, &raw_));
    }
    template <typename T> void push(const T &item) {
        const detail::scope_if<!std::is_arithmetic_v<T>> made(call_);
        check(alas_array_push(call_, raw_, type<plain<T>>::make(call_, item)));
    }
    alas_value raw() const noexcept { return raw_; }

private:
    alas_call *call_;
    alas_value raw_;
};

/* A map of anything, or a struct. */
class map {
public:
    explicit map(call &from, std::size_t capacity = 0) : call_(from.raw()), raw_(alas_void()) {
        check(alas_new_map(call_, capacity, &raw_));
    }
    template <typename T> void put(std::string_view key, const T &item) {
        const detail::scope_if<!std::is_arithmetic_v<T>> made(call_);
        const alas_value value = type<plain<T>>::make(call_, item);
        check(call_->host->map_put(call_, raw_, key.data(), key.size(), value));
    }
    alas_value raw() const noexcept { return raw_; }

private:
    alas_call *call_;
    alas_value raw_;
};

/* --- The types --- */

template <> struct type<bool> {
    static constexpr bool lent = false;
    static bool read(alas_call *, alas_value from) {
        if (from.tag != ALAS_BOOL) detail::wrong_kind("a bool", from);
        return from.as_bool != 0;
    }
    static alas_value make(alas_call *, bool from) { return alas_bool(from); }
};

template <> struct type<double> {
    static constexpr bool lent = false;
    static double read(alas_call *, alas_value from) {
        if (from.tag == ALAS_INT) return static_cast<double>(from.as_int);
        if (from.tag != ALAS_FLOAT) detail::wrong_kind("a float", from);
        return from.as_float;
    }
    static alas_value make(alas_call *, double from) { return alas_float(from); }
};

template <typename T> struct type<T, std::enable_if_t<std::is_integral_v<T>>> {
    static constexpr bool lent = false;
    static T read(alas_call *, alas_value from) {
        if (from.tag != ALAS_INT) detail::wrong_kind("an int", from);
        const T number = static_cast<T>(from.as_int);
        if (static_cast<std::int64_t>(number) != from.as_int || (number < T(0)) != (from.as_int < 0)) {
            throw error("out_of_range", "the number " + std::to_string(from.as_int) + " is too large or too small");
        }
        return number;
    }
    static alas_value make(alas_call *, T from) {
        if constexpr (std::is_unsigned_v<T> && sizeof(T) == 8) {
            if (from > static_cast<T>(std::numeric_limits<std::int64_t>::max())) {
                throw error("out_of_range", "the number " + std::to_string(from) + " is too large for an int");
            }
        }
        return alas_int(static_cast<std::int64_t>(from));
    }
};

template <> struct type<std::string> {
    static constexpr bool lent = false;
    static std::string read(alas_call *call, alas_value from) {
        return std::string(type<std::string_view>::read(call, from));
    }
    static alas_value make(alas_call *call, std::string_view from) { return type<std::string_view>::make(call, from); }
};
template <> struct type<const char *> {
    static alas_value make(alas_call *call, const char *from) {
        if (from == nullptr) throw error("null_pointer", "the text is null");
        return type<std::string_view>::make(call, from);
    }
};

template <typename T> struct type<span<const T>, std::enable_if_t<detail::packing<T>::value>> {
    static constexpr bool lent = true;
    static span<const T> read(alas_call *call, alas_value from) {
        const typename detail::packing<T>::item *items = nullptr;
        std::size_t size = 0;
        if (from.tag != ALAS_ARRAY) detail::wrong_kind("an array", from);
        check((call->host->*detail::packing<T>::lend)(call, from, &items, &size));
        return span<const T>(reinterpret_cast<const T *>(items), size);
    }
    static alas_value make(alas_call *call, span<const T> from) {
        alas::call of(call);
        packed<T> made(of, from.size());
        for (std::size_t i = 0; i < from.size(); i++) made[i] = from[i];
        return made.raw();
    }
};

template <typename T> struct type<std::vector<T>> {
    static constexpr bool lent = type<T>::lent;
    static std::vector<T> read(alas_call *call, alas_value from) {
        std::size_t size = 0;
        if (from.tag != ALAS_ARRAY) detail::wrong_kind("an array", from);
        check(alas_length(call, from, &size));
        const detail::scope_if<!lent && !std::is_arithmetic_v<T>> items(call);
        std::vector<T> read;
        read.reserve(size);
        for (std::size_t i = 0; i < size; i++) {
            alas_value item;
            check(alas_array_get(call, from, i, &item));
            read.push_back(type<T>::read(call, item));
        }
        return read;
    }
    static alas_value make(alas_call *call, const std::vector<T> &from) {
        alas::call of(call);
        if constexpr (detail::packing<T>::value) {
            packed<T> made(of, from.size());
            for (std::size_t i = 0; i < from.size(); i++) made[i] = from[i];
            return made.raw();
        } else {
            array made(of, from.size());
            for (const T &item : from) made.push(item);
            return made.raw();
        }
    }
};

template <typename K, typename T> struct type<std::vector<std::pair<K, T>>> {
    static constexpr bool lent = type<K>::lent || type<T>::lent;
    static std::vector<std::pair<K, T>> read(alas_call *call, alas_value from) {
        std::vector<std::pair<K, T>> read;
        detail::read_map<K, T>(call, from, [&](K key, T item) { read.emplace_back(std::move(key), std::move(item)); });
        return read;
    }
    static alas_value make(alas_call *call, const std::vector<std::pair<K, T>> &from) {
        return detail::make_map<std::vector<std::pair<K, T>>, T>(call, from);
    }
};

template <typename K, typename T> struct type<std::map<K, T>> {
    static constexpr bool lent = type<K>::lent || type<T>::lent;
    static std::map<K, T> read(alas_call *call, alas_value from) {
        std::map<K, T> read;
        detail::read_map<K, T>(call, from, [&](K key, T item) { read.emplace(std::move(key), std::move(item)); });
        return read;
    }
    static alas_value make(alas_call *call, const std::map<K, T> &from) {
        return detail::make_map<std::map<K, T>, T>(call, from);
    }
};

template <typename T> struct type<std::optional<T>> {
    static constexpr bool lent = type<T>::lent;
    static std::optional<T> read(alas_call *call, alas_value from) {
        if (from.tag == ALAS_VOID) return std::nullopt;
        return type<T>::read(call, from);
    }
    static alas_value make(alas_call *call, const std::optional<T> &from) {
        return from ? type<T>::make(call, *from) : alas_void();
    }
};

template <> struct type<value> {
    static constexpr bool lent = true;
    static value read(alas_call *call, alas_value from) { return value(call, from); }
    static alas_value make(alas_call *, value from) { return from.raw(); }
};

/* What is built can be made a value of, and not read. */
template <typename T>
struct type<T, std::enable_if_t<std::is_same_v<T, array> || std::is_same_v<T, map> || std::is_same_v<T, ints> ||
                                std::is_same_v<T, floats> || std::is_same_v<T, bools>>> {
    static alas_value make(alas_call *, const T &from) { return from.raw(); }
};

/* --- Functions of the interface --- */

namespace detail {

/* Notes what is being thrown. */
inline alas_status fail(alas_call *call) noexcept {
    try {
        throw;
    } catch (const failed &thrown) {
        if (thrown.is_kept_by_host()) return ALAS_ERROR;
        return alas_fail(call, "host", "a function of the host has failed, and after it another one, whose reason it keeps");
    } catch (const error &thrown) {
        return alas_fail(call, thrown.code().c_str(), thrown.what());
    } catch (const std::exception &thrown) {
        return alas_fail(call, "exception", thrown.what());
    } catch (...) {
        return alas_fail(call, "exception", "an exception of an unknown type");
    }
}

template <typename R, typename... A> struct signature {
    static constexpr std::uint32_t count = sizeof...(A);
    static constexpr bool has_call = false;
    using arguments = std::tuple<std::decay_t<A>...>;
    using indices = std::index_sequence_for<A...>;
    using result = std::decay_t<R>;
};
template <typename R, typename... A> struct signature<R, call &, A...> : signature<R, A...> {
    static constexpr bool has_call = true;
};
template <typename R, typename... A> signature<R, A...> signature_of(R (*)(A...));
template <auto Function> using signature_for = decltype(signature_of(Function));

template <auto Function, std::size_t... I>
void run(call &running, const alas_value *args, alas_value *result, std::index_sequence<I...>) {
    using S = signature_for<Function>;
    (void)args; // where there are none
    // Braces, because they read the arguments in their order.
    typename S::arguments read{type<std::tuple_element_t<I, typename S::arguments>>::read(running.raw(), args[I])...};
    const auto work = [&]() -> decltype(auto) {
        if constexpr (S::has_call) {
            return Function(running, std::move(std::get<I>(read))...);
        } else {
            return Function(std::move(std::get<I>(read))...);
        }
    };
    if constexpr (std::is_void_v<typename S::result>) {
        (void)result;
        work();
    } else {
        *result = type<typename S::result>::make(running.raw(), work());
    }
}

template <auto Function>
alas_status entry(alas_call *raw, const alas_value *args, std::size_t, alas_value *result) noexcept {
    try {
        call running(raw);
        run<Function>(running, args, result, typename signature_for<Function>::indices());
        return ALAS_OK;
    } catch (...) {
        return fail(raw);
    }
}

} // namespace detail

/* A row of the plugin's table: a function of C++, under the name that it has in the manifest. */
template <auto Function> constexpr alas_function function(const char *name) {
    return alas_function{name, &detail::entry<Function>, detail::signature_for<Function>::count, 0};
}

/* What ALAS_CPP_PLUGIN_WITH takes to begin: a function of `alas::call &`, which may throw. */
template <void (*Function)(call &)> alas_status init(alas_call *raw) noexcept {
    try {
        call running(raw);
        Function(running);
        return ALAS_OK;
    } catch (...) {
        return detail::fail(raw);
    }
}

} // namespace alas

/* Defines what a plugin exports: the module's name, and alas::function<…>("…") for each function. */
#define ALAS_CPP_PLUGIN(module_name, ...) ALAS_CPP_PLUGIN_WITH(module_name, nullptr, nullptr, __VA_ARGS__)

/* The same, with `alas::init<…>`, and a function that ends the plugin and does not throw; nullptr for none. */
#define ALAS_CPP_PLUGIN_WITH(module_name, init_function, shutdown_function, ...)                                       \
    static const alas_function alas_plugin_functions[] = {__VA_ARGS__};                                                \
    ALAS_PLUGIN(module_name, alas_plugin_functions, init_function, shutdown_function)

#endif /* ALAS_PLUGIN_HPP */
