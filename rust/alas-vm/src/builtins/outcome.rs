//! What functions that reach outside come to.
//!
//! What the system refuses is a Result that is a failure. What was not granted ends the call with `permission_denied`.

use std::io;

use alas_sandbox::Failure;
use alas_value::{Key, Text, Value};

use super::result;
use crate::words::quote;
use crate::{Context, ErrorCode, Fault};

/// What a failure that a program gets as a Result consists of.
pub struct Refusal {
    pub message: String,
    pub code: ErrorCode,
}

/// Why a function does not return what it should: the program learns of it, or is stopped by it.
pub enum Ending {
    Refused(Refusal),
    Fault(Fault),
}

impl From<Fault> for Ending {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

pub type Outcome<T> = Result<T, Ending>;

/// A failure that the program gets as a Result.
pub fn refused(code: ErrorCode, message: impl Into<String>) -> Ending {
    Ending::Refused(Refusal { message: message.into(), code })
}

/// What a failure at a place, such as a path, means for the program.
pub fn ending(context: &Context<'_>, place: &str, failure: Failure) -> Ending {
    match failure {
        Failure::Denied(denial) => {
            let who = match &context.module.plugin {
                Some(plugin) => format!("the plugin `{}`", plugin.name),
                None => "the program".to_owned(),
            };
            let message = format!("{who} may not {denial}");
            Ending::Fault(Fault::new(ErrorCode::PermissionDenied, message).caused_by(denial))
        }
        Failure::Impossible(message) => refused(ErrorCode::ValueError, message),
        Failure::System(error) => {
            refused(ErrorCode::IoError, format!("{}: {}", quote(place), described(&error)))
        }
    }
}

/// What the system says of a failure, without its number.
fn described(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(&*text, |(text, _)| text).to_owned()
}

/// The Result of what a function comes to.
pub fn finish(outcome: Outcome<Value>) -> Result<Value, Fault> {
    match outcome {
        Ok(value) => Ok(result::success(value)),
        Err(Ending::Refused(refusal)) => {
            Ok(result::failure_with_code(&refusal.message, refusal.code.as_str()))
        }
        Err(Ending::Fault(fault)) => Err(fault),
    }
}

/// A map of these entries.
pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.map(|(name, value)| (Key::Text(Text::new(name)), value)).into_iter().collect())
}

/// A function that this system does not have.
#[cfg(not(unix))]
pub fn unavailable(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    Err(Fault::new(ErrorCode::IoError, "this version has no processes on this system"))
}
