//! What the author probably meant.

/// Longer words are not compared: nobody misspells a word into hundreds of characters, and comparing takes
/// quadratic time.
const LONGEST: usize = 40;

/// Words that other languages use, and what they are called here. A suggestion is made only where it fits.
const SYNONYMS: &[(&str, &str)] = &[
    ("alternative", "else"),
    ("argument", "operand"),
    ("and", "&&"),
    ("arguments", "args"),
    ("array", "array_literal"),
    ("assignment", "assign"),
    ("binary_op", "binary"),
    ("bool", "literal"),
    ("call_expression", "call"),
    ("condition", "cond"),
    ("consequent", "then"),
    ("const", "literal"),
    ("constant", "literal"),
    ("dict", "map_literal"),
    ("div", "/"),
    ("do", "body"),
    ("entries", "pairs"),
    ("expression", "expr"),
    ("func", "name"),
    ("function", "name"),
    ("function_call", "call"),
    ("id", "name"),
    ("identifier", "variable"),
    ("increment", "update"),
    ("initializer", "init"),
    ("is", "=="),
    ("items", "elements"),
    ("key", "index"),
    ("let", "assign"),
    ("lhs", "left"),
    ("list", "array_literal"),
    ("map", "map_literal"),
    ("member", "field"),
    ("method_call", "module_call"),
    ("mod", "%"),
    ("name", "target"),
    ("not", "!"),
    ("number", "literal"),
    ("object", "map_literal"),
    ("operator", "op"),
    ("or", "||"),
    ("otherwise", "else"),
    ("parameters", "params"),
    ("property", "field"),
    ("record", "struct"),
    ("result", "returns"),
    ("return_type", "returns"),
    ("returnType", "returns"),
    ("rhs", "right"),
    ("set", "assign"),
    ("statements", "body"),
    ("step", "update"),
    ("string", "literal"),
    ("subscript", "index"),
    ("unary_op", "unary"),
    ("value", "operand"),
    ("var", "variable"),
    ("variant", "enum"),
    ("variants", "values"),
    ("=", "=="),
    ("===", "=="),
    ("!==", "!="),
    ("<>", "!="),
    ("~=", "!="),
    ("&", "&&"),
    ("|", "||"),
    ("~", "!"),
];

/// Statements and expressions of other languages that have no counterpart here, and how to do without.
const ABSENT: &[(&str, &str)] = &[
    ("break", "let the condition end the loop, or leave the function by `return`"),
    ("catch", "call the builtin `result.try`, which turns an error into a Result"),
    ("continue", "put the rest of the loop's body into an `if`"),
    ("foreach", "count through the array by a `for` statement, or call the builtin `array.map`"),
    ("lambda", "define a function and pass its name as a string"),
    ("print", "call the builtin `io.println` in an `expr` statement"),
    ("println", "call the builtin `io.println` in an `expr` statement"),
    ("switch", "write `if` statements, one in the `else` of another"),
    ("ternary", "assign in both branches of an `if` statement"),
    ("throw", "return a Result made by the builtin `result.error`"),
    ("try", "call the builtin `result.try`, which turns an error into a Result"),
];

/// The help for a `type` that no statement, or no expression, has.
pub(super) fn node_help(word: &str, types: &'static [&'static str]) -> String {
    match ABSENT.iter().find(|(absent, _)| *absent == word) {
        Some((_, instead)) => format!("there is no `{word}`: {instead}"),
        None => help(word, "the types", types.iter().copied()),
    }
}

/// The candidate that the word was probably meant to be.
pub(super) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str> + Clone) -> Option<&'c str> {
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let shortened = candidates.clone().find(|candidate| lower.len() >= 3 && candidate.starts_with(&lower));
    if shortened.is_some() {
        return shortened;
    }
    for (_, meant) in SYNONYMS.iter().filter(|(synonym, _)| *synonym == word) {
        if let Some(candidate) = candidates.clone().find(|candidate| candidate == meant) {
            return Some(candidate);
        }
    }
    let word = lower;
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        // A word of one character is at distance one from every other one.
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `a`, `b` and `c`.
pub(super) fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let quoted: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// "did you mean", or else what there is to choose from.
pub(super) fn help<'c>(word: &str, what: &str, candidates: impl Iterator<Item = &'c str> + Clone) -> String {
    match nearest(word, candidates.clone()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("{what} are {}", list(candidates)),
    }
}
