//! A plugin that searches texts for many patterns at once.
//!
//! The functions that programs call are in this file, the search is in [`matcher`].
#![forbid(unsafe_code)]

mod matcher;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use alas_plugin::{Context, Error, IntoValue, Result, plugin};

use matcher::{Case, Matcher};

/// How letters are compared: the setting `ignore_case`.
static CASE: OnceLock<Case> = OnceLock::new();

/// A place where a pattern was found, in code points, which are what programs count texts in.
#[derive(Debug, PartialEq, Eq, IntoValue)]
struct Match<'call> {
    pattern: &'call str,
    start: i64,
    end: i64,
}

fn matcher<'call>(patterns: impl IntoIterator<Item = &'call str>) -> Result<Matcher<'call>> {
    Matcher::new(patterns.into_iter().collect(), *CASE.get_or_init(Case::default))
}

#[alas_plugin::function]
fn find_all<'call>(text: &str, patterns: Vec<&'call str>) -> Result<Vec<Match<'call>>> {
    let matcher = matcher(patterns)?;
    // The search counts in bytes.
    let (mut bytes, mut points) = (0, 0);
    let mut point_at = |position: usize| -> Result<i64> {
        points += text[bytes..position].chars().count();
        bytes = position;
        Ok(i64::try_from(points)?)
    };
    matcher
        .find(text)
        .map(|found| {
            let (start, end) = (point_at(found.start)?, point_at(found.end)?);
            Ok(Match { pattern: found.pattern, start, end })
        })
        .collect()
}

#[alas_plugin::function]
fn contains(text: &str, patterns: Vec<&str>) -> Result<bool> {
    Ok(matcher(patterns)?.find(text).next().is_some())
}

#[alas_plugin::function]
fn count(context: &Context, text: &str, patterns: Vec<&str>) -> Result<i64> {
    let matcher = matcher(patterns)?;
    let mut count = 0;
    for _ in matcher.find(text) {
        count += 1;
        // Asking the host costs more than finding a word.
        if count % 4096 == 0 && context.should_stop() {
            return Err(Error::new("stopped", "counting was stopped"));
        }
    }
    Ok(count)
}

#[alas_plugin::function]
fn count_each(text: &str, patterns: Vec<&str>) -> Result<BTreeMap<String, i64>> {
    let mut counts: BTreeMap<String, i64> =
        patterns.iter().map(|pattern| ((*pattern).to_owned(), 0)).collect();
    for found in matcher(patterns)?.find(text) {
        if let Some(count) = counts.get_mut(found.pattern) {
            *count += 1;
        }
    }
    Ok(counts)
}

#[alas_plugin::function]
fn replace_all(text: &str, replacements: BTreeMap<String, String>) -> Result<Cow<'_, str>> {
    let matcher = matcher(replacements.keys().map(String::as_str))?;
    Ok(matcher.replace(text, |pattern| replacements.get(pattern).map_or("", String::as_str)))
}

fn start(context: &Context) -> Result<()> {
    let case = match context.config("ignore_case")? {
        Some("true") => Case::Ignored,
        Some("false") | None => Case::Kept,
        Some(other) => {
            let message = format!("the setting `ignore_case` is true or false, found `{other}`");
            return Err(Error::new("invalid_setting", message));
        }
    };
    CASE.get_or_init(|| case);
    Ok(())
}

plugin! {
    module: "text_search",
    functions: [find_all, contains, count, count_each, replace_all],
    init: start,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_code_points() {
        let found = find_all("Übergröße", vec!["größe"]).unwrap();
        assert_eq!(found, [Match { pattern: "größe", start: 4, end: 9 }]);
    }

    #[test]
    fn counts_are_those_of_what_is_found() {
        let counts = count_each("one two one", vec!["one", "two", "three"]).unwrap();
        let counts: Vec<_> = counts.iter().map(|(pattern, count)| (&**pattern, *count)).collect();
        assert_eq!(counts, [("one", 2), ("three", 0), ("two", 1)]);
        assert!(contains("one two", vec!["two"]).unwrap());
        assert!(!contains("one two", vec![]).unwrap());
    }

    #[test]
    fn replacements_are_not_searched_again() {
        let swap = [("cat", "dog"), ("dog", "cat")];
        let swap = swap.map(|(from, to)| (from.to_owned(), to.to_owned())).into();
        assert_eq!(replace_all("cat and dog", swap).unwrap(), "dog and cat");
    }

    #[test]
    fn an_empty_pattern_is_refused() {
        assert_eq!(contains("text", vec!["a", ""]).unwrap_err().code(), "empty_pattern");
    }
}
