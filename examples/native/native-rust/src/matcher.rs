//! Searches a text for many patterns in one pass.
//!
//! An automaton of Aho and Corasick takes time in proportion to the text and the patterns, whatever they are: no pattern
//! makes a search slow, which regular expressions cannot promise with so little code.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};
use alas_plugin::{Error, Result};

/// How letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Case {
    /// As they are.
    #[default]
    Kept,
    /// Without regard to capitals of ASCII.
    Ignored,
}

/// A set of patterns, ready to be searched for.
pub struct Matcher<'p> {
    patterns: Vec<&'p str>,
    automaton: AhoCorasick,
}

/// Where a pattern was found, in bytes.
pub struct Found<'p> {
    /// What was found.
    pub pattern: &'p str,
    /// Its first byte.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
}

impl<'p> Matcher<'p> {
    /// A matcher of patterns. Of two that begin at the same place, the longer is found.
    pub fn new(patterns: Vec<&'p str>, case: Case) -> Result<Self> {
        if let Some(position) = patterns.iter().position(|pattern| pattern.is_empty()) {
            let message = format!("pattern {position} is empty, and would be found everywhere: leave it out");
            return Err(Error::new("empty_pattern", message));
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(case == Case::Ignored)
            .build(&patterns)?;
        Ok(Self { patterns, automaton })
    }

    /// The places of patterns that do not overlap, from left to right.
    pub fn find(&self, text: &str) -> impl Iterator<Item = Found<'p>> {
        self.automaton.find_iter(text).map(|found| Found {
            pattern: self.patterns[found.pattern()],
            start: found.start(),
            end: found.end(),
        })
    }

    /// The text with each place that [`Self::find`] finds replaced.
    pub fn replace<'t, 'r>(&self, text: &'t str, replacement: impl Fn(&str) -> &'r str) -> Cow<'t, str> {
        let mut replaced = String::new();
        let mut done = 0;
        for found in self.find(text) {
            replaced.push_str(&text[done..found.start]);
            replaced.push_str(replacement(found.pattern));
            done = found.end;
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        replaced.push_str(&text[done..]);
        Cow::Owned(replaced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, patterns: &[&str], case: Case) -> Vec<(String, usize)> {
        let matcher = Matcher::new(patterns.to_vec(), case).unwrap();
        matcher.find(text).map(|found| (found.pattern.to_owned(), found.start)).collect()
    }

    #[test]
    fn the_longest_of_those_that_begin_first_is_found() {
        let expected = [("Samwise".to_owned(), 0), ("Sam".to_owned(), 8)];
        assert_eq!(found("Samwise Sam", &["Sam", "Samwise"], Case::Kept), expected);
    }

    #[test]
    fn capitals_count_unless_they_are_ignored() {
        assert_eq!(found("Sam", &["sam"], Case::Kept), []);
        assert_eq!(found("Sam", &["sam"], Case::Ignored), [("sam".to_owned(), 0)]);
    }

    #[test]
    fn a_text_without_any_is_lent_as_it_is() {
        let matcher = Matcher::new(vec!["x"], Case::Kept).unwrap();
        assert!(matches!(matcher.replace("abc", |_| "y"), Cow::Borrowed("abc")));
        assert_eq!(matcher.replace("axbx", |_| "yy"), "ayybyy");
    }
}
