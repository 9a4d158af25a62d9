//! The rows.
//!
//! Conventions of all functions: an argument of the wrong kind is `type_error`; an impossible value is `value_error`;
//! a position outside an array or a string is `index_out_of_bounds`; positions and lengths of text count characters;
//! functions that change a collection return the new one and leave the argument as it was.

use crate::{Capability, Row};

/// Defines [`Builtin`] and its rows from one list.
macro_rules! library {
    ($($variant:ident $name:literal $signature:literal [$($capability:ident)*] $documentation:literal;)+) => {
        /// Names one standard function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        #[expect(missing_docs, reason = "each variant's documentation is its row of the table")]
        pub enum Builtin { $($variant,)+ }

        impl Builtin {
            /// Every standard function, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The function's row.
            #[must_use]
            pub const fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        name: $name,
                        signature: $signature,
                        capabilities: &[$(Capability::$capability),*],
                        documentation: $documentation,
                    },)+
                }
            }
        }
    };
}

library! {
    IoPrint "io.print" "(value: any) -> void" [Io] "Write the text of the value to the output, without a line end.";
    IoPrintln "io.println" "(value: any) -> void" [Io] "Write the text of the value and a line end to the output.";
    IoReadLine "io.readLine" "() -> string" [Io] "Read the next line of the input, without its line end; an empty string at the end of the input.";
    IoReadFile "io.readFile" "(path: string) -> map<any>" [Io Filesystem] "The text of a file, as {ok: true, data, error: \"\"}; otherwise {ok: false, data: \"\", error}. See `fs.readFile`.";
    IoWriteFile "io.writeFile" "(path: string, text: string) -> map<any>" [Io Filesystem] "Write a file that holds the text, in place of what it held, as {ok: true, error: \"\"}; otherwise {ok: false, error}. See `fs.writeFile`.";

    MathPi "math.PI" "() -> float" [] "The ratio of a circle's circumference to its diameter.";
    MathE "math.E" "() -> float" [] "The base of the natural logarithm.";
    MathAbs "math.abs" "(value: N) -> N" [] "The absolute value; that of the smallest int wraps to itself.";
    MathMin "math.min" "(a: N, b: N) -> N" [] "The smaller of two numbers: an int of two ints, otherwise a float. NaN if either is NaN.";
    MathMax "math.max" "(a: N, b: N) -> N" [] "The larger of two numbers: an int of two ints, otherwise a float. NaN if either is NaN.";
    MathPow "math.pow" "(base: float, exponent: float) -> float" [] "The base raised to the exponent. A negative base with a fractional exponent, or zero with a negative one, is `value_error`.";
    MathSqrt "math.sqrt" "(value: float) -> float" [] "The square root; of a negative number `value_error`.";
    MathExp "math.exp" "(value: float) -> float" [] "The number e raised to the value.";
    MathLog "math.log" "(value: float) -> float" [] "The natural logarithm; of zero or a negative number `value_error`.";
    MathLog2 "math.log2" "(value: float) -> float" [] "The logarithm to base 2; of zero or a negative number `value_error`.";
    MathLog10 "math.log10" "(value: float) -> float" [] "The logarithm to base 10; of zero or a negative number `value_error`.";
    MathSin "math.sin" "(value: float) -> float" [] "The sine of an angle in radians; of an infinite one `value_error`.";
    MathCos "math.cos" "(value: float) -> float" [] "The cosine of an angle in radians; of an infinite one `value_error`.";
    MathTan "math.tan" "(value: float) -> float" [] "The tangent of an angle in radians; of an infinite one `value_error`.";
    MathAsin "math.asin" "(value: float) -> float" [] "The arc sine in radians; outside -1 to 1 `value_error`.";
    MathAcos "math.acos" "(value: float) -> float" [] "The arc cosine in radians; outside -1 to 1 `value_error`.";
    MathAtan "math.atan" "(value: float) -> float" [] "The arc tangent in radians.";
    MathAtan2 "math.atan2" "(y: float, x: float) -> float" [] "The angle in radians of the point (x, y), in all four quadrants.";
    MathHypot "math.hypot" "(x: float, y: float) -> float" [] "The length of the hypotenuse, without overflow in between.";
    MathFloor "math.floor" "(value: float) -> int" [] "The largest int not above the value; NaN or a value outside the ints is `value_error`. An int stays itself.";
    MathCeil "math.ceil" "(value: float) -> int" [] "The smallest int not below the value; NaN or a value outside the ints is `value_error`. An int stays itself.";
    MathRound "math.round" "(value: float) -> int" [] "The nearest int, halves away from zero; NaN or a value outside the ints is `value_error`. An int stays itself.";
    MathTrunc "math.trunc" "(value: float) -> int" [] "The value without its fraction; NaN or a value outside the ints is `value_error`. An int stays itself.";
    MathRandom "math.random" "() -> float" [] "A random number from 0 up to, but not including, 1.";
    MathRandomInt "math.randomInt" "(min: int, max: int) -> int" [] "A random int between min and max, both included; `value_error` when min is above max.";

    StringLength "string.length" "(text: string) -> int" [] "The number of characters.";
    StringSplit "string.split" "(text: string, separator: string) -> array<string>" [] "The parts between the separators; with an empty separator the characters.";
    StringJoin "string.join" "(parts: array<string>, separator: string) -> string" [] "The parts, with the separator between them; a part that is not a string is `type_error`.";
    StringToUpper "string.toUpper" "(text: string) -> string" [] "The text in upper case, by Unicode.";
    StringToLower "string.toLower" "(text: string) -> string" [] "The text in lower case, by Unicode.";
    StringTrim "string.trim" "(text: string) -> string" [] "The text without white space at both ends.";
    StringTrimStart "string.trimStart" "(text: string) -> string" [] "The text without white space at its start.";
    StringTrimEnd "string.trimEnd" "(text: string) -> string" [] "The text without white space at its end.";
    StringReplace "string.replace" "(text: string, old: string, new: string) -> string" [] "The text with every occurrence of old replaced; an empty old is found before every character and at the end.";
    StringConcat "string.concat" "(a: string, b: string) -> string" [] "The two texts, one after the other.";
    StringSubstring "string.substring" "(text: string, start: int, length: int) -> string" [] "So many characters from the start position; `index_out_of_bounds` when they reach outside the text, `value_error` for a negative length.";
    StringContains "string.contains" "(text: string, part: string) -> bool" [] "Whether the part occurs in the text.";
    StringStartsWith "string.startsWith" "(text: string, part: string) -> bool" [] "Whether the text starts with the part.";
    StringEndsWith "string.endsWith" "(text: string, part: string) -> bool" [] "Whether the text ends with the part.";
    StringIndexOf "string.indexOf" "(text: string, part: string) -> int" [] "The position of the first occurrence of the part, or -1.";
    StringRepeat "string.repeat" "(text: string, count: int) -> string" [] "The text so many times; a negative count is `value_error`.";
    StringPadStart "string.padStart" "(text: string, length: int, fill?: string) -> string" [] "The text filled at its start up to the length, with spaces unless told otherwise; an empty fill is `value_error`.";
    StringPadEnd "string.padEnd" "(text: string, length: int, fill?: string) -> string" [] "The text filled at its end up to the length, with spaces unless told otherwise; an empty fill is `value_error`.";
    StringCharAt "string.charAt" "(text: string, index: int) -> string" [] "The character at the position.";
    StringCodeAt "string.codeAt" "(text: string, index: int) -> int" [] "The Unicode code point at the position.";
    StringFromCode "string.fromCode" "(code: int) -> string" [] "The character of a Unicode code point; `value_error` when there is none.";
    StringReverse "string.reverse" "(text: string) -> string" [] "The characters in reverse order.";

    CollectionsLength "collections.length" "(collection: collection) -> int" [] "The number of elements, entries or characters.";
    CollectionsAppend "collections.append" "(array: array<T>, value: T) -> array<T>" [] "The array with the value at its end.";
    CollectionsContains "collections.contains" "(collection: collection, value: part) -> bool" [] "Whether an array has an equal element, a map the key, a string the part.";
    CollectionsIndexOf "collections.indexOf" "(sequence: S, value: part) -> int" [] "The position of the first equal element of an array, or of a part of a string; -1 if there is none.";
    CollectionsSlice "collections.slice" "(sequence: S, start: int, end?: int) -> S" [] "The elements or characters from start up to, but not including, end; `index_out_of_bounds` unless 0 <= start <= end <= length.";
    CollectionsRemove "collections.remove" "(array: array<T>, index: int) -> array<T>" [] "The array without the element at the position.";

    ArrayGet "array.get" "(array: array<T>, index: int, default?: T) -> T" [] "The element at the position; outside the array the default, or `index_out_of_bounds` without one.";
    ArraySet "array.set" "(array: array<T>, index: int, value: T) -> array<T>" [] "The array with another element at the position.";
    ArrayPush "array.push" "(array: array<T>, value: T) -> array<T>" [] "The array with the value at its end.";
    ArrayPop "array.pop" "(array: array<T>) -> array<T>" [] "The array without its last element; `index_out_of_bounds` when it is empty.";
    ArrayInsert "array.insert" "(array: array<T>, index: int, value: T) -> array<T>" [] "The array with the value before the position, or at the end for the length.";
    ArrayRemove "array.remove" "(array: array<T>, index: int) -> array<T>" [] "The array without the element at the position.";
    ArrayConcat "array.concat" "(a: array<T>, b: array<T>) -> array<T>" [] "The elements of both, one after the other.";
    ArraySlice "array.slice" "(array: array<T>, start: int, end?: int) -> array<T>" [] "The elements from start up to, but not including, end; `index_out_of_bounds` unless 0 <= start <= end <= length.";
    ArrayReverse "array.reverse" "(array: array<T>) -> array<T>" [] "The elements in reverse order.";
    ArraySort "array.sort" "(array: array<O>) -> array<O>" [] "The elements in ascending order, equal ones in their old order: all numbers, NaN last, or all strings by code point; anything else is `type_error`.";
    ArrayFill "array.fill" "(count: int, value: T) -> array<T>" [] "An array of the value so many times; a negative count is `value_error`.";
    ArrayRange "array.range" "(start: int, end: int, step?: int) -> array<int>" [] "The ints from start up to, but not including, end, by steps of 1 unless told otherwise; a step of zero is `value_error`.";
    ArraySum "array.sum" "(array: array<N>) -> I" [] "The sum of the numbers, wrapping as `+` does; 0 of an empty array.";
    ArrayMin "array.min" "(array: array<O>) -> O" [] "The smallest element by the order of `array.sort`, the first among equals; `value_error` when the array is empty.";
    ArrayMax "array.max" "(array: array<O>) -> O" [] "The largest element by the order of `array.sort`, the first among equals; `value_error` when the array is empty.";
    ArrayMap "array.map" "(array: array<T>, function: function(T)) -> array<R>" [] "What the function returns for each element.";
    ArrayFilter "array.filter" "(array: array<T>, function: function(T)) -> array<T>" [] "The elements for which the function returns something true.";
    ArrayReduce "array.reduce" "(array: array<T>, function: function(any, T), start: any) -> any" [] "Starts from `start` and, for each element, goes on with function(so far, element).";

    MapGet "map.get" "(map: map<T>, key: key, default?: T) -> T" [] "The value of the key; if there is none the default, or `key_not_found` without one.";
    MapPut "map.put" "(map: map<T>, key: key, value: T) -> map<T>" [] "The map with the value for the key, in its old place or at the end.";
    MapRemove "map.remove" "(map: map<T>, key: key) -> map<T>" [] "The map without the key; the same map when it has no such key.";
    MapContains "map.contains" "(map: map<T>, key: key) -> bool" [] "Whether the map has the key.";
    MapKeys "map.keys" "(map: map<T>) -> array<string>" [] "The keys, in the map's order.";
    MapValues "map.values" "(map: map<T>) -> array<T>" [] "The values, in the map's order.";
    MapEntries "map.entries" "(map: map<T>) -> array<map<any>>" [] "A map {key, value} for each entry, in the map's order.";
    MapMerge "map.merge" "(a: map<T>, b: map<T>) -> map<T>" [] "The entries of both; where both have a key, the value of b in the place of a.";
    MapSize "map.size" "(map: map<T>) -> int" [] "The number of entries.";

    TypeTypeOf "type.typeOf" "(value: any) -> string" [] "The name of the value's kind: int, float, string, bool, array, map, void or task.";
    TypeToString "type.toString" "(value: any) -> string" [] "The text of the value.";
    TypeToInt "type.toInt" "(value: scalar) -> int" [] "An int of an int, a float (its fraction cut off), a bool (0 or 1) or a string that holds an int; `value_error` when that is impossible.";
    TypeToFloat "type.toFloat" "(value: scalar) -> float" [] "A float of a number, a bool (0 or 1) or a string that holds a number; `value_error` when that is impossible.";
    TypeParseInt "type.parseInt" "(text: string) -> int" [] "The int that the text holds in decimal, with an optional sign; anything else is `value_error`.";
    TypeParseFloat "type.parseFloat" "(text: string) -> float" [] "The number that the text holds in decimal, or NaN, Infinity, -Infinity; anything else is `value_error`.";
    TypeIsInt "type.isInt" "(value: any) -> bool" [] "Whether the value is an int.";
    TypeIsFloat "type.isFloat" "(value: any) -> bool" [] "Whether the value is a float.";
    TypeIsString "type.isString" "(value: any) -> bool" [] "Whether the value is a string.";
    TypeIsBool "type.isBool" "(value: any) -> bool" [] "Whether the value is a bool.";
    TypeIsArray "type.isArray" "(value: any) -> bool" [] "Whether the value is an array.";
    TypeIsMap "type.isMap" "(value: any) -> bool" [] "Whether the value is a map.";
    TypeIsVoid "type.isVoid" "(value: any) -> bool" [] "Whether the value is void.";

    ResultOk "result.ok" "(value: any) -> map<any>" [] "The Result {ok: true, value, error: \"\"}.";
    ResultError "result.error" "(message: string) -> map<any>" [] "The Result {ok: false, value: void, error: message}.";
    ResultIsOk "result.isOk" "(result: map<any>) -> bool" [] "Whether the Result is a success; a map that is no Result is `value_error`.";
    ResultIsError "result.isError" "(result: map<any>) -> bool" [] "Whether the Result is a failure; a map that is no Result is `value_error`.";
    ResultGetValue "result.getValue" "(result: map<any>) -> any" [] "The value of a success; of a failure `value_error` with the failure's message.";
    ResultGetError "result.getError" "(result: map<any>) -> string" [] "The message of a failure; of a success `value_error`.";
    ResultTry "result.try" "(function: function, arguments: array<any>) -> map<any>" [] "Call the function with the elements of the array. Its value as a Result, or its error as {ok: false, value: void, error, code}. Time, memory and step limits and cancellation are not caught.";

    JsonParse "json.parse" "(text: string) -> map<any>" [] "The value of a JSON text as a Result; null becomes void. For a text that is not JSON the Result {ok: false, value: void, error, code: \"value_error\"}, its error starting with line and column.";
    JsonStringify "json.stringify" "(value: any, indent?: int) -> string" [] "The value as JSON without white space, or, with an indent of 1 to 16, with line ends and so many spaces a level. Void becomes null, floats keep a fraction or an exponent; NaN and infinities are `value_error`, tasks `type_error`.";

    AsyncSpawn "async.spawn" "(function: function, arguments?: array<any>) -> task" [] "Start a task: a call of the function with the elements of the array, which runs in parallel with the caller. It ends at the latest with the call from the host that it belongs to.";
    AsyncAwait "async.await" "(task: task) -> map<any>" [] "Wait until the task has ended. Its value as a Result, or its error, of any kind, as {ok: false, value: void, error, code}; one that was cancelled has the code `cancelled`.";
    AsyncAwaitTimeout "async.awaitTimeout" "(task: task, milliseconds: int) -> map<any>" [] "Wait until the task has ended, but no longer than so many milliseconds. The Result that `async.await` gives, with `timedOut`; while the task has not ended a failure with the code `timeout`; a negative number is `value_error`.";
    AsyncParallel "async.parallel" "(tasks: array<task>) -> map<any>" [] "Wait until all tasks have ended, as {ok, values, errors}: whether all succeeded, and for each task its value and its error, void and an empty string where there is none.";
    AsyncRace "async.race" "(tasks: array<task>) -> map<any>" [] "Wait until one of the tasks has ended. The Result that `async.await` gives for it, with `winner`, its position; the others go on. No task is `value_error`.";
    AsyncSleep "async.sleep" "(milliseconds: int) -> task" [] "A task that does nothing and ends after so many milliseconds; a negative number is `value_error`.";
    AsyncTimeout "async.timeout" "(function: function, arguments: array<any>, milliseconds: int) -> task" [] "Start a task as `async.spawn` does, which fails with `timeout` when it runs longer than so many milliseconds; a negative number is `value_error`.";
    AsyncCancel "async.cancel" "(task: task) -> bool" [] "Tell the task to end, with the error `cancelled`. Whether it had not ended before.";
    AsyncIsRunning "async.isRunning" "(task: task) -> bool" [] "Whether the task has not ended yet.";
    AsyncIsCompleted "async.isCompleted" "(task: task) -> bool" [] "Whether the task has ended, in whichever way.";

    TimeNow "time.now" "() -> int" [] "The milliseconds since 1970-01-01 00:00:00 UTC.";
    TimeMonotonic "time.monotonic" "() -> float" [] "The seconds since some fixed moment, never running backwards.";
    TimeFormat "time.format" "(milliseconds: int, pattern: string) -> string" [] "A moment in UTC by a strftime pattern such as `%Y-%m-%d %H:%M:%S`; a bad pattern or a moment outside the years -9999 to 9999 is `value_error`.";
    TimeParse "time.parse" "(text: string, pattern: string) -> map<any>" [] "The milliseconds since 1970 of a moment written by a strptime pattern, as a Result; UTC unless the text names an offset.";

    EnvGet "env.get" "(name: string, default?: string) -> string" [] "An environment variable: in a plugin one of its manifest's `runtime.environment`, in a program one that the host made visible. If there is none the default, or `key_not_found` without one.";

    FsReadFile "fs.readFile" "(path: string) -> map<any>" [Filesystem] "The text of a file, as a Result. One that is not UTF-8 is a failure with the code `value_error`, one that cannot be read with `io_error`.";
    FsWriteFile "fs.writeFile" "(path: string, text: string) -> map<any>" [Filesystem] "Write a file that holds the text, in place of what it held, as a Result.";
    FsAppendFile "fs.appendFile" "(path: string, text: string) -> map<any>" [Filesystem] "Write the text at the end of a file, which is made if it is not there, as a Result.";
    FsExists "fs.exists" "(path: string) -> map<any>" [Filesystem] "Whether there is a file or folder, as a Result.";
    FsList "fs.list" "(path: string) -> map<any>" [Filesystem] "The names of all that is in a folder, in order, as a Result.";
    FsStat "fs.stat" "(path: string) -> map<any>" [Filesystem] "What is known about a file or folder, as a Result with a map of its `kind` (file, folder, link or special), its `size` in bytes, and when it was last `modified` in milliseconds since 1970, void where that is not known.";
    FsMakeDir "fs.makeDir" "(path: string) -> map<any>" [Filesystem] "Make a folder, and those above it that are missing, as a Result. One that is there is left as it is.";
    FsRemove "fs.remove" "(path: string) -> map<any>" [Filesystem] "Remove a file or an empty folder, as a Result.";
    FsRename "fs.rename" "(from: string, to: string) -> map<any>" [Filesystem] "Give a file or folder another path, where it takes the place of a file that is there, as a Result.";

    NetRequest "net.request" "(request: map<any>) -> map<any>" [Network] "Make a request over HTTP or HTTPS, given as {method, url, headers?, body?, timeoutMs?}, as a Result with {status, headers, body}, whatever the status; `headers` is a map of names in lower case. Redirects are followed. What cannot be sent, and a body that is not UTF-8, is a failure with the code `value_error`; what takes longer than 30 seconds or `timeoutMs` one with `timeout`, any other failure on the way one with `io_error`.";
    ProcessRun "process.run" "(command: string, arguments: array<string>, options?: map<any>) -> map<any>" [Process] "Run a command, without a shell and in an environment that holds `PATH` only, as a Result with a map of its `code`, `stdout` and `stderr`. The options are `stdin`, the text that it reads; `cwd`, the folder that it works in, which has to be granted to be read; and `timeoutMs`, after which it is ended and the Result is a failure with the code `timeout`. A command that a signal ended has the signal's number and 128 as its code. What it has left running is ended with it, unless that has begun a session of its own. An option that does not exist is `value_error`.";

    PluginConfig "plugin.config" "(key: string, default?: string) -> string" [] "A value of the calling plugin's `implementation.config`. If there is none the default, or `key_not_found` without one.";
    PluginName "plugin.name" "() -> string" [] "The name of the calling plugin; in a program that is no plugin the module's name.";
    PluginVersion "plugin.version" "() -> string" [] "The version of the calling plugin; in a program that is no plugin an empty string.";
}
