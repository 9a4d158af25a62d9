//! The standard functions, one file per namespace.
//!
//! A function gets its actual arguments in a slice. It takes out what it wants to own, so that a value without another
//! holder is updated in place; what it leaves is dropped by the caller. An optional argument that the call left out
//! is missing from the slice. How many arguments there are was checked before; what they are is checked here, because
//! types need not be known before a program runs. Names, signatures and meaning stand in
//! [`alas_library`]'s table, from which messages draw too.
#![expect(clippy::unnecessary_wraps, reason = "all standard functions have the type `Function`")]

mod array;
mod r#async;
mod collections;
mod env;
mod fs;
mod io;
mod json;
mod kinds;
mod map;
mod math;
mod net;
mod outcome;
mod plugin;
#[cfg(unix)]
mod process;
pub(crate) mod read;
mod result;
mod sort;
mod string;
mod time;

use alas_library::Builtin;
use alas_value::Value;

use crate::{Context, Fault};

/// A standard function.
pub type Function = fn(&mut Context<'_>, &mut [Value]) -> Result<Value, Fault>;

/// Long work asks whether to go on after so many units.
const POLL_EVERY: usize = 4096;

/// Work on packed elements and on bytes, which take a nanosecond or less each, is cut into pieces of this size.
const PIECE: usize = 1 << 20;

/// Counts work that takes longer for larger values, and asks now and then whether to go on.
#[derive(Default)]
struct Work(usize);

impl Work {
    /// The units between two looks.
    const ENOUGH: usize = 4096;

    /// Notes that a value is about to be compared.
    #[inline]
    fn charge(&mut self, context: &mut Context<'_>, value: &Value) -> Result<(), Fault> {
        self.spend(
            context,
            match value {
                Value::Text(text) => Self::of_bytes(text.as_str().len()),
                // What stands inside is not known; a look costs little beside comparing nested values.
                Value::Array(_) | Value::Map(_) => Self::ENOUGH / 16,
                _ => 1,
            },
        )
    }

    /// Notes so many units, which take up to a tenth of a microsecond each.
    #[inline]
    fn spend(&mut self, context: &Context<'_>, units: usize) -> Result<(), Fault> {
        self.0 += units;
        if self.0 >= Self::ENOUGH {
            self.0 = 0;
            context.poll()?;
        }
        Ok(())
    }

    /// What it takes to copy or to compare so many bytes.
    #[inline]
    const fn of_bytes(bytes: usize) -> usize {
        1 + bytes / 256
    }
}

/// The implementation of a standard function; `None` for those that call functions of the program, which lowering
/// turns into instructions, so that such a call costs what any other costs and errors know their place.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one line for each function of the table")]
pub fn implementation(builtin: Builtin) -> Option<Function> {
    Some(match builtin {
        Builtin::ArrayMap | Builtin::ArrayFilter | Builtin::ArrayReduce | Builtin::ResultTry => return None,

        Builtin::IoPrint => io::print,
        Builtin::IoPrintln => io::println,
        Builtin::IoReadLine => io::read_line,
        Builtin::IoReadFile => fs::io_read_file,
        Builtin::IoWriteFile => fs::io_write_file,

        Builtin::MathPi => math::pi,
        Builtin::MathE => math::e,
        Builtin::MathAbs => math::abs,
        Builtin::MathMin => math::min,
        Builtin::MathMax => math::max,
        Builtin::MathPow => math::pow,
        Builtin::MathSqrt => math::sqrt,
        Builtin::MathExp => math::exp,
        Builtin::MathLog => math::log,
        Builtin::MathLog2 => math::log2,
        Builtin::MathLog10 => math::log10,
        Builtin::MathSin => math::sin,
        Builtin::MathCos => math::cos,
        Builtin::MathTan => math::tan,
        Builtin::MathAsin => math::asin,
        Builtin::MathAcos => math::acos,
        Builtin::MathAtan => math::atan,
        Builtin::MathAtan2 => math::atan2,
        Builtin::MathHypot => math::hypot,
        Builtin::MathFloor => math::floor,
        Builtin::MathCeil => math::ceil,
        Builtin::MathRound => math::round,
        Builtin::MathTrunc => math::trunc,
        Builtin::MathRandom => math::random,
        Builtin::MathRandomInt => math::random_int,

        Builtin::StringLength => string::length,
        Builtin::StringSplit => string::split,
        Builtin::StringJoin => string::join,
        Builtin::StringToUpper => string::to_upper,
        Builtin::StringToLower => string::to_lower,
        Builtin::StringTrim => string::trim,
        Builtin::StringTrimStart => string::trim_start,
        Builtin::StringTrimEnd => string::trim_end,
        Builtin::StringReplace => string::replace,
        Builtin::StringConcat => string::concat,
        Builtin::StringSubstring => string::substring,
        Builtin::StringContains => string::contains,
        Builtin::StringStartsWith => string::starts_with,
        Builtin::StringEndsWith => string::ends_with,
        Builtin::StringIndexOf => string::index_of,
        Builtin::StringRepeat => string::repeat,
        Builtin::StringPadStart => string::pad_start,
        Builtin::StringPadEnd => string::pad_end,
        Builtin::StringCharAt => string::char_at,
        Builtin::StringCodeAt => string::code_at,
        Builtin::StringFromCode => string::from_code,
        Builtin::StringReverse => string::reverse,

        Builtin::CollectionsLength => collections::length,
        Builtin::CollectionsAppend => collections::append,
        Builtin::CollectionsContains => collections::contains,
        Builtin::CollectionsIndexOf => collections::index_of,
        Builtin::CollectionsSlice => collections::slice,
        Builtin::CollectionsRemove => collections::remove,

        Builtin::ArrayGet => array::get,
        Builtin::ArraySet => array::set,
        Builtin::ArrayPush => array::push,
        Builtin::ArrayPop => array::pop,
        Builtin::ArrayInsert => array::insert,
        Builtin::ArrayRemove => array::remove,
        Builtin::ArrayConcat => array::concat,
        Builtin::ArraySlice => array::slice,
        Builtin::ArrayReverse => array::reverse,
        Builtin::ArraySort => array::sort,
        Builtin::ArrayFill => array::fill,
        Builtin::ArrayRange => array::range,
        Builtin::ArraySum => array::sum,
        Builtin::ArrayMin => array::min,
        Builtin::ArrayMax => array::max,

        Builtin::MapGet => map::get,
        Builtin::MapPut => map::put,
        Builtin::MapRemove => map::remove,
        Builtin::MapContains => map::contains,
        Builtin::MapKeys => map::keys,
        Builtin::MapValues => map::values,
        Builtin::MapEntries => map::entries,
        Builtin::MapMerge => map::merge,
        Builtin::MapSize => map::size,

        Builtin::TypeTypeOf => kinds::type_of,
        Builtin::TypeToString => kinds::to_string,
        Builtin::TypeToInt => kinds::to_int,
        Builtin::TypeToFloat => kinds::to_float,
        Builtin::TypeParseInt => kinds::parse_int,
        Builtin::TypeParseFloat => kinds::parse_float,
        Builtin::TypeIsInt => kinds::is_int,
        Builtin::TypeIsFloat => kinds::is_float,
        Builtin::TypeIsString => kinds::is_string,
        Builtin::TypeIsBool => kinds::is_bool,
        Builtin::TypeIsArray => kinds::is_array,
        Builtin::TypeIsMap => kinds::is_map,
        Builtin::TypeIsVoid => kinds::is_void,

        Builtin::ResultOk => result::ok,
        Builtin::ResultError => result::error,
        Builtin::ResultIsOk => result::is_ok,
        Builtin::ResultIsError => result::is_error,
        Builtin::ResultGetValue => result::get_value,
        Builtin::ResultGetError => result::get_error,

        Builtin::JsonParse => json::parse,
        Builtin::JsonStringify => json::stringify,

        Builtin::TimeNow => time::now,
        Builtin::TimeMonotonic => time::monotonic,
        Builtin::TimeFormat => time::format,
        Builtin::TimeParse => time::parse,

        Builtin::AsyncSpawn => r#async::spawn,
        Builtin::AsyncAwait => r#async::r#await,
        Builtin::AsyncAwaitTimeout => r#async::await_timeout,
        Builtin::AsyncParallel => r#async::parallel,
        Builtin::AsyncRace => r#async::race,
        Builtin::AsyncSleep => r#async::sleep,
        Builtin::AsyncTimeout => r#async::timeout,
        Builtin::AsyncCancel => r#async::cancel,
        Builtin::AsyncIsRunning => r#async::is_running,
        Builtin::AsyncIsCompleted => r#async::is_completed,

        Builtin::EnvGet => env::get,

        Builtin::FsReadFile => fs::read_file,
        Builtin::FsWriteFile => fs::write_file,
        Builtin::FsAppendFile => fs::append_file,
        Builtin::FsExists => fs::exists,
        Builtin::FsList => fs::list,
        Builtin::FsStat => fs::stat,
        Builtin::FsMakeDir => fs::make_dir,
        Builtin::FsRemove => fs::remove,
        Builtin::FsRename => fs::rename,

        Builtin::NetRequest => net::request,
        #[cfg(unix)]
        Builtin::ProcessRun => process::run,
        #[cfg(not(unix))]
        Builtin::ProcessRun => outcome::unavailable,

        Builtin::PluginConfig => plugin::config,
        Builtin::PluginName => plugin::name,
        Builtin::PluginVersion => plugin::version,
    })
}
