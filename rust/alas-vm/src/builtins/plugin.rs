//! `plugin`: what a plugin can learn about itself.

use alas_library::Builtin;
use alas_value::Value;

use super::{env, read};
use crate::{Context, Fault};

pub fn config(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let key = read::text(Builtin::PluginConfig, arguments, 0)?;
    let found = context.module.plugin.as_ref().and_then(|plugin| plugin.config.get(key.as_str()));
    env::found_or_default(Builtin::PluginConfig, found, arguments, "configuration value")
}

pub fn name(context: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    let plugin = context.module.plugin.as_ref();
    Ok(Value::text(plugin.map_or(&*context.module.name, |plugin| plugin.name.as_str())))
}

pub fn version(context: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::text(context.module.plugin.as_ref().map_or("", |plugin| plugin.version.as_str())))
}
