//! What the host lets a module use: the capabilities and APIs of the manifest that the module belongs to.

use std::collections::HashSet;

use alas_library::Builtin;

/// What a module may use. The default restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The declared capabilities, such as `io`; `None` for a module without a manifest.
    pub capabilities: Option<HashSet<String>>,
    /// The patterns of `security.allowed_apis`: `std.math`, `std.io.print`, `std.*`, `my_plugin`,
    /// `my_plugin.f`;
    /// `None` for all that the capabilities permit.
    pub allowed_apis: Option<Vec<String>>,
}

impl Permissions {
    /// The capabilities that the function needs and the module lacks.
    pub(crate) fn missing_capabilities(&self, builtin: Builtin) -> impl Iterator<Item = &'static str> {
        let needed = builtin.row().capabilities.iter().map(|capability| capability.as_str());
        let held = self.capabilities.as_ref();
        needed.filter(move |needed| held.is_some_and(|held| !held.contains(*needed)))
    }

    /// Whether some functions are not allowed.
    pub(crate) const fn restricts_apis(&self) -> bool {
        self.allowed_apis.is_some()
    }

    /// Whether a pattern allows the function `module.function`; standard modules are named `std.math`.
    pub(crate) fn allows(&self, module: &str, function: &str) -> bool {
        let Some(patterns) = &self.allowed_apis else { return true };
        patterns.iter().any(|pattern| matches(pattern, module, function))
    }
}

fn matches(pattern: &str, module: &str, function: &str) -> bool {
    if pattern == "*" || pattern == module {
        return true;
    }
    if let Some(prefix) = pattern.strip_suffix(".*") {
        let below = module.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if below {
            return true;
        }
    }
    pattern.rsplit_once('.').is_some_and(|(owner, name)| owner == module && name == function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_allow_modules_functions_and_groups() {
        let table = [
            ("std.math", "std.math", "sqrt", true),
            ("std.math", "std.io", "print", false),
            ("std.math", "std.mathematics", "sqrt", false),
            ("std.io.print", "std.io", "print", true),
            ("std.io.print", "std.io", "println", false),
            ("std.*", "std.io", "print", true),
            ("std.*", "standard", "print", false),
            ("std.io.*", "std.io", "print", true),
            ("*", "my-plugin", "run", true),
            ("my-plugin", "my-plugin", "run", true),
            ("my-plugin.run", "my-plugin", "walk", false),
            ("math", "std.math", "sqrt", false),
        ];
        for (pattern, module, function, expected) in table {
            assert_eq!(matches(pattern, module, function), expected, "{pattern} {module}.{function}");
        }
    }
}
