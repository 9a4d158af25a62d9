//! Signatures of standard functions: written as text in the table, parsed once.

/// The parameters and the result of a standard function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// In order; the optional ones come last.
    pub parameters: Vec<Parameter>,
    /// What the function returns.
    pub result: Pattern,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in messages and documentation.
    pub name: &'static str,
    /// What it accepts.
    pub pattern: Pattern,
    /// Whether a call may leave it out.
    pub optional: bool,
}

/// A type with variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// `any`
    Any,
    /// `void`
    Void,
    /// `bool`
    Bool,
    /// `task`
    Task,
    /// `int`
    Int,
    /// `float`; an int is accepted and widened.
    Float,
    /// `string`
    String,
    /// `key`: what may be a key of a map: a string, int, float or bool.
    Key,
    /// `scalar`: a string, int, float or bool.
    Scalar,
    /// `part`: what the collection that is the first argument may contain: a key of a map, a string in a string, anything
    /// in an array.
    Part,
    /// `O`: a number or a string. Of several, all are numbers or all are strings. A result `O` is one of them.
    Ordered,
    /// `N`: an int or a float. A result `N` is an int when all `N` arguments are ints, otherwise a float.
    Number,
    /// `I` in a result: an int when the elements of the first argument are known to be ints, otherwise known only at
    /// run time, because nothing tells the kind of an empty array's elements.
    IntOrAny,
    /// `S`: an array or a string. A result `S` has the type of the argument.
    Sequence,
    /// `collection`: an array, a map or a string.
    Collection,
    /// `T`: any type. A result with `T` has the join of the types that the arguments gave it.
    Variable,
    /// `R`: the result type of the function argument.
    Returned,
    /// `array<…>`
    Array(Box<Pattern>),
    /// `map<…>`
    Map(Box<Pattern>),
    /// `function(…)`: the name of a function of the calling module, which takes these arguments.
    Function(Vec<Pattern>),
    /// `function`: the name of a function whose arguments another parameter holds in an array.
    FunctionOfArray,
}

impl Signature {
    /// How many arguments a call must pass at least.
    #[must_use]
    pub fn required(&self) -> usize {
        self.parameters.iter().take_while(|parameter| !parameter.optional).count()
    }

    /// Parses a signature of the table.
    ///
    /// # Panics
    ///
    /// On text that is not a signature. The table is part of the program and a test parses all of it.
    #[must_use]
    pub fn parse(text: &'static str) -> Self {
        let (parameters, result) = text.rsplit_once(" -> ").expect("a signature has a result");
        let inner =
            parameters.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).expect("parentheses");
        Self {
            parameters: split_list(inner).into_iter().map(parse_parameter).collect(),
            result: parse_pattern(result),
        }
    }
}

fn parse_parameter(text: &'static str) -> Parameter {
    let (name, pattern) = text.split_once(": ").expect("a parameter has a type");
    let optional = name.ends_with('?');
    Parameter { name: name.trim_end_matches('?'), pattern: parse_pattern(pattern), optional }
}

fn parse_pattern(text: &'static str) -> Pattern {
    if let Some(element) = text.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>')) {
        return Pattern::Array(Box::new(parse_pattern(element)));
    }
    if let Some(value) = text.strip_prefix("map<").and_then(|rest| rest.strip_suffix('>')) {
        return Pattern::Map(Box::new(parse_pattern(value)));
    }
    if let Some(arguments) = text.strip_prefix("function(").and_then(|rest| rest.strip_suffix(')')) {
        return Pattern::Function(split_list(arguments).into_iter().map(parse_pattern).collect());
    }
    match text {
        "any" => Pattern::Any,
        "void" => Pattern::Void,
        "bool" => Pattern::Bool,
        "task" => Pattern::Task,
        "int" => Pattern::Int,
        "float" => Pattern::Float,
        "string" => Pattern::String,
        "key" => Pattern::Key,
        "scalar" => Pattern::Scalar,
        "part" => Pattern::Part,
        "O" => Pattern::Ordered,
        "N" => Pattern::Number,
        "I" => Pattern::IntOrAny,
        "S" => Pattern::Sequence,
        "collection" => Pattern::Collection,
        "T" => Pattern::Variable,
        "R" => Pattern::Returned,
        "function" => Pattern::FunctionOfArray,
        other => unreachable!("the table has no pattern `{other}`"),
    }
}

/// Splits at the commas that are not inside parentheses.
fn split_list(text: &'static str) -> Vec<&'static str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_u32, 0);
    for (position, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..position].trim());
                start = position + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        parts.push(text[start..].trim());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_with_everything() {
        let signature = Signature::parse("(array: array<T>, function: function(R, T), start?: R) -> map<R>");
        assert_eq!(signature.required(), 2);
        assert_eq!(
            signature.parameters[1].pattern,
            Pattern::Function(vec![Pattern::Returned, Pattern::Variable])
        );
        assert_eq!(signature.result, Pattern::Map(Box::new(Pattern::Returned)));
    }
}
