//! `env`: environment variables.

use alas_library::Builtin;
use alas_value::Value;

use super::read;
use crate::words::quote;
use crate::{Context, ErrorCode, Fault, size};

pub fn get(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let name = read::text(Builtin::EnvGet, arguments, 0)?;
    let visible = match &context.module.plugin {
        Some(plugin) => &plugin.environment,
        None => &*context.host.environment,
    };
    let found = visible.get(name.as_str());
    found_or_default(Builtin::EnvGet, found, arguments, "environment variable")
}

/// The value that was found, or else the default, or else an error that names what was looked for.
pub fn found_or_default(
    builtin: Builtin,
    found: Option<&String>,
    arguments: &[Value],
    what: &str,
) -> Result<Value, Fault> {
    let default = if arguments.len() > 1 { Some(read::text(builtin, arguments, 1)?) } else { None };
    match (found, default) {
        (Some(found), _) => size::text(found).map(Value::Text),
        (None, Some(default)) => Ok(Value::Text(default.clone())),
        (None, None) => {
            let name = quote(read::text(builtin, arguments, 0)?.as_str());
            Err(Fault::new(ErrorCode::KeyNotFound, format!("there is no {what} {name}")))
        }
    }
}
