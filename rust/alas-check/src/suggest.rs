//! What the author probably meant.

/// Longer words are not compared: nobody misspells a word into hundreds of characters, and comparing takes
/// quadratic time.
const LONGEST: usize = 40;

/// The most candidates that are compared with one word.
const CANDIDATES: usize = 500;

/// The most candidates that a message lists.
const LISTED: usize = 12;

/// The candidate that the word was probably meant to be.
pub(crate) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    let allowed = (lower.chars().count() / 3).max(1);
    candidates
        .take(CANDIDATES)
        // The distance is at least the difference of the lengths, which costs nothing to know.
        .filter(|candidate| {
            *candidate != word
                && candidate.len() <= LONGEST
                && candidate.len().abs_diff(lower.len()) <= allowed
        })
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        // A word of one character is at distance one from every other one.
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `a`, `b` and `c`.
pub(crate) fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut quoted: Vec<String> = Vec::new();
    let mut more = 0_usize;
    for word in words {
        if quoted.len() < LISTED {
            quoted.push(format!("`{}`", alas_syntax::clip(word)));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        quoted.push(format!("{more} more"));
    }
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// "did you mean", or else what there is to choose from.
pub(crate) fn help<'c>(word: &str, what: &str, candidates: impl Iterator<Item = &'c str> + Clone) -> String {
    match nearest(word, candidates.clone()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None if candidates.clone().next().is_none() => format!("there are no {what}"),
        None => format!("the {what} are {}", list(candidates)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let table = [
            ("lengths", &["length", "width"][..], Some("length")),
            ("Count", &["count"], Some("count")),
            ("x", &["y", "z"], None),
            ("total", &["sum"], None),
            ("anything", &[], None),
        ];
        for (word, candidates, expected) in table {
            assert_eq!(nearest(word, candidates.iter().copied()), expected, "{word}");
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let words: Vec<String> = (0..20).map(|number| format!("w{number}")).collect();
        assert!(list(words.iter().map(String::as_str)).ends_with("`w11` and 8 more"));
        assert_eq!(list(["a", "b"].into_iter()), "`a` and `b`");
        assert_eq!(list(std::iter::empty()), "none");
    }
}
