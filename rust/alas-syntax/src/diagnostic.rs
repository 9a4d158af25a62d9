//! What is wrong with a program, as data: code, message, place, help.

use std::fmt;

use crate::Location;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The program cannot run.
    Error,
    /// The program runs, but probably not as meant.
    Warning,
}

impl Severity {
    /// The word used in every output: `error` or `warning`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One finding about a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule was broken.
    pub code: Code,
    /// What was expected and what was found.
    pub message: String,
    /// The file, when the text came from one.
    pub file: Option<String>,
    /// Where.
    pub location: Location,
    /// What to do next.
    pub help: Option<String>,
}

impl Diagnostic {
    /// How much the finding matters; it follows from the code.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref().unwrap_or("<text>");
        let severity = self.severity().as_str();
        write!(formatter, "{file}:{}: {severity}: {} [{}]", self.location, self.message, self.code.as_str())?;
        if let Some(help) = &self.help {
            write!(formatter, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// The findings that keep a module from running; at least one is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            diagnostic.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

crate::codes! {
    /// The closed list of diagnostic codes.
    pub enum Code {
        JsonSyntax "json_syntax" "The text is not one JSON document by RFC 8259.",
        JsonDuplicateKey "json_duplicate_key" "An object names a key twice.",
        JsonTooDeep "json_too_deep" "Arrays and objects nest more than 512 deep.",
        JsonTooLarge "json_too_large" "The text is larger than 64 MiB.",
        NumberOutOfRange "number_out_of_range" "A number does not fit a 64-bit int, or a float is too large.",
        MissingKey "missing_key" "An object lacks a required key.",
        WrongKind "wrong_kind" "A key holds the wrong kind of JSON value.",
        UnknownKey "unknown_key" "An object has a key that the language does not know.",
        UnknownNode "unknown_node" "There is no statement or expression of this type.",
        UnknownOperator "unknown_operator" "There is no such operator.",
        InvalidName "invalid_name" "A name has characters that names may not have.",
        DuplicateName "duplicate_name" "Two things of one kind bear the same name.",
        UnknownVariable "unknown_variable" "No parameter or assignment of the function bears this name.",
        UnassignedVariable "unassigned_variable" "A variable is read where not every path has assigned it.",
        UnknownFunction "unknown_function" "The module has no function of this name.",
        UnknownBuiltin "unknown_builtin" "There is no standard or plugin function of this name.",
        UnknownModule "unknown_module" "The module is not imported, or cannot be found.",
        NotExported "not_exported" "The module has the function but does not export it.",
        UnknownExport "unknown_export" "An export names no function of the module.",
        UnknownType "unknown_type" "There is no type of this name.",
        UnknownField "unknown_field" "The struct type has no field of this name.",
        ArgumentCount "argument_count" "A call passes more or fewer arguments than the function takes.",
        TypeMismatch "type_mismatch" "A value's type does not fit where the value is used.",
        MissingReturn "missing_return" "A function with a declared result can end without returning one.",
        ImportCycle "import_cycle" "Modules import each other in a circle.",
        CapabilityMissing "capability_missing" "The module uses a capability that it does not declare.",
        ApiNotAllowed "api_not_allowed" "The module uses a function that its manifest does not allow.",
        TooComplex "too_complex" "A function has more variables, blocks or constants than the engine supports.",
    }
}

impl Code {
    /// How much findings of this code matter.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::UnknownKey => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
