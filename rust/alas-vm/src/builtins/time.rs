//! `time`: clocks, and moments as text.

use std::sync::LazyLock;
use std::time::Instant;

use alas_library::Builtin;
use alas_value::{Text, Value};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Error, Timestamp};

use super::{read, result};
use crate::words::quote;
use crate::{Context, Fault, size};

/// The moment from which `time.monotonic` counts.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

pub fn now(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::Int(Timestamp::now().as_millisecond()))
}

pub fn monotonic(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::Float(START.elapsed().as_secs_f64()))
}

/// Patterns and moments up to so many bytes are used: each directive of a pattern gives at most a few hundred characters, and what
/// is longer than any moment is none.
const LONGEST: usize = 1 << 12;

pub fn format(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::TimeFormat;
    let milliseconds = read::int(builtin, arguments, 0)?;
    let pattern = read::text(builtin, arguments, 1)?.as_str();
    if pattern.len() > LONGEST {
        return Err(read::impossible(builtin, &format!("takes a pattern of up to {LONGEST} bytes")));
    }
    let Ok(moment) = Timestamp::from_millisecond(milliseconds) else {
        let text = format!("takes a moment in the years -9999 to 9999, found {milliseconds} milliseconds");
        return Err(read::impossible(builtin, &text));
    };
    let written = strtime::format(pattern, &moment.to_zoned(TimeZone::UTC));
    let written = written.map_err(|error| {
        read::impossible(builtin, &format!("cannot use the pattern {}: {error}", quote(pattern)))
    })?;
    size::text(&written).map(Value::Text)
}

pub fn parse(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = read::text(Builtin::TimeParse, arguments, 0)?.as_str();
    let pattern = read::text(Builtin::TimeParse, arguments, 1)?.as_str();
    if text.len().max(pattern.len()) > LONGEST {
        let message =
            format!("{} is no moment: it, or the pattern, has more than {LONGEST} bytes", quote(text));
        return Ok(result::failure(Text::new(&message)));
    }
    Ok(match moment(text, pattern) {
        Ok(moment) => result::success(Value::Int(moment.as_millisecond())),
        Err(error) => {
            let message = format!("{} is no moment written as {}: {error}", quote(text), quote(pattern));
            result::failure(Text::new(&message))
        }
    })
}

fn moment(text: &str, pattern: &str) -> Result<Timestamp, Error> {
    let parts = strtime::parse(pattern, text)?;
    if parts.timestamp().is_some() || parts.offset().is_some() {
        return parts.to_timestamp();
    }
    if let Some(zone) = parts.iana_time_zone() {
        return Err(Error::from_args(format_args!(
            "the time zone `{zone}` is not known, an offset would be"
        )));
    }
    parts.to_datetime()?.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp())
}
